"""Signs of the Arabic script that its writers do not mean: readers pass over them, searches do not.

Follows the Unicode Standard, 9.2 (Arabic: letters, figures, tatweel), 23.2 (joiners) and Unicode
Standard Annex 9, 2 (marks of direction).
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

_SCRIPT = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_LOOSE = re.compile("(?:^|[\\s\u200c])\u200c|\u200c(?=\\s|$)")
"""A non-joiner without letters on both of its sides, which parts none."""
_STRETCHED = re.compile("\\w*\u0640+\\w*")
# Phrases of Islam (U+FDF0 to U+FDFD) and ornate brackets have no other sign.
_SHAPED = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7\ufe70-\ufefc]+")
_FIGURES = re.compile("[0-9\u0660-\u0669\u06f0-\u06f9]{2,}")
_OPENING, _CLOSING = "\u202a\u202b", "\u202c"
_YEH_AND_KAF = MappingProxyType({"ar": "\u064a\u0643", "fa": "\u06cc\u06a9", "ur": "\u06cc\u06a9"})
"""Yeh and kaf of a language, which keyboards of its neighbours have otherwise."""
_ALL = "".join(dict.fromkeys("".join(_YEH_AND_KAF.values())))


def odd_letters(text: str, language: str) -> str:
    """Say what is not meant in a text of some language, and what to do; nothing, where all is."""
    if not _SCRIPT.search(text):
        return ""
    if _LOOSE.search(text):
        return "holds U+200C (zero width non-joiner) where it parts no letters; delete it"
    if stretched := _STRETCHED.search(text):
        plain = stretched[0].replace("\u0640", "")
        return f"stretches a word by U+0640 (arabic tatweel); write `{plain}`"
    if shaped := _SHAPED.search(text):
        plain = unicodedata.normalize("NFKC", shaped[0])
        return f"holds letters in the shape that they have in a word; write `{plain}`"
    for figures in _FIGURES.findall(text):
        if len({ord(one) // 16 for one in figures}) > 1:
            return f"has figures of several scripts in `{figures}`; write them in one"
    if sum(map(text.count, _OPENING)) > text.count(_CLOSING):
        return "turns the direction of what follows, since nothing ends U+202A or U+202B; delete it"
    return _neighbour(text, language.partition("-")[0].lower())


def _neighbour(text: str, language: str) -> str:
    own = _YEH_AND_KAF.get(language, _ALL)
    other = next((sign for sign in _ALL if sign not in own and sign in text), "")
    if not other:
        return ""
    meant = own[_ALL.index(other) % len(own)]
    return (
        f"holds U+{ord(other):04X} ({unicodedata.name(other).lower()}), which no word of "
        f"`@{language}` has; write U+{ord(meant):04X} (`{meant}`)"
    )
