"""A data set in memory as a source; what is counted is counted once, when it is first asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.sources.values import (
    Called,
    Excerpt,
    Members,
    Text,
    best_labels,
    by_document,
    called,
    in_order,
)


class Local:
    """Answers as `Source` says, from a data set that is wholly there."""

    distant = False

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._labels = best_labels(dataset.description, _naming(dataset, ns.LABELS))

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Count the statements of each graph."""
        return {name: len(graph) for name, graph in self.dataset.graphs.items()}

    def meet(self, iris: Iterable[str]) -> None:
        """Do nothing: everything is known already."""

    def label(self, iri: str) -> Text | None:
        """Give the best label of an IRI."""
        return self._labels.get(iri)

    def is_subject(self, iri: str) -> bool:
        """Say whether the data say something of an IRI."""
        return iri in self._spoken_of

    def knows(self, iri: str) -> bool:
        """Say whether the data speak of an IRI."""
        return iri in self._known

    def said(self, iris: Sequence[str]) -> Dataset:
        """Give the whole."""
        return self.dataset

    def pointing(self, iri: str) -> Excerpt:
        """Give the whole."""
        return Excerpt(self.dataset, {})

    def names(self, properties: Sequence[str]) -> Iterator[Called]:
        """Give the texts that some properties hold."""
        return called(_naming(self.dataset, properties))

    def leading(self, iris: Sequence[str], properties: Sequence[str] = ()) -> Dataset:
        """Give the whole."""
        return self.dataset

    def used(self, properties: Sequence[str]) -> frozenset[str]:
        """Give those of some properties that a graph beside the rules uses."""
        rules = self.dataset.shapes_graph
        graphs = [graph for name, graph in self.dataset.graphs.items() if name != rules]
        return frozenset(
            one
            for one in properties
            if any(
                next(iter(graph.quads_for_predicate(turtle.Named(one))), None) for graph in graphs
            )
        )

    def kinds(self) -> Sequence[Members]:
        """Give the things below `void:uriSpace`, kind by kind."""
        return self._kinds

    def subjects(self) -> Sequence[str]:
        """Give every IRI of which something is said, by label."""
        return self._subjects

    def defined(self, document: str) -> Sequence[str]:
        """Give the IRIs that a document defines."""
        return self._terms.get(document, ())

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        return frozenset(
            subject.value
            for graph in self.dataset.graphs.values()
            for subject in graph.subjects()
            if isinstance(subject, turtle.Named)
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        pointed_at = (
            value.value
            for graph in self.dataset.graphs.values()
            for value in graph.objects()
            if isinstance(value, turtle.Named)
        )
        return self._spoken_of.union(filter(None, self.dataset.graphs), pointed_at, self._terms)

    @cached_property
    def _subjects(self) -> tuple[str, ...]:
        return in_order(self._spoken_of, self.label)

    @cached_property
    def _terms(self) -> Mapping[str, Sequence[str]]:
        return by_document(self.dataset.base, self._spoken_of)

    @cached_property
    def _kinds(self) -> tuple[Members, ...]:
        about = self.dataset.description
        members: defaultdict[str, list[str]] = defaultdict(list)
        if about is not None:
            # A name that was retired, and no longer has a class, is none of the things.
            typed = self._typed()
            for iri in self._subjects:
                name, slash, _ = iri.removeprefix(about.uri_space).partition("/")
                if slash and iri.startswith(about.uri_space) and iri in typed:
                    members[name].append(iri)
        classes = self._classes({iri: name for name, iris in members.items() for iri in iris})
        return tuple(Members(name, tuple(iris), classes[name]) for name, iris in members.items())

    def _typed(self) -> frozenset[str]:
        return frozenset(
            subject.value
            for graph in self.dataset.graphs.values()
            for subject, _ in graph.said_with(turtle.Named(ns.TYPE))
            if isinstance(subject, turtle.Named)
        )

    def _classes(self, kinds: Mapping[str, str]) -> Mapping[str, Counter[str]]:
        """Count by kind the classes that its members are said to be of."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for graph in self.dataset.graphs.values():
            for quad in graph.quads_for_predicate(turtle.Named(ns.TYPE)):
                name = kinds.get(getattr(quad.subject, "value", ""))
                if name is not None and isinstance(quad.object, turtle.Named):
                    found[name][quad.object.value] += 1
        return found


def _naming(dataset: Dataset, properties: Sequence[str]) -> Iterator[turtle.Triple]:
    for graph in dataset.graphs.values():
        for property_ in properties:
            for quad in graph.quads_for_predicate(turtle.Named(property_)):
                yield quad.triple
