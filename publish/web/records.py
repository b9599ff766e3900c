"""Following an IRI: to the document about a thing, in the format that is asked for.

A thing is not a document: its address answers 303 and leads to `/doc/…` (Cool URIs for the
Semantic Web). Whatever else stands below the base (the data set, a graph, a question, the terms)
is itself a document and answers where it is. Documents are written from the source, so every
value is spelled as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from publish import (
    citations,
    declarations,
    description,
    errors,
    mappings,
    negotiation,
    portraits,
    serialization,
    terms,
    turtle,
)
from publish import namespaces as ns
from publish.graphs import Place
from publish.portraits import Portrait
from publish.questions import Saved
from publish.records import Record
from publish.web import addresses, previews, rendering, signposts, vocabularies
from publish.web.site import Site

_MANAGED = frozenset((citations.BIBTEX, citations.RIS, citations.CSL))
"""The formats of reference managers."""
SSSOM = negotiation.Format("sssom", "text/tab-separated-values", "sssom.tsv")
"""What a table of links is offered in before all other formats, since its own name ends so."""


@dataclass(frozen=True)
class Overview:
    """What the page about the data set shows beside its record."""

    files: Sequence[description.File]
    linksets: Sequence[description.Linkset]
    markup: str
    tags: Sequence[tuple[str, str]]
    coins: Sequence[str]


class Documents:
    """The documents about the things of one data set."""

    def __init__(self, site: Site, between: Saved | None) -> None:
        """Answer for a site; `between` asks what a thing has to do with another one."""
        self._site = site
        self._between = between
        self._records = site.records
        self._posts = signposts.Signposts(site)
        self._vocabularies = vocabularies.Vocabularies(site)
        self._versions = terms.versions(site.records)

    def takes_long(self, rest: str) -> bool:
        """Say whether a path may lead to a document of terms, which is long."""
        base = self._site.dataset.base
        return any(rest.startswith(iri.removeprefix(base)) for iri in self._site.vocabularies)

    def follow(self, request: Request, rest: str) -> Response:
        """Answer for an IRI below the base: lead on to a document, or be one."""
        base, things = self._site.dataset.base, self._site.things.lstrip("/")
        iri, form = self._found(base, rest)
        if rest.startswith(things) and base:
            suffix = f".{form.suffix}" if form else ""
            heir = self._heir(iri)
            if not self._site.served:
                return rendering.page(self._site, "thing.html", request, iri=heir or iri)
            return Response(
                status_code=301 if heir else 303,
                headers={
                    "Location": self._site.addresses.path(heir) + suffix
                    if heir
                    else self._site.addresses.document(iri, suffix),
                    "Vary": "Accept",
                    "Cache-Control": rendering.control(self._site),
                },
            )
        return self.document(request, iri, form)

    def _heir(self, iri: str) -> str:
        """Give the thing that stands for a retired one; nothing where there is none, or several."""
        substitutes = _substitutes(iri, self._records.triples(iri)) or ()
        space = self._site.dataset.description.uri_space if self._site.dataset.description else ""
        ours = [one for one in substitutes if one.startswith(space) and self._records.knows(one)]
        return ours[0] if len(ours) == len(substitutes) == 1 and ours[0] != iri else ""

    def about_thing(self, request: Request, rest: str) -> Response:
        """Answer for `/doc/…`."""
        about = self._site.dataset.description
        iri, form = self._found(about.uri_space if about else "", rest)
        return self.document(request, iri, form)

    def _found(self, space: str, rest: str) -> tuple[str, negotiation.Format | None]:
        """Find what a path names, and its format where it ends in a suffix.

        A slug may have a dot, so the whole path is tried first.
        """
        readings = tuple(_readings(space, rest))
        iris = [iri for iri, _ in readings]
        if space:
            self._records.source.meet(iris)
            for iri, form in readings:
                if self._records.knows(iri):
                    return iri, form
        self._site.mourn(iris)
        raise errors.NotFound(
            f"there is nothing at `/{rest[:200]}`; look for it in the lists or ask in SPARQL"
        )

    def document(
        self, request: Request, iri: str, form: negotiation.Format | None = None
    ) -> Response:
        """Give the document about an IRI, in the format asked for or else the one preferred."""
        named, iri = iri, self._versions.get(iri, iri)
        if named != iri and not self._site.served:
            # A file is no other file, and a second copy of a long one is not worth its room.
            return rendering.page(self._site, "thing.html", request, iri=iri)
        negotiated = form is None
        if not self._records.knows(iri):
            self._site.mourn([iri])
        own = (SSSOM,) if self._is_table(iri) else ()
        if form is None:
            asked = request.query_params.get("format")
            # Whoever says nothing is a program.
            offers = (*own, *negotiation.RDF_FORMATS, negotiation.HTML)
            accept = request.headers.get("accept")
            form = negotiation.named(asked, offers) if asked else negotiation.choose(accept, offers)
        links = self._posts.document(request, iri, form, negotiated=negotiated, own=own)
        suffix = "" if form is SSSOM else f".{form.suffix}"
        headers = {
            "Vary": "Accept",
            "Content-Location": self._site.addresses.document(iri, suffix),
            "Link": signposts.header(self._site, request, links),
        }
        if form is negotiation.HTML:
            return self._page(request, iri, headers, signposts.within(links))
        body = self._data(self._site.home(request), iri, form)
        return rendering.reply(self._site, body, form.content_type, headers=headers)

    def _data(self, home: str, iri: str, form: negotiation.Format) -> bytes:
        if not self._records.knows(iri):
            raise errors.NotFound(f"nothing is known of <{iri}>; look for it in the lists")
        about = self._site.dataset.description
        if about is not None and iri == about.iri:
            return rendering.describe(self._site, form, home)
        if form is SSSOM:
            return mappings.written(iri, self._records.triples(iri), self._site.dataset.prefixes)
        triples = self._records.triples(iri) | self._of_document(iri)
        if self._site.vocabularies.get(iri) == "Terms":
            triples |= declarations.declared(triples)
        return serialization.write(triples, form, self._site.dataset.prefixes, [iri])

    def _is_table(self, iri: str) -> bool:
        """Say whether a document is a table of links (SSSOM)."""
        about = self._site.dataset.description
        if about is not None and iri.startswith(about.uri_space):
            return False
        said = self._records.source.said([iri])
        table = turtle.Named(ns.SSSOM + "MappingSet")
        return any(
            one.predicate.value == ns.TYPE and one.object == table for _, one in said.outgoing(iri)
        )

    def _of_document(self, iri: str) -> set[turtle.Triple]:
        """Say what the document is about, where it belongs and under which licences.

        Of a graph, which need not say anything of itself, say how large it is.
        """
        size = self._site.source.sizes.get(iri)
        if size is not None:
            return {
                _triple(iri, ns.TYPE, turtle.Named(ns.VOID + "Dataset")),
                _triple(iri, ns.VOID + "triples", turtle.Literal(size)),
            }
        return self._site.imprints.document(iri, self._records.graphs(iri))

    def _page(
        self,
        request: Request,
        iri: str,
        headers: dict[str, str],
        posts: Sequence[signposts.Link],
    ) -> Response:
        about = self._site.dataset.description
        if about is not None and iri.startswith(about.uri_space):
            return self._portrait(request, iri, headers, posts)
        record = self._records.record(iri)
        if iri in self._site.vocabularies:
            return self._vocabularies.page(
                request, record, headers, self._posts.canonical(request, iri)
            )
        substitutes = _substitutes(iri, self._records.triples(iri))
        return rendering.page(
            self._site,
            "record.html",
            request,
            # RFC 9110, 15.5.11: it is gone for good, and this page says so.
            status=200 if substitutes is None else 410,
            headers=headers,
            substitutes=substitutes,
            record=record,
            canonical=self._posts.canonical(request, iri),
            kind=self._kind(iri),
            question=self._records.question(iri),
            graph_size=self._site.source.sizes.get(iri),
            sources=_begins(record),
            terms=[self._records.record(term) for term in self._records.terms(iri)],
            overview=self._overview(request, iri),
            posts=posts,
        )

    def _portrait(
        self,
        request: Request,
        iri: str,
        headers: dict[str, str],
        posts: Sequence[signposts.Link],
    ) -> Response:
        """Give the page about a thing; its long lists are cut, all at the page asked for."""
        site = self._site
        portrait = site.portraits.portrait(iri)
        substitutes = _substitutes(iri, self._records.triples(iri))
        canonical = self._posts.canonical(request, iri)
        preview = previews.of_thing(site, portrait, canonical)
        more = signposts.header(site, request, preview.links(site, iri))
        headers |= {"Link": ", ".join(filter(None, (headers.get("Link"), more)))}
        asked = request.query_params.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 8 else 1
        return rendering.page(
            site,
            "portrait.html",
            request,
            status=200 if substitutes is None else 410,
            headers=headers,
            substitutes=substitutes,
            portrait=portrait,
            record=portrait.record,
            preview=preview,
            posts=posts,
            canonical=canonical,
            number=number,
            places=_begins(portrait.record),
            queries=portraits.queries(site.portraits.roles, iri),
            managers=[one for one in site.profiles if _MANAGED.intersection(one.formats)],
            cited=self._cited(iri, portrait.record.label.value),
            between=self._between if _is_named(portrait) else None,
        )

    def _cited(self, iri: str, label: str) -> str:
        """Cite a record within its own page; a server has a page of its own for all styles."""
        site, about = self._site, self._site.dataset.description
        if site.served or about is None:
            return ""
        makers = tuple(self._records.label(one).value for one in about.creators)
        return site.styles.short(iri, label, about, makers)

    def _overview(self, request: Request, iri: str) -> Overview | None:
        about = self._site.dataset.description
        if about is None or iri != about.iri:
            return None
        release = self._site.release
        linksets = [*description.linksets(self._site.description)]
        self._site.source.meet(name for one in linksets for name in (one.target, one.predicate))
        return Overview(
            files=[file for file in (release.described if release else ()) if not file.graph],
            linksets=linksets,
            markup=rendering.markup(self._site, request),
            tags=tuple(description.tags(self._site.dataset)),
            coins=previews.coins_of_dataset(self._site),
        )

    def _kind(self, iri: str) -> object:
        about = self._site.dataset.description
        if about is None or not iri.startswith(about.uri_space):
            return None
        name = iri.removeprefix(about.uri_space).partition("/")[0]
        return next((kind for kind in self._records.kinds() if kind.name == name), None)


def _substitutes(iri: str, triples: Iterable[turtle.Triple]) -> tuple[str, ...] | None:
    """Give what stands for a thing that is retired; `None` for one that is not."""
    thing = turtle.Named(iri)
    said = [(one.predicate.value, one.object) for one in triples if one.subject == thing]
    if not any(
        predicate == ns.OWL + "deprecated" and value.value in ns.TRUE
        for predicate, value in said
        if isinstance(value, turtle.Literal)
    ):
        return None
    found = {
        value.value
        for predicate, value in said
        if predicate == ns.DCTERMS + "isReplacedBy" and isinstance(value, turtle.Named)
    }
    return tuple(sorted(found))


def _readings(space: str, rest: str) -> Iterator[tuple[str, negotiation.Format | None]]:
    """Give every IRI that a path may name: as a whole, then before the suffix of a format."""
    yield from ((space + name, None) for name in addresses.spellings(rest))
    for form in rendering.SUFFIXES:
        if rest.endswith(f".{form.suffix}"):
            stem = rest.removesuffix(f".{form.suffix}")
            yield from ((space + name, form) for name in addresses.spellings(stem))


def _triple(subject: str, predicate: str, value: turtle.Named | turtle.Literal) -> turtle.Triple:
    return turtle.Triple(turtle.Named(subject), turtle.Named(predicate), value)


def _begins(record: Record) -> dict[str, Place]:
    """Say for each graph where in the source the thing begins."""
    first: dict[str, Place] = {}
    places = sorted(
        ((one.graph, one.place) for one in record.statements if one.place),
        key=lambda pair: (pair[0], pair[1].path, pair[1].line),
    )
    for graph, place in places:
        first.setdefault(graph, place)
    return first


def _is_named(portrait: Portrait) -> bool:
    """Say whether the text names a thing, or cites it: what is not named has no company there."""
    return any(way.times for one in portrait.sightings for way in one.ways)


def router(site: Site, between: Saved | None) -> APIRouter:
    """Give the routes for things, documents, terms and files."""
    routes = APIRouter()
    documents = Documents(site, between)

    @routes.get("/doc/{path:path}", summary="The document about a thing")
    async def doc(request: Request, path: str) -> Response:
        """Choose by suffix, `format` or Accept header."""
        return await site.made(
            documents.about_thing, request, addresses.sent(request.scope, "/doc/")
        )

    @routes.get("/describe", summary="What is said of any IRI")
    def describe(request: Request, iri: str) -> Response:
        """For IRIs that have no address here: of other data sets, or of a bare file."""
        # No coroutine: a class of a large file has very many members, and in a thread of its
        # own its page holds up nobody.
        return documents.document(request, iri)

    @routes.get("/{path:path}", summary="Whatever has an IRI below the base")
    async def follow(request: Request, path: str) -> Response:
        """Lead on from a thing to its document (303); terms, graphs and questions are documents."""
        rest = addresses.sent(request.scope, "/")
        if documents.takes_long(rest):
            # In a thread of its own it holds up nobody.
            return await run_in_threadpool(documents.follow, request, rest)
        return await site.made(documents.follow, request, rest)

    return routes
