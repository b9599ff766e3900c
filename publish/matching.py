"""Whether a text holds the words that somebody looks for: accents, endings and slips forgiven.

A word is found where a word of the text begins with it, without regard to case and accents. One
that is found nowhere may be a slip: a word of the text that differs in one letter, or in two where
it is long, stands in for it. Nothing here knows what the texts are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from publish import digits, letters

MOST = 8
"""How many words a search has; more are not looked at."""
_TOKEN = re.compile(r"[^\W_]+")
_ALIKE = 0.75
"""How near two words must come for one to be taken for a slip of the other."""
_INITIAL = 0.9
"""How much of a word its initial is worth."""
_FEW_WORDS = 4
"""How many words the name of a person has at most; what has more is a title."""
_FAMILY = 0.75
"""How much of a name is said by the family name alone, or the last words of a short one."""


def words(text: str) -> list[str]:
    """Split a text into words, without case and accents (Unicode 15, 2.12 and 5.18).

    Digits of every script are those of ASCII.
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
        text = letters.one_spelling(digits.ascii_digits(text))
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


def reach(word: str) -> int:
    """Say in how many letters a slip may differ from what was meant."""
    return 0 if len(word) < 4 or word.isdecimal() else 1 if len(word) < 8 else 2


def slips(word: str, known: Iterable[str]) -> list[str]:
    """Give the known words for which a word may be a slip, the nearest first; a number is none."""
    most = reach(word)
    near = process.extract(
        word, list(known), scorer=OSA.distance, score_cutoff=most, limit=None, processor=None
    )
    found = ((distance, one) for one, distance, _ in near if distance and not one.isdecimal())
    return [one for _, one in sorted(found)]


def resemblance(text: str, name: str) -> float:
    """Say from 0 to 1 how much of what a text and a name say is the same, as names are written.

    The order of the words counts little, and not at all around a comma (`Doe, Jane`); an initial
    stands for a word, a slip for the right one, and a family name alone for most of a short name.
    Numbers are the same or not.
    """
    sought, found = words(text), words(name)
    if not sought or not found:
        return 0.0
    if sought == found:
        return 1.0
    sought, found = _spread(sought, found), _spread(found, sought)
    if sorted(sought) == sorted(found):
        return 1.0 if "," in text + name or sought == found else 0.97
    same, said = _paired(sought, found)
    whole = 2 * same / said
    return max(whole, _FAMILY) if _is_family(sought, name) else whole


def _paired(sought: Sequence[str], found: Sequence[str]) -> tuple[float, float]:
    """Weigh what the words of two names share, and all that both say."""
    left = list(found)
    same = said = 0.0
    # Whole words choose before initials, which fit many.
    for word in sorted(sought, key=len, reverse=True):
        best, other = max(((_alike(word, one), one) for one in left), default=(0.0, ""))
        if best:
            left.remove(other)
            # A word that an initial stands for says no more here than the initial.
            weight = min(_weight(word), _weight(other))
            same += best * weight
            said += 2 * weight
        else:
            said += _weight(word)
    return same, said + sum(map(_weight, left))


def _weight(word: str) -> float:
    return 0.5 if len(word) == 1 else 0.7 if len(word) < 4 and not word.isdecimal() else 1.0


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    short, long = sorted((word, other), key=len)
    if short.isdecimal() or long.isdecimal():
        return 0.0
    if len(short) == 1:
        return _INITIAL if long.startswith(short) and len(long) > 1 else 0.0
    near = OSA.normalized_similarity(word, other) if len(short) > 3 else 0.0
    return near if near >= _ALIKE else 0.0


def _is_family(sought: Sequence[str], name: str) -> bool:
    """Say whether words are the family name in the name of a person, direct or inverted."""
    before, comma, _ = name.partition(",")
    found, whole = words(before) if comma else words(name), name.split()
    # Titles and sentences have small words and numbers, or are longer.
    personal = len(whole) <= _FEW_WORDS and not any(
        one[0].islower() or any(map(str.isdecimal, one)) for one in whole
    )
    return personal and list(sought) == (found if comma else found[-len(sought) :])


def _spread(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Take initials that are written together apart where the other name has them so."""
    run = "".join(one if len(one) == 1 else " " for one in others)
    found: list[str] = []
    for one in names:
        found += [*one] if 1 < len(one) < 5 and one in run else [one]
    return found
