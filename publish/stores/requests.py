"""Requests that a worker reads itself, since that costs the server nothing.

Most programs send one query and nothing else that changes what it means. Such a request comes to
a worker as it was sent, and is read, scanned and answered there. What is wrong with it, or asks
for more, the server has to read, which can say so: that is `Unreadable` here.

Follows SPARQL 1.1 Protocol 2.1.1.
"""

from __future__ import annotations

import codecs

from publish import errors, negotiation, scanning
from publish.stores.jobs import Job, Read, Unread, Unreadable

_PLAIN = frozenset({"query", "format"})
_MEANING = frozenset(
    {
        "default-graph-uri",
        "named-graph-uri",
        "prefixes",
        "labels",
        "explain",
        "example",
        "edit",
        "update",
        "using-graph-uri",
        "using-named-graph-uri",
    }
)
"""Parameters that mean something; others are passed over here as the server does."""


def read(job: Job, unread: Unread) -> tuple[Job, Read]:
    """Read the parameters that were given with a job; raise `Unreadable`."""
    said = _parameters(job.given)
    text = said["query"]
    try:
        form = scanning.scan(text, length=unread.length, depth=unread.depth).form
    except errors.FolkmoteError as error:
        raise Unreadable from error
    read = Read(form, scanning.is_volatile(text), scanning.digest(text))
    media = _media(said.get("format", ""), form, unread)
    return job._replace(text=text, media=media, exact=form == "DESCRIBE", given=b""), read


def _parameters(given: bytes) -> dict[str, str]:
    try:
        pairs = _pairs(given)
    except ValueError as error:
        raise Unreadable from error
    said = dict(pairs)
    plain = [name for name, _ in pairs if name in _PLAIN]
    if not said.get("query", "").strip() or len(plain) > len(set(plain)) or _MEANING & said.keys():
        raise Unreadable
    return said


def _pairs(given: bytes) -> list[tuple[str, str]]:
    """Read a form (URL Standard, 5.1), as `parse_qsl` does, which takes half as long as a query.

    Raises `ValueError` where it is no good one, which is for the server to read.
    """
    if not given.isascii():
        raise ValueError(given)
    pieces = [piece.partition(b"=") for piece in given.replace(b"+", b" ").split(b"&") if piece]
    return [(_decoded(name), _decoded(value)) for name, _, value in pieces]


def _decoded(part: bytes) -> str:
    """Undo percent-encoding (RFC 3986, 2.1), all of it at once.

    With backslashes for percent signs it is an escape of Python's, which is read in a sixth of
    the time. By its name a worker could not find the codec, since it opens no file. Raises
    `ValueError` where no two hexadecimal digits follow.
    """
    if b"%" not in part:
        return part.decode()
    escaped = part.replace(b"\\", rb"\\").replace(b"%", rb"\x")
    return codecs.unicode_escape_decode(escaped)[0].encode("latin-1").decode()


def _media(name: str, form: scanning.Form, unread: Unread) -> str:
    if name:
        try:
            chosen = negotiation.named(name, (*negotiation.offers_of(form), negotiation.HTML))
        except errors.NotAcceptable as error:
            raise Unreadable from error
        media = "" if chosen is negotiation.HTML else chosen.media
    else:
        media = {"SELECT": unread.rows, "ASK": unread.boolean}.get(form, unread.triples)
    if not media:
        raise Unreadable
    return media
