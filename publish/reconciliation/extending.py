"""Properties of things, fetched for the columns of a table (data extension)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from publish import errors
from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.reconciliation.answers import naming
from publish.reconciliation.requests import listed, loads, text_of
from publish.sources import Text

IDS = 500
"""How many things may be extended at once."""
SETTINGS = (
    ("limit", "number", "How many values", "At most so many of each thing; 0 gives all", 0),
    ("language", "text", "Language", "Only texts in this language, such as en", ""),
    ("as", "select", "Things as", "What is given of a value that is a thing", "thing"),
)
FORMS = (("thing", "thing with its name"), ("name", "name alone"), ("iri", "IRI alone"))
_INTEGERS = frozenset(
    ns.XSD + name
    for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
)
# Of longer ones Python makes no number.
_WHOLE = re.compile(r"[+-]?[0-9]{1,1000}")
_FLOATS = frozenset(ns.XSD + name for name in ("decimal", "double", "float"))


@dataclass(frozen=True)
class Column:
    """A property to be fetched: how it is named, and how its values are wanted."""

    name: str
    limit: int = 0
    language: str = ""
    form: str = "thing"


@dataclass(frozen=True)
class Extension:
    """The things of which properties are asked for."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def extension(text: str | bytes) -> Extension:
    """Read what is to be fetched, of either version."""
    said = loads(text, "extend")
    if not isinstance(said, dict):
        raise errors.RequestError("`extend` is no JSON object; give it `ids` and `properties`")
    ids = said.get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise errors.RequestError("`extend` has no list of texts `ids`; give one")
    if len(ids) > IDS:
        raise errors.QueryTooLarge(
            f"`ids` may name {IDS} things and names {len(ids)}; send them in parts"
        )
    asked = listed(said.get("properties"), "`properties`")
    return Extension(
        tuple(ids), tuple(_column(one, f"property {place}") for place, one in enumerate(asked))
    )


def _column(said: Any, where: str) -> Column:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not said["id"]:
        raise errors.RequestError(f"{where} has no text `id`; give the property's")
    settings = said.get("settings") or {}
    if not isinstance(settings, dict):
        raise errors.RequestError(f"{where}, `settings` is no JSON object; give one, or leave it")
    known = [name for name, *_ in SETTINGS]
    if unknown := sorted(set(settings) - set(known)):
        raise errors.RequestError(
            f"{where} has a setting `{unknown[0][:80]}`; there are {', '.join(known)}"
        )
    return Column(
        said["id"],
        _count(settings.get("limit"), f"{where}, setting `limit`"),
        text_of(settings.get("language") or "", f"{where}, setting `language`"),
        _form(settings.get("as") or "thing", f"{where}, setting `as`"),
    )


def _count(said: Any, where: str) -> int:
    """Read a number, which old clients send as text."""
    try:
        number = int(said or 0)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if number < 0:
        raise errors.RequestError(f"{where} is `{said!s:.80}`; give a whole number, 0 for all")
    return number


def _form(said: Any, where: str) -> str:
    known = [name for name, _ in FORMS]
    if said not in known:
        raise errors.RequestError(f"{where} is `{said!s:.80}`; give one of {', '.join(known)}")
    return str(said)


def extended(asked: Extension, reconciler: Reconciler) -> dict[str, Any]:
    """Fetch what is asked for, in the shape of 0.2."""
    meta, rows = _fetched(asked, reconciler)
    return {"meta": meta, "rows": rows}


def extended_1(asked: Extension, reconciler: Reconciler) -> dict[str, Any]:
    """Fetch what is asked for, in the shape of the draft of 1.0."""
    meta, rows = _fetched(asked, reconciler)
    return {
        "meta": meta,
        "rows": [
            {
                "id": id_,
                "properties": [{"id": name, "values": values} for name, values in row.items()],
            }
            for id_, row in rows.items()
        ],
    }


def _fetched(
    asked: Extension, reconciler: Reconciler
) -> tuple[list[dict[str, Any]], dict[str, dict[str, list[dict[str, Any]]]]]:
    names = []
    for place, column in enumerate(asked.columns):
        with naming(f"property {place}"):
            names.append(reconciler.schema.property(column.name))
    found = reconciler.values(asked.ids, names)
    meta = [
        {"id": column.name, "name": reconciler.things.label(iri).value}
        for column, iri in zip(asked.columns, names, strict=True)
    ]
    rows = {
        id_: {
            column.name: [*_cells(found.get(id_, {}).get(iri, ()), column, reconciler)]
            for column, iri in zip(asked.columns, names, strict=True)
        }
        for id_ in asked.ids
    }
    return meta, rows


def _cells(
    values: Iterable[Text | str], column: Column, reconciler: Reconciler
) -> Iterator[dict[str, Any]]:
    wanted = [
        one
        for one in values
        if isinstance(one, str)
        or not column.language
        or one.language.casefold() == column.language.casefold()
    ]
    for one in wanted[: column.limit or None]:
        yield _literal(one) if isinstance(one, Text) else _thing(one, column.form, reconciler)


def _thing(iri: str, form: str, reconciler: Reconciler) -> dict[str, Any]:
    if form == "iri" or not reconciler.things.ours(iri):
        return {"str": iri}
    name = reconciler.things.label(iri).value
    return {"str": name} if form == "name" else {"id": iri, "name": name}


def _literal(text: Text) -> dict[str, Any]:
    """Write a literal as JSON has it; what JSON has no word for stays a text."""
    if text.datatype in _INTEGERS and _WHOLE.fullmatch(text.value):
        return {"int": int(text.value)}
    if text.datatype in _FLOATS:
        try:
            number = float(text.value)
        except ValueError:
            number = float("nan")
        return {"float": number} if abs(number) < float("inf") else {"str": text.value}
    if text.datatype == ns.XSD + "date" and len(text.value) == len("2000-01-01"):
        return {"date": f"{text.value}T00:00:00Z"}
    return {"str": text.value}
