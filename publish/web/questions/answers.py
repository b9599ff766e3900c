"""The answers to saved questions: which is asked, in which format, and its rows as a reader wants them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from publish import errors, negotiation, query, querytext, scanning, serialization, tables
from publish import namespaces as ns
from publish.questions import Book, Saved
from publish.stores import formats
from publish.tables import Table, Wish
from publish.web import express, protocol, rendering, signposts, sparql
from publish.web.addresses import QUESTIONS
from publish.web.questions.asking import Asked, address, read
from publish.web.questions.forms import Forms, Shown
from publish.web.questions.listing import Listing
from publish.web.records import Documents
from publish.web.site import Site


class Questions:
    """The saved questions of a site, and the answers to them."""

    def __init__(
        self,
        site: Site,
        endpoint: sparql.Endpoint,
        documents: Documents,
        book: Book,
    ) -> None:
        self._site = site
        self._endpoint = endpoint
        self._documents = documents
        self._forms = Forms(site, book)
        self.book = book
        self.listing = Listing(site, book)

    async def answer(self, request: Request, rest: str) -> Response:
        """Answer for `/questions/NAME`, with or without the suffix of a format."""
        one, form = self._found(rest)
        if one is None:
            return await self._site.made(self._other, request, rest)
        offers = self.offers(one)
        asked = None
        try:
            asked = read(one, request)
            form = form or self._chosen(request, asked.format, offers)
            if one.question.form in ("SELECT", "ASK") and form in negotiation.RDF_FORMATS:
                return await self._site.made(self._described, request, one, form)
            return await self._answered(request, one, asked, form)
        except errors.ParameterError as error:
            if form is None:
                form = self._chosen(request, "", offers)
            if form is not negotiation.HTML:
                raise
            asked = asked or Asked({}, Wish())
            return await self._site.made(
                self._forms.page, request, one, asked, Shown(wrong=error), lasting=False
            )

    # --- finding ---------------------------------------------------------------------------

    def _found(self, rest: str) -> tuple[Saved | None, negotiation.Format | None]:
        name = unquote(rest)
        one = self.book.get(name)
        if one is not None:
            return one, None
        stem, dot, suffix = name.rpartition(".")
        one = self.book.get(stem) if dot else None
        if one is None:
            return None, None
        offers = self.offers(one)
        return one, next((form for form in offers if suffix in (form.suffix, form.name)), None) or (
            negotiation.find(suffix, offers)
        )

    def _other(self, request: Request, rest: str) -> Response:
        """Answer for what the data themselves have at such an address."""
        try:
            return self._documents.follow(request, f"{QUESTIONS[1:]}/{rest}")
        except errors.NotFound as error:
            names = [one.name for one in self.book.all()]
            near = difflib.get_close_matches(unquote(rest), names, 1)
            hint = f"; is `{near[0]}` meant" if near else ""
            raise errors.NotFound(
                f"there is no question `{unquote(rest)[:80]}`{hint}; see all of them at {QUESTIONS}"
            ) from error

    def offers(self, one: Saved) -> tuple[negotiation.Format, ...]:
        """Give the formats that a question is answered in, or described."""
        rows = negotiation.offers_of(one.question.form)
        rdf = () if rows is negotiation.GRAPH_FORMATS else negotiation.RDF_FORMATS
        return (*rows, *rdf, negotiation.HTML)

    def _chosen(
        self, request: Request, name: str, offers: tuple[negotiation.Format, ...]
    ) -> negotiation.Format:
        if name:
            return negotiation.named(name, offers)
        return negotiation.choose(request.headers.get("accept"), offers)

    # --- answering -------------------------------------------------------------------------

    async def _answered(
        self, request: Request, one: Saved, asked: Asked, form: negotiation.Format
    ) -> Response:
        rows = one.question.form == "SELECT"
        if not rows and not asked.wish.whole:
            raise errors.ParameterError(
                "the answer to this question has no rows to sort, to leave out or to page",
                asked.wish.conditions[0].column if asked.wish.conditions else "_sort",
            )
        text = one.asking(await self._site.made(self.book.terms, one, asked.values))
        answer = await self._endpoint.ask(request, self._query(request, one, asked, text, form))
        lasting = not scanning.is_volatile(text)
        # Some answers are long, and nobody else should wait until they are read.
        if form is negotiation.HTML:
            shown = await run_in_threadpool(self._shown, one, asked.wish, text, answer.body)
            made = partial(self._forms.page, request, one, asked, shown, lasting=lasting)
            return await self._site.made(made)
        body, headers = answer.body, express.headers(lasting=lasting)
        if rows:
            table, body = await run_in_threadpool(self._rows, answer.body, asked.wish, form)
            where = address(self._site.home(request), one)
            links = [*_pages(where, asked, table, form), self._about(one)]
            headers["X-Total-Count"] = str(table.total)
            headers["Link"] = signposts.header(self._site, request, links)
        return rendering.reply(self._site, body, form.content_type, headers=headers)

    def _query(
        self, request: Request, one: Saved, asked: Asked, text: str, form: negotiation.Format
    ) -> query.Request:
        """Give what is asked of the service: rows as JSON, to be cut, all else as it is wanted."""
        page = form is negotiation.HTML
        media = negotiation.offers_of(one.question.form)[0].media if page else form.media
        if one.question.form == "SELECT":
            media = negotiation.RESULTS_JSON.media
        return query.Request(
            text=querytext.prologue(text, one.prefixes) + text,
            media=media,
            client=request.client.host if request.client else "",
            labels=None if page else protocol.languages(asked.labels),
            base="" if self._site.dataset.base else f"{self._site.home(request)}{QUESTIONS}",
        )

    def _shown(self, one: Saved, wish: Wish, text: str, body: bytes) -> Shown:
        """Read an answer for a page, which has so many rows where nobody says how many."""
        if one.question.form == "SELECT":
            if wish.size is None:
                wish = replace(wish, size=self._site.settings.page_size)
            return Shown(table=self._cut(body, wish), text=text)
        if one.question.form == "ASK":
            return Shown(boolean=json.loads(body)["boolean"], text=text)
        return Shown(graph=body.decode(), text=text)

    def _rows(self, body: bytes, wish: Wish, form: negotiation.Format) -> tuple[Table, bytes]:
        """Give the rows that are wanted, and the same as a format has them."""
        table = self._cut(body, wish)
        cut = json.dumps(table.as_results(), ensure_ascii=False, separators=(",", ":")).encode()
        return table, formats.rewritten(cut, form.media)

    def _cut(self, body: bytes, wish: Wish) -> Table:
        return tables.cut(json.loads(body), wish, lambda iri: self._site.names.name(iri).value)

    def _about(self, one: Saved) -> signposts.Link:
        where = f"{address(self._site.prefix, one)}.ttl"
        return signposts.Link("describedby", where, negotiation.TURTLE.media)

    def _described(self, request: Request, one: Saved, form: negotiation.Format) -> Response:
        """Say what the question is."""
        if self._site.records.question(one.question.iri) is not None:
            return self._documents.document(request, one.question.iri, form)
        prefixes = {**ns.STANDARD, **one.prefixes}
        body = serialization.write(self.book.said(one), form, prefixes, [one.question.iri])
        return rendering.reply(self._site, body, form.content_type, headers={"Vary": "Accept"})


def _pages(
    where: str, asked: Asked, table: Table, form: negotiation.Format
) -> Iterator[signposts.Link]:
    """Give links to the pages around (RFC 8288), where there are several."""
    numbers = {"first": 1, "prev": table.page - 1, "next": table.page + 1, "last": table.last}
    for rel, number in numbers.items() if table.last > 1 else ():
        if 1 <= number <= table.last:
            asking = asked.changed(page=str(number), format=form.name)
            yield signposts.Link(rel, f"{where}?{asking}", form.media)
