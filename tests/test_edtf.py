"""What is a date in EDTF, and which days it allows."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from publish import edtf
from publish import namespaces as ns
from publish.dataset import Dataset

LEVELS = {
    0: "1985-04-12 1985-04 1985 0000 1985-04-12T23:20:30 1985-04-12T23:20:30Z "
    "1985-04-12T23:20:30-04 1985-04-12T23:20:30+04:30 1964/2008 2004-06/2006-08 2004-02-01/2005",
    1: "Y170000002 Y-170000002 2001-21 1984? 2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX "
    "1985-XX-XX 1985-04-12/.. 1985-04/.. 1985/.. ../1985-04-12 ../1985 1985-04-12/ 1985/ /1985 "
    "1984~/2004-06 1984-06-02?/2004-08-08~ -1985 -0384-05 -0044-03-15 -0384/-0322 /.. ../..",
    2: "Y-17E7 Y17E8 1950S2 Y171010000S3 Y3388E2S3 2001-34 [1667,1668,1670..1672] "
    "[..1760-12-03] [1760-12..] [1760-01,1760-02,1760-12..] [1667,1760-12] [..1984] "
    "{1667,1668,1670..1672} {1960,1961-12} {..1984} 2004-06~-11 2004?-06-11 ?2004-06-~11 "
    "2004-%06-11 156X-12-25 15XX-12-25 XXXX-12-XX 1XXX-XX 1XXX-12 1984-1X "
    "2004-06-~01/2004-06-~20 2004-06-XX/2004-07-03 -1XXX-XX 2011-23~ 190X-02-29",
}
NONE = (
    *("", " 1985", "1985 ", "19 85", "985", "12985", "-384", "-0000", "+1985", "1985-4", "1985-00"),
    *("1985-13", "1985-04-31", "1985-02-29", "1900-02-29", "1901-02-29~", "198X-02-30"),
    *(
        "1985-xx",
        "198u",
        "1985-X",
        "1985?~",
        "c. 1985",
        "1985-42",
        "1985-20",
        "Y1985",
        "y170000002",
    ),
    *("1985-04-12T23:20", "1985-04-12t23:20:30", "1985-04-12T25:20:30", "1985-04T23:20:30"),
    *("1985-04-12T23:20:30.5", "1985-04-12T23:20:30+15", "1985-04-12T23:20:30Z/1986"),
    *("/", "1985/1986/1987", "1985/84", "2008/1964", "-0322/-0384", "unknown/1985", "1985/open"),
    *("[]", "[1667", "[1667}", "[1667, 1668]", "[1667,..1668]", "[1667..,1668]", "[1672..1670]"),
    *("[..]", "{1667/1668}", "Y1E999999999", "Y17E", "1950S", "1950S0"),
)


@pytest.mark.parametrize("text", [text for level in LEVELS.values() for text in level.split()])
def test_what_the_levels_of_edtf_have_is_a_date(text: str) -> None:
    assert edtf.span(text)


def test_the_rules_of_the_essay_let_pass_what_edtf_has_and_nothing_misspelled(
    essay: Dataset,
) -> None:
    """A rule cannot count days, so that it sees how a date is written, and `check` the rest."""
    shape, pattern = ox.NamedNode(f"{essay.base}shapes#span-edtf"), ox.NamedNode(ns.SH + "pattern")
    (written,) = (
        getattr(value, "value", "")
        for name, value in essay.graphs[essay.shapes_graph].said_of(shape)
        if name == pattern
    )
    for text in " ".join(LEVELS.values()).split():
        assert re.search(written, text), text
    misspelled = (
        "985",
        "12985",
        "+1985",
        "1985-4",
        "1985-xx",
        "198u",
        "1985-X",
        "1985?~",
        "c. 1985",
    )
    misbuilt = (
        "1985/1986/1987",
        "1985/84",
        "unknown/1985",
        "[1667",
        "[1667, 1668]",
        "[..]",
        "1950S",
    )
    for text in (*misspelled, *misbuilt):
        assert not re.search(written, text), text


@pytest.mark.parametrize("text", NONE)
def test_what_no_level_has_is_none(text: str) -> None:
    assert edtf.span(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last", "whole"),
    [
        ("1985", (1985, 1, 1), (1985, 12, 31), True),
        ("1984-02~", (1984, 2, 1), (1984, 2, 29), True),
        ("1985-04-12T23:20:30Z", (1985, 4, 12), (1985, 4, 12), True),
        ("198X", (1980, 1, 1), (1989, 12, 31), True),
        ("1931-XX", (1931, 1, 1), (1931, 12, 31), True),
        ("1931-05-XX", (1931, 5, 1), (1931, 5, 31), True),
        ("1984-1X", (1984, 10, 1), (1984, 12, 31), True),
        ("198X-04", (1980, 4, 1), (1989, 4, 30), False),
        ("190X-02-29", (1904, 2, 29), (1908, 2, 29), False),
        ("XXXX-12", None, None, False),
        ("-0384", (-384, 1, 1), (-384, 12, 31), True),
        ("-038X", (-389, 1, 1), (-380, 12, 31), True),
        ("-000X", (-9, 1, 1), (-1, 12, 31), True),
        ("-0384/-0322", (-384, 1, 1), (-322, 12, 31), True),
        ("1867/..", (1867, 1, 1), None, True),
        ("/1867", None, (1867, 12, 31), True),
        ("2001-24", (2001, 1, 1), (2001, 12, 31), False),
        ("[1667,1670..1672]", (1667, 1, 1), (1672, 12, 31), False),
        ("[..1984]", None, (1984, 12, 31), False),
        ("1950S2", (1900, 1, 1), (1999, 12, 31), True),
        ("-1859S2", (-1899, 1, 1), (-1800, 12, 31), True),
        ("Y-17E7", (-170000000, 1, 1), (-170000000, 12, 31), True),
    ],
)
def test_a_date_allows_the_days_that_it_names(
    text: str, first: edtf.Day | None, last: edtf.Day | None, whole: bool
) -> None:
    assert edtf.span(text) == edtf.Span(first, last, whole)


def test_an_interval_that_is_turned_round_is_known_as_such() -> None:
    assert edtf.backwards("1931/1921")
    assert edtf.backwards("-0322/-0384")
    assert not any(map(edtf.backwards, ("1921/1931", "1931", "1931/x", "1931/..", "1/2/3")))


@given(st.from_regex(r"-?[0-9X]{4}(-[0-9X]{2}){0,2}[?~%]?", fullmatch=True))
def test_a_date_without_open_digits_agrees_with_the_edtf_package(text: str) -> None:
    found = edtf.span(text)
    # The package takes the year -0000, and stumbles over some open digits.
    if "X" in text or text.startswith("-0000"):
        return
    try:
        parsed = parse_edtf(text)
    except EDTFParseException:
        assert found is None
    else:
        assert found
        assert found.first == parsed.lower_strict()[:3]
        assert found.last == parsed.upper_strict()[:3]


@given(st.text("0123456789X-/.~?%YES[]{},T:Z ", max_size=24))
def test_no_text_fails_as_a_date(text: str) -> None:
    found = edtf.span(text)
    assert not (found and found.first and found.last) or found.first <= found.last
    edtf.backwards(text)
