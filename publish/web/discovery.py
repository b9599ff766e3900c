"""Where a program begins that knows nothing but the host: well-known addresses and link sets.

Follows VoID 7.2 and RFC 8615 (`/.well-known/void`), RFC 9727 (`/.well-known/api-catalog`) and
RFC 9264 (`/linkset`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from publish import errors
from publish.web import rendering, signposts
from publish.web.site import Site

_PROFILE = "https://www.rfc-editor.org/info/rfc9727"


def router(site: Site) -> APIRouter:
    """Give the routes for those who look for what there is."""
    routes = APIRouter()
    posts = signposts.Signposts(site)

    @routes.get("/.well-known/void", summary="Leads to the description", status_code=302)
    async def void() -> Response:
        """Go where the data set tells what it is (VoID)."""
        about = site.dataset.description
        if about is None:
            raise errors.NotFound("a bare file has no description; see what is at /sparql")
        where = {
            "Location": site.addresses.document(about.iri),
            "Cache-Control": rendering.control(site),
        }
        return Response(status_code=302, headers=where)

    @routes.get(signposts.CATALOG, summary="The interfaces of this server")
    async def catalog(request: Request) -> Response:
        """As a link set, with the description of each."""
        media = f'{signposts.LINKSET.media}; profile="{_PROFILE}"'
        link = signposts.Link("api-catalog", f"{site.prefix}{signposts.CATALOG}")
        body = _written(posts.catalog(site.home(request)))
        return rendering.reply(
            site, body, media, headers={"Link": signposts.header(site, request, [link])}
        )

    @routes.get("/linkset", summary="All links of the data set, or of a thing")
    async def linkset(request: Request, iri: str = "") -> Response:
        """Say what the headers `Link` say, of many addresses at once."""
        if site.dataset.description is None or (iri and not site.records.knows(iri)):
            raise errors.NotFound(f"nothing is known of <{iri[:200]}>; look for it in the lists")
        found = await site.made(posts.linkset, site.home(request), iri)
        return rendering.reply(site, _written(found), signposts.LINKSET.media)

    return routes


def _written(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
