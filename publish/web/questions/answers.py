"""The answers below `/questions`: the list, rows in every format, pages with a form."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping
from functools import partial
from urllib.parse import quote, unquote

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from publish import errors, negotiation, query, scanning, tables
from publish import namespaces as ns
from publish.parameters import Parameter
from publish.questions import Book, Saved
from publish.records import Link, Text, Value
from publish.stores import Answer, formats
from publish.tables import Table, Wish
from publish.web import problems, protocol, rendering, signposts, sparql
from publish.web.addresses import QUESTIONS
from publish.web.questions.asking import Asked, read
from publish.web.questions.operations import declared
from publish.web.records import Documents
from publish.web.site import Site

JSON = negotiation.Format("json", "application/json", "json")
CSV = negotiation.RESULTS_CSV
_LIST = (negotiation.HTML, JSON, CSV)


class Questions:
    """The answers below `/questions`."""

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
        self._posts = signposts.Signposts(site)
        self.book = book

    async def listed(self, request: Request, suffix: str = "") -> Response:
        """Give the list of questions, as a page, as JSON or as CSV."""
        return await self._site.made(self._list, request, suffix)

    def _list(self, request: Request, suffix: str) -> Response:
        asked = suffix or request.query_params.get("format", "")
        accept = request.headers.get("accept")
        form = negotiation.named(asked, _LIST) if asked else negotiation.choose(accept, _LIST)
        headers = {"Vary": "Accept"}
        home = self._site.home(request)
        if form is JSON:
            found = [self._told(one, home) for one in self.book.all()]
            body = json.dumps({"questions": found}, ensure_ascii=False, indent=1)
            return rendering.reply(self._site, body.encode(), form.media, headers=headers)
        if form is CSV:
            return rendering.reply(
                self._site, self._as_csv(home), form.content_type, headers=headers
            )
        return rendering.page(
            self._site,
            "questions.html",
            request,
            headers=headers,
            groups=self._groups(),
            book=self.book,
        )

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
            made = partial(self._page, request, one, asked, wrong=error)
            return await self._site.made(made)

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
        terms = await self._site.made(self.book.terms, one, asked.values)
        text = one.asking(terms)
        page = form is negotiation.HTML
        media = negotiation.RESULTS_JSON.media
        if not rows:
            media = negotiation.offers_of(one.question.form)[0].media if page else form.media
        answer = await self._endpoint.ask(
            request,
            query.Request(
                text=query.prologue(text, one.prefixes) + text,
                media=media,
                client=request.client.host if request.client else "",
                labels=None if page else protocol.languages(asked.labels),
                base="" if self._site.dataset.base else f"{self._site.home(request)}{QUESTIONS}",
            ),
        )
        headers = {"Vary": "Accept"}
        if scanning.is_volatile(text):
            headers["Cache-Control"] = "no-store"
        if not rows:
            return await self._site.made(
                self._plain, request, one, asked, answer, form, headers, text
            )
        # Some answers are long, and nobody else should wait until they are read.
        table = await run_in_threadpool(self._cut, answer.body, asked, page=page)
        if page:
            made = partial(self._page, request, one, asked, table=table, text=text, headers=headers)
            return await self._site.made(made)
        return await run_in_threadpool(self._written, request, one, asked, table, form, headers)

    def _cut(self, body: bytes, asked: Asked, *, page: bool) -> Table:
        wish = asked.wish
        if page and wish.size is None:
            size = self._site.settings.page_size
            wish = Wish(wish.conditions, wish.order, size, wish.page)
        return tables.cut(json.loads(body), wish, lambda iri: self._site.names.name(iri).value)

    def _written(
        self,
        request: Request,
        one: Saved,
        asked: Asked,
        table: Table,
        form: negotiation.Format,
        headers: dict[str, str],
    ) -> Response:
        body = json.dumps(table.as_results(), ensure_ascii=False, separators=(",", ":")).encode()
        body = formats.rewritten(body, form.media)
        headers = {
            **headers,
            "X-Total-Count": str(table.total),
            "Link": signposts.header(
                self._site,
                request,
                [*self._pages(request, one, asked, table, form), *self._about(one)],
            ),
        }
        return rendering.reply(self._site, body, form.content_type, headers=headers)

    def _plain(
        self,
        request: Request,
        one: Saved,
        asked: Asked,
        answer: Answer,
        form: negotiation.Format,
        headers: dict[str, str],
        text: str,
    ) -> Response:
        if form is not negotiation.HTML:
            return rendering.reply(self._site, answer.body, form.content_type, headers=headers)
        boolean = json.loads(answer.body)["boolean"] if one.question.form == "ASK" else None
        graph = answer.body.decode() if boolean is None else None
        return self._page(
            request, one, asked, text=text, headers=headers, boolean=boolean, graph=graph
        )

    def _pages(
        self,
        request: Request,
        one: Saved,
        asked: Asked,
        table: Table,
        form: negotiation.Format,
    ) -> Iterator[signposts.Link]:
        """Give links to the pages around (RFC 8288), where there are several."""
        numbers = {"first": 1, "prev": table.page - 1, "next": table.page + 1, "last": table.last}
        for rel, number in numbers.items() if table.last > 1 else ():
            if 1 <= number <= table.last:
                where = asked.changed(page=str(number), format=form.name)
                yield signposts.Link(rel, f"{self._home(request, one)}?{where}", form.media)

    def _about(self, one: Saved) -> Iterator[signposts.Link]:
        yield signposts.Link("describedby", f"{self._path(one)}.ttl", negotiation.TURTLE.media)

    def _described(self, request: Request, one: Saved, form: negotiation.Format) -> Response:
        """Say what the question is."""
        if self._site.records.question(one.question.iri) is not None:
            return self._documents.document(request, one.question.iri, form)
        prefixes = {**ns.STANDARD, **one.prefixes}
        body = rendering.write(self.book.said(one), form, prefixes, [one.question.iri])
        return rendering.reply(self._site, body, form.content_type, headers={"Vary": "Accept"})

    # --- pages -----------------------------------------------------------------------------

    def _page(
        self,
        request: Request,
        one: Saved,
        asked: Asked,
        *,
        table: Table | None = None,
        text: str = "",
        headers: Mapping[str, str] | None = None,
        boolean: bool | None = None,
        graph: str | None = None,
        wrong: errors.ParameterError | None = None,
    ) -> Response:
        said = {"Vary": "Accept", **(headers or {})}
        if wrong is not None:
            said["Cache-Control"] = "no-store"
        elif self._site.records.question(one.question.iri) is not None:
            links = self._posts.document(request, one.question.iri, negotiation.HTML)
            said["Link"] = signposts.header(self._site, request, links)
        rows = _values(table) if table else []
        self._site.source.meet(one.iri for row in rows for one in row if isinstance(one, Link))
        return rendering.page(
            self._site,
            "question.html",
            request,
            status=problems.describe(wrong).status if wrong else 200,
            headers=said,
            saved=one,
            asked=asked,
            fields=[self._field(one, parameter, asked) for parameter in one.parameters],
            table=table,
            rows=rows,
            conditions={
                (condition.column, condition.operator): condition.value
                for condition in asked.wish.conditions
            },
            order=dict(asked.wish.order),
            boolean=boolean,
            graph=graph,
            text=self._site.with_prefixes(text or one.question.query, one.prefixes),
            wrong=wrong,
            near=self._near(one, asked, wrong),
            wording=self.wording(one, asked.values),
            where=self._path(one),
            here=self._home(request, one),
            offers=negotiation.offers_of(one.question.form),
        )

    def _near(
        self, one: Saved, asked: Asked, wrong: errors.ParameterError | None
    ) -> list[tuple[str, str]]:
        """Give things that a value may be meant for, each with the address that asks for it."""
        named = {parameter.name: parameter for parameter in one.parameters}
        parameter = named.get(wrong.name) if wrong else None
        if parameter is None or parameter.datatype or not asked.values.get(parameter.name):
            return []
        return [
            (iri, f"{self._path(one)}?{asked.given({parameter.name: self.short(parameter, iri)})}")
            for iri in self._site.near(asked.values[parameter.name])
            if self.book.takes(parameter, iri)
        ]

    def _field(self, one: Saved, parameter: Parameter, asked: Asked) -> dict[str, object]:
        """Say what the form shows for a parameter."""
        given = asked.values.get(parameter.name, parameter.default or "")
        choices = [
            (
                self.short(parameter, value),
                self._site.names.name(value) if not parameter.datatype else Text(value),
            )
            for value in self.book.choices(parameter)
        ]
        return {
            "parameter": parameter,
            "value": self.short(parameter, given),
            "choices": choices,
        }

    def short(self, parameter: Parameter, value: str) -> str:
        """Write a value as it stands in addresses: an IRI by its prefix where that says the same."""
        return value if parameter.datatype else self._site.names.compact(value)

    def wording(self, one: Saved, values: Mapping[str, str]) -> Text:
        """Word a question for some values."""
        template = one.template
        if template is None or not values:
            return one.question.label
        text = template.value
        for parameter in one.parameters:
            given = values.get(parameter.name, parameter.default or "")
            if not parameter.datatype:
                try:
                    given = self._site.names.name(str(self.book.term(parameter, given))[1:-1]).value
                except errors.ParameterError:
                    return one.question.label
            text = text.replace(f"{{?{parameter.name}}}", given)
        return Text(text, template.language)

    def _groups(self) -> list[tuple[Text, list[Saved]]]:
        """Gather the questions under their first key word."""
        groups: dict[str, list[Saved]] = {}
        names: dict[str, Text] = {}
        for one in self.book.all():
            word = one.keywords[0] if one.keywords else Text("")
            names.setdefault(word.value, word)
            groups.setdefault(word.value, []).append(one)
        return [(names[word], groups[word]) for word in sorted(groups, key=lambda w: (not w, w))]

    # --- telling ---------------------------------------------------------------------------

    def _path(self, one: Saved) -> str:
        return f"{self._site.prefix}{QUESTIONS}/{quote(one.name)}"

    def _home(self, request: Request, one: Saved) -> str:
        return f"{self._site.home(request)}{QUESTIONS}/{quote(one.name)}"

    def _told(self, one: Saved, home: str) -> dict[str, object]:
        return {
            "name": one.name,
            "iri": one.question.iri,
            "label": one.question.label.value,
            "comment": one.question.comment.value if one.question.comment else "",
            "template": one.template.value if one.template else "",
            "keywords": [word.value for word in one.keywords],
            "form": one.question.form,
            "address": f"{home}{QUESTIONS}/{quote(one.name)}",
            "query": self._site.with_prefixes(one.question.query, one.prefixes),
            "columns": one.columns,
            "parameters": [
                {
                    **declared(parameter, self.short),
                    "datatype": parameter.datatype,
                    "class": parameter.class_,
                    "pattern": parameter.pattern,
                }
                for parameter in one.parameters
            ],
        }

    def _as_csv(self, home: str) -> bytes:
        sink = io.StringIO()
        lines = csv.writer(sink)
        lines.writerow(["name", "label", "parameters", "address"])
        for one in self.book.all():
            names = " ".join(parameter.name for parameter in one.parameters)
            where = f"{home}{QUESTIONS}/{quote(one.name)}"
            lines.writerow([one.name, one.question.label.value, names, where])
        return sink.getvalue().encode()


def _values(table: Table) -> list[list[Value | None]]:
    """Give the rows of a table as pages show them."""
    return [
        [sparql.value(row[name]) if name in row else None for name in table.columns]
        for row in table.rows
    ]
