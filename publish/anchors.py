"""Find the passages of a data set again in a reader's own copy of the text.

A data set keeps no text, only the length and the digest of each passage. Both are taken of the
letters alone, so that line breaks, hyphenation, quotation marks, dashes, note marks and page
numbers of a copy do not matter; a passage that a copy breaks in two (at the end of a page) is
found by the digests of its pieces. What is not found exactly is looked for by the names, terms
and pointers that the records say are printed in it. These are held against the place where they
should stand, with their figures: a passage in which a year or a page differs has drifted, though
its letters are the same. Nothing of the copy is kept.

A data set says by `rdfs:subPropertyOf` which of its properties plays which of the roles in
`namespaces`: `LETTERS`, `LETTER_DIGEST`, `IN_PASSAGE`, `PRINTED_FORM` and `LETTERS_BEFORE`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pyoxigraph as ox

from publish import errors
from publish import namespaces as ns
from publish.dataset import Dataset

State = Literal["matches", "drifted", "missing"]
STATES: tuple[State, ...] = ("matches", "drifted", "missing")

_MARK = re.compile(
    r"\[(?:p\.?|pp\.?|page|\^)\s*[0-9ivxlc]+\]|<!--.*?-->|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+",
    re.IGNORECASE | re.DOTALL,
)
# A passage has less than a billion letters, and of very long numbers Python makes none.
_COUNT = re.compile(r"[0-9]{1,9}")
_NUMBER_ALONE = re.compile(r"^[^\S\n]*\d+[^\S\n]*$", re.MULTILINE)
"""A line that is a number alone: that of a page, which may break a pointer in two."""
_BETWEEN = r"[\W_]*"
_ENOUGH = 0.5
"""The share of its printed forms that must stand together for a passage to count as drifted."""
_OPENING = 4
"""How many words show which paragraph is meant."""
_STRETCH = 1.3
"""How much longer than its length in letters the place of a drifted passage may be."""


@dataclass(frozen=True)
class Verdict:
    """What became of one passage in a copy.

    `line` is the line of the copy, from 1, where the passage begins, or None; `absent` are the
    printed forms that the records place in the passage and that do not stand there.
    """

    passage: str
    label: str
    state: State
    line: int | None
    absent: tuple[str, ...]
    pieces: int = 1


@dataclass(frozen=True)
class _Printed:
    """The forms of one record in one passage, and how many letters stand before each of them."""

    forms: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class _Anchor:
    """The length in letters and the SHA-256 of the letters of a passage or piece."""

    iri: str
    letters: int
    digest: str


def letters(text: str) -> str:
    """Give the letters of a text in lower case, and nothing else (normalisation n2).

    Marks of pages and notes go first (`[p.5]`, `[^2]`, raised figures), then NFKC and case folding
    apply.
    """
    plain = unicodedata.normalize("NFKC", _MARK.sub(" ", text))
    return "".join(letter for letter, _, _ in _letters(plain))


def digest(text: str) -> str:
    """Give the SHA-256 of the letters of a text, in lower-case hexadecimal digits."""
    return hashlib.sha256(letters(text).encode()).hexdigest()


@dataclass(frozen=True)
class Measure:
    """One paragraph of a text: its line from 1, its letters, their digest, and how it begins."""

    line: int
    letters: int
    digest: str
    opening: str


def measure(text: str) -> Iterator[Measure]:
    """Measure each paragraph of a text; a blank line ends one, and one without letters is none."""
    for match in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text):
        count = len(letters(match[0]))
        if count:
            opening = " ".join(match[0].split()[:_OPENING])
            yield Measure(text.count("\n", 0, match.start()) + 1, count, digest(match[0]), opening)


def verify(dataset: Dataset, text: str) -> list[Verdict]:
    """Say of each anchored passage, in order of its number, what became of it in a copy.

    Raises `DescriptionError` where the data set anchors no passage.
    """
    records = _Records(dataset)
    if not records.anchors:
        raise errors.DescriptionError(
            "this data set anchors no passage; give passages a number of letters and a digest, "
            f"by properties that are rdfs:subPropertyOf <{ns.LETTERS}> and <{ns.LETTER_DIGEST}>"
        )
    copy = _Copy(text)
    found = _Search(copy, records).find()
    return [_verdict(passage, copy, records, found) for passage in records.passages]


def places(dataset: Dataset, text: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Say where the printed forms of each passage that a copy holds stand in it.

    Gives the label of the passage, a form, and how many letters stand before each word at which
    it begins.
    """
    records = _Records(dataset)
    copy = _Copy(text)
    found = _Search(copy, records).find()
    for passage in records.passages:
        standing = _standing(passage, copy, records, found)
        if standing:
            printed = records.printed.get(passage, [])
            for form in sorted({form for one in printed for form in one.forms if letters(form)}):
                yield records.label(passage), form, tuple(standing.words(letters(form)))


class _Records:
    """What the data set says of its passages, by the roles that its properties play."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._triples = list(dataset.union())
        lengths = self._values(ns.LETTERS)
        digests = self._values(ns.LETTER_DIGEST)
        self.anchors = {
            iri: _Anchor(iri, int(lengths[iri][0]), digests[iri][0])
            for iri in lengths.keys() & digests.keys()
            if _COUNT.fullmatch(lengths[iri][0])
        }
        self.pieces = self._pieces()
        inside = {iri for pieces in self.pieces.values() for iri in pieces}
        self.passages = sorted(self.anchors.keys() - inside, key=ns.natural_order)
        self.printed = self._printed()

    def label(self, iri: str) -> str:
        """Name a passage."""
        return next((v for p in ns.LABELS for v in self._values(p).get(iri, ())), iri)

    def _values(self, role: str) -> Mapping[str, list[str]]:
        return self._by_role.get(role, {})

    @cached_property
    def _by_role(self) -> Mapping[str, Mapping[str, list[str]]]:
        """Give the values of the subjects, sorted, for each role and each kind of label."""
        roles = (ns.IN_PASSAGE, ns.PRINTED_FORM, ns.LETTERS_BEFORE)
        wanted = (ns.LETTERS, ns.LETTER_DIGEST, *roles, *ns.LABELS)
        plays = {role: role for role in wanted}
        for subject, predicate, value in self._triples:
            if (
                predicate.value == ns.RDFS + "subPropertyOf"
                and isinstance(subject, ox.NamedNode)
                and isinstance(value, ox.NamedNode)
                and value.value in wanted
            ):
                plays.setdefault(subject.value, value.value)
        found: dict[str, defaultdict[str, list[str]]] = {role: defaultdict(list) for role in wanted}
        for subject, predicate, value in self._triples:
            role = plays.get(predicate.value)
            if role and isinstance(subject, ox.NamedNode) and not isinstance(value, ox.Triple):
                found[role][subject.value].append(value.value)
        return {role: {k: sorted(v) for k, v in values.items()} for role, values in found.items()}

    def _pieces(self) -> Mapping[str, list[str]]:
        """Give the pieces of each passage that a page breaks, in order of their names."""
        pieces: defaultdict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in self._triples:
            if (
                predicate.value == ns.DCTERMS + "isPartOf"
                and isinstance(subject, ox.NamedNode)
                and isinstance(value, ox.NamedNode)
                and subject.value in self.anchors
                and value.value in self.anchors
            ):
                pieces[value.value].append(subject.value)
        return {iri: sorted(found, key=ns.natural_order) for iri, found in pieces.items()}

    def _printed(self) -> Mapping[str, list[_Printed]]:
        """Give what the records say is printed in each passage."""
        found: defaultdict[str, list[_Printed]] = defaultdict(list)
        forms = self._values(ns.PRINTED_FORM)
        before = self._values(ns.LETTERS_BEFORE)
        for record, passages in sorted(self._values(ns.IN_PASSAGE).items()):
            if record in forms:
                places = sorted(int(n) for n in before.get(record, ()) if _COUNT.fullmatch(n))
                # A record of several passages does not say of which its places speak.
                known = tuple(places) if len(passages) == 1 else ()
                for passage in passages:
                    found[passage].append(_Printed(tuple(forms[record]), known))
        return found


class _Copy:
    """The letters of a copy, with the line of each and whether a word begins there."""

    def __init__(self, text: str) -> None:
        marked = _MARK.sub(lambda mark: "\n" * mark[0].count("\n") or " ", text)
        plain = unicodedata.normalize("NFKC", marked)
        stream = list(_letters(plain))
        self.letters = "".join(letter for letter, _, _ in stream)
        self._plain = plain
        self._at = [position for _, position, _ in stream]
        self._breaks = [match.start() for match in re.finditer("\n", plain)]
        self.words = [index for index, (_, _, begins) in enumerate(stream) if begins]
        self.starts = self._line_starts()

    def line(self, index: int) -> int:
        """Give the line, from 1, of the letter at an index."""
        return bisect_right(self._breaks, self._at[index]) + 1

    def digest(self, begin: int, length: int) -> str:
        """Give the digest of some letters."""
        return hashlib.sha256(self.letters[begin : begin + length].encode()).hexdigest()

    def begins_word(self, index: int) -> bool:
        """Say whether a word begins with the letter at an index."""
        place = bisect_right(self.words, index) - 1
        return place >= 0 and self.words[place] == index

    def around(self, begin: int, length: int) -> str:
        """Give what is printed from the letter before some letters to the letter after them."""
        end = begin + length
        first = self._at[begin - 1] + 1 if begin else 0
        last = self._at[end] if end < len(self._at) else len(self._plain)
        return self._plain[first:last]

    def _line_starts(self) -> list[int]:
        seen = -1
        starts = []
        for index in self.words:
            if (line := self.line(index)) != seen:
                seen = line
                starts.append(index)
        return starts


def _letters(text: str) -> Iterator[tuple[str, int, bool]]:
    """Give each letter in lower case, where it stands, and whether a word begins with it."""
    begins = True
    for position, character in enumerate(text):
        if character.isalpha():
            for one in filter(str.isalpha, character.casefold()):
                yield one, position, begins
                begins = False
        # A combining mark or a soft hyphen stands inside a word.
        elif not unicodedata.category(character).startswith(("M", "Cf")):
            begins = True


class _Search:
    """Looks for each passage: after the one before it, at the start of lines, at each word."""

    def __init__(self, copy: _Copy, records: _Records) -> None:
        self._copy = copy
        self._records = records
        self._next = 0

    def find(self) -> Mapping[str, int]:
        """Give the index of the first letter of each passage and piece that stands whole."""
        found: dict[str, int] = {}
        for passage in self._records.passages:
            self._place(passage, found)
            if passage not in found:
                for piece in self._records.pieces.get(passage, ()):
                    self._place(piece, found)
        return found

    def _place(self, iri: str, found: dict[str, int]) -> None:
        anchor = self._records.anchors[iri]
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

    def _has_figures(self, anchor: _Anchor, begin: int) -> bool:
        standing = _Standing(self._copy, ((begin, anchor.letters),))
        printed = self._records.printed.get(anchor.iri, [])
        return not any(_other_figures(one, standing) for one in printed)

    def _candidates(self, length: int) -> Iterator[int]:
        last = len(self._copy.letters) - length
        for places in ([self._next], self._copy.starts, self._copy.words):
            yield from (begin for begin in places if begin <= last)


@dataclass(frozen=True)
class _Standing:
    """A passage that stands whole in a copy: where, in one piece or more."""

    copy: _Copy
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


def _standing(
    passage: str, copy: _Copy, records: _Records, found: Mapping[str, int]
) -> _Standing | None:
    pieces = [passage] if passage in found else records.pieces.get(passage, [])
    if not pieces or not all(piece in found for piece in pieces):
        return None
    return _Standing(copy, tuple((found[p], records.anchors[p].letters) for p in pieces))


def _verdict(passage: str, copy: _Copy, records: _Records, found: Mapping[str, int]) -> Verdict:
    printed = records.printed.get(passage, [])
    label = records.label(passage)
    standing = _standing(passage, copy, records, found)
    if standing:
        lost = [form for one in printed for form in _lost(one, standing)]
        other = [form for one in printed for form in _other_figures(one, standing)]
        absent = tuple(sorted({*lost, *other}))
        state: State = "drifted" if other else "matches"
        return Verdict(
            passage, label, state, copy.line(standing.spans[0][0]), absent, len(standing.spans)
        )
    forms = {form for one in printed for form in one.forms}
    begin, absent = _nearest(copy, forms, int(records.anchors[passage].letters * _STRETCH))
    drifted = begin is not None and len(absent) <= len(forms) * (1 - _ENOUGH)
    line = copy.line(begin) if drifted and begin is not None else None
    return Verdict(
        passage, label, "drifted" if drifted else "missing", line, absent if drifted else ()
    )


def _lost(printed: _Printed, standing: _Standing) -> list[str]:
    """Give the forms that do not stand in a passage, or not where they should."""
    spelled = {form: letters(form) for form in printed.forms}
    places = [
        f"{' or '.join(printed.forms)} (after {place} letters)"
        for place in printed.places
        if not any(standing.text.startswith(word, place) for word in spelled.values())
    ]
    return places + [form for form, word in spelled.items() if word not in standing.text]


def _other_figures(printed: _Printed, standing: _Standing) -> list[str]:
    """Give the forms whose letters stand in a passage, but with other figures."""
    if not printed.places:
        return [form for form in printed.forms if not _stands_somewhere(form, standing)]
    other: list[str] = []
    for place in printed.places:
        here = [form for form in printed.forms if standing.text.startswith(letters(form), place)]
        if here and not any(_has_figures(form, place, standing) for form in here):
            other += here
    return other


def _stands_somewhere(form: str, standing: _Standing) -> bool:
    word = letters(form)
    if not word:
        return _holds(standing.around(0, len(standing.text)), form)
    begins = [match.start() for match in re.finditer(re.escape(word), standing.text)]
    return not begins or any(_has_figures(form, begin, standing) for begin in begins)


def _has_figures(form: str, place: int, standing: _Standing) -> bool:
    without = not any(map(str.isdigit, form))
    return without or _holds(standing.around(place, len(letters(form))), form)


def _holds(text: str, form: str) -> bool:
    """Say whether a form stands in a text, letters and figures, whatever stands between them."""
    plain = unicodedata.normalize("NFKC", form).casefold()
    signs = _BETWEEN.join(re.escape(sign) for sign in plain if sign.isalnum())
    whole = rf"(?<!\d){signs}(?!\d)"
    folded = text.casefold()
    return bool(re.search(whole, folded) or re.search(whole, _NUMBER_ALONE.sub("", folded)))


def _nearest(copy: _Copy, forms: Iterable[str], width: int) -> tuple[int | None, tuple[str, ...]]:
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
    near |= {form for form, sought in wanted.items() if not sought and _holds(around, form)}
    return begin, tuple(form for form in wanted if form not in near)
