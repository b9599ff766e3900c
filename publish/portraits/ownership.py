"""What belongs to a thing: the editions of a work, and what an agent had a part in.

An agent is tied to a work by a property of the work, or by a record of the contribution, which
says the role.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Catalogue, iri_of
from publish.portraits.frame import Frame
from publish.portraits.said import Said
from publish.portraits.values import Owned
from publish.records import DERIVED, Link, Record, Text

_MOST = 500
"""How many editions or works are told of one thing."""


class Ownership:
    """Finds what belongs to the things of one catalogue."""

    def __init__(self, catalogue: Catalogue, frame: Frame) -> None:
        self._catalogue = catalogue
        self._records = catalogue.records
        self._frame = frame

    def of(self, record: Record) -> tuple[Owned, ...]:
        """Give the editions of a work, else what an agent had a part in, by date."""
        found = [Owned(one) for one in self.editions(record)] or self._made(record)
        said = Said(self._records, (one.iri for one in found), all_=True)
        dated = {one.iri: self._date(said, one.iri) for one in found}
        spans = {iri: iri_of(term) for iri, term in dated.items() if iri_of(term)}
        times = Said(self._records, spans.values(), all_=True)
        begins = self._catalogue.properties("begin")
        self._records.source.meet(spans.values())
        return self._in_time(
            [replace(one, date=self._dated(dated[one.iri])) for one in found],
            {iri: times.first(span, begins) for iri, span in spans.items()},
        )

    def editions(self, record: Record) -> list[str]:
        """Give the editions of a work."""
        up, down = self._catalogue.properties("work"), self._catalogue.properties("edition")
        found = [
            *(one.value for one in record.pointers if one.predicate in up),
            *(one.value for one in record.statements if one.predicate in down),
        ]
        iris = dict.fromkeys(one.iri for one in found if isinstance(one, Link))
        return [*iris][:_MOST]

    def _made(self, record: Record) -> list[Owned]:
        # What was derived is derived from a record that says more.
        pointing = [
            (one.predicate, one.value.iri)
            for one in record.pointers
            if isinstance(one.value, Link) and self._records.rank(one.graph) < DERIVED
        ]
        roles, agent = self._catalogue.roles, self._catalogue.properties("agent")
        found = [Owned(iri, self._records.label(name)) for name, iri in pointing if name in roles]
        found += self._through([iri for name, iri in pointing if name in agent][:_MOST])
        return [one for one in dict.fromkeys(found) if self._frame.kind_of(one.iri)][:_MOST]

    def _through(self, contributions: Sequence[str]) -> list[Owned]:
        """Give what contributions are to, each with the role that the contribution says."""
        if not contributions:
            return []
        owning = self._catalogue.properties("contribution")
        found = self._records.source.leading(contributions, owning)
        said = Said(self._records, contributions)
        roles = {
            one: next(iter(said.iris(one, self._catalogue.properties("role"))), "")
            for one in contributions
        }
        self._records.source.meet(filter(None, roles.values()))
        return [
            Owned(iri_of(triple.subject), self._records.label(roles[one] or one), record=one)
            for one in contributions
            for _, triple in found.incoming(one)
            if triple.predicate.value in owning and iri_of(triple.subject)
        ]

    def _date(self, said: Said, iri: str) -> turtle.Term | None:
        return next(iter(said.values(iri, self._catalogue.properties("date"))), None)

    def _dated(self, term: turtle.Term | None) -> Text | None:
        """Word a date: a text, or the label of a time span."""
        if isinstance(term, turtle.Literal):
            return Text(term.value, term.language or "", term.datatype.value)
        return self._records.label(iri_of(term)) if term else None

    def _in_time(self, owned: Sequence[Owned], begins: Mapping[str, str]) -> tuple[Owned, ...]:
        """Sort by when the dates begin, as the data or else their words say."""
        self._records.source.meet(one.iri for one in owned)

        def key(one: Owned) -> tuple[bool, list[tuple[int, int, str]], str, str]:
            date = begins.get(one.iri) or (one.date.value if one.date else "")
            label = self._records.label(one.iri).value
            # Words before a year (circa, in any language) do not put it elsewhere.
            return (not date, ns.natural_order(re.sub(r"^[^\d-]+", "", date)), label, one.iri)

        return tuple(sorted(owned, key=key))
