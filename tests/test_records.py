"""One thing and all that is said of it, in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest
import serving

from publish import errors, records, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Link, Nested, Records, Text
from publish.sources import in_order

EX = "http://example.org/"
STRAHLEN = "https://example.org/strahlen/"

DATA = f"""
@prefix ex: <{EX}> .
@prefix rdfs: <{ns.RDFS}> .
@prefix skos: <{ns.SKOS}> .
@prefix dcterms: <{ns.DCTERMS}> .

ex:one a ex:Thing ;
  rdfs:label "the plain name" ;
  skos:prefLabel "der Name"@de, "the name"@en, "une nom"@fr ;
  ex:price 1.50 ;
  ex:start [ ex:count 01 ; ex:at [ ex:place ex:two ] ] ;
  ex:members ( ex:two "b" ( ex:three ) ) .
ex:two dcterms:title "Zwei"@de .
ex:three ex:near ex:one .
[] ex:near ex:one .
ex:four ex:uses [ ex:tool ex:one ] .
ex:five ex:uses _:shared .
ex:six ex:uses _:shared .
_:shared ex:tool ex:one .
ex:g {{ ex:one ex:price 1.5 . ex:two ex:near ex:one }}
"""


@pytest.fixture
def found(tmp_path: Path) -> Records:
    return Records(serving.bare(tmp_path, DATA))


@pytest.fixture
def rays(foreign: Dataset) -> Records:
    return Records(foreign)


def test_the_best_property_gives_the_label_and_then_the_language(found: Records) -> None:
    assert found.label(f"{EX}one") == Text("the name", "en", f"{ns.RDF}langString")
    assert found.label(f"{EX}two") == Text("Zwei", "de", f"{ns.RDF}langString")


def test_the_language_of_the_data_set_comes_before_any_other(rays: Records) -> None:
    assert rays.label(f"{STRAHLEN}ontology#Abschnitt").value == "Abschnitt"


@pytest.mark.parametrize(
    ("iri", "spoken"),
    [
        (f"{EX}isPartOf", "is part of"),
        (f"{EX}P82a_begin_of_the_begin", "begin of the begin"),
        (f"{EX}E52_Time-Span", "time span"),
        (f"{EX}hasDOIName", "has DOI name"),
        (f"{EX}caf%C3%A9/", "café"),
        ("urn:isbn:123", "123"),
        (f"{EX}#", "example.org"),
    ],
)
def test_an_iri_without_a_label_is_split_into_words(iri: str, spoken: str) -> None:
    assert records.words(iri) == spoken


def test_a_record_has_each_value_as_it_is_spelled_with_its_graph(found: Records) -> None:
    prices = {
        (one.graph, one.value.value)
        for one in found.record(f"{EX}one").statements
        if one.predicate == f"{EX}price" and isinstance(one.value, Text)
    }
    assert prices == {("", "1.50"), (f"{EX}g", "1.5")}


def test_a_record_has_what_points_at_it_through_nameless_things_too(found: Records) -> None:
    pointing = {
        (one.graph, one.predicate, one.value)
        for one in found.record(f"{EX}one").pointers
        if isinstance(one.value, Link)
    }
    assert pointing == {
        ("", f"{EX}near", Link(f"{EX}three")),
        (f"{EX}g", f"{EX}near", Link(f"{EX}two")),
        *(("", f"{EX}tool", Link(f"{EX}{name}")) for name in ("four", "five", "six")),
    }


def test_nameless_things_are_nested_and_lists_have_members(found: Records) -> None:
    record = found.record(f"{EX}one")
    start = record.first(f"{EX}start")
    assert isinstance(start, Nested)
    inner = {one.predicate: one.value for one in start.statements}
    assert inner[f"{EX}count"] == Text("01", "", f"{ns.XSD}integer")
    assert isinstance(inner[f"{EX}at"], Nested)
    assert record.first(f"{EX}members") == Nested(
        members=(Link(f"{EX}two"), Text("b"), Nested(members=(Link(f"{EX}three"),)))
    )


def test_a_list_that_bites_its_tail_ends(tmp_path: Path) -> None:
    cells = f"_:a <{ns.FIRST}> 1 ; <{ns.REST}> _:b . _:b <{ns.FIRST}> 2 ; <{ns.REST}> _:a ."
    data = serving.bare(tmp_path, f"<{EX}x> <{EX}p> _:a . {cells}")
    assert Records(data).record(f"{EX}x").statements


def test_a_description_follows_nameless_things_and_keeps_spellings(found: Records) -> None:
    written = turtle.ntriples(found.triples(f"{EX}one")).decode()
    assert f'<{EX}price> "1.50"^^' in written
    assert f'<{EX}count> "01"^^' in written
    assert f"<{EX}place> <{EX}two>" in written
    assert "Zwei" not in written


def test_properties_come_in_order_class_and_names_first(found: Records) -> None:
    order = [predicate for predicate, _ in found.record(f"{EX}one").said_in("")]
    assert order[:3] == [ns.TYPE, f"{ns.SKOS}prefLabel", f"{ns.RDFS}label"]
    assert order[3:] == [f"{EX}members", f"{EX}price", f"{EX}start"]


def test_what_nobody_speaks_of_is_not_found(found: Records) -> None:
    for iri in (f"{EX}nothing", "no iri at all", "http://[", ""):
        assert not found.knows(iri)
        with pytest.raises(errors.NotFound, match="nothing is known"):
            found.record(iri)


def test_what_is_only_pointed_at_is_known(rays: Records) -> None:
    licence = rays.record("https://creativecommons.org/publicdomain/zero/1.0/")
    assert licence.statements == ()
    assert {one.value for one in licence.pointers} == {
        Link(f"{STRAHLEN}dataset"),
        Link(f"{STRAHLEN}ontology"),
    }


def test_kinds_come_from_the_addresses_and_their_names_from_the_data(rays: Records) -> None:
    kinds = {kind.name: (kind.label.value, len(kind.members)) for kind in rays.kinds()}
    assert kinds["erwaehnung"][0] == "Erwähnung"
    assert kinds["abschnitt"][0] == "Abschnitt"
    assert kinds["person"] == ("person", 6)


def test_a_kind_is_not_called_by_a_wider_class_of_others(essay: Dataset) -> None:
    labels = {kind.name: kind.label.value for kind in Records(essay).kinds()}
    assert labels["edition"] == "edition"
    assert labels["citation"] == "in-text citation"


def test_the_things_of_a_kind_are_in_the_order_of_their_numbers(rays: Records) -> None:
    (sections,) = (kind for kind in rays.kinds() if kind.name == "abschnitt")
    labels = [rays.label(iri).value for iri in sections.members]
    assert labels.index("Abschnitt 1") == 0
    assert labels == sorted(labels, key=lambda label: int(label.rpartition(" ")[2]))


def test_a_document_lists_the_terms_that_it_defines(rays: Records) -> None:
    terms = rays.terms(f"{STRAHLEN}ontology")
    assert f"{STRAHLEN}ontology#Abschnitt" in terms
    assert f"{STRAHLEN}ontology" not in terms
    of_all = {str(triple.subject).strip("<>") for triple in rays.triples(f"{STRAHLEN}ontology")}
    assert set(terms) <= of_all


def test_what_was_derived_comes_last(rays: Records) -> None:
    record = rays.record(f"{STRAHLEN}id/person/roentgen")
    assert record.graphs()[0] == f"{STRAHLEN}graph/text"
    lenard = rays.record(f"{STRAHLEN}id/person/lenard")
    assert lenard.graphs()[-1] == f"{STRAHLEN}graph/inferred"


def test_outside_sources_come_after_the_readings(rays: Records) -> None:
    graphs = [f"{STRAHLEN}graph/{name}" for name in ("text", "deutung", "enrichment-lebensdaten")]
    assert rays.record(f"{STRAHLEN}id/begriff/x-strahlen").graphs()[:3] == tuple(graphs)


def test_each_statement_knows_where_it_stands_in_the_source(rays: Records) -> None:
    places = {str(one.place) for one in rays.record(f"{STRAHLEN}id/ort/würzburg").statements}
    assert places == {"data/text/orte.ttl:16", "data/text/orte.ttl:17"}


def test_the_comment_of_a_question_is_english_where_the_data_prefer_no_language(
    tmp_path: Path,
) -> None:
    asked = f"""
@prefix rdfs: <{ns.RDFS}> .
@prefix sh: <{ns.SH}> .
<{EX}ask> a sh:SPARQLSelectExecutable ; sh:select "SELECT * {{ ?s ?p ?o }}" ;
  rdfs:comment "Alles."@de , "Whatever there is."@en , "Tout."@fr .
"""
    (question,) = Records(serving.bare(tmp_path, asked)).questions()
    assert question.comment == Text("Whatever there is.", "en", f"{ns.RDF}langString")


def test_saved_questions_are_found_with_their_words(essay: Dataset) -> None:
    asked = Records(essay).questions()
    assert len(asked) >= 30
    assert all(one.form == "SELECT" and "SELECT" in one.query for one in asked)
    assert len({one.iri for one in asked}) == len(asked)


def test_names_are_sorted_as_readers_look_for_them() -> None:
    names = ["Wright", "Élisée Reclus", "elastic", "Note 10", "Note 9", "Ekaterina"]
    looked_for = ["Ekaterina", "elastic", "Élisée Reclus", "Note 9", "Note 10", "Wright"]
    assert sorted(names, key=ns.alphabetic_order) == looked_for
    # Figures, and letters of Persian that the table of Unicode has after all others of the script.
    figures, letters = ["\u06f2", "\u06f1\u06f0"], "پ\u200cس تس خس ژس سس کس گس مس"
    persian = [*figures, *letters.split(" ")]
    assert sorted(sorted(persian), key=ns.alphabetic_order) == persian
    things = {f"{EX}{number}": name for number, name in enumerate(names)}
    found = in_order(things, lambda iri: Text(things[iri]))
    assert [things[iri] for iri in found] == looked_for
