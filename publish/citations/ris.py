"""RIS, which nearly every reference manager reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from publish import dates
from publish.catalogue import Entry
from publish.citations import parts
from publish.crosswalks import relators

_TYPES = MappingProxyType(
    {
        "book": "BOOK",
        "chapter": "CHAP",
        "article": "JOUR",
        "newspaper": "NEWS",
        "thesis": "THES",
        "report": "RPRT",
        "paper": "CPAPER",
        "entry": "ENCYC",
        "letter": "PCOMM",
        "web": "ELEC",
    }
)
_OTHERS = ("win", "aui", "wac", "wfw", "wpr", "waw", "aft", "ann", "ill", "ctb")


def write(entries: Iterable[Entry]) -> bytes:
    """Write entries as one file."""
    import rispy  # only who asks for RIS waits for it

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        """Begins a record with its TY: a number before it some readers take for a record."""

        def set_header(self, count: int) -> str:
            return ""

    items = [_item(key, entry) for key, entry in parts.keyed(entries)]
    written: str = rispy.dumps(items, implementation=Writer)
    return written.encode()


def _item(key: str, entry: Entry) -> dict[str, object]:
    first, last = parts.pages(entry)
    form = _TYPES.get(parts.form(entry), "GEN")
    # Of a book, A2 is the editor of its series.
    editors = "tertiary_authors" if form == "BOOK" else "secondary_authors"
    item: dict[str, object] = {
        "type_of_reference": form,
        "id": key,
        "authors": _names(parts.authors(entry)),
        editors: _names(parts.editors(entry, "edt", "com")),
        "subsidiary_authors": _names(parts.translators(entry)),
        "title": parts.title(entry),
        "secondary_title": parts.title(entry.container) if entry.container else "",
        "volume": entry.numbered("volume"),
        "number": entry.numbered("issue"),
        "doi": parts.doi(entry),
        "year": _year(entry),
        "date": _day(entry),
        "publisher": ", ".join(parts.from_host(entry, "publishers")),
        "place_published": ", ".join(parts.from_host(entry, "published_in")),
        # Of a book, SP is how many pages it has.
        "start_page": first or entry.page_count,
        "end_page": last,
        "edition": entry.edition_statement,
        "issn": ", ".join(parts.from_host(entry, "isbns") or parts.issns(entry)),
        "language": entry.language,
        "urls": [entry.iri],
        "keywords": [one.label.value for one in entry.linked("subject")],
        "notes": [*_others(entry), *parts.notes(entry)],
    }
    return {name: value for name, value in item.items() if value}


def _others(entry: Entry) -> Iterator[str]:
    """Say who wrote an introduction and the like; what RIS calls A3 readers take for editors."""
    for share in entry.shares:
        if share.role in _OTHERS:
            yield f"{_names([share.agent])[0]} ({relators.label(share.role)})"


def _names(agents: Iterable[Entry]) -> list[str]:
    return [one.name.inverted if one.name else one.label.value for one in agents]


def _year(entry: Entry) -> str:
    """Give the year in four digits; of a span, the first: the whole stands in a note."""
    first, last = dates.years(entry.date.edtf) if entry.date else (None, None)
    year = first if first is not None else last
    return "" if year is None else f"{year:04}"


def _day(entry: Entry) -> str:
    if entry.date is None or not dates.exact(entry.date.edtf):
        return ""
    year, month, day, *_ = (*entry.date.edtf.split("-"), "", "")
    return f"{year}/{month}/{day}/"
