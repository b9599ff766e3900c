"""Releases side by side in one folder, which of them readers see, and what they saw when.

A shelf holds a folder for each version, which is never changed, and a link `current` to the one
that is shown; `previous` leads to the one that was shown before. A link is changed in one step,
so whoever looks sees one release or the other. The folder `changes` keeps in which order and
since when versions were shown, going back too, and how each differs from the one before; it is
written before the link is changed, and stays when old releases are taken away:

    changes/history.json               the versions as they were shown, each with its moment
    changes/VERSION/things.json        all that the first of them spoke of
    changes/VERSION/since/OLDER.json   what changed, thing by thing
    changes/VERSION/since/OLDER.rdfp   the same as an RDF Patch of the N-Quads
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from publish import diff, errors, folders, release
from publish.diff import Step
from publish.release import Release

CURRENT, PREVIOUS, CHANGES = "current", "previous", "changes"
PATCH = "rdfp"
"""How the name of an RDF Patch ends."""
_HISTORY = "history.json"


def is_shelf(folder: Path) -> bool:
    """Say whether a folder holds releases of which one is shown."""
    return (folder / CURRENT).is_symlink()


def shown(folder: Path) -> Release:
    """Open the release that readers see; raise `FolderError` where it is none."""
    return release.open_release((folder / CURRENT).resolve())


def place(folder: Path, version: str) -> Path:
    """Give the place of a version; raise `OutputError` where its number is no name for one."""
    taken = (CURRENT, PREVIOUS, CHANGES, _HISTORY)
    if not version or "/" in version or version.startswith(".") or version in taken:
        raise errors.OutputError(
            f"a release with the version `{version}` has no place in `{folder}`; "
            "set dcat:version in data/dataset.ttl"
        )
    return folder / version


def show(folder: Path, version: str, now: datetime | None = None) -> None:
    """Let readers see a version, and keep what they saw before and what has changed.

    `now` is when that is. Raises `OutputError` where the shelf cannot be written.
    """
    before = _target(folder / CURRENT)
    if before == version:
        return
    _note(folder, before, version, (now or datetime.now(UTC)).replace(microsecond=0))
    if before:
        _lead(folder / PREVIOUS, before)
    _lead(folder / CURRENT, version)


def go_back(folder: Path) -> str:
    """Let readers see the version before again, and give its number."""
    before = _target(folder / PREVIOUS)
    if not before or not release.is_release(folder / before):
        raise errors.FolderError(
            f"`{folder}` holds no release that was shown before; deploy the version to be shown"
        )
    show(folder, before)
    return before


def beside(root: Path) -> dict[str, Release]:
    """Give the other releases of the shelf on which a release stands, by version."""
    if not is_shelf(root.parent):
        return {}
    others = (one for one in sorted(root.parent.iterdir()) if one != root and not one.is_symlink())
    return {one.name: release.open_release(one) for one in others if release.is_release(one)}


# --- what readers saw when ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Shown:
    """One entry of the history: the version, since when it was shown, and its digest."""

    version: str
    moment: datetime
    digest: str


def history(root: Path) -> tuple[Step, ...]:
    """Tell for a release what readers of its shelf saw, one after another, until they saw it.

    Nothing where it stands on no shelf, or on one that keeps no history.
    """
    folder = root.parent
    if not is_shelf(folder):
        return ()
    shown = _until(_shown(folder), root.name)
    if not shown:
        return ()
    first = shown[0]
    steps = [Step(first.version, "", first.moment, _told(_things(folder, first.version)))]
    for old, new in itertools.pairwise(shown):
        told = _told(_since(folder, new.version, old.version))
        steps.append(Step(new.version, old.version, new.moment, told))
    return tuple(steps)


def patch(root: Path, version: str, before: str) -> Path:
    """Give the RDF Patch that leads from one version to another, on the shelf of a release."""
    return _since(root.parent, version, before).with_suffix(f".{PATCH}")


def _note(folder: Path, before: str, version: str, now: datetime) -> None:
    """Write down that a version is shown from now on, and how it differs from the one before."""
    shown = _until(_shown(folder), before)
    new = release.open_release(folder / version)
    with folders.writing(folder / CHANGES):
        if before:
            old = release.open_release(folder / before)
            if not shown:
                # The shelf is older than its history, which begins with what is shown.
                shown = [_Shown(before, old.date, old.digest)]
                _write_things(folder, old)
            _write_changes(folder, old, new)
        else:
            _write_things(folder, new)
        entries = [*shown, _Shown(version, now, new.digest)]
        told = [
            {"version": one.version, "shown": one.moment.isoformat(), "digest": one.digest}
            for one in entries
        ]
        _write(folder / CHANGES / _HISTORY, _json(told))


def _write_things(folder: Path, first: Release) -> None:
    told = diff.plain(diff.beginning(release.load(first)))
    _write(_things(folder, first.version), _json(told))


def _write_changes(folder: Path, old: Release, new: Release) -> None:
    """Compare two releases both ways, since readers may be led back in a hurry."""
    pairs = ((old, new), (new, old))
    if all(_stands(folder, *pair) for pair in pairs):
        return
    loaded = {one.version: release.load(one) for one in (old, new)}
    for one, other in pairs:
        before, after = loaded[one.version], loaded[other.version]
        place = _since(folder, other.version, one.version)
        _write(place.with_suffix(f".{PATCH}"), diff.patch(before, after, dumped=True) + "\n")
        told = diff.plain(diff.compare(before, after))
        _write(place, _json({"digests": [one.digest, other.digest], **told}))


def _stands(folder: Path, old: Release, new: Release) -> bool:
    """Say whether two releases were compared already, these and no others of the same names."""
    try:
        told = json.loads(_since(folder, new.version, old.version).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("digests") == [old.digest, new.digest]


def _until(shown: Sequence[_Shown], version: str) -> list[_Shown]:
    """Leave out what was written down at the end and never shown."""
    last = max((n for n, one in enumerate(shown) if one.version == version), default=-1)
    return list(shown[: last + 1])


def _shown(folder: Path) -> list[_Shown]:
    place = folder / CHANGES / _HISTORY
    if not place.exists():
        return []
    try:
        return [
            _Shown(one["version"], datetime.fromisoformat(one["shown"]), one["digest"])
            for one in _read(place)
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(place) from error


def _told(place: Path) -> diff.Difference:
    return diff.read(_read(place))


def _read(place: Path) -> Any:
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(place) from error


def _broken(place: Path) -> errors.FolderError:
    return errors.FolderError(
        f"`{place}`, which tells what changed, is missing or broken; "
        f"remove the folder `{CHANGES}` of the shelf to begin anew"
    )


def _things(folder: Path, version: str) -> Path:
    return folder / CHANGES / version / "things.json"


def _since(folder: Path, version: str, before: str) -> Path:
    return folder / CHANGES / version / "since" / f"{before}.json"


def _json(told: object) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    new.write_text(text, encoding="utf-8")
    new.replace(place)


def _target(link: Path) -> str:
    return str(link.readlink()) if link.is_symlink() else ""


def _lead(link: Path, version: str) -> None:
    new = link.with_name(f".{link.name}-{secrets.token_hex(4)}")
    with folders.writing(link):
        new.symlink_to(version)
        new.replace(link)
