"""Where records are read: from a data set in memory, or from a store elsewhere.

A `Source` tells what is said of a thing and what points at it, as an excerpt that is itself a
data set, and answers the small questions that a page asks of many IRIs at once: what is its
label, is anything said of it. `Local` has everything in memory; `remote.Remote` asks a SPARQL
endpoint, and is imported by whoever needs one: its client takes longer to load than an essay.
What is made of the answers is the matter of `records`, which knows no difference.
"""

from publish.sources.local import Local
from publish.sources.values import (
    Called,
    Excerpt,
    Members,
    Source,
    Text,
    best_labels,
    by_document,
    in_order,
    label_rank,
    text_of,
    words,
)

__all__ = [
    "Called",
    "Excerpt",
    "Local",
    "Members",
    "Source",
    "Text",
    "best_labels",
    "by_document",
    "in_order",
    "label_rank",
    "text_of",
    "words",
]
