"""schema.org: people, organizations, works, events, places and defined terms, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from publish import dates, turtle
from publish import namespaces as ns
from publish.catalogue import Date, Entry, Kind
from publish.crosswalks.statements import is_a, link, links, nameless, text, texts, typed
from publish.crosswalks.tables import DOCUMENTS, ITEMS, Row, apply
from publish.sources import Text

_FORMS = MappingProxyType(
    {
        "chapter": "Chapter",
        "thesis": "Thesis",
        "newspaper": "NewsArticle",
        "article": "Article",
        "report": "Report",
        "paper": "ScholarlyArticle",
        "entry": "Article",
        "book": "Book",
        "web": "WebPage",
    }
)
_PARTS = MappingProxyType(
    {"aut": "author", "cre": "creator", "edt": "editor", "trl": "translator", "ill": "illustrator"}
)
_PAGED = ("chapter", "article", "newspaper", "report", "paper", "entry")


def rows() -> tuple[Row[turtle.Triple], ...]:
    """Give the table."""
    space, edition = ns.SCHEMA, (Kind.EDITION,)
    return (
        _being((Kind.PERSON,), "Person"),
        _being((Kind.GROUP,), "Organization"),
        Row(DOCUMENTS, "kind, form", "schema:CreativeWork, Book, Chapter, …", _form),
        _being((Kind.CONCEPT,), "DefinedTerm"),
        _being((Kind.EVENT,), "Event"),
        _being((Kind.PLACE,), "Place"),
        Row(ITEMS, "label, title", "schema:name", _name),
        Row(ITEMS, "variants", "schema:alternateName", texts(space + "alternateName", _variants)),
        Row(ITEMS, "definitions, notes", "schema:description", texts(space + "description", _said)),
        Row(ITEMS, "same", "schema:sameAs", _same),
        Row((Kind.PERSON,), "name", "schema:familyName, schema:givenName", _parts),
        Row((Kind.PERSON,), "born, died", "schema:birthDate, schema:deathDate", _life),
        _leading((Kind.PERSON,), "birthplace", "birthPlace"),
        _leading((Kind.PERSON,), "deathplace", "deathPlace"),
        _leading((Kind.GROUP,), "member", "member"),
        Row(DOCUMENTS, "shares", "schema:author, editor, translator, contributor", _shares),
        Row(edition, "date", "schema:datePublished", _published),
        Row((Kind.EVENT,), "date", "schema:startDate, endDate", _when),
        Row(DOCUMENTS, "language", "schema:inLanguage", _language),
        Row(edition, "publishers", "schema:publisher", _publishers),
        Row(edition, "isbns", "schema:isbn", texts(space + "isbn", lambda entry: entry.isbns)),
        Row(
            edition,
            "pages, page count, edition statement",
            "schema:pagination, numberOfPages, bookEdition",
            _physical,
        ),
        _leading(edition, "work", "exampleOfWork"),
        _leading((Kind.WORK,), "edition", "workExample"),
        _leading(edition, "host", "isPartOf"),
        _leading(edition, "original", "translationOfWork"),
        _leading(edition, "cites", "citation"),
        _leading(DOCUMENTS, "subject", "about"),
        _leading((Kind.CONCEPT,), "scheme", "inDefinedTermSet"),
        _leading((Kind.EVENT,), "place", "location"),
        _leading((Kind.EVENT,), "participant", "attendee"),
        _leading((Kind.PLACE,), "broader", "containedInPlace"),
        Row(
            (Kind.CITATION,),
            "citing, cited",
            "schema:citation of the citing edition",
            _citation,
        ),
    )


def _being(kinds: tuple[Kind, ...], class_: str) -> Row[turtle.Triple]:
    return Row(kinds, "kind", f"schema:{class_}", is_a(ns.SCHEMA + class_))


def _leading(kinds: tuple[Kind, ...], field: str, property_: str) -> Row[turtle.Triple]:
    return Row(kinds, field, f"schema:{property_}", links(ns.SCHEMA + property_, field))


def _form(entry: Entry) -> Iterator[turtle.Triple]:
    yield link(entry.iri, ns.TYPE, ns.SCHEMA + _FORMS.get(entry.form, "CreativeWork"))


def _name(entry: Entry) -> Iterator[turtle.Triple]:
    yield text(entry.iri, ns.SCHEMA + "name", entry.title or entry.label)


def _variants(entry: Entry) -> Iterator[Text]:
    yield from entry.variants


def _said(entry: Entry) -> Iterator[Text]:
    yield from (*entry.definitions, *entry.notes)


def _same(entry: Entry) -> Iterator[turtle.Triple]:
    for one in (*entry.same, *entry.addresses):
        if ":" in one:
            yield link(entry.iri, ns.SCHEMA + "sameAs", one)


def _physical(entry: Entry) -> Iterator[turtle.Triple]:
    # `schema:pagination` is for articles and parts and `numberOfPages` for books: neither is for
    # works of no known form.
    if entry.pages and entry.form in _PAGED:
        yield text(entry.iri, ns.SCHEMA + "pagination", entry.pages)
    if entry.page_count.isdecimal() and entry.form == "book":
        yield typed(entry.iri, ns.SCHEMA + "numberOfPages", entry.page_count, ns.XSD + "integer")
    if entry.edition_statement:
        yield text(entry.iri, ns.SCHEMA + "bookEdition", entry.edition_statement)


def _parts(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.name and entry.name.given:
        family = " ".join(filter(None, (entry.name.particle, entry.name.family)))
        yield text(entry.iri, ns.SCHEMA + "familyName", family)
        yield text(entry.iri, ns.SCHEMA + "givenName", entry.name.given)


def _day(entry: Entry, property_: str, date: Date | None) -> Iterator[turtle.Triple]:
    """Say a date: ISO 8601 where it is exact, else EDTF, which is a text to schema.org."""
    if date is None:
        return
    if dates.exact(date.edtf) and len(date.edtf) == 10:
        yield typed(entry.iri, ns.SCHEMA + property_, date.edtf, ns.XSD + "date")
    elif dates.exact(date.edtf) and len(date.edtf) == 4:
        yield typed(entry.iri, ns.SCHEMA + property_, date.edtf, ns.XSD + "gYear")
    else:
        yield text(entry.iri, ns.SCHEMA + property_, date.edtf)


def _life(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _day(entry, "birthDate", entry.born)
    yield from _day(entry, "deathDate", entry.died)


def _published(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _day(entry, "datePublished", entry.date)


def _when(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.date:
        for property_, day in (("startDate", entry.date.begin), ("endDate", entry.date.end)):
            if day:
                yield typed(entry.iri, ns.SCHEMA + property_, day, ns.XSD + "date")


def _shares(entry: Entry) -> Iterator[turtle.Triple]:
    for share in entry.shares:
        property_ = _PARTS.get(share.role, "contributor")
        yield link(entry.iri, ns.SCHEMA + property_, share.agent.iri)
        class_ = "Person" if share.agent.kind is Kind.PERSON else "Organization"
        yield link(share.agent.iri, ns.TYPE, ns.SCHEMA + class_)
        yield text(share.agent.iri, ns.SCHEMA + "name", share.agent.label)


def _language(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.language:
        yield text(entry.iri, ns.SCHEMA + "inLanguage", entry.language)


def _publishers(entry: Entry) -> Iterator[turtle.Triple]:
    for name in entry.publishers:
        node = nameless("publisher", name)
        yield link(entry.iri, ns.SCHEMA + "publisher", node)
        yield link(node, ns.TYPE, ns.SCHEMA + "Organization")
        yield text(node, ns.SCHEMA + "name", name)


def _citation(entry: Entry) -> Iterator[turtle.Triple]:
    for citing in entry.linked("citing"):
        for cited in entry.linked("cited"):
            yield link(citing.iri, ns.SCHEMA + "citation", cited.iri)


def tree(entry: Entry) -> dict[str, object]:
    """Give what is known of a thing as a tree of JSON-LD, to stand in a page.

    Follows the context of schema.org, which is named and need not be read: names are short, a
    text in a language says so, what is told of another thing stands within.
    """
    said: dict[turtle.Term, list[turtle.Triple]] = {}
    for triple in dict.fromkeys(apply(rows(), entry)):
        said.setdefault(triple.subject, []).append(triple)
    return {"@context": ns.SCHEMA, **_node(said, turtle.Named(entry.iri), frozenset())}


def _node(
    said: dict[turtle.Term, list[turtle.Triple]], term: turtle.Term, above: frozenset[turtle.Term]
) -> dict[str, object]:
    found: dict[str, object] = {"@id": term.value} if isinstance(term, turtle.Named) else {}
    values: dict[str, list[object]] = {}
    for _, predicate, value in said.get(term, ()):
        if predicate.value == ns.TYPE and isinstance(value, turtle.Named):
            values.setdefault("@type", []).append(value.value.removeprefix(ns.SCHEMA))
        else:
            name = predicate.value.removeprefix(ns.SCHEMA)
            values.setdefault(name, []).append(_value(said, value, above | {term}))
    return found | {name: many[0] if len(many) == 1 else many for name, many in values.items()}


def _value(
    said: dict[turtle.Term, list[turtle.Triple]], term: turtle.Term, above: frozenset[turtle.Term]
) -> object:
    if isinstance(term, turtle.Literal):
        if term.language:
            return {"@language": term.language, "@value": term.value}
        return term.value
    if term in above:
        return {"@id": term.value} if isinstance(term, turtle.Named) else {}
    return _node(said, term, above)
