"""The service for strangers: what they may ask, and within which limits.

A query is scanned, not parsed, before it goes to a worker (`scanning`); what is illegal is left to
the worker, whose parser knows line and column. Here nothing is evaluated.

Follows SPARQL 1.1 Protocol section 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publish import errors, scanning
from publish.settings import Settings
from publish.stores import Answer, Job, Pool
from publish.tokens import PROLOGUE
from publish.tokens import TOKEN as _TOKEN


@dataclass(frozen=True)
class Request:
    """One query of a stranger, for one media type.

    Graphs as in the protocol: both `None` where the request names none. `rows` and `partial`
    are for people, who look at the first rows of a long answer; machines get all or an error.
    `base` is for relative IRIs, by default the data set's. `labels` are the languages in which
    the labels of IRIs are wanted too, before those of the data set; `None` where they are not.
    `explain` is for an account of how the query is answered, in JSON, instead of the answer.
    """

    text: str
    media: str
    client: str = ""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    rows: int | None = None
    partial: bool = False
    base: str = ""
    labels: tuple[str, ...] | None = None
    explain: bool = False


class QueryService:
    """Answers the queries of strangers from a pool of workers."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    async def answer(self, request: Request) -> Answer:
        """Answer a request completely, or raise a `QueryError` or `StoreError`."""
        scanned = scanning.scan(
            request.text,
            length=self._settings.query_length,
            depth=self._settings.query_depth,
        )
        rows = self._settings.query_rows
        job = Job(
            text=request.text,
            media=request.media,
            rows=rows if request.rows is None else min(rows, request.rows),
            size=self._settings.query_bytes,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            exact=scanned.form == "DESCRIBE",
            partial=request.partial,
            client=request.client,
            base=request.base,
            labels=request.labels,
            explain=request.explain,
        )
        try:
            return await self._pool.run(job)
        except errors.QuerySyntaxError as error:
            raise explained(request.text, error) from error


def explained(text: str, error: errors.QuerySyntaxError) -> errors.QuerySyntaxError:
    """Give a better reason where a prefix is not declared; the parser points anywhere then."""
    for prefix, start in scanning.undeclared(text):
        return errors.QuerySyntaxError(
            f"the prefix `{prefix}:` is not declared; "
            f"begin the query with `PREFIX {prefix}: <...>`",
            *scanning.line_and_column(text, start),
        )
    return error


# --- helping to write a query ----------------------------------------------------------------


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

    written = _TOKEN.sub(put, text)
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


def _defaults(text: str) -> list[tuple[str, int, int]]:
    """Give the name of each variable that `VALUES ?name {` gives values, and where those stand."""
    found = []
    before: tuple[str, ...] = ("", "", "")
    name, start, depth = "", 0, 0
    for match in _TOKEN.finditer(text):
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
    for match in _TOKEN.finditer(text, prologue.end() if prologue else 0):
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
