"""Signs of a text that are surely not meant: unseen ones, and such as look like others.

Follows the Unicode Standard, 6.2 (spaces), 23.2 (joiners, marks of direction) and its names, and
Unicode Technical Standard 39, 5.1 (letters of several scripts in one word).
"""

from __future__ import annotations

import re
import unicodedata

from publish.proofreading import arabic

_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u202d\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FOR_SCRIPTS = re.compile("[\u061c\u200c-\u200f\u202a-\u202c\u2066-\u2069]")
"""Joiners and marks of direction, which are letters' own in some scripts."""
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]")
_WITHOUT = re.compile(
    "[\t\n\r\u0020-\u058f\u10a0-\u10ff\u1c90-\u1cbf\u1d00-\u218f\u2c60-\u2dff\ua640-\ua7ff]*"
)
"""Texts in scripts that have no use for them: Latin, Greek, Cyrillic, Armenian, Georgian."""
_LOST = "\ufffd"
_SECOND = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
# A letter of two bytes, each of which was read as a character of its own; of those of Greek,
# Cyrillic, Hebrew and Arabic it takes two, for one may be meant.
_READ_WRONG = re.compile(
    f"[\u00c2-\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]|(?:[\u00ce-\u00db]{_SECOND}){{2,}}"
)
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
# Beside signs, digits and single letters typographers set such spaces (`« x »`, `10 kg`, `v Praze`).
_BETWEEN_WORDS = re.compile(rf"[^\W\d_]{{2,}}[{_SPACES}]+[^\W\d_]{{2,}}")
_IN_CODE = re.compile(rf"\w+[{_SPACES}]+\w+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_SPACE = re.compile(f"[{_SPACES}]")
_LINES = re.compile("[\u2028\u2029]")
_LIGATURES = re.compile("[\ufb00-\ufb04]")
_MIXED = re.compile("[A-Za-z]+[\u0400-\u04ff]+|[\u0400-\u04ff]+[A-Za-z]+")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
# Letters of Greek name quantities beside Latin ones (`\u03b2-carotene`, `\u0394t`): what is told is
# a Latin letter in a word of Greek, and a Greek one that looks Latin in a word of Latin.
_MIXED_GREEK = re.compile(
    "[A-Za-z]+[\u0370-\u03ff\u1f00-\u1fff]{2,}|[\u0370-\u03ff\u1f00-\u1fff]{2,}[A-Za-z]+"
    "|[A-Za-z]{2,}[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf]"
    "|[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf][A-Za-z]{2,}"
)


def odd_signs(text: str, language: str | None = None) -> str:
    """Say which signs of a text are surely not meant, and what to do; nothing, where all are.

    In words of a language spaces of other widths are typography; what has none may be code.
    """
    if text.isascii() and text.isprintable():
        return ""
    unseen = _UNSEEN.search(text) or _FOR_SCRIPTS.search(text)
    turned = _TURNING.search(text) if unseen and not language else None
    if unseen and (unseen.re is _UNSEEN or turned or _WITHOUT.fullmatch(text)):
        return f"holds {_named((turned or unseen)[0])}, which nobody sees; delete it"
    if _LOST in text:
        return "holds U+FFFD, where a character was lost; write it anew"
    if wrong := _READ_WRONG.search(text):
        return f"holds `{wrong[0]}`, {_misread(wrong[0])}"
    if not unicodedata.is_normalized("NFC", text):
        return "spells letters in parts (not NFC), so that a search may miss it; write it anew"
    return _lookalike(text, is_code=not language) or arabic.odd_letters(text, language or "")


def _lookalike(text: str, *, is_code: bool) -> str:
    """Say which sign looks like another, so that two texts that look the same are not."""
    spaced = _IN_CODE if is_code else _BETWEEN_WORDS
    if _SPACE.search(text) and (space := spaced.search(text)):
        sign = _SPACE.findall(space[0])[0]
        return f"holds {_named(sign)} in `{space[0]}`, which no search for the words finds; write a blank"
    if line := _LINES.search(text):
        return f"holds {_named(line[0])}, which ends no line in most programs; write a blank"
    if ligature := _LIGATURES.search(text):
        letters = unicodedata.normalize("NFKC", ligature[0])
        return f"holds `{ligature[0]}`, one sign for several letters; write `{letters}`"
    if _CYRILLIC.search(text) and (mixed := _MIXED.search(text)):
        return f"has Latin and Cyrillic letters in `{mixed[0]}`, which look alike; write it in one script"
    if _GREEK.search(text) and (mixed := _MIXED_GREEK.search(text)):
        return (
            f"has Latin and Greek letters in `{mixed[0]}`, which look alike; write it in one script"
        )
    return ""


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control character').lower()})"


def _misread(piece: str) -> str:
    for coding in ("cp1252", "latin-1"):
        try:
            return f"which was `{piece.encode(coding).decode()}` before a program misread it; write that"
        except UnicodeError:
            continue
    return "which a program misread; write it anew"
