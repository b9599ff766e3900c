"""What all verbs share of the terminal: where words go, in which form, and the exit codes.

What is asked for goes to stdout, everything else to stderr. Exit codes: 0 all is fine, 1 something
was found, 2 the command was used wrongly, 3 something could not be read, written or reached.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer

FINE, FOUND, WRONG_USE, UNREACHED = 0, 1, 2, 3
STOPPED = 130
CLOSED = 141
_LONGEST = 80


def tell(line: str, prefix: str = "folkmote: ") -> None:
    """Say something beside the answer."""
    typer.echo(f"{prefix}{line}", err=True)


def say(text: str) -> None:
    """Print what was asked for."""
    if text:
        typer.echo(text)


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


def shortened(term: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by the prefix that saves most, and a long text to its beginning."""
    if term.startswith('"'):
        return term if len(term) <= _LONGEST else f"{term[:_LONGEST]}..."
    fitting = [(len(space), name) for name, space in prefixes.items() if term.startswith(space)]
    if not fitting or "/" in (local := term[max(fitting)[0] :]):
        return term
    return f"{max(fitting)[1]}:{local}"
