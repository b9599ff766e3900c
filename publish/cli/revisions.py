"""Versions of a data set by name: a folder, a release, or a revision that git knows."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from publish import errors
from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset


@contextmanager
def opened(name: str) -> Iterator[Dataset]:
    """Read a version; what git has to unpack for it is removed afterwards."""
    from publish import dataset, release

    path = Path(name)
    with terminal.progress(f"reading {name}"):
        if path.is_file():
            yield dataset.load_file(path)
        elif release.is_release(path):
            yield release.load(release.open_release(path))
        elif path.is_dir():
            yield dataset.load(path)
        else:
            with tempfile.TemporaryDirectory(prefix="folkmote-") as place:
                _unpack(name, Path(place))
                yield dataset.load(Path(place))


def _unpack(revision: str, place: Path) -> None:
    """Put the data set of this folder, as it stood in a revision, somewhere else.

    `REVISION:FOLDER` names another folder below the current one.
    """
    from publish import dataset

    commit, _, folder = revision.partition(":")
    here = Path(folder or ".")
    if not here.is_dir() or commit.startswith("-"):
        raise errors.FolderError(_unknown(revision))
    command = ["git", "-C", str(here), "archive", "--format=tar", commit, "--", *dataset.FOLDERS]
    try:
        packed = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
    except OSError as error:
        raise errors.FolderError(f"`git` cannot be run: {error.strerror}; install it") from error
    except subprocess.CalledProcessError as error:
        raise errors.FolderError(_unknown(revision)) from error
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        try:
            archive.extractall(place, filter="data")
        except tarfile.FilterError as error:
            raise errors.FolderError(
                f"`{revision}` holds `{error.tarinfo.name}`, a link that leads out of it; "
                "compare folders in which a file stands there"
            ) from error


def _unknown(revision: str) -> str:
    return (
        f"`{revision}` is no folder, no release, no RDF file and no revision of a data set that "
        "git knows here; name one of these"
    )
