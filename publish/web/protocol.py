"""Requests of the SPARQL 1.1 Protocol: which query, over which graphs, in which format.

A query comes by GET, by POST as a form or as it is, or by the method QUERY (RFC 10008). What is
no such request gets an `HTTPException`, an update `QueryRefused`.

Follows SPARQL 1.1 Protocol 2.1, for queries alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from publish import errors
from publish.web import bodies

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
# Well-formed as far as it matters here (BCP 47, 2.1).
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_MARK = "\ufeff"
"""What some editors put before a text in UTF-8, to mark it as such; no part of it (RFC 3629, 6)."""
_READ_ONLY = "this service only reads; send a SELECT, ASK, CONSTRUCT or DESCRIBE query"


@dataclass(frozen=True)
class Asked:
    """What a request asks; `text` is empty where it asks nothing."""

    text: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""
    prefixes: str = ""
    labels: str | None = None
    explain: bool = False
    example: str = ""
    edit: bool = False

    @property
    def given(self) -> dict[str, Sequence[str]]:
        """The parameters that a link to the same question needs, beside query and format."""
        named = {
            "default-graph-uri": self.default_graphs,
            "named-graph-uri": self.named_graphs,
            "prefixes": (self.prefixes,) if self.prefixes else (),
            "labels": () if self.labels is None else (self.labels,),
        }
        return {name: values for name, values in named.items() if values}


async def read(request: Request, longest: int) -> Asked:
    """Read what a request asks; a query may have `longest` characters."""
    pairs = _pairs(request.scope["query_string"])
    if request.method == "GET":
        return _asked(pairs)
    if request.method not in ("POST", "QUERY"):
        raise HTTPException(405, headers={"Allow": "GET, POST, QUERY"})
    media = _media(request)
    # SPARQL 1.1 Protocol 2.1.2 and 2.1.3; parameters may stand in the address as well.
    # A percent sign and two digits for each of up to four bytes.
    limit = 12 * longest + 10_000
    too_long = f"the request has more than {limit} bytes; send a shorter query"
    body = await bodies.read(request, limit, errors.QueryTooComplex(too_long))
    if media == _FORM:
        pairs += _pairs(body)
    else:
        pairs.append(("query", _decoded(body)))
    asked = _asked(pairs)
    if not asked.text:
        raise HTTPException(400, "there is no `query` in the request; send one")
    return asked


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "the query is not UTF-8; send it as UTF-8") from error


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Read form parameters; percent signs are decoded once, and only as UTF-8."""
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "a parameter is not percent-encoded UTF-8; encode it") from error
    except ValueError as error:
        raise HTTPException(400, f"the parameters cannot be read: {error}") from error


def _media(request: Request) -> str:
    """Give the media type of a body, if it is one of the two that the protocol knows."""
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    if media == _UPDATE:
        raise errors.QueryRefused(_READ_ONLY)
    if media not in (_FORM, _QUERY):
        what = f"`{media[:80]}`" if media else "no media type"
        said = f"a body with {what} is not read here; use {_QUERY} or {_FORM}"
        raise bodies.unread(said, _QUERY, _FORM)
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise bodies.unread(f"`{charset[1]}` is not read here; send UTF-8", _QUERY, _FORM)
    return media


def _asked(pairs: Sequence[tuple[str, str]]) -> Asked:
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise errors.QueryRefused(_READ_ONLY)
    queries = [value.removeprefix(_MARK) for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise HTTPException(400, "more than one `query`; send one at a time")
    if queries and not queries[0].strip():
        raise HTTPException(400, "the query is empty; write one")
    if not queries and any(name in ("graph", "default") for name, _ in pairs):
        # SPARQL 1.1 Graph Store HTTP Protocol 4.2, which some clients take any endpoint for.
        raise HTTPException(400, "this is no graph store; ask for a graph by CONSTRUCT")
    # Clients that give a parameter in several spellings begin with the simplest.
    first = dict(reversed(pairs))
    return Asked(
        text=queries[0] if queries else "",
        default_graphs=tuple(value for name, value in pairs if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in pairs if name == "named-graph-uri"),
        format=first.get("format", ""),
        prefixes=first.get("prefixes", ""),
        labels=first.get("labels"),
        explain=_truth("explain", first.get("explain", "false")),
        example=first.get("example", ""),
        edit=_truth("edit", first.get("edit", "false")),
    )


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise HTTPException(400, f"`{name}` can only be `true` or `false`")
    return value == "true"


def languages(labels: str | None) -> tuple[str, ...] | None:
    """Read the languages of labels, the best first: `de, en`; none is those of the data set."""
    if labels is None:
        return None
    tags = tuple(tag.strip() for tag in labels.split(",") if tag.strip())
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise HTTPException(
                400, f"`labels` cannot be `{tag[:40]}`; give language tags, such as `de,en`"
            )
    return tags
