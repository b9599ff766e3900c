"""MODS 3 (Library of Congress): works and editions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from publish import dates
from publish.catalogue import AUTHORING, Date, Entry, Kind, Reference, Share
from publish.crosswalks import relators, trees
from publish.crosswalks.languages import bibliographic
from publish.crosswalks.mads import life
from publish.crosswalks.tables import DOCUMENTS, Row, apply
from publish.crosswalks.trees import Element, child, root

MODS = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_VERSION = "3.8"
_M = f"{{{MODS}}}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SUBJECTS = MappingProxyType(
    {Kind.PERSON: "name", Kind.GROUP: "name", Kind.PLACE: "geographic", Kind.WORK: "titleInfo"}
)


def rows() -> tuple[Row[Element], ...]:
    """Give the table."""
    edition = (Kind.EDITION,)
    return (
        Row(DOCUMENTS, "title, devised, language", "titleInfo", _title),
        Row(DOCUMENTS, "variants", 'titleInfo type="alternative"', _variants),
        Row(DOCUMENTS, "shares", "name / namePart, role / roleTerm", _names),
        Row(DOCUMENTS, "kind", "typeOfResource", _resource),
        Row(edition, "form", 'genre authority="marcgt"', _genre),
        Row(
            DOCUMENTS,
            "date, publishers, published in, edition statement",
            "originInfo",
            _origin,
        ),
        Row(edition, "page count", "physicalDescription / extent", _page_count),
        Row(DOCUMENTS, "language", "language / languageTerm", _language),
        Row(DOCUMENTS, "definitions", "abstract", _abstracts),
        Row(DOCUMENTS, "notes, references, devised", "note", _notes),
        Row(DOCUMENTS, "subject", "subject", _subjects),
        Row(edition, "host", 'relatedItem type="host"', _host),
        Row(edition, "original", 'relatedItem type="original"', _original),
        Row((Kind.WORK,), "edition", 'relatedItem type="otherVersion"', _editions),
        Row(DOCUMENTS, "iri, isbns, same", "identifier", _identifiers),
        Row(edition, "addresses", "location / url", _addresses),
        Row(DOCUMENTS, "iri, modified", "recordInfo", _record),
    )


def element(entry: Entry) -> Element:
    """Write the record of an entry."""
    top = root(MODS, "mods", {"mods": MODS, "xlink": "http://www.w3.org/1999/xlink"}, SCHEMA)
    top.set("version", _VERSION)
    top.extend(apply(rows(), entry))
    return top


def _make(name: str, text: str = "", **attributes: str) -> Element:
    return trees.element(_M + name, text, **attributes)


def _title(entry: Entry) -> Iterator[Element]:
    said = entry.title or entry.label
    made = _make("titleInfo", **({"lang": bibliographic(said.language)} if said.language else {}))
    if entry.devised:
        made.set("supplied", "yes")
    title, colon, rest = said.value.partition(": ")
    child(made, _M + "title", title)
    if colon:
        child(made, _M + "subTitle", rest)
    yield made


def _variants(entry: Entry) -> Iterator[Element]:
    for one in entry.variants:
        made = _make("titleInfo", type="alternative")
        child(made, _M + "title", one.value)
        yield made


def _names(entry: Entry) -> Iterator[Element]:
    for number, share in enumerate(entry.shares):
        made = _name(share)
        if number == 0 and share.role in AUTHORING:
            made.set("usage", "primary")
        yield made


def _name(share: Share) -> Element:
    agent = share.agent
    made = _make("name", type="personal" if agent.kind is Kind.PERSON else "corporate")
    made.set("valueURI", agent.iri)
    _parts(made, agent)
    role = child(made, _M + "role")
    for kind, value in (("text", relators.label(share.role)), ("code", share.role)):
        term = child(role, _M + "roleTerm", value, type=kind, authority="marcrelator")
        term.set("valueURI", f"http://id.loc.gov/vocabulary/relators/{share.role}")
    for one in agent.same:
        child(made, _M + "nameIdentifier", one, type="uri")
    return made


def _parts(made: Element, agent: Entry | Reference) -> None:
    if agent.name and agent.name.given:
        given = " ".join(filter(None, (agent.name.given, agent.name.particle)))
        child(made, _M + "namePart", agent.name.family, type="family")
        child(made, _M + "namePart", given, type="given")
        if agent.name.suffix:
            child(made, _M + "namePart", agent.name.suffix, type="termsOfAddress")
    else:
        child(made, _M + "namePart", agent.label.value)
    if life(agent):
        child(made, _M + "namePart", life(agent), type="date")


def _resource(entry: Entry) -> Iterator[Element]:
    yield _make("typeOfResource", "text")


def _genre(entry: Entry) -> Iterator[Element]:
    # MARC's own list has no chapter; the others are words of it.
    known = {"book": "book", "article": "article", "thesis": "thesis", "letter": "letter"}
    if entry.form in known:
        yield _make("genre", known[entry.form], authority="marcgt")
    elif entry.form:
        yield _make("genre", entry.form)


def _origin(entry: Entry) -> Iterator[Element]:
    if not (entry.date or entry.publishers or entry.published_in or entry.edition_statement):
        return
    made = _make("originInfo")
    for name in entry.published_in:
        child(child(made, _M + "place"), _M + "placeTerm", name, type="text")
    for name in entry.publishers:
        child(made, _M + "publisher", name)
    if entry.date:
        name = "dateIssued" if entry.kind is Kind.EDITION else "dateCreated"
        _dates(made, name, entry.date)
    if entry.edition_statement:
        child(made, _M + "edition", entry.edition_statement)
    yield made


def _page_count(entry: Entry) -> Iterator[Element]:
    if entry.page_count:
        made = _make("physicalDescription")
        child(made, _M + "extent", f"{entry.page_count} pages")
        yield made


def _dates(made: Element, name: str, date: Date) -> None:
    """Write a date as EDTF for programs, and in words for readers where it is no plain year."""
    term = child(made, _M + name, date.edtf, encoding="edtf", keyDate="yes")
    if dates.approximate(date.edtf):
        term.set("qualifier", "approximate" if "~" in date.edtf else "questionable")
    if date.label and date.label != date.edtf:
        child(made, _M + name, date.label)


def _language(entry: Entry) -> Iterator[Element]:
    code = bibliographic(entry.language)
    if entry.language and code != "und":
        made = _make("language")
        child(made, _M + "languageTerm", code, type="code", authority="iso639-2b")
        yield made


def _abstracts(entry: Entry) -> Iterator[Element]:
    yield from (_make("abstract", one.value) for one in entry.definitions)


def _notes(entry: Entry) -> Iterator[Element]:
    if entry.devised:
        yield _make("note", "Title devised by the editors", type="source note")
    yield from (_make("note", one.value) for one in entry.notes)
    yield from (_make("note", one, type="citation/reference") for one in entry.references)


def _subjects(entry: Entry) -> Iterator[Element]:
    for one in entry.linked("subject"):
        made = _make("subject")
        name = _SUBJECTS.get(one.kind, "topic") if one.kind and not one.topical else "topic"
        if name == "name":
            kind = "personal" if one.kind is Kind.PERSON else "corporate"
            inner = child(made, _M + "name", type=kind)
            inner.set("valueURI", one.iri)
            _parts(inner, one)
        elif name == "titleInfo":
            child(child(made, _M + name), _M + "title", one.label.value)
        else:
            child(made, _M + name, one.label.value).set("valueURI", one.iri)
        yield made


def _host(entry: Entry) -> Iterator[Element]:
    if host := entry.container:
        made = _make("relatedItem", type="host")
        made.set(_XLINK, host.iri)
        made.extend((*_title(host), *_names(host), *_origin(host), *_identifiers(host)))
        for issn in host.issns:
            child(made, _M + "identifier", issn, type="issn")
        numbers = [(name, entry.numbered(name)) for name in ("volume", "issue")]
        if entry.pages or any(value for _, value in numbers):
            part = child(made, _M + "part")
            for name, value in numbers:
                if value:
                    child(child(part, _M + "detail", type=name), _M + "number", value)
            if entry.pages:
                _extent(part, entry.pages)
        yield made


def _extent(part: Element, pages: str) -> None:
    extent = child(part, _M + "extent", unit="pages")
    # What is no plain range, such as `3, 7-9`, MODS has as a list.
    if plain := re.fullmatch(r"(\w+)\s*[-\u2013]\s*(\w+)", pages):
        child(extent, _M + "start", plain[1])
        child(extent, _M + "end", plain[2])
    else:
        child(extent, _M + "list", pages)


def _related(kind: str, one: Reference) -> Element:
    made = _make("relatedItem", type=kind)
    made.set(_XLINK, one.iri)
    child(child(made, _M + "titleInfo"), _M + "title", (one.title or one.label).value)
    return made


def _original(entry: Entry) -> Iterator[Element]:
    yield from (_related("original", one) for one in entry.linked("original"))


def _editions(entry: Entry) -> Iterator[Element]:
    yield from (_related("otherVersion", one) for one in entry.linked("edition"))


def _identifiers(entry: Entry) -> Iterator[Element]:
    yield _make("identifier", entry.iri, type="uri")
    yield from (_make("identifier", one, type="isbn") for one in entry.isbns)
    others = (one for one in entry.same if not one.startswith("urn:isbn:"))
    yield from (_make("identifier", one, type="uri") for one in others)


def _addresses(entry: Entry) -> Iterator[Element]:
    if entry.addresses:
        made = _make("location")
        for one in entry.addresses:
            child(made, _M + "url", one)
        yield made


def _record(entry: Entry) -> Iterator[Element]:
    made = _make("recordInfo")
    if entry.modified:
        child(made, _M + "recordChangeDate", entry.modified, encoding="w3cdtf")
    child(made, _M + "recordIdentifier", entry.iri)
    yield made
