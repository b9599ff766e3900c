"""A pool of worker processes over a data set in memory, which can be stopped at any moment.

The engine knows no time limit, so a query that runs too long is ended with its process and the
process replaced; the store is shared with the others and costs nothing to have again. A short
query runs in a slot, of which there are four a core: with fewer, a core goes to and fro between
the server and a worker with each query, which costs more than a small query does. One that is not
done after a small part of `slow_seconds` leaves its slot to the next. One that is not done after
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
from pathlib import Path
from typing import Any

from publish import errors
from publish.dataset import Dataset
from publish.settings import Settings
from publish.stores import wire, zygote
from publish.stores.jobs import Answer, Job, Unreadable
from publish.stores.places import Places, Slots
from publish.stores.reading import Reading
from publish.stores.runs import Clocks, Crowd, Run
from publish.stores.workers import Lost, Worker, Zygote

_META = 1 << 20
"""How many bytes an answer may have besides its body."""

_TRIES = 2
"""How often a job is run whose worker was ended from outside."""


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
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._data = data
        self._loaded = False
        self._closed = False

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
        for trial in range(_TRIES):
            await self._slots.take(client)
            with contextlib.suppress(Lost):
                return await self._run_in_slot(written, client, most, fresh=trial > 0)
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

    async def _run_in_slot(self, written: bytes, client: str, most: int, *, fresh: bool) -> Answer:
        idle = self._apart if self._places.has_share(client) else self._idle
        try:
            # What ended one worker from outside may be ending the idle ones too.
            worker = await (self._fork() if fresh else self._worker(idle))
        except BaseException:
            self._slots.give()
            raise
        self._crowd.meet()
        run = Run(worker, client, self._slots, self._places, self._clocks, self._crowd)
        try:
            answer = await worker.answer(written, most)
        except (errors.QueryError, errors.NotAcceptable, Unreadable):
            # The worker has said so itself and is well.
            self._keep(run, idle)
            raise
        except Lost:
            if run.verdict is not None:
                worker.close()
                raise run.verdict from None
            raise self._reason(await self._status(worker)) from None
        except BaseException:
            # The client hung up, or the answer cannot be read.
            worker.zygote.let_go(worker.process)
            worker.close()
            raise
        else:
            self._keep(run, idle, worn=answer.worn)
            return answer
        finally:
            run.stop()

    def _keep(self, run: Run, idle: list[Worker], *, worn: bool = False) -> None:
        """Use a worker again, which knows the store already, unless it gave way or is to end."""
        full = len(idle) >= self._spares
        if run.gave_way or worn or run.verdict is not None or full or self._closed:
            run.worker.zygote.let_go(run.worker.process)
            run.worker.close()
        else:
            idle.append(run.worker)

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

    async def _worker(self, idle: list[Worker]) -> Worker:
        """Give a worker that has nothing to do, and see to it that there is one for the next."""
        found: Worker | None = None
        while idle and found is None:
            worker = idle.pop()
            if worker.gone():
                worker.zygote.let_go(worker.process)
                worker.close()
            else:
                found = worker
        self._refill()
        self._renew_double()
        return found or await self._fork()

    async def _fork(self) -> Worker:
        while not self._closed:
            source = self._zygote
            with contextlib.suppress(Lost):
                return await source.worker()
            self._take_over(source)
        raise errors.StoreUnavailable("the server is being stopped; ask again later")

    def _take_over(self, gone: Zygote) -> None:
        """Let the double take the place of a zygote that is gone."""
        if self._zygote is not gone:
            return
        if self._double.gone():
            raise errors.StoreUnavailable(
                "the processes that answer queries were ended from outside; start the server again"
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
