"""One query over one store: datasets, formats, limits of size, and errors that say where."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from publish import dataset, errors, scanning
from publish.stores import Answer, Job, evaluation

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
N_TRIPLES = "application/n-triples"
RESULTS = (JSON, XML, CSV, TSV)
RDF = {
    TURTLE: ox.RdfFormat.TURTLE,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}

TRIG = """
@prefix : <http://x/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:here :is :default .
:one { :here :is :one ; :both true . :price :of 1.50 , 01 , "007"^^xsd:int , "plain" , 2.5 . }
:two { :here :is :two ; :both true . :price :of 1.5 . :part :of "two\\nlines \\"},{\\" </result>" . }
"""


def loaded(tmp_path: Path, text: str = TRIG, default: str = "") -> evaluation.LocalStore:
    path = tmp_path / "data.trig"
    path.write_text(text, encoding="utf-8")
    return evaluation.open_store(dataset.load_file(path), default)


@pytest.fixture
def store(tmp_path: Path) -> evaluation.LocalStore:
    return loaded(tmp_path)


def ask(store: evaluation.LocalStore, text: str, media: str = CSV, **more) -> Answer:
    given = {"rows": 1000, "size": 1_000_000, "exact": scanning.form(text) == "DESCRIBE"} | more
    return evaluation.evaluate(store, Job("PREFIX : <http://x/> " + text, media, **given))


def values(answer: Answer) -> list[str]:
    return sorted(line.rpartition("/")[2] for line in answer.body.decode().splitlines()[1:])


WHERE = "SELECT ?o { :here :is ?o }"
EACH = "SELECT ?o { GRAPH ?g { :here :is ?o } }"


# --- which graphs a query sees ---------------------------------------------------------------


def test_a_bare_file_shows_its_own_default_graph(store) -> None:
    assert values(ask(store, WHERE)) == ["default"]
    assert values(ask(store, EACH)) == ["one", "two"]


def test_the_union_shows_each_triple_once(tmp_path: Path) -> None:
    union = loaded(tmp_path, default="union")
    assert values(ask(union, WHERE)) == ["default", "one", "two"]
    assert values(ask(union, "SELECT ?s { ?s :both true }")) == ["here"]


ODD = r"""
:here :is "\u0000\u0007\r\n\t\\ \" ' {}", <http://x/a%20b?c=\u00e9#d>, "1"^^<urn:x>, "مرحبا"@ar--rtl, 1e0, -0.
<http://x/%7e> :said <<( :s :p "o"@en-GB )>> .
"""


def test_every_term_is_loaded_as_if_it_were_added_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "odd.ttl"
    path.write_text("@prefix : <http://x/> .\n" + ODD)
    data = dataset.load_file(path)
    alone = ox.Store()
    for triple in data.triples(""):
        alone.add(ox.Quad(*triple))
    assert {*evaluation.open_store(data).store} == {*alone}
    assert len(alone) == 7


def test_a_nameless_thing_is_the_same_in_its_graph_and_in_the_union(tmp_path: Path) -> None:
    text = "@prefix : <http://x/> .\n:one { :here :has [ :is :deep ] }"
    both = "ASK { GRAPH :one { :here :has ?x } ?x :is :deep }"
    assert b"true" in ask(loaded(tmp_path, text, "union"), both, JSON).body


def test_as_many_things_are_loaded_as_there_are(tmp_path: Path) -> None:
    many = "".join(f":n{n} :is {n} . " for n in range(10_001))
    store = loaded(tmp_path, f"@prefix : <http://x/> .\n:one {{ {many} }}", "union")
    counts = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH :one { ?s ?p ?o } } }"
    assert values(ask(store, counts)) == ["20002"]


def test_a_folder_shows_the_union_of_all_but_the_shapes(foreign: dataset.Dataset) -> None:
    folder = evaluation.open_store(foreign)
    found = ask(folder, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert found.body.decode().split() == ["n", str(len(set(foreign.union())))]
    shape = "?s a <http://www.w3.org/ns/shacl#NodeShape>"
    assert ask(folder, f"ASK {{ {shape} }}", JSON).body == b'{"head":{},"boolean":false}'
    inside = f"ASK {{ GRAPH <{foreign.shapes_graph}> {{ {shape} }} }}"
    assert ask(folder, inside, JSON).body == b'{"head":{},"boolean":true}'
    graphs = ask(folder, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert graphs.rows == len(foreign.graphs)


@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        (WHERE, ["http://x/one"], None, ["one"]),
        (WHERE, ["http://x/one", "http://x/two"], None, ["one", "two"]),
        (WHERE, ["http://x/none"], None, []),
        (WHERE, None, ["http://x/one"], []),
        (EACH, None, ["http://x/one"], ["one"]),
        (EACH, ["http://x/one"], None, []),
        (EACH, ["http://x/one"], ["http://x/two"], ["two"]),
        (EACH, None, ["http://x/none"], []),
        (WHERE, ["http://x/one", "http://x/one"], None, ["one"]),
        # what the request says replaces what the query says
        ("SELECT ?o FROM :two { :here :is ?o }", ["http://x/one"], None, ["one"]),
        ("SELECT ?o FROM :two { :here :is ?o }", None, ["http://x/one"], []),
        (
            "SELECT ?o FROM NAMED :two { GRAPH ?g { :here :is ?o } }",
            ["http://x/one"],
            None,
            [],
        ),
        # without a word from the request, the query decides
        ("SELECT ?o FROM :two { :here :is ?o }", None, None, ["two"]),
        ("SELECT ?o FROM :none { :here :is ?o }", None, None, []),
        ("SELECT ?o FROM <file:///etc/passwd> { ?s ?p ?o }", None, None, []),
        ("SELECT ?o FROM NAMED :two { GRAPH ?g { :here :is ?o } }", None, None, ["two"]),
        ("SELECT ?o FROM NAMED :two { :here :is ?o }", None, None, []),
    ],
)
def test_the_request_or_the_query_chooses_among_the_graphs(
    store, text: str, default, named, expected
) -> None:
    chosen = [None if graphs is None else tuple(graphs) for graphs in (default, named)]
    answer = ask(store, text, default_graphs=chosen[0], named_graphs=chosen[1])
    assert values(answer) == expected


def test_a_graph_must_be_named_by_an_absolute_iri(store) -> None:
    with pytest.raises(errors.QuerySyntaxError, match="the graph `one` is not named by an absolut"):
        ask(store, WHERE, default_graphs=("one",))


def test_relative_iris_are_resolved_against_the_base(store, foreign: dataset.Dataset) -> None:
    about = "SELECT ?o { <here> :is ?o }"
    assert values(ask(store, about, base="http://x/")) == ["default"]
    folder = evaluation.open_store(foreign)
    said = ask(folder, "ASK { <dataset> a ?kind }", JSON)
    assert said.body == b'{"head":{},"boolean":true}'


# --- exact spelling --------------------------------------------------------------------------


def triples(answer: Answer) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(answer.body, RDF[answer.media])}


def source(iri: str) -> set[str]:
    quads = ox.parse(TRIG, ox.RdfFormat.TRIG)
    return {str(quad.triple) for quad in quads if quad.subject == ox.NamedNode(iri)}


@pytest.mark.parametrize("media", RDF)
def test_describe_spells_literals_as_the_source_does(tmp_path: Path, media: str) -> None:
    answer = ask(loaded(tmp_path, default="union"), "DESCRIBE :price", media)
    expected = source("http://x/price")
    assert {str(triple) for triple in triples(answer)} == expected
    assert answer.rows == len(expected) == 6


def test_construct_answers_in_values(store) -> None:
    answer = ask(store, "CONSTRUCT { ?s ?p ?o } { GRAPH :one { ?s ?p ?o FILTER(?o = 1) } }", TURTLE)
    assert [str(one.object) for one in triples(answer)] == [
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


# --- formats ---------------------------------------------------------------------------------


@pytest.mark.parametrize("media", RESULTS)
def test_rows_are_counted_in_every_format(store, media: str) -> None:
    text = "SELECT ?o { GRAPH :two { ?s ?p ?o } }"
    assert ask(store, text, media).rows == 4
    assert ask(store, text + " LIMIT 1", media).rows == 1
    assert ask(store, text + " LIMIT 0", media).rows == 0


@pytest.mark.parametrize("media", RESULTS)
def test_rows_are_counted_across_the_pieces_in_which_they_are_written(tmp_path, media) -> None:
    tricky = r"a\"},{\"\r\n</result>"
    lines = "".join(f':s{n} :p "{tricky}{n % 97 * "x"}" .\n' for n in range(3000))
    store = loaded(tmp_path, "@prefix : <http://x/> . " + lines)
    assert ask(store, "SELECT ?s ?o { ?s :p ?o }", media, rows=3000).rows == 3000
    with pytest.raises(errors.QueryTooLarge):
        ask(store, "SELECT ?s ?o { ?s :p ?o }", media, rows=2999)


def test_a_boolean_is_answered(store) -> None:
    assert ask(store, "ASK {}", JSON).body == b'{"head":{},"boolean":true}'
    assert b"<boolean>true</boolean>" in ask(store, "ASK {}", XML).body


def test_turtle_has_the_prefixes_that_it_uses_in_order(foreign: dataset.Dataset) -> None:
    folder = evaluation.open_store(foreign)
    text = "CONSTRUCT { ?s a ?kind } WHERE { ?s a ?kind }"
    lines = ask(folder, text, TURTLE).body.decode().splitlines()
    header = lines[: lines.index("")]
    assert header
    assert header == sorted(header)
    for line in header:
        name = line.split()[1]
        assert any(
            re.search(rf"(^|[\s,]){re.escape(name)}", below) for below in lines[len(header) :]
        )


def test_a_form_is_answered_only_in_its_formats(store) -> None:
    with pytest.raises(errors.NotAcceptable, match="SELECT and ASK cannot be answered as `text/tu"):
        ask(store, WHERE, TURTLE)
    with pytest.raises(errors.NotAcceptable) as caught:
        ask(store, "DESCRIBE :here", CSV)
    assert TURTLE in caught.value.offers


# --- limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("media", RESULTS)
def test_more_rows_than_allowed_are_an_error_and_never_fewer_rows(store, media: str) -> None:
    text = "SELECT ?o { GRAPH :two { ?s ?p ?o } }"
    assert ask(store, text, media, rows=4).complete
    with pytest.raises(errors.QueryTooLarge, match="more than 3 rows; add a LIMIT"):
        ask(store, text, media, rows=3)


@pytest.mark.parametrize("media", RDF)
def test_more_triples_than_allowed_are_an_error(store, media: str) -> None:
    text = "CONSTRUCT { ?s ?p ?o } { GRAPH :two { ?s ?p ?o } }"
    assert ask(store, text, media, rows=4).rows == 4
    with pytest.raises(errors.QueryTooLarge, match="more than 3 triples"):
        ask(store, text, media, rows=3)


@pytest.mark.parametrize("media", [*RESULTS, *RDF])
def test_more_bytes_than_allowed_are_an_error(store, media: str) -> None:
    where = "{ GRAPH ?g { ?s ?p ?o } }"
    text = f"SELECT * {where}" if media in RESULTS else f"CONSTRUCT {{ ?s ?p ?o }} {where}"
    size = len(ask(store, text, media).body)
    # In Turtle the prefixes count that are left out at the end.
    assert len(ask(store, text, media, size=size + 200).body) == size
    with pytest.raises(errors.QueryTooLarge, match=f"more than {size // 2} bytes"):
        ask(store, text, media, size=size // 2)


@pytest.mark.parametrize("media", RESULTS)
def test_people_get_the_first_rows_and_are_told(store, media: str) -> None:
    text = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY STR(?o)"
    whole = ask(store, text, media)
    part = ask(store, text, media, rows=3, partial=True)
    assert (part.rows, part.complete) == (3, False)
    assert same_rows(whole, part, 3)
    everything = ask(store, text, media, rows=whole.rows, partial=True)
    assert (everything.rows, everything.complete) == (whole.rows, True)
    assert same_rows(whole, everything, whole.rows)


def same_rows(whole: Answer, part: Answer, count: int) -> bool:
    form = {
        JSON: ox.QueryResultsFormat.JSON,
        XML: ox.QueryResultsFormat.XML,
        TSV: ox.QueryResultsFormat.TSV,
    }
    if whole.media == CSV:
        return whole.body.startswith(part.body)
    read = [ox.parse_query_results(one.body, form[one.media]) for one in (whole, part)]
    rows = [[str(row) for row in one] for one in read if isinstance(one, ox.QuerySolutions)]
    return rows[0][:count] == rows[1]


def test_the_first_rows_may_be_none(tmp_path: Path) -> None:
    store = loaded(tmp_path, f'<a:a> <a:b> "{"x" * 20_000}" .')
    part = ask(store, "SELECT * { ?s ?p ?o }", JSON, size=5_000, partial=True)
    assert (part.rows, part.complete) == (0, False)
    assert json.loads(part.body)["results"]["bindings"] == []


def test_no_row_is_shown_twice_when_the_bytes_run_out(tmp_path: Path) -> None:
    store = loaded(tmp_path, "".join(f"<a:{n}> <a:b> {n} .\n" for n in range(2000)))
    part = ask(store, "SELECT ?o { ?s ?p ?o }", TSV, size=20_000, rows=2000, partial=True)
    rows = part.body.split()[1:]
    assert not part.complete
    assert 0 < len(rows) == len(set(rows)) == part.rows < 2000


def test_rows_that_bind_nothing_are_cut_too(store) -> None:
    part = ask(store, "SELECT ?none { GRAPH ?g { ?s ?p ?o } }", JSON, rows=2, partial=True)
    assert json.loads(part.body)["results"]["bindings"] == [{}, {}]
    assert not part.complete


def test_people_get_the_first_triples(store) -> None:
    text = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"
    part = ask(store, text, TURTLE, rows=2, partial=True)
    assert (part.rows, part.complete, len(triples(part))) == (2, False, 2)
    part = ask(store, text, TURTLE, size=200, partial=True)
    assert (part.rows, part.complete, len(triples(part))) == (1, False, 1)
    assert ask(store, text, TURTLE, partial=True).complete


# --- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "reason", "expected"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT x", (1, 29), "`x` cannot stand here", {"a number"}),
        ("SELEC * { ?s ?p ?o }", (1, 1), "`SELEC` cannot stand here", {"SELECT", "PREFIX"}),
        ("SELECT ?s WHERE ?s ?p ?o }", (1, 17), "`?s` cannot stand here", {"`{`"}),
        ("SELECT * {?s ?p}", (1, 16), "`}` cannot stand here", {"a variable", "an IRI", "a text"}),
        (
            "SELECT * {\n  ?s ?p ?o .\n  FILTER(?o > )\n}",
            (3, 15),
            "`)` cannot stand here; expected a variable, an IRI, a text, a number, a function",
            {"a variable", "NOT"},
        ),
        ("SELECT * { ?s ?p ?o . FILTER regex(?o, 'a' }", (1, 44), "`}` cannot stand", {"`)`"}),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", (1, 19), "`?n` cannot stand here", {"AS"}),
        ("SELECT * { ?s ?p ?o }\n\n garbage", (3, 2), "`garbage` cannot", {"LIMIT", "ORDER"}),
        ("SELECT * { ?s ?p ?o } ORDER ?s", (1, 29), "`?s` cannot stand here; expected BY", {"BY"}),
        ("SELECT * {\n ?é ?p ?o", (2, 10), "the query ends too early", {"`}`", "`.`"}),
        ("SELECT * { ?s ?p 'abc }", (1, 18), "the text that begins here is not closed", {"a text"}),
        ("SELECT * { ?s <p q> ?o }", (1, 15), "`<p` cannot stand here", {"an IRI"}),
        ("", (1, 1), "the query ends too early", {"SELECT", "ASK"}),
        ("INSERT DATA {}", (1, 1), "`INSERT` cannot stand here", {"SELECT"}),
        (
            "SELECT ?x (COUNT(*) AS ?n) {}",
            (1, 30),
            "the SELECT contains a variable that is unbou",
            set(),
        ),
        ("SELECT * { BIND(1 AS ?a) BIND(2 AS ?a) }", (None, None), "each word stands", set()),
    ],
)
def test_a_wrong_query_is_answered_with_line_column_reason_and_what_was_expected(
    store, text, place, reason, expected
) -> None:
    with pytest.raises(errors.QuerySyntaxError) as caught:
        evaluation.evaluate(store, Job(text, CSV, 10, 10_000))
    assert caught.value.reason.startswith(reason)
    assert (caught.value.line, caught.value.column) == place
    assert expected <= set(caught.value.expected)
    assert bool(expected) == bool(caught.value.expected)


def test_what_the_engine_alone_says_keeps_the_place_that_it_names() -> None:
    said = "error at 2:5: expected one of This value is not allowed, [_]"
    error = evaluation.explained(said, "SELECT *\n{ ?s ?p ?o }")
    assert (error.line, error.column, error.reason) == (2, 5, "this value is not allowed")


def test_half_a_surrogate_pair_is_no_text(store) -> None:
    with pytest.raises(errors.QuerySyntaxError, match="half of a surrogate pair"):
        ask(store, "SELECT * { ?s ?p '\ud800' }")


def test_a_function_that_is_not_known_is_named(store) -> None:
    with pytest.raises(errors.QueryRefused, match="function <http://x/f> is not supported"):
        ask(store, "SELECT (:f(1) AS ?x) {}")


def test_a_comment_at_the_end_is_no_error(store) -> None:
    assert ask(store, "ASK {} # done", JSON).body == b'{"head":{},"boolean":true}'


def test_a_store_keeps_what_it_was_made_from(store) -> None:
    with pytest.raises(AttributeError):
        store.base = "http://y/"
    assert replace(store, base="http://y/").base == "http://y/"


# --- giving an account -----------------------------------------------------------------------


def account(store: evaluation.LocalStore, text: str, **more: Any) -> dict:
    job = Job(text, "application/json", rows=100, size=100_000, explain=True)._replace(**more)
    said: dict = json.loads(evaluation.evaluate(store, job).body)
    return said


def test_an_account_tells_how_many_solutions_each_pattern_has(tmp_path: Path) -> None:
    lines = "".join(f":s{n} a :Thing ; :p {n} , {n + 1} .\n" for n in range(10))
    graph = ":g { :a :p 1 . :b :p 2 }"
    store = loaded(tmp_path, f"@prefix : <http://x/> . {lines} {graph}")
    text = """PREFIX : <http://x/>
SELECT ?s WHERE {
  ?s a :Thing ; :p ?one , 3 .
  GRAPH ?g { ?x :p|^:q ?y }
  OPTIONAL { ?s :none [ :p 1 ] }
}"""
    said = account(store, text)
    assert [(one["pattern"], one["graph"], one["solutions"]) for one in said["patterns"]] == [
        ("?s a :Thing", "", 10),
        ("?s :p ?one", "", 20),
        ("?s :p 3", "", 2),
        ("?x :p|^:q ?y", "?g", 2),
        ("?s :none [ :p 1 ]", "", 0),
    ]
    whole = ask(store, text, JSON)
    assert (said["rows"], said["bytes"], said["format"]) == (whole.rows, len(whole.body), JSON)
    assert said["seconds"].keys() == {"prepare", "answer"}
    assert all(0 <= seconds < 60 for seconds in said["seconds"].values())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ASK { ?s ?p ?o }", 1),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", 1),
        ("DESCRIBE <http://x/a>", 0),
        ("SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s ?p ?o } } FILTER EXISTS { ?s ?q ?r } }", 2),
    ],
)
def test_an_account_is_given_of_every_form(store, text: str, count: int) -> None:
    assert len(account(store, text)["patterns"]) == count


def test_an_account_keeps_to_the_graphs_of_the_query(tmp_path: Path) -> None:
    store = loaded(tmp_path, "<a:a> <a:p> 1 . <a:g> { <a:b> <a:p> 2 . <a:c> <a:p> 3 }")
    (pattern,) = account(store, "SELECT * FROM <a:g> { ?s ?p ?o }")["patterns"]
    assert pattern["solutions"] == 2
    given = account(store, "SELECT * { ?s ?p ?o }", default_graphs=("a:g",), named_graphs=())
    assert given["patterns"][0]["solutions"] == 2


def test_what_goes_wrong_with_a_query_goes_wrong_with_its_account(store) -> None:
    with pytest.raises(errors.QuerySyntaxError):
        account(store, "SELECT * { ?s ?p }")
    with pytest.raises(errors.QueryTooLarge):
        account(store, "SELECT * { GRAPH ?g { ?s ?p ?o } }", rows=1)
