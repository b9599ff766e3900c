"""A pool of worker processes over a data set in memory, which can be stopped at any moment.

The engine knows no time limit, so a query that runs too long is ended with its process and the
process replaced; the store is shared with the others and costs nothing to have again.

A short query runs in a slot, of which there are four a core. Where queries are so small that
several take but a few milliseconds, they wait behind each other for one worker: to wake another,
whose memory is out of the caches of the processor, costs more than a small query does. What has
not begun by then is taken back and goes to a worker of its own. A query that is not done after a
small part of `slow_seconds` leaves its slot to the next. One that is not done after
`slow_seconds` goes on in a place for long ones; as soon as others want to run, it gets the lowest
priority, and its worker is not used again. What a worker can do with what it is told is limited
in `zygote`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from publish import errors
from publish.dataset import Dataset
from publish.settings import Settings
from publish.stores import wire, zygote
from publish.stores.alarms import Alarms
from publish.stores.jobs import Answer, Job
from publish.stores.places import Places, Slots
from publish.stores.reading import Reading
from publish.stores.runs import Clocks, Crowd, Run
from publish.stores.workers import Errand, Lost, Overtaken, Worker
from publish.stores.zygotes import Zygote

_META = 1 << 20
"""How many bytes an answer may have besides its body."""

_TRIES = 2
"""How often a job is run whose worker was ended from outside."""

_WAIT = 0.003
"""How many seconds a job may be expected to wait behind others; after that it goes elsewhere."""

_LOAD = 8
"""How many jobs a worker may have at once."""

_SHORT = 1 << 13
"""How many bytes of a job may wait behind others: what a full pipe keeps cannot be taken back."""

_MEMORY = 16
"""Over how many jobs is averaged what they take."""

_STALE = 0.05
"""How many seconds a worker may go on with a job that nobody waits for."""


def open_pool(data: Dataset | Reading, settings: Settings, place: Path | None = None) -> LocalPool:
    """Start the processes that answer queries about a data set, or its store on disk.

    To be called before any socket is opened and any thread is started: the processes are forks
    of this one. They read the data beside it, where that is to be done, and load them;
    `LocalPool.dataset` and `LocalPool.wait` wait for that. Raises `StoreUnavailable` where they
    cannot be started.
    """
    plan = zygote.Plan(data, settings.default_graph, settings.query_memory, place)
    try:
        process, pipe, double = zygote.start(plan)
    except OSError as error:
        raise errors.StoreUnavailable(
            f"the process that answers queries cannot be started: {error.strerror}"
        ) from error
    return LocalPool(Zygote(pipe, process), Zygote(double, None), settings, data)


class LocalPool:
    """Runs jobs in workers; made by `open_pool`."""

    def __init__(
        self, first: Zygote, double: Zygote, settings: Settings, data: Dataset | Reading
    ) -> None:
        count = settings.query_workers or 4 * (os.cpu_count() or 1)
        self._settings = settings
        self._zygote = first
        self._double = double
        self._slots = Slots(count, settings.query_seconds)
        self._places = Places(max(4, count // 2))
        self._clocks = Clocks(settings)
        self._crowd = Crowd(count, self._slots)
        # As many as may be short at once: to end one and fork another costs more than it holds.
        self._spares = count + self._crowd.room + 1
        self._idle: list[Worker] = []
        # For clients that have their share of long queries: what they ask next often ends its
        # worker, and one that knows the store already is worth more to the others.
        self._apart: list[Worker] = []
        # Workers that are at short jobs, the longest awake first.
        self._shared: dict[Worker, None] = {}
        self._pace = _WAIT / _LOAD
        self._overtaking = Alarms(_WAIT)
        self._stale = Alarms(_STALE)
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._data = data
        self._loaded = False
        self._closed = False
        self.when_lost: Callable[[], None] | None = None
        """Called when every process is gone that could make workers: only a new pool helps then."""

    def dataset(self) -> Dataset:
        """Give the data set as soon as it is read; raise why it cannot be."""
        if isinstance(self._data, Reading):
            self._data = self._data.take(written=self._zygote.hears(zygote.READ))
        return self._data

    def wait(self) -> None:
        """Wait until the data are loaded; raise `StoreUnavailable` where they cannot be."""
        if self._loaded:
            return
        if isinstance(self._data, Reading):
            self.dataset()
        self._loaded = self._zygote.hears(zygote.READY)
        if not self._loaded:
            self.close()
            raise errors.StoreUnavailable(
                "the process that answers queries ended while it loaded the data; "
                "see whether the memory is enough for it"
            )

    async def run(self, job: Job) -> Answer:
        """Run a job, as `Pool` says."""
        return await self._send(wire.of_job(job), job.client, _most(job))

    def prepared(self, job: Job) -> Prepared:
        """Prepare a job that is run again and again, each time with something else given."""
        return Prepared(self._send, job)

    async def _send(self, written: bytes, client: str, most: int) -> Answer:
        """Send a job to a worker and wait for its answer, which has up to `most` bytes."""
        self.wait()
        lost, alone = 0, False
        while lost < _TRIES:
            await self._slots.take(client)
            try:
                return await self._run_in_slot(written, client, most, fresh=lost > 0, alone=alone)
            except Lost:
                lost += 1
            except Overtaken:
                alone = True
        raise errors.StoreUnavailable(
            "the process that answered was ended from outside; ask again in a moment"
        )

    def figures(self) -> dict[str, int]:
        """Count what there is, as `Pool` says."""
        return {
            "workers_idle": len(self._idle) + len(self._apart),
            "queries_short": self._slots.taken,
            "queries_long": self._places.taken,
            "queries_waiting": self._slots.waiting,
        }

    def close(self) -> None:
        """End all processes, as `Pool` says."""
        self._closed = True
        self._zygote.close()
        self._double.close()
        for idle in (self._idle, self._apart):
            for worker in idle:
                worker.close()
            idle.clear()

    async def _run_in_slot(
        self, written: bytes, client: str, most: int, *, fresh: bool, alone: bool
    ) -> Answer:
        try:
            # What ended one worker from outside may be ending the idle ones too.
            alone = alone or fresh or len(written) > _SHORT
            worker = await self._worker_for(client, fresh=fresh, alone=alone)
        except BaseException:
            self._slots.give()
            raise
        self._crowd.meet()
        errand = Errand(most)
        run = Run(worker, errand, client, self._slots, self._places, self._clocks, self._crowd)
        overtake = partial(self._overtake, worker, errand)
        overtaking = self._overtaking.set(overtake) if worker.load else None
        try:
            answer = await worker.answer(errand, written)
        except (errors.FolkmoteError, Overtaken):
            # The worker has said so itself, or has never seen the job.
            raise
        except Lost:
            self._shared.pop(worker, None)
            if run.verdict is not None:
                worker.close()
                raise run.verdict from None
            raise self._reason(await self._status(worker)) from None
        except BaseException:
            # The client hung up, maybe at the moment at which the answer came.
            if worker.keeps_waiting(errand):
                self._take_back(worker)
            elif not worker.is_done_with(errand):
                self._end(worker)
            raise
        else:
            self._pace += (min(errand.took, 2 * _WAIT) - self._pace) / _MEMORY
            return answer
        finally:
            run.stop()
            if overtaking is not None:
                overtaking.cancel()

    def _overtake(self, worker: Worker, errand: Errand) -> None:
        """Let a job that still waits go to another worker, and what waits beside it."""
        if worker.keeps_waiting(errand):
            self._take_back(worker)

    def _take_back(self, worker: Worker) -> None:
        """Let what waits behind a job that takes long go to other workers."""
        worker.take_back()
        self._stale.set(partial(self._end_stale, worker))

    def _end_stale(self, worker: Worker) -> None:
        """End a worker that had begun with what was taken back, and is at it or has ended so."""
        if worker in self._shared and worker.works_for_nobody():
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        """End a worker at once, whatever it is at."""
        self._shared.pop(worker, None)
        for idle in (self._idle, self._apart):
            if worker in idle:
                idle.remove(worker)
        worker.zygote.let_go(worker.process)
        worker.give_up()
        worker.close()

    def _rest(self, worker: Worker) -> None:
        """Use a worker again, which knows the store already, unless it gave way or is worn."""
        idle = self._apart
        if worker in self._shared:
            del self._shared[worker]
            idle = self._idle
        full = len(idle) >= self._spares
        if worker.gone() or worker.gave_way or worker.worn or full or self._closed:
            self._end(worker)
        else:
            idle.append(worker)

    async def _status(self, worker: Worker) -> int | None:
        """Give the status of a worker that has ended; `None` where its zygote is gone too."""
        worker.close()
        try:
            return await worker.zygote.end(worker.process)
        except Lost:
            return None

    def _reason(self, status: int | None) -> Exception:
        """Say why a worker ended that gave no answer."""
        if self._closed:
            return errors.StoreUnavailable("the server is being stopped; ask again later")
        if status is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            return Lost()
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if ended in (signal.SIGSEGV, signal.SIGBUS):
            return errors.QueryTooComplex(
                "the query is nested too deeply or has too many parts; ask in several queries"
            )
        if ended == signal.SIGABRT:
            return errors.QueryTooLarge(
                f"the query needs more than {self._settings.query_memory} bytes of memory; "
                "ask for less, or without ORDER BY, DISTINCT and GROUP BY"
            )
        return errors.StoreAnswerError(
            f"the process that answered ended without an answer (status {status}); "
            "ask in another way"
        )

    # --- workers -----------------------------------------------------------------------------

    async def _worker_for(self, client: str, *, fresh: bool, alone: bool) -> Worker:
        """Give the worker for a job: one where it waits for a moment, or one with nothing to do."""
        if self._places.has_share(client):
            return (None if fresh else self._take(self._apart)) or await self._fork()
        worker = None if alone else self._companion()
        if worker is None:
            worker = (None if fresh else self._take(self._idle)) or await self._fork()
            self._shared[worker] = None
        return worker

    def _companion(self) -> Worker | None:
        """Give a worker that will soon have done what it is at.

        To wait a moment for one that is awake costs less than to wake another, whose memory is
        out of the caches of the processor.
        """
        load = min(_LOAD, int(_WAIT / self._pace))
        if load < 2:
            return None
        return next((one for one in self._shared if one.takes_more(load, _WAIT)), None)

    def _take(self, idle: list[Worker]) -> Worker | None:
        """Take a worker that has nothing to do, and see to it that there is one for the next."""
        found: Worker | None = None
        while idle and found is None:
            worker = idle.pop()
            if worker.gone():
                self._end(worker)
            else:
                found = worker
        self._refill()
        self._renew_double()
        return found

    async def _fork(self) -> Worker:
        while not self._closed:
            source = self._zygote
            with contextlib.suppress(Lost):
                worker = await source.worker()
                worker.rested = self._rest
                return worker
            self._take_over(source)
        raise errors.StoreUnavailable("the server is being stopped; ask again later")

    def _take_over(self, gone: Zygote) -> None:
        """Let the double take the place of a zygote that is gone."""
        if self._zygote is not gone:
            return
        if self._double.gone():
            if self.when_lost is not None:
                self.when_lost()
            raise errors.StoreUnavailable(
                "the processes that answer queries were ended from outside; "
                "ask again when the server has started anew"
            )
        # Both or neither: there may be no pipe to be had at the moment.
        following = self._double.double()
        self._zygote, self._double = self._double, following

    def _renew_double(self) -> None:
        if self._double.gone():
            self._double.close()
            self._double = self._zygote.double()

    def _refill(self) -> None:
        """Have a spare worker at hand for the next query."""
        if not self._idle and not self._starting and not self._closed:
            self._starting += 1
            self._in_background(self._fork_spare())

    async def _fork_spare(self) -> None:
        try:
            with contextlib.suppress(errors.StoreUnavailable, OSError):
                worker = await self._fork()
                self._idle.append(worker)
        finally:
            self._starting -= 1

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        # The loop itself keeps only weak references to its tasks.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Prepared:
    """A job whose like is run again and again; made by `LocalPool.prepared`."""

    def __init__(
        self, send: Callable[[bytes, str, int], Coroutine[Any, Any, Answer]], job: Job
    ) -> None:
        self._send = send
        self._meta = wire.meta_of(job)
        self._most = _most(job)

    async def run(self, given: bytes, client: str) -> Answer:
        """Run it with what is given for it; raise what `LocalPool.run` does, or `Unreadable`."""
        return await self._send(wire.frame(self._meta, given), client, self._most)


def _most(job: Job) -> int:
    """Say how many bytes an answer may have, with all that is told beside it."""
    return 4 * job.size + _META
