"""What a data set says of itself to machines that find it: computed from the data, never typed."""

from publish.description.catalog import at, describe, reached, succession
from publish.description.documents import Imprints
from publish.description.markup import schema, tags
from publish.description.service import service
from publish.description.values import File
from publish.description.void import Linkset, count_terms, read_terms
from publish.description.void import read_linksets as linksets

__all__ = [
    "File",
    "Imprints",
    "Linkset",
    "at",
    "count_terms",
    "describe",
    "linksets",
    "reached",
    "read_terms",
    "schema",
    "service",
    "succession",
    "tags",
]
