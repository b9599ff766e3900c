"""Give a file as it stands: whole, packed or in part, on whatever condition it is asked for.

Follows RFC 9110 sections 8.4 (codings), 13 (conditions) and 14 (ranges).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from publish import conditions


@dataclass(frozen=True)
class File:
    """A file, with the same file packed by gzip where there is one.

    `tag` is a strong ETag; the packed file, which has other bytes, gets another one.
    """

    path: Path
    media: str
    tag: str
    modified: datetime | None = None
    packed: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(request: Request, file: File) -> Response:
    """Give what is asked for of a file.

    Raises an `HTTPException` with status 412 where a condition fails, 416 where there is no such
    part.
    """
    asked = _asked(request)
    packed_tag = f'{file.tag[:-1]}-gzip"'
    packed = file.packed is not None and conditions.codings(asked.get(b"accept-encoding", b"")).gzip
    if packed and b"range" in asked:
        # Who asks for a part counts the bytes of the file, unless it had the packed one before.
        packed = asked.get(b"if-range", b"") == packed_tag.encode()
    tag = packed_tag if packed else file.tag
    headers = {"ETag": tag, **file.headers}
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if file.modified is not None:
        headers["Last-Modified"] = conditions.date(file.modified)
    verdict = conditions.judge(asked, tag.encode(), file.modified)
    if verdict == 304:
        return Response(status_code=304, headers=headers)
    if verdict == 412:
        raise HTTPException(412, "the file is not the one that the request is about; get it anew")
    path = file.packed if packed and file.packed is not None else file.path
    _settle_range(request, asked, path.stat().st_size, tag, file.modified)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return FileResponse(path, media_type=file.media, headers=headers)


def _asked(request: Request) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in request.scope["headers"]:
        found[name] = found[name] + b", " + value if name in found else value
    return found


def _settle_range(
    request: Request, asked: conditions.Headers, size: int, tag: str, modified: datetime | None
) -> None:
    """Leave of Range what can be given: the framework refuses what the standard would ignore."""
    header = asked.get(b"range")
    if header is None:
        return
    parts = None
    if conditions.holds(asked, tag.encode(), modified):
        parts = conditions.ranges(header, size)
    if parts == []:
        told = f"the file has {size} bytes, and none of those asked for; ask for earlier ones"
        raise HTTPException(416, told, {"Content-Range": f"bytes */{size}"})
    dropped = (b"range", b"if-range")
    kept = [pair for pair in request.scope["headers"] if pair[0] not in dropped]
    if parts:
        told_parts = ",".join(f"{first}-{last}" for first, last in parts)
        kept.append((b"range", f"bytes={told_parts}".encode()))
    request.scope["headers"] = kept
