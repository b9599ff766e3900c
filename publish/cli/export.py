"""`folkmote export`: write the whole site as files."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors, settings
from publish.cli import releases, sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.release import Release
    from publish.web.mirror import Written

_PATIENCE = 120.0
"""How many seconds a query may take at least, on a machine that does other work too."""
_TRIED = "http://127.0.0.1:8000"


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or an old export.")],
    what: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|RELEASE", help=f"{sources.FOLDER_HELP[:-1]}; also a release of one."
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the folder is going to stand, such as https://me.github.io/essay; "
            "by default http://127.0.0.1:8000, to be tried with python -m http.server.",
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="The language of the interface, such as de.")
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="A file of settings, in TOML.")
    ] = None,
) -> int:
    """Write the whole site as files, for GitHub Pages or any host that only gives files.

    Pages, documents in Turtle and JSON-LD, dumps, the answers of the saved questions and what
    changed stand at the same addresses as on a server. OUT takes the place of an earlier export
    when it is complete; the same data give the same bytes.
    """
    given = {"base_url": base_url, "language": language, "config": config}
    asked = settings.read(os.environ, given)
    chosen = dataclasses.replace(
        asked,
        base_url=asked.base_url or _TRIED,
        # Nobody else waits for these queries, and a page of them all is wanted.
        query_seconds=max(asked.query_seconds, _PATIENCE),
    )
    found = releases.servable(what, chosen)
    if found is None:
        return terminal.FOUND
    data = found.read()
    if data.description is None:
        raise errors.FolderError(
            f"`{what}` is no data set; name the folder of one, or of a release"
        )
    written = _write(out, data, found.release, chosen)
    terminal.say(
        f"{terminal.counted(written.pages, 'page')} in {out}: {written.files:,} files of "
        f"{written.size / 1e6:.1f} MB, and dumps of {written.dumps / 1e6:.1f} MB, "
        f"to stand at {chosen.base_url}/"
    )
    return terminal.FINE


def _write(out: Path, data: Dataset, release: Release | None, chosen: settings.Settings) -> Written:
    """Write what a server would answer, asked by nobody else."""
    from publish import stores

    # As for the server: processes are forked before there are threads.
    pool = stores.open_pool(data, chosen)
    try:
        from publish.web import app, mirror

        made = app.create_app(data, pool, chosen, release.root if release else None, served=False)
        pool.wait()
        with terminal.progress("writing the site") as progress, releases.cleaning():
            return mirror.export(made, out, chosen.base_url, release, progress)
    finally:
        pool.close()
