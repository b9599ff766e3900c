"""The server itself: one line when it answers, bounded connections, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
import serving
from conftest import FOREIGN, PROGRESS

from publish import errors, supervisor
from publish.web import connections, cycles, repeats, server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    with serving.server(FOREIGN, {"XDG_CACHE_HOME": str(folder)}) as found:
        yield found


DATED = rb"date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"


def start(tmp_path: Path, port: int) -> subprocess.Popen[str]:
    path = tmp_path / "data.nt"
    path.write_text("<http://a/b> <http://a/c> <http://a/d> .\n", encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", "publish", "serve", str(path), "--port", str(port)],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_in_one_line_when_it_answers_and_ends_when_told(tmp_path: Path, how: int) -> None:
    started = start(tmp_path, 0)
    assert started.stdout is not None
    line = started.stdout.readline()
    place = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert place, line
    # No second try: when the line is there, the server answers.
    assert serving.get(f"{place[0]}/health").status_code == 200
    started.send_signal(how)
    rest, wrong = started.communicate(timeout=120)
    assert started.returncode == 0, wrong
    assert rest == ""
    told = PROGRESS.sub("", wrong).splitlines()
    events = [json.loads(line[line.index("{") :])["event"] for line in told]
    assert events == ["started"]


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(errors.ListenError, match=f"port {port} of 127.0.0.1 is in use"):
            supervisor.bind("127.0.0.1", port)
        started = start(tmp_path, port)
        _, wrong = started.communicate(timeout=120)
    assert started.returncode == 3
    assert "is in use" in wrong
    assert "Traceback" not in wrong


def test_a_host_that_is_none_is_one_sentence() -> None:
    with pytest.raises(errors.ListenError, match=r"no host `nowhere\.invalid`"):
        supervisor.bind("nowhere.invalid", 0)


def test_the_address_is_the_one_that_a_browser_takes() -> None:
    with supervisor.bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert server.address(listener, "127.0.0.1") == f"http://127.0.0.1:{port}"
        assert server.address(listener, "::1") == f"http://[::1]:{port}"


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/static/../app.py",
        "/release/2.3.1/../../../../etc/passwd",
        "/dump/../../etc/passwd",
        "/doc/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/app.py",
        "//etc/passwd",
        "/release/2.3.1/%00",
    ],
)
def test_no_path_leads_out_of_what_is_served(address: str, path: str) -> None:
    answer = serving.raw(
        address, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer[:200]
    assert b"root:" not in answer
    assert b"import" not in answer


def test_what_is_no_http_is_refused(address: str) -> None:
    head, _, body = serving.raw(address, b"\x16\x03\x01 hello\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert re.search(DATED, head)
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize("method", ["FETCH", "get"])
def test_a_method_that_nobody_knows_is_called_so(address: str, method: str) -> None:
    """RFC 9110, 9.1."""
    sent = f"{method} /sparql HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    head, _, body = serving.raw(address, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 501 ")
    assert json.loads(body)["status"] == 501


@pytest.mark.parametrize("asked", ["ASK {}", "SELECT * { ?s ?p ?o } LIMIT 1"])
@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/html"])
def test_whoever_closes_its_side_when_it_has_asked_is_answered(
    address: str, asked: str, accept: str
) -> None:
    lines = "".join(
        f"GET /sparql?query={quote(f'{asked} #{n}')} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n"
        for n in range(3)
    )
    answer = serving.raw(address, lines.encode(), closing=True)
    assert answer.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /health HTTP/1.1\r\nHo",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 90\r\n\r\nASK",
    ],
    ids=["a head", "a body"],
)
def test_what_is_begun_behind_a_request_takes_no_answer_from_it(address: str, begun: bytes) -> None:
    asked = quote(f"ASK {{}} # {len(begun)}")
    whole = f"GET /sparql?query={asked} HTTP/1.1\r\nHost: x\r\nAccept: text/csv, */*\r\n\r\n"
    answer = serving.raw(address, whole.encode() + begun, closing=True)
    assert answer.count(b"HTTP/1.1 ") == answer.count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 7\r\n\r\nASK {}",
    ],
    ids=["head", "body"],
)
def test_whoever_closes_its_side_before_it_has_asked_is_let_go(address: str, sent: bytes) -> None:
    assert serving.raw(address, sent, closing=True) == b""


@pytest.mark.parametrize(("version", "told"), [("1.0", False), ("1.1", True)])
def test_only_who_can_wait_for_it_is_told_to_go_on(address: str, version: str, told: bool) -> None:
    """RFC 9110, 10.1.1."""
    head = f"POST /sparql HTTP/{version}\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    more = "Content-Length: 6\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nASK {}"
    answer = serving.raw(address, (head + more).encode())
    assert answer.startswith(b"HTTP/1.1 100 ") == told
    assert b"HTTP/1.1 200 " in answer


def test_head_has_the_length_and_no_body(address: str) -> None:
    for path in ("/", "/release/2.3.1/strahlen.nt"):
        rest = f" {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        head, _, nothing = serving.raw(address, b"HEAD" + rest).partition(b"\r\n\r\n")
        _, _, body = serving.raw(address, b"GET" + rest).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert nothing == b""
        assert f"content-length: {len(body)}".encode() in head


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-More: y\r\n" * 40_000, 431),
        (b"GET /" + b"a" * 400_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ],
    ids=["headers", "address"],
)
def test_a_head_without_an_end_is_called_so_and_cut_off(
    address: str, sent: bytes, status: int
) -> None:
    head, _, body = serving.raw(address, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert re.search(DATED, head)
    assert json.loads(body)["status"] == status
    assert serving.get(f"{address}/health").status_code == 200


@pytest.mark.parametrize("version", ["", " HTTP/2.0"])
def test_other_versions_are_not_spoken(address: str, version: str) -> None:
    """RFC 9110, 15.6.6."""
    answer = serving.raw(
        address, f"GET /{version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 505 ")


def test_an_address_may_be_typed_as_an_iri(address: str) -> None:
    """RFC 3987, 3.1; curl and others send what is typed as it is."""
    query = "SELECT('Röntgen'AS?name){}"
    sent = f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n"
    answer = serving.raw(address, sent.encode() + b"Connection: close\r\n\r\n")
    assert answer.endswith("\r\n\r\nname\r\nRöntgen\r\n".encode())
    latin = sent.encode("latin-1") + b"Connection: close\r\n\r\n"
    assert serving.raw(address, latin).startswith(b"HTTP/1.1 400 ")


def test_many_who_say_nothing_leave_others_untouched(address: str) -> None:
    place = urlsplit(address)
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            silent = socket.create_connection((place.hostname or "", place.port or 0))
            stack.enter_context(silent)
            silent.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        # Before the first of them is cut off.
        answer = httpx.get(f"{address}/health", timeout=connections.HEADER_SECONDS)
        assert answer.status_code == 200


def test_whoever_holds_all_places_keeps_nobody_out(tmp_path: Path) -> None:
    """Each connection takes a file, and without files nothing can be read or run."""
    path = tmp_path / "data.nt"
    path.write_text("<http://a/b> <http://a/c> <http://a/d> .\n", encoding="utf-8")
    serve = [sys.executable, "-m", "publish", "serve", str(path), "--port", "0"]
    started = subprocess.Popen(
        ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh", *serve],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    place = re.search(r"http://(127\.0\.0\.1):(\d+)", started.stdout.readline())
    assert place is not None
    with contextlib.ExitStack() as stack:
        for number in range(150):
            silent = socket.create_connection((place[1], int(place[2])))
            stack.enter_context(silent)
            if number % 10 == 0:
                for asked in ("/browse", "/static/style.css", f"/sparql?query=ASK{{}}%23{number}"):
                    assert serving.get(f"{place[0]}{asked}").status_code == 200
    started.send_signal(signal.SIGTERM)
    started.communicate(timeout=120)
    assert started.returncode == 0


@pytest.mark.parametrize(
    ("soft", "hard", "asked", "places"),
    [
        (64, 64, None, 8),
        (1_024, 1_024, None, 328),
        (1_024, 4_096, 4_096, 1_000),
        (1_024, resource.RLIM_INFINITY, 8_192, 1_000),
        (20_000, 20_000, None, 1_000),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, 1_000),
    ],
)
def test_there_are_as_many_places_as_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked: int | None, places: int
) -> None:
    allowed = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: allowed[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: allowed.append(both))
    server.ask_for_files()
    assert allowed[1:] == ([] if asked is None else [(asked, hard)])
    assert server.room() == places


def test_whoever_is_too_slow_with_the_headers_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.05)
    assert served(lambda port: answer_to(port, b"GET / HTTP/1.1\r\nX-Slow: ")) == b""


def test_whoever_takes_nothing_of_an_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_IDLE_SECONDS", 0.1)

    def stall(port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 60) as connection:
            connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            return b"cut" if cut.wait(60) else b"still held"

    cut = threading.Event()
    lost = connections.Bounded.connection_lost

    def noticed(self: connections.Bounded, error: Exception | None) -> None:
        lost(self, error)
        cut.set()

    monkeypatch.setattr(connections.Bounded, "connection_lost", noticed)
    assert served(stall) == b"cut"


# --- answers that leave quickly --------------------------------------------------------------


def exchange(address: str, *requests: bytes) -> list[bytes]:
    """Send requests on one connection, each when the one before is answered."""
    place = urlsplit(address)
    answers = []
    with socket.create_connection((place.hostname or "", place.port or 0), 60) as connection:
        for sent in requests:
            connection.sendall(sent)
            answers.append(one_answer(connection))
    return answers


def one_answer(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(65536)
    length = re.search(rb"content-length: (\d+)", found)
    size = found.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(found) < size:
        found += connection.recv(65536)
    return found


def undated(answer: bytes) -> bytes:
    return re.sub(rb"date: [^\r]*", b"", answer)


def test_an_answer_that_is_kept_is_the_same_each_time(address: str) -> None:
    get = b"GET /doc/begriff/x-strahlen HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n"
    answers = [undated(one) for one in exchange(address, *[get] * 4)]
    assert answers[0].startswith(b"HTTP/1.1 200 ")
    assert len(set(answers)) == 1
    tag = re.search(rb"etag: ([^\r]*)", answers[0])
    assert tag is not None
    known = get[:-2] + b"If-None-Match: " + tag[1] + b"\r\n\r\n"
    answers = [undated(one) for one in exchange(address, *[known] * 4)]
    assert answers[0].startswith(b"HTTP/1.1 304 ")
    assert len(set(answers)) == 1


def test_a_request_is_known_by_all_its_bytes(address: str) -> None:
    path = b"GET /doc/begriff/x-strahlen HTTP/1.1\r\nHost: x\r\nAccept: "
    forms = (b"text/turtle", b"application/n-triples", b"text/html")
    requests = [path + form + b"\r\n\r\n" for form in forms]
    for sent, form in zip(requests * 3, forms * 3, strict=True):
        (answer,) = exchange(address, sent)
        assert b"content-type: " + form in answer


def test_requests_that_come_together_are_answered_in_order(address: str) -> None:
    get = b"GET /doc/begriff/x-strahlen HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n"
    exchange(address, get, get, get)
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    whole = serving.raw(address, get + get + last)
    assert [m[0] for m in re.finditer(rb"content-type: [\w/]+", whole)] == [
        b"content-type: text/turtle",
        b"content-type: text/turtle",
        b"content-type: application/json",
    ]


def test_what_a_proxy_says_of_others_is_no_part_of_what_is_known() -> None:
    assert cycles.is_plain(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert not cycles.is_plain(b"GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n")
    assert not cycles.is_plain(b"")


def test_answers_are_kept_within_a_number_of_bytes() -> None:
    answered = repeats.Answered(10_000)
    for number in range(100):
        answered.put(b"%d" % number, repeats.Again(b"", b"", b"x" * 700, lambda: None))
    kept = [number for number in range(100) if answered.get(b"%d" % number)]
    assert kept == list(range(100 - len(kept), 100))
    assert 5 < len(kept) < 10
    answered.put(b"large", repeats.Again(b"", b"", b"x" * 5_000, lambda: None))
    assert answered.get(b"large") is None


def test_a_file_comes_whole_and_its_connection_goes_on(address: str) -> None:
    get = b" /release/2.3.1/strahlen.nt HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 60) as connection:
        connection.sendall(b"GET" + get)
        head, _, body = one_answer(connection).partition(b"\r\n\r\n")
        assert b"content-type: application/n-triples" in head
        assert body == serving.get(f"{address}/release/2.3.1/strahlen.nt").content
        assert body.endswith(b" .\n")
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one_answer(connection).startswith(b"HTTP/1.1 200 ")


def stalled(*requests: bytes) -> bytes:
    """Ask on one connection without taking anything, and say whether it is cut off."""
    cut = threading.Event()
    lost = connections.Bounded.connection_lost

    def noticed(self: connections.Bounded, error: Exception | None) -> None:
        lost(self, error)
        cut.set()

    def stall(port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 60) as connection:
            for path in requests:
                connection.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
            return b"cut" if cut.wait(60) else b"still held"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cycles, "STALLED_SECONDS", 0.1)
        patched.setattr(connections.Bounded, "connection_lost", noticed)
        return served(stall)


def test_whoever_takes_nothing_of_a_file_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * LARGE)
    assert stalled(bytes(path)) == b"cut"


def test_whoever_asks_for_more_and_takes_nothing_is_cut_off() -> None:
    assert stalled(b"/large", b"/large") == b"cut"


def test_a_file_waits_for_what_was_sent_before_it_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"x")
    made = connections.Bounded.connection_made

    def unlimited(self: connections.Bounded, transport: Any) -> None:
        made(self, transport)
        # All that is written fits, so only the file waits.
        transport.set_write_buffer_limits(high=1 << 30)

    monkeypatch.setattr(connections.Bounded, "connection_made", unlimited)
    assert stalled(b"/large", bytes(path)) == b"cut"


def test_a_file_larger_than_what_a_connection_holds_comes_whole(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * LARGE)
    got = served(lambda port: answer_to(port, b"GET %s HTTP/1.0\r\n\r\n" % bytes(path)))
    assert got.partition(b"\r\n\r\n")[2] == b"x" * LARGE


@pytest.mark.parametrize("path", ["/split", "/short"])
def test_an_answer_that_contradicts_itself_is_not_sent(path: str) -> None:
    sent = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = served(lambda port: answer_to(port, sent))
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"injected" not in answer


LARGE = 50_000_000


async def application(scope, receive, send) -> None:
    assert scope["type"] == "http"
    path = scope["path"]
    body = b"x" * (LARGE if path == "/large" else 1)
    length = LARGE if path.endswith("/large") else 2 if path == "/short" else 1
    headers = [(b"content-length", str(length).encode())]
    if path == "/split":
        headers.append((b"location", b"/\r\ninjected: yes"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if path.count("/") > 1:
        await send({"type": "http.response.pathsend", "path": path})
    else:
        await send({"type": "http.response.body", "body": body})


def answer_to(port: int, sent: bytes) -> bytes:
    """Send bytes, keep the line open, and give what comes back before it is closed."""
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.sendall(sent)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                found += part
    return found


def served(asking) -> bytes:
    """Run a server in this process for as long as something asks it, in a thread."""
    listener = supervisor.bind("127.0.0.1", 0)
    port = listener.getsockname()[1]

    async def both() -> bytes:
        ready = asyncio.Event()
        running = server.Server(application, ready.set)
        serving_ = asyncio.create_task(running.serve(sockets=[listener]))
        await ready.wait()
        found: bytes = await asyncio.to_thread(asking, port)
        running.should_exit = True
        await serving_
        return found

    with listener:
        return asyncio.run(both())
