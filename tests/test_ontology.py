"""The terms of the shipped data set: described, in use, and free of the known pitfalls of ontologies.

The pitfalls are those of the catalogue of OOPS! (the OntOlogy Pitfall Scanner) that it weighs as
critical or important, as far as a program can see them; each test names those it looks for.
"""

from __future__ import annotations

import graphlib
import re
from collections import defaultdict

import pyoxigraph as ox
import pytest

import publish
from publish import dataset, inference, vocabulary

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
VANN = "http://purl.org/vocab/vann/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CLASSES = {OWL + "Class", RDFS + "Class"}
PROPERTIES = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}


class Ontology:
    """The ontology of the shipped data set, looked up by subject and property."""

    def __init__(self) -> None:
        self.dataset = inference.infer(dataset.load(dataset.shipped()))
        self.said: defaultdict[str, defaultdict[str, set[ox.NamedNode | ox.Literal]]]
        self.said = defaultdict(lambda: defaultdict(set))
        for subject, predicate, value in self.dataset.triples(self.dataset.ontology_graph):
            self.said[subject.value][predicate.value].add(value)
        headers = [s for s in self.said if OWL + "Ontology" in self.values(s, RDF + "type")]
        (self.iri,) = headers
        (self.namespace,) = self.values(self.iri, VANN + "preferredNamespaceUri")

    def values(self, subject: str, predicate: str) -> set[str]:
        found = self.said[subject].get(predicate, ()) if subject in self.said else ()
        return {value.value for value in found}

    def own(self, types: set[str]) -> list[str]:
        terms = [s for s in self.said if s.startswith(self.namespace)]
        return sorted(s for s in terms if self.values(s, RDF + "type") & types)

    def short(self, iri: str) -> str:
        return iri.removeprefix(self.namespace)


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology()


def lacking(ontology: Ontology, terms: list[str], *properties: str) -> list[str]:
    return [
        ontology.short(term)
        for term in terms
        if not any(ontology.values(term, one) for one in properties)
    ]


def test_the_ontology_says_what_it_is_who_made_it_and_how_to_cite_it(ontology: Ontology) -> None:
    """P38, P41: declared as an ontology, with a licence."""
    needed = {
        DCTERMS + name
        for name in (
            *("title", "description", "creator", "publisher", "license", "created", "issued"),
            *("modified", "bibliographicCitation"),
        )
    } | {OWL + "versionIRI", OWL + "versionInfo", VANN + "preferredNamespacePrefix"}
    assert needed <= ontology.said[ontology.iri].keys()
    before = {OWL + "priorVersion", SKOS + "historyNote"}  # the first version says that it is
    assert before & ontology.said[ontology.iri].keys()
    rules = ontology.values(ontology.iri, "http://www.w3.org/ns/shacl#shapesGraph")
    for iri in rules:
        said = {triple.predicate.value for _, triple in ontology.dataset.outgoing(iri)}
        assert needed <= said
        assert before & said


def test_the_version_of_the_ontology_is_that_of_the_data_set(ontology: Ontology) -> None:
    described = ontology.dataset.description
    assert described
    assert ontology.values(ontology.iri, OWL + "versionInfo") == {publish.__version__}
    assert ontology.values(ontology.iri, OWL + "versionIRI") == {
        f"{ontology.iri}/{described.version}"
    }
    assert ontology.values(ontology.iri, DCTERMS + "modified") == {described.modified}
    (citation,) = ontology.values(ontology.iri, DCTERMS + "bibliographicCitation")
    assert described.version in citation
    assert ontology.iri in citation
    (title,) = ontology.values(ontology.iri, DCTERMS + "title")
    assert title in citation
    shapes = {
        (triple.predicate.value, triple.object.value)
        for _, triple in ontology.dataset.outgoing(f"{ontology.dataset.base}shapes")
        if isinstance(triple.object, ox.NamedNode | ox.Literal)
    }
    assert (OWL + "versionInfo", publish.__version__) in shapes
    assert (OWL + "versionIRI", f"{described.base}shapes/{described.version}") in shapes
    assert (DCTERMS + "modified", described.modified) in shapes


def test_each_class_and_property_has_label_comment_and_home(ontology: Ontology) -> None:
    """P08: no term without annotations."""
    terms = ontology.own(CLASSES | PROPERTIES)
    assert len(terms) > 60
    for needed in ("label", "comment", "isDefinedBy"):
        assert lacking(ontology, terms, RDFS + needed) == []


def test_each_value_of_a_list_has_label_definition_and_list(ontology: Ontology) -> None:
    values = ontology.own({SKOS + "Concept"})
    assert len(values) > 25
    for needed in (
        SKOS + "prefLabel",
        SKOS + "definition",
        SKOS + "inScheme",
        RDFS + "isDefinedBy",
    ):
        assert lacking(ontology, values, needed) == []
    schemes = [
        s for s in ontology.said if SKOS + "ConceptScheme" in ontology.values(s, RDF + "type")
    ]
    assert lacking(ontology, schemes, SKOS + "definition") == []


def test_no_two_terms_of_one_kind_share_a_label(ontology: Ontology) -> None:
    """P32: no classes of the same label; the same for properties."""
    for kinds in (CLASSES, PROPERTIES):
        labels = [
            label for term in ontology.own(kinds) for label in ontology.values(term, RDFS + "label")
        ]
        assert sorted(labels) == sorted(set(labels))


def test_each_property_says_what_it_is_of_and_what_it_gives(ontology: Ontology) -> None:
    """P11, P19: one domain and one range, where several would all have to hold."""
    for property_ in ontology.own(PROPERTIES):
        for side in ("domain", "range"):
            assert len(ontology.values(property_, RDFS + side)) == 1, (property_, side)


def test_a_property_of_texts_gives_a_datatype_and_a_property_of_things_does_not(
    ontology: Ontology,
) -> None:
    datatypes = {f.term for p in ("xsd", "rdf", "edtf") for f in kept(p) if f.kind == "datatype"}
    for property_ in ontology.own(PROPERTIES):
        (range_,) = ontology.values(property_, RDFS + "range")
        of_texts = OWL + "DatatypeProperty" in ontology.values(property_, RDF + "type")
        assert (range_ in datatypes | {RDFS + "Literal"}) == of_texts, property_


def kept(prefix: str) -> list[vocabulary.Fact]:
    (namespace,) = {one.namespace for one in vocabulary.sources() if one.prefix == prefix}
    return vocabulary.facts(prefix, namespace)


def test_a_symmetric_property_has_the_same_domain_and_range(ontology: Ontology) -> None:
    """P28, P26."""
    symmetric = ontology.own({OWL + "SymmetricProperty"})
    assert symmetric
    for property_ in symmetric:
        assert ontology.values(property_, RDFS + "domain") == ontology.values(
            property_, RDFS + "range"
        )
        assert not ontology.values(property_, OWL + "inverseOf")


@pytest.mark.parametrize("relation", ["subClassOf", "subPropertyOf"])
def test_no_term_stands_above_itself(ontology: Ontology, relation: str) -> None:
    """P06, P24: no cycles."""
    graph = {term: ontology.values(term, RDFS + relation) for term in ontology.said}
    graphlib.TopologicalSorter(graph).prepare()


def test_every_class_and_property_that_is_named_is_declared(ontology: Ontology) -> None:
    """P34, P35: nothing is used as a class or property without being declared as one."""
    builtin = (RDF + "Statement", RDF + "langString", OWL + "Thing", XSD)
    used_as = {
        "domain": CLASSES,
        "range": CLASSES,
        "subClassOf": CLASSES,
        "subPropertyOf": PROPERTIES | {RDF + "Property"},
    }
    missing = {
        value
        for subject in list(ontology.said)
        for relation, kinds in used_as.items()
        for value in ontology.values(subject, RDFS + relation)
        if not value.startswith(builtin) and not ontology.values(value, RDF + "type") & kinds
    }
    assert missing == set()


def test_terms_of_others_are_named_and_pointed_at_but_not_defined_anew(ontology: Ontology) -> None:
    """P40: no axiom about a term in somebody else's namespace."""
    allowed = {RDF + "type", RDFS + "label", RDFS + "isDefinedBy", RDFS + "seeAlso"}
    base = ontology.dataset.base
    strangers = [s for s in ontology.said if not s.startswith(base)]
    assert len(strangers) > 50
    for stranger in strangers:
        assert ontology.said[stranger].keys() <= allowed, stranger
        assert ontology.values(stranger, RDFS + "label"), stranger


def test_no_terms_are_called_the_same_thing(ontology: Ontology) -> None:
    """P05, P27, P31: no equivalence and no inverse is claimed that could be wrong."""
    claims = {
        OWL + "equivalentClass",
        OWL + "equivalentProperty",
        OWL + "sameAs",
        OWL + "inverseOf",
    }
    assert not [term for term, said in ontology.said.items() if said.keys() & claims]


def test_nothing_is_of_two_classes_that_exclude_each_other(ontology: Ontology) -> None:
    """P10: classes are told apart, and the data respect it."""
    excluded = [
        {term, other}
        for term in ontology.own(CLASSES)
        for other in ontology.values(term, OWL + "disjointWith")
    ]
    assert len(excluded) > 10
    above = {term: {term, *ontology.values(term, RDFS + "subClassOf")} for term in ontology.said}
    types: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in ontology.dataset.union():
        if predicate.value == RDF + "type" and isinstance(value, ox.NamedNode):
            types[subject.value] |= above.get(value.value, {value.value})
    both = [thing for thing, of in types.items() for pair in excluded if pair <= of]
    assert both == []


def test_names_follow_one_convention(ontology: Ontology) -> None:
    """P22, P36: capital letters for classes, small ones for properties, no file suffix."""
    for kinds, form in ((CLASSES, r"[A-Z][A-Za-z]+"), (PROPERTIES, r"[a-z][A-Za-z]+")):
        assert [t for t in ontology.own(kinds) if not re.fullmatch(form, ontology.short(t))] == []
    assert not re.search(r"\.(owl|rdf|ttl)$", ontology.iri)


def uses(ontology: Ontology) -> set[str]:
    """Give the terms that the data use, outside of the ontology itself."""
    data = ontology.dataset
    graphs = set(data.graphs) - {data.ontology_graph, data.shapes_graph}
    return {
        term.value
        for graph in graphs
        for triple in data.triples(graph)
        for term in (triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(ontology.namespace)
    }


def test_each_class_and_property_is_used_in_the_data(ontology: Ontology) -> None:
    used = uses(ontology)
    assert [ontology.short(t) for t in ontology.own(CLASSES | PROPERTIES) if t not in used] == []


def test_each_class_and_property_is_used_in_a_question_or_a_rule(ontology: Ontology) -> None:
    data = ontology.dataset
    prefix = data.description.prefix if data.description else ""
    asked: set[str] = set()
    for graph in (data.shapes_graph, data.meta_graph):
        for _, _, value in data.triples(graph):
            if isinstance(value, ox.Literal):
                asked |= set(re.findall(rf"(?<![\w.-]){prefix}:(\w+)", value.value))
            elif isinstance(value, ox.NamedNode) and value.value.startswith(ontology.namespace):
                asked.add(ontology.short(value.value))
    terms = {ontology.short(term) for term in ontology.own(CLASSES | PROPERTIES)}
    assert sorted(terms - asked) == []


def test_each_term_of_ours_that_is_used_is_declared(ontology: Ontology) -> None:
    assert uses(ontology) - set(ontology.said) == set()


def test_each_example_is_a_real_record_that_uses_the_term(ontology: Ontology) -> None:
    data = ontology.dataset
    terms = ontology.own(CLASSES | PROPERTIES)
    assert lacking(ontology, terms, VANN + "example") == []
    for term in [*terms, *ontology.own({SKOS + "Concept"})]:
        for example in ontology.values(term, VANN + "example"):
            said = {getattr(x, "value", "") for _, t in data.outgoing(example) for x in t}
            assert term in said, f"{term}: {example} does not use it"


def test_each_class_is_related_to_a_class_of_others(ontology: Ontology) -> None:
    """P04, and no island: each class of ours points at its neighbours elsewhere."""
    classes = ontology.own(CLASSES)
    assert lacking(ontology, classes, RDFS + "subClassOf", RDFS + "seeAlso") == []
