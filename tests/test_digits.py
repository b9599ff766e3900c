"""Digits of every script are those from 0 to 9, and nothing else is."""

from __future__ import annotations

import pytest

from publish.digits import ascii_digits


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("\u0661\u0669\u0660\u0665", "1905"),  # Arabic
        ("\u06f1\u06f9\u06f0\u06f5", "1905"),  # Persian
        ("c. \u0967\u096f\u0966\u096b", "c. 1905"),  # Devanagari
        ("1905", "1905"),
    ],
)
def test_digits_of_every_script_become_those_of_ascii(written: str, plain: str) -> None:
    assert ascii_digits(written) == plain


def test_what_is_no_decimal_digit_stays_as_it_is() -> None:
    assert ascii_digits("\u00b2 \u2167 \u5341 X") == "\u00b2 \u2167 \u5341 X"
