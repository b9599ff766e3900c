"""Dates as far as they are known: which years one allows, and how well two agree."""

from __future__ import annotations

import re

from publish import digits, edtf

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
_DATE = re.compile(r"(?:c\.|ca\.?|circa)?\s*-?[\dX][-\dX/.~?%]*", re.IGNORECASE)
DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8]))"
)
"""Month and day of each day that all years have, as a regular expression."""
_WRITTEN = (
    (re.compile(r"(?:c\.?|ca\.?|circa|about|around|~)\s*(\d{4})", re.IGNORECASE), "{0}~"),
    (re.compile(r"(\d{4})\s*\(?\?\)?"), "{0}?"),
    (re.compile(r"(\d{3})0s"), "{0}X"),
    (re.compile(r"(\d\d)(\d\d)\s*[/\u2013-]\s*(\d\d)"), "{0}{1}/{0}{2}"),
    (re.compile(r"(\d{4})\s*[\u2013-]\s*(\d{4})"), "{0}/{1}"),
    (re.compile(r"(\d{4})\s+or\s+(\d{4})", re.IGNORECASE), "[{0},{1}]"),
    (re.compile(r"before\s+(\d{4})", re.IGNORECASE), "../{0}"),
    (re.compile(r"after\s+(\d{4})", re.IGNORECASE), "{0}/.."),
)
"""How people write dates, and what that is in EDTF."""
_BEFORE_CHRIST = re.compile(
    r"(\d{1,4})\s*(?:B\.?\s?C\.?(?:\s?E\.?)?|v\.\s?Chr\.|av\.\s?J\.-C\.|a\.\s?C\.)", re.IGNORECASE
)
_RESPELLED = (
    (re.compile(r"\s"), ""),
    (re.compile("[\u2212\u2010-\u2014]"), "-"),
    (re.compile(r"^\+"), ""),
    (re.compile(r"^y"), "Y"),
    (re.compile("unknown", re.IGNORECASE), ""),
    (re.compile("open|now", re.IGNORECASE), ".."),
    (re.compile(r"\?~|~\?"), "%"),
    (re.compile(r"(?<=[\d?uUxX-])[uUx](?=[uUxX\d-]|$)"), "X"),
    (re.compile(r"-\?\?"), "-XX"),
    (re.compile(r"(?<!\d)(\d\d)\?\?"), r"\1XX"),
    (re.compile(r"(?<!\d)(\d{3})\?"), r"\1X"),
    (re.compile(r"(?<!\d)(\d\d?)\.(\d\d?)\.(\d{4})"), r"\3-\2-\1"),
    (re.compile(r"(?<!\d)(\d{4})[./](\d\d?)[./](\d\d?)(?!\d)"), r"\1-\2-\3"),
    (re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)"), r"\1-\2-\3"),
    (re.compile(r"(?:-00)+(?!\d)"), ""),
    (re.compile(r"^(\d{3})-(?=-|$)"), r"\1X"),
    (re.compile(r"-X(?![\dX])"), "-XX"),
    (re.compile(r"-(\d)(?!\d)"), r"-0\1"),
    (re.compile(r"^-(\d{1,3})(?!\d)"), lambda match: f"-{match[1]:0>4}"),
)
"""Signs of the drafts of EDTF, of other habits and of haste, and what stands for them today."""
_DIGITS = 4
_CLOCK = re.compile(r"T\d\d:\d\d.*")


def years(text: str) -> tuple[int | None, int | None]:
    """Give the first and the last year that a date allows; an open end has none.

    What is no EDTF gives the years that stand in it, so that `circa 1976` is 1976.
    """
    if exact(text):
        # As most dates are.
        return int(text[:4]), int(text[:4])
    span = edtf.span(text)
    if span is None:
        found = [int(year) for year in _YEAR.findall(text)]
        return (min(found), max(found)) if found else (None, None)
    return span.first and span.first[0], span.last and span.last[0]


def meant(text: str) -> str:
    """Give in EDTF what people write: `c. 1347`, `1347/48`, `1340s`; nothing for all else."""
    text = digits.ascii_digits(text)
    if before := _BEFORE_CHRIST.fullmatch(text.strip()):
        # There is a year 0 in ISO 8601 (4.2.1), which historians call 1 BC.
        return f"{1 - int(before[1]):05}".replace("00000", "0000") if int(before[1]) else ""
    for pattern, date in _WRITTEN:
        if match := pattern.fullmatch(text.strip()):
            found = date.format(*match.groups())
            if edtf.span(found):
                return found
    found = text
    for pattern, sign in _RESPELLED:
        found = pattern.sub(sign, found)
    return found if edtf.span(found) else ""


def single(text: str) -> int | None:
    """Give the year of a date that lies in one, however uncertain; nothing for a longer span."""
    first, last = years(text)
    return first if first == last else None


def agreement(one: str, other: str) -> float | None:
    """Say from 0 to 1 how well two dates can be the same; nothing where one is no date.

    A year agrees with each of its days, and a span with what lies in it; two days of one year
    agree by half, years that follow each other by less.
    """
    dates = [_CLOCK.sub("", text.strip()) for text in (one, other)]
    if not all(_DATE.fullmatch(text) and years(text) != (None, None) for text in dates):
        return None
    short, long = sorted(dates, key=len)
    if short == long or (exact(short) and exact(long) and long.startswith(short)):
        return 1.0
    (first, last), (begin, end) = map(years, dates)
    if exact(short) and exact(long) and first == begin:
        return 0.5
    apart = max(_gap(last, begin), _gap(end, first))
    return 0.9 if apart <= 0 else {1: 0.4, 2: 0.2}.get(apart, 0.0)


def _gap(last: int | None, first: int | None) -> int:
    """Count the years from the end of a span to the beginning of another."""
    return 0 if last is None or first is None else first - last


def exact(text: str) -> bool:
    """Say whether a date is one year, month or day, and nothing qualifies it."""
    return _DAY.fullmatch(text) is not None


def approximate(text: str) -> bool:
    """Say whether a date is marked as approximate or uncertain."""
    return any(sign in text for sign in "~?%")
