"""What a difference is made of: things and what happened to them, property by property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["added", "changed", "removed", "retired", "vanished"]

KINDS: tuple[Kind, ...] = ("vanished", "retired", "removed", "changed", "added")
"""What can happen to a thing: `vanished` is a removed name that the data set itself gave."""


@dataclass(frozen=True)
class Edit:
    """One property of a thing in one graph: the values that went and those that came, in words."""

    graph: str
    property: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What happened to one thing; of a retired one, `replaced_by` names what stands for it.

    `types` are its classes, in the newer version where that has any.
    """

    iri: str
    label: str
    kind: Kind
    edits: tuple[Edit, ...]
    replaced_by: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that changed, sorted by kind and label; `prefixes` are those of the newer version."""

    changes: tuple[Change, ...]
    added: int
    removed: int
    prefixes: Mapping[str, str]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Give what happened in one way."""
        return tuple(change for change in self.changes if change.kind == kind)


@dataclass(frozen=True)
class Step:
    """What readers saw from a moment on: a version, and how it differs from the one `before`.

    `before` is empty for the first, in which everything is new.
    """

    version: str
    before: str
    moment: datetime
    difference: Difference
