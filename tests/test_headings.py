"""Headings lead to what bears them, and are suggested as catalogues write them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from publish import errors, matching
from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.headings import Headings
from publish.records import Records
from publish.search import Index

SPACE = "https://w3id.org/ksv/id/"


def headings(data: Dataset) -> Headings:
    records = Records(data)
    return Headings(Reconciler(Catalogue(records), Index(records.source)))


@pytest.fixture(scope="module")
def ours(essay: Dataset) -> Headings:
    return headings(essay)


def known(of: Headings, text: str, type_: str = "") -> list[str]:
    return [iri.removeprefix(SPACE) for iri in of.known(text, type_)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Peter Kropotkin", "person/kropotkin-peter"),
        ("PETER KROPOTKIN", "person/kropotkin-peter"),
        ("Kropotkin, Peter", "person/kropotkin-peter"),
        ("Kropotkin, Peter, 1842-1921", "person/kropotkin-peter"),
        ("Кропоткин, Петр Алексеевич", "person/kropotkin-peter"),
        ("James, C.L.R.", "person/james-c-l-r"),
        ("mutual aid", "concept/mutual-aid"),
        ("Mutual Aid", "work/mutual-aid"),
        ("Kropotkin, Peter, 1842-1921. Mutual Aid", "work/mutual-aid"),
        ("Kropotkin, Peter. Mutual Aid", "work/mutual-aid"),
    ],
)
def test_a_heading_leads_to_what_bears_it(ours: Headings, text: str, found: str) -> None:
    assert known(ours, text) == [found]


@pytest.mark.parametrize(
    "text", ["Kropotkin, Peter, 1842-1922", "Peter Kropotkn", "Kropotkin Peter", "aid mutual", ""]
)
def test_nothing_is_guessed(ours: Headings, text: str) -> None:
    assert known(ours, text) == []


def test_several_that_bear_it_alike_are_all_given(ours: Headings) -> None:
    assert known(ours, "James") == [f"persona/james-{year}" for year in (1958, 1963, 1972)]
    assert set(known(ours, "MUTUAL AID")) == {"concept/mutual-aid", "work/mutual-aid"}
    assert known(ours, "MUTUAL AID", "skos:Concept") == ["concept/mutual-aid"]
    with pytest.raises(errors.RequestError, match="no type `a:Dragon`"):
        known(ours, "James", "a:Dragon")


def test_what_may_have_been_meant_is_near(ours: Headings) -> None:
    assert ours.near("Peter Kropotkn")[0].iri == f"{SPACE}person/kropotkin-peter"


def test_headings_are_suggested_by_how_they_begin(ours: Headings) -> None:
    first = ours.suggested("kropotkin, p", "leftanchored")[0]
    assert (first.heading, first.variant) == ("Kropotkin, Peter, 1842-1921", "")
    assert first.kind == "PersonalName"
    (other,) = ours.suggested("peter krop", "leftanchored", "PersonalName")
    assert other.variant == "Peter Kropotkin"
    assert not ours.suggested("aid mut", "leftanchored")
    forms = [one.variant or one.heading for one in ours.suggested("mutual", "leftanchored")]
    assert forms == sorted(forms, key=matching.words)


def test_headings_are_suggested_by_their_words(ours: Headings) -> None:
    found = ours.suggested("aid mut", "keyword", "Topic")
    assert "mutual aid" in {one.heading for one in found}
    assert {one.kind for one in found} == {"Topic"}
    with pytest.raises(errors.RequestError, match="`rdftype` is `Dragon`"):
        ours.suggested("a", "keyword", "Dragon")


def test_another_data_set_has_headings_too(foreign: Dataset) -> None:
    other = headings(foreign)
    (iri,) = other.known("rontgen, wilhelm conrad, 1845-1923")
    assert iri.endswith("/person/roentgen")


def with_concepts(data: Dataset, said: str) -> Headings:
    """Give the headings of a data set with more concepts."""
    prefixes = f"@prefix c: <{data.base}id/begriff/> . @prefix skos: <{ns.SKOS}> . @prefix owl: <{ns.OWL}> .\n"
    quads = ox.parse(prefixes + said, format=ox.RdfFormat.TURTLE)
    return headings(data.with_graph(f"{data.base}graph/more", [quad.triple for quad in quads]))


def test_who_is_called_so_goes_before_who_is_called_so_too(foreign: Dataset) -> None:
    said = 'c:a a skos:Concept ; skos:prefLabel "Funke"@de . c:b a skos:Concept ; skos:prefLabel "Blitz"@de ; skos:altLabel "Funke"@de .'
    assert with_concepts(foreign, said).known("Funke") == (f"{foreign.base}id/begriff/a",)


def test_what_is_retired_bears_no_heading(foreign: Dataset) -> None:
    said = 'c:a a skos:Concept ; skos:prefLabel "Funke"@de ; owl:deprecated true .'
    of = with_concepts(foreign, said)
    assert of.known("Funke") == ()
    assert of.suggested("Funke", "keyword") == []
    assert of.suggested("Funke", "leftanchored") == []
