"""How answers leave: kept, compared, compressed, without a body, and with the headers all share.

Between the server and the routes. An answer that may be kept gets a strong ETag, made of the
release, the software, the request and the form of the answer, so that the same request to the
same release always has the same tag (RFC 9110, 8.8.3), and the date of the release; the answer is
kept, within a number of bytes, under what the request said. `HEAD`, `OPTIONS`, conditions and
parts (`portions`) and what browsers are told (`browsers`) are answered here, for every route alike.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish import conditions
from publish.web import browsers, portions, refusals, repeats, watching
from publish.web.keeping import Cache, Headers, Kept, Key, Manner, key_of, manner
from publish.web.wishes import Asked, asked

_SMALLEST, _LARGEST = 1_000, 512_000
"""Sizes in bytes between which compressing pays and holds nobody up."""
_EFFORT = 1
"""How hard gzip tries: more would take longer than most queries, and save little of such text."""
_ABSENT = (404, 410)
_QUERIED = "/sparql"

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
        self._policy = browsers.Policy(origins)

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
        refused = refusals.refused(scope, wish)
        if refused is not None:
            await self._say(refused, scope, receive, self._dressed(send, scope, wish))
        elif method == "OPTIONS":
            await self._send(
                send, Kept(204, browsers.permitted(self._named(scope)), b"", b""), wish
            )
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
        """Give what says that nothing is, or is any more, at an address; nothing where there is.

        The path decides: parameters may ask for what is not, but of something that is.
        """
        said: list[Message] = []

        async def note(message: Message) -> None:
            if message.get("status") in _ABSENT or said:
                said.append(message)

        await self._app({**scope, "method": "GET", "query_string": b""}, receive, note)
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
        if kept is not None and not (wish.ranged and portions.is_file(kept)):
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
            answer = portions.judged(answer, wish.conditions, self._modified)
            if wish.ranged and answer.status == 200 and not portions.is_file(answer):
                answer = portions.part(answer, wish.conditions, self._modified)
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
        return [*rest, (b"allow", self._named(scope))]

    def _named(self, scope: Scope) -> bytes:
        return ", ".join(sorted(self._methods(scope))).encode()

    def _with_shared(self, start: Message, wish: Asked) -> Message:
        self._watch.responded(start["status"])
        return {**start, "headers": self.said(start["headers"], wish)}

    def said(self, headers: Headers, wish: Asked) -> Headers:
        """Give the headers of an answer with those that all share."""
        return [*headers, *self._policy.beside(headers, wish.origin)]
