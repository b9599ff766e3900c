"""The W3C's test suite for SHACL, judged by both engines.

The suite is read from `FOLKMOTE_SUITES`. A test is passed where an engine gives the results that
are expected, each with its focus, value, path, component, severity and shape, or fails where it
must. Paths are compared by their first step, since that is what a line is found by. What an
engine does otherwise is listed in `tests/shacl-suite.tsv`, with the reason; a test that begins
or ceases to fail breaks the build, so the list stays true.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pytest

from publish import turtle, validation
from publish.dataset import Dataset
from publish.graphs import Graph

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
KNOWN = Path(__file__).parent / "shacl-suite.tsv"
ENGINES: tuple[validation.Engine, ...] = ("compiled", "reference")
STEPS = ("alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")

Told: TypeAlias = Counter[tuple[str, ...]] | str
"""How often each result was given, or `failure`."""


@dataclass(frozen=True)
class Case:
    """One test: where it stands, its graphs, and what is expected."""

    name: str
    data: Path
    shapes: Path
    expected: Told


def suite() -> Path:
    place = os.environ.get("FOLKMOTE_SUITES")
    tests = Path("data-shapes", "data-shapes-test-suite", "tests")
    return Path(place) / tests if place else Path("nowhere")


def parsed(path: Path) -> turtle.Parsed:
    return turtle.parse(path.read_bytes(), str(path), base=path.as_uri())


def graph_of(found: turtle.Parsed) -> Graph:
    return Graph(triple for triple, _ in found.triples)


class Manifest:
    """The triples of one file, asked by subject and property."""

    def __init__(self, path: Path) -> None:
        self.graph = graph_of(parsed(path))

    def all(self, subject: turtle.Term | None, predicate: str) -> list[turtle.Term]:
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return []
        return [o for p, o in self.graph.said_of(subject) if p.value == predicate]

    def one(self, subject: turtle.Term | None, predicate: str) -> turtle.Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def cases(self) -> Iterator[Case]:
        for quad in self.graph.quads_for_object(ox.NamedNode(SHT + "Validate")):
            action = self.one(quad.subject, MF + "action")
            data, shapes = (place(self.one(action, SHT + f"{k}Graph")) for k in ("data", "shapes"))
            name = place(quad.subject).relative_to(suite().resolve()).as_posix()
            yield Case(name, data, shapes, self.expected(self.one(quad.subject, MF + "result")))

    def expected(self, report: turtle.Term | None) -> Told:
        if report == ox.NamedNode(SHT + "Failure"):
            return "failure"
        return Counter(
            (
                spelled(self.one(result, SH + "focusNode")),
                spelled(self.one(result, SH + "value")),
                self.step(self.one(result, SH + "resultPath")),
                spelled(self.one(result, SH + "sourceConstraintComponent")),
                spelled(self.one(result, SH + "resultSeverity")).removeprefix(SH),
                spelled(self.one(result, SH + "sourceShape")),
            )
            for result in self.all(report, SH + "result")
        )

    def step(self, node: turtle.Term | None, sign: str = "") -> str:
        if isinstance(node, ox.NamedNode):
            return sign + node.value
        if against := self.one(node, SH + "inversePath"):
            return self.step(against, "" if sign else "^")
        inside = (self.one(node, p) for p in (RDF + "first", *(SH + name for name in STEPS)))
        found = next((one for one in inside if one), None)
        return self.step(found, sign) if found else ""


def place(node: turtle.Term | None) -> Path:
    assert isinstance(node, ox.NamedNode), node
    return Path(node.value.removeprefix("file://"))


def spelled(term: turtle.Term | None) -> str:
    return "" if isinstance(term, ox.BlankNode) else validation.term_text(term)


def cases() -> list[Case]:
    """Give the tests of the manifest, and of those that it includes."""
    found: list[Case] = []
    todo = [suite().resolve() / "manifest.ttl"]
    while todo:
        manifest = Manifest(todo.pop())
        found.extend(manifest.cases())
        includes = manifest.graph.quads_for_predicate(ox.NamedNode(MF + "include"))
        todo.extend(place(quad.object) for quad in includes)
    return sorted(found, key=lambda case: case.name)


def told(case: Case, engine: validation.Engine, *, needed: bool = False) -> Told:
    """Say what an engine finds by all shapes, or by those that are needed."""
    rules = parsed(case.shapes)
    graphs = {"": graph_of(parsed(case.data)), "graph/shapes": graph_of(rules)}
    data = Dataset(case.data, None, graphs, rules.prefixes, "file", "")
    given = [triple for triple, _ in rules.triples]
    if needed:
        (run,) = validation.Shapes(data).runs()
        given = run.shapes
    about = validation.DataGraph(data, ("",))
    try:
        found = validation.judging(data, given, engine)(about)
    except validation.Refusal:
        return "failure"
    return Counter(
        (
            spelled(result.focus),
            spelled(result.value),
            ("^" if result.step[0] else "") + result.step[1] if result.step else "",
            result.component,
            result.severity.removeprefix(SH),
            result.source,
        )
        for result in found
    )


def known(engine: validation.Engine) -> set[str]:
    with KNOWN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert all(row["reason"] for row in rows)
    return {row["test"] for row in rows if row["engine"] == engine}


@pytest.mark.skipif(not suite().is_dir(), reason="FOLKMOTE_SUITES has no data-shapes suite")
@pytest.mark.filterwarnings("ignore")  # rdflib and pyshacl warn of what the tests try out
@pytest.mark.parametrize("engine", ENGINES)
def test_the_suite_is_passed_but_for_what_is_listed(engine: validation.Engine) -> None:
    found = cases()
    assert len(found) == 120
    failed = {case.name for case in found if told(case, engine) != case.expected}
    assert failed == known(engine)


@pytest.mark.skipif(not suite().is_dir(), reason="FOLKMOTE_SUITES has no data-shapes suite")
def test_the_shapes_that_are_needed_find_what_all_find() -> None:
    found = cases()
    differ = {
        case.name for case in found if told(case, "compiled", needed=True) != told(case, "compiled")
    }
    assert differ == set()
