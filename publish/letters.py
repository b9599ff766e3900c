"""Letters of the Arabic script that have several signs, written with one."""

from __future__ import annotations

from types import MappingProxyType

_SAME_LETTER = MappingProxyType(
    str.maketrans(
        "\u064a\u0649\u0626\u0643\u06c1\u0629\u06c0\u06d5\u0623\u0625\u0624",
        "\u06cc\u06cc\u06cc\u06a9\u0647\u0647\u0647\u0647\u0627\u0627\u0648",
        "\u0640",
    )
)
"""Letters of the Arabic script that keyboards of its languages tell apart and readers do not: yeh,
kaf, heh and teh marbuta, each with hamza or without, and ae, which U+06C0 is made of; the line that
stretches words is no letter (Unicode 15, 9.2)."""


def one_spelling(text: str) -> str:
    """Spell the letters that the Arabic script has more than once in one way."""
    return text.translate(_SAME_LETTER)
