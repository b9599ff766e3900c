"""`folkmote build`: write a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publish.cli import releases, sources, terminal


def build(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or an old release.")],
    folder: sources.Folder = None,
) -> int:
    """Write a release: the data set in all formats, with description and checksums.

    The same source gives the same bytes, and what did not change since the release that stands
    in OUT is not written again. Nothing is written where a rule is violated. The time
    that the files name is SOURCE_DATE_EPOCH, else the day on which the data set was modified.
    """
    if standing := releases.standing(sources.place(folder), out):
        count = terminal.counted(len(standing.files), "file")
        terminal.say(f"{count} in {out}, as they were: the sources did not change")
        return terminal.FINE
    written = releases.build(sources.load(folder), out)
    if written is None:
        return terminal.FOUND
    terminal.say(f"{terminal.counted(len(written.files), 'file')} in {out}")
    return terminal.FINE
