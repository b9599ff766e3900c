"""What a table says of itself and of each row, as triples.

A row is a record (`owl:Axiom`) of its own, with an IRI where SSSOM/RDF would leave it nameless:
the one that `record_id` gives, else that of the table, `#`, and what the row is of. What is to be
an IRI and is none is left out, since the standard knows nothing else in its place; so is a table
that has no `mapping_set_id`. Beside what the standard knows, each row has a label.

Follows SSSOM 1.1, "SSSOM/RDF".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from publish import namespaces as ns
from publish import turtle
from publish.graphs import Statement
from publish.mappings import slots
from publish.mappings.reading import Table, expand

_BAR = re.compile(r"(?<!\\)\|")


def records(table: Table) -> Iterator[Statement]:
    """Give what SSSOM/RDF says of a table and of its rows, each on its line."""
    name = table.about.get("mapping_set_id", "")
    if not turtle.is_iri(name):
        return
    whole, type_ = turtle.Named(name), turtle.Named(ns.TYPE)
    yield whole, type_, turtle.Named(ns.SSSOM + "MappingSet"), 1
    for predicate, value in _said(slots.OF_TABLES, table.about, table.prefixes):
        yield whole, predicate, value, 1
    seen: Counter[str] = Counter()
    for match in table.matches:
        cells = _own(match.cells, table.about)
        given = expand(cells.get("record_id", ""), table.prefixes)
        iri = given or _named(name, cells["subject_id"], cells["object_id"])
        seen[iri] += 1
        row = turtle.Named(iri if seen[iri] == 1 else f"{iri}-{seen[iri]}")
        yield whole, turtle.Named(ns.SSSOM + "mappings"), row, match.line
        yield row, type_, turtle.Named(ns.OWL + "Axiom"), match.line
        yield row, turtle.Named(ns.RDFS + "label"), turtle.Literal(_label(cells)), match.line
        for predicate, value in _said(slots.OF_ROWS, cells, table.prefixes):
            yield row, predicate, value, match.line


def _own(cells: Mapping[str, str], about: Mapping[str, str]) -> Mapping[str, str]:
    """Leave out of a row what the head says of the table alone ("Propagation")."""
    return {
        name: cell
        for name, cell in cells.items()
        if name not in slots.OF_TABLES or about.get(name) != cell
    }


def _named(table: str, subject: str, object_: str) -> str:
    """Make the IRI of a row that has none."""
    row = "-".join(quote(one, safe=":/") for one in (subject, object_))
    return f"{table}{'/' if '#' in table else '#'}{row}"


def _label(cells: Mapping[str, str]) -> str:
    """Call a row by what it says: `river:elbe Not schema:sameAs wd:Q1 (universe)`."""
    object_label = cells.get("object_label", "")
    words = (
        cells.get("subject_label") or cells["subject_id"],
        cells.get("predicate_modifier", ""),
        cells["predicate_id"],
        cells["object_id"],
        f"({object_label})" if object_label else "",
    )
    return " ".join(filter(None, words))


def _said(
    known: Mapping[str, slots.Slot], cells: Mapping[str, str], prefixes: Mapping[str, str]
) -> Iterator[tuple[turtle.Named, turtle.Named | turtle.Literal]]:
    for name, slot in known.items():
        if not (cell := cells.get(name)):
            continue
        for text in _parts(cell) if slot.several else (cell,):
            value = _value(slot, text, prefixes)
            if value is not None:
                yield turtle.Named(slot.property), value


def _parts(cell: str) -> Iterable[str]:
    """Part a cell at its bars but those that are meant as such ("Multi-valued slots")."""
    texts = (one.replace("\\|", "|").strip() for one in _BAR.split(cell))
    return filter(None, texts)


def _value(
    slot: slots.Slot, text: str, prefixes: Mapping[str, str]
) -> turtle.Named | turtle.Literal | None:
    if text in slot.meanings:
        return turtle.Named(slot.meanings[text])
    if slot.form in ("reference", "address"):
        iri = expand(text, prefixes) if slot.form == "reference" else text
        return turtle.Named(iri) if turtle.is_iri(iri) else None
    if slot.form == "number":
        return turtle.Literal(float(text)) if is_number(text) else turtle.Literal(text)
    datatype = turtle.Named(ns.XSD + ("date" if slot.form == "date" else "string"))
    return turtle.Literal(text, datatype=datatype)


def is_number(text: str) -> bool:
    """Say whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
