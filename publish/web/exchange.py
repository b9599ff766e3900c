"""Records in the formats of libraries and reference managers: one by one, and of the whole set.

A document about a thing (`/doc/…`) is had in such a format by its suffix, its media type, or by
profile (`?profile=`, `Accept-Profile`; W3C, Content Negotiation by Profile). All other requests
for documents are left to the routes behind these. `/export/` lists the formats with their
tables of mappings and offers the whole set, one kind of it, or a selection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qs
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from publish import citations, crosswalks, errors, negotiation
from publish.catalogue import FIELDS, Catalogue
from publish.crosswalks import Profile, Release
from publish.negotiation import Format
from publish.web import addresses, rendering
from publish.web.site import Site

_UNAPI = "application/xml"
_MANAGERS = (citations.BIBTEX, citations.CSL)
_MOST = 1_000
"""How many things a selection may name."""
_PROFILE = re.compile(r"\s*<?([^<>;,\s]+)>?\s*(?:;\s*q\s*=\s*([0-9]+(?:\.[0-9]*)?)\s*)?")


class Exchange:
    """The formats that one site offers its records in."""

    def __init__(self, site: Site, catalogue: Catalogue) -> None:
        self._site = site
        self._catalogue = catalogue
        self.profiles = site.profiles
        # What says by its media type which profile it is; plain XML and RDF do not.
        library = (crosswalks.MARC_XML, crosswalks.MARC, crosswalks.MODS, crosswalks.GEOJSON)
        self._offers = (*library, citations.BIBTEX, citations.RIS, citations.CSL)
        self._suffixes = [
            (profile, form)
            for profile in self.profiles
            for form in profile.formats
            if form not in negotiation.RDF_FORMATS
        ]

    @property
    def release(self) -> Release:
        """What records say of their release."""
        return Release.of(self._site.dataset)

    def wants(self, scope: Scope) -> bool:
        """Say whether a request for a document asks for one of these formats."""
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        if "profile" in asked or "_profile" in asked:
            return True
        path, headers = scope["path"], Headers(scope=scope)
        if any(path.endswith(f".{form.suffix}") for _, form in self._suffixes):
            return not self._is_thing(scope)
        if self._accepted(headers.get("accept-profile", "")):
            return True
        if "format" in asked:
            return asked["format"][0] in {form.name for form in self._offers}
        return self._by_media(headers.get("accept", "")) is not None

    def _is_thing(self, scope: Scope) -> bool:
        """Say whether a path that ends like a format is the name of a thing; a slug may have dots."""
        rest = addresses.sent(scope, "/doc/").removeprefix(self._site.things)
        return not self._site.source.distant and any(
            self._site.records.knows(self._space + name) for name in addresses.spellings(rest)
        )

    @property
    def _space(self) -> str:
        about = self._site.dataset.description
        return about.uri_space if about else ""

    def _by_media(self, accept: str) -> Format | None:
        """Choose one of these formats where an Accept header likes it better than all others."""
        if not any(
            media in accept.lower()
            for form in self._offers
            for media in (form.media, *form.aliases)
        ):
            return None
        offers = (*negotiation.RDF_FORMATS, negotiation.HTML, *self._offers)
        try:
            chosen = negotiation.choose(accept, offers)
        except errors.NotAcceptable:
            return None
        return chosen if chosen in self._offers else None

    def _accepted(self, header: str) -> Profile | None:
        """Choose the profile that Accept-Profile likes best; what is unknown is passed over."""
        found: list[tuple[float, Profile]] = []
        for part in header[:2_000].split(","):
            match = _PROFILE.fullmatch(part)
            profile = crosswalks.known(match[1], self.profiles) if match else None
            if match and profile:
                found.append((float(match[2] or 1), profile))
        best = max(found, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] > 0 else None

    # --- one record ----------------------------------------------------------------------------

    def document(self, request: Request, rest: str) -> Response:
        """Give the record of one thing."""
        profile, form, rest = self._chosen(request, rest)
        iri = self._found(rest)
        entry = self._catalogue.entry(iri)
        body = profile.record(entry, form, self.release)
        plain = self._site.addresses.document(iri)
        whole = self._site.addresses.whole(self._site.home(request), plain)
        links = [f'<{profile.iri}>; rel="profile"', f'<{whole}>; rel="canonical"']
        links += [
            f'<{whole}?profile={one.name}>; rel="alternate"; type="{one.formats[0].media}"; '
            f'formats="{one.iri}"'
            for one in self.profiles
            if entry.kind in one.kinds
        ]
        named = form in negotiation.RDF_FORMATS
        place = f"{plain}.{form.suffix}" + (f"?profile={profile.name}" if named else "")
        headers = {
            "Vary": "Accept, Accept-Profile",
            "Content-Location": place,
            "Link": ", ".join(links),
        }
        return rendering.reply(self._site, body, form.content_type, headers=headers)

    def lead_on(self, request: Request, rest: str) -> Response:
        """Lead from a thing to its record."""
        query = request.url.query
        place = self._site.addresses.document(self._space + rest) + (f"?{query}" if query else "")
        return Response(status_code=303, headers={"Location": place, "Vary": "Accept"})

    def _chosen(self, request: Request, rest: str) -> tuple[Profile, Format, str]:
        """Choose profile and format: what the address says counts before what headers say."""
        asked = request.query_params
        named = (*asked.getlist("profile"), *asked.getlist("_profile"))
        name = next(filter(None, named), "")
        for profile, form in self._suffixes:
            if rest.endswith(f".{form.suffix}") and (not name or name == profile.name):
                return profile, form, rest.removesuffix(f".{form.suffix}")
        header = request.headers.get("accept-profile", "")
        chosen = crosswalks.find(name, self.profiles) if name else self._accepted(header)
        accept = request.headers.get("accept")
        if chosen is None:
            wanted = asked.get("format")
            own = negotiation.find(wanted, self._offers) if wanted else self._by_media(accept or "")
            return next((p, f, rest) for p in self.profiles for f in p.formats if f == own)
        for form in chosen.formats:
            if rest.endswith(f".{form.suffix}"):
                return chosen, form, rest.removesuffix(f".{form.suffix}")
        if asked.get("format"):
            return chosen, negotiation.find(asked["format"], chosen.formats), rest
        form = negotiation.choose(accept, (*chosen.formats, negotiation.HTML))
        # A browser that opens such an address is to see something, though there is no page of it.
        return chosen, chosen.formats[0] if form is negotiation.HTML else form, rest

    def _found(self, rest: str) -> str:
        source, space = self._site.source, self._space
        iris = [space + name for name in addresses.spellings(rest)] if space else []
        source.meet(iris)
        for iri in iris:
            if source.knows(iri):
                return iri
        self._site.mourn(iris)
        raise errors.NotFound(f"there is nothing at `/doc/{rest[:200]}`; look for it in the lists")

    def unapi(self, iri: str, name: str) -> Response:
        """Answer as unAPI (revision 1) has it: the formats, those of a thing, or a record.

        Only formats of which Zotero, its one reader, makes what a work is are named. It would
        prefer those of libraries, of which it reads neither the kind of a book nor its language,
        and then RIS, of which it takes a work of no known form for an article in a journal.
        """
        if not iri:
            return rendering.reply(self._site, _formats("", _MANAGERS), _UNAPI)
        entry = self._catalogue.entry(iri)
        offered = {
            form.name: (profile, form)
            for profile, form in self._suffixes
            if entry.kind in profile.kinds and form in _MANAGERS
        }
        if not name:
            body = _formats(iri, [form for _, form in offered.values()])
            return rendering.reply(self._site, body, _UNAPI, 300)
        if name not in offered:
            raise errors.NotAcceptable(
                f"there is no format `{name[:80]}` of this; ask for one of: {', '.join(offered)}",
                [*offered],
            )
        profile, form = offered[name]
        return rendering.reply(
            self._site, profile.record(entry, form, self.release), form.content_type
        )

    def cite(self, request: Request, rest: str) -> Response:
        """Give the citations of a thing as readers write them."""
        site, iri = self._site, self._found(rest)
        about = site.dataset.description
        if about is None:
            raise errors.NotFound("a bare file has nothing to be cited as")
        site.source.meet([iri, *about.creators])
        record = site.records.record(iri)
        entry = next(iter(self._catalogue.entries([iri])), None)
        makers = tuple(site.records.label(one).value for one in about.creators)
        is_work = entry is not None and entry.kind in citations.DOCUMENTS
        return rendering.page(
            site,
            "cite.html",
            request,
            record=record,
            work=site.styles.work(entry) if entry and is_work else (),
            cited=site.styles.record(iri, record.label.value, about, makers),
            offered=[f for p, f in self._suffixes if entry and entry.kind in p.kinds],
        )

    # --- the whole -----------------------------------------------------------------------------

    def download(self, name: str, kinds: Sequence[str], iris: Sequence[str]) -> Response:
        """Give all records of a format, those of some kinds, or those of some things."""
        title, _, suffix = name.partition(".")
        profile = next((one for one in self.profiles if one.name == title), None)
        form = (
            next((one for one in profile.formats if one.suffix == suffix), None)
            if profile
            else None
        )
        if profile is None or form is None:
            raise errors.NotFound(f"there is no export `{name[:80]}`; see the list at /export/")
        wanted = [kind for kind in profile.kinds if not kinds or kind.value in kinds]
        if unknown := sorted(set(kinds) - {kind.value for kind in profile.kinds}):
            raise errors.NotFound(
                f"{profile.title} has no kind `{unknown[0][:80]}`; "
                f"it has: {', '.join(profile.kinds)}"
            )
        if len(iris) > _MOST:
            raise errors.QueryTooLarge(
                f"a selection may name {_MOST} things and this names {len(iris)}; ask in parts"
            )
        chosen = [self._catalogue.entry(iri).iri for iri in iris] or None
        entries = self._catalogue.entries(chosen, wanted)
        body = b"".join(profile.write(entries, form, self.release))
        headers = {"Content-Disposition": f'inline; filename="{profile.name}.{form.suffix}"'}
        return rendering.reply(self._site, body, form.content_type, headers=headers)


def _formats(iri: str, forms: Sequence[Format]) -> bytes:
    lines = "".join(
        f"<format name={quoteattr(form.name)} type={quoteattr(form.media)}/>\n" for form in forms
    )
    named = f" id={quoteattr(iri)}" if iri else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{named}>\n{lines}</formats>\n'.encode()


def router(site: Site, catalogue: Catalogue) -> APIRouter:
    """Give the routes of records in other formats; they stand before those of documents."""
    exchange = Exchange(site, catalogue)
    routes = APIRouter(route_class=_only(exchange.wants))

    async def record(request: Request, thing: str) -> Response:
        """By suffix, media type or profile."""
        rest = addresses.sent(request.scope, "/doc/")
        return await run_in_threadpool(exchange.document, request, rest)

    async def lead_on(request: Request, thing: str) -> Response:
        """To the record about a thing (303)."""
        return exchange.lead_on(request, addresses.sent(request.scope, site.things))

    routes.add_api_route(
        "/doc/{thing:path}", record, summary="The record of a thing in a format of libraries"
    )
    if site.things != "/":
        routes.add_api_route(
            site.things + "{thing:path}", lead_on, summary="From a thing to such a record"
        )
    whole = APIRouter()

    @whole.get("/cite/{thing:path}", summary="How a record, and a work, is cited")
    async def cite(request: Request, thing: str) -> Response:
        """In common styles."""
        return await run_in_threadpool(
            exchange.cite, request, addresses.sent(request.scope, "/cite/")
        )

    if site.served:
        _add_whole(whole, site, exchange)
    whole.include_router(routes)
    return whole


def _add_whole(whole: APIRouter, site: Site, exchange: Exchange) -> None:
    @whole.get("/export/", summary="The formats, and what becomes of what in them")
    async def formats(request: Request) -> Response:
        """Each with its table of mappings."""
        return await site.made(
            rendering.page, site, "export.html", request, profiles=exchange.profiles, fields=FIELDS
        )

    @whole.get("/export/{name}", summary="All records in one format")
    def export(
        name: str,
        kind: Annotated[list[str] | None, Query()] = None,
        iri: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        """Of every kind, of some (`kind`), or of some things (`iri`)."""
        return exchange.download(name, kind or [], iri or [])

    @whole.get("/unapi", summary="Records for reference managers, as unAPI has it")
    async def unapi(id: str = "", format: str = "") -> Response:
        """By the IRI of a thing and the name of a format."""
        return await run_in_threadpool(exchange.unapi, id, format)


def _only(wants: Callable[[Scope], bool]) -> type[APIRoute]:
    """Make a kind of route that takes only some of the requests for its path."""

    class Chosen(APIRoute):
        def matches(self, scope: Scope) -> tuple[Match, Any]:
            found, child = super().matches(scope)
            if found is Match.NONE or not wants(scope):
                return Match.NONE, {}
            return found, child

    return Chosen
