"""Each rule of shapes/ has an example that keeps it and one that breaks it, in both engines.

`shapes/NAME/good-base.ttl` is a small data set that keeps the rules of `shapes/NAME.ttl`. Every
other file beside it states whole blocks: they stand in the place of the blocks of the same things
in the base. A `bad-*.ttl` breaks one rule and holds the report that is expected of it
(`sh:ValidationReport`, SHACL 3.1), written from the fault that was planted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import dataset, turtle, validation
from publish import namespaces as ns

EXAMPLES = Path(__file__).parent / "shapes"
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = ox.NamedNode(RDF + "type")
ENGINES: tuple[validation.Engine, ...] = ("compiled", "reference")
TARGETS = {SH + f"target{how}" for how in ("Class", "Node", "ObjectsOf", "SubjectsOf")}
GOOD = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/good-*.ttl"))
BAD = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/bad-*.ttl"))

Told = set[tuple[str, str, str, str]]
"""Focus, shape, severity and value of each finding; the value is empty where there is none."""


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


def expected(name: str) -> Told:
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
            text(result["value"]) if "value" in result else "",
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
    alone = replace(
        shipped(), graphs={shipped().shapes_graph: shipped().graphs[shipped().shapes_graph]}
    )
    small = alone.with_graph(graph, example(name)).with_graph(alone.shapes_graph, rules(kind))
    judged = validation.check(small, engine=engine)
    # Some shapes are there for the rules of other files, and nothing is held against them here.
    return [one for one in judged if (one.component, one.severity) != (ns.RULES, "warning")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_breaks_no_rule(name: str, engine: validation.Engine) -> None:
    assert found(name, engine) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", BAD)
def test_a_bad_example_is_found_as_its_report_says(name: str, engine: validation.Engine) -> None:
    report = expected(name)
    valued = {(focus, shape) for focus, shape, _, value in report if value}
    told = {
        (one.focus, one.shape, one.severity, one.value if pair in valued else "")
        for one in found(name, engine)
        if (pair := (one.focus, one.shape))
    }
    assert told == report


def messages(triples: list[ox.Triple]) -> set[str]:
    """Name the shapes that can tell something to the editor."""
    queries = {t.object for t in triples if t.predicate.value == SH + "sparql"}
    telling = {t.subject for t in triples if t.predicate.value == SH + "message"} - queries
    asking = {t.subject for t in triples if t.predicate.value == SH + "sparql"}
    # Of what stands in a list, as in sh:or, only the shape around it tells.
    listed = {t.object for t in triples if t.predicate.value == RDF + "first"}
    return {text(node) for node in (telling | asking) - listed}


@pytest.mark.parametrize("kind", sorted(shapes_of(shipped())))
def test_each_rule_has_a_bad_example(kind: str) -> None:
    broken = {
        shape for name in BAD if name.startswith(f"{kind}/") for _, shape, _, _ in expected(name)
    }
    assert messages(shapes_of(shipped())[kind]) - broken == set()


def test_each_shape_is_described_in_one_file() -> None:
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for name, triples in shapes_of(shipped()).items():
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                homes[triple.subject.value].add(name)
    assert {shape: files for shape, files in homes.items() if len(files) > 1} == {}


def test_each_message_is_one_and_says_what_to_do_in_one_sentence() -> None:
    told: defaultdict[str, list[str]] = defaultdict(list)
    for triple in shipped().triples(shipped().shapes_graph):
        if triple.predicate.value == SH + "message":
            assert isinstance(triple.object, ox.Literal)
            assert triple.object.language == "en"
            told[text(triple.subject)].append(triple.object.value)
    assert [shape for shape, said in told.items() if len(said) != 1] == []
    assert [said for (said,) in told.values() if "; " not in said or said.endswith(".")] == []


def test_no_rule_looks_into_graphs_or_uses_what_only_one_engine_knows() -> None:
    triples = [triple for kind in shapes_of(shipped()).values() for triple in kind]
    queries = [text(t.object) for t in triples if t.predicate.value == SH + "select"]
    assert len(queries) > 60
    refused = re.compile(r"\b(GRAPH|MINUS|SERVICE|VALUES)\b")
    assert [query for query in queries if refused.search(query)] == []
    assert {t.predicate.value for t in triples} & {SH + "target", SH + "js"} == set()
    lists = {t.subject for t in triples if t.predicate.value == RDF + "first"}
    steps = {SH + "alternativePath", SH + "inversePath"}  # SHACL 2.3.1.3 and 2.3.1.4
    paths = {t.subject for t in triples if t.predicate.value in steps}
    blank = {t.subject for t in triples if isinstance(t.subject, ox.BlankNode)}
    assert blank - lists - paths == set()


def test_the_whole_essay_keeps_every_rule() -> None:
    assert validation.check(shipped()) == []


def required() -> dict[tuple[str, str], str]:
    """Give for each class and property that a rule demands the shape that demands it."""
    values: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, triples in shapes_of(shipped()).items():
        if not name.startswith("layer-"):
            for triple in triples:
                what = triple.predicate.value.removeprefix(SH)
                values[text(triple.subject)][what].append(text(triple.object))
    return {
        (target, values[shape]["path"][0]): shape
        for about in [*values.values()]
        for target in about["targetClass"]
        for shape in about["property"]
        if values[shape]["minCount"] and values[shape]["path"] != [TYPE.value]
    }


def spoiled() -> tuple[dataset.Dataset, set[tuple[str, str]]]:
    """Take from each kind of thing what is demanded of it, each from another thing.

    Gives the data set without these statements, and the findings that must come of it.
    """
    said = blocks(list(shipped().union()))
    by_class: defaultdict[str, list[str]] = defaultdict(list)
    for subject, block in sorted(said.items(), key=str):
        for triple in block:
            if triple.predicate == TYPE and isinstance(subject, ox.NamedNode):
                by_class[text(triple.object)].append(subject.value)
    gone: set[ox.Triple] = set()
    due: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for (target, path), shape in sorted(required().items()):
        things = [thing for thing in by_class[target] if thing not in taken]
        for thing in things or by_class[target]:
            statements = [t for t in said[ox.NamedNode(thing)] if t.predicate.value == path]
            if statements:
                gone.update(statements)
                taken.add(thing)
                due.add((thing, shape))
                break
    graphs = {iri: [t for t in shipped().triples(iri) if t not in gone] for iri in shipped().graphs}
    data = shipped()
    for iri, triples in graphs.items():
        data = data.with_graph(iri, triples)
    return data, due


def test_whatever_is_demanded_of_a_kind_is_missed_when_it_is_gone() -> None:
    """The reference finds the same, and so nothing where all is in order: it reads the rest too."""
    data, due = spoiled()
    assert len(due) > 100
    found = validation.check(data)
    assert due - {(one.focus, one.shape) for one in found} == set()
    assert validation.check(data, engine="reference") == found


def test_language_tags_are_in_lower_case() -> None:
    """Engines fold the case of a tag when they read it, so only the files can tell."""
    tagged = re.compile(r'"@([a-z]*[A-Z][A-Za-z-]*)')
    folder = dataset.shipped()
    paths = [p for name in ("data", "ontology", "shapes") for p in (folder / name).rglob("*.ttl")]
    assert len(paths) > 50
    assert [p.name for p in paths if tagged.search(p.read_text(encoding="utf-8"))] == []
