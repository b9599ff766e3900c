"""What several graphs named for the default graph say, they say once (SPARQL 1.1 Query 13.2)."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import dataset, settings, stores
from publish.dataset import Dataset
from publish.stores import Job, evaluation, merging

JSON = "application/sparql-results+json"
GRAPHS = ("http://x/a", "http://x/b", "http://x/c")
TRIG = """
@prefix : <http://x/> .
:a { :s :p :o , :q . :o :p :s . :s :label "a" }
:b { :s :p :o . :o :p :s . :s :only :b }
:c { :z :p 1 }
:apart { :s :p :o . :s :p :apart }
"""
EVERY = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


@pytest.fixture
def local(tmp_path: Path) -> evaluation.LocalStore:
    path = tmp_path / "data.trig"
    path.write_text(TRIG, encoding="utf-8")
    return evaluation.open_store(dataset.load_file(path))


def answer(local: evaluation.LocalStore, text: str, **more) -> list[tuple[str, ...]]:
    job = Job("PREFIX : <http://x/> " + text, JSON, rows=sys.maxsize, size=sys.maxsize, **more)
    said = json.loads(evaluation.evaluate(local, job).body)
    names = said["head"].get("vars", ())
    if "boolean" in said:
        return [(str(said["boolean"]),)]
    rows = said["results"]["bindings"]
    return sorted(tuple(row.get(name, {}).get("value", "") for name in names) for row in rows)


def merged(graphs: Iterable[str], named: Iterable[str] = ()) -> evaluation.LocalStore:
    """A store whose default graph is the merge, made by hand."""
    kept = ox.Store()
    every = ox.Store()
    every.load(TRIG.encode(), format=ox.RdfFormat.TRIG)
    for quad in every:
        name = str(getattr(quad.graph_name, "value", ""))
        if name in graphs:
            kept.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        if name in named:
            kept.add(quad)
    return evaluation.LocalStore(kept, "", {}, {})


@pytest.mark.parametrize(
    "body",
    [
        "{ ?s ?p ?o }",
        "{ ?s :p/:p ?o }",
        "{ ?s :p+ ?o }",
        "{ ?s :p*/:p ?o }",
        "{ ?s (:p|:only) ?o }",
        "{ ?s !:label ?o }",
        "{ ?s :p ?o OPTIONAL { ?o :p ?back } }",
        "{ ?s :p ?o MINUS { ?s :only ?any } }",
        "{ ?s :only ?o FILTER EXISTS { ?s :p ?any } }",
        "{ ?s :only ?o BIND(EXISTS { ?s :label ?any } AS ?p) }",
        "{ { SELECT ?s (COUNT(?o) AS ?p) { ?s :p ?o } GROUP BY ?s } }",
        "{ GRAPH ?o { ?s :p :o } ?s :p :q }",
        "{ GRAPH :b { ?s :p ?o } ?s :p ?o }",
        "{ GRAPH ?p { ?s :only ?o } FILTER NOT EXISTS { GRAPH :a { ?s :only ?o } } }",
    ],
)
def test_every_kind_of_query_sees_the_merge(local, body: str) -> None:
    named = ("http://x/a", "http://x/b")
    from_named = " ".join(f"FROM NAMED <{name}>" for name in named)
    from_ = " ".join(f"FROM <{name}>" for name in GRAPHS)
    expected = answer(merged(GRAPHS, named), f"SELECT ?s ?p ?o {body}")
    assert answer(local, f"SELECT ?s ?p ?o {from_} {from_named} {body}") == expected
    asked = {"default_graphs": GRAPHS, "named_graphs": named}
    assert answer(local, f"SELECT ?s ?p ?o {body}", **asked) == expected
    assert answer(local, f"ASK {from_} {from_named} {body}") == [(str(bool(expected)),)]


@given(
    holds=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12),
    asked=st.lists(st.integers(0, 4), max_size=6),
    prepared=st.booleans(),
)
def test_whatever_graphs_hold_each_triple_counts_once(
    holds, asked: list[int], prepared: bool
) -> None:
    store = ox.Store()
    for graph, value in holds:
        name, said = ox.NamedNode(f"urn:{graph}"), ox.NamedNode(f"urn:v{value}")
        store.add(ox.Quad(said, said, said, name))
    sizes = {
        f"urn:{graph}": len({value for at, value in holds if at == graph}) for graph in range(4)
    }
    local = evaluation.LocalStore(store, "", {}, {}, merging=merging.Merging(sizes, ()))
    if prepared:
        local.prepare()
    before = set(store)
    from_ = " ".join(f"FROM <urn:{graph}>" for graph in asked)
    expected = {value for graph, value in holds if graph in asked}
    count = len(expected) if asked else 0
    assert answer(local, EVERY.format(from_)) == [(str(count),)]
    assert set(store) == before


@pytest.mark.parametrize("prepared", [False, True])
def test_a_graph_that_is_named_twice_counts_once(local, prepared: bool) -> None:
    if prepared:
        local.prepare()
    assert answer(local, EVERY.format("FROM :a FROM :a")) == [("4",)]
    assert answer(local, EVERY.format("FROM :a FROM :a FROM :none FROM :c")) == [("5",)]


def test_nobody_sees_what_was_copied(local) -> None:
    names = "SELECT DISTINCT ?g { GRAPH ?g {} }"
    before = answer(local, names)
    text = "SELECT * FROM :a FROM :b FROM NAMED :a FROM NAMED :c { GRAPH ?g { ?s ?p ?o } }"
    assert {row[0] for row in answer(local, text)} == {"http://x/a", "http://x/c"}
    assert answer(local, names) == before
    with pytest.raises(Exception, match="expected"):
        answer(local, "SELECT FROM :a FROM :b { ?s ?p ?o }")
    assert answer(local, names) == before


def test_the_patterns_of_an_account_are_counted_in_the_merge(local) -> None:
    job = Job(
        "SELECT * FROM <http://x/a> FROM <http://x/b> { ?s <http://x/p> ?o }",
        JSON,
        rows=100,
        size=10**6,
        explain=True,
    )
    said = json.loads(evaluation.evaluate(local, job).body)
    assert said["rows"] == 3
    assert [one["solutions"] for one in said["patterns"]] == [3]


def test_graphs_that_have_nothing_in_common_are_not_copied(local) -> None:
    local.prepare()
    assert not local.merging.needed(local.store, ("http://x/a", "http://x/c"))
    assert local.merging.needed(local.store, ("http://x/a", "http://x/b"))
    answer(local, EVERY.format("FROM :a FROM :c"))
    assert local.merging._copied == 0


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("many", [merging._MANY, 0])
def test_the_layers_of_a_folder_are_merged(
    foreign: Dataset, monkeypatch, many: int, prepared: bool
) -> None:
    # In a large one nobody looks which graphs have something in common.
    monkeypatch.setattr(merging, "_MANY", many)
    local = evaluation.open_store(foreign)
    if prepared:
        local.prepare()
    from_ = " ".join(f"FROM <{name}>" for name in foreign.graphs if name)
    every = {triple for graph in foreign.graphs.values() for triple in graph.triples()}
    assert answer(local, EVERY.format(from_)) == [(str(len(every)),)]
    layers = [name for name in foreign.graphs if name != foreign.shapes_graph]
    from_ = " ".join(f"FROM <{name}>" for name in layers)
    assert answer(local, EVERY.format(from_)) == answer(local, EVERY.format(""))


def test_a_worker_that_copied_much_is_replaced(local, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(merging, "_COPIED", 0)
    data = dataset.load_file(tmp_path / "data.trig")
    pool = stores.open_pool(data, settings.read({}, {"query_workers": "1"}))
    pool.wait()

    async def ask_one(text: str) -> None:
        await pool.run(Job("PREFIX : <http://x/> " + text, JSON, rows=100, size=10**6))

    async def both() -> None:
        await ask_one(EVERY.format("FROM :a"))
        for text, kept in (
            (EVERY.format("FROM :a"), True),
            (EVERY.format("FROM :a FROM :b"), False),
        ):
            following = pool._idle[-1]
            await ask_one(text)
            assert (following in pool._idle) is kept

    try:
        asyncio.run(both())
    finally:
        pool.close()


def test_layers_of_a_large_folder_that_have_nothing_in_common_are_not_copied(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(merging, "_MANY", 0)
    path = tmp_path / "data.trig"
    path.write_text(TRIG.partition(":b {")[0] + ":c { :z :p 1 }", encoding="utf-8")
    local = evaluation.open_store(dataset.load_file(path), "union")
    assert answer(local, EVERY.format("FROM :a FROM :c")) == [("5",)]
    assert local.merging._copied == 0


def test_what_only_the_default_graph_says_hides_nothing_that_two_others_share(
    tmp_path: Path,
) -> None:
    path = tmp_path / "data.trig"
    path.write_text("@prefix : <http://x/> . :s :p :own . :a { :s :p :o } :b { :s :p :o }")
    local = evaluation.open_store(dataset.load_file(path), "union")
    assert answer(local, EVERY.format("FROM :a FROM :b")) == [("1",)]
