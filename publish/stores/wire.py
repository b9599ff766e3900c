"""What the server and its workers say to each other, as bytes.

A frame is a head of two lengths, some JSON and a body. A job goes out; an answer or a
failure comes back. Nothing that a worker sends is ever executed: a worker has read what a
stranger wrote.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from types import MappingProxyType

from publish import errors
from publish.stores.jobs import Answer, Elsewhere, Job

HEAD = struct.Struct("!IQ")
"""The lengths of the JSON and of the body, in bytes."""

ORDER = struct.Struct("!cq")
"""An order to a zygote: a letter and the process it is about."""

REPLY = struct.Struct("!q")
"""What comes back: a process, or the status that it ended with."""

FORK_WORKER, FORK_ZYGOTE, YIELD, END = b"w", b"z", b"y", b"e"
"""Make a worker, make another zygote, give way to others, end."""

_FAILURES: Mapping[str, type[errors.FolkmoteError]] = MappingProxyType(
    {
        failure.__name__: failure
        for failure in (
            errors.QuerySyntaxError,
            errors.QueryRefused,
            errors.QueryTooLarge,
            errors.NotAcceptable,
            errors.StoreAnswerError,
        )
    }
)


def of_job(job: Job) -> bytes:
    """Write a job."""
    return _frame(_dumps(job[:-1]), job.given)


def job_of(meta: bytes, given: bytes) -> Job:
    """Read a job from the JSON of its frame, and what was given for it."""
    # JSON has lists for tuples.
    said = [tuple(one) if isinstance(one, list) else one for one in json.loads(meta)]
    if said[-1] is not None:
        said[-1] = Elsewhere._make(said[-1])
    return Job._make((*said, given))


def of_answer(answer: Answer) -> bytes:
    """Write an answer."""
    return _frame(_dumps([answer.media, answer.rows, answer.complete]), answer.body)


def of_failure(failure: errors.FolkmoteError) -> bytes:
    """Write why there is no answer."""
    meta: dict[str, object] = {"failure": type(failure).__name__, "message": str(failure)}
    if isinstance(failure, errors.QuerySyntaxError):
        meta |= {"message": failure.reason, "place": _place(failure)}
    if isinstance(failure, errors.NotAcceptable):
        meta |= {"offers": failure.offers}
    return _frame(_dumps(meta), b"")


def _place(failure: errors.QuerySyntaxError) -> list[object]:
    return [failure.line, failure.column, failure.expected]


def answer_of(meta: bytes, body: bytes) -> Answer:
    """Read an answer; raise the failure that came instead, or `StoreAnswerError`."""
    try:
        given = json.loads(meta)
        if isinstance(given, list):
            return Answer(body, *given)
        failure = _FAILURES[given["failure"]]
        rest = given.get("place", ()) or ([given["offers"]] if "offers" in given else [])
        raised = failure(given["message"], *rest)
    except (ValueError, KeyError, TypeError) as error:
        raise errors.StoreAnswerError(
            f"a worker gave an answer that cannot be read ({error}); ask again"
        ) from error
    raise raised


def _dumps(meta: object) -> bytes:
    return json.dumps(meta).encode()


def _frame(meta: bytes, body: bytes) -> bytes:
    return HEAD.pack(len(meta), len(body)) + meta + body
