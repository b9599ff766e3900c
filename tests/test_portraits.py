"""Portraits: what a thing is, where the text speaks of it, who knows what; and nothing left out."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import namespaces as ns
from publish import portraits, turtle
from publish.catalogue import Catalogue
from publish.dataset import Dataset, load
from publish.portraits import Portrait, Portraits
from publish.records import Link, Records, Statement, Text

STRAHLEN = "https://example.org/strahlen/"


@pytest.fixture(scope="module")
def gallery(either: Dataset) -> Portraits:
    return Portraits(Catalogue(Records(either)))


@pytest.fixture(scope="module")
def strahlen(foreign: Dataset) -> Portraits:
    return Portraits(Catalogue(Records(foreign)))


@pytest.fixture(scope="module")
def of_essay(essay: Dataset) -> Portraits:
    return Portraits(Catalogue(Records(essay)))


def some(data: Dataset, every: int = 7) -> list[str]:
    """Give things of each kind."""
    kinds = Records(data).kinds()
    return [iri for kind in kinds for iri in kind.members[:: max(every, len(kind.members) // 4)]]


def said(portrait: Portrait) -> set[Statement]:
    """Gather every statement that a portrait shows."""
    grouped = [many for group in portrait.facts for _, many in group.properties]
    grouped += [many for part in portrait.outside for _, many in part.facts]
    shown = {one for many in grouped for one in many}
    shown |= {one.statement for one in (*portrait.outward, *portrait.refused)}
    shown |= {*portrait.forms.values()}
    return shown | {*portrait.telling, *portrait.names, *portrait.dates}


def test_everything_that_is_said_of_a_thing_stands_in_some_section(
    gallery: Portraits, either: Dataset
) -> None:
    in_passage = gallery.roles.of(ns.IN_PASSAGE)
    for iri in some(either):
        portrait = gallery.portrait(iri)
        places = {one.passage.iri for one in portrait.sightings}
        shown = {(one.predicate, one.value) for one in said(portrait)}
        for one in portrait.record.statements:
            if one.predicate in in_passage and isinstance(one.value, Link):
                assert one.value.iri in places
            elif isinstance(one.value, Link) and one.value.iri in {p.iri for p in portrait.parts}:
                assert portrait.passage
            elif one.predicate != ns.TYPE and one.value != portrait.record.label:
                assert (one.predicate, one.value) in shown, one


def test_everything_that_points_at_a_thing_stands_in_some_section(
    gallery: Portraits, either: Dataset
) -> None:
    for iri in some(either):
        portrait = gallery.portrait(iri)
        assert portrait.rest is not None
        shown = {one.value.iri for one in portrait.rest.pointers if isinstance(one.value, Link)}
        shown |= {way.record for one in portrait.sightings for way in one.ways}
        shown |= {one.iri for one in portrait.owned} | {one.iri for one in portrait.parts}
        shown |= {one.record for one in portrait.owned}
        for gathering in portrait.carried:
            shown |= {one.iri for one in gathering.items}
            shown |= {way.record for one in gathering.items for way in one.ways}
        for part in portrait.outside:
            shown |= {
                s.value.iri for _, many in part.pointers for s in many if isinstance(s.value, Link)
            }
        turned = gallery.roles.turned
        told = {(turned.get(s.predicate), s.value) for s in portrait.record.statements}
        for one in portrait.record.pointers:
            assert isinstance(one.value, Link)
            if one.predicate == ns.OWL + "annotatedSource":
                continue  # told with the link that it is the reason for
            assert one.value.iri in shown or (one.predicate, one.value) in told, (iri, one)


def test_what_a_thing_says_itself_does_not_point_at_it_again(
    of_essay: Portraits, essay: Dataset
) -> None:
    ours = f"{essay.base}ontology#opposedTo"
    portrait = of_essay.portrait(f"{essay.base}id/concept/mutual-aid")
    facts = {name for group in portrait.facts for name, _ in group.properties}
    pointing = {one.predicate for one in portrait.rest.pointers} if portrait.rest else set()
    assert {ours, ns.SKOS + "related", ns.SKOS + "broader"} <= facts
    assert pointing.isdisjoint({ours, ns.SKOS + "related", ns.SKOS + "narrower"})
    # What is said in one direction alone stays: a work names what it is about.
    assert ns.SCHEMA + "about" in pointing


def test_the_classes_that_say_most_come_without_those_above_them(
    of_essay: Portraits, essay: Dataset
) -> None:
    edition = of_essay.portrait(f"{essay.base}id/edition/kropotkin-1902")
    assert edition.classes == (ns.FABIO + "Book",)
    thesis = of_essay.portrait(f"{essay.base}id/edition/wright-1988")
    assert thesis.classes == (ns.FABIO + "Thesis", ns.FABIO + "Expression")
    person = of_essay.portrait(f"{essay.base}id/person/kropotkin-peter")
    assert ns.FOAF + "Agent" in person.record.types
    assert person.classes == (ns.FOAF + "Person",)


def test_how_a_name_is_misspelled_is_the_last_of_the_facts(
    of_essay: Portraits, essay: Dataset
) -> None:
    portrait = of_essay.portrait(f"{essay.base}id/person/kropotkin-peter")
    facts = [name for group in portrait.facts for name, _ in group.properties]
    assert facts[-1] == ns.SKOS + "hiddenLabel"


def test_a_name_that_is_a_record_too_stands_once_and_leads_to_it(
    of_essay: Portraits, essay: Dataset
) -> None:
    portrait = of_essay.portrait(f"{essay.base}id/concept/self-valorization")
    facts = dict(pair for group in portrait.facts for pair in group.properties)
    assert ns.SKOSXL + "hiddenLabel" not in facts
    (misprint,) = facts[ns.SKOS + "hiddenLabel"]
    form = portrait.forms[misprint].value
    assert isinstance(form, Link)
    assert form.iri.startswith(f"{essay.base}id/name/")


def test_what_only_an_outside_source_connects_is_not_where_the_text_speaks_of_a_thing(
    of_essay: Portraits, essay: Dataset
) -> None:
    first = f"{essay.base}id/edition/kropotkin-1892"
    translation = f"{essay.base}id/edition/kropotkin-1906"
    portrait = of_essay.portrait(first)
    pointing = [
        one.value
        for part in portrait.outside
        for name, many in part.pointers
        for one in many
        if name.endswith("#translationOf")
    ]
    assert pointing == [Link(translation)]
    assert translation not in {way.record for one in portrait.sightings for way in one.ways}


def test_a_claim_says_first_who_holds_it_and_who_does_not(
    of_essay: Portraits, essay: Dataset
) -> None:
    claim = f"{essay.base}id/claim/future-by-blueprint"
    found = of_essay.portrait(claim).stances
    pairs = [(one.attitude.value, one.holder) for one in found]
    assert len(pairs) == len(set(pairs)) > 3
    assert pairs == sorted(pairs, key=lambda pair: pair[0])
    assert ("rejects", f"{essay.base}id/person/kropotkin-peter") in pairs
    assert of_essay.portrait(f"{essay.base}id/concept/mutual-aid").stances == ()


def test_facts_of_outside_sources_stand_in_the_same_order_as_those_of_the_text(
    of_essay: Portraits, essay: Dataset
) -> None:
    outside = of_essay.portrait(f"{essay.base}id/person/kropotkin-peter").outside
    assert max(len(source.facts) for source in outside) > 2
    for source in outside:
        names = [of_essay._records.label(name).value for name, _ in source.facts]
        spelled = [name for name, _ in source.facts if name.startswith(ns.SKOSXL)]
        assert names[: len(names) - len(spelled)] == sorted(names[: len(names) - len(spelled)])


def test_passages_come_in_reading_order_with_their_pages(
    of_essay: Portraits, essay: Dataset
) -> None:
    passages = of_essay.frame.passages
    numbers = [one.number for one in passages]
    assert numbers.index("2") < numbers.index("2.9") < numbers.index("2.10") < numbers.index("3")
    assert all(one.pages and one.pages[0] <= one.pages[1] for one in passages)
    notes = [one for one in passages if one.called_in]
    assert notes
    for one in notes:
        assert numbers.index(one.number) > [p.iri for p in passages].index(one.called_in)
    order = {one.iri: n for n, one in enumerate(passages)}
    for iri in some(essay, 40):
        places = [order[one.passage.iri] for one in of_essay.portrait(iri).sightings]
        assert places == sorted(places)


def test_a_thing_is_sighted_where_records_that_name_it_stand(
    of_essay: Portraits, essay: Dataset
) -> None:
    assert essay.description is not None
    (concept,) = (iri for iri in essay.description.examples if "/concept/" in iri)
    sightings = of_essay.portrait(concept).sightings
    found = {one.passage.number: [way.times for way in one.ways if way.times] for one in sightings}
    naming = [
        str(triple.subject.value)
        for _, triple in essay.incoming(concept)
        if isinstance(triple.subject, turtle.Named) and triple.predicate.value.endswith("hasBody")
    ]
    assert naming
    for record in naming:
        stated = {
            triple.predicate.value.rpartition("#")[2]: getattr(triple.object, "value", "")
            for _, triple in essay.outgoing(record)
        }
        assert int(stated["occurrences"]) in found[stated["inPassage"].rpartition("/")[2]]


def test_a_role_is_the_manner_of_a_mention_or_else_what_lists_call_it(
    strahlen: Portraits, of_essay: Portraits, essay: Dataset
) -> None:
    sightings = of_essay.portrait(f"{essay.base}id/concept/self-valorization").sightings
    roles = {way.role.value for one in sightings for way in one.ways}
    assert {"named", "edition", "work", "relation", "treatment of a concept", "claim"} == roles
    (one,) = strahlen.portrait(f"{STRAHLEN}id/begriff/aether").sightings
    assert one.passage.number == "17"
    (way,) = one.ways
    assert (way.role.value, way.role.language, way.times) == ("Erwähnung", "de", 1)


def test_a_work_is_sighted_where_its_editions_are(of_essay: Portraits, essay: Dataset) -> None:
    assert essay.description is not None
    (edition,) = (iri for iri in essay.description.examples if "/edition/" in iri)
    (work,) = of_essay._catalogue.entry(edition).linked("work")
    portrait = of_essay.portrait(work.iri)
    assert edition in {one.iri for one in portrait.owned}
    assert edition in {way.part for one in portrait.sightings for way in one.ways}


def test_a_person_has_works_in_the_order_of_time_with_the_role(
    of_essay: Portraits, essay: Dataset
) -> None:
    assert essay.description is not None
    (person,) = (iri for iri in essay.description.examples if "/person/" in iri)
    owned = of_essay.portrait(person).owned
    years = [one.date.value[:4] for one in owned if one.date and one.date.value[:4].isdecimal()]
    assert len(years) > 3
    assert years == sorted(years)
    assert all(one.role and one.role.value for one in owned)


def test_a_word_before_a_year_does_not_move_a_work(of_essay: Portraits, essay: Dataset) -> None:
    edition = f"{essay.base}id/edition/alquati-negri-sormano-1976"
    entry = of_essay._catalogue.entry(edition)
    assert entry.date and entry.date.label.startswith("circa ")
    for share in entry.shares:
        owned = of_essay.portrait(share.agent.iri).owned
        years = [re.findall(r"\d+", one.date.value)[0] for one in owned if one.date]
        assert years == sorted(years)


LETTERS = """\
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix plant: <https://example.org/garden/id/plant/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

plant:sage a schema:Person ; skos:prefLabel "Sage"@en , "Sage"@fr , "Salbei"@de .
plant:1 a schema:CreativeWork ; rdfs:label "one"@en ; dcterms:creator plant:sage ; dcterms:date plant:t1 .
plant:2 a schema:CreativeWork ; rdfs:label "two"@en ; dcterms:creator plant:sage ; dcterms:date plant:t2 .
plant:t1 a crm:E52_Time-Span ; rdfs:label "20 May 1794"@en ; crm:P82a_begin_of_the_begin "1794-05-20"^^xsd:date .
plant:t2 a crm:E52_Time-Span ; rdfs:label "26 December 1792"@en ; crm:P82a_begin_of_the_begin "1792-12-26"^^xsd:date .
"""


@pytest.fixture
def sage(folder: Path) -> Portrait:
    (folder / "data/text/letters.ttl").write_text(LETTERS, encoding="utf-8")
    shown = Portraits(Catalogue(Records(load(folder))))
    return shown.portrait("https://example.org/garden/id/plant/sage")


def test_days_are_in_the_order_of_time_however_they_are_worded(sage: Portrait) -> None:
    assert [one.date.value for one in sage.owned if one.date] == ["26 December 1792", "20 May 1794"]


def test_the_same_words_in_another_language_are_told_by_the_language_alone(sage: Portrait) -> None:
    assert sage.alike == ("fr",)
    assert [one.value.value for one in sage.others if isinstance(one.value, Text)] == ["Salbei"]


def test_what_a_passage_carries_is_what_its_records_name(strahlen: Portraits) -> None:
    (carried,) = strahlen.frame.carried([f"{STRAHLEN}id/abschnitt/17"]).values()
    assert [one.kind.name for one in carried] == ["begriff"]
    assert [one.iri for one in carried[0].items] == [f"{STRAHLEN}id/begriff/aether"]
    portrait = strahlen.portrait(f"{STRAHLEN}id/abschnitt/17")
    before, after = portrait.around
    assert before and before.number == "14"
    assert after is None


def test_a_section_carries_what_its_passages_and_their_notes_carry(
    of_essay: Portraits, essay: Dataset
) -> None:
    frame, iri = of_essay.frame, f"{essay.base}id/passage/3"
    inside = next(many for whole, many in frame.sections if whole and whole.iri == iri)
    assert {"3.8", "fn16"} <= {one.number for one in inside}
    expected: dict[str, int] = {}
    for gatherings in frame.carried([one.iri for one in inside]).values():
        for gathering in gatherings:
            for one in gathering.items:
                expected[one.iri] = expected.get(one.iri, 0) + one.times
    portrait = of_essay.portrait(iri)
    assert {
        one.iri: one.times for gathering in portrait.carried for one in gathering.items
    } == expected
    facts = {name for group in portrait.facts for name, _ in group.properties}
    assert ns.DCTERMS + "hasPart" not in facts


def test_outside_sources_stand_apart_and_dates_come_first(strahlen: Portraits) -> None:
    portrait = strahlen.portrait(f"{STRAHLEN}id/person/roentgen")
    assert [one.graph for one in portrait.outside] == [f"{STRAHLEN}graph/enrichment-lebensdaten"]
    born, died = portrait.dates
    assert (born.predicate, died.predicate) == (ns.SCHEMA + "birthDate", ns.SCHEMA + "deathDate")


def test_links_out_have_confidence_and_justification(of_essay: Portraits, essay: Dataset) -> None:
    match = next(one for one in essay.matches if one.asserted)
    found = {
        one.statement.value.iri: one
        for one in of_essay.portrait(match.subject).outward
        if isinstance(one.statement.value, Link)
    }
    assert found[match.object].confidence == match.confidence
    assert found[match.object].justification == f"{ns.SEMAPV}ManualMappingCuration"
    assert found[match.object].seen == match.cells["object_source_version"]


def test_all_rows_of_the_tables_of_mappings_are_told(of_essay: Portraits, essay: Dataset) -> None:
    for subject in {match.subject for match in essay.matches}:
        portrait = of_essay.portrait(subject)
        rows = [match for match in essay.matches if match.subject == subject]
        told = {
            name: {
                (one.statement.value.iri, one.confidence, one.comment)
                for one in many
                if isinstance(one.statement.value, Link) and one.confidence is not None
            }
            for name, many in (
                ("made", portrait.outward),
                ("waiting", portrait.waiting),
                ("refused", portrait.refused),
            )
        }
        due: dict[str, set[tuple[str, float, str]]] = {name: set() for name in told}
        for row in rows:
            name = "refused" if row.refused else "made" if row.asserted else "waiting"
            due[name].add((row.object, row.confidence, row.cells.get("comment", "")))
        assert told == due


def test_shapes_say_in_which_order_facts_stand_and_terms_how_they_read_backwards(
    foreign: Dataset,
) -> None:
    terms = {
        "shapes": """
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix s: <urn:s:> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        s:last sh:path skos:inScheme ; sh:order 2 ; sh:group s:group .
        s:first sh:path skos:related ; sh:order 1 ; sh:group s:group .
        s:group a sh:PropertyGroup ; rdfs:label "Umfeld"@de ; sh:order 1 .""",
        "ontology": """
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix s: <urn:s:> .
        s:one owl:inverseOf s:other .""",
    }
    data = foreign
    for name, text in terms.items():
        graph = f"{STRAHLEN}graph/{name}"
        added = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
        data = data.with_graph(graph, [*data.triples(graph), *added])
    made = Portraits(Catalogue(Records(data)))
    assert made.roles.inverse == {"urn:s:one": "urn:s:other", "urn:s:other": "urn:s:one"}
    facts = made.portrait(f"{STRAHLEN}id/begriff/x-strahlen").facts
    assert [group.heading and group.heading.value for group in facts] == ["Umfeld", None]
    assert [name for name, _ in facts[0].properties] == [
        ns.SKOS + "related",
        ns.SKOS + "inScheme",
    ]


def test_each_section_has_a_query_that_runs(gallery: Portraits, either: Dataset) -> None:
    import serving

    things = list(some(either, 60))
    names = ("facts", "sightings", "carried", "outside", "outward", "rest")
    queries = [portraits.queries(gallery.roles, iri)[name] for iri in things for name in names]
    counted = iter(serving.counts(either, queries))
    for iri in things:
        portrait = gallery.portrait(iri)
        facts, sightings, *_ = [next(counted) for _ in names]
        assert facts >= len({(s.predicate, s.value) for s in portrait.record.statements})
        direct = [way for one in portrait.sightings for way in one.ways if not way.part]
        assert sightings >= len(direct)


def test_what_is_bare_of_passages_has_a_portrait_too(foreign: Dataset) -> None:
    kept = {name: g for name, g in foreign.graphs.items() if not name.endswith("/ontology")}
    made = Portraits(Catalogue(Records(dataclasses.replace(foreign, graphs=kept))))
    portrait = made.portrait(f"{STRAHLEN}id/begriff/aether")
    assert portrait.sightings == ()
    assert made.frame.passages == ()
    assert portrait.rest and portrait.rest.pointers
