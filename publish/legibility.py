"""Which texts of the data the engine cannot read: queries, patterns, and values of a datatype.

The engine decides; of what it takes nothing else is loaded.

Follows SPARQL 1.1 Query, sections 17.5 (casting) and 19.8 (grammar).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox


def wrong(text: str, prefixes: Mapping[str, str]) -> str:
    """Say where a query that is part of the data leaves the grammar; nothing, where it does not."""
    try:
        ox.Store().query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        return _explained(str(error.msg), text, prefixes)
    except RuntimeError:
        return ""  # a function that is known where it is asked
    return ""


def _explained(message: str, text: str, prefixes: Mapping[str, str]) -> str:
    from publish import scanning  # few queries are wrong
    from publish.stores.evaluation import explained

    for prefix, start in scanning.undeclared(text):
        if prefix not in prefixes:
            line, _ = scanning.line_and_column(text, start)
            return f"line {line} of the query: the prefix `{prefix}:` is not declared"
    told = explained(message, text)
    where = f"line {told.line} of the query: " if told.line else ""
    return f"{where}{told.reason}"


def is_pattern(token: str, flags: str = "''") -> bool:
    """Say whether a string is a regular expression with some flags (SPARQL 1.1 Query, 17.4.3.14).

    Both are given as a query writes them.
    """
    try:
        (row,) = ox.Store().query(f"SELECT (REGEX('', {token}, {flags}) AS ?fits) {{}}")  # type: ignore[misc]
    except SyntaxError:
        return True  # it is told of the query
    return row["fits"] is not None


def unreadable(datatype: str, literals: Iterable[ox.Literal]) -> Iterator[ox.Literal]:
    """Give the literals that are no value of a datatype of XML Schema, one that SPARQL casts to."""
    of = {literal.value: literal for literal in literals}
    given = " ".join(str(ox.Literal(text)) for text in of)
    found = ox.Store().query(
        f"SELECT ?text {{ VALUES ?text {{ {given} }} "
        f"BIND(<{datatype}>(?text) AS ?value) FILTER(!BOUND(?value)) }}"
    )
    for row in found:  # type: ignore[union-attr]
        yield of[row["text"].value]
