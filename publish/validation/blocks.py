"""What no shape can say, since it sees triples and not where they stand.

A thing has one block in a layer, its kind is said in one layer, and every file is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, passed_over
from publish.graphs import Place
from publish.validation.findings import Finding, term_text


def scattered(dataset: Dataset) -> Iterator[Finding]:
    """Find things that more than one file of a graph speaks of."""
    for graph in dataset.graphs.values():
        for subject, (first, *others) in graph.scattered():
            for place in others:
                message = f"has a block in {first} too; keep one block for a thing in a layer"
                yield _warning(place, term_text(subject), message)


def typed_twice(dataset: Dataset) -> Iterator[Finding]:
    """Find things of which two graphs say what kind they are."""
    first: dict[turtle.Subject, tuple[str, turtle.Triple]] = {}
    for name, graph in dataset.graphs.items():
        if name == dataset.inferred_graph:
            continue  # it stands nowhere
        for quad in graph.quads_for_predicate(turtle.Named(ns.TYPE)):
            said, triple = first.setdefault(quad.subject, (name, quad.triple))
            if said != name:
                where, place = dataset.place(said, triple), graph.place(quad.triple)
                if where and place:
                    message = f"is typed in {where} too; say in one layer what kind a thing is"
                    yield _warning(place, term_text(quad.subject), message)


def unread(dataset: Dataset) -> Iterator[Finding]:
    """Find files that look like those of a data set, and are not read."""
    for path in passed_over(dataset.root):
        message = "is not read, since only *.ttl and *.sssom.tsv are; convert or rename it"
        yield _warning(Place(path, 1), "", message)


def _warning(place: Place, focus: str, message: str) -> Finding:
    return Finding(
        *(place.path, place.line, "warning", focus, message, "", "", 0, ""), component=ns.BLOCKS
    )
