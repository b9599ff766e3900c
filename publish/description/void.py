"""Describe what a data set holds: its counts, its parts by class and property, its links.

Follows VoID sections 4.5, 4.6 and 5.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.description.counts import Counts
from publish.description.saying import Saying
from publish.description.values import FRAGMENT, last

PARTITIONS = 2_000
"""How many partitions by class and property are described at most; the largest ones."""


@dataclass(frozen=True)
class Linkset:
    """How many triples of a graph point with one property into one other data set."""

    target: str
    predicate: str
    graph: str
    count: int


def read_linksets(triples: Iterable[turtle.Triple]) -> list[Linkset]:
    """Find the linksets in a description again, the largest first."""
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, turtle.Named):
            value = getattr(triple.object, "value", "")
            said[triple.subject.value][triple.predicate.value] = value
    found = [
        Linkset(
            target=one[ns.VOID + "objectsTarget"],
            predicate=one[ns.VOID + "linkPredicate"],
            graph=one.get(ns.DCTERMS + "isPartOf", ""),
            count=int(one.get(ns.VOID + "triples", "0")),
        )
        for one in said.values()
        if ns.VOID + "objectsTarget" in one
    ]
    return sorted(found, key=lambda one: (-one.count, one.target, one.predicate, one.graph))


def read_terms(triples: Iterable[turtle.Triple]) -> tuple[Counter[str], Counter[str]]:
    """Find in a description how many things are of each class, and how often a property is used."""
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, turtle.Named):
            value = getattr(triple.object, "value", "")
            said[triple.subject.value][triple.predicate.value] = value
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    for one in said.values():
        for found, kind, number in (
            (classes, "class", "entities"),
            (properties, "property", "triples"),
        ):
            term, count = one.get(ns.VOID + kind), int(one.get(ns.VOID + number, "0"))
            if term:
                # A property has a part in each class as well, which is smaller.
                found[term] = max(found[term], count)
    return classes, properties


def count_terms(dataset: Dataset) -> tuple[Counter[str], Counter[str]]:
    """Count the same of a data set that has no description."""
    found = Counts.of(dataset.whole(), "")
    return found.classes, found.properties


def counts(said: Saying) -> None:
    """Count the whole, and its parts by class and property (VoID 4.6 and 4.5)."""
    found = Counts.of(said.dataset.whole(), said.about.uri_space)
    whole = said.about.iri
    for name, count in found.totals.items():
        said.number(whole, ns.VOID + name, count)
    classes = dict(found.classes.most_common(PARTITIONS))
    for class_, count in classes.items():
        part = _part(said, "class", class_)
        said.links(whole, {ns.VOID + "classPartition": [part]})
        said.links(part, {ns.TYPE: [ns.VOID + "Dataset"], ns.VOID + "class": [class_]})
        said.number(part, ns.VOID + "entities", count)
    for property_, count in found.properties.most_common(PARTITIONS):
        part = _property(said, whole, _part(said, "property", property_), property_, count)
        said.number(part, ns.VOID + "distinctSubjects", found.subjects[property_])
    for (class_, property_), count in found.pairs.most_common(PARTITIONS):
        if class_ in classes:
            whole_class = _part(said, "class", class_)
            part = _part(said, "property", property_, whole_class)
            _property(said, whole_class, part, property_, count)
    for namespace in found.namespaces():
        said.links(whole, {ns.VOID + "vocabulary": [namespace]})


def _property(said: Saying, whole: str, part: str, property_: str, count: int) -> str:
    said.links(whole, {ns.VOID + "propertyPartition": [part]})
    said.links(part, {ns.TYPE: [ns.VOID + "Dataset"], ns.VOID + "property": [property_]})
    said.number(part, ns.VOID + "triples", count)
    return part


def _part(said: Saying, kind: str, term: str, whole: str = "") -> str:
    """Name the part of the data set that has to do with a term."""
    name = ns.short(term, {**ns.STANDARD, **said.dataset.prefixes})
    if name == term or not FRAGMENT.fullmatch(name):
        name = hashlib.sha256(term.encode()).hexdigest()[:16]
    return f"{whole}&{kind}={name}" if whole else said.within(f"{kind}={name}")


def linksets(said: Saying) -> None:
    """Describe what points into each data set that the data describe (VoID 5)."""
    targets = _targets(said)
    found: Counter[tuple[str, str, str]] = Counter()
    for graph in said.dataset.layers:
        for triple in said.dataset.triples(graph):
            if target := _target(said, triple, *targets):
                found[graph, triple.predicate.value, target] += 1
    for (graph, predicate, target), count in found.items():
        names = (last(graph), last(target), last(predicate))
        linkset = said.within(f"links={'&'.join(names)}")
        said.repeat(target)
        said.links(said.about.iri, {ns.VOID + "subset": [linkset]})
        said.links(
            linkset,
            {
                ns.TYPE: [ns.VOID + "Linkset"],
                ns.VOID + "linkPredicate": [predicate],
                ns.VOID + "subjectsTarget": [said.about.iri],
                ns.VOID + "objectsTarget": [target],
                ns.DCTERMS + "isPartOf": [graph],
            },
        )
        said.number(linkset, ns.VOID + "triples", count)


def _targets(said: Saying) -> tuple[dict[str, str], dict[str, str]]:
    """Give other data sets by the IRIs that mappings found in them, and by their spaces."""
    spaces: dict[str, str] = {}
    for graph in said.dataset.graphs.values():
        for quad in graph.quads_for_predicate(turtle.Named(ns.VOID + "uriSpace")):
            if isinstance(quad.subject, turtle.Named) and quad.subject.value != said.about.iri:
                spaces[getattr(quad.object, "value", "")] = quad.subject.value
    found: dict[str, str] = {}
    for match in said.dataset.matches:
        prefix, colon, name = match.cells.get("object_source", "").partition(":")
        target = said.dataset.prefixes.get(prefix, "") + name
        if match.asserted and colon and turtle.is_iri(target):
            found[match.object] = target
    return found, spaces


def _target(
    said: Saying, triple: turtle.Triple, found: Mapping[str, str], spaces: Mapping[str, str]
) -> str:
    """Say into which other data set a triple points; into none is empty."""
    subject, value = triple.subject, triple.object
    if not (isinstance(subject, turtle.Named) and isinstance(value, turtle.Named)):
        return ""
    ours = subject.value.startswith(said.about.uri_space)
    if not ours or value.value.startswith(said.about.base) or triple.predicate.value == ns.TYPE:
        return ""
    fitting = [space for space in spaces if space and value.value.startswith(space)]
    return found.get(value.value) or (spaces[max(fitting, key=len)] if fitting else "")
