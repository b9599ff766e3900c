"""The words of a query: what they lack, and what is put into them before they are asked.

All is told by tokens; nothing is parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from publish import errors, scanning
from publish.tokens import PROLOGUE, TOKEN


def explained(text: str, error: errors.QuerySyntaxError) -> errors.QuerySyntaxError:
    """Give a better reason where a prefix is not declared; the parser points anywhere then."""
    for prefix, start in scanning.undeclared(text):
        return errors.QuerySyntaxError(
            f"the prefix `{prefix}:` is not declared; "
            f"begin the query with `PREFIX {prefix}: <...>`",
            *scanning.line_and_column(text, start),
        )
    return error


def prologue(text: str, prefixes: Mapping[str, str]) -> str:
    """Declare the prefixes that a query uses and does not declare itself, as far as known.

    All on one line, to be put above the query; `placed` undoes what that does to columns.
    """
    used = dict.fromkeys(prefix for prefix, _ in scanning.undeclared(text))
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in used if name in prefixes)


def placed(error: errors.QuerySyntaxError, prologue: str) -> errors.QuerySyntaxError:
    """Say where an error is in the query without what was put before its first line."""
    if error.line != 1:
        return error
    column = max(1, (error.column or 1) - len(prologue))
    return errors.QuerySyntaxError(error.reason, 1, column, error.expected)


def bound(text: str, terms: Mapping[str, str]) -> str:
    """Put terms, each written as SPARQL writes it, in the place of the variables `$name`.

    Only where a variable can stand: never in a text, a comment or an IRI. Raises
    `QuerySyntaxError` for a name that the query does not have.
    """
    found = set()

    def put(token: re.Match[str]) -> str:
        name = token[0][1:]
        if not token[0].startswith("$") or name not in terms:
            return token[0]
        found.add(name)
        return terms[name]

    written = TOKEN.sub(put, text)
    for name in terms.keys() - found:
        raise errors.QuerySyntaxError(
            f"the query has no `${name}` that a value could take the place of; write it there"
        )
    return written


def given(text: str, terms: Mapping[str, str]) -> str:
    """Put terms, each written as SPARQL writes it, in the place of the defaults of a query.

    A default stands in `VALUES ?name { default }`; where there is none, the term takes the place
    of the variables `$name`. Never in a text, a comment or an IRI. Raises `QuerySyntaxError` for
    a name that has neither.
    """
    places = _defaults(text)
    written, end = [], 0
    for name, start, stop in places:
        if name in terms:
            written += [text[end:start], f" {terms[name]} "]
            end = stop
    rest = {name: terms[name] for name in terms.keys() - {name for name, _, _ in places}}
    whole = "".join([*written, text[end:]])
    return bound(whole, rest) if rest else whole


def defaults(text: str) -> dict[str, str]:
    """Give what stands between the braces of each `VALUES ?name {`, as SPARQL writes it."""
    return {name: text[start:stop].strip() for name, start, stop in _defaults(text)}


def _defaults(text: str) -> list[tuple[str, int, int]]:
    """Give the name of each variable that `VALUES ?name {` gives values, and where those stand."""
    found = []
    before: tuple[str, ...] = ("", "", "")
    name, start, depth = "", 0, 0
    for match in TOKEN.finditer(text):
        sign = match[0]
        if sign.startswith("#"):
            continue
        if start and sign in "{}":
            depth += 1 if sign == "{" else -1
            if not depth:
                found.append((name, start, match.start()))
                start = 0
        before = (*before[1:], sign)
        if not start and sign == "{" and before[0].upper() == "VALUES" and before[1][0] in "?$":
            name, start, depth = before[1][1:], match.end(), 1
    return found


def columns(text: str) -> tuple[str, ...]:
    """Give the columns that a SELECT names before its WHERE; none where it has `*`.

    What stands in brackets is an expression, and its column is the last variable in them.
    """
    found: dict[str, None] = {}
    depth, last, chosen = 0, "", False
    prologue = PROLOGUE.match(text)
    for match in TOKEN.finditer(text, prologue.end() if prologue else 0):
        sign = match[0]
        word = sign.upper()
        if not chosen:
            chosen = word == "SELECT"
        elif word in ("WHERE", "FROM") or sign == "{":
            break
        elif sign[0] in "?$":
            last = sign[1:]
            if not depth:
                found[last] = None
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                found[last] = None
    return tuple(found)
