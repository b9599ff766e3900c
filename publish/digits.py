"""Digits of every script, written as those from 0 to 9 (Unicode 15, 4.6)."""

from __future__ import annotations

import re

_DIGIT = re.compile(r"\d")


def ascii_digits(text: str) -> str:
    """Write each decimal digit of a text as the one of ASCII that has its value."""
    return _DIGIT.sub(lambda digit: str(int(digit[0])), text)
