"""The pages around the things: start, lists, text, figures and help."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import (
    citations,
    description,
    errors,
    facets,
    negotiation,
    settings,
    sheets,
    tables,
)
from publish.facets import Narrowed
from publish.questions import Book, Saved
from publish.records import Kind
from publish.stores import functions
from publish.web import previews, problems, rendering, signposts, templating
from publish.web.site import PASSAGES, STATIC, Site

_SLASHLESS = (
    "/browse",
    "/text",
    "/questions",
    "/pictures",
    "/statistics",
    "/help",
    "/search",
    "/changes",
)
FORMS = MappingProxyType(
    {
        "documents": negotiation.RDF_FORMATS,
        "CONSTRUCT, DESCRIBE": negotiation.GRAPH_FORMATS,
        "SELECT": negotiation.RESULT_FORMATS,
        "ASK": negotiation.BOOLEAN_FORMATS,
        "readers": (negotiation.HTML,),
    }
)
"""The formats, by what they are for."""
_LONGEST = 200
"""How many characters words to look for may have."""
_LEVELS = 5
"""How many shades the map of passages has, beside that of an empty one."""
_FOR_EVER = "public, max-age=31536000, immutable"
_MEDIA = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".wasm": "application/wasm",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
    }
)


def router(site: Site, book: Book) -> APIRouter:
    """Give the routes of the pages."""
    routes = APIRouter()
    _for_readers(routes, site, book)
    _for_those_who_write_a_slash(routes, site)
    _for_machines(routes, site)
    return routes


def _for_readers(routes: APIRouter, site: Site, book: Book) -> None:
    number = Query(default=1, ge=1, le=10**6)

    @routes.get("/", summary="The start page")
    async def home(request: Request, page: int = number) -> Response:
        """Say what the data set is and what it holds; of a bare file, its subjects.

        Who takes data alone is led on to the description of the data set.
        """
        about = site.dataset.description
        if about and _takes_data_alone(request):
            headers = {"Location": site.addresses.document(about.iri), "Vary": "Accept"}
            return Response(status_code=303, headers=headers)
        # In a thread of its own it holds up nobody: it counts what the text names most.
        return await run_in_threadpool(_home, site, request, page, _inviting(book))

    @routes.get("/browse", summary="The kinds of things")
    async def browse(request: Request) -> Response:
        """With how many there are of each."""
        return await site.made(_browse, site, request)

    @routes.get("/browse/{kind}", summary="The things of one kind")
    async def listed(
        request: Request,
        kind: str,
        page: int = number,
        q: str = Query(default="", max_length=_LONGEST, description="Words of the label"),
        format: Literal["csv", "html", ""] = Query(
            default="", description="`csv` gives all of them with what is said of each, as a table"
        ),
    ) -> Response:
        """In the order of their labels, page by page; a facet with a value narrows the list."""
        answer = _sheet if format == "csv" else _list
        return await run_in_threadpool(answer, site, request, kind, page, q)

    @routes.get("/text", summary="The text, passage by passage: what each carries")
    async def text(request: Request, page: int = number) -> Response:
        """In reading order, to lay one's own copy beside; the text itself is not here."""
        # In a thread of its own it holds up nobody: it reads what all passages carry.
        return await run_in_threadpool(_text, site, request, page)

    @routes.get("/statistics", summary="What the data cover, in figures")
    def figures(request: Request) -> Response:
        """By passage, by kind and by vocabulary."""
        # No coroutine: to count takes a moment, which in a thread holds up nobody.
        return _statistics(site, request)

    @routes.get("/help", summary="How to use this server")
    async def help_(request: Request) -> Response:
        """Addresses, formats, graphs, limits, errors."""
        return await site.made(_help, site, request)


def _for_those_who_write_a_slash(routes: APIRouter, site: Site) -> None:
    async def lead(request: Request) -> Response:
        """Lead on to the same address without it."""
        query = f"?{request.url.query}" if request.url.query else ""
        address = "/" + request.url.path.strip("/").rpartition("/")[2]
        return Response(status_code=308, headers={"Location": f"{site.prefix}{address}{query}"})

    for path in _SLASHLESS:
        routes.add_api_route(f"{path}/", lead, include_in_schema=False)


def _for_machines(routes: APIRouter, site: Site) -> None:
    @routes.get("/health", summary="Whether the server answers")
    async def health(response: Response) -> dict[str, str]:
        """For whoever watches over it, and not for who keeps answers on the way."""
        response.headers["Cache-Control"] = "no-store"
        return {"status": "ok", "version": site.version, "digest": site.dataset.digest}

    @routes.get("/static/scripts/{name}", summary="What the pages do in a browser")
    async def scripts(name: str) -> Response:
        """Scripts; another release has them under other names, so each may be kept for ever."""
        body, media = _read(STATIC / "scripts", name)
        return rendering.reply(site, body, media, headers={"Cache-Control": _FOR_EVER})

    @routes.get("/static/{name}", summary="What the pages look like")
    async def static(name: str) -> Response:
        """Style sheets and pictures."""
        body, media = _read(STATIC, name)
        return rendering.reply(site, body, media)


def _read(folder: Path, name: str) -> tuple[bytes, str]:
    path = folder / name
    media = _MEDIA.get(path.suffix)
    if not re.fullmatch(r"[\w-]+\.\w+", name) or media is None or not path.is_file():
        raise errors.NotFound(f"there is no file `{name[:80]}`")
    return path.read_bytes(), media


def _takes_data_alone(request: Request) -> bool:
    offers = (negotiation.HTML, *negotiation.RDF_FORMATS)
    try:
        return negotiation.choose(request.headers.get("accept"), offers) is not negotiation.HTML
    except errors.NotAcceptable:
        return False


def _inviting(book: Book) -> Sequence[Saved]:
    """Give all questions, first those that a reader can ask of something else too."""
    return sorted(book.all(), key=lambda one: not one.parameters)


def _home(site: Site, request: Request, page: int, questions: Sequence[Saved]) -> Response:
    about = site.dataset.description
    records = site.records
    subjects: Sequence[str] = () if about else records.subjects()
    shown = templating.paged(subjects, page, site.settings.page_size)
    site.source.meet([*shown.items, *((*about.creators, *about.examples) if about else ())])
    links = signposts.Signposts(site).home()
    return rendering.page(
        site,
        "home.html",
        request,
        headers={"Link": signposts.header(site, request, links), "Vary": "Accept"},
        markup=rendering.markup(site, request) if about else "",
        tags=tuple(description.tags(site.dataset)),
        coins=previews.coins_of_dataset(site),
        posts=signposts.within(links),
        kinds=_kinds(site),
        examples=_examples(site),
        questions=questions,
        graphs=_graphs(site),
        subjects=shown,
        frame=site.portraits.frame,
        levels=_levels(site.portraits.frame.weights),
        log=site.log,
    )


def _browse(site: Site, request: Request) -> Response:
    return rendering.page(site, "browse.html", request, kinds=_kinds(site))


def _named(site: Site) -> frozenset[str]:
    """Name the kinds of things that the text names; the others keep record of it."""
    return frozenset(kind.name for kind, _ in site.portraits.frame.named)


def _kinds(site: Site) -> list[Kind]:
    """Give all kinds, first those that the text names."""
    named = _named(site)
    return sorted(site.records.kinds(), key=lambda kind: kind.name not in named)


def _examples(site: Site) -> list[str]:
    """Give the things to begin with, first those that the text names."""
    about, named = site.dataset.description, _named(site)
    kind_of = site.portraits.frame.kind_of
    return sorted(about.examples if about else (), key=lambda iri: kind_of(iri) not in named)


def _listed(
    site: Site, request: Request, name: str, words: str
) -> tuple[Kind, Narrowed, dict[str, str]]:
    """Give a kind, what is left of its list, and the values that were chosen."""
    kind = next((one for one in site.records.kinds() if one.name == name), None)
    if kind is None:
        raise errors.NotFound(f"there is no list `{name[:80]}`; see all of them at /browse")
    known = {facet.name for facet in site.browser.facets(kind)}
    chosen = {name: value for name, value in request.query_params.items() if name in known}
    return kind, site.browser.narrowed(kind, chosen, words), chosen


def _sheet(site: Site, request: Request, name: str, page: int, words: str) -> Response:
    """Give a whole list as a table, whatever page of it is asked for."""
    _, narrowed, _ = _listed(site, request, name, words)
    if len(narrowed.members) > facets.LONGEST_ASKED:
        raise errors.NotFound(
            f"this list is longer than the {facets.LONGEST_ASKED} things of a table; narrow it"
        )
    text = sheets.write(site.records, narrowed.members, lambda iri: site.names.property(iri).value)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return rendering.reply(
        site, text.encode(), "text/csv; charset=utf-8; header=present", headers=headers
    )


def _list(site: Site, request: Request, name: str, page: int, words: str) -> Response:
    kind, narrowed, chosen = _listed(site, request, name, words)
    shown = templating.paged(narrowed.members, page, site.settings.page_size)
    site.source.meet(shown.items)
    return rendering.page(
        site,
        "list.html",
        request,
        kind=kind,
        page=shown,
        narrowed=narrowed,
        sheet=len(narrowed.members) <= facets.LONGEST_ASKED,
        chosen=chosen,
        words=words,
        coins=previews.coins(site.catalogue.entries(shown.items, citations.DOCUMENTS)),
    )


def _text(site: Site, request: Request, page: int) -> Response:
    frame = site.portraits.frame
    if not frame.passages:
        raise errors.NotFound(
            "these data name no passages of a text; see what they hold at /browse"
        )
    shown = templating.paged(frame.passages, page, PASSAGES)
    iris = {one.iri for one in shown.items}
    sections = [
        (whole, parts)
        for whole, inside in frame.sections
        if (parts := [one for one in inside if one.iri in iris]) or (whole and whole.iri in iris)
    ]
    return rendering.page(
        site,
        "text.html",
        request,
        page=shown,
        sections=sections,
        whole=sorted(frame.whole),
        carried=frame.carried([one.iri for one in shown.items]),
        levels=_levels(frame.weights),
    )


def _levels(weights: Mapping[str, int]) -> Mapping[str, int]:
    """Give the shade of each passage in the map: 0 is an empty one."""
    most = max(weights.values(), default=0)
    return {iri: -(-many * _LEVELS // max(most, 1)) for iri, many in weights.items()}


def _statistics(site: Site, request: Request) -> Response:
    found = site.figures
    if found is None:
        return rendering.page(
            site, "statistics.html", request, figures=None, linked=(), others=site.records.kinds()
        )
    parts = [one for _, inside in found.by_whole() for one in inside]
    kinds = [kind for kind in site.records.kinds() if kind.name in found.kinds]
    return rendering.page(
        site,
        "statistics.html",
        request,
        figures=found,
        levels=_levels({one.passage: one.records for one in parts}),
        linked=[kind for kind in kinds if kind.name in found.links],
        others=[kind for kind in kinds if kind.name not in found.links],
    )


def _graphs(site: Site) -> list[tuple[str, int]]:
    """Give the graphs with the number of their statements, the layers of the data first."""
    sizes = site.source.sizes
    names = sorted(filter(sizes.get, sizes), key=site.records.rank)
    return [(name, sizes[name]) for name in names]


def _help(site: Site, request: Request) -> Response:
    about = site.dataset.description
    example = next(iter(about.examples), about.iri) if about else ""
    given = site.settings
    shown = [one for one in settings.SETTINGS if one.public]
    return rendering.page(
        site,
        "help.html",
        request,
        example=example,
        example_path=site.addresses.path(example).removeprefix(site.prefix) if example else "",
        graphs=_graphs(site),
        forms_offered=FORMS.items(),
        settings=[(one, _spelled(getattr(given, one.name))) for one in shown],
        problems=problems.KINDS,
        functions={} if given.store else functions.NAMES,
        operators=tables.OPERATORS,
        controls=tables.CONTROLS,
    )


def _spelled(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)
