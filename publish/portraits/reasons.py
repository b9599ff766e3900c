"""Why a thing is linked to records elsewhere, or held to be another one: what mappings say of it.

A mapping is an `owl:Axiom` about the thing, the property and the record (SSSOM 1.1, "SSSOM/RDF").
"""

from __future__ import annotations

from collections.abc import Collection

from publish import namespaces as ns
from publish.portraits.said import Said
from publish.portraits.values import Outward
from publish.records import Link, Record, Records, Statement

ABOUT = ns.OWL + "annotatedSource"
"""The property by which a mapping leads to the thing that it is about."""
DIFFERENT = ns.OWL + "differentFrom"
_NEGATED = ns.SSSOM + "NegatedPredicate"


class Reasons:
    """The mappings of one thing, by what they say of which record."""

    def __init__(self, records: Records, record: Record) -> None:
        rows = [
            (one, one.value.iri)
            for one in record.pointers
            if one.predicate == ABOUT and isinstance(one.value, Link)
        ]
        self._said = Said(records, (row for _, row in rows), all_=True)
        self._rows: dict[tuple[str, str], tuple[Statement, str]] = {}
        for pointer, row in rows:
            refused = _NEGATED in self._said.iris(row, [ns.SSSOM + "predicate_modifier"])
            for target in self._said.iris(row, [ns.OWL + "annotatedTarget"]):
                for property_ in self._said.iris(row, [ns.OWL + "annotatedProperty"]):
                    how = DIFFERENT if refused else property_
                    link = Statement(pointer.graph, how, Link(target), pointer.place)
                    self._rows.setdefault((how, target), (link, row))

    def of(self, one: Statement) -> Outward:
        """Give a link with what the mapping that made it says."""
        _, row = self._rows.get(_key(one), (one, ""))
        return self._told(one, row) if row else Outward(one)

    def refused(self) -> tuple[Outward, ...]:
        """Give the records that are held to be about something else."""
        return tuple(
            self._told(link, row)
            for (how, _), (link, row) in self._rows.items()
            if how == DIFFERENT
        )

    def waiting(self, made: Collection[Statement]) -> tuple[Outward, ...]:
        """Give the records that may be about the thing, but are not sure enough for a link."""
        known = {_key(one) for one in made}
        return tuple(
            self._told(link, row)
            for key, (link, row) in self._rows.items()
            if key not in known and key[0] != DIFFERENT
        )

    def holds(self, one: Statement) -> bool:
        """Say whether a mapping tells why a statement stands."""
        return _key(one) in self._rows

    def _told(self, one: Statement, row: str) -> Outward:
        sure = self._said.first(row, [ns.SSSOM + "confidence"])
        why = self._said.iris(row, [ns.SSSOM + "mapping_justification"])
        return Outward(
            one,
            float(sure) if sure else None,
            next(iter(why), ""),
            self._said.first(row, [ns.RDFS + "comment"]),
            self._said.first(row, [ns.SSSOM + "object_source_version"]),
        )


def _key(one: Statement) -> tuple[str, str]:
    return one.predicate, one.value.iri if isinstance(one.value, Link) else ""
