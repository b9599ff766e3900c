"""Answers that can be cited: things and rows with their labels, layers and passages."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from publish import errors, matching, negotiation, querytext, scanning, search, turtle
from publish import namespaces as ns
from publish.assistants.asking import CLIENT, MOST, Asking
from publish.assistants.evidence import Evidence
from publish.assistants.values import (
    Answer,
    Cell,
    Fact,
    Hit,
    Hits,
    Named,
    Parameter,
    Passage,
    Question,
    Standing,
    Thing,
)
from publish.query import QueryService, Request
from publish.questions import Book, Saved
from publish.records import Link, Nested, Records, Statement, Text, Value

_TURTLE = negotiation.RDF_FORMATS[0].media
# What is written otherwise is no integer of XML Schema, and stays a text.
_WHOLE = re.compile(r"[+-]?[0-9]{1,39}")


class Reader:
    """Answers about one data set; `records` tell of it, and `service` runs the queries.

    `questions` is a folder of more saved questions, of whoever runs it.
    """

    def __init__(
        self, records: Records, service: QueryService, questions: Path | None = None
    ) -> None:
        self.records = records
        self._service = service
        self._asking = Asking(records, service)
        self._evidence = Evidence(self._asking)
        self._book = Book(records, questions)

    @cached_property
    def _index(self) -> search.Index:
        # Of the source, whose labels are known already; a store elsewhere is never asked for all.
        return search.Index(self.records.source)

    # --- finding ---------------------------------------------------------------------------

    async def search(self, words: str, count: int, start: int = 0) -> Hits:
        """Find things by what they are called, the best first."""
        if self.records.source.distant:
            return await self._search_far(words, count, start)
        found = await asyncio.to_thread(self._index.find, words, count, start)
        hits = [
            Hit(
                one.iri,
                self._asking.label(one.iri),
                self._classes(one.iri),
                one.name,
                one.language,
                one.score,
            )
            for one in found.hits
        ]
        instead = {word: list(others) for word, others in found.instead.items()}
        return Hits(hits, found.total, found.complete, instead)

    async def _search_far(self, words: str, count: int, start: int) -> Hits:
        """Let a store elsewhere look for names that hold every word, which has no index here."""
        sought = matching.wanted(words)
        if not sought:
            return Hits([], 0, complete=True, instead={})
        conditions = "".join(
            f" FILTER(CONTAINS(LCASE(STR(?name)), {turtle.Literal(word)}))" for word in sought
        )
        names = " ".join(f"<{name}>" for name in search.properties(self.records.dataset))
        rows, complete = await self._asking.rows(
            f"SELECT ?thing ?name {{ VALUES ?property {{ {names} }} ?thing ?property ?name"
            f" FILTER(isIRI(?thing)){conditions} }}",
            MOST,
        )
        best: dict[str, tuple[float, str, str]] = {}
        for row in rows:
            iri, name = row["thing"]["value"], row["name"]
            score = round(matching.likeness(name["value"], sought), 3)
            if iri not in best or score > best[iri][0]:
                best[iri] = (score, name["value"], name.get("xml:lang", ""))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1][0], len(pair[1][1]), pair[0]))
        shown = ranked[start : start + count]
        await self._asking.meet([iri for iri, _ in shown])
        hits = [
            Hit(iri, self._asking.label(iri), await self._classes_far(iri), name, language, score)
            for iri, (score, name, language) in shown
        ]
        return Hits(hits, len(ranked), complete, {})

    def _classes(self, iri: str) -> list[Named]:
        found = dict.fromkeys(
            value
            for _, triple in self.records.dataset.outgoing(iri)
            if triple.predicate.value == ns.TYPE
            if (value := getattr(triple.object, "value", ""))
        )
        return [self._asking.named(one) for one in found]

    async def _classes_far(self, iri: str) -> list[Named]:
        rows, _ = await self._asking.rows(
            f"SELECT DISTINCT ?class {{ {turtle.Named(iri)} a ?class }}", MOST
        )
        return [self._asking.named(row["class"]["value"]) for row in rows]

    # --- one thing -------------------------------------------------------------------------

    async def describe(self, iri: str, most: int) -> Thing:
        """Give all that is said of a thing, and the first `most` statements that point at it.

        Takes an IRI or a name with a prefix of the data set; raises `NotFound`.
        """
        full = self.full(iri)
        passages = await self._evidence.of(full)
        return await self._asking.made(self._described, full, most, passages)

    def _described(self, iri: str, most: int, passages: list[Passage]) -> Thing:
        record = self.records.record(iri)
        total = sum(record.totals.values())
        return Thing(
            iri=iri,
            label=record.label.value,
            classes=[self._asking.named(one) for one in record.types],
            facts=[self._fact(one) for one in record.statements[:MOST]],
            pointing=[self._fact(one) for one in record.pointers[:most]],
            pointing_total=total,
            passages=passages,
            complete=len(record.statements) <= MOST and total <= most,
        )

    def full(self, iri: str) -> str:
        """Give an IRI in full; raise `NotFound` for what can be none."""
        bare = iri.strip().removeprefix("<").removesuffix(">")
        full = ns.full(bare, self.records.dataset.prefixes)
        if not turtle.is_iri(full):
            raise errors.NotFound(
                f"`{iri[:200]}` is no IRI and no name with a prefix of the data; search for it first"
            )
        return full

    def _fact(self, one: Statement) -> Fact:
        value, text = one.value, one.value if isinstance(one.value, Text) else None
        return Fact(
            property=self._asking.named(one.predicate),
            value=self._asking.named(value.iri) if isinstance(value, Link) else None,
            text=self._told(value),
            language=text.language if text else "",
            datatype=text.datatype if text and not text.language else "",
            layer=self._layer(one.graph),
        )

    def _told(self, value: Value) -> str:
        if isinstance(value, Link):
            return self._asking.label(value.iri)
        if isinstance(value, Nested):
            inner = value.members or tuple(one.value for one in value.statements)
            return "; ".join(map(self._told, inner))
        return value.value

    # --- queries ---------------------------------------------------------------------------

    async def query(self, text: str, rows: int) -> Answer:
        """Answer a query of a stranger; the prefixes of the data set are known to it."""
        asked = querytext.prologue(text, self.records.dataset.prefixes) + text
        form = scanning.form(asked)
        if form in ("CONSTRUCT", "DESCRIBE"):
            told = await self._service.answer(Request(asked, _TURTLE, CLIENT, rows=rows))
            return Answer(text, [], [], told.complete, [], turtle=told.body.decode())
        found, complete = await self._asking.asked(asked, rows)
        if "boolean" in found:
            return Answer(text, [], [], complete, [], boolean=bool(found["boolean"]))
        columns, bindings = found["head"]["vars"], found["results"]["bindings"]
        things = [one["value"] for row in bindings for one in row.values() if one["type"] == "uri"]
        await self._asking.meet(things)
        layers = await self._evidence.layers(things)
        told_rows = [
            {name: self._cell(row[name], layers) if name in row else None for name in columns}
            for row in bindings
        ]
        passages = await self._evidence.behind(bindings)
        return Answer(text, columns, told_rows, complete, passages)

    def _cell(self, term: Mapping[str, Any], layers: Mapping[str, str]) -> Cell:
        if term["type"] == "uri":
            iri = term["value"]
            return Standing(iri, self._asking.label(iri), layers.get(iri, ""))
        if term["type"] == "triple":
            return json.dumps(term["value"], ensure_ascii=False)
        text = str(term["value"])
        if term.get("datatype") == ns.XSD + "integer" and _WHOLE.fullmatch(text):
            return int(text)
        if term.get("datatype") == ns.XSD + "boolean":
            return text in ns.TRUE
        return text

    def questions(self, words: str = "") -> list[Question]:
        """Give the saved questions that have every one of some words."""
        sought = matching.words(words)
        return [
            one
            for one in map(self._question, self._book.all())
            if all(word in " ".join(matching.words(_worded(one))) for word in sought)
        ]

    async def ask(self, name: str, values: Mapping[str, str], rows: int) -> Answer:
        """Answer a saved question, with other values for its parameters where they are given.

        Raises `NotFound` for an unknown question, `ParameterError` for a value that cannot be.
        """
        saved = self._book.get(name) or self._book.by_iri(name)
        if saved is None:
            raise errors.NotFound(f"there is no question `{name[:80]}`; list them first")
        known = [one.name for one in saved.parameters]
        for given in values:
            if given not in known:
                takes = f"it takes {', '.join(known)}" if known else "it takes none"
                raise errors.ParameterError(
                    f"the question has no parameter `{given[:80]}`; {takes}", given
                )
        terms = await self._asking.made(self._book.terms, saved, values)
        return await self.query(saved.asking(terms), rows)

    def _question(self, saved: Saved) -> Question:
        one = saved.question
        return Question(
            name=saved.name,
            question=(saved.template or one.label).value,
            comment=one.comment.value if one.comment else "",
            keywords=[text.value for text in saved.keywords],
            parameters=[
                Parameter(
                    name=parameter.name,
                    description=(parameter.description or parameter.label).value,
                    takes=self._short(parameter.datatype or parameter.class_) or "an IRI",
                    default=parameter.default or "",
                )
                for parameter in saved.parameters
            ],
        )

    # --- names -----------------------------------------------------------------------------

    def _layer(self, graph: str) -> Named:
        return Named(graph, self.records.graph_name(graph).value)

    def _short(self, iri: str) -> str:
        return ns.short(iri, self.records.dataset.prefixes) if iri else ""


def _worded(one: Question) -> str:
    return " ".join((one.name, one.question, one.comment, *one.keywords))
