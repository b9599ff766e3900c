"""The whole application, made from a data set, a pool of workers and the settings.

Answers pass, from the outside in, through `Delivery`, which keeps them, and `Direct`, which hands
`/sparql` to its endpoint without the cost of the framework; a `Guard` around the endpoint and one
within the framework describe what goes wrong. FastAPI has all other routes and describes every one
of them, `/sparql` too, at `/openapi.json`. Nothing is made when this module is read.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from publish import negotiation, supervisor
from publish.candidates import Reconciler
from publish.dataset import Dataset
from publish.query import QueryService
from publish.questions import Book
from publish.settings import Settings
from publish.sources import Source
from publish.stores import LocalPool, Pool
from publish.supervisor import Post
from publish.version import __version__
from publish.web import (
    changes,
    completions,
    crawling,
    delivery,
    discovery,
    dumps,
    exchange,
    express,
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
    rates,
    readiness,
    reconcile,
    records,
    rendering,
    search,
    server,
    sparql,
    thesaurus,
    watching,
)

_PATHS = frozenset({"/sparql", "/sparql/"})
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


class Direct:
    """Hands the requests to `/sparql` to their endpoint, and all others on."""

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to where it is answered."""
        direct = scope["type"] == "http" and scope["path"] in _PATHS
        await (self._endpoint if direct else self._app)(scope, receive, send)


def create_app(
    source: Source | Dataset,
    pool: Pool,
    settings: Settings,
    release: Path | None = None,
    *,
    served: bool = True,
) -> ASGIApp:
    """Make the application; `release` is the folder of dumps that it offers.

    What is not `served` has only addresses whose answers can be kept as files. Whoever opened the
    pool closes it.
    """
    site = rendering.Site(source, settings, release, served=served)
    site.records.prepare()
    watch = watching.Watch(pool)
    service = QueryService(pool, settings)
    folder = Path(settings.questions) if settings.questions else None
    book = Book(site.records, folder, site.wording.gettext)
    endpoint = sparql.Endpoint(site, service, watch, book)
    app = FastAPI(
        title=site.title,
        version=site.version or __version__,
        openapi_url="/openapi.json" if served else None,
        docs_url=None,  # the page that comes with FastAPI loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        contact={"email": settings.contact} if settings.contact else None,
        servers=[{"url": settings.base_url}] if settings.base_url else None,
    )
    if served:
        _declare_sparql(app, endpoint)
    asked = questions.Questions(site, endpoint, records.Documents(site, book.between), book)
    for routes in _routers(site, endpoint, asked, book, service, watch):
        app.include_router(routes)
    questions.declare(app, asked)
    openapi.complete(app)
    answer = _answering(site)
    app.add_exception_handler(HTTPException, answer)
    app.add_exception_handler(RequestValidationError, answer)
    app.add_middleware(problems.Guard, answer=answer)
    asking = Direct(app, problems.Guard(_asking(endpoint), answer)) if site.asks else app
    # Around the framework, not within: its own layers cost more than a small query.
    made = delivery.Delivery(
        _limited(asking, settings, answer),
        release=_fingerprint(site, settings),
        modified=site.modified,
        methods=_methods(app),
        cache_bytes=settings.cache_bytes // 2,
        origins=settings.cors_origins,
        watch=watch,
        refuse=answer,
    )
    # What counts requests has to see all of them.
    counted = settings.request_rate or settings.query_rate
    if site.asks and isinstance(pool, LocalPool) and not counted:
        made.shortcut = express.Express(site, pool, watch, made)
    return made


def _routers(
    site: rendering.Site,
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


def _limited(app: ASGIApp, settings: Settings, answer: problems.Answering) -> ASGIApp:
    """Put the limits of rates around an application, where any is set."""
    if not (settings.request_rate or settings.query_rate):
        return app
    limited = rates.Limited(
        app, requests=settings.request_rate, queries=settings.query_rate, are_queries=_is_query
    )
    return problems.Guard(limited, answer)


def _is_query(path: str) -> bool:
    """Say whether an answer costs what a query does."""
    return path in _PATHS or path.startswith((f"{questions.ROOT}/", "/pictures/"))


def serve(
    app: ASGIApp,
    settings: Settings,
    post: Post,
    ready: Callable[[str], None],
    *,
    one_release: bool = True,
) -> None:
    """Serve until SIGTERM or until another server goes on; call `ready` when it answers.

    An `app` that shows `one_release` for all its life may have its answers kept as long.
    Raises `ListenError` where the address cannot be had.
    """
    heritage = post.loaded()
    with post.listener as listener:
        try:
            listener.listen(server.BACKLOG)
        except OSError as error:
            raise supervisor.cannot(error, settings.host, settings.port) from error
        where = server.address(listener, settings.host)
        # What was made so far stays: the collector need not look at it again and again.
        gc.freeze()
        gc.enable()
        kept = settings.cache_bytes - settings.cache_bytes // 2 if one_release else 0

        def answers() -> None:
            ready(where)
            server.note_start(time.monotonic() - post.begun, first=post.first)

        server.ask_for_files()
        server.Server(
            app,
            answers,
            cache_bytes=kept,
            shortcut=app.shortcut if isinstance(app, delivery.Delivery) else None,
            stop_seconds=settings.stop_seconds,
            trusted=settings.trusted_proxies,
            post=post,
            heritage=heritage,
        ).run(sockets=[listener])


def _fingerprint(site: rendering.Site, settings: Settings) -> str:
    """Stand for all that decides an answer beside the request."""
    dataset, shown = site.dataset, [(one.version, one.moment) for one in site.history]
    whole = (
        f"{dataset.digest} {__version__} {dataset.default_graph} {settings!r} {shown} "
        f"{site.wording.mark}"
    )
    return hashlib.sha256(whole.encode()).hexdigest()


def _methods(app: FastAPI) -> Callable[[Scope], frozenset[str]]:
    """Give what says how a path can be asked: by the routes that fit it."""

    def methods(scope: Scope) -> frozenset[str]:
        found = {"OPTIONS"} | {
            method
            for method in _METHODS
            for route in app.routes
            if route.matches({**scope, "method": method})[0] is Match.FULL
        }
        if scope["path"] in _PATHS:
            found |= {"POST", "QUERY"}
        return frozenset(found | {"HEAD"} if "GET" in found else found)

    return methods


def _answering(site: rendering.Site) -> problems.Answering:
    def page(problem: problems.Problem, request: Request) -> bytes:
        asked = request.query_params.get("iri", request.url.path)
        near = site.near(asked) if problem.status == 404 and site.served else ()
        site.source.meet(near)
        return site.render("problem.html", request, problem=problem, query=None, near=near).encode()

    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, RequestValidationError):
            wrong = "; ".join(f"`{one['loc'][-1]}`: {one['msg']}" for one in error.errors())
            error = HTTPException(400, wrong)
        problem = problems.describe(error)
        if problem.status == 404:
            # To make the index of names takes a while, and nobody else should wait for it.
            return await run_in_threadpool(
                problems.respond, problem, request, page, site.home(request)
            )
        return await site.made(problems.respond, problem, request, page, site.home(request))

    return answer


def _asking(endpoint: sparql.Endpoint) -> ASGIApp:
    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint.answer(Request(scope, receive))
        await response(scope, receive, send)

    return ask


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
