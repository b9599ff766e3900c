"""Measure folkmote against its peers, in one run, and print tables of figures and ratios.

    python -m benchmarks.run [PART]... [--triples 100000] [--short]

Parts: latency, throughput, dumps, start, memory, fairness; by default all. Trust ratios within a
table, never times of two runs: the load average below each table says how busy the machine was.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import generate, kinds, measure, peers
from benchmarks.peers import Places, Server
from benchmarks.tables import Table

_FIRST = kinds.lookup(17)
_OWN = "folkmote"


class Run:
    """One run: where things are, how large the data are, and how long it may take."""

    def __init__(
        self, places: Places, triples: int, *, short: bool, without: Sequence[str]
    ) -> None:
        self._places = places
        self._short = short
        self._without = frozenset({*without, *peers.missing(places)})
        self._triples = triples
        self._folder = places.scratch / f"bibliography-{triples}"
        self._data = self._folder.with_name(f"{self._folder.name}.nt")
        if not self._data.is_file():
            generate.write(triples, self._folder)
        for name in sorted(self._without):
            print(f"left out: {name}")

    def parts(self) -> Mapping[str, Callable[[], None]]:
        """Give the parts by name."""
        return {
            "latency": self.latency,
            "throughput": self.throughput,
            "dumps": self.dumps,
            "start": self.start,
            "memory": self.memory,
            "fairness": self.fairness,
        }

    # --- parts -----------------------------------------------------------------------------

    def latency(self) -> None:
        """Ask twelve kinds of query, each text new, then each the same."""
        rounds, seconds = (5, 1.0) if self._short else (15, 4.0)
        with contextlib.ExitStack() as stack:
            servers = list(self._servers(stack))
            for unique, how in ((True, "each text new"), (False, "the same text again")):
                table = self._table(f"Median latency over HTTP in ms, {how}")
                for kind in kinds.QUERIES:
                    found = measure.latencies(
                        servers, kind, rounds=rounds, seconds=seconds, unique=unique
                    )
                    for name, took in found.items():
                        table.note(kind, name, took)
                table.print(_OWN, inverse=True)

    def throughput(self) -> None:
        """Ask for a cheap lookup and for documents over 16 connections."""
        seconds, rounds = (1.0, 1) if self._short else (2.0, 3)
        things = min(1000, generate.Bibliography(self._triples).works)
        table = self._table("Requests a second, 16 connections")
        with contextlib.ExitStack() as stack:
            # The folder, since a bare file has no documents.
            own = stack.enter_context(peers.folkmote(self._places, self._release(), _FIRST))
            # Virtuoso closes connections while they are in use, and counts as an error here.
            servers = [own, *(one for one in self._others(stack) if one.name != "virtuoso")]
            for _ in range(rounds):
                for server in servers:
                    for row, unique in (("lookup, new text", True), ("lookup, same text", False)):
                        paths = measure.lookups(server, 60_000, things, unique=unique)
                        headers = {"Accept": measure.JSON}
                        count = measure.throughput(server, paths, headers, seconds)
                        table.note(row, server.name, count)
                paths = [f"/doc/work/{number:07}" for number in range(things)]
                for row, count in self._documents(own, paths, seconds):
                    table.note(row, own.name, count)
                    for server in servers[1:]:
                        # These have no documents: a new lookup is what comes nearest.
                        there = table.rows()["lookup, new text"][server.name]
                        table.note(row, server.name, there)
        table.print(_OWN)

    def _documents(
        self, own: Server, paths: Sequence[str], seconds: float
    ) -> Iterator[tuple[str, float]]:
        turtle = {"Accept": "text/turtle"}
        yield "documents", measure.throughput(own, paths, turtle, seconds)
        tag = measure.headers(own, paths[17], turtle)["etag"]
        said = {**turtle, "If-None-Match": tag}
        yield "304", measure.throughput(own, [paths[17]], said, seconds)

    def dumps(self) -> None:
        """Fetch the N-Triples of the whole, from a file or as a store writes them."""
        rounds = 3 if self._short else 9
        table = self._table("MB a second of a dump")
        with contextlib.ExitStack() as stack:
            release = self._release()
            own = stack.enter_context(peers.folkmote(self._places, release, _FIRST))
            offered = [(own, "/release/1.0.0/bib.nt")]
            if "nginx" not in self._without:
                offered.append((stack.enter_context(peers.nginx(self._places, release)), "/bib.nt"))
            offered += [
                (server, "/store?default")
                for server in self._others(stack)
                if server.name.startswith("oxigraph")
            ]
            for _ in range(rounds):
                for server, path in offered:
                    rate = measure.bytes_a_second(server, path) / 1e6
                    table.note("N-Triples", server.name, rate)
        table.print(_OWN)

    def start(self) -> None:
        """Wait from the start of the command to the first answer, the release being built."""
        table = self._table("Seconds from the start to the first answer")
        here = Path(__file__).parent.parent
        things = {"folder": self._folder, "release": self._release(), "shipped data": here}
        for _ in range(2 if self._short else 5):
            for row, what in things.items():
                with peers.folkmote(self._places, what, "ASK {}") as server:
                    table.note(row, server.name, server.started)
            if "oxigraph" not in self._without:
                with peers.oxigraph(self._places, self._data, "ASK {}", disk=True) as server:
                    table.note("folder", server.name, server.started)
        table.print()

    def memory(self) -> None:
        """Say what each process holds after some queries."""
        table = self._table("Memory of each process in MiB")
        with contextlib.ExitStack() as stack:
            for server in list(self._servers(stack)):
                client = measure.Client(server)
                for kind in kinds.QUERIES:
                    client.ask(kinds.query(kind, 0), measure.accepted(kind))
                client.close()
                for number, process in enumerate(peers.processes(server)):
                    for column, size in peers.memory(process).items():
                        table.note(f"{server.name}, process {number}", column, size)
        table.print()

    def fairness(self) -> None:
        """Let 200 clients ask small queries, beside nobody and beside runaways of one address."""
        seconds = 5.0 if self._short else 12.0
        table = self._table("200 clients")
        with peers.folkmote(self._places, self._data, _FIRST) as own:
            for pause, what in ((1.0, "a query a second each"), (0.0, "without a pause")):
                for bad in (0, (os.cpu_count() or 1) + 1):
                    found = asyncio.run(
                        measure.beside(own, clients=200, bad=bad, seconds=seconds, pause=pause)
                    )
                    row = f"{what}, {bad} runaways"
                    table.note(row, "queries", len(found))
                    table.note(row, "50 % in ms", 1000 * measure.percentile(found, 0.5))
                    table.note(row, "99 % in ms", 1000 * measure.percentile(found, 0.99))
        table.print()

    # --- servers ---------------------------------------------------------------------------

    def _table(self, what: str) -> Table:
        return Table(f"{what} ({self._triples:,} triples)")

    def _servers(self, stack: contextlib.ExitStack) -> Iterator[Server]:
        yield stack.enter_context(peers.folkmote(self._places, self._data, _FIRST))
        yield from self._others(stack)

    def _others(self, stack: contextlib.ExitStack) -> Iterator[Server]:
        places, data = self._places, self._data
        if "oxigraph" not in self._without:
            for disk in (True, False):
                yield stack.enter_context(peers.oxigraph(places, data, _FIRST, disk=disk))
        if "rdflib-endpoint" not in self._without:
            yield stack.enter_context(peers.rdflib_endpoint(places, data, _FIRST))
        if "virtuoso" not in self._without:
            yield stack.enter_context(peers.virtuoso(places, data, _FIRST))

    def _release(self) -> Path:
        out = self._places.scratch / f"release-{self._triples}"
        if not out.exists():
            peers.build(self._places, self._folder, out)
        return out


def main() -> None:
    """Read the command line and run."""
    asked = argparse.ArgumentParser(description="Measure folkmote against its peers.")
    asked.add_argument("parts", nargs="*", metavar="PART", help="which parts; by default all")
    asked.add_argument("--triples", type=int, default=100_000, help="about how many triples")
    asked.add_argument("--short", action="store_true", help="few rounds, to see that it works")
    asked.add_argument("--without", action="append", default=[], metavar="PEER", help="leave out")
    asked.add_argument("--programs", type=Path, default=Path(".venv/.peers/bin"))
    asked.add_argument("--folkmote", type=Path, default=Path(".venv/bin/folkmote"))
    asked.add_argument(
        "--scratch", type=Path, default=Path(tempfile.gettempdir(), "folkmote-bench")
    )
    given = asked.parse_args()
    places = Places(given.programs.absolute(), given.folkmote.absolute(), given.scratch.absolute())
    places.scratch.mkdir(parents=True, exist_ok=True)
    parts = Run(places, given.triples, short=given.short, without=given.without).parts()
    for name in given.parts or parts:
        if name not in parts:
            asked.error(f"there is no part `{name}`; name some of {', '.join(parts)}")
        parts[name]()


if __name__ == "__main__":
    main()
