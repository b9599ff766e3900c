"""Short ways to write XML, for those who do.

The library is loaded by whoever writes a first element: a server answers before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lxml import etree

Element: TypeAlias = "etree._Element"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def root(space: str, name: str, prefixes: dict[str, str], schema: str = "") -> Element:
    """Make an element that may stand alone; `schema` is where its schema can be had."""
    from lxml import etree

    top = etree.Element(f"{{{space}}}{name}", nsmap=prefixes | {"xsi": _XSI})
    if schema:
        top.set(f"{{{_XSI}}}schemaLocation", f"{space} {schema}")
    return top


def child(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element to another."""
    from lxml import etree

    made = etree.SubElement(parent, name, attributes)
    if text:
        made.text = text
    return made


def element(name: str, text: str = "", **attributes: str) -> Element:
    """Make an element that is to stand in another."""
    from lxml import etree

    made = etree.Element(name, attributes)
    if text:
        made.text = text
    return made


def read(text: str | bytes) -> Element:
    """Read an element that we or our libraries wrote."""
    from lxml import etree

    return etree.fromstring(text)


def written(element: Element, *, declared: bool = False) -> bytes:
    """Write an element, with an XML declaration or without."""
    from lxml import etree

    return etree.tostring(element, encoding="UTF-8", xml_declaration=declared)
