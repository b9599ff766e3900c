"""Finding things by what they are called: an index of their names in memory.

The names are the labels of `namespaces.LABELS` and other names (`skos:altLabel`,
`skos:hiddenLabel`). They are kept folded, as `matching` does it, in a full-text index of SQLite (FTS5),
which finds the beginnings of words; a word that begins none is looked for among the known ones
as a slip. What is found is ranked: a name that is the very text, then one that has its words and not
only their beginnings, then labels before other names, then what has fewer words.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from publish import labels, matching, turtle
from publish import namespaces as ns
from publish.dataset import Dataset

NAMES = (*ns.LABELS, ns.SKOS + "altLabel", ns.SKOS + "hiddenLabel")
"""The properties whose values are looked through, the best one first."""

_MOST = 2_000
"""How many names are ranked; who finds more should look for more words."""


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

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._lock = threading.Lock()

    def find(self, text: str, count: int, start: int = 0) -> Found:
        """Find things by words, the best first; `start` is how many to leave out."""
        sought = matching.wanted(text)
        if not sought:
            return Found((), 0, {}, complete=True)
        with self._lock:
            instead = {word: self._instead(word) for word in sought if not self._known(word)}
            rows = self._rows([instead.get(word) or (word,) for word in sought], instead)
        hits = self._ranked(rows, text, sought)
        return Found(
            tuple(hits[start : start + count]),
            len(hits),
            {word: others for word, others in instead.items() if others},
            complete=len(rows) < _MOST,
        )

    # --- the index -------------------------------------------------------------------------

    @cached_property
    def _database(self) -> sqlite3.Connection:
        database = sqlite3.connect(":memory:", check_same_thread=False)
        database.executescript(
            "CREATE TABLE name (id INTEGER PRIMARY KEY, iri, predicate, text, language);"
            "CREATE VIRTUAL TABLE folded USING fts5"
            "(words, content='', tokenize='unicode61 remove_diacritics 0', prefix='1 2 3');"
            "CREATE VIRTUAL TABLE known USING fts5vocab(folded, 'row');"
        )
        names = sorted(set(self._names()))
        database.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?)",
            ((number, *name) for number, name in enumerate(names)),
        )
        database.executemany(
            "INSERT INTO folded (rowid, words) VALUES (?, ?)",
            ((number, " ".join(matching.words(name[2]))) for number, name in enumerate(names)),
        )
        database.execute("INSERT INTO folded (folded) VALUES ('optimize')")
        return database

    def _names(self) -> Iterator[tuple[str, str, str, str]]:
        """Give IRI, property, text and language of each name."""
        for graph in self._dataset.graphs:
            for triple in self._dataset.triples(graph):
                subject, literal = triple.subject, triple.object
                if (
                    triple.predicate.value in NAMES
                    and isinstance(subject, turtle.Named)
                    and isinstance(literal, turtle.Literal)
                ):
                    language = literal.language or ""
                    yield subject.value, triple.predicate.value, literal.value, language

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
        size = len(word)
        near = (one for more in range(-2, 3) for one in self._by_length.get(size + more, ()))
        return tuple(matching.slips(word, near)[: matching.MOST])

    def _rows(
        self, groups: Sequence[Sequence[str]], whole: Mapping[str, object]
    ) -> list[tuple[str, str, str, str]]:
        """Give the names that hold a word of each group; words have only letters and digits."""
        # What stands in for a slip is a whole word, and not the beginning of another.
        asked = " AND ".join(
            "(" + " OR ".join(f'"{word}"' + "*" * (group[0] == word) for word in group) + ")"
            for group in groups
        )
        found = self._database.execute(
            "SELECT iri, predicate, text, language FROM folded JOIN name ON id = folded.rowid"
            " WHERE folded MATCH ? ORDER BY rank LIMIT ?",
            (asked, _MOST),
        )
        return found.fetchall()

    # --- ranking ---------------------------------------------------------------------------

    def _ranked(
        self, rows: Sequence[tuple[str, str, str, str]], text: str, sought: Sequence[str]
    ) -> list[Hit]:
        """Give each thing once, by the best of the names that were found."""
        about = self._dataset.description
        spoken = about.languages if about else ()
        folded = matching.words(text)
        best: dict[str, tuple[tuple[object, ...], Hit]] = {}
        for iri, predicate, name, language in rows:
            here = matching.words(name)
            score = round(matching.likeness(name, sought), 3)
            key = (
                -score,
                here != folded,
                -sum(word in here for word in sought),
                predicate not in ns.LABELS,
                len(here),
                here[: len(folded)] != folded,
                len(name),
                labels.rank(predicate, name, language, spoken, properties=NAMES),
                iri,
            )
            if iri not in best or key < best[iri][0]:
                best[iri] = (key, Hit(iri, name, language, predicate, score))
        return [hit for _, hit in sorted(best.values(), key=lambda pair: pair[0])]
