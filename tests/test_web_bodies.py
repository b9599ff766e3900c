"""Bodies of requests: read within bounds of time and size wherever one is read."""

from __future__ import annotations

import asyncio

import pytest
from serving import Client, assert_problem

from publish.web import bodies

FORM = "application/x-www-form-urlencoded"
READERS = [
    ("/sparql", "application/sparql-query"),
    ("/sparql", FORM),
    ("/oai", FORM),
    ("/reconcile", FORM),
    ("/reconcile/1.0/match", "application/json"),
    ("/reconcile/1.0/extend", "application/json"),
]


def test_every_route_that_takes_a_body_is_tried_here(web: Client) -> None:
    paths = web.get("/openapi.json").json()["paths"]
    assert {path for path, methods in paths.items() if "post" in methods} == {
        path for path, _ in READERS
    }


@pytest.mark.parametrize(("path", "media"), READERS)
def test_whoever_is_too_slow_with_the_body_is_told(
    web: Client, monkeypatch: pytest.MonkeyPatch, path: str, media: str
) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)

    async def slowly():
        yield b"query="
        await asyncio.Event().wait()

    answer = web.request("POST", path, content=slowly(), headers={"Content-Type": media})
    assert "in time" in assert_problem(answer, 408)["detail"]


@pytest.mark.parametrize(("path", "media"), READERS)
def test_a_body_without_an_end_is_cut_off(web: Client, path: str, media: str) -> None:
    given = 0

    async def endless():
        nonlocal given
        while given < 1 << 26:
            given += 1 << 16
            yield b"x" * (1 << 16)

    answer = web.request("POST", path, content=endless(), headers={"Content-Type": media})
    assert_problem(answer, 413)
    assert given < 1 << 22


@pytest.mark.parametrize(("path", "media"), READERS)
def test_a_body_that_says_it_is_too_long_is_not_read(web: Client, path: str, media: str) -> None:
    async def nothing():
        yield b""
        raise AssertionError("it was read")

    headers = {"Content-Type": media, "Content-Length": str(1 << 40)}
    assert_problem(web.request("POST", path, content=nothing(), headers=headers), 413)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x-gzip"])
@pytest.mark.parametrize(("path", "media"), READERS)
def test_nothing_is_unpacked(web: Client, path: str, media: str, coding: str) -> None:
    """A bomb of a kilobyte stays a kilobyte (RFC 9110, 15.5.16)."""
    headers = {"Content-Type": media, "Content-Encoding": coding}
    answer = web.request("POST", path, content=b"\x1f\x8b", headers=headers)
    assert "unpacked" in assert_problem(answer, 415)["detail"]
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(("path", "media"), READERS)
def test_a_body_of_another_type_is_told_which_are_read(web: Client, path: str, media: str) -> None:
    answer = web.request("POST", path, content=b"x", headers={"Content-Type": "text/plain"})
    assert_problem(answer, 415)
    assert media in answer.headers["accept"].split(", ")


def test_a_body_as_it_is_may_say_so(web: Client) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "identity"}
    answer = web.request("POST", "/sparql", content=b"ASK {}", headers=headers)
    assert answer.status_code == 200


BROKEN = [
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"queries": ' + b"1" * 5_000 + b"}",
    b'{"queries": [{"query": "x", "limit": 1e999, "conditions": NaN}]}',
    b'{"queries": [{"query": "\\ud800"}]}',
    b'{"queries": [null, [], 1]}',
    b'{"ids": [1, null], "properties": [{}]}',
    b"null",
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("path", [path for path, media in READERS if media == "application/json"])
def test_json_that_is_made_to_break_its_reader_breaks_nothing(
    web: Client, path: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    assert web.request("POST", path, content=body, headers=headers).status_code < 500
