"""XML that a parser would blow up: entities that hold entities are refused before it is read.

The engine puts the text of an entity wherever it is named, and again within other entities, so
that a file of a kilobyte can become more than any memory holds. Short ones, as editors of
ontologies write them for namespaces, do no harm and stay. Nothing is fetched.

Follows XML 1.0, sections 2.8 and 4.2.
"""

from __future__ import annotations

from typing import IO, Any

from publish import errors

_LONGEST = 500
"""How many characters an entity may stand for."""
_HEAD = 1 << 20
"""How many bytes are looked through for a declaration where there is no XML to be read."""


def refuse(source: IO[bytes], path: str) -> None:
    """Raise `TurtleError` where a document declares entities that can grow or lead elsewhere.

    What is no XML is left to the parser, unless it declares entities. Reads the head alone.
    """
    if _declared(source):
        raise errors.TurtleError(
            path,
            None,
            None,
            "it declares entities of XML that hold others, stand elsewhere or are longer than "
            f"{_LONGEST} characters; write out what they stand for",
        )


def _declared(source: IO[bytes]) -> bool:
    # Files of RDF/XML are few, and nobody else should wait for the library.
    from lxml import etree

    begun = etree.iterparse(
        source, events=("start",), resolve_entities=False, load_dtd=False, no_network=True
    )
    try:
        _, top = next(iter(begun))
    except (etree.XMLSyntaxError, StopIteration):
        source.seek(0)
        # In UTF-16, every other byte of such a word is none.
        return b"<!ENTITY" in source.read(_HEAD).replace(b"\0", b"")
    dtd = top.getroottree().docinfo.internalDTD
    return dtd is not None and any(map(_grows, dtd.iterentities()))


def _grows(entity: Any) -> bool:
    content = entity.content
    return content is None or len(content) > _LONGEST or "&" in content or "%" in content
