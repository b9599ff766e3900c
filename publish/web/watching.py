"""What whoever runs the server can watch: figures for Prometheus, and a line in the log a query.

A line names the outcome, how long it took and how much came back, and a digest by which equal
queries are known; it never says who asked, and the text of a query only where the level is
`debug`. An answer that is repeated from memory is counted and gets no line, which would take
longer than the answer. Figures are kept in a registry of this object's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from publish.stores import Pool

_log = logging.getLogger(__name__)
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
START = "folkmote.start"
"""Under which name the server tells each request how long its start took."""
_PARENT, _PAGES = 1, 21
"""Where proc(5) has the parent and the resident pages, behind the name of a process."""
_SHOWN = 300
"""How many characters of a query the log shows, where it shows any."""

ANSWERED = "answered"
GONE = "client-gone"
FAILED = "failed"


@dataclass
class Seen:
    """What became of a query, filled in by whoever answers it."""

    form: str = ""
    media: str = ""
    outcome: str = FAILED
    rows: int = 0
    size: int = 0


class Watch:
    """Counts and logs; `pool` is asked for its own figures when somebody looks."""

    def __init__(self, pool: Pool) -> None:
        self._registry = registry = CollectorRegistry()
        self._queries = Counter(
            "folkmote_queries", "Queries by what became of them", ["outcome"], registry=registry
        )
        self._seconds = Histogram(
            "folkmote_query_seconds",
            "How long a query took, with the time that it waited",
            ["outcome"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._bytes = Counter(
            "folkmote_query_answer_bytes", "Bytes of the answers to queries", registry=registry
        )
        self._running = Gauge(
            "folkmote_queries_running", "Queries that wait or run", registry=registry
        )
        self._responses = Counter(
            "folkmote_responses",
            "Answers of all kinds by status, but for those sent again",
            ["status"],
            registry=registry,
        )
        self._cache = Gauge(
            "folkmote_cache_bytes", "Bytes of the answers that are kept", registry=registry
        )
        # These two are counted where a counter with a lock would cost too much.
        self._answers_kept = self._queries_kept = 0
        self._start: float | None = None
        registry.register(_Elsewhere(self._of_others))
        self._pool = pool

    def exposed(self, accept: str | None, start: float | None = None) -> tuple[bytes, str]:
        """Give the figures in the form that a collector takes, and its media type.

        `start` is how many seconds passed until the server was ready, where that is known.
        """
        self._start = start
        encode, media = choose_encoder(accept or "")
        return encode(self._registry), media

    @contextmanager
    def query(self, text: str) -> Iterator[Seen]:
        """Watch over a query while it is answered."""
        seen = Seen()
        begun = time.perf_counter()
        self._running.inc()
        try:
            yield seen
        except asyncio.CancelledError:
            seen.outcome = GONE
            raise
        finally:
            self._running.dec()
            seconds = time.perf_counter() - begun
            self._queries.labels(seen.outcome).inc()
            self._seconds.labels(seen.outcome).observe(seconds)
            self._bytes.inc(seen.size)
            _note(seen, text, seconds)

    def kept_answer(self) -> None:
        """Count an answer that was sent again from memory."""
        self._answers_kept += 1

    def kept_query(self) -> None:
        """Count the answer to a query that was sent again from memory."""
        self._answers_kept += 1
        self._queries_kept += 1

    def cached(self, size: int) -> None:
        """Say how many bytes are kept now."""
        self._cache.set(size)

    def _of_others(self) -> Iterator[Metric]:
        kept = (("answers", self._answers_kept), ("queries", self._queries_kept))
        for name, count in kept:
            help_ = f"{name.capitalize()} that were sent again from memory"
            yield CounterMetricFamily(f"folkmote_{name}_kept", help_, value=count)
        family = GaugeMetricFamily(
            "folkmote_pool", "Workers and queries of the pool by state", labels=["state"]
        )
        for state, number in self._pool.figures().items():
            family.add_metric([state], number)
        yield family
        if self._start is not None:
            help_ = "How many seconds passed from the beginning until the server was ready"
            yield GaugeMetricFamily("folkmote_start_seconds", help_, value=self._start)
        if held := memory():
            help_ = "Resident memory of the server and of what answers queries for it, together"
            family = GaugeMetricFamily("folkmote_memory_bytes", help_, labels=["process"])
            for process, size in held.items():
                family.add_metric([process], size)
            yield family

    def responded(self, status: int) -> None:
        """Count an answer."""
        self._responses.labels(str(status)).inc()


class _Elsewhere:
    """Figures that are asked for when they are collected."""

    def __init__(self, given: Callable[[], Iterator[Metric]]) -> None:
        self._given = given

    def collect(self) -> Iterator[Metric]:
        return self._given()


def memory() -> dict[str, int]:
    """Say how many bytes of memory this process and all below it hold; nothing without /proc.

    What the processes below share with each other counts in each of them.
    """
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at, and its name may hold any character.
        with contextlib.suppress(OSError, ValueError, IndexError):
            told = (place / "stat").read_bytes().rpartition(b")")[2].split()
            parents[int(place.name)] = int(told[_PARENT])
            sizes[int(place.name)] = int(told[_PAGES]) * os.sysconf("SC_PAGE_SIZE")
    own = os.getpid()
    if own not in sizes:
        return {}
    below = {one for one, parent in parents.items() if parent == own}
    while more := {one for one, parent in parents.items() if parent in below} - below:
        below |= more
    return {"server": sizes[own], "workers": sum(sizes[one] for one in below)}


def _note(seen: Seen, text: str, seconds: float) -> None:
    """Write the line of a query, as a JSON object."""
    if not _log.isEnabledFor(logging.INFO):
        return
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    shown = ""
    if _log.isEnabledFor(logging.DEBUG):
        shown = f', "text": {json.dumps(text[:_SHOWN], ensure_ascii=False)}'
    # Written out, since every value but the text is one of ours and this is done for each query.
    _log.info(
        f'{{"event": "query", "outcome": "{seen.outcome}", "form": "{seen.form}", '
        f'"media": "{seen.media}", "seconds": {seconds:.6f}, "rows": {seen.rows}, '
        f'"bytes": {seen.size}, "query": "{digest}"{shown}}}'
    )
