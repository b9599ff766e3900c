"""`/reconcile`: the service that OpenRefine and its like match and extend tables with.

At `/reconcile` stands version 0.2 of the API, with GET, POST as a form and, because scripts of
old browsers cannot do otherwise, JSONP; below `/reconcile/1.0` the draft of version 1.0. Only the
preview may stand in a frame of another page. What is asked and answered is the matter of
`publish.reconciliation`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from publish import errors, negotiation, reconciliation
from publish.candidates import Reconciler
from publish.sources import Text
from publish.version import __version__
from publish.web import bodies, rendering
from publish.web.site import Site

_JSON = "application/json"
_SCRIPT = "text/javascript; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_LONGEST = 1 << 20
"""How many bytes a posted batch may have."""
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,99}")
_FRAMED = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_SUGGESTED, _MOST = 20, 100
_ARGUMENTS = ("queries", "query", "extend", "callback")
_KINDS = ("entity", "property", "type")


class Service:
    """Both versions of the service of one site."""

    def __init__(self, site: Site, reconciler: Reconciler) -> None:
        self._site = site
        self._reconciler = reconciler

    # --- version 0.2 ---------------------------------------------------------------------------

    def answer(self, request: Request, asked: Mapping[str, str]) -> Any:
        """Answer a request by its parameters; without any, describe the service."""
        if "queries" in asked:
            queries = reconciliation.queries(asked["queries"])
            return reconciliation.results(queries, self._reconciler, self._deadline())
        if "query" in asked:
            one = {"query": reconciliation.query(asked["query"])}
            return reconciliation.results(one, self._reconciler, self._deadline())["query"]
        if "extend" in asked:
            wanted = reconciliation.extension(asked["extend"])
            return reconciliation.extended(wanted, self._reconciler)
        if request.method == "POST":
            raise errors.RequestError("the form has neither `queries` nor `extend`; give one")
        return reconciliation.manifest(self._about(request), self._reconciler)

    def suggested(self, kind: str, prefix: str, cursor: int, limit: int) -> Any:
        """Suggest things, properties or types of which a name begins so."""
        found = self._reconciler
        if kind == "entity":
            iris = found.suggested(prefix, limit, cursor)
            self._site.source.meet(iris)
            return {"result": reconciliation.entities(iris, found)}
        if kind == "type":
            terms = found.schema.suggested_types(prefix)
        elif kind == "property":
            terms = found.schema.suggested_properties(prefix)
        else:
            raise errors.NotFound(f"nothing called `{kind[:80]}` is suggested; there are {_KINDS}")
        return {
            "result": [reconciliation.term(one, found) for one in terms[cursor : cursor + limit]]
        }

    def proposed(self, type_: str, limit: int) -> Any:
        """Propose properties of the things of a type."""
        terms = self._reconciler.schema.properties(type_)
        said = {
            "properties": [{"id": one.iri, "name": one.label.value} for one in terms[:limit]],
            "limit": limit,
        }
        return {**said, "type": type_} if type_ else said

    # --- the draft of 1.0 ------------------------------------------------------------------------

    def manifest(self, request: Request) -> Any:
        """Describe the service as the draft of 1.0 does."""
        return reconciliation.manifest_1(self._about(request), self._reconciler)

    def matched(self, body: bytes) -> Any:
        """Answer a batch."""
        asked = reconciliation.batch(body)
        return reconciliation.results_1(asked, self._reconciler, self._deadline())

    def extended(self, body: bytes) -> Any:
        """Fetch properties."""
        return reconciliation.extended_1(reconciliation.extension(body), self._reconciler)

    # --- things to look at -----------------------------------------------------------------------

    def view(self, iri: str) -> Response:
        """Lead to the document about a thing."""
        self._judge(iri)
        where = {
            "Location": self._site.addresses.document(iri),
            "Cache-Control": rendering.control(self._site),
        }
        return Response(status_code=303, headers=where)

    def preview(self, request: Request, iri: str) -> Response:
        """Show a thing in a small page, which other pages may frame."""
        self._judge(iri)
        page = rendering.render(self._site, "preview.html", request, **self._shown(request, iri))
        headers = {"Content-Security-Policy": _FRAMED}
        return rendering.reply(
            self._site, page.encode(), negotiation.HTML.content_type, headers=headers
        )

    def flyout(self, request: Request, kind: str, iri: str) -> Any:
        """Show a thing, property or type as a piece of HTML, which the asking page shows."""
        if kind not in _KINDS:
            raise errors.NotFound(f"there is no flyout of a `{kind[:80]}`; there are {_KINDS}")
        shown = self._shown(request, iri)
        return {"id": iri, "html": rendering.render(self._site, "_preview.html", request, **shown)}

    def _judge(self, iri: str) -> None:
        if not self._site.records.is_subject(iri):
            raise errors.NotFound(f"nothing is known of <{iri[:200]}>; look for it in the lists")

    def _shown(self, request: Request, iri: str) -> dict[str, object]:
        self._site.source.meet([iri])
        description, types = self._reconciler.things.described([iri]).get(iri, ("", ()))
        label: Text = self._reconciler.things.label(iri)
        return {
            "iri": iri,
            "label": label,
            "description": description,
            "types": [self._reconciler.things.label(one).value for one in types],
            "where": self._site.home(request)
            + self._site.addresses.document(iri).removeprefix(self._site.prefix),
        }

    def _about(self, request: Request) -> reconciliation.About:
        about = self._site.dataset.description
        space = about.uri_space if about else f"{self._site.home(request)}/"
        return reconciliation.About(
            self._site.home(request), self._site.title, self._site.version or __version__, space
        )

    def _deadline(self) -> reconciliation.Deadline:
        # What is made once is no matter of the batch that comes first.
        self._reconciler.index.prepare()
        return reconciliation.Deadline(time.monotonic() + self._site.settings.query_seconds)


def router(site: Site, reconciler: Reconciler) -> APIRouter:
    """Give the routes of the service."""
    service = Service(site, reconciler)
    routes = APIRouter()
    routes.include_router(_version_0(site, service))
    routes.include_router(_both(site, service, "/reconcile", propose="/properties"))
    routes.include_router(_version_1(site, service))
    routes.include_router(_both(site, service, "/reconcile/1.0", propose="/extend/propose"))
    return routes


def _version_0(site: Site, service: Service) -> APIRouter:
    routes = APIRouter()

    async def get(request: Request) -> Response:
        """Without parameters the manifest; else match (`queries`) or fetch values (`extend`)."""
        asked = dict(request.query_params)
        return await _told(site, request, service.answer, request, asked)

    async def post(request: Request) -> Response:
        """Answer the same, with the parameters as a form."""
        _judge_media(request, _FORM)
        pairs = parse_qsl((await _body(request)).decode("utf-8", "replace"), keep_blank_values=True)
        answer = await run_in_threadpool(service.answer, request, dict(pairs))
        return _written(answer)

    schema = {"type": "object", "properties": {name: {"type": "string"} for name in _ARGUMENTS}}
    get_extra = {
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string"}} for name in _ARGUMENTS
        ]
    }
    post_extra = {"requestBody": {"content": {_FORM: {"schema": schema}}}}
    for path in ("/reconcile", "/reconcile/"):
        told = {"include_in_schema": path == "/reconcile"}
        summary = "Match names with things (Reconciliation API 0.2)"
        routes.add_api_route(path, get, summary=summary, openapi_extra=get_extra, **told)  # type: ignore[arg-type]
        routes.add_api_route(
            path,
            post,
            methods=["POST"],
            summary=summary,
            openapi_extra=post_extra,
            **told,  # type: ignore[arg-type]
        )

    @routes.get("/reconcile/flyout/{kind}", summary="Show what is suggested, as a piece of HTML")
    async def flyout(request: Request, kind: str, id: str) -> Response:
        """Give JSON with `id` and `html`."""
        return await _told(site, request, service.flyout, request, kind, id)

    @routes.get("/reconcile/view", summary="From a thing to its document", status_code=303)
    async def view(id: str) -> Response:
        """Lead on."""
        return await site.made(service.view, id)

    return routes


def _version_1(site: Site, service: Service) -> APIRouter:
    routes = APIRouter(prefix="/reconcile/1.0")
    body = {"requestBody": {"content": {_JSON: {"schema": {"type": "object"}}}}}

    @routes.get("", summary="The manifest of the Reconciliation API 1.0 (draft)")
    async def manifest(request: Request) -> Response:
        """Describe the service."""
        return await _told(site, request, service.manifest, request)

    @routes.post("/match", summary="Match names with things", openapi_extra=body)
    async def match(request: Request) -> Response:
        """Answer a batch of queries, each a list of conditions."""
        _judge_media(request, _JSON)
        return _written(await run_in_threadpool(service.matched, await _body(request)))

    @routes.post("/extend", summary="Fetch values of things", openapi_extra=body)
    async def extend(request: Request) -> Response:
        """Give the values of the properties that are asked for."""
        _judge_media(request, _JSON)
        return _written(await run_in_threadpool(service.extended, await _body(request)))

    return routes


def _both(site: Site, service: Service, root: str, *, propose: str) -> APIRouter:
    """Give the routes that both versions have alike, below the `root` of one of them."""
    routes = APIRouter(prefix=root)

    @routes.get("/suggest/{kind}", summary="Suggest things, properties or types")
    async def suggest(
        request: Request,
        kind: str,
        prefix: str = Query(default="", max_length=reconciliation.LONGEST),
        cursor: int = Query(default=0, ge=0, le=10**6),
        limit: int = Query(default=_SUGGESTED, ge=1, le=_MOST),
    ) -> Response:
        """By the beginnings of words of their names; `kind` is entity, property or type."""
        return await _told(site, request, service.suggested, kind, prefix, cursor, limit)

    @routes.get(propose, summary="Propose properties of the things of a type")
    async def properties(
        request: Request, type: str = "", limit: int = Query(default=_SUGGESTED, ge=1, le=_MOST)
    ) -> Response:
        """Those that most things have come first."""
        return await _told(site, request, service.proposed, type, limit)

    @routes.get("/preview", summary="A small page about a thing, for a frame")
    async def preview(request: Request, id: str) -> Response:
        """Show what it is called and what it is."""
        return await site.made(service.preview, request, id)

    return routes


async def _told(site: Site, request: Request, make: Callable[..., Any], *args: object) -> Response:
    """Make an answer beside the event loop; as JSON, or as JSONP where a `callback` is named."""
    name = request.query_params.get("callback")
    if name is not None and not _CALLBACK.fullmatch(name):
        raise errors.RequestError(
            "`callback` is no name of a function; give letters, digits, _, $ and dots"
        )
    body = json.dumps(await run_in_threadpool(make, *args), ensure_ascii=False)
    if name is None:
        return rendering.reply(site, body.encode(), _JSON)
    # The comment in front keeps the name from being the first bytes of some other kind of file.
    return rendering.reply(site, f"/**/{name}({_escaped(body)});".encode(), _SCRIPT)


def _escaped(body: str) -> str:
    """Write JSON so that it is a script as well (ECMA-262 before 2019 ends lines at these)."""
    return body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<", "\\u003c")


def _written(answer: Any) -> Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Response(body, headers={"Cache-Control": "no-store"}, media_type=_JSON)


def _judge_media(request: Request, wanted: str) -> None:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != wanted:
        raise bodies.unread(f"this takes {wanted}", wanted)


async def _body(request: Request) -> bytes:
    beyond = HTTPException(413, f"a batch may have {_LONGEST} bytes; send it in parts")
    return await bodies.read(request, _LONGEST, beyond)
