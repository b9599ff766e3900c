"""The addresses of the methods of Skosmos, and what each may be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import negotiation
from publish.candidates import Reconciler
from publish.thesaurus import RELATIONS, Thesaurus
from publish.web import rendering
from publish.web.site import Site
from publish.web.thesaurus.answers import HITS, HOME, JSON, JSON_LD, MOST, Asked, Rest


def router(site: Site, reconciler: Reconciler) -> APIRouter:
    """Give the routes of the methods: of all vocabularies, and of each."""
    rest = Rest(site, Thesaurus(reconciler))
    routes = APIRouter(prefix=HOME)
    _of_all(routes, site, rest)
    _of_one(routes, site, rest)
    return routes


def _of_all(routes: APIRouter, site: Site, rest: Rest) -> None:
    @routes.get("/vocabularies", summary="The vocabularies, as Skosmos lists them")
    async def vocabularies(request: Request, lang: str = "") -> Response:
        """Each with its name."""
        return await _told(site, request, rest.vocabularies, request, lang)

    @routes.get("/types", summary="The classes of concepts")
    async def types(request: Request, lang: str = "") -> Response:
        """Of all vocabularies."""
        return await _told(site, request, rest.types, request, "", lang)

    @routes.get("/label", summary="The labels of a concept")
    async def label(request: Request, uri: str, lang: str = "") -> Response:
        """In one language."""
        return await _told(site, request, rest.label, "", uri, lang)

    @routes.get("/data", summary="What is said of a concept, in RDF")
    async def data(request: Request, uri: str, format: str = "") -> Response:
        """By `format`, a media type, or by Accept."""
        return await run_in_threadpool(rest.data, request, "", uri, format)

    @routes.get("/search", summary="Find concepts by their labels")
    async def search(request: Request, asked: Annotated[Asked, Depends(_asked)]) -> Response:
        """Without regard to case and accents."""
        return await _told(site, request, rest.search, "", asked)


def _asked(
    query: str = Query(max_length=200, description="A label; * stands for anything"),
    lang: str = "",
    labellang: str = "",
    vocab: str = "",
    type: str = "",
    parent: str = "",
    fields: str = "",
    maxhits: int = Query(default=HITS, ge=1, le=MOST),
    offset: int = Query(default=0, ge=0, le=10**6),
    unique: bool = False,
) -> Asked:
    return Asked(query, lang, labellang, vocab, type, parent, fields, maxhits, offset, unique)


def _of_one(routes: APIRouter, site: Site, rest: Rest) -> None:
    @routes.get("/{vocid}/", summary="What a vocabulary is")
    async def about(request: Request, vocid: str, lang: str = "") -> Response:
        """With its scheme and languages."""
        return await _told(site, request, rest.about, request, vocid, lang)

    @routes.get("/{vocid}/types", summary="The classes of the concepts of a vocabulary")
    async def types(request: Request, vocid: str, lang: str = "") -> Response:
        """Each with what stands above it."""
        return await _told(site, request, rest.types, request, vocid, lang)

    @routes.get("/{vocid}/topConcepts", summary="The concepts that nothing stands above")
    async def tops(request: Request, vocid: str, lang: str = "") -> Response:
        """With their labels."""
        return await _told(site, request, rest.tops, vocid, lang)

    @routes.get("/{vocid}/search", summary="Find concepts of a vocabulary by their labels")
    async def search(
        request: Request, vocid: str, asked: Annotated[Asked, Depends(_asked)]
    ) -> Response:
        """Without regard to case and accents."""
        return await _told(site, request, rest.search, vocid, asked)

    @routes.get("/{vocid}/lookup", summary="The concepts that are called so")
    async def lookup(request: Request, vocid: str, label: str, lang: str = "") -> Response:
        """By preferred labels first."""
        return await _told(site, request, rest.lookup, vocid, label, lang)

    @routes.get("/{vocid}/label", summary="The labels of a concept of a vocabulary")
    async def label(request: Request, vocid: str, uri: str, lang: str = "") -> Response:
        """In one language."""
        return await _told(site, request, rest.label, vocid, uri, lang)

    @routes.get("/{vocid}/data", summary="What is said of a concept, or of all, in RDF")
    async def data(request: Request, vocid: str, uri: str = "", format: str = "") -> Response:
        """Without `uri`, lead to the files of the whole."""
        return await run_in_threadpool(rest.data, request, vocid, uri, format)

    for relation in RELATIONS:
        _relating(routes, site, rest, relation)


def _relating(routes: APIRouter, site: Site, rest: Rest, relation: str) -> None:
    @routes.get(f"/{{vocid}}/{relation}", summary=f"The {relation} concepts of one")
    async def linked(request: Request, vocid: str, uri: str, lang: str = "") -> Response:
        """Those next to it."""
        return await _told(site, request, rest.linked, vocid, uri, lang, relation)

    if relation == "related":
        return

    @routes.get(f"/{{vocid}}/{relation}Transitive", summary=f"All {relation} concepts of one")
    async def transitive(
        request: Request,
        vocid: str,
        uri: str,
        lang: str = "",
        limit: int = Query(default=HITS, ge=1, le=MOST),
    ) -> Response:
        """Those next to it, and what is next to these."""
        return await _told(site, request, rest.transitive, vocid, uri, lang, relation, limit)


async def _told(site: Site, request: Request, make: Callable[..., Any], *args: object) -> Response:
    said = await run_in_threadpool(make, *args)
    form = negotiation.choose(request.headers.get("accept"), (JSON, JSON_LD))
    body = json.dumps(said, ensure_ascii=False).encode()
    return rendering.reply(site, body, form.media, headers={"Vary": "Accept"})
