"""Whether what is served has changed since somebody looked, without reading it."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator
from pathlib import Path

from publish import settings
from publish.cli import sources


def mark(what: Path | None) -> Hashable:
    """Give a value that changes when a folder, a release or a file does.

    Raises `OSError` where there is nothing, or nothing any more.
    """
    from publish import release, shelf

    place = sources.place(what)
    if place.is_file():
        return _stamp(place)
    if shelf.is_shelf(place):
        place = shelf.shown(place).root
    manifest = place / release.MANIFEST
    return _stamp(manifest) if manifest.is_file() else tuple(sorted(_stamps(place)))


def _stamps(folder: Path) -> Iterator[tuple[object, ...]]:
    from publish import dataset

    for name in dataset.FOLDERS:
        for root, _, files in os.walk(folder / name):
            for one in filter(dataset.is_source, files):
                yield _stamp(Path(root, one))
    yield from map(_stamp, (folder / settings.TEXTS).glob("*.po"))


def _stamp(path: Path) -> tuple[object, ...]:
    from publish import dataset

    return str(path), dataset.stamp(path.stat())
