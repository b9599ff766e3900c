"""What a data set says of itself to machines that find it: computed from the data, never typed."""

from publish.description.catalog import at, describe
from publish.description.markup import schema
from publish.description.values import File

__all__ = ["File", "at", "describe", "schema"]
