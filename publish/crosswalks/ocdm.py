"""The OpenCitations Data Model 2.1: citations, in-text pointers, references and what they cite.

A source has one node for each pointer; the model has five, which are named after it. Two of its
terms are spelled as the vocabularies define them, not as the model prints them:
`cito:hasCitationCharacterization`, and `c4o:hasContext` from the pointer.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from publish import dates, turtle
from publish import namespaces as ns
from publish.catalogue import Entry, Kind
from publish.crosswalks.statements import dated, is_a, link, links, nameless, text, texts, typed
from publish.crosswalks.tables import Row

_ROLES = MappingProxyType({"aut": "author", "cre": "author", "edt": "editor", "trl": "translator"})
_PRO = "http://purl.org/spar/pro/"
_DATACITE = "http://purl.org/spar/datacite/"
_LITERAL = "http://www.essepuntato.it/2010/06/literalreification/hasLiteralValue"
_PUBLISHED = "http://prismstandard.org/namespaces/basic/2.0/publicationDate"


def rows() -> tuple[Row[turtle.Triple], ...]:
    """Give the table."""
    cited, cites = (Kind.EDITION,), (Kind.CITATION,)
    return (
        Row(cites, "kind", "cito:Citation", is_a(ns.CITO + "Citation")),
        Row(cites, "citing", "cito:hasCitingEntity", links(ns.CITO + "hasCitingEntity", "citing")),
        Row(cites, "cited", "cito:hasCitedEntity", links(ns.CITO + "hasCitedEntity", "cited")),
        Row(cites, "intents", "cito:hasCitationCharacterization", _intents),
        Row(cites, "printed, passage", "c4o:InTextReferencePointer, oa:Annotation", _pointer),
        Row(cites, "cited", "biro:BibliographicReference", _reference),
        Row(cited, "kind", "fabio:Expression", is_a(ns.FABIO + "Expression")),
        Row(cited, "title", "dcterms:title", texts(ns.DCTERMS + "title", _title)),
        Row(cited, "date", "prism:publicationDate", _date),
        Row(cited, "host", "frbr:partOf", links(ns.FRBR + "partOf", "host")),
        Row(cited, "shares", "pro:isDocumentContextFor / pro:RoleInTime", _shares),
        Row(cited, "isbns", "datacite:hasIdentifier", _identifiers),
    )


def _title(entry: Entry) -> Iterator[str]:
    yield (entry.title or entry.label).value


def _intents(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.intents:
        yield link(entry.iri, ns.CITO + "hasCitationCharacterization", one)


def _pointer(entry: Entry) -> Iterator[turtle.Triple]:
    pointer, annotation = f"{entry.iri}#pointer", f"{entry.iri}#annotation"
    yield link(pointer, ns.TYPE, ns.C4O + "InTextReferencePointer")
    if entry.printed:
        yield text(pointer, ns.C4O + "hasContent", entry.printed)
    for passage in entry.linked("passage"):
        yield link(pointer, ns.C4O + "hasContext", passage.iri)
    for cited in entry.linked("cited"):
        yield link(pointer, ns.C4O + "denotes", f"{cited.iri}#reference")
    yield link(pointer, ns.OCO + "hasAnnotation", annotation)
    yield link(annotation, ns.TYPE, ns.OA + "Annotation")
    yield link(annotation, ns.OA + "hasBody", entry.iri)
    yield link(annotation, ns.OA + "hasTarget", pointer)


def _reference(entry: Entry) -> Iterator[turtle.Triple]:
    for cited in entry.linked("cited"):
        reference = f"{cited.iri}#reference"
        yield link(reference, ns.TYPE, ns.BIRO + "BibliographicReference")
        yield link(reference, ns.BIRO + "references", cited.iri)
        for citing in entry.linked("citing"):
            yield link(citing.iri, ns.FRBR + "part", reference)


def _date(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.date and dates.exact(entry.date.edtf):
        kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
        kind = kinds[len(entry.date.edtf)]
        yield typed(entry.iri, _PUBLISHED, entry.date.edtf, ns.XSD + kind)
    elif entry.date:
        yield dated(entry.iri, _PUBLISHED, entry.date)


def _shares(entry: Entry) -> Iterator[turtle.Triple]:
    last = None
    for number, share in enumerate(entry.shares):
        role = _ROLES.get(share.role, "contributor")
        node = f"{entry.iri}#role-{number + 1}"
        yield link(entry.iri, _PRO + "isDocumentContextFor", node)
        yield link(node, ns.TYPE, _PRO + "RoleInTime")
        yield link(node, _PRO + "withRole", _PRO + role)
        yield link(node, _PRO + "isHeldBy", share.agent.iri)
        yield link(share.agent.iri, ns.TYPE, ns.FOAF + "Agent")
        yield from _names(share.agent)
        if last:
            yield link(last, ns.OCO + "hasNext", node)
        last = node


def _names(agent: Entry) -> Iterator[turtle.Triple]:
    if agent.name and agent.name.given:
        family = " ".join(filter(None, (agent.name.particle, agent.name.family)))
        yield text(agent.iri, ns.FOAF + "familyName", family)
        yield text(agent.iri, ns.FOAF + "givenName", agent.name.given)
    else:
        yield text(agent.iri, ns.FOAF + "name", agent.label.value)


def _identifiers(entry: Entry) -> Iterator[turtle.Triple]:
    for isbn in entry.isbns:
        node = nameless(entry.iri, "isbn", isbn)
        yield link(entry.iri, _DATACITE + "hasIdentifier", node)
        yield link(node, ns.TYPE, _DATACITE + "Identifier")
        yield link(node, _DATACITE + "usesIdentifierScheme", _DATACITE + "isbn")
        yield text(node, _LITERAL, isbn)
