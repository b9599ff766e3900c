"""What robots read: where they may go, and the addresses of all documents (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from publish import errors
from publish.web import rendering
from publish.web.site import Site

_KEPT_OFF = (
    *("/sparql", "/describe", "/metrics", "/questions/*?", "/cite/"),
    *("/search", "/suggest", "/reconcile"),
)
"""Where robots would cost more than they find."""
_URLS = 50_000
"""How many addresses one sitemap may have (sitemaps.org)."""
_AROUND = ("/", "/browse", "/questions", "/pictures", "/statistics", "/help", "/dump/", "/changes")


def router(site: Site) -> APIRouter:
    """Give the routes for robots."""
    routes = APIRouter()

    @routes.get("/robots.txt", summary="What robots may read")
    async def robots(request: Request) -> Response:
        """All but the queries, which cost more than they find."""
        kept_off = _KEPT_OFF if site.served else ("",)
        lines = "".join(f"Disallow: {path}\n" for path in kept_off)
        text = f"User-agent: *\n{lines}\nSitemap: {site.home(request)}/sitemap.xml\n"
        return rendering.reply(site, text.encode(), "text/plain; charset=utf-8")

    @routes.get("/sitemap.xml", summary="The addresses of all documents")
    async def sitemap(request: Request) -> Response:
        """As sitemaps.org has it; of very many, the addresses of their lists."""
        return await site.made(_sitemap, site, site.home(request))

    @routes.get("/sitemap-{number}.xml", summary="The addresses of some documents")
    async def part(request: Request, number: int) -> Response:
        """One of the lists of very many, counted from 1."""
        return await site.made(_sitemap, site, site.home(request), number)

    return routes


def _sitemap(site: Site, home: str, number: int = 0) -> Response:
    """Give one list of addresses, or where there are too many for one, the list of lists."""
    about = site.dataset.description
    subjects: Sequence[str] = site.records.subjects() if about else ()
    around = [*_AROUND, *(["/text"] if about and site.portraits.frame.kinds else ())]
    lists = -(-(len(subjects) + len(around)) // _URLS)
    if not 0 <= number <= lists or (number and lists == 1):
        raise errors.NotFound(f"there is no sitemap {number}; see /sitemap.xml")
    if lists > 1 and not number:
        places = [f"{home}/sitemap-{one}.xml" for one in range(1, lists + 1)]
        return _located(site, "sitemapindex", "sitemap", places)
    # The pages around the things stand before them.
    start = max(0, (number - 1) * _URLS - len(around)) if number else 0
    room = _URLS - (len(around) if number < 2 else 0)
    own = (
        iri
        for iri in subjects[start : start + room]
        if site.addresses.below_base(iri) and "#" not in iri
    )
    paths = around if number < 2 else []
    paths += [site.addresses.document(iri).removeprefix(site.prefix) for iri in own]
    return _located(site, "urlset", "url", [home + path for path in paths])


def _located(site: Site, whole: str, part: str, places: Sequence[str]) -> Response:
    about = site.dataset.description
    modified = f"<lastmod>{escape(about.modified)}</lastmod>" if about and about.modified else ""
    lines = [f"<{part}><loc>{escape(place)}</loc>{modified}</{part}>\n" for place in places]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'{head}<{whole} xmlns="{space}">\n{"".join(lines)}</{whole}>\n'
    return rendering.reply(site, text.encode(), "application/xml")
