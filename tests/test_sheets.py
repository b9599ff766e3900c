"""Sheets: a row for each thing, a column for each property, and nothing left out."""

from __future__ import annotations

import csv
from io import StringIO

from publish import namespaces as ns
from publish import sheets, turtle
from publish.dataset import Dataset
from publish.records import Records


def read(records: Records, kind: str) -> dict[str, dict[str, str]]:
    """Write the things of a kind, and read them by IRI and by the IRI of the property."""
    members = next(one.members for one in records.kinds() if one.name == kind)
    rows = csv.DictReader(StringIO(sheets.write(records, members, lambda iri: iri), newline=""))
    return {row["IRI"]: row for row in rows}


def test_each_thing_has_a_row_with_all_that_is_said_of_it(either: Dataset) -> None:
    records = Records(either)
    for kind in ("person", "event" if "ksv" in either.base else "begriff"):
        rows = read(records, kind)
        assert list(rows) == list(next(k.members for k in records.kinds() if k.name == kind))
        for iri, row in rows.items():
            assert row["label"] == records.label(iri).value
            for _, triple in either.outgoing(iri):
                name, value = triple.predicate.value, triple.object
                if name in ns.LABELS or name.startswith(ns.SKOSXL):
                    continue
                text = (
                    value.value
                    if isinstance(value, turtle.Literal)
                    else records.label(value.value).value
                    if isinstance(value, turtle.Named) and records.labelled(value.value)
                    else getattr(value, "value", "")
                )
                assert text in row[name].split(sheets.DIVIDER), (iri, name)


def test_a_value_that_several_layers_give_stands_once(essay: Dataset) -> None:
    row = read(Records(essay), "person")[f"{essay.base}id/person/kropotkin-peter"]
    born = row[f"{essay.base}ontology#born"].split(sheets.DIVIDER)
    assert len(born) == len(set(born)) == 1
