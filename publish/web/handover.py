"""How a server gives the connections on which nothing is under way to the one that follows it.

Their sockets go through a pipe between the two (`SCM_RIGHTS`). Whoever is at the other end of a
connection notices nothing, and what they send meanwhile waits in the socket.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio import BaseTransport
from collections.abc import Callable, Sequence

_BATCH = 200
"""How many sockets go in one message; the system takes 253 (`SCM_MAX_FD` of Linux)."""
_WORD = b"c"


class Heir:
    """The server that follows, seen from the one before it."""

    def __init__(self, pipe: socket.socket) -> None:
        pipe.setblocking(False)
        self._pipe = pipe

    def take(self, connections: Sequence[BaseTransport]) -> None:
        """Give connections away; where that cannot be, they are closed."""
        for start in range(0, len(connections), _BATCH):
            some = connections[start : start + _BATCH]
            numbers = [one.get_extra_info("socket").fileno() for one in some]
            try:
                socket.send_fds(self._pipe, [_WORD], numbers)
            except OSError:
                # It is gone, or cannot keep up.
                for one in some:
                    one.close()
            else:
                for one in some:
                    # The socket stays open: the other side has it too.
                    one.abort()  # type: ignore[attr-defined]


class Inheritance:
    """The connections of the server before, as they come."""

    def __init__(self, pipe: socket.socket, protocol: Callable[[], asyncio.BaseProtocol]) -> None:
        pipe.setblocking(False)
        self._pipe = pipe
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[object]] = set()
        self._loop.add_reader(pipe, self._come)

    def _come(self) -> None:
        try:
            word, numbers, _, _ = socket.recv_fds(self._pipe, len(_WORD), _BATCH)
        except BlockingIOError:
            return
        except OSError:
            word, numbers = b"", []
        for number in numbers:
            self._go_on(socket.socket(fileno=number))
        if not word:
            self._loop.remove_reader(self._pipe)
            self._pipe.close()

    def _go_on(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        made = self._loop.connect_accepted_socket(self._protocol, connection)
        task: asyncio.Task[object] = self._loop.create_task(made)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
