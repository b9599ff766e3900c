"""What is too large for memory, as the verbs need it: kept in a store on disk, built once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from publish import settings
from publish.cli import distant, releases, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.release import Release
    from publish.sources.remote import Remote
    from publish.stores.disk import Dump

_ZIPPED = 10
"""About how many times as large a file is that was zipped."""


@dataclass(frozen=True)
class Kept:
    """What is served from a store on disk: its place, what is known of it, and its release."""

    place: Path
    head: Dataset
    sizes: Mapping[str, int] | None
    release: Path | None

    def source(self) -> Remote:
        """Open the store for pages."""
        from publish.sources import opening
        from publish.stores.disk import Disk

        disk = Disk(self.place)
        if self.sizes is None:
            return opening.open_store(disk, self.head.root.name, self.head.digest)
        return opening.open_disk(disk, self.head, self.sizes)


def kept(what: Path | None, chosen: settings.Settings) -> Kept | None:
    """Find or build the store of a release or file that is too large for memory."""
    from publish import release

    if what is not None and what.is_file():
        many = _ZIPPED if what.suffix == ".gz" else 1
        large = what.stat().st_size * many >= chosen.disk_bytes
        return _kept_file(what, chosen) if large else None
    if what is None or not release.is_release(what):
        return None
    opened = release.open_release(what)
    dump = opened.root / f"{opened.name}.nq"
    return _kept_release(opened, chosen) if dump.stat().st_size >= chosen.disk_bytes else None


def _kept_release(opened: Release, chosen: settings.Settings) -> Kept:
    from publish import release
    from publish.stores.disk import Dump

    head, sizes = release.head(opened)
    files = [Dump(opened.root / f"{opened.name}.{suffix}") for suffix in ("nq", "nt")]
    rules = opened.root / f"{opened.name}-shapes.ttl"
    if rules.is_file():
        files.append(Dump(rules, head.shapes_graph))
    place = _built(opened.name, opened.digest, files, chosen)
    return Kept(place, head, sizes, opened.root)


def _kept_file(path: Path, chosen: settings.Settings) -> Kept:
    from publish.stores.disk import Dump

    told = path.stat()
    mark = f"{path.resolve()} {told.st_size} {told.st_mtime_ns}"
    digest = hashlib.sha256(mark.encode()).hexdigest()
    place = _built(path.stem, digest, [Dump(path)], chosen)
    return Kept(place, replace(distant.nothing(), root=path, digest=digest), None, None)


def _built(name: str, digest: str, files: Sequence[Dump], chosen: settings.Settings) -> Path:
    from publish import folders
    from publish.stores import disk

    place = releases.folder(chosen) / f"{name}-{digest[: releases.DIGITS]}.store"
    if not place.is_dir():
        terminal.tell(f"loading into `{place}`, once")
        disk.build(place, files)
        releases.prune(place)
    folders.hold(place)
    return place
