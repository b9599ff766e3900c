"""What changed between two versions of a data set, thing by thing, for those who review it.

Only what was asserted is compared, graph by graph: what follows from it follows again. A thing
without an IRI has no name by which two versions could be compared, so it counts as a value of
the thing that leads to it. A name vanishes when the older version says something of it and the
newer says nothing: whoever linked to it is then left with nothing, so it should have been kept as
retired, with `owl:deprecated` and what replaces it. Nothing is read or printed here.

Follows RDF Patch for the differences as a file.
"""

from publish.diff.comparing import MOST, beginning, compare, joined
from publish.diff.patches import joined_patches, patch
from publish.diff.telling import markdown, plain, read, summary, text
from publish.diff.values import KINDS, Change, Difference, Edit, Kind, Step

__all__ = [
    "KINDS",
    "MOST",
    "Change",
    "Difference",
    "Edit",
    "Kind",
    "Step",
    "beginning",
    "compare",
    "joined",
    "joined_patches",
    "markdown",
    "patch",
    "plain",
    "read",
    "summary",
    "text",
]
