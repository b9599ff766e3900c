"""What is saved in a folder, told as it happens: files, and whole folders that come and go."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import TypeAlias

_SETTLED = 200
"""How many milliseconds without another change make a save complete."""

_Missing: TypeAlias = Sequence[str]
"""The folders of a data set that are away; none, where all are there."""


def saves(place: Path) -> Iterator[_Missing]:
    """Give nothing at first and at each save, and once what is missing when it goes away.

    What comes back counts as saved, also where another folder took its place.
    """
    told = False
    while True:
        there = _there(place)
        missing = [name for name, number in there.items() if number is None]
        if not missing:
            told = False
            yield from _changes(place, there)
        elif not told:
            told = True
            yield missing
        else:
            time.sleep(_SETTLED / 1000)


def _changes(place: Path, there: dict[str, int | None]) -> Iterator[_Missing]:
    """Give each save, until one of the folders is away or another one."""
    import watchfiles

    from publish import dataset

    known: set[str] = set()

    def counts(change: watchfiles.Change, path: str) -> bool:
        if dataset.is_source(PurePath(path).name) or path in known:
            return True
        return change is watchfiles.Change.added and Path(path).is_dir()

    first = True
    try:
        for changed in watchfiles.watch(
            *(place.absolute() / name for name in there),
            watch_filter=counts,
            debounce=_SETTLED,
            step=_SETTLED // 10,
            # The first time tells that it watches: what is saved during the first check is seen.
            rust_timeout=_SETTLED,
            yield_on_timeout=True,
        ):
            if _there(place) != there:
                return
            if changed or first:
                first = False
                known.update(one for name in there for one in _folders(place.absolute() / name))
                yield ()
    except FileNotFoundError:
        return  # it went just now


def _there(place: Path) -> dict[str, int | None]:
    """Give for each folder of a data set the number that the system knows it by."""
    from publish import dataset

    return {name: _number(place / name) for name in dataset.FOLDERS}


def _number(folder: Path) -> int | None:
    """Give the number of a folder, asked once: it may go away between two questions."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_ino if stat.S_ISDIR(found.st_mode) else None


def _folders(top: Path) -> Iterator[str]:
    return (place for place, _, _ in os.walk(top))
