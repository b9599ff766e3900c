"""Long lists of a store elsewhere, of which a part is asked for when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol, overload

from publish import turtle
from publish.sources.values import Text, in_order

CHUNK = 5_000
"""How many rows one query asks for: below what stores are set to give at most."""
_SORTED = 2_000
"""How many things a list may have to be sorted by label."""


class Parted(Protocol):
    """A source that gives a list in parts."""

    def part(self, query: str, space: turtle.Literal, start: int, count: int) -> list[str]:
        """Give a part of a list, counted from 0."""
        ...

    def meet(self, iris: Iterable[str]) -> None:
        """Find out about many IRIs at once that will be asked for one by one."""
        ...

    def label(self, iri: str) -> Text | None:
        """Give the best label of an IRI."""
        ...


class Listing(Sequence[str]):
    """A long list, of which a part is asked for when it is needed."""

    def __init__(self, source: Parted, query: str, space: turtle.Literal, total: int) -> None:
        self._source = source
        self._query = query
        self._space = space
        self._total = total

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if self._total <= _SORTED:
            return self._sorted[place]
        if isinstance(place, int):
            return self._part(range(self._total)[place], 1)[0]
        start, stop, step = place.indices(self._total)
        return self._part(start, max(0, stop - start))[::step]

    def __iter__(self) -> Iterator[str]:
        if self._total <= _SORTED:
            yield from self._sorted
            return
        for start in range(0, self._total, CHUNK):
            yield from self._part(start, CHUNK)

    @cached_property
    def _sorted(self) -> tuple[str, ...]:
        found = self._part(0, _SORTED)
        self._source.meet(found)
        return in_order(found, self._source.label)

    def _part(self, start: int, count: int) -> list[str]:
        return self._source.part(self._query, self._space, start, count) if count else []
