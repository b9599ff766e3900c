"""`/oai`: the repository for harvesters, by GET and by POST (OAI-PMH 2.0, 3.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from publish.catalogue import Catalogue
from publish.crosswalks import Release
from publish.harvest import NOBODY, Repository
from publish.web import bodies, rendering
from publish.web.site import Site

_MEDIA = "text/xml; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_LONGEST = 60_000
"""How many bytes a posted request may have."""
_ARGUMENTS = ("verb", "identifier", "metadataPrefix", "set", "from", "until", "resumptionToken")


def router(site: Site, catalogue: Catalogue) -> APIRouter:
    """Give the routes of the repository."""
    routes = APIRouter()
    release = Release.of(site.dataset)
    shown = site.modified.date().isoformat() if site.modified else ""
    email = site.settings.contact or NOBODY
    repository = Repository(catalogue, site.title, release, email, shown=shown)
    parameters = [{"name": n, "in": "query", "schema": {"type": "string"}} for n in _ARGUMENTS]
    form = {
        "type": "object",
        # What is missing, the protocol answers with 200 and an error of its own (3.6).
        "properties": {name: {"type": "string"} for name in _ARGUMENTS},
    }

    async def answer(request: Request, query: bytes) -> Response:
        # Bytes that are no UTF-8 become U+FFFD, which no argument has.
        asked = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)
        address = site.home(request) + "/oai"
        body = await run_in_threadpool(repository.answer, asked, address, _now())
        # The time of the answer stands in it.
        return rendering.reply(site, body, _MEDIA, headers={"cache-control": "no-store"})

    @routes.get("/oai", summary="Harvest all records", openapi_extra={"parameters": parameters})
    async def get(request: Request) -> Response:
        """OAI-PMH 2.0: six verbs, in Dublin Core, MARC 21 and MODS."""
        return await answer(request, request.scope["query_string"])

    @routes.post(
        "/oai",
        summary="Harvest all records",
        openapi_extra={"requestBody": {"content": {_FORM: {"schema": form}}}},
    )
    async def post(request: Request) -> Response:
        """Answer the same, with the arguments in the body."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != _FORM:
            raise bodies.unread(f"a harvester posts {_FORM}", _FORM)
        beyond = HTTPException(413, f"a request may have {_LONGEST} bytes")
        return await answer(request, await bodies.read(request, _LONGEST, beyond))

    return routes


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
