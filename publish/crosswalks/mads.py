"""MADS/RDF 1.5 with SKOS: authorities for names, titles, topics, places and events.

A thing is no authority record of itself, so the authority is `IRI#authority` and identifies the
thing (`madsrdf:identifiesRWO`); a concept is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publish import dates, names, turtle
from publish import namespaces as ns
from publish.catalogue import AUTHORING, Date, Entry, Kind, Reference
from publish.crosswalks.statements import dated, link, listed, nameless, text
from publish.crosswalks.tables import NAMED, Row
from publish.sources import Text

CLASSES = (
    (Kind.PERSON, "PersonalName"),
    (Kind.GROUP, "CorporateName"),
    (Kind.EVENT, "Name"),
    (Kind.CONCEPT, "Topic"),
    (Kind.PLACE, "Geographic"),
    (Kind.WORK, "Title"),
)


def rows() -> tuple[Row[turtle.Triple], ...]:
    """Give the table."""
    kinds = (*NAMED, Kind.WORK)
    things = tuple(kind for kind in kinds if kind is not Kind.CONCEPT)
    return (
        Row(kinds, "kind", "madsrdf:Authority with PersonalName, Topic, …", _classes),
        Row(kinds, "name, label, title", "madsrdf:authoritativeLabel, skos:prefLabel", _labels),
        Row(things, "iri", "madsrdf:identifiesRWO", _thing),
        Row((Kind.PERSON,), "name, born", "madsrdf:elementList", _elements),
        Row(kinds, "variants", "madsrdf:hasVariant / madsrdf:variantLabel", _variants),
        Row((Kind.PERSON,), "born, died", "madsrdf:birthDate, madsrdf:deathDate", _life),
        Row(
            (Kind.PERSON,),
            "birthplace, deathplace",
            "madsrdf:birthPlace, madsrdf:deathPlace",
            _life_places,
        ),
        Row(kinds, "definitions", "madsrdf:definitionNote", _definitions),
        Row(kinds, "notes", "madsrdf:note", _notes),
        Row(kinds, "broader", "madsrdf:hasBroaderAuthority", _broader),
        Row(kinds, "narrower", "madsrdf:hasNarrowerAuthority", _narrower),
        Row(kinds, "related", "madsrdf:hasReciprocalAuthority", _related),
        Row(kinds, "same", "madsrdf:hasExactExternalAuthority, skos:exactMatch", _same),
        Row(kinds, "close", "madsrdf:hasCloseExternalAuthority, skos:closeMatch", _close),
        Row(kinds, "retired, replaced by", "owl:deprecated, dcterms:isReplacedBy", _retired),
    )


def authority(iri: str, kind: Kind | None) -> str:
    """Name the authority that stands for a thing."""
    return iri if kind is Kind.CONCEPT else f"{iri}#authority"


def _own(entry: Entry) -> str:
    return authority(entry.iri, entry.kind)


def heading(entry: Entry) -> Text:
    """Give the heading of an entry: names inverted and dated, titles with their author."""
    if entry.name:
        return Text(", ".join(filter(None, (entry.name.inverted, life(entry)))))
    said = entry.title or entry.label
    authors = [share.agent for share in entry.shares if share.role in AUTHORING]
    if entry.kind is Kind.WORK and authors:
        return Text(f"{heading(authors[0]).value}. {said.value}", said.language)
    return said


def others(entry: Entry) -> tuple[Text, ...]:
    """Give the headings that lead to the one of an entry: other names, those of a person inverted."""
    if entry.name is None:
        return entry.variants
    known = (entry.name.direct, *(one.value for one in entry.variants))
    found = {
        one.value: one for one in (_turned(text, entry.name, known) for text in entry.variants)
    }
    return tuple(one for one in found.values() if one.value != entry.name.inverted)


def _turned(text: Text, name: names.Name, known: Sequence[str]) -> Text:
    """Invert another name, unless it is so already or but the end of the name: `De la Rue`."""
    if "," in text.value or name.direct.endswith(text.value):
        return text
    return Text(names.split(text.value, known).inverted, text.language)


def life(entry: Entry | Reference) -> str:
    """Write the dates of a life as headings do: `1842-1921`, `1842-`."""
    born, died = (_year(one) for one in (entry.born, entry.died))
    return f"{born}-{died}" if born or died else ""


def _year(date: Date | None) -> str:
    """Give the year, marked `approximately` where the date is."""
    if date is None:
        return ""
    year = dates.single(date.edtf)
    if year is None:
        return date.label or date.edtf
    return f"approximately {year}" if dates.approximate(date.edtf) else str(year)


def _classes(entry: Entry) -> Iterator[turtle.Triple]:
    for class_ in ("Authority", "Topic" if entry.topical else dict(CLASSES)[entry.kind]):
        yield link(_own(entry), ns.TYPE, ns.MADS + class_)
    yield link(_own(entry), ns.TYPE, ns.SKOS + "Concept")


def _labels(entry: Entry) -> Iterator[turtle.Triple]:
    for property_ in (ns.MADS + "authoritativeLabel", ns.SKOS + "prefLabel"):
        yield text(_own(entry), property_, heading(entry))


def _thing(entry: Entry) -> Iterator[turtle.Triple]:
    yield link(_own(entry), ns.MADS + "identifiesRWO", entry.iri)
    yield link(entry.iri, ns.TYPE, ns.MADS + "RWO")
    yield link(entry.iri, ns.MADS + "isIdentifiedByAuthority", _own(entry))


def _elements(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.name is None:
        return
    given = " ".join(filter(None, (entry.name.given, entry.name.particle)))
    parts = (
        ("FamilyNameElement", entry.name.family),
        ("GivenNameElement", given),
        ("TermsOfAddressNameElement", entry.name.suffix),
        ("DateNameElement", life(entry)),
    )
    nodes: list[turtle.Term] = []
    for class_, value in parts:
        if value:
            node = nameless(entry.iri, class_)
            nodes.append(node)
            yield link(node, ns.TYPE, ns.MADS + class_)
            yield text(node, ns.MADS + "elementValue", value)
    head, cells = listed(nodes, entry.iri, "elements")
    yield link(_own(entry), ns.MADS + "elementList", head)
    yield from cells


def _variants(entry: Entry) -> Iterator[turtle.Triple]:
    for one in others(entry):
        node = nameless(entry.iri, "variant", one.value, one.language)
        yield link(_own(entry), ns.MADS + "hasVariant", node)
        yield link(node, ns.TYPE, ns.MADS + "Variant")
        yield text(node, ns.MADS + "variantLabel", one)


def _life(entry: Entry) -> Iterator[turtle.Triple]:
    for date, property_ in ((entry.born, "birthDate"), (entry.died, "deathDate")):
        if date:
            yield dated(entry.iri, ns.MADS + property_, date)


def _life_places(entry: Entry) -> Iterator[turtle.Triple]:
    for field, property_ in (("birthplace", "birthPlace"), ("deathplace", "deathPlace")):
        for one in entry.linked(field):
            yield link(entry.iri, ns.MADS + property_, authority(one.iri, one.kind))


def _definitions(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.definitions:
        yield text(_own(entry), ns.MADS + "definitionNote", one)


def _notes(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.notes:
        yield text(_own(entry), ns.MADS + "note", one)


def _relatives(entry: Entry, property_: str, field: str) -> Iterator[turtle.Triple]:
    fitting: Iterator[Reference] = (one for one in entry.linked(field) if one.kind is entry.kind)
    for one in fitting:
        yield link(_own(entry), ns.MADS + property_, authority(one.iri, one.kind))


def _broader(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _relatives(entry, "hasBroaderAuthority", "broader")


def _narrower(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _relatives(entry, "hasNarrowerAuthority", "narrower")


def _related(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _relatives(entry, "hasReciprocalAuthority", "related")


def _same(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.same:
        yield link(_own(entry), ns.MADS + "hasExactExternalAuthority", one)
        yield link(_own(entry), ns.SKOS + "exactMatch", one)


def _close(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.close:
        yield link(_own(entry), ns.MADS + "hasCloseExternalAuthority", one)
        yield link(_own(entry), ns.SKOS + "closeMatch", one)


def _retired(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.retired:
        yield turtle.Triple(
            turtle.Named(_own(entry)), turtle.Named(ns.OWL + "deprecated"), turtle.Literal(True)
        )
    for one in entry.linked("replaced by"):
        yield link(_own(entry), ns.DCTERMS + "isReplacedBy", authority(one.iri, entry.kind))
