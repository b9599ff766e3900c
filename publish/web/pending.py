"""An application that is made when the server answers already."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

Made = TypeVar("Made", bound=ASGIApp)
_SETTLED_SECONDS = 0.25
"""How long after its beginning a server that nobody asks for pages makes them by itself."""


class Pending(Generic[Made]):
    """Hands requests to what the first of them makes, or a server that has begun.

    It is made in the loop: what the framework does with warnings meanwhile is seen by all threads.
    """

    def __init__(self, make: Callable[[], Made], prepare: Callable[[], None]) -> None:
        """Keep how it is made, and how what many answers need is prepared, in a thread."""
        self._make = make
        self._prepare = prepare

    @cached_property
    def app(self) -> Made:
        """What is made, once."""
        return self._make()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or take part in the life of a server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server (ASGI, Lifespan)."""
        while (await receive())["type"] == "lifespan.startup":
            asyncio.get_running_loop().call_later(_SETTLED_SECONDS, self._settle)
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    def _settle(self) -> None:
        _ = self.app
        threading.Thread(target=self._fill, name="prepare", daemon=True).start()

    def _fill(self) -> None:
        self._prepare()
        # All that stays as long as the server: the collector need not look at it again and again.
        gc.freeze()
