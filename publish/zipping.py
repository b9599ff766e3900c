"""Pack files with gzip, and weigh them, beside the work that writes the next.

What is packed names no time and no file, so that it is the same each time; only what comes out
of it is promised to be the same elsewhere, since each library packs in its own way.

Follows RFC 1952 (gzip).
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

Weight: TypeAlias = tuple[int, str]
"""The bytes and the SHA-256 of what a file holds, unpacked."""

_LEVEL = 6
"""How hard gzip works: 9 takes thrice the time for a hundredth less."""
_CHUNK = 1 << 20


class Zipping:
    """Packs and weighs files that are complete, beside the work that writes the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._waiting: dict[str, Future[Weight]] = {}
        self._stopped = False

    def __enter__(self) -> Zipping:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        self._worker.shutdown(cancel_futures=True)

    def add(self, name: str) -> None:
        """Pack a file."""
        self._waiting[name] = self._worker.submit(self._pack, name)

    def results(self) -> Iterator[tuple[str, Weight]]:
        """Give the size and the SHA-256 of each file, when it is packed."""
        while self._waiting:
            name = next(iter(self._waiting))
            yield name, self._waiting.pop(name).result()

    def _pack(self, name: str) -> Weight:
        size, sha256 = 0, hashlib.sha256()
        with (
            (self._folder / name).open("rb") as file,
            (self._folder / f"{name}.gz").open("wb") as out,
            gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed,
        ):
            while not self._stopped and (chunk := file.read(_CHUNK)):
                size += len(chunk)
                sha256.update(chunk)
                packed.write(chunk)
        return size, sha256.hexdigest()


def weigh(path: Path) -> Weight:
    """Give the size and the SHA-256 of what a file holds, packed or not."""
    size, sha256 = 0, hashlib.sha256()
    packed = path.suffix == ".gz"
    with gzip.open(path) if packed else path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            sha256.update(chunk)
    return size, sha256.hexdigest()


def link(old: Path, new: Path) -> None:
    """Give a file a second name, or copy it where the system has no such thing."""
    try:
        new.hardlink_to(old)
    except OSError:
        shutil.copyfile(old, new)
