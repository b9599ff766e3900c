"""Calls after a time, cheap where almost all of them are called off before.

An event loop makes a timer of the system for each; that costs more than many a query. Here one
timer stands for all calls that wait equally long, and a call that is called off is passed over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Alarm:
    """One call that is to come."""

    def __init__(self, time: float, call: Callable[[], None]) -> None:
        self.time = time
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        """Call it off."""
        self.call = None


class Alarms:
    """Calls after a number of seconds, for one event loop after another."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._alarms: deque[Alarm] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set(self, call: Callable[[], None]) -> Alarm:
        """Call something when the time is over."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # What waited in a loop before this one is over.
            self._alarms.clear()
            self._loop, self._timer = loop, None
        while self._alarms and self._alarms[0].call is None:
            # Of those that wait for long, most are called off soon.
            self._alarms.popleft()
        alarm = Alarm(loop.time() + self._seconds, call)
        self._alarms.append(alarm)
        if self._timer is None:
            self._timer = loop.call_at(alarm.time, self._ring, loop)
        return alarm

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        while self._alarms and (self._alarms[0].call is None or self._alarms[0].time <= now):
            call = self._alarms.popleft().call
            if call is not None:
                call()
        if self._alarms and self._timer is None:
            self._timer = loop.call_at(self._alarms[0].time, self._ring, loop)
