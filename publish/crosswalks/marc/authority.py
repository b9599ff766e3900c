"""Authority records (MARC 21 Format for Authority Data), of all but editions."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING

from publish.catalogue import AUTHORING, Entry, Kind, Reference
from publish.crosswalks.mads import life, others
from publish.crosswalks.marc import fields
from publish.crosswalks.tables import NAMED, Row

if TYPE_CHECKING:
    from pymarc import Field

_TAGS = MappingProxyType(
    {
        Kind.PERSON: "00",
        Kind.GROUP: "10",
        Kind.WORK: "00",
        Kind.EVENT: "47",
        Kind.CONCEPT: "50",
        Kind.PLACE: "51",
    }
)


def rows() -> tuple[Row[Field], ...]:
    """Give the table of what a record has."""
    kinds = (*NAMED, Kind.WORK)
    return (
        Row(kinds, "kind", "008", _fixed),
        Row(kinds, "iri, same", "024 7# $a $2 uri", fields.identifiers),
        Row((Kind.PERSON, Kind.EVENT, Kind.WORK), "born, died, date", "046 $2 edtf", _spans),
        Row((Kind.PERSON,), "birthplace, deathplace", "370 $a $b", _life_places),
        Row(kinds, "name, label, title, shares", "100, 110, 130, 147, 150, 151", _heading),
        Row(kinds, "variants", "400, 410, 430, 447, 450, 451", _see),
        Row(kinds, "broader, narrower, related", "5XX $w $a $1", _see_also),
        Row((Kind.GROUP,), "member", "500, 510, 550 $w r $i $a $d $1", _members),
        Row((Kind.PERSON,), "identity, persona", "500 $w r $i $a $d $1", _identity),
        Row((Kind.EVENT,), "place", "551 $w r $i $a $1", _places),
        Row((Kind.PERSON, Kind.GROUP), "definitions, notes", "678 0# $a", _biography),
        Row((Kind.CONCEPT,), "definitions", "677 $a", _definition),
        Row(
            (Kind.CONCEPT, Kind.GROUP, Kind.PLACE, Kind.EVENT, Kind.WORK),
            "definitions, notes",
            "680 $i",
            _scope,
        ),
        Row(kinds, "retired, replaced by", "leader/05, 682 $i", _deleted),
    )


def _fixed(entry: Entry) -> Iterator[Field]:
    name = entry.kind is not Kind.CONCEPT and not entry.topical
    uses = "aab" if name else "bab"
    # An established heading (09 a), other rules (10, 11 z), differentiated (32 a), other source.
    yield fields.fixed("008", f"{fields.entered(entry)}|||azz||{uses}|{' ' * 10}|| |ad{' ' * 5}d")


def _spans(entry: Entry) -> Iterator[Field]:
    date = entry.date.edtf if entry.date else ""
    born, died = (one.edtf if one else "" for one in (entry.born, entry.died))
    begin, slash, end = date.partition("/")
    coded = [("f", born), ("g", died)]
    if date and entry.kind is Kind.EVENT:
        coded += [("s", begin), ("t", end if slash else begin)]
    elif date:
        coded.append(("k", date))
    if any(value for _, value in coded):
        yield fields.field("046", "##", *coded, ("2", "edtf"))


def _life_places(entry: Entry) -> Iterator[Field]:
    places = (("a", "birthplace"), ("b", "deathplace"))
    coded = [(code, one.label.value) for code, name in places for one in entry.linked(name)]
    if coded:
        yield fields.field("370", "##", *coded)


def _heading(entry: Entry) -> Iterator[Field]:
    yield _headed("1", entry, (entry.title or entry.label).value)


def _headed(hundred: str, entry: Entry, said: str) -> Field:
    """Make a heading or one that leads to it, for the record of an entry."""
    if entry.kind is Kind.PERSON:
        main = hundred == "1"
        name = entry.name.inverted if main and entry.name else said
        parts = (("a", name), ("d", life(entry) if main else ""))
        ends = entry.name is not None and entry.name.direct.endswith(name)
        family = ends or "," in name or " " not in name
        return fields.field(f"{hundred}00", "1#" if family else "0#", *parts)
    if entry.topical:
        return fields.field(f"{hundred}50", "##", ("a", said))
    if entry.kind is Kind.GROUP:
        return fields.field(f"{hundred}10", "2#", ("a", said))
    if entry.kind is Kind.WORK:
        authors = [one.agent for one in entry.shares if one.role in AUTHORING]
        if not authors:
            return fields.field(f"{hundred}30", "#0", ("a", said))
        from pymarc import Subfield

        made = fields.agent_field(hundred, "#", authors[0])
        kept = [part for part in made.subfields if part.code in ("a", "d")]
        made.subfields = [*kept, Subfield("t", fields.cut(said))]
        return made
    return fields.field(f"{hundred}{_TAGS[entry.kind]}", "##", ("a", said))


def _see(entry: Entry) -> Iterator[Field]:
    yield from (_headed("4", entry, one.value) for one in others(entry))


def _see_also(entry: Entry) -> Iterator[Field]:
    for name, code in (("broader", "g"), ("narrower", "h"), ("related", "")):
        for one in entry.linked(name):
            if one.kind is entry.kind:
                yield _related(one, ("w", code))


def _related(one: Reference, *before: tuple[str, str]) -> Field:
    tag = "5" + (_TAGS.get(one.kind, "50") if one.kind and not one.topical else "50")
    first = {"500": "1", "510": "2"}.get(tag, "#")
    return fields.field(
        tag, f"{first}#", *before, *fields.heading(one), *fields.named((one.iri, *one.same))
    )


def _members(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("member"):
        yield _related(one, ("w", "r"), ("i", "Member:"))


def _identity(entry: Entry) -> Iterator[Field]:
    for name, said in (("identity", "Real identity:"), ("persona", "Alternate identity:")):
        for one in entry.linked(name):
            yield _related(one, ("w", "r"), ("i", said))


def _places(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("place"):
        yield _related(one, ("w", "r"), ("i", "Place:"))


def _biography(entry: Entry) -> Iterator[Field]:
    if not entry.topical:
        for one in (*entry.definitions, *entry.notes):
            yield fields.field("678", "0#", ("a", one.value))


def _definition(entry: Entry) -> Iterator[Field]:
    yield from (fields.field("677", "##", ("a", one.value)) for one in entry.definitions)


def _scope(entry: Entry) -> Iterator[Field]:
    if entry.kind is Kind.GROUP and not entry.topical:
        return  # what is told of a body is its history
    said = entry.notes if entry.kind is Kind.CONCEPT else (*entry.definitions, *entry.notes)
    yield from (fields.field("680", "##", ("i", one.value)) for one in said)


def _deleted(entry: Entry) -> Iterator[Field]:
    if entry.retired:
        others = ", ".join(one.iri for one in entry.linked("replaced by"))
        said = f"This record was withdrawn; use {others}" if others else "This record was withdrawn"
        yield fields.field("682", "##", ("i", said))
