"""Things as a sheet: one row each, one column for each property, for who works with tables.

The first columns are the IRI and the label. The others are what is said of the things, all layers
together; what has a label is given by that, and several values are divided by a bar.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO

from publish import namespaces as ns
from publish import turtle
from publish.records import Records

DIVIDER = " | "
"""What stands between several values of one property."""
_TOLD = frozenset((*ns.LABELS, *(ns.SKOSXL + f"{name}Label" for name in ("pref", "alt", "hidden"))))
"""What the label says already, or a plain name beside it."""


def write(records: Records, iris: Sequence[str], named: Callable[[str], str]) -> str:
    """Write things as CSV (RFC 4180); `named` gives the name of a property."""
    found = records.source.said(iris)
    rows: dict[str, dict[str, dict[turtle.Term, None]]] = {iri: {} for iri in iris}
    for iri, row in rows.items():
        for _, triple in sorted(found.outgoing(iri), key=lambda one: records.rank(one[0])):
            if triple.predicate.value not in _TOLD:
                row.setdefault(triple.predicate.value, {})[triple.object] = None
    used = {name for row in rows.values() for name in row}
    values = {value for row in rows.values() for many in row.values() for value in many}
    records.source.meet({*iris, *used, *(v.value for v in values if isinstance(v, turtle.Named))})
    columns = sorted(used, key=lambda name: (named(name).casefold(), name))
    sink = StringIO()
    lines = csv.writer(sink)
    lines.writerow(["IRI", "label", *map(named, columns)])
    for iri, row in rows.items():
        cells = (DIVIDER.join(_text(records, one) for one in row.get(name, ())) for name in columns)
        lines.writerow([iri, records.label(iri).value, *cells])
    return sink.getvalue()


def _text(records: Records, value: turtle.Term) -> str:
    if isinstance(value, turtle.Named):
        return records.label(value.value).value if records.labelled(value.value) else value.value
    return value.value if isinstance(value, turtle.Literal) else ""
