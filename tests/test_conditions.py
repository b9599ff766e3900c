"""Conditions and ranges are read as RFC 9110 has them; whatever the headers hold, nothing breaks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import conditions

TAG = b'"abc"'
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE, THEN, AFTER = (
    b"Mon, 23 Nov 2026 12:00:00 GMT",
    b"Tue, 24 Nov 2026 12:00:00 GMT",
    b"Wed, 25 Nov 2026 12:00:00 GMT",
)


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, 200),
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": b"W/" + TAG}, 304),
        ({"if-none-match": b'"x", ' + TAG}, 304),
        ({"if-none-match": b"*"}, 304),
        ({"if-none-match": b'"x"'}, 200),
        ({"if-match": TAG}, 200),
        ({"if-match": b"*"}, 200),
        ({"if-match": b'"x"'}, 412),
        ({"if-match": b"W/" + TAG}, 412),
        ({"if-modified-since": THEN}, 304),
        ({"if-modified-since": AFTER}, 304),
        ({"if-modified-since": BEFORE}, 200),
        ({"if-modified-since": b"yesterday"}, 200),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": THEN}, 200),
        # A tag says more than a date, and what must hold counts before what was had.
        ({"if-none-match": b'"x"', "if-modified-since": AFTER}, 200),
        ({"if-none-match": TAG, "if-modified-since": BEFORE}, 304),
        ({"if-match": TAG, "if-unmodified-since": BEFORE}, 200),
        ({"if-match": b'"x"', "if-none-match": TAG}, 412),
    ],
)
def test_the_conditions_are_judged_in_their_order(headers: dict[str, bytes], verdict: int) -> None:
    named = {name.encode(): value for name, value in headers.items()}
    assert conditions.judge(named, TAG, NOW) == verdict


def test_what_has_no_date_is_not_older_or_newer() -> None:
    for name in (b"if-modified-since", b"if-unmodified-since"):
        assert conditions.judge({name: BEFORE}, TAG, None) == 200


@pytest.mark.parametrize(
    ("given_", "holds"),
    [
        (None, True),
        (TAG, True),
        (THEN, True),
        (b'"x"', False),
        (b"W/" + TAG, False),
        (BEFORE, False),
        (AFTER, False),
        (b"rubbish", False),
    ],
)
def test_a_part_is_given_of_what_was_had_before_alone(given_: bytes | None, *, holds: bool) -> None:
    headers = {} if given_ is None else {b"if-range": given_}
    assert conditions.holds(headers, TAG, NOW) is holds


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        (b"bytes=0-9", [(0, 9)]),
        (b"bytes=0-", [(0, 99)]),
        (b"bytes=-10", [(90, 99)]),
        (b"bytes=-1000", [(0, 99)]),
        (b"bytes=90-1000", [(90, 99)]),
        (b"bytes=90-" + b"9" * 30, [(90, 99)]),
        (b"BYTES = 5-5", [(5, 5)]),
        (b"bytes=0-1, 5-6,-1", [(0, 1), (5, 6), (99, 99)]),
        # One that there is not does not spoil the others.
        (b"bytes=0-1,200-300", [(0, 1)]),
        (b"bytes=100-", []),
        (b"bytes=-0", []),
        (b"bytes=9-0", None),
        (b"bytes=", None),
        (b"bytes=a-b", None),
        (b"bytes=1-2-3", None),
        (b"lines=0-9", None),
        (b"0-9", None),
        (b"bytes=" + b",".join([b"0-0"] * 51), None),
    ],
)
def test_the_parts_asked_for_are_those_that_there_are(
    header: bytes, parts: list[tuple[int, int]] | None
) -> None:
    assert conditions.ranges(header, 100) == parts


def test_of_nothing_there_is_no_part() -> None:
    assert conditions.ranges(b"bytes=0-", 0) == []


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=10**6))
def test_whatever_the_headers_hold_they_are_read(text: bytes, size: int) -> None:
    for first, last in conditions.ranges(b"bytes=" + text, size) or ():
        assert 0 <= first <= last < size
    assert conditions.judge(dict.fromkeys(conditions.CONDITIONS, text), TAG, NOW) in (200, 304, 412)
    conditions.holds({b"if-range": text}, TAG, NOW)
    conditions.codings(text)


@pytest.mark.parametrize(
    ("coding", "takes"),
    [
        (b"gzip", True),
        (b"x-gzip", True),
        (b"br, GZIP;q=0.5", True),
        (b"gzip;q=0", False),
        (b"gzip; q=0.0", False),
        (b"gzip;q=much", False),
        (b"identity, gzip;q=0.5", False),
        (b"identity;q=0.5, gzip;q=0.5", True),
        (b"br", False),
        (b"", False),
        (b"*", False),
    ],
)
def test_gzip_is_for_those_who_name_it(coding: bytes, *, takes: bool) -> None:
    assert conditions.codings(coding) == (takes, True)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (b"gzip, identity;q=0", True),
        (b"gzip;q=0.2, *;q=0", True),
        (b"identity;q=0, *", True),
        (b"identity;q=0", False),
        (b"*;q=0", False),
        (b"gzip;q=0, identity;q=0, *", False),
    ],
)
def test_who_refuses_what_is_not_packed_is_not_given_it(coding: bytes, *, packed: bool) -> None:
    assert conditions.codings(coding) == (packed, False)


def test_who_takes_everything_but_gzip_takes_what_is_not_packed() -> None:
    assert conditions.codings(b"gzip;q=0, *") == (False, True)
