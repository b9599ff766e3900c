"""The files of a release, under the number of its version, and what leads to the latest.

What stands on a shelf under its version never changes, so that a client need not ask for it
again. A folder may be edited, and a release built anew in its place, under the same version:
then each file has a tag made of its bytes, and what is no more the file that was opened is not
sent as if it were.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from publish import conditions, description, errors, feeds, negotiation, serialization
from publish import namespaces as ns
from publish import release as releases
from publish.release import Release
from publish.web import files, mementos, rendering, signposts
from publish.web.site import Site

_FOREVER = "public, max-age=31536000, immutable"
"""For what has its version in its address and stays as it is (RFC 8246)."""
_SOON = "2"
"""Seconds after which another release may have been taken up."""
_MEDIA = MappingProxyType(
    {
        ".ttl": "text/turtle; charset=utf-8",
        ".nt": "application/n-triples",
        ".nq": "application/n-quads",
        ".trig": "application/trig; charset=utf-8",
        ".jsonld": "application/ld+json",
        ".rdf": "application/rdf+xml",
        ".json": "application/json",
        ".gz": "application/gzip",
        ".txt": "text/plain; charset=utf-8",
        ".md": "text/markdown; charset=utf-8",
    }
)
GROUPS = (
    (
        "All the data",
        "Every file holds the same statements; TriG and N-Quads say in which graph each stands.",
    ),
    (
        "About the release",
        "What it is, what it was checked against, and the checksums of its files.",
    ),
    ("Graph by graph", "Each file holds one graph."),
)
"""How the list of files is headed, and what is said of each part of it."""


def router(site: Site) -> APIRouter:
    """Give the routes for files."""
    routes = APIRouter()
    _for_the_latest(routes, site)
    _for_each_version(routes, site)
    return routes


def _for_the_latest(routes: APIRouter, site: Site) -> None:
    @routes.get("/dump", include_in_schema=False)
    async def dumps() -> Response:
        """Lead on to the list."""
        return Response(status_code=308, headers={"Location": f"{site.prefix}/dump/"})

    @routes.get("/dump/", summary="The files of the release")
    async def dump(request: Request) -> Response:
        """Give a list for readers."""
        return await site.made(_page, site, request, {})

    @routes.get("/dump/{name:path}", summary="A file of the latest release", status_code=307)
    async def latest(request: Request, name: str) -> Response:
        """Leads on to the file under the number of its version; `Accept-Datetime` chooses one."""
        return _latest(site, request, name)

    @routes.get("/timemap/{name:path}", summary="The versions of a file, and since when")
    async def timemap(request: Request, name: str) -> Response:
        """As links, for clients of Memento."""
        _held(site.release, name)
        body = mementos.Mementos(site, name).timemap(site.home(request))
        return rendering.reply(site, body, mementos.LINKS)

    @routes.get("/context.jsonld", summary="Short names for JSON-LD", status_code=307)
    async def context(request: Request) -> Response:
        """Lead on to the context of the latest release, which JSON-LD may name as its own."""
        return _latest(site, request, "context.jsonld")


def _latest(site: Site, request: Request, name: str) -> Response:
    """Lead on to a file as it is now, or as readers saw it at the time that they ask for."""
    _held(site.release, name)
    kept = mementos.Mementos(site, name)
    asked = request.headers.get("accept-datetime")
    headers = {
        "Location": f"{site.prefix}{feeds.version(kept.at(asked))}{quote(name)}",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Datetime",
        "Link": signposts.header(site, request, kept.links()),
    }
    # A TimeGate answers 302 (RFC 7089, 4.2.1).
    return Response(status_code=307 if asked is None else 302, headers=headers)


def _for_each_version(routes: APIRouter, site: Site) -> None:
    @routes.get("/release/{version}/", summary="One version")
    async def version(request: Request, version: str) -> Response:
        """Its files, or as data the description of the data set."""
        return await site.made(_version, site, request, version)

    @routes.get("/release/{version}/{name:path}", summary="A file of one version")
    async def release(request: Request, version: str, name: str) -> Response:
        """Whole, packed or in part (`Range`); on a shelf of releases it never changes."""
        if version == mementos.LATEST:
            return _latest(site, request, name)
        return _answer(site, request, _held(_earlier(site, version) or site.release, name), name)


def _version(site: Site, request: Request, version: str) -> Response:
    earlier = _earlier(site, version)
    offers = (negotiation.HTML, *negotiation.RDF_FORMATS)
    form = negotiation.choose(request.headers.get("accept"), offers)
    posts = signposts.Signposts(site)
    links = [*posts.dataset(), *posts.version(version)]
    headers = {"Vary": "Accept", "Link": signposts.header(site, request, links)}
    about = site.dataset.description
    if form is negotiation.HTML or about is None:
        return _page(site, request, headers, earlier)
    if earlier is None:
        body = rendering.describe(site, form, site.home(request))
    else:
        before = {one: old for one, old in site.before.items() if one == version}
        said = releases.parse_description(releases.read_description(earlier))
        told = {*said, *description.succession(about, before)}
        body = serialization.write(told, form, site.dataset.prefixes)
    return rendering.reply(site, body, form.content_type, headers=headers)


def _answer(site: Site, request: Request, opened: Release, name: str) -> Response:
    """Give a file of a release; status 503 where it is that of another one by now."""
    packed = f"{name}.gz"
    if not all(opened.stands(one) for one in (name, packed) if one in opened.files):
        if not opened.root.is_dir():
            told = (
                "the files of the release were removed here; whoever runs the server starts it anew"
            )
            raise HTTPException(503, told)
        told = "the release was replaced and is not taken up yet; ask again in a moment"
        raise HTTPException(503, told, {"Retry-After": _SOON})
    held = opened.files[name]
    kept = site.final and site.settings.cache_seconds
    memento = mementos.Mementos(site, name)
    links = [*signposts.Signposts(site).file(), *memento.links()]
    shown = memento.first(opened.version)
    file = files.File(
        path=opened.root / name,
        media=_media_of(name),
        tag=f'"{held.digest[:40]}"',
        modified=opened.date if site.final else held.modified,
        packed=opened.root / packed if packed in opened.files else None,
        headers={
            "Cache-Control": _FOREVER if kept else "no-cache",
            "Link": signposts.header(site, request, links),
            **({"Memento-Datetime": conditions.date(shown)} if shown else {}),
        },
    )
    return files.answer(request, file)


def _page(
    site: Site,
    request: Request,
    headers: Mapping[str, str],
    earlier: Release | None = None,
) -> Response:
    version = earlier.version if earlier else site.version
    opened = earlier or site.release
    known = ({*site.others, site.version} if opened else set()) - {version}
    return rendering.page(
        site,
        "dump.html",
        request,
        headers=headers,
        files=_listed(site, opened) if opened else [],
        version=version,
        others=sorted(known, key=ns.natural_order, reverse=True),
        changes=[
            (one, feeds.difference(version, one))
            for one in dict.fromkeys(step.version for step in reversed(site.history))
            if one != version and site.log and site.log.between(one, version)
        ],
    )


@dataclass(frozen=True)
class _File:
    """A file of the release with its size, and that of its compressed copy where it has one."""

    name: str
    media: str
    size: int
    zipped: int | None


def _listed(site: Site, opened: Release) -> list[tuple[str, str, list[_File]]]:
    """Sort the files of the release: the whole, single graphs, and what is said about them."""
    about, there = site.dataset.description, opened.files
    whole = f"{about.prefix}." if about else ""
    single = f"{about.prefix}-" if about else ""
    files = [
        _File(
            name=name,
            media=_media_of(name).partition(";")[0],
            size=held.stamp[1],
            zipped=there[f"{name}.gz"].stamp[1] if f"{name}.gz" in there else None,
        )
        for name, held in there.items()
        if not (name.endswith(".gz") and name.removesuffix(".gz") in there)
    ]
    sorted_out = (
        [file for file in files if file.name.startswith(whole)],
        [file for file in files if not file.name.startswith((whole, single))],
        [file for file in files if file.name.startswith(single)],
    )
    groups = zip(GROUPS, sorted_out, strict=True)
    return [(title, what, those) for (title, what), those in groups if those]


def _earlier(site: Site, version: str) -> Release | None:
    """Give the other release that a version is; nothing for the one that is shown."""
    if site.release and version == site.version:
        return None
    if version not in site.others:
        raise errors.NotFound(f"version {version[:80]} is not served here; see /dump/")
    return site.others[version]


def _held(opened: Release | None, name: str) -> Release:
    """Give the release if it has a file; only what was listed when the server began is there."""
    if opened is None or name not in opened.files:
        raise errors.NotFound(f"the release has no file `{name[:200]}`; see the list at /dump/")
    return opened


def _media_of(name: str) -> str:
    suffix = "." + name.rpartition(".")[2] if "." in name else ".txt"
    return _MEDIA.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
