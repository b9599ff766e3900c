"""A table of mappings written from what is told of it as triples: `records` turned round.

Follows SSSOM 1.1, "SSSOM/TSV".
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.mappings import slots
from publish.mappings.curies import Curies
from publish.mappings.reading import order
from publish.mappings.records import is_number

_LINKED = ("subject_id", "object_id")
_Said: TypeAlias = Mapping[str, Sequence[turtle.Term]]
"""What is said of one thing: each property with its values."""


def written(table: str, triples: Iterable[turtle.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Write the table of this IRI, of whose rows the triples tell too.

    `prefixes` are short names for what IRIs begin with; those that are missing are made up. What
    stands in no slot of the standard, such as the label of a row, is left out.
    """
    said: defaultdict[str, defaultdict[str, list[turtle.Term]]]
    said = defaultdict(lambda: defaultdict(list))
    for one in sorted(triples, key=str):
        if isinstance(one.subject, turtle.Named):
            said[one.subject.value][one.predicate.value].append(one.object)
    curies = Curies(prefixes)
    members = [
        one.value for one in said[table][ns.SSSOM + "mappings"] if isinstance(one, turtle.Named)
    ]
    members.sort(key=lambda iri: order(*(_iri_of(said[iri], one) for one in _LINKED)))
    rows = [_cells(slots.OF_ROWS, said[iri], curies) for iri in members]
    for iri, cells in zip(members, rows, strict=True):
        if not iri.startswith((f"{table}#", f"{table}/")):
            cells["record_id"] = curies.short(iri)
    head = _values(slots.OF_TABLES, said[table], curies)
    text = io.StringIO()
    text.write("#curie_map:\n")
    for prefix, space in sorted(curies.used.items()):
        text.write(f"#  {prefix}: {_quoted(space)}\n")
    for name, values in sorted({**head, "mapping_set_id": [table]}.items()):
        text.write(f"#{name}:{_listed(name, values)}\n")
    filled = {name for cells in rows for name in cells}
    columns = [*slots.COLUMNS, *sorted(filled.difference(slots.COLUMNS))]
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cells.get(name, "") for name in columns] for cells in rows)
    return text.getvalue().encode()


def _iri_of(said: _Said, slot: str) -> str:
    """Give what a row links, by the name of its slot; nothing where it is missing."""
    values = said.get(slots.OF_ROWS[slot].property, ())
    return next((one.value for one in values if isinstance(one, turtle.Named)), "")


def _listed(name: str, values: Sequence[str]) -> str:
    """Write what the head says under a name: a list in YAML where the standard has several."""
    if name in slots.OF_TABLES and slots.OF_TABLES[name].several:
        return "".join(f"\n#  - {_quoted(value)}" for value in values)
    return f" {_quoted('|'.join(values))}"


def _quoted(text: str) -> str:
    """Write a text as YAML has it between double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cells(known: Mapping[str, slots.Slot], said: _Said, curies: Curies) -> dict[str, str]:
    """Give the cells of a row, with bars between several values ("Multi-valued slots")."""
    return {
        name: "|".join(one.replace("|", "\\|") if known[name].several else one for one in values)
        for name, values in _values(known, said, curies).items()
    }


def _values(
    known: Mapping[str, slots.Slot], said: _Said, curies: Curies
) -> dict[str, Sequence[str]]:
    return {
        name: [" ".join(_text(slot, value, curies).split()) for value in said[slot.property]]
        for name, slot in known.items()
        if said.get(slot.property)
    }


def _text(slot: slots.Slot, value: turtle.Term, curies: Curies) -> str:
    words = {iri: word for word, iri in slot.meanings.items()}
    if isinstance(value, turtle.Named):
        if slot.form == "reference":
            return curies.short(value.value)
        return words.get(value.value, value.value)
    text = value.value if isinstance(value, turtle.Literal) else ""
    return (
        repr(float(text)).removesuffix(".0") if slot.form == "number" and is_number(text) else text
    )
