"""The rules as a reader looks them up: what each looks at, demands and says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import serving
from conftest import RIVER

from publish import dataset, rules
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Link, Records

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix r: <https://example.org/river/shapes#> .
@prefix river: <https://example.org/river/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = """
@prefix river: <https://example.org/river/ontology#> .
<https://example.org/river/id/a> a river:Stream ; river:flowsInto <https://example.org/river/id/b> .
<https://example.org/river/id/b> a river:Creek .
"""
ONTOLOGY = """
@prefix river: <https://example.org/river/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
river:Creek rdfs:subClassOf river:Stream .
"""


def book(folder: Path, shapes: str, name: str = "all.ttl") -> rules.Rulebook:
    """Read the rules of a small data set about rivers."""
    files = {
        "data/dataset.ttl": RIVER,
        "data/text/all.ttl": DATA,
        "ontology/ontology.ttl": ONTOLOGY,
        f"shapes/{name}": PREFIXES + shapes,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return rules.read(Records(dataset.load(folder)))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("river:flowsInto", "flowsInto"),
        ("[ sh:inversePath river:flowsInto ]", "^ flowsInto"),
        ("( river:flowsInto rdfs:label )", "flowsInto / label"),
        ("[ sh:alternativePath ( river:flowsInto rdfs:label ) ]", "flowsInto | label"),
        ("( [ sh:zeroOrMorePath river:flowsInto ] rdfs:label )", "flowsInto * / label"),
        ("[ sh:oneOrMorePath ( river:a river:b ) ]", "( a / b ) +"),
        ("[ sh:zeroOrOnePath [ sh:inversePath river:a ] ]", "^ a ?"),
        ("[ sh:inversePath [ sh:inversePath river:a ] ]", "^ ( ^ a )"),
        ("[ sh:oneOrMorePath [ sh:zeroOrMorePath river:a ] ]", "( a * ) +"),
    ],
)
def test_a_path_is_laid_out_as_sparql_writes_it(tmp_path: Path, path: str, shown: str) -> None:
    found = book(tmp_path, f"r:S a sh:NodeShape ; sh:property [ sh:path {path} ; sh:minCount 1 ] .")
    (rule,) = found.shapes[0].rules
    steps = [re.split("[#/]", one.iri)[-1] if isinstance(one, Link) else one for one in rule.path]
    assert " ".join(steps) == shown


def test_a_rule_says_what_it_demands_how_severe_it_is_and_where_it_stands(tmp_path: Path) -> None:
    shapes = """
r:Stream a sh:NodeShape ; sh:targetClass river:Stream ; sh:property r:mouth .

r:mouth a sh:PropertyShape ;
  sh:path river:flowsInto ;
  sh:message "A stream flows into something"@en ;
  sh:severity sh:Warning ;
  sh:minCount 1 .
"""
    (shape,) = book(tmp_path, shapes).shapes
    (rule,) = shape.rules
    assert rule.iri.endswith("#mouth")
    assert [text.value for text in rule.messages] == ["A stream flows into something"]
    assert rule.severity == "warning"
    assert [name for name, _ in rule.demands] == [ns.SH + "minCount"]
    assert str(rule.place) == "shapes/all.ttl:9"


def test_a_query_of_a_rule_brings_its_message(tmp_path: Path) -> None:
    shapes = """
r:Stream a sh:NodeShape ; sh:targetClass river:Stream ; sh:sparql r:dry .
r:dry a sh:SPARQLConstraint ; sh:message "It is dry" ; sh:select "SELECT $this { $this river:dry true }" .
"""
    found = book(tmp_path, shapes)
    (rule,) = found.shapes[0].rules
    assert [text.value for text in rule.messages] == ["It is dry"]
    assert [iri for iri, _ in rule.queries] == ["https://example.org/river/shapes#dry"]
    assert "https://example.org/river/ontology#dry" in found.naming


def test_what_stands_below_a_class_is_looked_at_too(tmp_path: Path) -> None:
    shapes = "r:S a sh:NodeShape ; sh:targetClass river:Stream ; sh:nodeKind sh:IRI ."
    (shape,) = book(tmp_path, shapes).shapes
    assert shape.count == 2


def test_a_shape_of_a_property_that_looks_for_things_itself_is_one_of_the_shapes(
    tmp_path: Path,
) -> None:
    shapes = """
r:mouth a sh:PropertyShape ; sh:targetClass river:Stream ; sh:path river:flowsInto ; sh:minCount 1 .
r:name a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 .
"""
    (shape,) = book(tmp_path, shapes).shapes
    (rule,) = shape.rules
    assert shape.iri == rule.iri == "https://example.org/river/shapes#mouth"
    assert shape.count == 2
    assert [name for name, _ in rule.demands] == [ns.SH + "minCount"]


def test_a_shape_without_targets_names_those_that_use_it(tmp_path: Path) -> None:
    shapes = """
r:Stream a sh:NodeShape ; sh:targetClass river:Stream ; sh:property r:mouth .
r:mouth a sh:PropertyShape ; sh:path river:flowsInto ; sh:or ( r:named [ sh:nodeKind sh:IRI ] ) .
r:named a sh:NodeShape ; sh:nodeKind sh:IRI .
"""
    named = next(one for one in book(tmp_path, shapes).shapes if one.iri.endswith("#named"))
    assert named.query == ""
    assert named.used_by == ("https://example.org/river/shapes#mouth",)


def test_rules_of_a_layer_say_which_and_look_there_alone(foreign: Dataset) -> None:
    found = rules.read(Records(foreign))
    (shape,) = (one for one in found.shapes if one.layer)
    assert shape.layer == "text"
    assert shape.graphs == (f"{foreign.base}graph/text",)
    assert found.files()[-1][1] == (shape,)


def test_each_query_lists_exactly_what_its_shape_looks_at(either: Dataset) -> None:
    found = rules.read(Records(either))
    aimed = [shape for shape in found.shapes if shape.targets]
    assert aimed
    counts = serving.counts(either, [shape.query for shape in aimed])
    wrong = {s.iri: (s.count, n) for s, n in zip(aimed, counts, strict=True) if s.count != n}
    assert not wrong


def test_every_shape_rule_and_derivation_is_in_the_book(either: Dataset) -> None:
    names = rules.read(Records(either)).names()
    kinds = ("NodeShape", "PropertyShape", "SPARQLConstraint", "SPARQLRule")
    graph = either.graphs[either.shapes_graph]
    defined = {
        getattr(quad.subject, "value", "")
        for quad in graph
        if quad.predicate.value == ns.TYPE
        and getattr(quad.object, "value", "") in {ns.SH + kind for kind in kinds}
    }
    assert defined <= names


def test_a_term_knows_the_rules_that_follow_it_and_those_that_look_at_it(foreign: Dataset) -> None:
    found = rules.read(Records(foreign))
    follow = found.governing[f"{foreign.base}ontology#stehtIn"]
    assert [rule.iri.partition("#")[2] for _, rule in follow] == ["erwaehnung-abschnitt"]
    name = found.naming[f"{foreign.base}ontology#Abschnitt"]
    assert [rule.iri.partition("#")[2] for _, rule in name] == ["erwaehnung-abschnitt"]


def test_without_shapes_there_are_no_rules(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://example.org/a> a <http://example.org/B> .", encoding="utf-8")
    assert rules.read(Records(dataset.load_file(path))).shapes == ()
