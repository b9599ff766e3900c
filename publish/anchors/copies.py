"""The letters of a text, which are all of it that counts, and the paragraphs they are measured in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(
    r"\[(?:p\.?|pp\.?|page|\^)\s*[0-9ivxlc]+\]|<!--.*?-->|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+",
    re.IGNORECASE | re.DOTALL,
)
_ARABIC, _PERSIAN = "\u064a\u0643", "\u06cc\u06a9"
"""Yeh and kaf, which copies of one text in the Arabic script spell by either pair of letters."""
_OPENING = 4
"""How many words show which paragraph is meant."""


def letters(text: str) -> str:
    """Give the letters of a text in lower case, and nothing else (normalisation n2).

    Marks of pages and notes go first (`[p.5]`, `[^2]`, raised figures), then NFKC and case folding
    apply.
    """
    plain = unicodedata.normalize("NFKC", _MARK.sub(" ", text))
    folded = "".join(filter(str.isalpha, plain)).casefold()
    return "".join(filter(str.isalpha, folded))


def digest(text: str) -> str:
    """Give the SHA-256 of the letters of a text, in lower-case hexadecimal digits."""
    return hashlib.sha256(letters(text).encode()).hexdigest()


@dataclass(frozen=True)
class Measure:
    """One paragraph of a text: its line from 1, its letters, their digest, and how it begins."""

    line: int
    letters: int
    digest: str
    opening: str


def measure(text: str) -> Iterator[Measure]:
    """Measure each paragraph of a text; a blank line ends one, and one without letters is none."""
    for match in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text):
        count = len(letters(match[0]))
        if count:
            opening = " ".join(match[0].split()[:_OPENING])
            yield Measure(text.count("\n", 0, match.start()) + 1, count, digest(match[0]), opening)


def spellings(text: str) -> Iterator[str]:
    """Give a text as it is, then with the letters that its script has twice all spelled one way."""
    pairs = ((_ARABIC, _PERSIAN), (_PERSIAN, _ARABIC))
    yield from dict.fromkeys((text, *(text.translate(str.maketrans(*pair)) for pair in pairs)))


class Copy:
    """The letters of a copy, with the line of each and whether a word begins there."""

    def __init__(self, text: str) -> None:
        marked = _MARK.sub(lambda mark: "\n" * mark[0].count("\n") or " ", text)
        plain = unicodedata.normalize("NFKC", marked)
        stream = list(_letters(plain))
        self.letters = "".join(letter for letter, _, _ in stream)
        self._plain = plain
        self._at = [position for _, position, _ in stream]
        self._breaks = [match.start() for match in re.finditer("\n", plain)]
        self.words = [index for index, (_, _, begins) in enumerate(stream) if begins]
        self.starts = self._line_starts()

    def line(self, index: int) -> int:
        """Give the line, from 1, of the letter at an index."""
        return bisect_right(self._breaks, self._at[index]) + 1

    def digest(self, begin: int, length: int) -> str:
        """Give the digest of some letters."""
        return hashlib.sha256(self.letters[begin : begin + length].encode()).hexdigest()

    def begins_word(self, index: int) -> bool:
        """Say whether a word begins with the letter at an index."""
        place = bisect_right(self.words, index) - 1
        return place >= 0 and self.words[place] == index

    def around(self, begin: int, length: int) -> str:
        """Give what is printed from the letter before some letters to the letter after them."""
        end = begin + length
        first = self._at[begin - 1] + 1 if begin else 0
        last = self._at[end] if end < len(self._at) else len(self._plain)
        return self._plain[first:last]

    def _line_starts(self) -> list[int]:
        seen = -1
        starts = []
        for index in self.words:
            if (line := self.line(index)) != seen:
                seen = line
                starts.append(index)
        return starts


def _letters(text: str) -> Iterator[tuple[str, int, bool]]:
    """Give each letter in lower case, where it stands, and whether a word begins with it."""
    begins = True
    for position, character in enumerate(text):
        if character.isalpha():
            for one in filter(str.isalpha, character.casefold()):
                yield one, position, begins
                begins = False
        # A combining mark or a soft hyphen stands inside a word.
        elif not unicodedata.category(character).startswith(("M", "Cf")):
            begins = True
