"""Which label stands for a thing that has several: one rule for pages, lists and answers.

A language that was asked for comes first; then the best of `namespaces.LABELS`, the languages of
the data set, English, no language, the alphabet. Nothing here reads a data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from publish import namespaces as ns

Rank: TypeAlias = tuple[int, int, int, str]


def rank(
    predicate: str,
    text: str,
    tag: str,
    spoken: Sequence[str],
    asked: Sequence[str] = (),
    properties: Sequence[str] = ns.LABELS,
) -> Rank:
    """Give a key by which the best label is the least.

    `tag` is the label's language, empty where it has none; `spoken` are the languages of the
    data set and `asked` those of the reader, the best first. `en` is met by `en-GB` too.
    """
    tag = tag.casefold()
    wanted = [*spoken, "en", ""]
    return (
        next((place for place, one in enumerate(asked) if _meets(tag, one)), len(asked)),
        properties.index(predicate),
        wanted.index(tag) if tag in wanted else len(wanted),
        text,
    )


def _meets(tag: str, asked: str) -> bool:
    """Compare as basic filtering does (RFC 4647, 3.3.1)."""
    return tag == asked.casefold() or tag.startswith(f"{asked.casefold()}-")
