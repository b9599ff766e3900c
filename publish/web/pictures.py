"""`/pictures`: what people would rather look at, drawn from the rows of a query, with the rows beside it."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response

from publish import errors, negotiation, query
from publish.pictures import Picture
from publish.records import Link
from publish.stores import Answer
from publish.web import rendering, sparql
from publish.web.site import Site

_ROWS = 2_000
"""How many rows stand beside a picture; its query gives all."""


def router(site: Site, endpoint: sparql.Endpoint) -> APIRouter:
    """Give the routes of the pictures."""
    routes = APIRouter()

    @routes.get("/pictures", summary="The pictures")
    async def listed(request: Request) -> Response:
        """List those that the vocabularies of the data give."""
        return await site.made(
            lambda: rendering.page(site, "pictures.html", request, pictures=site.pictures)
        )

    @routes.get("/pictures/{name}", summary="A picture with the rows that it is drawn from")
    async def shown(request: Request, name: str) -> Response:
        """Drawn in the browser; the table beside it says the same."""
        found = await site.made(lambda: site.pictures)
        one = next((one for one in found if one.name == name), None)
        if one is None:
            raise errors.NotFound(f"there is no picture `{name[:80]}`; see all at /pictures")
        answer = await endpoint.ask(
            request,
            query.Request(
                text=one.query,
                media=negotiation.RESULTS_JSON.media,
                client=request.client.host if request.client else "",
                rows=_ROWS,
                partial=True,
            ),
        )
        return await site.made(_page, site, request, one, answer)

    return routes


def _page(site: Site, request: Request, picture: Picture, answer: Answer) -> Response:
    said = json.loads(answer.body)
    bindings = said["results"]["bindings"]
    columns = [name for name in said["head"]["vars"] if any(name in row for row in bindings)]
    rows = [
        [sparql.value(row[name]) if name in row else None for name in columns] for row in bindings
    ]
    site.source.meet(one.iri for row in rows for one in row if isinstance(one, Link))
    return rendering.page(
        site,
        "picture.html",
        request,
        picture=picture,
        columns=columns,
        rows=rows,
        cut=not answer.complete,
    )
