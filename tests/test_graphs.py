"""A graph holds its triples as they are spelled, with their places, and never changes."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import graphs
from publish.graphs import Graph, Packing, Place

XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = st.sampled_from("abcdef").map(lambda name: ox.NamedNode(f"urn:x:{name}"))
BLANKS = st.sampled_from("pq").map(ox.BlankNode)
LITERALS = st.sampled_from(
    [ox.Literal(text, datatype=ox.NamedNode(XSD + "decimal")) for text in ("1.5", "1.50")]
    + [ox.Literal("x"), ox.Literal("x", language="en")]
)
STATED = st.builds(ox.Triple, NAMES, NAMES, st.one_of(NAMES, LITERALS))
VALUES = st.one_of(NAMES, LITERALS, BLANKS, STATED)
TRIPLES = st.builds(ox.Triple, st.one_of(NAMES, BLANKS), NAMES, VALUES)


def triple(text: str) -> ox.Triple:
    return ox.Triple(*(ox.NamedNode(f"urn:x:{name}") for name in text))


@given(st.lists(TRIPLES))
def test_a_graph_answers_as_a_set_of_triples_does(given: list[ox.Triple]) -> None:
    graph, known = Graph(given), set(given)
    assert len(graph) == len(known)
    assert set(graph.triples()) == {quad.triple for quad in graph} == known
    assert {quad.triple for quad in ox.parse("".join(graph.blocks()), ox.RdfFormat.TURTLE)} == known
    assert sorted(graph.subjects(), key=str) == sorted({t.subject for t in known}, key=str)
    assert sorted(graph.objects(), key=str) == sorted({t.object for t in known}, key=str)
    for name in {t.predicate for t in known}:
        assert graph.values(name) == Counter(t.object for t in known if t.predicate == name)
    for one in given:
        assert one in graph
        assert {q.triple for q in graph.quads_for_subject(one.subject)} == {
            t for t in known if t.subject == one.subject
        }
        assert {q.triple for q in graph.quads_for_predicate(one.predicate)} == {
            t for t in known if t.predicate == one.predicate
        }
        assert {q.triple for q in graph.quads_for_object(one.object)} == {
            t for t in known if t.object == one.object
        }
    assert set(graph.with_blanks()) == {
        t
        for t in known
        if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)
    }


@given(st.lists(TRIPLES), st.lists(TRIPLES), TRIPLES)
def test_what_was_not_put_in_is_not_found(
    given: list[ox.Triple], others: list[ox.Triple], other: ox.Triple
) -> None:
    graph = Graph(given)
    assert [one in graph for one in [*others, other]] == [one in given for one in [*others, other]]


def test_a_triple_stands_where_it_was_said_first() -> None:
    packing = Packing()
    packing.add([(*triple("abc"), 7), (*triple("abd"), 8), (*triple("abc"), 9)], "one.ttl")
    packing.add([(*triple("abc"), 1), (*triple("eee"), 2)], "two.ttl")
    graph = packing.graph()
    assert graph.place(triple("abc")) == Place("one.ttl", 7)
    assert graph.place(triple("eee")) == Place("two.ttl", 2)
    assert graph.place(triple("aaa")) is None
    assert {str(place) for _, place in graph.placed()} == {"one.ttl:7", "one.ttl:8", "two.ttl:2"}
    assert list(graph.repeated()) == [
        (triple("abc"), Place("one.ttl", 9)),
        (triple("abc"), Place("two.ttl", 1)),
    ]


def test_a_thing_in_several_files_is_found_with_its_first_place_in_each() -> None:
    packing = Packing()
    packing.add([(*triple("acc"), 5), (*triple("abc"), 6), (*triple("eee"), 7)], "two.ttl")
    packing.add([(*triple("add"), 3), (*triple("fff"), 4)], "one.ttl")
    assert list(packing.graph().scattered()) == [
        (ox.NamedNode("urn:x:a"), [Place("one.ttl", 3), Place("two.ttl", 5)])
    ]


def test_triples_keep_the_places_that_another_graph_gives_them() -> None:
    packing = Packing()
    packing.add([(*triple("abc"), 7)], "one.ttl")
    graph = Graph([triple("abc"), triple("abd")], like=packing.graph())
    assert graph.place(triple("abc")) == Place("one.ttl", 7)
    assert graph.place(triple("abd")) is None
    assert [place for _, place in graph.placed()] == [Place("one.ttl", 7)]


def test_a_million_triples_would_take_a_fifth_of_a_gibibyte() -> None:
    """Nothing is kept of a triple but three numbers, a line and a file, and of a term but itself."""
    import tracemalloc

    kinds = [ox.NamedNode(f"urn:x:p{number}") for number in range(10)]
    tracemalloc.start()
    try:
        graph = Graph(
            ox.Triple(ox.NamedNode(f"urn:x:{number // 10}"), kinds[number % 10], kinds[number % 7])
            for number in range(20_000)
        )
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(graph) == 20_000
    assert taken / len(graph) < 64


@pytest.mark.parametrize("inner", [ox.BlankNode("p"), ox.NamedNode("urn:x:p")])
def test_a_triple_term_that_holds_a_blank_node_mentions_one(inner: ox.BlankNode) -> None:
    term = ox.Triple(inner, ox.NamedNode("urn:x:p"), ox.Literal("x"))
    assert graphs.mentions_blank(term) == isinstance(inner, ox.BlankNode)
