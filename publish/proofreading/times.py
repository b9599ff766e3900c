"""Times: whether what is said of one in several ways can be true together.

Follows EDTF (ISO 8601-2) for dates, and CIDOC CRM 7.1.3, P82a and P82b: a time span lies within
the days that these two name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from publish import dates, turtle
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
    {
        *(ns.CRM + "E52_Time-Span", ns.DCTERMS + "PeriodOfTime"),
        *(ns.TIME + name for name in ("Interval", "ProperInterval", "Instant")),
    }
)
"""The classes of times themselves, which are labelled by what they are."""
_LABELS = (ns.SKOS + "prefLabel", ns.RDFS + "label")
_YEAR = re.compile(r"(?<![\d.])[12]\d{3}(?!\d)")


def wrong_times(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find days in the wrong order, and days and labels that no date in EDTF allows."""
    days = {
        property_: by_thing(graphs, property_)
        for property_ in dict.fromkeys(one for pair in _PAIRS for one in pair)
    }
    for begin, end in _PAIRS:
        yield from _reversed(dataset, days[begin], days[end])
    for name, subject, text in _edtf(graphs):
        bounds = dates.bounds(text)
        if bounds:
            for begin, end in _WITHIN:
                yield from _outside(
                    dataset, days[begin].get(subject, []), text, bounds[0], later=True
                )
                yield from _outside(
                    dataset, days[end].get(subject, []), text, bounds[1], later=False
                )
            yield from _labelled(dataset, name, subject, text, bounds)


def _edtf(graphs: Mapping[str, Graph]) -> Iterator[tuple[str, turtle.Subject, str]]:
    """Give the things that are times with their dates in EDTF, and the graphs that date them."""
    for name, graph in graphs.items():
        for kind in _SPANS:
            for quad in graph.quads_for_object(turtle.Named(kind)):
                for _, value in (
                    graph.said_of(quad.subject) if quad.predicate.value == ns.TYPE else ()
                ):
                    if isinstance(value, turtle.Literal) and value.datatype.value == ns.EDTF:
                        yield name, quad.subject, value.value


def _reversed(
    dataset: Dataset, begins: Mapping[turtle.Term, Stated], ends: Mapping[turtle.Term, Stated]
) -> Iterator[Finding]:
    for subject in begins.keys() & ends.keys():
        first = _text(begins[subject][0][1])
        for name, triple in ends[subject]:
            last = _text(triple)
            # Only dates of one length can be compared by their signs.
            if (
                len(first) == len(last)
                and first[:1].isdigit()
                and last[:1].isdigit()
                and last < first
            ):
                message = f"ends on {last}, before it begins on {first}; correct one of the two"
                yield stated(dataset, name, triple, "violation", message, ns.USES)


def _outside(
    dataset: Dataset, said: Stated, text: str, bound: str, *, later: bool
) -> Iterator[Finding]:
    """Find days that leave out a part of what the date in EDTF names."""
    for name, triple in said:
        day = _text(triple)[: len(bound)]
        if bound and day[:1].isdigit() and (day > bound if later else day < bound):
            what = "begins after" if later else "ends before"
            message = f"{what} {bound}, which `{text}` names; correct the day, or the date in EDTF"
            yield stated(dataset, name, triple, "violation", message, ns.USES)


def _labelled(
    dataset: Dataset, name: str, subject: turtle.Subject, text: str, bounds: tuple[str, str]
) -> Iterator[Finding]:
    """Find labels that name years, and none that the date allows."""
    first, last = bounds[0][:4] or "0000", bounds[1][:4] or "9999"
    for predicate, value in dataset.graphs[name].said_of(subject):
        if predicate.value in _LABELS and isinstance(value, turtle.Literal):
            years = _YEAR.findall(value.value)
            if years and not any(
                first <= end and year <= last for year, end in _meant(value.value, years)
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
