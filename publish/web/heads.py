"""The heads of requests as they come, and what is said of one that is too long to be read.

Before a request is one for the application.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Sequence
from http import HTTPStatus

from publish.web.repeats import written

BYTES = 128 * 1024
"""How long the head of a request can be."""
TARGET_BYTES = 65_535
"""How long an address can be for the parser of addresses."""
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
"""A request for a whole address (RFC 9112, 3.2.2)."""
_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [^\s]+ HTTP/1\.[01]\r\n")
"""A first line, whatever its method (RFC 9112, 3)."""
_PRINTED = "".join(map(chr, range(0x20, 0x7F)))
_REFUSAL = (
    b"content-type: application/problem+json\r\ncontent-length: %d\r\n"
    b"cache-control: no-store\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n%b"
)


def encoded(request: bytes) -> bytes:
    """Percent-encode what is no ASCII in a first line, for those who type an IRI as it is.

    Follows RFC 3987, 3.1, for IRIs in UTF-8; what else is wrong stays so.
    """
    if request.isascii():
        return request
    line, end, rest = request.partition(b"\r\n")
    return urllib.parse.quote(line, safe=_PRINTED).encode() + end + rest


def target(url: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Give what is asked for; a whole address says which host is meant, instead of its header."""
    whole = _AUTHORITY.match(url)
    if whole is not None:
        hosts = [place for place, (name, _) in enumerate(headers) if name == b"host"]
        # More than one, or none where there must be one, is wrong all the same.
        if len(hosts) == 1:
            headers[hosts[0]] = (b"host", whole[1])
    # The application refuses so much (414), which the parser of addresses does not read.
    return url[:TARGET_BYTES] if url.startswith(b"/") else url


def without_upgrade(
    method: str, url: bytes, version: str, headers: Sequence[tuple[bytes, bytes]]
) -> bytes:
    """Write the head of a client that wishes for another protocol as of one that does not.

    A server may pass over such a wish (RFC 9110, 7.8), but the parser would pass over the
    body with it: clients of Java wish for HTTP/2 whatever they send.
    """
    line = f"{method} {url.decode('ascii')} HTTP/{version}\r\n".encode()
    return line + written([one for one in headers if one[0] != b"upgrade"]) + b"\r\n"


def refusal(address: bytes) -> tuple[bytes, bytes]:
    """Write the answer to a head of more than `BYTES`, which begins with this address.

    As `refused` does.
    """
    if len(address) > TARGET_BYTES:
        status, detail = HTTPStatus.REQUEST_URI_TOO_LONG, "send a long query by POST"
    else:
        status, detail = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "send fewer headers"
    return refused(status, detail)


def unreadable(request: bytes) -> tuple[bytes, bytes]:
    """Write the answer to what cannot be read, as `refused` does; its method may be the reason.

    Follows RFC 9110, 9.1 and 15.6.2.
    """
    if _LINE.match(request):
        return refused(HTTPStatus.NOT_IMPLEMENTED, "no such method is known here; use GET")
    return refused(HTTPStatus.BAD_REQUEST, "this is no request of HTTP")


def refused(status: HTTPStatus, detail: str) -> tuple[bytes, bytes]:
    """Write the answer to what is not read any further, as all errors are answered.

    Gives the status line and what follows; the date belongs between them.
    """
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    body = json.dumps(problem).encode()
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
    return line, _REFUSAL % (len(body), body)
