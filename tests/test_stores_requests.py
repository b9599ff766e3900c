"""Requests that a worker reads: what it reads is what the server would have read."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.stores import requests
from publish.stores.jobs import Job, Unread, Unreadable

JSON = "application/sparql-results+json"
UNREAD = Unread(rows=JSON, boolean=JSON, triples="text/turtle", length=10_000, depth=50)


def text_of(parameters: bytes) -> str:
    """Give the query that a worker reads in the parameters of a request."""
    job = Job(text="", media="", rows=10, size=10_000, unread=UNREAD, given=parameters)
    return requests.read(job, UNREAD)[0].text


def test_any_character_of_a_query_is_read_however_it_is_sent() -> None:
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    def same(comment: str) -> None:
        query = f"ASK {{ ?s ?p '{comment}' }}"
        for encode in (quote, quote_plus):
            sent = f"query={encode(query, safe='')}"
            try:
                read = text_of(sent.encode())
            except Unreadable:
                continue  # a word that is not carried out: the server says so
            assert read == query == dict(parse_qsl(sent))["query"]

    same()


@pytest.mark.parametrize(
    "sent",
    [r"ASK {?s ?p '\\%41'}", r"ASK {?s ?p '\x41\N{DIGIT ONE}\u0041'}", r"ASK{}#\%5C%5c\\"],
)
def test_a_backslash_stays_what_it_is(sent: str) -> None:
    assert text_of(b"query=" + sent.encode()) == dict(parse_qsl("query=" + sent))["query"]


@pytest.mark.parametrize("sent", ["ASK{}#%zz", "ASK{}#%", "ASK{}#%4", "ASK{}#%FF", "ASK{}#%C3x"])
def test_what_is_no_good_encoding_is_left_to_the_server(sent: str) -> None:
    with pytest.raises(Unreadable):
        text_of(b"query=" + sent.encode())
