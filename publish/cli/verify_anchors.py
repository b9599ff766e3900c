"""`folkmote verify-anchors`: find the passages again in a reader's own copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish.cli import sources, terminal

if TYPE_CHECKING:
    from publish.anchors import Verdict
    from publish.dataset import Dataset


def verify_anchors(
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help="Your own copy: plain text or Markdown, UTF-8.")
    ],
    folder: sources.Folder = None,
    places: Annotated[
        bool,
        typer.Option(help="Tell how many letters stand before each printed name, term or pointer."),
    ] = False,
) -> int:
    """Find each passage of a data set in your own copy of the text.

    How the copy breaks lines, hyphenates, quotes or orders its pages does not matter. Exit code 1
    where a passage drifted or is missing, or where a name or term does not stand in its passage.
    Nothing of the copy is kept.
    """
    from publish import anchors

    data = sources.load(folder)
    copy = sources.copy(text)
    if places:
        for passage, form, before in anchors.places(data, copy):
            terminal.say(f"{passage}  {form}: {', '.join(map(str, before))}")
        return terminal.FINE
    with terminal.progress("comparing"):
        found = anchors.verify(data, copy)
    terminal.say("\n".join(_verdict(one, text, data) for one in found))
    counts = [(sum(one.state == state for one in found), state) for state in anchors.STATES]
    terminal.say(", ".join(f"{count} {state}" for count, state in counts))
    return (
        terminal.FOUND
        if any(one.state != "matches" or one.absent for one in found)
        else terminal.FINE
    )


def _verdict(found: Verdict, text: Path, data: Dataset) -> str:
    place = f"  {text}:{found.line}" if found.line else ""
    pieces = f", in {found.pieces} pieces" if found.pieces > 1 else ""
    # What is at odds with the copy may be the copy or the data.
    told = "" if found.state == "matches" else f"  described in {_place(found.passage, data)}"
    forms = (
        f"{form} ({_place(record, data)})"
        for form, record in zip(found.absent, found.records, strict=True)
    )
    absent = f"; not there: {', '.join(forms)}" if found.absent else ""
    return f"{found.state:8}  {found.label}{place}{pieces}{told}{absent}"


def _place(iri: str, data: Dataset) -> str:
    """Say where the block of a record begins, or how it is called where it stands nowhere."""
    places = (data.place(graph, triple) for graph, triple in data.outgoing(iri))
    known = [(place.path, place.line) for place in places if place]
    return ":".join(map(str, min(known))) if known else iri
