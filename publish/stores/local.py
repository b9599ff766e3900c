"""A pool of worker processes over a data set in memory, which can be stopped at any moment.

The engine knows no time limit, so a query that runs too long is ended with its process and the
process replaced; the store is shared with the others and costs nothing to have again. A short
query runs in a slot, of which there are as many as cores. One that is not done after a small
part of `slow_seconds` leaves its slot to the next. One that is not done after `slow_seconds` goes
on in a place for long ones; as soon as others want to run, it gets the lowest priority, and its
worker is not used again. What a worker can do with what it is told is limited in `zygote`.
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
from publish.stores.alarms import Alarm, Alarms
from publish.stores.jobs import Answer, Job, Unreadable
from publish.stores.places import Places, Slots
from publish.stores.workers import Lost, Worker, Zygote

_META = 1 << 20
"""How many bytes an answer may have besides its body."""

_TRIES = 2
"""How often a job is run whose worker was ended from outside."""


def open_pool(dataset: Dataset, settings: Settings, place: Path | None = None) -> LocalPool:
    """Start the processes that answer queries about a data set, or its store on disk.

    To be called before any socket is opened and any thread is started: the processes are forks
    of this one. They load the data beside it; `LocalPool.wait` waits for that. Raises
    `StoreUnavailable` where they cannot be started.
    """
    plan = zygote.Plan(dataset, settings.default_graph, settings.query_memory, place)
    try:
        process, pipe, double = zygote.start(plan)
    except OSError as error:
        raise errors.StoreUnavailable(
            f"the process that answers queries cannot be started: {error.strerror}"
        ) from error
    return LocalPool(Zygote(pipe, process), Zygote(double, None), settings)


class LocalPool:
    """Runs jobs in workers; made by `open_pool`."""

    def __init__(self, first: Zygote, double: Zygote, settings: Settings) -> None:
        count = settings.query_workers or os.cpu_count() or 1
        self._settings = settings
        self._zygote = first
        self._double = double
        self._slots = Slots(count, settings.query_seconds)
        self._places = Places(max(4, 2 * count))
        # As many as may be short at once: to end one and fork another costs more than it holds.
        self._spares = 3 * count + 1
        self._clocks = _Clocks(settings)
        self._crowd = _Crowd(count, self._slots)
        self._idle: list[Worker] = []
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._loaded = False
        self._closed = False

    def wait(self) -> None:
        """Wait until the data are loaded; raise `StoreUnavailable` where they cannot be."""
        if self._loaded:
            return
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
            "workers_idle": len(self._idle),
            "queries_short": self._slots.taken,
            "queries_long": self._places.taken,
            "queries_waiting": self._slots.waiting,
        }

    def close(self) -> None:
        """End all processes, as `Pool` says."""
        self._closed = True
        self._zygote.close()
        self._double.close()
        for worker in self._idle:
            worker.close()
        self._idle.clear()

    async def _run_in_slot(self, written: bytes, client: str, most: int, *, fresh: bool) -> Answer:
        try:
            # What ended one worker from outside may be ending the idle ones too.
            worker = await (self._fork() if fresh else self._worker())
        except BaseException:
            self._slots.give()
            raise
        self._crowd.meet()
        run = _Run(worker, client, self._slots, self._places, self._clocks, self._crowd)
        try:
            answer = await worker.answer(written, most)
        except (errors.QueryError, errors.NotAcceptable, Unreadable):
            # The worker has said so itself and is well.
            self._keep(run)
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
            self._keep(run)
            return answer
        finally:
            run.stop()

    def _keep(self, run: _Run) -> None:
        """Use a worker again, which knows the store already, unless it gave way or is to end."""
        full = len(self._idle) >= self._spares
        if run.gave_way or run.verdict is not None or full or self._closed:
            run.worker.zygote.let_go(run.worker.process)
            run.worker.close()
        else:
            self._idle.append(run.worker)

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

    async def _worker(self) -> Worker:
        """Give a worker that has nothing to do, and see to it that there is one for the next."""
        found: Worker | None = None
        while self._idle and found is None:
            worker = self._idle.pop()
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
        self._zygote = self._double
        self._double = self._zygote.double()

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
            with contextlib.suppress(errors.StoreUnavailable):
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


class _Clocks:
    """How long a query may take: in a slot, on the way to a place for long ones, and in all."""

    def __init__(self, settings: Settings) -> None:
        self.seconds = settings.query_seconds
        slot = min(settings.slow_seconds, self.seconds)
        self.is_staged = slot < self.seconds
        self.first = Alarms(slot / 32 if self.is_staged else slot)
        # Longer than most small queries take, and shorter than anybody notices.
        self.wary = Alarms(slot / 64)
        self.sooner = Alarms(slot / 8)
        self.later = Alarms(slot * 31 / 32)


class _Crowd:
    """The queries that hold no slot: some between a slot and a place, and the long ones.

    Long ones run like any other for as long as nobody else wants to.
    """

    def __init__(self, count: int, slots: Slots) -> None:
        self._most = max(1, count - 1)
        self._room = 2 * count
        self._slots = slots
        self._runs: set[_Run] = set()

    def let_between(self) -> bool:
        """Let one leave its slot that may still be short, where there is room."""
        if not self._room:
            return False
        self._room -= 1
        return True

    def end_between(self) -> None:
        """Give back the room of one."""
        self._room += 1

    def join(self, run: _Run) -> None:
        """Add one; where the cores are wanted, it gives way at once and for good."""
        if self._slots.taken or len(self._runs) >= self._most:
            run.give_way()
        else:
            self._runs.add(run)

    def meet(self) -> None:
        """Let all give way to a query that begins."""
        for run in self._runs:
            run.give_way()
        self._runs.clear()

    def leave(self, run: _Run) -> None:
        """Forget one that is done."""
        self._runs.discard(run)


class _Run:
    """One job on one worker: its clock, and the slot or place that it holds."""

    def __init__(
        self,
        worker: Worker,
        client: str,
        slots: Slots,
        places: Places,
        clocks: _Clocks,
        crowd: _Crowd,
    ) -> None:
        self.worker = worker
        self.gave_way = False
        self._slow = False
        self._between = False
        self.verdict: errors.QueryError | None = None
        self._client = client
        self._slots = slots
        self._places = places
        self._clocks = clocks
        self._crowd = crowd
        self._begun = asyncio.get_running_loop().time()
        # One timer at a time: most queries are done before the first.
        self._timer: Alarm | asyncio.TimerHandle = self._first()

    def _first(self) -> Alarm:
        """Set the first alarm."""
        if not self._clocks.is_staged:
            return self._clocks.first.set(self._time_out)
        if self._places.has_share(self._client):
            return self._clocks.wary.set(self._give_way_early)
        return self._clocks.first.set(self._leave_slot)

    def give_way(self) -> None:
        """Run only where nothing else wants to, for good."""
        self.gave_way = True
        self.worker.zygote.give_way(self.worker.process)

    def _give_way_early(self) -> None:
        """Hold up nobody, since others of its client do not end either."""
        self.give_way()
        self._leave_slot()

    def _leave_slot(self) -> None:
        """Leave the slot to a short query, so that some that are not hold up nobody."""
        self._between = self._crowd.let_between()
        if self._between:
            self._slots.give()
        # Whoever has long ones enough already is told sooner that this is one too many.
        clock = self._clocks.sooner if self._places.has_share(self._client) else self._clocks.later
        self._timer = clock.set(self._slow_down)

    def _slow_down(self) -> None:
        """Go on in a place for long queries."""
        try:
            self._places.take(self._client)
        except errors.QueryError as refusal:
            self._end(refusal)
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(self._begun + self._clocks.seconds, self._time_out)
        self._give()
        self._slow = True
        self._crowd.join(self)

    def _give(self) -> None:
        """Give back what was held so far."""
        if self._slow:
            self._crowd.leave(self)
            self._places.give(self._client)
        elif self._between:
            self._crowd.end_between()
        else:
            self._slots.give()
        self._between = False

    def _time_out(self) -> None:
        self._end(
            errors.QueryTimeout(
                f"the query ran longer than {self._clocks.seconds:g} seconds; ask for less, or in parts"
            )
        )

    def _end(self, verdict: errors.QueryError) -> None:
        # Whoever waits for the answer finds the worker gone, and this as the reason. A busy machine
        # may take long to end what gave way to all others.
        self.verdict = verdict
        self.worker.zygote.let_go(self.worker.process)
        self.worker.give_up()

    def stop(self) -> None:
        """Stop the clock and give back what is held."""
        self._timer.cancel()
        self._give()
