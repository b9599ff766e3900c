"""The Reconciliation Service API: its requests read, its answers written.

Version 0.2 and the draft of 1.0 ask the same in two shapes, which become the same
`candidates.Query`. Whatever cannot be read is a `RequestError` that names the query and the field;
what is more than a batch may have is `QueryTooLarge`. No HTTP here.

Follows Reconciliation Service API 0.2 and 1.0 draft (W3C Entity Reconciliation Community Group),
whose JSON Schemas the tests hold every answer against.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from publish import errors
from publish import namespaces as ns
from publish.candidates import STRICT, Candidate, Condition, Given, Query, Reconciler, Term
from publish.sources import Text

BATCH = 50
"""How many queries a batch may have."""
LONGEST = 500
"""How many characters a text to be matched may have."""
_CONDITIONS = 20
_VALUES = 50
_TYPES = 20
_LIMIT, _MOST = 10, 100
"""How many candidates are given where nothing is said, and at most."""
IDS = 500
"""How many things may be extended at once."""
_WIDTH, _HEIGHT = 400, 240
_QUERY = ("query", "type", "limit", "properties", "type_strict")
_QUERY_1 = ("type", "limit", "lang", "dir", "conditions")
_QUANTIFIERS = ("any", "all", "none")
_SETTINGS = (
    ("limit", "number", "How many values", "At most so many of each thing; 0 gives all", 0),
    ("language", "text", "Language", "Only texts in this language, such as en", ""),
    ("as", "select", "Things as", "What is given of a value that is a thing", "thing"),
)
_FORMS = (("thing", "thing with its name"), ("name", "name alone"), ("iri", "IRI alone"))
_INTEGERS = frozenset(
    ns.XSD + name
    for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
)
_FLOATS = frozenset(ns.XSD + name for name in ("decimal", "double", "float"))


# --- reading ---------------------------------------------------------------------------------


def loads(text: str | bytes, what: str) -> Any:
    """Read JSON; `what` names it in the error."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise errors.RequestError(f"`{what}` is no JSON: {str(error)[:200]}") from error


def queries(text: str) -> dict[str, Query]:
    """Read a batch of 0.2: an object with a query under each key."""
    found = loads(text, "queries")
    if not isinstance(found, dict):
        raise errors.RequestError("`queries` is no JSON object; give a query under each name")
    _judge_size(len(found))
    return {key: _query(one, f"query `{key[:80]}`") for key, one in found.items()}


def query(text: str) -> Query:
    """Read the single query of old clients: JSON, or the text itself."""
    said = loads(text, "query") if text.lstrip().startswith("{") else {"query": text}
    return _query(said, "query")


def batch(body: bytes) -> list[Query]:
    """Read a batch of the draft of 1.0: a list of queries, each a list of conditions."""
    found = loads(body, "body")
    asked = found.get("queries") if isinstance(found, dict) else None
    if not isinstance(asked, list):
        raise errors.RequestError("the body has no list `queries`; give one")
    _judge_size(len(asked))
    return [_query_1(one, f"query {place}") for place, one in enumerate(asked)]


def _judge_size(many: int) -> None:
    if many > BATCH:
        raise errors.QueryTooLarge(
            f"a batch may have {BATCH} queries and this has {many}; send it in parts"
        )


def _query(said: Any, where: str) -> Query:
    if not isinstance(said, dict):
        raise errors.RequestError(f"{where} is no JSON object; give it `query` or `properties`")
    _judge_names(said, _QUERY, where)
    conditions = tuple(
        _property(one, f"{where}, `properties` {place}")
        for place, one in enumerate(_list(said.get("properties", []), f"{where}, `properties`"))
    )
    text = _text(said.get("query", ""), f"{where}, `query`")
    if not text.strip() and not conditions:
        raise errors.RequestError(f"{where} has neither `query` nor `properties`; give one of them")
    strict = said.get("type_strict", STRICT[0])
    if strict not in STRICT:
        raise errors.RequestError(
            f"{where}, `type_strict` is `{strict!s:.80}`; give one of {', '.join(STRICT)}"
        )
    return Query(
        text,
        _types(said.get("type"), where),
        strict,
        conditions,
        limit=_limit(said.get("limit"), f"{where}, `limit`"),
    )


def _property(said: Any, where: str) -> Condition:
    if not isinstance(said, dict) or not isinstance(said.get("pid"), str) or "v" not in said:
        raise errors.RequestError(f"{where} has no text `pid` or no `v`; give both")
    return Condition(said["pid"], _values(said["v"], f"{where}, `v`"))


def _query_1(said: Any, where: str) -> Query:
    if not isinstance(said, dict):
        raise errors.RequestError(f"{where} is no JSON object; give it `conditions`")
    _judge_names(said, _QUERY_1, where)
    asked = _list(said.get("conditions"), f"{where}, `conditions`")
    if not asked:
        raise errors.RequestError(f"{where} has no `conditions`; give at least one")
    texts: list[str] = []
    ids: list[str] = []
    conditions: list[Condition] = []
    for place, one in enumerate(asked):
        here = f"{where}, condition {place}"
        kind = one.get("matchType") if isinstance(one, dict) else None
        if kind not in ("name", "id", "property") or "propertyValue" not in one:
            raise errors.RequestError(
                f"{here} has no `matchType` (name, id, property) or no `propertyValue`; give both"
            )
        values = _values(one["propertyValue"], f"{here}, `propertyValue`")
        if kind == "property":
            conditions.append(_condition_1(one, values, here))
        else:
            given = [value.iri or value.text for value in values]
            (texts if kind == "name" else ids).extend(given)
    if len(texts) > 1:
        # Another name is one more property that may agree.
        others = tuple(Given(text) for text in texts[1:])
        conditions.append(Condition(ns.LABELS[0], others))
    return Query(
        texts[0] if texts else "",
        _types(said.get("type"), where),
        conditions=tuple(conditions),
        ids=tuple(ids),
        limit=_limit(said.get("limit"), f"{where}, `limit`"),
    )


def _condition_1(said: Mapping[str, Any], values: tuple[Given, ...], where: str) -> Condition:
    name, quantifier = said.get("propertyId"), said.get("matchQuantifier", "any")
    if not isinstance(name, str) or not name:
        raise errors.RequestError(f"{where} has no text `propertyId`; give the property's")
    if quantifier not in _QUANTIFIERS:
        raise errors.RequestError(
            f"{where}, `matchQuantifier` is `{quantifier!s:.80}`; "
            f"give one of {', '.join(_QUANTIFIERS)}"
        )
    if said.get("matchQualifier"):
        raise errors.RequestError(f"{where}, `matchQualifier`: there are none here; leave it out")
    return Condition(name, values, quantifier, required=said.get("required") is True)


def _judge_names(said: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise errors.RequestError(
            f"{where} has a field `{unknown[0][:80]}`; a query has {', '.join(known)}"
        )


def _list(said: Any, where: str) -> list[Any]:
    if not isinstance(said, list):
        raise errors.RequestError(f"{where} is no list; give one")
    if len(said) > _CONDITIONS:
        raise errors.QueryTooLarge(f"{where} has {len(said)} parts; give at most {_CONDITIONS}")
    return said


def _text(said: Any, where: str) -> str:
    if not isinstance(said, str):
        raise errors.RequestError(f"{where} is no text; give one")
    if len(said) > LONGEST:
        raise errors.QueryTooLarge(f"{where} has {len(said)} characters; give at most {LONGEST}")
    return said


def _types(said: Any, where: str) -> tuple[str, ...]:
    found = [said] if isinstance(said, str) else said or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise errors.RequestError(f"{where}, `type` is neither a text nor a list of texts")
    if len(found) > _TYPES:
        raise errors.QueryTooLarge(
            f"{where}, `type` names {len(found)} types; give at most {_TYPES}"
        )
    return tuple(one for one in found if one)


def _limit(said: Any, where: str) -> int:
    if said is None:
        return _LIMIT
    if isinstance(said, bool) or not isinstance(said, int | float) or not 1 <= said <= _MOST:
        raise errors.RequestError(f"{where} is `{said!s:.80}`; give a number from 1 to {_MOST}")
    return int(said)


def _values(said: Any, where: str) -> tuple[Given, ...]:
    found = said if isinstance(said, list) else [said]
    if len(found) > _VALUES:
        raise errors.QueryTooLarge(f"{where} has {len(found)} values; give at most {_VALUES}")
    return tuple(_given(one, where) for one in found)


def _given(said: Any, where: str) -> Given:
    if isinstance(said, bool):
        return Given("true" if said else "false")
    if isinstance(said, int | float):
        return Given(str(said))
    if isinstance(said, dict):
        id_, name = said.get("id"), said.get("name", "")
        return Given(_text(name, f"{where} (name)"), _text(id_, f"{where} (id)"))
    return Given(_text(said, where))


# --- answering -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deadline:
    """When a batch must be done, as `time.monotonic` counts."""

    until: float

    def judge(self, where: str) -> None:
        """Raise `QueryTimeout` where it is too late."""
        if time.monotonic() > self.until:
            raise errors.QueryTimeout(
                f"the time is up before {where}; send smaller batches, or ask with types"
            )


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Say in an error of what is asked for where that stands."""
    try:
        yield
    except errors.RequestError as error:
        raise errors.RequestError(f"{where}: {error}") from error


def results(
    asked: Mapping[str, Query], reconciler: Reconciler, deadline: Deadline
) -> dict[str, Any]:
    """Answer a batch of 0.2."""
    found = {}
    for key, one in asked.items():
        deadline.judge(f"query `{key[:80]}`")
        with naming(f"query `{key[:80]}`"):
            candidates = reconciler.candidates(one)
        found[key] = {"result": [_candidate(it, reconciler, named=False) for it in candidates]}
    return found


def results_1(asked: Sequence[Query], reconciler: Reconciler, deadline: Deadline) -> dict[str, Any]:
    """Answer a batch of the draft of 1.0."""
    found = []
    for place, one in enumerate(asked):
        deadline.judge(f"query {place}")
        with naming(f"query {place}"):
            candidates = reconciler.candidates(one)
        found.append({"candidates": [_candidate(it, reconciler, named=True) for it in candidates]})
    return {"results": found}


def _candidate(one: Candidate, reconciler: Reconciler, *, named: bool) -> dict[str, Any]:
    """Write a candidate; only the draft of 1.0 has names of features and languages."""
    said: dict[str, Any] = {
        "id": one.iri,
        "name": one.label.value,
        "type": [{"id": type_, "name": reconciler.label(type_).value} for type_ in one.types],
        "score": one.score,
        "match": one.match,
        "features": [
            {"id": it.id, **({"name": it.name} if named else {}), "value": it.value}
            for it in one.features
        ],
    }
    if one.description:
        said["description"] = one.description
    return {**said, **(_language(one.label) if named else {})}


def _language(text: Text) -> dict[str, str]:
    return {"lang": text.language} if text.language else {}


def term(one: Term, reconciler: Reconciler) -> dict[str, Any]:
    """Write a type or property that is suggested."""
    short = reconciler.short(one.iri)
    said = {"id": one.iri, "name": one.label.value, "description": short}
    broader = [{"id": iri, "name": reconciler.label(iri).value} for iri in one.broader]
    return {**said, **({"broader": broader} if broader else {})}


def entities(iris: Sequence[str], reconciler: Reconciler) -> list[dict[str, Any]]:
    """Write things that are suggested."""
    about = reconciler.described(iris)
    return [
        {
            "id": iri,
            "name": reconciler.label(iri).value,
            **({"description": about[iri][0]} if about[iri][0] else {}),
            "notable": [
                {"id": type_, "name": reconciler.label(type_).value} for type_ in about[iri][1]
            ],
        }
        for iri in iris
        if iri in about
    ]


# --- extending -------------------------------------------------------------------------------


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
    asked = _list(said.get("properties"), "`properties`")
    return Extension(
        tuple(ids), tuple(_column(one, f"property {place}") for place, one in enumerate(asked))
    )


def _column(said: Any, where: str) -> Column:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not said["id"]:
        raise errors.RequestError(f"{where} has no text `id`; give the property's")
    settings = said.get("settings") or {}
    if not isinstance(settings, dict):
        raise errors.RequestError(f"{where}, `settings` is no JSON object; give one, or leave it")
    known = [name for name, *_ in _SETTINGS]
    if unknown := sorted(set(settings) - set(known)):
        raise errors.RequestError(
            f"{where} has a setting `{unknown[0][:80]}`; there are {', '.join(known)}"
        )
    return Column(
        said["id"],
        _count(settings.get("limit"), f"{where}, setting `limit`"),
        _text(settings.get("language") or "", f"{where}, setting `language`"),
        _form(settings.get("as") or "thing", f"{where}, setting `as`"),
    )


def _count(said: Any, where: str) -> int:
    """Read a number, which old clients send as text."""
    try:
        number = int(said or 0)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise errors.RequestError(f"{where} is `{said!s:.80}`; give a whole number, 0 for all")
    return number


def _form(said: Any, where: str) -> str:
    known = [name for name, _ in _FORMS]
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
            names.append(reconciler.property(column.name))
    found = reconciler.values(asked.ids, names)
    meta = [
        {"id": column.name, "name": reconciler.label(iri).value}
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
    if form == "iri" or not reconciler.ours(iri):
        return {"str": iri}
    name = reconciler.label(iri).value
    return {"str": name} if form == "name" else {"id": iri, "name": name}


def _literal(text: Text) -> dict[str, Any]:
    """Write a literal as JSON has it; what JSON has no word for stays a text."""
    if text.datatype in _INTEGERS and text.value.lstrip("+-").isdecimal():
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


# --- what the service is -----------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """What a manifest says of the service: its address, its name, and what its things are."""

    home: str
    name: str
    version: str
    space: str


def _defaults(reconciler: Reconciler) -> list[dict[str, str]]:
    return [{"id": one.iri, "name": one.label.value} for one in reconciler.types()[:_TYPES]]


def manifest(about: About, reconciler: Reconciler) -> dict[str, Any]:
    """Describe the service as 0.2 does."""
    home = f"{about.home}/reconcile"

    def suggesting(kind: str) -> dict[str, str]:
        return {
            "service_url": about.home,
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_url": about.home,
            "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
        }

    return {
        "versions": ["0.1", "0.2"],
        "name": about.name,
        "identifierSpace": about.space,
        "schemaSpace": ns.RDFS + "Resource",
        "documentation": f"{about.home}/help#reconcile",
        "serviceVersion": about.version,
        "logo": f"{about.home}/static/icon.svg",
        "view": {"url": f"{home}/view?id={{{{id}}}}"},
        "defaultTypes": _defaults(reconciler),
        "suggest": {kind: suggesting(kind) for kind in ("entity", "property", "type")},
        "preview": {
            "url": f"{home}/preview?id={{{{id}}}}",
            "width": _WIDTH,
            "height": _HEIGHT,
        },
        "extend": {
            "propose_properties": {
                "service_url": about.home,
                "service_path": "/reconcile/properties",
            },
            "property_settings": [_setting(one, "name", "label", "help_text") for one in _SETTINGS],
        },
        "batchSize": BATCH,
    }


def manifest_1(about: About, reconciler: Reconciler) -> dict[str, Any]:
    """Describe the service as the draft of 1.0 does."""
    home = f"{about.home}/reconcile"
    return {
        "versions": ["1.0-draft"],
        "name": about.name,
        "identifierSpace": about.space,
        "schemaSpace": ns.RDFS + "Resource",
        "documentation": f"{about.home}/help#reconcile",
        "serviceVersion": about.version,
        "logo": f"{about.home}/static/icon.svg",
        "view": {"url": f"{home}/view{{?id}}"},
        "defaultTypes": _defaults(reconciler),
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [_setting(one, "id", "name", "helpText") for one in _SETTINGS],
        },
        "standardizedScore": True,
        "batchSize": BATCH,
    }


def _setting(
    one: tuple[str, str, str, str, object], name: str, label: str, help_: str
) -> dict[str, Any]:
    key, kind, spoken, explained, default = one
    said = {"type": kind, name: key, label: spoken, help_: explained, "default": default}
    if kind == "select":
        said["choices"] = [{"value": value, "name": text} for value, text in _FORMS]
    return said
