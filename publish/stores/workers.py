"""The server's end of the pipes to zygotes and workers, for one event loop at a time.

Nothing waits here with the loop standing still: orders go out at once, replies are read when
they have come. Which worker gets which job, and for how long, is decided in `local`.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import sys
import time
from collections import deque
from typing import Any

from publish.stores import wire
from publish.stores.jobs import Answer

_CHUNK = 1 << 16

_PATIENCE = 5.0
"""How many seconds a zygote may take to end."""


class Lost(Exception):
    """A worker or a zygote is gone; never leaves the package `stores`."""


class Zygote:
    """A process that forks workers; `process` where it is a child of ours, else `None`."""

    def __init__(self, pipe: socket.socket, process: int | None) -> None:
        pipe.setblocking(False)
        self._pipe = pipe
        self._process = process
        self._waiting: deque[tuple[bytes, asyncio.Future[int]]] = deque()
        self._read = b""
        self._gone = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def gone(self) -> bool:
        """Say whether it has ended; it says nothing by itself, so what can be read is the end."""
        loop = asyncio.get_running_loop()
        if not self._gone and self._loop is not loop:
            self._gone = not self._waiting and _ended(self._pipe)
            if not self._gone:
                self._listen(loop)
        return self._gone

    def hears(self, word: bytes) -> bool:
        """Wait for what it says first, and say whether it did; else it has ended."""
        self._pipe.setblocking(True)
        try:
            return self._pipe.recv(len(word)) == word
        except OSError:
            return False
        finally:
            self._pipe.setblocking(False)

    async def worker(self) -> Worker:
        """Fork a worker."""
        ours, theirs = socket.socketpair()
        reply = self._order(wire.FORK_WORKER, 0, theirs)
        try:
            return Worker(self, await reply, ours)
        except BaseException:
            # Its own pipe tells it that nobody wants it any more.
            ours.close()
            if reply.done() and not reply.cancelled() and reply.exception() is None:
                # It was there when nobody waited any longer.
                self.let_go(reply.result())
            raise

    def double(self) -> Zygote:
        """Fork another zygote, which lives on when this one ends.

        What it is told before it lives waits in its pipe; if it never does, it is `gone`.
        """
        ours, theirs = socket.socketpair()
        self._order(wire.FORK_ZYGOTE, 0, theirs)
        return Zygote(ours, None)

    def give_way(self, process: int) -> None:
        """Let a worker run only where nothing else wants to."""
        self._order(wire.YIELD, process, None)

    async def end(self, process: int) -> int:
        """End a worker and give the status it ended with, as `os.wait` does."""
        return await self._order(wire.END, process, None)

    def let_go(self, process: int) -> None:
        """End a worker without waiting for it."""
        self._order(wire.LET_GO, process, None)

    def close(self) -> None:
        """End it and its workers, and wait until it has ended."""
        if self._pipe.fileno() < 0:
            return
        with contextlib.suppress(OSError):
            self._pipe.shutdown(socket.SHUT_WR)
        self._forget_loop()
        self._pipe.settimeout(_PATIENCE)
        try:
            while self._pipe.recv(_CHUNK):
                pass
        except TimeoutError:
            if self._process is not None:
                os.kill(self._process, signal.SIGKILL)
        except OSError:
            pass
        self._lose()

    def _order(
        self, letter: bytes, process: int, pipe: socket.socket | None
    ) -> asyncio.Future[int]:
        """Send an order; its future fails with `Lost` where the zygote is gone."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[int] = loop.create_future()
        # Who does not wait for the reply does not want to hear of a failure either.
        reply.add_done_callback(lambda done: done.cancelled() or done.exception())
        order = wire.ORDER.pack(letter, process)
        try:
            if self._gone:
                raise BrokenPipeError
            socket.send_fds(self._pipe, [order], [pipe.fileno()] if pipe else [])
        except OSError:
            self._lose()
            reply.set_exception(Lost())
        else:
            self._waiting.append((letter, reply))
            if self._loop is not loop:
                self._listen(loop)
        finally:
            if pipe:
                pipe.close()
        return reply

    def _replied(self) -> None:
        try:
            read = self._pipe.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            read = b""
        self._read += read
        while len(self._read) >= wire.REPLY.size and self._waiting:
            (value,) = wire.REPLY.unpack_from(self._read)
            self._read = self._read[wire.REPLY.size :]
            letter, reply = self._waiting.popleft()
            if _awaited(reply):
                reply.set_result(value)
            elif letter == wire.FORK_WORKER:
                self.let_go(value)
        if not read:
            self._lose()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        # For as long as the loop lasts; the next may be another one.
        self._forget_loop()
        self._loop = loop
        loop.add_reader(self._pipe, self._replied)

    def _forget_loop(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._pipe)
        self._loop = None

    def _lose(self) -> None:
        self._gone = True
        self._forget_loop()
        for _, reply in self._waiting:
            if _awaited(reply):
                reply.set_exception(Lost())
        self._waiting.clear()
        self._pipe.close()
        if self._process is not None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            self._process = None


def _awaited(reply: asyncio.Future[Any]) -> bool:
    """Say whether somebody may wait for a reply: its loop may be closed, and another one run."""
    return not reply.done() and not reply.get_loop().is_closed()


def _ended(pipe: socket.socket) -> bool:
    """Say whether the other end of a pipe is closed that says nothing unasked."""
    try:
        return not pipe.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Worker:
    """A process that answers one job at a time.

    Its pipe is watched for as long as one event loop lasts: to begin anew with each job would
    cost more than a small query does.
    """

    def __init__(self, zygote: Zygote, process: int, pipe: socket.socket) -> None:
        pipe.setblocking(False)
        self.zygote = zygote
        self.process = process
        self._pipe = pipe
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._coming: _Coming | None = None
        self._most = 0
        self._gone = False
        # Room for each piece: to ask for it anew would cost more than to read it.
        self._room = memoryview(bytearray(_CHUNK))

    def gone(self) -> bool:
        """Say whether it has ended while it had nothing to do."""
        if self._loop is None or self._loop is not asyncio.get_running_loop():
            self._gone = self._gone or _ended(self._pipe)
        return self._gone

    def used(self) -> float:
        """Give the seconds of processor time that it has used; infinite where nobody tells."""
        if sys.platform != "linux":
            return math.inf
        try:
            # The clock of another process is named by its number (clock_getcpuclockid(3)).
            return time.clock_gettime(~self.process << 3 | 2)
        except OSError:
            return math.inf

    async def answer(self, job: bytes, most: int) -> Answer:
        """Send it a job and wait for the answer, of `most` bytes; raise `Lost` when it ends."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._watch(loop)
        waiting: asyncio.Future[Answer] = loop.create_future()
        self._waiting = waiting
        self._most = most
        self._coming = None
        try:
            sent = _sent(self._pipe, job)
            if sent < len(job):
                await loop.sock_sendall(self._pipe, memoryview(job)[sent:])
        except OSError as error:
            self._waiting = None
            raise Lost from error
        return await waiting

    def give_up(self) -> None:
        """Wait no longer for an answer, which is `Lost`, whenever the process may end."""
        self._lose()

    def close(self) -> None:
        """Close the pipe, at which a worker that has nothing to do ends by itself."""
        self._forget_loop()
        self._pipe.close()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._forget_loop()
        self._loop = loop
        loop.add_reader(self._pipe, self._read)

    def _forget_loop(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._pipe)
        self._loop = None

    def _read(self) -> None:
        """Take what has come."""
        try:
            if self._coming is None:
                self._begin()
            else:
                self._coming.read(self._pipe)
        except BlockingIOError:
            return
        except (OSError, EOFError):
            self._lose()
            return
        if self._coming is not None and self._coming.whole():
            self._settle(self._coming)

    def _begin(self) -> None:
        """Read the head of an answer, and of a short one all."""
        count = 0
        while count < wire.HEAD.size:
            # A head is written with what follows it, so the rest is there or never comes.
            more = self._pipe.recv_into(self._room[count:])
            if not more:
                raise EOFError
            count += more
        read = bytes(self._room[:count])
        meta, body = wire.HEAD.unpack_from(read)
        if meta + body > self._most:
            # What announces more than was allowed cannot be read to its end.
            self._lose()
        else:
            self._coming = _Coming(meta, body, read[wire.HEAD.size :])

    def _settle(self, coming: _Coming) -> None:
        waiting, self._waiting, self._coming = self._waiting, None, None
        if waiting is None or not _awaited(waiting):
            return
        try:
            waiting.set_result(coming.answer())
        except Exception as failure:
            waiting.set_exception(failure)

    def _lose(self) -> None:
        self._gone = True
        self._forget_loop()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and _awaited(waiting):
            waiting.set_exception(Lost())


class _Coming:
    """An answer that is arriving."""

    def __init__(self, meta: int, body: int, begun: bytes) -> None:
        self._meta = meta
        self._short = begun if len(begun) == meta + body else None
        self._rest = memoryview(b"")
        if self._short is None:
            self._long = bytearray(meta + body)
            self._long[: len(begun)] = begun
            self._rest = memoryview(self._long)[len(begun) :]

    def whole(self) -> bool:
        return not self._rest

    def read(self, pipe: socket.socket) -> None:
        count = pipe.recv_into(self._rest)
        if not count:
            raise EOFError
        self._rest = self._rest[count:]

    def answer(self) -> Answer:
        read = self._long if self._short is None else self._short
        view = memoryview(read)
        return wire.answer_of(bytes(view[: self._meta]), bytes(view[self._meta :]))


def _sent(pipe: socket.socket, data: bytes) -> int:
    """Send as much as can be sent at once."""
    try:
        return pipe.send(data)
    except BlockingIOError:
        return 0
