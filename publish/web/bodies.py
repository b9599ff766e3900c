"""The bodies of requests, read within bounds of time and size."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request

SECONDS = 30
"""How long a client may take to send a body."""


async def read(request: Request, limit: int, beyond: Exception) -> bytes:
    """Read a body of up to `limit` bytes, no further; raise `beyond` where there are more.

    Whoever is too slow gets 408 (RFC 9110, 15.5.9).
    """
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:12]) > limit:
        raise beyond
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > limit:
                    raise beyond
    except TimeoutError as error:
        raise HTTPException(408, "the request did not arrive in time; send it again") from error
    return bytes(body)


def unread(said: str, *media: str) -> HTTPException:
    """Give the error for a body of another media type; `media` are those that are read.

    The answer names them in Accept (RFC 9110, 12.5.1 and 15.5.16).
    """
    return HTTPException(415, said, {"Accept": ", ".join(media)})
