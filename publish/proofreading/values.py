"""Values: numbers and dates that are none, and texts that are surely not meant so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from publish import coordinates, dates, edtf, legibility, turtle
from publish import namespaces as ns
from publish.proofreading import signs

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

_WHOLE = MappingProxyType(
    {
        "nonNegativeInteger": (re.compile(r"\+?\d+|-0+"), "12"),
        "positiveInteger": (re.compile(r"\+?0*[1-9]\d*"), "12"),
        "nonPositiveInteger": (re.compile(r"-\d+|\+?0+"), "-12"),
        "negativeInteger": (re.compile(r"-0*[1-9]\d*"), "-12"),
    }
)
"""The same of datatypes that the engine does not read: nothing else is one."""

_OF_HIJRA = re.compile(r"(?:\b|\d)(?:A\.?\s?[HM]|S\.?\s?H)\b|\d\s*(?:هـ?|ق|ش)(?!\w)")
"""Years of the Hijra, lunar or solar, and of the Jewish era."""
_MARKUP = re.compile(
    r"&(?:[a-z]{2,8}|#\d{1,6});|</?(?:a|b|br|em|i|p|span|strong|sub|sup)\b[^<>]*>"
    r"|\*\*\w[^*]*\*\*|\[[^\[\]]+\]\((?:https?:|mailto:|[/#])\S*\)"
)
"""Mark-up of HTML, and what is surely meant as mark-up of Markdown."""
_IN_MARKUP = ("<", "&", "**", "](")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})")
_IN_ADDRESSES = re.compile(r"(?<=\w)%20(?=\w)|%[C-E][0-9A-F]%[89AB][0-9A-F]", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"to-?do|fixme|tb[ac]|\?+|\.{3}|\u2026|lorem ipsum\b.*|untitled", re.IGNORECASE
)
# A program that lacked a letter wrote the sign; an address may have one.
_LOST = re.compile(r"(?<!\S)[^\W\d_]+\?[^\W\d_]+(?!\S)")
# An empty one, or one with a height, is well-known text too, and stands for no place on a map.
_POINT = re.compile(r"\s*POINT\s*\(", re.IGNORECASE)
_GAP = re.compile(r"[^\s.!?:]  +\S")
_ALPHABETS = MappingProxyType({"GREEK": "el", "CYRILLIC": "ru", "HEBREW": "he", "ARABIC": "ar"})
"""Scripts that no language of `_LATIN` is written in, with a language of each."""
_LATIN = re.compile(
    r"(?:ca|cs|da|de|en|es|et|fi|fr|hr|hu|it|la|lt|lv|nb|nl|no|pl|pt|ro|sk|sl|sv|tr)(?:-[a-z]{2})?|[a-z]{2,3}-Latn(?:-[a-z]{2})?",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def wrong_values(literals: Iterable[turtle.Literal]) -> Iterator[tuple[turtle.Literal, str]]:
    """Give the numbers and dates that are none, and how one is written."""
    doubtful: dict[str, list[turtle.Literal]] = {}
    for literal in literals:
        datatype = literal.datatype.value
        if datatype in _READ:
            if wrong := _READ[datatype](literal.value):
                yield literal, wrong
        elif datatype.startswith(ns.XSD):
            name = datatype[len(ns.XSD) :]
            if name in _DATATYPES and not _DATATYPES[name][0].fullmatch(literal.value):
                doubtful.setdefault(name, []).append(literal)
            elif name in _WHOLE and not _WHOLE[name][0].fullmatch(literal.value):
                yield literal, _told(literal.value, name, _WHOLE[name][1])
    for name, some in doubtful.items():
        for literal in legibility.unreadable(ns.XSD + name, some):
            yield literal, _told(literal.value, name, _DATATYPES[name][1])


def _no_point(text: str) -> str:
    """Say what is wrong with a plain point; of other shapes, and of heights, nothing is known."""
    if not _POINT.match(text) or coordinates.read(text):
        return ""
    return (
        f"`{text}` is no point on the earth; write longitude and then latitude in degrees, with a "
        "blank between them, such as `POINT(1.25 51.9)`"
    )


def _told(text: str, name: str, example: str) -> str:
    return f"`{text}` is no xsd:{name}; write it as `{example}`"


def _no_edtf(text: str) -> str:
    if edtf.span(text) is not None:
        return ""
    if edtf.backwards(text):
        return f"`{text}` ends before it begins, which EDTF excludes; correct one of its dates"
    if _OF_HIJRA.search(text):
        return (
            f"`{text}` is no date in EDTF, which has the Gregorian calendar alone; convert it, and "
            "keep this one in the label"
        )
    meant = dates.meant(text)
    todo = f"write `{meant}`" if meant else "write it as 1347, 1347-05, 1347~ or 1347/1348"
    return f"`{text}` is no date in EDTF; {todo}"


_READ: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {ns.EDTF: _no_edtf, ns.GEOSPARQL + "wktLiteral": _no_point}
)
"""What says of values of a datatype how they are wrong; nothing, where they are right."""


def odd_text(literal: turtle.Literal) -> str:
    """Say what is surely not meant in a text; what has no language may be code, or blanks."""
    text, language = literal.value, literal.language
    if language and (wrong := _odd_words(text, language)):
        return wrong
    return signs.odd_signs(text, language)


def _odd_words(text: str, language: str) -> str:
    """Say what is surely not meant in words of a language."""
    if not text:
        return "is empty; write it, or delete the statement"
    if "\n" not in text and text != text.strip():
        return "begins or ends with a blank; delete the blank"
    if any(sign in text for sign in _IN_MARKUP) and (mark := _MARKUP.search(text)):
        return f"holds `{mark[0]}`, mark-up that is shown as it stands; write what it stands for"
    if "\\" in text and (escape := _ESCAPE.search(text)):
        return f"holds `{escape[0]}`, an escape that is shown as it stands; write the sign itself"
    if "%" in text and "//" not in text and (escape := _IN_ADDRESSES.search(text)):
        return f"holds `{escape[0]}`, as addresses write a sign; write the sign itself"
    # In languages of Iberia the word means something of itself.
    if "FIXME" in text or ("TODO:" in text and language[:2] not in ("es", "gl", "pt")):
        return "holds a note of something to do; do it, and delete the note"
    if _PLACEHOLDER.fullmatch(text):
        return f"is `{text}`, which keeps a place; write it, or delete the statement"
    if "?" in text and (lost := _LOST.search(text)):
        return f"holds `?` in `{lost[0]}`, where a character was lost; write it anew"
    if "\n" not in text and (gap := _gap(text)):
        return f"holds {gap}; write one blank"
    return _other_script(text, language)


def odd_line(literal: turtle.Literal) -> str:
    """Say what is surely not meant in a text of one line, such as a name, with a language or none."""
    text = literal.value
    if text.isprintable() and "  " not in text and text == text.strip():
        return ""  # as nearly all are: no blank but the plain one is printable
    if "\n" in text or "\r" in text:
        return "holds a line break, and stands in one line everywhere; write a blank"
    if literal.language:
        return ""  # `odd_text` says it
    if text != text.strip():
        return "begins or ends with a blank; delete the blank"
    return f"holds {gap}; write one blank" if (gap := _gap(text)) else ""


def _gap(text: str) -> str:
    """Say what stands between two words beside a blank; after a full stop some write two."""
    if "\t" in text:
        return "a tab"
    return "two blanks in a row" if "  " in text and _GAP.search(text) else ""


def _other_script(text: str, tag: str) -> str:
    """Say that a text is in no letters of its language: its tag was left from another one."""
    if text.isascii() or not _LATIN.fullmatch(tag) or not (word := _WORD.search(text)):
        return ""
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()}
    if len(scripts) != 1 or not (meant := _ALPHABETS.get(script := min(scripts))):
        return ""
    return (
        f"has {script.title()} letters, in which `@{tag}` is not written; tag `{word[0]}` with "
        f"its language, such as `@{meant}`"
    )
