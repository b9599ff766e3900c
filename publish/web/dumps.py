"""The files of a release, under the number of its version, and what leads to the latest.

What has its version in its address never changes, so that a client need not ask for it again.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from publish import errors, feeds, negotiation
from publish import namespaces as ns
from publish import release as releases
from publish.release import Release
from publish.version import __version__
from publish.web import files, rendering, signposts

LATEST = "latest"
"""What stands in the place of a version for the one that is shown."""
_FOREVER = "public, max-age=31536000, immutable"
"""For what has its version in its address (RFC 8246)."""
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


def router(site: rendering.Site) -> APIRouter:
    """Give the routes for files."""
    routes = APIRouter()
    posts = signposts.Signposts(site)
    links = signposts.header(posts.file())

    @routes.get("/dump", include_in_schema=False)
    async def dumps() -> Response:
        """Lead on to the list."""
        return Response(status_code=308, headers={"Location": f"{site.prefix}/dump/"})

    @routes.get("/dump/", summary="The files of the release")
    async def dump(request: Request) -> Response:
        """Give a list for readers."""
        return await site.made(_page, site, request, {})

    @routes.get("/dump/{name:path}", summary="A file of the latest release", status_code=307)
    async def latest(name: str) -> Response:
        """Leads on to the file under the number of its version."""
        _file(site.files, name)
        place = f"{site.prefix}/release/{quote(site.version)}/{quote(name)}"
        return Response(status_code=307, headers={"Location": place, "Cache-Control": "no-cache"})

    @routes.get("/context.jsonld", summary="Short names for JSON-LD", status_code=307)
    async def context() -> Response:
        """Lead on to the context of the latest release, which JSON-LD may name as its own."""
        return await latest("context.jsonld")

    @routes.get("/release/{version}/", summary="One version")
    async def version(request: Request, version: str) -> Response:
        """Its files, or as data the description of the data set."""
        earlier = _earlier(site, version)
        offers = (negotiation.HTML, *negotiation.RDF_FORMATS)
        form = negotiation.choose(request.headers.get("accept"), offers)
        links = [*posts.dataset(), *posts.version(version)]
        headers = {"Vary": "Accept", "Link": signposts.header(links)}
        if form is negotiation.HTML or site.dataset.description is None:
            return await site.made(_page, site, request, headers, earlier)
        if earlier is not None:
            told = await site.made(releases.read_description, earlier)
            body = rendering.write(told, form, site.dataset.prefixes)
            return site.reply(body, form.content_type, headers=headers)
        body = await site.made(site.described_as, form, site.home(request))
        return site.reply(body, form.content_type, headers=headers)

    @routes.get("/release/{version}/{name:path}", summary="A file of one version")
    async def release(request: Request, version: str, name: str) -> Response:
        """Whole, packed or in part (`Range`); it never changes."""
        if version == LATEST:
            return await latest(name)
        earlier = _earlier(site, version)
        there = _files(earlier) if earlier else site.files
        digest = earlier.digest if earlier else site.dataset.digest
        file = files.File(
            path=_file(there, name),
            media=_media_of(name),
            tag=f'"{digest[:24]}-{__version__}-{quote(name)}"',
            modified=earlier.date if earlier else site.dated,
            packed=there.get(f"{name}.gz"),
            headers={
                "Cache-Control": _FOREVER if site.settings.cache_seconds else "no-cache",
                **({"Link": links} if links else {}),
            },
        )
        return files.answer(request, file)

    return routes


def _page(
    site: rendering.Site,
    request: Request,
    headers: Mapping[str, str],
    earlier: Release | None = None,
) -> Response:
    version = earlier.version if earlier else site.version
    there = _files(earlier) if earlier else site.files
    known = ({*site.others, site.version} if site.files else set()) - {version}
    return site.page(
        "dump.html",
        request,
        headers=headers,
        files=_listed(site, there),
        version=version,
        others=sorted(known, key=ns.natural_order, reverse=True),
        changes=[
            (one.before, feeds.difference(one.version, one.before))
            for one in site.history
            if one.before and one.version == version
        ],
    )


def _files(release: Release) -> dict[str, Path]:
    return {name: release.root / name for name in release.files}


@dataclass(frozen=True)
class _File:
    """A file of the release with its size, and that of its compressed copy where it has one."""

    name: str
    media: str
    size: int
    zipped: int | None


def _listed(site: rendering.Site, there: Mapping[str, Path]) -> list[tuple[str, str, list[_File]]]:
    """Sort the files of the release: the whole, single graphs, and what is said about them."""
    about = site.dataset.description
    whole = f"{about.prefix}." if about else ""
    single = f"{about.prefix}-" if about else ""
    files = [
        _File(
            name=name,
            media=_media_of(name).partition(";")[0],
            size=path.stat().st_size,
            zipped=there[f"{name}.gz"].stat().st_size if f"{name}.gz" in there else None,
        )
        for name, path in there.items()
        if not (name.endswith(".gz") and name.removesuffix(".gz") in there)
    ]
    groups = (
        (
            "All the data",
            "Every file holds the same statements; TriG and N-Quads say in which graph each stands.",
            [file for file in files if file.name.startswith(whole)],
        ),
        (
            "About the release",
            "What it is, what it was checked against, and the checksums of its files.",
            [file for file in files if not file.name.startswith((whole, single))],
        ),
        (
            "Graph by graph",
            "Each file holds one graph.",
            [file for file in files if file.name.startswith(single)],
        ),
    )
    return [group for group in groups if group[2]]


def _earlier(site: rendering.Site, version: str) -> Release | None:
    """Give the other release that a version is; nothing for the one that is shown."""
    if site.files and version == site.version:
        return None
    if version not in site.others:
        raise errors.NotFound(f"version {version[:80]} is not served here; see /dump/")
    return site.others[version]


def _file(there: Mapping[str, Path], name: str) -> Path:
    """Give a file of a release; only what was listed when the server began is there."""
    if name not in there:
        raise errors.NotFound(f"the release has no file `{name[:200]}`; see the list at /dump/")
    return there[name]


def _media_of(name: str) -> str:
    suffix = "." + name.rpartition(".")[2] if "." in name else ".txt"
    return _MEDIA.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
