"""On which conditions a request wants an answer, and how much of it; pure functions of headers.

Follows RFC 9110 sections 13 (conditional requests), 14 (ranges) and 12.5.3 (Accept-Encoding).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal, NamedTuple, TypeAlias

Headers: TypeAlias = Mapping[bytes, bytes]
"""Headers by lower-case name, those of several lines joined by commas."""
Verdict: TypeAlias = Literal[200, 304, 412]

CONDITIONS = (b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since")
"""The headers that `judge` looks at."""
RANGES = 50
"""How many parts one request may ask for; who asks for more gets the whole."""

_QVALUE = re.compile(rb"(?:\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?\s*")
_RANGE = re.compile(rb"\s*(?:(\d{1,40})\s*-\s*(\d{0,40})|-\s*(\d{1,40}))\s*")


def date(moment: datetime) -> str:
    """Write a moment as HTTP does (RFC 9110, 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


class Codings(NamedTuple):
    """Which codings a client takes.

    `gzip` where it likes it no less than none at all, `plain` where it takes an answer without
    one; a request that takes neither can have no answer here.
    """

    gzip: bool
    plain: bool


def codings(header: bytes) -> Codings:
    """Read Accept-Encoding; what is malformed in it is passed over.

    `*` alone asks for no coding in particular, so gzip has to be named, by its name or by its
    older one (RFC 9110, 8.4.1.3), unless nothing else is left.
    """
    weights: dict[bytes, float] = {}
    for part in header.lower().split(b","):
        name, _, weight = part.partition(b";")
        match = _QVALUE.fullmatch(weight)
        if match is not None:
            weights[name.strip()] = float(match[1] or 1)
    rest = weights.get(b"*")
    named = weights.get(b"gzip", weights.get(b"x-gzip"))
    plain = weights.get(b"identity", rest)
    if plain == 0:
        return Codings(gzip=bool(rest if named is None else named), plain=False)
    return Codings(gzip=bool(named) and (named or 0) >= weights.get(b"identity", 0), plain=True)


def judge(headers: Headers, tag: bytes, modified: datetime | None) -> Verdict:
    """Say whether an answer is wanted (200), is there already (304), or is another one (412).

    `tag` is its strong ETag, `modified` when it was last changed. In the order of section 13.2.2.
    """
    if (wanted := headers.get(b"if-match")) is not None:
        if not _among(wanted, tag, weakly=False):
            return 412
    elif modified and (since := _moment(headers, b"if-unmodified-since")) and modified > since:
        return 412
    if (had := headers.get(b"if-none-match")) is not None:
        return 304 if _among(had, tag, weakly=True) else 200
    since = _moment(headers, b"if-modified-since")
    return 304 if modified and since and modified <= since else 200


def holds(headers: Headers, tag: bytes, modified: datetime | None) -> bool:
    """Say whether a range may be given, or If-Range wants the whole of another answer (13.1.5)."""
    given = headers.get(b"if-range")
    if given is None:
        return True
    if given.strip().startswith((b'"', b"W/")):
        return given.strip() == tag
    return modified is not None and _moment(headers, b"if-range") == modified


def ranges(header: bytes, size: int) -> list[tuple[int, int]] | None:
    """Read which parts of `size` bytes are asked for: first byte and last, those that there are.

    `None` is to give the whole: other units, a header that is malformed, or too many parts
    (14.2). An empty list is to say that there is no such part (416).
    """
    unit, equals, parts = header.partition(b"=")
    if not equals or unit.strip().lower() != b"bytes" or parts.count(b",") >= RANGES:
        return None
    found = []
    for part in parts.split(b","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first, last, suffix = match.groups()
        if suffix is not None:
            pair = (max(0, size - int(suffix)), size - 1) if int(suffix) else (size, size)
        else:
            pair = (int(first), min(int(last), size - 1) if last else size - 1)
            if last and int(last) < int(first):
                return None
        if pair[0] < size:
            found.append(pair)
    return found


def _among(tags: bytes, tag: bytes, *, weakly: bool) -> bool:
    """Look for a tag in a list (8.8.3.2): weak marks count only where the comparison is strong."""
    given = [one.strip() for one in tags.split(b",")]
    if weakly:
        given, tag = [one.removeprefix(b"W/") for one in given], tag.removeprefix(b"W/")
    return b"*" in given or tag in given


def _moment(headers: Headers, name: bytes) -> datetime | None:
    """Read a date; one that is none counts as not given (13.1.3)."""
    try:
        found = parsedate_to_datetime(headers.get(name, b"").decode("latin-1"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
