"""What the graphs of a data set state by one property, thing by thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from publish import turtle
from publish.graphs import Graph

Stated: TypeAlias = list[tuple[str, turtle.Triple]]
"""Triples, each with the graph that states it."""


def by_thing(graphs: Mapping[str, Graph], property_: str) -> Mapping[turtle.Term, Stated]:
    """Give what is stated of each thing by a property."""
    found: defaultdict[turtle.Term, Stated] = defaultdict(list)
    for name, graph in graphs.items():
        for quad in graph.quads_for_predicate(turtle.Named(property_)):
            found[quad.subject].append((name, quad.triple))
    return found
