"""Narrowing a list: the values that its things have in common, each with how many have it.

What is offered comes from the data: the classes of the things, the properties by which they lead
to a few others, and what catalogues know of them (the decade, the language, whether they are
linked to records elsewhere). Properties that nearly every thing has a value of its own for narrow
nothing and are left out. A list that is too long to be read at once has no facets, and of a long
one only what its things say themselves is counted, not what catalogues make of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from publish import dates, matching, turtle
from publish import namespaces as ns
from publish.catalogue import Catalogue, Entry
from publish.records import Kind, Records, Text

LONGEST = 20_000
"""How many things a list may have to be narrowed: to count their values takes 5 seconds, once."""
LONGEST_ASKED = 2_000
"""How many, where each of them is asked of a store elsewhere, or is read as catalogues do."""
_VALUES = 40
"""How many values a facet may have."""
_FACETS = 8
CLASS, LINKED, DECADE, LANGUAGE = "class", "linked", "decade", "language"
_FIRST = (CLASS, LINKED, DECADE, LANGUAGE)
ANSWERS = ("yes", "no")
"""Whether a thing is linked to a record elsewhere, as values of that facet."""


@dataclass(frozen=True)
class Value:
    """One value: how it is spelled in an address, how it is called, and what has it."""

    name: str
    label: Text
    members: frozenset[str]


@dataclass(frozen=True)
class Facet:
    """A property, or what catalogues know, with its values; `property_` is empty for the latter."""

    name: str
    property_: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Choice:
    """A value as it is offered: with how many it leaves, and whether it is chosen already."""

    value: Value
    count: int
    chosen: bool


@dataclass(frozen=True)
class Narrowed:
    """What is left of a list, and what may be chosen next."""

    members: Sequence[str]
    choices: tuple[tuple[Facet, tuple[Choice, ...]], ...]


class Browser:
    """The facets of each kind of things, counted when they are first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records = catalogue.records
        self._facets: dict[str, tuple[Facet, ...]] = {}

    def facets(self, kind: Kind) -> tuple[Facet, ...]:
        """Give the facets of a kind; none of one that has too many things."""
        if not self._is_read(kind):
            return ()
        if kind.name not in self._facets:
            self._facets[kind.name] = _Counting(self._catalogue, kind).facets()
        return self._facets[kind.name]

    def _is_read(self, kind: Kind) -> bool:
        most = LONGEST_ASKED if self._records.source.distant else LONGEST
        return len(kind.members) <= most

    def narrowed(self, kind: Kind, chosen: Mapping[str, str], words: str = "") -> Narrowed:
        """Give what has all values chosen, and all words in its label."""
        facets = self.facets(kind)
        found = {facet.name: facet for facet in facets}
        having = {
            name: next((v.members for v in found[name].values if v.name == value), frozenset())
            for name, value in chosen.items()
            if name in found
        }
        sought = matching.wanted(words)
        members = kind.members
        if sought and self._is_read(kind):
            self._records.source.meet(members)
            members = [
                iri for iri in members if matching.matches(self._records.label(iri).value, sought)
            ]
        left = _all(members, having.values())
        choices = tuple(
            (facet, self._choices(facet, members, having, chosen.get(facet.name, "")))
            for facet in facets
        )
        return Narrowed(left, tuple((facet, some) for facet, some in choices if some))

    def _choices(
        self,
        facet: Facet,
        members: Sequence[str],
        having: Mapping[str, frozenset[str]],
        chosen: str,
    ) -> tuple[Choice, ...]:
        """Count each value among what the other facets leave; one that all have narrows nothing."""
        others = (some for name, some in having.items() if name != facet.name)
        left = frozenset(_all(members, others))
        counted = ((value, len(value.members & left)) for value in facet.values)
        return tuple(
            Choice(value, count, value.name == chosen)
            for value, count in counted
            if 0 < count < len(left) or value.name == chosen
        )


def _all(members: Sequence[str], having: Iterable[frozenset[str]]) -> Sequence[str]:
    for some in having:
        members = [iri for iri in members if iri in some]
    return members


class _Counting:
    """Counts the values of the things of one kind."""

    def __init__(self, catalogue: Catalogue, kind: Kind) -> None:
        self._catalogue = catalogue
        self._records: Records = catalogue.records
        self._members = [*kind.members]
        self._found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._labels: dict[tuple[str, str], Text] = {}

    def facets(self) -> tuple[Facet, ...]:
        """Give the facets that narrow something, what catalogues know first."""
        self._read()
        if len(self._members) <= LONGEST_ASKED:
            for entry in self._catalogue.entries(self._members):
                self._add_entry(entry)
        properties = [name for name in self._found if name not in _FIRST]
        self._records.source.meet(properties)
        kept = [name for name in self._found if self._narrows(name)]
        kept.sort(key=self._order)
        return tuple(self._facet(name) for name in kept[:_FACETS])

    def _read(self) -> None:
        """Read the classes of things and what they lead to."""
        records = self._records
        said = records.source.said(self._members)
        linking = {*self._catalogue.properties("same"), *self._catalogue.properties("close")}
        for iri in self._members:
            linked = False
            for graph, triple in said.outgoing(iri):
                name, value = triple.predicate.value, triple.object
                if graph == said.shapes_graph or not isinstance(value, turtle.Named):
                    continue
                if name in linking:
                    linked = True
                else:
                    self._found[CLASS if name == ns.TYPE else name][value.value].add(iri)
            answer = ANSWERS[0 if linked else 1]
            self._add(LINKED, answer, Text(answer, "en"), iri)

    def _add(self, facet: str, name: str, label: Text, iri: str) -> None:
        self._found[facet][name].add(iri)
        self._labels[facet, name] = label

    def _add_entry(self, entry: Entry) -> None:
        if entry.language:
            self._add(LANGUAGE, entry.language, Text(entry.language), entry.iri)
        date = entry.born or entry.date
        first, last = dates.years(date.edtf) if date else (None, None)
        if first is not None and last is not None and first // 10 == last // 10:
            decade = f"{first // 10 * 10}s"
            self._add(DECADE, decade, Text(decade, "en"), entry.iri)

    def _narrows(self, name: str) -> bool:
        values = self._found[name]
        sizes = Counter({value: len(some) for value, some in values.items()})
        if len(values) > _VALUES:
            return False
        if name in _FIRST:
            return any(size < len(self._members) for size in sizes.values())
        # A value of its own for each thing narrows nothing, nor does one that all have.
        shared = sum(size > 1 for size in sizes.values())
        return shared >= max(1, len(values) // 3) and min(sizes.values()) < len(self._members)

    def _order(self, name: str) -> tuple[int, int, str]:
        first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
        return (first, -len(set[str]().union(*self._found[name].values())), name)

    def _facet(self, name: str) -> Facet:
        values = self._found[name]
        self._records.source.meet(iri for iri in values if ":" in iri)
        prefixes = self._records.dataset.prefixes
        made = [
            Value(ns.short(iri, prefixes), self._label(name, iri), frozenset(some))
            for iri, some in values.items()
        ]
        if name == DECADE:
            made.sort(key=lambda value: value.name)
        else:
            made.sort(key=lambda value: (-len(value.members), value.label.value, value.name))
        own = name in _FIRST
        return Facet(name if own else ns.short(name, prefixes), "" if own else name, tuple(made))

    def _label(self, facet: str, value: str) -> Text:
        return self._labels.get((facet, value)) or self._records.label(value)
