"""A document of terms declares what it uses of others, as OWL 2 wants it, and nothing beside."""

from __future__ import annotations

import pyoxigraph as ox

from publish import declarations, terms, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Records

DOCUMENT = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix their: <https://their.example/> .
@prefix : <https://our.example/#> .

<https://our.example/> a owl:Ontology ; their:title "Terms" .
:Kind a owl:Class ; rdfs:subClassOf their:Class ; their:title "A kind" .
:leads a owl:ObjectProperty ; rdfs:domain :Kind ; rdfs:range their:Thing ;
  rdfs:subPropertyOf their:leads ; their:title "leads" ; rdfs:seeAlso their:elsewhere .
:says a owl:DatatypeProperty ; rdfs:range their:Date , xsd:date , rdf:langString ;
  rdfs:subPropertyOf their:title .
:one a their:Role .
"""
KINDS = frozenset(
    ns.OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
) | {ns.RDFS + "Datatype"}


def value_of(term: turtle.Term) -> str:
    assert isinstance(term, turtle.Named)
    return term.value


def declared(document: set[turtle.Triple]) -> dict[str, str]:
    found = declarations.declared(document)
    assert {one.predicate.value for one in found} == {ns.TYPE}
    assert len({one.subject for one in found}) == len(found)
    return {value_of(one.subject): value_of(one.object) for one in found}


def test_what_is_used_is_declared_as_what_it_is_used_for() -> None:
    document = {quad.triple for quad in ox.parse(DOCUMENT, ox.RdfFormat.TURTLE)}
    found = declared(document)
    their, langs = "https://their.example/", ns.RDF + "langString"
    assert {name.removeprefix(their): kind for name, kind in found.items()} == {
        "Class": ns.OWL + "Class",
        "Thing": ns.OWL + "Class",
        "Role": ns.OWL + "Class",
        "Date": ns.RDFS + "Datatype",
        langs: ns.RDFS + "Datatype",
        "leads": ns.OWL + "ObjectProperty",
        # It is a note as well, but no property can be both.
        "title": ns.OWL + "DatatypeProperty",
    }


def test_no_property_of_ours_can_be_taken_for_another(either: Dataset) -> None:
    records = Records(either)
    for iri in terms.documents(records):
        document = records.triples(iri)
        kinds = declared(document)
        for one in document:
            if one.predicate.value == ns.TYPE and isinstance(one.object, turtle.Named):
                kinds.setdefault(value_of(one.subject), one.object.value)
        for one in document:
            if one.predicate.value in (ns.RDFS + "range", ns.RDFS + "subPropertyOf"):
                named = value_of(one.object)
                assert kinds.get(named) in KINDS or named.startswith((ns.XSD, ns.RDF, ns.OWL))


def test_what_is_declared_is_not_declared_again() -> None:
    document = {quad.triple for quad in ox.parse(DOCUMENT, ox.RdfFormat.TURTLE)}
    again = declarations.declared(document | declarations.declared(document))
    assert {value_of(one.subject) for one in again} <= {ns.RDF + "langString"}
