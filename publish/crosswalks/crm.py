"""CIDOC CRM 7.1.3 with LRMoo 1.1.1: people, groups, events, places, works and expressions."""

from __future__ import annotations

from collections.abc import Iterator

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Date, Entry, Kind
from publish.crosswalks.statements import (
    dated,
    is_a,
    link,
    links,
    nameless,
    text,
    texts,
    typed,
)
from publish.crosswalks.tables import ITEMS, NAMED, Row
from publish.sources import Text

_PERIODS = ("E7_Activity", "E5_Event", "E4_Period")


def rows() -> tuple[Row[turtle.Triple], ...]:
    """Give the table."""
    person, work, edition = (Kind.PERSON,), (Kind.WORK,), (Kind.EDITION,)
    event = (Kind.EVENT,)
    return (
        _being(person, "crm:E21_Person"),
        _being((Kind.GROUP,), "crm:E74_Group"),
        _being((Kind.PLACE,), "crm:E53_Place"),
        _being((Kind.CONCEPT,), "crm:E55_Type"),
        Row(event, "classes", "crm:E7_Activity, E5_Event or E4_Period", _event),
        _being(work, "lrmoo:F1_Work"),
        _being(edition, "lrmoo:F2_Expression"),
        Row(ITEMS, "label, title", "rdfs:label", texts(ns.RDFS + "label", _label)),
        Row(
            NAMED,
            "label, variants",
            "crm:P1_is_identified_by / crm:E33_E41_Linguistic_Appellation",
            _names,
        ),
        Row(edition, "title, variants", "crm:P102_has_title / crm:E35_Title", _titles),
        Row(ITEMS, "definitions, notes", "crm:P3_has_note", texts(ns.CRM + "P3_has_note", _said)),
        Row(person, "born, birthplace", "crm:P98i_was_born / crm:E67_Birth", _birth),
        Row(person, "died, deathplace", "crm:P100i_died_in / crm:E69_Death", _death),
        _leading((Kind.GROUP,), "member", "crm:P107_has_current_or_former_member"),
        Row(event, "date", "crm:P4_has_time-span", _when),
        _leading(event, "place", "crm:P7_took_place_at"),
        Row(event, "participant", "crm:P11_had_participant", _participants),
        _leading((Kind.PLACE,), "broader", "crm:P89_falls_within"),
        _leading((Kind.CONCEPT,), "broader", "crm:P127_has_broader_term"),
        _leading(work, "edition", "lrmoo:R3_is_realised_in"),
        _leading(edition, "work", "lrmoo:R3i_realises"),
        _leading(edition, "original", "lrmoo:R76_is_derivative_of"),
        _leading(edition, "host", "lrmoo:R5i_is_component_of"),
        Row(
            edition,
            "shares",
            "lrmoo:R17i_was_created_by / lrmoo:F28_Expression_Creation",
            _creation,
        ),
        _leading(edition, "subject", "crm:P129_is_about"),
        Row(ITEMS, "same", "rdfs:seeAlso", _same),
    )


def _being(kinds: tuple[Kind, ...], class_: str) -> Row[turtle.Triple]:
    return Row(kinds, "kind", class_, is_a(_iri(class_)))


def _leading(kinds: tuple[Kind, ...], field: str, property_: str) -> Row[turtle.Triple]:
    return Row(kinds, field, property_, links(_iri(property_), field))


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return {"crm": ns.CRM, "lrmoo": ns.LRMOO}[prefix] + local


def _event(entry: Entry) -> Iterator[turtle.Triple]:
    fitting = (one for one in _PERIODS if ns.CRM + one in entry.classes)
    yield link(entry.iri, ns.TYPE, ns.CRM + next(fitting, "E5_Event"))


def _label(entry: Entry) -> Iterator[Text]:
    yield entry.title or entry.label


def _said(entry: Entry) -> Iterator[Text]:
    yield from (*entry.definitions, *entry.notes)


def _names(entry: Entry) -> Iterator[turtle.Triple]:
    for one in (entry.label, *entry.variants):
        node = nameless(entry.iri, "name", one.value, one.language)
        yield link(entry.iri, ns.CRM + "P1_is_identified_by", node)
        yield link(node, ns.TYPE, ns.CRM + "E33_E41_Linguistic_Appellation")
        yield text(node, ns.CRM + "P190_has_symbolic_content", one)


def _titles(entry: Entry) -> Iterator[turtle.Triple]:
    for one in (entry.title or entry.label, *entry.variants):
        node = nameless(entry.iri, "title", one.value, one.language)
        yield link(entry.iri, ns.CRM + "P102_has_title", node)
        yield link(node, ns.TYPE, ns.CRM + "E35_Title")
        yield text(node, ns.CRM + "P190_has_symbolic_content", one)


def _span(subject: turtle.Blank | str, iri: str, name: str, date: Date) -> Iterator[turtle.Triple]:
    node = nameless(iri, name, "time-span")
    yield link(subject, ns.CRM + "P4_has_time-span", node)
    yield link(node, ns.TYPE, ns.CRM + "E52_Time-Span")
    yield dated(node, ns.CRM + "P82_at_some_time_within", date)
    for property_, day, clock in (
        ("P82a_begin_of_the_begin", date.begin, "T00:00:00Z"),
        ("P82b_end_of_the_end", date.end, "T23:59:59Z"),
    ):
        if len(day) == 10:
            yield typed(node, ns.CRM + property_, day + clock, ns.XSD + "dateTime")


def _birth(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _end_of_life(entry, "birth", "P98i_was_born", "E67_Birth", entry.born)


def _death(entry: Entry) -> Iterator[turtle.Triple]:
    yield from _end_of_life(entry, "death", "P100i_died_in", "E69_Death", entry.died)


def _end_of_life(
    entry: Entry, name: str, property_: str, class_: str, date: Date | None
) -> Iterator[turtle.Triple]:
    """Make the birth or the death of a person, where its day or its place is known."""
    places = entry.linked(f"{name}place")
    if date or places:
        node = nameless(entry.iri, name)
        yield link(entry.iri, ns.CRM + property_, node)
        yield link(node, ns.TYPE, ns.CRM + class_)
        if date:
            yield from _span(node, entry.iri, name, date)
        for one in places:
            yield link(node, ns.CRM + "P7_took_place_at", one.iri)


def _when(entry: Entry) -> Iterator[turtle.Triple]:
    if entry.date:
        yield from _span(entry.iri, entry.iri, "event", entry.date)


def _participants(entry: Entry) -> Iterator[turtle.Triple]:
    # A period has no participants in CRM, only an event has.
    if entry.classes.isdisjoint({ns.CRM + "E4_Period"}) or ns.CRM + "E5_Event" in entry.classes:
        yield from links(ns.CRM + "P11_had_participant", "participant")(entry)


def _creation(entry: Entry) -> Iterator[turtle.Triple]:
    if not entry.shares:
        return
    node = nameless(entry.iri, "creation")
    yield link(entry.iri, ns.LRMOO + "R17i_was_created_by", node)
    yield link(node, ns.TYPE, ns.LRMOO + "F28_Expression_Creation")
    for share in entry.shares:
        class_ = "E21_Person" if share.agent.kind is Kind.PERSON else "E74_Group"
        yield link(node, ns.CRM + "P14_carried_out_by", share.agent.iri)
        yield link(share.agent.iri, ns.TYPE, ns.CRM + class_)


def _same(entry: Entry) -> Iterator[turtle.Triple]:
    for one in entry.same:
        yield link(entry.iri, ns.RDFS + "seeAlso", one)
