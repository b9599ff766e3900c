"""Where passages stand whole in a copy, with their figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from publish.anchors.copies import Copy, letters
from publish.anchors.stated import Anchor, Printed, Stated

_NUMBER_ALONE = re.compile(r"^[^\S\n]*\d+[^\S\n]*$", re.MULTILINE)
"""A line that is a number alone: that of a page, which may break a pointer in two."""
_BETWEEN = r"[\W_]*"


class Search:
    """Looks for each passage: after the one before it, at the start of lines, at each word."""

    def __init__(self, copy: Copy, stated: Stated) -> None:
        self._copy = copy
        self._stated = stated
        self._next = 0

    def find(self) -> Mapping[str, int]:
        """Give the index of the first letter of each passage and piece that stands whole."""
        found: dict[str, int] = {}
        for passage in self._stated.passages:
            self._place(passage, found)
            if passage not in found:
                for piece in self._stated.pieces.get(passage, ()):
                    self._place(piece, found)
        return found

    def _place(self, iri: str, found: dict[str, int]) -> None:
        anchor = self._stated.anchors[iri]
        first: int | None = None
        for begin in self._candidates(anchor.letters):
            if self._copy.digest(begin, anchor.letters) == anchor.digest:
                # The few letters of a short note stand in other places too.
                if self._has_figures(anchor, begin):
                    first = begin
                    break
                first = begin if first is None else first
        if first is not None:
            found[iri] = first
            self._next = first + anchor.letters

    def _has_figures(self, anchor: Anchor, begin: int) -> bool:
        standing = Standing(self._copy, ((begin, anchor.letters),))
        printed = self._stated.printed.get(anchor.iri, [])
        return not any(other_figures(one, standing) for one in printed)

    def _candidates(self, length: int) -> Iterator[int]:
        last = len(self._copy.letters) - length
        for places in ([self._next], self._copy.starts, self._copy.words):
            yield from (begin for begin in places if begin <= last)


@dataclass(frozen=True)
class Standing:
    """A passage that stands whole in a copy: where, in one piece or more."""

    copy: Copy
    spans: tuple[tuple[int, int], ...]

    @cached_property
    def text(self) -> str:
        """The letters of the passage."""
        return "".join(self.copy.letters[begin : begin + length] for begin, length in self.spans)

    def words(self, sought: str) -> Iterator[int]:
        """Give how many letters of the passage stand before each word that begins so."""
        for match in re.finditer(re.escape(sought), self.text):
            before = 0
            for start, whole in self.spans:
                if before <= match.start() < before + whole:
                    if self.copy.begins_word(start + match.start() - before):
                        yield match.start()
                    break
                before += whole

    def around(self, begin: int, length: int) -> str:
        """Give what is printed around some letters; the end of a page may stand between."""
        parts = []
        before = 0
        for start, whole in self.spans:
            first, last = max(begin, before), min(begin + length, before + whole)
            if first <= last and before <= begin + length and begin <= before + whole:
                parts.append(self.copy.around(start + first - before, last - first))
            before += whole
        return "\n".join(parts)


def standing_of(
    passage: str, copy: Copy, stated: Stated, found: Mapping[str, int]
) -> Standing | None:
    """Say where a passage stands whole, in one piece or more; nothing, where it does not."""
    pieces = [passage] if passage in found else stated.pieces.get(passage, [])
    if not pieces or not all(piece in found for piece in pieces):
        return None
    return Standing(copy, tuple((found[p], stated.anchors[p].letters) for p in pieces))


def other_figures(printed: Printed, standing: Standing) -> list[str]:
    """Give the forms whose letters stand in a passage, but with other figures."""
    if not printed.places:
        return [form for form in printed.forms if not _stands_somewhere(form, standing)]
    other: list[str] = []
    for place in printed.places:
        here = [form for form in printed.forms if standing.text.startswith(letters(form), place)]
        if here and not any(_has_figures(form, place, standing) for form in here):
            other += here
    return other


def _stands_somewhere(form: str, standing: Standing) -> bool:
    word = letters(form)
    if not word:
        return holds(standing.around(0, len(standing.text)), form)
    begins = [match.start() for match in re.finditer(re.escape(word), standing.text)]
    return not begins or any(_has_figures(form, begin, standing) for begin in begins)


def _has_figures(form: str, place: int, standing: Standing) -> bool:
    without = not any(map(str.isdigit, form))
    return without or holds(standing.around(place, len(letters(form))), form)


def holds(text: str, form: str) -> bool:
    """Say whether a form stands in a text, letters and figures, whatever stands between them."""
    plain = unicodedata.normalize("NFKC", form).casefold()
    signs = _BETWEEN.join(re.escape(sign) for sign in plain if sign.isalnum())
    whole = rf"(?<!\d){signs}(?!\d)"
    folded = text.casefold()
    return bool(re.search(whole, folded) or re.search(whole, _NUMBER_ALONE.sub("", folded)))
