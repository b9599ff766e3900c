"""What the formats of citations share: who is named as what, and which date is given how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from publish import dates
from publish.catalogue import AUTHORING, Entry, Kind

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)(10\.\d{4,9}/\S+)", re.IGNORECASE)
DEVISED = "Title devised by the editors"


def held(entry: Entry, *roles: str) -> list[Entry]:
    """Give those who had some parts, in the order of the credit."""
    return [share.agent for share in entry.shares if share.role in roles]


def authors(entry: Entry) -> list[Entry]:
    """Give those who are named first."""
    return held(entry, *AUTHORING)


def editors(entry: Entry, *roles: str) -> list[Entry]:
    """Give those who edited a work, in some roles, then those who edited what it stands in."""
    return held(entry, *roles) + (held(entry.host, *roles) if entry.host else [])


def translators(entry: Entry) -> list[Entry]:
    """Give the translators; of a part for which none are named, those of the whole."""
    return held(entry, "trl") or (held(entry.host, "trl") if entry.host else [])


def title(entry: Entry) -> str:
    """Give the title proper."""
    return (entry.title or entry.label).value


def form(entry: Entry) -> str:
    """Give the form of an edition, or the one that all editions of a work have; else nothing."""
    return entry.form or (min(entry.edition_forms) if len(entry.edition_forms) == 1 else "")


def from_host(entry: Entry, name: str) -> tuple[str, ...]:
    """Give a field of an edition, or of what it stands in."""
    found: tuple[str, ...] = getattr(entry, name)
    return found or (getattr(entry.host, name) if entry.host else ())


def issns(entry: Entry) -> tuple[str, ...]:
    """Give the ISSN of the periodical that a part stands in."""
    return next((one.issns for one in entry.hosts if one.issns), ())


def doi(entry: Entry) -> str:
    """Give the DOI among the names that a thing has elsewhere."""
    found = (_DOI.fullmatch(one) for one in (*entry.same, *entry.addresses))
    return next((match[1] for match in found if match), "")


def pages(entry: Entry) -> tuple[str, str]:
    """Give the first and the last page of a part; each is empty where it is not known."""
    first, _, last = entry.pages.replace("\u2013", "-").partition("-")
    return first.strip(), last.strip()


def uncertain(entry: Entry) -> str:
    """Give the date as EDTF where it is more, or less, than a plain year, month or day."""
    return entry.date.edtf if entry.date and not dates.exact(entry.date.edtf) else ""


def notes(entry: Entry) -> Iterator[str]:
    """Give what a reader should know who sees the citation."""
    if entry.devised:
        yield DEVISED
    if entry.date and uncertain(entry):
        yield f"Date: {entry.date.label or entry.date.edtf} (EDTF {entry.date.edtf})"
    yield from entry.references


def keyed(entries: Iterable[Entry]) -> list[tuple[str, Entry]]:
    """Give each entry a key of its own, of letters that every format takes.

    A work is left out where one of its editions is among the others.
    """
    found = list(entries)
    editions = {one.iri for one in found if one.kind is Kind.EDITION}
    keys: dict[str, Entry] = {}
    for one in found:
        if one.kind is Kind.WORK and any(other.iri in editions for other in one.linked("edition")):
            continue
        key = re.sub(r"[^A-Za-z0-9:.-]+", "-", one.iri.rstrip("/").rpartition("/")[2]).strip("-")
        number = 2
        fresh = key = key or one.kind.value
        while fresh in keys:
            fresh, number = f"{key}-{number}", number + 1
        keys[fresh] = one
    return list(keys.items())
