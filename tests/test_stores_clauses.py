"""What FROM and FROM NAMED name is seen as the engine sees it, however a query is written."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from publish.stores import clauses

BASE = "http://b/dir/"
ONE, TWO = "http://b/dir/one", "http://x/two"


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * { ?s ?p ?o }", [], []),
        ("SELECT * FROM <one> { ?s ?p ?o }", [ONE], []),
        ("SELECT*FROM<one>FROM<http://x/two>{?s ?p ?o}", [ONE, TWO], []),
        ("select * from <one> from named <http://x/two> where { ?s ?p ?o }", [ONE], [TWO]),
        ("SELECT * FROM NAMED <one> FROM NAMED <http://x/two> { ?s ?p ?o }", [], [ONE, TWO]),
        ("PREFIX x: <http://x/> SELECT * FROM x:two { ?s ?p ?o }", [TWO], []),
        ("PREFIX : <http://x/> PREFIX : <> SELECT * FROM :one { ?s ?p ?o }", [ONE], []),
        ("PREFIX from: <http://x/> ASK FROM from:two { ?s ?p ?o }", [TWO], []),
        ("PREFIX x: <http://x/> ASK FROM x:t\\-wo { ?s ?p ?o }", ["http://x/t-wo"], []),
        ("BASE <http://x/> SELECT * FROM <two> { ?s ?p ?o }", [TWO], []),
        ("BASE <http://x/a/> PREFIX : <../> BASE <http://y/> ASK FROM :two {}", [TWO], []),
        ("ASK FROM <o\\u006ee> { ?s ?p ?o }", [ONE], []),
        ("CONSTRUCT { ?s ?p <two> } FROM <one> { ?s ?p ?o }", [ONE], []),
        ("CONSTRUCT { ?s ?p (<http://x/#1> <http://x/#2>) } FROM <one> { ?s ?p ?o }", [ONE], []),
        ("CONSTRUCT FROM <one> WHERE { ?s ?p ?o }", [ONE], []),
        ("DESCRIBE <http://x/two> FROM <one>", [ONE], []),
        ("DESCRIBE ?s FROM <one> # FROM <two>\n FROM <http://x/two> { ?s ?p ?o }", [ONE, TWO], []),
        ('SELECT ("FROM <no>" AS ?from) FROM <one> { ?s ?p ?o }', [ONE], []),
        ("SELECT ((?a<?b&&?b>?a) AS ?c) FROM <one> { ?a ?p ?b }", [ONE], []),
        ("SELECT ((?a<(?b)&&(?b)>?a) AS ?c) FROM <one> { ?a ?p ?b }", [ONE], []),
        ("SELECT (?o IN (<no>, <http://x/(>) AS ?c) FROM <one> { ?s ?p ?o }", [ONE], []),
        ("SELECT (EXISTS { ?s <http://x/(> ?o } AS ?c) FROM <one> { ?s ?p ?o }", [ONE], []),
        ("SELECT * { ?from ?p <FROM> . ?s ?p 'FROM <no>' }", [], []),
    ],
)
def test_what_the_clauses_name_is_what_the_engine_takes(
    text: str, default: list[str], named: list[str]
) -> None:
    ox.Store().query(text, base_iri=BASE)
    found = clauses.read(text, BASE)
    assert (found.default, found.named) == (default, named)


@pytest.mark.parametrize(
    "text",
    [
        "FROM",
        "ASK FROM <\\UFFFFFFFF> {}",
        "ASK FROM <\\uD800> {}",
        "ASK FROM <a b> {}",
        "ASK FROM ?x {}",
        "ASK )}] FROM <",
        "PREFIX FROM :",
    ],
)
def test_what_is_no_query_is_left_to_the_parser(text: str) -> None:
    assert len(clauses.read(text, "").default) <= 1
