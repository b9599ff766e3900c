"""The saved questions of the essay give the answers that its readers found by hand.

The expected answers stand in `tests/questions/NAME.tsv`: a line of variables, then the rows in
order. They were worked out from the essay, not copied from a run. A question with parameters gives
its defaults in lines `VALUES ?name { default }`, so that it can be asked as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import dataset
from publish.stores import evaluation

EXPECTED = Path(__file__).parent / "questions"
QUESTION = "https://w3id.org/ksv/questions/"
SHACL = "http://www.w3.org/ns/shacl#"
SHORT = ("http://purl.org/spar/doco/", "doco:")
OTHERWISE: list[tuple[str, dict[str, str], list[str]]] = [
    ("page-16", {"page": "5"}, ["0.1", "0.2", "1.1"]),
    (
        "before-1900",
        {"before": '"1880-01-01"^^xsd:date'},
        [
            "Marx 1845\N{EN DASH}46\t1845\N{EN DASH}46",
            "Grundrisse (1857)\t1857",
            "Capital (1867+)\t1867+",
            "Must We Occupy Ourselves With an Examination of the Ideal of a Future Society?"
            " (Kropotkin 1873)\t1873",
        ],
    ),
    (
        "sources-of-note-1",
        {"note": "psg:fn19"},
        [
            "1\tAlquati, Negri and Sormano, circa 1976",
            "2\tWright 1988",
            "3\tNegri 1979",
            "4\tArcheologia e progetto. L'operaio massa e l'operaio sociale, in Negri 1982",
            "5\tArchaeology and Project: The Mass Worker and the Social Worker, in Negri 1988",
        ],
    ),
    ("where-kropotkin-is-named", {"thing": "person:woodcock"}, ["2.3\t1", "fn1\t1", "fn3\t1"]),
    (
        "notes-and-citations-of-3-13",
        {"paragraph": "psg:2.3"},
        ["fn1\t8\t8", "fn2\t8\t3", "fn3\t8\t1"],
    ),
    (
        "held-by-marx",
        {"holder": "person:woodcock"},
        [
            "2.3\tThe Conquest of Bread is best described as a proposal and not as a utopia.\tstated",
            "2.3\tThe Conquest of Bread sketches how a society of another kind could come about."
            "\tinferred",
            "fn3\tThe Conquest of Bread is best described as a proposal and not as a utopia.\tstated",
            "fn3\tThe Conquest of Bread sketches how a society of another kind could come about."
            "\tinferred",
        ],
    ),
    (
        "kropotkin-by-date",
        {"author": "person:marx"},
        [
            "1845\N{EN DASH}46\tMarx 1845\N{EN DASH}46",
            "1857\tGrundrisse (1857)",
            "1867+\tCapital (1867+)",
        ],
    ),
    (
        "takeover-criticised",
        {"criticised": "con:jacobin-utopia"},
        ["Peter Kropotkin\t2.3", "Peter Kropotkin\tfn1"],
    ),
    (
        "kropotkin-and-marx",
        {"one": "group:utopians", "other": "group:marxist-leninists"},
        [
            "different\tBy studying tendencies instead of demanding what ought to be, Kropotkin"
            " parts company with early utopians and with later Marxist-Leninists."
        ],
    ),
    ("authors-of-note-16-elsewhere", {"note": "psg:fn20"}, ["Lazzarato"]),
    ("origin-of-self-valorization", {"start": "con:mutual-aid"}, []),
]
"""Questions asked with other values, and the rows that a reader of the essay expects."""


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


def asked(data: dataset.Dataset, store: ox.Store, query: str) -> list[str]:
    """Ask a query and give a line of variables and a line for each row."""
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in data.prefixes.items())
    answer = store.query(prefixes + query)
    assert isinstance(answer, ox.QuerySolutions)
    lines = ["\t".join(variable.value for variable in answer.variables)]
    return lines + [
        "\t".join("" if term is None else term.value.replace(*SHORT) for term in row)
        for row in answer
    ]


@pytest.mark.parametrize("name", sorted(path.stem for path in EXPECTED.glob("*.tsv")))
def test_the_answer_is_the_expected_one(essay: dataset.Dataset, store: ox.Store, name: str) -> None:
    lines = asked(essay, store, questions(store)[name])
    assert lines == (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()


def given(query: str, values: Mapping[str, str]) -> str:
    """Put other values in the place of the defaults of a query."""
    for name, value in values.items():
        query, times = re.subn(rf"(?<=VALUES \?{name} \{{ )[^}}]+(?= \}})", value, query)
        assert times == 1, name
    return query


@pytest.mark.parametrize(("name", "values", "rows"), OTHERWISE, ids=lambda value: str(value)[:40])
def test_a_question_is_answered_for_other_values(
    essay: dataset.Dataset, store: ox.Store, name: str, values: dict[str, str], rows: list[str]
) -> None:
    assert asked(essay, store, given(questions(store)[name], values))[1:] == rows


def defaults(data: dataset.Dataset, store: ox.Store) -> list[tuple[str, str, str, str]]:
    """Give for each parameter its question, its name, its default and the template."""
    query = """SELECT ?question ?name ?default ?template {
      ?question sh:parameter ?one ; sh:labelTemplate ?template .
      ?one sh:path ?path ; sh:defaultValue ?default . BIND(STRAFTER(STR(?path), "#") AS ?name) }"""
    lines = asked(data, store, query)[1:]
    return [(q.removeprefix(QUESTION), n, d, t) for q, n, d, t in (x.split("\t") for x in lines)]


def test_the_query_gives_the_default_that_its_parameter_declares(
    essay: dataset.Dataset, store: ox.Store
) -> None:
    found = defaults(essay, store)
    assert len(found) >= 18
    for name, parameter, default, _ in found:
        selecting = f"SELECT * {{ VALUES ?{parameter} {{ DEFAULT }} }}"
        (written,) = re.findall(rf"VALUES \?{parameter} \{{ (.+) \}}", questions(store)[name])
        assert asked(essay, store, selecting.replace("DEFAULT", written)) == [parameter, default]


def test_a_template_names_the_parameters_of_its_question_and_no_others(
    essay: dataset.Dataset, store: ox.Store
) -> None:
    for name, _, _, template in defaults(essay, store):
        named = {parameter for one, parameter, _, _ in defaults(essay, store) if one == name}
        assert set(re.findall(r"\{\?(\w+)\}", template)) == named
