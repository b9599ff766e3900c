"""`folkmote check`: say whether a data set is in order, and what it covers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors
from publish.cli import findings, sources, terminal, watching

if TYPE_CHECKING:
    from publish import validation
    from publish.dataset import Dataset, Memory
    from publish.reports import Names
    from publish.statistics import Statistics
    from publish.validation import Finding


class Engine(Enum):
    """Which SHACL engine checks."""

    compiled = "compiled"
    pyshacl = "pyshacl"


class Report(Enum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    turtle = "turtle"


def check(
    folder: sources.Folder = None,
    engine: Annotated[
        Engine, typer.Option(help="The quick engine, or the one that others compare with.")
    ] = Engine.compiled,
    format: Annotated[
        Report,
        typer.Option(
            help="How findings are written: for people, for programs, for code scanning, for "
            "build servers, as annotations of a pull request, or as a SHACL report."
        ),
    ] = Report.text,
    advice: Annotated[bool, typer.Option("--advice", help="Print remarks too.")] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Print what the data set covers, in figures.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again each time a file is saved; Ctrl-C ends it.")
    ] = False,
) -> int:
    """Check a data set against its rules; each finding has a file, a line and what to do.

    The rules are the shapes of the data set and what the vocabularies say of the terms it uses.
    Exit code 1 where a rule is violated; warnings are printed and are no failure.
    """
    asked = _Asked(folder, engine, format, advice, statistics)
    return _watched(asked) if watch else _once(asked)


@dataclass(frozen=True)
class _Asked:
    """What one check is asked to do and to print."""

    folder: Path | None
    engine: Engine
    format: Report
    advice: bool
    statistics: bool


def _once(asked: _Asked, memory: Memory | None = None) -> int:
    try:
        data = sources.load(asked.folder, memory)
    except errors.TurtleErrors as error:
        if asked.format is Report.text:
            raise
        from publish import reports

        broken = [reports.of_syntax(one) for one in error.errors]
        terminal.say(_written(broken, asked, reports.nameless(), ""))
        return terminal.UNREACHED
    engine: validation.Engine = "compiled" if asked.engine is Engine.compiled else "reference"
    with findings.gathering(data, engine) as gathered:
        failed = _underivable(data)  # while the engine judges
        found = gathered()
    shown = [finding for finding in found if asked.advice or finding.severity != "info"]
    if shown or asked.format is not Report.text:
        from publish import reports

        said = reports.names(data) if shown else reports.nameless()
        terminal.say(_written(shown, asked, said, data.base))
    if asked.format is Report.text:
        terminal.say(_summary(data, found))
    if failed is not None:
        raise failed  # last, since what was found may be the reason
    if asked.statistics:
        from publish import inference
        from publish.statistics import measure

        terminal.say("\n".join(_figures(measure(inference.infer(data)))))
    return terminal.FOUND if findings.violated(found) else terminal.FINE


def _underivable(data: Dataset) -> errors.FolkmoteError | None:
    """Say why nothing can be derived: rules that derive are rules too, and may be broken."""
    from publish import inference

    try:
        inference.prove(data)
    except errors.FolkmoteError as error:
        return error
    return None


def _written(found: Sequence[Finding], asked: _Asked, said: Names, base: str) -> str:
    from publish import reports

    if asked.format is Report.text:
        return findings.lines(found, said)
    if asked.format is Report.turtle:
        return reports.validation_report(found, base, said.prefixes)
    return reports.write([_from_here(one, asked) for one in found], asked.format.value, said)


def _from_here(finding: Finding, asked: _Asked) -> Finding:
    """Name files from where the command runs: programs look for them there."""
    here = PurePath(asked.folder or "")
    rule = (here / finding.shape_path).as_posix() if finding.shape_path else ""
    if known := finding.consequences:
        first = tuple(replace(one, path=(here / one.path).as_posix()) for one in known.first)
        finding = replace(finding, consequences=replace(known, first=first))
    return replace(finding, path=(here / finding.path).as_posix(), shape_path=rule)


def _watched(asked: _Asked) -> int:
    """Check again whenever a source is saved, until somebody has seen enough."""
    from publish import dataset

    place = sources.place(asked.folder)
    if not dataset.is_folder(place):
        return _once(asked)  # which says what is missing
    # Where this folder is away, the shipped one is not what is meant.
    asked = replace(asked, folder=place)
    checked, memory = False, dataset.Memory()
    for missing in watching.saves(place):
        if missing:
            names = " and ".join(f"`{place / name}`" for name in missing)
            terminal.tell(f"{names} went away; the data set is checked again when it is back")
            continue
        if checked:
            terminal.say(f"\nchecked again at {datetime.now():%H:%M:%S}")
        _told(asked, memory)
        sys.stdout.flush()
        checked = True
    return terminal.FINE


def _told(asked: _Asked, memory: Memory) -> None:
    """Check once; what cannot be read is told, and may be mended."""
    try:
        _once(asked, memory)
    except errors.FolkmoteError as error:
        terminal.tell(str(error), prefix="")


def _summary(data: Dataset, found: Sequence[Finding]) -> str:
    severities = [finding.severity for finding in found]
    nouns = {"violation": "violation", "warning": "warning", "info": "remark"}
    counts = [
        terminal.counted(sum(one == name for one in severities), noun)
        for name, noun in nouns.items()
        if name == "violation" or name in severities
    ]
    triples = sum(len(graph) for graph in data.graphs.values())
    return f"{terminal.counted(triples, 'triple')} checked: {', '.join(counts)}"


def _figures(found: Statistics) -> Iterator[str]:
    """Lay out the figures of a data set, a heading before each group."""
    records = found.records or 1
    yield f"\n{terminal.counted(found.triples, 'triple')}, {terminal.counted(found.records, 'record')}"
    yield f"{found.with_passage / records:7.1%}  of the records name a passage"
    yield f"{found.with_basis / records:7.1%}  of the records name a basis"
    yield f"\nrecords in each passage; {len(found.empty) or 'none'} empty"
    yield from (f"{one.records:7,}  {one.label}" for one in found.passages)
    yield "\nthings of each kind"
    yield from (f"{count:7,}  {kind}" for kind, count in found.kinds.items())
    if found.links:
        yield "\nlinked elsewhere, of all of a kind"
    for kind, links in found.links.items():
        of = links.linked + links.absent + links.open
        yield (
            f"{links.linked:7,}  of {of:,} {kind}: {links.open:,} not linked yet, "
            f"{terminal.counted(links.waiting, 'candidate')} waiting, {links.refused:,} refused"
        )
    yield "\nuses of each vocabulary"
    yield from (f"{count:7,}  {name}" for name, count in found.vocabularies.items())
