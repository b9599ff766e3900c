"""What is wrong with a data set: gathered from all that checks it, and written line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import typer

from publish.cli import terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.reports import Names
    from publish.validation import Engine, Finding


_COLOURS: Mapping[str, str] = MappingProxyType(
    {"violation": "red", "warning": "yellow", "info": "blue"}
)
_MANY = 10
"""From how many findings on it is asked what comes of a wrong prefix, which takes another check."""
_Checked: TypeAlias = "tuple[list[Finding], Mapping[str, int]]"
"""What was found, and the vocabularies of which nothing is known, with their uses."""


def gathered(data: Dataset) -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    with gathering(data) as found:
        return found()


@contextmanager
def gathering(data: Dataset, engine: Engine = "compiled") -> Iterator[Callable[[], list[Finding]]]:
    """Begin to check; what is done before the findings are asked for is done meanwhile.

    What comes of a prefix that stands for something else in one file is told once: many findings
    that go when it is mended help nobody.
    """
    from publish import dataset

    with terminal.progress("checking the data set"), _checking(data, engine) as checked:

        def found() -> list[Finding]:
            findings, unchecked = checked()
            _tell_unchecked(unchecked)
            if not data.renamings or len(findings) < _MANY:
                return findings
            from publish import proofreading

            with _checking(dataset.mended(data), engine) as again:
                return proofreading.by_cause(findings, again()[0], data.renamings)

        yield found


@contextmanager
def _checking(data: Dataset, engine: Engine) -> Iterator[Callable[[], _Checked]]:
    from publish import validation

    with validation.begin(data, engine=engine) as judged:

        def checked() -> _Checked:
            from publish import proofreading, vocabulary  # while the engine judges

            terms = vocabulary.check(data)
            read = proofreading.proofread(data)
            findings = proofreading.once(judged(), [*terms.findings, *read])
            ordered = sorted(findings, key=lambda one: (one.path, one.line, one.message))
            return ordered, terms.unchecked

        yield checked


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
