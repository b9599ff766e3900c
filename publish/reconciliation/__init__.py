"""The Reconciliation Service API: its requests read, its answers written.

Version 0.2 and the draft of 1.0 ask the same in two shapes, which become the same
`candidates.Query`. Whatever cannot be read is a `RequestError` that names the query and the field;
what is more than a batch may have is `QueryTooLarge`. No HTTP here.

Follows Reconciliation Service API 0.2 and 1.0 draft (W3C Entity Reconciliation Community Group),
whose JSON Schemas the tests hold every answer against.
"""

from publish.reconciliation.answers import Deadline, entities, results, results_1, term
from publish.reconciliation.extending import extended, extended_1, extension
from publish.reconciliation.manifests import About, manifest, manifest_1
from publish.reconciliation.requests import BATCH, LONGEST, batch, loads, queries, query

__all__ = [
    "BATCH",
    "LONGEST",
    "About",
    "Deadline",
    "batch",
    "entities",
    "extended",
    "extended_1",
    "extension",
    "loads",
    "manifest",
    "manifest_1",
    "queries",
    "query",
    "results",
    "results_1",
    "term",
]
