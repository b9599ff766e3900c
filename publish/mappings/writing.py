"""A table of mappings written from what is told of it as triples: `records` turned round.

Follows SSSOM 1.1, "SSSOM/TSV".
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from publish import namespaces as ns
from publish import turtle
from publish.mappings import slots
from publish.mappings.curies import Curies
from publish.mappings.records import is_number

_SAID = Mapping[str, Sequence[turtle.Term]]
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
    rows = [_cells(slots.OF_ROWS, said[iri], curies) for iri in members]
    for iri, cells in zip(members, rows, strict=True):
        if not iri.startswith((f"{table}#", f"{table}/")):
            cells["record_id"] = curies.short(iri)
    rows.sort(key=lambda cells: [cells.get(name, "") for name in slots.COLUMNS])
    head = _cells(slots.OF_TABLES, said[table], curies)
    text = io.StringIO()
    text.write("#curie_map:\n")
    for prefix, space in sorted(curies.used.items()):
        text.write(f"#  {prefix}: {_quoted(space)}\n")
    for name, value in sorted({**head, "mapping_set_id": table}.items()):
        text.write(f"#{name}: {_quoted(value)}\n")
    filled = {name for cells in rows for name in cells}
    columns = [*slots.COLUMNS, *sorted(filled.difference(slots.COLUMNS))]
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cells.get(name, "") for name in columns] for cells in rows)
    return text.getvalue().encode()


def _quoted(text: str) -> str:
    """Write a text as YAML has it between double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cells(known: Mapping[str, slots.Slot], said: _SAID, curies: Curies) -> dict[str, str]:
    found = {
        name: "|".join(_cell(slot, value, curies) for value in said[slot.property])
        for name, slot in known.items()
        if said.get(slot.property)
    }
    return {name: " ".join(text.split()) for name, text in found.items()}


def _cell(slot: slots.Slot, value: turtle.Term, curies: Curies) -> str:
    words = {iri: word for word, iri in slot.meanings.items()}
    if isinstance(value, turtle.Named):
        if slot.form == "reference":
            return curies.short(value.value)
        return words.get(value.value, value.value)
    text = value.value if isinstance(value, turtle.Literal) else ""
    if slot.form == "number" and is_number(text):
        return repr(float(text)).removesuffix(".0")
    return text.replace("|", "\\|") if slot.several else text
