"""What all verbs share of the terminal: where words go, in which form, and the exit codes.

What is asked for goes to stdout, everything else to stderr. Exit codes: 0 all is fine, 1 something
was found, 2 the command was used wrongly, 3 something could not be read, written or reached.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

FINE, FOUND, WRONG_USE, UNREACHED = 0, 1, 2, 3
STOPPED = 130
CLOSED = 141


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
def progress(what: str) -> Iterator[None]:
    """Say on stderr what is being done, once it takes longer than a second."""
    timer = threading.Timer(1, tell, [f"{what} ..."])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # no thread may be left when processes are forked


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, in the plural where it must be."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
