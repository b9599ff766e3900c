"""Stores elsewhere for the tests: Oxigraph and Virtuoso as servers of their own, and false ones."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import serving

from publish import settings
from publish.cli import distant
from publish.dataset import Dataset
from publish.push import Pushed, Target, push
from publish.stores import catalogue, open_pool
from publish.stores.endpoint import Bounds, Endpoint, Login

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
VIRTUOSO = shutil.which("virtuoso-t")
SOFTWARE = "folkmote, as tested"
BOUNDS = Bounds(seconds=60, size=1 << 28)

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


@dataclass(frozen=True)
class Engine:
    """A store that runs: where it is asked, updated and loaded, and as whom."""

    name: str
    asked: str
    updated: str
    loaded: str = ""
    user: str = ""
    password: str = ""

    def login(self) -> Login:
        return Login(self.user, self.password)

    def endpoint(self) -> Endpoint:
        return Endpoint(self.asked, self.login(), BOUNDS)

    def target(self) -> Target:
        loaded = Endpoint(self.loaded, self.login(), BOUNDS) if self.loaded else None
        return Target(self.endpoint(), Endpoint(self.updated, self.login(), BOUNDS), loaded)

    def push(self, data: Dataset, software: str = SOFTWARE, keep: int = 2) -> Pushed:
        with self.target() as target:
            return push(data, software, target, keep=keep, tell=lambda line: None)

    def forget(self, data: Dataset) -> None:
        """Take away all releases of a data set, so that other tests find the store small."""
        about = data.description
        assert about
        with self.target() as target:
            found = catalogue.read(target.asked, catalogue.graph_of(data.base), about.iri)
            for release in found.releases:
                catalogue.remove(target.updated, found, release)
            target.updated.update(f"DROP SILENT GRAPH <{found.graph}>")

    def update(self, update: str) -> None:
        with Endpoint(self.updated, self.login(), BOUNDS) as endpoint:
            endpoint.update(update)

    def rows(self, query: str) -> list[tuple[str, ...]]:
        with self.endpoint() as endpoint:
            return [tuple(getattr(it, "value", "") for it in row) for row in endpoint.select(query)]

    def settings(self, **given: object) -> settings.Settings:
        return settings.read(
            {},
            {
                "store": self.asked,
                "store_user": self.user,
                "store_password": self.password,
                "query_workers": 2,
                **given,
            },
        )


@contextlib.contextmanager
def oxigraph() -> Iterator[Engine]:
    """Run `oxigraph serve` in memory."""
    port = serving.free_port()
    started = subprocess.Popen(
        [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    home = f"http://127.0.0.1:{port}"
    try:
        _await(f"{home}/query?query=ASK%7B%7D", started)
        yield Engine("oxigraph", f"{home}/query", f"{home}/update")
    finally:
        started.kill()
        started.wait()


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Run Virtuoso 7 with a new database in a folder."""
    http, sql = serving.free_port(), serving.free_port()
    (folder / "virtuoso.ini").write_text(
        _INI.format(folder=folder, http=http, sql=sql), encoding="ascii"
    )
    started = subprocess.Popen(
        [str(VIRTUOSO), "+configfile", "virtuoso.ini", "+foreground"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    home = f"http://127.0.0.1:{http}"
    try:
        _await(f"{home}/sparql?query=ASK%7B%7D", started)
        yield Engine(
            "virtuoso",
            f"{home}/sparql",
            f"{home}/sparql-auth",
            f"{home}/sparql-graph-crud-auth",
            "dba",
            "dba",
        )
    finally:
        started.kill()
        started.wait()


def _await(address: str, started: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert started.poll() is None, "the store ended before it answered"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"no answer from {address}")


@contextlib.contextmanager
def reading(engine: Engine, **given: object) -> Iterator[serving.Asking]:
    """Serve what a store shows, as `folkmote serve --store` does, and ask it."""
    chosen = engine.settings(**given)
    workers = open_pool(distant.nothing(), chosen)
    try:
        with distant.follow(workers, chosen) as following:
            asking = serving.Asking(following)
            try:
                yield asking
            finally:
                asking.end()
                asking.close()
    finally:
        workers.close()


Answering = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextlib.contextmanager
def false_store(answer: Answering) -> Iterator[str]:
    """Run a server that answers whatever it is told to, and give its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self, b"")

        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give(
    handler: BaseHTTPRequestHandler,
    body: bytes = b"",
    status: int = 200,
    media: str = "application/sparql-results+json",
    **headers: str,
) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", media)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
