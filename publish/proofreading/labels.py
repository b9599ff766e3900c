"""Labels of records that are made of what the records tell: whether they still say so.

The label of a mention names the thing and the passage, that of a stance who holds which claim.
Nobody says so to a program; but where nearly all records of a class do it, one that does not has
been copied and changed by half: its label is wrong, or where it leads.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.validation import Finding, stated

MANY = 10
"""How many records of a class there must be before what they all do is taken for a habit."""
_NEARLY = 0.95
"""The share of them that must do it."""
_SHORT = 5
"""How many letters a name may have that stands within other words by chance."""
_BRACKETS = re.compile(r" \([^()]*\)$")
"""What tells apart those of one name, or says that they have none."""
_NAMES = (*ns.LABELS, ns.SKOS + "altLabel", ns.SKOS + "hiddenLabel")
_LABEL = ns.RDFS + "label"
_DEPRECATED = ns.OWL + "deprecated"

_Namer: TypeAlias = Callable[[turtle.Term], Sequence[str]]
"""Gives the names of a thing, in small letters."""


class _Record(NamedTuple):
    """The numbers of a record and its label in a graph, and the label in small letters."""

    number: int
    label: int
    text: str

    def says(self, names: Sequence[str]) -> bool:
        """Say whether the label has one of some names, a short one as a word of its own."""
        return any(
            name in self.text and (len(name) >= _SHORT or _alone(name, self.text)) for name in names
        )


def _alone(name: str, text: str) -> bool:
    """Say whether a text has a name that is part of no word and of no longer number (3 of 3.1)."""
    found = rf"(?<!\w)(?<!\d\.){re.escape(name)}(?!\w|\.\d)"
    return re.search(found, text) is not None


_Leads: TypeAlias = Mapping[int, Sequence[int]]
"""The numbers of the values of a property, by that of the record."""


def wrong_labels(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find records whose label does not name what the labels of nearly all of their class name.

    Records are those that say why they stand (`BASIS`); of a retired one nothing is asked.
    """
    playing = dataset.below((ns.BASIS, ns.NUMBER), ns.RDFS + "subPropertyOf")
    # What outside sources call a thing, a label of ours need not know.
    outside = f"{dataset.base}graph/enrichment-"
    layers = [name for name in dataset.layers if not name.startswith(outside)]
    inside = {name: graphs[name] for name in layers if name in graphs}
    named = _named_in(dataset, inside.values(), {*playing[ns.NUMBER], *_NAMES})
    for name, graph in inside.items():
        terms = graph.columns().terms
        for records in _by_class(graph, playing[ns.BASIS]):
            for property_, record, values in _odd(graph, records, named):
                label = turtle.Triple(
                    *(terms[record.number], turtle.Named(_LABEL), terms[record.label])  # type: ignore[arg-type]
                )
                things = [terms[number] for number in values]
                told = _told(dataset, turtle.Named(property_), things, named)
                yield stated(dataset, name, label, "warning", told, ns.VALUES)


def _named_in(dataset: Dataset, graphs: Iterable[Graph], properties: set[str]) -> _Namer:
    space = dataset.description.uri_space if dataset.description else ""
    some = [*graphs]

    def names(thing: turtle.Term) -> Sequence[str]:
        if not (isinstance(thing, turtle.Named) and thing.value.startswith(space)):
            return ()  # terms are worded as a sentence needs them
        return [
            _BRACKETS.sub("", getattr(value, "value", "").casefold())
            for graph in some
            if graph.speaks_of(thing)
            for predicate, value in graph.said_of(thing)
            if predicate.value in properties
        ]

    return names


def _by_class(graph: Graph, bases: Iterable[str]) -> Iterator[Sequence[_Record]]:
    """Give the records of one graph that have one label, class by class, of those that are many."""
    records = {one for basis in bases for one in _leads(graph, basis)}
    if not records:
        return
    terms = graph.columns().terms
    kinds, labels, retired = (_leads(graph, one) for one in (ns.TYPE, _LABEL, _DEPRECATED))
    found: defaultdict[int, list[_Record]] = defaultdict(list)
    for record in sorted(records & kinds.keys() & labels.keys() - retired.keys()):
        label, *others = labels[record]
        if not others:
            text = getattr(terms[label], "value", "").casefold()
            found[kinds[record][0]].append(_Record(record, label, text))
    yield from (some for some in found.values() if len(some) >= MANY)


def _leads(graph: Graph, property_: str) -> _Leads:
    """Give the values that a property of each thing has."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for subject, value in graph.numbers_for_predicate(turtle.Named(property_)):
        found[subject].append(value)
    return found


def _odd(
    graph: Graph, records: Sequence[_Record], named: _Namer
) -> Iterator[tuple[str, _Record, Sequence[int]]]:
    """Give the properties whose values nearly all labels name, each label that does not, and they."""
    terms = graph.columns().terms
    # Hashing a term takes the engine longer than a number, and many records lead to one thing.
    names = cache(lambda number: named(terms[number]))

    def away(some: Iterable[_Record], leads: _Leads) -> Iterator[_Record]:
        for one in some:
            called = [name for value in leads.get(one.number, ()) for name in names(value)]
            if called and not one.says(called):
                yield one

    for property_ in _often(graph, records[:: len(records) // MANY], named):
        leads = _leads(graph, property_)
        led = sum(one.number in leads for one in records)
        found = [*away(records, leads)]
        if len(found) <= (1 - _NEARLY) * led:
            yield from ((property_, one, leads[one.number]) for one in found)


def _often(graph: Graph, few: Sequence[_Record], named: _Namer) -> Iterator[str]:
    """Give the properties whose values are named by the labels of most of a few records.

    What most of a few do not do is no habit of all.
    """
    terms = graph.columns().terms
    told = Counter(
        predicate
        for one in few
        for predicate in {
            predicate.value
            for predicate, value in graph.said_of(terms[one.number])  # type: ignore[arg-type]
            if one.says(named(value))
        }
    )
    yield from (name for name, times in told.items() if times > len(few) / 2)


def _told(
    dataset: Dataset, property_: turtle.Term, things: Sequence[turtle.Term], named: _Namer
) -> str:
    short = [ns.short(getattr(one, "value", ""), dataset.prefixes) for one in (property_, *things)]
    called = next(filter(None, map(named, things)))[0]
    return (
        f"the label does not name `{called}`, to which {short[0]} leads "
        f"({', '.join(short[1:])}); correct one of the two"
    )
