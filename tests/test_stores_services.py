"""A reconciliation service elsewhere is asked within bounds, and no nonsense of it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import engines
import pytest

from publish import errors
from publish.stores.endpoint import Bounds
from publish.stores.services import Answer, Service

MANIFEST = {"identifierSpace": "http://x/", "batchSize": 3, "serviceVersion": "2"}


@contextmanager
def service(answer: object, manifest: object = None, size: int = 10_000) -> Iterator[Service]:
    """Open a service that answers every batch alike."""

    def give(handler, body: bytes) -> None:
        said = answer if body else MANIFEST if manifest is None else manifest
        text = said if isinstance(said, bytes) else json.dumps(said).encode()
        engines.give(handler, text, media="application/json")

    with engines.false_store(give) as address, Service(address, Bounds(10, size)) as opened:
        yield opened


def test_things_are_asked_for_by_name() -> None:
    found = [
        {"id": "1", "name": "One", "score": 70, "match": True},
        {"id": "http://y/2", "name": "Two"},
    ]
    with service({"q": {"result": found}}) as opened:
        assert (opened.batch, opened.version) == (3, "2")
        assert opened.match({"q": "one"}) == {
            "q": [Answer("http://x/1", "One", 70.0, True), Answer("http://y/2", "Two", 0.0, False)]
        }


@pytest.mark.parametrize("said", [{}, {"batchSize": 0}, {"batchSize": "many"}])
def test_a_service_that_does_not_say_how_much_it_takes_is_asked_little(said: dict) -> None:
    with service({}, {"identifierSpace": "http://x/", **said}) as opened:
        assert opened.batch == 10


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"<html>", "no JSON"),
        ([], "no JSON object"),
        ({}, "left out the result of query `q`"),
        ({"q": {"result": {}}}, "left out the result of query `q`"),
        ({"q": {"result": [{}]}}, "gave query `q` a result without id"),
        (b'"' + b"x" * 20_000 + b'"', "without an end"),
        (b"[" * 9_000, "no JSON"),
    ],
)
def test_nonsense_is_an_error(said: object, told: str) -> None:
    with service(said) as opened, pytest.raises(errors.StoreAnswerError, match=told):
        opened.match({"q": "one"})


@pytest.mark.parametrize("score", [b"NaN", b"1e999", b"-Infinity", b"9" * 400, b'"70"', b"null"])
def test_a_score_that_is_no_number_counts_least(score: bytes) -> None:
    with service(b'{"q": {"result": [{"id": "1", "score": %b}]}}' % score) as opened:
        assert opened.match({"q": "one"}) == {"q": [Answer("http://x/1", "", 0.0, False)]}


@pytest.mark.parametrize("manifest", [b"<html>", {}, {"identifierSpace": 1}])
def test_what_is_no_service_is_told_when_it_is_opened(manifest: object) -> None:
    with pytest.raises(errors.StoreAnswerError), service({}, manifest):
        pass
