"""What all verbs share of the terminal: where words go, in which form, and the exit codes.

What is asked for goes to stdout, everything else to stderr. Exit codes: 0 all is fine, 1 something
was found, 2 the command was used wrongly, 3 something could not be read, written or reached.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import rich.progress

    from publish.graphs import Progress

FINE, FOUND, WRONG_USE, UNREACHED = 0, 1, 2, 3
STOPPED = 130
CLOSED = 141
_QUIET, _DRAWN, _LINES = 1, 0.1, 10
"""After how many seconds a work is spoken of, a bar drawn again, another line written."""


def tell(line: str, prefix: str = "folkmote: ") -> None:
    """Say something beside the answer."""
    typer.echo(f"{prefix}{line}", err=True, color=_colour())


def _colour() -> bool | None:
    """Say no where the reader does (no-color.org), else leave it to where the words go."""
    return False if os.environ.get("NO_COLOR") else None


def say(text: str) -> None:
    """Print what was asked for; without colours where there is no terminal or NO_COLOR is set."""
    if text:
        typer.echo(text, color=_colour())


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Say on stderr what is being done, once it takes longer than a second.

    Gives what is to be told how far the work is: then a terminal shows a bar with the time that
    is left, and a file or a pipe gets a line now and then.
    """
    bar = _Bar(what)
    timer = threading.Timer(_QUIET, bar.begin)
    timer.start()
    try:
        yield bar.tell
    finally:
        timer.cancel()
        timer.join()  # no thread may be left when processes are forked
        bar.end()


class _Bar:
    """How far one work is, on a terminal or in lines."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._start = self._told = time.monotonic()
        self._shown: rich.progress.Progress | None = None

    def begin(self) -> None:
        """Say what is being done; called once, from the thread of the timer."""
        if not sys.stderr.isatty():
            tell(f"{self._what} ...")
            return
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("folkmote: {task.description}"),
            progress.BarColumn(),
            progress.TimeRemainingColumn(compact=True),
        )
        # It is drawn when it is told something, not by a thread of its own.
        shown = progress.Progress(
            *columns, console=Console(stderr=True), auto_refresh=False, transient=True
        )
        shown.add_task(self._what, total=None)
        shown.start()
        self._shown = shown

    def tell(self, done: int, total: int) -> None:
        """Take in how much is done of how much, and show it from time to time."""
        now = time.monotonic()
        if now - self._start < _QUIET:
            return
        if self._shown is not None and now - self._told >= _DRAWN:
            self._told = now
            self._shown.update(self._shown.task_ids[0], completed=done, total=total, refresh=True)
        elif self._shown is None and now - self._told >= _LINES and done:
            self._told = now
            left = (now - self._start) * (total - done) / done
            tell(f"{self._what}: {done / total:.0%}, about {left:.0f} seconds left")

    def end(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown.stop()


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, in the plural where it must be."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
