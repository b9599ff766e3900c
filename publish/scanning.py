"""What can be seen of a query without parsing it: its form, its depth, and words it may not use.

A query is scanned before it is parsed: its length, the depth of its brackets, and the words that
a service for strangers does not carry out. A legal query can hold such a word only in a string,
a comment, an IRI or a name, and those are passed over; an illegal one is left to the parser,
which knows line and column.

Follows SPARQL 1.1 Query sections 19.2 (codepoint escapes) and 19.8 (tokens).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, cast

from publish import errors
from publish.tokens import PROLOGUE, decoded
from publish.tokens import TOKEN as _TOKEN

Form: TypeAlias = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "ADD", "MOVE", "COPY", "CREATE", "WITH"}
)

# A word may be written with escapes.
_SUSPECT = ("SERVICE", "\\", *sorted(_UPDATES))
_OPEN = ("(", "{", "[", "<<")
# What begins with the word and a space, behind its prologue, is of this form, whatever follows.
_PLAIN = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)\s", re.ASCII | re.IGNORECASE)
_PART = re.compile(r"[^.\-\u00b7]+")
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
"""The functions of which the value is another one each time."""
_VOLATILE_PARTS = ("NOW", "RAND", "UUID", "BNODE", "\\")


class Scan(NamedTuple):
    """What a scan finds out; no bracket is nested deeper than `depth`."""

    form: Form
    depth: int


def form(text: str) -> Form:
    """Say what kind of query a text is; `SELECT` where it says nothing, for the parser to refuse."""
    return formed(text) or "SELECT"


def formed(text: str) -> Form | None:
    """Say what kind of query a text is, if any: without the word for it no text is legal."""
    prologue = PROLOGUE.match(text)
    begin = prologue.end() if prologue else 0
    plain = _PLAIN.match(text, begin)
    if plain is not None:
        return cast(Form, plain[1].upper())
    for match in _TOKEN.finditer(text, begin):
        if match.lastgroup == "run":
            for _, word in _words(match):
                if word in _FORMS:
                    return cast(Form, word)
    return None


def scan(text: str, *, length: int, depth: int) -> Scan:
    """Find out form and depth of a query.

    Raises `QueryTooComplex` above a length in characters or a depth of brackets, `QueryRefused`
    for an update or SERVICE.
    """
    if len(text) > length:
        raise errors.QueryTooComplex(
            f"the query has {len(text)} characters, more than the {length} "
            "allowed; shorten it, or ask in several parts"
        )
    most = sum(map(text.count, _OPEN))
    if most <= depth and not any(map(text.upper().__contains__, _SUSPECT)):
        # Nothing here can be refused, wherever its tokens begin and end.
        return Scan(form(text), most)
    found: Form | None = None
    deepest = level = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "open":
            level += 1
            deepest = max(deepest, level)
            _refuse_depth(level, depth, text, match.start())
        elif match.lastgroup == "close":
            level = max(0, level - 1)
        elif match.lastgroup == "run":
            for start, word in _words(match):
                _refuse_word(word, found, text, start)
                if found is None and word in _FORMS:
                    found = cast(Form, word)
    return Scan(found or "SELECT", deepest)


def digest(text: str) -> str:
    """Give what equal queries are known by."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def is_volatile(text: str) -> bool:
    """Say whether the answer to a query is another one each time."""
    # Most queries hold none of the names, and to see that is quicker.
    if not any(map(text.upper().__contains__, _VOLATILE_PARTS)):
        return False
    named = False
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "run":
            named = any(word in _VOLATILE for _, word in _words(match))
        elif named and match[0] == "(":
            return True
        elif not match[0].startswith("#"):
            named = False
    return False


def _refuse_depth(depth: int, most: int, text: str, start: int) -> None:
    if depth > most:
        raise errors.QueryTooComplex(
            f"the bracket in {_place(text, start)} is nested more than {most} deep; "
            "ask in several queries"
        )


def _refuse_word(word: str, found: Form | None, text: str, start: int) -> None:
    """Refuse SERVICE anywhere, and an update where the word for the form would stand."""
    if word == "SERVICE":
        raise errors.QueryRefused(
            f"SERVICE in {_place(text, start)} asks another server, which is not done here; "
            "query that server itself"
        )
    if found is None and word in _UPDATES:
        raise errors.QueryRefused(
            f"{word} in {_place(text, start)} is an update, and this service only reads; "
            "send a SELECT, ASK, CONSTRUCT or DESCRIBE query"
        )


def _words(run: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Give each bare word of a run in capitals, with where it stands.

    `true.SERVICE` is two words; only a colon would have made it the prefix of a name.
    """
    for part in _PART.finditer(run["run"]):
        yield run.start() + part.start(), decoded(part[0]).upper()


def _place(text: str, start: int) -> str:
    line, column = line_and_column(text, start)
    return f"line {line}, column {column}"


def line_and_column(text: str, start: int) -> tuple[int, int]:
    """Give the line and the column of a place in a text, both from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def undeclared(text: str) -> Iterator[tuple[str, int]]:
    """Give each prefix that is used without being declared, with where that is."""
    declared = set()
    keyword = ""
    for match in _TOKEN.finditer(text):
        name = prefix(match)
        if name is not None:
            if keyword == "PREFIX":
                declared.add(name)
            elif name not in declared and name != "_":
                yield name, match.start()
        if match[0].strip():
            keyword = match[0].upper()


def prefix(token: re.Match[str]) -> str | None:
    """Give the prefix of a prefixed name, without its colon."""
    if token["local"] is not None:
        return token["run"]
    return "" if token[0].startswith(":") else None
