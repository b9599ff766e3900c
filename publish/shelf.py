"""Releases side by side in one folder, and which of them readers see.

A shelf holds a folder for each version, which is never changed, and a link `current` to the one
that is shown; `previous` leads to the one that was shown before. A link is changed in one step,
so whoever looks sees one release or the other.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from publish import errors, release
from publish.release import Release

CURRENT, PREVIOUS = "current", "previous"


def is_shelf(folder: Path) -> bool:
    """Say whether a folder holds releases of which one is shown."""
    return (folder / CURRENT).is_symlink()


def shown(folder: Path) -> Release:
    """Open the release that readers see; raise `FolderError` where it is none."""
    return release.open_release((folder / CURRENT).resolve())


def place(folder: Path, version: str) -> Path:
    """Give the place of a version; raise `OutputError` where its number is no name for one."""
    if not version or "/" in version or version.startswith(".") or version in (CURRENT, PREVIOUS):
        raise errors.OutputError(
            f"a release with the version `{version}` has no place in `{folder}`; "
            "set dcat:version in data/dataset.ttl"
        )
    return folder / version


def show(folder: Path, version: str) -> None:
    """Let readers see a version, and keep in mind which one they saw before."""
    before = _target(folder / CURRENT)
    if before == version:
        return
    if before:
        _lead(folder / PREVIOUS, before)
    _lead(folder / CURRENT, version)


def go_back(folder: Path) -> str:
    """Let readers see the version before again, and give its number."""
    before = _target(folder / PREVIOUS)
    if not before or not release.is_release(folder / before):
        raise errors.FolderError(f"`{folder}` holds no release that was shown before")
    show(folder, before)
    return before


def beside(root: Path) -> dict[str, Release]:
    """Give the other releases of the shelf on which a release stands, by version."""
    if not is_shelf(root.parent):
        return {}
    others = (one for one in sorted(root.parent.iterdir()) if one != root and not one.is_symlink())
    return {one.name: release.open_release(one) for one in others if release.is_release(one)}


def _target(link: Path) -> str:
    return str(link.readlink()) if link.is_symlink() else ""


def _lead(link: Path, version: str) -> None:
    new = link.with_name(f".{link.name}-{secrets.token_hex(4)}")
    try:
        new.symlink_to(version)
        new.replace(link)
    except OSError as error:
        raise errors.OutputError(
            f"cannot write `{link}`: {error.strerror}; mend that or name another folder"
        ) from error
