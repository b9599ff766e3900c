"""The saved questions of the essay give the answers that its readers found by hand.

The expected answers stand in `tests/questions/NAME.tsv`: a line of variables, then the rows in
order. They were worked out from the essay, not copied from a run.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import dataset
from publish.stores import evaluation

EXPECTED = Path(__file__).parent / "questions"
QUESTION = "https://w3id.org/ksv/questions/"
SHACL = "http://www.w3.org/ns/shacl#"
SHORT = ("http://purl.org/spar/doco/", "doco:")


@pytest.fixture(scope="module")
def store(essay: dataset.Dataset) -> ox.Store:
    return evaluation.open_store(essay).store


def questions(store: ox.Store) -> dict[str, str]:
    """Give the query of each saved question by the last part of its IRI."""
    found = store.quads_for_pattern(None, ox.NamedNode(f"{SHACL}select"), None)
    return {
        quad.subject.value.removeprefix(QUESTION): quad.object.value
        for quad in found
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.subject.value.startswith(QUESTION)
    }


def test_each_question_has_an_expected_answer(store: ox.Store) -> None:
    assert set(questions(store)) == {path.stem for path in EXPECTED.glob("*.tsv")}


@pytest.mark.parametrize("name", sorted(path.stem for path in EXPECTED.glob("*.tsv")))
def test_the_answer_is_the_expected_one(essay: dataset.Dataset, store: ox.Store, name: str) -> None:
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in essay.prefixes.items())
    answer = store.query(prefixes + questions(store)[name])
    assert isinstance(answer, ox.QuerySolutions)
    lines = ["\t".join(variable.value for variable in answer.variables)]
    lines += [
        "\t".join("" if term is None else term.value.replace(*SHORT) for term in row)
        for row in answer
    ]
    assert lines == (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
