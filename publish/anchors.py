"""Find the passages of a data set again in a reader's own copy of the text.

A data set keeps no text, only the length and the digest of each passage. Both are taken of the
letters alone, so that line breaks, hyphenation, quotation marks, dashes, note marks and page
numbers of a copy do not matter; a passage that a copy breaks in two (at the end of a page) is
found by the digests of its pieces. What is not found exactly is looked for by the names, terms
and pointers that the records say are printed in it. Nothing of the copy is kept.

A data set says by `rdfs:subPropertyOf` which of its properties plays which of the roles in
`namespaces`: `LETTERS`, `LETTER_DIGEST`, `IN_PASSAGE` and `PRINTED_FORM`.
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
    r"\[(?:p\.?|pp\.?|page|\^)\s*[0-9ivxlc]+\]|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_ENOUGH = 0.5
"""The share of its printed forms that must stand together for a passage to count as drifted."""
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
class _Anchor:
    """The length in letters and the SHA-256 of the letters of a passage or piece."""

    iri: str
    letters: int
    digest: str


def letters(text: str) -> str:
    """Give the letters of a text in lower case, and nothing else (normalisation n2).

    Marks of pages and notes go first (`[p.5]`, `[^2]`), then NFKC and case folding apply.
    """
    plain = unicodedata.normalize("NFKC", _MARK.sub(" ", text))
    return "".join(letter for letter, _, _ in _letters(plain))


def digest(text: str) -> str:
    """Give the SHA-256 of the letters of a text, in lower-case hexadecimal digits."""
    return hashlib.sha256(letters(text).encode()).hexdigest()


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
            if lengths[iri][0].isdigit()
        }
        self.pieces = self._pieces()
        inside = {iri for pieces in self.pieces.values() for iri in pieces}
        self.passages = sorted(self.anchors.keys() - inside, key=ns.natural_order)
        self.forms = self._forms()

    def label(self, iri: str) -> str:
        """Name a passage."""
        return next((v for p in ns.LABELS for v in self._values(p).get(iri, ())), iri)

    def _values(self, role: str) -> Mapping[str, list[str]]:
        return self._by_role.get(role, {})

    @cached_property
    def _by_role(self) -> Mapping[str, Mapping[str, list[str]]]:
        """Give the values of the subjects, sorted, for each role and each kind of label."""
        wanted = (ns.LETTERS, ns.LETTER_DIGEST, ns.IN_PASSAGE, ns.PRINTED_FORM, *ns.LABELS)
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

    def _forms(self) -> Mapping[str, Counter[str]]:
        """Give the printed forms of each passage; how often, is the largest number of records."""
        forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        printed = self._values(ns.PRINTED_FORM)
        for record, places in self._values(ns.IN_PASSAGE).items():
            for place in places:
                forms[place].update(printed.get(record, ()))
        return forms


class _Copy:
    """The letters of a copy, with the line of each and whether a word begins there."""

    def __init__(self, text: str) -> None:
        marked = _MARK.sub(lambda mark: "\n" * mark[0].count("\n") or " ", text)
        plain = unicodedata.normalize("NFKC", marked)
        stream = list(_letters(plain))
        self.letters = "".join(letter for letter, _, _ in stream)
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
        for begin in self._candidates(anchor.letters):
            if self._copy.digest(begin, anchor.letters) == anchor.digest:
                found[iri] = begin
                self._next = begin + anchor.letters
                return

    def _candidates(self, length: int) -> Iterator[int]:
        last = len(self._copy.letters) - length
        for places in ([self._next], self._copy.starts, self._copy.words):
            yield from (begin for begin in places if begin <= last)


def _verdict(passage: str, copy: _Copy, records: _Records, found: Mapping[str, int]) -> Verdict:
    forms = records.forms.get(passage, Counter())
    pieces = [passage] if passage in found else records.pieces.get(passage, [])
    if pieces and all(piece in found for piece in pieces):
        spans = [(found[piece], records.anchors[piece].letters) for piece in pieces]
        whole = [copy.letters[begin : begin + length] for begin, length in spans]
        return Verdict(
            passage,
            records.label(passage),
            "matches",
            copy.line(spans[0][0]),
            tuple(form for form in sorted(forms) if not _stands(form, whole)),
            len(pieces),
        )
    begin, absent = _nearest(copy, forms, int(records.anchors[passage].letters * _STRETCH))
    drifted = begin is not None and len(absent) <= len(forms) * (1 - _ENOUGH)
    return Verdict(
        passage,
        records.label(passage),
        "drifted" if drifted else "missing",
        copy.line(begin) if drifted and begin is not None else None,
        tuple(absent) if drifted else (),
    )


def _stands(form: str, texts: Iterable[str]) -> bool:
    """Say whether a form stands in one of the pieces, or across two of them."""
    return letters(form) in "".join(texts)


def _nearest(copy: _Copy, forms: Iterable[str], width: int) -> tuple[int | None, list[str]]:
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
        return None, list(wanted)
    begin = hits[best[1]][0]
    near = {form for place, form in hits if begin <= place <= begin + width}
    return begin, [form for form in wanted if form not in near]
