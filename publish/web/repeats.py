"""Requests that come again: the same bytes, or the same headers below another first line.

What was answered before from what `delivery` keeps is answered without being read; and whoever
sends a query below headers that were read before may have a shorter way to its answer.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

LONGEST = 4_096
"""How many bytes a request may have that is known again."""
_PLANS = 512
"""How many heads of requests are remembered: programs send few, and those again and again."""
_QUERY = re.compile(rb"GET /sparql\?([!\"$-~]+) HTTP/1\.1")
"""A first line that can be read in one way only (RFC 9112, 3)."""
_SPECIAL = re.compile(rb"content-length|expect|transfer-encoding|upgrade|(?:x-)?forwarded.*")
"""The headers of requests that are more than a head, or are sent for somebody else."""


class Again(NamedTuple):
    """An answer, ready to be sent around the date; `note` counts it when it is sent again.

    Without a `note` it is not sent again.
    """

    status: bytes
    head: bytes
    body: bytes
    note: Callable[[], None] | None


def written(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write headers as they are sent; raise `RuntimeError` where one would be read as two."""
    head = b"".join(part for name, value in headers for part in (name, b": ", value, b"\r\n"))
    if head.count(b"\n") != len(headers) or head.count(b"\r") != len(headers) or b"\0" in head:
        raise RuntimeError("a header has a line break in it")
    return head


class Answered:
    """Answers by the very bytes of their requests, the oldest dropped first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[bytes, Again] = OrderedDict()

    def get(self, request: bytes) -> Again | None:
        """Give the answer to a request."""
        return self._answers.get(request)

    def put(self, request: bytes, answer: Again) -> None:
        """Keep an answer, unless it would push out most of the others."""
        size = _size(request, answer)
        if size > self._limit // 4 or request in self._answers:
            return
        self._answers[request] = answer
        self._size += size
        while self._size > self._limit:
            self._size -= _size(*self._answers.popitem(last=False))


def _size(request: bytes, answer: Again) -> int:
    return len(request) + len(answer.head) + len(answer.body) + 300


class Shortcut(Protocol):
    """A shorter way to the answers of queries.

    A client that is gone is waited for until `patience` seconds have passed: most answers are
    there before it pays to stop anything.
    """

    patience: float

    def plan(self, scope: Mapping[str, Any]) -> Any:
        """Prepare for requests with the headers of this one; `None` where that cannot be."""
        ...

    async def answer(self, plan: Any, query: bytes, client: str) -> Again | Mapping[str, object]:
        """Answer, or give what the application is to be told, which answers then."""
        ...


class Plans:
    """What a shortcut has prepared, by the heads of requests without their first lines."""

    def __init__(self, shortcut: Shortcut) -> None:
        self.shortcut = shortcut
        self._plans: OrderedDict[bytes, Any] = OrderedDict()

    def find(self, request: bytes) -> tuple[Any, bytes] | None:
        """Give the plan for a request that is a head and nothing else, and its parameters."""
        line, _, rest = request.partition(b"\r\n")
        plan = self._plans.get(rest)
        if plan is None or len(request) > LONGEST:
            return None
        query = _QUERY.fullmatch(line)
        return (plan, query[1]) if query is not None else None

    def learn(self, request: bytes, scope: Mapping[str, Any]) -> None:
        """Prepare for more like a request that was read as one whole head, which can go on."""
        line, _, rest = request.partition(b"\r\n")
        if rest in self._plans or not _QUERY.fullmatch(line):
            return
        special = any(_SPECIAL.fullmatch(name) for name, _ in scope["headers"])
        self._plans[rest] = None if special else self.shortcut.plan(scope)
        if len(self._plans) > _PLANS:
            self._plans.popitem(last=False)
