"""Bibliographic records (MARC 21 Format for Bibliographic Data), of editions."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING

from publish import dates
from publish.catalogue import AUTHORING, Date, Entry, Kind
from publish.crosswalks.languages import bibliographic, english
from publish.crosswalks.marc import fields
from publish.crosswalks.tables import Row
from publish.sources import Text

if TYPE_CHECKING:
    from pymarc import Field

_ARTICLES = MappingProxyType(
    {
        "en": ("The ", "A ", "An "),
        "de": ("Der ", "Die ", "Das ", "Ein ", "Eine "),
        "fr": ("Le ", "La ", "Les ", "L'", "Un ", "Une "),
        "it": ("Il ", "Lo ", "La ", "I ", "Gli ", "Le ", "L'", "Un ", "Uno ", "Una "),
        "es": ("El ", "La ", "Los ", "Las ", "Un ", "Una "),
    }
)


def rows() -> tuple[Row[Field], ...]:
    """Give the table of what a record has."""
    edition = (Kind.EDITION,)
    return (
        Row(edition, "date, language", "008", _fixed),
        Row(edition, "isbns", "020 $a", _isbns),
        Row(edition, "iri, same", "024 7# $a $2 uri", fields.identifiers),
        Row(edition, "language, original", "041 $a $h", _languages),
        Row(edition, "date", "046 $k $2 edtf", _coded),
        Row(edition, "first author", "100, 110 $a $d $e $4 $0 $1", _main),
        Row(edition, "original, language", "130, 240 $a $l", _uniform),
        Row(edition, "title", "245 $a $b", _title),
        Row(edition, "variants", "246 3# $a", _varying),
        Row(edition, "edition statement", "250 $a", _edition_statement),
        Row(edition, "published in, publishers, date", "264 #1 $a $b $c", _publication),
        Row(edition, "page count", "300 $a", _page_count),
        Row(edition, "kind", "336, 337, 338", _content),
        Row(edition, "devised, notes, references", "500 $a", _general),
        Row(edition, "form, publishers, date", "502 $a", _thesis),
        Row(edition, "definitions", "520 $a", _summary),
        Row(edition, "subject", "600 $a $d, 610, 630, 647, 650, 651 #4 $a $0 $1", _subjects),
        Row(edition, "other shares", "700, 710 $a $d $e $4 $0 $1", _added),
        Row(edition, "work", "758 $i $a $1", _work),
        Row(edition, "original", "765 0# $t $o", _translated),
        Row(edition, "host, volume, issue, pages", "773 0# $7 $t $d $g $o $w $x $z", _host),
        Row(edition, "addresses", "856 4# $u", _addresses),
    )


def _fixed(entry: Entry) -> Iterator[Field]:
    date = entry.date.edtf if entry.date else ""
    first, last = dates.years(date) if date else (None, None)
    years = [f"{year:04}" if year and 0 < year < 10_000 else "||||" for year in (first, last)]
    if first is None and last is None:
        dated = "n" + "uuuu" * 2
    elif first == last:
        # One year is single however probable it is; `q` has two, the first and the last possible.
        dated = "s" + years[0] + " " * 4
    else:
        dated = ("m" if last is None else "q") + years[0] + (years[1] if last else "9999")
    language = bibliographic(entry.language) if entry.language else "und"
    yield fields.fixed("008", f"{fields.entered(entry)}{dated}xx {'|' * 17}{language} d")


def _isbns(entry: Entry) -> Iterator[Field]:
    yield from (fields.field("020", "##", ("a", one)) for one in entry.isbns)


def _languages(entry: Entry) -> Iterator[Field]:
    if entry.language and entry.linked("original"):
        originals = (("h", bibliographic(one)) for one in entry.original_languages)
        yield fields.field("041", "1#", ("a", bibliographic(entry.language)), *originals)


def _edition_statement(entry: Entry) -> Iterator[Field]:
    if entry.edition_statement:
        yield fields.field("250", "##", ("a", entry.edition_statement))


def _page_count(entry: Entry) -> Iterator[Field]:
    if entry.page_count:
        yield fields.field("300", "##", ("a", f"{entry.page_count} pages"))


def _coded(entry: Entry) -> Iterator[Field]:
    if entry.date:
        yield fields.field("046", "##", ("k", entry.date.edtf), ("2", "edtf"))


def _main(entry: Entry) -> Iterator[Field]:
    first = next(iter(entry.shares), None)
    if first and first.role in AUTHORING:
        yield fields.agent_field("1", "#", first.agent, first.role)


def _added(entry: Entry) -> Iterator[Field]:
    for share in entry.shares[_has_author(entry) :]:
        yield fields.agent_field("7", "#", share.agent, share.role)


def _has_author(entry: Entry) -> bool:
    """Say whether a record has a main entry under a name (1XX)."""
    return bool(entry.shares) and entry.shares[0].role in AUTHORING


def _skipped(said: Text, language: str) -> int:
    """Count the signs of an article at the beginning of a title, which filing leaves out."""
    spoken = (said.language or language).partition("-")[0]
    articles = _ARTICLES.get(spoken, ())
    return max((len(one) for one in articles if said.value.startswith(one)), default=0)


def _uniform(entry: Entry) -> Iterator[Field]:
    """File a translation under the title of what it translates, with its own language."""
    titles = (one.title for one in entry.linked("original"))
    if entry.language and (title := next(filter(None, titles), None)):
        skipped = str(_skipped(title, ""))
        tag, indicators = ("240", "1" + skipped) if _has_author(entry) else ("130", skipped + "#")
        yield fields.field(tag, indicators, ("a", title.value), ("l", english(entry.language)))


def _title(entry: Entry) -> Iterator[Field]:
    said = entry.title or entry.label
    skipped = _skipped(said, entry.language)
    title, colon, rest = said.value.partition(": ")
    if entry.devised:
        title, rest, colon, skipped = f"[{said.value}]", "", "", 0
    main = _has_author(entry)
    credited = ", ".join(share.credited for share in entry.shares if share.credited)
    parts = (("a", title), ("b", rest if colon else ""), ("c", credited))
    yield fields.field("245", f"{int(main)}{skipped}", *parts)


def _varying(entry: Entry) -> Iterator[Field]:
    yield from (fields.field("246", "3#", ("a", one.value)) for one in entry.variants)


def _publication(entry: Entry) -> Iterator[Field]:
    parts = [("a", name) for name in entry.published_in]
    parts += [("b", name) for name in entry.publishers]
    if entry.date:
        parts.append(("c", _spoken(entry.date)))
    if parts:
        yield fields.field("264", "#1", *parts)


def _spoken(date: Date) -> str:
    """Say a date in words; a year with unknown digits as the range that it allows (RDA 2.8.6.6).

    Of `1985-XX` the month is unknown and the year is not.
    """
    first, last = dates.years(date.edtf) if "X" in date.edtf else (None, None)
    if first is not None and last is not None and first != last:
        return f"[between {first} and {last}]"
    return date.label or date.edtf


def _content(entry: Entry) -> Iterator[Field]:
    yield fields.field("336", "##", ("a", "text"), ("b", "txt"), ("2", "rdacontent"))
    yield fields.field("337", "##", ("a", "unspecified"), ("b", "z"), ("2", "rdamedia"))
    yield fields.field("338", "##", ("a", "unspecified"), ("b", "zu"), ("2", "rdacarrier"))


def _general(entry: Entry) -> Iterator[Field]:
    if entry.devised:
        yield fields.field("500", "##", ("a", "Title devised by the editors"))
    for one in (*(note.value for note in entry.notes), *entry.references):
        yield fields.field("500", "##", ("a", one))


def _thesis(entry: Entry) -> Iterator[Field]:
    if entry.form == "thesis":
        year = dates.single(entry.date.edtf) if entry.date else None
        where = ", ".join((*entry.publishers, *([] if year is None else [str(year)])))
        yield fields.field("502", "##", ("a", "--".join(filter(None, ("Thesis", where)))))


def _summary(entry: Entry) -> Iterator[Field]:
    yield from (fields.field("520", "##", ("a", one.value)) for one in entry.definitions)


def _subjects(entry: Entry) -> Iterator[Field]:
    tags = {Kind.PERSON: "600", Kind.GROUP: "610", Kind.EVENT: "647", Kind.PLACE: "651"}
    tags |= {Kind.WORK: "630", Kind.EDITION: "630"}
    firsts = {"600": "1", "610": "2", "630": "0"}
    for one in entry.linked("subject"):
        tag = tags.get(one.kind, "650") if one.kind and not one.topical else "650"
        found = fields.named((one.iri, *one.same))
        yield fields.field(tag, firsts.get(tag, "#") + "4", *fields.heading(one), *found)


def _work(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("work"):
        found = fields.named((one.iri, *one.same))
        yield fields.field("758", "##", ("i", "Work"), ("a", one.label.value), *found)


def _translated(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("original"):
        yield fields.field(
            "765",
            "0#",
            ("t", (one.title or one.label).value),
            ("o", one.iri),
            ("w", fields.control(one.iri)),
        )


def _host(entry: Entry) -> Iterator[Field]:
    if host := entry.container:
        title = (host.title or host.label).value
        numbers = [("x", one) for one in host.issns] + [("z", one) for one in host.isbns]
        # No heading is given; the whole is language material, a monograph or, for articles, a serial.
        serial = entry.form in ("article", "newspaper")
        parts = (
            ("7", "nnas" if serial else "nnam"),
            ("t", title),
            ("d", _imprint(host)),
            ("g", _place(entry)),
            ("o", host.iri),
            ("w", fields.control(host.iri)),
        )
        yield fields.field("773", "0#", *parts, *numbers)


def _place(entry: Entry) -> str:
    """Say where in a whole a part stands; a range is written with a hyphen (MARC 21, 773 $g)."""
    said = (
        ("vol.", entry.numbered("volume")),
        ("no.", entry.numbered("issue")),
        ("pages", entry.pages.replace("\u2013", "-")),
    )
    return ", ".join(f"{word} {value}" for word, value in said if value)


def _imprint(entry: Entry) -> str:
    """Say where, by whom and when, in the punctuation of ISBD."""
    place, publisher = " ; ".join(entry.published_in), " : ".join(entry.publishers)
    date = _spoken(entry.date) if entry.date else ""
    return ", ".join(filter(None, (" : ".join(filter(None, (place, publisher))), date)))


def _addresses(entry: Entry) -> Iterator[Field]:
    yield from (fields.field("856", "4#", ("u", one)) for one in entry.addresses)
