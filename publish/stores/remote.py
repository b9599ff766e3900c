"""A pool over a store elsewhere, for the queries of strangers.

Each query is prepared by a worker process here, which parses it and has nothing to look at
(`sending`), then sent with the graphs of one release and no others, and what comes back is
written in the format asked for. Slots and places are shared out as they are over a data set in
memory; a query at its limit is given up here, and how long the store goes on with it is a
matter of the store's own settings.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Coroutine, Iterable, Mapping
from typing import Literal, TypeVar

from publish import errors, turtle
from publish import namespaces as ns
from publish.settings import Settings
from publish.stores import receiving, sending
from publish.stores.endpoint import Stream, filled, parameters
from publish.stores.jobs import Answer, Elsewhere, Job, Pool
from publish.stores.places import Places, Slots

T = TypeVar("T")

_BATCH = 200
"""Of how many things the labels are asked for at once."""
_LABELS = """
CONSTRUCT { ?s ?p ?o } { VALUES ?s { $iris } VALUES ?p { $labels } ?s ?p ?o }
"""
_MORE = 4
"""How much longer than what is asked for the form can be in which it comes."""


def connections(settings: Settings) -> int:
    """Give the number of queries that may be with the store at once."""
    return settings.query_workers or 4 * (os.cpu_count() or 1)


class RemotePool:
    """Runs jobs on a store; `workers` prepare them. Neither is closed with it."""

    def __init__(
        self, workers: Pool, stream: Stream, view: sending.View, settings: Settings
    ) -> None:
        count = connections(settings)
        self._workers = workers
        self._stream = stream
        self._view = view
        self._settings = settings
        self._slots = Slots(count, settings.query_seconds)
        self._places = Places(max(4, 2 * count))

    async def run(self, job: Job) -> Answer:
        """Run a job, as `Pool` says."""
        if job.explain:
            return await self._account(job)
        prepared = sending.read(await self._prepared(job, "prepare"))
        got = await self._sent(job, prepared)
        view = self._view
        labels = b"" if job.labels is None else await self._labels(job, prepared.form, got)
        return await self._workers.run(receiving.conversion(job, prepared.form, got, view, labels))

    async def _prepared(self, job: Job, step: Literal["prepare", "account"]) -> bytes:
        view = self._view
        there = Elsewhere(step, graphs=tuple(view.graphs.items()), union=view.union)
        # The store would take its own address for the base, and give it away.
        base = job.base or view.base
        return (await self._workers.run(job._replace(elsewhere=there, base=base))).body

    async def _sent(self, job: Job, prepared: sending.Prepared) -> receiving.Got:
        """Send a query, and give what comes back."""
        media = receiving.TRIPLES
        if prepared.form != "triples":
            partly = job.partial and prepared.form == "rows"
            media = receiving.ROWS_IN_PARTS if partly else receiving.RESULTS
        asked = parameters(prepared.text, prepared.default_graphs, prepared.named_graphs)
        return await self._limited(
            job.client,
            self._stream.get(asked, media, _MORE * job.size, partial=job.partial),
        )

    async def _account(self, job: Job) -> Answer:
        """Tell what was sent, over which graphs, how long it took and what each pattern matches.

        Where the store stands is its operator's business, and how it plans is known to it alone.
        """
        begun = time.perf_counter()
        prepared, patterns = sending.read_account(await self._prepared(job, "account"))
        ready = time.perf_counter()
        got = await self._sent(job, prepared)
        there = time.perf_counter()
        media = receiving.TRIPLES if prepared.form == "triples" else receiving.RESULTS
        answer = await self._workers.run(
            receiving.conversion(
                job._replace(explain=False, media=media), prepared.form, got, self._view
            )
        )
        done = time.perf_counter()
        said = {
            "seconds": {
                "prepare": round(ready - begun, 6),
                "store": round(there - ready, 6),
                "answer": round(done - there, 6),
            },
            "rows": answer.rows,
            "bytes": len(answer.body),
            "format": answer.media,
            "sent": prepared.text,
            **self._dataset(prepared),
            "patterns": [
                {
                    "pattern": text,
                    "graph": graph,
                    "solutions": await self._counted(job, count, done),
                }
                for text, graph, count in patterns
            ],
            "plan": None,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        return Answer(body, "application/json", answer.rows)

    def _dataset(self, prepared: sending.Prepared) -> dict[str, list[str] | None]:
        """Name the graphs that a query sees; nothing stands for what one sees that names none."""
        default, named = prepared.default_graphs, prepared.named_graphs
        return {
            "default_graphs": None if default == self._view.union else self._public(default),
            "named_graphs": self._public(named),
        }

    async def _counted(self, job: Job, count: sending.Prepared, begun: float) -> int | None:
        """Let the store count the solutions of a pattern; nothing, once the time for all is over."""
        if time.perf_counter() - begun > self._settings.query_seconds:
            return None
        row = next(iter(receiving.rows(await self._sent(job, count))))
        return int(getattr(row["count"], "value", 0))

    def _public(self, graphs: Iterable[str]) -> list[str]:
        """Give graphs by the names that readers know."""
        known = {actual: public for public, actual in self._view.graphs.items()}
        return sorted(known[one] for one in graphs if one in known)

    async def _labels(self, job: Job, form: str, got: receiving.Got) -> bytes:
        """Ask for the labels of what an answer mentions."""
        mention = receiving.conversion(job, form, got, self._view, mention=True)
        named = (await self._workers.run(mention)).body.decode().split()
        parts = [
            self._stream.get(
                parameters(
                    filled(
                        _LABELS,
                        iris=map(turtle.Named, named[start : start + _BATCH]),
                        labels=map(turtle.Named, ns.LABELS),
                    ),
                    self._view.union,
                    (),
                ),
                receiving.TRIPLES,
                _MORE * job.size,
                partial=False,
            )
            for start in range(0, len(named), _BATCH)
        ]
        # One after the other: an answer has no more than its one place at the store.
        bodies = [(await self._limited(job.client, part)).body for part in parts]
        return b"\n".join(bodies)

    def figures(self) -> Mapping[str, int]:
        """Count what there is, as `Pool` says; what runs or waits is with the store."""
        return {
            **self._workers.figures(),
            "queries_short": self._slots.taken,
            "queries_long": self._places.taken,
            "queries_waiting": self._slots.waiting,
        }

    def close(self) -> None:
        """Do nothing: there is no process of its own."""

    async def _limited(self, client: str, work: Coroutine[None, None, T]) -> T:
        """Wait for work within the limit of time; a long wait leaves its slot to short ones."""
        try:
            await self._slots.take(client)
        except BaseException:
            work.close()
            raise
        task = asyncio.create_task(work)
        slow = False
        seconds = self._settings.query_seconds
        short = min(self._settings.slow_seconds, seconds)
        try:
            await asyncio.wait({task}, timeout=short)
            if not task.done():
                self._places.take(client)
                slow = True
                self._slots.give()
                await asyncio.wait({task}, timeout=seconds - short)
            if not task.done():
                raise errors.QueryTimeout(
                    f"the query ran longer than {seconds:g} seconds; ask for less, or in parts"
                )
            return task.result()
        finally:
            task.cancel()
            if slow:
                self._places.give(client)
            else:
                self._slots.give()
