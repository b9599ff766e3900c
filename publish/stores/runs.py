"""The course of one job on one worker: what it holds, when it gives way, and when it is ended.

A job begins in a slot, leaves it when it is not done soon, and goes on in a place for long ones
until its time is over. On a busy machine one that had little of the processor is no long one yet.
Which worker it has and what becomes of the worker is decided in `local`.
"""

from __future__ import annotations

import asyncio

from publish import errors
from publish.settings import Settings
from publish.stores.alarms import Alarm, Alarms
from publish.stores.places import Places, Slots
from publish.stores.workers import Errand, Worker

_STARVED = 0.25
"""Which part of the time that makes a query long it must have had of a core, which some share."""
_PATIENCE = 10
"""How many times that time may pass before it is long all the same."""


class Clocks:
    """How long a query may take: in a slot, on the way to a place for long ones, and in all."""

    def __init__(self, settings: Settings) -> None:
        self.seconds = settings.query_seconds
        slot = min(settings.slow_seconds, self.seconds)
        self.slot = slot
        self.is_staged = slot < self.seconds
        self.first = Alarms(slot / 32 if self.is_staged else slot)
        # Longer than most small queries take, and shorter than anybody notices.
        self.wary = Alarms(slot / 64)
        self.sooner = Alarms(slot / 8)
        self.later = Alarms(slot * 31 / 32)


class Crowd:
    """The queries that hold no slot: some between a slot and a place, and the long ones.

    Long ones run like any other for as long as nobody else wants to, and one of `count` slots,
    four of which share a core, could have one. `room` is how many more may be between.
    """

    def __init__(self, count: int, slots: Slots) -> None:
        self._most = max(1, count // 4 - 1)
        self.room = max(2, count // 2)
        self._slots = slots
        self._runs: set[Run] = set()

    def let_between(self) -> bool:
        """Let one leave its slot that may still be short, where there is room."""
        if not self.room:
            return False
        self.room -= 1
        return True

    def end_between(self) -> None:
        """Give back the room of one."""
        self.room += 1

    def join(self, run: Run) -> None:
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

    def leave(self, run: Run) -> None:
        """Forget one that is done."""
        self._runs.discard(run)


class Run:
    """One job on one worker: its clock, and the slot or place that it holds."""

    def __init__(
        self,
        worker: Worker,
        errand: Errand,
        client: str,
        slots: Slots,
        places: Places,
        clocks: Clocks,
        crowd: Crowd,
    ) -> None:
        self.worker = worker
        self._errand = errand
        self._slow = False
        self._between = False
        self.verdict: errors.QueryError | None = None
        self._client = client
        self._slots = slots
        self._places = places
        self._clocks = clocks
        self._crowd = crowd
        self._begun = asyncio.get_running_loop().time()
        self._used = 0.0
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
        if self._errand.answer.done():
            # The worker may be at a job of somebody else already.
            return
        self.worker.gave_way = True
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
        self._used = self.worker.used()
        self._wait_on()

    def _wait_on(self) -> None:
        """See again later whether it is a long one."""
        # Whoever has long ones enough already is told sooner that this is one too many.
        clock = self._clocks.sooner if self._places.has_share(self._client) else self._clocks.later
        self._timer = clock.set(self._slow_down)

    def _is_starved(self) -> bool:
        """Say whether it did not get to run, though it gives way to nobody, and may yet be short."""
        if self.worker.gave_way:
            return False
        passed = asyncio.get_running_loop().time() - self._begun
        most = min(_PATIENCE * self._clocks.slot, self._clocks.seconds / 2)
        had = self.worker.used() - self._used
        return passed < most and had < _STARVED * min(passed, self._clocks.slot)

    def _slow_down(self) -> None:
        """Go on in a place for long queries."""
        if self._is_starved():
            self._wait_on()
            return
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
        if self._errand.answer.done():
            return
        # Whoever waits for the answer finds the worker gone, and this as the reason. A busy machine
        # may take long to end what gave way to all others.
        self.verdict = verdict
        self.worker.zygote.let_go(self.worker.process)
        self.worker.give_up()

    def stop(self) -> None:
        """Stop the clock and give back what is held."""
        self._timer.cancel()
        self._give()
