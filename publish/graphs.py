"""Keep the triples of a graph, as they are spelled and with their lines, in little memory.

Each term is kept once and each triple as three numbers, sorted: an eighth of what an
`pyoxigraph.Dataset` takes, which has six indexes and no lines. A graph never changes once it is
made; it answers what is said of a thing and what points at it in the time that the answer takes.
Terms are never rewritten: `1.50` stays `1.50`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, groupby, islice, pairwise, repeat
from typing import NamedTuple, Protocol, TypeAlias

import pyoxigraph as ox

Subject: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Pair: TypeAlias = tuple[ox.NamedNode, Term]

Statement: TypeAlias = tuple[Subject, ox.NamedNode, Term, int]
"""A triple in its parts, and the line that it stands on; 0 is nowhere."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how much of a work is done, and how much there is in all."""

# A triple and its number of arrival as one number, so that Python sorts them quickly.
_BITS = 32
_LOW = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a triple stands: a file, relative to the data set's folder, and a line from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Triples(Protocol):
    """A set of triples that can be walked through by subject, without a copy of it."""

    def __len__(self) -> int: ...

    def subjects(self) -> Iterable[Subject]:
        """Give everything that something is said of, once."""
        ...

    def said_of(self, subject: Subject) -> Iterator[Pair]:
        """Give what is said of a thing, each property and value once."""
        ...

    def with_blanks(self) -> Iterator[ox.Triple]:
        """Give the triples that mention a blank node, each once."""
        ...


class Watched:
    """Triples that tell how many of them have been walked through."""

    def __init__(self, triples: Triples, tell: Callable[[int], None]) -> None:
        self._triples = triples
        self._tell = tell

    def __len__(self) -> int:
        return len(self._triples)

    def subjects(self) -> Iterable[Subject]:
        """Give everything that something is said of, once."""
        return self._triples.subjects()

    def said_of(self, subject: Subject) -> Iterator[Pair]:
        """Give what is said of a thing, and tell how much that is."""
        found = tuple(self._triples.said_of(subject))
        self._tell(len(found))
        return iter(found)

    def with_blanks(self) -> Iterator[ox.Triple]:
        """Give the triples that mention a blank node, each once."""
        return self._triples.with_blanks()


class Columns(NamedTuple):
    """Triples as three columns of numbers, each of which is the place of a term among `terms`."""

    terms: Sequence[Term]
    subjects: Sequence[int]
    predicates: Sequence[int]
    objects: Sequence[int]

    def triple(self, number: int) -> ox.Triple:
        """Give one of the triples."""
        s, p, o = self.subjects[number], self.predicates[number], self.objects[number]
        return ox.Triple(self.terms[s], self.terms[p], self.terms[o])  # type: ignore[arg-type]


class Graph:
    """The triples of one graph; made by `Packing` or from triples that stand nowhere."""

    def __init__(self, triples: Iterable[ox.Triple] = (), *, like: Graph | None = None) -> None:
        """Pack triples; those that another graph has too stand where they stand in it."""
        packing = Packing()
        if like is None:
            packing.add(((*triple, 0) for triple in triples), None)
        else:
            packing.add_placed((triple, like.place(triple)) for triple in triples)
        self._keep(packing)

    def _keep(self, packing: Packing) -> None:
        packed, numbers = packing.packed, packing.numbers
        packed.sort()
        # What follows the same triple is the same, said once more.
        neighbours = pairwise(chain((-1,), packed))
        kept = [one for before, one in neighbours if one >> _BITS != before >> _BITS]
        self._again = () if len(kept) == len(packed) else _said_again(packing)
        self._terms: tuple[Term, ...] = tuple(numbers)
        self._numbers = numbers
        self._paths = packing.paths
        self._s = array("I", [one >> 3 * _BITS for one in kept])
        self._p = array("I", [one >> 2 * _BITS & _LOW for one in kept])
        self._o = array("I", [one >> _BITS & _LOW for one in kept])
        self._files = array("I", [packing.files[one & _LOW] for one in kept])
        self._lines = array("I", [packing.lines[one & _LOW] for one in kept])
        said = Counter(self._s)
        ends = accumulate((said.get(number, 0) for number in range(len(numbers))), initial=0)
        self._begins = array("I", ends)

    def __len__(self) -> int:
        return len(self._s)

    def __iter__(self) -> Iterator[ox.Quad]:
        return self.quads(ox.DefaultGraph())

    def __contains__(self, said: object) -> bool:
        return isinstance(said, ox.Triple | ox.Quad) and self.says(
            said.subject, said.predicate, said.object
        )

    def says(self, subject: Subject, predicate: ox.NamedNode, value: Term) -> bool:
        """Say whether a triple is among these."""
        return self._find(subject, predicate, value) >= 0

    def speaks_of(self, subject: Term) -> bool:
        """Say whether anything is said of a thing."""
        number = self._numbers.get(subject, -1)
        return number >= 0 and self._begins[number] < self._begins[number + 1]

    def triples(self) -> Iterator[ox.Triple]:
        """Give the triples, always in the same order."""
        return map(self._triple, range(len(self._s)))

    def quads(self, name: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
        """Give the triples as quads of the graph with this name, quickly."""
        term = self._terms.__getitem__
        columns = (map(term, self._s), map(term, self._p), map(term, self._o))
        # To be told of the default graph takes the engine longer than to make the rest of a quad.
        names = () if isinstance(name, ox.DefaultGraph) else (repeat(name),)
        return map(ox.Quad, *columns, *names)

    def quads_for_subject(self, subject: Term) -> Iterator[ox.Quad]:
        """Give what is said of a thing."""
        return map(self._quad, self._range(subject))

    def quads_for_predicate(self, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
        """Give what is said with a property."""
        return map(self._quad, self._with(predicate))

    def said_with(self, predicate: ox.NamedNode) -> Iterator[tuple[Subject, Term]]:
        """Give what is said with a property: of which thing, and which value."""
        terms = self._terms
        for number in self._with(predicate):
            yield terms[self._s[number]], terms[self._o[number]]  # type: ignore[misc]

    def numbers_for_predicate(self, predicate: ox.NamedNode) -> Iterator[tuple[int, int]]:
        """Give what is said with a property as numbers of `columns`, which are sooner compared."""
        found = self._with(predicate)
        return zip(map(self._s.__getitem__, found), map(self._o.__getitem__, found), strict=True)

    def triples_for_predicate(self, predicate: ox.NamedNode) -> Iterator[ox.Triple]:
        """Give what is said with a property, as triples, which are sooner made than quads."""
        return map(self._triple, self._with(predicate))

    def values(self, predicate: ox.NamedNode) -> Counter[Term]:
        """Count how often each value is given to a property."""
        numbers = Counter(map(self._o.__getitem__, self._with(predicate)))
        return Counter({self._terms[number]: times for number, times in numbers.items()})

    def quads_for_object(self, value: Term) -> Iterator[ox.Quad]:
        """Give what points at a thing, or has a text as its value."""
        number = self._numbers.get(value, -1)
        if number < 0:
            return iter(())
        order, column = self._by_object, self._o.__getitem__
        start = bisect_left(order, number, key=column)
        return map(self._quad, order[start : bisect_right(order, number, start, key=column)])

    def subjects(self) -> Iterator[Subject]:
        """Give everything that something is said of, once."""
        before = -1
        for number in self._s:
            if number != before:
                before = number
                yield self._terms[number]  # type: ignore[misc]

    def objects(self) -> Iterator[Term]:
        """Give everything that is pointed at or stated, once."""
        return map(self._terms.__getitem__, sorted(set(self._o)))

    def said_of(self, subject: Subject) -> Iterator[Pair]:
        """Give what is said of a thing, each property and value once."""
        terms = self._terms
        found = self._range(subject)
        here = slice(found.start, found.stop)
        for p, o in zip(self._p[here], self._o[here], strict=True):
            yield terms[p], terms[o]  # type: ignore[misc]

    def with_blanks(self) -> Iterator[ox.Triple]:
        """Give the triples that mention a blank node."""
        names = (ox.NamedNode, ox.Literal)  # as nearly all terms are
        blank = {
            number
            for number, term in enumerate(self._terms)
            if not isinstance(term, names) and mentions_blank(term)
        }
        if not blank:
            return
        for place, (subject, value) in enumerate(zip(self._s, self._o, strict=True)):
            if subject in blank or value in blank:
                yield self._triple(place)

    def blocks(self) -> Iterator[str]:
        """Give the graph as Turtle, quickly and in no order that means anything."""
        spelled = tuple(map(_spelled, self._terms))
        pairs = zip(self._p, self._o, strict=True)
        said = (f"{spelled[predicate]} {spelled[value]}" for predicate, value in pairs)
        for subject, (begin, end) in enumerate(pairwise(self._begins)):
            if begin < end:
                yield f"{spelled[subject]} {' ; '.join(islice(said, end - begin))} .\n"

    def columns(self) -> Columns:
        """Give the triples as numbers of terms, for what counts them rather than reads them."""
        return Columns(self._terms, self._s, self._p, self._o)

    def place(self, triple: ox.Triple) -> Place | None:
        """Say where a triple stands, first if it does several times."""
        found = self._find(*triple)
        return None if found < 0 else self._place(found)

    def placed(self) -> Iterator[tuple[ox.Triple, Place]]:
        """Give each triple that stands somewhere, with its place."""
        for number in range(len(self._s)):
            place = self._place(number)
            if place is not None:
                yield self._triple(number), place

    def repeated(self) -> Iterator[tuple[ox.Triple, Place]]:
        """Give each triple that stands somewhere once more, with that place."""
        for (subject, predicate, value), place in self._again:
            terms = self._terms
            yield ox.Triple(terms[subject], terms[predicate], terms[value]), place  # type: ignore[arg-type]

    def scattered(self) -> Iterator[tuple[Subject, list[Place]]]:
        """Give each thing that several files speak of, with its first place in each."""
        several = Counter(number for number, _ in {*zip(self._s, self._files, strict=True)})
        for number in sorted(number for number, files in several.items() if files > 1):
            subject: Subject = self._terms[number]  # type: ignore[assignment]
            found: dict[str, Place] = {}
            places = map(self._place, self._range(subject))
            for place in sorted(filter(None, places), key=_by_file):
                found.setdefault(place.path, place)
            if len(found) > 1:
                yield subject, list(found.values())

    # --- numbers ---------------------------------------------------------------------------

    def _triple(self, number: int) -> ox.Triple:
        terms = self._terms
        return ox.Triple(terms[self._s[number]], terms[self._p[number]], terms[self._o[number]])  # type: ignore[arg-type]

    def _quad(self, number: int) -> ox.Quad:
        terms = self._terms
        return ox.Quad(terms[self._s[number]], terms[self._p[number]], terms[self._o[number]])  # type: ignore[arg-type]

    def _place(self, number: int) -> Place | None:
        path = self._paths[self._files[number]]
        return None if path is None else Place(path, self._lines[number])

    def _find(self, subject: Subject, predicate: ox.NamedNode, value: Term) -> int:
        """Give the number of a triple, or -1."""
        found = self._range(subject)
        known = self._numbers.get
        p, o = known(predicate, -1), known(value, -1)
        if p < 0 or o < 0 or not found:
            return -1
        start = bisect_left(self._p, p, found.start, found.stop)
        stop = bisect_right(self._p, p, start, found.stop)
        place = bisect_left(self._o, o, start, stop)
        return place if place < stop and self._o[place] == o else -1

    def _range(self, subject: Term) -> range:
        number = self._numbers.get(subject, -1)
        if number < 0:
            return range(0)
        return range(self._begins[number], self._begins[number + 1])

    def _with(self, predicate: ox.NamedNode) -> Sequence[int]:
        """Give the numbers of the triples that have a property."""
        number = self._numbers.get(predicate, -1)
        return self._by_predicate.get(number, ()) if number >= 0 else ()

    @cached_property
    def _by_object(self) -> array[int]:
        return array("I", sorted(range(len(self._o)), key=self._o.__getitem__))

    @cached_property
    def _by_predicate(self) -> Mapping[int, array[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place, number in enumerate(self._p):
            found[number].append(place)
        return {number: array("I", places) for number, places in found.items()}


def _said_again(packing: Packing) -> tuple[tuple[tuple[int, int, int], Place], ...]:
    """Give the numbers of triples that follow their like, in sorted order, and their places."""
    found = []
    for before, one in pairwise(packing.packed):
        path = packing.paths[packing.files[one & _LOW]]
        if one >> _BITS == before >> _BITS and path is not None:
            triple = (one >> 3 * _BITS, one >> 2 * _BITS & _LOW, one >> _BITS & _LOW)
            found.append((triple, Place(path, packing.lines[one & _LOW])))
    return tuple(found)


class _Numbers(dict[Term, int]):
    """Numbers terms from 0, in the order in which they are first asked for."""

    def __missing__(self, term: Term) -> int:
        number = self[term] = len(self)
        return number


class Packing:
    """Triples on their way into a graph, from one file after another."""

    def __init__(self) -> None:
        self.packed: list[int] = []
        self.numbers = _Numbers()
        self.paths: list[str | None] = []
        self.files, self.lines = array("I"), array("I")

    def add(self, statements: Iterable[Statement], path: str | None) -> None:
        """Add what a file states; without a path it stands nowhere."""
        if path not in self.paths[-1:]:
            self.paths.append(path)
        number = self.numbers
        packed, lines = self.packed.append, self.lines.append
        for arrival, (subject, predicate, value, line) in enumerate(statements, len(self.lines)):
            triple = (number[subject] << _BITS | number[predicate]) << _BITS | number[value]
            packed(triple << _BITS | arrival)
            lines(line)
        self.files.extend(repeat(len(self.paths) - 1, len(self.lines) - len(self.files)))

    def add_placed(self, placed: Iterable[tuple[ox.Triple, Place | None]]) -> None:
        """Add triples with the places that they have, if any."""
        for path, group in groupby(placed, key=lambda one: one[1] and one[1].path):
            self.add(((*triple, place.line if place else 0) for triple, place in group), path)

    def graph(self) -> Graph:
        """Give the graph of all that was added."""
        made = Graph.__new__(Graph)
        made._keep(self)
        return made


def _by_file(place: Place) -> tuple[str, int]:
    return (place.path, place.line)


def _spelled(term: Term) -> str:
    """Write a term as in Turtle; one that is a triple has its brackets only within another."""
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


def mentions_blank(term: Term | ox.DefaultGraph) -> bool:
    """Say whether a term is a blank node, or a triple that has one."""
    if isinstance(term, ox.Triple):
        return any(map(mentions_blank, (term.subject, term.object)))
    return isinstance(term, ox.BlankNode)
