"""What a reader wants of the rows of an answer: some of them, in an order, page by page.

Rows are those of the JSON results format (SPARQL 1.1 Query Results JSON Format), and stay what they
are. Conditions and orders are the reader's and no SPARQL, so nothing in them can change a query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from publish import errors
from publish import namespaces as ns

Term: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Mapping[str, Term]
Words: TypeAlias = Callable[[str], str]
"""Gives the label of an IRI."""

OPERATORS = MappingProxyType(
    {
        "is": "the value itself; empty is no value",
        "not": "any other value",
        "has": "a value whose text or label has these words, without regard to case and accents",
        "from": "this value or one after it",
        "to": "this value or one before it",
    }
)
"""What may stand behind a column and a dot, and which rows it wants."""
CONTROLS = MappingProxyType(
    {
        "_format": "the format of the answer, instead of an Accept header or a suffix",
        "_labels": "languages in which to give the labels of IRIs too, such as `de,en`",
        "_sort": "columns to sort by, the first first; `-` before one turns it round",
        "_size": "how many rows a page of the answer has",
        "_page": "which page of the answer, from 1",
    }
)
"""What a saved question takes beside its parameters and its columns."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LONGEST = 200
"""How many signs of a text count for its order; a number has no more."""


@dataclass(frozen=True)
class Condition:
    """What a column is to be, by one of `OPERATORS`."""

    column: str
    operator: str
    value: str


@dataclass(frozen=True)
class Wish:
    """Which rows are wanted; `order` has columns, each with whether it descends.

    Without a `size` all rows are one page; pages count from 1.
    """

    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    size: int | None = None
    page: int = 1

    @property
    def whole(self) -> bool:
        """Whether it wants the answer as it is."""
        return not self.conditions and not self.order and self.size is None


@dataclass(frozen=True)
class Table:
    """The rows that were wanted, and how many there are on all pages."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    total: int
    page: int = 1
    last: int = 1

    def as_results(self) -> dict[str, Any]:
        """Give the rows as the JSON results format has them."""
        return {"head": {"vars": list(self.columns)}, "results": {"bindings": list(self.rows)}}


def cut(said: Mapping[str, Any], wish: Wish, words: Words) -> Table:
    """Give what is wanted of an answer; raise `ParameterError` for a column that it has not."""
    columns = tuple(said["head"]["vars"])
    for name in (*(one.column for one in wish.conditions), *(name for name, _ in wish.order)):
        if name not in columns:
            raise errors.ParameterError(
                f"the answer has no column `{name[:80]}`; it has {', '.join(columns)}", name
            )
    rows: list[Row] = [
        row
        for row in said["results"]["bindings"]
        if all(_fits(row.get(one.column), one, words) for one in wish.conditions)
    ]
    for name, descending in reversed(wish.order):
        # What has no value comes last either way.
        bound = [row for row in rows if name in row]
        bound.sort(key=lambda row: _rank(row[name], words), reverse=descending)
        rows = bound + [row for row in rows if name not in row]
    if wish.size is None:
        return Table(columns, rows, len(rows))
    last = max(1, -(-len(rows) // wish.size))
    begin = (wish.page - 1) * wish.size
    return Table(columns, rows[begin : begin + wish.size], len(rows), wish.page, last)


def _fits(term: Term | None, one: Condition, words: Words) -> bool:
    if one.operator == "not":
        return not _is(term, one.value)
    if one.operator == "is":
        return _is(term, one.value)
    if term is None:
        return False
    if one.operator == "has":
        text = str(term["value"])
        label = words(text) if term["type"] == "uri" else ""
        return _folded(one.value) in _folded(f"{text}\n{label}")
    own, other = _order(str(term["value"])), _order(one.value)
    return own >= other if one.operator == "from" else own <= other


def _is(term: Term | None, value: str) -> bool:
    if term is None:
        return not value
    text = str(term["value"])
    return text == value or (bool(value) and _is_number(text) and _order(text) == _order(value))


def _rank(term: Term, words: Words) -> tuple[tuple[int, float, list[tuple[int, int, str]]], str]:
    text = str(term["value"])
    return _order(words(text) if term["type"] == "uri" else text), text


def _order(text: str) -> tuple[int, float, list[tuple[int, int, str]]]:
    """Order numbers by size and before texts, and texts as a reader counts: 9 before 10."""
    if _is_number(text):
        return 0, float(text), []
    return 1, 0.0, ns.alphabetic_order(text[:_LONGEST])


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST and text.isascii() and _NUMBER.fullmatch(text) is not None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
