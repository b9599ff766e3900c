"""What strangers may ask: the scan of a query before anything parses it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import errors, query, querytext, scanning, settings, stores

SETTINGS = settings.read({}, {})


def scan(text: str, length: int = SETTINGS.query_length) -> scanning.Scan:
    return scanning.scan(text, length=length, depth=SETTINGS.query_depth)


UPDATES = [
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "PREFIX : <http://x/> insert { ?s :p 1 } where { ?s :p 2 }",
    "BASE <http://x/>\nDELETE WHERE { ?s ?p ?o }",
    "LOAD <file:///etc/passwd>",
    "LOAD SILENT <http://127.0.0.1/> INTO GRAPH <a:g>",
    "CLEAR ALL",
    "drop graph <a:g>",
    "ADD <a:a> TO <a:b>",
    "MOVE DEFAULT TO <a:b>",
    "COPY <a:a> TO DEFAULT",
    "CREATE GRAPH <a:g>",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# SELECT\nCLEAR ALL",
    "PREFIX select: <http://x/> CLEAR ALL",
    r"\u0043LEAR ALL",
    r"CL\U00000045AR ALL",
]

SERVICES = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * {SERVICE<http://x/>{}}",
    "SELECT * { ?s ?p ?o SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p ?o.SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p 1.SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p true.SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p 'a'SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p 1e5SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p <http://x/>SERVICE <http://x/> {} }",
    "SELECT * { # '\nSERVICE <http://x/> {} # '\n}",
    "SELECT * { ?s ?p '#' SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p '\\'' SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p '''''' SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p '''\\''' ''' SERVICE <http://x/> {} }",
    'SELECT * { ?s ?p """a" "" """ SERVICE <http://x/> {} }',
    "SELECT * { FILTER(1 < 2) SERVICE <http://x/> {} FILTER(2 > 1) }",
    "SELECT * { { SELECT * { SERVICE <http://x/> {} } } }",
    "ASK { FILTER EXISTS { SERVICE <http://x/> {} } }",
    "CONSTRUCT WHERE { SERVICE <http://x/> {} }",
    "DESCRIBE ?s { SERVICE <http://x/> {} }",
    r"SELECT * { \u0053ERVICE <http://x/> {} }",
    r"SELECT * { SERV\U00000049CE <http://x/> {} }",
    r"SELECT * { \U00000073\u0065rvice <http://x/> {} }",
]

LEGAL = [
    "SELECT ?service { ?service ?load $insert }",
    "SELECT (?service AS ?with) { ?service a ?clear }",
    "PREFIX service: <http://x/> SELECT * { service:x ?p service:service }",
    "PREFIX SERVICE: <http://x/> SELECT * FROM SERVICE:g { GRAPH SERVICE:g { ?s ?p ?o } }",
    "PREFIX insert: <http://x/> SELECT * { ?s insert:load ?o }",
    "PREFIX : <http://x/> SELECT * { ?s :insert/:service ?o . ?s :delete|^:drop ?o }",
    "PREFIX a: <http://x/> SELECT * { ?s a:SERVICE ?o ; a:x.SERVICE 1 ; a:x-SERVICE 2 }",
    r"PREFIX a: <http://x/> SELECT * { ?s a:\-SERVICE ?o ; a:\'SERVICE ?o ; a:\#SERVICE ?o }",
    "PREFIX a: <http://x/> SELECT * { ?s a:%20SERVICE ?o }",
    "PREFIX a.SERVICE: <http://x/> SELECT * { ?s a.SERVICE:x ?o }",
    "SELECT * { _:SERVICE ?p _:insert }",
    'SELECT * { ?s ?p \'SERVICE\', "SERVICE", \'\'\'it\'s SERVICE\'\'\', """a "SERVICE" b""" }',
    "SELECT * { ?s ?p 'a \\' SERVICE', \"a \\\" SERVICE\" }",
    r'SELECT * { ?s ?p "\u0022 SERVICE" }',
    r'SELECT * { ?s ?p "\\" , "SERVICE" }',
    "SELECT * { ?s ?p 'x'@service, 'x'@en-SERVICE }",
    "SELECT * { <http://x/SERVICE> <http://x/#SERVICE> <SERVICE> }",
    "SELECT * { ?s ?p <http://x/it's> , 'SERVICE' }",
    "# SERVICE INSERT\nSELECT * { ?s ?p ?o } # SERVICE",
    "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>?p) }",
    "SELECT ?a\u0301SERVICE ?a\u00b7SERVICE { ?s ?p ?o }",
    "PREFIX \u00e9SERVICE: <http://x/> SELECT * { ?s \u00e9SERVICE:\u00e9 ?o }",
    "SELECT * { ?SERVICE ?p ?o } VALUES ?load { UNDEF }",
    "SELECT (COUNT(*) AS ?add) { ?s ?p ?o } GROUP BY ?with",
]


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_refused_before_anything_runs(text: str) -> None:
    with pytest.raises(errors.QueryRefused, match="is an update, and this service only reads"):
        scan(text)


@pytest.mark.parametrize("text", SERVICES)
def test_service_is_refused_before_anything_runs(text: str) -> None:
    with pytest.raises(errors.QueryRefused, match="asks another server"):
        scan(text)


@pytest.mark.parametrize("text", LEGAL)
def test_a_legal_query_is_not_refused(text: str) -> None:
    assert scan(text).form == "SELECT"


def test_a_refusal_says_where() -> None:
    with pytest.raises(errors.QueryRefused, match="SERVICE in line 2, column 3 "):
        scan("SELECT * {\n  SERVICE <http://x/> {} }")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("PREFIX ask: <http://x/> # ASK\nselect * { ask:x ?p 'CONSTRUCT' }", "SELECT"),
        ("BASE <http://x/ASK> Ask {}", "ASK"),
        ("CONSTRUCT { ?s ?p ?o } { SELECT * { ?s ?p ?o } }", "CONSTRUCT"),
        ("DESCRIBE<http://x/>", "DESCRIBE"),
        ("PREFIX a:<http://x/>prefix b: <http://x/ASK> # DESCRIBE\nBASE<http://x/>ASK {}", "ASK"),
        ("PREFIX # SELECT\n select: <http://x/> ASK {}", "ASK"),
        ("PREFIX a: <http://x /> ASK {}", "ASK"),
        ("PREFIX ASK", "ASK"),
        ("hello", "SELECT"),
        ("", "SELECT"),
    ],
)
def test_the_first_word_after_the_prologue_is_the_form(text: str, form: str) -> None:
    assert scanning.form(text) == form
    assert scan(text).form == form


def nested(depth: int, pair: str) -> str:
    return "SELECT * " + pair[0] * depth + pair[1] * depth


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_brackets_are_counted_to_the_limit_and_not_beyond(pair: str) -> None:
    assert scan(nested(100, pair)).depth == 100
    with pytest.raises(errors.QueryTooComplex, match="line 1, column 110 is nested more than 100"):
        scan(nested(101, pair))


def test_brackets_that_close_or_are_text_do_not_count() -> None:
    text = "SELECT * {" + "{}" * 500 + " ?s ?p '" + "{" * 500 + "' } #" + "(" * 500
    assert scan(text).depth == 2


def test_a_long_query_is_refused_by_its_length() -> None:
    scan("SELECT * { ?s ?p ?o}", length=20)
    with pytest.raises(errors.QueryTooComplex, match="has 21 characters, more than the 20"):
        scan("SELECT * { ?s ?p ?o }", length=20)


@pytest.mark.parametrize(
    "text",
    ['"""' + '\\"""' * 20_000, "'" * 99_999, "a." * 49_999, "<a" * 40, "\\u00" * 24_000, "a:" * 9],
)
def test_a_text_made_to_be_slow_is_scanned_in_one_go(text: str) -> None:
    # Reading anything twice would take minutes here, so that the test would not end.
    assert scan(text).form == "SELECT"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("SELECT (NOW() AS ?now) {}", True),
        ("SELECT (rand () AS ?x) {}", True),
        ("SELECT (STRUUID # made anew\n () AS ?x) {}", True),
        ("SELECT (\\u004EOW() AS ?now) {}", True),
        ("CONSTRUCT { ?s ?p ?b } { ?s ?p ?o BIND(BNODE() AS ?b) }", True),
        ("SELECT ?now { ?now ?p ?o }", False),
        ("SELECT * { ?s ?p 'NOW()' } # NOW()", False),
        ("SELECT * { ?s <http://x/NOW> (1) }", False),
        ("SELECT * { ?s x:NOW (1) }", False),
        ("SELECT * { ?s ?p 'a\\tb' }", False),
        # To read each comment to its end anew would take hours.
        ("ASK {} #" + "NOW#" * 1_500_000, False),
    ],
)
def test_a_query_that_makes_anew_what_it_gives_is_known(text: str, *, changes: bool) -> None:
    assert scanning.is_volatile(text) is changes


WORDS = st.sampled_from(
    [
        "SELECT",
        "SERVICE",
        "INSERT",
        "?x",
        "a:b",
        "_:c",
        "<http://x/>",
        "'",
        '"',
        "'''",
        '"""',
        "{",
        "}",
        "(",
        ")",
        "#",
        "\n",
        " ",
        "\\",
        "\\u0053",
        "\\U0010FFFF",
        "\\UFFFFFFFF",
        ".",
        "1",
    ]
)


@given(st.lists(WORDS, max_size=60).map("".join) | st.text())
def test_no_text_makes_the_scan_fail_in_another_way(text: str) -> None:
    with contextlib.suppress(errors.QueryRefused, errors.QueryTooComplex):
        scan(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {\n ?s ex:p ?o }", "line 2, column 5: the prefix `ex:` is not declared; begin"),
        ("PREFIX a: <http://x/> SELECT * { ?s :p ?o }", "line 1, column 37: the prefix `:` is not"),
        ("PREFIX a: <http://x/> PREFIX : <http://x/> SELECT * { _:b a:c :d", "as it was"),
        ("SELECT * { ?s ?p 'ex:a' # ex:b", "as it was"),
    ],
)
def test_a_prefix_that_is_not_declared_is_named(text: str, message: str) -> None:
    found = querytext.explained(text, errors.QuerySyntaxError("as it was"))
    assert str(found).startswith(message)


class Recorded:
    """A pool that keeps the jobs it is given."""

    def __init__(self) -> None:
        self.jobs: list[stores.Job] = []

    async def run(self, job: stores.Job) -> stores.Answer:
        self.jobs.append(job)
        return stores.Answer(b"", job.media, 0)

    def figures(self) -> dict[str, int]:
        return {}

    def close(self) -> None:
        pass


def test_a_request_becomes_a_job_within_the_limits() -> None:
    pool = Recorded()
    service = query.QueryService(pool, SETTINGS)
    asked = query.Request("DESCRIBE <http://x/>", "text/turtle", client="127.0.0.1", rows=50)
    asyncio.run(service.answer(asked))
    asyncio.run(service.answer(dataclasses.replace(asked, text="ASK {}", rows=10**9)))
    first, second = pool.jobs
    assert (first.exact, first.rows, first.client) == (True, 50, "127.0.0.1")
    assert (second.exact, second.rows, second.size) == (False, 1_000_000, 64 * 2**20)


def test_what_is_refused_never_reaches_the_pool() -> None:
    pool = Recorded()
    service = query.QueryService(pool, SETTINGS)
    with pytest.raises(errors.QueryRefused):
        asyncio.run(service.answer(query.Request("CLEAR ALL", "text/csv")))
    assert pool.jobs == []


def test_a_default_gives_way_to_a_term_and_nothing_else_does() -> None:
    text = """# VALUES ?x { 1 }
SELECT * { VALUES ?x { "}" } VALUES (?x ?y) { (1 2) } FILTER(?x != " VALUES ?x { 3 }") }"""
    written = querytext.given(text, {"x": '"new"'})
    assert written == text.replace('{ "}" }', '{ "new" }')
    assert (
        querytext.given("SELECT * { BIND($y AS ?z) }", {"y": "5"}) == "SELECT * { BIND(5 AS ?z) }"
    )
    with pytest.raises(errors.QuerySyntaxError, match=r"no `\$y`"):
        querytext.given("SELECT * { ?x ?y ?z }", {"y": "5"})


def test_the_columns_are_those_that_a_select_names() -> None:
    text = "PREFIX a: <b> SELECT DISTINCT ?x (COUNT(?y) AS ?n) ($z AS ?w) WHERE { ?q ?r ?s }"
    assert querytext.columns(text) == ("x", "n", "w")
    assert querytext.columns("SELECT * { ?x ?y ?z }") == ()
