"""Waiting for an answer for as long as its client does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from publish.stores import Alarms

T = TypeVar("T")


class Attendance:
    """Looks after clients that have waited longer than a number of seconds.

    Most answers are there before it pays to look.
    """

    def __init__(self, seconds: float) -> None:
        self._alarms = Alarms(seconds)

    async def wait(self, receive: Receive, answer: Awaitable[T]) -> T:
        """Wait for an answer; end what makes it, and raise `ClientDisconnect`, when nobody does."""
        watch = _Watch(receive, asyncio.current_task())
        alarm = self._alarms.set(watch.begin)
        try:
            return await answer
        except asyncio.CancelledError:
            if watch.was_left():
                raise ClientDisconnect from None
            raise
        finally:
            alarm.cancel()
            watch.end()


class _Watch:
    """Looks after a client, and ends the task that works for it when it is gone."""

    def __init__(self, receive: Receive, task: asyncio.Task[Any] | None) -> None:
        self._receive = receive
        self._task = task
        self._left = False
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._watching = asyncio.create_task(self._look())

    def end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    def was_left(self) -> bool:
        """Say whether the task was ended from here alone."""
        return self._left and self._task is not None and not self._task.uncancel()

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        if self._task is not None:
            self._task.cancel()
