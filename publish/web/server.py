"""The server under the application: one socket, bounded connections, an orderly end.

A connection that sends its headers too slowly or too long, or that takes its answer too slowly,
is closed, so that nobody holds places for nothing (`connections`). What a request may be is the matter of
the application.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import importlib.util
import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import HTTPProtocolType

from publish import errors

_CONNECTIONS = 1_000
_HEADER_BYTES = 128 * 1024
_IDLE_SECONDS = 10
_END_SECONDS = 5
"""How long answers that are under way may take when the server is stopped."""


class Server(uvicorn.Server):
    """A server that says when it really answers, and ends without an error when told to."""

    def __init__(self, app: ASGIApp, ready: Callable[[], None], cache_bytes: int = 0) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_protocol(cache_bytes),
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=_CONNECTIONS,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=_END_SECONDS,
                h11_max_incomplete_event_size=_HEADER_BYTES,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as the order to stop, and not as an error afterwards."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def listen(host: str, port: int) -> socket.socket:
    """Take an address; raise `ListenError` where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise errors.ListenError(_why_not(error, host, port)) from error


def address(listener: socket.socket, host: str) -> str:
    """Give the address of a listening socket as a browser takes it."""
    port = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return f"there is no host `{host}`; set another with --host"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; stop what listens there or set another --port"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have; set a --port above 1023"
    return f"cannot listen on port {port} of {host}: {error.strerror}; set another --host or --port"


def _protocol(cache_bytes: int) -> type[Any] | HTTPProtocolType:
    """Give the faster of the two protocols where it is installed; the other bounds itself.

    It keeps up to `cache_bytes` of answers.
    """
    if importlib.util.find_spec("httptools") is None:
        return "h11"
    from publish.web import connections

    answered = connections.Answered(cache_bytes)
    return cast(type[Any], functools.partial(connections.Bounded, answered))
