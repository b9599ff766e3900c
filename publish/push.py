"""Bring a release into a store elsewhere, so that readers never see a part of one.

The release is entered in the store's catalogue, its graphs are written under names of their
own, counted, and then shown to readers by one update. What was interrupted before that is
found by the catalogue and removed by the next run; readers go on with the release they had.

Follows SPARQL 1.1 Update and, where an address for it is given, the SPARQL 1.1 Graph Store HTTP
Protocol, which some stores need for nameless things and which is quicker in most.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.stores import catalogue
from publish.stores.catalogue import Catalogue, Stored
from publish.stores.endpoint import Endpoint, filled

BATCH = 10_000
"""How many triples go into one request."""
_DIGITS = 12

_COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH $graph { ?s ?p ?o } }"
_COUNT_EXACT = """
SELECT (COUNT(*) AS ?n) { GRAPH $graph { ?s ?p ?o
  FILTER(!isLiteral(?o) || LANG(?o) != "" || DATATYPE(?o) = $string)
} }
"""
_INSERT = "INSERT DATA { GRAPH $graph { $triples } }"


@dataclass(frozen=True)
class Target:
    """A store: where it is asked, where it is updated, and where graphs are loaded, if apart."""

    asked: Endpoint
    updated: Endpoint
    loaded: Endpoint | None = None

    def __enter__(self) -> Target:
        """Be open for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        for endpoint in filter(None, (self.asked, self.updated, self.loaded)):
            endpoint.__exit__()


@dataclass(frozen=True)
class Pushed:
    """What was done: the release that readers see now, and by graph how many values it merged.

    A store that knows values and not spellings keeps `1.5` and `1.50` as one.
    """

    release: Stored
    fresh: bool
    merged: dict[str, int]
    removed: int


def push(
    dataset: Dataset, software: str, target: Target, *, keep: int, tell: Callable[[str], None]
) -> Pushed:
    """Bring a data set, with what was derived, into a store and show it to readers.

    `keep` earlier releases stay. Raises `StoreError`; readers then see what they saw before.
    """
    about = dataset.description
    if about is None:
        raise errors.DescriptionError("only a data set can be pushed; a bare file has no base")
    graph = catalogue.graph_of(about.base)
    before = catalogue.read(target.asked, graph, about.iri)
    removed = _remove(target, before, [one for one in before.releases if not one.complete], tell)
    release = _planned(dataset, software, before)
    there = before.release(release.iri)
    fresh = there is None or not there.complete
    if fresh:
        catalogue.announce(target.updated, before, release)
        for public, actual in release.graphs.items():
            tell(f"loading {public}")
            _load(target, actual, dataset.triples(public))
        tell("loading the union of the graphs")
        _load(target, release.union, dataset.union())
    merged = _verified(dataset, release, target)
    catalogue.switch(target.updated, before, release.iri)
    others = [one for one in before.releases if one.complete and one.iri != release.iri]
    old = others[: max(0, len(others) - keep)]
    removed += _remove(target, before, old, tell)
    return Pushed(release, fresh, merged, removed)


def go_back(dataset_iri: str, base: str, target: Target) -> Stored:
    """Show readers the release before the one they see; raise `StoreAnswerError` without one."""
    found = catalogue.read(target.asked, catalogue.graph_of(base), dataset_iri)
    complete = [one for one in found.releases if one.complete]
    if not complete:
        raise errors.StoreAnswerError(
            f"the store holds no release of <{dataset_iri}>; name the folder of another data set"
        )
    places = [number for number, one in enumerate(complete) if one.iri == found.current]
    if not places or places[0] == 0:
        raise errors.StoreAnswerError("the store holds no release before the one that is shown")
    earlier = complete[places[0] - 1]
    catalogue.switch(target.updated, found, earlier.iri)
    return earlier


def _planned(dataset: Dataset, software: str, before: Catalogue) -> Stored:
    """Name a release and its graphs, the same for the same data and software."""
    about = dataset.description
    assert about is not None  # noqa: S101 - told apart before
    mark = hashlib.sha256(f"{dataset.digest} {software}".encode()).hexdigest()[:_DIGITS]
    iri = f"{about.base}release/{turtle_safe(about.version) or 'x'}-{mark}"
    graphs = {name: f"{iri}/{name.removeprefix(about.base)}" for name in dataset.graphs if name}
    there = before.release(iri)
    newest = max((one.order for one in before.releases), default=0)
    return Stored(
        iri=iri,
        dataset=about.iri,
        order=there.order if there and there.complete else newest + 1,
        version=about.version,
        digest=mark,
        union=f"{iri}/union",
        graphs=graphs,
        sizes={name: len(dataset.graphs[name]) for name in graphs},
        prefixes=dataset.prefixes,
    )


def turtle_safe(version: str) -> str:
    """Keep of a version what can stand in an IRI."""
    return "".join(sign for sign in version if sign.isascii() and (sign.isalnum() or sign in ".-_"))


def _remove(
    target: Target, of: Catalogue, releases: Iterable[Stored], tell: Callable[[str], None]
) -> int:
    count = 0
    for one in releases:
        tell(f"removing the {'release' if one.complete else 'unfinished release'} {one.iri}")
        catalogue.remove(target.updated, of, one)
        count += 1
    return count


# --- loading ---------------------------------------------------------------------------------


def _load(target: Target, graph: str, triples: Iterable[turtle.Triple]) -> None:
    for batch in _batches(triples):
        if target.loaded is not None:
            target.loaded.load(graph, turtle.ntriples(batch))
        else:
            target.updated.update(filled(_INSERT, graph=turtle.Named(graph), triples=batch))


def _batches(triples: Iterable[turtle.Triple]) -> Iterator[list[turtle.Triple]]:
    """Divide triples; those about nameless things stay together, since their names hold so far."""
    named: list[turtle.Triple] = []
    nameless: list[turtle.Triple] = []
    for triple in triples:
        blank = isinstance(triple.subject, turtle.Blank) or isinstance(triple.object, turtle.Blank)
        (nameless if blank else named).append(triple)
    if nameless:
        yield nameless
    for start in itertools.count(0, BATCH):
        batch = named[start : start + BATCH]
        if not batch:
            return
        yield batch


# --- counting --------------------------------------------------------------------------------


def _verified(dataset: Dataset, release: Stored, target: Target) -> dict[str, int]:
    """Compare what the store counts with what was sent; give what it merged by graph.

    Raises `StoreAnswerError` where more is missing than values that are spelled in two ways.
    """
    merged = {}
    sent = {actual: list(dataset.triples(name)) for name, actual in release.graphs.items()}
    for actual, triples in (*sent.items(), (release.union, list(dataset.union()))):
        values = sum(_is_value(triple.object) for triple in triples)
        exact = _counted(target, _COUNT_EXACT, actual, string=turtle.Named(ns.XSD + "string"))
        whole = _counted(target, _COUNT, actual)
        expected = len(triples) - values
        if exact != expected or not expected <= whole <= len(triples):
            raise errors.StoreAnswerError(
                f"the store holds {whole} of {len(triples)} statements of <{actual}>, so readers "
                "are not shown them; push again"
            )
        if whole != len(triples):
            merged[actual] = len(triples) - whole
    return merged


def _is_value(term: turtle.Term) -> bool:
    return (
        isinstance(term, turtle.Literal)
        and not term.language
        and term.datatype.value != ns.XSD + "string"
    )


def _counted(target: Target, query: str, graph: str, **terms: turtle.Term) -> int:
    rows = target.asked.select(filled(query, graph=turtle.Named(graph), **terms))
    value = getattr(rows[0][0], "value", "") if rows else ""
    return int(value) if value.isdecimal() else -1
