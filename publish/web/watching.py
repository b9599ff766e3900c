"""What whoever runs the server can watch: figures for Prometheus, and a line in the log a query.

A line names the outcome, how long it took and how much came back, and a digest by which equal
queries are known; it never says who asked, and the text of a query only where the level is
`debug`. An answer that is repeated from memory is counted and gets no line, which would take
longer than the answer. Figures are kept in a registry of this object's own.
"""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import itertools
import json
import logging
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder

from publish import scanning
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


class _Times:
    """How long queries with one outcome took: how many up to each bound, and all together."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BUCKETS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect.bisect_left(_BUCKETS, seconds)] += 1
        self._sum += seconds

    @property
    def count(self) -> int:
        return sum(self._counts)

    @property
    def buckets(self) -> list[tuple[str, float]]:
        """Give how many took no longer than each bound, which a collector wants as text."""
        bounds = (*(str(float(bound)) for bound in _BUCKETS), "+Inf")
        return list(zip(bounds, itertools.accumulate(self._counts), strict=True))

    @property
    def sum(self) -> float:
        return self._sum


class Watch:
    """Counts and logs; `pool` is asked for its own figures when somebody looks.

    All is counted in the event loop, so that numbers do, without the locks of the registry's own
    counters; those would take longer than a small query.
    """

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        self._times: defaultdict[str, _Times] = defaultdict(_Times)
        self._bytes = 0
        self._running = 0
        self._responses: Counter[int] = Counter()
        self._cached = 0
        self._answers_kept = self._queries_kept = 0
        self._start: float | None = None
        self._pool = pool
        self._registry.register(self)

    def exposed(self, accept: str | None, start: float | None = None) -> tuple[bytes, str]:
        """Give the figures in the form that a collector takes, and its media type.

        `start` is how many seconds passed until the server was ready, where that is known.
        """
        self._start = start
        encode, media = choose_encoder(accept or "")
        return encode(self._registry), media

    @contextmanager
    def query(self, text: str, begun: float | None = None) -> Iterator[Seen]:
        """Watch over a query while it is answered, and note what became of it.

        `begun` is when it began, by `time.perf_counter`, where that was not now.
        """
        seen = Seen()
        begun = time.perf_counter() if begun is None else begun
        self.begin()
        try:
            yield seen
        except asyncio.CancelledError:
            seen.outcome = GONE
            raise
        finally:
            self.end()
            self.note(seen, scanning.digest(text), begun, text)

    def begin(self) -> None:
        """Count a query that waits or runs."""
        self._running += 1

    def end(self) -> None:
        """Count it no more."""
        self._running -= 1

    def note(self, seen: Seen, digest: str, begun: float, text: str = "") -> None:
        """Count what became of a query, and write its line in the log."""
        seconds = time.perf_counter() - begun
        self._times[seen.outcome].add(seconds)
        self._bytes += seen.size
        _note(seen, digest, text, seconds)

    def shows_texts(self) -> bool:
        """Say whether the log shows the texts of queries."""
        return _log.isEnabledFor(logging.DEBUG)

    def kept_answer(self) -> None:
        """Count an answer that was sent again from memory."""
        self._answers_kept += 1

    def kept_query(self) -> None:
        """Count the answer to a query that was sent again from memory."""
        self._answers_kept += 1
        self._queries_kept += 1

    def cached(self, size: int) -> None:
        """Say how many bytes are kept now."""
        self._cached = size

    def responded(self, status: int) -> None:
        """Count an answer."""
        self._responses[status] += 1

    def collect(self) -> Iterator[Metric]:
        """Give all figures, as the registry asks for them."""
        yield from self._of_queries()
        responses = CounterMetricFamily(
            "folkmote_responses",
            "Answers of all kinds by status, but for those sent again",
            labels=["status"],
        )
        for status, count in self._responses.items():
            responses.add_metric([str(status)], count)
        yield responses
        help_ = "Bytes of the answers that are kept"
        yield GaugeMetricFamily("folkmote_cache_bytes", help_, value=self._cached)
        for name, count in (("answers", self._answers_kept), ("queries", self._queries_kept)):
            help_ = f"{name.capitalize()} that were sent again from memory"
            yield CounterMetricFamily(f"folkmote_{name}_kept", help_, value=count)
        yield from self._of_processes()

    def _of_queries(self) -> Iterator[Metric]:
        queries = CounterMetricFamily(
            "folkmote_queries", "Queries by what became of them", labels=["outcome"]
        )
        seconds = HistogramMetricFamily(
            "folkmote_query_seconds",
            "How long a query took, with the time that it waited",
            labels=["outcome"],
        )
        for outcome, times in self._times.items():
            queries.add_metric([outcome], times.count)
            seconds.add_metric([outcome], times.buckets, times.sum)
        yield queries
        yield seconds
        help_ = "Bytes of the answers to queries"
        yield CounterMetricFamily("folkmote_query_answer_bytes", help_, value=self._bytes)
        help_ = "Queries that wait or run"
        yield GaugeMetricFamily("folkmote_queries_running", help_, value=self._running)

    def _of_processes(self) -> Iterator[Metric]:
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


def _note(seen: Seen, digest: str, text: str, seconds: float) -> None:
    """Write the line of a query, as a JSON object."""
    if not _log.isEnabledFor(logging.INFO):
        return
    shown = ""
    if _log.isEnabledFor(logging.DEBUG):
        shown = f', "text": {json.dumps(text[:_SHOWN], ensure_ascii=False)}'
    # Written out, since every value but the text is one of ours and this is done for each query.
    _log.info(
        f'{{"event": "query", "outcome": "{seen.outcome}", "form": "{seen.form}", '
        f'"media": "{seen.media}", "seconds": {seconds:.6f}, "rows": {seen.rows}, '
        f'"bytes": {seen.size}, "query": "{digest}"{shown}}}'
    )
