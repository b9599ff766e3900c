"""The kept lists of facts about the terms of vocabularies, and where each list is from."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

Condition: TypeAlias = tuple[tuple[str, ...], ...]
"""Classes that must all fit, each given as its alternatives."""
FOLDER = Path(__file__).parent.parent / "vocabularies"
COLUMNS = ("term", "kind", "types", "above", "domain", "range", "fits", "takes", "retired")


class Fact(NamedTuple):
    """What a vocabulary says of one of its terms.

    `above` holds the classes above a class and the properties above a property; `types` the
    classes of an individual. `domain` and `range` bind, `fits` and `takes` advise. `retired` is
    empty for a term in use, else what replaces it, or `-` where nothing does.
    """

    term: str
    kind: str
    types: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    domain: Condition = ()
    range: Condition = ()
    fits: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    retired: str = ""


@dataclass(frozen=True)
class Source:
    """Which file the list of a vocabulary was made from; `copy` says so if it is not its own."""

    prefix: str
    namespace: str
    title: str
    version: str
    repository: str
    path: str
    commit: str
    copy: str


def sources() -> list[Source]:
    """Give the sources of all lists; a vocabulary may be put together from several."""
    with (FOLDER / "sources.tsv").open(encoding="utf-8", newline="") as lines:
        return [Source(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=3)]


def facts(prefix: str, namespace: str) -> list[Fact]:
    """Read the list of one vocabulary."""
    return [fact(row, namespace) for row in rows(prefix, namespace).values()]


def rows(prefix: str, namespace: str) -> dict[str, str]:
    """Give the rows of the list of one vocabulary, as they stand, by their terms."""
    lines = (FOLDER / f"{prefix}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {_full(line[: line.index("\t")], namespace): line for line in lines}


def listed(found: Iterable[Fact], namespace: str) -> str:
    """Write the list of one vocabulary; terms of its own namespace stand without it."""

    def short(iri: str) -> str:
        local = iri.removeprefix(namespace)
        return local if local and ":" not in local else iri

    lines = ["\t".join(COLUMNS)]
    for fact in sorted(found, key=lambda fact: fact.term):
        cells = [short(fact.term), fact.kind]
        cells += [" ".join(map(short, part)) for part in (fact.types, fact.above)]
        for condition in (fact.domain, fact.range):
            cells.append(" ".join("|".join(map(short, any_of)) for any_of in condition))
        cells += [" ".join(map(short, part)) for part in (fact.fits, fact.takes)]
        cells.append(short(fact.retired))
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def fact(row: str, namespace: str) -> Fact:
    """Read one row of a list."""

    def full(name: str) -> str:
        return _full(name, namespace)

    def several(cell: str) -> tuple[str, ...]:
        return tuple(map(full, cell.split())) if cell else ()

    def condition(cell: str) -> Condition:
        return tuple(tuple(map(full, any_of.split("|"))) for any_of in cell.split()) if cell else ()

    term, kind, types, above, domain, range_, fits, takes, retired = row.split("\t")
    return Fact(
        full(term),
        kind,
        several(types),
        several(above),
        condition(domain),
        condition(range_),
        several(fits),
        several(takes),
        full(retired),
    )


def _full(name: str, namespace: str) -> str:
    return name if ":" in name or name in ("", "-") else namespace + name
