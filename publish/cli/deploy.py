"""`folkmote deploy`: put a release beside the earlier ones, and show it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publish.cli import releases, sources, terminal


def deploy(
    shelf: Annotated[
        Path, typer.Argument(metavar="SHELF", help="The folder in which releases stand.")
    ],
    folder: sources.Folder = None,
    back: Annotated[
        bool, typer.Option("--back", help="Build nothing; show readers the release before.")
    ] = False,
) -> int:
    """Put the release of a data set beside the earlier ones in a folder, and show it to readers.

    A server that serves the folder takes it up by itself; earlier versions stay at their
    addresses. A version that stands there is never changed.
    """
    from publish import dataset, errors
    from publish import shelf as shelves

    if dataset.is_folder(shelf):
        raise errors.SettingError(
            f"`{shelf}` is a data set; name another folder, in which its releases shall stand"
        )
    if back:
        terminal.say(f"readers see version {shelves.go_back(shelf)}")
        return terminal.FINE
    data = sources.load(folder)
    version = data.description.version if data.description else ""
    place = shelves.place(shelf, version)
    if not releases.is_there(data, place) and releases.build(data, place) is None:
        return terminal.FOUND
    with terminal.progress("comparing with what readers see"):
        shelves.show(shelf, version)
    terminal.say(f"readers see version {version}")
    return terminal.FINE
