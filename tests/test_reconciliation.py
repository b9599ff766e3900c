"""Requests of the Reconciliation API are read, and what is wrong in them is named."""

from __future__ import annotations

import json
import time

import pytest

from publish import errors, reconciliation
from publish.candidates import Condition, Given, Query


def test_a_query_of_0_2_is_read() -> None:
    text = json.dumps(
        {
            "q0": {
                "query": "Doe",
                "type": "a:Person",
                "limit": 3,
                "type_strict": "should",
                "properties": [{"pid": "born", "v": [1842, {"id": "a:b", "name": "B"}]}],
            }
        }
    )
    (query,) = reconciliation.queries(text).values()
    condition = Condition("born", (Given("1842"), Given("B", "a:b")))
    assert query == Query("Doe", ("a:Person",), "should", (condition,), limit=3)


def test_a_single_query_is_text_or_json() -> None:
    assert reconciliation.query("Doe").text == "Doe"
    assert reconciliation.query('{"query": "Doe", "limit": 2}').limit == 2


def test_a_query_of_the_draft_is_read() -> None:
    conditions = [
        {"matchType": "name", "propertyValue": "Doe"},
        {"matchType": "id", "propertyValue": "http://a/1"},
        {
            "matchType": "property",
            "propertyId": "born",
            "propertyValue": ["1842"],
            "required": True,
            "matchQuantifier": "all",
        },
    ]
    body = json.dumps({"queries": [{"type": "a:T", "conditions": conditions}]}).encode()
    (query,) = reconciliation.batch(body)
    assert (query.text, query.ids, query.types) == ("Doe", ("http://a/1",), ("a:T",))
    assert query.conditions == (Condition("born", (Given("1842"),), "all", required=True),)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{", "`queries` is no JSON"),
        ("[]", "`queries` is no JSON object"),
        ({"q7": 1}, "query `q7` is no JSON object"),
        ({"q7": {}}, "query `q7` has neither `query` nor `properties`"),
        ({"q7": {"query": 3}}, "query `q7`, `query` is no text"),
        ({"q7": {"query": "a", "color": 1}}, "query `q7` has a field `color`"),
        ({"q7": {"query": "a", "limit": 0}}, "query `q7`, `limit` is `0`"),
        ({"q7": {"query": "a", "limit": True}}, "query `q7`, `limit` is `True`"),
        ({"q7": {"query": "a", "type": {}}}, "query `q7`, `type`"),
        ({"q7": {"query": "a", "type_strict": "no"}}, "query `q7`, `type_strict` is `no`"),
        ({"q7": {"query": "a", "properties": {}}}, "query `q7`, `properties` is no list"),
        ({"q7": {"query": "a", "properties": [{"v": 1}]}}, "query `q7`, `properties` 0 has no"),
        (
            {"q7": {"query": "a", "properties": [{"pid": "b", "v": {"name": "c"}}]}},
            "query `q7`, `properties` 0, `v` .id. is no text",
        ),
    ],
)
def test_what_is_wrong_in_a_batch_is_named(said: object, told: str) -> None:
    text = said if isinstance(said, str) else json.dumps(said)
    if said == {"q7": {"query": "a", "type": {}}}:
        text = json.dumps({"q7": {"query": "a", "type": {"id": "x"}}})
    with pytest.raises(errors.RequestError, match=told):
        reconciliation.queries(text)


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [1],
        [{"matchType": "name"}],
        [{"matchType": "colour", "propertyValue": "a"}],
        [{"matchType": "property", "propertyValue": "a"}],
        [{"matchType": "property", "propertyId": "a", "propertyValue": "a", "matchQualifier": "b"}],
        [
            {
                "matchType": "property",
                "propertyId": "a",
                "propertyValue": "a",
                "matchQuantifier": "few",
            }
        ],
    ],
)
def test_what_is_wrong_in_a_batch_of_the_draft_is_named(conditions: list[object]) -> None:
    good = {"conditions": [{"matchType": "name", "propertyValue": "a"}]}
    body = json.dumps({"queries": [good, {"conditions": conditions}]}).encode()
    with pytest.raises(errors.RequestError, match="query 1"):
        reconciliation.batch(body)
    with pytest.raises(errors.RequestError, match="no list `queries`"):
        reconciliation.batch(b"{}")


def test_what_is_too_much_is_refused() -> None:
    many = {f"q{number}": {"query": "a"} for number in range(reconciliation.BATCH + 1)}
    with pytest.raises(errors.QueryTooLarge, match="50 queries and this has 51"):
        reconciliation.queries(json.dumps(many))
    long = {"q3": {"query": "a" * (reconciliation.LONGEST + 1)}}
    with pytest.raises(errors.QueryTooLarge, match="query `q3`, `query` has 501"):
        reconciliation.queries(json.dumps(long))
    number = {"q3": {"query": "a", "properties": [{"pid": "b", "v": 10**501}]}}
    with pytest.raises(errors.QueryTooLarge, match="`v` has 502"):
        reconciliation.queries(json.dumps(number))
    with pytest.raises(errors.RequestError, match="no JSON"):
        reconciliation.queries("[" * 100_000)
    with pytest.raises(errors.RequestError, match="surrogates not allowed"):
        reconciliation.queries('{"q": {"query": "half \\ud83d of a pair"}}')
    assert (
        reconciliation.queries('{"q": {"query": "\\ud83d\\ude00"}}')["q"].text
        == "\N{GRINNING FACE}"
    )
    with pytest.raises(errors.QueryTimeout, match="query `q3`"):
        reconciliation.Deadline(time.monotonic() - 1).judge("query `q3`")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"properties": []}, "no list of texts `ids`"),
        ({"ids": [1], "properties": []}, "no list of texts `ids`"),
        ({"ids": ["a"]}, "`properties` is no list"),
        ({"ids": ["a"], "properties": [{}]}, "property 0 has no text `id`"),
        (
            {"ids": ["a"], "properties": [{"id": "b", "settings": {"limit": "x"}}]},
            "property 0, setting `limit`",
        ),
        (
            {"ids": ["a"], "properties": [{"id": "b", "settings": {"limit": float("inf")}}]},
            "property 0, setting `limit`",
        ),
        (
            {"ids": ["a"], "properties": [{"id": "b", "settings": {"as": "x"}}]},
            "property 0, setting `as`",
        ),
        (
            {"ids": ["a"], "properties": [{"id": "b", "settings": {"size": 1}}]},
            "property 0 has a setting `size`",
        ),
    ],
)
def test_what_is_wrong_in_an_extension_is_named(said: object, told: str) -> None:
    with pytest.raises(errors.RequestError, match=told):
        reconciliation.extension(json.dumps(said))
