"""What the graphs of a data set state by some properties, thing by thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from publish import turtle
from publish.graphs import Graph

Stated: TypeAlias = list[tuple[str, turtle.Triple]]
"""Triples, each with the graph that states it."""


def values(
    graphs: Mapping[str, Graph], *properties: str
) -> Mapping[turtle.Term, list[turtle.Term]]:
    """Give the values that some properties of each thing have, one property after the other."""
    found: defaultdict[turtle.Term, list[turtle.Term]] = defaultdict(list)
    for named in map(turtle.Named, properties):
        for graph in graphs.values():
            for thing, value in graph.said_with(named):
                found[thing].append(value)
    return found


def by_thing(graphs: Mapping[str, Graph], *properties: str) -> Mapping[turtle.Term, Stated]:
    """Give what is stated of each thing by some properties, one after the other."""
    found: defaultdict[turtle.Term, Stated] = defaultdict(list)
    for named in map(turtle.Named, properties):
        for name, graph in graphs.items():
            for triple in graph.triples_for_predicate(named):
                found[triple.subject].append((name, triple))
    return found
