"""What is measured: latency, throughput, bytes per second, and how clients fare beside others."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import kinds
from benchmarks.peers import Server

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"
RUNAWAY = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c > ?f && ?f > ?i) }"
)
"""A query that no engine can finish."""
_SCRIPT = Path(__file__).with_name("load.lua")


# --- latency ---------------------------------------------------------------------------------


class Client:
    """One connection that is kept, and made anew where the server closed it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection(*server.host, timeout=600)

    def ask(self, query: str, accept: str) -> tuple[float, int]:
        """Ask by GET; give the seconds to the last byte of the answer, and its size."""
        path = f"{self._server.path}?{urlencode({'query': query})}"
        for fresh in (False, True):
            try:
                begun = time.perf_counter()
                self._connection.request("GET", path, headers={"Accept": accept})
                answer = self._connection.getresponse()
                body = answer.read()
                took = time.perf_counter() - begun
            except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
                self._connection.close()
                if fresh:
                    raise
            else:
                if answer.status != 200:
                    said = f"{self._server.name}: {answer.status} {body[:300]!r}"
                    raise RuntimeError(said)
                return took, len(body)
        raise AssertionError

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def accepted(kind: str) -> str:
    """Give the media type that a kind of query is asked in."""
    return TRIPLES if kind in kinds.GRAPHS else JSON


def latencies(
    servers: Sequence[Server], kind: str, *, rounds: int, seconds: float, unique: bool
) -> dict[str, float]:
    """Give the median latency of one kind in milliseconds, the servers asked in turn.

    A server that answers slowly is asked fewer times, so that `seconds` are not exceeded by much.
    """
    clients = {server.name: Client(server) for server in servers}
    accept = accepted(kind)
    taken: dict[str, list[float]] = {server.name: [] for server in servers}
    number = time.time_ns()
    for turn in range(rounds + 1):
        order = [*servers[turn % len(servers) :], *servers[: turn % len(servers)]]
        for server in order:
            spent = taken[server.name]
            if len(spent) > 1 and sum(spent) > seconds:
                continue
            number += 1
            took, _ = clients[server.name].ask(kinds.query(kind, number if unique else 0), accept)
            spent.append(took)
    for client in clients.values():
        client.close()
    # The first answer finds everything cold: caches of the processor, and files.
    return {name: 1000 * statistics.median(spent[1:]) for name, spent in taken.items()}


# --- throughput ------------------------------------------------------------------------------


def throughput(
    server: Server, paths: Sequence[str], headers: Mapping[str, str], seconds: float
) -> float:
    """Give the requests a second of 16 connections that go through the paths in turn."""
    listed = Path(f"/tmp/folkmote-load-{server.process}.txt")  # noqa: S108 (removed below)
    listed.write_text("\n".join(paths), encoding="utf-8")
    command = ["wrk", "-t1", "-c16", f"-d{seconds:g}s", "-s", str(_SCRIPT), server.address]
    said = [f"{name}: {value}" for name, value in headers.items()]
    try:
        done = subprocess.run(
            [*command, "--", str(listed), *said], capture_output=True, text=True, check=True
        )
    finally:
        listed.unlink()
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", done.stdout)
    if wrong:
        raise RuntimeError(f"{server.name}: {wrong[0]} at {paths[0]}")
    match = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    return float(match[1]) if match else 0.0


def lookups(server: Server, count: int, things: int, *, unique: bool) -> list[str]:
    """Give the addresses of cheap queries, each with another text or each the same."""
    base = time.time_ns()
    texts = (
        f"{kinds.lookup(number % things)} # {base + number}" if unique else kinds.lookup(17)
        for number in range(count)
    )
    return [f"{server.path}?{urlencode({'query': text})}" for text in texts]


def headers(server: Server, path: str, given: Mapping[str, str]) -> dict[str, str]:
    """Give the headers of an answer, their names in small letters."""
    connection = http.client.HTTPConnection(*server.host, timeout=60)
    connection.request("GET", path, headers=dict(given))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return {name.lower(): value for name, value in answer.getheaders()}


def bytes_a_second(server: Server, path: str) -> float:
    """Give the bytes a second of one large answer, of its headers too."""
    buffer = bytearray(1 << 20)
    host, port = server.host
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}:{port}",
        f"Accept: {TRIPLES}, */*;q=0.1",
        "Connection: close",
    )
    size = 0
    with socket.create_connection(server.host) as connection:
        begun = time.perf_counter()
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        while count := connection.recv_into(buffer):
            size += count
        return size / (time.perf_counter() - begun)


# --- fairness --------------------------------------------------------------------------------


async def crowd(server: Server, clients: int, seconds: float, pause: float) -> list[float]:
    """Let clients, each from an address of its own, ask small queries; give all latencies."""
    until = time.monotonic() + seconds
    found: list[float] = []
    host, port = server.host

    async def one(number: int) -> None:
        # All of 127.0.0.0/8 is this machine.
        own = (f"127.0.1.{number % 250 + 1}", 0)
        reader, writer = await asyncio.open_connection(host, port, local_addr=own)
        await asyncio.sleep(pause * number / clients)
        count = 0
        while time.monotonic() < until:
            count += 1
            text = f"{kinds.lookup(number)} # {time.time_ns()}"
            path = f"{server.path}?{urlencode({'query': text})}"
            begun = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {JSON}\r\n\r\n".encode())
            await _whole(reader)
            found.append(time.perf_counter() - begun)
            await asyncio.sleep(pause)
        writer.close()

    await asyncio.gather(*(one(number) for number in range(clients)))
    return found


async def _whole(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode(errors="replace"))
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)


async def runaways(server: Server, count: int, seconds: float) -> None:
    """Keep as many endless queries running, from one address, until the time is over."""
    host, port = server.host
    until = time.monotonic() + seconds

    async def one() -> None:
        while time.monotonic() < until:
            text = f"{RUNAWAY} # {time.time_ns()}"
            path = f"{server.path}?{urlencode({'query': text})}"
            # Whatever comes back is the server's way to say no; it is asked again.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                reader, writer = await asyncio.open_connection(
                    host, port, local_addr=("127.0.2.1", 0)
                )
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
                )
                async with asyncio.timeout(max(0.1, until - time.monotonic())):
                    await reader.read()
                writer.close()
            await asyncio.sleep(0.2)

    await asyncio.gather(*(one() for _ in range(count)))


async def beside(
    server: Server, *, clients: int, bad: int, seconds: float, pause: float
) -> list[float]:
    """Give the latencies of a crowd beside a number of runaways."""
    trouble = asyncio.create_task(runaways(server, bad, seconds))
    await asyncio.sleep(1 if bad else 0)
    found = await crowd(server, clients, seconds - 1, pause)
    await trouble
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
