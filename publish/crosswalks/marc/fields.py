"""Fields of MARC 21, and those that records of both formats have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from publish.catalogue import Entry, Kind, Reference
from publish.crosswalks import relators
from publish.crosswalks.mads import life

if TYPE_CHECKING:
    from pymarc import Field

_LONGEST_FIELD = 9_000
"""Bytes of one value: a field of ISO 2709 has at most 9,999 with all that is around it."""
_AUTHORITIES = (
    "http://id.loc.gov/authorities/",
    "https://id.loc.gov/authorities/",
    "https://d-nb.info/gnd/",
    "http://d-nb.info/gnd/",
    "http://id.worldcat.org/fast/",
    "https://id.ndl.go.jp/auth/",
)
"""Where IRIs begin that name records of authority files, and not what these are about."""


def control(iri: str) -> str:
    """Give the control number of a thing: what its IRI ends in, from the kind on."""
    return "/".join(iri.rstrip("/").split("/")[-2:])


def field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """Make a field; what has no value is left out, what is too long for ISO 2709 is cut."""
    from pymarc import Field, Indicators, Subfield

    parts = [Subfield(code, cut(value)) for code, value in subfields if value]
    signs = indicators.replace("#", " ")
    return Field(tag=tag, indicators=Indicators(signs[0], signs[1]), subfields=parts)


def cut(value: str) -> str:
    """Cut a value to what a field of ISO 2709 holds."""
    # What separates the parts of a record (ISO 2709) is no character of XML either, and gone.
    raw = value.encode()
    if len(raw) <= _LONGEST_FIELD:
        return value
    return raw[:_LONGEST_FIELD].decode(errors="ignore") + "…"


def fixed(tag: str, data: str) -> Field:
    """Make a field without subfields."""
    from pymarc import Field

    return Field(tag=tag, data=data)


def entered(entry: Entry) -> str:
    """Give the day of a record in six digits (008/00-05)."""
    return entry.modified.replace("-", "")[2:8].ljust(6, "0")


def identifiers(entry: Entry) -> Iterator[Field]:
    """Make the fields of the IRIs of a thing, but for ISBN, which have one of their own."""
    others = (one for one in entry.same if not one.startswith("urn:isbn:"))
    for iri in (entry.iri, *others):
        yield field("024", "7#", ("a", iri), ("2", "uri"))


def named(iris: Sequence[str]) -> list[tuple[str, str]]:
    """Give IRIs as subfields: `$0` of records, then `$1` of things."""
    found = [("0" if one.startswith(_AUTHORITIES) else "1", one) for one in iris]
    return sorted(found, key=lambda pair: pair[0])


def heading(thing: Entry | Reference) -> list[tuple[str, str]]:
    """Give the heading of a thing as subfields: the name of a person inverted, with the dates."""
    name = thing.name.inverted if thing.name else thing.label.value
    return [("a", name), ("d", life(thing) if thing.kind is Kind.PERSON else "")]


def agent_field(tag: str, second: str, agent: Entry | Reference, role: str = "") -> Field:
    """Make the field of a person or group: `tag` is the hundred."""
    person = agent.kind is Kind.PERSON
    parts = heading(agent)
    if role:
        parts += [("e", relators.label(role)), ("4", role)]
    indicators = ("1" if person else "2") + second
    found = named((agent.iri, *agent.same))
    return field(tag + ("00" if person else "10"), indicators, *parts, *found)
