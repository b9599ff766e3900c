"""Which years a date allows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish import dates


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1892", (1892, 1892)),
        ("1895-12-24", (1895, 1895)),
        ("1976~", (1976, 1976)),
        ("1845/1846", (1845, 1846)),
        ("1867/..", (1867, None)),
        ("../1900", (None, 1900)),
        ("/1900", (None, 1900)),
        ("191X", (1910, 1919)),
        ("19XX", (1900, 1999)),
        ("circa 1976", (1976, 1976)),
        ("2004-0X", (2004, 2004)),
        ("2004-06-0X", (2004, 2004)),
        ("XXXX-X1-XX", (None, None)),
        ("undated", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_date_allows_years(text: str, years: tuple[int | None, int | None]) -> None:
    assert dates.years(text) == years


def test_a_year_is_single_exact_or_approximate() -> None:
    assert dates.single("1976~") == 1976
    assert dates.single("1845/1846") is None
    assert dates.exact("1895-12")
    assert not dates.exact("1976~")
    assert dates.approximate("1976?")
    assert not dates.approximate("1845/1846")


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("1842", "1842-12-09", 1.0),
        ("1842-12-09T00:00:00Z", "1842-12-09", 1.0),
        ("1842-12-08", "1842-12-09", 0.5),
        ("184X", "1842-12-09", 0.9),
        ("1841", "1842-12-09", 0.4),
        ("1842", "1901", 0.0),
        ("1840/..", "1901", 0.9),
        ("Jane", "1901", None),
        ("1901", "Jane 1901", None),
    ],
)
def test_dates_agree_as_far_as_they_can_be_the_same(
    one: str, other: str, agreement: float | None
) -> None:
    assert dates.agreement(one, other) == dates.agreement(other, one) == agreement


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=20), st.text("0123456789X-/.~?%uy[]{},TZ:+ ", max_size=16)))
def test_no_text_fails_as_a_date(text: str) -> None:
    first, last = dates.years(text)
    assert dates.single(text) in (None, first)
    assert dates.agreement(text, text) in (None, 1.0)
    dates.agreement(text, "1901")
    assert last is None or isinstance(last, int)
