"""Servers to measure with and against: each is started, waited for, and stopped.

None is installed with the package: `oxigraph` and `rdflib-endpoint` stand in a virtual environment
of their own (`make bench` makes it from `benchmarks/peers.lock`), nginx and Virtuoso 7 come from the
system (Debian: `apt-get install --no-install-recommends nginx-light virtuoso-opensource-7-bin`).
All listen on the loopback.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

_PATIENCE = 600
_END_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A server that answers: where, and which processes it is made of."""

    name: str
    address: str
    endpoint: str
    process: int
    started: float = 0.0
    """Seconds from its start to its first answer to a query."""

    @property
    def host(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or 80

    @property
    def path(self) -> str:
        """The path of its endpoint."""
        return urlsplit(self.endpoint).path


@dataclass(frozen=True)
class Places:
    """Where the programs and the files are."""

    programs: Path
    folkmote: Path
    scratch: Path


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def missing(places: Places) -> list[str]:
    """Name the peers that are not there."""
    found = {
        "oxigraph": (places.programs / "oxigraph").is_file(),
        "rdflib-endpoint": (places.programs / "rdflib-endpoint").is_file(),
        "virtuoso": bool(shutil.which("virtuoso-t") and shutil.which("isql-vt")),
        "nginx": bool(_nginx()),
        "wrk": bool(shutil.which("wrk")),
    }
    return [name for name, there in found.items() if not there]


# --- servers ---------------------------------------------------------------------------------


@contextlib.contextmanager
def folkmote(places: Places, what: Path, query: str) -> Iterator[Server]:
    """Serve a folder, a release or a file."""
    port = free_port()
    command = [places.folkmote, "serve", what, "--port", str(port)]
    with _running("folkmote", command, port, "/sparql", query, places.scratch) as server:
        yield server


@contextlib.contextmanager
def oxigraph(places: Places, data: Path, query: str, *, disk: bool) -> Iterator[Server]:
    """Serve a file with Oxigraph's own server, from memory or from its store on disk."""
    port = free_port()
    name = "oxigraph disk" if disk else "oxigraph memory"
    command: list[object] = [places.programs / "oxigraph", "serve", "--bind", f"127.0.0.1:{port}"]
    if disk:
        store = places.scratch / f"oxigraph-{data.stem}"
        if not store.exists():
            load = [places.programs / "oxigraph", "load", "--location", store, "--file", data]
            subprocess.run([str(part) for part in load], check=True, capture_output=True)
        command += ["--location", store]
    with _running(name, command, port, "/query", None, places.scratch) as server:
        if not disk:
            _send(server, "POST", "/store?default", data)
        _await(server.address, "/query", query)
        yield server


@contextlib.contextmanager
def rdflib_endpoint(places: Places, data: Path, query: str) -> Iterator[Server]:
    """Serve a file with rdflib-endpoint, from rdflib's own store in memory."""
    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port)]
    command = [places.programs / "rdflib-endpoint", "serve", *where, data]
    with _running("rdflib-endpoint", command, port, "/", query, places.scratch) as server:
        yield server


@contextlib.contextmanager
def virtuoso(places: Places, data: Path, query: str) -> Iterator[Server]:
    """Serve a file with Virtuoso 7."""
    port, own = free_port(), free_port()
    folder = places.scratch / f"virtuoso-{data.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(port=port, own=own, data=data.parent))
    command = ["virtuoso-t", "+configfile", folder / "virtuoso.ini", "+foreground"]
    with _running("virtuoso", command, port, "/sparql", "ASK {}", folder) as server:
        graph = "urn:folkmote:benchmark"
        orders = f"ld_dir('{data.parent}', '{data.name}', '{graph}'); rdf_loader_run(); checkpoint;"
        load = ["isql-vt", f"127.0.0.1:{own}", "dba", "dba", f"exec={orders}"]
        subprocess.run(load, check=True, capture_output=True)
        _await(server.address, "/sparql", query)
        yield server


_VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{own}
DirsAllowed = {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
[SPARQL]
ResultSetMaxRows = 10000000
"""


@contextlib.contextmanager
def nginx(places: Places, folder: Path) -> Iterator[Server]:
    """Serve the files of a folder."""
    port = free_port()
    own = places.scratch / "nginx"
    own.mkdir(parents=True, exist_ok=True)
    (own / "nginx.conf").write_text(_NGINX.format(port=port, own=own, folder=folder))
    command = [_nginx(), "-c", own / "nginx.conf", "-p", own]
    with _running("nginx", command, port, "/", None, own) as server:
        yield server


_NGINX = """\
daemon off;
pid {own}/nginx.pid;
error_log {own}/error.log;
worker_processes auto;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {own}/body;
  proxy_temp_path {own}/proxy;
  fastcgi_temp_path {own}/fastcgi;
  uwsgi_temp_path {own}/uwsgi;
  scgi_temp_path {own}/scgi;
  sendfile on;
  tcp_nopush on;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def _nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return found or ""


def build(places: Places, folder: Path, out: Path) -> None:
    """Build the release of a folder."""
    subprocess.run([places.folkmote, "build", out, folder], check=True, capture_output=True)


# --- processes -------------------------------------------------------------------------------


@contextlib.contextmanager
def _running(
    name: str,
    command: Sequence[object],
    port: int,
    path: str,
    query: str | None,
    folder: Path,
) -> Iterator[Server]:
    """Run a server until it is no longer needed; a query of `None` waits for any answer."""
    folder.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    with (folder / f"{name.replace(' ', '-')}.log").open("w", encoding="utf-8") as log:
        started = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _await(address, path, query, started)
            took = time.perf_counter() - begun
            yield Server(name, address, address + path, started.pid, took)
        finally:
            _stop(started)


def _stop(started: subprocess.Popen[bytes]) -> None:
    """End a server with all processes of its session."""
    started.send_signal(signal.SIGINT)
    try:
        started.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def _await(
    address: str, path: str, query: str | None, started: subprocess.Popen[bytes] | None = None
) -> None:
    """Wait until a server answers a query, or anything at all."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if started is not None and started.poll() is not None:
            raise SystemExit(f"{address} ended before it answered; its log says why")
        with contextlib.suppress(OSError, http.client.HTTPException):
            status = _status(address, path, query)
            if status == 200 or query is None:
                return
        time.sleep(0.01)
    raise SystemExit(f"no answer from {address}")


def _status(address: str, path: str, query: str | None) -> int:
    connection = http.client.HTTPConnection(*_host(address), timeout=_PATIENCE)
    try:
        if query is None:
            connection.request("GET", path)
        else:
            # By GET, since Virtuoso 7 waits for ever for the end of a query in a body.
            headers = {"Accept": "application/sparql-results+json"}
            connection.request("GET", f"{path}?{urlencode({'query': query})}", headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _send(server: Server, method: str, path: str, data: Path) -> None:
    connection = http.client.HTTPConnection(*server.host, timeout=_PATIENCE)
    with data.open("rb") as body:
        headers = {
            "Content-Type": "application/n-triples",
            "Content-Length": str(data.stat().st_size),
        }
        connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{server.name} did not take {data}: {answer.status} {said[:200]!r}")


def _host(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or 80


# --- memory ----------------------------------------------------------------------------------


def processes(server: Server) -> list[int]:
    """Give the processes of a server, itself first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [server.process]
    for process in found:
        found += sorted(children.get(process, ()))
    return found


def memory(process: int) -> dict[str, float]:
    """Give the memory of a process in MiB: all it sees, its share, and what is its alone."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    sizes = {name: int(kib) for name, kib in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)}
    private = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return {"rss": sizes["Rss"] / 1024, "pss": sizes["Pss"] / 1024, "private": private / 1024}
