"""The functions that queries may use beside those of SPARQL: looking for words in texts.

They are evaluated where the query is, in a worker with its limits. What is no text, or has no
words to look for, gives no value, as in SPARQL's own functions (SPARQL 1.1 Query 17.6).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

import pyoxigraph as ox

from publish import matching
from publish import namespaces as ns

Function: TypeAlias = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]

MATCHES = ox.NamedNode(ns.MATCHES)
LIKENESS = ox.NamedNode(ns.LIKENESS)
NAMES = MappingProxyType(
    {
        MATCHES.value: "whether each word of the second text begins a word of the first",
        LIKENESS.value: "how near the first text comes to the words of the second, from 0 to 1",
    }
)
"""Each function with what it gives."""

_DECIMAL = ox.NamedNode(ns.XSD + "decimal")


def functions(text: str) -> dict[ox.NamedNode, Function] | None:
    """Give the functions for one query; what they find out about its words, they keep.

    Nothing for a query that names none of them: to have them costs the engine some time.
    """
    if not any(name.rpartition("#")[2] in text for name in NAMES):
        return None
    sought: dict[str, tuple[str, ...]] = {}

    def words(term: object) -> tuple[str, ...]:
        if not isinstance(term, ox.Literal):
            return ()
        if term.value not in sought:
            sought[term.value] = matching.wanted(term.value)
        return sought[term.value]

    def matches(text: object = None, wanted: object = None, *more: object) -> ox.Literal | None:
        found = words(wanted)
        if more or not found or not isinstance(text, ox.Literal):
            return None
        return ox.Literal(matching.matches(text.value, found))

    def likeness(text: object = None, wanted: object = None, *more: object) -> ox.Literal | None:
        found = words(wanted)
        if more or not found or not isinstance(text, ox.Literal):
            return None
        return ox.Literal(f"{matching.likeness(text.value, found):.3f}", datatype=_DECIMAL)

    return {MATCHES: matches, LIKENESS: likeness}
