"""Count how well a data set covers its text and keeps its sources.

The figures are taken from the data each time, so none can grow stale: how many records each
passage carries, how many records name their passage and their basis, how many things there are
of each kind, and which vocabularies are used how often. Which property names the passage or the
basis of a record, the data set says by `rdfs:subPropertyOf` (see `namespaces.IN_PASSAGE` and
`namespaces.BASIS`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from publish import namespaces as ns
from publish.dataset import Dataset


@dataclass(frozen=True)
class Coverage:
    """How many records one passage carries, itself or its parts; `label` names the passage.

    `whole` is the passage that it is a part of, empty where it is of none.
    """

    passage: str
    label: str
    records: int
    whole: str = ""


@dataclass(frozen=True)
class Links:
    """How far the things of one kind are linked to records elsewhere.

    Each thing counts once: as `linked` where a mapping makes a triple; as `absent` where it was
    only searched for, in vain; else as `open`, not linked yet. `waiting` and `refused` count
    candidates: too unsure for a triple, and found to be something else.
    """

    linked: int
    absent: int
    open: int
    waiting: int
    refused: int


@dataclass(frozen=True)
class Statistics:
    """The figures of one data set; every mapping is sorted for reading.

    `records` are the things that name a passage or a basis; `kinds` counts the things below the
    space of the data set by the first part of their names; `vocabularies` counts the uses of the
    properties and classes of each vocabulary, by its prefix or, where it has none, its IRI;
    `links` tells of each kind of which the tables of mappings speak.
    """

    triples: int
    records: int
    with_passage: int
    with_basis: int
    passages: tuple[Coverage, ...]
    kinds: Mapping[str, int]
    vocabularies: Mapping[str, int]
    links: Mapping[str, Links]

    @property
    def empty(self) -> tuple[Coverage, ...]:
        """Give the passages that carry no record."""
        return tuple(found for found in self.passages if not found.records)

    def by_whole(self) -> tuple[tuple[Coverage | None, tuple[Coverage, ...]], ...]:
        """Give each passage that has parts with them, and before or between those without one."""
        parts: defaultdict[str, list[Coverage]] = defaultdict(list)
        for one in self.passages:
            parts[one.whole].append(one)
        groups: list[tuple[Coverage | None, tuple[Coverage, ...]]] = []
        for one in parts[""]:
            if one.passage in parts:
                groups.append((one, tuple(parts[one.passage])))
            elif groups and groups[-1][0] is None:
                groups[-1] = (None, (*groups[-1][1], one))
            else:
                groups.append((None, (one,)))
        return tuple(groups)


def measure(dataset: Dataset) -> Statistics:
    """Count; what was derived by rules counts with what was stated."""
    triples = list(dataset.union())
    things = _things(dataset, triples)
    playing = dataset.below((ns.IN_PASSAGE, ns.BASIS), ns.RDFS + "subPropertyOf")
    passages_of: defaultdict[str, set[str]] = defaultdict(set)
    based: set[str] = set()
    for subject, predicate, value in triples:
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
            if predicate.value in playing[ns.IN_PASSAGE]:
                passages_of[subject.value].add(value.value)
            elif predicate.value in playing[ns.BASIS]:
                based.add(subject.value)
    records = passages_of.keys() | based
    return Statistics(
        triples=len(triples),
        records=len(records),
        with_passage=len(passages_of),
        with_basis=len(based),
        passages=_coverage(triples, passages_of),
        kinds={kind: len(members) for kind, members in things.items()},
        vocabularies=_vocabularies(dataset, triples),
        links=_links(dataset, things),
    )


def _coverage(
    triples: Iterable[ox.Triple], passages_of: Mapping[str, set[str]]
) -> tuple[Coverage, ...]:
    """Count the records of each thing that is of the same class as a passage that has some."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    wholes: defaultdict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for subject, predicate, value in triples:
        if not isinstance(subject, ox.NamedNode):
            continue
        if predicate.value == ns.TYPE and isinstance(value, ox.NamedNode):
            classes[subject.value].add(value.value)
        elif predicate.value == ns.DCTERMS + "isPartOf" and isinstance(value, ox.NamedNode):
            wholes[subject.value].add(value.value)
        elif predicate.value in ns.LABELS and isinstance(value, ox.Literal):
            labels.setdefault(subject.value, value.value)
    direct = Counter(place for places in passages_of.values() for place in places)
    carrying = set[str]().union(*(classes[place] for place in direct))
    found = {iri for iri, kinds in classes.items() if kinds & carrying}
    counted = Counter(direct)
    for place in found:
        for whole in wholes[place] & found:
            counted[whole] += direct[place]
    return tuple(
        Coverage(iri, labels.get(iri, iri), counted[iri], min(wholes[iri] & found, default=""))
        for iri in sorted(found, key=ns.natural_order)
    )


def _things(dataset: Dataset, triples: Iterable[ox.Triple]) -> Mapping[str, set[str]]:
    """Give the things below the space of the data set by kind, the first part of their names."""
    space = dataset.description.uri_space if dataset.description else ""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for triple in triples:
        subject = triple.subject
        if space and isinstance(subject, ox.NamedNode) and subject.value.startswith(space):
            kinds[subject.value.removeprefix(space).partition("/")[0]].add(subject.value)
    return dict(sorted(kinds.items()))


def _links(dataset: Dataset, things: Mapping[str, set[str]]) -> Mapping[str, Links]:
    """Count how far each kind is linked of which a mapping speaks."""
    links = {}
    for kind, members in things.items():
        matches = [match for match in dataset.matches if match.subject in members]
        if matches:
            linked = {match.subject for match in matches if match.asserted}
            absent = {match.subject for match in matches if match.missing} - linked
            links[kind] = Links(
                linked=len(linked),
                absent=len(absent),
                open=len(members) - len(linked) - len(absent),
                waiting=sum(not (m.asserted or m.missing or m.refused) for m in matches),
                refused=sum(match.refused for match in matches),
            )
    return links


def _vocabularies(dataset: Dataset, triples: Iterable[ox.Triple]) -> Mapping[str, int]:
    used: Counter[str] = Counter()
    names = {space: prefix for prefix, space in dataset.prefixes.items()}
    for _, predicate, value in triples:
        used[_space(predicate.value)] += 1
        if predicate.value == ns.TYPE and isinstance(value, ox.NamedNode):
            used[_space(value.value)] += 1
    return dict(sorted(((names.get(s, s), n) for s, n in used.items()), key=lambda p: (-p[1], p)))


def _space(term: str) -> str:
    """Give the IRI of a term without its last part."""
    return term[: max(term.rfind("#"), term.rfind("/")) + 1]
