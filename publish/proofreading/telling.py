"""What is read wrongly, told once where a shape speaks of the same value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from publish import namespaces as ns
from publish.validation import Finding

_WITH_SHAPES = frozenset({ns.TERMS, ns.VALUES})
"""What looks at the value itself, and so says why a shape is not content with it."""
_BY_THEMSELVES = frozenset({ns.USES, ns.LINKS})
"""What says less than a shape does that speaks of the same value."""


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
