"""What a reader may change in a saved question, and which values it may have.

It is a `sh:Parameter` (SHACL 1.1 Advanced Features 3 and 5.2): a thing of a class or with a
pattern, or a value of a datatype, which stands as XML Schema writes it (XSD 1.1, part 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from publish import errors, turtle
from publish import namespaces as ns
from publish.records import Link, Nested, Record, Records, Statement, Text, Value

_STRING = ns.XSD + "string"
_TAGGED = ns.RDF + "langString"
_WHOLE = tuple(
    ns.XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt"),
        *("unsignedShort", "unsignedByte"),
    )
)
_FLOATING = (ns.XSD + "double", ns.XSD + "float")
_NUMBERS = frozenset({*_WHOLE, *_FLOATING, ns.XSD + "decimal"})
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"


@dataclass(frozen=True)
class Parameter:
    """What may be changed: a thing where `datatype` is empty, else a value of that datatype.

    `default` and `among` are written as a reader gives them: an IRI, or the text of a value.
    `least` and `most` are numbers, and bind only values that are numbers.
    """

    name: str
    label: Text
    description: Text | None = None
    datatype: str = ""
    class_: str = ""
    pattern: str = ""
    among: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    default: str | None = None
    order: float = 0

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.datatype in _NUMBERS

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.datatype in _WHOLE


def parameters(records: Records, record: Record) -> Iterable[Parameter]:
    """Read the parameters of a question, in their order."""
    found = []
    for one in record.statements:
        if one.predicate == ns.SH + "parameter" and isinstance(one.value, Link):
            found.append(of(records.record(one.value.iri).statements))
        elif one.predicate == ns.SH + "parameter" and isinstance(one.value, Nested):
            found.append(of(one.value.statements))
    return sorted(found, key=lambda one: (one.order, one.name))


def of(statements: Sequence[Statement]) -> Parameter:
    """Read a parameter out of what is said of it."""
    values = {one.predicate: one.value for one in reversed(statements)}

    def said(name: str) -> str:
        return _text(values.get(ns.SH + name)) or ""

    label, description = values.get(ns.SH + "name"), values.get(ns.SH + "description")
    name = re.split(r"[#/:]", said("path"))[-1]
    default = values.get(ns.SH + "defaultValue")
    thing = said("nodeKind") == ns.SH + "IRI" or bool(said("class")) or isinstance(default, Link)
    order = said("order")
    return Parameter(
        name=name,
        label=label if isinstance(label, Text) else Text(name),
        description=description if isinstance(description, Text) else None,
        datatype="" if thing else said("datatype") or _STRING,
        class_=said("class"),
        pattern="" if fault(said("pattern")) else said("pattern"),
        among=tuple(filter(None, map(_text, _members(values.get(ns.SH + "in"))))),
        least=_bound(said("minInclusive")),
        most=_bound(said("maxInclusive")),
        default=_text(default),
        order=float(order) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", order) else 0,
    )


def fault(pattern: str) -> str:
    """Say why a pattern is none here; XPath has some that Python has not."""
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _bound(text: str) -> str:
    """Leave out a bound that is no number, with which no value could be compared."""
    return text if re.fullmatch(_NUMBER, text) else ""


def _members(value: Value | None) -> Sequence[Value]:
    return getattr(value, "members", None) or ()


def _text(value: Value | None) -> str | None:
    if isinstance(value, Link):
        return value.iri
    return value.value if isinstance(value, Text) else None


# --- values --------------------------------------------------------------------------------


def literal(parameter: Parameter, text: str) -> turtle.Literal:
    """Give the value that a text stands for; raise `ParameterValueError`."""
    kind = parameter.datatype
    check = _CHECKS.get(kind)
    if check is not None:
        try:
            check(text)
        except ValueError:
            wanted = kind.removeprefix(ns.XSD)
            raise wrong(
                parameter, text, f"is no {wanted}; give one as XML Schema writes it"
            ) from None
    for name, why in misfits(parameter, text):
        raise wrong(parameter, text, f"{why}; write it so" if name == "pattern" else why)
    if kind == _TAGGED:
        value, at, tag = text.rpartition("@")
        if not at or not re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", tag):
            raise wrong(parameter, text, "has no language; write `text@en`")
        return turtle.Literal(value, language=tag)
    return turtle.Literal(text, datatype=turtle.Named(kind))


def misfits(parameter: Parameter, text: str) -> Iterator[tuple[str, str]]:
    """Tell which conditions a value breaks: the property of SHACL that sets each, and how."""
    if parameter.among and text not in parameter.among:
        yield "in", f"is none of {', '.join(parameter.among[:20])}"
    if parameter.pattern and not re.search(parameter.pattern, text):
        yield "pattern", f"does not fit `{parameter.pattern}`"
    bounds = (
        ("minInclusive", parameter.least, 1, "less"),
        ("maxInclusive", parameter.most, -1, "more"),
    )
    for name, bound, sign, what in bounds:
        number = parameter.is_number and _bound(text)
        if bound and number and sign * (float(text) - float(bound)) < 0:
            yield name, f"is {what} than {bound}"


def _matching(pattern: str) -> Callable[[str], object]:
    expression = re.compile(pattern)

    def check(text: str) -> None:
        if not expression.fullmatch(text):
            raise ValueError(text)

    return check


def _dated(pattern: str) -> Callable[[str], object]:
    """Check the day of a date too; a year that Python does not know counts as a leap year."""
    expression = re.compile(pattern)

    def check(text: str) -> None:
        found = expression.fullmatch(text)
        if found is None:
            raise ValueError(text)
        year = found["year"] if re.fullmatch("(?!0000)[0-9]{4}", found["year"]) else "2000"
        date.fromisoformat(year + found["day"])

    return check


_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"(?P<year>-?[0-9]{4,})(?P<day>-[0-9]{2}-[0-9]{2})"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_CHECKS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        **dict.fromkeys(_WHOLE, _matching(r"[+-]?[0-9]{1,300}")),
        ns.XSD + "decimal": _matching(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]{1,300})"),
        **dict.fromkeys(_FLOATING, _matching(_NUMBER)),
        ns.XSD + "boolean": _matching("true|false|1|0"),
        ns.XSD + "gYear": _matching(r"-?[0-9]{4,}" + _ZONE),
        ns.XSD + "gYearMonth": _matching(r"-?[0-9]{4,}-(?:0[1-9]|1[0-2])" + _ZONE),
        ns.XSD + "date": _dated(_DAY + _ZONE),
        ns.XSD + "dateTime": _dated(f"{_DAY}T{_TIME}{_ZONE}"),
    }
)


def wrong(parameter: Parameter, text: str, why: str) -> errors.ParameterValueError:
    """Say in an error why a text is no value of a parameter."""
    shown = text if len(text) <= 80 else f"{text[:80]}..."
    return errors.ParameterValueError(f"`{parameter.name}`: `{shown}` {why}", parameter.name)
