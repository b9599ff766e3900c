"""A saved question as a page: a form to ask it with, and below what the answer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from publish import errors, negotiation
from publish.parameters import Parameter
from publish.questions import Book, Saved
from publish.records import Link, Text, Value
from publish.tables import Table
from publish.web import express, problems, rendering, signposts, sparql
from publish.web.questions.asking import Asked, address, short
from publish.web.site import Site


@dataclass(frozen=True)
class Shown:
    """What stands below the form: rows, yes or no, a graph in Turtle, or nothing and why.

    `text` is the query that was asked, where it is not that of the question.
    """

    table: Table | None = None
    boolean: bool | None = None
    graph: str | None = None
    wrong: errors.ParameterError | None = None
    text: str = ""


class Forms:
    """The saved questions of a site, each as a page."""

    def __init__(self, site: Site, book: Book) -> None:
        self._site = site
        self._book = book
        self._posts = signposts.Signposts(site)

    def page(
        self, request: Request, one: Saved, asked: Asked, shown: Shown, *, lasting: bool
    ) -> Response:
        """Give the page, which may be kept where it is `lasting`."""
        headers = express.headers(lasting=lasting)
        if shown.wrong is None and self._site.records.question(one.question.iri) is not None:
            links = self._posts.document(request, one.question.iri, negotiation.HTML)
            headers = {**headers, "Link": signposts.header(self._site, request, links)}
        rows = _values(shown.table) if shown.table else []
        self._site.source.meet(cell.iri for row in rows for cell in row if isinstance(cell, Link))
        return rendering.page(
            self._site,
            "question.html",
            request,
            status=problems.describe(shown.wrong).status if shown.wrong else 200,
            headers=headers,
            saved=one,
            asked=asked,
            fields=[self._field(parameter, asked) for parameter in one.parameters],
            table=shown.table,
            boolean=shown.boolean,
            graph=shown.graph,
            wrong=shown.wrong,
            rows=rows,
            conditions={
                (condition.column, condition.operator): condition.value
                for condition in asked.wish.conditions
            },
            order=dict(asked.wish.order),
            text=self._site.with_prefixes(shown.text or one.question.query, one.prefixes),
            near=self._near(one, asked, shown.wrong),
            wording=self._wording(one, asked.values),
            where=address(self._site.prefix, one),
            here=address(self._site.home(request), one),
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
        where, names = address(self._site.prefix, one), self._site.names
        return [
            (iri, f"{where}?{asked.given({parameter.name: short(names, parameter, iri)})}")
            for iri in self._site.near(asked.values[parameter.name])
            if self._book.takes(parameter, iri)
        ]

    def _field(self, parameter: Parameter, asked: Asked) -> dict[str, object]:
        """Say what the form shows for a parameter."""
        given = asked.values.get(parameter.name, parameter.default or "")
        choices = [
            (
                short(self._site.names, parameter, value),
                self._site.names.name(value) if not parameter.datatype else Text(value),
            )
            for value in self._book.choices(parameter)
        ]
        return {
            "parameter": parameter,
            "value": short(self._site.names, parameter, given),
            "choices": choices,
        }

    def _wording(self, one: Saved, values: Mapping[str, str]) -> Text:
        """Word a question for some values."""
        template = one.template
        if template is None or not values:
            return one.question.label
        text = template.value
        for parameter in one.parameters:
            given = values.get(parameter.name, parameter.default or "")
            if not parameter.datatype:
                try:
                    given = self._site.names.name(
                        str(self._book.term(parameter, given))[1:-1]
                    ).value
                except errors.ParameterError:
                    return one.question.label
            text = text.replace(f"{{?{parameter.name}}}", given)
        return Text(text, template.language)


def _values(table: Table) -> list[list[Value | None]]:
    """Give the rows of a table as pages show them."""
    return [
        [sparql.value(row[name]) if name in row else None for name in table.columns]
        for row in table.rows
    ]
