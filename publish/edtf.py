"""Dates in EDTF: whether a text is one, and the first and last day that it allows.

Follows the specification of the Library of Congress of 4 February 2019 (ISO 8601-2:2019), levels 0
to 2. Where it says nothing, `24:00:00` is a time (ISO 8601-1:2019/Amd 1), `-0000` is no year and a
blank is never a part of a date. What both have no word for, such as the season of an unspecified
year, is a date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

Day: TypeAlias = tuple[int, int, int]
"""Year, month and day; years before the year 1 count on by 0, -1, as those of ISO 8601 do."""

_QUALIFIER = "[?~%]?"
_YEAR = r"-?[\dX]{4}"
_MONTH = r"0[1-9X]|1[012X]|X[\dX]"
_SEASON = r"2[1-9]|3\d|4[01]"
_DAY = r"0[1-9X]|[12][\dX]|3[01X]|X[\dX]"
_DATE = re.compile(
    rf"{_QUALIFIER}(?P<year>{_YEAR}){_QUALIFIER}"
    rf"(?:-{_QUALIFIER}(?:(?P<month>{_MONTH}){_QUALIFIER}"
    rf"(?:-{_QUALIFIER}(?P<day>{_DAY}){_QUALIFIER})?|(?P<season>{_SEASON}){_QUALIFIER}))?",
    re.ASCII,
)
_TIMED = re.compile(
    r"(?P<date>-?\d{4}-\d\d-\d\d)T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00)"
    r"(?:Z|[+-](?:(?:0\d|1[0-3])(?::[0-5]\d)?|14(?::00)?))?",
    re.ASCII,
)
# Longer exponents are older than all time, and nobody could hold the number.
_LONG = re.compile(
    r"(?:Y(?P<long>-?[1-9]\d{4,17})|Y(?P<base>-?[1-9]\d{0,8})E(?P<exponent>[1-9]\d?)|(?P<year>-?\d{4}))"
    r"(?:S(?P<digits>[1-9]\d?))?",
    re.ASCII,
)
_UNKNOWN = "XXXX"
_FEBRUARY = 2
_YEARS_BETWEEN_LEAPS = 8
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Span(NamedTuple):
    """The first and the last day that a date allows, where it names one.

    `whole` says that the date stands for all days between them: a season is some days of its year,
    and a set some of its members.
    """

    first: Day | None
    last: Day | None
    whole: bool = True


def span(text: str) -> Span | None:
    """Read a date in EDTF of any level; give None where a text is none."""
    if text[:1] in ("[", "{"):
        return _set(text)
    if "/" in text:
        return _interval(text)
    if timed := _TIMED.fullmatch(text):
        return _date(timed["date"])
    return _date(text) or _long(text)


def backwards(text: str) -> bool:
    """Say whether a text would be an interval in EDTF, if it did not end before it begins."""
    ends = [_date(end) for end in text.split("/")]
    return len(ends) == len("..") and None not in ends and span(text) is None


def written(day: Sequence[int]) -> str:
    """Write a day, or only its year or month, as ISO 8601 does."""
    year, *others = day
    sign = "-" if year < 0 else ""
    return "-".join([f"{sign}{abs(year):04}", *(f"{part:02}" for part in others)])


def _interval(text: str) -> Span | None:
    """Read two dates, one of which may be open or not known (level 1, Extended Interval)."""
    ends = text.split("/")
    read = [Span(None, None) if end in ("", "..") else _date(end) for end in ends]
    if len(read) != len("..") or not any(ends):
        return None
    begin, end = read
    if begin is None or end is None or (begin.first and end.last and begin.first > end.last):
        return None
    return Span(begin.first, end.last, begin.whole and end.whole)


def _set(text: str) -> Span | None:
    """Read some dates, of which one or all are meant (level 2, Set representation)."""
    if text[-1:] != {"[": "]", "{": "}"}[text[0]]:
        return None
    members = [_member(one) for one in text[1:-1].split(",")]
    found = [one for one in members if one is not None]
    if len(found) < len(members):
        return None
    # Only the first may reach back without an end, and the last onward (`..1984`, `1760-12..`).
    if any(one.first is None for one in found[1:]) or any(one.last is None for one in found[:-1]):
        return None
    firsts = [one.first for one in found]
    lasts = [one.last for one in found]
    return Span(
        None if None in firsts else min(filter(None, firsts)),
        None if None in lasts else max(filter(None, lasts)),
        whole=False,
    )


def _member(text: str) -> Span | None:
    begin, dots, end = text.partition("..")
    if not dots:
        return _date(text)
    first, last = (_date(one) if one else None for one in (begin, end))
    if not (begin or end) or (begin and not first) or (end and not last):
        return None
    if first and last and first.first and last.last and first.first > last.last:
        return None
    return Span(first.first if first else None, last.last if last else None)


def _date(text: str) -> Span | None:
    """Read a date with whatever qualifies it, or with digits that are not specified."""
    match = _DATE.fullmatch(text)
    if match is None or match["year"] == "-0000":
        return None
    low, high = _years(match["year"])
    if match["season"]:
        return Span((low, 1, 1), (high, 12, 31), whole=False)
    month, day = match["month"] or "XX", match["day"] or "XX"
    first, last = _first(low, high, month, day), _last(low, high, month, day)
    if first is None or last is None:
        return None
    if match["year"].lstrip("-") == _UNKNOWN:
        return Span(None, None, whole=False)
    return Span(first, last, _fills(match["year"], month, day))


def _fills(year: str, month: str, day: str) -> bool:
    """Say whether a date allows all days between its first and its last."""
    given = f"{year}{month}{day}"
    return "X" not in given.rstrip("X")


def _years(text: str) -> tuple[int, int]:
    """Give the first and last year of four digits, some of which may be any."""
    low, high = (int(text.lstrip("-").replace("X", digit)) for digit in "09")
    return (-high, -max(low, 1)) if text.startswith("-") else (low, high)


def _first(low: int, high: int, month: str, day: str) -> Day | None:
    """Give the first day that the digits of a year, a month and a day allow."""
    return next(_days(range(low, high + 1), _numbers(month, 12), _numbers(day, 31)), None)


def _last(low: int, high: int, month: str, day: str) -> Day | None:
    """Give the last day that the digits of a year, a month and a day allow."""
    months, days = _numbers(month, 12)[::-1], _numbers(day, 31)[::-1]
    return next(_days(range(high, low - 1, -1), months, days), None)


def _days(years: Iterable[int], months: Sequence[int], days: Sequence[int]) -> Iterator[Day]:
    """Give the days that there are, in the order in which years, months and days are given."""
    # Within eight years there is always one with a 29 February.
    for year in islice(years, _YEARS_BETWEEN_LEAPS):
        for month in months:
            length = _LENGTHS[month - 1] - (month == _FEBRUARY and not calendar.isleap(year))
            yield from ((year, month, day) for day in days if day <= length)


def _numbers(digits: str, most: int) -> Sequence[int]:
    """Give the numbers from 1 that two digits can be, in order."""
    if "X" not in digits:
        return (int(digits),)
    if digits == "XX":
        return range(1, most + 1)
    return [number for number in range(1, most + 1) if _fits(digits, number)]


def _fits(digits: str, number: int) -> bool:
    return all(given in ("X", own) for given, own in zip(digits, f"{number:02}", strict=True))


def _long(text: str) -> Span | None:
    """Read a year of more than four digits, as a power of ten, or one known to some digits."""
    match = _LONG.fullmatch(text)
    if match is None or match["year"] == "-0000" or (match["year"] and not match["digits"]):
        return None
    year = (
        int(match["base"]) * 10 ** int(match["exponent"])
        if match["base"]
        else int(match["long"] or match["year"])
    )
    length = len(str(abs(year)))
    unsure = 10 ** max(0, length - int(match["digits"] or length))
    low = abs(year) // unsure * unsure
    ends = sorted((low, low + unsure - 1) if year >= 0 else (-low, -low - unsure + 1))
    return Span((ends[0], 1, 1), (ends[1], 12, 31))
