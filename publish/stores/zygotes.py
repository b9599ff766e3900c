"""The server's end of the pipes to zygotes, for one event loop at a time.

Nothing waits here with the loop standing still: orders go out at once, replies are read when
they have come. What a zygote does with an order is the matter of `zygote`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque

from publish.stores import wire
from publish.stores.workers import Lost, Worker, awaited, ended

_CHUNK = 1 << 16

_PATIENCE = 5.0
"""How many seconds a zygote may take to end."""


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
            self._gone = not self._waiting and ended(self._pipe)
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
        while len(self._read) >= wire.OBEYED.size and self._waiting:
            (value,) = wire.OBEYED.unpack_from(self._read)
            self._read = self._read[wire.OBEYED.size :]
            letter, reply = self._waiting.popleft()
            if awaited(reply):
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
            if awaited(reply):
                reply.set_exception(Lost())
        self._waiting.clear()
        self._pipe.close()
        if self._process is not None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            self._process = None
