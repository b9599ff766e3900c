"""Things found by what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
import serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.dataset import Dataset
from publish.search import Index

DATA = """
@prefix : <http://x/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:aid skos:prefLabel "Mutual aid"@en ; skos:altLabel "Gegenseitige Hilfe"@de , "aid, mutual" .
:book rdfs:label "Mutual Aid: A Factor of Evolution"@en .
:aids skos:prefLabel "AIDS"@en .
:peter skos:prefLabel "Peter Kropotkin" ; skos:altLabel "Пётр Кропоткин"@ru .
:prison skos:prefLabel "Kropotkin's prison in Clairvaux" .
:person rdfs:comment "Kropotkin in a comment" .
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(serving.bare(tmp_path_factory.mktemp("search"), DATA))


def names(index: Index, text: str) -> list[str]:
    return [hit.iri.removeprefix("http://x/") for hit in index.find(text, 10).hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mutual aid", ["aid", "book"]),
        ("aid", ["aid", "book", "aids"]),
        ("AID MUT", ["aid", "book"]),
        ("gegens hilfe", ["aid"]),
        ("kropotkin", ["peter", "prison"]),
        ("кропоткин", ["peter"]),
        ("kropotkn", ["peter", "prison"]),
        ("mutaul evolutoin", ["book"]),
        ("nothing of this", []),
        ("", []),
        ('" OR *', []),
    ],
)
def test_things_are_found_by_their_names_the_best_first(
    index: Index, text: str, found: list[str]
) -> None:
    assert names(index, text)[: len(found)] == found
    assert bool(found) == bool(names(index, text))


def test_a_label_goes_before_another_name_of_fewer_words(tmp_path: Path) -> None:
    text = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://x/b> skos:prefLabel "Harbour wall of stone" .
<http://x/a> skos:prefLabel "Mole" ; skos:altLabel "Harbour" .
"""
    assert names(Index(serving.bare(tmp_path, text)), "harb") == ["b", "a"]


def test_what_stands_in_for_a_slip_is_a_whole_word(tmp_path: Path) -> None:
    text = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://x/a> rdfs:label "Kropotkin" . <http://x/b> rdfs:label "Kropotkiniana" .
"""
    index = Index(serving.bare(tmp_path, text))
    assert names(index, "kropotkn") == ["a"]
    assert names(index, "kropotkin") == ["a", "b"]


def test_the_name_that_was_found_is_given(index: Index) -> None:
    (hit,) = index.find("hilfe", 10).hits
    assert (hit.iri, hit.name, hit.language) == ("http://x/aid", "Gegenseitige Hilfe", "de")
    assert hit.predicate == "http://www.w3.org/2004/02/skos/core#altLabel"
    assert hit.score == 1


def test_titles_are_names_whatever_property_the_data_give_them_by(tmp_path: Path) -> None:
    text = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix : <http://x/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:fullTitle rdfs:subPropertyOf dcterms:title . :printed rdfs:subPropertyOf dcterms:alternative .
:longer rdfs:subPropertyOf :fullTitle . :heading rdfs:subPropertyOf rdfs:comment .
:a rdfs:label "Doe 1992" ; :fullTitle "Harbour Lights" .
:b rdfs:label "Roe 1884" ; dcterms:alternative "A Lock Forced" ; :printed "A Lok Forced" .
:c rdfs:label "Poe 1902" ; :longer "Of Shells" ; :heading "Not a name" .
"""
    index = Index(serving.bare(tmp_path, text))
    for title, thing in (
        ("harbour lights", "a"),
        ("lock forced", "b"),
        ("lok", "b"),
        ("of shells", "c"),
    ):
        assert names(index, title)[0] == thing, title
    assert names(index, "not a name") == []


def test_the_editions_of_the_essay_are_found_by_the_titles_from_outside(essay: Dataset) -> None:
    index, space = Index(essay), "https://w3id.org/ksv/id/"
    for title, edition in (
        ("Marx Beyond Marx", "edition/negri-1991"),
        ("The Hacker Crackdown", "edition/sterling-1992"),
        ("Reading Capital Politically", "edition/cleaver-1979"),
        ("L'Atelier et le robot", "edition/coriat-1990"),
    ):
        assert space + edition in [hit.iri for hit in index.find(title, 5).hits], title


@pytest.mark.parametrize(
    "number",
    [
        *("0385191952", "0-385-19195-2", "9780385191951", "978-0-385-19195-1"),
        *("ISBN 0-385-19195-2", "urn:isbn:0385191952", "ISBN-13: 978-0-385-19195-1"),
    ],
)
def test_a_book_is_found_by_its_number_in_any_form(essay: Dataset, number: str) -> None:
    (first, *_) = Index(essay).find(number, 5).hits
    assert first.iri == "https://w3id.org/ksv/id/edition/levy-1984"
    assert first.predicate == "https://schema.org/sameAs"


def test_a_thing_is_found_by_the_iri_of_its_record_elsewhere(tmp_path: Path) -> None:
    text = """
@prefix : <http://x/> . @prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:a schema:sameAs <http://y/1> . :b skos:closeMatch <http://y/1> ; skos:prefLabel "Bee" .
:c skos:related <http://y/1> .
:d schema:sameAs <urn:isbn:0-14-080010-7> , <urn:isbn:0-14-080010-6> .
"""
    index = Index(serving.bare(tmp_path, text))
    assert names(index, " http://y/1 ") == ["a", "b"]
    assert index.find("http://y/1", 1).total == 2
    assert names(index, "http://y/2") == []
    assert names(index, "0140800107") == ["d"]
    assert names(index, "0140800106") == []


def test_what_stands_in_for_a_slip_is_told(index: Index) -> None:
    found = index.find("kropotkn", 10)
    assert found.instead == {"kropotkn": ("kropotkin",)}
    assert found.hits[0].score < 1
    assert index.find("kropotkin", 10).instead == {}


def test_a_slip_finds_first_what_the_right_word_does(essay: Dataset) -> None:
    index = Index(essay)
    for wrong, right in (("kropotkni", "kropotkin"), ("mutaul aid", "mutual aid")):
        meant = [hit.iri for hit in index.find(right, 3).hits]
        assert index.find(wrong, 3).hits[0].iri == meant[0]


def test_what_is_found_comes_in_pieces(index: Index) -> None:
    whole = index.find("aid", 10)
    assert whole.total == len(whole.hits) == 3
    pieces = [index.find("aid", 2, start) for start in (0, 2, 4)]
    assert [hit for piece in pieces for hit in piece.hits] == list(whole.hits)
    assert {piece.total for piece in pieces} == {3}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_text_makes_the_index_stumble(index: Index, text: str) -> None:
    assert index.find(text, 5).total >= 0


def test_the_people_of_the_data_are_found(either: Dataset) -> None:
    from publish.records import Records

    index, records = Index(either), Records(either)
    kind = next(one for one in records.kinds() if one.name == "person")
    for iri in kind.members[:20]:
        assert iri in {hit.iri for hit in index.find(records.label(iri).value, 50).hits}


def test_a_whole_name_is_found_in_any_order_and_without_some_of_its_words(index: Index) -> None:
    (same,) = index.called("Kropotkin, Peter")
    assert (same.iri, same.text) == ("http://x/peter", "Peter Kropotkin")
    assert index.called("Kropotkin") == index.called("") == []
    for text in ("P. A. Kropotkin", "Peter Alexeyevich Kropotkin", "Petre Kropotkin"):
        assert "http://x/peter" in {one.iri for one in index.alike(text)}, text
    assert index.alike("nothing else here") == []


def test_an_empty_data_set_has_nothing_to_find(tmp_path: Path) -> None:
    assert Index(serving.bare(tmp_path, "")).find("word", 5).total == 0
