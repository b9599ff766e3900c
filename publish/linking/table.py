"""Tables of mappings (SSSOM), written anew with what is added."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from publish import mappings
from publish.linking.values import Link
from publish.mappings import COLUMNS, Curies


def merged(before: bytes, path: str, fresh: Iterable[Link], head: Head) -> tuple[bytes, int]:
    """Give a table with what it held and what is new, sorted, and how many rows are new.

    A pair that has a row keeps it, whatever it says. Raises `TurtleErrors` where the table that
    is there cannot be read.
    """
    old = mappings.parse(before, path) if before else mappings.Table((), {})
    pairs = {(one.subject, one.object) for one in old.matches}
    new = [one for one in fresh if (one.subject, one.object) not in pairs]
    new = list({(one.subject, one.object): one for one in reversed(new)}.values())
    curies = Curies({**head.prefixes, **old.prefixes})
    rows = [(one.subject, one.object, dict(one.cells)) for one in old.matches]
    rows += [(one.subject, one.object, _cells(one, curies, head.date)) for one in new]
    rows.sort(key=lambda row: mappings.order(row[0], row[1]))
    text = io.StringIO()
    said = _said(before)
    text.write("#curie_map:\n")
    for prefix, space in sorted({**curies.used, **old.prefixes}.items()):
        text.write(f'#  {prefix}: "{space}"\n')
    for line in said or [
        f'#license: "{head.licence}"',
        f'#mapping_set_id: "{head.id}"',
        '#mapping_set_title: "Links proposed for review"',
        '#mapping_tool: "folkmote"',
    ]:
        text.write(f"{line}\n")
    columns = [
        *COLUMNS,
        *sorted({name for *_, cells in rows for name in cells} - {*COLUMNS, *_named(said)}),
    ]
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cells.get(name, "") for name in columns] for *_, cells in rows)
    return text.getvalue().encode(), len(new)


@dataclass(frozen=True)
class Head:
    """What a new table says of itself, and the date of what is added."""

    id: str
    licence: str
    date: str
    prefixes: Mapping[str, str]


def _said(before: bytes) -> list[str]:
    """Give the lines of metadata of a table but those of its prefixes."""
    lines = before.decode("utf-8-sig").split("\n")
    # Below the head a line that begins so is part of a cell.
    head = [line[1:].rstrip("\r") for line in takewhile(lambda line: line.startswith("#"), lines)]
    kept: list[str] = []
    inside = False
    # Some write a blank behind each `#`, with which the lines that are added have to agree.
    for line in textwrap.dedent("\n".join(head)).split("\n") if head else ():
        inside = line.startswith("curie_map") or (inside and line.startswith(" "))
        kept += [] if inside else [f"#{line}"]
    return kept


def _named(said: Sequence[str]) -> set[str]:
    """Name what the metadata say for all rows."""
    return {line[1:].partition(":")[0].strip() for line in said}


def _cells(one: Link, curies: Curies, date: str) -> dict[str, str]:
    cells = {
        "subject_id": curies.short(one.subject),
        "subject_label": one.label,
        "predicate_id": curies.short(one.predicate),
        "predicate_modifier": "Not" if one.refused else "",
        "object_id": curies.short(one.object),
        "object_label": one.object_label,
        "mapping_justification": curies.short(one.justification),
        "object_source": curies.short(one.source),
        "object_source_version": one.version,
        "mapping_date": date,
        "confidence": f"{one.confidence:g}",
        "comment": one.comment,
    }
    return {name: " ".join(text.split()) for name, text in cells.items()}
