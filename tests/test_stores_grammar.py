"""Where a query leaves the grammar: the grammar takes what the W3C's tests take."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sparql_suite import BROKEN, EVALUATION, SOUND, all_cases, suite

from publish.stores.grammar import Grammar


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar()


@pytest.mark.skipif(
    not suite().is_dir(), reason="FOLKMOTE_SUITES is unset: no SPARQL suite of the W3C to read"
)
def test_the_grammar_takes_every_query_that_is_legal(grammar: Grammar) -> None:
    cases = [case for case in all_cases() if case.query.suffix == ".rq"]
    texts = {case: case.query.read_bytes().decode() for case in cases}
    legal = [case for case in cases if case.kind in (*EVALUATION, *SOUND)]
    assert len(legal) > 800
    assert not [case.name for case in legal if grammar.slip(texts[case])]
    # What else is wrong with a query is no matter of grammar: names that clash, for instance.
    broken = [case for case in cases if case.kind in BROKEN]
    assert sum(grammar.slip(texts[case]) is not None for case in broken) > len(broken) / 2


def test_what_this_service_refuses_is_not_offered(grammar: Grammar) -> None:
    slip = grammar.slip("SELECT * { ?s ?p ?o ")
    assert slip
    assert "FILTER" in slip.expected
    assert "SERVICE" not in slip.expected


def test_a_sum_is_not_taken_for_a_signed_number(grammar: Grammar) -> None:
    slip = grammar.slip("SELECT * { FILTER(?a ?b) }")
    assert slip
    assert "`+`" in slip.expected
    assert "a number" not in slip.expected


WORDS = (
    *("SELECT", "*", "?a", "?b", "WHERE", "{", "}", "a", "<x:y>", '"t"', "1", ".", ";", ","),
    *("FILTER", "(", ")", "=", "+", "-", "OPTIONAL", "UNION", "GRAPH", "VALUES", "BIND", "AS"),
    *("ORDER", "BY", "LIMIT", "DISTINCT", "ASK", "COUNT", "[", "]", "^", "|", "/", "@en", "NOT"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_the_grammar_judges_as_the_engine_does(text: str) -> None:
    """What the engine takes, the grammar takes: a reader is never sent after a slip that is none."""
    try:
        ox.Store().query(text)
    except SyntaxError:
        return
    assert Grammar().slip(text) is None
