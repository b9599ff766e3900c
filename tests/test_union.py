"""Several graphs are one, in which each triple counts once."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st
from test_graphs import TRIPLES

from publish.graphs import Graph
from publish.union import Union


@given(st.lists(st.lists(TRIPLES), max_size=4))
def test_several_graphs_are_one_in_which_each_triple_counts_once(
    several: list[list[ox.Triple]],
) -> None:
    union = Union(map(Graph, several))
    known = {one for some in several for one in some}
    assert len(union) == len(known)
    assert sorted(union, key=str) == sorted(known, key=str)
    pairs = [ox.Triple(s, p, o) for s in union.subjects() for p, o in union.said_of(s)]
    assert sorted(pairs, key=str) == sorted(known, key=str)
    blanks = list(union.with_blanks())
    assert len(blanks) == len(set(blanks))
