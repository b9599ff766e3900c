"""Answers that are kept: which may be, under what, and within how many bytes."""

from __future__ import annotations

import re
from collections import OrderedDict
from itertools import chain
from typing import NamedTuple, TypeAlias

from publish.web.wishes import Asked

Headers: TypeAlias = list[tuple[bytes, bytes]]
Key: TypeAlias = tuple[bytes, ...]

_KEPT_STATUSES = frozenset({200, 303})
_TEXT = re.compile(rb"text/|application/(?:[\w.-]+\+)?(?:json|xml)|application/n-|image/svg")


class Kept(NamedTuple):
    """A whole answer, ready to be sent again; `tag` is empty where it has none."""

    status: int
    headers: Headers
    body: bytes
    tag: bytes

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.body) + sum(map(len, chain.from_iterable(self.headers))) + 200


class Manner(NamedTuple):
    """How an answer may be kept, which its status and headers decide.

    `headers` are without the length. It has a `tag` of its own, or is `taggable`; it may be
    compressed where it is `codable`.
    """

    status: int
    headers: Headers
    media: bytes
    tag: bytes
    taggable: bool
    codable: bool


def manner(status: int, headers: Headers, wish: Asked) -> Manner | None:
    """Say how an answer may be kept; `None` where it may not."""
    said = dict(headers)
    control = said.get(b"cache-control", b"")
    if not control or status not in _KEPT_STATUSES or b"no-store" in control:
        return None
    tag = said.get(b"etag", b"")
    media = said.get(b"content-type", b"")
    # What brings a tag of its own has settled its coding too: another one has another tag.
    codable = not tag and (_TEXT.match(media) is not None or not wish.plain)
    rest = [pair for pair in headers if pair[0] != b"content-length"]
    return Manner(
        status,
        _added(rest, b"vary", b"Accept-Encoding") if codable else rest,
        media,
        tag,
        taggable=status == 200 and not tag,
        codable=codable,
    )


class Cache:
    """Answers by request, the least used dropped first, within a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[Key, tuple[Kept, int]] = OrderedDict()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def __contains__(self, key: Key) -> bool:
        return key in self._answers

    def get(self, key: Key) -> Kept | None:
        """Give an answer and remember that it was used."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[0]

    def put(self, key: Key, answer: Kept) -> None:
        """Keep an answer, unless it would push out most of the others."""
        size = answer.size + sum(map(len, key))
        if size > self._limit // 4 or key in self._answers:
            return
        self._answers[key] = (answer, size)
        self._size += size
        while self._size > self._limit:
            _, (_, dropped) = self._answers.popitem(last=False)
            self._size -= dropped


def key_of(path: bytes, query: bytes, wish: Asked, scheme: str) -> Key:
    """Give what answers are kept under."""
    form = b"gzip" * wish.gzip + b" alone" * (not wish.plain)
    return (path, query, wish.accept, wish.host, scheme.encode(), form)


def _added(headers: Headers, name: bytes, value: bytes) -> Headers:
    """Add a value to a list header, which then stands once."""
    before = b", ".join(old for key, old in headers if key == name)
    if value.lower() in before.lower().replace(b" ", b"").split(b","):
        return headers
    rest = [pair for pair in headers if pair[0] != name]
    return [*rest, (name, before + b", " + value if before else value)]
