"""A crosswalk as a table that both runs and is read: each row maps some fields of an entry.

So the documentation of a mapping is the mapping itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from publish.catalogue import AGENTS, Entry, Kind

T = TypeVar("T")

DOCUMENTS = (Kind.WORK, Kind.EDITION)
NAMED = (*AGENTS, Kind.EVENT, Kind.CONCEPT, Kind.PLACE)
ITEMS = (*DOCUMENTS, *NAMED)


@dataclass(frozen=True)
class Row(Generic[T]):
    """What becomes of some fields of the entries of some kinds.

    `source` names the fields as `catalogue.Entry` does, `target` the place in the other format.
    """

    kinds: tuple[Kind, ...]
    source: str
    target: str
    make: Callable[[Entry], Iterable[T]]


def apply(rows: Iterable[Row[T]], entry: Entry) -> Iterator[T]:
    """Give what the rows of its kind make of an entry, in their order."""
    for row in rows:
        if entry.kind in row.kinds:
            yield from row.make(entry)
