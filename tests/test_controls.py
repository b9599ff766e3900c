"""What steers a terminal or turns a line round is shown by its number."""

from __future__ import annotations

import pytest

from publish import controls


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\u001B[31mb"),
        ("a\u202eb\u2069", "a\\u202Eb\\u2069"),
        ("a\rb\x07\x9b", "a\\u000Db\\u0007\\u009B"),
        (
            "two\nlines\tand \u0646\u0645\u06cc\u200c\u062e",
            "two\nlines\tand \u0646\u0645\u06cc\u200c\u062e",
        ),
    ],
)
def test_signs_that_steer_are_written_and_others_stay(text: str, shown: str) -> None:
    assert controls.shown(text) == shown
