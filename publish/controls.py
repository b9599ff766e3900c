"""Signs that steer what shows a text: a terminal, or the direction in which lines run.

What others wrote is read in review, where such a sign could hide a part of it, colour it or turn
it round. Follows the Unicode Standard, 23.1 (control codes), and UAX 9, 2.1 and 2.2 (explicit
directions); marks of direction and joiners, which scripts need, stay.
"""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Write such signs by their numbers; ends of lines and tabs stay."""
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04X}", text)
