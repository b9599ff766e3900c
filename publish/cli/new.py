"""`folkmote new`: make a new data set that checks, builds and serves at once."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from publish import errors, folders
from publish.cli import terminal


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    title: Annotated[str, typer.Option(help="What the data set is called.")] = "",
    base: Annotated[
        str, typer.Option(help="What all its addresses begin with; it ends in a slash.")
    ] = "",
    creator: Annotated[str, typer.Option(help="Who makes it.")] = "",
    prefix: Annotated[
        str, typer.Option(help="A short name for its files; by default the name of the folder.")
    ] = "",
    licence: Annotated[
        str, typer.Option(help="CC0-1.0, CC-BY-4.0, CC-BY-SA-4.0, or an address.")
    ] = "CC0-1.0",
    language: Annotated[str, typer.Option(help="The tag of its main language.")] = "en",
) -> int:
    """Make a new data set, with an example of each kind of record, rules and a guide.

    Title, base and creator are asked for where they are not given.
    """
    from publish import starter

    folder = folders.resolved(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise errors.OutputError(f"`{folder}` is there already; name a folder that is not")
    default = "".join(sign for sign in folder.name.lower() if sign.isascii() and sign.isalnum())
    wish = starter.Wish(
        title=title or _asked("Title of the data set", "--title"),
        base=base or _asked("What its addresses begin with", "--base"),
        prefix=prefix or default.lstrip("0123456789") or "dataset",
        creator=creator or _asked("Who makes it", "--creator"),
        licence=licence,
        language=language,
        day=datetime.now(UTC).date(),
    )
    made = starter.files(wish)
    with folders.writing(folder):
        _write(folder, made)
    terminal.say(f"{terminal.counted(len(made), 'file')} in {folder}; begin with its README.md")
    return terminal.FINE


def _asked(question: str, option: str) -> str:
    """Ask a person; a program must have said it before."""
    if not sys.stdin.isatty():
        raise errors.SettingError(f"nobody is there to be asked; give {option}")
    answer: str = typer.prompt(question)
    return answer


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files or none: they are put in their place when they are complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, content in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(content)
        made.chmod(0o755)
        # An empty folder may be there, and a rename may take its place (POSIX, rename).
        made.rename(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(made)
        raise
