"""HTTP/1.1 connections that cannot be held for nothing.

The faster of uvicorn's two protocols bounds neither the time nor the length of headers, and lets
a client take as long as it likes over an answer. Imported only where httptools is installed.
"""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_BYTES = 128 * 1024
HEADER_SECONDS = 20


class Bounded(HttpToolsProtocol):
    """HTTP/1.1 with bounds on the time and length of headers, and on slow readers."""

    _timer: TimerHandle | None = None
    _reading = False
    _length = 0
    _left = 0

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a first request."""
        super().connection_made(cast(Any, transport))
        self._begin_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._end_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless the headers have no end."""
        if self._reading:
            self._length += len(data)
            if self._length > HEADER_BYTES:
                self.transport.abort()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin to count and to wait."""
        super().on_message_begin()
        self._reading, self._length = True, 0
        self._begin_timer()

    def on_headers_complete(self) -> None:
        """Leave the rest to the application."""
        self._reading = False
        self._end_timer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Remember how much of the answer the client has still to take."""
        super().on_response_complete()
        self._left = self.transport.get_write_buffer_size()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, and one whose client takes nothing."""
        waiting = self.transport.get_write_buffer_size()
        if waiting == 0:
            super().timeout_keep_alive_handler()
        elif waiting >= self._left:
            self.transport.abort()
        else:
            self._left = waiting
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _begin_timer(self) -> None:
        self._end_timer()
        self._timer = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
