"""What went wrong, as an HTTP answer: one table from exceptions to statuses.

An error has the same content in three forms, by `Accept`: `application/problem+json` (RFC 9457),
HTML, or plain text. Each type of problem has a place of its own on the help page. Errors that
nobody expected are logged with their traceback and answered without it.
"""

from __future__ import annotations

import errno
import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish import errors, negotiation

_log = logging.getLogger(__name__)
_RETRY = "2"
"""Seconds after which a client may ask again; slow queries end within the time limit."""

JSON = negotiation.Format("problem", "application/problem+json", "json")
PLAIN_JSON = negotiation.Format("json", "application/json", "json")
TEXT = negotiation.Format("text", "text/plain", "txt")


@dataclass(frozen=True)
class Kind:
    """One type of problem: its name on the help page, its status, and what it means."""

    error: type[Exception]
    name: str
    status: int
    title: str


KINDS = (
    Kind(errors.QuerySyntaxError, "query-syntax", 400, "The query is not legal SPARQL"),
    Kind(errors.QueryRefused, "query-refused", 403, "This service does not do that"),
    Kind(errors.QueryTooComplex, "query-too-complex", 413, "The query is too long or too deep"),
    Kind(errors.QueryTimeout, "query-timeout", 503, "The query took too long"),
    Kind(errors.QueryTooLarge, "query-too-large", 413, "The answer is too large"),
    Kind(errors.QueryBusy, "query-busy", 503, "Too many queries at once"),
    Kind(errors.QueryShare, "query-share", 429, "Too many slow queries from one address"),
    Kind(errors.QueryError, "query-failed", 500, "The query gave no answer"),
    Kind(errors.StoreUnavailable, "store-unavailable", 503, "The store does not answer"),
    Kind(errors.StoreTimeout, "store-timeout", 504, "The store takes too long"),
    Kind(errors.StoreError, "store-failed", 502, "The store gave no proper answer"),
    Kind(errors.ParameterValueError, "parameter-value", 422, "A parameter cannot have that value"),
    Kind(errors.ParameterError, "parameter", 400, "A parameter is not right"),
    Kind(errors.RateExceeded, "rate-exceeded", 429, "Too many requests from one address"),
    Kind(errors.RequestError, "request", 400, "The request cannot be read"),
    Kind(errors.NotFound, "not-found", 404, "Not found"),
    Kind(errors.Gone, "gone", 410, "No longer in the data set"),
    Kind(errors.NotAcceptable, "not-acceptable", 406, "Not available in that format"),
)
UNEXPECTED = "Internal error"
"""The title of an error that no kind is for."""


@dataclass(frozen=True)
class Problem:
    """What is said about an error.

    `place` is line and column of a query, both from 1, and `expected` what could stand there.
    `parameter` is the name of the one that is wrong, `lead` the path below the server's address
    of what tells more.
    """

    status: int
    title: str
    detail: str
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    place: tuple[int, int] | None = None
    offers: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    parameter: str = ""
    lead: str = ""

    def as_json(self, home: str) -> bytes:
        """Write the problem as RFC 9457 has it; `home` is the address that the server has."""
        said: dict[str, object] = {
            "type": f"{home}/help#{self.name}" if self.name else "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.place:
            said["line"], said["column"] = self.place
        if self.expected:
            said["expected"] = self.expected
        if self.parameter:
            said["parameter"] = self.parameter
        if self.offers:
            said["offers"] = self.offers
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"

    def as_text(self) -> bytes:
        """Write the problem for a terminal."""
        offers = "".join(f"- {offer}\n" for offer in self.offers)
        return f"{self.status} {self.title}\n{self.detail}\n{offers}".encode()


Page = Callable[[Problem, Request], bytes]
Answering = Callable[[Request, Exception], Awaitable[Response]]


def describe(error: Exception) -> Problem:
    """Say what an exception means to a client."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        told = "too much is open here at once; ask again in a moment"
        return Problem(503, HTTPStatus(503).phrase, told, "", {"Retry-After": _RETRY})
    kind = next((kind for kind in KINDS if isinstance(error, kind.error)), None)
    if kind is None:
        return Problem(500, UNEXPECTED, "something went wrong here; the log says more")
    place = None
    expected: tuple[str, ...] = ()
    if isinstance(error, errors.QuerySyntaxError) and error.line is not None:
        place, expected = (error.line, error.column or 1), error.expected
    offers = error.offers if isinstance(error, errors.NotAcceptable) else ()
    parameter = error.name if isinstance(error, errors.ParameterError) else ""
    return Problem(
        kind.status,
        kind.title,
        str(error),
        kind.name,
        _headers(error, kind.status),
        place,
        offers,
        expected,
        parameter,
        error.place if isinstance(error, errors.Gone) else "",
    )


def _headers(error: Exception, status: int) -> dict[str, str]:
    if isinstance(error, errors.RateExceeded):
        return {"Retry-After": str(math.ceil(error.seconds))}
    return {"Retry-After": _RETRY} if status in (429, 503) else {}


def _of_http(error: HTTPException) -> Problem:
    headers = dict(error.headers or {})
    title = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == title else error.detail
    if error.status_code == 405:
        methods = {name.strip() for name in headers.get("Allow", "GET").split(",")} | {"OPTIONS"}
        headers["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        detail = detail or f"use one of {headers['Allow']}"
    if error.status_code == 404:
        detail = detail or "there is nothing at this address; look at the start page"
    return Problem(error.status_code, title, detail or title, "", headers)


def respond(problem: Problem, request: Request, page: Page, home: str) -> Response:
    """Give a problem in the form that the client can read."""
    form = preferred(request)
    if form is negotiation.HTML:
        body = page(problem, request)
    elif form is TEXT:
        body = problem.as_text()
    else:
        form, body = JSON, problem.as_json(home)
    headers = {**problem.headers, "Cache-Control": "no-store", "Vary": "Accept"}
    if problem.lead:
        headers["Link"] = f'<{home}{problem.lead}>; rel="version-history"'
    return Response(body, problem.status, headers, form.content_type)


def preferred(request: Request) -> negotiation.Format:
    """Choose the form of an error: JSON for those who can read none of ours."""
    offers = (JSON, PLAIN_JSON, negotiation.HTML, TEXT)
    try:
        return negotiation.choose(request.headers.get("accept"), offers)
    except errors.NotAcceptable:
        return JSON


class Guard:
    """Answers whatever escapes from the routes; the only place that catches everything."""

    def __init__(self, app: ASGIApp, answer: Answering) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and answer what goes wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if not isinstance(error, errors.FolkmoteError | HTTPException):
                # What was sent may hold line breaks, which would begin a line of the log.
                _log.exception("an answer to %r failed", scope.get("path"))
            if begun:
                raise
            response = await self._answer(Request(scope, receive), error)
            await response(scope, receive, send)
