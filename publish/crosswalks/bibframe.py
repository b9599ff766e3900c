"""BIBFRAME 2: works, instances, contributions and agents (Library of Congress, 2.6).

An edition is an instance; one that translates another has a work of its own between, since in
BIBFRAME a translation is a work. An edition without a work is given one, `#work`.
"""

from __future__ import annotations

from collections.abc import Iterator

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import AUTHORING, Entry, Kind, Reference
from publish.crosswalks.languages import bibliographic, english
from publish.crosswalks.statements import (
    dated,
    is_a,
    link,
    links,
    nameless,
    text,
)
from publish.crosswalks.tables import DOCUMENTS, Row
from publish.sources import Text


def rows() -> tuple[Row[turtle.Triple], ...]:
    """Give the table."""
    work, edition = (Kind.WORK,), (Kind.EDITION,)
    return (
        Row(work, "kind", "bf:Work", is_a(ns.BF + "Work")),
        Row(edition, "kind", "bf:Instance", is_a(ns.BF + "Instance")),
        Row(edition, "work, original", "bf:instanceOf, bf:translationOf", _work),
        Row(work, "edition", "bf:hasInstance", links(ns.BF + "hasInstance", "edition")),
        Row(DOCUMENTS, "title, variants", "bf:title / bf:Title, bf:VariantTitle", _titles),
        Row(DOCUMENTS, "label", "rdfs:label", _label),
        Row(DOCUMENTS, "shares", "bf:contribution of the work", _contributions),
        Row(edition, "shares", "bf:responsibilityStatement", _responsibility),
        Row(edition, "date, publishers, published in", "bf:provisionActivity", _publication),
        Row(edition, "edition statement", "bf:editionStatement", _edition_statement),
        Row(edition, "page count", "bf:extent / bf:Extent", _page_count),
        Row(work, "date", "bf:originDate", _origin),
        Row(DOCUMENTS, "language", "bf:language of the work", _language),
        Row(edition, "host", "bf:partOf", links(ns.BF + "partOf", "host")),
        Row(DOCUMENTS, "subject", "bf:subject of the work", _subjects),
        Row(DOCUMENTS, "iri, isbns, same", "bf:identifiedBy", _identifiers),
        Row(DOCUMENTS, "definitions, notes", "bf:note / bf:Note", _notes),
        Row((Kind.PERSON,), "kind", "bf:Person", is_a(ns.BF + "Person")),
        Row((Kind.GROUP,), "kind", "bf:Organization, bf:Topic", _group),
        Row((Kind.PERSON, Kind.GROUP), "label", "rdfs:label", _label),
    )


def _own_work(entry: Entry) -> str:
    """Name the work that an entry's contributions, language and subjects belong to."""
    known = entry.linked("work")
    if entry.kind is Kind.WORK:
        return entry.iri
    return known[0].iri if known and not entry.linked("original") else f"{entry.iri}#work"


def _label(entry: Entry) -> Iterator[turtle.Triple]:
    yield text(entry.iri, ns.RDFS + "label", entry.title or entry.label)


def _work(entry: Entry) -> Iterator[turtle.Triple]:
    own, known = _own_work(entry), entry.linked("work")
    yield link(entry.iri, ns.BF + "instanceOf", own)
    if not known or known[0].iri != own:
        yield link(own, ns.TYPE, ns.BF + "Work")
        yield text(own, ns.RDFS + "label", entry.title or entry.label)
    for original in entry.linked("original"):
        source = f"{original.iri}#work" if not known else known[0].iri
        yield link(own, ns.BF + "translationOf", source)


def _titles(entry: Entry) -> Iterator[turtle.Triple]:
    for number, one in enumerate((entry.title or entry.label, *entry.variants)):
        node = nameless(entry.iri, "title", str(number))
        yield link(entry.iri, ns.BF + "title", node)
        yield link(node, ns.TYPE, ns.BF + ("VariantTitle" if number else "Title"))
        yield text(node, ns.BF + "mainTitle", one)
        if number == 0 and entry.devised:
            yield from _note(node, entry.iri, "Title devised by the editors")


def _note(subject: turtle.Subject | str, iri: str, said: Text | str) -> Iterator[turtle.Triple]:
    node = nameless(iri, "note", said if isinstance(said, str) else said.value)
    yield link(subject, ns.BF + "note", node)
    yield link(node, ns.TYPE, ns.BF + "Note")
    yield text(node, ns.RDFS + "label", said)


def _edition_statement(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.edition_statement:
        yield text(entry.iri, ns.BF + "editionStatement", entry.edition_statement)


def _page_count(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.page_count:
        node = nameless(entry.iri, "extent")
        yield link(entry.iri, ns.BF + "extent", node)
        yield link(node, ns.TYPE, ns.BF + "Extent")
        yield text(node, ns.RDFS + "label", f"{entry.page_count} pages")


def _contributions(entry: Entry) -> Iterator[turtle.Triple]:
    own = _own_work(entry)
    for number, share in enumerate(entry.shares):
        # The same part in several editions of one work is one contribution to it.
        node = nameless(own, "contribution", share.agent.iri, share.role)
        yield link(own, ns.BF + "contribution", node)
        yield link(node, ns.TYPE, ns.BF + "Contribution")
        if number == 0 and share.role in AUTHORING:
            yield link(node, ns.TYPE, ns.BF + "PrimaryContribution")
        yield link(node, ns.BF + "agent", share.agent.iri)
        yield link(node, ns.BF + "role", ns.RELATORS + share.role)
        yield link(ns.RELATORS + share.role, ns.TYPE, ns.BF + "Role")
        yield from _agent(share.agent)


def _agent(agent: Entry) -> Iterator[turtle.Triple]:
    class_ = "Person" if agent.kind is Kind.PERSON else "Organization"
    yield link(agent.iri, ns.TYPE, ns.BF + class_)
    yield text(agent.iri, ns.RDFS + "label", agent.label)


def _group(entry: Entry) -> Iterator[turtle.Triple]:
    yield link(entry.iri, ns.TYPE, ns.BF + ("Topic" if entry.topical else "Organization"))


def _responsibility(entry: Entry) -> Iterator[turtle.Triple]:
    credited = ", ".join(share.credited for share in entry.shares if share.credited)
    if credited:
        yield text(entry.iri, ns.BF + "responsibilityStatement", credited)


def _publication(entry: Entry) -> Iterator[turtle.Triple]:
    if not (entry.date or entry.publishers or entry.published_in):
        return
    node = nameless(entry.iri, "publication")
    yield link(entry.iri, ns.BF + "provisionActivity", node)
    yield link(node, ns.TYPE, ns.BF + "Publication")
    if entry.date:
        yield dated(node, ns.BF + "date", entry.date)
    for names, property_, class_ in (
        (entry.publishers, "agent", "Agent"),
        (entry.published_in, "place", "Place"),
    ):
        for name in names:
            named = nameless(entry.iri, property_, name)
            yield link(node, ns.BF + property_, named)
            yield link(named, ns.TYPE, ns.BF + class_)
            yield text(named, ns.RDFS + "label", name)


def _origin(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.date:
        yield dated(entry.iri, ns.BF + "originDate", entry.date)


def _language(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.language:
        own, code = _own_work(entry), bibliographic(entry.language)
        # The Library of Congress has an IRI for each language of MARC; others stay without one.
        known = code != "und"
        node = ns.LANGUAGES + code if known else nameless("language", entry.language)
        # Editions of one work may be in several languages: only its own work has one.
        subject = own if own == entry.iri or own.endswith("#work") else entry.iri
        yield link(subject, ns.BF + "language", node)
        yield link(node, ns.TYPE, ns.BF + "Language")
        name = Text(english(entry.language), "en") if known else entry.language
        yield text(node, ns.RDFS + "label", name)


def _subjects(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.linked("subject"):
        yield link(_own_work(entry), ns.BF + "subject", one.iri)
        yield from _subject(one)


def _subject(one: Reference) -> Iterator[turtle.Triple]:
    classes = {
        Kind.PERSON: "Person",
        Kind.GROUP: "Organization",
        Kind.PLACE: "Place",
        Kind.EVENT: "Event",
        Kind.WORK: "Work",
        Kind.EDITION: "Instance",
    }
    class_ = classes.get(one.kind, "Topic") if one.kind and not one.topical else "Topic"
    yield link(one.iri, ns.TYPE, ns.BF + class_)
    yield text(one.iri, ns.RDFS + "label", one.label)


def _identifiers(entry: Entry) -> Iterator[turtle.Triple]:
    others = [("Identifier", one) for one in (entry.iri, *entry.same) if "urn:isbn:" not in one]
    for class_, value in (*(("Isbn", one) for one in entry.isbns), *others):
        node = nameless(entry.iri, "identifier", value)
        yield link(entry.iri, ns.BF + "identifiedBy", node)
        yield link(node, ns.TYPE, ns.BF + class_)
        yield text(node, ns.RDF + "value", value)


def _notes(entry: Entry) -> Iterator[turtle.Triple]:
    for said in (*entry.definitions, *entry.notes):
        yield from _note(entry.iri, entry.iri, said)
