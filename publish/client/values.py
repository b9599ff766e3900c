"""The values of Python that stand for terms of RDF, in answers and in queries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from publish import errors, turtle
from publish import namespaces as ns

if TYPE_CHECKING:
    pass


class IRI(str):
    """The name of a thing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


class Text(str):
    """A text in a language, given as its tag (BCP 47)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, value: str, language: str) -> Self:
        """Make a text; the tag is not checked before it goes into a query."""
        made = super().__new__(cls, value)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        return type(self), (str(self), self.language)


class Blank(str):
    """A thing without a name; its label holds within one answer."""

    __slots__ = ()


Value: TypeAlias = "IRI | Text | Blank | str | bool | int | float | Decimal | date | datetime"
N = TypeVar("N", int, float, Decimal)


def _number(kind: Callable[[str], N]) -> Callable[[str], N]:
    # Python takes digits in groups, XML Schema does not.
    return lambda text: kind(text.replace("_", "?"))


def _truth(text: str) -> bool:
    return MappingProxyType({"true": True, "1": True, "false": False, "0": False})[text]


_PYTHON: Mapping[str, Callable[[str], Value]] = MappingProxyType(
    {
        ns.XSD + "decimal": _number(Decimal),
        ns.XSD + "double": _number(float),
        ns.XSD + "float": _number(float),
        ns.XSD + "boolean": _truth,
        ns.XSD + "date": date.fromisoformat,
        ns.XSD + "dateTime": datetime.fromisoformat,
        **{
            ns.XSD + name: _number(int)
            for name in (
                *("integer", "long", "int", "short", "byte"),
                *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
                *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
                "unsignedByte",
            )
        },
    }
)


def value_of(term: Mapping[str, Any]) -> Value:
    """Read a term of the JSON results; what Python has no value for stays its text."""
    text = term["value"]
    if term["type"] == "uri":
        return IRI(text)
    if term["type"] == "bnode":
        return Blank(text)
    if term["type"] == "triple":
        parts = (value_of(text[part]) for part in ("subject", "predicate", "object"))
        return f"<<( {' '.join(map(repr, parts))} )>>"
    if "xml:lang" in term:
        return Text(text, term["xml:lang"])
    read = _PYTHON.get(term.get("datatype", ""))
    if read is None:
        return str(text)
    try:
        return read(text)
    except (ValueError, KeyError, ArithmeticError):
        return str(text)


def spelled(name: str, value: object) -> str:
    """Write a value as the term that it is."""
    try:
        return str(_term(value))
    except (ValueError, TypeError) as error:
        raise errors.QuerySyntaxError(
            f"the value of `${name}` cannot stand in a query: {error}"
        ) from error


def _term(value: object) -> turtle.Term:
    typed = _foreign(value)
    if typed is not None:
        return typed
    if isinstance(value, IRI):
        return turtle.Named(value)
    if isinstance(value, Text):
        return turtle.Literal(value, language=value.language)
    if isinstance(value, Blank):
        raise ValueError("a blank node means something else in each query")
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return turtle.Literal(_lexical(value), datatype=turtle.Named(ns.XSD + name))
    raise TypeError(f"{type(value).__name__} is none of the kinds of values that RDF has")


# The narrower kind first: a bool is an int, and a datetime a date.
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (float, "double"),
    (datetime, "dateTime"),
    (date, "date"),
    (str, "string"),
)


def _lexical(value: object) -> str:
    """Write a value as XML Schema does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a decimal is a number")
        return f"{value:f}"
    if isinstance(value, float) and math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value.isoformat() if isinstance(value, date) else str(value)


def _foreign(value: object) -> turtle.Term | None:
    """Take a term of rdflib, which is a `str` too, for what it is."""
    if type(value).__module__ != "rdflib.term":
        return None
    import rdflib

    if isinstance(value, rdflib.URIRef):
        return turtle.Named(str(value))
    if isinstance(value, rdflib.Literal):
        if value.language:
            return turtle.Literal(str(value), language=value.language)
        kind = str(value.datatype or ns.XSD + "string")
        return turtle.Literal(str(value), datatype=turtle.Named(kind))
    raise TypeError("only an IRI or a literal can take the place of a variable")
