"""Speak to a terminal: the verbs, their arguments, what is printed and the exit codes.

Each verb calls into the core and prints what comes back; nothing is decided here that another
interface would have to decide again. What is asked for goes to stdout, everything else to
stderr. Exit codes: 0 all is fine, 1 something was found, 2 the command was used wrongly,
3 something could not be read, written or reached. What a verb needs is imported when it runs,
so that `--help` is quick.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import publish
from publish import errors

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.release import Release
    from publish.validation import Finding

FINE, FOUND, WRONG_USE, UNREACHED = 0, 1, 2, 3
_STOPPED = 130
_CLOSED = 141
_LONGEST = 80
_WRONG = (
    errors.SettingError,
    errors.QuerySyntaxError,
    errors.QueryRefused,
    errors.QueryTooComplex,
    errors.NotAcceptable,
)

_FOLDER_HELP = "The data set; by default this folder where it is one, else the shipped one."
_Folder = Annotated[Path | None, typer.Argument(metavar="FOLDER", help=_FOLDER_HELP)]


class Engine(Enum):
    """Which SHACL engine checks."""

    compiled = "compiled"
    pyshacl = "pyshacl"


class Report(Enum):
    """How findings are written."""

    text = "text"
    json = "json"
    turtle = "turtle"


def main() -> None:
    """Run the command and end the process with its exit code."""
    commands = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    commands.callback(invoke_without_command=True)(_folkmote)
    for verb in (check, build):
        commands.command()(_guarded(verb))
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
                _tell(line)
            code = WRONG_USE if isinstance(error, _WRONG) else UNREACHED
        except KeyboardInterrupt:
            code = _STOPPED
        except BrokenPipeError:
            # Python flushes stdout when it ends, and would complain once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _CLOSED
        raise typer.Exit(code)

    return run


def _folkmote(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish a text's people, works, concepts and events as linked open data."""
    if version:
        _print(f"folkmote {publish.__version__}")
        raise typer.Exit


# --- check -----------------------------------------------------------------------------------


def check(
    folder: _Folder = None,
    engine: Annotated[
        Engine, typer.Option(help="The quick engine, or the one that others compare with.")
    ] = Engine.compiled,
    format: Annotated[Report, typer.Option(help="How findings are written.")] = Report.text,
    advice: Annotated[bool, typer.Option("--advice", help="Print remarks too.")] = False,
) -> int:
    """Check a data set against its rules; each finding has a file, a line and what to do.

    The rules are the shapes of the data set and what the vocabularies say of the terms it uses.
    Exit code 1 where a rule is violated; warnings are printed and are no failure.
    """
    from publish import inference

    data = _load(folder)
    findings = _findings(data, engine)
    inference.infer(data)  # rules that derive are rules too: a broken one is told here
    shown = [finding for finding in findings if advice or finding.severity != "info"]
    _print(_written(shown, format, data))
    if format is Report.text:
        _print(_summary(data, findings))
    return FOUND if _violated(findings) else FINE


def _findings(data: Dataset, engine: Engine = Engine.compiled) -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    from publish import validation, vocabulary

    with _progress("checking the data set"):
        found = [
            *validation.check(
                data, engine="compiled" if engine is Engine.compiled else "reference"
            ),
            *(terms := vocabulary.check(data)).findings,
        ]
    if terms.unchecked:
        uses = (f"<{space}> ({_counted(n, 'use')})" for space, n in terms.unchecked.items())
        _tell(f"not checked, since no list of their terms is kept: {', '.join(uses)}", prefix="")
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.message))


def _violated(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "violation" for finding in findings)


def _written(findings: Sequence[Finding], format: Report, data: Dataset) -> str:
    if format is Report.json:
        import json
        from dataclasses import asdict

        return json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False)
    if format is Report.turtle:
        from publish import release

        return release.report(findings, data)
    return "\n".join(_line(finding, data.prefixes) for finding in findings)


def _line(finding: Finding, prefixes: Mapping[str, str]) -> str:
    """Write a finding as compilers do: place, severity, what to do; then what it is about."""
    value, focus = _short(finding.value, prefixes), _short(finding.focus, prefixes)
    rule = f"rule {finding.shape_path}:{finding.shape_line}" if finding.shape_path else ""
    about = [f"{value} of {focus}" if value and value != focus else focus, rule]
    return (
        f"{finding.path}:{finding.line}: {finding.severity}: {' '.join(finding.message.split())} "
        f"({'; '.join(part for part in about if part)})"
    )


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by the prefix that saves most, and a long text to its beginning."""
    if term.startswith('"'):
        return term if len(term) <= _LONGEST else f"{term[:_LONGEST]}..."
    fitting = [(len(space), name) for name, space in prefixes.items() if term.startswith(space)]
    if not fitting or "/" in (local := term[max(fitting)[0] :]):
        return term
    return f"{max(fitting)[1]}:{local}"


def _summary(data: Dataset, findings: Sequence[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    nouns = {"violation": "violation", "warning": "warning", "info": "remark"}
    counts = [
        _counted(sum(one == name for one in severities), noun)
        for name, noun in nouns.items()
        if name == "violation" or name in severities
    ]
    triples = sum(len(graph) for graph in data.graphs.values())
    return f"{_counted(triples, 'triple')} checked: {', '.join(counts)}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


# --- build -----------------------------------------------------------------------------------


def build(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or an old release.")],
    folder: _Folder = None,
) -> int:
    """Write a release: the data set in all formats, with description and checksums.

    The same source gives the same bytes. Nothing is written where a rule is violated. The time
    that the files name is SOURCE_DATE_EPOCH, else the day on which the data set was modified.
    """
    written = _build(_load(folder), out)
    if written is None:
        return FOUND
    _print(f"{_counted(len(written.files), 'file')} in {out}")
    return FINE


def _build(data: Dataset, out: Path) -> Release | None:
    """Check, derive and write; tell what was found, and give nothing where a rule is violated."""
    from publish import inference, release

    findings = _findings(data)
    for finding in findings:
        if finding.severity != "info":
            _tell(_line(finding, data.prefixes), prefix="")
    if _violated(findings):
        _tell(
            f"{_counted(len(findings), 'finding')}; no release is built of data that break a rule"
        )
        return None
    with _progress("building the release"):
        written = release.write(inference.infer(data), out, findings=findings, now=_epoch())
    for name, reason in written.left_out.items():
        _tell(f"{name} is left out: {reason}")
    return written


def _epoch() -> datetime | None:
    """Read SOURCE_DATE_EPOCH, by which builds agree on a time: seconds since 1970."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not said:
        return None
    try:
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise errors.SettingError(
            f"`SOURCE_DATE_EPOCH` cannot be `{said}`; give whole seconds since 1970"
        ) from error


# --- the terminal ----------------------------------------------------------------------------


def _load(folder: Path | None) -> Dataset:
    """Read a folder; without one, the current folder where it is a data set, else the shipped."""
    from publish import dataset

    if folder is None:
        here = Path()
        folder = here if dataset.is_folder(here) else dataset.shipped()
    with _progress(f"reading {folder}"):
        return dataset.load(folder)


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Say on stderr what is being done, once it takes longer than a second."""
    timer = threading.Timer(1, _tell, [f"{what} ..."])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # no thread may be left when processes are forked


def _tell(line: str, prefix: str = "folkmote: ") -> None:
    typer.echo(f"{prefix}{line}", err=True)


def _print(text: str) -> None:
    if text:
        typer.echo(text)
