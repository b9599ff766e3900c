"""How often one address may ask, and whom a server believes that speaks for others."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from pathlib import Path

import pytest
import serving
from starlette.types import Receive, Scope, Send

from publish import errors, settings, supervisor
from publish.web import cycles, rates, server

LINE = "<http://a/b> <http://a/c> <http://a/d> .\n"
QUERY = "/sparql?query=ASK%20%7B%7D"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_send_a_minutes_worth_and_then_one_as_often_as_the_rate_says() -> None:
    clock = Clock()
    buckets = rates.Buckets(6, clock)
    assert [buckets.take("a") for _ in range(6)] == [0.0] * 6
    assert buckets.take("a") == pytest.approx(10)
    assert buckets.take("b") == 0.0
    clock.now = 9.0
    assert buckets.take("a") == pytest.approx(1)
    clock.now = 10.0
    assert buckets.take("a") == 0.0
    clock.now = 1000.0
    assert sum(buckets.take("a") == 0.0 for _ in range(20)) == 6


def test_addresses_are_remembered_within_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_ADDRESSES", 2)
    buckets = rates.Buckets(1, Clock())
    for address in ("a", "b", "c"):
        assert buckets.take(address) == 0.0
    assert buckets.take("a") == 0.0
    assert buckets.take("c") > 0.0


def test_who_sends_too_much_is_told_when_to_come_back(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, LINE)
    with serving.client(data, request_rate=1, cache_bytes=0) as web:
        assert web.get("/browse").status_code == 200
        answer = web.get("/questions")
        serving.assert_problem(answer, 429)
        assert 0 < int(answer.headers["retry-after"]) <= 60
        assert answer.json()["type"].endswith("#rate-exceeded")
        # What watches over the server and queries are no part of it.
        assert web.get("/health").status_code == 200
        assert web.get("/ready").status_code == 200
        assert web.get(QUERY).status_code == 200


def test_queries_have_a_rate_of_their_own(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, LINE)
    with serving.client(data, query_rate=1, cache_bytes=0) as web:
        assert web.get(QUERY).status_code == 200
        serving.assert_problem(web.get(QUERY + "%20"), 429)
        assert {web.get("/browse").status_code for _ in range(5)} == {200}


def test_an_answer_from_memory_costs_nothing(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, LINE)
    with serving.client(data, query_rate=1) as web:
        assert {web.get(QUERY).status_code for _ in range(5)} == {200}


def test_a_customer_of_ipv6_is_one_address() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["client"][0])

    limited = rates.Limited(app, requests=1, queries=0, are_queries=lambda _: False)

    async def ask(address: str) -> None:
        scope = {"type": "http", "path": "/", "client": (address, 1)}
        with contextlib.suppress(errors.RateExceeded):
            await limited(scope, None, None)  # type: ignore[arg-type]

    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "fe80::1%eth0", "odd:"):
        asyncio.run(ask(address))
    assert seen == ["2001:db8::1", "2001:db8:0:1::1", "fe80::1%eth0", "odd:"]


# --- readiness -------------------------------------------------------------------------------


def test_readiness_is_that_a_query_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = serving.bare(tmp_path, LINE)
    with serving.client(data) as web:
        answer = web.get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
        assert answer.headers["cache-control"] == "no-store"

        async def busy(_: object) -> None:
            raise errors.QueryBusy("too many queries are waiting")

        monkeypatch.setattr(web.pool, "run", busy)
        said = serving.assert_problem(web.get("/ready"), 503)
        assert "too many queries are waiting" in said["detail"]
        assert web.get("/health").status_code == 200


# --- proxies ---------------------------------------------------------------------------------

FORWARDED = (
    "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
    "Forwarded: for=192.0.2.8;host=evil.example;proto=https\r\n"
)


def seen_by(trusted: str) -> dict:
    """Send forwarded headers from this machine, and give what the application sees."""
    believed = settings.read({}, {"trusted_proxies": trusted}).trusted_proxies

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        body = json.dumps([scope["client"][0], scope["scheme"]]).encode()
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})

    def ask(port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 20) as connection:
            head = f"GET / HTTP/1.1\r\nHost: x\r\n{FORWARDED}Connection: close\r\n\r\n"
            connection.sendall(head.encode())
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    async def both(listener: socket.socket) -> bytes:
        ready = asyncio.Event()
        running = server.Server(application, ready.set, trusted=believed)
        task = asyncio.create_task(running.serve(sockets=[listener]))
        await ready.wait()
        found = await asyncio.to_thread(ask, listener.getsockname()[1])
        running.should_exit = True
        await task
        return found

    with supervisor.bind("127.0.0.1", 0) as listener:
        answer = asyncio.run(both(listener))
    client, scheme = json.loads(answer.partition(b"\r\n\r\n")[2])
    return {"client": client, "scheme": scheme}


def test_nobody_is_believed_who_speaks_for_others_unless_told_so() -> None:
    assert seen_by("") == {"client": "127.0.0.1", "scheme": "http"}
    assert seen_by("192.0.2.0/24") == {"client": "127.0.0.1", "scheme": "http"}
    assert seen_by("127.0.0.0/8") == {"client": "192.0.2.7", "scheme": "https"}


@pytest.mark.parametrize("path", ["/", "/sparql", "/sitemap.xml", "/nothing", "/browse"])
def test_no_answer_to_one_host_is_given_to_another(tmp_path: Path, path: str) -> None:
    data = serving.bare(tmp_path, LINE)
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    with serving.client(data) as web:
        for accept in ("text/html", "text/turtle", "application/json"):
            web.request("GET", path, headers={"Host": "evil.example", "Accept": accept, **forged})
            web.request("GET", path, headers={**forged, "Accept": accept})
            answer = web.get(path, accept)
            assert "evil" not in answer.text + repr(answer.headers)


def test_with_an_address_set_no_host_is_repeated(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, LINE)
    with serving.client(data, base_url="https://example.org/data") as web:
        for path in ("/", "/sparql", "/sitemap.xml", "/nothing"):
            answer = web.get(path, "text/html", Host="evil.example")
            assert "evil" not in answer.text + repr(answer.headers)


def test_bytes_that_were_answered_once_are_not_known_again_when_a_proxy_sent_them() -> None:
    assert not cycles.is_plain(f"GET / HTTP/1.1\r\n{FORWARDED}\r\n".encode())
