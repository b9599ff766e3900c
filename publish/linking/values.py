"""Links, and where the records that they lead to are looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from publish import namespaces as ns
from publish.catalogue import Entry

SAME = ns.SCHEMA + "sameAs"
TURNED = MappingProxyType(
    {
        SAME: SAME,
        ns.OWL + "sameAs": SAME,
        ns.SKOS + "exactMatch": ns.SKOS + "exactMatch",
        ns.SKOS + "closeMatch": ns.SKOS + "closeMatch",
        ns.SKOS + "relatedMatch": ns.SKOS + "relatedMatch",
        ns.SKOS + "broadMatch": ns.SKOS + "narrowMatch",
        ns.SKOS + "narrowMatch": ns.SKOS + "broadMatch",
    }
)
"""The predicates of links, each with the one that says the same from the other side."""


@dataclass(frozen=True)
class Link:
    """A row of a table: our thing, the record elsewhere, how sure, and why; IRIs in full."""

    subject: str
    label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    source: str
    version: str
    confidence: float
    comment: str
    refused: bool = False


@dataclass(frozen=True)
class Hit:
    """A thing elsewhere that may be one of ours: how near (0 to 100), and what speaks for it."""

    iri: str
    label: str
    score: float
    reasons: tuple[str, ...]


class Elsewhere(Protocol):
    """Where records of our things are looked for."""

    @property
    def version(self) -> str:
        """What was looked at, and when."""
        ...

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Give for each of our things what may be the same."""
        ...
