"""The pipe between a server and its supervisor, and the end of it that a server has."""

from __future__ import annotations

import contextlib
import socket
import time

LOADED, GO, LEAVE, LEFT = b"l", b"g", b"q", b"b"
"""A server has loaded, may answer, is to leave, has left."""


class Post:
    """What a server has of its supervisor: the address, and the pipe between them."""

    def __init__(self, listener: socket.socket, pipe: socket.socket, *, first: bool) -> None:
        self.listener = listener
        self.first = first
        """Whether no server was there before this one."""
        self.begun = time.monotonic()
        self._pipe = pipe

    def loaded(self) -> socket.socket | None:
        """Say that all is loaded, and wait for the turn.

        Gives the pipe by which connections come from the server before, if there is one. Ends
        the process where nobody wants it any more.
        """
        self._pipe.sendall(LOADED)
        word, heritage = heard(self._pipe)
        if word != GO:
            raise SystemExit(0)
        return heritage

    def fileno(self) -> int:
        """Give what becomes readable when there is an order."""
        return self._pipe.fileno()

    def order(self) -> socket.socket | None:
        """Read the order to leave: the pipe to the heir; `None` where the supervisor is gone."""
        return heard(self._pipe)[1]

    def left(self) -> None:
        """Say that no connection is taken any more and that the idle ones are handed over."""
        with contextlib.suppress(OSError):
            self._pipe.sendall(LEFT)


def heard(pipe: socket.socket) -> tuple[bytes, socket.socket | None]:
    """Read a word and the pipe that comes with it; nothing where the other end is closed."""
    try:
        word, files, _, _ = socket.recv_fds(pipe, 1, 1)
    except OSError:
        return b"", None
    return word, socket.socket(fileno=files[0]) if files else None


def told(pipe: socket.socket, word: bytes, given: socket.socket | None = None) -> None:
    """Say a word and hand over a pipe with it; whoever is gone is noticed elsewhere."""
    with contextlib.suppress(OSError):
        socket.send_fds(pipe, [word], [given.fileno()] if given else [])
    if given:
        given.close()
