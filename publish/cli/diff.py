"""`folkmote diff`: say what changed between two versions of a data set."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from publish.cli import revisions, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.diff import Difference


class Report(Enum):
    """How the differences are written."""

    text = "text"
    markdown = "markdown"
    json = "json"
    patch = "patch"


def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A folder, a release, or a revision of git.")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="Likewise; by default the current folder.")
    ] = ".",
    format: Annotated[
        Report,
        typer.Option(help="In words, for a pull request, for programs, or as an RDF Patch."),
    ] = Report.text,
) -> int:
    """Say thing by thing what was added, changed, removed or retired between two versions.

    A revision is whatever git knows: a branch, a tag, HEAD~3; `main:sub/folder` names a data set
    below this folder. Exit code 1 where a name of the data set vanished: names that others may
    have linked to are retired, with what replaced them, and never removed.
    """
    from publish import diff as differences

    with revisions.opened(old) as before, revisions.opened(new) as after:
        with terminal.progress("comparing"):
            found = differences.compare(before, after)
        terminal.say(_written(found, format, before, after))
    return terminal.FOUND if found.of("vanished") else terminal.FINE


def _written(found: Difference, format: Report, before: Dataset, after: Dataset) -> str:
    from publish import diff as differences

    if format is Report.json:
        import json

        return json.dumps(differences.plain(found), indent=2, ensure_ascii=False)
    if format is Report.patch:
        return differences.patch(before, after)
    return differences.markdown(found) if format is Report.markdown else differences.text(found)
