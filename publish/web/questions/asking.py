"""The addresses of questions, and what one asks: values, conditions, an order, a page, a format."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request

from publish import errors, tables
from publish.parameters import Parameter
from publish.questions import Saved
from publish.tables import Wish
from publish.web.addresses import QUESTIONS
from publish.web.naming import Names

MOST = 1_000_000
"""The largest size, and the last page, that can be asked for."""
_COUNT = re.compile(r"[0-9]{1,12}")
_PAIRS = 200
"""How many parameters an address may have."""
_PAGE = 100
"""How many rows a page has where an address names a page and no size."""


@dataclass(frozen=True)
class Asked:
    """What an address asks of a question."""

    values: Mapping[str, str]
    wish: Wish
    format: str = ""
    labels: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()

    def changed(self, **controls: str) -> str:
        """Write the parameters again with other controls; an empty one is left out."""
        return self.given({f"_{name}": value for name, value in controls.items()})

    def given(self, named: Mapping[str, str]) -> str:
        """Write the parameters again with others in their place; an empty one is left out."""
        kept = [pair for pair in self.pairs if pair[0] not in named and pair[0] != "_format"]
        return urlencode([*kept, *((name, value) for name, value in named.items() if value)])


def address(root: str, one: Saved) -> str:
    """Give the address of a question below that of the server, or its path below a prefix."""
    return f"{root}{QUESTIONS}/{quote(one.name)}"


def short(names: Names, parameter: Parameter, value: str) -> str:
    """Write a value as it stands in addresses: an IRI by its prefix where that says the same."""
    return value if parameter.datatype else names.compact(value)


def read(one: Saved, request: Request) -> Asked:
    """Read what an address asks; raise `ParameterError` for what the question does not know."""
    pairs = _pairs(request)
    values: dict[str, str] = {}
    controls: dict[str, str] = {}
    conditions = []
    names = {parameter.name for parameter in one.parameters}
    for name, value in pairs:
        if name in names or name in tables.CONTROLS:
            into = values if name in names else controls
            if name in into:
                raise errors.ParameterError(f"`{name}` is given twice; give it once", name)
            into[name] = value
        else:
            condition = _condition(one, name, value)
            if condition is not None:
                conditions.append(condition)
    # A form that was left empty asks for the default.
    values = {name: value for name, value in values.items() if value.strip()}
    wish = Wish(
        tuple(conditions),
        _order(controls.get("_sort", "")),
        _count(controls, "_size", None),
        _count(controls, "_page", 1) or 1,
    )
    if wish.page > 1 and wish.size is None:
        wish = Wish(wish.conditions, wish.order, _PAGE, wish.page)
    return Asked(values, wish, controls.get("_format", ""), controls.get("_labels"), pairs)


def _pairs(request: Request) -> tuple[tuple[str, str], ...]:
    try:
        encoded = request.scope["query_string"].decode("ascii")
        found = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=_PAIRS)
    except ValueError as error:
        raise errors.ParameterError(f"the parameters cannot be read: {error}", "") from error
    return tuple(found)


def _condition(one: Saved, name: str, value: str) -> tables.Condition | None:
    column, dot, operator = name.partition(".")
    known = one.columns
    if known and column not in known:
        parameters = [parameter.name for parameter in one.parameters]
        taken = ", ".join([*parameters, *known, *tables.CONTROLS])
        near = difflib.get_close_matches(name, [*parameters, *known, *tables.CONTROLS], 1, 0.5)
        hint = f"; is `{near[0]}` meant" if near else ""
        raise errors.ParameterError(
            f"the question takes no `{name[:80]}`{hint}; it takes {taken}", name
        )
    operator = operator if dot else "is"
    if operator not in tables.OPERATORS:
        raise errors.ParameterError(
            f"`{name[:80]}`: behind the dot stands one of {', '.join(tables.OPERATORS)}", name
        )
    # A form sends its empty fields, too.
    return tables.Condition(column, operator, value) if value or operator in ("is", "not") else None


def _order(text: str) -> tuple[tuple[str, bool], ...]:
    columns = [part.strip() for part in text.split(",") if part.strip()]
    return tuple((column.lstrip("-"), column.startswith("-")) for column in columns)


def _count(controls: Mapping[str, str], name: str, default: int | None) -> int | None:
    text = controls.get(name, "").strip()
    if not text:
        return default
    if not _COUNT.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise errors.ParameterValueError(
            f"`{name}`: `{text[:80]}` is no number from 1 to {MOST}", name
        )
    return int(text)
