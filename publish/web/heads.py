"""The first lines of requests as they come, and what is said of a head that is too long to be read.

Before a request is one for the application: pure functions of bytes.
"""

from __future__ import annotations

import json
import urllib.parse
from http import HTTPStatus

BYTES = 128 * 1024
"""How long the head of a request can be."""
TARGET_BYTES = 65_535
"""How long an address can be for the parser of addresses."""
_PRINTED = "".join(map(chr, range(0x20, 0x7F)))
_REFUSAL = (
    b"HTTP/1.1 %b\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
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


def refusal(address: bytes) -> bytes:
    """Write the answer to a head of more than `BYTES`, which begins with this address."""
    if len(address) > TARGET_BYTES:
        status, detail = HTTPStatus.REQUEST_URI_TOO_LONG, "send a long query by POST"
    else:
        status, detail = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "send fewer headers"
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    body = json.dumps(problem).encode()
    return _REFUSAL % (f"{status.value} {status.phrase}".encode(), len(body), body)
