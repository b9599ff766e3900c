"""What became of each passage in a copy, those that do not stand there whole among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from publish import errors
from publish import namespaces as ns
from publish.anchors.copies import Copy, letters, spellings
from publish.anchors.standing import Search, Standing, holds, other_figures, standing_of
from publish.anchors.stated import Printed, Stated
from publish.dataset import Dataset

State = Literal["matches", "drifted", "missing"]
STATES: tuple[State, ...] = ("matches", "drifted", "missing")

_ENOUGH = 0.5
"""The share of its printed forms that must stand together for a passage to count as drifted."""
_STRETCH = 1.3
"""How much longer than its length in letters the place of a drifted passage may be."""


@dataclass(frozen=True)
class Verdict:
    """What became of one passage in a copy.

    `line` is the line of the copy, from 1, where the passage begins, or None; `absent` are the
    printed forms that the records place in the passage and that do not stand there, and `records`
    those that do so, one for each in the same order.
    """

    passage: str
    label: str
    state: State
    line: int | None
    absent: tuple[str, ...]
    pieces: int = 1
    records: tuple[str, ...] = ()


def verify(dataset: Dataset, text: str) -> list[Verdict]:
    """Say of each anchored passage, in order of its number, what became of it in a copy.

    Raises `DescriptionError` where the data set anchors no passage.
    """
    stated = Stated(dataset)
    if not stated.anchors:
        raise errors.DescriptionError(
            "this data set anchors no passage; give passages a number of letters and a digest, "
            f"by properties that are rdfs:subPropertyOf <{ns.LETTERS}> and <{ns.LETTER_DIGEST}>"
        )
    return _read(stated, text)[2]


def places(dataset: Dataset, text: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Say where the printed forms of each passage that a copy holds stand in it.

    Gives the label of the passage, a form, and how many letters stand before each word at which
    it begins.
    """
    stated = Stated(dataset)
    copy, found, _ = _read(stated, text)
    for passage in stated.passages:
        standing = standing_of(passage, copy, stated, found)
        if standing:
            printed = stated.printed.get(passage, [])
            for form in sorted({form for one in printed for form in one.forms if letters(form)}):
                yield stated.label(passage), form, tuple(standing.words(letters(form)))


def _read(stated: Stated, text: str) -> tuple[Copy, Mapping[str, int], list[Verdict]]:
    """Read a copy in the spelling in which most passages stand in it, whole or drifted.

    Gives where those begin that were found, and what became of each.
    """
    read = []
    for copy in map(Copy, spellings(text)):
        found = Search(copy, stated).find()
        read.append((copy, found, [_verdict(one, copy, stated, found) for one in stated.passages]))
    return min(read, key=lambda one: sum(STATES.index(verdict.state) for verdict in one[2]))


def _verdict(passage: str, copy: Copy, stated: Stated, found: Mapping[str, int]) -> Verdict:
    printed = stated.printed.get(passage, [])
    label = stated.label(passage)
    standing = standing_of(passage, copy, stated, found)
    if standing:
        lost = {form: one.record for one in printed for form in _lost(one, standing)}
        other = {form: one.record for one in printed for form in other_figures(one, standing)}
        absent = dict(sorted({**lost, **other}.items()))
        return Verdict(
            passage,
            label,
            "drifted" if other else "matches",
            copy.line(standing.spans[0][0]),
            tuple(absent),
            len(standing.spans),
            tuple(absent.values()),
        )
    forms = {form: one.record for one in printed for form in one.forms}
    begin, away = _nearest(copy, forms, int(stated.anchors[passage].letters * _STRETCH))
    if begin is None or len(away) > len(forms) * (1 - _ENOUGH):
        return Verdict(passage, label, "missing", None, ())
    records = tuple(forms[form] for form in away)
    return Verdict(passage, label, "drifted", copy.line(begin), away, records=records)


def _lost(printed: Printed, standing: Standing) -> list[str]:
    """Give the forms that do not stand in a passage, or not where they should."""
    spelled = {form: letters(form) for form in printed.forms}
    places = [
        f"{' or '.join(printed.forms)} (after {place} letters)"
        for place in printed.places
        if not any(standing.text.startswith(word, place) for word in spelled.values())
    ]
    return places + [form for form, word in spelled.items() if word not in standing.text]


def _nearest(copy: Copy, forms: Iterable[str], width: int) -> tuple[int | None, tuple[str, ...]]:
    """Find where, within some letters, most of the forms stand; give those that do not."""
    wanted = {form: letters(form) for form in sorted(forms)}
    hits = sorted(
        (match.start(), form)
        for form, sought in wanted.items()
        if sought
        for match in re.finditer(re.escape(sought), copy.letters)
    )
    best: tuple[int, int] | None = None
    inside: Counter[str] = Counter()
    first = 0
    for begin, form in hits:
        inside[form] += 1
        while hits[first][0] < begin - width:
            inside -= Counter([hits[first][1]])
            first += 1
        if best is None or len(inside) > best[0]:
            best = (len(inside), first)
    if best is None:
        return None, tuple(wanted)
    begin = hits[best[1]][0]
    near = {form for place, form in hits if begin <= place <= begin + width}
    start, end = max(0, begin - width), min(begin + width, len(copy.letters))
    around = copy.around(start, end - start)
    near |= {form for form, sought in wanted.items() if not sought and holds(around, form)}
    return begin, tuple(form for form in wanted if form not in near)
