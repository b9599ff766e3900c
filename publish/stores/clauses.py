"""The dataset clauses of a query: what FROM and FROM NAMED name, seen without parsing it.

They stand outside of all brackets, behind a prologue that says what their names mean.

Follows SPARQL 1.1 Query sections 4.1 (IRIs), 13.2 (datasets) and 19.8 (grammar).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pyoxigraph as ox

from publish.tokens import TOKEN, decoded


@dataclass(frozen=True)
class Clauses:
    """The graphs that FROM and FROM NAMED name; false where there is neither."""

    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.default or self.named)


def read(text: str, base: str) -> Clauses:
    """Read the clauses of a query whose relative IRIs are resolved against a base."""
    # Most queries have none, and to see that is quicker.
    if "FROM" not in text.upper():
        return Clauses()
    reading = _Reading(base)
    place = 0
    while match := TOKEN.search(text, place):
        place = reading.take(match, text[place : match.start()].strip())
    return reading.found


class _Reading:
    """One query on its way through its tokens."""

    def __init__(self, base: str) -> None:
        self.found = Clauses()
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._brackets: list[str] = []
        # Whether what was read last ends an operand, and the bare word whose name comes next.
        self._operand = False
        self._awaiting = ""
        self._prefix = ""

    def take(self, match: re.Match[str], sign: str) -> int:
        """Take a token and the sign before it, and say where the next one begins."""
        found = match[0]
        if found[0] == "#":
            return match.end()
        operand = self._operand and not sign
        # The round brackets of a template hold lists, in which an IRI follows an IRI.
        comparing = operand and self._brackets[:1] == self._brackets[-1:] == ["("]
        if found[0] == "<" and found != "<<" and comparing:
            # It only looks like an IRI: behind an operand it is a comparison.
            self._operand = False
            return match.start() + 1
        self._operand = match.lastgroup != "open"
        if match.lastgroup == "open":
            self._brackets.append(found)
        elif match.lastgroup == "close":
            del self._brackets[-1:]
        elif not self._brackets:
            self._outside(match, decoded(found))
        return match.end()

    def _outside(self, match: re.Match[str], token: str) -> None:
        if match.lastgroup == "run":
            word = token.upper()
            named = self._awaiting == "FROM" and word == "NAMED"
            self._awaiting = "FROM NAMED" if named else word
            return
        if match.lastgroup == "local" or token[0] == ":":
            prefix, _, local = token.partition(":")
            if self._awaiting == "PREFIX":
                self._prefix = prefix
                return
            iri = self._prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
        elif token[0] == "<":
            iri = token[1:-1]
        else:
            self._awaiting = ""
            return
        self._name(iri)

    def _name(self, iri: str) -> None:
        if self._awaiting == "PREFIX":
            self._prefixes[self._prefix] = resolved(iri, self._base)
        elif self._awaiting == "BASE":
            self._base = resolved(iri, self._base)
        elif self._awaiting == "FROM":
            self.found.default.append(resolved(iri, self._base))
        elif self._awaiting == "FROM NAMED":
            self.found.named.append(resolved(iri, self._base))
        self._awaiting = ""


def resolved(iri: str, base: str) -> str:
    """Resolve a relative IRI (RFC 3986, 5.2), as the engine does it."""
    try:
        quads = ox.parse(
            f"<{iri}> <urn:x> <urn:x> .".encode(), ox.RdfFormat.TURTLE, base_iri=base or None
        )
        return str(next(iter(quads)).subject).removeprefix("<").removesuffix(">")
    except (SyntaxError, ValueError):
        return iri
