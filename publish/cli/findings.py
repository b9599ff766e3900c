"""What is wrong with a data set: gathered from all that checks it, and written line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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


def gathered(data: Dataset) -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    with gathering(data) as found:
        return found()


@contextmanager
def gathering(data: Dataset, engine: Engine = "compiled") -> Iterator[Callable[[], list[Finding]]]:
    """Begin to check; what is done before the findings are asked for is done meanwhile."""
    from publish import validation

    with (
        terminal.progress("checking the data set"),
        validation.begin(data, engine=engine) as judged,
    ):

        def found() -> list[Finding]:
            from publish import proofreading, vocabulary  # while the engine judges

            terms = vocabulary.check(data)
            _tell_unchecked(terms.unchecked)
            read = proofreading.proofread(data)
            findings = proofreading.once(judged(), [*terms.findings, *read])
            return sorted(findings, key=lambda one: (one.path, one.line, one.message))

        yield found


def _tell_unchecked(spaces: Mapping[str, int]) -> None:
    if spaces:
        uses = (f"<{space}> ({terminal.counted(n, 'use')})" for space, n in spaces.items())
        terminal.tell(
            f"not checked, since no list of their terms is kept: {', '.join(uses)}", prefix=""
        )


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
