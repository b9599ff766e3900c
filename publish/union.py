"""Several graphs taken as one, without a copy of any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from publish.graphs import Graph, Pair, Subject, Term


class Union:
    """Several graphs taken as one, in which each triple counts once."""

    def __init__(self, graphs: Iterable[Graph]) -> None:
        self._graphs = tuple(graphs)

    def __len__(self) -> int:
        first = self._graphs[:1]
        return sum(map(len, first)) + sum(1 for _ in self._fresh(1))

    def __iter__(self) -> Iterator[ox.Triple]:
        return (ox.Triple(*statement) for statement in self._fresh(0))

    def subjects(self) -> Iterator[Subject]:
        """Give everything that something is said of, once."""
        for number, graph in enumerate(self._graphs):
            before = self._graphs[:number]
            for subject in graph.subjects():
                if not any(other.speaks_of(subject) for other in before):
                    yield subject

    def said_of(self, subject: Subject) -> Iterator[Pair]:
        """Give what is said of a thing, each property and value once."""
        several = [graph for graph in self._graphs if graph.speaks_of(subject)]
        if len(several) == 1:
            return several[0].said_of(subject)
        return iter(dict.fromkeys(pair for graph in several for pair in graph.said_of(subject)))

    def with_blanks(self) -> Iterator[ox.Triple]:
        """Give the triples that mention a blank node, each once."""
        yield from dict.fromkeys(triple for graph in self._graphs for triple in graph.with_blanks())

    def statements(self) -> Iterator[tuple[Subject, ox.NamedNode, Term]]:
        """Give each triple once, in its parts."""
        return self._fresh(0)

    def _fresh(self, start: int) -> Iterator[tuple[Subject, ox.NamedNode, Term]]:
        """Give what each graph, from one on, says that none before it does."""
        for number, graph in enumerate(self._graphs[start:], start):
            before = self._graphs[:number]
            for subject in graph.subjects():
                others = [other for other in before if other.speaks_of(subject)]
                for predicate, value in graph.said_of(subject):
                    if not any(other.says(subject, predicate, value) for other in others):
                        yield subject, predicate, value
