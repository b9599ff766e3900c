"""Copies: what was copied from one thing to another and never changed.

Two concepts of one definition, or two claims in the same words, cannot be told apart: one of the
two was begun as a copy of the other, or both are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import Stated, by_thing, values
from publish.validation import Finding, stated


def copied(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find definitions that two things share, and claims that say the same; retired ones may."""
    retired = by_thing(graphs, ns.OWL + "deprecated").keys()
    yield from _shared(dataset, by_thing(graphs, ns.SKOS + "definition"), retired, "is defined")
    towards = dataset.below((ns.TOWARDS,), ns.RDFS + "subPropertyOf")[ns.TOWARDS]
    claims = {claim for said in values(graphs, *sorted(towards)).values() for claim in said}
    yield from _shared(dataset, _labels(graphs, claims), retired, "is worded")


def _labels(
    graphs: Mapping[str, Graph], things: Collection[turtle.Term]
) -> Mapping[turtle.Term, Stated]:
    """Give the labels of a few things; of all there are many more."""
    label = turtle.Named(ns.RDFS + "label")
    found: defaultdict[turtle.Term, Stated] = defaultdict(list)
    for name, graph in graphs.items():
        for thing, text in graph.said_with(label) if things else ():
            if thing in things:
                found[thing].append((name, turtle.Triple(thing, label, text)))
    return found


def _shared(
    dataset: Dataset,
    said: Mapping[turtle.Term, Stated],
    retired: Iterable[turtle.Term],
    how: str,
) -> Iterator[Finding]:
    first: dict[turtle.Term, turtle.Term] = {}
    passed = {*retired}
    for thing in sorted(said.keys() - passed, key=str):
        for name, triple in said[thing]:
            other = first.setdefault(triple.object, thing)
            if other != thing:
                short = ns.short(getattr(other, "value", ""), dataset.prefixes)
                message = f"{short} {how} so too, word for word; tell them apart, or make them one"
                yield stated(dataset, name, triple, "warning", message, ns.USES)
