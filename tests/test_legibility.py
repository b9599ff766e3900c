"""What of the data the engine cannot read, and that reading the rest loads nothing for it."""

import subprocess
import sys

import pyoxigraph as ox
import pytest

from publish import legibility

XSD = "http://www.w3.org/2001/XMLSchema#"


def test_a_query_that_the_engine_reads_has_nothing_wrong() -> None:
    assert legibility.wrong("SELECT * { ?s ex:p ?o }", {"ex": "http://example.org/"}) == ""


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT *\n{ ?s ex:p ?o }", "line 2 of the query: the prefix `ex:` is not declared"),
        ("SELECT *\n{ ?s ?p }", "line 2 of the query: `}` cannot stand here"),
    ],
)
def test_the_line_where_a_query_leaves_the_grammar_is_told(query: str, told: str) -> None:
    assert legibility.wrong(query, {}).startswith(told)


def test_values_that_a_datatype_does_not_have_are_told_apart() -> None:
    texts = [ox.Literal(text) for text in ("2016-02-29", "2017-02-29", "never")]
    found = {literal.value for literal in legibility.unreadable(XSD + "date", texts)}
    assert found == {"2017-02-29", "never"}


def test_what_runs_queries_of_strangers_is_not_loaded_for_those_that_are_right() -> None:
    program = (
        "import sys; from publish import legibility; "
        "assert not legibility.wrong('ASK {}', {}); print('publish.stores' in sys.modules)"
    )
    asked = [sys.executable, "-c", program]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "False\n"
