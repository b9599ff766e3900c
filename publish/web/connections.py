"""HTTP/1.1 connections that answer quickly and cannot be held for nothing.

The faster of uvicorn's two protocols bounds neither the time nor the length of headers, and lets
a client take as long as it likes over an answer. Here it does. What is more, a request whose very
bytes were answered before from what `delivery` keeps is answered without being read again, and
one whose headers came before may go a shorter way (`repeats`). Imported only where httptools is
installed.
"""

from __future__ import annotations

import asyncio
import functools
import urllib.parse
from asyncio import BaseTransport, TimerHandle
from collections.abc import Mapping
from typing import Any, cast

import httptools
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from publish.web import heads
from publish.web.crowding import Crowd
from publish.web.cycles import Cycle, dates
from publish.web.errands import Errands, Outcome
from publish.web.handover import Heir
from publish.web.repeats import LONGEST, Again, Answered, Plans

HEADER_SECONDS = 20
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\n",
    b"content-length: 0\r\nretry-after: 2\r\nconnection: close\r\n\r\n",
)
_LINGERING = 2
"""How many seconds a client whose head has no end may go on, so that it reads why it is refused."""
_GRACE = 3
"""How many seconds an answer may take to begin for a client that says no more.

Some programs close their side when they have asked (`nc -N`), and wait; those that are gone look
the same, and what they asked for would go on for nobody. Most answers begin before that.
"""
_MOMENT = 0.01
"""How many seconds pass before it is seen again whether a client has taken all."""


class Bounded(HttpToolsProtocol):
    """HTTP/1.1 with bounds on the time and length of headers, and on slow readers."""

    _timer: TimerHandle | None = None
    _reading = False
    _length = 0
    _left = 0
    since = 0.0
    """When the last answer was given, or else when it was opened."""
    _requests = 0
    """How many requests began in the piece that is being read."""
    _whole = False
    """Whether the last of them ended there too."""
    _in_body = False
    """Whether the last one that began has not come to its end."""
    _running: Cycle | None = None
    """The request that is being answered, or was last."""
    _heir: Heir | None = None
    """Who goes on with this connection when nothing is under way on it."""
    _leaving = False
    _deaf = False
    """Whether what comes is dropped."""
    _silent = False
    """Whether the client has closed its side."""
    _declined = b""
    """The head of a request that wished for another protocol, to be read without the wish."""

    def __init__(self, answered: Answered, plans: Plans | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answered = answered
        self._errands = Errands(plans, self.loop)
        held = cast(set[Bounded], self.connections)
        self._crowd = Crowd(held, self.tasks, self.limit_concurrency)
        self._told: Mapping[str, object] = {}

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a first request."""
        super().connection_made(cast(Any, transport))
        self.since = self.loop.time()
        self._begin_timer()
        if not self._crowd.makes_room(self):
            self._write_refusal(_FULL)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._end_timer()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        self._errands.give_up()
        if self._running is not None and not self._running.response_complete:
            # The last that came, which is told of it beside, may only wait behind this one.
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Let a client that closes its side have the answer to what it has asked, if that is soon.

        What it has begun to ask behind that has no end any more.
        """
        running = self._running is not None and not self._running.response_complete
        if self._in_body:
            if not self.pipeline:
                return False
            self.pipeline.popleft()
        elif not running and not self._errands.under_way:
            return False
        self._end_timer()
        self._reading, self._silent = False, True
        self.loop.call_later(_GRACE, self._give_up)
        return True

    def _give_up(self) -> None:
        """Take a client that says no more for gone, unless it is being answered."""
        begun = self._running is not None and self._running.response_started
        if not self.transport.is_closing() and (self._errands.under_way or not begun):
            self.transport.close()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        """Answer at once what was answered before; else feed the parser, if headers have an end."""
        if self._deaf:
            return
        if self._errands.under_way:
            self._errands.behind += data
            self.flow.pause_reading()
            return
        idle = not self._reading and (self.cycle is None or self.cycle.response_complete)
        if idle and not self.flow.write_paused:
            again = self.answered.get(data)
            if again is not None:
                self._end_timer()
                if again.note is not None:
                    again.note()
                self._answer(again)
                return
            if self._goes_short(data):
                return
        self._feed(data, idle=idle)

    def _feed(self, data: bytes, *, idle: bool) -> None:
        if self._reading:
            self._length += len(data)
            if self._length > heads.BYTES:
                self._refuse_head()
                return
        self._requests, self._whole = 0, False
        self._parse(heads.encoded(data) if idle else data)
        if self._reading and self._timer is None:
            # Most heads come in one piece and need no clock.
            self._begin_timer()
        if idle and self._whole and self._requests == 1 and len(data) <= LONGEST:
            cycle = cast(Cycle, self.cycle)
            cycle.raw = data
            if cycle.keep_alive:
                self._errands.learn(data, cycle.scope)

    def _refuse_head(self) -> None:
        """Say that the address or the headers are too long, and read no more.

        Whoever closes while a client writes takes the answer away from it (RFC 9112, 9.6), so
        that what comes is dropped for a while.
        """
        if self.cycle is not None and not self.cycle.response_complete:
            # The answer before this one has not left yet.
            self.transport.abort()
            return
        self._deaf = True
        self._end_timer()
        self._write_refusal(heads.refusal(self.url))
        self.transport.write_eof()
        self._timer = self.loop.call_later(_LINGERING, self._too_slow)

    def _parse(self, data: bytes) -> None:
        """Feed the parser, which leaves off where a client would like another protocol."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as wished:
            declined, self._declined = self._declined, b""
            # Nothing is read behind CONNECT, which has no body and opens nothing here.
            if declined:
                self.parser = httptools.HttpRequestParser(self)
                self._parse(declined + data[wished.args[0] :])
        except httptools.HttpParserInvalidMethodError:
            self._refuse(heads.unreadable(data))
        except httptools.HttpParserError:
            self.send_400_response("a request that is no HTTP")

    def send_400_response(self, msg: str) -> None:
        """Say that what came cannot be read, and read no more; what came before is answered."""
        self.logger.warning(msg)
        self._refuse(heads.unreadable(b""))

    def _refuse(self, refusal: tuple[bytes, bytes]) -> None:
        before = self.cycle
        if before is not None and not before.response_complete:
            if self._reading:
                self._deaf = True
                before.keep_alive = False
                return
            if before.response_started:
                self.transport.abort()
                return
        if before is None or not before.response_complete or not self._in_body:
            # Whoever has the answer already would take a second one for that to the next request.
            self._write_refusal(refusal)
        self.transport.close()

    def _write_refusal(self, refusal: tuple[bytes, bytes]) -> None:
        """Send status line and rest of what is not read any further, with its date between them.

        A server that has a clock dates each such answer (RFC 9110, 6.6.1).
        """
        status, rest = refusal
        beside = dates(self.server_state.default_headers)
        self.transport.write(b"".join((status, *beside, rest)))

    def _goes_short(self, data: bytes) -> bool:
        """Let a request go the short way, if there is one."""
        found = self._errands.find(data)
        if found is None or self._crowd.is_full():
            return False
        self._end_timer()
        client = self.client[0] if self.client else ""
        task = self._errands.begin(*found, client, functools.partial(self._come_back, data))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return True

    def _come_back(self, request: bytes, outcome: Outcome) -> None:
        """Send the answer of the short way, or go the long way; then turn to what came behind."""
        if self.transport.is_closing():
            return
        if isinstance(outcome, Again):
            if outcome.note is not None:
                self.answered.put(request, outcome)
            self._answer(outcome)
            if self._leaving and self._heir is None:
                self.transport.close()
        else:
            self._told = outcome
            self._feed(request, idle=True)
        behind = self._errands.rest()
        if behind:
            self.flow.resume_reading()
            self.data_received(behind)

    def _answer(self, again: Again) -> None:
        beside = dates(self.server_state.default_headers)
        self.transport.write(b"".join((again.status, *beside, again.head, again.body)))
        self.on_response_complete()

    def on_message_begin(self) -> None:
        """Begin to count and to wait."""
        super().on_message_begin()
        self._reading, self._length = True, 0
        self._requests += 1
        self._end_timer()

    def on_headers_complete(self) -> None:
        """Leave the rest to the application."""
        self._reading, self._in_body = False, True
        self._end_timer()
        method = self.parser.get_method().decode("ascii")
        version = self.parser.get_http_version()
        if self.parser.should_upgrade() and method != "CONNECT":
            self._declined = heads.without_upgrade(method, self.url, version, self.headers)
            return
        self._fill_scope(method, version)
        app = service_unavailable if self._crowd.is_full() else self.app
        before, self.cycle = self.cycle, self._begin_cycle(version)
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, app))

    def _fill_scope(self, method: str, version: str) -> None:
        """Tell the application what is asked for (ASGI, HTTP Connection Scope)."""
        url = httptools.parse_url(heads.target(self.url, self.headers))
        # An address without a path is that of the root (RFC 9110, 4.2.3).
        raw = url.path or b"/"
        path = raw.decode("ascii")
        self.scope.update(
            {
                "method": method,
                "http_version": version,
                "path": urllib.parse.unquote(path) if "%" in path else path,
                "raw_path": raw,
                "query_string": url.query or b"",
                "extensions": {"http.response.pathsend": {}},
            }
        )
        cast(dict[str, Any], self.scope).update(self._told)
        self._told = {}

    def _begin_cycle(self, version: str) -> Cycle:
        cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            # No client of HTTP/1.0 waits for it (RFC 9110, 10.1.1).
            expect_100_continue=self.expect_100_continue and version != "1.0",
            keep_alive=version != "1.0" and not self._leaving and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        cycle.answered = self.answered
        return cycle

    def on_body(self, body: bytes) -> None:
        """Know that this request has more than its head."""
        self._requests += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Know that this request has an end."""
        if self._declined:
            return
        self._whole, self._in_body = True, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Remember how much of the answer the client has still to take, and since when."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
            return
        if self._silent and not self._errands.behind:
            self.transport.close()
            return
        self._left = self.transport.get_write_buffer_size()
        self.since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            # One clock for all requests of a connection; each only says when it was answered.
            self._look_again(self.timeout_keep_alive)
        if self._heir is not None and self.idle:
            self._hand_over(self._heir)

    def _unset_keepalive_if_required(self) -> None:
        """Let the clock go on: it looks itself whether the connection is idle."""

    def _look_again(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    @property
    def idle(self) -> bool:
        """Whether no request has begun that is not wholly answered."""
        answered = self.cycle is None or (self.cycle.response_complete and self._whole)
        behind = self._errands.under_way or self._errands.behind or self.pipeline
        return answered and not self._reading and not behind

    def leave(self, heir: Heir) -> bool:
        """Say whether another server can go on at once; else give it over when it can."""
        self._leaving = True
        if self.transport.is_closing():
            return False
        if self.idle and not self.transport.get_write_buffer_size():
            return True
        self._heir = heir
        if self.idle:
            self._hand_over(heir)
        elif self.cycle is not None and not self.cycle.response_started:
            self.cycle.keep_alive = False
        return False

    def shutdown(self) -> None:
        """End when what is under way has ended; whoever has an heir is on the way already."""
        if self._heir is not None:
            return
        self._leaving = True
        if not self._reading and not self._errands.under_way:
            super().shutdown()

    def _hand_over(self, heir: Heir) -> None:
        """Let the heir go on when the client has taken all."""
        if self.transport.is_closing():
            return
        # What comes now is for the other.
        self.flow.pause_reading()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(_MOMENT, self._hand_over, heir)
        else:
            heir.take([self.transport])

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, and one whose client takes nothing."""
        self.timeout_keep_alive_task = None
        waits = self.cycle is None or self.cycle.response_complete
        if self._reading or self._errands.under_way or not waits:
            return  # whoever answers sets the clock again
        rest = self.since + self.timeout_keep_alive - self.loop.time()
        waiting = self.transport.get_write_buffer_size()
        if rest > 0:
            self._look_again(rest)
        elif waiting == 0:
            super().timeout_keep_alive_handler()
        elif waiting >= self._left:
            self.transport.abort()
        else:
            self._left = waiting
            self._look_again(self.timeout_keep_alive)

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
