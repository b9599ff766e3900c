"""Records of MARC 21, bibliographic or authority, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from publish import errors
from publish.catalogue import Entry, Kind
from publish.crosswalks.marc import authority, bibliographic, fields
from publish.crosswalks.tables import NAMED, Row, apply

if TYPE_CHECKING:
    from pymarc import Field, Record

SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_LONGEST = 99_999
"""Bytes of a record: its leader gives the length in five digits."""


def rows() -> tuple[Row[Field], ...]:
    """Give the table: the fixed fields, then what each kind of record has."""
    everything = (*NAMED, Kind.WORK, Kind.EDITION)
    fixed = (
        Row(everything, "iri", "001", _control),
        Row(everything, "modified", "005", _changed),
    )
    return (*fixed, *bibliographic.rows(), *authority.rows())


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


def _leader(entry: Entry) -> str:
    status = "d" if entry.retired else "n"
    if entry.kind is Kind.EDITION:
        return f"00000{status}a{'a' if entry.host else 'm'} a2200000uc 4500"
    return f"00000{status}z  a2200000o  4500"


def _control(entry: Entry) -> Iterator[Field]:
    yield fields.fixed("001", fields.control(entry.iri))


def _changed(entry: Entry) -> Iterator[Field]:
    day = entry.modified.replace("-", "")
    if len(day) == 8:
        yield fields.fixed("005", f"{day}000000.0")
