"""Each rule of shapes/ has an example that keeps it and one that breaks it, in both engines.

`shapes/NAME/good-base.ttl` is a small data set that keeps the rules of `shapes/NAME.ttl`. Every
other file beside it states whole blocks: they stand in the place of the blocks of the same things
in the base. A `bad-*.ttl` breaks one rule and holds the report that is expected of it
(`sh:ValidationReport`, SHACL 3.1), written from the fault that was planted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import dataset, turtle, validation

EXAMPLES = Path(__file__).parent / "shapes"
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = ox.NamedNode(RDF + "type")
ENGINES: tuple[validation.Engine, ...] = ("compiled", "reference")
TARGETS = {SH + f"target{how}" for how in ("Class", "Node", "ObjectsOf", "SubjectsOf")}
GOOD = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/good-*.ttl"))
BAD = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/bad-*.ttl"))

Expected = set[tuple[str, str, str, str | None]]
"""Focus, shape and severity of each finding, and its value where the report names one."""


def shapes_of(data: dataset.Dataset) -> dict[str, list[ox.Triple]]:
    """Give the triples of the shapes graph by the name of the file they stand in."""
    files: defaultdict[str, list[ox.Triple]] = defaultdict(list)
    for triple in data.triples(data.shapes_graph):
        place = data.place(data.shapes_graph, triple)
        assert place
        files[Path(place.path).stem].append(triple)
    return files


@cache
def shipped() -> dataset.Dataset:
    return dataset.load(dataset.shipped())


@cache
def rules(kind: str) -> tuple[ox.Triple, ...]:
    """Give the rules of one file, with the shapes of other files that they refer to."""
    files = shapes_of(shipped())
    lent: defaultdict[ox.NamedNode | ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    for name, triples in files.items():
        for triple in triples:
            if name != kind and triple.predicate.value not in TARGETS:
                lent[triple.subject].append(triple)  # type: ignore[index]
    wanted, chosen = [*files[kind]], []
    while wanted:
        triple = wanted.pop()
        chosen.append(triple)
        if isinstance(triple.object, ox.NamedNode | ox.BlankNode):
            wanted += lent.pop(triple.object, [])
    return tuple(chosen)


def blocks(triples: list[ox.Triple]) -> dict[object, list[ox.Triple]]:
    by_subject: defaultdict[object, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple.subject].append(triple)
    return by_subject


def read(name: str) -> list[ox.Triple]:
    path = EXAMPLES / name
    return [triple for triple, _ in turtle.parse(path.read_bytes(), name).triples]


def example(name: str) -> list[ox.Triple]:
    """Give the data of an example: its own blocks, the base's for all other things."""
    own = blocks([t for t in read(name) if isinstance(t.subject, ox.NamedNode)])
    base = blocks(read(f"{name.partition('/')[0]}/good-base.ttl"))
    return [triple for block in {**base, **own}.values() for triple in block]


def expected(name: str) -> Expected:
    """Read the report that a bad example holds."""
    said = blocks([t for t in read(name) if isinstance(t.subject, ox.BlankNode)])
    results = [
        {triple.predicate.value.removeprefix(SH): triple.object for triple in block}
        for block in said.values()
        if any(t.object == ox.NamedNode(SH + "ValidationResult") for t in block)
    ]
    return {
        (
            text(result["focusNode"]),
            text(result["sourceShape"]),
            text(result["resultSeverity"]).removeprefix(SH).lower(),
            text(result["value"]) if "value" in result else None,
        )
        for result in results
    }


def text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def found(name: str, engine: validation.Engine) -> list[validation.Finding]:
    """Check one example by the rules of its kind."""
    kind = name.partition("/")[0]
    layer = kind.removeprefix("layer-") if kind.startswith("layer-") else "essay"
    graph = f"{shipped().base}graph/{layer}"
    alone = replace(shipped(), graphs={shipped().shapes_graph: shipped().graphs[shipped().shapes_graph]})
    small = alone.with_graph(graph, example(name)).with_graph(alone.shapes_graph, rules(kind))
    return validation.check(small, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_breaks_no_rule(name: str, engine: validation.Engine) -> None:
    assert found(name, engine) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", BAD)
def test_a_bad_example_is_found_as_its_report_says(name: str, engine: validation.Engine) -> None:
    report = expected(name)
    valued = {(focus, shape) for focus, shape, _, value in report if value is not None}
    told = {
        (
            one.focus,
            one.shape,
            str(one.severity),
            one.value if (one.focus, one.shape) in valued else None,
        )
        for one in found(name, engine)
    }
    assert told == report


def messages(triples: list[ox.Triple]) -> set[str]:
    """Name the shapes that can tell something to the editor."""
    queries = {t.object for t in triples if t.predicate.value == SH + "sparql"}
    telling = {t.subject for t in triples if t.predicate.value == SH + "message"} - queries
    asking = {t.subject for t in triples if t.predicate.value == SH + "sparql"}
    return {text(node) for node in telling | asking}


@pytest.mark.parametrize("kind", sorted(shapes_of(shipped())))
def test_each_rule_has_a_bad_example(kind: str) -> None:
    broken = {
        shape for name in BAD if name.startswith(f"{kind}/") for _, shape, _, _ in expected(name)
    }
    assert messages(shapes_of(shipped())[kind]) - broken == set()
