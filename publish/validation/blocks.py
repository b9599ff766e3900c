"""What no shape can say, since it sees triples and not where they stand.

A thing has one block in a layer, its kind is said in one layer, and every file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from publish import namespaces as ns
from publish import turtle
from publish.dataset import FOLDERS, Dataset, is_like_source, passed_over
from publish.graphs import Graph, Place
from publish.validation.findings import Finding, term_text

_STATEMENTS = ".ttl"
_OF_LAYERS = "shapes/layer-"


def scattered(dataset: Dataset) -> Iterator[Finding]:
    """Find things that more than one file of a graph speaks of."""
    for graph in dataset.graphs.values():
        for subject, (first, *others) in graph.scattered():
            for place in others:
                message = f"has a block in {first} too; keep one block for a thing in a layer"
                yield _warning(place, term_text(subject), message)


def repeated(dataset: Dataset) -> Iterator[Finding]:
    """Find statements that a layer makes twice, and such as two layers make.

    Outside sources may well agree, and tables of links are read row by row; a thing with blocks in
    two files, or typed in two layers, is told as that.
    """
    for graph in dataset.graphs.values():
        first: dict[tuple[str, str, turtle.Subject | None], tuple[Place, str]] = {}
        for triple, place in graph.repeated():
            before = graph.place(triple)
            # The rules of one layer may well be those of another one.
            of_layers = before and before.path != place.path and place.path.startswith(_OF_LAYERS)
            if before and not of_layers and place.path.endswith(_STATEMENTS):
                # Of a copied file one line is enough.
                thing = triple.subject if before.path == place.path else None
                key = (place.path, before.path, thing)
                first.setdefault(key, (place, f"{before}"))
        for (_, _, subject), (place, where) in first.items():
            message = f"says what {where} says; delete what is said twice"
            yield _warning(place, term_text(subject), message)
    apart = [name for name in dataset.layers if not _is_outside(dataset, name)]
    for one, other in combinations(apart, 2):
        yield from _shared(dataset.graphs[one], dataset.graphs[other])


def _is_outside(dataset: Dataset, layer: str) -> bool:
    name = layer.removeprefix(f"{dataset.base}graph/")
    return name == "links" or name.partition("-")[0] == "enrichment"


def _shared(one: Graph, other: Graph) -> Iterator[Finding]:
    """Find the things of which two layers say the same, with the first statement that both make."""
    small, large = sorted((one, other), key=len)
    for subject in small.subjects():
        if large.speaks_of(subject):
            for predicate, value in small.said_of(subject):
                triple = turtle.Triple(subject, predicate, value)
                if predicate.value != ns.TYPE and triple in large:
                    here, there = small.place(triple), large.place(triple)
                    if here and there:
                        message = (
                            f"says what {there} says in another layer; keep it where it comes from"
                        )
                        yield _warning(here, term_text(subject), message)
                        break


def empty(dataset: Dataset) -> Iterator[Finding]:
    """Find files that state nothing, such as one that was never filled or was cut off."""
    for path in dataset.silent:
        message = "states nothing; fill the file, or delete it"
        yield _warning(Place(path, 1), "", message)


def typed_twice(dataset: Dataset) -> Iterator[Finding]:
    """Find things of which two graphs say what kind they are."""
    type_ = turtle.Named(ns.TYPE)
    first: dict[turtle.Subject, tuple[str, turtle.Term]] = {}
    for name, graph in dataset.graphs.items():
        if name == dataset.inferred_graph:
            continue  # it stands nowhere
        for thing, kind in graph.said_with(type_):
            said, before = first.setdefault(thing, (name, kind))
            if said != name:
                where = dataset.place(said, turtle.Triple(thing, type_, before))
                place = graph.place(turtle.Triple(thing, type_, kind))
                if where and place:
                    message = f"is typed in {where} too; say in one layer what kind a thing is"
                    yield _warning(place, term_text(thing), message)


def unread(dataset: Dataset) -> Iterator[Finding]:
    """Find files of a data set that are not read: by their names, or by where they stand.

    What does not even look like data, such as notes, is worth no more than a remark.
    """
    for path in passed_over(dataset.root):
        message = "is not read, since only *.ttl and *.sssom.tsv are; convert, rename or move it"
        if path.partition("/")[0] not in FOLDERS:
            message = "is not read, since it does not stand in data/, ontology/ or shapes/; move it"
        found = _warning(Place(path, 1), "", message)
        yield found if is_like_source(path) else replace(found, severity="info")


def _warning(place: Place, focus: str, message: str) -> Finding:
    return Finding(
        *(place.path, place.line, "warning", focus, message, "", "", 0, ""), component=ns.BLOCKS
    )
