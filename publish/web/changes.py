"""What changed from version to version: as pages, as feeds to follow, and as RDF Patch.

`/changes` is the log of all that readers saw change, as an ordered collection of ActivityStreams,
as an Atom feed or as a page, by `Accept` or suffix; `?iri=` gives what happened to one thing.
`/release/{version}/changes/{before}` tells how two versions differ of which readers saw one after
the other, with or without others in between.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import diff, errors, feeds, negotiation, shelf
from publish.web import files, mementos, rendering, signposts, templating
from publish.web.site import Site

ACTIVITIES = negotiation.Format(
    "activitystreams", feeds.ACTIVITIES, "json", ("application/ld+json", "application/json")
)
ATOM = negotiation.Format("atom", feeds.ATOM, "atom", ("application/xml", "text/xml"))
PATCH = negotiation.Format("rdfpatch", feeds.RDF_PATCH, shelf.PATCH)
DATA = negotiation.Format("json", "application/json", "json")
_COUNT = re.compile(r"[0-9]{1,12}")
_MOST = 64 << 20
"""How many bytes of patches are joined for one answer."""


class Changes:
    """The log of one site, as requests ask for it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._posts = signposts.Signposts(site)

    def feed(self, request: Request, iri: str = "") -> feeds.Feed:
        """Give the log as this server tells it; raise `NotFound` where there is nothing to tell."""
        site, log = self._site, self._site.log
        if log is None:
            raise errors.NotFound("a bare file has no versions; see what is at /sparql")
        home = site.home(request)

        dumps = [
            (home + one.href.removeprefix(site.prefix), one.media) for one in self._posts.items()
        ]

        def document(thing: str) -> feeds.Link:
            named = thing
            if not site.served and "#" in thing:
                # Among files a term stands in the document that defines it, or in the dumps alone.
                named = thing.partition("#")[0]
                if dumps and not site.records.is_subject(named):
                    return dumps[0]
            path = site.addresses.document(named, f".{negotiation.TURTLE.suffix}")
            return home + path.removeprefix(site.prefix), negotiation.TURTLE.media

        suffix = "" if site.served else f".{ACTIVITIES.suffix}"
        found = feeds.Feed(log, home, site.settings.page_size, document, dumps, iri, suffix)
        if iri and not found.activities:
            raise errors.NotFound(f"nothing is told of <{iri[:200]}>; see all at /changes")
        return found

    def whole(self, request: Request, form: negotiation.Format, iri: str) -> Response:
        """Give the log in one of its forms."""
        feed = self.feed(request, iri)
        headers = {
            "Vary": "Accept",
            "Link": signposts.header(self._site, request, self._posts.log(iri)),
            "Content-Location": f"{self._site.prefix}/changes.{form.suffix}{_asked(iri)}",
        }
        if form is ATOM:
            names = [self._site.names.name(one).value for one in feed.log.about.creators]
            return rendering.reply(self._site, feed.atom(names), form.content_type, headers=headers)
        if form is ACTIVITIES:
            return self._json(feed.collection(), form, headers)
        del headers["Content-Location"]
        return self._listed(request, headers, feed, 0)

    def page(self, request: Request, number: str, iri: str) -> Response:
        """Give a page of activities."""
        feed = self.feed(request, iri)
        bare = number.removesuffix(f".{ACTIVITIES.suffix}")
        wanted = _number(bare, feed.last, "page")
        form = ACTIVITIES
        if bare == number:
            accept = request.headers.get("accept")
            form = negotiation.choose(accept, (ACTIVITIES, negotiation.HTML))
        headers = {
            "Vary": "Accept",
            "Link": signposts.header(self._site, request, self._around(feed, wanted)),
        }
        if form is ACTIVITIES:
            return self._json(feed.page(wanted), form, headers)
        return self._listed(request, headers, feed, wanted)

    def _listed(
        self, request: Request, headers: Mapping[str, str], feed: feeds.Feed, number: int
    ) -> Response:
        """Give a page of activities for readers; the page 0 is the log as a whole."""
        return rendering.page(
            self._site,
            "changes.html",
            request,
            headers=headers,
            feeds=feeds,
            feed=feed,
            number=number,
        )

    def activity(self, request: Request, number: str) -> Response:
        """Give one activity; lead readers on to its page."""
        feed = self.feed(request)
        wanted = _number(number, len(feed.activities), "activity")
        form = negotiation.choose(request.headers.get("accept"), (ACTIVITIES, negotiation.HTML))
        if form is ACTIVITIES:
            return self._json(feed.activity(wanted), form, {"Vary": "Accept"})
        place = f"{self._site.prefix}/changes/page/{feed.page_of(wanted)}#a{wanted}"
        return Response(status_code=303, headers={"Location": place, "Vary": "Accept"})

    def difference(self, request: Request, version: str, before: str, number: int) -> Response:
        """Tell how a version differs from one that readers saw before it."""
        site = self._site
        chain, form = self._chain(request, version, before)
        step = chain[-1]
        if len(chain) > 1:
            whole = functools.reduce(diff.joined, (one.difference for one in chain))
            step = replace(step, before=chain[0].before, difference=whole)
        place = f"{site.prefix}{feeds.difference(step.version, step.before)}"
        headers = {
            "Vary": "Accept",
            "Link": signposts.header(site, request, self._posts.step(step)),
        }
        if form is not negotiation.HTML:
            headers["Content-Location"] = f"{place}.{form.suffix}"
        if form is PATCH:
            return self._patch(request, chain, headers)
        if form is DATA:
            told = {"version": step.version, "before": step.before, **diff.plain(step.difference)}
            return self._json(told, form, headers)
        changes = step.difference.changes
        shown = templating.paged(range(len(changes)), number, site.settings.page_size)
        return rendering.page(
            site,
            "difference.html",
            request,
            headers=headers,
            said=diff,
            step=step,
            page=shown,
            changes=[changes[place] for place in shown.items],
            address=place,
        )

    def _patch(
        self, request: Request, chain: Sequence[diff.Step], headers: Mapping[str, str]
    ) -> Response:
        root = self._site.release.root if self._site.release else None
        paths = [shelf.patch(root, one.version, one.before) for one in chain] if root else []
        if not paths or not all(path.is_file() for path in paths):
            raise errors.NotFound("there is no patch between these versions; compare their files")
        if len(paths) > 1:
            if (size := sum(path.stat().st_size for path in paths)) > _MOST:
                raise errors.QueryTooLarge(
                    f"the patches between have {size} bytes and are joined up to {_MOST}; "
                    "take them one by one, as /changes lists them"
                )
            texts = (path.read_text(encoding="utf-8") for path in paths)
            whole = diff.joined_patches(self._site.dataset.base, texts) + "\n"
            return rendering.reply(self._site, whole.encode(), PATCH.content_type, headers=headers)
        with paths[0].open(encoding="utf-8") as file:
            # Its identifier is made of all that it says.
            name = file.readline().partition("uuid:")[2].strip("> .\n")
        found = files.File(
            path=paths[0],
            media=feeds.RDF_PATCH,
            tag=f'"{name}"',
            modified=chain[-1].moment,
            headers={"Cache-Control": rendering.control(self._site), **headers},
        )
        return files.answer(request, found)

    def _chain(
        self, request: Request, version: str, before: str
    ) -> tuple[Sequence[diff.Step], negotiation.Format]:
        """Find how readers came from one version to another, and the form that is asked for."""
        log = self._site.log
        if log is not None:
            if chain := log.between(before, version):
                offers = (negotiation.HTML, PATCH, DATA)
                return chain, negotiation.choose(request.headers.get("accept"), offers)
            for form in (PATCH, DATA):
                if chain := log.between(before.removesuffix(f".{form.suffix}"), version):
                    return chain, form
        raise errors.NotFound(
            f"version {version[:80]} did not come after version {before[:80]} here; see /changes"
        )

    def _around(self, feed: feeds.Feed, number: int) -> Sequence[signposts.Link]:
        places = {"first": 1, "prev": number - 1, "next": number + 1, "last": feed.last}
        return [
            signposts.Link(
                rel, f"{self._site.prefix}/changes/page/{place}{_asked(feed.iri)}", ACTIVITIES.media
            )
            for rel, place in places.items()
            if 1 <= place <= feed.last
        ]

    def _json(
        self, told: Mapping[str, Any], form: negotiation.Format, headers: Mapping[str, str]
    ) -> Response:
        body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
        return rendering.reply(self._site, body, form.content_type, headers=headers)


def _asked(iri: str) -> str:
    return f"?{urlencode({'iri': iri})}" if iri else ""


def _number(said: str, last: int, what: str) -> int:
    """Read a number from 1 to the last; raise `NotFound` for anything else."""
    if _COUNT.fullmatch(said) and 1 <= int(said) <= last:
        return int(said)
    raise errors.NotFound(f"there is no {what} {said[:80]}, only 1 to {last}; see /changes")


def router(site: Site) -> APIRouter:
    """Give the routes of what changed."""
    routes = APIRouter()
    changes = Changes(site)
    number = Query(default=1, ge=1, le=10**6)

    @routes.get("/changes", summary="What changed, to be followed")
    async def log(request: Request, iri: str = "") -> Response:
        """As ActivityStreams, Atom or a page; of one thing (`iri`), or of all."""
        offers = (ACTIVITIES, ATOM, negotiation.HTML)
        form = negotiation.choose(request.headers.get("accept"), offers)
        return await site.made(changes.whole, request, form, iri)

    @routes.get("/changes.json", summary="What changed, as ActivityStreams")
    async def activities(request: Request, iri: str = "") -> Response:
        """Give an ordered collection, whose pages have the activities."""
        return await site.made(changes.whole, request, ACTIVITIES, iri)

    @routes.get("/changes.atom", summary="What changed, for feed readers")
    async def atom(request: Request) -> Response:
        """Give an entry for each version."""
        return await site.made(changes.whole, request, ATOM, "")

    @routes.get("/changes/page/{page}", summary="A page of activities")
    async def page(request: Request, page: str, iri: str = "") -> Response:
        """Begin with the oldest: a full page never changes."""
        return await site.made(changes.page, request, page, iri)

    @routes.get("/changes/{activity}", summary="One activity")
    async def activity(request: Request, activity: str) -> Response:
        """By its number."""
        return await site.made(changes.activity, request, activity)

    @routes.get("/release/{version}/changes/{before}", summary="How two versions differ")
    async def difference(
        request: Request, version: str, before: str, page: int = number
    ) -> Response:
        """As a page, as RDF Patch of the N-Quads (`.rdfp`), or as JSON (`.json`)."""
        if version == mementos.LATEST:
            version = site.version
        # In a thread of its own, for much may have changed.
        return await run_in_threadpool(changes.difference, request, version, before, page)

    return routes
