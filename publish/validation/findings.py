"""One fault of a data set: where it stands, of what, by which rule, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publish import turtle

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, of what, by which rule, and what to do.

    `focus`, `value` and `shape` are IRIs, or literals in N-Triples; `[]` is a blank node and
    empty is none. `component` is the IRI of what looked: a constraint component of SHACL (3.6.2),
    or one of ours for what no shape can say. Lines and columns count from 1; 0 is not known.
    """

    path: str
    line: int
    severity: Severity
    focus: str
    message: str
    shape: str
    shape_path: str
    shape_line: int
    value: str
    component: str
    column: int = 0


def term_text(term: turtle.Term | None) -> str:
    """Give an IRI without brackets, a literal in N-Triples."""
    return term.value if isinstance(term, turtle.Named) else str(term or "")
