"""`/search`: things by what they are called, as a page and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import negotiation, search
from publish.web import rendering, templating
from publish.web.site import Site

JSON = negotiation.Format("json", "application/json", "json")
SUGGESTIONS = "application/x-suggestions+json"
DESCRIPTION = "application/opensearchdescription+xml"
_LONGEST = 200
_SUGGESTED = 10


def router(site: Site) -> APIRouter:
    """Give the route of the search."""
    routes = APIRouter()

    @routes.get("/search", summary="Find things by what they are called")
    async def find(
        request: Request,
        q: str = Query(default="", max_length=_LONGEST, description="Words to look for"),
        kind: str = Query(default="", max_length=_LONGEST, description="Only things of this kind"),
        page: int = Query(default=1, ge=1, le=10**6),
        format: str = Query(default="", description="`json` or `html`, instead of Accept"),
    ) -> Response:
        """Without regard to case, accents and endings; a word known nowhere counts as a slip."""
        offers = (negotiation.HTML, JSON)
        chosen = negotiation.find(format, offers) if format else _preferred(request, offers)
        # Making the index takes a while, and nobody else should wait for it.
        found = await run_in_threadpool(site.index.find, q, search.MOST)
        kinds = Counter(site.portraits.frame.kind_of(hit.iri) for hit in found.hits)
        hits = [hit for hit in found.hits if kind in ("", site.portraits.frame.kind_of(hit.iri))]
        cut = templating.paged(hits, page, site.settings.page_size)
        found = replace(found, hits=tuple(cut.items), total=len(hits))
        shown = _Shown(q, kind, kinds, found, cut.number, cut.last)
        return await site.made(_answer, site, request, shown, chosen)

    if site.served:
        _for_browsers(routes, site)
    return routes


def _for_browsers(routes: APIRouter, site: Site) -> None:
    @routes.get("/suggest", summary="Names that begin so, while somebody types")
    async def suggest(
        request: Request,
        q: str = Query(default="", max_length=_LONGEST, description="What is typed so far"),
    ) -> Response:
        """As OpenSearch has it: the text, the names, what each is, and where it is found."""
        found = await run_in_threadpool(site.index.find, q, 3 * _SUGGESTED)
        body = await site.made(_suggestions, site, site.home(request), q, found)
        return rendering.reply(site, body, SUGGESTIONS)

    @routes.get("/opensearch.xml", summary="How a browser searches here")
    async def describe(request: Request) -> Response:
        """As OpenSearch 1.1 has it."""
        return rendering.reply(site, _description(site, site.home(request)).encode(), DESCRIPTION)


def _suggestions(site: Site, home: str, text: str, found: search.Found) -> bytes:
    # A name that several things have is shown once, and leads to the first of them.
    hits = [*{hit.name: hit for hit in reversed(found.hits)}.values()][: -_SUGGESTED - 1 : -1]
    site.source.meet(hit.iri for hit in hits)
    names = [hit.name for hit in hits]
    kinds = [site.kind_name(hit.iri) for hit in hits]
    places = [home + site.addresses.document(hit.iri).removeprefix(site.prefix) for hit in hits]
    return json.dumps([text, names, kinds, places], ensure_ascii=False).encode()


def _description(site: Site, home: str) -> str:
    places = (
        ("text/html", f"{home}/search?q={{searchTerms}}"),
        (SUGGESTIONS, f"{home}/suggest?q={{searchTerms}}"),
    )
    urls = "".join(
        f"<Url type={quoteattr(media)} template={quoteattr(place)}/>\n" for media, place in places
    )
    icon = escape(f"{home}/static/icon.svg")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        # No longer names are allowed (OpenSearch 1.1, 4.3).
        f"<ShortName>{escape(site.title[:16])}</ShortName>\n"
        f"<LongName>{escape(site.title[:48])}</LongName>\n"
        f"<Description>{escape(site.title[:1024])}</Description>\n"
        f'<Image height="32" width="32" type="image/svg+xml">{icon}</Image>\n'
        f"{urls}<InputEncoding>UTF-8</InputEncoding>\n</OpenSearchDescription>\n"
    )


@dataclass(frozen=True)
class _Shown:
    """One page of what was found by a text; `kinds` says how many things of each kind were.

    The kinds stand in the order of what was found: first that of the best.
    """

    text: str
    kind: str
    kinds: Mapping[str, int]
    found: search.Found
    number: int
    last: int

    def links(self, address: str) -> dict[str, str]:
        """Give the addresses of the pages before and after."""
        pages = {"prev": self.number - 1, "next": self.number + 1}
        return {
            name: self.address(address, self.kind, number)
            for name, number in pages.items()
            if 1 <= number <= self.last
        }

    def address(self, address: str, kind: str, number: int = 1) -> str:
        """Give the address of one page of what is of a kind."""
        said = {"q": self.text, "kind": kind, "page": number if number > 1 else ""}
        given = {name: value for name, value in said.items() if value}
        return f"{address}?{urlencode(given)}"


def _preferred(request: Request, offers: tuple[negotiation.Format, ...]) -> negotiation.Format:
    return negotiation.choose(request.headers.get("accept"), offers)


def _answer(site: Site, request: Request, shown: _Shown, form: negotiation.Format) -> Response:
    links = shown.links(f"{site.home(request)}/search")
    headers = {"Vary": "Accept"}
    if links:
        headers["Link"] = ", ".join(f'<{where}>; rel="{name}"' for name, where in links.items())
    if form is JSON:
        return rendering.reply(site, _as_json(site, shown), JSON.media, headers=headers)
    order = {name: place for place, name in enumerate(shown.kinds)}
    return rendering.page(
        site,
        "search.html",
        request,
        headers=headers,
        text=shown.text,
        kind=shown.kind,
        kinds=[
            (kind, shown.kinds[kind.name], shown.address(f"{site.prefix}/search", kind.name))
            for kind in sorted(site.records.kinds(), key=lambda one: order.get(one.name, 0))
            if kind.name in order
        ],
        everything=shown.address(f"{site.prefix}/search", ""),
        found=shown.found,
        links=shown.links(f"{site.prefix}/search"),
        number=shown.number,
        last=shown.last,
    )


def _as_json(site: Site, shown: _Shown) -> bytes:
    """Write what was found; `instead` has the words that stand in for slips."""
    found = shown.found
    site.source.meet(hit.iri for hit in found.hits)
    said = {
        "query": shown.text,
        "total": found.total,
        "complete": found.complete,
        "kinds": {name: many for name, many in shown.kinds.items() if name},
        "instead": found.instead,
        "results": [
            {
                "iri": hit.iri,
                "label": site.records.label(hit.iri).value,
                "match": {
                    "text": hit.name,
                    "language": hit.language,
                    "property": hit.predicate,
                },
                "score": hit.score,
            }
            for hit in found.hits
        ],
    }
    return json.dumps(said, ensure_ascii=False).encode()
