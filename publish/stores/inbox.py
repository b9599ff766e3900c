"""The worker's end of its pipe: jobs in the order in which they came, but for those taken back."""

from __future__ import annotations

import contextlib
import functools
import socket
from collections import deque

from publish.stores import wire
from publish.stores.jobs import Job

_CHUNK = 1 << 16
_JOBS = 64
"""How many jobs a worker knows again, each with its query."""


class Inbox:
    """The jobs that have come to a worker and are not begun; `None` for one that was taken back."""

    def __init__(self, pipe: socket.socket) -> None:
        self._pipe = pipe
        self._room = memoryview(bytearray(_CHUNK))
        self._read = bytearray()
        self._waiting: deque[tuple[bytes, bytes] | None] = deque()
        # Many jobs differ only in what is given for them.
        self._job_of = functools.lru_cache(_JOBS)(wire.job_of)

    def next(self) -> Job | None:
        """Wait for a job; `None` when the server has closed the pipe."""
        if self._waiting:
            # What has come meanwhile may take back what waits.
            with contextlib.suppress(BlockingIOError):
                self._receive(socket.MSG_DONTWAIT)
        while True:
            while self._waiting:
                job = self._waiting.popleft()
                if job is not None:
                    return self._job_of(job[0])._replace(given=job[1])
                self._pipe.sendall(wire.NOT_BEGUN)
            if not self._receive():
                return None

    def _receive(self, flags: int = 0) -> bool:
        """Take what has come; say whether more may come."""
        count = self._pipe.recv_into(self._room, 0, flags)
        self._read += self._room[:count]
        begin = 0
        while (end := self._end_of_frame(begin)) is not None:
            self._take(begin, end)
            begin = end
        del self._read[:begin]
        return count > 0

    def _end_of_frame(self, begin: int) -> int | None:
        """Give where the frame ends that begins here; `None` where not all of it has come."""
        size = len(self._read) - begin
        if size < wire.HEAD.size:
            return None
        whole = wire.HEAD.size + sum(wire.HEAD.unpack_from(self._read, begin))
        return begin + whole if whole <= size else None

    def _take(self, begin: int, end: int) -> None:
        head = begin + wire.HEAD.size
        given = head + wire.HEAD.unpack_from(self._read, begin)[0]
        told, body = bytes(self._read[head:given]), bytes(self._read[given:end])
        if told:
            self._waiting.append((told, body))
            return
        for place in range(max(0, len(self._waiting) - int(body)), len(self._waiting)):
            self._waiting[place] = None
