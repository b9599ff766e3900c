"""The W3C's query tests for SPARQL 1.0, 1.1 and 1.2, asked of a server over HTTP.

All data of the suite are served as one bare file, each of its files as a graph; a test names the
graphs that it is about by the parameters of the protocol. The suite is read from
`FOLKMOTE_SUITES`. What the engine does otherwise than the suite expects is
listed in `tests/sparql-suite.tsv`, with the reason; a test that begins or ceases to fail breaks
the build, so the list stays true.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import serving

from publish import turtle

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASE = "http://example.org/sparql/"
KNOWN = Path(__file__).parent / "sparql-suite.tsv"
# What is asked of reasoners, other services or updates is no question to a read-only service.
ELSEWHERE = ("entailment", "service", "protocol", "update", "http-rdf-update")
EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
DEFAULT = ox.DefaultGraph()
NODE = ox.NamedNode("urn:x")
N_TRIPLES = ox.RdfFormat.N_TRIPLES
SOUND = ("PositiveSyntaxTest", "PositiveSyntaxTest11")
VERSIONS = ("sparql10", "sparql11", "sparql12")
FORMATS = {
    ".srx": ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
    ".srj": ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
    ".tsv": ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
}
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
    for version in VERSIONS:
        for path in sorted((suite() / version).glob("*/manifest.ttl")):
            if not path.parent.name.startswith(ELSEWHERE):
                yield path


class Manifest:
    """The triples of a manifest, asked by subject and property; addresses are relative."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._values: dict[tuple[str, str], list[turtle.Term]] = {}
        for triple in triples_of(path):
            key = (str(triple.subject), triple.predicate.value)
            self._values.setdefault(key, []).append(triple.object)

    def values(self, subject: turtle.Term, name: str) -> list[turtle.Term]:
        return self._values.get((str(subject), name), [])

    def files(self, subject: turtle.Term, name: str) -> tuple[Path, ...]:
        found = (getattr(value, "value", "") for value in self.values(subject, name))
        return tuple(suite() / iri.removeprefix(BASE) for iri in found)

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


def address(path: Path) -> str:
    """Give the IRI under which a file of the suite is known, to queries and to relative IRIs."""
    return BASE + path.relative_to(suite()).as_posix()


def quads_of(path: Path) -> list[ox.Quad]:
    format_ = ox.RdfFormat.from_extension(path.suffix[1:])
    return list(ox.parse(path=path, format=format_, base_iri=address(path)))


def triples_of(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in quads_of(path)]


def all_quads(cases: list[Case]) -> Iterator[ox.Quad]:
    """Give the data of all cases, each file as a graph."""
    places = {path for case in cases for path in (*case.data, *case.named)}
    for case in cases:
        if not case.data and not case.named and case.kind in EVALUATION:
            # The data set is named by FROM in the query: every file beside it may be meant.
            text = case.query.read_text(encoding="utf-8")
            places |= {path for path in case.query.parent.glob("*.ttl") if path.name in text}
    for number, path in enumerate(sorted(places)):
        whole = ox.NamedNode(address(path))
        for quad in quads_of(path):
            subject, predicate, value = (own(term, number) for term in quad.triple)
            name = quad.graph_name
            yield ox.Quad(
                subject, predicate, value, whole if name == DEFAULT else own(name, number)
            )


def own(term: Any, number: int) -> Any:
    """Keep the blank nodes of one file apart from those of the others."""
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(f"b{number}x{term.value}")
    return ox.Triple(*(own(part, number) for part in term)) if isinstance(term, ox.Triple) else term


def names_of(case: Case) -> Iterator[str]:
    """Give the names of the named graphs of a case."""
    yield from map(address, case.named)
    for path in case.data:
        if path.suffix == ".trig":
            yield from {getattr(quad.graph_name, "value", "") for quad in quads_of(path)} - {""}


@dataclass(frozen=True)
class Service:
    """A server with the data of the suite."""

    client: httpx.Client
    home: str

    def ask(self, case: Case, accept: str) -> httpx.Response:
        text = case.query.read_bytes().decode()
        # A data set that is named by the request would take the place of the one in the query.
        named = not re.search(r"\bFROM\b", text)
        form = {
            # The service resolves relative IRIs against its own address; these are the suite's.
            "query": f"BASE <{address(case.query)}> {text}",
            "default-graph-uri": [address(path) for path in case.data if named],
            "named-graph-uri": [name for name in names_of(case) if named],
        }
        return self.client.post(f"{self.home}/sparql", data=form, headers={"Accept": accept})


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("suite") / "data.nq"
    ox.serialize(all_quads(all_cases()), path, format=ox.RdfFormat.N_QUADS)
    with serving.server(path) as home, httpx.Client(timeout=60) as client:
        yield Service(client, home)


def canonical(term: turtle.Term) -> turtle.Term:
    """Give a term as the engine gives it back: `01` and `1` are one value there."""
    if not isinstance(term, ox.Literal | ox.Triple):
        return term
    found: list[ox.Quad] = list(stored([ox.Triple(NODE, NODE, term)]))
    return found[0].object


def stored(triples: list[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(turtle.quad_of(triple) for triple in triples)
    return store


Row = frozenset[tuple[str, turtle.Term]]


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
    for row in rows:
        node = ox.BlankNode()
        made.add(ox.Quad(node, ox.NamedNode("urn:row"), ox.Literal("row")))
        for name, value in row:
            made.add(ox.Quad(node, ox.NamedNode(f"urn:{name}"), value))
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
    return frozenset(
        (name, ox.BlankNode(f"v{value[2:]}") if value.startswith("_:") else ox.Literal(value))
        for name, value in row.items()
        if value
    )


def agrees(service: Service, case: Case) -> bool:
    assert case.result is not None
    suffix = case.result.suffix
    if suffix == ".csv":
        given = csv.DictReader(
            io.StringIO(answered(service, case, "text/csv").decode(), newline="")
        )
        lines = csv.DictReader(case.result.read_text(encoding="utf-8").splitlines())
        return same_rows([text_row(row) for row in given], [text_row(row) for row in lines])
    if suffix in FORMATS:
        media, format_ = FORMATS[suffix]
        expected = rows_of(case.result.read_bytes(), format_)
        return same_rows(rows_of(answered(service, case, media), format_), expected)
    triples = triples_of(case.result)
    if any(t.object == ox.NamedNode(RS + "ResultSet") for t in triples):
        media, format_ = FORMATS[".srj"]
        return same_rows(rows_of(answered(service, case, media), format_), written_rows(triples))
    given_triples = ox.parse(answered(service, case, "application/n-triples"), N_TRIPLES)
    return same_graphs([quad.triple for quad in given_triples], triples)


def answered(service: Service, case: Case, media: str) -> bytes:
    answer = service.ask(case, media)
    if answer.status_code != 200:
        raise LookupError(answer.text)
    assert answer.headers["content-type"].partition(";")[0] == media
    return answer.content


def passes(service: Service, case: Case) -> bool:
    if case.kind in EVALUATION:
        try:
            return agrees(service, case)
        except LookupError:
            return False
    status = service.ask(case, "application/sparql-results+json, text/turtle").status_code
    assert status in (200, 400, 403), case.name
    # SERVICE, updates and functions may be legal, though nothing that this service does.
    if case.kind in BROKEN:
        return status == (403 if case.query.suffix == ".ru" else 400)
    return status in (200, 403)


@pytest.mark.skipif(
    not suite().is_dir(), reason="FOLKMOTE_SUITES is unset: no SPARQL suite of the W3C to run"
)
def test_the_queries_of_the_suite_are_answered_but_for_those_that_are_listed(
    service: Service,
) -> None:
    cases = [one for one in all_cases() if one.kind in (*EVALUATION, *SOUND, *BROKEN)]
    counts = Counter(case.name.startswith("sparql12/") for case in cases)
    assert counts == {False: 831, True: 246}
    assert {case.name for case in cases if not passes(service, case)} == set(known())


def test_each_known_failure_has_a_reason() -> None:
    assert all(reason.strip() for reason in known().values())
