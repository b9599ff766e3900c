"""BibTeX, with the fields of biblatex: names in parts, dates as EDTF, all parts in their fields."""

from __future__ import annotations

import io
from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING

from publish import dates
from publish.catalogue import Entry
from publish.citations import parts

if TYPE_CHECKING:
    from pybtex.database import Entry as Item
    from pybtex.database import Person
    from pybtex.database.output.bibtex import Writer

_TYPES = MappingProxyType(
    {
        "book": "book",
        "chapter": "incollection",
        "article": "article",
        "newspaper": "article",
        "thesis": "thesis",
        "report": "report",
        "paper": "inproceedings",
        "entry": "inreference",
        "letter": "letter",
        "web": "online",
    }
)
_NAMED = MappingProxyType(
    {
        "introduction": ("win", "aui"),
        "foreword": ("wfw", "wpr"),
        "afterword": ("waw", "aft"),
        "commentator": ("wac",),
        "annotator": ("ann",),
    }
)
_VERBATIM = frozenset({"date", "url", "doi"})
"""Fields that biblatex takes letter by letter."""
_SIGNS = MappingProxyType(
    {
        ord("\\"): r"\textbackslash{}",
        ord("{"): r"\lbrace{}",
        ord("}"): r"\rbrace{}",
        ord("$"): r"\$",
        ord("^"): r"\^{}",
        ord("~"): r"{\textasciitilde}",
    }
)


def write(entries: Iterable[Entry]) -> bytes:
    """Write entries as one file."""
    # The library is loaded by who asks for BibTeX, not by each server that starts.
    from pybtex.database import BibliographyData

    items = {key: _item(entry) for key, entry in parts.keyed(entries)}
    written = io.StringIO()
    _writer().write_stream(BibliographyData(items), written)
    return written.getvalue().encode()


def _writer() -> Writer:
    """Give a writer that leaves addresses and dates as they are; they would be escaped as text."""
    from pybtex.database.output.bibtex import Writer

    class Verbatim(Writer):  # type: ignore[misc]
        def _write_field(self, stream: io.StringIO, type: str, value: str) -> None:
            if type in _VERBATIM:
                stream.write(f",\n    {type} = {{{value}}}")
            else:
                super()._write_field(stream, type, value)

    return Verbatim(encoding="utf-8")


def _item(entry: Entry) -> Item:
    from pybtex.database import Entry as Item

    kind = _TYPES.get(parts.form(entry), "misc")
    people = {"author": parts.authors(entry)}
    people["editor"] = parts.editors(entry, "edt", "com")
    people["translator"] = parts.translators(entry)
    people |= {field: parts.held(entry, *roles) for field, roles in _NAMED.items()}
    if entry.host:
        people["bookauthor"] = parts.authors(entry.host)
    fields = [(name, value) for name, value in _fields(entry) if value]
    persons = {name: [_person(one) for one in found] for name, found in people.items() if found}
    return Item(kind, fields, persons)


def _fields(entry: Entry) -> Iterable[tuple[str, str]]:
    yield "title", _text(parts.title(entry))
    container = "journaltitle" if entry.form in ("article", "newspaper") else "booktitle"
    if entry.container:
        yield container, _text(parts.title(entry.container))
    yield "volume", _text(entry.numbered("volume"))
    yield "number", _text(entry.numbered("issue"))
    if entry.date:
        year = dates.single(entry.date.edtf)
        plain = year is not None and not parts.uncertain(entry)
        yield "date", entry.date.edtf.translate({ord(sign): None for sign in "{}\\"})
        # For BibTeX itself, which knows no dates: what a reader is to see.
        yield "year", str(year) if plain else _text(entry.date.label or entry.date.edtf)
    # A thesis or a report has no publisher (biblatex, 2.1.1).
    issued_by = "institution" if parts.form(entry) in ("thesis", "report") else "publisher"
    yield issued_by, " and ".join(map(_text, parts.from_host(entry, "publishers")))
    yield "address", " and ".join(map(_text, parts.from_host(entry, "published_in")))
    yield "pages", _text(entry.pages)
    yield "pagetotal", _text(entry.page_count)
    yield "edition", _text(entry.edition_statement)
    yield "isbn", _text(", ".join(parts.from_host(entry, "isbns")))
    yield "issn", _text(", ".join(parts.issns(entry)))
    yield "doi", parts.doi(entry)
    # `langid` chooses hyphenation; what a work is written in is `language` (biblatex, 2.2).
    yield "language", _text(entry.language)
    yield "langid", _text(entry.language)
    yield "origtitle", "; ".join(_text(one.label.value) for one in entry.linked("original"))
    yield "url", entry.iri.translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})
    yield "note", _text("; ".join(parts.notes(entry)))


def _text(value: str) -> str:
    """Escape what TeX would read as a command; the library does the rest."""
    return value.translate(_SIGNS)


def _person(agent: Entry) -> Person:
    from pybtex.database import Person

    made = Person()
    if agent.name is None:
        # Braces keep a name whole that is no person's.
        made.last_names = [f"{{{_text(agent.label.value)}}}"]
        return made
    made.last_names = [_whole(agent.name.family, alone=not agent.name.given)]
    made.first_names = [_text(agent.name.given)] if agent.name.given else []
    made.prelast_names = [_text(agent.name.particle)] if agent.name.particle else []
    made.lineage_names = [_text(agent.name.suffix)] if agent.name.suffix else []
    return made


def _whole(family: str, *, alone: bool) -> str:
    """Keep a family name together that BibTeX would take apart, as of several words that stand alone."""
    apart = "," in family or " and " in f" {family} " or (alone and " " in family)
    return f"{{{_text(family)}}}" if apart else _text(family)
