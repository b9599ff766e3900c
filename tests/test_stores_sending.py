"""A stranger's query as it is sent to a store elsewhere: the same question, in plain SPARQL 1.1."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish import errors
from publish.stores import Job, evaluation, sending
from publish.stores.jobs import Elsewhere

BASE = "https://example.org/base/"
HERE = f"{BASE}graph/a", f"{BASE}graph/b"
THERE = "urn:store:a", "urn:store:b"
UNION = "urn:store:all"
MEDIA = "application/sparql-results+json"
EMPTY = evaluation.LocalStore(ox.Store(), BASE, {}, {})

DATA = f"""
@base <{BASE}> . @prefix : <#> .
:s :p 1, 2, "x"@en ; :list ( 1 2 ) .
GRAPH <graph/a> {{ :s :p 1, 2 ; :list ( 1 2 ) }}
GRAPH <graph/b> {{ :s :p "x"@en . <graph/a> :p <graph/b> }}
<graph/a> :p <graph/b> .
"""


@pytest.fixture(scope="module")
def near() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def far(near: ox.Store) -> ox.Store:
    """The same under other names, and something that is nobody's business."""
    store = ox.Store()
    names = dict(zip(HERE, THERE, strict=True))
    for quad in near:
        name = getattr(quad.graph_name, "value", None)
        graph = ox.NamedNode(names[name] if name else UNION)
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    for place in (ox.NamedNode("urn:other"), ox.DefaultGraph()):
        secret = ox.Literal("secret")
        store.add(ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode("urn:y"), secret, place))
    return store


def prepared(text: str, **given) -> sending.Prepared:
    job = Job(text, MEDIA, rows=1000, size=10**6, **given)
    there = Elsewhere("prepare", graphs=tuple(zip(HERE, THERE, strict=True)), union=(UNION,))
    return sending.read(sending.prepare(EMPTY, job, there).body)


def asked_there(far: ox.Store, sent: sending.Prepared):
    return far.query(
        sent.text,
        default_graph=[ox.NamedNode(name) for name in sent.default_graphs],
        named_graphs=[ox.NamedNode(name) for name in sent.named_graphs],
    )


def rows(results) -> list:
    if isinstance(results, ox.QueryBoolean):
        return [bool(results)]
    if isinstance(results, ox.QueryTriples):
        return sorted(str(triple) for triple in results)
    names = [variable.value for variable in results.variables]
    return [names, *sorted(str([str(term) for term in row]) for row in results)]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(!isBlank(?o) && !isBlank(?s)) }",
        "SELECT * { GRAPH ?g { ?s ?p 1 } }",
        "SELECT DISTINCT * { GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?o)) } # all",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT * { { SELECT * { GRAPH ?g { ?s ?p 1 } } } { SELECT ?s { ?s ?p 2 } } }",
        "SELECT * { VALUES ?g { <graph/a> } GRAPH ?g { ?s ?p 1 } }",
        "SELECT * { ?x ?p ?g . GRAPH ?g { ?s ?q 'x'@en } }",
        "SELECT * { GRAPH ?g { ?s ?p 1 } GRAPH ?g { ?s ?q 2 } }",
        "SELECT * { GRAPH ?g { ?s ?p 1 } OPTIONAL { GRAPH ?h { ?s ?q 'x'@en } } }",
        "SELECT * { ?s ?p 1 FILTER EXISTS { GRAPH ?g { ?s ?p 1 } } }",
        "SELECT * { ?s ?p 1 MINUS { GRAPH $g { ?s ?p 1 } } }",
        "SELECT * FROM <graph/a> { ?s ?p ?o FILTER(!isBlank(?o) && !isBlank(?s)) }",
        "PREFIX g: <graph/> SELECT * FROM g:b FROM NAMED g:a { ?s ?p ?o . GRAPH ?g { ?t ?q 1 } }",
        "SELECT * FROM <graph/a> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM NAMED <graph/a> { GRAPH <graph/b> { ?s ?p ?o } }",
        "SELECT * FROM <urn:other> FROM NAMED <urn:other> { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
        "ASK { GRAPH <urn:other> { ?s ?p ?o } }",
        "SELECT ?s { GRAPH <urn:other> { OPTIONAL { ?s ?p ?o } } }",
        "SELECT ?s (COUNT(*) AS ?n) { GRAPH <urn:other> { OPTIONAL { ?s ?p 1 } } } GROUP BY ?s",
        "SELECT ?s FROM <graph/a> { ?s ?p 1 GRAPH <graph/b> { OPTIONAL { ?s ?p ?o } } }",
        "SELECT ?s { ?s ?p 1 OPTIONAL { GRAPH <urn:other> { OPTIONAL { ?s ?q ?o } } } }",
        "SELECT ?s { ?s ?p 1 MINUS { GRAPH <urn:other> { OPTIONAL { ?s ?p ?o } } } }",
        "SELECT ?s { { ?s ?p 2 } UNION { GRAPH <urn:other> { SELECT ?s { OPTIONAL { ?s ?p 1 } } } } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH <urn:other> { } }",
        "ASK { GRAPH <urn:other> { } }",
        "ASK { ?s ?p 'secret' }",
        "PREFIX : <#> CONSTRUCT { ?g ?p 1 } WHERE { GRAPH ?g { :s ?p 1 } }",
        'PREFIX : <#> SELECT ("""a"b\n\\u0041\\\\u0041""" AS ?t) (\'it\\\'s\' AS ?u) {}',
        "PREFIX : <#> SELECT * { ?s :list (1 2) ; :p 1 }",
        "PREFIX : <#> SELECT * { ?s <#\\u0070> 1 FILTER(1<2&&3>2) }",
        "BASE <https://example.org/base/x/> SELECT * { GRAPH <../graph/a> { ?s ?p 1 } }",
        "SELECT (COUNT(DISTINCT *) AS ?n) { GRAPH ?g { ?s ?p 1 } }",
        "SELECT * { GRAPH ?g { ?s ?p 1 } VALUES ?graph { 1 } }",
        "SELECT * { ?s ?p 1 } ORDER BY <http://www.w3.org/2001/XMLSchema#string>(?s)",
        "DESCRIBE <#s> FROM <graph/b>",
    ],
)
def test_the_same_is_asked(near: ox.Store, far: ox.Store, text: str) -> None:
    sent = prepared(text)
    assert rows(asked_there(far, sent)) == rows(near.query(text, base_iri=BASE)), sent.text


def test_the_graphs_of_the_request_come_before_those_of_the_query(far: ox.Store) -> None:
    sent = prepared(
        "SELECT ?g FROM NAMED <graph/a> { GRAPH ?g { ?s ?p ?o } }",
        default_graphs=(HERE[0],),
        named_graphs=(HERE[1], "urn:other"),
    )
    assert sent.default_graphs == (THERE[0],)
    assert {row[0] for row in asked_there(far, sent)} == {ox.NamedNode(HERE[1])}


def test_comments_and_pragmas_are_not_sent() -> None:
    sent = prepared("# define sql:x 1\nSELECT * { ?s ?p '# \"no comment' } #pragma")
    assert "define" not in sent.text
    assert "pragma" not in sent.text
    assert '"# \\"no comment"' in sent.text
    with pytest.raises(errors.QuerySyntaxError, match="`define` cannot stand here"):
        prepared("define sql:x 1 SELECT * {}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<f:f>(1) AS ?x) {}",
        "SELECT * { ?s ?p ?o FILTER(true || <f:f>(?o)) }",
        "SELECT * { ?s ?p ?o FILTER <f:f>(?o) FILTER(false) }",
        "PREFIX f: <f:> SELECT * { ?s ?p ?o FILTER(true || 1<f:f(?o)&&2>1) }",
        "PREFIX f: <f:> SELECT * { ?s ?p ?o FILTER(IF(true, 1, f:f (?o))) }",
        "SELECT * { { SELECT ?s { ?s ?p ?o } GROUP BY ?s <f:f>(?s) } FILTER(false) }",
        "SELECT * { ?s ?p ?o FILTER(false) } ORDER BY DESC(<f:f>(?s))",
        "SELECT * { ?s ?p ?o FILTER(false && SHA256(<f:f>(?s)) = '') }",
        "SELECT * { ?s ?p ?o FILTER(false) BIND(CONCAT(<f:f>(?s)) AS ?x) }",
        "SELECT * { ?s ?p ?o FILTER(false && EXISTS { ?s ?p ?o FILTER(<f:f>(?s)) }) }",
        "SELECT * { ?s <bif:contains> 'x' }",
        "PREFIX x: <BIF:> SELECT * { ?s x:contains 'x' }",
        "BASE <sql:> SELECT * { ?s <x> 'x' }",
        "SELECT * { ?s ?p <http://www.openlinksw.com/schemas/bif#x> }",
    ],
)
def test_what_one_engine_alone_can_do_is_refused(text: str) -> None:
    with pytest.raises(errors.QueryRefused):
        prepared(text)


@pytest.mark.parametrize(
    "text",
    ["SELECT * {", "SELECT \\u002a { ?s ?p ?o }", "SELECT * { ?s ?p <graph/\\u003e> }", "nonsense"],
)
def test_what_does_not_parse_is_not_sent(text: str) -> None:
    with pytest.raises(errors.QuerySyntaxError):
        prepared(text)


PIECES = (
    "SELECT * { ?s ?p ?o }",
    "GRAPH ?g { ?s ?p 1 }",
    "GRAPH <graph/a>",
    "{ ?s <p> (1 2) }",
    "'text'",
    '"""long"""',
    "<iri>",
    "p:n",
    "<",
    ">",
    "(",
    ")",
    "{",
    "}",
    "\\u0041",
    "\\",
    "#c\n",
    "FROM <graph/a>",
    "FILTER(?o < 1 && ?o > 0)",
    "*",
    ".",
    " ",
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_whatever_is_sent_was_parsed(pieces: list[str]) -> None:
    try:
        sent = prepared(" ".join(pieces))
    except errors.QueryError:
        return
    ox.Store().query(sent.text)


def test_tokens_keep_their_order() -> None:
    text = "SELECT ?a ?b ?c { ?a ?b ?c }"
    sent = prepared(text).text
    places = [sent.index(name) for name in ("SELECT", "?a", "?b", "?c", "{")]
    assert all(before < after for before, after in pairwise(places))
