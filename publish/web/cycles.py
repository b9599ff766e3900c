"""One request and its answer on a connection, as uvicorn has them.

An answer leaves in one piece; a file goes from the system's cache to the socket, past this process
(the ASGI extension `http.response.pathsend`); and whoever takes nothing of an answer is cut off.
Imported only where httptools is installed.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any, cast

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from publish.web.repeats import Again, Answered, written

STALLED_SECONDS = 60
"""How long a client may take nothing of what it is sent while it waits for more."""
_PIECE = 1 << 22
"""How many bytes of a file are given to the system at once."""


class Cycle(RequestResponseCycle):
    """One request and its answer; head and body leave together."""

    answered: Answered
    raw: bytes = b""
    """The request as it came, where it came in one piece and had no body."""
    _start: Message | None = None

    async def send(self, message: Any) -> None:
        """Send an answer; what `delivery` marks as kept can then be had without asking it."""
        if self.flow.write_paused and not self.disconnected:
            try:
                await self._room()
            except TimeoutError:
                # It asks for more, and takes nothing of what it has asked for before.
                self.disconnected = True
                self.transport.abort()
        if self.disconnected:
            return
        if message["type"] == "http.response.start" and not self.response_started:
            # A head says nothing alone: it waits for the body.
            self._start = message
            return
        start = None if self.response_started else self._start
        if start is not None and message["type"] == "http.response.pathsend":
            await self._send_file(start, message["path"])
        elif start is not None and _is_whole(start, message):
            self._send_whole(start, message.get("body", b""))
        else:
            if start is not None:
                await super().send(cast(Any, start))
            await super().send(message)

    def _send_whole(self, start: Message, body: bytes) -> None:
        told = self.scope["method"] != "HEAD"
        head = _head(start, len(body) if told else None, keep_alive=self.keep_alive)
        body = body if told else b""
        status = STATUS_LINE[start["status"]]
        count = start.get("kept")
        if count is not None and self.keep_alive and is_plain(self.raw):
            self.answered.put(self.raw, Again(status, head, body, count))
        self._begin(status, head, body)
        self._end()

    def _begin(self, status: bytes, head: bytes, body: bytes) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        self.transport.write(b"".join((status, *dates(self.default_headers), head, body)))

    def _end(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()

    async def _room(self) -> None:
        """Wait until the transport takes more; raise `TimeoutError` where the client is stalled."""
        left = self.transport.get_write_buffer_size()
        while self.flow.write_paused and not self.disconnected:
            try:
                async with asyncio.timeout(STALLED_SECONDS):
                    await self.flow.drain()
            except TimeoutError:
                before, left = left, self.transport.get_write_buffer_size()
                if left >= before:
                    raise

    async def _send_file(self, start: Message, path: str) -> None:
        """Send a file by the system alone, which waits for the client and not for us."""
        with Path(path).open("rb", buffering=0) as file:
            # What is watched for writing beside the transport needs a number of its own.
            line = os.dup(self.transport.get_extra_info("socket").fileno())
            try:
                size = os.fstat(file.fileno()).st_size
                head = _head(start, size, keep_alive=self.keep_alive)
                self._begin(STATUS_LINE[start["status"]], head, b"")
                await self._flush()
                await self._pass_on(file.fileno(), line, size)
            except OSError:
                # The client is gone or takes nothing any more.
                self.disconnected = True
                self.transport.abort()
            else:
                if not self.disconnected:
                    self._end()
            finally:
                os.close(line)

    async def _flush(self) -> None:
        """Wait until all that was written has left; raise `TimeoutError` as `_room` does."""
        self.transport.set_write_buffer_limits(high=0)
        try:
            await self._room()
        finally:
            self.transport.set_write_buffer_limits()

    async def _pass_on(self, file: int, line: int, size: int) -> None:
        done = 0
        while done < size and not self.disconnected:
            try:
                count = os.sendfile(line, file, done, min(_PIECE, size - done))
            except BlockingIOError:
                await _writable(line)
                continue
            if not count:
                raise EOFError(f"the file ended {size - done} bytes too early")
            done += count
            await asyncio.sleep(0)


async def _writable(line: int) -> None:
    """Wait until a socket takes more; raise `TimeoutError` where that lasts too long."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(line, ready.set)
    try:
        async with asyncio.timeout(STALLED_SECONDS):
            await ready.wait()
    finally:
        loop.remove_writer(line)


def _is_whole(start: Message, message: Message) -> bool:
    """Say whether an answer can leave in one piece, with the length that it states."""
    names = {name for name, _ in start["headers"]}
    return (
        not message.get("more_body")
        and b"transfer-encoding" not in names
        and b"connection" not in names
        and (b"content-length" in names or start["status"] in (204, 304))
    )


def _head(start: Message, length: int | None, *, keep_alive: bool) -> bytes:
    """Write the headers of an answer, without the date; `None` is for an answer without a body."""
    headers = start["headers"]
    head = written(headers)
    stated = next((int(value) for name, value in headers if name == b"content-length"), length)
    if length is not None and stated != length:
        raise RuntimeError(f"an answer of {length} bytes says that it has {stated}")
    return head + (b"\r\n" if keep_alive else b"connection: close\r\n\r\n")


def dates(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    """Give the pieces of the headers that every answer has, the date among them."""
    return [part for name, value in headers for part in (name, b": ", value, b"\r\n")]


def is_plain(request: bytes) -> bool:
    """Say whether a request means the same whoever sends it: proxies speak for others."""
    return bool(request) and b"x-forwarded-" not in request.lower()
