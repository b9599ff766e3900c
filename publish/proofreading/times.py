"""Times: whether what is said of one in several ways can be true together.

Follows EDTF (ISO 8601-2) for dates, and CIDOC CRM 7.1.3, P82a and P82b: a time span lies within
the days that these two name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from publish import edtf, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import Stated, by_thing
from publish.validation import Finding, stated

_WITHIN = ((ns.CRM + "P82a_begin_of_the_begin", ns.CRM + "P82b_end_of_the_end"),)
_PAIRS = (
    *_WITHIN,
    *(
        (ns.SCHEMA + begin, ns.SCHEMA + end)
        for begin, end in (("startDate", "endDate"), ("birthDate", "deathDate"))
    ),
    (ns.DCAT + "startDate", ns.DCAT + "endDate"),
)
"""Properties of the first and of the last day of something."""
_SPANS = frozenset(
    map(
        turtle.Named,
        (
            *(ns.CRM + "E52_Time-Span", ns.DCTERMS + "PeriodOfTime"),
            *(ns.TIME + name for name in ("Interval", "ProperInterval", "Instant")),
        ),
    )
)
"""The classes of times themselves, which are labelled by what they are."""
_LABELS = (ns.SKOS + "prefLabel", ns.RDFS + "label")
_ALWAYS = 9999
_LABELLED = 1000
"""The first year that is surely a year, and no other number, in a label."""
_PLAIN = re.compile(r"-?\d{4}(?:-\d\d(?:-\d\d)?)?(?=T|Z$|[+-]\d\d:\d\d$|$)", re.ASCII)
_YEAR = re.compile(r"(?<![\d.])[12]\d{3}(?!\d)")


def wrong_times(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find days in the wrong order, and days and labels that no date in EDTF allows."""
    days = {
        property_: by_thing(graphs, property_)
        for property_ in dict.fromkeys(one for pair in _PAIRS for one in pair)
    }
    for begin, end in _PAIRS:
        yield from _reversed(dataset, days[begin], days[end])
    first: dict[tuple[str, frozenset[turtle.Term]], turtle.Subject] = {}
    for name, subject, text in _edtf(graphs):
        span = edtf.span(text)
        yield from _again(dataset, name, subject, text, first)
        if span:
            for begin, end in _WITHIN:
                yield from _outside(dataset, days[begin].get(subject, []), text, span, later=True)
                yield from _outside(dataset, days[end].get(subject, []), text, span, later=False)
            yield from _labelled(dataset, name, subject, text, span)


def _again(
    dataset: Dataset,
    name: str,
    subject: turtle.Subject,
    text: str,
    first: dict[tuple[str, frozenset[turtle.Term]], turtle.Subject],
) -> Iterator[Finding]:
    """Find times that have the date and the labels of another one."""
    said = [*dataset.graphs[name].said_of(subject)]
    labels = frozenset(value for predicate, value in said if predicate.value in _LABELS)
    before = first.setdefault((text, labels), subject) if labels else subject
    if before != subject:
        for predicate, value in said:
            if getattr(value, "value", "") == text and predicate.value not in _LABELS:
                other = ns.short(getattr(before, "value", ""), dataset.prefixes)
                message = f"{other} has the same date and label; keep one of the two"
                triple = turtle.Triple(subject, predicate, value)
                yield stated(dataset, name, triple, "warning", message, ns.USES)


def day_span(text: str) -> edtf.Span | None:
    """Give the days of a date of XML Schema, whatever its hour and zone, or of one in EDTF."""
    plain = _PLAIN.match(text)
    return edtf.span(plain[0] if plain else text)


def _edtf(graphs: Mapping[str, Graph]) -> Iterator[tuple[str, turtle.Subject, str]]:
    """Give the things that are times with their dates in EDTF, and the graphs that date them."""
    for name, graph in graphs.items():
        for thing, kind in graph.said_with(turtle.Named(ns.TYPE)):
            for _, value in graph.said_of(thing) if kind in _SPANS else ():
                if isinstance(value, turtle.Literal) and value.datatype.value == ns.EDTF:
                    yield name, thing, value.value


def _reversed(
    dataset: Dataset, begins: Mapping[turtle.Term, Stated], ends: Mapping[turtle.Term, Stated]
) -> Iterator[Finding]:
    for subject in begins.keys() & ends.keys():
        first = _text(begins[subject][0][1])
        begin = day_span(first)
        for name, triple in ends[subject]:
            last = _text(triple)
            end = day_span(last)
            if begin and end and begin.first and end.last and end.last < begin.first:
                message = f"ends on {last}, before it begins on {first}; correct one of the two"
                yield stated(dataset, name, triple, "violation", message, ns.USES)


def _outside(
    dataset: Dataset, said: Stated, text: str, span: edtf.Span, *, later: bool
) -> Iterator[Finding]:
    """Find days that leave out a part of what the date in EDTF names."""
    bound = span.first if later else span.last
    begin, _, end = text.partition("/")
    parts = _precision(begin if later else end or begin) if span.whole else 1
    if not span.whole:
        # A season, or one of several dates: nothing is left out but by another year.
        bound = span.last if later else span.first
    for name, triple in said:
        day = day_span(_text(triple))
        first = day and day.first and day.first[:parts]
        named = bound and bound[:parts]
        if first and named and (first > named if later else first < named):
            what = "begins after" if later else "ends before"
            shown = edtf.written(named)
            message = f"{what} {shown}, which `{text}` names; correct the day, or the date in EDTF"
            yield stated(dataset, name, triple, "violation", message, ns.USES)


def _precision(text: str) -> int:
    """Count the parts that a date gives: a year, its month, and its day."""
    return 1 + sum(part != "XX" for part in text.strip("-?~%").split("-")[1:])


def _labelled(
    dataset: Dataset, name: str, subject: turtle.Subject, text: str, span: edtf.Span
) -> Iterator[Finding]:
    """Find labels that name years, and none that the date allows."""
    first = span.first[0] if span.first else 0
    last = span.last[0] if span.last else _ALWAYS
    if last < _LABELLED:
        return  # Few labels count years before Christ as ISO 8601 does.
    for predicate, value in dataset.graphs[name].said_of(subject):
        if predicate.value in _LABELS and isinstance(value, turtle.Literal):
            years = _YEAR.findall(value.value)
            if years and not any(
                first <= int(end) and int(year) <= last for year, end in _meant(value.value, years)
            ):
                message = (
                    f"the label says {years[0]}, and the date `{text}` does not allow that year; "
                    "correct one of the two"
                )
                triple = turtle.Triple(subject, predicate, value)
                yield stated(dataset, name, triple, "warning", message, ns.VALUES)


def _meant(label: str, years: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the first and last year of what a label names: a round number may be a decade."""
    for year in years:
        rounded = "" if label == year else re.sub("00$|0$", lambda end: "9" * len(end[0]), year)
        yield year, rounded or year


def _text(triple: turtle.Triple) -> str:
    return getattr(triple.object, "value", "")
