"""Who may run now: slots for queries that are short so far, places for those that are not.

Whoever asks first gets a slot; where all are taken, each client waits in a line of its own, and
the lines are served in turn. A query that turns out long leaves its slot for one of the few
places for long ones, of which no client gets more than half. Nothing here knows processes.
"""

from __future__ import annotations

import asyncio
import functools
from collections import Counter, deque

from publish import errors
from publish.stores.alarms import Alarms

_LINE = 512
"""How many queries of one client may wait."""

_LINES = 1024
"""How many may wait in all."""


class Slots:
    """A number of slots, given out one client after another."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = self._free = count
        self._seconds = seconds
        self._patience = Alarms(seconds)
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}
        self._waiting = 0

    @property
    def taken(self) -> int:
        """How many are in use."""
        return self._count - self._free

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return self._waiting

    async def take(self, client: str) -> None:
        """Wait for a slot.

        Raises `QueryShare` where too many of the client's wait already, `QueryBusy` where too
        many wait, or this one too long.
        """
        if self._free:
            self._free -= 1
            return
        line = self._lines.get(client, ())
        if len(line) >= _LINE:
            raise errors.QueryShare(
                f"{len(line)} of your queries are waiting already; send the next when one is done"
            )
        if self._waiting >= _LINES:
            raise errors.QueryBusy("too many queries are waiting; ask again in a moment")
        await self._wait(client)

    async def _wait(self, client: str) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(turn)
        self._waiting += 1
        alarm = self._patience.set(functools.partial(self._give_up, client, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._leave(client, turn)
            elif turn.exception() is None:
                # The turn came at the moment of giving up: it goes to the next.
                self.give()
            raise
        finally:
            alarm.cancel()

    def _give_up(self, client: str, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            self._leave(client, turn)
            busy = f"no place was free for {self._seconds:g} seconds; ask again in a moment"
            turn.set_exception(errors.QueryBusy(busy))

    def give(self) -> None:
        """Give a slot back, to the next client in turn."""
        for client in tuple(self._lines):
            line = self._lines.pop(client)
            turn = line.popleft()
            self._waiting -= 1
            if line:
                # Behind the others now.
                self._lines[client] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _leave(self, client: str, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(client)
        if line is not None and turn in line:
            line.remove(turn)
            self._waiting -= 1
            if not line:
                del self._lines[client]


class Places:
    """The places for long queries."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._share = max(1, count // 2)
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many are in use."""
        return self._taken.total()

    def has_share(self, client: str) -> bool:
        """Say whether a client has as many as it can get."""
        return self._taken[client] >= self._share

    def take(self, client: str) -> None:
        """Take a place; raise `QueryShare` or `QueryBusy` where the client gets none."""
        if self.has_share(client):
            raise errors.QueryShare(
                f"you run {self._share} long queries already, which is half of all places for them; "
                "wait for one to end, or ask for less"
            )
        if self._taken.total() >= self._count:
            raise errors.QueryBusy("too many long queries are running; ask again in a moment")
        self._taken[client] += 1

    def give(self, client: str) -> None:
        """Give a place back."""
        self._taken[client] -= 1
        if not self._taken[client]:
            del self._taken[client]
