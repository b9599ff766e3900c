"""The service for strangers: what they may ask, and within which limits.

A query is scanned, not parsed, before it goes to a worker (`scanning`); what is illegal is left to
the worker, whose parser knows line and column. Here nothing is evaluated.

Follows SPARQL 1.1 Protocol section 2.1.
"""

from publish.query.service import QueryService, Request
from publish.query.wording import bound, columns, defaults, explained, given, placed, prologue

__all__ = [
    "QueryService",
    "Request",
    "bound",
    "columns",
    "defaults",
    "explained",
    "given",
    "placed",
    "prologue",
]
