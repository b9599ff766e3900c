"""A store elsewhere is read as a data set in memory is: the same pages, documents and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import engines
import pytest
import serving
from engines import Engine
from serving import BROWSER, HOME, Asking, Client, assert_problem

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Catalogue
from publish.dataset import MAPPINGS, Dataset
from publish.records import Records
from publish.stores.endpoint import filled

# What only the folder knows, and what the engines say of a value in a way of their own.
PLACE = re.compile(
    r'<p class="source">Source: [^<]*</p>\n?|<div class="places">.*?</div>\n?'
    r'|<span class="note surety">.*?</span>\n?',
    re.DOTALL,
)
VALUE = re.compile(r'"1"\^\^xsd:boolean|"(\d+)"\^\^xsd:\w*[iI]nteger')
NOTE = re.compile(r' <span class="note" title="[^"]*[iI]nteger">[^<]*</span>')
ONE = re.compile(
    r'title="sh:(?:uniqueLang|\w+)"[^>]*>[^<]*</a></dt><dd><span class="plain">(?:1|true)<'
)
POINT = re.compile(
    r'POINT ?\(([-\d.]+) ([-\d.]+)\)("\^\^(?:<[^>]*virtrdf#Geometry>|\w+:wktLiteral))?'
    r'(?:(</span>) <span class="note" title="[^"]*(?:virtrdf#Geometry|wktLiteral)">[^<]*</span>)?'
)
DEGREES = re.compile(r"([\d.]+)°")
"""Virtuoso keeps points as a type of its own, with seven digits."""
UNUSED = re.compile(r"@prefix (?:xsd|geo): .*\n")

CHOICES = re.compile(r'<select id="parameter-.*?</select>|<input id="parameter-[^>]*>', re.DOTALL)
"""Fields of questions: which things would fit is not asked of a store elsewhere."""
COUNTING = ("/changes", "/ontology", "/shapes", "/statistics")


@pytest.fixture(scope="module")
def distant(engine: Engine, either: Dataset) -> Iterator[tuple[Client, Asking, Dataset]]:
    engine.push(either)
    about = either.description
    assert about
    with (
        serving.client(either) as here,
        engines.reading(engine, store_dataset=about.iri, query_seconds=60) as there,
    ):
        yield here, there, either
    engine.forget(either)


def plain(text: str) -> str:
    """Leave out of a page or document what may differ."""
    text = ONE.sub("", NOTE.sub("", PLACE.sub("", text)))
    text = CHOICES.sub("", text)
    text = POINT.sub(lambda match: f"{float(match[1]):.3f} {float(match[2]):.3f}", text)
    text = DEGREES.sub(lambda match: f"{float(match[1]):.3f}°", text)
    text = VALUE.sub(lambda match: match[1] or "true", text)
    return UNUSED.sub("", text)


def paths(data: Dataset, here: Client) -> list[str]:
    listed = re.findall("<loc>([^<]*)</loc>", here.get("/sitemap.xml").text)
    documents = sorted(one.removeprefix(HOME) for one in listed)
    documents.remove("/help")
    # Always the same, from all over the data set.
    chosen = documents[:: max(1, len(documents) // 40)]
    lists = [f"/browse/{kind.name}" for kind in Records(data).kinds()]
    # A table of links shows its rows, which are told apart by their IRIs alone.
    tables = [one for one in documents if one.endswith(MAPPINGS)][:1]
    always = ("/", "/browse", "/questions", "/sparql", "/nothing/there")
    return [*always, *lists, *tables, *chosen]


def test_pages_and_documents_are_the_same(distant) -> None:
    here, there, data = distant
    for path in paths(data, here):
        for accept in (BROWSER, "text/turtle", "application/ld+json"):
            near, far = here.get(path, accept), there.get(path, accept)
            assert far.status_code == near.status_code, path
            # Pages of terms count their uses, the description and the log of changes all that
            # there is, which is not asked of a store elsewhere; tables of JSON-LD are in no order.
            page = near.headers.get("content-type", "").startswith("text/html")
            # The description of the service does not offer what a store cannot do.
            counting = path in ("/dataset", "/sparql") or (page and path in COUNTING)
            if accept != "application/ld+json" and not counting:
                assert plain(far.text) == plain(near.text), (path, accept)


def test_every_saved_question_gets_the_same_answer(distant) -> None:
    here, there, data = distant
    asked = 0
    for question in Records(data).questions():
        form = {"query": question.query, "prefixes": "dataset"}
        rows = []
        for asking in (here, there):
            answer = asking.request("POST", "/sparql", data=form, headers={"Accept": "text/csv"})
            assert answer.status_code == 200, (question.iri, answer.text[:500])
            rows.append(sorted(answer.text.splitlines()))
        if "LIMIT" not in question.query:
            assert rows[0] == rows[1], question.iri
            asked += 1
    assert asked or not Records(data).questions()


def test_labels_are_added_to_answers(distant) -> None:
    here, there, data = distant
    select = "SELECT DISTINCT ?s ?c { ?s a ?c } ORDER BY ?s ?c LIMIT 300"
    construct = (
        f"CONSTRUCT WHERE {{ <{data.description.iri}> a ?class }}" if data.description else ""
    )
    for query, media in ((select, "text/csv"), (construct, "application/n-triples")):
        form = {"query": query, "labels": "de"}
        near, far = (
            asking.request("POST", "/sparql", data=form, headers={"Accept": media})
            for asking in (here, there)
        )
        assert near.status_code == far.status_code == 200, far.text
        assert sorted(far.text.splitlines()) == sorted(near.text.splitlines())


def things(data: Dataset) -> list[str]:
    """Give a few things of each kind."""
    return [iri for kind in Records(data).kinds() for iri in kind.members[:3]]


def test_things_are_found_and_matched_alike(distant) -> None:
    here, there, data = distant
    records = Records(data)
    names = [records.label(iri).value[:200] for iri in things(data)][:20]
    queries = json.dumps({f"q{place}": {"query": name} for place, name in enumerate(names)})
    ids = things(data)[:10]
    asked = {"ids": ids, "properties": [{"id": ns.TYPE}, {"id": ns.SKOS + "prefLabel"}]}
    for path, how in (
        ("/search", {"q": names[0], "format": "json"}),
        ("/reconcile", {"queries": queries}),
        ("/reconcile", {"extend": json.dumps(asked)}),
        ("/reconcile/suggest/entity", {"prefix": names[0][:4]}),
        ("/reconcile/suggest/type", {"prefix": ""}),
        ("/reconcile/preview", {"id": ids[0]}),
        ("/suggest2", {"q": names[0].split()[0]}),
        ("/rest/v1/vocabularies", {}),
        ("/rest/v1/types", {}),
    ):
        near, far = (asking.request("GET", path, params=how) for asking in (here, there))
        assert far.status_code == near.status_code == 200, (path, far.text[:500])
        assert far.text == near.text, path


def test_libraries_and_harvesters_get_the_same(distant) -> None:
    here, there, data = distant
    about = data.description
    assert about
    catalogue = Catalogue(Records(data))
    kinds = [kind.members[0] for kind in catalogue.records.kinds()]
    iris = [one.iri for one in catalogue.entries(kinds)]
    assert iris
    asked: list[tuple[str, dict]] = [
        ("/oai", {"verb": "ListSets"}),
        ("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "place"}),
        ("/export/marc21.marcxml", {"iri": iris}),
        ("/export/csl.csl.json", {"iri": iris}),
        (f"/doc/{iris[0].removeprefix(about.uri_space)}.mods", {}),
    ]
    for path, how in asked:
        near, far = (
            re.sub("<responseDate>[^<]*", "", asking.request("GET", path, params=how).text)
            for asking in (here, there)
        )
        assert sorted(far.splitlines()) == sorted(near.splitlines()), (path, how)


def test_graphs_are_known_by_their_public_names_alone(distant) -> None:
    here, there, data = distant
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    asked = [
        asking.get("/sparql?" + str(serving.httpx.QueryParams(query=query)), "text/csv").text
        for asking in (here, there)
    ]
    assert asked[0] == asked[1]
    assert "/release/" not in asked[1]
    assert data.shapes_graph in asked[1]


@pytest.mark.parametrize(
    "clause",
    [
        "GRAPH <$layer> { ?s ?p ?o }",
        "VALUES ?g { <$layer> } GRAPH ?g { ?s ?p ?o }",
        "GRAPH ?g { ?s ?p ?o } FILTER(?g = <$layer>)",
        "GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), '$layer'))",
        "{ SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(?g IN (<$layer>)) } }",
        "GRAPH <urn:unknown> { ?s ?p ?o }",
        "GRAPH <$catalogue> { ?s ?p ?o }",
    ],
)
def test_a_layer_is_asked_for_in_many_ways(distant, clause: str) -> None:
    here, there, data = distant
    layer = data.layers[0]
    clause = clause.replace("$layer", layer).replace("$catalogue", f"{data.base}graph/releases")
    query = f"SELECT (COUNT(*) AS ?n) {{ {clause} }}"
    texts = []
    for asking in (here, there):
        answer = asking.request("POST", "/sparql", data={"query": query}, headers=CSV)
        assert answer.status_code == 200, answer.text
        texts.append(answer.text)
    assert texts[0] == texts[1]


CSV = {"Accept": "text/csv"}


@pytest.mark.parametrize("how", ["parameter", "clause"])
def test_the_graphs_of_a_query_are_those_it_names(distant, how: str) -> None:
    here, there, data = distant
    layer, shapes = data.layers[0], data.shapes_graph
    count = (
        "SELECT (COUNT(*) AS ?n)$from { ?s ?p ?o . FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    )
    form = {"query": count.replace("$from", "")}
    if how == "clause":
        form["query"] = count.replace("$from", f" FROM <{layer}> FROM NAMED <{shapes}>")
    else:
        form |= {"default-graph-uri": layer, "named-graph-uri": shapes}
    texts = [
        asking.request("POST", "/sparql", data=form, headers=CSV).text for asking in (here, there)
    ]
    assert texts[0] == texts[1]
    assert texts[1] == f"n\r\n{len(data.graphs[layer])}\r\n"


def test_what_the_store_holds_besides_is_not_seen(engine: Engine, distant) -> None:
    _, there, _ = distant
    secret = filled(
        "INSERT DATA { GRAPH $graph { $graph $graph 'secret' } }", graph=turtle.Named("urn:other")
    )
    engine.update(secret)
    for query in (
        "ASK { ?s ?p 'secret' }",
        "ASK { GRAPH ?g { ?s ?p 'secret' } }",
        "ASK { GRAPH <urn:other> { ?s ?p 'secret' } }",
        "ASK FROM <urn:other> { ?s ?p 'secret' }",
        "ASK FROM NAMED <urn:other> { GRAPH <urn:other> { ?s ?p 'secret' } }",
    ):
        answer = there.request("POST", "/sparql", data={"query": query})
        assert json.loads(answer.text)["boolean"] is False, query


def test_answers_come_in_every_format(distant) -> None:
    here, there, _ = distant
    select = "SELECT ?a ?b { VALUES (?a ?b) { (1 'x'@en) (<urn:y> UNDEF) } } ORDER BY ?a"
    construct = "CONSTRUCT { <urn:x> <urn:y> 'z' } {}"
    for query, formats in (
        (select, ["application/sparql-results+json", "application/sparql-results+xml"]),
        (select, ["text/csv", "text/tab-separated-values"]),
        (construct, ["text/turtle", "application/n-triples", "application/ld+json"]),
        ("ASK {}", ["application/sparql-results+json", "application/sparql-results+xml"]),
        ("ASK { FILTER(false) }", ["application/sparql-results+json"]),
    ):
        for media in formats:
            near, far = (
                asking.request("POST", "/sparql", data={"query": query}, headers={"Accept": media})
                for asking in (here, there)
            )
            assert far.headers["content-type"].startswith(media)
            assert far.text == near.text, (query, media)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<a> AS ?x) (<../b#c> AS ?y) {}",
        "BASE <there/> SELECT (<a> AS ?x) {}",
        "PREFIX : <#> SELECT (:a AS ?x) {}",
        "SELECT (COUNT(*) AS ?n) FROM <graph/nothing> { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { GRAPH <$base/graph/else/../ontology> { ?s ?p ?o } }",
        "PREFIX g: <graph/> SELECT (COUNT(*) AS ?n) { GRAPH g:ontology { ?s ?p ?o } }",
        "SELECT (<http://example.org/a/../b> AS ?x) {}",
        "CONSTRUCT { <a> <b> <> } {}",
    ],
)
def test_relative_iris_are_those_of_the_data_set(distant, query: str) -> None:
    here, there, data = distant
    query = query.replace("$base/", data.base)
    near, far = (
        asking.request("POST", "/sparql", data={"query": query}) for asking in (here, there)
    )
    assert far.status_code == near.status_code == 200, far.text
    assert far.text == near.text


def test_no_iri_that_a_query_makes_tells_where_the_store_stands(
    distant, request: pytest.FixtureRequest
) -> None:
    here, there, _ = distant
    form = {"query": "SELECT (IRI('a') AS ?x) {}"}
    near, far = (asking.request("POST", "/sparql", data=form) for asking in (here, there))
    if "virtuoso" in request.node.name:
        # It resolves none.
        assert far.status_code == 502
    else:
        assert far.text == near.text


def test_a_page_shows_the_first_rows(distant) -> None:
    _, there, _ = distant
    query = "SELECT ?s ?p ?o ?x { ?s ?p ?o . ?x a ?y } LIMIT 5000"
    answer = there.request("POST", "/sparql", data={"query": query}, headers={"Accept": BROWSER})
    assert "Only the first 1000 rows" in answer.text


def test_a_wrong_query_is_explained_as_it_was_written(distant) -> None:
    here, there, _ = distant
    query = "SELECT ?x {\n  ?x a b:c\n}"
    said = [
        assert_problem(asking.request("POST", "/sparql", data={"query": query}), 400)
        for asking in (here, there)
    ]
    assert said[0] == said[1]
    assert said[1]["line"] == 2


def test_what_a_store_alone_understands_is_refused(distant) -> None:
    _, there, _ = distant
    for query in (
        "PREFIX b: <bif:> SELECT * { ?s b:contains 'x' }",
        "SELECT (<sql:explain>('x') AS ?x) {}",
        "SELECT * { ?s ?p ?o FILTER(true || <http://example.org/f>(?s)) }",
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    ):
        assert_problem(there.request("POST", "/sparql", data={"query": query}), 403)


def test_what_looks_for_words_here_is_refused_with_what_does_so_there(distant) -> None:
    _, there, _ = distant
    for call in ("fm:matches(?text, 'marx')", "fm:likeness(?text, 'marx') > 0.5"):
        query = f"PREFIX fm: <{ns.FM}> SELECT * {{ ?s ?p ?text FILTER({call}) }}"
        told = assert_problem(there.request("POST", "/sparql", data={"query": query}), 403)
        assert "CONTAINS(LCASE(STR(?text))" in told["detail"]
        assert "/search" in told["detail"]
    assert ns.FM + "matches" not in there.get("/sparql", "application/n-triples").text
    assert "fm:matches" not in there.get("/help", "text/html").text


def test_a_query_is_accounted_for_with_what_the_store_was_sent(distant) -> None:
    here, there, data = distant
    query = "SELECT ?s ?label { ?s a ?kind ; rdfs:label ?label } ORDER BY ?s LIMIT 5"
    asked = {"query": query, "prefixes": "dataset", "explain": "true"}
    near, far = (asking.request("POST", "/sparql", data=asked).json() for asking in (here, there))
    assert far["rows"] == near["rows"] == 5
    assert far["patterns"] == near["patterns"]
    assert all(one["solutions"] > 5 for one in far["patterns"])
    assert far["plan"] is None
    assert {*far["seconds"]} == {"prepare", "store", "answer"}
    assert far["named_graphs"] == sorted(iri for iri in data.graphs)
    assert far["default_graphs"] is None
    assert "ORDER BY ?s" in far["sent"]
    one = f"SELECT * {{ GRAPH <{data.base}graph/meta> {{ ?s ?p ?o }} }}"
    told = there.request("POST", "/sparql", data={"query": one, "explain": "true"}).json()
    (pattern,) = told["patterns"]
    assert pattern == {
        "pattern": "?s ?p ?o",
        "graph": f"<{data.base}graph/meta>",
        "solutions": told["rows"],
    }
    asked["default-graph-uri"] = f"{data.base}graph/ontology"
    limited = there.request("POST", "/sparql", data=asked).json()
    assert limited["default_graphs"] == [f"{data.base}graph/ontology"]
    asked["query"] = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3"
    built = there.request("POST", "/sparql", data=asked).json()
    assert (built["rows"], built["format"]) == (3, "application/n-triples")


def test_a_description_names_graphs_as_readers_know_them(distant) -> None:
    here, there, _ = distant
    for path in ("/sparql", "/health"):
        near, far = (
            here.get(path, "application/n-triples"),
            there.get(path, "application/n-triples"),
        )
        if path == "/sparql":
            known = [one for one in near.text.splitlines() if "Function" not in one]
            assert sorted(known) == sorted(far.text.splitlines())
        assert "/release/" not in far.text
    assert ns.SD in there.get("/sparql", "application/n-triples").text
