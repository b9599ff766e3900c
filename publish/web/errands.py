"""Requests that go the short way to their answers, one at a time on each connection.

Which requests may go it, and what it is, is the matter of `repeats`. What the client sends
meanwhile waits here, since it belongs to the requests that follow.
"""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop, Task
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from publish.web.repeats import Again, Plans, Shortcut

_log = logging.getLogger(__name__)

Outcome: TypeAlias = Again | Mapping[str, object]
"""An answer, or what the application is to be told, which answers then."""


class Errands:
    """The short way of one connection."""

    behind = b""
    """What came after the request that is on it."""

    def __init__(self, plans: Plans | None, loop: AbstractEventLoop) -> None:
        self._plans = plans
        self._loop = loop
        self._running: Task[None] | None = None
        self._begun = 0.0

    @property
    def under_way(self) -> bool:
        """Whether a request is on the short way now."""
        return self._running is not None

    def find(self, request: bytes) -> tuple[Any, bytes] | None:
        """Give the plan for a request and its parameters; nothing where it goes the long way."""
        return self._plans.find(request) if self._plans is not None else None

    def learn(self, request: bytes, scope: Mapping[str, Any]) -> None:
        """Let more requests like this one, which can go on, have a plan."""
        if self._plans is not None:
            self._plans.learn(request, scope)

    def begin(
        self, plan: Any, query: bytes, client: str, done: Callable[[Outcome], None]
    ) -> Task[None]:
        """Ask for an answer; `done` is told what came of it."""
        self._begun = self._loop.time()
        self._running = self._loop.create_task(self._run(plan, query, client, done))
        return self._running

    async def _run(
        self, plan: Any, query: bytes, client: str, done: Callable[[Outcome], None]
    ) -> None:
        outcome: Outcome = {}
        try:
            outcome = await self._shortcut.answer(plan, query, client)
        except Exception:
            # The long way may know more; if not, it says so.
            _log.exception("the short way to an answer failed")
        self._running = None
        done(outcome)

    def give_up(self) -> None:
        """Stop what is under way for a client that is gone, when that pays."""
        if self._running is not None:
            self._loop.call_at(self._begun + self._shortcut.patience, self._running.cancel)

    @property
    def _shortcut(self) -> Shortcut:
        # Nobody has found a plan where there are none.
        return cast(Plans, self._plans).shortcut

    def rest(self) -> bytes:
        """Take what came behind."""
        behind, self.behind = self.behind, b""
        return behind
