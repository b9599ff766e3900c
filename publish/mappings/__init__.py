"""Tables of mappings: which record elsewhere is about which of our things, how sure, and why.

A table is SSSOM TSV and the master; what a layer holds is generated from it. A row makes its
triple where it is surer than `DOUBT`; less sure ones wait for a second sighting. A candidate that
is refused (`predicate_modifier` is `Not`) and was to be the same thing is said to be another one,
by `owl:differentFrom`; other refusals and a search without result (`sssom:NoTermFound`) make no
triple. Of each row, of those too that make none, it is told by whom, how surely, from what and
why: `records`. Nothing is looked up here.

Follows SSSOM 1.0, "SSSOM/TSV" for the table and "Mapping" for its columns, and SSSOM 1.1,
"SSSOM/RDF" and `record_id` for what is told of a row.
"""

from publish.mappings.curies import Curies, space_of
from publish.mappings.reading import DOUBT, NEEDED, NO_TERM, Match, Table, expand, order, parse
from publish.mappings.records import records
from publish.mappings.slots import COLUMNS
from publish.mappings.writing import written

__all__ = [
    "COLUMNS",
    "DOUBT",
    "NEEDED",
    "NO_TERM",
    "Curies",
    "Match",
    "Table",
    "expand",
    "order",
    "parse",
    "records",
    "space_of",
    "written",
]
