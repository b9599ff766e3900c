"""The W3C's query tests for SPARQL 1.0 and 1.1, answered as the server's workers answer them.

The suite is read from `FOLKMOTE_SUITES`. What the engine does otherwise than the suite expects is
listed in `tests/sparql-suite.tsv`, with the reason; a test that begins or ceases to fail breaks
the build, so the list stays true.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import dataset, errors, turtle
from publish.stores import evaluation, jobs

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASE = "http://example.org/sparql/"
KNOWN = Path(__file__).parent / "sparql-suite.tsv"
# What is asked of other services or of updates is no question to a read-only service.
ELSEWHERE = ("entailment", "service", "protocol", "update", "http-rdf-update", "syntax-fed")
EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
SOUND = ("PositiveSyntaxTest", "PositiveSyntaxTest11")
BROKEN = ("NegativeSyntaxTest", "NegativeSyntaxTest11")


@dataclass(frozen=True)
class Case:
    """One test of a manifest; `result` is the file with the expected answer, if there is one."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    named: tuple[Path, ...]
    result: Path | None


def suite() -> Path:
    place = os.environ.get("FOLKMOTE_SUITES")
    return Path(place) / "rdf-tests" / "sparql" if place else Path("nowhere")


def manifests() -> Iterator[Path]:
    for version in ("sparql10", "sparql11"):
        for path in sorted((suite() / version).glob("*/manifest.ttl")):
            if not path.parent.name.startswith(ELSEWHERE):
                yield path


class Manifest:
    """The triples of a manifest, asked by subject and property; addresses are relative."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._values: dict[tuple[str, str], list[turtle.Term]] = {}
        for triple, _ in turtle.parse(path.read_bytes(), path.name, base=BASE).triples:
            key = (str(triple.subject), triple.predicate.value)
            self._values.setdefault(key, []).append(triple.object)

    def values(self, subject: turtle.Term, name: str) -> list[turtle.Term]:
        return self._values.get((str(subject), name), [])

    def files(self, subject: turtle.Term, name: str) -> tuple[Path, ...]:
        found = (getattr(value, "value", "") for value in self.values(subject, name))
        return tuple(self.folder / iri.removeprefix(BASE) for iri in found)

    def cases(self) -> Iterator[Case]:
        for (_, name), (head, *_) in list(self._values.items()):
            if name == MF + "entries":
                yield from map(self._case, self._list(head))

    def _list(self, node: turtle.Term) -> Iterator[turtle.Term]:
        while first := self.values(node, RDF + "first"):
            yield first[0]
            (node,) = self.values(node, RDF + "rest")

    def _case(self, test: turtle.Term) -> Case:
        (kind, *_) = [getattr(v, "value", "") for v in self.values(test, RDF + "type")]
        (action,) = self.values(test, MF + "action")
        result = self.files(test, MF + "result")
        blank = isinstance(action, ox.BlankNode)
        query = self.files(action, QT + "query") if blank else self.files(test, MF + "action")
        return Case(
            name=f"{self.folder.parent.name}/{self.folder.name}/{str(test).rpartition('#')[2][:-1]}",
            kind=kind.removeprefix(MF),
            query=query[0] if query else self.folder,
            data=self.files(action, QT + "data"),
            named=self.files(action, QT + "graphData"),
            result=result[0] if result else None,
        )


def all_cases() -> list[Case]:
    return [case for path in manifests() for case in Manifest(path).cases()]


def known() -> Mapping[str, str]:
    with KNOWN.open(encoding="utf-8", newline="") as lines:
        return dict(csv.reader(lines, delimiter="\t"))


def triples_of(path: Path, base: str) -> list[ox.Triple]:
    quads, _ = turtle.parse_quads(path.read_bytes(), path.name, path.suffix[1:], base=base)
    return [quad.triple for quad in quads]


def loaded(case: Case, text: str) -> evaluation.LocalStore:
    """Load the data of a case, each graph under the address that the query knows it by."""
    graphs: dict[str, list[ox.Quad]] = {"": []}
    places = [*((p, "") for p in case.data), *((p, BASE + p.name) for p in case.named)]
    if not case.data and not case.named:
        # The data set is named by FROM in the query: every file beside it may be meant.
        beside = case.query.parent.glob("*.ttl")
        places = [(p, BASE + p.name) for p in sorted(beside) if p.name in text]
    for path, name in places:
        quads = [turtle.quad_of(t) for t in triples_of(path, BASE + path.name)]
        graphs.setdefault(name, []).extend(quads)
    return evaluation.open_store(
        dataset.Dataset(
            root=case.query,
            description=None,
            graphs={name: ox.Dataset(quads) for name, quads in graphs.items()},
            prefixes={},
            default_graph="file",
            digest="",
            places={},
        )
    )


def asked(case: Case, media: str) -> bytes:
    text = case.query.read_text(encoding="utf-8")
    job = jobs.Job(text, media, rows=10**6, size=10**8, base=BASE + case.query.name)
    return evaluation.evaluate(loaded(case, text), job).body


def canonical(term: object) -> str:
    """Write a term as the engine gives it back: `01` and `1` are one value there."""
    if not isinstance(term, ox.Literal):
        return str(term)
    (quad,) = stored([ox.Triple(ox.NamedNode("urn:x"), ox.NamedNode("urn:x"), term)])
    return str(quad.object)


def stored(triples: list[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(turtle.quad_of(triple) for triple in triples)
    return store


Row = frozenset[tuple[str, str]]


def rows_of(body: bytes, format_: ox.QueryResultsFormat) -> list[Row] | bool:
    found = ox.parse_query_results(body, format_)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        frozenset((n, canonical(v)) for n, v in zip(names, row, strict=True) if v is not None)
        for row in found
    ]


def as_quads(rows: list[Row]) -> ox.Dataset:
    """Make a graph of rows, so that blank nodes compare by what they do and not by name."""
    made = ox.Dataset()
    for number, row in enumerate(sorted(rows, key=sorted)):
        node = ox.BlankNode(f"row{number}")
        made.add(ox.Quad(node, ox.NamedNode("urn:row"), ox.Literal("row")))
        for name, value in row:
            term = ox.BlankNode(f"v{value[2:]}") if value.startswith("_:") else ox.Literal(value)
            made.add(ox.Quad(node, ox.NamedNode(f"urn:{name}"), term))
    made.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return made


def same_rows(one: list[Row] | bool, other: list[Row] | bool) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return len(one) == len(other) and as_quads(one) == as_quads(other)


def same_graphs(one: list[ox.Triple], other: list[ox.Triple]) -> bool:
    made = []
    for triples in (one, other):
        quads = ox.Dataset(stored(triples))
        quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        made.append(quads)
    return made[0] == made[1]


def written_rows(triples: list[ox.Triple]) -> list[Row] | bool:
    """Read rows from the vocabulary in which SPARQL 1.0 wrote them."""
    about: dict[str, dict[str, list[turtle.Term]]] = {}
    for subject, predicate, value in triples:
        about.setdefault(str(subject), {}).setdefault(predicate.value, []).append(value)
    (head,) = [v for v in about.values() if ox.NamedNode(RS + "ResultSet") in v.get(TYPE, [])]
    if RS + "boolean" in head:
        return str(getattr(head[RS + "boolean"][0], "value", "")) == "true"
    rows = []
    for solution in head.get(RS + "solution", []):
        bindings = [about[str(b)] for b in about.get(str(solution), {}).get(RS + "binding", [])]
        rows.append(
            frozenset(
                (getattr(b[RS + "variable"][0], "value", ""), canonical(b[RS + "value"][0]))
                for b in bindings
            )
        )
    return rows


def text_row(row: Mapping[str, str]) -> Row:
    """Read a row of CSV, which knows no types: unbound and empty are the same."""
    return frozenset((name, value) for name, value in row.items() if value)


def agrees(case: Case) -> bool:
    assert case.result is not None
    suffix = case.result.suffix
    json = "application/sparql-results+json"
    if suffix in (".srx", ".srj", ".tsv"):
        format_ = {
            ".srx": ox.QueryResultsFormat.XML,
            ".srj": ox.QueryResultsFormat.JSON,
            ".tsv": ox.QueryResultsFormat.TSV,
        }[suffix]
        expected = rows_of(case.result.read_bytes(), format_)
        return same_rows(rows_of(asked(case, json), ox.QueryResultsFormat.JSON), expected)
    if suffix == ".csv":
        given = csv.DictReader(asked(case, "text/csv").decode().splitlines())
        lines = csv.DictReader(case.result.read_text(encoding="utf-8").splitlines())
        return same_rows([text_row(row) for row in given], [text_row(row) for row in lines])
    triples = triples_of(case.result, BASE)
    if any(t.object == ox.NamedNode(RS + "ResultSet") for t in triples):
        return same_rows(
            rows_of(asked(case, json), ox.QueryResultsFormat.JSON), written_rows(triples)
        )
    given_triples, _ = turtle.parse_quads(asked(case, "text/turtle"), "answer", "ttl")
    return same_graphs([quad.triple for quad in given_triples], triples)


def passes(case: Case) -> bool:
    if case.kind in EVALUATION:
        try:
            return agrees(case)
        except errors.QueryError:
            return False
    try:
        asked(case, "application/sparql-results+json")
    except errors.QuerySyntaxError:
        return case.kind in BROKEN
    except (errors.QueryError, errors.NotAcceptable):
        return case.kind in SOUND
    return case.kind in SOUND


@pytest.mark.skipif(
    not suite().is_dir(), reason="FOLKMOTE_SUITES is unset: no SPARQL suite of the W3C to run"
)
def test_the_queries_of_the_suite_are_answered_but_for_those_that_are_listed() -> None:
    cases = [one for one in all_cases() if one.kind in (*EVALUATION, *SOUND, *BROKEN)]
    assert len(cases) > 700
    assert {case.name for case in cases if not passes(case)} == set(known())


def test_each_known_failure_has_a_reason() -> None:
    assert all(reason.strip() for reason in known().values())
