"""A made-up translation of the interface, and what a page says beside it.

It writes each letter of a text as its wide form (Unicode, Halfwidth and Fullwidth Forms), so that
whatever a page says in plain letters is data or was not translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import lxml.html
from babel.messages import pofile
from babel.messages.catalog import Catalog
from lxml.etree import _Element

from publish import turtle
from publish.dataset import Dataset
from publish.records import words
from publish.web import wording

LANGUAGE = "qps"
"""A language that nobody speaks, among those kept for private use (ISO 639-2)."""
# Names of things that are the same in every language.
NAMES = frozenset(
    (
        *(
            "SPARQL",
            "IRI",
            "SHA",
            "CC",
            "CC0",
            "BY",
            "OpenAPI",
            "JSON",
            "CSV",
            "TSV",
            "XML",
            "RDF",
            "LD",
            "Turtle",
        ),
        *("Triples", "Quads", "TriG", "CSL", "RIS", "BibTeX", "MARC", "MARCXML", "MODS", "MADS"),
        *("BIBFRAME", "Dublin", "Core", "OpenCitations", "Data", "Model", "CIDOC", "CRM", "LRMoo"),
        *("schema", "org", "APA", "MLA", "Chicago", "info", "folkmote", "curl", LANGUAGE),
    )
)
_LONGEST = 60
"""Up to how many words a text of the data is looked for."""
SPOKEN = ("aria-label", "title", "placeholder", "alt", "label")
# A label in a picture is cut where it is long, and stands whole in its title.
TECHNICAL = {"text", "script", "style", "code", "pre", "textarea", "time", "q", "meta", "link"}


def widened(text: str) -> str:
    """Widen the letters of a text, but for its markup, its places and what is typed."""
    parts = re.split(r"(<code>.*?</code>|<[^>]*>|&\w+;|%\(\w+\)s|%%)", text)
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(r"[A-Za-z]", lambda one: chr(ord(one[0]) + 0xFEE0), parts[place])
    return "".join(parts)


def write(folder: Path) -> Path:
    """Write the translation of every text, with three plural forms, into a folder."""
    with (wording.TEXTS / wording.TEMPLATE).open("rb") as file:
        english = pofile.read_po(file)
    catalogue = Catalog(locale="pl")
    for message in english:
        if isinstance(message.id, str):
            catalogue.add(message.id, widened(message.id))
        else:
            one, many = map(widened, message.id)
            catalogue.add(message.id, (one, many, many))
    with (folder / f"{LANGUAGE}.po").open("wb") as file:
        pofile.write_po(file, catalogue)
    return folder


class Told:
    """What a data set says itself: its literals and its names, also in part."""

    def __init__(self, data: Dataset, *asked: str) -> None:
        """Read the data; what was `asked`, a page may say too."""
        terms = {
            term
            for graph in data.graphs.values()
            for triple in graph.triples()
            for term in (triple.subject, triple.predicate, triple.object)
        }
        literals = {term for term in terms if isinstance(term, turtle.Literal)}
        iris = {str(getattr(term, "value", "")) for term in terms - literals}
        iris |= {one.datatype.value for one in literals}
        names = (data.root.name, *data.prefixes, *iris, *asked)
        self._texts = {_plain(one) for one in names}
        for iri in iris:
            self._texts |= {_plain(words(iri)), re.split("[#/]", iri)[-1]}
            self._texts |= set(iri.split("/"))
        for match in data.matches:
            self._texts |= {words(value) for value in match.cells.values() if ":" in value}
        for graph in data.graphs:
            self._texts |= set(re.split("[/-]", graph))
        for path in data.sources:
            self._texts.add(_plain(words(path.rpartition("/")[2].partition(".")[0])))
        for one in literals:
            # A question has places for values, and its query the names of the columns.
            self._texts |= {_bare(part) for part in re.split(r"\{[^}]*\}", one.value)}
            self._texts |= {
                _bare(one.value),
                one.language or "",
                *re.findall(r"[?$](\w+)", one.value),
            }

    def lacks(self, text: str) -> list[str]:
        """Give the words of a text that no text of the data covers."""
        parts, found, place = _plain(text).split(), [], 0
        while place < len(parts):
            ends = range(min(len(parts), place + _LONGEST), place, -1)
            known = (end for end in ends if _bare(" ".join(parts[place:end])) in self._texts)
            end = next(known, place)
            if end == place:
                end += 1
                spoken = re.findall(r"[A-Za-z]{2,}", parts[place])
                if set(spoken) - NAMES and "/" not in parts[place] and ":" not in parts[place][:-1]:
                    found.append(parts[place])
            place = end
        return found


def _plain(text: str) -> str:
    # Literals are told with their quotes and their language.
    return " ".join(re.sub(r'"(@[\w-]+)?', " ", unescape(text)).split())


def _bare(text: str) -> str:
    return _plain(text).strip(".,:;·…()? ")


def unmarked(page: str, told: Told) -> list[str]:
    """Give the words that a page says in plain letters and the data do not say."""
    return [word for text in _said(lxml.html.fromstring(page)) for word in told.lacks(text)]


def _said(element: _Element) -> Iterator[str]:
    """Give every text that a reader sees or hears, but for what is quoted from the data."""
    if not isinstance(element.tag, str) or element.tag in TECHNICAL:
        return
    if (element.get("lang") and element.tag != "html") or element.get("class") == "Z3988":
        return
    for name in SPOKEN:
        if element.get(name):
            yield element.get(name, "")
    if element.text:
        yield element.text
    for child in element:
        yield from _said(child)
        if child.tail:
            yield child.tail
