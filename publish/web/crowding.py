"""So many connections and no more: who gives way where all places are taken.

Whoever holds many and says nothing keeps nobody out; and each takes a file, of which the system
allows so many.
"""

from __future__ import annotations

from asyncio import BaseTransport
from collections.abc import Set
from typing import Generic, Protocol, TypeVar


class Held(Protocol):
    """A connection as it is seen here."""

    since: float
    """When it was last answered, or opened, by the clock of the loop."""

    @property
    def transport(self) -> BaseTransport:
        """What it is closed by."""
        ...

    @property
    def idle(self) -> bool:
        """Whether no request has begun that is not wholly answered."""
        ...


One = TypeVar("One", bound=Held)


class Crowd(Generic[One]):
    """The connections of a server and the requests that are under way, at most so many of each."""

    def __init__(self, connections: Set[One], tasks: Set[object], most: int | None) -> None:
        """Look at sets that others keep; `None` is any number."""
        self._connections = connections
        self._tasks = tasks
        self._most = most

    def is_full(self) -> bool:
        """Say whether nothing more is to begin."""
        most = self._most
        # To look at each connection takes longer than to count them.
        if most is None or max(len(self._connections), len(self._tasks)) < most:
            return False
        return max(len(self._there()), len(self._tasks)) >= most

    def makes_room(self, newcomer: One) -> bool:
        """Close the connection that has been idle for longest, where all places are taken.

        Gives whether the newcomer has a place: where none is idle, it has not.
        """
        most = self._most
        if most is None or len(self._connections) < most:
            return True
        there = self._there()
        if len(there) < most:
            return True
        idle = [one for one in there if one is not newcomer and one.idle]
        if idle:
            min(idle, key=lambda one: one.since).transport.close()
        return bool(idle) or len(there) == most

    def _there(self) -> list[One]:
        """Give the connections that are not being closed."""
        return [one for one in self._connections if not one.transport.is_closing()]
