"""The SPARQL 1.1 Protocol, read only, and the page where people ask."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import serving
from lxml import etree
from serving import Client, assert_problem

import publish
from publish.dataset import Dataset
from publish.records import Records
from publish.stores import Answer, Job

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
PACKAGE = Path(publish.__file__).parent
FOREIGN_SCRIPT = re.compile(r"<script(?!(?: type=\"module\")? src=\"/static/)")
"""A script that is none of our files."""


@pytest.fixture(scope="module")
def web(foreign: Dataset) -> Iterator[Client]:
    with serving.client(foreign, query_length=2000) as client:
        yield client


def ask(client: Client, query: str, accept: str = "*/*", **more: str):
    return client.get(f"/sparql?{urlencode({'query': query, **more})}", accept)


def post(
    client: Client,
    body: str | bytes,
    media: str | None,
    accept: str = "*/*",
    more: str = "",
    method: str = "POST",
):
    content = body.encode() if isinstance(body, str) else body
    headers = {"Accept": accept} | ({"Content-Type": media} if media else {})
    return client.request(method, f"/sparql{more}", content=content, headers=headers)


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"]["value"] for row in answer.json()["results"]["bindings"]]


# --- the protocol ----------------------------------------------------------------------------


def test_a_query_is_asked_in_three_ways(web: Client) -> None:
    text = PREFIXES + SELECT
    answers = [
        ask(web, text),
        post(web, urlencode({"query": text}), FORM),
        post(web, text, QUERY),
        post(web, text, f"{QUERY}; charset=UTF-8"),
        web.get(f"/sparql/?{urlencode({'query': text})}"),
        post(web, text, QUERY, method="QUERY"),
        post(web, urlencode({"query": text}), FORM, method="QUERY"),
        # As some editors save it.
        ask(web, f"\ufeff{text}"),
        post(web, f"\ufeff{text}", QUERY),
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
        (
            SELECT,
            "text/csv;q=0.1, application/sparql-results+xml",
            "application/sparql-results+xml",
        ),
        (SELECT, serving.BROWSER, "text/html; charset=utf-8"),
        (ASK, "*/*", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/trig", "application/trig"),
        (CONSTRUCT, serving.BROWSER, "text/html; charset=utf-8"),
        ("DESCRIBE <https://example.org/strahlen/dataset>", "*/*", "text/turtle; charset=utf-8"),
    ],
)
def test_the_answer_has_the_format_that_is_asked_for(
    web: Client, query: str, accept: str, media: str
) -> None:
    answer = ask(web, PREFIXES + query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]


def test_the_method_query_is_announced(web: Client) -> None:
    answer = web.request("OPTIONS", "/sparql")
    assert '"application/sparql-query"' in answer.headers["accept-query"]
    assert "QUERY" in answer.headers["access-control-allow-methods"]
    assert_problem(web.request("QUERY", "/sparql", content=ASK), 415)


@pytest.mark.parametrize(
    ("query", "name", "media"),
    [
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "json-ld", "application/ld+json"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "n3", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/ld+json,application/x-json+ld", "application/ld+json"),
        (SELECT, "application/sparql-results xml", "application/sparql-results+xml"),
        (SELECT, "xml", "application/sparql-results+xml"),
        (SELECT, "json", "application/sparql-results+json"),
    ],
)
def test_formats_are_known_by_the_names_that_clients_give_them(
    web: Client, query: str, name: str, media: str
) -> None:
    answer = ask(web, PREFIXES + query, format=name)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media


@pytest.mark.parametrize("name", ["csv", "text/csv"])
def test_a_format_can_be_named_in_the_address(web: Client, name: str) -> None:
    answer = ask(web, PREFIXES + SELECT, serving.BROWSER, format=name)
    assert answer.text.splitlines() == ["name", *NAMES]


@pytest.mark.parametrize(
    ("query", "accept"), [(ASK, "text/csv"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv")]
)
def test_a_format_that_cannot_hold_the_answer_is_refused(
    web: Client, query: str, accept: str
) -> None:
    said = assert_problem(ask(web, PREFIXES + query, accept), 406)
    assert accept not in said["offers"]
    assert said["offers"]


@pytest.mark.parametrize(
    "media",
    [
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
    ],
)
def test_a_graph_is_the_same_in_every_format(each: Client, media: str) -> None:
    query = 'CONSTRUCT { ?s a ?c ; ?p "a\\r\\nb" } { ?s a ?c ; ?p ?o FILTER isIRI(?o) }'
    plain = set(ox.parse(ask(each, query, "application/n-triples").content, ox.RdfFormat.N_TRIPLES))
    answer = ask(each, query, media)
    assert plain
    form = ox.RdfFormat.from_media_type(media)
    assert form is not None
    assert set(ox.parse(answer.content, form)) == plain


def test_xml_names_no_prefix_in_vain(web: Client) -> None:
    answer = ask(web, PREFIXES + CONSTRUCT, "application/rdf+xml").text
    declared = set(re.findall(r" xmlns:([\w.-]+)=", answer))
    assert declared - {"rdf"} == {one for one in declared - {"rdf"} if f"<{one}:" in answer}


ROW, GRAPH = 'SELECT ("%s" AS ?x) {}', 'CONSTRUCT { <urn:s> <urn:p> "%s" } {}'


@pytest.mark.parametrize(
    ("query", "media"),
    [(ROW, "application/sparql-results+xml"), (GRAPH, "application/rdf+xml")],
)
@pytest.mark.parametrize("labels", ["", "en"])
def test_xml_is_written_or_refused_but_never_broken(
    web: Client, query: str, media: str, labels: str
) -> None:
    given = {"labels": labels} if labels else {}
    whole = ask(web, query % r"a\r\nb\rc\td", media, **given)
    assert "a\r\nb\rc\td" in "".join(map(str, etree.fromstring(whole.content).itertext()))
    for sign in (r"\u0001", r"\u000B", r"\uFFFE"):
        said = assert_problem(ask(web, query % sign, media, **given), 406)
        assert "control character" in said["detail"]
        assert media not in said["offers"]
        assert ask(web, query % sign, said["offers"][0]).status_code == 200


def test_a_property_that_has_no_name_in_xml_is_not_written_in_it(web: Client) -> None:
    query = "CONSTRUCT { <urn:s> <https://example.org/1> 1 } {}"
    said = assert_problem(ask(web, query, "application/rdf+xml"), 406)
    assert "application/rdf+xml" not in said["offers"]
    assert ask(web, query, "text/turtle").status_code == 200


def test_the_graphs_of_the_request_are_the_ones_that_are_asked(web: Client) -> None:
    count = "SELECT (COUNT(*) AS ?name) WHERE { ?a ?b ?c }"
    text = len(web.dataset.graphs[TEXT])
    assert names(ask(web, count, **{"default-graph-uri": TEXT})) == [str(text)]
    assert names(ask(web, count, **{"default-graph-uri": "http://example.org/none"})) == ["0"]
    inside = "SELECT (COUNT(*) AS ?name) WHERE { GRAPH ?g { ?a ?b ?c } }"
    assert names(ask(web, inside, **{"named-graph-uri": TEXT})) == [str(text)]
    assert names(ask(web, count, **{"named-graph-uri": TEXT})) == ["0"]
    more = f"?default-graph-uri={quote(TEXT, '')}"
    assert names(post(web, count, QUERY, more=more)) == [str(text)]
    body = urlencode([("query", count), ("default-graph-uri", TEXT)])
    assert names(post(web, body, FORM)) == [str(text)]


def test_prefixes_are_implied_only_when_asked_for(web: Client) -> None:
    assert_problem(ask(web, SELECT), 400)
    assert names(ask(web, SELECT, prefixes="dataset")) == NAMES
    assert_problem(ask(web, SELECT, prefixes="all"), 400)


def test_labels_are_given_where_they_are_asked_for(each: Client) -> None:
    query = (
        "SELECT ?s { ?s a ?class ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } LIMIT 50"
    )
    records = Records(each.dataset)
    for row in ask(each, query, labels="").json()["results"]["bindings"]:
        assert row["sLabel"]["value"] == records.label(row["s"]["value"]).value
    assert ask(each, query, "text/csv", labels="en").text.startswith("s,sLabel\r\n")
    assert_problem(ask(each, query, labels="en;"), 400)
    page = ask(each, query, serving.BROWSER, labels="en").text
    assert "sLabel" not in page
    assert "labels=en" in page.partition("As data:")[2]
    assert re.search(r'name="labels" value="\w+" checked', page)


def test_an_account_is_given_where_it_is_asked_for(web: Client) -> None:
    for accept in ("*/*", "text/csv, application/json", serving.BROWSER):
        answer = ask(web, SELECT, accept, prefixes="dataset", explain="true")
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        said = answer.json()
        assert [one["solutions"] for one in said["patterns"]][:1] == [6]
        assert said["rows"] == 6
    assert names(ask(web, SELECT, prefixes="dataset", explain="false")) == NAMES
    assert_problem(ask(web, SELECT, prefixes="dataset", explain="maybe"), 400)


def test_lines_are_counted_as_the_client_counts_them(web: Client) -> None:
    said = assert_problem(ask(web, "SELECT *\nWHERE { ?a ?b }", prefixes="dataset"), 400)
    assert (said["line"], said["column"]) == (2, 15)
    said = assert_problem(ask(web, "SELECT * WHERE { ?a ?b }", prefixes="dataset"), 400)
    assert (said["line"], said["column"]) == (1, 24)
    assert said["detail"].startswith("line 1, column 24: ")


def test_a_syntax_error_says_where_it_is_in_every_form(web: Client) -> None:
    wrong = "SELECT *\nWHERE { ?a ?b }"
    said = assert_problem(ask(web, wrong), 400)
    assert (said["line"], said["column"]) == (2, 15)
    assert said["type"] == f"{serving.HOME}/help#query-syntax"
    assert {"a variable", "an IRI"} <= set(said["expected"])
    assert "expected a variable, an IRI" in said["detail"]
    text = ask(web, wrong, "text/plain, */*;q=0.1")
    assert text.status_code == 400
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "line 2, column 15" in text.text
    page = ask(web, wrong, serving.BROWSER)
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
def test_what_does_more_than_read_is_refused_before_it_runs(web: Client, query: str) -> None:
    before = len(web.pool.jobs)
    assert_problem(ask(web, query), 403)
    assert_problem(post(web, query, QUERY), 403)
    assert_problem(post(web, query, "application/sparql-update"), 403)
    assert_problem(post(web, urlencode({"update": query}), FORM), 403)
    assert_problem(web.get(f"/sparql?{urlencode({'update': query})}"), 403)
    assert len(web.pool.jobs) == before


@pytest.mark.parametrize("accept", ["text/turtle", "text/csv", "application/n-quads"])
def test_what_is_no_query_is_wrong_in_every_format(web: Client, accept: str) -> None:
    assert_problem(ask(web, "CONSTRCT { ?a ?b ?c } WHERE { ?a ?b ?c }", accept), 400)
    assert_problem(ask(web, "DROP ALL", accept), 403)
    assert_problem(post(web, "SELCT * { ?a ?b ?c }", QUERY, accept), 400)


def test_exactly_one_query_is_answered(web: Client) -> None:
    twice = urlencode([("query", ASK), ("query", ASK)])
    assert_problem(web.get(f"/sparql?{twice}"), 400)
    assert_problem(post(web, twice, FORM), 400)
    assert_problem(post(web, ASK, QUERY, more=f"?{urlencode({'query': ASK})}"), 400)
    assert_problem(post(web, "", FORM), 400)
    assert_problem(web.get("/sparql?query="), 400)


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
    web: Client, body: str | bytes, media: str | None, status: int
) -> None:
    assert_problem(post(web, body, media), status)


def test_a_parameter_that_is_not_utf8_is_refused(web: Client) -> None:
    assert_problem(web.get("/sparql?query=%ff"), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_with_those_that_there_are(web: Client, method: str) -> None:
    answer = web.request(method, "/sparql", content=b"x")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST, QUERY"


def test_a_query_beyond_its_length_is_refused(web: Client) -> None:
    assert_problem(ask(web, f"{ASK} # {'x' * 2000}"), 413)
    # Far beyond it, the body is not even read to its end.
    assert_problem(post(web, b"x" * 1_000_000, QUERY), 413)


def test_a_body_without_a_length_is_read_no_further_than_the_limit(web: Client) -> None:
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 10_000_000:
            sent += 10_000
            yield b"x" * 10_000

    answer = web.request("POST", "/sparql", content=endless(), headers={"Content-Type": QUERY})
    assert_problem(answer, 413)


def test_unknown_parameters_are_ignored(web: Client) -> None:
    assert ask(web, ASK, version="1.1", nonsense="1").status_code == 200


def test_an_answer_that_changes_each_time_is_not_kept(web: Client) -> None:
    first = ask(web, "SELECT (UUID() AS ?name) {}")
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert names(first) != names(ask(web, "SELECT (UUID() AS ?name) {}"))


def test_a_repeated_question_is_answered_from_memory(web: Client) -> None:
    query = PREFIXES + SELECT + " # again"
    first = ask(web, query)
    asked = len(web.pool.jobs)
    again = ask(web, query)
    assert len(web.pool.jobs) == asked
    assert again.content == first.content
    assert again.headers == first.headers
    other = ask(web, query, "text/csv")
    assert other.headers["etag"] != first.headers["etag"]
    assert len(web.pool.jobs) == asked + 1


def test_the_help_lists_the_forms_in_which_values_are_answered(tmp_path: Path) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    row = re.compile(
        r"<tr><td><code>xsd:(\w+)</code></td><td><code>(.+?)</code></td>"
        r"<td><code>(.+?)</code></td><td><code>xsd:(\w+)</code></td></tr>"
    )
    rows = row.findall((PACKAGE / "web/templates/help.html").read_text(encoding="utf-8"))
    assert len(rows) > 20
    lines = "".join(
        f'<urn:{n}> <urn:p> "{written}"^^<{xsd}{type_}> .\n'
        for n, (type_, written, *_) in enumerate(rows)
    )
    with serving.client(serving.bare(tmp_path, lines)) as client:
        for number, (_, _, answered, as_) in enumerate(rows):
            answer = ask(client, f"SELECT ?name {{ <urn:{number}> ?p ?name }}")
            (found,) = answer.json()["results"]["bindings"]
            assert found["name"]["value"] == answered
            assert found["name"]["datatype"] == xsd + as_


# --- the service describes itself ------------------------------------------------------------


@pytest.mark.parametrize("which", ["graph=http%3A%2F%2Fx%2F", "default"])
def test_who_takes_it_for_a_graph_store_is_told_so(web: Client, which: str) -> None:
    answer = web.get(f"/sparql?{which}", "text/turtle")
    assert answer.status_code == 400
    assert "no graph store" in answer.text


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
    each: Client, accept: str, format_: ox.RdfFormat
) -> None:
    answer = each.get("/sparql", accept)
    assert answer.status_code == 200
    found = {quad.triple for quad in ox.parse(answer.content, format_)}
    service = [t.subject for t in found if str(t.object) == f"<{SD}Service>"]
    assert len(service) == 1
    endpoints = [t.object.value for t in found if t.predicate.value == f"{SD}endpoint"]
    assert endpoints == [f"{serving.HOME}/sparql"]
    named = {t.object.value for t in found if t.predicate.value == f"{SD}name"}
    assert named == set(each.dataset.graphs)
    formats = {t.object.value for t in found if t.predicate.value == f"{SD}resultFormat"}
    assert len(formats) == 10
    extensions = {t.object.value for t in found if t.predicate.value == f"{SD}extensionFunction"}
    assert extensions == {f"https://w3id.org/folkmote#{name}" for name in ("matches", "likeness")}


def test_the_service_says_which_data_set_it_serves(each: Client) -> None:
    about = each.dataset.description
    assert about
    served = f"<http://www.w3.org/ns/dcat#servesDataset> <{about.iri}>"
    assert served in each.get("/sparql", "application/n-triples").text


def test_the_description_names_the_public_address(web: Client) -> None:
    with serving.client(web.dataset, base_url="https://example.org/strahlen") as client:
        assert "<https://example.org/strahlen/sparql>" in client.get("/sparql").text


# --- the page --------------------------------------------------------------------------------


def field(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_a_browser_gets_a_form_that_works_without_script(each: Client) -> None:
    page = each.page("/sparql")
    assert '<form class="ask" action="/sparql" method="get">' in page
    assert not FOREIGN_SCRIPT.search(page)
    for name in ("html", "json", "csv", "turtle"):
        assert f'<option value="{name}"' in page
    answer = ask(each, field(page), serving.BROWSER, format="html")
    assert answer.status_code == 200
    assert "<table>" in answer.text


def test_the_form_knows_the_prefixes_of_the_data(web: Client) -> None:
    assert '<input type="checkbox" name="prefixes" value="dataset" checked>' in web.page("/sparql")
    implied = ask(web, SELECT, serving.BROWSER, format="html", prefixes="dataset")
    assert implied.status_code == 200
    assert 'value="dataset" checked' in implied.text
    assert "prefixes=dataset" in implied.text.partition("As data:")[2]
    without = ask(web, PREFIXES + SELECT, "text/html")
    assert 'value="dataset">' in without.text


def test_all_prefixes_of_the_data_are_shown(each: Client) -> None:
    page = unescape(each.page("/sparql"))
    for prefix, space in each.dataset.prefixes.items():
        assert f"PREFIX {prefix}: <{space}>" in page


def test_each_saved_question_can_be_asked_and_changed(essay_web: Client) -> None:
    links = re.findall(r'href="(/sparql\?example=[^"]+)"', essay_web.page("/sparql"))
    assert len(links) >= 30
    for link in links[:5]:
        query = field(essay_web.page(unescape(link)))
        answer = ask(essay_web, query, "application/json")
        assert answer.status_code == 200, query + answer.text
        said = answer.json()
        assert "boolean" in said or said["results"]["bindings"]
    assert_problem(
        essay_web.get("/sparql?example=nothing", "text/html;q=0.5, application/problem+json"), 404
    )


def test_an_answer_is_a_table_of_labels_and_links(web: Client) -> None:
    query = "SELECT ?who ?n WHERE { ?who a <http://xmlns.com/foaf/0.1/Person> BIND(1.5 AS ?n) }"
    page = ask(web, query, serving.BROWSER).text
    assert '<a href="/id/person/roentgen"><span lang="de" dir="auto">Wilhelm Conrad Röntgen' in page
    assert '<th scope="col">who</th><th scope="col">n</th>' in page
    assert "6 rows" in page
    assert field(page) == query + "\n" or field(page) == query


def test_an_answer_can_be_had_in_the_other_formats(web: Client) -> None:
    query = PREFIXES + SELECT
    params = urlencode({"query": query, "default-graph-uri": TEXT})
    page = web.get(f"/sparql?{params}", serving.BROWSER).text
    links = [unescape(one) for one in re.findall(r'href="(/sparql\?[^"]*format=csv[^"]*)"', page)]
    assert len(links) == 1
    assert web.get(links[0], serving.BROWSER).text.splitlines() == ["name", *NAMES]


def test_a_long_answer_shows_its_first_rows_and_says_so(web: Client) -> None:
    query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    answer = ask(web, query, serving.BROWSER)
    assert "Only the first 1000 rows are shown" in answer.text
    assert answer.text.count("<tr>") == 1001
    assert answer.headers["truncated"] == "?1"
    assert "truncated" not in ask(web, ASK, serving.BROWSER).headers


def test_yes_and_no_are_shown_as_such(web: Client) -> None:
    assert "Yes" in ask(web, ASK, serving.BROWSER).text
    assert "No" in ask(web, "ASK { <http://a> ?b ?c }", serving.BROWSER).text


def test_a_graph_is_shown_as_turtle(web: Client) -> None:
    page = ask(web, CONSTRUCT, serving.BROWSER).text
    assert "person:hertz" in page


def test_nothing_in_an_answer_becomes_markup(tmp_path: Path) -> None:
    evil = '"<script>alert(1)</script>"@en, <javascript:alert(1)>, "\\"><img src=x>"'
    data = serving.bare(tmp_path, f"<http://a/b> <http://a/p> {evil} .")
    with serving.client(data) as client:
        page = ask(client, "SELECT ?x ('<b>' AS ?y) { ?a ?b ?x }", serving.BROWSER).text
        assert not FOREIGN_SCRIPT.search(page)
        assert "<img" not in page
        assert "<b>" not in page
        assert 'href="javascript' not in page
        wrong = ask(client, "SELECT <script>alert(1)</script>", serving.BROWSER).text
        assert not FOREIGN_SCRIPT.search(wrong)
        textarea = ask(client, "ASK {} # </textarea><script>", serving.BROWSER).text
        assert not FOREIGN_SCRIPT.search(textarea)


def test_json_says_the_same_as_the_engine(each: Client) -> None:
    answer = ask(each, "SELECT (COUNT(*) AS ?name) WHERE { ?a ?b ?c }")
    assert names(answer) == [str(len(list(each.dataset.union())))]
    assert json.loads(answer.content)["head"] == {"vars": ["name"]}


def test_a_query_stops_when_nobody_waits_for_it(
    web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []

    async def forever(job: Job) -> Answer:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(job.text)
        raise AssertionError

    monkeypatch.setattr(web.pool, "run", forever)
    messages = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "query_string": urlencode({"query": ASK}).encode(),
        "headers": [],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(asyncio.wait_for(web.app(scope, receive, send), 10))
    assert ended == [ASK]
