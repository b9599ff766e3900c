"""The language that the templates of pages are written in: their texts, filters and tests.

Templates escape everything that they are given. None knows the data set; what the pages of one
site share is added by `web.site`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup

from publish.records import Link, Nested, Text, words
from publish.web.addresses import IN_PATH
from publish.web.wording import Wording

T = TypeVar("T")

TEMPLATES = Path(__file__).parent / "templates"
_TURNED = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Characters that are written from right to left, or turn the direction (UAX 9, table 4)."""
FORMAT_NAMES = MappingProxyType(
    {
        "text/html": "a page",
        "text/turtle": "Turtle",
        "application/n-triples": "N-Triples",
        "application/ld+json": "JSON-LD",
        "application/rdf+xml": "RDF/XML",
        "application/n-quads": "N-Quads",
        "application/trig": "TriG",
        "application/sparql-results+json": "JSON",
        "application/sparql-results+xml": "XML",
        "text/csv": "CSV",
        "text/tab-separated-values": "TSV",
        "application/marcxml+xml": "MARCXML",
        "application/marc": "MARC 21",
        "application/mods+xml": "MODS",
        "application/xml": "Dublin Core",
        "application/x-bibtex": "BibTeX",
        "application/x-research-info-systems": "RIS",
        "application/vnd.citationstyles.csl+json": "CSL-JSON",
    }
)
"""Formats as people call them."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a long list."""

    number: int
    last: int
    total: int
    items: Sequence[T]


def paged(items: Sequence[T], number: int, size: int) -> Page[T]:
    """Cut one page out of a list; a number beyond the end gives the last page."""
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)
    return Page(number, last, len(items), items[(number - 1) * size : number * size])


def data_block(found: object) -> Markup:
    """Write JSON so that it can stand in a page as it is."""
    # JSON may spell any character; without these nothing in it can end the script element.
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return Markup(re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text))  # noqa: S704


def environment(wording: Wording) -> jinja2.Environment:
    """Read all templates; their texts are those of a wording."""
    environment = jinja2.Environment(
        # Read once: whoever installs another version beside us puts other files there.
        loader=jinja2.DictLoader(
            {one.name: one.read_text("utf-8") for one in TEMPLATES.glob("*.html")}
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        wording.gettext, wording.ngettext, newstyle=True
    )
    environment.globals.update(paged=paged, interface=wording)
    environment.filters.update(
        attribute=_anchor,
        block=data_block,
        day=wording.day,
        format_name=lambda media: wording.gettext(FORMAT_NAMES.get(media, media)),
        given=lambda pairs: {name: value for name, value in pairs.items() if value},
        parameters=lambda pairs: urlencode(pairs, doseq=True),
        short=_short,
        position=wording.position,
        said=wording.gettext,
        size=wording.size,
        stem=_stem,
        told=_told,
    )
    environment.tests.update(
        link=lambda value: isinstance(value, Link),
        literal=lambda value: isinstance(value, Text),
        nested=lambda value: isinstance(value, Nested),
        like_page=lambda text: text.language == wording.language and not _TURNED.search(text.value),
        long_text=lambda text: len(text.value) > 300 or "\n" in text.value,
        many_lines=lambda text: "\n" in text.value,
    )
    return environment


def _short(iri: str) -> str:
    """Give the last part of an IRI, for lists of datatypes."""
    return re.split(r"[#/]", iri)[-1] or iri


def _stem(path: str) -> str:
    """Name what a file holds by the name of the file."""
    return words(path.rpartition("/")[2].partition(".")[0])


def _told(message: str) -> Markup:
    """Show a message as a sentence, and what can be typed in it (between backticks) as that."""
    parts = re.split(r"`([^`]+)`", message[:1].upper() + message[1:])
    typed = (Markup("<code>{}</code>").format(one) for one in parts[1::2])
    told = zip_longest(parts[::2], typed, fillvalue="")
    return Markup("").join(one for pair in told for one in pair)


def _anchor(iri: str) -> str:
    """Give the anchor of a term within its document."""
    return quote(iri.partition("#")[2], IN_PATH)
