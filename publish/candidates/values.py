"""What is asked of a reconciler, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from publish.sources import Text

STRICT = ("any", "should", "all")
"""How types are asked for: one of them, rather one of them, all of them (Reconciliation 0.2)."""


@dataclass(frozen=True)
class Given:
    """A value that somebody gives: a text, and an IRI where it is a thing."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Condition:
    """A property and values of which a candidate should have one (`any`), all, or none.

    `property` is an IRI, a prefixed name, a label, or the IRI of an authority (`void:uriSpace`),
    whose identifiers are then the values.
    """

    property: str
    values: tuple[Given, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Query:
    """What is known of the thing that is looked for; without a text, conditions must find it."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Feature:
    """A part of a score: what was compared, and how well it agrees (0 to 100, or yes or no)."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; `match` says that it can be taken over unseen."""

    iri: str
    label: Text
    description: str
    types: tuple[str, ...]
    score: float
    match: bool
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class Term:
    """A class or property, and how many things were seen to have it."""

    iri: str
    label: Text
    count: int
    broader: tuple[str, ...] = ()
