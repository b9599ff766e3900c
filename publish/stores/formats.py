"""The formats of rows that the engine writes, and rows in another one than they came in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyoxigraph as ox

from publish import characters, negotiation

RESULTS: Mapping[str, ox.QueryResultsFormat] = MappingProxyType(
    {
        negotiation.RESULTS_JSON.media: ox.QueryResultsFormat.JSON,
        negotiation.RESULTS_XML.media: ox.QueryResultsFormat.XML,
        negotiation.RESULTS_CSV.media: ox.QueryResultsFormat.CSV,
        negotiation.RESULTS_TSV.media: ox.QueryResultsFormat.TSV,
    }
)
"""The formats of SELECT and ASK by media type."""


def rewritten(body: bytes, media: str) -> bytes:
    """Write rows that are in the JSON results format in the format of a media type."""
    if RESULTS[media] == ox.QueryResultsFormat.JSON:
        return body
    rows = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    return safe(rows.serialize(format=RESULTS[media]) or b"", media)


def safe(body: bytes, media: str) -> bytes:
    """See to it that what the engine wrote is read as it was meant; it writes any character as XML.

    Raises `NotAcceptable` where the format cannot hold the rows.
    """
    if RESULTS[media] != ox.QueryResultsFormat.XML:
        return body
    characters.refuse(body, tuple(one for one in RESULTS if one != media))
    return characters.kept(body)
