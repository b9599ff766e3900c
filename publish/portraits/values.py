"""What a portrait is made of: passages, the ways in which they speak of a thing, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from publish.records import Kind, Record, Statement, Text

_LONG = 20
"""Beyond how many entries of its lists a portrait is long."""


@dataclass(frozen=True)
class Passage:
    """A passage: its number, its printed pages, first and last, and what it is a part of.

    `called_in` is the passage that has the mark of this one, which is then a note.
    """

    iri: str
    label: Text
    number: str = ""
    pages: tuple[int, int] | None = None
    whole: str = ""
    called_in: str = ""
    title: Text | None = None


@dataclass(frozen=True)
class Way:
    """How a passage speaks of a thing: by which record, in which role, and how many times.

    `record` is empty where the passage carries the thing itself; `part` is what the record
    speaks of, where that is not the thing but an edition of it. `times` is 0 where nobody counted.
    """

    record: str
    role: Text
    times: int = 0
    part: str = ""


@dataclass(frozen=True)
class Sighting:
    """A passage and all ways in which it speaks of one thing."""

    passage: Passage
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Owned:
    """Something that belongs to a thing: its edition, what a person wrote, and in which role.

    `record` is what says so, where that is a record of its own.
    """

    iri: str
    role: Text | None = None
    date: Text | None = None
    record: str = ""


@dataclass(frozen=True)
class Stance:
    """Whose attitude towards a claim it is, and which; `record` is what says so."""

    holder: str
    attitude: Text
    record: str


@dataclass(frozen=True)
class Outside:
    """What one outside source says of a thing, and what in it points there."""

    graph: str
    facts: tuple[tuple[str, tuple[Statement, ...]], ...]
    pointers: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Outward:
    """A link to a record elsewhere; confidence (0 to 1) and reasons where a mapping gives them.

    `seen` names the copies in which the record was seen, and `comment` says why it is the same, or
    another one.
    """

    statement: Statement
    confidence: float | None = None
    justification: str = ""
    comment: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Carried:
    """A thing that a passage names, or a record that it carries, and in which ways."""

    iri: str
    ways: tuple[Way, ...]

    @property
    def times(self) -> int:
        """How many times it is named."""
        return sum(way.times for way in self.ways)


@dataclass(frozen=True)
class Gathering:
    """What is of one kind among what a passage carries."""

    kind: Kind
    items: tuple[Carried, ...]


@dataclass(frozen=True)
class Facts:
    """Facts that stand together; `heading` is empty where the shapes name no group."""

    heading: Text | None
    properties: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Portrait:
    """All that is known of a thing, sorted for a reader.

    `classes` are those that say most; `home` is the graph that gives the class, `telling` what says
    first what the thing is; `dates` are its dates, whoever gives them, and `rest` has what points
    at it and is in no other section. `stances` are those towards a claim. `waiting` are records
    elsewhere that may be about it, `refused` those that are about others. `forms` gives to a plain
    name the statement that names the same form as a record of its own.
    """

    record: Record
    kind: Kind | None
    classes: tuple[str, ...]
    home: str
    telling: tuple[Statement, ...]
    names: tuple[Statement, ...]
    dates: tuple[Statement, ...]
    facts: tuple[Facts, ...]
    forms: Mapping[Statement, Statement] = field(default_factory=dict)
    sightings: tuple[Sighting, ...] = ()
    owned: tuple[Owned, ...] = ()
    stances: tuple[Stance, ...] = ()
    outside: tuple[Outside, ...] = ()
    outward: tuple[Outward, ...] = ()
    waiting: tuple[Outward, ...] = ()
    refused: tuple[Outward, ...] = ()
    rest: Record | None = None
    passage: Passage | None = None
    around: tuple[Passage | None, Passage | None] = (None, None)
    parts: tuple[Passage, ...] = ()
    carried: tuple[Gathering, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether a reader wants to see at its head what sections there are."""
        carried = sum(len(one.items) for one in self.carried)
        pointers = len(self.rest.pointers) if self.rest else 0
        return len(self.sightings) + carried + len(self.owned) + pointers > _LONG

    @property
    def alike(self) -> tuple[str, ...]:
        """The other languages in which it is called by the words of its label."""
        said = (one.value for one in self.names if self._is_alike(one))
        return tuple(dict.fromkeys(getattr(value, "language", "") or "" for value in said))

    @property
    def others(self) -> tuple[Statement, ...]:
        """Its names in other words than those of its label."""
        return tuple(one for one in self.names if not self._is_alike(one))

    def _is_alike(self, one: Statement) -> bool:
        value = one.value
        words = isinstance(value, Text) and value.value == self.record.label.value
        return words and bool(getattr(value, "language", ""))
