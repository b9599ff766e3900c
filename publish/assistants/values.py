"""What assistants are told: things, rows, questions, and the passages that bear them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = "str | int | bool | Standing | None"


@dataclass(frozen=True)
class Named:
    """A thing with its label."""

    iri: str
    label: str


@dataclass(frozen=True)
class Standing(Named):
    """A thing with the name of the layer that says what it is; empty where none does."""

    layer: str


@dataclass(frozen=True)
class Passage:
    """A passage that carries something, by the records `through` it does; no text of it."""

    iri: str
    label: str
    details: dict[str, str]
    through: list[Named] = field(default_factory=list)


@dataclass(frozen=True)
class Fact:
    """A property and a value, a thing or a text, and the layer that says so."""

    property: Named
    value: Named | None
    text: str
    language: str
    datatype: str
    layer: Named


@dataclass(frozen=True)
class Thing:
    """A thing: what is said of it, what points at it, and the passages that carry it.

    `pointing` has the first of what points at it; `pointing_total` counts all of that.
    """

    iri: str
    label: str
    classes: list[Named]
    facts: list[Fact]
    pointing: list[Fact]
    pointing_total: int
    passages: list[Passage]
    complete: bool


@dataclass(frozen=True)
class Hit:
    """A thing that was found, by which of its names, and how near that is (0 to 1)."""

    iri: str
    label: str
    classes: list[Named]
    name: str
    language: str
    score: float


@dataclass(frozen=True)
class Hits:
    """What was found; `instead` has the words that stand in for those known nowhere."""

    hits: list[Hit]
    total: int
    complete: bool
    instead: dict[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """What a query gives: rows, yes or no, or triples in Turtle.

    `complete` is false where there are more rows than were asked for. `passages` are those that
    the rows name by IRI or number, or that carry a thing in them.
    """

    query: str
    columns: list[str]
    rows: list[dict[str, Cell]]
    complete: bool
    passages: list[Passage]
    boolean: bool | None = None
    turtle: str = ""


@dataclass(frozen=True)
class Parameter:
    """What may be changed in a question: a thing of a class, or a value of a datatype."""

    name: str
    description: str
    takes: str
    default: str


@dataclass(frozen=True)
class Question:
    """A saved question under its name."""

    name: str
    question: str
    comment: str
    keywords: list[str]
    parameters: list[Parameter]
