"""Rules for what outside sources add to the essay, each a sentence."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path
from time import struct_time

import pyoxigraph as ox
import pytest
from edtf import parse_edtf

from publish import dataset, graphs, turtle, validation

BASE = "https://w3id.org/ksv/"
ENRICHMENT = f"{BASE}graph/enrichment-"
KSV = f"{BASE}ontology#"
PREFIXES = """
PREFIX ksv: <https://w3id.org/ksv/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX skosxl: <http://www.w3.org/2008/05/skos-xl#>
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX graph: <https://w3id.org/ksv/graph/>
"""
UNRESOLVED = {f"{BASE}id/persona/negri-1976"}
"""Personas whose owner no source that was seen names."""
GOOD = """
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix id: <https://w3id.org/ksv/id/> .
@prefix ksv: <https://w3id.org/ksv/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/ksv/id/record/x-ada> a ksv:OutsideRecord ;
  rdfs:label "X on Ada"@en ;
  dcterms:source <https://example.org/ada> ;
  ksv:basis ksv:External ;
  ksv:certainty ksv:SingleSource ;
  ksv:recordOf <https://w3id.org/ksv/id/person/ada> .
<https://w3id.org/ksv/id/candidate/notes> a ksv:CandidateEdition ;
  rdfs:label "Notes"@en ;
  skos:editorialNote "For it: the year."@en ;
  ksv:candidateFor <https://w3id.org/ksv/id/edition/ada-1843> ;
  ksv:datedOutside <https://w3id.org/ksv/id/timespan/1843> ;
  ksv:fullTitle "Notes"@en ;
  ksv:publishedIn <https://w3id.org/ksv/id/place/london> .
<https://w3id.org/ksv/id/person/ada> a foaf:Person ;
  ksv:nationality "British"@en ;
  ksv:occupation "mathematician"@en .
<https://w3id.org/ksv/id/timespan/1843> a crm:E52_Time-Span .
<https://w3id.org/ksv/id/place/london> a crm:E53_Place .
"""
"""A source's file that keeps the rules of `shapes/outside.ttl`."""
FAULTS = {
    "record: an IRI of another kind": ("id/record/x-ada>", "id/person/x-ada>"),
    "record: no label": ('rdfs:label "X on Ada"@en ;', ""),
    "record: no source": ("dcterms:source <https://example.org/ada> ;", ""),
    "record: a source that is no address": ("<https://example.org/ada>", '"page 3"'),
    "record: the basis of a reading": ("ksv:External", "ksv:Editorial"),
    "record: no basis": ("ksv:basis ksv:External ;", ""),
    "record: no certainty": ("ksv:certainty ksv:SingleSource ;", ""),
    "record: a certainty that is not on the list": ("ksv:SingleSource", "ksv:Stated"),
    "record: of two things": ("ksv:recordOf", "ksv:recordOf <https://example.org/b> , "),
    "candidate: an IRI of another kind": ("id/candidate/notes>", "id/edition/notes>"),
    "candidate: no label": ('rdfs:label "Notes"@en ;', ""),
    "candidate: nothing said for or against": ('skos:editorialNote "For it: the year."@en ;', ""),
    "candidate: for nothing": (
        "ksv:candidateFor <https://w3id.org/ksv/id/edition/ada-1843> ;",
        "",
    ),
    "candidate: no title": ('ksv:fullTitle "Notes"@en ;', ""),
    "a title in no language": ('ksv:fullTitle "Notes"@en', 'ksv:fullTitle "Notes"'),
    "a date that is a text": ("<https://w3id.org/ksv/id/timespan/1843> ;", '"1843" ;'),
    "a place of publication that is a text": ("<https://w3id.org/ksv/id/place/london> .", '"L" .'),
    "an occupation of something that is no person": ("a foaf:Person", "a foaf:Group"),
    "an occupation in no language": ('"mathematician"@en', '"mathematician"'),
    "a nationality in no language": ('"British"@en', '"British"'),
}
"""What is wrong, and how the good file is spoilt to be so."""
THINGS = ("person", "persona", "work", "edition", "candidate", "group", "event")
"""Kinds of thing of which a source says something, as they stand in an IRI."""


@pytest.fixture(scope="module")
def essay() -> dataset.Dataset:
    return dataset.load(dataset.shipped())


@pytest.fixture(scope="module")
def store(essay: dataset.Dataset) -> ox.Store:
    """Hold the asserted triples, each in the graph that states it."""
    store = ox.Store()
    for iri, triples in essay.graphs.items():
        graph = ox.NamedNode(iri)
        store.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in triples)
    return store


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Run a query over the union of the graphs and give each row as plain strings."""
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in solutions]


def sources(essay: dataset.Dataset) -> dict[str, graphs.Graph]:
    return {iri: quads for iri, quads in essay.graphs.items() if iri.startswith(ENRICHMENT)}


def day(moment: struct_time) -> str:
    return date(*moment[:3]).isoformat()


def test_each_file_of_an_outside_source_is_a_graph_that_is_described_with_its_source(
    essay: dataset.Dataset, store: ox.Store
) -> None:
    described = rows(
        store,
        """SELECT ?g ?title ?text ?source ?name WHERE {
          <https://w3id.org/ksv/dataset> void:subset ?g .
          ?g a void:Dataset, prov:Entity ; dcterms:title ?title ; dcterms:description ?text ;
            dcterms:license ?licence ; dcterms:source ?place ; prov:wasDerivedFrom ?source .
          ?source a prov:Entity ; dcterms:title ?name ; dcterms:description ?kind
          FILTER(STRSTARTS(STR(?g), STR(graph:enrichment-))) }""",
    )
    assert {row[0] for row in described} == set(sources(essay))
    assert len(sources(essay)) > 20


def test_whatever_a_source_says_of_a_thing_has_a_record_in_the_same_graph(
    essay: dataset.Dataset, store: ox.Store
) -> None:
    """The record tells where in the source it stands, so that each fact can be looked up."""
    recorded = set(
        rows(
            store,
            """SELECT ?g ?thing WHERE { GRAPH ?g {
              ?r a ksv:OutsideRecord ; ksv:recordOf ?thing ; ksv:basis ksv:External ;
                ksv:certainty ?certainty ; dcterms:source ?place } }""",
        )
    )
    made_here = {
        "http://xmlns.com/foaf/0.1/Organization",
        "http://www.cidoc-crm.org/cidoc-crm/E53_Place",
    }
    bare = []
    for graph, triples in sources(essay).items():
        listed = {
            q.subject
            for q in triples
            if q.predicate.value.endswith("#type") and getattr(q.object, "value", "") in made_here
        }
        for subject in {q.subject for q in triples} - listed:
            assert isinstance(subject, ox.NamedNode)
            kind = subject.value.removeprefix(f"{BASE}id/").partition("/")[0]
            if kind in THINGS and (graph, subject.value) not in recorded:
                bare.append((graph, subject.value))
    assert bare == []


def test_each_record_is_of_a_thing_about_which_its_graph_says_something(store: ox.Store) -> None:
    empty = rows(
        store,
        """SELECT ?r WHERE { GRAPH ?g { ?r ksv:recordOf ?thing }
          FILTER NOT EXISTS { GRAPH ?g { ?thing ?p ?o } }
          FILTER NOT EXISTS { ?r skos:editorialNote ?note } }""",
    )
    assert empty == []


def test_a_date_that_departs_from_the_printed_year_has_a_note(store: ox.Store) -> None:
    """Two dates of one edition depart where their bounds have no day in common."""
    silent = rows(
        store,
        """SELECT ?thing WHERE {
          GRAPH ?g { ?thing ksv:datedOutside ?outside . ?r ksv:recordOf ?thing }
          { ?thing ksv:dated ?inside } UNION { ?thing ksv:candidateFor/ksv:dated ?inside }
          OPTIONAL { ?outside crm:P82a_begin_of_the_begin ?from }
          OPTIONAL { ?outside crm:P82b_end_of_the_end ?until }
          ?inside crm:P82a_begin_of_the_begin ?first .
          OPTIONAL { ?inside crm:P82b_end_of_the_end ?last }
          FILTER(?until < ?first || ?from > ?last)
          FILTER NOT EXISTS { ?r skos:editorialNote ?note }
          FILTER NOT EXISTS { ?thing skos:editorialNote ?note } }""",
    )
    assert silent == []


def test_no_source_dates_anew_what_the_essay_dates(essay: dataset.Dataset) -> None:
    """The essay's date stays the one value of ksv:dated; others use ksv:datedOutside."""
    printed = {
        q.subject for q in essay.graphs[f"{BASE}graph/essay"] if q.predicate.value == f"{KSV}dated"
    }
    again = {
        q.subject
        for triples in sources(essay).values()
        for q in triples
        if q.predicate.value == f"{KSV}dated"
    }
    assert printed
    assert printed & again == set()


def test_nobody_dies_before_birth_or_is_born_twice(store: ox.Store) -> None:
    wrong = rows(
        store,
        """SELECT DISTINCT ?p WHERE {
          { ?p ksv:born/crm:P82a_begin_of_the_begin ?b ; ksv:died/crm:P82b_end_of_the_end ?d
            FILTER(?d <= ?b) }
          UNION { ?p ksv:born ?one, ?two FILTER(?one != ?two) }
          UNION { ?p ksv:died ?one, ?two FILTER(?one != ?two) } }""",
    )
    assert len(rows(store, "SELECT DISTINCT ?p { ?p ksv:born ?b }")) > 30
    assert wrong == []


def test_nobody_is_born_after_a_book_of_theirs(store: ox.Store) -> None:
    wrong = rows(
        store,
        """PREFIX bf: <http://id.loc.gov/ontologies/bibframe/>
        SELECT ?p ?e WHERE {
          ?e bf:contribution/bf:agent/ksv:personaOf? ?p ;
            ksv:dated/crm:P82b_end_of_the_end ?last .
          ?p ksv:born/crm:P82a_begin_of_the_begin ?first FILTER(?first > ?last) }""",
    )
    assert wrong == []


def test_each_time_span_of_a_source_has_the_bounds_of_its_edtf_string(
    essay: dataset.Dataset,
) -> None:
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triples in sources(essay).values():
        for q in triples:
            assert isinstance(q.subject, ox.NamedNode)
            if q.subject.value.startswith(f"{BASE}id/timespan/"):
                assert isinstance(q.object, ox.NamedNode | ox.Literal)
                said[q.subject.value][q.predicate.value.rpartition("/")[2]] = q.object.value
    assert len(said) > 50
    for span, values in said.items():
        parsed = parse_edtf(values["P82_at_some_time_within"])
        bounds = (day(parsed.lower_fuzzy()), day(parsed.upper_fuzzy()))
        assert bounds == (
            values["P82a_begin_of_the_begin"],
            values["P82b_end_of_the_end"],
        ), span


def test_each_persona_has_an_owner_or_is_known_to_have_none(store: ox.Store) -> None:
    owned = rows(store, "SELECT DISTINCT ?p { ?p a ksv:Persona ; ksv:personaOf ?o }")
    personas = rows(store, "SELECT ?p { ?p a ksv:Persona }")
    assert {p for (p,) in personas} - {p for (p,) in owned} == UNRESOLVED


def test_only_outside_sources_tell_who_is_behind_a_persona(store: ox.Store) -> None:
    graphs = rows(store, "SELECT DISTINCT ?g { GRAPH ?g { ?p ksv:personaOf ?o } }")
    assert graphs
    assert [g for (g,) in graphs if not g.startswith(ENRICHMENT)] == []


def test_each_candidate_says_what_speaks_for_it_and_stands_beside_an_undecided_edition(
    store: ox.Store,
) -> None:
    candidates = rows(store, "SELECT ?c { ?c a ksv:CandidateEdition }")
    reasoned = rows(
        store,
        """SELECT DISTINCT ?c { ?c a ksv:CandidateEdition ; ksv:candidateFor ?e ;
          ksv:fullTitle ?t ; skos:editorialNote ?note . ?e ksv:citationKey ?key }""",
    )
    assert candidates
    assert set(candidates) == set(reasoned)


def test_a_name_form_with_a_node_of_its_own_is_also_a_plain_label(store: ox.Store) -> None:
    apart = rows(
        store,
        """SELECT ?thing { ?thing skosxl:altLabel/skosxl:literalForm ?form
          FILTER NOT EXISTS { ?thing skos:altLabel ?form } }""",
    )
    assert apart == []


def test_each_thing_has_its_type_in_one_layer_only(essay: dataset.Dataset) -> None:
    typed: defaultdict[str, set[str]] = defaultdict(set)
    for graph, triples in essay.graphs.items():
        for q in triples:
            if q.predicate.value.endswith("22-rdf-syntax-ns#type"):
                typed[str(q.subject)].add(graph)
    assert {thing: graphs for thing, graphs in typed.items() if len(graphs) > 1} == {}


def test_each_file_stands_in_the_one_canonical_form() -> None:
    root = dataset.shipped()
    files = [*sorted(Path(root, "data", "enrichment").glob("*.ttl")), root / "data/sources.ttl"]
    for file in files:
        parsed = turtle.parse(file.read_bytes(), file.name)
        triples = [triple for triple, _ in parsed.triples]
        assert turtle.write(triples, parsed.prefixes) == file.read_text(encoding="utf-8"), file


def findings(folder: Path, source: str) -> list[validation.Finding]:
    """Check a small data set with one outside source by the rules of `shapes/outside.ttl`."""
    shipped = dataset.shipped()
    (folder / "data" / "enrichment").mkdir(parents=True)
    (folder / "shapes").mkdir()
    shutil.copytree(shipped / "ontology", folder / "ontology")
    for name in ("outside.ttl", "prefixes.ttl"):
        shutil.copy(shipped / "shapes" / name, folder / "shapes")
    (folder / "data" / "enrichment" / "x.ttl").write_text(source, encoding="utf-8")
    (folder / "data" / "dataset.ttl").write_text(
        """@prefix dcat: <http://www.w3.org/ns/dcat#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix vann: <http://purl.org/vocab/vann/> .
        @prefix void: <http://rdfs.org/ns/void#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://w3id.org/ksv/dataset> a dcat:Dataset ; dcterms:title "T"@en ;
          dcterms:creator <https://w3id.org/ksv/id/group/us> ; dcat:version "1.0.0" ;
          dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
          dcterms:modified "2026-11-25"^^xsd:date ; vann:preferredNamespacePrefix "ksv" ;
          vann:preferredNamespaceUri "https://w3id.org/ksv/" ;
          void:uriSpace "https://w3id.org/ksv/id/" .
        """,
        encoding="utf-8",
    )
    found = validation.check(dataset.load(folder))
    return [finding for finding in found if finding.path.startswith("data/enrichment/")]


def test_a_source_that_keeps_the_rules_raises_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_in_an_outside_source_is_found(tmp_path: Path, fault: str) -> None:
    right, wrong = FAULTS[fault]
    assert right in GOOD
    assert findings(tmp_path, GOOD.replace(right, wrong))
