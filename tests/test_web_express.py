"""The short way to an answer: it gives what the long way gives, and only where that is right."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote_plus

import pytest
import serving
from starlette.requests import Request
from starlette.responses import Response

from publish import settings, stores, supervisor
from publish.dataset import Dataset
from publish.web import app, delivery, server, sparql

JSON = "application/sparql-results+json"
ROWS = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 30"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Talk:
    """One connection to a server, on which requests with the same headers follow each other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 60)

    def send(self, parameters: str, accept: str = JSON, more: str = "") -> None:
        head = f"Host: x.example\r\nAccept: {accept}\r\n{more}\r\n"
        self._socket.sendall(f"GET /sparql?{parameters} HTTP/1.1\r\n{head}".encode())

    def answer(self) -> Answer:
        found = b""
        while b"\r\n\r\n" not in found:
            more = self._socket.recv(1)
            assert more, "the connection was closed"
            found += more
        first, *lines = found.decode().strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = b""
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            more = self._socket.recv(length - len(body))
            assert more, "the connection was closed"
            body += more
        return Answer(int(first.split()[1]), headers, body)

    def ask(self, query: str, accept: str = JSON, more: str = "", also: str = "") -> Answer:
        self.send(f"query={quote_plus(query)}{also}", accept, more)
        return self.answer()

    def leave(self) -> None:
        self._socket.close()


class Served:
    """A server: where it listens, what went the long way, and who talks to it.

    `long` has the parameters of requests, and `ran` the queries that were run for them.
    """

    def __init__(self, port: int, long: list[str], ran: list[str], end: Callable[[], None]) -> None:
        self.port = port
        self.long = long
        self.ran = ran
        self.end = end
        self._talks: list[Talk] = []

    def talk(self, accept: str = JSON, more: str = "") -> Talk:
        """Begin to talk with headers that are known then."""
        talk = Talk(self.port)
        self._talks.append(talk)
        talk.ask("ASK {}", accept, more)
        self.long.clear()
        self.ran.clear()
        return talk

    def metrics(self) -> str:
        head = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        found: bytes = serving.raw(f"http://127.0.0.1:{self.port}", head)
        return found.decode()

    def close(self) -> None:
        for talk in self._talks:
            talk.leave()


@contextlib.contextmanager
def served(data: Dataset, **given: object) -> Iterator[Served]:
    """Serve a data set in this process, with workers, in a thread of its own."""
    chosen = settings.read({}, given)
    pool = stores.open_pool(data, chosen)
    pool.wait()
    long: list[str] = []
    ran: list[str] = []
    answered, run = sparql.Endpoint.answer, stores.LocalPool.run

    async def noted(self: sparql.Endpoint, request: Request) -> Response:
        long.append(request.scope["query_string"].decode())
        return await answered(self, request)

    async def counted(self: stores.LocalPool, job: stores.Job) -> stores.Answer:
        ran.append(job.text)
        return await run(self, job)

    ready = threading.Event()
    made = app.create_app(data, pool, chosen)
    assert isinstance(made, delivery.Delivery)
    running = server.Server(made, ready.set, cache_bytes=10**6, shortcut=made.shortcut)
    with pytest.MonkeyPatch.context() as patched, supervisor.bind("127.0.0.1", 0) as listener:
        patched.setattr(sparql.Endpoint, "answer", noted)
        patched.setattr(stores.LocalPool, "run", counted)
        thread = threading.Thread(target=lambda: asyncio.run(running.serve([listener])))
        thread.start()
        assert ready.wait(120)

        def end() -> None:
            running.should_exit = True
            thread.join(120)

        here = Served(listener.getsockname()[1], long, ran, end)
        try:
            yield here
        finally:
            end()
            here.close()
            pool.close()


@pytest.fixture(scope="module")
def here(foreign: Dataset) -> Iterator[Served]:
    with served(foreign) as found:
        yield found


def without_date(answer: Answer, *more: str) -> Answer:
    rest = {name: said for name, said in answer.headers.items() if name not in ("date", *more)}
    return answer._replace(headers=rest)


def without_tag(answer: Answer) -> Answer:
    return without_date(answer, "etag")


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (ROWS, JSON),
        (ROWS, "application/sparql-results+xml"),
        (ROWS, "text/csv"),
        (ROWS, "text/csv;q=0.1, text/tab-separated-values"),
        (ROWS, "*/*"),
        ("SELECT * { ?s ?p ?o } LIMIT 0", JSON),
        ("# first\nPREFIX x: <http://x/>\nASK { ?s ?p ?o }", JSON),
        ("ASK { ?s ?p ?o }", "application/xml"),
        ("CONSTRUCT { ?s a ?o } { ?s a ?o }", "application/n-triples"),
        ("DESCRIBE <https://straeme.example/id/begriff/x-strahlen>", "application/ld+json"),
    ],
)
@pytest.mark.parametrize("more", ["", "Accept-Encoding: gzip\r\n", "Origin: http://y.example\r\n"])
def test_both_ways_give_the_same(here: Served, query: str, accept: str, more: str) -> None:
    talk = here.talk(accept, more)
    # Otherwise it would be kept from the time before.
    query += f"\n# {accept} {more}"
    short = talk.ask(query, accept, more)
    assert here.long == []
    long = talk.ask(query, accept, more, also="&explain=false")
    assert len(here.long) == 1
    assert short.status == 200
    assert without_tag(short) == without_tag(long)
    assert short.headers["etag"] != long.headers["etag"]


def test_an_answer_of_the_short_way_is_kept_and_compared(here: Served) -> None:
    query, agent = f"{ROWS} # kept", "User-Agent: other\r\n"
    talk, stranger = here.talk(), here.talk(more=agent)
    before = kept(here)
    first, again, other = talk.ask(query), talk.ask(query), stranger.ask(query, more=agent)
    known = talk.ask(query, more=f"If-None-Match: {first.headers['etag']}\r\n")
    packed = talk.ask(query, more="Accept-Encoding: gzip\r\n")
    assert without_date(first) == without_date(again) == without_date(other)
    assert known.status == 304
    assert gzip.decompress(packed.body) == first.body
    assert packed.headers["etag"] != first.headers["etag"]
    assert kept(here) == before + 3


def kept(here: Served) -> float:
    found = re.search(r"folkmote_queries_kept_total ([\d.]+)", here.metrics())
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ("query=SELECT+%2A+%7B+%3Fs+%3Fp+", 400, b'"line": 1'),
        ("query=INSERT+DATA+%7B%7D", 403, b"update"),
        ("query=SELECT+%2A+%7B+SERVICE+%3Chttp%3A%2F%2Fx%3E+%7B%7D%7D", 403, b"SERVICE"),
        ("query=ASK+%7B%7D&query=ASK+%7B%7D", 400, b"more than one"),
        ("query=+", 400, b"empty"),
        ("query=%FF", 400, b"UTF-8"),
        ("query=ASK+%7B%7D&format=nothing", 406, b"nothing"),
        ("query=ASK+%7B%7D&update=x", 403, b"reads"),
        ("query=ASK+%7B%7D&edit=maybe", 400, b"edit"),
        ("query=SELECT+%2A+%7B%7D&default-graph-uri=relative", 400, b"relative"),
    ],
)
def test_what_is_wrong_is_said_as_ever(
    here: Served, parameters: str, status: int, said: bytes
) -> None:
    talk = here.talk()
    talk.send(parameters)
    answer = talk.answer()
    assert answer.status == status, answer
    assert said in answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert here.long == [parameters]
    assert "folkmote_queries_running 0.0" in here.metrics()


def test_the_mark_of_an_editor_is_no_part_of_a_query(here: Served) -> None:
    talk = here.talk()
    marked, plain = talk.ask(f"\ufeff{ROWS}"), talk.ask(ROWS)
    assert marked.status == 200
    assert marked.body == plain.body


def test_the_format_can_be_named(here: Served) -> None:
    talk = here.talk()
    answer = talk.ask(ROWS, also="&format=csv&output=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert here.long == []


def test_a_query_that_fails_within_its_limits_is_run_once(foreign: Dataset) -> None:
    with served(foreign, query_seconds=2, slow_seconds=0.5) as here:
        talk = here.talk()
        assert here.ran == []
        slow = talk.ask(ENDLESS)
        metrics = here.metrics()
        assert here.ran == [], "it was run twice"
        assert talk.ask(ROWS).status == 200
    assert slow.status == 503
    assert b"longer than 2 seconds" in slow.body
    assert 'folkmote_queries_total{outcome="query-timeout"} 1.0' in metrics


def test_rows_beyond_the_limit_are_an_error_and_no_part_of_them(foreign: Dataset) -> None:
    with served(foreign, query_rows=5) as here:
        answer = here.talk().ask("SELECT * { ?s ?p ?o }")
    assert answer.status == 413
    assert b"more than 5 rows" in answer.body


@pytest.mark.parametrize("call", ["UUID()", "struuid ()", "UUID # for each row\n\t#()\r()"])
def test_what_changes_each_time_is_not_kept(here: Served, call: str) -> None:
    talk = here.talk()
    answers = [talk.ask(f"SELECT ({call} AS ?x) {{}}") for _ in range(3)]
    assert here.long == []
    assert len({answer.body for answer in answers}) == 3
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert all("etag" not in answer.headers for answer in answers)


def test_requests_that_come_together_are_answered_in_order(here: Served) -> None:
    talk = here.talk()
    for number in range(6):
        talk.send(f"query=SELECT+%28{number}+AS+%3Fn%29+%7B%7D")
    talk.send("query=SELECT+%28(6+AS+%3Fn%29+%7B%7D")
    talk.send("query=SELECT+%287+AS+%3Fn%29+%7B%7D&explain=false")
    bodies = [talk.answer().body for _ in range(8)]
    found = [re.search(rb'"value":"(\d)"', body) for body in bodies]
    assert [one and int(one[1]) for one in found] == [0, 1, 2, 3, 4, 5, None, 7]
    assert b'"status": 400' in bodies[6]


def test_the_query_of_a_client_that_is_gone_is_stopped(foreign: Dataset) -> None:
    with served(foreign, query_seconds=60, slow_seconds=0.2) as here:
        talk = here.talk()
        talk.send(f"query={quote_plus(ENDLESS)}")
        until(lambda: "folkmote_queries_running 1.0" in here.metrics())
        talk.leave()
        until(lambda: "folkmote_queries_running 0.0" in here.metrics())
        metrics = here.metrics()
    assert 'folkmote_queries_total{outcome="client-gone"} 1.0' in metrics
    assert 'state="queries_long"} 0.0' in metrics


def test_a_query_is_stopped_too_where_others_wait_behind_it(foreign: Dataset) -> None:
    with served(foreign, query_seconds=30, slow_seconds=0.2) as here:
        asked = [f"query={quote_plus(one)}&explain=false" for one in ("ASK {}", ENDLESS, "ASK {}")]
        lines = "".join(f"GET /sparql?{one} HTTP/1.1\r\nHost: x\r\n\r\n" for one in asked)
        with socket.create_connection(("127.0.0.1", here.port), 30) as connection:
            connection.sendall(lines.encode())
            found = b""
            while b"boolean" not in found:
                found += connection.recv(4096)
            until(lambda: "folkmote_queries_running 1.0" in here.metrics())
        until(lambda: "folkmote_queries_running 0.0" in here.metrics())
        metrics = here.metrics()
    assert 'folkmote_queries_total{outcome="client-gone"} 1.0' in metrics
    assert 'outcome="query-timeout"' not in metrics


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


@pytest.mark.parametrize(
    "more",
    [
        "X-Forwarded-For: 10.0.0.1\r\n",
        "Forwarded: for=10.0.0.1\r\n",
        "Range: bytes=0-10\r\n",
        "If-Modified-Since: Sun, 29 Nov 2020 00:00:00 GMT\r\n",
        "Accept-Encoding: identity;q=0, gzip\r\n",
        "Content-Length: 0\r\n",
    ],
)
def test_headers_that_say_more_are_read_each_time(here: Served, more: str) -> None:
    talk = here.talk(more=more)
    for number in range(3):
        talk.ask(f"ASK {{}} #{number}{more}", more=more)
    assert len(here.long) == 3


def test_no_parameter_that_means_something_is_passed_over(here: Served) -> None:
    openapi = serving.get(f"http://127.0.0.1:{here.port}/openapi.json").json()
    named = {one["name"] for one in openapi["paths"]["/sparql"]["get"]["parameters"]}
    assert len(named) > 6
    for name in sorted(named - {"query", "format"}):
        talk = here.talk()
        talk.send(f"query=ASK+%7B%7D&{name}=true")
        talk.answer()
        assert len(here.long) == 1, name


def test_a_head_with_two_hosts_is_refused_each_time(here: Served) -> None:
    get = b"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: x.example\r\nHost: y.example\r\n"
    last = get + b"Connection: close\r\n\r\n"
    found = serving.raw(f"http://127.0.0.1:{here.port}", (get + b"\r\n") * 2 + last)
    assert found.count(b"HTTP/1.1 400 ") == 3


@pytest.mark.parametrize(("accept", "status"), [("text/html", 200), ("image/png", 406)])
def test_pages_and_unknown_formats_go_the_long_way(here: Served, accept: str, status: int) -> None:
    answer = here.talk(accept).ask("ASK { ?s ?p ?o }", accept)
    assert answer.status == status
    assert len(here.long) == 1


def test_where_requests_are_counted_all_of_them_are(foreign: Dataset) -> None:
    with served(foreign, query_rate=3) as here:
        talk = here.talk()
        found = [talk.ask(f"ASK {{}} #{number}").status for number in range(4)]
    assert found == [200, 200, 429, 429]


def test_what_a_server_that_ends_has_begun_is_answered(foreign: Dataset) -> None:
    with served(foreign, query_seconds=2, slow_seconds=0.5) as here:
        talk = here.talk()
        talk.send(f"query={quote_plus(ENDLESS)}")
        until(lambda: "folkmote_queries_running 1.0" in here.metrics())
        here.end()
        assert talk.answer().status == 503
