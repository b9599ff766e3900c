"""`/label/…` and `/suggest2`: from a heading to the thing that bears it, as id.loc.gov does it.

A known heading leads on (302) and its answer names the thing in `X-URI` and its label in
`X-PrefLabel`. One that several bear gives these to choose from (300), one that nothing bears what
may have been meant (404). In these headers a label that is not ASCII is percent-encoded UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import errors, headings, negotiation
from publish.candidates import Reconciler
from publish.web import problems, rendering
from publish.web.site import Site

_LONGEST = 500
_MOST = 250
_DATA = negotiation.Format("json", "application/json", "json")


class Lookup:
    """The headings of one site, as requests ask for them."""

    def __init__(self, site: Site, reconciler: Reconciler) -> None:
        self._site = site
        self._reconciler = reconciler
        self._headings = headings.Headings(reconciler)

    def label(self, request: Request, text: str, type_: str) -> Response:
        """Lead from a heading to the thing that bears it."""
        if len(text) > _LONGEST:
            raise errors.RequestError(f"a heading may have {_LONGEST} characters; shorten it")
        found = self._headings.known(text, type_)
        self._site.source.meet(found)
        if len(found) == 1:
            return self._lead(found[0])
        about = self._reconciler.things.described(found)
        if found:
            things = [(iri, about[iri][0]) for iri in found]
            choices = {"label": text, "choices": [self._choice(*one) for one in things]}
            return self._told(request, text, 300, things, choices)
        return self._missing(request, text)

    def _lead(self, iri: str) -> Response:
        site, label = self._site, self._site.records.label(iri).value
        encoded = quote(label)
        plain = label.isascii() and label.isprintable()
        headers = {
            "Location": site.addresses.path(iri)
            if site.addresses.below_base(iri)
            else site.addresses.document(iri),
            "X-URI": quote(iri, "/:@!$&'()*+,;=-._~%?#[]"),
            "X-PrefLabel": label if plain else encoded,
            "X-PrefLabel-Encoded": encoded,
            "Cache-Control": rendering.control(site),
        }
        return Response(status_code=302, headers=headers)

    def _missing(self, request: Request, text: str) -> Response:
        near = self._headings.near(text) if text.strip() else ()
        problem = problems.describe(
            errors.NotFound("nothing is called so; look at the suggestions, or ask at /search")
        )
        said = json.loads(problem.as_json(self._site.home(request)))
        said["suggestions"] = [
            {**self._choice(one.iri, one.description), "score": one.score} for one in near
        ]
        things = [(one.iri, one.description) for one in near]
        return self._told(request, text, 404, things, said)

    def _choice(self, iri: str, description: str) -> dict[str, Any]:
        label = self._site.records.label(iri).value
        return {"uri": iri, "label": label, **({"description": description} if description else {})}

    def _told(
        self,
        request: Request,
        text: str,
        status: int,
        things: Sequence[tuple[str, str]],
        said: dict[str, Any],
    ) -> Response:
        """Give what is to be chosen from, as a page or as JSON."""
        site = self._site
        # An answer that says that nothing is there is not kept.
        headers = {
            "Vary": "Accept",
            "Cache-Control": "no-store" if status == 404 else rendering.control(site),
        }
        if problems.preferred(request) is negotiation.HTML:
            return rendering.page(
                site,
                "label.html",
                request,
                status=status,
                headers=headers,
                text=text,
                missing=status == 404,
                things=things,
            )
        media = problems.JSON.media if status == 404 else _DATA.media
        return rendering.reply(
            site, json.dumps(said, ensure_ascii=False).encode(), media, status, headers
        )

    def suggested(
        self, text: str, anchor: headings.Anchor, kind: str, count: int, offset: int
    ) -> dict[str, Any]:
        """Suggest headings, as `/suggest2` of id.loc.gov does."""
        found = self._headings.suggested(text, anchor, kind)
        return {
            "q": text,
            "count": len(found),
            "pagesize": count,
            "start": offset,
            "sortmethod": "alpha" if anchor == "leftanchored" else "rank",
            "searchtype": "left-anchored" if anchor == "leftanchored" else "keyword",
            **({"rdftype": kind} if kind else {}),
            "directory": "all",
            "hits": [_hit(one) for one in found[offset : offset + count]],
        }


def _hit(one: headings.Suggestion) -> dict[str, Any]:
    """Write a heading; one that leads to another says so, as a catalogue does."""
    see = f"{one.variant} (USE {one.heading})" if one.variant else one.heading
    return {
        "suggestLabel": see,
        "uri": one.iri,
        "aLabel": one.heading,
        "vLabel": one.variant,
        "code": "",
        "token": one.iri.rpartition("/")[2],
        "rank": "",
        "more": {"rdftypes": [one.kind] if one.kind else []},
    }


def router(site: Site, reconciler: Reconciler) -> APIRouter:
    """Give the routes of headings."""
    routes = APIRouter()
    lookup = Lookup(site, reconciler)

    @routes.get(
        "/label/{text:path}",
        summary="From a heading to the thing that bears it",
        status_code=302,
        responses={
            300: {"description": "Several things bear it"},
            404: {"description": "Nothing bears it"},
        },
    )
    async def label(request: Request, text: str, type: str = "") -> Response:
        """Without regard to case, accents and punctuation; `type` is a class."""
        return await run_in_threadpool(lookup.label, request, text, type)

    async def suggest(
        q: str = Query(max_length=_LONGEST, description="How a heading begins, or words of it"),
        searchtype: Literal["leftanchored", "keyword"] = "leftanchored",
        rdftype: str = Query(default="", description="A class of MADS/RDF, as PersonalName"),
        count: int = Query(default=50, ge=1, le=_MOST),
        offset: int = Query(default=0, ge=0, le=10**6),
    ) -> Response:
        """By the beginning (`leftanchored`), or by words (`keyword`)."""
        said = await run_in_threadpool(lookup.suggested, q, searchtype, rdftype, count, offset)
        return rendering.reply(site, json.dumps(said, ensure_ascii=False).encode(), _DATA.media)

    summary = "Headings that begin with a text, or hold its words"
    routes.add_api_route("/suggest2", suggest, summary=summary)
    routes.add_api_route("/suggest2/", suggest, summary=summary, include_in_schema=False)
    return routes
