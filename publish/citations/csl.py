"""CSL-JSON 1.0.2, which citation processors and reference managers read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from types import MappingProxyType

from publish import dates
from publish.catalogue import Date, Entry
from publish.citations import parts

_TYPES = MappingProxyType(
    {
        "book": "book",
        "chapter": "chapter",
        "article": "article-journal",
        "newspaper": "article-newspaper",
        "thesis": "thesis",
        "report": "report",
        "paper": "paper-conference",
        "entry": "entry",
        "letter": "personal_communication",
        "web": "webpage",
    }
)
_NAMED = MappingProxyType(
    {
        "illustrator": ("ill",),
        "interviewer": ("ivr",),
        "compiler": ("com",),
        "contributor": ("ctb", "win", "aui", "wac", "wfw", "wpr", "waw", "aft", "ann"),
    }
)


def write(entries: Iterable[Entry]) -> bytes:
    """Write entries as one list."""
    items = [_item(key, entry) for key, entry in parts.keyed(entries)]
    return json.dumps(items, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(key: str, entry: Entry) -> dict[str, object]:
    host = entry.host
    item: dict[str, object] = {
        "id": key,
        "type": _TYPES.get(parts.form(entry), "document"),
        "title": parts.title(entry),
        "container-title": parts.title(entry.container) if entry.container else "",
        "volume": entry.numbered("volume"),
        "issue": entry.numbered("issue"),
        "author": [_name(one) for one in parts.authors(entry)],
        "editor": [_name(one) for one in parts.editors(entry, "edt")],
        "translator": [_name(one) for one in parts.translators(entry)],
        "container-author": [_name(one) for one in parts.authors(host)] if host else [],
        "issued": _date(entry.date) if entry.date else None,
        "publisher": ", ".join(parts.from_host(entry, "publishers")),
        "publisher-place": ", ".join(parts.from_host(entry, "published_in")),
        "page": entry.pages,
        "number-of-pages": entry.page_count,
        "edition": entry.edition_statement,
        "ISBN": " ".join(parts.from_host(entry, "isbns")),
        "ISSN": " ".join(parts.issns(entry)),
        "DOI": parts.doi(entry),
        "language": entry.language,
        "original-title": "; ".join(one.label.value for one in entry.linked("original")),
        "URL": entry.iri,
        "note": "; ".join(parts.notes(entry)),
        "custom": {"edtf": parts.uncertain(entry)} if parts.uncertain(entry) else None,
    }
    for variable, roles in _NAMED.items():
        item[variable] = [_name(one) for one in parts.held(entry, *roles)]
    return {name: value for name, value in item.items() if value}


def _name(agent: Entry) -> dict[str, str]:
    if agent.name is None:
        return {"literal": agent.label.value}
    said = {
        "family": agent.name.family,
        "given": agent.name.given,
        "non-dropping-particle": agent.name.particle,
        "suffix": agent.name.suffix,
    }
    return {name: value for name, value in said.items() if value}


def _date(date: Date) -> dict[str, object]:
    """Give a date in numbers where it has them, else in words."""
    first, last = dates.years(date.edtf)
    if dates.exact(date.edtf):
        return {"date-parts": [[int(part) for part in date.edtf.split("-")]]}
    # A digit that is not known, or an end that is open, has no numbers in CSL.
    if first is None or last is None or re.search("[X.]", date.edtf):
        return {"literal": date.label or date.edtf}
    said: dict[str, object] = {"date-parts": [[first]] if first == last else [[first], [last]]}
    return {**said, "circa": True} if dates.approximate(date.edtf) else said
