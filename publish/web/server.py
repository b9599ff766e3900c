"""The server under the application: one socket, bounded connections, an orderly end.

When another release takes over, it gives its place and its connections to the next server
(`supervisor`, `handover`), and ends when the answers that are under way have ended.

A connection that sends its headers too slowly or too long, or that takes its answer too slowly, is
closed, so that nobody holds places for nothing (`connections`). What a request may be is the matter
of the application.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib.util
import json
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import HTTPProtocolType

from publish.supervisor import Post
from publish.web import handover, repeats, watching

_log = logging.getLogger(__name__)
BACKLOG = 2_048
"""How many connections may wait until they are taken."""
_CONNECTIONS = 1_000
_FEWEST = 8
_OPEN_FILES = 8_192
"""How many open files the server asks for, where the system would allow it more than it has."""
_OWN_FILES = 40
"""How many of them it needs for itself: the pipes to workers, what it reads, the log."""
_FILES_EACH = 3
"""How many a connection can take: its own, and two to send a file."""
_HEADER_BYTES = 128 * 1024
_IDLE_SECONDS = 10


class Server(uvicorn.Server):
    """A server that says when it really answers, and ends without an error when told to."""

    def __init__(
        self,
        app: ASGIApp,
        ready: Callable[[], None],
        *,
        cache_bytes: int = 0,
        shortcut: repeats.Shortcut | None = None,
        stop_seconds: int = 5,
        trusted: tuple[str, ...] = (),
        post: Post | None = None,
        heritage: socket.socket | None = None,
    ) -> None:
        """Make a server; `post` leads to its supervisor, and `heritage` to the server before.

        What the proxies at the addresses and networks `trusted` say of their clients is believed
        (`X-Forwarded-For`, `X-Forwarded-Proto`); what anybody else says is not even read.
        """
        super().__init__(
            uvicorn.Config(
                app,
                http=_protocol(cache_bytes, shortcut),
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted),
                forwarded_allow_ips=list(trusted),
                limit_concurrency=room(),
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=stop_seconds,
                h11_max_incomplete_event_size=_HEADER_BYTES,
            )
        )
        self._ready = ready
        self._post = post
        self._heritage = heritage
        self._departure: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, take over what the server before has, then say so."""
        await super().startup(sockets)
        if not self.started:
            return
        if self._post is not None:
            # Each request has a copy of it (ASGI, Lifespan State).
            self.lifespan.state[watching.START] = time.monotonic() - self._post.begun
        if self._heritage is not None:
            self._inherited = handover.Inheritance(self._heritage, self._protocol)
        if self._post is not None:
            asyncio.get_running_loop().add_reader(self._post, self._heed, self._post)
        self._ready()

    def give_up(self) -> None:
        """End, since no query can be answered here any more; the supervisor starts anew."""
        if not self.should_exit:
            _log.error(json.dumps({"event": "lost", "process": os.getpid()}))
        self.should_exit = True

    def _protocol(self) -> asyncio.Protocol:
        kind = cast(Callable[..., asyncio.Protocol], self.config.http_protocol_class)
        return kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def _heed(self, post: Post) -> None:
        """Leave as the supervisor orders, or stop where it is gone."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(post)
        pipe = post.order()
        if pipe is None:
            _log.error(json.dumps({"event": "orphaned", "process": os.getpid()}))
            self.should_exit = True
        else:
            self._departure = loop.create_task(self._leave(post, handover.Heir(pipe)))

    async def _leave(self, post: Post, heir: handover.Heir) -> None:
        for server in self.servers:
            server.close()
        # Connections that were taken in this very moment are made in the next two.
        for _ in range(3):
            await asyncio.sleep(0)
        idle = []
        for connection in tuple(self.server_state.connections):
            leave = getattr(connection, "leave", None)
            if leave is None:
                # The other protocol cannot tell whether something is under way.
                connection.shutdown()
            elif leave(heir):
                idle.append(connection.transport)
        heir.take(idle)
        post.left()
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as the order to stop, and not as an error afterwards."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def address(listener: socket.socket, host: str) -> str:
    """Give the address of a listening socket as a browser takes it."""
    port = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def ask_for_files() -> None:
    """Have this process allowed as many open files as a full house needs, if that can be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def room() -> int:
    """Say for how many connections there are open files enough."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        return _CONNECTIONS
    return max(_FEWEST, min(_CONNECTIONS, (files - _OWN_FILES) // _FILES_EACH))


def note_start(seconds: float, *, first: bool) -> None:
    """Write a line in the log: how long the start took, and how many bytes of memory at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # In kilobytes, but on macOS in bytes.
    memory = most if sys.platform == "darwin" else most * 1024
    told = {
        "event": "started" if first else "taken-over",
        "process": os.getpid(),
        "seconds": round(seconds, 3),
        "memory": memory,
    }
    _log.info(json.dumps(told))


def _protocol(cache_bytes: int, shortcut: repeats.Shortcut | None) -> type[Any] | HTTPProtocolType:
    """Give the faster of the two protocols where it is installed; the other bounds itself.

    It keeps up to `cache_bytes` of answers; queries may take a `shortcut` to theirs.
    """
    if importlib.util.find_spec("httptools") is None:
        return "h11"
    from publish.web import connections

    answered = repeats.Answered(cache_bytes)
    plans = repeats.Plans(shortcut) if shortcut is not None else None
    return cast(type[Any], functools.partial(connections.Bounded, answered, plans))
