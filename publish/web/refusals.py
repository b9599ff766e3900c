"""Requests that are not even looked at: unclear to whoever stands in between, or beyond reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.types import Scope

from publish.web.wishes import Asked

_LONGEST = 60_000
"""How many bytes an address or the headers of a request may have."""
_VERSIONS = ("1.0", "1.1")
"""Of HTTP; the parser knows others (RFC 9110, 15.6.6)."""
_WRONG: Mapping[int, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        400: ("a request names one Host, as it can be in an address", {}),
        406: ("the codings here are gzip and identity; take one of them", {}),
        415: ("nothing is unpacked here; send the body as it is", {"Accept-Encoding": "identity"}),
        501: ("a body comes whole or in chunks", {}),
        505: ("this server speaks HTTP/1.0 and HTTP/1.1", {}),
    }
)


def refused(scope: Scope, wish: Asked) -> HTTPException | None:
    """Refuse what is not to be read in one way only, or is beyond all reason."""
    wrong, version = wish.wrong, scope.get("http_version", "1.0")
    if version not in _VERSIONS:
        wrong = 505
    elif not wish.hosted and version == "1.1":
        wrong = 400
    if wrong:
        said, headers = _WRONG[wrong]
        return HTTPException(wrong, said, dict(headers))
    return _too_long(scope, wish.size)


def _too_long(scope: Scope, size: int) -> HTTPException | None:
    """Refuse an address or headers beyond all reason (RFC 9110, 15.5.15; RFC 6585, 5)."""
    path = scope.get("raw_path") or b""
    if len(path) + len(scope["query_string"]) > _LONGEST:
        said = f"an address may have {_LONGEST} bytes; send a query by POST"
        return HTTPException(414, said)
    if size > _LONGEST:
        return HTTPException(431, f"headers may have {_LONGEST} bytes; send fewer")
    return None
