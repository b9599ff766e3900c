"""One fault of a data set: where it stands, of what, by which rule, and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Place

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True)
class Consequences:
    """How many findings go when one is mended, and where the first of them stand."""

    violations: int
    warnings: int
    remarks: int
    first: tuple[Place, ...]


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, of what, by which rule, and what to do.

    `focus`, `value` and `shape` are IRIs, or literals in N-Triples; `[]` is a blank node and
    empty is none. `component` is the IRI of what looked: a constraint component of SHACL (3.6.2),
    or one of ours for what no shape can say; `others` are further ones of the same shape that the
    same value breaks; `consequences` are other findings that this one is the cause of. Lines and
    columns count from 1; 0 is not known.
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
    others: tuple[str, ...] = ()
    consequences: Consequences | None = None

    @property
    def components(self) -> tuple[str, ...]:
        """All that looked and found the same."""
        return (self.component, *self.others)


def stated(
    dataset: Dataset,
    graph: str,
    triple: turtle.Triple,
    severity: Severity,
    message: str,
    component: str,
) -> Finding:
    """Give a finding that no shape makes, at the line on which a graph states a triple."""
    place = dataset.place(graph, triple)
    return Finding(
        path=place.path if place else "",
        line=place.line if place else 0,
        severity=severity,
        focus=term_text(triple.subject),
        message=message,
        shape="",
        shape_path="",
        shape_line=0,
        value=term_text(triple.object),
        component=component,
    )


def together(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Tell once what several constraints of one shape say in the same words of the same value."""
    found: defaultdict[Finding, set[str]] = defaultdict(set)
    for one in findings:
        found[replace(one, component="", others=())].update(one.components)
    for one, components in found.items():
        first, *others = sorted(components)
        yield replace(one, component=first, others=tuple(others))


def constraint(component: str) -> str:
    """Give the property of SHACL by which a shape states a constraint, such as `sh:minCount`."""
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    return f"sh:{name[:1].lower()}{name[1:]}"


def term_text(term: turtle.Term | None) -> str:
    """Give an IRI without brackets, a literal in N-Triples."""
    return term.value if isinstance(term, turtle.Named) else str(term or "")
