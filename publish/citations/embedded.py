"""Citations that stand unseen in a page, for reference managers that read it.

`tags` gives the meta elements that Google Scholar and Zotero read (Highwire Press tags), `coins`
an OpenURL ContextObject in KEV format as COinS has it (Z39.88-2004), a span for each work of a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from urllib.parse import urlencode

from publish import dates
from publish.catalogue import Entry, Kind
from publish.citations import parts

DOCUMENTS = (Kind.EDITION, Kind.WORK)
"""The kinds of things that can be cited as works."""
_GENRES = MappingProxyType({"book": "book", "chapter": "bookitem", "report": "report"})


def tags(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give the names and contents of meta elements."""
    yield "citation_title", parts.title(entry)
    for author in parts.authors(entry):
        yield "citation_author", _inverted(author)
    for editor in parts.held(entry, "edt"):
        yield "citation_editor", _inverted(editor)
    if year := _year(entry):
        yield "citation_publication_date", year
    if entry.host:
        yield _host_tag(entry), parts.title(entry.host)
    for publisher in parts.from_host(entry, "publishers"):
        yield "citation_publisher", publisher
    for isbn in parts.from_host(entry, "isbns"):
        yield "citation_isbn", isbn
    if entry.language:
        yield "citation_language", entry.language
    first, last = parts.pages(entry)
    if first:
        yield "citation_firstpage", first
    if last:
        yield "citation_lastpage", last


def coins(entry: Entry) -> str:
    """Give the ContextObject of an edition or work, a query string."""
    article = parts.form(entry) in ("article", "newspaper")
    first, last = parts.pages(entry)
    host = parts.title(entry.host) if entry.host else ""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'journal' if article else 'book'}"),
        ("rft_id", entry.iri),
        ("rft.genre", "article" if article else _GENRES.get(parts.form(entry), "unknown")),
        ("rft.atitle", parts.title(entry) if article or host else ""),
        ("rft.jtitle", host if article else ""),
        ("rft.btitle", "" if article else host or parts.title(entry)),
        *(("rft.au", _inverted(author)) for author in parts.authors(entry)),
        ("rft.date", _year(entry)),
        *(("rft.pub", one) for one in parts.from_host(entry, "publishers")[:1]),
        *(("rft.place", one) for one in parts.from_host(entry, "published_in")[:1]),
        *(("rft.isbn", one) for one in parts.from_host(entry, "isbns")),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.language", entry.language),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def _host_tag(entry: Entry) -> str:
    article = parts.form(entry) in ("article", "newspaper")
    return "citation_journal_title" if article else "citation_inbook_title"


def _inverted(agent: Entry) -> str:
    """Name somebody with the family name first."""
    if agent.name is None or not agent.name.given:
        return agent.label.value
    family = " ".join(filter(None, (agent.name.particle, agent.name.family)))
    return f"{family}, {agent.name.given}"


def _year(entry: Entry) -> str:
    year = dates.single(entry.date.edtf) if entry.date else None
    return "" if year is None else str(year)
