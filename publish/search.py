"""Finding things by what they are called: an index of their names in memory.

The names are what the properties of `properties` hold: labels, titles and other names, and
whatever the data set declares to be one. They are kept folded, as `matching` does it, in a
full-text index of SQLite (FTS5), which finds the beginnings of words; a word that begins none is looked for among the known
ones as a slip. What is found is ranked: a name that is the very text, then one that has its words
and not only their beginnings, then labels before other names, then what has fewer words.

A text that is the number of a book (ISBN) or the IRI of a record elsewhere finds first the things
that are said to be the same as it.

Who wants to know which thing a whole name means, and not where its words stand, asks for names
that are `called` so, or `alike`: those need not have all its words.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from operator import contains

from publish import labels, matching, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.sources import Called, Local, Source, Text

_NAMES = (
    *ns.LABELS,
    ns.SKOS + "altLabel",
    ns.SKOS + "hiddenLabel",
    ns.DCTERMS + "alternative",
    ns.SCHEMA + "alternateName",
)
"""The properties of published vocabularies that hold names, the best one first."""

_SAME_AS = (ns.SCHEMA + "sameAs", ns.OWL + "sameAs", *ns.MATCHING)
"""The properties that lead to a record elsewhere, the surest first."""
_ISBN = re.compile(r"(?:urn:)?isbn(?:-1[03])?:?\s*", re.IGNORECASE)
"""What people write before the number of a book."""
_ABSOLUTE = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`]+", re.IGNORECASE)

MOST = 2_000
"""How many names are ranked; who finds more should look for more words."""
_TAKEN, _NEAR = 200, 100
"""How many names are looked at that may be like another, for each way, and given in all."""
_SAME_WORDS = 1_000
_COMMON = 20_000
"""In how many names a word may stand to be looked for alone."""
_RARE = 3
"""How many of the rarest words of a name are looked for in pairs."""

_SAME = "SELECT iri, predicate, text, language FROM name WHERE key = ? LIMIT ?"
_FITTING = "SELECT iri, predicate, text, language FROM name WHERE plain LIKE ? LIMIT ?"
_HOLDING = """
SELECT iri, predicate, text, language, plain FROM name
WHERE id IN (SELECT rowid FROM folded WHERE folded MATCH ? LIMIT ?)
"""


def properties(dataset: Dataset) -> tuple[str, ...]:
    """Give the properties whose values are names, the best one first.

    To each of `_NAMES` belong those that the data set declares below it (`rdfs:subPropertyOf`).
    """
    below = dataset.below(_NAMES, ns.RDFS + "subPropertyOf")
    # SKOS itself puts its other names below `rdfs:label`, but they are none of the labels.
    declared = (one for name in _NAMES for one in (name, *sorted(below[name].difference(_NAMES))))
    return tuple(dict.fromkeys(declared))


@dataclass(frozen=True)
class Hit:
    """A thing that was found, by which of its names, and how near that is (0 to 1)."""

    iri: str
    name: str
    language: str
    predicate: str
    score: float


@dataclass(frozen=True)
class Found:
    """What was found: the hits asked for, and how many there are in all.

    `instead` maps words that are known nowhere to those that were looked for in their place;
    `complete` is false where there was more than can be ranked.
    """

    hits: tuple[Hit, ...]
    total: int
    instead: Mapping[str, tuple[str, ...]]
    complete: bool


class Index:
    """The names of a data set; it is made when it is first asked, and may be asked by threads."""

    def __init__(self, source: Source | Dataset) -> None:
        self._source = Local(source) if isinstance(source, Dataset) else source
        self.properties = properties(self._source.dataset)
        other = self.properties.index(ns.SKOS + "altLabel")
        self._labels = frozenset(self.properties[:other])
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Make the index, if it is not made yet, which takes seconds where there are many names."""
        with self._lock:
            len(self._by_length)

    def find(self, text: str, count: int, start: int = 0) -> Found:
        """Find things by words, the best first; `start` is how many to leave out."""
        sought = matching.wanted(text)
        if not sought:
            return Found((), 0, {}, complete=True)
        with self._lock:
            instead = {word: self._instead(word) for word in sought if not self._known(word)}
            rows = self._rows(" AND ".join(_asked(word, instead.get(word)) for word in sought))
        identified = self._identified(text.strip())
        others = self._ranked(rows, text, sought, instead)
        hits = [*identified.values(), *(hit for hit in others if hit.iri not in identified)]
        return Found(
            tuple(hits[start : start + count]),
            len(hits),
            {word: others for word, others in instead.items() if others},
            complete=len(rows) < MOST,
        )

    def called(self, text: str) -> list[Called]:
        """Give the names that have the same words, in whatever order, the best property first."""
        key = _key(matching.words(text))
        if not key:
            return []
        with self._lock:
            found = [*self._database.execute(_SAME, (key, MOST))]
        return sorted(
            (Called(*row) for row in found), key=lambda one: self.properties.index(one.predicate)
        )

    def fitting(self, pattern: str) -> list[Called]:
        """Give names that fit a pattern in which `*` stands for anything, the shortest first."""
        pieces = [" ".join(matching.words(piece)) for piece in pattern.split("*")]
        if not any(pieces):
            return []
        with self._lock:
            found = self._database.execute(_FITTING, ("%".join(pieces), MOST))
            return [Called(*row) for row in found]

    def alike(self, text: str) -> list[Called]:
        """Give names that may mean the same as a whole one, those that share most with it first.

        They have all its words, or its rarest ones, or such as may stand for them.
        """
        words = matching.wanted(text)
        found = dict.fromkeys(self.called(text), _SAME_WORDS)
        with self._lock:
            meant = map(self._meant, [one for one in words if len(one) > 1] or words)
            groups = sorted(filter(None, meant), key=lambda one: one[0])
            known = {word for _, group in groups for word in group}
            for asked in _ways(groups):
                for name, plain in self._holding(asked):
                    found.setdefault(name, _shared(plain.split(), words, known))
        best = sorted(found, key=lambda one: (-found[one], len(one.text), one))
        return best[:_NEAR]

    def _identified(self, text: str) -> dict[str, Hit]:
        """Give the things that are said to be the same as what an identifier names."""
        iris = _named(text)
        if not iris:
            return {}
        leading = self._source.leading(iris, _SAME_AS)
        found = sorted(
            (_SAME_AS.index(triple.predicate.value), triple.subject.value)
            for iri in iris
            for _, triple in leading.incoming(iri)
            if triple.predicate.value in _SAME_AS and isinstance(triple.subject, turtle.Named)
        )
        hits: dict[str, Hit] = {}
        for place, iri in found:
            label = self._source.label(iri) or Text(iri)
            hits.setdefault(iri, Hit(iri, label.value, label.language, _SAME_AS[place], 1.0))
        return hits

    # --- the index -------------------------------------------------------------------------

    @cached_property
    def _database(self) -> sqlite3.Connection:
        database = sqlite3.connect(":memory:", check_same_thread=False)
        database.executescript(
            "CREATE TABLE name"
            " (id INTEGER PRIMARY KEY, iri, predicate, text, language, key, plain);"
            "CREATE VIRTUAL TABLE folded USING fts5"
            "(words, content='', tokenize='unicode61 remove_diacritics 0', prefix='1 2 3');"
            "CREATE VIRTUAL TABLE known USING fts5vocab(folded, 'row');"
        )
        read = ((one, matching.words(one.text)) for one in set(self._source.names(self.properties)))
        # Whoever takes only the first of what holds a word takes the shortest names.
        names = sorted(read, key=lambda pair: (len(pair[1]), pair[0]))
        database.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (number, *name, _key(words), " ".join(words))
                for number, (name, words) in enumerate(names)
            ),
        )
        database.executemany(
            "INSERT INTO folded (rowid, words) VALUES (?, ?)",
            ((number, " ".join(words)) for number, (_, words) in enumerate(names)),
        )
        database.execute("CREATE INDEX keys ON name (key)")
        database.execute("INSERT INTO folded (folded) VALUES ('optimize')")
        return database

    def _meant(self, word: str) -> tuple[int, tuple[str, ...]] | None:
        """Give the known words that a word is or may stand for, and how many names have them."""
        meant = (word,) if self._count(word) else self._instead(word) or self._longer(word)
        return (sum(map(self._count, meant)), meant) if meant else None

    def _count(self, word: str) -> int:
        asked = self._database.execute("SELECT doc FROM known WHERE term = ?", (word,))
        found = asked.fetchone()
        return found[0] if found else 0

    def _longer(self, word: str) -> tuple[str, ...]:
        """Give a few known words that begin with one."""
        asked = self._database.execute(
            "SELECT term FROM known WHERE term >= ? AND term < ? LIMIT ?",
            (word, word + "\U0010ffff", matching.MOST),
        )
        return tuple(term for (term,) in asked)

    def _holding(self, groups: Sequence[Sequence[str]]) -> list[tuple[Called, str]]:
        """Give the shortest names that hold a word of each group, and their folded words."""
        asked = " AND ".join(
            "(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in groups
        )
        rows = self._database.execute(_HOLDING, (asked, _TAKEN))
        return [(Called(*name), plain) for *name, plain in rows]

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        """The known words by their length, so that a slip is compared with few."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for (word,) in self._database.execute("SELECT term FROM known"):
            found[len(word)].append(word)
        return found

    def _known(self, word: str) -> bool:
        """Say whether some word begins with this one."""
        asked = self._database.execute(
            "SELECT 1 FROM folded WHERE folded MATCH ? LIMIT 1", (f'"{word}"*',)
        )
        return asked.fetchone() is not None

    def _instead(self, word: str) -> tuple[str, ...]:
        size, reach = len(word), matching.reach(word)
        lengths = range(size - reach, size + reach + 1) if reach else ()
        near = chain.from_iterable(self._by_length.get(length, ()) for length in lengths)
        return tuple(matching.slips(word, near)[: matching.MOST])

    def _rows(self, asked: str) -> list[Called]:
        """Give the names that fit an expression of FTS5."""
        found = self._database.execute(
            "SELECT iri, predicate, text, language FROM folded JOIN name ON id = folded.rowid"
            " WHERE folded MATCH ? ORDER BY rank LIMIT ?",
            (asked, MOST),
        )
        return [Called(*row) for row in found]

    # --- ranking ---------------------------------------------------------------------------

    def _ranked(
        self,
        rows: Sequence[Called],
        text: str,
        sought: Sequence[str],
        instead: Mapping[str, Sequence[str]],
    ) -> list[Hit]:
        """Give each thing once, by the best of the names that were found.

        What stands `instead` of a slip counts as what was meant.
        """
        about = self._source.dataset.description
        spoken = about.languages if about else ()
        meant = [{word, *instead.get(word, ())} for word in matching.words(text)]
        wanted = [{word, *instead.get(word, ())} for word in sought]
        best: dict[str, tuple[tuple[object, ...], Hit]] = {}
        for iri, predicate, name, language in rows:
            here = matching.words(name)
            score = round(matching.likeness(name, sought), 3)
            key = (
                -score,
                not _says(here, meant),
                -sum(not words.isdisjoint(here) for words in wanted),
                predicate not in self._labels,
                len(here),
                not _says(here[: len(meant)], meant),
                len(name),
                labels.rank(predicate, name, language, spoken, properties=self.properties),
                iri,
            )
            if iri not in best or key < best[iri][0]:
                best[iri] = (key, Hit(iri, name, language, predicate, score))
        return [hit for _, hit in sorted(best.values(), key=lambda pair: pair[0])]


def _named(text: str) -> list[str]:
    """Give the IRIs that an identifier may stand in: its own, or those of an ISBN in each form."""
    from stdnum import isbn  # reads the ranges of publishers, which few searches need

    number = _ISBN.sub("", text, count=1)
    if not isbn.is_valid(number):
        return [text] if _ABSOLUTE.fullmatch(text) else []
    long = isbn.to_isbn13(number)
    short = [isbn.to_isbn10(long)] if long.startswith("978") else []
    forms = [form for one in (long, *short) for form in (isbn.compact(one), isbn.format(one))]
    return [f"urn:isbn:{form}" for form in forms]


def _asked(word: str, instead: Sequence[str] | None) -> str:
    """Ask for what begins with a word, or where it is a slip, has a whole one in its place.

    Words have only letters and digits.
    """
    return "(" + " OR ".join(f'"{one}"' for one in instead) + ")" if instead else f'"{word}"*'


def _says(name: Sequence[str], meant: Sequence[Container[str]]) -> bool:
    """Say whether a name has the words that are meant, one by one, and no other."""
    return len(name) == len(meant) and all(map(contains, meant, name))


def _ways(groups: Sequence[tuple[int, tuple[str, ...]]]) -> Iterator[list[tuple[str, ...]]]:
    """Give the ways to look for words, each with those that may stand for it, the rarest first."""
    words = [group for _, group in groups]
    if words:
        yield words
    if len(words) > 2:
        yield from map(list, combinations(words[:_RARE], 2))
    if len(words) > 1:
        yield from ([group] for many, group in groups[:_RARE] if many <= _COMMON)


def _shared(name: Sequence[str], sought: Sequence[str], known: Container[str]) -> int:
    """Tell roughly how much a name shares with what is looked for: words, then initials."""
    initials = {one[0] for one in sought}
    same = sum(4 if one in known else one[0] in initials for one in name)
    return same - abs(len(name) - len(sought))


def _key(words: Sequence[str]) -> str:
    """Give what names of the same words share."""
    return " ".join(sorted(words))
