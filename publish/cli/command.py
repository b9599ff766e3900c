"""The command `folkmote`: its verbs, and what becomes of errors."""

from __future__ import annotations

import errno
import functools
import gc
import importlib
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from publish import errors
from publish.cli import terminal
from publish.version import __version__

_VERBS = (
    "check",
    "format",
    "diff",
    "build",
    "deploy",
    "export",
    "serve",
    "push",
    "query",
    "mcp",
    "crosswalk",
    "link",
    "anchor",
    "verify",
    "verify-anchors",
    "new",
)
"""The verbs, as help lists them; each is a function of a module that has its name."""
_LASTING = frozenset({"serve", "mcp"})
"""The verbs that go on until somebody ends them; their memory is looked after by the server."""
_MADE = 1_000_000
"""How many more objects are made than thrown away before another verb looks for cycles of them.

What is read stays until the end and has few cycles; Python would look after every 700.
"""
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_WRONG = (
    errors.SettingError,
    errors.QuerySyntaxError,
    errors.QueryRefused,
    errors.QueryTooComplex,
    errors.NotAcceptable,
)


def main() -> None:
    """Run the command and end the process with its exit code."""
    commands = typer.Typer(
        add_completion=True,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    commands.callback(invoke_without_command=True)(_folkmote)
    asked = sys.argv[1:2]
    if _LASTING.isdisjoint(asked):
        gc.set_threshold(_MADE)
    # Who asks for one verb need not wait for the others.
    for name in asked if asked and asked[0] in _VERBS else _VERBS:
        commands.command(name)(_guarded(_verb(name)))
    try:
        commands(prog_name="folkmote")
    except OSError as error:
        # Help is written by no verb.
        raise SystemExit(_unwritten(error)) from None


def _verb(name: str) -> Callable[..., int]:
    own = name.replace("-", "_")
    verb: Callable[..., int] = getattr(importlib.import_module(f"publish.cli.{own}"), own)
    return verb


def _guarded(verb: Callable[..., int]) -> Callable[..., None]:
    """Turn what a verb returns or raises into an exit code, and errors into sentences."""

    @functools.wraps(verb)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = verb(*args, **kwargs)
            sys.stdout.flush()
        except errors.FolkmoteError as error:
            for line in str(error).splitlines():
                terminal.tell(line)
            code = terminal.WRONG_USE if isinstance(error, _WRONG) else terminal.UNREACHED
        except KeyboardInterrupt:
            code = terminal.STOPPED
        except BrokenPipeError:
            _drop_output()
            code = terminal.CLOSED
        except OSError as error:
            code = _unwritten(error)
        # Python looks for cycles once more when it ends, among all that was read.
        gc.freeze()
        raise typer.Exit(code)

    return run


def _unwritten(error: OSError) -> int:
    """Tell that the output cannot be written, and give the exit code; raise what is something else."""
    # Whoever writes a file tells of it (`folders.writing`), so this is the output.
    if error.errno not in _FULL or error.filename is not None:
        raise error
    _drop_output()
    why = os.strerror(error.errno or 0).lower()
    terminal.tell(f"cannot write the answer: {why}; mend that and run it again")
    return terminal.UNREACHED


def _drop_output() -> None:
    """Let what is still to be written go: Python flushes it at the end, and would complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _folkmote(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish a text's people, works, concepts and events as linked open data."""
    if version:
        terminal.say(f"folkmote {__version__}")
        raise typer.Exit
