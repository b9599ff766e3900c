"""What a rulebook is made of: shapes, the rules in them, and rules that derive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from publish.dataset import layer_of_rules
from publish.graphs import Place
from publish.records import Link, Text, Value

Severity: TypeAlias = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
Path: TypeAlias = tuple["Link | str", ...]
"""A path for reading: properties, and between them the signs of SPARQL (9.1)."""


@dataclass(frozen=True)
class Target:
    """What a shape looks at: things of a `class`, `subjects` or `objects` of a property, a `node`."""

    kind: str
    iri: str


@dataclass(frozen=True)
class Rule:
    """One demand, of a thing itself or of what a path leads to.

    `iri` is empty for a rule in brackets. `queries` are what it asks in SPARQL, each with its
    IRI; `demands` its other parameters with their values; `place` is where it begins.
    """

    iri: str
    label: Text | None
    messages: tuple[Text, ...]
    severity: Severity
    path: Path
    demands: tuple[tuple[str, tuple[Value, ...]], ...]
    queries: tuple[tuple[str, Text], ...]
    place: Place | None


@dataclass(frozen=True)
class Shape:
    """Rules for the same things: for the thing itself first, then for its properties.

    `layer` is the one layer that it speaks of, empty for all; `graphs` are those it looks at.
    `count` says how many things those are, where that is known, and `query` lists them.
    """

    iri: str
    label: Text
    comment: Text | None
    targets: tuple[Target, ...]
    rules: tuple[Rule, ...]
    layer: str
    graphs: tuple[str, ...]
    count: int | None
    query: str
    place: Place | None
    used_by: tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    """A rule that derives triples; `shapes` are those for whose things it runs."""

    iri: str
    label: Text
    query: str
    shapes: tuple[str, ...]
    place: Place | None


@dataclass(frozen=True)
class Rulebook:
    """All rules of a data set, as they stand in its files, and which of them concern a term.

    `governing` gives for a term the shapes that look at it and the rules that follow it,
    `naming` those that speak of it otherwise; both as pairs of a shape and a rule.
    """

    shapes: tuple[Shape, ...]
    derivations: tuple[Derivation, ...]
    governing: Mapping[str, tuple[tuple[Shape, Rule], ...]] = field(repr=False)
    naming: Mapping[str, tuple[tuple[Shape, Rule], ...]] = field(repr=False)

    @property
    def rules(self) -> int:
        """Count what is demanded in all."""
        return sum(len(shape.rules) for shape in self.shapes)

    def names(self) -> frozenset[str]:
        """Give the IRIs of all that the rules are made of."""
        rules = [rule for shape in self.shapes for rule in shape.rules]
        return frozenset(
            [
                *(shape.iri for shape in self.shapes),
                *(rule.iri for rule in rules),
                *(iri for rule in rules for iri, _ in rule.queries),
                *(rule.iri for rule in self.derivations),
            ]
        )

    def files(self) -> tuple[tuple[str, tuple[Shape, ...]], ...]:
        """Give the shapes by the file they stand in, those of single layers last."""
        groups: defaultdict[str, list[Shape]] = defaultdict(list)
        for shape in self.shapes:
            groups[shape.place.path if shape.place else ""].append(shape)

        def key(path: str) -> tuple[bool, str]:
            return (bool(layer_of_rules(path)), path)

        return tuple((path, tuple(groups[path])) for path in sorted(groups, key=key))
