"""The formats of citations as profiles, to be had where the records for libraries are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from publish import namespaces as ns
from publish.catalogue import Entry, Kind
from publish.citations import bibtex, csl, ris
from publish.crosswalks import Profile, Release, Row
from publish.negotiation import Format

BIBTEX = Format("bibtex", "application/x-bibtex", "bib", ("text/x-bibtex",))
RIS = Format("ris", "application/x-research-info-systems", "ris")
CSL = Format(
    "csl",
    "application/vnd.citationstyles.csl+json",
    "csl.json",
    ("application/citeproc+json",),
    ("csl-json",),
)
_KINDS = (Kind.EDITION, Kind.WORK)


def profiles() -> tuple[Profile, ...]:
    """Give all formats of citations."""
    return (
        _profile("bibtex", "BibTeX", BIBTEX, bibtex.write, 0),
        _profile("ris", "RIS", RIS, ris.write, 1),
        _profile("csl", "CSL-JSON", CSL, csl.write, 2),
    )


def _profile(
    name: str,
    title: str,
    form: Format,
    make: Callable[[Iterable[Entry]], bytes],
    column: int,
) -> Profile:
    def write(entries: Iterable[Entry], form: Format, release: Release) -> Iterator[bytes]:
        yield make(entries)

    rows = [Row(_KINDS, source, targets[column], _nothing) for source, *targets in _TABLE]
    return Profile(name, title, ns.FM + name, (form,), _KINDS, rows, write)


def _nothing(entry: Entry) -> Iterable[object]:
    """Make nothing: a citation is written as a whole."""
    return ()


_TABLE = (
    ("form", "type", "TY", "type"),
    ("iri", "key, url", "ID, UR", "id, URL"),
    ("shares: aut, cre", "author", "AU", "author"),
    ("shares: edt, and of the host", "editor", "A2, of books A3", "editor"),
    ("shares: trl, or of the host", "translator", "A4", "translator"),
    ("shares: introductions, comments", "introduction, commentator, …", "N1", "contributor"),
    ("title, devised", "title, note", "TI, N1", "title, note"),
    ("host", "booktitle, journaltitle, bookauthor", "T2", "container-title, container-author"),
    ("date", "date (EDTF), year", "PY, DA, N1", "issued, custom.edtf"),
    ("publishers, published in", "publisher, address", "PB, CY", "publisher, publisher-place"),
    ("pages, isbns", "pages, isbn", "SP, EP, SN", "page, ISBN"),
    ("volume, issue, issns", "volume, number, issn", "VL, IS, SN", "volume, issue, ISSN"),
    ("same: DOI", "doi", "DO", "DOI"),
    ("edition statement, page count", "edition, pagetotal", "ET, SP", "edition, number-of-pages"),
    ("language, original", "language, langid, origtitle", "LA", "language, original-title"),
    ("references, subject", "note", "N1, KW", "note"),
)
