"""How much of a kept answer is sent: all, a part, or that the client has it or wants another one.

Follows RFC 9110, sections 13 (conditions) and 14 (ranges).
"""

from __future__ import annotations

from datetime import datetime

from publish import conditions
from publish.web.keeping import Kept

_NOT_MODIFIED = frozenset(
    {b"cache-control", b"content-location", b"date", b"etag", b"expires", b"link", b"vary"}
)
"""What a 304 repeats of the 200 (RFC 9110, 15.4.5)."""
_FAILED = (
    b'{"type": "about:blank", "title": "Precondition Failed", "status": 412, '
    b'"detail": "this is not the answer that the request is about; get it anew"}\n'
)
_BEYOND = (
    b'{"type": "about:blank", "title": "Range Not Satisfiable", "status": 416, '
    b'"detail": "the answer has no such part; ask for an earlier one"}\n'
)
_PROBLEM = ((b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"))


def judged(answer: Kept, headers: conditions.Headers, modified: datetime | None) -> Kept:
    """Give an answer, or what is said instead where the conditions of a request want that."""
    verdict = conditions.judge(headers, answer.tag, modified)
    if verdict == 304:
        kept = [pair for pair in answer.headers if pair[0] in _NOT_MODIFIED]
        return Kept(304, kept, b"", b"")
    return Kept(412, list(_PROBLEM), _FAILED, b"") if verdict == 412 else answer


def is_file(answer: Kept) -> bool:
    """Say whether whoever gave an answer gives its parts too, several at once where wanted."""
    return any(name == b"accept-ranges" for name, _ in answer.headers)


def part(answer: Kept, headers: conditions.Headers, modified: datetime | None) -> Kept:
    """Give the part of an answer that is asked for; the whole where it is none, or more than one.

    Some readers of tables take what is on the web in parts, whatever it is (RFC 9110, 14).
    """
    if not conditions.holds(headers, answer.tag, modified):
        return answer
    size = len(answer.body)
    parts = conditions.ranges(headers.get(b"range", b""), size)
    if parts == []:
        told = [*_PROBLEM, (b"content-range", b"bytes */%d" % size)]
        return Kept(416, told, _BEYOND, b"")
    if parts is None or len(parts) > 1:
        return answer
    ((first, last),) = parts
    body = answer.body[first : last + 1]
    told = [pair for pair in answer.headers if pair[0] != b"content-length"]
    told.append((b"content-length", b"%d" % len(body)))
    told.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
    return Kept(206, told, body, answer.tag)
