"""Rules derive what follows, to the end, and keep it apart from what was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from publish import dataset, errors, inference

GARDEN = "https://example.org/garden/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
HEAD = f"""
@prefix rule: <{GARDEN}shapes#> .
@prefix plant: <{GARDEN}id/plant/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <{SKOS}> .
"""


def derived(folder: Path, rules: str, data: str = "") -> set[tuple[str, str, str]]:
    """Give what rules derive of the sound data set and some more, by the ends of the names."""
    (folder / "shapes" / "rules.ttl").write_text(HEAD + rules, encoding="utf-8")
    (folder / "data" / "text" / "more.ttl").write_text(HEAD + data, encoding="utf-8")
    found = inference.infer(dataset.load(folder))
    return {
        (
            triple.subject.value.rpartition("/")[2],  # type: ignore[union-attr]
            triple.predicate.value.rpartition("#")[2],
            triple.object.value.rpartition("/")[2],  # type: ignore[union-attr]
        )
        for triple in found.triples(found.inferred_graph)
    }


def rule(query: str, more: str = "") -> str:
    prefixes = f"<{GARDEN}shapes>"
    return f'rule:r a sh:SPARQLRule ; sh:prefixes {prefixes} ; sh:construct "{query}" {more} .'


BOTH_WAYS = rule("CONSTRUCT { ?b skos:related ?a } WHERE { ?a skos:related ?b }")


def test_a_rule_derives_what_was_not_said(folder: Path) -> None:
    assert derived(folder, BOTH_WAYS) == {("mint", "related", "rue")}


def test_what_was_said_is_not_derived(folder: Path) -> None:
    assert derived(folder, BOTH_WAYS, "plant:mint skos:related plant:rue .") == set()


def test_what_was_said_with_another_spelling_of_a_value_is_not_derived(folder: Path) -> None:
    copy = rule("CONSTRUCT { ?a skos:notation ?n } WHERE { ?a skos:notation ?n }")
    assert derived(folder, copy, "plant:mint skos:notation 1.50 , 007 .") == set()


def test_rules_run_until_nothing_new_follows(folder: Path) -> None:
    chain = " ".join(f"plant:p{n} skos:broader plant:p{n + 1} ." for n in range(6))
    closure = rule(
        "CONSTRUCT { ?a skos:broader ?c } WHERE { ?a skos:broader ?b . ?b skos:broader ?c }"
    )
    assert len(derived(folder, closure, chain)) == 6 * 7 // 2 - 6


def test_rules_build_on_one_another_in_any_order(folder: Path) -> None:
    second = BOTH_WAYS.replace("rule:r ", "rule:z ")
    first = rule("CONSTRUCT { ?a skos:related ?b } WHERE { ?a skos:closeMatch ?b }")
    for one, other in ((first, second), (first.replace("rule:r ", "rule:zz "), second)):
        found = derived(folder, f"{one} {other}", "plant:sage skos:closeMatch plant:rue .")
        assert {("sage", "related", "rue"), ("rue", "related", "sage")} <= found


MARK = "CONSTRUCT { $this skos:note 'found' } WHERE { $this ?any ?thing }"


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("sh:targetClass skos:Concept", {"mint", "rue", "sage"}),
        ("sh:targetNode plant:rue", {"rue"}),
        ("sh:targetSubjectsOf skos:notation", {"mint"}),
        ("sh:targetObjectsOf skos:related", {"mint"}),
        ("a rdfs:Class", {"basil"}),
        ("sh:targetNode plant:rue , plant:mint", {"mint", "rue"}),
        ("sh:deactivated true ; sh:targetNode plant:rue", set()),
    ],
)
def test_a_rule_of_a_shape_runs_for_its_targets(folder: Path, target: str, found: set[str]) -> None:
    shape = f"rule:Shape a sh:NodeShape ; {target} ; sh:rule rule:r ."
    data = """
        rule:Herb rdfs:subClassOf skos:Concept . plant:sage a rule:Herb .
        plant:basil a rule:Shape .
    """
    marked = {subject for subject, _, _ in derived(folder, shape + rule(MARK), data)}
    assert marked == found


def test_a_rule_that_is_switched_off_does_nothing(folder: Path) -> None:
    off = BOTH_WAYS.removesuffix(".") + "; sh:deactivated true ."
    assert derived(folder, off) == set()


def test_a_folder_without_rules_derives_nothing(folder: Path) -> None:
    (folder / "shapes" / "rules.ttl").unlink()
    data = inference.infer(dataset.load(folder))
    assert len(data.graphs[data.inferred_graph]) == 0


def test_a_bare_file_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(HEAD + BOTH_WAYS + "plant:a skos:related plant:b .")
    data = dataset.load_file(tmp_path / "x.ttl")
    assert inference.infer(data) is data


def test_nothing_derived_was_asserted_in_the_data_sets(either: dataset.Dataset) -> None:
    asserted = {
        triple
        for iri in either.graphs
        if iri != either.inferred_graph
        for triple in either.triples(iri)
    }
    found = set(either.triples(either.inferred_graph))
    assert found
    assert not found & asserted


def raised(work: Callable[[dataset.Dataset], object], data: dataset.Dataset) -> str:
    try:
        work(data)
    except errors.FolkmoteError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("query", "fails"),
    [
        ("CONSTRUCT { ?b skos:related ?a } WHERE { ?a skos:related ?b }", False),
        ("CONSTRUCT WHERE { ?a skos:related ?b }", False),
        ("CONSTRUCT { ?b skos:note 'as' } WHERE { VALUES (?a ?b) { (skos:x skos:y) } }", False),
        ("CONSTRUCT { ?b skos:related } WHERE { ?a skos:related ?b }", True),
        ("SELECT * WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:note [] } WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:note _:b } WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:note (1 2) } WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:related ?b ~ } WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:related ?b {| skos:note 1 |} } WHERE { ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:note ?n } WHERE { ?a skos:related ?b BIND(BNODE() AS ?n) }", True),
        ("CONSTRUCT { ?a skos:note ?n } WHERE { ?a skos:related ?b BIND(RAND() \\u0061s ?n) }", True),
        ("CONSTRUCT { ?a skos:note ?n } WHERE { { SELECT (UUID() as ?n) {} } ?a skos:related ?b }", True),
        ("CONSTRUCT { ?a skos:related ?b } WHERE { ?a skos:related ?b SERVICE <x:x> {} }", True),
    ],
)  # fmt: skip
def test_rules_are_proved_as_they_would_be_carried_out(
    folder: Path, query: str, fails: bool
) -> None:
    (folder / "shapes" / "rules.ttl").write_text(HEAD + rule(query), encoding="utf-8")
    data = dataset.load(folder)
    told = raised(inference.infer, data)
    assert bool(told) is fails
    assert raised(inference.prove, data) == told


def test_a_rule_that_reaches_a_blank_node_of_the_data_is_not_proved(folder: Path) -> None:
    (folder / "shapes" / "rules.ttl").write_text(HEAD + BOTH_WAYS, encoding="utf-8")
    more = folder / "data" / "text" / "more.ttl"
    more.write_text(f"{HEAD}plant:rue skos:related [] .", encoding="utf-8")
    data = dataset.load(folder)
    assert raised(inference.prove, data) == raised(inference.infer, data) != ""
