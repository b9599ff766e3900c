"""The queries of both versions, read from JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from publish import errors
from publish import namespaces as ns
from publish.candidates import STRICT, Condition, Given, Query

BATCH = 50
"""How many queries a batch may have."""
LONGEST = 500
"""How many characters a text to be matched may have."""
_CONDITIONS = 20
_VALUES = 50
TYPES = 20
_LIMIT, _MOST = 10, 100
"""How many candidates are given where nothing is said, and at most."""
_QUERY = ("query", "type", "limit", "properties", "type_strict")
_QUERY_1 = ("type", "limit", "lang", "dir", "conditions")
_QUANTIFIERS = ("any", "all", "none")


_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""The beginning of an escape that is half of a pair of surrogates."""


def loads(text: str | bytes, what: str) -> Any:
    """Read JSON; `what` names it in the error."""
    try:
        found = json.loads(text)
        if _ESCAPED_HALF.search(text if isinstance(text, str) else text.decode()):
            # RFC 8259, 8.2: half of a pair stands for no character, and can be sent back to nobody.
            json.dumps(found, ensure_ascii=False).encode()
        return found
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
        for place, one in enumerate(listed(said.get("properties", []), f"{where}, `properties`"))
    )
    text = text_of(said.get("query", ""), f"{where}, `query`")
    # An empty cell of a table has an empty text: nothing matches it, and the others are answered.
    if "query" not in said and not conditions:
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
    asked = listed(said.get("conditions"), f"{where}, `conditions`")
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


def listed(said: Any, where: str) -> list[Any]:
    """Take a list, not too long; `where` names it in the error."""
    if not isinstance(said, list):
        raise errors.RequestError(f"{where} is no list; give one")
    if len(said) > _CONDITIONS:
        raise errors.QueryTooLarge(f"{where} has {len(said)} parts; give at most {_CONDITIONS}")
    return said


def text_of(said: Any, where: str) -> str:
    """Take a text, not too long; `where` names it in the error."""
    if not isinstance(said, str):
        raise errors.RequestError(f"{where} is no text; give one")
    if len(said) > LONGEST:
        raise errors.QueryTooLarge(f"{where} has {len(said)} characters; give at most {LONGEST}")
    return said


def _types(said: Any, where: str) -> tuple[str, ...]:
    found = [said] if isinstance(said, str) else said or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise errors.RequestError(f"{where}, `type` is neither a text nor a list of texts")
    if len(found) > TYPES:
        raise errors.QueryTooLarge(
            f"{where}, `type` names {len(found)} types; give at most {TYPES}"
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
        return Given(text_of(str(said), where))
    if isinstance(said, dict):
        id_, name = said.get("id"), said.get("name", "")
        return Given(text_of(name, f"{where} (name)"), text_of(id_, f"{where} (id)"))
    return Given(text_of(said, where))
