"""Identifiers of authorities: whether one can be, by its form and its check digit.

ISNI, ORCID, ISBN and ISSN are judged by python-stdnum; the GND by the German National Library's
account of it, IdRef by that of the PICA numbers, data.bnf.fr by that of ARK (NOID); other
authorities have a form alone. An authority's record has one address, by which other data sets
know it; what leads there by another one is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stdnum import isbn, isni, issn

_DOI = r"10\.\d{4,9}/\S+"
_X = 10
"""What the last sign `X` counts."""
_PPN = 9
"""How many signs a number of the French catalogues has."""


class _Kind(NamedTuple):
    """An identifier: what it is called, how its addresses begin, and what says whether it can be.

    `own` is the address of a record, with `{}` for its number; empty where there are several.
    """

    name: str
    address: re.Pattern[str]
    can_be: Callable[[str], bool]
    own: str = ""


def wrong_address(iri: str) -> str:
    """Say what is wrong with the address of an authority's record; nothing, where it can be."""
    kind, number = _known(iri)
    return _told(number, kind.name) if kind and not kind.can_be(number) else ""


def other_address(iri: str) -> str:
    """Give the authority's own address of a record; nothing, where it is this one or not known."""
    kind, number = _known(iri)
    if not kind or not kind.own or not kind.can_be(number):
        return ""
    own = kind.own.format(re.sub(r"\s", "", number))
    return own if own != iri else ""


def _known(iri: str) -> tuple[_Kind | None, str]:
    """Give the authority whose record this is, and its number."""
    if _AUTHORITIES.match(iri):
        for kind in _ADDRESSES:
            if match := kind.address.fullmatch(iri):
                return kind, match[1]
    return None, ""


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


_ARK_SIGNS = "0123456789bcdfghjkmnpqrstvwxz"
"""The signs of a name, each of which counts by its place here and by its place in the name."""


def _ark(text: str) -> bool:
    """Judge a name of the French national library by its last sign (NOID, check digit)."""
    if not re.fullmatch(r"cb[0-9bcdfghjkmnpqrstvwxz]{9}", text):
        return False
    total = sum(place * _ARK_SIGNS.index(sign) for place, sign in enumerate(text[:-1], 1))
    return _ARK_SIGNS[total % len(_ARK_SIGNS)] == text[-1]


def _ppn(text: str) -> bool:
    """Judge a number of the French catalogues, whose last sign is counted as in the GND."""
    return len(text) == _PPN and "-" not in text and _gnd(text)


_AUTHORITIES = re.compile(
    r"https?://(?:(?:www|data|dx|id|m|sws)\.)?"
    r"(?:orcid|isni|d-nb|viaf|wikidata|loc|geonames|bnf|idref|doi)\.|urn:is[bs]n:",
    re.IGNORECASE,
)
"""How addresses of these begin: most others are passed over at once."""
_ADDRESSES = (
    _Kind(
        "an ORCID iD",
        re.compile(r"https?://(?:www\.)?orcid\.org/(.*?)/?"),
        isni.is_valid,
        "https://orcid.org/{}",
    ),
    _Kind(
        "an ISNI",
        re.compile(r"https?://(?:www\.)?isni\.org/(?:isni/)?(.*?)/?"),
        isni.is_valid,
        "https://isni.org/isni/{}",
    ),
    _Kind(
        "a number of the GND",
        re.compile(r"https?://(?:www\.)?d-nb\.info/gnd/([^/#]*)/?"),
        _gnd,
        "https://d-nb.info/gnd/{}",
    ),
    _Kind("a number of the GND", re.compile(r"https?://d-nb\.info/gnd/([^/#]*).+"), _gnd),
    _Kind(
        "a number of VIAF",
        re.compile(r"https?://(?:www\.)?viaf\.org/(?:[a-z]{2}/)?viaf/([^/#]*)/?"),
        _by_form(r"[1-9]\d{0,21}"),
        "http://viaf.org/viaf/{}",
    ),
    _Kind(
        "an item of Wikidata",
        re.compile(
            r"https?://(?:www\.|m\.)?wikidata\.org/"
            r"(?:entity|wiki(?:/Special:EntityData|/Special:EntityPage)?)/(?:Item:)?"
            r"([^/#?.:]*)(?:\.[a-z]+)?/?"
        ),
        _by_form(r"[PQL][1-9]\d*(?:-[FS][1-9]\d*)?"),
        "http://www.wikidata.org/entity/{}",
    ),
    _Kind(
        "a number of the Library of Congress",
        re.compile(r"https?://id\.loc\.gov/authorities/names/([^/#]*?)(?:\.html)?/?"),
        _by_form(r"[a-z]{1,3}(?:\d{8}|\d{10})"),
        "http://id.loc.gov/authorities/names/{}",
    ),
    _Kind(
        "a number of the Library of Congress",
        re.compile(r"https?://id\.loc\.gov/authorities/subjects/([^/#]*?)(?:\.html)?/?"),
        _by_form(r"[a-z]{1,3}(?:\d{8}|\d{10})(?:-\d+)?"),
        "http://id.loc.gov/authorities/subjects/{}",
    ),
    _Kind(
        "a place of GeoNames",
        re.compile(
            r"https?://(?:sws\.|www\.)?geonames\.org/(\d+)(?:/(?:[^/]*\.html|about\.rdf)?)?"
        ),
        _by_form(r"[1-9]\d*"),
        "https://sws.geonames.org/{}/",
    ),
    _Kind(
        "a name of data.bnf.fr", re.compile(r"https?://data\.bnf\.fr/ark:/12148/(cb[^/#]*).*"), _ark
    ),
    _Kind("a number of IdRef", re.compile(r"https?://(?:www\.)?idref\.fr/([^/#]*).*"), _ppn),
    _Kind("an ISBN", re.compile(r"urn:isbn:(.*)", re.IGNORECASE), isbn.is_valid),
    _Kind("an ISSN", re.compile(r"urn:issn:(.*)", re.IGNORECASE), issn.is_valid),
    _Kind(
        "a DOI",
        re.compile(r"https?://(?:dx\.|www\.)?doi\.org/(.*)"),
        _by_form(_DOI),
        "https://doi.org/{}",
    ),
)

_NUMBERS: Mapping[str, tuple[str, Callable[[str], bool]]] = MappingProxyType(
    {
        **dict.fromkeys(("isbn", "isbn10", "isbn13", "hasISBN"), ("an ISBN", isbn.is_valid)),
        **dict.fromkeys(("issn", "eissn", "issnL", "eIssn", "hasISSN"), ("an ISSN", issn.is_valid)),
        "doi": ("a DOI, which is written without an address", _by_form(_DOI)),
    }
)
"""By the last part of the property, as schema.org, BIBO, PRISM and FaBiO call it."""
