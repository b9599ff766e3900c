"""Read a copy of the essay that the reader of these tests owns.

The text is not part of the project. `FOLKMOTE_TEXT` names a Markdown file in which `(S.P)` opens
a paragraph, `[^N]:` a footnote, `[p.N]` marks the start of a printed page and `[^N]` the call of a
note. Tests that need it are skipped, with this sentence, where the variable is unset.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest

STRAIGHT = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
)


def passages() -> dict[str, str]:
    """Give the text of each paragraph and footnote by its number, marks still in it."""
    place = os.environ.get("FOLKMOTE_TEXT")
    if not place:
        pytest.skip("FOLKMOTE_TEXT is unset: no copy of the essay to compare the data with")
    found = {}
    for line in Path(place).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\((\d\.\d+)\) (.*)", line):
            found[match[1]] = match[2]
        elif match := re.match(r"\[\^(\d+)\]: (.*)", line):
            found[f"fn{match[1]}"] = match[2]
    return found


def normalised(text: str) -> str:
    """Apply normalisation n1, as the comment on `ksv:characters` in the ontology words it."""
    text = re.sub(r"\[(?:p\.|\^)\d+\]", "", text)
    text = unicodedata.normalize("NFKC", text).translate(STRAIGHT)
    return re.sub(r"\s+", " ", text).strip()


def words(text: str) -> list[str]:
    """Split a text into lower-case words without punctuation."""
    return re.findall(r"[^\W_]+", text.lower())
