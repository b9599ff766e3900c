"""Pages: ranges that run backwards, and numbers of pages that are none.

Follows schema.org: `pagination` is a text such as 135-138, `numberOfPages` a whole number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import by_thing
from publish.validation import Finding, stated

_RANGES = tuple(space + "pagination" for space in (ns.SCHEMA, "http://schema.org/"))
_COUNTS = tuple(space + "numberOfPages" for space in (ns.SCHEMA, "http://schema.org/"))
_RANGE = re.compile(r"(?<![\w.:/-])(\d{1,5}) ?[-\u2013] ?(\d{1,5})(?![\w.:/-])")
_COUNT = re.compile(r"0*[1-9]\d{0,5}", re.ASCII)


def wrong_pages(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find ranges of pages that end before they begin, and counts that count nothing."""
    locators = dataset.below((ns.LOCATOR,), ns.RDFS + "subPropertyOf")[ns.LOCATOR]
    for said in by_thing(graphs, *_RANGES, *sorted(locators)).values():
        for name, triple in said:
            if wrong := _backwards(getattr(triple.object, "value", "")):
                message = f"`{wrong}` ends before it begins; correct one of the two pages"
                yield stated(dataset, name, triple, "warning", message, ns.USES)
    for said in by_thing(graphs, *_COUNTS).values():
        for name, triple in said:
            if not _COUNT.fullmatch(text := getattr(triple.object, "value", "")):
                message = f"`{text}` is no number of pages; write a whole number alone, such as 313"
                yield stated(dataset, name, triple, "warning", message, ns.USES)


def _backwards(text: str) -> str:
    """Give the range in a text that runs backwards; 233-49 means 233 to 249."""
    for found in _RANGE.finditer(text):
        first, last = found.groups()
        if len(last) >= len(first) and int(last) < int(first):
            return found[0]
    return ""
