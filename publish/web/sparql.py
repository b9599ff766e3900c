"""The SPARQL endpoint at `/sparql`, read only, and the page where people ask.

What a request asks is read by `protocol`; what may be asked and within which limits is the matter
of `publish.query`, and no query is parsed in this process. Without a query, programs get the
description of the service (SPARQL 1.1 Service Description) and people a form.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from publish import description, errors, negotiation, query, querytext, scanning, serialization
from publish import namespaces as ns
from publish.questions import Book
from publish.records import Link, Text, Value
from publish.stores import Answer, functions
from publish.web import attendance, express, problems, protocol, rendering, watching
from publish.web.protocol import Asked
from publish.web.site import Site

ROWS = 1_000
"""How many rows a page shows."""
_LINES = 3_000
"""How many lines of Turtle a page shows."""
_REQUEST = "bad-request"
_ACCOUNT = negotiation.Format("account", "application/json", "json", ("text/html",))
"""How a query is answered; a browser shows it too."""
_FORMATS = (*negotiation.RESULT_FORMATS, *negotiation.GRAPH_FORMATS)
_RESULT_NAMES = tuple(
    ns.FORMATS + name
    for name in (
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
        *("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG"),
    )
)


@dataclass(frozen=True)
class _Shown:
    """What the page with an answer shows."""

    boolean: bool | None = None
    graph: str | None = None
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    cut: bool = False


class Endpoint:
    """The answers of `/sparql`."""

    def __init__(
        self,
        site: Site,
        service: query.QueryService,
        watch: watching.Watch,
        book: Book,
    ) -> None:
        self._site = site
        self._book = book
        self._watch = watch
        self._service = service
        # Clients are few kinds of program, and each sends the same header always.
        self._attendance = attendance.Attendance(site.settings.slow_seconds)
        self._choose = functools.lru_cache(1024)(negotiation.choose)

    async def answer(self, request: Request) -> Response:
        """Answer any request to the endpoint; raise what `problems` knows to describe."""
        try:
            asked = await protocol.read(request, self._site.settings.query_length)
            if not asked.text or asked.edit:
                return await self._site.made(self._without_query, request, asked)
            failed = request.scope.get(express.FAILED)
            with self._watch.query(asked.text, failed and failed.begun) as seen:
                return await self._shown(request, asked, seen)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it

    async def ask(self, request: Request, asked: query.Request) -> Answer:
        """Answer a query that this server knows, watched over as those of strangers are."""
        with self._watch.query(asked.text) as seen:
            seen.form, seen.media = scanning.form(asked.text), asked.media
            try:
                answer = await self._attendance.wait(request.receive, self._service.answer(asked))
            except errors.FolkmoteError as error:
                seen.outcome = problems.describe(error).name
                raise
            seen.outcome, seen.rows, seen.size = watching.ANSWERED, answer.rows, len(answer.body)
            return answer

    async def _shown(self, request: Request, asked: Asked, seen: watching.Seen) -> Response:
        try:
            answer = await self._answer(request, asked, seen)
            seen.outcome = watching.ANSWERED
            return answer
        except ClientDisconnect:
            seen.outcome = watching.GONE
            raise
        except HTTPException:
            seen.outcome = _REQUEST
            raise
        except errors.FolkmoteError as raised:
            error = self._placed(raised, asked)
            seen.outcome = problems.describe(error).name
            if problems.preferred(request) is negotiation.HTML:
                return await self._site.made(self._problem_page, request, asked, error)
            raise error from raised

    def _placed(self, error: errors.FolkmoteError, asked: Asked) -> errors.FolkmoteError:
        """Count the columns of the first line without the prefixes that we put there."""
        if not isinstance(error, errors.QuerySyntaxError):
            return error
        return querytext.placed(error, self._prologue(asked))

    # --- answering -------------------------------------------------------------------------

    async def _answer(self, request: Request, asked: Asked, seen: watching.Seen) -> Response:
        form = scanning.formed(asked.text)
        seen.form = form or "SELECT"
        # Of what is no query there is no answer in any format, and its error says so.
        offers = (*(negotiation.offers_of(form) if form else _FORMATS), negotiation.HTML)
        if asked.explain:
            offers = (_ACCOUNT,)
        chosen = _chosen(request, asked.format, offers, self._choose)
        page = chosen is negotiation.HTML
        seen.media = chosen.media
        failed = request.scope.get(express.FAILED)
        if failed:
            raise failed.error
        asking = self._service.answer(
            query.Request(
                text=self._prologue(asked) + asked.text,
                media=(offers[0] if page else chosen).media,
                client=request.client.host if request.client else "",
                default_graphs=self._graphs(asked, asked.default_graphs),
                named_graphs=self._graphs(asked, asked.named_graphs),
                rows=ROWS if page else None,
                partial=page,
                # A page shows labels by itself.
                labels=None if page else protocol.languages(asked.labels),
                explain=asked.explain,
                base=express.base_of(self._site, self._site.home(request)),
            )
        )
        answer = await self._attendance.wait(request.receive, asking)
        seen.rows, seen.size = answer.rows, len(answer.body)
        if page:
            return await self._site.made(self._page, request, asked, offers, answer)
        return rendering.reply(
            self._site, answer.body, chosen.content_type, headers=self._headers(request, asked)
        )

    def _prologue(self, asked: Asked) -> str:
        if not asked.prefixes:
            return ""
        if asked.prefixes != "dataset":
            raise HTTPException(400, "`prefixes` can only be `dataset`; leave it out, or say so")
        return querytext.prologue(asked.text, self._site.dataset.prefixes)

    def _graphs(self, asked: Asked, graphs: tuple[str, ...]) -> tuple[str, ...] | None:
        return graphs if asked.default_graphs or asked.named_graphs else None

    def _headers(self, request: Request, asked: Asked) -> dict[str, str]:
        changes = asked.explain or scanning.is_volatile(asked.text)
        return express.headers(lasting=request.method == "GET" and not changes)

    # --- pages -----------------------------------------------------------------------------

    def _page(
        self,
        request: Request,
        asked: Asked,
        offers: Sequence[negotiation.Format],
        answer: Answer,
    ) -> Response:
        shown = _shown(answer.body, offers[0], complete=answer.complete)
        self._site.source.meet(
            one.iri for row in shown.rows for one in row if isinstance(one, Link)
        )
        headers = self._headers(request, asked)
        if shown.cut:
            # A Boolean of RFC 9651, for whoever reads the page by a program.
            headers["Truncated"] = "?1"
        return rendering.page(
            self._site,
            "answer.html",
            request,
            headers=headers,
            boolean=shown.boolean,
            graph=shown.graph,
            variables=shown.variables,
            rows=shown.rows,
            cut=shown.cut,
            query=asked.text,
            given=asked.given,
            implied=bool(asked.prefixes),
            labelled=asked.labels is not None,
            others=offers[:-1],
            offers=_all_formats(),
            chosen="html",
        )

    def _problem_page(
        self, request: Request, asked: Asked, error: errors.FolkmoteError
    ) -> Response:
        problem = problems.describe(error)
        headers = {**problem.headers, "Cache-Control": "no-store", "Vary": "Accept"}
        return rendering.page(
            self._site,
            "problem.html",
            request,
            status=problem.status,
            headers=headers,
            problem=problem,
            near=(),
            query=asked.text,
            implied=bool(asked.prefixes),
            labelled=asked.labels is not None,
            offers=_all_formats(),
            chosen="html",
        )

    def _without_query(self, request: Request, asked: Asked) -> Response:
        offers = (*negotiation.RDF_FORMATS, negotiation.HTML)
        chosen = _chosen(request, asked.format, offers, self._choose)
        headers = {"Vary": "Accept"}
        if chosen is not negotiation.HTML:
            endpoint = f"{self._site.home(request)}/sparql"
            told = description.service(
                endpoint,
                self._site.dataset.description,
                self._site.source.sizes,
                results=_RESULT_NAMES,
                # A store elsewhere knows none of them.
                functions=() if self._site.settings.store else functions.NAMES,
            )
            body = serialization.write(told, chosen, ns.STANDARD, [f"{endpoint}#service"])
            return rendering.reply(self._site, body, chosen.content_type, headers=headers)
        example = self._book.by_iri(asked.example)
        if example is None and asked.example:
            raise errors.NotFound(f"there is no question <{asked.example}>; see the list of them")
        text = asked.text or (
            self._site.with_prefixes(example.question.query, example.prefixes)
            if example
            else "SELECT * WHERE {\n  ?subject ?property ?value\n}\nLIMIT 20\n"
        )
        return rendering.page(
            self._site,
            "sparql.html",
            request,
            headers=headers,
            query=text,
            questions=self._book.all(),
            implied=True,
            labelled=False,
            offers=_all_formats(),
            chosen="html",
        )


# --- formats ---------------------------------------------------------------------------------


def _all_formats() -> tuple[negotiation.Format, ...]:
    return (negotiation.HTML, *_FORMATS)


def _chosen(
    request: Request,
    name: str,
    offers: tuple[negotiation.Format, ...],
    choose: Callable[[str | None, tuple[negotiation.Format, ...]], negotiation.Format],
) -> negotiation.Format:
    if name:
        return negotiation.named(name, offers)
    return choose(request.headers.get("accept"), offers)


# --- answers as pages ------------------------------------------------------------------------


def _shown(body: bytes, form: negotiation.Format, *, complete: bool) -> _Shown:
    if form is negotiation.TURTLE:
        lines = body.decode().splitlines(keepends=True)
        return _Shown(graph="".join(lines[:_LINES]), cut=not complete or len(lines) > _LINES)
    said = json.loads(body)
    if "boolean" in said:
        return _Shown(boolean=said["boolean"])
    variables = tuple(said["head"]["vars"])
    rows = tuple(
        tuple(value(row[name]) if name in row else None for name in variables)
        for row in said["results"]["bindings"][:ROWS]
    )
    return _Shown(variables=variables, rows=rows, cut=not complete)


def value(term: Mapping[str, Any]) -> Value:
    """Read a term of the JSON results (SPARQL 1.1 Query Results JSON Format 3.2.2)."""
    if term["type"] == "uri":
        return Link(term["value"])
    if term["type"] in ("literal", "typed-literal"):
        datatype = term.get("datatype", ns.XSD + "string")
        return Text(term["value"], term.get("xml:lang", ""), datatype)
    return Text(f"_:{term['value']}" if term["type"] == "bnode" else str(term["value"]))
