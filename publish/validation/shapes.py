"""The shapes of a data set, each triple with its file and line, for engines to judge by.

Rules of a layer may use shapes and prefixes of other files, but not their targets. What an engine
is given holds what its targets lead to and no more, so that it reads little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, layer_of_rules
from publish.graphs import Place
from publish.validation.findings import term_text

TARGETS = frozenset(
    ns.SH + name
    for name in ("target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)
_CLASSES = frozenset({ns.RDFS + "Class", ns.OWL + "Class"})
_DERIVING = frozenset({ns.SH + "rule", ns.SH + "construct"})
NOWHERE = Place("shapes/", 1)
"""Where a fault is told of that has no line."""


class _Said(NamedTuple):
    """A triple of a shape: the layer that its file speaks of, and whether it is a target."""

    node: str
    layer: str
    aims: bool
    triple: turtle.Triple


@dataclass(frozen=True)
class Run:
    """What is judged: each set of graphs, taken as one, by some shapes."""

    shapes: list[turtle.Triple]
    graphs: tuple[tuple[str, ...], ...]


class Shapes:
    """The shapes graph of a data set (SHACL 1.2), without the rules that derive."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.graph = dataset.shapes_graph
        self._said: list[_Said] = []
        self.of: dict[str, list[turtle.Triple]] = {}
        self._named: defaultdict[tuple[str, str], list[turtle.Triple]] = defaultdict(list)
        stated = dataset.graphs.get(self.graph)
        self._places = {} if stated is None else dict(stated.placed())
        stand = len(self._places) == (0 if stated is None else len(stated))
        every = dataset.triples(self.graph)
        said = [*self._places.items()] if stand else [(one, self.place(one)) for one in every]
        layers = {path: layer_of_rules(path) for path in {place.path for _, place in said}}
        for triple, place in said:
            name = triple.predicate.value
            if name not in _DERIVING:
                node = term_text(triple.subject)
                self._said.append(_Said(node, layers[place.path], _aims(triple), triple))
                self.of.setdefault(node, []).append(triple)
                self._named[node, name].append(triple)
        self._leads = {
            node: {term_text(triple.object) for triple in said} & self.of.keys()
            for node, said in self.of.items()
        }

    @property
    def triples(self) -> list[turtle.Triple]:
        """All of them."""
        return [one.triple for one in self._said]

    def place(self, triple: turtle.Triple) -> Place:
        """Say where a triple stands."""
        return self._places.get(triple, NOWHERE)

    def place_of(self, node: str) -> Place:
        """Say where the block of a shape begins."""
        places = [self.place(triple) for triple in self.of.get(node, ())]
        return min(places, key=lambda place: (place.path, place.line), default=NOWHERE)

    def values(self, node: str, name: str) -> list[turtle.Triple]:
        """Give the triples of a node with this property of SHACL."""
        return self._named.get((node, ns.SH + name), [])

    def several(self) -> Iterator[tuple[str, str, list[turtle.Triple]]]:
        """Give each node that has several values of a property of SHACL, with its name and them."""
        for (node, name), said in self._named.items():
            if len(said) > 1 and name.startswith(ns.SH):
                yield node, name.removeprefix(ns.SH), said

    def layer_names(self) -> dict[str, tuple[str, ...]]:
        """Give for each layer that rules speak of the graphs that belong to it."""
        names = sorted({one.layer for one in self._said} - {""})
        return {name: self.dataset.graphs_of_rules(name) for name in names}

    def runs(self) -> Iterator[Run]:
        """Give what is to be judged: everything by the rules for all, each layer by its own."""
        aiming = {one.node for one in self._said if one.aims and not one.layer}
        yield Run(self._needed(aiming, ""), (self.dataset.graphs_of_rules(""),))
        for name, graphs in self.layer_names().items():
            own = {one.node for one in self._said if one.layer == name}
            yield Run(self._needed(own, name), tuple((graph,) for graph in graphs))

    def _needed(self, aiming: set[str], layer: str) -> list[turtle.Triple]:
        """Give shapes and their targets, with all that they may use of files for all layers.

        What only shapes with other targets lead to is left out.
        """
        others = {one.node for one in self._said if one.aims} - aiming
        free = self.of.keys() - self._reached(others)
        kept = self._reached(aiming | free)
        return [
            one.triple
            for one in self._said
            if one.node in kept
            and (one.layer == layer or not one.layer)
            and (not one.aims or (one.layer == layer and one.node in aiming))
        ]

    def _reached(self, nodes: Iterable[str]) -> set[str]:
        """Give the blocks that others lead to, these among them."""
        seen = todo = {node for node in nodes if node in self.of}
        while todo:
            todo = {node for one in todo for node in self._leads[one]} - seen
            seen = seen | todo
        return seen


def _aims(triple: turtle.Triple) -> bool:
    """Say whether a triple gives a shape a target (SHACL 2.1.3)."""
    return triple.predicate.value in TARGETS or (
        triple.predicate.value == ns.TYPE and getattr(triple.object, "value", "") in _CLASSES
    )
