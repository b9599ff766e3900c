"""How a release is laid out: its files, their formats, and what its manifest says."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from publish import description, errors, turtle, zipping
from publish.dataset import Dataset
from publish.version import __version__

MEDIA = (
    ("ttl", "text/turtle"),
    ("nt", "application/n-triples"),
    ("nq", "application/n-quads"),
    ("trig", "application/trig"),
    ("jsonld", "application/ld+json"),
    ("rdf", "application/rdf+xml"),
)
"""The formats of the dumps: extension and media type."""
MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
DESCRIPTION = "description.ttl"
REPORT = "report.ttl"
CONTEXT = "context.jsonld"
PROVENANCE = "provenance.json"
"""Who made it: no part of what is the same each time, so no checksum covers it."""
_LAYOUT = 4
"""Counts the ways in which releases were laid out: one of another count is built anew."""


def described(files: Mapping[str, Mapping[str, Any]]) -> Iterator[description.File]:
    """Give what the description tells of the files: of the data, not of the description itself."""
    for name, told in sorted(files.items()):
        if name not in (CONTEXT, DESCRIPTION, REPORT):
            yield description.File(
                name, told["media"], told["bytes"], told["sha256"], told.get("graph", "")
            )


def is_release(path: Path) -> bool:
    """Say whether a folder is a release that this version of folkmote wrote."""
    return manifest(path) is not None


def describe(
    dataset: Dataset,
    files: Iterable[description.File] = (),
    *,
    now: datetime | None = None,
    counted: bool = True,
) -> Collection[turtle.Triple]:
    """Describe a data set, as `description.describe` does, as written by this software.

    `now` is by default when the data set was modified.
    """
    return description.describe(
        dataset,
        files,
        now=now or time_of(dataset),
        software=f"folkmote {__version__}",
        counted=counted,
    )


def unchanged(path: Path, name: str, told: Mapping[str, Any]) -> bool:
    """Say whether a file, and the packed one beside it, hold what the manifest says."""
    weights = (zipping.weigh(path / each) for each in (name, f"{name}.gz"))
    try:
        return all(weight == (told["bytes"], told["sha256"]) for weight in weights)
    except (OSError, EOFError, zlib.error):
        return False


def software() -> str:
    """Name the software by all that decides what a release of the same sources holds."""
    return f"folkmote {__version__}, layout {_LAYOUT}"


def modified(dataset: Dataset) -> datetime | None:
    """Say when a data set was last changed, by its own words, to the day."""
    said = dataset.description.modified if dataset.description else ""
    return midnight(said) if said else None


def time_of(dataset: Dataset) -> datetime:
    """Give the time that a release names by itself: when the data set was changed, or 1980."""
    return modified(dataset) or midnight("")


def midnight(day: str) -> datetime:
    """Give the beginning of a day (UTC), of 1980 where none is said."""
    return datetime.fromisoformat(day[:10] or "1980-01-01").replace(tzinfo=UTC)


_WHOLE = MappingProxyType(
    {
        **dict.fromkeys(("date", "name", "software", "source", "version"), str),
        **dict.fromkeys(("files", "left_out"), dict),
    }
)
"""What a manifest says without fail, and of which kind it is."""
_MORE = MappingProxyType(
    {
        **dict.fromkeys(("graphs", "prefixes", "sources"), dict),
        **dict.fromkeys(("iri", "title"), str),
    }
)
"""What it may say beside, since older releases do not."""
_OF_FILE = MappingProxyType({"bytes": int, "media": str, "sha256": str, "triples": int})
"""What it says of each file."""


def manifest(path: Path) -> dict[str, Any] | None:
    """Read what a release says of itself; nothing where there is no release.

    What names files outside of its folder is none: all that it names may be shown to strangers.
    """
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not _fits(found, _WHOLE, _MORE):
        return None
    files = found["files"]
    if not all(isinstance(one, dict) and _fits(one, _OF_FILE, {}) for one in files.values()):
        return None
    inside = all(map(_is_inside, (found["name"], *files)))
    return found if inside and _is_time(found["date"]) else None


def _fits(said: Mapping[str, Any], needed: Mapping[str, type], more: Mapping[str, type]) -> bool:
    """Say whether what is needed is there, and that and more of it of the kind that it must be."""
    return needed.keys() <= said.keys() and all(
        type(said[name]) is kind for name, kind in {**more, **needed}.items() if name in said
    )


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def no_release(path: Path) -> errors.FolderError:
    """Say why a folder is no release, where `manifest` finds none."""
    place = path / MANIFEST
    try:
        place.read_bytes()
    except FileNotFoundError:
        why = f"it holds no {MANIFEST}; name the folder that `folkmote build` wrote"
    except OSError as error:
        return errors.FolderError(f"cannot read `{place}`: {error.strerror}")
    else:
        why = f"its {MANIFEST} is damaged, or none of folkmote; build it again"
    return errors.FolderError(f"`{path}` is no release: {why}")


def _is_inside(name: str) -> bool:
    """Say whether a name is that of a file in the folder itself, and of no folder."""
    return name not in ("", "..") and Path(name).name == name
