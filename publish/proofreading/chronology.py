"""Chronology: what cannot have happened when the data say so, since something else did then.

A work is there before its editions, what is a part of an event happens while it lasts, who takes
part in something lives, and a key that ends in a year names that of its edition. Only what surely excludes each other is told: spans that overlap may
both be true. Follows the roles of CONTRIBUTING, CIDOC CRM 7.1.3 and schema.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from publish import edtf, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import Stated, by_thing
from publish.proofreading.times import day_span
from publish.validation import Finding, stated

_BEGINS = (ns.CRM + "P82a_begin_of_the_begin", ns.SCHEMA + "startDate", ns.DCAT + "startDate")
_ENDS = (ns.CRM + "P82b_end_of_the_end", ns.SCHEMA + "endDate", ns.DCAT + "endDate")
_DATES = (ns.CRM + "P82_at_some_time_within",)
_SPAN = (ns.CRM + "P4_has_time-span", ns.SCHEMA + "temporal", ns.DCTERMS + "temporal")
_APPEARED = (
    *(ns.DCTERMS + "issued", ns.SCHEMA + "datePublished"),
    *(ns.DCTERMS + "created", ns.SCHEMA + "dateCreated"),
)
_REALISES = (ns.FRBR + "realizationOf", ns.LRMOO + "R3i_realises")
_REALISED = (ns.FRBR + "realization", ns.LRMOO + "R3_is_realised_in")
_WITHIN = (
    *(ns.CRM + name for name in ("P9i_forms_part_of", "P10_falls_within", "P117_occurs_during")),
    *(ns.SCHEMA + "superEvent", ns.DCTERMS + "isPartOf"),
)
_CONTAINS = (
    *(ns.CRM + name for name in ("P9_consists_of", "P10i_contains", "P117i_includes")),
    *(ns.SCHEMA + "subEvent", ns.DCTERMS + "hasPart"),
)
_TOOK_PART = (
    *(ns.CRM + "P11_had_participant", ns.CRM + "P14_carried_out_by"),
    *(ns.SCHEMA + name for name in ("participant", "organizer", "attendee", "performer", "actor")),
)
_TAKES_PART = (ns.CRM + "P11i_participated_in", ns.CRM + "P14i_performed")
_ROLES = (ns.CITATION_KEY, ns.DATED, ns.BORN, ns.DIED, ns.PARTICIPANT)
_KEYED = re.compile(r"(?<!\d)(\d{4})[a-z]?\W*$")
"""The year at the end of a key, such as that of `Hall 1892a`."""
_MADE = (ns.DCTERMS + "creator", ns.SCHEMA + "author", ns.FOAF + "maker")


def wrong_orders(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find what is not at its time: works, parts, what people did, and editions by their keys."""
    times = _Times(dataset, graphs)
    yield from _works(dataset, times)
    yield from _parts(dataset, times)
    yield from _lives(dataset, times)
    yield from _keys(dataset, times)


class _Times:
    """When things are, as far as the graphs of a data set say so."""

    def __init__(self, dataset: Dataset, graphs: Mapping[str, Graph]) -> None:
        self._graphs = graphs
        self._playing = dataset.below(_ROLES, ns.RDFS + "subPropertyOf")
        self._days = tuple(by_thing(graphs, *some) for some in (_BEGINS, _ENDS, _DATES))
        self._spans: dict[turtle.Term, edtf.Span | None] = {}

    def playing(self, role: str) -> Sequence[str]:
        """Give a role and the properties of the data set that play it."""
        return sorted(self._playing[role])

    def said(self, *properties: str) -> Iterator[tuple[str, turtle.Triple]]:
        """Give what is stated by some properties, with the graph that states it."""
        return chain.from_iterable(self.dated(*properties).values())

    def dated(self, *properties: str) -> Mapping[turtle.Term, Stated]:
        """Give what dates each thing, for the properties that do."""
        return by_thing(self._graphs, *properties)

    def when(self, thing: turtle.Term, dated: Mapping[turtle.Term, Stated]) -> edtf.Span | None:
        """Give the days of what dates a thing, or else its own."""
        spans = (self.of(triple.object) for _, triple in dated.get(thing, ()))
        return next(filter(None, spans), None) or self.of(thing)

    def of(self, term: turtle.Term) -> edtf.Span | None:
        """Give the days of a date, or of a thing that has days or a date."""
        if isinstance(term, turtle.Literal):
            return day_span(term.value)
        if term not in self._spans:
            self._spans[term] = self._read(term)
        return self._spans[term]

    def _read(self, thing: turtle.Term) -> edtf.Span | None:
        begin, end, whole = (self._first(dated, thing) for dated in self._days)
        if begin or end:
            return edtf.Span(begin.first if begin else None, end.last if end else None)
        return whole

    def _first(self, dated: Mapping[turtle.Term, Stated], thing: turtle.Term) -> edtf.Span | None:
        spans = (day_span(getattr(one.object, "value", "")) for _, one in dated.get(thing, ()))
        return next(filter(None, spans), None)


def _works(dataset: Dataset, times: _Times) -> Iterator[Finding]:
    dated = times.dated(*times.playing(ns.DATED), *_APPEARED)
    pairs = [
        *((one.object, one.subject) for _, one in times.said(*_REALISES)),
        *((one.subject, one.object) for _, one in times.said(*_REALISED)),
    ]
    for work, edition in dict.fromkeys(pairs):
        for name, triple in dated.get(work, ()):
            for where, other in dated.get(edition, ()):
                # What an outside source says of the one is not what the text says of the other.
                if where == name and _before(times.of(other.object), times.of(triple.object)):
                    what = f"is later than its edition {_named(dataset, edition)}"
                    yield _finding(dataset, name, triple, f"{what}; correct one of the two dates")


def _parts(dataset: Dataset, times: _Times) -> Iterator[Finding]:
    lasting = times.dated(*_SPAN)
    within = [(one, one[1].subject, one[1].object) for one in times.said(*_WITHIN)]
    contains = [(one, one[1].object, one[1].subject) for one in times.said(*_CONTAINS)]
    for (name, triple), part, whole in (*within, *contains):
        if isinstance(part, turtle.Literal) or isinstance(whole, turtle.Literal):
            continue
        own, other = times.when(part, lasting), times.when(whole, lasting)
        if _before(own, other) or _before(other, own):
            what = f"{_named(dataset, part)} is not while {_named(dataset, whole)} lasts"
            yield _finding(
                dataset, name, triple, f"{what}, of which it is a part; correct a date or the link"
            )


def _lives(dataset: Dataset, times: _Times) -> Iterator[Finding]:
    born = times.dated(*times.playing(ns.BORN), ns.SCHEMA + "birthDate")
    died = times.dated(*times.playing(ns.DIED), ns.SCHEMA + "deathDate")
    lasting = times.dated(*_SPAN, *times.playing(ns.DATED), *_APPEARED)

    def alive(
        one: tuple[str, turtle.Triple], thing: turtle.Term, person: turtle.Term, *, after: bool
    ) -> Iterator[Finding]:
        when = times.when(thing, lasting)
        births = [times.of(triple.object) for _, triple in born.get(person, ())]
        deaths = [times.of(triple.object) for _, triple in died.get(person, ())]
        if births and all(_before(when, birth) for birth in births):
            yield _finding(dataset, *one, told("before the birth", thing, person))
        elif after and deaths and all(_before(death, when) for death in deaths):
            yield _finding(dataset, *one, told("after the death", thing, person))

    def told(how: str, thing: turtle.Term, person: turtle.Term) -> str:
        who, what = _named(dataset, person), _named(dataset, thing)
        return f"{what} is {how} of {who}; correct a date, or who is meant"

    for one in times.said(*times.playing(ns.PARTICIPANT), *_TOOK_PART):
        yield from alive(one, one[1].subject, one[1].object, after=True)
    for one in times.said(*_TAKES_PART):
        yield from alive(one, one[1].object, one[1].subject, after=True)
    # What was left in a drawer appears after a death.
    for one in times.said(*_MADE):
        yield from alive(one, one[1].subject, one[1].object, after=False)


def _keys(dataset: Dataset, times: _Times) -> Iterator[Finding]:
    dated = times.dated(*times.playing(ns.DATED), *_APPEARED[:2])
    for name, triple in times.said(*times.playing(ns.CITATION_KEY)):
        key = _KEYED.search(getattr(triple.object, "value", ""))
        spans = [times.of(one.object) for _, one in dated.get(triple.subject, ())]
        if key and spans and all(span and not _holds(span, int(key[1])) for span in spans):
            what = f"the key names {key[1]}, which is not when {_named(dataset, triple.subject)}"
            yield _finding(dataset, name, triple, f"{what} is dated; correct one of the two")


def _holds(span: edtf.Span, year: int) -> bool:
    return (not span.first or span.first[0] <= year) and (not span.last or year <= span.last[0])


def _before(one: edtf.Span | None, other: edtf.Span | None) -> bool:
    """Say whether a time surely ends before another one begins."""
    return bool(one and other and one.last and other.first and one.last < other.first)


def _named(dataset: Dataset, thing: turtle.Term) -> str:
    return ns.short(getattr(thing, "value", ""), dataset.prefixes)


def _finding(dataset: Dataset, graph: str, triple: turtle.Triple, message: str) -> Finding:
    # The text may say so and be wrong; a shape that speaks of the same says it alone.
    return stated(dataset, graph, triple, "warning", message, ns.USES)
