"""Who holds a claim, rejects it, or takes it in part."""

from __future__ import annotations

from publish import namespaces as ns
from publish.portraits.roles import Roles
from publish.portraits.said import Said
from publish.portraits.values import Stance
from publish.records import Link, Record, Records


def stances(records: Records, roles: Roles, record: Record) -> tuple[Stance, ...]:
    """Give the stances towards a claim, by attitude and by who has it, each once."""
    towards = roles.of(ns.TOWARDS)
    pointing = [
        one.value.iri
        for one in record.pointers
        if one.predicate in towards and isinstance(one.value, Link)
    ]
    said = Said(records, pointing)
    told = [
        (who, attitude, one)
        for one in pointing
        for who in said.iris(one, roles.of(ns.HOLDER))
        for attitude in said.iris(one, roles.of(ns.ATTITUDE))
    ]
    records.source.meet(iri for who, attitude, _ in told for iri in (who, attitude))
    first = {(who, attitude): one for who, attitude, one in reversed(told)}
    found = [Stance(who, records.label(attitude), one) for (who, attitude), one in first.items()]
    return tuple(
        sorted(found, key=lambda one: (one.attitude.value, records.label(one.holder).value))
    )
