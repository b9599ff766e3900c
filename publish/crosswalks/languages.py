"""Codes of languages: from the tags of data (BCP 47) to those of libraries (ISO 639-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import iso639


def bibliographic(tag: str) -> str:
    """Give the code that MARC uses (ISO 639-2/B), `und` where there is none."""
    found = _find(tag)
    return (found.part2b or found.part2t or "und") if found else "und"


def terminological(tag: str) -> str:
    """Give the code of ISO 639-2/T or 639-3, or the tag itself where it is unknown."""
    found = _find(tag)
    return (found.part2t or found.part3 or tag) if found else tag


def english(tag: str) -> str:
    """Give the English name of a language, nothing where it is unknown."""
    found = _find(tag)
    return found.name if found else ""


def _find(tag: str) -> iso639.Language | None:
    import iso639  # eight thousand languages: to load them takes as long as to start a server

    try:
        return iso639.Language.match(tag.partition("-")[0].strip())
    except iso639.LanguageNotFoundError:
        return None
