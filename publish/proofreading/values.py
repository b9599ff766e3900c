"""Values: numbers and dates that are none, and signs in a text that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from publish import dates, legibility, turtle
from publish import namespaces as ns

_DAY = rf"-?\d{{4,}}-{dates.DAY}"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z?"
_FLOATING = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_DATATYPES = MappingProxyType(
    {
        "integer": (re.compile(r"[+-]?\d+"), "12"),
        "decimal": (re.compile(r"[+-]?\d+(?:\.\d*)?"), "1.5"),
        "boolean": (re.compile(r"true|false|0|1"), "true"),
        "date": (re.compile(_DAY), "1347-05-31"),
        "dateTime": (re.compile(f"{_DAY}T{_TIME}"), "1347-05-31T12:00:00"),
        "gYear": (re.compile(r"-?\d{4,}"), "1347"),
        "gYearMonth": (re.compile(r"-?\d{4,}-(?:0[1-9]|1[0-2])"), "1347-05"),
        "double": (_FLOATING, "1.5e0"),
        "float": (_FLOATING, "1.5e0"),
        "time": (re.compile(_TIME), "12:00:00"),
        "duration": (re.compile(r"P\d+[YMD]"), "P1Y"),
    }
)
"""By datatype of XML Schema, what is surely right and needs no look by the engine; an example."""

# Joiners (U+200C, U+200D) and marks of direction are letters' own in some scripts.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u202d\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LOST = "\ufffd"
_MARKUP = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6});|</?(?:a|b|br|em|i|p|span|strong|sub|sup)\b[^<>]*>")
# A letter of two bytes, each of which was read as a character of its own.
_READ_WRONG = re.compile("[\u00c2-\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]")


def wrong_values(literals: Iterable[turtle.Literal]) -> Iterator[tuple[turtle.Literal, str]]:
    """Give the numbers and dates that are none, and how one is written."""
    doubtful: dict[str, list[turtle.Literal]] = {}
    for literal in literals:
        datatype = literal.datatype.value
        if datatype == ns.EDTF:
            if not dates.is_edtf(literal.value):
                yield literal, f"`{literal.value}` is no date in EDTF; {_edtf_hint(literal.value)}"
        elif datatype.startswith(ns.XSD):
            name = datatype[len(ns.XSD) :]
            if name in _DATATYPES and not _DATATYPES[name][0].fullmatch(literal.value):
                doubtful.setdefault(name, []).append(literal)
    if not doubtful:
        return
    for name, some in doubtful.items():
        for literal in legibility.unreadable(ns.XSD + name, some):
            example = _DATATYPES[name][1]
            yield literal, f"`{literal.value}` is no xsd:{name}; write it as `{example}`"


def _edtf_hint(text: str) -> str:
    meant = dates.meant(text)
    return f"write `{meant}`" if meant else "write it as 1347, 1347-05, 1347~ or 1347/1348"


def odd_text(literal: turtle.Literal) -> str:
    """Say what is surely not meant in a text; what has no language may be code, or blanks."""
    text = literal.value
    if literal.language and not text:
        return "is empty; write it, or delete the statement"
    if literal.language and "\n" not in text and text != text.strip():
        return "begins or ends with a blank; delete the blank"
    if literal.language and (mark := _MARKUP.search(text)):
        return f"holds `{mark[0]}`, mark-up that is shown as it stands; write what it stands for"
    return odd_signs(text)


def odd_signs(text: str) -> str:
    """Say which signs of a text are surely not meant, and what to do; nothing, where all are."""
    if text.isascii() and text.isprintable():
        return ""
    if unseen := _UNSEEN.search(text):
        sign = unseen[0]
        name = unicodedata.name(sign, "a control character").lower()
        return f"holds U+{ord(sign):04X} ({name}), which nobody sees; delete it"
    if _LOST in text:
        return "holds U+FFFD, where a character was lost; write it anew"
    if wrong := _READ_WRONG.search(text):
        return f"holds `{wrong[0]}`, {_misread(wrong[0])}"
    if not unicodedata.is_normalized("NFC", text):
        return "spells letters in parts (not NFC), so that a search may miss it; write it anew"
    return ""


def _misread(piece: str) -> str:
    for coding in ("cp1252", "latin-1"):
        try:
            return f"which was `{piece.encode(coding).decode()}` before a program misread it; write that"
        except UnicodeError:
            continue
    return "which a program misread; write it anew"
