"""The command `folkmote`: its verbs, and what becomes of errors."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from publish import errors
from publish.cli import (
    anchor,
    build,
    check,
    crosswalk,
    deploy,
    diff,
    export,
    format,
    link,
    mcp,
    new,
    push,
    query,
    serve,
    terminal,
    verify,
    verify_anchors,
)
from publish.version import __version__

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
    verbs: tuple[Callable[..., int], ...] = (
        check.check,
        format.format,
        diff.diff,
        build.build,
        deploy.deploy,
        export.export,
        serve.with_settings(serve.serve),
        push.push,
        query.query,
        mcp.mcp,
        crosswalk.crosswalk,
        link.link,
        anchor.anchor,
        verify.verify,
        verify_anchors.verify_anchors,
        new.new,
    )
    for verb in verbs:
        commands.command(verb.__name__.replace("_", "-"))(_guarded(verb))
    commands(prog_name="folkmote")


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
            # Python flushes stdout when it ends, and would complain once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = terminal.CLOSED
        raise typer.Exit(code)

    return run


def _folkmote(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish a text's people, works, concepts and events as linked open data."""
    if version:
        terminal.say(f"folkmote {__version__}")
        raise typer.Exit
