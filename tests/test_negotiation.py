"""The choice of a format by Accept header, suffix or name."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import errors, negotiation
from publish.negotiation import (
    BOOLEAN_FORMATS,
    HTML,
    JSON_LD,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
)

PAGE = (HTML, *RDF_FORMATS)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
OLD_JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
RDFLIB = (
    "application/rdf+xml;q=0.9, application/n-triples;q=0.9, text/turtle, "
    "application/trig;q=0.8, */*;q=0.1"
)

CASES = [
    # header, offers, chosen
    (None, RDF_FORMATS, TURTLE),
    ("", RDF_FORMATS, TURTLE),
    ("  ", RDF_FORMATS, TURTLE),
    ("*/*", RDF_FORMATS, TURTLE),
    ("*/*", RESULT_FORMATS, RESULTS_JSON),
    ("text/turtle", PAGE, TURTLE),
    ("TEXT/Turtle", PAGE, TURTLE),
    ("text/turtle;q=0.5, application/n-triples;q=0.7", PAGE, N_TRIPLES),
    ("text/turtle ; q=0.5 , application/n-triples ; Q=0.7", PAGE, N_TRIPLES),
    ("application/*", RDF_FORMATS, JSON_LD),
    ("text/*", RESULT_FORMATS, RESULTS_CSV),
    # what is named is liked better than what a wildcard covers
    ("*/*, application/rdf+xml", PAGE, RDF_XML),
    ("text/csv; header=present, */*;q=0.1", RESULT_FORMATS, RESULTS_CSV),
    ("text/csv; header=absent, */*;q=0.1", RESULT_FORMATS, RESULTS_JSON),
    ("text/*, text/tab-separated-values", RESULT_FORMATS, RESULTS_TSV),
    # the most exact range decides, not the first and not the kindest
    ("*/*;q=1, text/turtle;q=0", RDF_FORMATS, JSON_LD),
    ("application/json, text/plain, */*", RDF_FORMATS, JSON_LD),
    ("text/*;q=0.9, text/csv;q=0.1, */*;q=0.5", RESULT_FORMATS, RESULTS_TSV),
    ("text/html;q=0.1, */*;q=0.2", PAGE, TURTLE),
    ("text/turtle;q=0.001", PAGE, TURTLE),
    # browsers and libraries as they are
    (FIREFOX, PAGE, HTML),
    (CHROME, PAGE, HTML),
    (CHROME, RESULT_FORMATS, RESULTS_XML),
    (OLD_JAVA, PAGE, HTML),
    (OLD_JAVA, RESULT_FORMATS, RESULTS_JSON),
    (RDFLIB, PAGE, TURTLE),
    # parameters
    ("text/turtle;charset=utf-8", PAGE, TURTLE),
    ('text/turtle;charset="UTF-8"', PAGE, TURTLE),
    ("text/turtle;charset=iso-8859-1, application/n-triples;q=0.1", PAGE, N_TRIPLES),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', PAGE, JSON_LD),
    ('application/ld+json;profile="a,b;q=0", text/turtle;q=0.5', PAGE, JSON_LD),
    ('application/ld+json;profile="a";q=0, application/ld+json;q=0.5', PAGE, JSON_LD),
    # Who refuses one profile has not refused the format.
    ('application/ld+json;profile="a";q=0, */*;q=0.5', (JSON_LD,), JSON_LD),
    ("application/n-triples;version=1.2", PAGE, N_TRIPLES),
    ("text/html;level=1, text/turtle;q=0.1", PAGE, TURTLE),
    ("text/turtle;q=0.9;extension=1, text/html;q=0.2", PAGE, TURTLE),
    # short names that people use
    ("application/json", RESULT_FORMATS, RESULTS_JSON),
    ("application/json", RDF_FORMATS, JSON_LD),
    ("application/xml", RESULT_FORMATS, RESULTS_XML),
    ("text/plain", RDF_FORMATS, N_TRIPLES),
    ("text/plain;q=0, application/n-triples", RDF_FORMATS, N_TRIPLES),
    ("application/json;q=0, */*", RESULT_FORMATS, RESULTS_JSON),
    ("application/xhtml+xml", PAGE, HTML),
    # what is malformed is passed over, what is well formed still counts
    (",,, text/turtle ,,", PAGE, TURTLE),
    ("text/turtle;q=abc, application/n-triples;q=0.1", PAGE, N_TRIPLES),
    ("text/turtle;q=2, application/n-triples;q=0.1", PAGE, N_TRIPLES),
    ("text, /turtle, application/n-triples", PAGE, N_TRIPLES),
    ("*/turtle, application/n-triples", PAGE, N_TRIPLES),
    ("text/turtle;;;", PAGE, TURTLE),
    ('text/turtle;x="open', PAGE, TURTLE),
    ("text/turtle;q=.5", PAGE, TURTLE),
]

REFUSED = [
    ("image/png", PAGE),
    ("*/*;q=0", PAGE),
    ("text/turtle;q=0", (TURTLE,)),
    ("text/*;q=0", (TURTLE, HTML)),
    ("*/*, text/*;q=0", (TURTLE, HTML)),
    ("text/csv", BOOLEAN_FORMATS),
    ("text/turtle;q=0.0", (TURTLE,)),
    ("text/turtle;charset=utf-16", (TURTLE,)),
    ("nonsense", PAGE),
    (";;;", PAGE),
    ("\x00", PAGE),
]


@pytest.mark.parametrize(("accept", "offers", "chosen"), CASES)
def test_a_header_chooses(accept, offers, chosen) -> None:
    assert negotiation.choose(accept, offers) is chosen


@pytest.mark.parametrize(("accept", "offers"), REFUSED)
def test_a_header_takes_nothing_that_is_offered(accept, offers) -> None:
    with pytest.raises(errors.NotAcceptable) as caught:
        negotiation.choose(accept, offers)
    assert caught.value.offers == tuple(offer.media for offer in offers)
    assert str(caught.value).isprintable()


PIECES = st.sampled_from(
    [*'*/,;="\\ \t', "q", "=0", "0.5", "text", "turtle", "html", "profile", "charset", "\x00", "é"]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_no_header_raises_anything_but_not_acceptable(accept: str) -> None:
    with contextlib.suppress(errors.NotAcceptable):
        assert negotiation.choose(accept, PAGE) in PAGE


@given(st.permutations(["text/turtle;q=0.3", "text/html;q=0.2", "*/*;q=0.1", "image/png"]))
def test_the_order_of_a_header_is_of_no_account(ranges: list[str]) -> None:
    assert negotiation.choose(", ".join(ranges), PAGE) is TURTLE


def test_a_header_of_open_quotes_is_read_in_one_go() -> None:
    # Backtracking over 100,000 quotes would take hours, so that the test would not end.
    with pytest.raises(errors.NotAcceptable):
        negotiation.choose('"' * 100_001 + '\\"' * 1_000, PAGE)
    # To look for the end of each quote anew would take hours too.
    for pair in ('\\"', '"\\'):
        assert negotiation.choose(f'text/html;a="{pair * 1_000_000}', PAGE) is negotiation.HTML


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("ttl", TURTLE),
        ("turtle", TURTLE),
        ("text/turtle", TURTLE),
        ("NT", N_TRIPLES),
        ("jsonld", JSON_LD),
        ("application/json", JSON_LD),
        ("html", HTML),
    ],
)
def test_a_format_is_found_by_name_suffix_or_media_type(name, chosen) -> None:
    assert negotiation.find(name, PAGE) is chosen


def test_an_unknown_name_is_refused_with_what_there_is() -> None:
    with pytest.raises(
        errors.NotAcceptable, match="no format `docx` here; ask for one of text/html"
    ):
        negotiation.find("docx", PAGE)


def test_text_is_sent_as_utf_8() -> None:
    assert TURTLE.content_type == "text/turtle; charset=utf-8"
    assert JSON_LD.content_type == "application/ld+json"
