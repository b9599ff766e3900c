"""The terms as a reader looks them up: what each means, what governs it, and how it is used."""

from __future__ import annotations

import pytest
import serving

from publish import namespaces as ns
from publish import rules, terms
from publish.dataset import Dataset
from publish.records import Link, Records, Text
from publish.terms import Glossary, Group, Term


def glossary(data: Dataset) -> Glossary:
    records = Records(data)
    return Glossary(records, rules.read(records))


def document(data: Dataset) -> str:
    records = Records(data)
    return next(iri for iri in terms.documents(records) if not terms.holds_rules(records, iri))


@pytest.fixture(scope="module")
def own(either: Dataset) -> tuple[Group, ...]:
    return glossary(either).groups(document(either))


@pytest.fixture(scope="module")
def rays(foreign: Dataset) -> dict[str, Term]:
    groups = glossary(foreign).groups(document(foreign))
    return {one.iri.partition("#")[2]: one for group in groups for one in group.terms}


def test_documents_of_terms_and_of_rules_are_told_apart(either: Dataset) -> None:
    records = Records(either)
    kinds = {
        iri.removeprefix(either.base): terms.holds_rules(records, iri)
        for iri in terms.documents(records)
    }
    assert kinds == {"ontology": False, "shapes": True}


def test_every_term_of_the_document_is_in_one_group(
    either: Dataset, own: tuple[Group, ...]
) -> None:
    shown = [one.iri for group in own for one in group.terms]
    assert sorted(shown) == sorted(Records(either).terms(document(either)))
    assert [group.name for group in own][:2] == ["classes", "things"]


def test_values_are_gathered_by_their_list(essay: Dataset) -> None:
    lists = [one for one in glossary(essay).groups(document(essay)) if one.scheme]
    assert len(lists) > 5
    records = Records(essay)
    for group in lists:
        assert group.scheme is not None
        scheme = Link(group.scheme.iri)
        for term in group.terms:
            said = records.record(term.iri).statements
            assert (ns.SKOS + "inScheme", scheme) in {(s.predicate, s.value) for s in said}


def test_uses_are_those_that_the_query_lists(either: Dataset, own: tuple[Group, ...]) -> None:
    found = [one for group in own for one in group.terms] + list(glossary(either).foreign())
    counts = serving.counts(either, [one.query for one in found])
    wrong = {
        one.iri: (one.uses, count)
        for one, count in zip(found, counts, strict=True)
        if one.uses != count
    }
    assert not wrong


def test_each_term_in_use_has_an_example_that_the_data_state(
    either: Dataset, own: tuple[Group, ...]
) -> None:
    for term in (one for group in own for one in group.terms if one.uses):
        if not term.examples:
            assert term.role == "individual"  # the data may only point at a list's value in rules
            continue
        for example in term.examples:
            assert example.text or example.statements, term.iri
            for said in example.statements:
                triples = {(g, t.predicate.value) for g, t in either.outgoing(example.thing)}
                assert (said.graph, said.predicate) in triples


def test_a_record_of_a_statement_shows_the_statement(essay: Dataset) -> None:
    groups = glossary(essay).groups(document(essay))
    term = next(t for g in groups for t in g.terms if t.iri.endswith("#influenced"))
    (example,) = term.examples
    assert {one.predicate for one in example.statements} == {term.iri}


def test_without_an_example_of_its_own_a_term_shows_its_first_use(rays: dict[str, Term]) -> None:
    (example,) = rays["brechungsexponent"].examples
    assert example.thing.endswith("/begriff/x-strahlen")
    assert [getattr(one.value, "value", "") for one in example.statements] == ["1.05"]


def test_a_term_says_what_it_is_of_and_what_it_gives(
    foreign: Dataset, rays: dict[str, Term]
) -> None:
    place = rays["stehtIn"]
    assert place.domains == (f"{foreign.base}ontology#Erwaehnung",)
    assert place.ranges == (f"{foreign.base}ontology#Abschnitt",)
    assert [one.value for one in place.alignments] == [Link(ns.IN_PASSAGE)]
    assert [text.value for text in rays["genanntIn"].definitions] == [
        "Abgeleitet aus den Erwähnungen."
    ]


def test_what_else_is_said_of_a_term_is_not_lost(either: Dataset, own: tuple[Group, ...]) -> None:
    """Whatever has no place of its own stands with the rest."""
    records = Records(either)
    for term in (one for group in own for one in group.terms):
        shown = {value for _, said in term.others for value in (one.value for one in said)}
        shown |= {term.label, *term.definitions}
        for one in records.record(term.iri).statements:
            if isinstance(one.value, Text):
                assert one.value in shown or one.predicate == ns.VANN + "example", term.iri


def test_classes_of_ours_stand_above_and_below_each_other(essay: Dataset) -> None:
    groups = glossary(essay).groups(document(essay))
    found = {one.iri.partition("#")[2]: one for group in groups for one in group.terms}
    assert [one.partition("#")[2] for one in found["Comparison"].above] == ["Claim"]
    assert [one.partition("#")[2] for one in found["Claim"].below] == ["Comparison"]


def test_each_class_and_property_is_governed_by_a_rule(essay: Dataset) -> None:
    groups = glossary(essay).groups(document(essay))
    plain = [one for group in groups if not group.scheme for one in group.terms]
    assert [one.iri for one in plain if not one.rules and not one.naming] == []


def test_the_header_has_version_licence_makers_and_namespace(essay: Dataset) -> None:
    for iri in terms.documents(Records(essay)):
        said = [name for name, _ in terms.header(Records(essay).record(iri))]
        for needed in ("license", "creator", "bibliographicCitation"):
            assert ns.DCTERMS + needed in said, iri
        assert said[0] == ns.OWL + "versionInfo"
        assert ns.OWL + "versionIRI" in said
        assert ns.VANN + "preferredNamespacePrefix" in said
        assert {ns.OWL + "priorVersion", ns.SKOS + "historyNote"} & {*said}


def test_the_iri_of_a_version_leads_to_its_document(foreign: Dataset) -> None:
    assert terms.versions(Records(foreign)) == {
        f"{foreign.base}ontology/2.3.1": f"{foreign.base}ontology"
    }
