"""`folkmote anchor`: measure the paragraphs of a text, so that they can be found again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publish.cli import sources, terminal


def anchor(
    text: Annotated[
        Path,
        typer.Argument(
            metavar="TEXT", help="Plain text or Markdown, UTF-8; a blank line ends a paragraph."
        ),
    ],
) -> int:
    """Give line, number of letters and digest of each paragraph of a text.

    Letters and digest stand in the data instead of the text: `folkmote verify-anchors` finds the
    passage by them, however a copy is set. Nothing of the text is kept.
    """
    from publish import anchors

    for one in anchors.measure(sources.copy(text)):
        terminal.say(f"{one.line:6}  {one.letters:6}  {one.digest}  {one.opening}")
    return terminal.FINE
