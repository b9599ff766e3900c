"""Which thing is meant: ranked as a person would, and a match only where it is safe."""

from __future__ import annotations

from pathlib import Path

import pytest
import serving

from publish import errors
from publish import namespaces as ns
from publish.candidates import Candidate, Condition, Given, Query, Reconciler, agreement
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.records import Records
from publish.search import Index
from publish.sources import Called

KSV = "https://w3id.org/ksv/id/"
KROPOTKIN = "person/kropotkin-peter"
PERSON = "http://xmlns.com/foaf/0.1/Person"
WIKIDATA = "http://www.wikidata.org/entity/"


def reconciler(data: Dataset) -> Reconciler:
    records = Records(data)
    return Reconciler(Catalogue(records), Index(records.source))


@pytest.fixture(scope="module")
def ours(essay: Dataset) -> Reconciler:
    return reconciler(essay)


@pytest.fixture(scope="module")
def other(foreign: Dataset) -> Reconciler:
    return reconciler(foreign)


def ask(of: Reconciler, text: str, *conditions: Condition, **how) -> tuple[Candidate, ...]:
    return of.candidates(Query(text, conditions=conditions, **how))


def having(property_: str, *values: str, **how) -> Condition:
    return Condition(property_, tuple(map(Given, values)), **how)


@pytest.mark.parametrize(
    ("predicate", "behind"), [("prefLabel", 0), ("altLabel", 2), ("hiddenLabel", 4)]
)
def test_what_is_only_another_name_comes_a_little_behind_a_label(
    predicate: str, behind: float
) -> None:
    name = Called("https://example.org/id/1", ns.SKOS + predicate, "Jane Doe", "en")
    assert agreement.name_score("Jane Doe", name) == 100 - behind


@pytest.mark.parametrize(
    ("text", "first", "match"),
    [
        ("Kropotkin, Peter", KROPOTKIN, True),
        ("Peter Kropotkin", KROPOTKIN, False),  # a book is called so, too
        ("P. A. Kropotkin", KROPOTKIN, False),
        ("Кропоткин", KROPOTKIN, False),
        ("Кропоткин, Пётр Алексеевич", KROPOTKIN, True),
        ("Kroptokin", KROPOTKIN, True),  # the misprint is a known name
        ("Peter Kropotkn", KROPOTKIN, False),
        ("C.L.R. James", "person/james-c-l-r", True),
        ("James, C. L. R.", "person/james-c-l-r", True),
        ("CLR James", "person/james-c-l-r", True),
        ("Selma James", "person/james-selma", True),
        ("Karl Marx", "person/marx", True),
    ],
)
def test_a_name_finds_whom_a_person_would_find(
    ours: Reconciler, text: str, first: str, match: bool
) -> None:
    found = ask(ours, text)
    assert (found[0].iri, found[0].match) == (KSV + first, match)
    assert not any(one.match for one in found[1:])
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "first", "match"),
    [
        ("La conquête du pain", "edition/kropotkin-1892", True),
        ("Marx Beyond Marx: Lessons on the Grundrisse", "edition/negri-1991", True),
        ("Marx Beyond Marx", "edition/negri-1991", False),  # without the subtitle
        ("Revolution Retrieved", "edition/negri-1988", False),
        ("The Hacker Crackdown", "edition/sterling-1992", True),
    ],
)
def test_an_edition_is_found_by_the_title_that_only_others_tell(
    ours: Reconciler, text: str, first: str, match: bool
) -> None:
    found = ask(ours, text, types=("fabio:Expression",))
    assert (found[0].iri, found[0].match) == (KSV + first, match)


def test_author_and_year_make_up_for_a_subtitle_that_is_left_out(ours: Reconciler) -> None:
    known = (having("dcterms:creator", "Antonio Negri"), having("ksv:dated", "1988"))
    first, *_ = ask(ours, "Revolution Retrieved", *known, types=("fabio:Expression",))
    assert (first.iri, first.match) == (KSV + "edition/negri-1988", True)


def test_who_is_no_title_has_no_subtitle(tmp_path: Path) -> None:
    text = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix fabio: <http://purl.org/spar/fabio/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://x/ship> a foaf:Person ; rdfs:label "Harbour Lights: a keeper of the lamps of the port" .
<http://x/book> a fabio:Work ; rdfs:label "Harbour Lights: how the lamps of the port were kept" .
"""
    of = reconciler(serving.bare(tmp_path, text))
    assert [one.iri for one in ask(of, "Harbour Lights") if one.score > 80] == ["http://x/book"]


def test_of_several_who_are_called_so_none_is_a_match(ours: Reconciler) -> None:
    found = ask(ours, "James")
    assert {one.iri.partition("/id/")[2] for one in found[:3]} == {
        f"persona/james-{year}" for year in (1958, 1963, 1972)
    }
    assert found[0].score == found[2].score > found[3].score
    assert {one.iri.partition("/id/")[2] for one in found[3:5]} == {
        "person/james-c-l-r",
        "person/james-selma",
    }
    assert not any(one.match for one in found)


def test_what_is_called_more_nearly_but_of_another_type_prevents_a_match(ours: Reconciler) -> None:
    negri, *_ = ask(ours, "Negri", types=(PERSON,))
    assert (negri.iri, negri.match) == (KSV + "person/negri-antonio", False), "or the one of 1976"
    born, *_ = ask(ours, "Negri", having("ksv:born", "1933"), types=(PERSON,))
    assert born.match


def test_a_type_leaves_out_others_or_puts_them_behind(ours: Reconciler) -> None:
    strict = ask(ours, "Peter Kropotkin", types=(PERSON,))
    assert strict[0].match
    assert all(PERSON in one.types for one in strict)
    rather = ask(ours, "Peter Kropotkin", types=("foaf:Person",), strict="should", limit=100)
    assert rather[0].iri == KSV + KROPOTKIN
    assert rather[0].match
    assert any(PERSON not in one.types for one in rather[1:])
    above = ask(ours, "Peter Kropotkin", types=("foaf:Agent",))
    assert above[0].iri == KSV + KROPOTKIN
    both = ask(ours, "Peter Kropotkin", types=(PERSON, "fabio:Expression"), strict="all")
    assert not both


def test_an_unknown_type_or_property_is_told(ours: Reconciler) -> None:
    with pytest.raises(errors.RequestError, match="no type `foaf:Dragon`"):
        ask(ours, "x", types=("foaf:Dragon",))
    with pytest.raises(errors.RequestError, match="no property `colour of eyes`"):
        ask(ours, "x", having("colour of eyes", "blue"))


def test_each_part_of_a_score_is_told(ours: Reconciler) -> None:
    (first, *_) = ask(ours, "Kropotkin", having("born", "1842"), types=(PERSON,))
    assert [(one.id, one.value) for one in first.features] == [
        ("type", True),
        ("name", 98.0),
        ("born", 100.0),
    ]
    assert first.match


def test_a_date_that_disagrees_speaks_against_a_match(ours: Reconciler) -> None:
    wrong_date = having("schema:birthDate", "1901-01-04")
    (first, *_) = ask(ours, "Kropotkin, Peter", wrong_date, types=(PERSON,))
    assert first.iri == KSV + KROPOTKIN
    assert not first.match
    wrong = ask(ours, "Kropotkin", having("born", "1901", required=True))
    assert KSV + KROPOTKIN not in {one.iri for one in wrong}


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("schema:sameAs", f"{WIKIDATA}Q5752"),
        ("schema:sameAs", "https://www.wikidata.org/entity/Q5752"),
        ("https://schema.org/sameAs", "Q5752"),
        (f"{KSV}authority/wikidata", "Q5752"),
        (f"{KSV}authority/lcnaf", "n79033037"),
    ],
)
def test_an_identifier_finds_a_thing_without_its_name(
    ours: Reconciler, property_: str, value: str
) -> None:
    # What is written with another scheme is compared, but cannot be found by itself.
    text = "Kropotkin" if value.startswith("https:") else ""
    (first, *_) = ask(ours, text, having(property_, value))
    assert first.iri == KSV + KROPOTKIN
    assert first.match


def test_an_address_is_an_identifier(ours: Reconciler) -> None:
    for text in (KSV + KROPOTKIN, f"{WIKIDATA}Q5752"):
        (first,) = ask(ours, text)
        assert (first.iri, first.match) == (KSV + KROPOTKIN, True)
    (by_id,) = ours.candidates(Query(ids=(KSV + KROPOTKIN,)))
    assert by_id.match


def test_another_identifier_of_the_same_authority_is_no_match(ours: Reconciler) -> None:
    found = ask(ours, "Kropotkin", having(f"{KSV}authority/wikidata", "Q4160071"))
    assert KSV + KROPOTKIN in {one.iri for one in found}
    assert not any(one.match for one in found)


def test_another_data_set_in_another_language(other: Reconciler) -> None:
    space = "https://example.org/strahlen/id/"
    for text in ("Röntgen, Wilhelm Conrad", "W. C. Roentgen", "Βίλχελμ Ρέντγκεν", "W. Röntgen"):
        (first, *_) = ask(other, text)
        assert first.iri == f"{space}person/roentgen", text
    (born, *_) = ask(other, "W. C. Röntgen", having("schema:birthDate", "1845-03-27T00:00:00Z"))
    assert {one.id: one.value for one in born.features}["schema:birthDate"] == 100


def test_a_bare_file_has_candidates_too(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    data = serving.bare(
        tmp_path,
        f'<http://a/1> {label} "Jane Doe" ; a <http://a/Person> .'
        f'<http://a/2> {label} "John Doe" ; a <http://a/Person> .'
        f'<http://a/3> {label} "Jane Doe" ; <http://www.w3.org/2002/07/owl#deprecated> true .',
    )
    bare = reconciler(data)
    (first, second) = ask(bare, "Doe, Jane", types=("http://a/Person",))
    assert (first.iri, first.match, second.iri) == ("http://a/1", True, "http://a/2")
    assert [one.iri for one in ask(bare, "Jane Doe", limit=1)] == ["http://a/1"]
    assert [one.iri for one in bare.schema.types()] == ["http://a/Person"]


def test_suggestions_begin_with_what_is_nearest(ours: Reconciler) -> None:
    assert ours.suggested("krop", 3)[0] == KSV + KROPOTKIN
    first = ours.suggested("krop", 5)
    assert ours.suggested("krop", 3, 2) == first[2:5]
    assert next(one.iri for one in ours.schema.suggested_types("person")) == PERSON
    assert "https://w3id.org/ksv/ontology#born" in {
        one.iri for one in ours.schema.suggested_properties("born", PERSON)
    }
    assert f"{KSV}authority/wikidata" in {
        one.iri for one in ours.schema.suggested_properties("wikid")
    }


def test_values_are_had_by_property_role_and_authority(ours: Reconciler) -> None:
    iri, wikidata = KSV + KROPOTKIN, f"{KSV}authority/wikidata"
    (row,) = ours.values([iri], ["https://schema.org/birthDate", wikidata]).values()
    assert row["https://schema.org/birthDate"] == (f"{KSV}timespan/1842-12-09",)
    assert row[wikidata] == (f"{WIKIDATA}Q5752",)
