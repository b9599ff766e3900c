"""What is wrong with a data set: gathered from all that checks it, and written line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.validation import Engine, Finding


def gathered(data: Dataset, engine: Engine = "compiled") -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    from publish import validation, vocabulary

    with terminal.progress("checking the data set"):
        found = [
            *validation.check(data, engine=engine),
            *(terms := vocabulary.check(data)).findings,
        ]
    if terms.unchecked:
        uses = (f"<{space}> ({terminal.counted(n, 'use')})" for space, n in terms.unchecked.items())
        terminal.tell(
            f"not checked, since no list of their terms is kept: {', '.join(uses)}", prefix=""
        )
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.message))


def violated(findings: Sequence[Finding]) -> bool:
    """Say whether a rule is broken that must be kept; warnings and remarks break none."""
    return any(finding.severity == "violation" for finding in findings)


def line(finding: Finding, prefixes: Mapping[str, str]) -> str:
    """Write a finding as compilers do: place, severity, what to do; then what it is about."""
    value, focus = (
        terminal.shortened(finding.value, prefixes),
        terminal.shortened(finding.focus, prefixes),
    )
    rule = f"rule {finding.shape_path}:{finding.shape_line}" if finding.shape_path else ""
    about = [f"{value} of {focus}" if value and value != focus else focus, rule]
    return (
        f"{finding.path}:{finding.line}: {finding.severity}: {' '.join(finding.message.split())} "
        f"({'; '.join(part for part in about if part)})"
    )
