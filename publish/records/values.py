"""What a record is made of: a thing, what is said of it, and what points at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from publish import namespaces as ns
from publish.graphs import Place
from publish.sources import Text, words

_WORDS = (
    *ns.LABELS,
    ns.SKOS + "altLabel",
    ns.SKOS + "definition",
    ns.DCTERMS + "description",
    ns.RDFS + "comment",
)


@dataclass(frozen=True)
class Link:
    """A thing that has an IRI."""

    iri: str


@dataclass(frozen=True)
class Nested:
    """A thing without an IRI: what is said of it, or the members of a list."""

    statements: tuple[Statement, ...] = ()
    members: tuple[Value, ...] | None = None


Value: TypeAlias = Link | Text | Nested


@dataclass(frozen=True)
class Statement:
    """A property and a value, the graph that says so, and where that stands in the source.

    In what points at a thing, the value is the thing that points.
    """

    graph: str
    predicate: str
    value: Value
    place: Place | None = None


@dataclass(frozen=True)
class Record:
    """A thing: its label, its classes, what is said of it and what points at it.

    `totals` counts by property what points at it, all of which need not be among `pointers`.
    `around` are the graphs that speak of the data, their terms and rules, not of their subject.
    """

    iri: str
    label: Text
    types: tuple[str, ...]
    statements: tuple[Statement, ...]
    pointers: tuple[Statement, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    around: frozenset[str] = frozenset()

    def graphs(self) -> tuple[str, ...]:
        """Give the graphs that say something, the one that gives the class first."""
        names = dict.fromkeys(one.graph for one in self.statements)
        classing = {one.graph for one in self.statements if one.predicate == ns.TYPE}
        return tuple(sorted(names, key=lambda name: name not in classing))

    def said_in(self, graph: str) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """Give what one graph says, gathered by property, names and definitions first."""
        return _by_property(one for one in self.statements if one.graph == graph)

    def pointing(self) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """Give what points here, gathered by property, the data before what speaks of them."""

        def apart(group: tuple[str, tuple[Statement, ...]]) -> bool:
            return all(one.graph in self.around for one in group[1])

        return tuple(sorted(_by_property(self.pointers), key=apart))

    def first(self, predicate: str) -> Value | None:
        """Give the first value of a property."""
        return next((one.value for one in self.statements if one.predicate == predicate), None)


@dataclass(frozen=True)
class Kind:
    """The things whose IRIs share a folder; `label` is what most of them are."""

    name: str
    label: Text
    members: Sequence[str]


@dataclass(frozen=True)
class Question:
    """A saved question with its query, which uses the prefixes of the data set."""

    iri: str
    label: Text
    comment: Text | None
    form: str
    query: str


def _by_property(
    statements: Iterator[Statement] | Sequence[Statement],
) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        groups[one.predicate].append(one)

    def key(predicate: str) -> tuple[int, int, str]:
        place = _WORDS.index(predicate) if predicate in _WORDS else len(_WORDS)
        return (predicate != ns.TYPE, place, words(predicate))

    return tuple((predicate, tuple(groups[predicate])) for predicate in sorted(groups, key=key))
