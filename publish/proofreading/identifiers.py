"""Identifiers of authorities: whether one can be, by its form and its check digit.

ISNI, ORCID, ISBN and ISSN are judged by python-stdnum; the GND by the German National Library's
account of it; other authorities have a form alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stdnum import isbn, isni, issn

_X = 10
"""What the last sign `X` counts."""


class _Kind(NamedTuple):
    """An identifier: what it is called, how its addresses begin, and what says whether it can be."""

    name: str
    address: re.Pattern[str]
    can_be: Callable[[str], bool]


def wrong_address(iri: str) -> str:
    """Say what is wrong with the address of an authority's record; nothing, where it can be."""
    for kind in _ADDRESSES:
        match = kind.address.fullmatch(iri)
        if match:
            return "" if kind.can_be(match[1]) else _told(match[1], kind.name)
    return ""


def is_number(predicate: str) -> bool:
    """Say whether a property holds numbers of books or serials."""
    return predicate.rpartition("/")[2] in _NUMBERS


def wrong_number(predicate: str, text: str) -> str:
    """Say what is wrong with the number of a book or a serial; nothing, where it can be."""
    name, can_be = _NUMBERS[predicate.rpartition("/")[2]]
    return "" if can_be(text) else _told(text, name)


def _told(number: str, name: str) -> str:
    return f"`{number}` cannot be {name}: its form or its check digit is wrong; compare the source"


def _digits(text: str) -> list[int]:
    return [_X if sign in "Xx" else int(sign) for sign in text if sign.isalnum()]


def _by_form(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


def _gnd(text: str) -> bool:
    """Judge the numbers of which the way to count is known: of people, and of subjects (4...-n)."""
    if not re.fullmatch(r"\d{1,10}-?[\dX]", text):
        return False
    *before, last = _digits(text)
    total = sum(w * d for w, d in zip(range(len(before) + 1, 1, -1), before, strict=True)) % 11
    if "-" not in text:
        return (11 - total) % 11 == last
    return not re.fullmatch(r"4\d{6}-[\dX]", text) or total == last


_ADDRESSES = (
    _Kind("an ORCID iD", re.compile(r"https?://(?:www\.)?orcid\.org/(.*)"), isni.is_valid),
    _Kind("an ISNI", re.compile(r"https?://(?:www\.)?isni\.org/(?:isni/)?(.*)"), isni.is_valid),
    _Kind("a number of the GND", re.compile(r"https?://d-nb\.info/gnd/([^/#]*).*"), _gnd),
    _Kind(
        "a number of VIAF",
        re.compile(r"https?://(?:www\.)?viaf\.org/viaf/([^/#]*).*"),
        _by_form(r"[1-9]\d{0,21}"),
    ),
    _Kind(
        "an item of Wikidata",
        re.compile(r"https?://(?:www\.)?wikidata\.org/entity/(.*)"),
        _by_form(r"[PQL][1-9]\d*(?:-[FS][1-9]\d*)?"),
    ),
    _Kind("an ISBN", re.compile(r"urn:isbn:(.*)", re.IGNORECASE), isbn.is_valid),
    _Kind("an ISSN", re.compile(r"urn:issn:(.*)", re.IGNORECASE), issn.is_valid),
    _Kind("a DOI", re.compile(r"https?://(?:dx\.)?doi\.org/(.*)"), _by_form(r"10\.\d{4,9}/\S+")),
)

_NUMBERS: Mapping[str, tuple[str, Callable[[str], bool]]] = MappingProxyType(
    {
        **dict.fromkeys(("isbn", "isbn10", "isbn13", "hasISBN"), ("an ISBN", isbn.is_valid)),
        **dict.fromkeys(("issn", "eissn", "issnL", "eIssn", "hasISSN"), ("an ISSN", issn.is_valid)),
    }
)
"""By the last part of the property, as schema.org, BIBO, PRISM and FaBiO call it."""
