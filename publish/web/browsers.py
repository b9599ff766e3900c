"""What answers tell browsers: what a page may load, and scripts of which origins may read them.

Follows the Fetch standard, sections 3.2.2 and 3.2.3 (CORS), and Content Security Policy Level 3.
"""

from __future__ import annotations

from publish.web.keeping import Headers

_POLICY = b"content-security-policy"
_SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (
        _POLICY,
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
)
_EXPOSED = (
    b"Accept-Query, Accept-Ranges, Allow, Content-Encoding, Content-Location, Content-Range, "
    b"ETag, Link, Location, Memento-Datetime, Retry-After, Truncated, Vary, X-PrefLabel, X-URI, X-Total-Count"
)
"""What scripts of other origins may read beside what they always may."""
_ASKED = (
    b"Accept, Accept-Datetime, Accept-Language, Accept-Profile, Content-Type, If-Match, If-Modified-Since, "
    b"If-None-Match, If-Range, If-Unmodified-Since, Range, X-Requested-With"
)
"""What scripts of other origins may send."""
_QUERIES = (b"accept-query", b'"application/sparql-query", "application/x-www-form-urlencoded"')
"""What the method QUERY takes (RFC 10008, 3)."""


class Policy:
    """What browsers are told beside each answer; `origins` are those whose scripts may read it."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)
        self._anybody = [*_SECURITY, *_readable(b"*")]

    def beside(self, headers: Headers, origin: bytes) -> Headers:
        """Give what goes beside the headers of an answer to a script of this origin."""
        shared = self._shared(origin)
        if all(name != _POLICY for name, _ in headers):
            return shared
        # An answer that has a policy of its own keeps it.
        return [pair for pair in shared if pair[0] != _POLICY]

    def _shared(self, origin: bytes) -> Headers:
        if b"*" in self._origins:
            return self._anybody
        headers = list(_SECURITY)
        if self._origins:
            # Who keeps an answer for others must know that it depends on who asked.
            headers.append((b"vary", b"Origin"))
        return [*headers, *_readable(origin)] if origin in self._origins else headers


def permitted(methods: bytes) -> Headers:
    """Say what may be asked by these methods, also when a browser asks before it asks."""
    return [
        (b"allow", methods),
        (b"access-control-allow-methods", methods),
        (b"access-control-allow-headers", _ASKED),
        (b"access-control-max-age", b"86400"),
        *([_QUERIES] if b"QUERY" in methods else []),
    ]


def _readable(origin: bytes) -> Headers:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", _EXPOSED),
    ]
