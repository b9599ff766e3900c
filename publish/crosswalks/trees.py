"""Short ways to write XML, for the crosswalks that do."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def root(space: str, name: str, prefixes: dict[str, str], schema: str = "") -> Element:
    """Make an element that may stand alone; `schema` is where its schema can be had."""
    top = etree.Element(f"{{{space}}}{name}", nsmap=prefixes | {"xsi": _XSI})
    if schema:
        top.set(f"{{{_XSI}}}schemaLocation", f"{space} {schema}")
    return top


def child(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element to another."""
    made = etree.SubElement(parent, name, attributes)
    if text:
        made.text = text
    return made


def written(element: Element) -> bytes:
    """Write an element without an XML declaration."""
    return etree.tostring(element, encoding="UTF-8", xml_declaration=False)
