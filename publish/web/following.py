"""The release that a store shows, served for as long as it shows it.

An application is made for one release, which never changes. Here requests are handed to the
one for the release that the store shows now; every few seconds it is looked whether that is
another, and when its application is ready, it takes over. Requests that are under way end where
they began. Where the store cannot be asked, the last release stays.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from publish import errors

Application: TypeAlias = ASGIApp
"""What answers requests, for those who do not know the framework."""

_log = logging.getLogger(__name__)


class Following:
    """Hands requests to the application of the current release.

    `look` names the release that is shown, and `make` makes the application for it; both wait,
    and run in threads. `end` is awaited when the server ends.
    """

    def __init__(
        self,
        look: Callable[[], str],
        make: Callable[[str], Application],
        end: Callable[[], Awaitable[None]],
        seconds: float,
    ) -> None:
        self._look = look
        self._make = make
        self._end = end
        self._seconds = seconds
        self._release = look()
        self._app = make(self._release)
        self._looked = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the release that is known, and see in the background whether it is old."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if time.monotonic() - self._looked >= self._seconds:
            self._looked = time.monotonic()
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._follow())
        await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Take part in the beginning and the end of the server (ASGI, Lifespan)."""
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await self._end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _follow(self) -> None:
        try:
            release = await asyncio.to_thread(self._look)
            if release != self._release:
                self._app = await asyncio.to_thread(self._make, release)
                self._release = release
                _log.info("another release is shown: %s", release)
        except errors.FolkmoteError as error:
            _log.warning("the last release stays: %s", error)
