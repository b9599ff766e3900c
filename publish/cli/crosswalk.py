"""`folkmote crosswalk`: a data set in a format of libraries, or the table of what becomes of what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors
from publish.cli import sources, terminal

if TYPE_CHECKING:
    from publish.crosswalks import Profile


def crosswalk(
    name: Annotated[
        str, typer.Argument(help="The format; without one, all of them are listed.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help=sources.FOLDER_HELP)
    ] = None,
    format: Annotated[
        str, typer.Option(help="How it is written, where there is more than one way.")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Only things of this kind; may be given again.")
    ] = None,
    iri: Annotated[
        list[str] | None, typer.Option(help="Only this thing; may be given again.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Show what becomes of what, tab-separated.")
    ] = False,
) -> int:
    """Write the data set for libraries (MARC 21, MODS, BIBFRAME, …) or as citations (BibTeX, RIS, …)."""
    from publish import citations, crosswalks

    profiles = (*crosswalks.profiles(), *citations.profiles())
    if not name:
        for one in profiles:
            forms = ", ".join(form.name for form in one.formats)
            terminal.say(f"{one.name:10}{one.title} ({forms})")
        return terminal.FINE
    profile = crosswalks.find(name, profiles)
    if table:
        for row in profile.rows:
            terminal.say(f"{', '.join(row.kinds)}\t{row.source}\t{row.target}")
        return terminal.FINE
    sys.stdout.buffer.write(_written(profile, folder, format, kind or [], iri or []))
    return terminal.FINE


def _written(
    profile: Profile, folder: Path | None, name: str, kinds: list[str], iris: list[str]
) -> bytes:
    from publish import negotiation
    from publish.catalogue import Catalogue
    from publish.crosswalks import Release
    from publish.records import Records

    form = negotiation.find(name, profile.formats) if name else profile.formats[0]
    wanted = [one for one in profile.kinds if not kinds or one.value in kinds]
    if unknown := sorted(set(kinds) - {one.value for one in profile.kinds}):
        raise errors.SettingError(
            f"{profile.title} has no kind `{unknown[0]}`; it has {', '.join(profile.kinds)}"
        )
    data = sources.read(folder)
    catalogue = Catalogue(Records(data))
    chosen = [catalogue.entry(one).iri for one in iris] or None
    with terminal.progress("writing"):
        # Whole before the first byte is out: what cannot be written leaves no half of it.
        return b"".join(profile.write(catalogue.entries(chosen, wanted), form, Release.of(data)))
