"""The routes: everything but `/sparql` is answered by FastAPI, which describes all of it.

What a route takes and gives is worked out when it is made, and there are a hundred; queries need
none of that, so `app` has them made later (`pending`). The description stands at `/openapi.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from publish import negotiation
from publish.candidates import Reconciler
from publish.query import QueryService
from publish.questions import Book
from publish.version import __version__
from publish.web import (
    changes,
    completions,
    crawling,
    discovery,
    dumps,
    exchange,
    figures,
    indexes,
    llms,
    lookup,
    oai,
    openapi,
    pages,
    pictures,
    problems,
    questions,
    readiness,
    reconcile,
    records,
    search,
    sparql,
    thesaurus,
    watching,
)
from publish.web.site import Site

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PARAMETERS = (
    ("query", "One query; without one, the service describes itself", False),
    ("default-graph-uri", "A graph of the default graph", True),
    ("named-graph-uri", "A named graph that the query sees", True),
    ("format", "The format of the answer, instead of an Accept header", False),
    ("prefixes", "`dataset` puts the prefixes of the data set above the query", False),
    ("labels", "Languages in which to give the labels of IRIs too, such as `de,en`", False),
    ("edit", "`true` shows the query in the form, instead of answering it", False),
    ("explain", "`true` tells how the query is answered, instead of answering it", False),
)


def make(
    site: Site,
    endpoint: sparql.Endpoint,
    book: Book,
    service: QueryService,
    watch: watching.Watch,
    answer: problems.Answering,
) -> FastAPI:
    """Make the application of all routes; `answer` says what goes wrong."""
    settings = site.settings
    app = FastAPI(
        title=site.title,
        version=site.version or __version__,
        openapi_url="/openapi.json" if site.served else None,
        docs_url=None,  # the page that comes with FastAPI loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        contact={"email": settings.contact} if settings.contact else None,
        servers=[{"url": settings.base_url}] if settings.base_url else None,
    )
    if site.served:
        _declare_sparql(app, endpoint)
    asked = questions.Questions(site, endpoint, records.Documents(site, book.between), book)
    for routes in _routers(site, endpoint, asked, book, service, watch):
        app.include_router(routes)
    questions.declare(app, asked, site.names)
    openapi.complete(app)

    async def explain(request: Request, error: Exception) -> Response:
        if isinstance(error, RequestValidationError):
            wrong = "; ".join(f"`{one['loc'][-1]}`: {one['msg']}" for one in error.errors())
            error = HTTPException(400, wrong)
        ways = methods(app, request.scope)
        if ways and request.method not in ways:
            # The route for whatever has an IRI was asked about an address for POST alone.
            error = HTTPException(405, headers={"Allow": ", ".join(sorted(ways))})
        return await answer(request, error)

    app.add_exception_handler(HTTPException, explain)
    app.add_exception_handler(RequestValidationError, explain)
    app.add_middleware(problems.Guard, answer=explain)
    return app


def methods(app: FastAPI, scope: Scope) -> frozenset[str]:
    """Say how a path can be asked: by the routes that fit it.

    Those of the last router take every path, but only where no other is meant.
    """
    *first, last = app.routes
    return _fitting(first, scope) or _fitting([last], scope)


def _fitting(routes: Iterable[BaseRoute], scope: Scope) -> frozenset[str]:
    return frozenset(
        method
        for method in _METHODS
        for route in routes
        if route.matches({**scope, "method": method})[0] is Match.FULL
    )


def _routers(
    site: Site,
    endpoint: sparql.Endpoint,
    asked: questions.Questions,
    book: Book,
    service: QueryService,
    watch: watching.Watch,
) -> Iterator[APIRouter]:
    """Give all routes but that of `/sparql`; of those that fit a path the first answers."""
    if site.served:
        yield discovery.router(site)
        yield llms.router(site)
    yield pages.router(site, book)
    yield crawling.router(site)
    yield questions.router(asked)
    yield pictures.router(site, endpoint)
    if site.asks:
        yield search.router(site)
    if not site.served:
        yield indexes.router(site)
    yield completions.router(site)
    yield changes.router(site)
    yield dumps.router(site)
    yield exchange.router(site, site.catalogue)
    if site.served:
        reconciler = Reconciler(site.catalogue, site.index)
        yield figures.router(watch)
        yield oai.router(site, site.catalogue)
        yield reconcile.router(site, reconciler)
        yield lookup.router(site, reconciler)
        yield thesaurus.router(site, reconciler)
        yield readiness.router(service)
    yield records.router(site, book.between)


def _declare_sparql(app: FastAPI, endpoint: sparql.Endpoint) -> None:
    """Describe `/sparql` to readers of `/openapi.json`; the same functions answer."""
    parameters = [_parameter(name, what, many=many) for name, what, many in _PARAMETERS]
    answers = _answers()

    @app.get(
        "/sparql",
        summary="Ask in SPARQL",
        openapi_extra={"parameters": parameters, "responses": answers},
    )
    async def ask(request: Request) -> Response:
        """SPARQL 1.1 Protocol, read only."""
        return await endpoint.answer(request)

    @app.post(
        "/sparql",
        summary="Ask a long question in SPARQL",
        openapi_extra={
            "parameters": parameters,
            "requestBody": _body(parameters),
            "responses": answers,
        },
    )
    async def post(request: Request) -> Response:
        """SPARQL 1.1 Protocol, read only."""
        return await endpoint.answer(request)


def _parameter(name: str, what: str, *, many: bool) -> dict[str, Any]:
    text = {"type": "string"}
    schema = {"type": "array", "items": text} if many else text
    return {"name": name, "in": "query", "description": what, "schema": schema}


def _answers() -> dict[str, Any]:
    formats = (*negotiation.RESULT_FORMATS, *negotiation.GRAPH_FORMATS, negotiation.HTML)
    problem: dict[str, Any] = {problems.JSON.media: {}}
    return {
        "200": {
            "description": "The answer, the description of the service, or a form",
            "content": {form.media: {} for form in formats},
        },
        "4XX": {"description": "What is wrong", "content": problem},
        "5XX": {"description": "Why there is no answer", "content": problem},
    }


def _body(parameters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Describe the two bodies of a POST: a query as it is, or the parameters as a form."""
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {one["name"]: one["schema"] for one in parameters},
    }
    return {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
