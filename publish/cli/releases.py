"""Releases as the verbs need them: built only of data in order, kept, and found again."""

from __future__ import annotations

import functools
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from publish import errors, settings
from publish.cli import findings, sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.release import Release

_KEPT = 5
DIGITS = 16
"""How many digits of a digest are in the name of what is kept."""


def build(data: Dataset, out: Path) -> Release | None:
    """Check, derive and write; tell what was found, and give nothing where a rule is violated."""
    from publish import inference, provenance, release, reports

    found = findings.gathered(data)
    if grave := [finding for finding in found if finding.severity != "info"]:
        terminal.tell(findings.lines(grave, reports.names(data)), prefix="")
    if findings.violated(found):
        terminal.tell("a rule is violated, so no release is built; mend the data")
        return None
    now, revision = _epoch(), provenance.revision(data.root, data.sources)
    with terminal.progress("building the release") as progress, cleaning():
        written = release.write(
            inference.infer(data),
            out,
            findings=found,
            now=now,
            revision=revision,
            progress=progress,
        )
    for name, reason in written.left_out.items():
        terminal.tell(f"{name} is left out: {reason}")
    return written


def standing(folder: Path, out: Path) -> Release | None:
    """Open the release in a place, if it is what would be written there, byte by byte."""
    from publish import dataset, provenance, release

    if not release.is_release(out):
        return None
    digest, sources = dataset.fingerprint(folder)
    with terminal.progress("looking at the release"):
        revision = provenance.revision(folder, sources)
        fitting = release.stands(out, digest, revision=revision, now=_epoch())
    return release.open_release(out) if fitting else None


def _mark(digest: str) -> str:
    """Name what this software makes of these sources: another one does not write in its place."""
    from publish import release

    return hashlib.sha256(f"{digest} {release.software()}".encode()).hexdigest()[:DIGITS]


def _kept(shelf: Path, digest: str) -> Release | None:
    """Open the release that was built of the same sources, if it is kept and whole."""
    from publish import release

    for place in shelf.glob(f"*-{_mark(digest)}"):
        try:
            found = release.open_release(place)
        except errors.FolderError as error:
            terminal.tell(str(error))
        else:
            if release.fits(found, digest):
                return found
    return None


def _built(data: Dataset, shelf: Path) -> Release | None:
    """Build a release and keep it; tell what was found, as `build` does."""
    name = (data.description.prefix if data.description else "") or "dataset"
    place = shelf / f"{name}-{_mark(data.digest)}"
    built = build(data, place)
    prune(place)
    return built


def is_there(data: Dataset, place: Path) -> bool:
    """Say whether a place holds the release of a data set, and refuse to lose another one."""
    from publish import release

    if not release.is_release(place):
        return False
    found = release.open_release(place)
    if found.digest != data.digest:
        raise errors.OutputError(
            f"version {found.version} stands in `{place}` with other content; "
            "raise dcat:version in data/dataset.ttl"
        )
    return True


@dataclass(frozen=True)
class Servable:
    """What is to be served: how it is read, and its release, if there is one."""

    read: Callable[[], Dataset]
    release: Release | None


def servable(what: Path | None, chosen: settings.Settings) -> Servable | None:
    """Find what is to be served, its release built; nothing, where a rule is violated.

    What is kept stays where it is as long as this process does.
    """
    from publish import dataset, folders, release, shelf

    if what is not None and shelf.is_shelf(what):
        what = shelf.shown(what).root
    if what is not None and (what.is_file() or release.is_release(what)):
        opened = None if what.is_file() else release.open_release(what)
        return Servable(functools.partial(sources.read, what), opened)
    place, kept = sources.place(what), folder(chosen)
    written = _kept(kept, dataset.fingerprint(place)[0])
    if written is not None:
        folders.hold(written.root)
        return Servable(functools.partial(_read, place, written), written)
    data = sources.load(what)
    written = _built(data, kept)
    if written is None:
        return None
    folders.hold(written.root)
    whole = release.completed(written, data)
    return Servable(lambda: whole, written)


def _read(place: Path, written: Release) -> Dataset:
    """Read a folder with what its release holds beside; raise where it was changed meanwhile."""
    from publish import release

    data = sources.load(place)
    if data.digest != written.digest:
        raise errors.FolderError(
            f"`{place}` was changed while it was read; start again when it is saved"
        )
    return release.completed(written, data)


def prune(place: Path) -> None:
    """Remove all but the newest of the kept releases, or stores, of one data set.

    Those that a server still serves from stay.
    """
    import glob

    from publish import folders

    name, _, rest = place.name.rpartition("-")
    alike = f"{glob.escape(name)}-{'?' * DIGITS}{rest[DIGITS:]}"
    for old in sorted(place.parent.glob(alike), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        folders.remove(old)


def folder(chosen: settings.Settings) -> Path:
    """Give a folder for releases: as it was set, in the user's cache (XDG), or a passing one.

    A passing one goes away with this process.
    """
    import atexit
    import shutil
    import tempfile

    folder = Path(chosen.releases) if chosen.releases else _cache() / "folkmote" / "releases"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror
    else:
        if os.access(folder, os.W_OK):
            return folder
        reason = "permission denied"
    terminal.tell(f"cannot write `{folder}` ({reason}), so the release is not kept; set --releases")
    passing = Path(tempfile.mkdtemp(prefix="folkmote-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return cache if cache.is_absolute() else Path("~/.cache").expanduser()


@contextmanager
def cleaning() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that nothing half-written is left behind."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _epoch() -> datetime | None:
    """Read SOURCE_DATE_EPOCH, by which builds agree on a time: seconds since 1970."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not said:
        return None
    try:
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise errors.SettingError(
            f"`SOURCE_DATE_EPOCH` cannot be `{said}`; give whole seconds since 1970"
        ) from error
