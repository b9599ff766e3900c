"""Whether a text holds the words that somebody looks for: accents, endings and slips forgiven.

A word is found where a word of the text begins with it, without regard to case and accents. One
that is found nowhere may be a slip: a word of the text that differs in one letter, or in two where
it is long, stands in for it. Nothing here knows what the texts are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

MOST = 8
"""How many words a search has; more are not looked at."""
_TOKEN = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Split a text into words, without case and accents (Unicode 15, 2.12 and 5.18)."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _TOKEN.findall(text.casefold())


def wanted(text: str) -> tuple[str, ...]:
    """Give the words to look for, each once."""
    return tuple(dict.fromkeys(words(text)))[:MOST]


def matches(text: str, sought: Sequence[str]) -> bool:
    """Say whether each word sought begins some word of a text; none sought is found nowhere."""
    found = words(text)
    return bool(sought) and all(any(one.startswith(word) for one in found) for word in sought)


def likeness(text: str, sought: Sequence[str]) -> float:
    """Say from 0 to 1 how near a text comes: the mean over the words sought of the nearest word."""
    found = words(text)
    if not found or not sought:
        return 0.0
    return sum(max(_near(word, one) for one in found) for word in sought) / len(sought)


def _near(word: str, other: str) -> float:
    return 1.0 if other.startswith(word) else OSA.normalized_similarity(word, other)


def slips(word: str, known: Iterable[str]) -> list[str]:
    """Give the known words for which a word may be a slip, the nearest first."""
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    near = [
        (distance, one)
        for one in known
        if abs(len(one) - len(word)) <= most
        and 0 < (distance := OSA.distance(word, one, score_cutoff=most)) <= most
    ]
    return [one for _, one in sorted(near)]
