"""The whole application, made from a data set, a pool of workers and the settings.

Answers pass, from the outside in, through `Delivery`, which keeps them, and `Direct`, which hands
`/sparql` to its endpoint without the cost of the framework; a `Guard` around the endpoint and one
within the framework describe what goes wrong. FastAPI has all other routes (`framework`), which are
made when somebody asks for one or the server has begun (`pending`): the first query does not wait
for them. Nothing is made when this module is read.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from publish import supervisor
from publish.dataset import Dataset
from publish.query import QueryService
from publish.questions import Book
from publish.settings import Settings
from publish.sources import Source
from publish.stores import LocalPool, Pool
from publish.supervisor import Post
from publish.version import __version__
from publish.web import (
    delivery,
    express,
    framework,
    problems,
    rates,
    rendering,
    server,
    sparql,
    watching,
)
from publish.web.addresses import QUESTIONS
from publish.web.pending import Pending
from publish.web.site import Site

_PATHS = frozenset({"/sparql", "/sparql/"})


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
    site = Site(source, settings, release, served=served)
    watch = watching.Watch(pool)
    service = QueryService(pool, settings)
    folder = Path(settings.questions) if settings.questions else None
    book = Book(site.records, folder, site.wording.gettext)
    endpoint = sparql.Endpoint(site, service, watch, book)
    answer = _answering(site)

    def make() -> FastAPI:
        return framework.make(site, endpoint, book, service, watch, answer)

    if site.source.distant:
        # Now it can be told that the store does not answer.
        site.prepare()
    pages = Pending(make, site.prepare)
    asking = Direct(pages, problems.Guard(_asking(endpoint), answer)) if site.asks else pages
    # Around the framework, not within: its own layers cost more than a small query.
    made = delivery.Delivery(
        _limited(asking, settings, answer),
        release=_fingerprint(site, settings),
        modified=site.modified,
        methods=_methods(pages),
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
    return path in _PATHS or path.startswith((f"{QUESTIONS}/", "/pictures/"))


def serve(
    app: ASGIApp,
    settings: Settings,
    post: Post,
    ready: Callable[[str], None],
    pool: LocalPool,
    *,
    one_release: bool = True,
) -> None:
    """Serve until SIGTERM or until another server goes on; call `ready` when it answers.

    Where the `pool` is lost, the server ends, and the supervisor starts it anew. An `app` that
    shows `one_release` for all its life may have its answers kept as long.
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
        serving = server.Server(
            app,
            answers,
            cache_bytes=kept,
            shortcut=app.shortcut if isinstance(app, delivery.Delivery) else None,
            stop_seconds=settings.stop_seconds,
            trusted=settings.trusted_proxies,
            post=post,
            heritage=heritage,
        )
        pool.when_lost = serving.give_up
        serving.run(sockets=[listener])


def _fingerprint(site: Site, settings: Settings) -> str:
    """Stand for all that decides an answer beside the request."""
    dataset, shown = site.dataset, [(one.version, one.moment) for one in site.history]
    whole = (
        f"{dataset.digest} {__version__} {dataset.default_graph} {settings!r} {shown} "
        f"{site.wording.mark}"
    )
    return hashlib.sha256(whole.encode()).hexdigest()


def _methods(pages: Pending[FastAPI]) -> Callable[[Scope], frozenset[str]]:
    """Give what says how a path can be asked."""

    def methods(scope: Scope) -> frozenset[str]:
        found = {"OPTIONS", *framework.methods(pages.app, scope)}
        if scope["path"] in _PATHS:
            found |= {"POST", "QUERY"}
        return frozenset(found | {"HEAD"} if "GET" in found else found)

    return methods


def _answering(site: Site) -> problems.Answering:
    def page(problem: problems.Problem, request: Request) -> bytes:
        asked = request.query_params.get("iri", request.url.path)
        near = site.near(asked) if problem.status == 404 and site.served else ()
        site.source.meet(near)
        return rendering.render(
            site, "problem.html", request, problem=problem, query=None, near=near
        ).encode()

    async def answer(request: Request, error: Exception) -> Response:
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
