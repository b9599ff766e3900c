"""Copies: what was copied from one thing to another and never changed.

Two concepts of one definition, or two claims in the same words, cannot be told apart: one of the
two was begun as a copy of the other, or both are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import Stated, by_thing
from publish.validation import Finding, stated


def copied(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find definitions that two things share, and claims that say the same; retired ones may."""
    retired = by_thing(graphs, ns.OWL + "deprecated").keys()
    yield from _shared(dataset, by_thing(graphs, ns.SKOS + "definition"), retired, "is defined")
    towards = dataset.below((ns.TOWARDS,), ns.RDFS + "subPropertyOf")[ns.TOWARDS]
    claims = {
        triple.object for said in by_thing(graphs, *sorted(towards)).values() for _, triple in said
    }
    if claims:
        labels = by_thing(graphs, ns.RDFS + "label")
        worded = {claim: labels[claim] for claim in claims & labels.keys()}
        yield from _shared(dataset, worded, retired, "is worded")


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
