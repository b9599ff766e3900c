"""What is read wrongly, as a finding, and told once where a shape speaks of the same value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.validation import Finding, Severity, term_text

_WITH_SHAPES = frozenset({ns.TERMS, ns.VALUES})
"""What looks at the value itself, and so says why a shape is not content with it."""
_BY_THEMSELVES = frozenset({ns.USES, ns.LINKS})
"""What says less than a shape does that speaks of the same value."""


def finding(
    dataset: Dataset,
    graph: str,
    triple: turtle.Triple,
    severity: Severity,
    message: str,
    component: str,
) -> Finding:
    """Give a finding at the line of a triple."""
    place = dataset.place(graph, triple)
    return Finding(
        path=place.path if place else "",
        line=place.line if place else 0,
        severity=severity,
        focus=term_text(triple.subject),
        message=message,
        shape="",
        shape_path="",
        shape_line=0,
        value=term_text(triple.object),
        component=component,
    )


def once(judged: Iterable[Finding], read: Iterable[Finding]) -> Iterator[Finding]:
    """Give what shapes say and what else was found, one finding for one value on one line.

    Where both speak of it, the shape's words come first; why the value itself is wrong is added.
    """
    shapes = list(judged)
    at = {_value(one): number for number, one in enumerate(shapes) if one.shape and one.value}
    others = list(read)
    values = {_value(one) for one in others if one.component in _WITH_SHAPES}
    for one in others:
        number = at.get(_value(one))
        if number is not None and one.component in _WITH_SHAPES:
            message = f"{shapes[number].message}; {one.message}"
            shapes[number] = replace(shapes[number], message=message)
        elif one.component in _BY_THEMSELVES and (number is not None or _value(one) in values):
            continue
        else:
            yield one
    yield from shapes


def _value(one: Finding) -> tuple[str, int, str]:
    return one.path, one.line, one.value
