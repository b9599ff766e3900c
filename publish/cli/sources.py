"""What the verbs read: a folder, a release or an RDF file, named or left to the tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset

FOLDER_HELP = "The data set; by default this folder where it is one, else the shipped one."
Folder = Annotated[Path | None, typer.Argument(metavar="FOLDER", help=FOLDER_HELP)]


def load(folder: Path | None) -> Dataset:
    """Read a folder; without one, the current folder where it is a data set, else the shipped."""
    from publish import dataset

    if folder is None:
        here = Path()
        folder = here if dataset.is_folder(here) else dataset.shipped()
    with terminal.progress(f"reading {folder}"):
        return dataset.load(folder)


def read(what: Path | None) -> Dataset:
    """Read a folder with what follows from it, a release, or an RDF file."""
    from publish import dataset, inference, release

    if what is None or not (what.is_file() or release.is_release(what)):
        return inference.infer(load(what))
    with terminal.progress(f"reading {what}"):
        if what.is_file():
            return dataset.load_file(what)
        return release.load(release.open_release(what))
