"""The list of saved questions: as a page, and with the parameters of each as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json

from fastapi import Request, Response

from publish import negotiation
from publish.questions import Book, Saved
from publish.records import Text
from publish.web import rendering
from publish.web.questions.asking import address
from publish.web.questions.operations import declared
from publish.web.site import Site

_JSON = negotiation.Format("json", "application/json", "json")
_CSV = negotiation.RESULTS_CSV
_OFFERS = (negotiation.HTML, _JSON, _CSV)


class Listing:
    """The saved questions of a site, one after another."""

    def __init__(self, site: Site, book: Book) -> None:
        self._site = site
        self._book = book

    async def answer(self, request: Request, suffix: str = "") -> Response:
        """Give the list, as a page, as JSON or as CSV."""
        return await self._site.made(self._list, request, suffix)

    def _list(self, request: Request, suffix: str) -> Response:
        asked = suffix or request.query_params.get("format", "")
        accept = request.headers.get("accept")
        form = negotiation.named(asked, _OFFERS) if asked else negotiation.choose(accept, _OFFERS)
        headers = {"Vary": "Accept"}
        home = self._site.home(request)
        if form is _JSON:
            found = [self._told(one, home) for one in self._book.all()]
            body = json.dumps({"questions": found}, ensure_ascii=False, indent=1)
            return rendering.reply(self._site, body.encode(), form.media, headers=headers)
        if form is _CSV:
            return rendering.reply(
                self._site, self._as_csv(home), form.content_type, headers=headers
            )
        return rendering.page(
            self._site,
            "questions.html",
            request,
            headers=headers,
            groups=self._groups(),
            book=self._book,
        )

    def _groups(self) -> list[tuple[Text, list[Saved]]]:
        """Gather the questions under their first key word."""
        groups: dict[str, list[Saved]] = {}
        names: dict[str, Text] = {}
        for one in self._book.all():
            word = one.keywords[0] if one.keywords else Text("")
            names.setdefault(word.value, word)
            groups.setdefault(word.value, []).append(one)
        return [(names[word], groups[word]) for word in sorted(groups, key=lambda w: (not w, w))]

    def _told(self, one: Saved, home: str) -> dict[str, object]:
        return {
            "name": one.name,
            "iri": one.question.iri,
            "label": one.question.label.value,
            "comment": one.question.comment.value if one.question.comment else "",
            "template": one.template.value if one.template else "",
            "keywords": [word.value for word in one.keywords],
            "form": one.question.form,
            "address": address(home, one),
            "query": self._site.with_prefixes(one.question.query, one.prefixes),
            "columns": one.columns,
            "parameters": [
                {
                    **declared(parameter, self._site.names),
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
        for one in self._book.all():
            names = " ".join(parameter.name for parameter in one.parameters)
            where = address(home, one)
            lines.writerow([one.name, one.question.label.value, names, where])
        return sink.getvalue().encode()
