"""How answers leave: kept, compared, compressed, without a body, and with the headers all share.

Between the server and the routes. An answer that may be kept gets a strong ETag, made of the
release, the software, the request and the form of the answer, so that the same request to the
same release always has the same tag (RFC 9110, 8.8.3), and the date of the release; the answer is
kept, within a number of bytes, under what the request said. Conditions, parts, `HEAD`, `OPTIONS`
and the headers for scripts of other origins (the Fetch standard) are answered here, for every route
alike.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish import conditions
from publish.web import repeats, watching
from publish.web.keeping import Cache, Headers, Kept, Key, Manner, key_of, manner
from publish.web.wishes import Asked, asked

_NOT_MODIFIED = frozenset(
    {b"cache-control", b"content-location", b"date", b"etag", b"expires", b"link", b"vary"}
)
"""What a 304 repeats of the 200 (RFC 9110, 15.4.5)."""
_SMALLEST, _LARGEST = 1_000, 512_000
"""Sizes in bytes between which compressing pays and holds nobody up."""
_EFFORT = 1
"""How hard gzip tries: more would take longer than most queries, and save little of such text."""
_LONGEST = 60_000
"""How many bytes an address or the headers of a request may have."""
_VERSIONS = ("1.0", "1.1")
"""Of HTTP; the parser knows others (RFC 9110, 15.6.6)."""
_ABSENT = (404, 410)
_QUERIED = "/sparql"
_POLICY = b"content-security-policy"
_SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (
        _POLICY,
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
)
_EXPOSED = (
    b"Accept-Query, Accept-Ranges, Allow, Content-Encoding, Content-Location, Content-Range, "
    b"ETag, Link, Location, Memento-Datetime, Retry-After, Truncated, Vary, X-PrefLabel, X-URI, X-Total-Count"
)
_ASKED = (
    b"Accept, Accept-Datetime, Accept-Language, Accept-Profile, Content-Type, If-Match, If-Modified-Since, "
    b"If-None-Match, If-Range, If-Unmodified-Since, Range, X-Requested-With"
)
"""What scripts of other origins may send."""
_FAILED = (
    b'{"type": "about:blank", "title": "Precondition Failed", "status": 412, '
    b'"detail": "this is not the answer that the request is about; get it anew"}\n'
)
_WRONG: Mapping[int, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        400: ("a request names one Host, as it can be in an address", {}),
        406: ("the codings here are gzip and identity; take one of them", {}),
        415: ("nothing is unpacked here; send the body as it is", {"Accept-Encoding": "identity"}),
        501: ("a body comes whole or in chunks", {}),
        505: ("this server speaks HTTP/1.0 and HTTP/1.1", {}),
    }
)
_BEYOND = (
    b'{"type": "about:blank", "title": "Range Not Satisfiable", "status": 416, '
    b'"detail": "the answer has no such part; ask for an earlier one"}\n'
)
_PROBLEM = ((b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"))
_QUERIES = (b"accept-query", b'"application/sparql-query", "application/x-www-form-urlencoded"')
"""What the method QUERY takes (RFC 10008, 3)."""

Refusing = Callable[[Request, Exception], Awaitable[ASGIApp]]


class Delivery:
    """The outermost layer of the application.

    `release` stands for all that an answer depends on beside the request: the sources, the
    version of the software and the settings. `modified` is the date of the release; where there
    is none, answers have no date. `methods` says how a path can be asked, `refuse` answers errors.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        release: str,
        modified: datetime | None,
        cache_bytes: int,
        origins: tuple[str, ...],
        methods: Callable[[Scope], Iterable[str]],
        watch: watching.Watch,
        refuse: Refusing,
    ) -> None:
        self.shortcut: repeats.Shortcut | None = None
        """How a server can answer some requests without asking."""
        self._app = app
        self._modified = modified
        self._methods = methods
        self._watch = watch
        self._refuse = refuse
        self._release = release.encode()
        self._cache = Cache(cache_bytes)
        self._dated: Headers = []
        if modified is not None:
            self._dated.append((b"last-modified", conditions.date(modified).encode()))
        self._origins = frozenset(origin.encode() for origin in origins)
        self._anybody = [*_SECURITY, *self._allowed(b"*")]

    def has(self, key: Key) -> bool:
        """Say whether there is a kept answer."""
        return key in self._cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Deliver what the routes answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wish = asked(scope["headers"])
        if wish.joined is not None:
            # Routes look for one line of each.
            scope = {**scope, "headers": wish.joined}
        method = scope["method"]
        refused = _refused(scope, wish)
        if refused is not None:
            await self._say(refused, scope, receive, self._dressed(send, scope, wish))
        elif method == "OPTIONS":
            await self._send(send, self._options(scope), wish)
        elif method in ("GET", "HEAD"):
            await self._fetch(scope, receive, send, wish)
        else:
            await self._pass_on(scope, receive, self._dressed(send, scope, wish))

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no question; where nothing is, no method is allowed or not (404)."""
        refusal: list[Message] = []

        async def watch(message: Message) -> None:
            if refusal or message.get("status") == 405:
                refusal.append(message)
            else:
                await send(message)

        await self._app(scope, receive, watch)
        if refusal:
            for message in await self._absence(scope, receive) or refusal:
                await send(message)

    async def _absence(self, scope: Scope, receive: Receive) -> list[Message]:
        """Give what says that nothing is, or is any more, at an address; nothing where there is."""
        said: list[Message] = []

        async def note(message: Message) -> None:
            if message.get("status") in _ABSENT or said:
                said.append(message)

        await self._app({**scope, "method": "GET"}, receive, note)
        return said

    async def _say(self, error: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not even looked at, as all errors are answered."""
        # What may be no host is not read by whoever writes a page.
        headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
        given = {**scope, "headers": headers} if error.status_code == 400 else scope
        answer = await self._refuse(Request(given, receive), error)
        await answer(given, receive, send)

    async def _fetch(self, scope: Scope, receive: Receive, send: Send, wish: Asked) -> None:
        path = scope.get("raw_path") or scope["path"].encode()
        head = scope["method"] == "HEAD"
        if head:
            # Parts are defined for GET alone (RFC 9110, 14.2).
            rest = [pair for pair in scope["headers"] if pair[0] != b"range"]
            scope = {**scope, "method": "GET", "headers": rest}
            wish = wish._replace(ranged=False)
        elif wish.ranged and wish.plain:
            # Who asks for a part counts the bytes of what is not packed.
            wish = wish._replace(gzip=False)
        key = key_of(path, scope["query_string"], wish, scope["scheme"])
        kept = self._cache.get(key)
        if kept is not None and not (wish.ranged and _is_file(kept)):
            count = self._counting(scope)
            count()
            await self._send(send, kept, wish, head=head, again=count)
            return
        await self._app(scope, receive, self._watching(send, key, wish, head=head))

    def _watching(self, send: Send, key: Key, wish: Asked, *, head: bool) -> Send:
        """Give a `send` that keeps whole answers and lets those in parts through."""
        start: Message = {}
        through = False

        async def watch(message: Message) -> None:
            nonlocal start, through
            if message["type"] == "http.response.start":
                start = message
            elif through:
                await send({**message, "body": b""} if head else message)
            elif message["type"] == "http.response.pathsend":
                await send(self._with_shared(start, wish))
                await send({"type": "http.response.body"} if head else message)
            elif message.get("more_body") or start["status"] == 206:
                through = True
                await send(self._with_shared(start, wish))
                await send({**message, "body": b""} if head else message)
            else:
                answer = self._whole(start, message.get("body", b""), key, wish)
                await self._send(send, answer, wish, head=head)

        return watch

    def _whole(self, start: Message, body: bytes, key: Key, wish: Asked) -> Kept:
        """Give an answer of the application as it leaves, and keep it where it may be kept."""
        status, headers = start["status"], start["headers"]
        how = manner(status, headers, wish)
        if how is None:
            return Kept(status, headers, body, b"")
        return self.keep(how, body, key, wish)

    def keep(self, manner: Manner, body: bytes, key: Key, wish: Asked) -> Kept:
        """Keep an answer, with a tag, a date and perhaps compressed."""
        headers, coding = [*manner.headers], b""
        fits = _SMALLEST <= len(body) <= _LARGEST or not wish.plain
        if manner.codable and wish.gzip and fits:
            body, coding = gzip.compress(body, _EFFORT, mtime=0), b"gzip"
            headers.append((b"content-encoding", coding))
        headers.append((b"content-length", b"%d" % len(body)))
        tag = manner.tag
        if manner.taggable:
            tag = self._tag(key, manner.media, coding)
            headers.append((b"etag", tag))
            headers += self._dated
        answer = Kept(manner.status, headers, body, tag)
        self._cache.put(key, answer)
        self._watch.cached(self._cache.size)
        return answer

    def _tag(self, key: Key, media: bytes, coding: bytes) -> bytes:
        path, query, _, host, scheme, _ = key
        whole = hashlib.sha256(
            b"\n".join((self._release, path, query, host, scheme, media, coding))
        )
        return f'"{whole.hexdigest()[:32]}"'.encode()

    async def _send(
        self,
        send: Send,
        answer: Kept,
        wish: Asked,
        *,
        head: bool = False,
        again: Callable[[], None] | None = None,
    ) -> None:
        """Send an answer; `again` lets the server send it next time by itself, and count that."""
        if answer.tag and wish.conditions is not None:
            answer = self._judged(answer, wish.conditions)
            if wish.ranged and answer.status == 200 and not _is_file(answer):
                answer = _part(answer, wish.conditions, self._modified)
        if again is None:
            self._watch.responded(answer.status)
        start = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": self.said(answer.headers, wish),
            "kept": again,
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"" if head else answer.body})

    def _counting(self, scope: Scope) -> Callable[[], None]:
        """Say how an answer from memory is counted."""
        asking = scope["path"].rstrip("/") == _QUERIED and b"query=" in scope["query_string"]
        return self._watch.kept_query if asking else self._watch.kept_answer

    def _judged(self, answer: Kept, headers: conditions.Headers) -> Kept:
        verdict = conditions.judge(headers, answer.tag, self._modified)
        if verdict == 304:
            kept = [pair for pair in answer.headers if pair[0] in _NOT_MODIFIED]
            return Kept(304, kept, b"", b"")
        return Kept(412, list(_PROBLEM), _FAILED, b"") if verdict == 412 else answer

    def _dressed(self, send: Send, scope: Scope, wish: Asked) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 405:
                    message = {**message, "headers": self._with_allow(scope, message["headers"])}
                message = self._with_shared(message, wish)
            await send(message)

        return dressed

    def _with_allow(self, scope: Scope, headers: Headers) -> Headers:
        """Name every method: a route knows those of other routes for the same path no more."""
        rest = [pair for pair in headers if pair[0] != b"allow"]
        return [*rest, (b"allow", ", ".join(sorted(self._methods(scope))).encode())]

    def _with_shared(self, start: Message, wish: Asked) -> Message:
        self._watch.responded(start["status"])
        return {
            **start,
            "headers": self.said(start["headers"], wish),
        }

    def said(self, headers: Headers, wish: Asked) -> Headers:
        """Give the headers of an answer with those that all share."""
        return [*headers, *_beside(headers, self._shared(wish))]

    def _shared(self, wish: Asked) -> Headers:
        if b"*" in self._origins:
            return self._anybody
        headers = list(_SECURITY)
        if self._origins:
            # Who keeps an answer for others must know that it depends on who asked.
            headers.append((b"vary", b"Origin"))
        return [*headers, *self._allowed(wish.origin)] if wish.origin in self._origins else headers

    @staticmethod
    def _allowed(origin: bytes) -> Headers:
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
        ]

    def _options(self, scope: Scope) -> Kept:
        """Answer what may be asked, and a browser's question before it asks (Fetch, 3.2.2)."""
        methods = ", ".join(sorted(self._methods(scope))).encode()
        headers = [
            (b"allow", methods),
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", _ASKED),
            (b"access-control-max-age", b"86400"),
            *([_QUERIES] if b"QUERY" in methods else []),
        ]
        return Kept(204, headers, b"", b"")


def _is_file(answer: Kept) -> bool:
    """Say whether whoever gave an answer gives its parts too, several at once where wanted."""
    return any(name == b"accept-ranges" for name, _ in answer.headers)


def _part(answer: Kept, headers: conditions.Headers, modified: datetime | None) -> Kept:
    """Give the part of an answer that is asked for; the whole where it is none, or more than one.

    Some readers of tables take what is on the web in parts, whatever it is (RFC 9110, 14).
    """
    if not conditions.holds(headers, answer.tag, modified):
        return answer
    size = len(answer.body)
    parts = conditions.ranges(headers.get(b"range", b""), size)
    if parts == []:
        told = [*_PROBLEM, (b"content-range", b"bytes */%d" % size)]
        return Kept(416, told, _BEYOND, b"")
    if parts is None or len(parts) > 1:
        return answer
    ((first, last),) = parts
    body = answer.body[first : last + 1]
    told = [pair for pair in answer.headers if pair[0] != b"content-length"]
    told.append((b"content-length", b"%d" % len(body)))
    told.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
    return Kept(206, told, body, answer.tag)


def _refused(scope: Scope, wish: Asked) -> HTTPException | None:
    """Refuse what is not to be read in one way only, or is beyond all reason."""
    wrong, version = wish.wrong, scope.get("http_version", "1.0")
    if version not in _VERSIONS:
        wrong = 505
    elif not wish.hosted and version == "1.1":
        wrong = 400
    if wrong:
        said, headers = _WRONG[wrong]
        return HTTPException(wrong, said, dict(headers))
    return _too_long(scope, wish.size)


def _too_long(scope: Scope, size: int) -> HTTPException | None:
    """Refuse an address or headers beyond all reason (RFC 9110, 15.5.15; RFC 6585, 5)."""
    path = scope.get("raw_path") or b""
    if len(path) + len(scope["query_string"]) > _LONGEST:
        said = f"an address may have {_LONGEST} bytes; send a query by POST"
        return HTTPException(414, said)
    if size > _LONGEST:
        return HTTPException(431, f"headers may have {_LONGEST} bytes; send fewer")
    return None


def _beside(headers: Headers, shared: Headers) -> Headers:
    """Leave out of the shared headers the policy of an answer that has one of its own."""
    if all(name != _POLICY for name, _ in headers):
        return shared
    return [pair for pair in shared if pair[0] != _POLICY]
