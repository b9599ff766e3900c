"""The server's end of the pipes to workers, for one event loop at a time.

Nothing waits here with the loop standing still: jobs go out at once, answers are read when they
have come. Which worker gets which job, and for how long, is decided in `local`.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast

from publish import errors
from publish.stores import wire
from publish.stores.jobs import Answer

_CHUNK = 1 << 16


class Lost(Exception):
    """A worker or a zygote is gone; never leaves the package `stores`."""


class Overtaken(Exception):
    """A job was not begun where it waited; never leaves the package `stores`."""


def awaited(reply: asyncio.Future[Any]) -> bool:
    """Say whether somebody may wait for a reply: its loop may be closed, and another one run."""
    return not reply.done() and not reply.get_loop().is_closed()


def ended(pipe: socket.socket) -> bool:
    """Say whether the other end of a pipe is closed that says nothing unasked."""
    try:
        return not pipe.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Parent(Protocol):
    """The zygote that a worker was forked by, which alone can end it."""

    def give_way(self, process: int) -> None:
        """Let a worker run only where nothing else wants to."""
        ...

    async def end(self, process: int) -> int:
        """End a worker and give the status it ended with, as `os.wait` does."""
        ...

    def let_go(self, process: int) -> None:
        """End a worker without waiting for it."""
        ...


class Errand:
    """A job that is sent to a worker, whose answer may have `most` bytes.

    `took` is how many seconds the worker needed for it, as soon as it is answered.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.took = 0.0
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()


class Worker:
    """A process that answers one job after another, in the order in which they are sent.

    Its pipe is watched for as long as one event loop lasts: to begin anew with each job would
    cost more than a small query does. `since` is when its first job began, by the clock of the
    loop; `rested` is called when it has answered all, and when it ends with nothing to do. One
    that `gave_way` does so for good, and one that is `worn` is to be replaced.
    """

    def __init__(self, zygote: Parent, process: int, pipe: socket.socket) -> None:
        pipe.setblocking(False)
        self.zygote = zygote
        self.process = process
        self.gave_way = False
        self.worn = False
        self.since = 0.0
        self.rested: Callable[[Worker], None] = Worker.close
        self._pipe = pipe
        self._loop: asyncio.AbstractEventLoop | None = None
        self._errands: deque[Errand] = deque()
        # What of the last job is not sent yet, since the pipe is full.
        self._unsent = memoryview(b"")
        self._unmissed = False
        self._begun = b""
        self._coming: _Coming | None = None
        self._gone = False
        # Room for each piece: to ask for it anew would cost more than to read it.
        self._room = memoryview(bytearray(_CHUNK))

    @property
    def load(self) -> int:
        """How many jobs it has not answered."""
        return len(self._errands)

    def gone(self) -> bool:
        """Say whether it has ended, as far as is known or can be seen."""
        if self._loop is None or self._loop is not asyncio.get_running_loop():
            self._gone = self._gone or ended(self._pipe)
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

    def takes_more(self, load: int, seconds: float) -> bool:
        """Say whether one more can wait behind fewer than `load`, begun up to `seconds` ago."""
        if self._gone or self.gave_way or self.worn or self._unsent or self.load >= load:
            return False
        loop = asyncio.get_running_loop()
        return loop is self._loop and loop.time() - self.since < seconds

    def keeps_waiting(self, errand: Errand) -> bool:
        """Say whether a job waits behind another, so that it can be taken back."""
        return not self._unsent and errand in itertools.islice(self._errands, 1, None)

    def is_done_with(self, errand: Errand) -> bool:
        """Say whether it has answered a job, and may be at another one by now."""
        return not self._gone and errand not in self._errands

    def works_for_nobody(self) -> bool:
        """Say whether nobody waits any more for what it is at, or was at when it ended."""
        if self._errands:
            return not awaited(self._errands[0].answer)
        return self._unmissed

    async def answer(self, errand: Errand, job: bytes) -> Answer:
        """Send it a job and wait for the answer.

        Raises `Lost` when it ends with this job, `Overtaken` when it ends before it or the job is
        taken back.
        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._watch(loop)
        if not self._errands:
            self.since = loop.time()
        self._errands.append(errand)
        self._unsent = memoryview(job)
        self._send()
        if self._unsent and not self._gone:
            loop.add_writer(self._pipe, self._send_rest)
        return await errand.answer

    def take_back(self) -> None:
        """Take back the jobs that wait behind the first, each of which is `Overtaken`."""
        if self.load < 2 or self._unsent:
            return
        try:
            self._pipe.send(wire.take_back(self.load - 1))
        except BlockingIOError:
            return
        except OSError:
            self._lose()
            return
        for errand in itertools.islice(self._errands, 1, None):
            _fail(errand, Overtaken())

    def give_up(self) -> None:
        """Wait no longer for any answer, whenever the process may end."""
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
            self._loop.remove_writer(self._pipe)
        self._loop = None

    def _send(self) -> None:
        """Send as much of a job as can be sent at once; nothing else may come between its pieces."""
        try:
            self._unsent = self._unsent[self._pipe.send(self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._lose()

    def _send_rest(self) -> None:
        self._send()
        if not self._unsent and self._loop is not None:
            self._loop.remove_writer(self._pipe)

    def _read(self) -> None:
        """Take what has come; whoever says something unasked is lost."""
        try:
            if self._coming is None:
                self._take(self._received())
            else:
                self._coming.read(self._pipe)
        except BlockingIOError:
            return
        except (OSError, EOFError):
            missed = bool(self._errands)
            self._lose()
            if not missed:
                self.rested(self)
            return
        if self._coming is not None and self._coming.whole():
            coming, self._coming = self._coming, None
            self._settle(coming)
        if not self._errands and not self._gone:
            self.rested(self)

    def _received(self) -> bytes:
        count = self._pipe.recv_into(self._room)
        if not count:
            raise EOFError
        return self._begun + self._room[:count]

    def _take(self, read: bytes) -> None:
        """Take the answers that are whole, and begin with one that is not."""
        begin, size = 0, wire.REPLY_HEAD.size
        while begin + size <= len(read) and self._errands:
            meta, body, took = wire.REPLY_HEAD.unpack_from(read, begin)
            if meta + body > self._errands[0].most:
                # What announces more than was allowed cannot be read to its end.
                raise EOFError
            end = begin + size + meta + body
            coming = _Coming(meta, body, took, read[begin + size : end])
            begin = end
            if not coming.whole():
                self._coming = coming
                break
            self._settle(coming)
        self._begun = read[begin:]
        if self._begun and not self._errands:
            raise EOFError

    def _settle(self, coming: _Coming) -> None:
        """Give an answer to whoever waits for it."""
        errand = self._errands.popleft()
        loop = cast(asyncio.AbstractEventLoop, self._loop)
        self.since = loop.time()
        errand.took = coming.took
        if not awaited(errand.answer):
            return
        try:
            answer = coming.answer()
            self.worn = self.worn or answer.worn
            errand.answer.set_result(answer)
        except Exception as failure:
            # One that says what cannot be read is not trusted with more.
            self.worn = self.worn or isinstance(failure, errors.StoreAnswerError)
            errand.answer.set_exception(failure)

    def _lose(self) -> None:
        self._unmissed = self.works_for_nobody()
        self._gone = True
        self._forget_loop()
        failure: Exception = Lost()
        while self._errands:
            _fail(self._errands.popleft(), failure)
            failure = Overtaken()


def _fail(errand: Errand, failure: Exception) -> None:
    if awaited(errand.answer):
        errand.answer.set_exception(failure)


class _Coming:
    """An answer that is arriving; `took` is how many seconds the worker needed for it."""

    def __init__(self, meta: int, body: int, took: int, begun: bytes) -> None:
        self.took = took / 1e9
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
