"""`folkmote check`: say whether a data set is in order, and what it covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from publish.cli import findings, sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
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
    turtle = "turtle"


def check(
    folder: sources.Folder = None,
    engine: Annotated[
        Engine, typer.Option(help="The quick engine, or the one that others compare with.")
    ] = Engine.compiled,
    format: Annotated[Report, typer.Option(help="How findings are written.")] = Report.text,
    advice: Annotated[bool, typer.Option("--advice", help="Print remarks too.")] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Print what the data set covers, in figures.")
    ] = False,
) -> int:
    """Check a data set against its rules; each finding has a file, a line and what to do.

    The rules are the shapes of the data set and what the vocabularies say of the terms it uses.
    Exit code 1 where a rule is violated; warnings are printed and are no failure.
    """
    from publish import inference

    data = sources.load(folder)
    found = findings.gathered(data, "compiled" if engine is Engine.compiled else "reference")
    whole = inference.infer(data)  # rules that derive are rules too: a broken one is told here
    shown = [finding for finding in found if advice or finding.severity != "info"]
    terminal.say(_written(shown, format, data))
    if format is Report.text:
        terminal.say(_summary(data, found))
    if statistics:
        from publish.statistics import measure

        terminal.say("\n".join(_figures(measure(whole))))
    return terminal.FOUND if findings.violated(found) else terminal.FINE


def _written(found: Sequence[Finding], format: Report, data: Dataset) -> str:
    if format is Report.json:
        import json
        from dataclasses import asdict

        return json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False)
    if format is Report.turtle:
        from publish import release

        return release.report(found, data)
    return "\n".join(findings.line(finding, data.prefixes) for finding in found)


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
