"""Helpers for the tests of the web: the application in this process, and as a server of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import httpx

from publish import dataset, settings
from publish.dataset import Dataset
from publish.sources import Source
from publish.stores import Answer, Job, evaluation
from publish.web import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOME = "http://testserver"


class InProcess:
    """A pool that evaluates in this process: tests ask nothing that they did not write."""

    def __init__(self, data: Dataset) -> None:
        self._store = evaluation.open_store(data)
        self.jobs: list[Job] = []

    async def run(self, job: Job) -> Answer:
        self.jobs.append(job)
        return evaluation.evaluate(self._store, job)

    def figures(self) -> dict[str, int]:
        return {"workers_idle": 1}

    def close(self) -> None:
        pass


class Asking:
    """Asks an application without a socket, and follows nothing by itself."""

    def __init__(self, app: Callable) -> None:
        self.app = app
        self._loop = asyncio.new_event_loop()

    def request(self, method: str, path: str, **how) -> httpx.Response:
        async def ask() -> httpx.Response:
            # An error that nobody caught is an answer too, and tests look at it.
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
                return await client.request(method, path, **how)

        return self._loop.run_until_complete(ask())

    def get(self, path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", path, headers={"Accept": accept, **named})

    def page(self, path: str) -> str:
        """Give a page as a browser gets it."""
        answer = self.get(path, BROWSER)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"] == "text/html; charset=utf-8", path
        return answer.text

    def end(self) -> None:
        """Let the application live from its beginning to its end, as a server does."""
        said = ["lifespan.shutdown", "lifespan.startup"]

        async def live() -> None:
            async def receive() -> dict:
                return {"type": said.pop()}

            async def send(message: dict) -> None:
                assert message["type"].endswith(".complete")

            await self.app({"type": "lifespan"}, receive, send)

        self._loop.run_until_complete(live())

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class Client(Asking):
    """The same for a data set in memory, or what a source gives of it."""

    def __init__(
        self,
        data: Dataset,
        release: Path | None = None,
        source: Source | None = None,
        **given: object,
    ) -> None:
        self.dataset = data
        self.release = release or Path()
        self.pool = InProcess(data)
        super().__init__(create_app(source or data, self.pool, settings.read({}, given), release))


@contextlib.contextmanager
def client(
    data: Dataset, release: Path | None = None, source: Source | None = None, **given: object
) -> Iterator[Client]:
    asking = Client(data, release, source, **given)
    try:
        yield asking
    finally:
        asking.close()


def counts(data: Dataset, queries: list[str]) -> list[int]:
    """Count the rows of queries that use the prefixes of a data set."""
    store = evaluation.open_store(data)
    lines = "".join(f"PREFIX {name}: <{space}>\n" for name, space in data.prefixes.items())
    jobs = [Job(lines + query, "text/csv", rows=10**6, size=10**8) for query in queries]
    return [evaluation.evaluate(store, job).rows for job in jobs]


def bare(folder: Path, text: str, name: str = "data.trig") -> Dataset:
    """Read a bare file that holds this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return dataset.load_file(path)


def assert_problem(answer: httpx.Response, status: int) -> dict:
    """Check the one shape that all errors have, and give what it says."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    said: dict = answer.json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert not said["detail"].endswith(".")
    return said


def free_port() -> int:
    """Give a port that for a minute only who names it can have, and where nobody listens.

    Whoever hangs up first keeps an address so long (TIME_WAIT; RFC 9293, 3.6.1), and to nobody who
    wants just any port does the system give one that is kept.
    """
    with socket.create_server(("127.0.0.1", 0)) as found:
        address: tuple[str, int] = found.getsockname()
        with socket.create_connection(address) as other:
            found.accept()[0].close()
            other.recv(1)
    return address[1]


def get(address: str, **how: Any) -> httpx.Response:
    """Ask a server, and wait as long as a busy machine may need."""
    return httpx.get(address, timeout=60, **how)


@contextlib.contextmanager
def server(
    what: Path, environ: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[str]:
    """Serve a folder or a file by the command, on a free port, and give its address.

    What it says goes into a file: a pipe that nobody reads would stop it.
    """
    address = f"http://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    with log.open("w+") if log else tempfile.TemporaryFile("w+") as said:
        started = subprocess.Popen(
            [sys.executable, "-m", "publish", "serve", str(what), "--port", port],
            env={**os.environ, **(environ or {})},
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            await_health(address, started, said)
            yield address
        finally:
            started.send_signal(signal.SIGINT)
            started.wait(timeout=60)


def await_health(address: str, started: subprocess.Popen[str], said: IO[str]) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        if started.poll() is not None:
            said.seek(0)
            raise AssertionError(said.read())
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/health").status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"no answer from {address}")


def raw(address: str, sent: bytes, *, closing: bool = False) -> bytes:
    """Send bytes as they stand, perhaps `closing` our side, and give all that comes until the end."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 0), 60) as connection:
        connection.sendall(sent)
        if closing:
            connection.shutdown(socket.SHUT_WR)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                found += part
    return found
