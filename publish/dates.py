"""Dates as far as they are known: which years an EDTF string allows (ISO 8601-2, levels 0 and 1)."""

from __future__ import annotations

import re
import time

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
_DATE = re.compile(r"(?:c\.|ca\.?|circa)?\s*-?[\dX][-\dX/.~?%]*", re.IGNORECASE)
DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8]))"
)
"""Month and day of each day that all years have, as a regular expression."""
_ONE = rf"-?[\dX]{{4}}(?:-(?:{DAY}|0[1-9]|1[0-2]))?[~?%]?"
_PLAIN = re.compile(rf"{_ONE}(?:/(?:{_ONE}|\.\.))?|\.\./{_ONE}", re.ASCII)
_SIMPLE = re.compile(r"(\d{1,4}X{0,3})((?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?)[~?%]?", re.ASCII)
_WRITTEN = (
    (re.compile(r"(?:c\.?|ca\.?|circa|about|around|~)\s*(\d{4})", re.IGNORECASE), "{0}~"),
    (re.compile(r"(\d{4})\s*\(?\?\)?"), "{0}?"),
    (re.compile(r"(\d{3})0s"), "{0}X"),
    (re.compile(r"(\d\d)(\d\d)\s*[/\u2013-]\s*(\d\d)"), "{0}{1}/{0}{2}"),
    (re.compile(r"(\d{4})\s*[\u2013-]\s*(\d{4})"), "{0}/{1}"),
    (re.compile(r"before\s+(\d{4})", re.IGNORECASE), "../{0}"),
    (re.compile(r"after\s+(\d{4})", re.IGNORECASE), "{0}/.."),
)
"""How people write dates, and what that is in EDTF."""
_DIGITS = 4
_CLOCK = re.compile(r"T\d\d:\d\d.*")


def years(text: str) -> tuple[int | None, int | None]:
    """Give the first and the last year that a date allows; an open end has none.

    What is no EDTF gives the years that stand in it, so that `circa 1976` is 1976.
    """
    if exact(text):
        # As most dates are; the library takes milliseconds for each.
        return int(text[:4]), int(text[:4])
    import edtf  # its grammar takes longer to load than most servers to start

    try:
        parsed = edtf.parse_edtf(text)
        first, last = _year(parsed.lower_strict()), _year(parsed.upper_strict())
    # With one digit of a month or day left open (level 2) the library stumbles over itself.
    except (edtf.EDTFParseException, AttributeError, ValueError):
        found = [int(year) for year in _YEAR.findall(text)]
        return (min(found), max(found)) if found else (None, None)
    begin, slash, end = text.partition("/")
    # The library puts a guess of ten years where an end is open.
    return (
        None if slash and begin in ("", "..") else first,
        None if slash and end in ("", "..") else last,
    )


def bounds(text: str) -> tuple[str, str] | None:
    """Give the first and the last year, month or day that an EDTF string names, as it is written.

    An open end is empty, `X` is the digit that makes the span longest, and qualifiers count
    nothing. None, where the string is no plain one of years, months and days after the year 0.
    """
    # The library gives days alone, and takes milliseconds for each string.
    begin, slash, end = text.partition("/")
    parts = [begin, end if slash else begin]
    found = [_SIMPLE.fullmatch(part) for part in parts]
    whole = [one is not None and len(one[1]) == _DIGITS for one in found]
    if not any(whole) or not all(
        known or part in ("", "..") for known, part in zip(whole, parts, strict=True)
    ):
        return None
    first, last = (one[1] + one[2] if one else "" for one in found)
    return first.replace("X", "0"), last.replace("X", "9")


def is_edtf(text: str) -> bool:
    """Say whether a text is a date in EDTF, of any level."""
    if _PLAIN.fullmatch(text):
        # As most dates are; the library takes milliseconds for each.
        return True
    import edtf

    try:
        edtf.parse_edtf(text)
    except edtf.EDTFParseException:
        return False
    except (AttributeError, ValueError):
        return True  # the library stumbles over what it could parse (see `years`)
    return True


def meant(text: str) -> str:
    """Give in EDTF what people write: `c. 1347`, `1347/48`, `1340s`; nothing for all else."""
    for pattern, date in _WRITTEN:
        if match := pattern.fullmatch(text.strip()):
            found = date.format(*match.groups())
            first, _, last = found.partition("/")
            return "" if last.isdigit() and last <= first else found
    return ""


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


def _year(found: object) -> int | None:
    return found.tm_year if isinstance(found, time.struct_time) else None
