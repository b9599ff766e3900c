"""The supervisor: it holds the address, and forks, follows and ends the servers."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from publish.supervisor.post import GO, LEAVE, LOADED, Post, heard, told

_log = logging.getLogger(__name__)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
_PATIENCE = 5.0
"""How many seconds a server may take to leave its place to the next."""
_LONGEST_PAUSE = 30.0
"""How many seconds pass at most before a server that ended is started again."""

Mark = Callable[[], Hashable]
"""Tells by what is served now: another value means that something else is to be served."""


class _Born(Exception):
    """Leads a new server out of the supervisor that it was forked from."""

    def __init__(self, post: Post) -> None:
        self.post = post


@dataclass(eq=False)
class _Server:
    process: int
    pipe: socket.socket
    mark: Hashable
    begun: float = field(default_factory=time.monotonic)
    loaded: bool = False
    heritage: socket.socket | None = None
    told_to_leave: float | None = None
    left: bool = False

    def leaving(self) -> bool:
        """Say whether it was told to leave and may still take connections."""
        return self.told_to_leave is not None and not self.left


def supervise(
    listener: socket.socket, mark: Mark, *, look_seconds: float, stop_seconds: float
) -> Post | int:
    """Start a server and go on with the next whenever `mark` tells so, or SIGHUP does.

    Comes back more than once, as a fork does: in each server with its post, and in the
    supervisor, when all is over, with the exit code. It looks every `look_seconds`, or never
    where that is 0; a server that stops may take `stop_seconds`. To be called by a process that
    has neither threads nor anything loaded.
    """
    born: _Born | None = None
    code = 0
    supervisor = _Supervisor(listener, mark, look_seconds, stop_seconds)
    try:
        code = supervisor.run()
    except _Born as found:
        born = found
    finally:
        supervisor.close()
    return code if born is None else born.post


class _Supervisor:
    """Waits for signals, for what servers say, and for time to pass."""

    def __init__(
        self, listener: socket.socket, mark: Mark, look_seconds: float, stop_seconds: float
    ) -> None:
        self._listener = listener
        self._mark = mark
        self._look_seconds = look_seconds
        self._stop_seconds = stop_seconds
        self._terminal = os.isatty(0)
        self._signalled, self._told = socket.socketpair()
        for one in (self._signalled, self._told):
            one.setblocking(False)
        self._before = {one: signal.signal(one, _noticed) for one in _SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._signalled, selectors.EVENT_READ)
        self._answering: _Server | None = None
        self._coming: _Server | None = None
        self._servers: list[_Server] = []
        self._refused: Hashable = None
        self._seen: Hashable = None
        self._looked = time.monotonic()
        self._again: float | None = None
        self._pause = 0.0
        self._stopping: float | None = None
        self._code: int | None = None
        self._ever = False

    def run(self) -> int:
        """Go on until all is over, and give the exit code."""
        self._begin(self._now())
        while self._code is None or self._servers:
            for key, _ in self._selector.select(self._patience()):
                if key.data is None:
                    self._heed()
                elif key.data in self._servers:
                    self._hear(key.data)
            self._pass_time(time.monotonic())
        return self._code

    def close(self) -> None:
        """Give up what is only the supervisor's."""
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        self._selector.close()
        self._signalled.close()
        self._told.close()
        for server in self._servers:
            _forget(server)

    # --- what happens ------------------------------------------------------------------------

    def _heed(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for number in self._signalled.recv(4096):
                if number == signal.SIGCHLD:
                    self._bury()
                elif number == signal.SIGHUP and not self._hung_up():
                    self._reload()
                else:
                    self._stop()

    def _hung_up(self) -> bool:
        """Say whether SIGHUP came because the terminal is gone."""
        return self._terminal and not os.isatty(0)

    def _hear(self, server: _Server) -> None:
        word, _ = heard(server.pipe)
        if word == LOADED and server is self._coming:
            server.loaded = True
            self._relieve(server)
        elif word != LOADED:
            # It has left, or it has ended: its place is free.
            server.left = True
            if not word:
                self._selector.unregister(server.pipe)
            self._let_go()

    def _relieve(self, heir: _Server) -> None:
        """Let the server that answers make room for the next."""
        now = self._now()
        if now != heir.mark:
            # What it has loaded was changed meanwhile, and may be a mixture.
            self._dismiss(heir)
            self._begin(now)
            return
        old = self._answering
        if old is None:
            self._let_go()
            return
        heir.heritage, given = socket.socketpair()
        old.told_to_leave = time.monotonic()
        self._answering = None
        told(old.pipe, LEAVE, given)

    def _let_go(self) -> None:
        """Let the next server answer, if it waits for that."""
        heir = self._coming
        free = self._answering is None and not any(one.leaving() for one in self._servers)
        if heir is None or not heir.loaded or not free:
            return
        self._coming, self._answering = None, heir
        self._refused = self._again = None
        self._ever = True
        told(heir.pipe, GO, heir.heritage)
        heir.heritage = None

    def _bury(self) -> None:
        """Take note of each server that has ended."""
        ended = _ended()
        for server in tuple(self._servers):
            if server.process not in ended:
                continue
            self._servers.remove(server)
            if server.pipe in self._selector.get_map():
                self._selector.unregister(server.pipe)
            _forget(server)
            if self._stopping is None:
                self._mourn(server, os.waitstatus_to_exitcode(ended[server.process]))

    def _mourn(self, server: _Server, code: int) -> None:
        if server is self._coming:
            self._coming = None
            if not self._ever:
                # There is nothing to go on with.
                self._code = code if code >= 0 else 128 - code
            elif self._answering is None:
                self._restart()
            else:
                self._refused = server.mark
                _say(logging.ERROR, "refused", exit=code)
        elif server is self._answering:
            self._answering = None
            _say(logging.ERROR, "ended", exit=code, process=server.process)
            long = time.monotonic() - server.begun > _LONGEST_PAUSE
            self._pause = 0.0 if long else self._pause
            self._restart()
            self._let_go()
        else:
            self._let_go()

    def _restart(self) -> None:
        """Start again what ended by itself, later each time."""
        self._again = time.monotonic() + self._pause
        self._pause = min(_LONGEST_PAUSE, 2 * self._pause or 1.0)

    # --- what is done ------------------------------------------------------------------------

    def _begin(self, mark: Hashable) -> None:
        """Fork a server; in it, raise `_Born`."""
        ours, theirs = socket.socketpair()
        # A signal to the new process must not end up where the supervisor reads its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        process = os.fork()
        if process == 0:
            ours.close()
            # Ctrl-C reaches every process of a terminal; the supervisor decides what follows.
            self._before[signal.SIGINT] = self._before[signal.SIGHUP] = signal.SIG_IGN
            self._before[signal.SIGTERM] = self._before[signal.SIGCHLD] = signal.SIG_DFL
            raise _Born(Post(self._listener, theirs, first=not self._ever))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        theirs.close()
        self._again = None
        self._coming = _Server(process, ours, mark)
        self._servers.append(self._coming)
        self._selector.register(ours, selectors.EVENT_READ, self._coming)

    def _dismiss(self, server: _Server) -> None:
        """Send away a server that has not answered yet."""
        if server is self._coming:
            self._coming = None
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.process, signal.SIGTERM)

    def _reload(self) -> None:
        if self._stopping is not None:
            return
        if self._coming is not None:
            if self._coming.loaded:
                return
            self._dismiss(self._coming)
        _say(logging.INFO, "reload")
        self._begin(self._now())

    def _stop(self) -> None:
        """Tell all servers to end; told again, to end at once."""
        again = self._stopping is not None
        if not again:
            self._stopping = time.monotonic()
            self._code = 0
            self._again = None
            self._listener.close()
        for server in self._servers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server.process, signal.SIGKILL if again else signal.SIGTERM)

    def _now(self) -> Hashable:
        try:
            return self._mark()
        except OSError:
            # It is being replaced, or gone; whoever loads it says so.
            return None

    # --- time --------------------------------------------------------------------------------

    def _patience(self) -> float | None:
        """Say how many seconds may pass before something is to be done."""
        waits: list[float] = []
        now = time.monotonic()
        if self._look_seconds and self._stopping is None:
            waits.append(self._looked + self._look_seconds - now)
        if self._again is not None:
            waits.append(self._again - now)
        if self._stopping is not None:
            waits.append(self._stopping + self._stop_seconds + _PATIENCE - now)
        waits += [
            one.told_to_leave + _PATIENCE - now
            for one in self._servers
            if one.told_to_leave is not None and one.leaving()
        ]
        return max(0.0, min(waits)) if waits else None

    def _pass_time(self, now: float) -> None:
        if self._stopping is not None:
            if now >= self._stopping + self._stop_seconds + _PATIENCE:
                self._stop()
            return
        for server in self._servers:
            late = server.told_to_leave is not None and now >= server.told_to_leave + _PATIENCE
            if late and server.leaving():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(server.process, signal.SIGKILL)
        if self._again is not None and now >= self._again and self._coming is None:
            self._begin(self._now())
        if self._look_seconds and now >= self._looked + self._look_seconds:
            self._looked = now
            self._look()

    def _look(self) -> None:
        """Begin with what is new, once it stays the same from one look to the next."""
        now = self._now()
        same, self._seen = now == self._seen, now
        known = {one.mark for one in (self._coming, self._answering) if one is not None}
        if same and known and now is not None and now != self._refused and now not in known:
            self._reload()


def _ended() -> dict[int, int]:
    """Give the status of every child that has ended, by its number.

    The first process of a container has also those for children that a server leaves behind.
    """
    found = {}
    with contextlib.suppress(ChildProcessError):
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            found[child[0]] = child[1]
    return found


def _noticed(*_: object) -> None:
    """Do nothing: the number of the signal is read where all events are."""


def _forget(server: _Server) -> None:
    server.pipe.close()
    if server.heritage is not None:
        server.heritage.close()


def _say(level: int, event: str, **about: object) -> None:
    _log.log(level, json.dumps({"event": event, **about}))
