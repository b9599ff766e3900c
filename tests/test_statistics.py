"""The figures are those that a reader would count by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import FOREIGN, RIVER, Runner

from publish import dataset, statistics

RECORDS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix river: <https://example.org/river/ontology#> .
@prefix p: <https://example.org/river/id/passage/> .
@prefix r: <https://example.org/river/id/record/> .
p:1 a river:Passage ; rdfs:label "Part 1" .
p:1.9 a river:Passage ; rdfs:label "Paragraph 1.9" ; dcterms:isPartOf p:1 .
p:1.10 a river:Passage ; rdfs:label "Paragraph 1.10" ; dcterms:isPartOf p:1 .
p:2 a river:Passage ; rdfs:label "Part 2" .
r:a river:stands p:1.9 ; river:because river:Printed .
r:b river:stands p:1.9 , p:1.10 .
r:c river:because river:Guessed .
"""
ROLES = """
@prefix fm: <https://w3id.org/folkmote#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix river: <https://example.org/river/ontology#> .
river:stands rdfs:subPropertyOf fm:inPassage .
river:because rdfs:subPropertyOf river:reason . river:reason rdfs:subPropertyOf fm:basis .
"""


@pytest.fixture
def river(tmp_path: Path) -> statistics.Statistics:
    for name in ("ontology", "shapes", "data/text"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "ontology" / "roles.ttl").write_text(ROLES, encoding="utf-8")
    (tmp_path / "data" / "dataset.ttl").write_text(RIVER, encoding="utf-8")
    (tmp_path / "data" / "text" / "all.ttl").write_text(RECORDS, encoding="utf-8")
    return statistics.measure(dataset.load(tmp_path))


def test_records_are_counted_by_what_they_name(river: statistics.Statistics) -> None:
    assert (river.records, river.with_passage, river.with_basis) == (3, 2, 2)


def test_a_passage_carries_its_own_records_and_those_of_its_parts(
    river: statistics.Statistics,
) -> None:
    assert [(found.label, found.records) for found in river.passages] == [
        ("Part 1", 3),
        ("Paragraph 1.9", 2),
        ("Paragraph 1.10", 1),
        ("Part 2", 0),
    ]


def test_parts_stand_with_their_whole(river: statistics.Statistics) -> None:
    groups = [
        (whole and whole.label, [part.label for part in parts]) for whole, parts in river.by_whole()
    ]
    assert groups == [("Part 1", ["Paragraph 1.9", "Paragraph 1.10"]), (None, ["Part 2"])]


def test_a_passage_without_records_is_named(river: statistics.Statistics) -> None:
    assert [found.label for found in river.empty] == ["Part 2"]


def test_things_are_counted_by_kind(river: statistics.Statistics) -> None:
    assert dict(river.kinds) == {"passage": 4, "record": 3}


def test_vocabularies_are_counted_by_use_the_most_used_first(
    river: statistics.Statistics,
) -> None:
    assert next(iter(river.vocabularies.items())) == ("river", 9)
    assert river.vocabularies["dcat"] == 1


def test_no_passage_of_the_shipped_data_set_is_empty() -> None:
    figures = statistics.measure(dataset.load(dataset.shipped()))
    assert len(figures.passages) == 67
    assert figures.empty == ()


def test_every_record_that_comes_from_the_essay_names_its_passage() -> None:
    """What an outside source says stands in no passage; it names its source instead."""
    shipped = dataset.load(dataset.shipped())
    figures = statistics.measure(shipped)
    outside = sum(
        str(triple.object) == "<https://w3id.org/ksv/ontology#OutsideRecord>"
        for graph, triples in shipped.graphs.items()
        for triple in triples
        if "/graph/enrichment-" in graph
    )
    assert figures.with_passage == figures.records - outside


def test_the_command_prints_the_figures_after_the_findings(run: Runner) -> None:
    found = run("check", "--statistics", FOREIGN)
    assert found.returncode == 0
    assert "12 records" in found.stdout
    assert re.search(r"^ +6  person$", found.stdout, re.MULTILINE)
