"""Short ways to say things in RDF, for the crosswalks that write it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Date, Entry
from publish.sources import Text

Maker = Callable[[Entry], Iterator[turtle.Triple]]


def link(subject: turtle.Subject | str, property_: str, value: turtle.Term | str) -> turtle.Triple:
    """Say that one thing leads to another."""
    return turtle.Triple(_subject(subject), turtle.Named(property_), _node(value))


def text(subject: turtle.Subject | str, property_: str, value: Text | str) -> turtle.Triple:
    """Say a text, in its language where it has one."""
    literal = (
        turtle.Literal(value.value, language=value.language or None)
        if isinstance(value, Text)
        else turtle.Literal(value)
    )
    return turtle.Triple(_subject(subject), turtle.Named(property_), literal)


def typed(
    subject: turtle.Subject | str, property_: str, value: str, datatype: str
) -> turtle.Triple:
    """Say a value that is no text."""
    literal = turtle.Literal(value, datatype=turtle.Named(datatype))
    return turtle.Triple(_subject(subject), turtle.Named(property_), literal)


def dated(subject: turtle.Subject | str, property_: str, date: Date) -> turtle.Triple:
    """Say a date as far as it is known."""
    return typed(subject, property_, date.edtf, ns.EDTF)


def nameless(*parts: str) -> turtle.Blank:
    """Make a node without an IRI that is the same each time."""
    return turtle.Blank("n" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16])


def listed(parts: Iterable[turtle.Term], *name: str) -> tuple[turtle.Term, list[turtle.Triple]]:
    """Make a list (RDF Schema 5.2) and give its head."""
    triples: list[turtle.Triple] = []
    head: turtle.Term = turtle.Named(ns.NIL)
    for number, part in reversed(list(enumerate(parts))):
        cell = nameless(*name, "cell", str(number))
        triples += [link(cell, ns.FIRST, part), link(cell, ns.REST, head)]
        head = cell
    return head, triples


def is_a(class_: str) -> Maker:
    """Make what says the class of an entry."""

    def make(entry: Entry) -> Iterator[turtle.Triple]:
        yield link(entry.iri, ns.TYPE, class_)

    return make


def links(property_: str, *fields: str) -> Maker:
    """Make what says where some fields lead."""

    def make(entry: Entry) -> Iterator[turtle.Triple]:
        for one in entry.linked(*fields):
            yield link(entry.iri, property_, one.iri)

    return make


def texts(property_: str, get: Callable[[Entry], Iterable[Text | str]]) -> Maker:
    """Make what says some texts."""

    def make(entry: Entry) -> Iterator[turtle.Triple]:
        for one in get(entry):
            yield text(entry.iri, property_, one)

    return make


def _node(value: turtle.Term | str) -> turtle.Term:
    return turtle.Named(value) if isinstance(value, str) else value


def _subject(value: turtle.Subject | str) -> turtle.Subject:
    return turtle.Named(value) if isinstance(value, str) else value
