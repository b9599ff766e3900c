"""The SPARQL 1.1 Protocol, read only, and the page where people ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import serving
from serving import Client, assert_problem

SELECT = "SELECT ?name WHERE { ?who a foaf:Person ; skos:prefLabel ?name } ORDER BY ?name"
PREFIXES = (
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
NAMES = ["Crookes", "Hertz", "Hittorf", "Lenard", "Ruhmkorff", "Wilhelm Conrad Röntgen"]
ASK = "ASK { ?a ?b ?c }"
CONSTRUCT = "CONSTRUCT WHERE { ?a a <http://xmlns.com/foaf/0.1/Person> }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
TEXT = "https://example.org/strahlen/graph/text"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def foreign() -> Iterator[Client]:
    with serving.client(serving.foreign(), query_length=2000) as client:
        yield client


@pytest.fixture(scope="module", params=[serving.essay, serving.foreign], ids=["essay", "foreign"])
def either(request: pytest.FixtureRequest) -> Iterator[Client]:
    with serving.client(request.param()) as client:
        yield client


def ask(client: Client, query: str, accept: str = "*/*", **more: str):
    return client.get(f"/sparql?{urlencode({'query': query, **more})}", accept)


def post(client: Client, body: str | bytes, media: str | None, accept: str = "*/*", more: str = ""):
    content = body.encode() if isinstance(body, str) else body
    headers = {"Accept": accept} | ({"Content-Type": media} if media else {})
    return client.request("POST", f"/sparql{more}", content=content, headers=headers)


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"]["value"] for row in answer.json()["results"]["bindings"]]


# --- the protocol ----------------------------------------------------------------------------


def test_a_query_is_asked_in_three_ways(foreign: Client) -> None:
    text = PREFIXES + SELECT
    answers = [
        ask(foreign, text),
        post(foreign, urlencode({"query": text}), FORM),
        post(foreign, text, QUERY),
        post(foreign, text, f"{QUERY}; charset=UTF-8"),
        foreign.get(f"/sparql/?{urlencode({'query': text})}"),
    ]
    for answer in answers:
        assert names(answer) == NAMES
        assert answer.headers["content-type"] == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/csv;q=0.1, application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, serving.BROWSER, "text/html; charset=utf-8"),
        (ASK, "*/*", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, serving.BROWSER, "text/html; charset=utf-8"),
        ("DESCRIBE <https://example.org/strahlen/dataset>", "*/*", "text/turtle; charset=utf-8"),
    ],
)
def test_the_answer_has_the_format_that_is_asked_for(
    foreign: Client, query: str, accept: str, media: str
) -> None:
    answer = ask(foreign, PREFIXES + query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("name", ["csv", "text/csv"])
def test_a_format_can_be_named_in_the_address(foreign: Client, name: str) -> None:
    answer = ask(foreign, PREFIXES + SELECT, serving.BROWSER, format=name)
    assert answer.text.splitlines() == ["name", *NAMES]


@pytest.mark.parametrize(
    ("query", "accept"), [(ASK, "text/csv"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv")]
)
def test_a_format_that_cannot_hold_the_answer_is_refused(
    foreign: Client, query: str, accept: str
) -> None:
    said = assert_problem(ask(foreign, PREFIXES + query, accept), 406)
    assert accept not in said["offers"]
    assert said["offers"]


def test_the_graphs_of_the_request_are_the_ones_that_are_asked(foreign: Client) -> None:
    count = "SELECT (COUNT(*) AS ?name) WHERE { ?a ?b ?c }"
    text = len(foreign.dataset.graphs[TEXT])
    assert names(ask(foreign, count, **{"default-graph-uri": TEXT})) == [str(text)]
    assert names(ask(foreign, count, **{"default-graph-uri": "http://example.org/none"})) == ["0"]
    inside = "SELECT (COUNT(*) AS ?name) WHERE { GRAPH ?g { ?a ?b ?c } }"
    assert names(ask(foreign, inside, **{"named-graph-uri": TEXT})) == [str(text)]
    assert names(ask(foreign, count, **{"named-graph-uri": TEXT})) == ["0"]
    more = f"?default-graph-uri={quote(TEXT, '')}"
    assert names(post(foreign, count, QUERY, more=more)) == [str(text)]
    body = urlencode([("query", count), ("default-graph-uri", TEXT)])
    assert names(post(foreign, body, FORM)) == [str(text)]


def test_prefixes_are_implied_only_when_asked_for(foreign: Client) -> None:
    assert_problem(ask(foreign, SELECT), 400)
    assert names(ask(foreign, SELECT, prefixes="dataset")) == NAMES
    assert_problem(ask(foreign, SELECT, prefixes="all"), 400)


def test_lines_are_counted_as_the_client_counts_them(foreign: Client) -> None:
    said = assert_problem(ask(foreign, "SELECT *\nWHERE { ?a ?b }", prefixes="dataset"), 400)
    assert said["line"] == 2


def test_a_syntax_error_says_where_it_is_in_every_form(foreign: Client) -> None:
    wrong = "SELECT *\nWHERE { ?a ?b }"
    said = assert_problem(ask(foreign, wrong), 400)
    assert (said["line"], said["column"]) == (2, 15)
    assert said["type"] == f"{serving.HOME}/help#query-syntax"
    text = ask(foreign, wrong, "text/plain")
    assert text.status_code == 400
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "line 2, column 15" in text.text
    page = ask(foreign, wrong, serving.BROWSER)
    assert page.status_code == 400
    assert "<mark>  2  WHERE { ?a ?b }</mark>" in page.text
    assert 'name="query"' in page.text


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "LOAD <file:///etc/passwd>",
        "DROP ALL",
        "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }",
        "CLEAR ALL",
    ],
)
def test_what_does_more_than_read_is_refused_before_it_runs(foreign: Client, query: str) -> None:
    before = len(foreign.pool.jobs)
    assert_problem(ask(foreign, query), 403)
    assert_problem(post(foreign, query, QUERY), 403)
    assert_problem(post(foreign, query, "application/sparql-update"), 403)
    assert_problem(post(foreign, urlencode({"update": query}), FORM), 403)
    assert_problem(foreign.get(f"/sparql?{urlencode({'update': query})}"), 403)
    assert len(foreign.pool.jobs) == before


def test_exactly_one_query_is_answered(foreign: Client) -> None:
    twice = urlencode([("query", ASK), ("query", ASK)])
    assert_problem(foreign.get(f"/sparql?{twice}"), 400)
    assert_problem(post(foreign, twice, FORM), 400)
    assert_problem(post(foreign, ASK, QUERY, more=f"?{urlencode({'query': ASK})}"), 400)
    assert_problem(post(foreign, "", FORM), 400)
    assert_problem(foreign.get("/sparql?query="), 400)


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (ASK, "text/plain", 415),
        (ASK, None, 415),
        (urlencode({"query": ASK}), None, 415),
        (urlencode({"query": ASK}), "multipart/form-data; boundary=x", 415),
        (ASK.encode("utf-16"), f"{QUERY}; charset=UTF-16", 415),
        (ASK.encode("utf-16"), QUERY, 400),
        ("query=%ff%fe", FORM, 400),
        ("query=\u00fc", FORM, 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    foreign: Client, body: str | bytes, media: str | None, status: int
) -> None:
    assert_problem(post(foreign, body, media), status)


def test_a_parameter_that_is_not_utf8_is_refused(foreign: Client) -> None:
    assert_problem(foreign.get("/sparql?query=%ff"), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_with_those_that_there_are(foreign: Client, method: str) -> None:
    answer = foreign.request(method, "/sparql", content=b"x")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_query_beyond_its_length_is_refused(foreign: Client) -> None:
    assert_problem(ask(foreign, f"{ASK} # {'x' * 2000}"), 413)
    # Far beyond it, the body is not even read to its end.
    assert_problem(post(foreign, b"x" * 1_000_000, QUERY), 413)


def test_a_body_without_a_length_is_read_no_further_than_the_limit(foreign: Client) -> None:
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 10_000_000:
            sent += 10_000
            yield b"x" * 10_000

    answer = foreign.request(
        "POST", "/sparql", content=endless(), headers={"Content-Type": QUERY}
    )
    assert_problem(answer, 413)


def test_unknown_parameters_are_ignored(foreign: Client) -> None:
    assert ask(foreign, ASK, version="1.1", nonsense="1").status_code == 200


def test_an_answer_that_changes_each_time_is_not_kept(foreign: Client) -> None:
    first = ask(foreign, "SELECT (UUID() AS ?name) {}")
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert names(first) != names(ask(foreign, "SELECT (UUID() AS ?name) {}"))


def test_a_repeated_question_is_answered_from_memory(foreign: Client) -> None:
    query = PREFIXES + SELECT + " # again"
    first = ask(foreign, query)
    asked = len(foreign.pool.jobs)
    again = ask(foreign, query)
    assert len(foreign.pool.jobs) == asked
    assert again.content == first.content
    assert again.headers == first.headers
    other = ask(foreign, query, "text/csv")
    assert other.headers["etag"] != first.headers["etag"]
    assert len(foreign.pool.jobs) == asked + 1


# --- the service describes itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("*/*", ox.RdfFormat.TURTLE),
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_without_a_query_the_service_describes_itself(
    either: Client, accept: str, format_: ox.RdfFormat
) -> None:
    answer = either.get("/sparql", accept)
    assert answer.status_code == 200
    found = {quad.triple for quad in ox.parse(answer.content, format_)}
    service = [t.subject for t in found if str(t.object) == f"<{SD}Service>"]
    assert len(service) == 1
    endpoints = [t.object.value for t in found if t.predicate.value == f"{SD}endpoint"]
    assert endpoints == [f"{serving.HOME}/sparql"]
    named = {t.object.value for t in found if t.predicate.value == f"{SD}name"}
    assert named == set(either.dataset.graphs)
    formats = {t.object.value for t in found if t.predicate.value == f"{SD}resultFormat"}
    assert len(formats) == 8


def test_the_description_names_the_public_address() -> None:
    with serving.client(serving.foreign(), base_url="https://example.org/strahlen") as client:
        assert "<https://example.org/strahlen/sparql>" in client.get("/sparql").text


# --- the page --------------------------------------------------------------------------------


def field(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_a_browser_gets_a_form_that_works_without_script(either: Client) -> None:
    page = either.page("/sparql")
    assert '<form class="ask" action="/sparql" method="get">' in page
    assert "<script" not in page
    for name in ("html", "json", "csv", "turtle"):
        assert f'<option value="{name}"' in page
    answer = ask(either, field(page), serving.BROWSER, format="html")
    assert answer.status_code == 200
    assert "<table>" in answer.text


def test_all_prefixes_of_the_data_are_shown(either: Client) -> None:
    page = unescape(either.page("/sparql"))
    for prefix, space in either.dataset.prefixes.items():
        assert f"PREFIX {prefix}: <{space}>" in page


def test_each_saved_question_can_be_asked_and_changed() -> None:
    with serving.client(serving.essay()) as client:
        page = client.page("/sparql")
        links = re.findall(r'href="(/sparql\?example=[^"]+)"', page)
        assert len(links) >= 30
        for link in links[:5]:
            query = field(client.page(unescape(link)))
            answer = ask(client, query, "application/json")
            assert answer.json()["results"]["bindings"]
        assert_problem(client.get("/sparql?example=nothing", "application/problem+json, text/html;q=0.5"), 404)


def test_an_answer_is_a_table_of_labels_and_links(foreign: Client) -> None:
    query = "SELECT ?who ?n WHERE { ?who a <http://xmlns.com/foaf/0.1/Person> BIND(1.5 AS ?n) }"
    page = ask(foreign, query, serving.BROWSER).text
    assert '<a href="/id/person/roentgen"><span lang="de" dir="auto">Wilhelm Conrad Röntgen' in page
    assert '<th scope="col">who</th><th scope="col">n</th>' in page
    assert "6 rows" in page
    assert field(page) == query + "\n" or field(page) == query


def test_an_answer_can_be_had_in_the_other_formats(foreign: Client) -> None:
    query = PREFIXES + SELECT
    params = urlencode({"query": query, "default-graph-uri": TEXT})
    page = foreign.get(f"/sparql?{params}", serving.BROWSER).text
    links = [unescape(one) for one in re.findall(r'href="(/sparql\?[^"]*format=csv[^"]*)"', page)]
    assert len(links) == 1
    assert foreign.get(links[0], serving.BROWSER).text.splitlines() == ["name", *NAMES]


def test_a_long_answer_shows_its_first_rows_and_says_so(foreign: Client) -> None:
    query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    page = ask(foreign, query, serving.BROWSER).text
    assert "Only the first 1000 rows are shown" in page
    assert page.count("<tr>") == 1001


def test_yes_and_no_are_shown_as_such(foreign: Client) -> None:
    assert "Yes" in ask(foreign, ASK, serving.BROWSER).text
    assert "No" in ask(foreign, "ASK { <http://a> ?b ?c }", serving.BROWSER).text


def test_a_graph_is_shown_as_turtle(foreign: Client) -> None:
    page = ask(foreign, CONSTRUCT, serving.BROWSER).text
    assert "&lt;https://example.org/strahlen/id/person/hertz&gt;" in page


def test_nothing_in_an_answer_becomes_markup(tmp_path: Path) -> None:
    evil = '"<script>alert(1)</script>"@en, <javascript:alert(1)>, "\\"><img src=x>"'
    data = serving.bare(tmp_path, f"<http://a/b> <http://a/p> {evil} .")
    with serving.client(data) as client:
        page = ask(client, "SELECT ?x ('<b>' AS ?y) { ?a ?b ?x }", serving.BROWSER).text
        assert "<script" not in page
        assert "<img" not in page
        assert "<b>" not in page
        assert 'href="javascript' not in page
        wrong = ask(client, "SELECT <script>alert(1)</script>", serving.BROWSER).text
        assert "<script" not in wrong
        textarea = ask(client, "ASK {} # </textarea><script>", serving.BROWSER).text
        assert "<script" not in textarea


def test_json_says_the_same_as_the_engine(either: Client) -> None:
    answer = ask(either, "SELECT (COUNT(*) AS ?name) WHERE { ?a ?b ?c }")
    assert names(answer) == [str(len(list(either.dataset.union())))]
    assert json.loads(answer.content)["head"] == {"vars": ["name"]}
