"""`folkmote format`: lay out the files of a data set in the one canonical form."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import folders
from publish.cli import sources, terminal

if TYPE_CHECKING:
    from publish.formatting import Layout


def format(
    folder: sources.Folder = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where a file would change.")
    ] = False,
    drop_comments: Annotated[
        bool, typer.Option("--drop-comments", help="Write files that lose comments, too.")
    ] = False,
) -> int:
    """Lay out every Turtle file of a data set: one statement a line, all in order.

    No statement is ever changed; each run proves it. Comments above the first statement are
    kept. A file with other comments is left as it is, and each of them is named, unless
    --drop-comments is given: say it in the data, as rdfs:comment or skos:editorialNote.
    """
    from publish import dataset, formatting

    place = sources.place(folder)
    with terminal.progress(f"reading {place}"):
        found = list(formatting.layouts(dataset.source_files(place)))
    changed = [one for one in found if not one.canonical]
    kept = [] if drop_comments else [one for one in changed if one.lost]
    for one in kept:
        for comment in one.lost:
            terminal.tell(
                f"{place / one.path}:{comment.line}: this comment would be lost: {comment.text}; "
                "move it to the top of the file or say it in the data, or give --drop-comments",
                prefix="",
            )
    written = [one for one in changed if one not in kept]
    if not check:
        _write(place, written)
    for one in written:
        terminal.say(f"{'would change' if check else 'laid out'} {place / one.path}")
    left = len(found) - len(changed)
    terminal.say(f"{terminal.counted(left, 'file')} in order already")
    return terminal.FOUND if kept or (check and changed) else terminal.FINE


def _write(place: Path, layouts: Sequence[Layout]) -> None:
    for one in layouts:
        path = place / one.path
        with folders.writing(path, "mend that and run it again"):
            _replace(path.resolve(), one.after)


def _replace(path: Path, content: bytes) -> None:
    """Put a whole file in the place of another, or leave that one as it was."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(path.stat().st_mode & 0o7777)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
