"""Values as pages show them, read out of a data set or an excerpt of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.records.values import Link, Nested, Statement, Value
from publish.sources import Text, text_of

_DEEPEST = 16


class Reading:
    """Reads values out of a data set, or an excerpt of one."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def statement(self, graph: str, triple: turtle.Triple) -> Statement:
        """Give what one triple says."""
        return Statement(
            graph,
            triple.predicate.value,
            self._value(graph, triple.object, 0),
            self._dataset.place(graph, triple),
        )

    def closed(self, iri: str) -> set[turtle.Triple]:
        """Give what is said of a thing, with what is said of the nameless things it leads to."""
        found: set[turtle.Triple] = set()
        for graph, triple in self._dataset.outgoing(iri):
            found.add(triple)
            found |= self._closure(graph, triple.object)
        return found

    def _value(self, graph: str, term: turtle.Term, depth: int) -> Value:
        if isinstance(term, turtle.Named):
            return Link(term.value)
        if isinstance(term, turtle.Literal):
            return text_of(term)
        if isinstance(term, turtle.Blank) and depth < _DEEPEST:
            return self._nested(graph, term, depth + 1)
        return Text(str(term))

    def _nested(self, graph: str, node: turtle.Blank, depth: int) -> Nested:
        members = self._members(graph, node, depth)
        if members is not None:
            return Nested(members=members)
        found = sorted(self._dataset.graphs[graph].quads_for_subject(node), key=str)
        return Nested(
            tuple(
                Statement(graph, quad.predicate.value, self._value(graph, quad.object, depth))
                for quad in found
            )
        )

    def _members(self, graph: str, head: turtle.Term, depth: int) -> tuple[Value, ...] | None:
        """Give the members of a list (RDF Schema 5.2), or nothing where it is none."""
        members: list[Value] = []
        seen: set[turtle.Term] = set()
        while isinstance(head, turtle.Blank) and head not in seen:
            seen.add(head)
            cell = {
                quad.predicate.value: quad.object
                for quad in self._dataset.graphs[graph].quads_for_subject(head)
            }
            if cell.keys() != {ns.FIRST, ns.REST}:
                return None
            members.append(self._value(graph, cell[ns.FIRST], depth))
            head = cell[ns.REST]
        return tuple(members) if head == turtle.Named(ns.NIL) else None

    def _closure(self, graph: str, term: turtle.Term) -> set[turtle.Triple]:
        found: set[turtle.Triple] = set()
        todo, seen = [term], {term}
        while todo:
            node = todo.pop()
            if not isinstance(node, turtle.Blank):
                continue
            for quad in self._dataset.graphs[graph].quads_for_subject(node):
                found.add(quad.triple)
                if quad.object not in seen:
                    seen.add(quad.object)
                    todo.append(quad.object)
        return found

    def pointers(self, iri: str) -> Iterator[Statement]:
        """Give what points at a thing, those with a name that nameless things hang from."""
        for graph, triple in self._dataset.incoming(iri):
            for owner in sorted(self._owners(graph, triple.subject) - {iri}):
                place = self._dataset.place(graph, triple)
                yield Statement(graph, triple.predicate.value, Link(owner), place)

    def _owners(self, graph: str, subject: turtle.Subject) -> set[str]:
        """Name what leads to a subject: itself, or all that a nameless one hangs from."""
        owners: set[str] = set()
        below = {subject}
        for _ in range(_DEEPEST):
            owners.update(one.value for one in below if isinstance(one, turtle.Named))
            nameless = [one for one in below if not isinstance(one, turtle.Named)]
            pointing = map(self._dataset.graphs[graph].quads_for_object, nameless)
            below = {quad.subject for quad in chain.from_iterable(pointing)}
        return owners


def linked(statements: Iterable[Statement]) -> Iterator[str]:
    """Give every IRI that a page about statements names."""
    for one in statements:
        yield one.predicate
        todo = [one.value]
        while todo:
            value = todo.pop()
            if isinstance(value, Link):
                yield value.iri
            elif isinstance(value, Nested):
                todo += value.members or ()
                todo += [inner.value for inner in value.statements]


def classes_of(statements: Sequence[Statement]) -> tuple[str, ...]:
    """Give the classes of a thing, each once."""
    found = (one.value for one in statements if one.predicate == ns.TYPE)
    return tuple(dict.fromkeys(value.iri for value in found if isinstance(value, Link)))
