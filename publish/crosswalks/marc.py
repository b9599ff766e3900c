"""MARC 21: bibliographic records of editions, authority records of all else.

`$0` holds the IRI of an authority record, `$1` that of the thing itself (MARC 21, appendix A).
Dates stand in words where readers look (264, 100 $d), and as EDTF in 046.
Records have no ISBD punctuation (leader/18 `c`) and are UTF-8 (leader/09 `a`).

The library is loaded with the first record: a server answers before it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from publish import dates, errors
from publish.catalogue import AUTHORING, Entry, Kind, Reference
from publish.crosswalks import relators
from publish.crosswalks.languages import bibliographic
from publish.crosswalks.mads import life
from publish.crosswalks.tables import NAMED, Row, apply

if TYPE_CHECKING:
    from pymarc import Field, Record

SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_LONGEST_FIELD = 9_000
"""Bytes of one value: a field of ISO 2709 has at most 9,999 with all that is around it."""
_LONGEST = 99_999
"""Bytes of a record: its leader gives the length in five digits."""
_AUTHORITIES = (
    "http://id.loc.gov/authorities/",
    "https://id.loc.gov/authorities/",
    "https://d-nb.info/gnd/",
    "http://d-nb.info/gnd/",
    "http://id.worldcat.org/fast/",
    "https://id.ndl.go.jp/auth/",
)
"""Where IRIs begin that name records of authority files, and not what these are about."""
_ARTICLES = MappingProxyType(
    {
        "en": ("The ", "A ", "An "),
        "de": ("Der ", "Die ", "Das ", "Ein ", "Eine "),
        "fr": ("Le ", "La ", "Les ", "L'", "Un ", "Une "),
        "it": ("Il ", "Lo ", "La ", "I ", "Gli ", "Le ", "L'", "Un ", "Uno ", "Una "),
        "es": ("El ", "La ", "Los ", "Las ", "Un ", "Una "),
    }
)
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
    """Give the table: the fixed fields, then what each kind of record has."""
    everything = (*NAMED, Kind.WORK, Kind.EDITION)
    fixed = (
        Row(everything, "iri", "001", _control),
        Row(everything, "modified", "005", _changed),
        Row((Kind.EDITION,), "date, language", "008", _fixed_bibliographic),
        Row((*NAMED, Kind.WORK), "kind", "008", _fixed_authority),
    )
    return (*fixed, *_bibliographic(), *_authority())


def _bibliographic() -> tuple[Row[Field], ...]:
    edition = (Kind.EDITION,)
    return (
        Row(edition, "isbns", "020 $a", _isbns),
        Row(edition, "iri, same", "024 7# $a $2 uri", _identifiers),
        Row(edition, "language, original", "041 $a $h", _languages),
        Row(edition, "date", "046 $k $2 edtf", _coded),
        Row(edition, "first author", "100, 110 $a $d $e $4 $0 $1", _main),
        Row(edition, "title", "245 $a $b", _title),
        Row(edition, "variants", "246 3# $a", _varying),
        Row(edition, "edition statement", "250 $a", _edition_statement),
        Row(edition, "published in, publishers, date", "264 #1 $a $b $c", _publication),
        Row(edition, "page count", "300 $a", _page_count),
        Row(edition, "kind", "336, 337, 338", _content),
        Row(edition, "devised, notes, references", "500 $a", _general),
        Row(edition, "definitions", "520 $a", _summary),
        Row(edition, "subject", "600, 610, 630, 647, 650, 651 #4 $a $0 $1", _subjects),
        Row(edition, "other shares", "700, 710 $a $d $e $4 $0 $1", _added),
        Row(edition, "work", "758 $i $a $1", _work),
        Row(edition, "original", "765 0# $t $o", _translated),
        Row(edition, "host, pages", "773 0# $t $g $o", _host),
        Row(edition, "addresses", "856 4# $u", _addresses),
    )


def _authority() -> tuple[Row[Field], ...]:
    kinds = (*NAMED, Kind.WORK)
    return (
        Row(kinds, "iri, same", "024 7# $a $2 uri", _identifiers),
        Row((Kind.PERSON, Kind.EVENT, Kind.WORK), "born, died, date", "046 $2 edtf", _spans),
        Row((Kind.PERSON,), "birthplace, deathplace", "370 $a $b", _life_places),
        Row(kinds, "name, label, title, shares", "100, 110, 130, 147, 150, 151", _heading),
        Row(kinds, "variants", "400, 410, 430, 447, 450, 451", _see),
        Row(kinds, "broader, narrower, related", "5XX $w $a $1", _see_also),
        Row((Kind.GROUP,), "member", "500, 510 $w r $i $a $1", _members),
        Row((Kind.EVENT,), "place", "551 $w r $i $a $1", _places),
        Row((Kind.PERSON, Kind.GROUP), "definitions, notes", "678 0# $a", _biography),
        Row((Kind.CONCEPT,), "definitions", "677 $a", _definition),
        Row(
            (Kind.CONCEPT, Kind.PLACE, Kind.EVENT, Kind.WORK),
            "definitions, notes",
            "680 $i",
            _scope,
        ),
        Row(kinds, "retired, replaced by", "leader/05, 682 $i", _deleted),
    )


def record(entry: Entry, changed: str) -> Record:
    """Make the record of an entry; `changed` is the day of the release, YYYY-MM-DD."""
    from pymarc import Leader, Record

    made = Record()
    made.leader = Leader(_leader(entry))
    dated = entry if entry.modified else replace(entry, modified=changed)
    made.add_field(*sorted(apply(rows(), dated), key=lambda field: field.tag))
    return made


def xml(entry: Entry, changed: str, *, namespace: bool = False) -> bytes:
    """Write the record of an entry in MARCXML, as an element; `namespace` lets it stand alone."""
    from pymarc import record_to_xml_node

    node = record_to_xml_node(record(entry, changed), namespace=namespace)
    written: bytes = ElementTree.tostring(node, encoding="utf-8", xml_declaration=False)
    return written


def binary(entry: Entry, changed: str) -> bytes:
    """Write the record of an entry in ISO 2709.

    Raises `NotAcceptable` where it is longer than that can hold.
    """
    written: bytes = record(entry, changed).as_marc()
    if len(written) > _LONGEST:
        raise errors.NotAcceptable(
            f"the record of <{entry.iri}> has {len(written)} bytes and ISO 2709 holds {_LONGEST}; "
            "take it as MARCXML",
            ["application/marcxml+xml"],
        )
    return written


def control(iri: str) -> str:
    """Give the control number of a thing: what its IRI ends in, from the kind on."""
    return "/".join(iri.rstrip("/").split("/")[-2:])


def _leader(entry: Entry) -> str:
    status = "d" if entry.retired else "n"
    if entry.kind is Kind.EDITION:
        return f"00000{status}a{'a' if entry.host else 'm'} a2200000uc 4500"
    return f"00000{status}z  a2200000o  4500"


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """Make a field; what has no value is left out, what is too long for ISO 2709 is cut."""
    from pymarc import Field, Indicators, Subfield

    parts = [Subfield(code, _cut(value)) for code, value in subfields if value]
    signs = indicators.replace("#", " ")
    return Field(tag=tag, indicators=Indicators(signs[0], signs[1]), subfields=parts)


def _cut(value: str) -> str:
    # What separates the parts of a record (ISO 2709) is no character of XML either, and gone.
    raw = value.encode()
    if len(raw) <= _LONGEST_FIELD:
        return value
    return raw[:_LONGEST_FIELD].decode(errors="ignore") + "…"


def _fixed(tag: str, data: str) -> Field:
    from pymarc import Field

    return Field(tag=tag, data=data)


# --- of every record -------------------------------------------------------------------------


def _control(entry: Entry) -> Iterator[Field]:
    yield _fixed("001", control(entry.iri))


def _changed(entry: Entry) -> Iterator[Field]:
    day = entry.modified.replace("-", "")
    if len(day) == 8:
        yield _fixed("005", f"{day}000000.0")


def _entered(entry: Entry) -> str:
    return entry.modified.replace("-", "")[2:8].ljust(6, "0")


def _identifiers(entry: Entry) -> Iterator[Field]:
    others = (one for one in entry.same if not one.startswith("urn:isbn:"))
    for iri in (entry.iri, *others):
        yield _field("024", "7#", ("a", iri), ("2", "uri"))


def _named(iris: Sequence[str]) -> list[tuple[str, str]]:
    """Give IRIs as subfields: `$0` of records, then `$1` of things."""
    found = [("0" if one.startswith(_AUTHORITIES) else "1", one) for one in iris]
    return sorted(found, key=lambda pair: pair[0])


# --- bibliographic ---------------------------------------------------------------------------


def _fixed_bibliographic(entry: Entry) -> Iterator[Field]:
    date = entry.date.edtf if entry.date else ""
    first, last = dates.years(date) if date else (None, None)
    years = [f"{year:04}" if year and 0 < year < 10_000 else "||||" for year in (first, last)]
    if first is None and last is None:
        dated = "n" + "uuuu" * 2
    elif first == last:
        dated = (
            ("s" if dates.exact(date) else "q")
            + years[0]
            + ("    " if dates.exact(date) else years[0])
        )
    else:
        dated = ("m" if last is None else "q") + years[0] + (years[1] if last else "9999")
    language = bibliographic(entry.language) if entry.language else "und"
    yield _fixed("008", f"{_entered(entry)}{dated}xx {'|' * 17}{language} d")


def _isbns(entry: Entry) -> Iterator[Field]:
    yield from (_field("020", "##", ("a", one)) for one in entry.isbns)


def _languages(entry: Entry) -> Iterator[Field]:
    if entry.language and entry.linked("original"):
        originals = (("h", bibliographic(one)) for one in entry.original_languages)
        yield _field("041", "1#", ("a", bibliographic(entry.language)), *originals)


def _edition_statement(entry: Entry) -> Iterator[Field]:
    if entry.edition_statement:
        yield _field("250", "##", ("a", entry.edition_statement))


def _page_count(entry: Entry) -> Iterator[Field]:
    if entry.page_count:
        yield _field("300", "##", ("a", f"{entry.page_count} pages"))


def _coded(entry: Entry) -> Iterator[Field]:
    if entry.date:
        yield _field("046", "##", ("k", entry.date.edtf), ("2", "edtf"))


def _agent(tag: str, second: str, agent: Entry, role: str = "") -> Field:
    """Make the field of a person or group: `tag` is the hundred."""
    person = agent.kind is Kind.PERSON
    name = agent.name.inverted if agent.name else agent.label.value
    parts = [("a", name), ("d", life(agent) if person else "")]
    if role:
        parts += [("e", relators.label(role)), ("4", role)]
    indicators = ("1" if person else "2") + second
    found = _named((agent.iri, *agent.same))
    return _field(tag + ("00" if person else "10"), indicators, *parts, *found)


def _main(entry: Entry) -> Iterator[Field]:
    first = next(iter(entry.shares), None)
    if first and first.role in AUTHORING:
        yield _agent("1", "#", first.agent, first.role)


def _added(entry: Entry) -> Iterator[Field]:
    main = bool(entry.shares) and entry.shares[0].role in AUTHORING
    for share in entry.shares[main:]:
        yield _agent("7", "#", share.agent, share.role)


def _title(entry: Entry) -> Iterator[Field]:
    said = entry.title or entry.label
    language = said.language or entry.language
    articles = _ARTICLES.get(language.partition("-")[0], ())
    skipped = max((len(one) for one in articles if said.value.startswith(one)), default=0)
    title, colon, rest = said.value.partition(": ")
    if entry.devised:
        title, rest, colon, skipped = f"[{said.value}]", "", "", 0
    main = bool(entry.shares) and entry.shares[0].role in AUTHORING
    credited = ", ".join(share.credited for share in entry.shares if share.credited)
    parts = (("a", title), ("b", rest if colon else ""), ("c", credited))
    yield _field("245", f"{int(main)}{skipped}", *parts)


def _varying(entry: Entry) -> Iterator[Field]:
    yield from (_field("246", "3#", ("a", one.value)) for one in entry.variants)


def _publication(entry: Entry) -> Iterator[Field]:
    parts = [("a", name) for name in entry.published_in]
    parts += [("b", name) for name in entry.publishers]
    if entry.date:
        parts.append(("c", entry.date.label or entry.date.edtf))
    if parts:
        yield _field("264", "#1", *parts)


def _content(entry: Entry) -> Iterator[Field]:
    yield _field("336", "##", ("a", "text"), ("b", "txt"), ("2", "rdacontent"))
    yield _field("337", "##", ("a", "unspecified"), ("b", "z"), ("2", "rdamedia"))
    yield _field("338", "##", ("a", "unspecified"), ("b", "zu"), ("2", "rdacarrier"))


def _general(entry: Entry) -> Iterator[Field]:
    if entry.devised:
        yield _field("500", "##", ("a", "Title devised by the editors"))
    for one in (*(note.value for note in entry.notes), *entry.references):
        yield _field("500", "##", ("a", one))


def _summary(entry: Entry) -> Iterator[Field]:
    yield from (_field("520", "##", ("a", one.value)) for one in entry.definitions)


def _subjects(entry: Entry) -> Iterator[Field]:
    tags = {Kind.PERSON: "600", Kind.GROUP: "610", Kind.EVENT: "647", Kind.PLACE: "651"}
    tags |= {Kind.WORK: "630", Kind.EDITION: "630"}
    firsts = {"600": "1", "610": "2", "630": "0"}
    for one in entry.linked("subject"):
        tag = tags.get(one.kind, "650") if one.kind else "650"
        found = _named((one.iri, *one.same))
        yield _field(tag, firsts.get(tag, "#") + "4", ("a", one.label.value), *found)


def _work(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("work"):
        found = _named((one.iri, *one.same))
        yield _field("758", "##", ("i", "Work"), ("a", one.label.value), *found)


def _translated(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("original"):
        yield _field("765", "0#", ("t", one.label.value), ("o", one.iri), ("w", control(one.iri)))


def _host(entry: Entry) -> Iterator[Field]:
    if entry.host:
        title = (entry.host.title or entry.host.label).value
        pages = f"pages {entry.pages}" if entry.pages else ""
        isbns = [("z", one) for one in entry.host.isbns]
        parts = (("t", title), ("g", pages), ("o", entry.host.iri), ("w", control(entry.host.iri)))
        yield _field("773", "0#", *parts, *isbns)


def _addresses(entry: Entry) -> Iterator[Field]:
    yield from (_field("856", "4#", ("u", one)) for one in entry.addresses)


# --- authority -------------------------------------------------------------------------------


def _fixed_authority(entry: Entry) -> Iterator[Field]:
    name = entry.kind is not Kind.CONCEPT
    uses = "aab" if name else "bab"
    # An established heading (09 a), other rules (10, 11 z), differentiated (32 a), other source.
    yield _fixed("008", f"{_entered(entry)}|||azz||{uses}|{' ' * 10}|| |ad{' ' * 5}d")


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
        yield _field("046", "##", *coded, ("2", "edtf"))


def _life_places(entry: Entry) -> Iterator[Field]:
    fields = (("a", "birthplace"), ("b", "deathplace"))
    coded = [(code, one.label.value) for code, name in fields for one in entry.linked(name)]
    if coded:
        yield _field("370", "##", *coded)


def _heading(entry: Entry) -> Iterator[Field]:
    yield _headed("1", entry, (entry.title or entry.label).value)


def _headed(hundred: str, entry: Entry, said: str) -> Field:
    """Make a heading or one that leads to it, for the record of an entry."""
    if entry.kind is Kind.PERSON:
        main = hundred == "1"
        name = entry.name.inverted if main and entry.name else said
        parts = (("a", name), ("d", life(entry) if main else ""))
        return _field(f"{hundred}00", "1#" if "," in name or " " not in name else "0#", *parts)
    if entry.kind is Kind.GROUP:
        return _field(f"{hundred}10", "2#", ("a", said))
    if entry.kind is Kind.WORK:
        authors = [one.agent for one in entry.shares if one.role in AUTHORING]
        if not authors:
            return _field(f"{hundred}30", "#0", ("a", said))
        from pymarc import Subfield

        made = _agent(hundred, "#", authors[0])
        kept = [part for part in made.subfields if part.code in ("a", "d")]
        made.subfields = [*kept, Subfield("t", _cut(said))]
        return made
    return _field(f"{hundred}{_TAGS[entry.kind]}", "##", ("a", said))


def _see(entry: Entry) -> Iterator[Field]:
    yield from (_headed("4", entry, one.value) for one in entry.variants)


def _see_also(entry: Entry) -> Iterator[Field]:
    for name, code in (("broader", "g"), ("narrower", "h"), ("related", "")):
        for one in entry.linked(name):
            if one.kind is entry.kind:
                yield _related(one, ("w", code))


def _related(one: Reference, *before: tuple[str, str]) -> Field:
    tag = "5" + (_TAGS.get(one.kind, "50") if one.kind else "50")
    first = {"500": "1", "510": "2"}.get(tag, "#")
    return _field(tag, f"{first}#", *before, ("a", one.label.value), *_named((one.iri, *one.same)))


def _members(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("member"):
        yield _related(one, ("w", "r"), ("i", "Member"))


def _places(entry: Entry) -> Iterator[Field]:
    for one in entry.linked("place"):
        yield _related(one, ("w", "r"), ("i", "Place"))


def _biography(entry: Entry) -> Iterator[Field]:
    for one in (*entry.definitions, *entry.notes):
        yield _field("678", "0#", ("a", one.value))


def _definition(entry: Entry) -> Iterator[Field]:
    yield from (_field("677", "##", ("a", one.value)) for one in entry.definitions)


def _scope(entry: Entry) -> Iterator[Field]:
    said = entry.notes if entry.kind is Kind.CONCEPT else (*entry.definitions, *entry.notes)
    yield from (_field("680", "##", ("i", one.value)) for one in said)


def _deleted(entry: Entry) -> Iterator[Field]:
    if entry.retired:
        others = ", ".join(one.iri for one in entry.linked("replaced by"))
        said = f"This record was withdrawn; use {others}" if others else "This record was withdrawn"
        yield _field("682", "##", ("i", said))
