"""What the graphs of a data set state by one property, thing by thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.graphs import Graph

Stated: TypeAlias = list[tuple[str, turtle.Triple]]
"""Triples, each with the graph that states it."""


def by_thing(graphs: Mapping[str, Graph], property_: str) -> Mapping[turtle.Term, Stated]:
    """Give what is stated of each thing by a property."""
    found: defaultdict[turtle.Term, Stated] = defaultdict(list)
    named = turtle.Named(property_)
    for name, graph in graphs.items():
        for triple in graph.triples_for_predicate(named):
            found[triple.subject].append((name, triple))
    return found


def playing(graphs: Mapping[str, Graph], roles: Collection[str]) -> frozenset[str]:
    """Give some roles of folkmote and the properties of a data set that play them."""
    found = {
        quad.subject.value
        for graph in graphs.values()
        for quad in graph.quads_for_predicate(turtle.Named(ns.RDFS + "subPropertyOf"))
        if getattr(quad.object, "value", "") in roles and isinstance(quad.subject, turtle.Named)
    }
    return frozenset({*roles, *found})
