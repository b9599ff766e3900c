"""The short way to an answer: a query that a worker reads, and that needs no page.

Most requests to `/sparql` are a query below headers that were seen before. Such a request goes
to a worker as it came, past the framework, and what comes back leaves as the endpoint would have
answered. Whatever is wrong, or asks for more, goes the long way, through `sparql`; a query that
has failed within its limits is not run there again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from publish import errors, negotiation
from publish.stores import Answer, Job, LocalPool, Prepared, Unread, Unreadable
from publish.web import delivery, keeping, rendering, repeats, watching, wishes
from publish.web.site import Site

FAILED = "folkmote.failed"
"""Under which name a request says that its query was run and failed."""
_PATH = b"/sparql"
_OK = b"HTTP/1.1 200 OK\r\n"
_OWN = frozenset({b"content-length", b"etag"})
_FORMATS = (*negotiation.RESULT_FORMATS, *negotiation.GRAPH_FORMATS)


@dataclass(frozen=True)
class Failed:
    """Why a query gave no answer, and when it began, by `time.perf_counter`."""

    error: errors.FolkmoteError
    begun: float


@dataclass
class _Plan:
    """What all requests with one head have in common.

    `manners` says by media type how an answer is kept, and `heads` has its headers but length
    and tag, written; both are filled as answers come.
    """

    wish: wishes.Asked
    scheme: str
    prepared: Prepared
    manners: dict[str, keeping.Manner] = field(default_factory=dict)
    heads: dict[tuple[str, tuple[bytes, ...]], bytes] = field(default_factory=dict)


class Express:
    """Answers requests whose query a worker reads, and keeps the answers in a `Delivery`."""

    def __init__(
        self,
        site: Site,
        pool: LocalPool,
        watch: watching.Watch,
        kept: delivery.Delivery,
    ) -> None:
        self._site = site
        self._pool = pool
        self._watch = watch
        self._kept = kept
        self.patience = site.settings.slow_seconds

    def plan(self, scope: Mapping[str, Any]) -> _Plan | None:
        """Prepare for requests with the headers of this one; `None` where these decide more."""
        wish = wishes.asked(scope["headers"])
        plain = wish.hosted and wish.plain and not wish.wrong and not wish.ranged
        if not plain or wish.conditions is not None:
            return None
        prepared = self._prepare(wish, scope["scheme"])
        return _Plan(wish, scope["scheme"], prepared) if prepared is not None else None

    async def answer(
        self, plan: _Plan, query: bytes, client: str
    ) -> repeats.Again | dict[str, object]:
        """Answer with these parameters, or say what the endpoint has to know, which answers then."""
        key = keeping.key_of(_PATH, query, plan.wish, plan.scheme)
        if b"query=" not in query or self._watch.shows_texts() or self._kept.has(key):
            return {}
        begun = time.perf_counter()
        self._watch.begin()
        try:
            found = await plan.prepared.run(query, client)
        except (Unreadable, errors.QuerySyntaxError, errors.QueryRefused):
            # The endpoint finds the same, and knows how to say it.
            return {}
        except errors.FolkmoteError as error:
            return {FAILED: Failed(error, begun)}
        except asyncio.CancelledError:
            self._watch.note(watching.Seen(outcome=watching.GONE), "", begun)
            raise
        finally:
            self._watch.end()
        return self._sealed(plan, key, found, begun)

    def _sealed(self, plan: _Plan, key: keeping.Key, found: Answer, begun: float) -> repeats.Again:
        """Keep an answer, count it, and put its head before it."""
        read = found.read
        assert read is not None  # noqa: S101 (the worker was asked to read)
        media, wish = found.media, plan.wish
        seen = watching.Seen(read.form, media, watching.ANSWERED, found.rows, len(found.body))
        self._watch.note(seen, read.digest, begun)
        self._watch.responded(200)
        if read.volatile:
            reply = self._reply(media, found.body, lasting=False)
            head = repeats.written(self._kept.said(reply, wish))
            return repeats.Again(_OK, head + b"\r\n", found.body, None)
        manner = plan.manners.get(media)
        if manner is None:
            reply = self._reply(media, found.body, lasting=True)
            manner = plan.manners[media] = cast(keeping.Manner, keeping.manner(200, reply, wish))
        kept = self._kept.keep(manner, found.body, key, wish)
        return repeats.Again(_OK, self._head(plan, media, kept), kept.body, self._watch.kept_query)

    def _head(self, plan: _Plan, media: str, kept: keeping.Kept) -> bytes:
        """Write the headers; of answers in one format, they differ in length and tag alone."""
        names = tuple(name for name, _ in kept.headers)
        first = plan.heads.get((media, names))
        if first is None:
            alike = [pair for pair in kept.headers if pair[0] not in _OWN]
            first = plan.heads[media, names] = repeats.written(self._kept.said(alike, plan.wish))
        return b"%bcontent-length: %d\r\netag: %b\r\n\r\n" % (first, len(kept.body), kept.tag)

    def _reply(self, media: str, body: bytes, *, lasting: bool) -> keeping.Headers:
        form = next(one for one in _FORMATS if one.media == media)
        return rendering.reply(
            self._site, body, form.content_type, headers=headers(lasting=lasting)
        ).raw_headers

    def _prepare(self, wish: wishes.Asked, scheme: str) -> Prepared | None:
        accept = wish.accept.partition(b"\n")[0].decode("latin-1")
        settings = self._site.settings
        rows, boolean, triples = (
            _taken(accept, negotiation.offers_of(form)) for form in ("SELECT", "ASK", "CONSTRUCT")
        )
        if not (rows or boolean or triples):
            return None
        job = Job(
            text="",
            media="",
            rows=settings.query_rows,
            size=settings.query_bytes,
            base=base_of(self._site, self._site.home_at(scheme, wish.host.decode("latin-1"))),
            unread=Unread(rows, boolean, triples, settings.query_length, settings.query_depth),
        )
        return self._pool.prepared(job)


def headers(*, lasting: bool) -> dict[str, str]:
    """Give the headers of an answer to a query, which may be kept where it is `lasting`."""
    said = {"Vary": "Accept"}
    if not lasting:
        said["Cache-Control"] = "no-store"
    return said


def base_of(site: Site, home: str) -> str:
    """Give what relative IRIs are resolved against; empty where that is known from the data."""
    return "" if site.dataset.base else f"{home}/sparql"


def _taken(accept: str, offers: tuple[negotiation.Format, ...]) -> str:
    """Give the media type that an Accept header takes; none where it wants a page, or nothing."""
    try:
        chosen = negotiation.choose(accept, (*offers, negotiation.HTML))
    except errors.NotAcceptable:
        return ""
    return "" if chosen is negotiation.HTML else chosen.media
