"""Citations that stand unseen in a page, for reference managers that read it.

`tags` gives the meta elements that Google Scholar and Zotero read (Highwire Press tags), `coins` an
OpenURL ContextObject in KEV format as COinS has it (Z39.88-2004), a span for each work of a page,
`coins_of_dataset` one of a data set. A name that is no person's is told apart where the format can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from urllib.parse import urlencode

from publish import dates
from publish.catalogue import Entry, Kind
from publish.citations import parts
from publish.dataset import Description

DOCUMENTS = (Kind.EDITION, Kind.WORK)
"""The kinds of things that can be cited as works."""
_GENRES = MappingProxyType(
    {
        "book": "book",
        "chapter": "bookitem",
        "entry": "bookitem",
        "paper": "proceeding",
        "report": "report",
    }
)
_FORMATS = MappingProxyType(
    {"article": "journal", "newspaper": "journal", "thesis": "dissertation"},
)
"""The matrix of a form (registry of OpenURL, `info:ofi/fmt:kev:mtx:`), where it is not `book`."""
_PUBLISHER = MappingProxyType(
    {
        "report": "technical_report_institution",
        "thesis": "dissertation_institution",
    }
)


def tags(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give the names and contents of meta elements."""
    first, last = parts.pages(entry)
    publisher = _PUBLISHER.get(parts.form(entry), "publisher")
    pairs = [
        ("title", parts.title(entry)),
        *(("author", _inverted(one)) for one in parts.authors(entry)),
        *(("editor", _inverted(one)) for one in parts.editors(entry, "edt")),
        ("publication_date", _year(entry)),
        (_host_tag(entry), parts.title(entry.container) if entry.container else ""),
        ("volume", entry.numbered("volume")),
        ("issue", entry.numbered("issue")),
        *((publisher, one) for one in parts.from_host(entry, "publishers")),
        *(("isbn", one) for one in parts.from_host(entry, "isbns")),
        *(("issn", one) for one in parts.issns(entry)),
        ("doi", parts.doi(entry)),
        ("language", entry.language),
        ("firstpage", first),
        ("lastpage", last),
    ]
    yield from ((f"citation_{name}", value) for name, value in pairs if value)


def coins(entry: Entry) -> str:
    """Give the ContextObject of an edition or work, a query string.

    What is not known to be a book is a `document`, whose title is plainly `title`. A dissertation
    has a matrix without genre, place and ISBN, where the publisher is the institution.
    """
    form = parts.form(entry)
    matrix = _FORMATS.get(form, "book")
    first, last = parts.pages(entry)
    genre = {"journal": "article", "dissertation": ""}.get(matrix, _GENRES.get(form, "document"))
    host = parts.title(entry.container) if entry.container else ""
    doi = parts.doi(entry)
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{matrix}"),
        ("rft_id", entry.iri),
        ("rft_id", f"info:doi/{doi}" if doi else ""),
        ("rft.genre", genre),
        *_titles(genre, parts.title(entry), host),
        *map(_author, parts.authors(entry)),
        ("rft.date", _year(entry)),
        *_publication(entry, matrix),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.tpages", entry.page_count),
        ("rft.language", entry.language),
    ]
    return _context_object(pairs)


def coins_of_dataset(about: Description, makers: Iterable[Entry]) -> str:
    """Give the ContextObject of a data set, in terms of Dublin Core (info:ofi/fmt:kev:mtx:dc)."""
    return _context_object(
        [
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
            ("rft_id", about.iri),
            ("rft.type", "dataset"),
            ("rft.title", about.title),
            # No terms of Dublin Core; but its `creator` is always read as the name of a person.
            *map(_author, makers),
            ("rft.date", about.modified),
            ("rft.identifier", about.iri),
            ("rft.language", about.languages[0] if about.languages else ""),
            ("rft.rights", about.licence),
            ("rft.description", about.description),
        ]
    )


def _context_object(pairs: Iterable[tuple[str, str]]) -> str:
    return urlencode([(name, value) for name, value in pairs if value])


def _titles(genre: str, title: str, host: str) -> Iterator[tuple[str, str]]:
    """Give the titles of a work and of what it stands in, as its genre names them."""
    if genre == "article":
        yield from (("rft.atitle", title), ("rft.jtitle", host))
    elif genre == "bookitem":
        yield from (("rft.atitle", title), ("rft.btitle", host))
    else:
        yield "rft.title" if genre in ("document", "") else "rft.btitle", title


def _publication(entry: Entry, matrix: str) -> Iterator[tuple[str, str]]:
    """Give who published a work and where; a matrix has a publisher, a place and an edition once."""
    publishers = ", ".join(parts.from_host(entry, "publishers"))
    if matrix == "dissertation":
        yield "rft.inst", publishers
        return
    yield "rft.pub", publishers
    yield "rft.place", ", ".join(parts.from_host(entry, "published_in"))
    yield "rft.edition", entry.edition_statement
    yield from (("rft.isbn", one) for one in parts.from_host(entry, "isbns"))
    yield "rft.volume", entry.numbered("volume")
    yield "rft.issue", entry.numbered("issue")
    yield from (("rft.issn", one) for one in parts.issns(entry)[:1])


def _host_tag(entry: Entry) -> str:
    tags = {"article": "journal_title", "newspaper": "journal_title", "paper": "conference_title"}
    return tags.get(parts.form(entry), "inbook_title")


def _author(agent: Entry) -> tuple[str, str]:
    return "rft.au" if agent.name else "rft.aucorp", _inverted(agent)


def _inverted(agent: Entry) -> str:
    """Name somebody with the family name first."""
    if agent.name is None or not agent.name.given:
        return agent.label.value
    family = " ".join(filter(None, (agent.name.particle, agent.name.family)))
    return f"{family}, {agent.name.given}"


def _year(entry: Entry) -> str:
    year = dates.single(entry.date.edtf) if entry.date else None
    return "" if year is None else str(year)
