"""Labels beside the IRIs of an answer, in every form and format."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
import serving

from publish import errors
from publish.stores import Job, evaluation

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
DATA = """
@prefix : <http://x/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:a :p :b ; skos:prefLabel "A"@en, "Ah"@de ; rdfs:label "a" .
:b :p "text" ; rdfs:label "B\\"<b>, "@en-GB .
:c :p :none .
"""
ROWS = "SELECT ?s ?o { ?s <http://x/p> ?o } ORDER BY ?s"
NT = "application/n-triples"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> evaluation.LocalStore:
    return evaluation.open_store(serving.bare(tmp_path_factory.mktemp("labels"), DATA))


def asked(store, text: str, media: str, labels: tuple[str, ...] | None = (), **more: Any) -> bytes:
    job = Job(text, media, rows=100, size=10_000, labels=labels)
    return evaluation.evaluate(store, job._replace(**more)).body


def test_a_column_of_labels_stands_behind_each_column_with_iris(store) -> None:
    said = json.loads(asked(store, ROWS, JSON))
    assert said["head"]["vars"] == ["s", "sLabel", "o", "oLabel"]
    rows = said["results"]["bindings"]
    assert [row.get("sLabel", {}).get("value") for row in rows] == ["A", 'B"<b>, ', None]
    assert [row.get("oLabel", {}).get("value") for row in rows] == ['B"<b>, ', None, None]
    assert rows[0]["sLabel"] == {"type": "literal", "xml:lang": "en", "value": "A"}


def test_the_other_formats_say_the_same(store) -> None:
    rows = json.loads(asked(store, ROWS, JSON))["results"]["bindings"]
    for media, format_ in ((XML, ox.QueryResultsFormat.XML), (TSV, ox.QueryResultsFormat.TSV)):
        found = ox.parse_query_results(asked(store, ROWS, media), format_)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        assert names == ["s", "sLabel", "o", "oLabel"]
        for row, expected in zip(found, rows, strict=True):
            for name in names:
                value = getattr(row[name], "value", None)
                assert value == expected.get(name, {}).get("value")
    lines = asked(store, ROWS, CSV).decode().split("\r\n")
    assert lines[:2] == ["s,sLabel,o,oLabel", 'http://x/a,A,http://x/b,"B""<b>, "']


@pytest.mark.parametrize(
    ("languages", "label"), [((), "A"), (("de",), "Ah"), (("fr", "de"), "Ah"), (("en",), "A")]
)
def test_the_language_that_is_asked_for_comes_first(store, languages, label: str) -> None:
    said = json.loads(asked(store, ROWS, JSON, languages))
    assert said["results"]["bindings"][0]["sLabel"]["value"] == label


def test_a_column_of_the_reader_is_left_alone(store) -> None:
    text = "SELECT ?s ('mine' AS ?sLabel) (1 AS ?n) { ?s <http://x/p> <http://x/b> }"
    said = json.loads(asked(store, text, JSON))
    assert said["head"]["vars"] == ["s", "sLabel", "n"]
    assert said["results"]["bindings"][0]["sLabel"]["value"] == "mine"


def test_without_the_switch_nothing_is_added(store) -> None:
    assert json.loads(asked(store, ROWS, JSON, None))["head"]["vars"] == ["s", "o"]
    assert asked(store, "ASK {}", JSON) == asked(store, "ASK {}", JSON, None)


def test_a_graph_is_followed_by_the_labels_of_what_it_names(store) -> None:
    text = "CONSTRUCT { ?s <http://x/p> ?o } { ?s <http://x/p> ?o FILTER(isIRI(?o)) }"
    plain = set(asked(store, text, NT, None).decode().splitlines())
    assert set(asked(store, text, NT, ("de",)).decode().splitlines()) - plain == {
        '<http://x/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Ah"@de .',
        '<http://x/b> <http://www.w3.org/2000/01/rdf-schema#label> "B\\"<b>, "@en-gb .',
    }


def test_what_a_graph_labels_itself_is_not_labelled_twice(store) -> None:
    lines = asked(store, "DESCRIBE <http://x/a>", NT).decode().splitlines()
    assert len(lines) == len(set(lines))
    assert sum("<http://x/b> " in line and "label" in line for line in lines) == 1


def test_labels_count_within_the_limits(store) -> None:
    size = len(asked(store, ROWS, JSON, None))
    assert asked(store, ROWS, JSON, None, size=size)
    with pytest.raises(errors.QueryTooLarge):
        asked(store, ROWS, JSON, size=size)
    text = "CONSTRUCT { ?s <http://x/p> ?o } { ?s <http://x/p> ?o }"
    assert asked(store, text, NT, None, rows=3)
    with pytest.raises(errors.QueryTooLarge):
        asked(store, text, NT, rows=3)
