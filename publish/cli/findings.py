"""What is wrong with a data set: gathered from all that checks it, and written line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING

import typer

from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.reports import Names
    from publish.validation import Engine, Finding


_COLOURS: Mapping[str, str] = MappingProxyType(
    {"violation": "red", "warning": "yellow", "info": "blue"}
)


def gathered(data: Dataset, engine: Engine = "compiled") -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    from publish import validation, vocabulary

    # The compiled engine leaves the processor's other cores to others, so both go on at once.
    with terminal.progress("checking the data set"), ThreadPoolExecutor(1) as beside:
        held = beside.submit(vocabulary.check, data)
        found = validation.check(data, engine=engine)
        terms = held.result()
        found.extend(terms.findings)
    if terms.unchecked:
        uses = (f"<{space}> ({terminal.counted(n, 'use')})" for space, n in terms.unchecked.items())
        terminal.tell(
            f"not checked, since no list of their terms is kept: {', '.join(uses)}", prefix=""
        )
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.message))


def violated(findings: Sequence[Finding]) -> bool:
    """Say whether a rule is broken that must be kept; warnings and remarks break none."""
    return any(finding.severity == "violation" for finding in findings)


def lines(found: Sequence[Finding], said: Names) -> str:
    """Write findings for a terminal, a line each, the weight of each in colour."""
    from publish import reports

    return "\n".join(
        f"{typer.style(reports.place(one), bold=True)}: "
        f"{typer.style(one.severity, fg=_COLOURS[one.severity], bold=True)}: "
        f"{reports.message(one)}{typer.style(reports.about(one, said), dim=True)}"
        for one in found
    )
