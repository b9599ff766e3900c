"""A data set asked from Python: in this process and over HTTP alike."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas
import pytest
import rdflib
import serving
from conftest import FOREIGN

import publish
from publish import client, errors
from publish.client import IRI, Client, Text

NAMES = "SELECT ?who ?name WHERE { ?who a foaf:Person ; skos:prefLabel ?name } ORDER BY ?name"
LENARD = IRI("https://example.org/strahlen/id/person/lenard")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving.server(FOREIGN) as home:
        yield home


@pytest.fixture(scope="module", params=["folder", "server", "endpoint"])
def ds(request: pytest.FixtureRequest) -> Iterator[Client]:
    """The same data set, opened in each way."""
    if request.param == "folder":
        source = str(FOREIGN)
    else:
        home = request.getfixturevalue("address")
        source = home if request.param == "server" else f"{home}/sparql"
    with publish.open(source) as opened:
        yield opened


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path = tmp_path_factory.mktemp("client") / "data.ttl"
    path.write_text('<http://x/a> <http://x/p> "a \\"quoted\\" $word" .', encoding="utf-8")
    with publish.open(path, prefixes={"x": "http://x/"}) as opened:
        yield opened


# --- asking ----------------------------------------------------------------------------------


def test_the_shipped_data_set_is_open_in_one_line() -> None:
    with publish.open() as ds:
        assert ds.ask("ASK { ?who a foaf:Person }")
        assert "Kropotkin" in repr(ds)


def test_rows_have_names_and_values(ds: Client) -> None:
    rows = ds.select(NAMES)
    assert rows.columns == ("who", "name")
    assert len(rows) == 6
    row = rows[3]
    assert tuple(row) == (LENARD, "Lenard")
    assert row.who == row["who"] == row[0] == LENARD
    assert isinstance(row.who, IRI)
    assert dict(row) == {"who": LENARD, "name": "Lenard"}
    assert [one.name for one in rows[:2]] == ["Crookes", "Hertz"]
    with pytest.raises(AttributeError, match="no `title`; it has who, name"):
        _ = row.title
    with pytest.raises(KeyError):
        row["title"]


def test_labels_come_beside_what_they_label(ds: Client) -> None:
    query = "SELECT ?who WHERE { ?who a foaf:Person } ORDER BY ?who"
    for languages in ("", "de, en"):
        rows = ds.select(query, labels=languages)
        assert rows.columns == ("who", "whoLabel")
        assert {row.whoLabel for row in rows} > {"Lenard", "Hertz"}
    graph = ds.construct("CONSTRUCT { ?who a foaf:Person } WHERE { ?who a foaf:Person }", labels="")
    assert rdflib.Literal("Lenard") in {rdflib.Literal(str(one)) for one in graph.objects()}


def test_yes_and_no_are_booleans(ds: Client) -> None:
    assert ds.ask("ASK { ?who a foaf:Person }") is True
    assert ds.ask("ASK { ?who a <http://example.org/nothing> }") is False


def test_graphs_are_those_of_rdflib(ds: Client) -> None:
    graph = ds.construct("CONSTRUCT { ?who a foaf:Person } WHERE { ?who a foaf:Person }")
    assert len(graph) == 6
    assert (rdflib.URIRef(LENARD), rdflib.RDF.type, rdflib.FOAF.Person) in graph
    about = ds.describe(LENARD)
    assert (rdflib.URIRef(LENARD), rdflib.RDF.type, rdflib.FOAF.Person) in about


def test_a_thing_is_described_by_its_short_name() -> None:
    with publish.open(FOREIGN) as ds:
        assert set(ds.describe("person:lenard")) == set(ds.describe(LENARD))


def test_a_query_of_another_form_is_turned_away_with_the_right_name(ds: Client) -> None:
    with pytest.raises(errors.QueryRefused, match="use `construct`"):
        ds.select("CONSTRUCT WHERE { ?a ?b ?c }")
    with pytest.raises(errors.QueryRefused, match="use `ask`"):
        ds.select("ASK {}")
    with pytest.raises(errors.QueryRefused, match="use `select`"):
        ds.ask("SELECT * {}")


def test_a_wrong_query_is_placed_where_the_reader_wrote_it(ds: Client) -> None:
    with pytest.raises(errors.QuerySyntaxError) as caught:
        ds.select("SELECT * WHERE { ?who a foaf:Person } LIMIT x")
    assert (caught.value.line, caught.value.column) == (1, 45)
    assert str(caught.value).count("line 1") == 1
    with pytest.raises(errors.QuerySyntaxError, match="line 1, column 23: the prefix `nope:`"):
        ds.select("SELECT * WHERE { ?a a nope:thing }")


# --- values in a query -----------------------------------------------------------------------


def test_a_value_takes_the_place_of_a_name(ds: Client) -> None:
    (row,) = ds.select("SELECT ?name WHERE { $who skos:prefLabel ?name }", who=LENARD)
    assert row.name == "Lenard"
    assert isinstance(row.name, Text)
    (row,) = ds.select("SELECT ?who WHERE { ?who skos:prefLabel $name }", name=row.name)
    assert row.who == LENARD


def test_a_value_is_never_read_as_sparql(small: Client) -> None:
    text = 'a "quoted" $word'
    assert small.select("SELECT ?s { ?s x:p $text }", text=text)[0].s == "http://x/a"
    evil = '" } ; DROP ALL # \\'
    assert len(small.select("SELECT ?s { ?s x:p $text }", text=evil)) == 0
    (row,) = small.select("SELECT ($text AS ?back) {}", text=evil)
    assert row.back == evil
    for wrong in (IRI("http://x/> ?p ?o }"), IRI("relative"), rdflib.URIRef("a b")):
        with pytest.raises(errors.QuerySyntaxError, match="the value of `\\$thing`"):
            small.select("SELECT * { $thing ?p ?o }", thing=wrong)
    with pytest.raises(errors.QuerySyntaxError, match="the value of `\\$text`"):
        small.select("SELECT * { ?s ?p $text }", text=Text("a", "en . ?s ?p ?o"))


def test_a_name_is_filled_only_where_a_variable_can_stand(small: Client) -> None:
    query = "SELECT ('$x' AS ?text) ($x AS ?value) (?x AS ?other) { } # $x"
    (row,) = small.select(query, x=1)
    assert tuple(row) == ("$x", 1, None)


def test_a_name_that_the_query_does_not_have_is_an_error(small: Client) -> None:
    with pytest.raises(errors.QuerySyntaxError, match="no `\\$who`"):
        small.select("SELECT * { ?who ?p ?o }", who=LENARD)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        -5,
        10**30,
        Decimal("-1.50"),
        2.5,
        float("inf"),
        -float("inf"),
        "",
        "line\nbreak\t\"'\\",
        "\u00fc\U0001f600",
        date(2026, 1, 31),
        datetime(2026, 1, 31, 12, 30, tzinfo=UTC),
        datetime(2026, 1, 31, 12, 30, 0, 500_000),
        IRI("https://example.org/\u00fc"),
        Text("chat", "fr"),
    ],
)
def test_a_value_comes_back_as_it_went(small: Client, value: object) -> None:
    (row,) = small.select("SELECT ($value AS ?back) {}", value=value)
    assert row.back == value
    assert type(row.back) is type(value)
    assert getattr(row.back, "language", None) == getattr(value, "language", None)


def test_terms_of_rdflib_are_what_they_are(small: Client) -> None:
    for term in (rdflib.URIRef("http://x/a"), rdflib.Literal("a", lang="en"), rdflib.Literal(5)):
        graph = small.construct("CONSTRUCT { x:s x:p $term } WHERE {}", term=term)
        assert list(graph.objects()) == [term]
    for wrong in (rdflib.BNode(), client.Blank("b"), object(), None, [1], Decimal("NaN")):
        with pytest.raises(errors.QuerySyntaxError, match="cannot stand in a query"):
            small.select("SELECT ($term AS ?x) {}", term=wrong)


def test_what_python_has_no_value_for_stays_text(small: Client) -> None:
    values = '"P1D"^^xsd:duration "abc"^^xsd:integer "1_0"^^xsd:integer "-0044-03-15"^^xsd:date'
    rows = small.select(
        f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?v {{ VALUES ?v {{ {values} }} }}"
    )
    assert [row.v for row in rows] == ["P1D", "abc", "1_0", "-0044-03-15"]
    assert {type(row.v) for row in rows} == {str}


# --- looking at answers ----------------------------------------------------------------------


def test_pandas_takes_the_rows_as_they_are(ds: Client) -> None:
    rows = ds.select(NAMES)
    for frame in (pandas.DataFrame(rows), rows.to_pandas()):
        assert list(frame.columns) == ["who", "name"]
        assert frame[frame.who == str(LENARD)].name.tolist() == ["Lenard"]
    none = ds.select("SELECT ?a ?b { ?a <http://x/nothing> ?b }").to_pandas()
    assert (list(none.columns), len(none)) == (["a", "b"], 0)


def test_names_that_python_reserves_are_columns_too(small: Client) -> None:
    rows = small.select("SELECT (1 AS ?class) (2 AS ?_x) (3 AS ?count) (4 AS ?1) {}")
    assert rows[0]["class"] == 1
    assert rows[0]["count"] == 3
    assert list(pandas.DataFrame(rows).columns) == ["class", "_x", "count", "1"]


def test_a_notebook_shows_a_table_in_which_nothing_is_markup(small: Client) -> None:
    rows = small.select(
        "SELECT ?a ?b { VALUES (?a ?b) { (<http://x/a> '<b>'@en) (<javascript:alert(1)> UNDEF) } }"
    )
    shown = rows._repr_html_()
    assert '<a href="http://x/a">http://x/a</a>' in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert 'href="javascript' not in shown
    assert "2 rows" in shown
    numbers = " ".join(map(str, range(60)))
    many = small.select(f"SELECT ?n {{ VALUES ?n {{ {numbers} }} }}")
    assert "the first 50 of 60 rows" in many._repr_html_()


def test_values_are_strings_for_whoever_wants_strings() -> None:
    assert json.dumps([LENARD, Text("chat", "fr")]) == f'["{LENARD}", "chat"]'
    back = pickle.loads(pickle.dumps(Text("chat", "fr")))  # noqa: S301 (what was just written)
    assert (back, back.language) == ("chat", "fr")


# --- what goes wrong -------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_named() -> None:
    address = f"http://127.0.0.1:{serving.free_port()}"
    with pytest.raises(errors.StoreUnavailable, match=f"{address}/health does not answer"):
        publish.open(address)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.FolkmoteError, match="nowhere"):
        publish.open(tmp_path / "nowhere")


def test_a_closed_data_set_says_so() -> None:
    ds = publish.open(FOREIGN)
    ds.close()
    with pytest.raises(errors.StoreUnavailable, match="was closed"):
        ds.ask("ASK {}")


def test_a_server_says_why_it_refuses(address: str) -> None:
    with publish.open(address) as ds, pytest.raises(errors.QueryRefused, match="SERVICE"):
        ds.select("SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }")


def test_opening_loads_neither_the_web_nor_pandas() -> None:
    code = (
        f"import publish, sys; publish.open({str(FOREIGN)!r}).select('SELECT * {{}}');"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "publish" in loaded, done.stderr
    assert not loaded & {"fastapi", "starlette", "pandas", "rdflib", "pyshacl", "typer"}
