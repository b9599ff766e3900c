"""What the headers of a request want of an answer, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from publish import conditions

_CHOOSING = (b"accept", b"accept-profile")
"""The headers that choose the form of an answer."""
_PARTIAL = (*conditions.CONDITIONS, b"range")
"""The headers of who does not want the whole in any case."""
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
"""A host and a port (RFC 3986, 3.2.2), without the comma, which joins several lines."""


class Asked(NamedTuple):
    """The headers of a request that decide what is delivered; `size` is that of all, in bytes.

    `conditions` are all of them, where some want an answer only if something holds, or in part;
    `plain` says whether an answer without a coding is taken, `hosted` whether there is a Host,
    which may be empty; `wrong` is the status of a request that cannot be read in one way only, and 0 of all
    others. `joined` are all headers, where some came in several lines: one line of each.
    """

    accept: bytes = b""
    host: bytes = b""
    origin: bytes = b""
    conditions: Mapping[bytes, bytes] | None = None
    gzip: bool = False
    plain: bool = True
    ranged: bool = False
    size: int = 0
    hosted: bool = False
    wrong: int = 0
    joined: list[tuple[bytes, bytes]] | None = None


def asked(headers: Iterable[tuple[bytes, bytes]]) -> Asked:
    """Read the headers that count here."""
    found: dict[bytes, bytes] = {}
    size = lines = 0
    for name, value in headers:
        lines += 1
        size += len(name) + len(value)
        # A list header may come in several lines (RFC 9110, 5.3).
        found[name] = found[name] + b", " + value if name in found else value
    coding = conditions.codings(found.get(b"accept-encoding", b""))
    return Asked(
        accept=b"\n".join(found.get(name, b"") for name in _CHOOSING),
        host=found.get(b"host", b""),
        origin=found.get(b"origin", b""),
        conditions=found if any(name in found for name in _PARTIAL) else None,
        gzip=coding.gzip,
        plain=coding.plain,
        ranged=b"range" in found,
        size=size,
        hosted=b"host" in found,
        wrong=_wrong(found) or 406 * (not any(coding)),
        joined=list(found.items()) if len(found) < lines else None,
    )


def _wrong(found: Mapping[bytes, bytes]) -> int:
    """Find what a proxy in front could read otherwise, and a body that had to be unpacked.

    Follows RFC 9112, 3.2 (one Host, and none that is no host) and 6.1 (codings), and RFC 9110,
    15.5.16.
    """
    if not _HOST.fullmatch(found.get(b"host", b"")):
        return 400
    if found.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
        return 501
    return 0 if found.get(b"content-encoding", b"identity").lower() == b"identity" else 415
