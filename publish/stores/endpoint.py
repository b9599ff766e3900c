"""A SPARQL endpoint elsewhere, asked over HTTP with bounds on time and size.

Nothing that it says reaches a client as it is: not its address, not its errors, and no answer
that it cut without saying so. It is never asked to follow a redirect, so what it is told, a
password too, goes to the one address that was set. Only what does not change anything and is
short enough for an address (GET) is tried twice.

Follows SPARQL 1.1 Protocol section 2.1 and SPARQL 1.1 Graph Store HTTP Protocol section 5.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from string import Template
from types import MappingProxyType
from typing import Protocol, Self, TypeAlias
from urllib.parse import urlencode

import httpx

from publish import errors, turtle
from publish.stores import receiving

Row: TypeAlias = tuple["turtle.Term | None", ...]
Filling: TypeAlias = "turtle.Term | int | Iterable[turtle.Term]"
Parameters: TypeAlias = list[tuple[str, str]]

_log = logging.getLogger(__name__)
_CONNECT_SECONDS = 5.0
_IDLE_SECONDS = 2.0
_SHORT = 3_000
"""How many bytes of parameters go into an address."""
_LOADING = "see that --graphs is where it takes them, and that it lets you"
_UPDATING = (
    "see that --update is where it takes them, and that it lets you; a store that takes nameless "
    "things, or much at once, as graphs alone needs --graphs"
)
_TOLD = 500
"""How many bytes of what a store says of an error are read and logged."""
_REPEATED = "queryStr="
"""What stands before the query where Blazegraph repeats it."""
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NOT_HERE = frozenset({404, 405, 406, 415})
"""What other addresses of a store say to a query (RFC 9110, 15.5)."""
_MOST_ROWS = "x-sparql-maxrows"
_SQL_STATE = "x-sql-state"
_ACCEPT: Mapping[str, str] = MappingProxyType(
    {
        receiving.RESULTS: receiving.RESULTS,
        receiving.ROWS_IN_PARTS: receiving.ROWS_IN_PARTS,
        receiving.TRIPLES: f"{receiving.TRIPLES}, {receiving.TURTLE};q=0.5",
    }
)


@dataclass(frozen=True)
class Bounds:
    """How long an answer may take, in seconds, and how large it may be, in bytes."""

    seconds: float
    size: int


class Login(httpx.Auth):
    """User and password, by Basic or Digest, whichever the store asks for (RFC 9110, 11).

    A password without a user is a token (RFC 6750, 2.1), and sent unasked.
    """

    requires_request_body = True

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request as nobody, until the store has said how it wants to know who asks."""
        if self._password and not self._user:
            request.headers["Authorization"] = f"Bearer {self._password}"
        if self._chosen is not None:
            yield from self._chosen.auth_flow(request)
            return
        response = yield request
        if response.status_code != 401 or not self._user:
            return
        if "digest" in response.headers.get("www-authenticate", "").lower():
            self._chosen = httpx.DigestAuth(self._user, self._password)
            flow = self._chosen.auth_flow(request)
            next(flow)
            yield flow.send(response)
        else:
            self._chosen = httpx.BasicAuth(self._user, self._password)
            yield from self._chosen.auth_flow(request)


def parameters(query: str, default: Sequence[str], named: Sequence[str]) -> Parameters:
    """Give the parameters of a query and of the graphs that it sees."""
    return [
        ("query", query),
        *(("default-graph-uri", name) for name in default),
        *(("named-graph-uri", name) for name in named),
    ]


def filled(template: str, **given: Filling) -> str:
    """Put terms and numbers in the places `$name` of a query of ours, as SPARQL writes them."""
    return Template(template).substitute({name: _spelled(it) for name, it in given.items()})


def _spelled(given: Filling) -> str:
    if isinstance(given, turtle.Triple):
        return f"{given} ."
    if isinstance(given, int | turtle.Named | turtle.Literal | turtle.Blank):
        return str(given)
    return " ".join(map(_spelled, given))


class Askable(Protocol):
    """Something that answers queries of ours."""

    def select(
        self, query: str, default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> list[Row]:
        """Give the rows of a query over some graphs, or all that it shows."""
        ...


class Endpoint:
    """Asks one endpoint; every wait is in the thread that asks."""

    def __init__(self, address: str, login: Login, bounds: Bounds) -> None:
        self._address = address
        self._bounds = bounds
        self._client = httpx.Client(auth=login, **_options(bounds))  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        """Be open for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self._client.close()

    def select(
        self, query: str, default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> list[Row]:
        """Give the rows of a query of ours."""
        got = self._asked(parameters(query, default, named), receiving.RESULTS)
        try:
            rows = list(receiving.rows(got))
        except (SyntaxError, ValueError) as error:
            raise unreadable(error) from error
        if got.most_rows is not None and len(rows) >= got.most_rows:
            raise errors.StoreAnswerError(
                f"the store gives at most {got.most_rows} rows, too few for this; ask the operator"
            )
        return [tuple(row) for row in rows]

    def update(self, update: str) -> None:
        """Carry out an update of ours (SPARQL 1.1 Protocol 2.2)."""
        self._send(self._address, "application/sparql-update", update.encode(), _UPDATING)

    def load(self, graph: str, ntriples: bytes) -> None:
        """Add triples to a graph (SPARQL 1.1 Graph Store HTTP Protocol 5.5)."""
        address = f"{self._address}?{urlencode({'graph': graph})}"
        self._send(address, receiving.TRIPLES, ntriples, _LOADING)

    def _send(self, address: str, media: str, body: bytes, advice: str) -> None:
        """Change something; `advice` tells whoever pushes what to look at where it is refused."""
        headers = {"Content-Type": media}
        with (
            translated(),
            self._client.stream("POST", address, content=body, headers=headers) as response,
        ):
            if response.status_code >= 400:
                _note(response, next(response.iter_bytes(_TOLD), b""))
            _judge_access(response)
            if response.status_code >= 400:
                raise errors.StoreAnswerError(
                    f"the store did not take a change (its status is {response.status_code}); {advice}"
                )
            judge(response)

    def _asked(self, asked: Parameters, media: str) -> receiving.Got:
        short = len(urlencode(asked)) <= _SHORT
        with translated():
            try:
                return self._once(asked, media, get=short)
            except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
                if not short:
                    raise
                return self._once(asked, media, get=True)

    def _once(self, asked: Parameters, media: str, *, get: bool) -> receiving.Got:
        until = time.monotonic() + self._bounds.seconds
        body = bytearray()
        with self._client.stream(**_request(self._address, asked, media, get=get)) as response:  # type: ignore[arg-type]
            if response.status_code >= 400:
                _note(response, next(response.iter_bytes(_TOLD), b""))
            _judge_answer(response)
            for part in response.iter_bytes():
                body += part
                if len(body) > self._bounds.size:
                    raise errors.StoreAnswerError("the store gave an answer without an end")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer comes too slowly")
        return receiving.Got(bytes(body), _media(response), most_rows=_row_limit(response))


class Stream:
    """Asks the same endpoint for strangers, without holding up the event loop."""

    def __init__(self, address: str, login: Login, bounds: Bounds, connections: int) -> None:
        self._address = address
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=_IDLE_SECONDS)
        self._client = httpx.AsyncClient(
            auth=login,
            limits=limits,
            **_options(bounds),  # type: ignore[arg-type]
        )

    async def get(
        self, asked: Parameters, media: str, size: int, *, partial: bool
    ) -> receiving.Got:
        """Give what comes back; with `partial` no more than `size` bytes of it.

        Raises `QueryTooLarge` where there is more, else a `StoreError`.
        """
        body = bytearray()
        complete = True
        with translated():
            request = _request(self._address, asked, media, get=False)
            async with self._client.stream(**request) as response:  # type: ignore[arg-type]
                if response.status_code >= 400:
                    _note(response, await anext(response.aiter_bytes(_TOLD), b""))
                _judge_answer(response)
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > size:
                        complete = False
                        break
        if not complete and not partial:
            raise errors.QueryTooLarge(
                f"the answer has more than {size} bytes; add a LIMIT, or ask in parts"
            )
        return receiving.Got(bytes(body), _media(response), complete, _row_limit(response))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _options(bounds: Bounds) -> dict[str, object]:
    return {
        "timeout": httpx.Timeout(bounds.seconds, connect=min(_CONNECT_SECONDS, bounds.seconds)),
        "follow_redirects": False,
        "trust_env": False,
        "headers": {"Accept-Encoding": "identity", "User-Agent": "folkmote"},
    }


def _request(address: str, asked: Parameters, media: str, *, get: bool) -> dict[str, object]:
    headers = {"Accept": _ACCEPT[media]}
    encoded = urlencode(asked)
    if get:
        return {"method": "GET", "url": f"{address}?{encoded}", "headers": headers}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return {"method": "POST", "url": address, "headers": headers, "content": encoded.encode()}


def _media(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _row_limit(response: httpx.Response) -> int | None:
    """Give the number of rows at which Virtuoso cuts every answer, where it says so."""
    said = response.headers.get(_MOST_ROWS, "")
    # Of very long ones Python makes no number, and no store means them.
    return int(said) if said.isdecimal() and len(said) < 19 else None


def _note(response: httpx.Response, body: bytes) -> None:
    """Log how what the store says of an error begins, for the operator alone, on one line.

    Some repeat the query, which is nobody's business but the client's: most further down, and
    Blazegraph at once. The words that a store stumbled over may stand in the line itself.
    """
    said = body.decode(errors="replace").strip().partition("\n")[0].partition(_REPEATED)[0].rstrip()
    _log.warning("the store answered %s: %r", response.status_code, said)


def _judge_answer(response: httpx.Response) -> None:
    """Raise a `StoreError` where a response answers no query, for its address may be wrong."""
    status, media = response.status_code, _media(response)
    found = f"status {status}" if status in _NOT_HERE else f"a page, {media}"
    if status in _NOT_HERE or (status == 200 and media in _PAGES):
        raise errors.StoreAnswerError(
            f"the store does not answer queries at this address ({found}); it must be that of "
            "its SPARQL endpoint, which often ends in /query or /sparql"
        )
    judge(response)


def _judge_access(response: httpx.Response) -> None:
    status = response.status_code
    if status in (401, 403):
        raise errors.StoreUnavailable("the store does not let this server in; ask the operator")
    if status in (429, 503):
        raise errors.StoreUnavailable("the store is too busy; ask again in a moment")


def judge(response: httpx.Response) -> None:
    """Raise a `StoreError` where a response is no answer."""
    status = response.status_code
    _judge_access(response)
    if 300 <= status < 400:
        raise errors.StoreAnswerError("the store has another address now; ask the operator")
    if status >= 400:
        raise errors.StoreAnswerError(
            f"the store could not answer (its status is {status}); ask in another way, or later"
        )
    if response.headers.get(_SQL_STATE):
        raise errors.StoreAnswerError(
            "the store gave a part of the answer only; ask for less, or in parts"
        )


@contextmanager
def translated() -> Generator[None, None, None]:
    """Turn what can happen to a connection into our errors, which name no address."""
    try:
        yield
    except httpx.TimeoutException as error:
        _log.warning("the store takes too long: %s", type(error).__name__)
        raise errors.StoreTimeout("the store takes too long; ask again later") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        _log.warning("the store cannot be reached: %s", type(error).__name__)
        raise errors.StoreUnavailable("the store does not answer; ask again later") from error


def unreadable(error: Exception) -> errors.StoreAnswerError:
    """Say that an answer is none."""
    _log.warning("the store gave an answer that cannot be read: %r", str(error))
    return errors.StoreAnswerError("the store gave an answer that cannot be read; ask again later")
