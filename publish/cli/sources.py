"""What the verbs read: a folder, a release or an RDF file, named or left to the tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors
from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset, Memory

FOLDER_HELP = "The data set; by default this folder where it is one, else the shipped one."
Folder = Annotated[Path | None, typer.Argument(metavar="FOLDER", help=FOLDER_HELP)]


def place(folder: Path | None) -> Path:
    """Choose a folder: the one named, the current one where it is a data set, or the shipped."""
    from publish import dataset

    if folder is not None:
        return folder
    here = Path()
    return here if dataset.is_folder(here) else dataset.shipped()


def load(folder: Path | None, memory: Memory | None = None) -> Dataset:
    """Read the folder that `place` chooses, and of its files only those not in a memory."""
    from publish import dataset

    chosen = place(folder)
    with terminal.progress(f"reading {chosen}") as progress:
        return dataset.load(chosen, progress, memory)


def read(what: Path | None) -> Dataset:
    """Read a folder with what follows from it, a release, or an RDF file."""
    from publish import dataset, errors, inference, release

    if what is not None and not what.exists():
        raise errors.FolderError(
            f"`{what}` does not exist; name the folder of a data set or of a release, or an RDF file"
        )
    if what is None or not (what.is_file() or release.is_release(what)):
        return inference.infer(load(what))
    with terminal.progress(f"reading {what}") as progress:
        if what.is_file():
            return dataset.load_file(what, progress)
        return release.load(release.open_release(what), progress)


def copy(text: Path) -> str:
    """Read a reader's own copy of the text."""
    try:
        return text.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise errors.FolderError(f"cannot read `{text}`: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise errors.FolderError(f"`{text}` is not UTF-8; save the file as UTF-8") from error
