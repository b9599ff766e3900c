"""The functions beside those of SPARQL, asked as a query asks them."""

from __future__ import annotations

import json

import pytest
import serving

from publish.stores import Job, evaluation
from publish.stores.functions import functions

DATA = """
@prefix : <http://x/> .
:a :p "Peter Kropotkin"@en . :b :p "Karl Marx" . :c :p "Émile Pouget"@fr . :d :p <http://x/kropotkin> . :e :p 5 .
"""
PROLOGUE = "PREFIX fm: <https://w3id.org/folkmote#> PREFIX : <http://x/> "


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> evaluation.LocalStore:
    return evaluation.open_store(serving.bare(tmp_path_factory.mktemp("functions"), DATA))


def rows(store: evaluation.LocalStore, text: str, prologue: str = PROLOGUE) -> list[dict[str, str]]:
    job = Job(prologue + text, "application/sparql-results+json", rows=100, size=100_000)
    said = json.loads(evaluation.evaluate(store, job).body)
    return [
        {name: term["value"] for name, term in row.items()} for row in said["results"]["bindings"]
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [("kropot", ["a"]), ("EMILE", ["c"]), ("peter kropotkin", ["a"]), ("5", ["e"]), ("otkin", [])],
)
def test_texts_are_filtered_by_words(store, words: str, found: list[str]) -> None:
    said = rows(store, f'SELECT ?s {{ ?s :p ?o FILTER(fm:matches(?o, "{words}")) }} ORDER BY ?s')
    assert [row["s"] for row in said] == [f"http://x/{name}" for name in found]


def test_texts_are_ordered_by_how_near_they_come(store) -> None:
    said = rows(
        store, 'SELECT ?o (fm:likeness(?o, "kropotkn") AS ?near) { ?s :p ?o } ORDER BY DESC(?near)'
    )
    assert said[0]["o"] == "Peter Kropotkin"
    assert 0.8 < float(said[0]["near"]) < 1
    assert all(float(row["near"]) < 0.5 for row in said[1:] if "near" in row)


@pytest.mark.parametrize(
    "call",
    ["fm:matches(<http://x/a>, 'a')", "fm:matches('a', '')", "fm:matches('a')", "fm:matches()",
     "fm:likeness('a', <http://x/a>)", "fm:likeness('a', 'a', 'a')"],
)  # fmt: skip
def test_what_is_no_text_gives_no_value(store, call: str) -> None:
    assert rows(store, f"SELECT ({call} AS ?x) {{}}") == [{}]


def test_a_query_that_names_no_function_is_not_held_up_by_them(store) -> None:
    assert functions("SELECT * { ?s ?p ?o }") is None
    relative = "BASE <https://w3id.org/> SELECT (<folkmote#matches>('ab', 'a') AS ?x) {}"
    assert rows(store, relative, prologue="") == [{"x": "true"}]
