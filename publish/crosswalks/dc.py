"""Simple Dublin Core, as OAI-PMH wants it (`oai_dc`): fifteen elements, for things of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from publish.catalogue import AUTHORING, Entry, Kind
from publish.crosswalks.languages import terminological
from publish.crosswalks.mads import heading
from publish.crosswalks.tables import DOCUMENTS, ITEMS, Row, apply
from publish.crosswalks.trees import XML_LANG, Element, child, root
from publish.sources import Text

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC = "http://purl.org/dc/elements/1.1/"
_TYPES = MappingProxyType({Kind.WORK: "Text", Kind.EDITION: "Text", Kind.EVENT: "Event"})

Value = tuple[str, Text | str]
"""The name of an element and what it holds."""


def rows() -> tuple[Row[Value], ...]:
    """Give the table."""
    every = (*ITEMS, Kind.CITATION)
    return (
        Row(every, "label, title", "dc:title", _title),
        Row(every, "variants", "dc:title", _variants),
        Row(DOCUMENTS, "shares with the roles aut, cre", "dc:creator", _creators),
        Row(DOCUMENTS, "other shares", "dc:contributor", _contributors),
        Row(DOCUMENTS, "publishers", "dc:publisher", _publishers),
        Row(DOCUMENTS, "date", "dc:date", _date),
        Row((Kind.EVENT,), "date, place", "dc:coverage", _coverage),
        Row(every, "kind, form", "dc:type", _type),
        Row(every, "iri, same, isbns", "dc:identifier", _identifiers),
        Row(DOCUMENTS, "language", "dc:language", _language),
        Row(every, "definitions, notes", "dc:description", _descriptions),
        Row(every, "subject, broader", "dc:subject", _subjects),
        Row(every, "host, work, original, citing, cited", "dc:relation", _relations),
    )


def element(entry: Entry) -> Element:
    """Write the record of an entry."""
    top = root(OAI_DC, "dc", {"oai_dc": OAI_DC, "dc": _DC}, SCHEMA)
    for name, value in apply(rows(), entry):
        said = value.value if isinstance(value, Text) else value
        made = child(top, f"{{{_DC}}}{name}", said)
        if isinstance(value, Text) and value.language:
            made.set(XML_LANG, value.language)
    return top


def _title(entry: Entry) -> Iterator[Value]:
    yield "title", heading(entry) if entry.name else entry.title or entry.label


def _variants(entry: Entry) -> Iterator[Value]:
    yield from (("title", one) for one in entry.variants)


def _creators(entry: Entry) -> Iterator[Value]:
    shares = (share for share in entry.shares if share.role in AUTHORING)
    yield from (("creator", heading(share.agent).value) for share in shares)


def _contributors(entry: Entry) -> Iterator[Value]:
    shares = (share for share in entry.shares if share.role not in AUTHORING)
    yield from (("contributor", heading(share.agent).value) for share in shares)


def _publishers(entry: Entry) -> Iterator[Value]:
    yield from (("publisher", name) for name in entry.publishers)


def _date(entry: Entry) -> Iterator[Value]:
    if entry.date:
        yield "date", entry.date.edtf


def _coverage(entry: Entry) -> Iterator[Value]:
    if entry.date:
        yield "coverage", entry.date.edtf
    yield from (("coverage", one.label) for one in entry.linked("place"))


def _type(entry: Entry) -> Iterator[Value]:
    if entry.kind in _TYPES:
        yield "type", _TYPES[entry.kind]
    yield "type", entry.form or entry.kind.value


def _identifiers(entry: Entry) -> Iterator[Value]:
    yield from (("identifier", iri) for iri in (entry.iri, *entry.same))
    linked = {one.removeprefix("urn:isbn:") for one in entry.same}
    yield from (("identifier", f"urn:isbn:{one}") for one in entry.isbns if one not in linked)


def _language(entry: Entry) -> Iterator[Value]:
    if entry.language:
        yield "language", terminological(entry.language)


def _descriptions(entry: Entry) -> Iterator[Value]:
    yield from (("description", one) for one in (*entry.definitions, *entry.notes))
    yield from (("description", one) for one in (entry.printed, entry.locator) if one)


def _subjects(entry: Entry) -> Iterator[Value]:
    yield from (("subject", one.label) for one in entry.linked("subject", "broader"))


def _relations(entry: Entry) -> Iterator[Value]:
    found = entry.linked("host", "work", "original", "citing", "cited")
    yield from (("relation", one.iri) for one in found)
