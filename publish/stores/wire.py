"""What the server and its workers say to each other, as bytes.

A frame is a head of two lengths, what is told about a body, and the body. A job goes out, told in
JSON; an answer comes back, told in lines, which are read sooner, or a failure in JSON. Jobs may be
sent before the one before them is answered; the answers come in the order of the jobs. Nothing
that a worker sends is ever executed: a worker has read what a stranger wrote.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from types import MappingProxyType

from publish import errors
from publish.stores.jobs import Answer, Elsewhere, Job, Read, Unread, Unreadable

HEAD = struct.Struct("!IQ")
"""The lengths of what is told and of the body, in bytes."""

REPLY_HEAD = struct.Struct("!IQQ")
"""The same of what comes back, and how long it took, in nanoseconds."""

NOT_BEGUN = b"\0" * 20
"""Instead of an answer, for each job that was taken back: a reply of nothing that took no time."""

ORDER = struct.Struct("!cq")
"""An order to a zygote: a letter and the process it is about."""

OBEYED = struct.Struct("!q")
"""What comes back to an order: a process, or the status that it ended with."""

FORK_WORKER, FORK_ZYGOTE, YIELD, END, LET_GO = b"w", b"z", b"y", b"e", b"l"
"""Make a worker, make another zygote, give way to others, end and say how, end without a word."""

_FAILURES: Mapping[str, type[errors.FolkmoteError]] = MappingProxyType(
    {
        failure.__name__: failure
        for failure in (
            errors.QuerySyntaxError,
            errors.QueryRefused,
            errors.QueryTooLarge,
            errors.NotAcceptable,
            errors.StoreAnswerError,
            Unreadable,
        )
    }
)


def of_job(job: Job) -> bytes:
    """Write a job."""
    return frame(meta_of(job), job.given)


def meta_of(job: Job) -> bytes:
    """Write what a frame with a job holds beside what was given for it."""
    return _dumps(job[:-1])


def job_of(meta: bytes) -> Job:
    """Read a job from the JSON of its frame, but for what was given for it."""
    # JSON has lists for tuples.
    said = [tuple(one) if isinstance(one, list) else one for one in json.loads(meta)]
    *rest, elsewhere, unread = said
    elsewhere, unread = elsewhere and Elsewhere._make(elsewhere), unread and Unread._make(unread)
    return Job._make((*rest, elsewhere, unread, b""))


def of_answer(answer: Answer) -> tuple[bytes, bytes]:
    """Write what is told about an answer, and its body."""
    _, media, rows, complete, read, worn = answer
    told = f"{media}\n{rows}\n{complete:d}\n{worn:d}"
    if read is not None:
        told += f"\n{read.form}\n{read.volatile:d}\n{read.digest}"
    return told.encode(), answer.body


def of_failure(failure: errors.FolkmoteError) -> tuple[bytes, bytes]:
    """Write why there is no answer; there is no body."""
    meta: dict[str, object] = {"failure": type(failure).__name__, "message": str(failure)}
    if isinstance(failure, errors.QuerySyntaxError):
        meta |= {"message": failure.reason, "place": _place(failure)}
    if isinstance(failure, errors.NotAcceptable):
        meta |= {"offers": failure.offers}
    return _dumps(meta), b""


def _place(failure: errors.QuerySyntaxError) -> list[object]:
    return [failure.line, failure.column, failure.expected]


def answer_of(meta: bytes, body: bytes) -> Answer:
    """Read an answer; raise the failure that came instead, or `StoreAnswerError`."""
    try:
        if not meta.startswith(b"{"):
            media, rows, complete, worn, *rest = meta.decode().split("\n")
            read = _read_of(*rest) if rest else None
            return Answer(body, media, int(rows), complete == "1", read, worn == "1")
        given = json.loads(meta)
        failure = _FAILURES[given["failure"]]
        rest = given.get("place", ()) or ([given["offers"]] if "offers" in given else [])
        raised = failure(given["message"], *rest)
    except (ValueError, KeyError, TypeError) as error:
        raise errors.StoreAnswerError(
            f"a worker gave an answer that cannot be read ({error}); ask again"
        ) from error
    raise raised


def _read_of(form: str, volatile: str, digest: str) -> Read:
    return Read(form, volatile == "1", digest)


def _dumps(meta: object) -> bytes:
    return json.dumps(meta).encode()


def frame(meta: bytes, body: bytes) -> bytes:
    """Put together what is sent."""
    return HEAD.pack(len(meta), len(body)) + meta + body


def take_back(count: int) -> bytes:
    """Say instead of a job that the last ones are not wanted any more, where they are not begun."""
    return frame(b"", b"%d" % count)


def reply(meta: bytes, body: bytes, took: int) -> bytes:
    """Put together what comes back after so many nanoseconds."""
    return REPLY_HEAD.pack(len(meta), len(body), took) + meta + body
