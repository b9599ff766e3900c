"""The shapes of a data set, each triple with its file and line, shared out for engines to judge by.

Rules of a layer may use shapes and prefixes of other files, but not their targets. What an engine
is given holds what its targets lead to and no more, so that it reads little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
_QUERIES = frozenset({ns.SH + "select", ns.SH + "ask"})
_NOWHERE = Place("shapes/", 1)


@dataclass(frozen=True)
class Run:
    """What is judged: each set of graphs, taken as one, by each of the sets of shapes."""

    shapes: tuple[list[turtle.Triple], ...]
    graphs: tuple[tuple[str, ...], ...]


class Shapes:
    """The shapes graph of a data set (SHACL 1.2), without the rules that derive."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.graph = dataset.shapes_graph
        self.triples: list[turtle.Triple] = []
        self.of: dict[str, list[turtle.Triple]] = {}
        self._named: defaultdict[tuple[str, str], list[turtle.Triple]] = defaultdict(list)
        stated = dataset.graphs.get(self.graph)
        self._places = {} if stated is None else dict(stated.placed())
        for triple in dataset.triples(self.graph):
            if triple.predicate.value not in _DERIVING:
                node = term_text(triple.subject)
                self.triples.append(triple)
                self.of.setdefault(node, []).append(triple)
                self._named[node, triple.predicate.value].append(triple)

    def place(self, triple: turtle.Triple) -> Place:
        """Say where a triple stands."""
        return self._places.get(triple, _NOWHERE)

    def place_of(self, node: str) -> Place:
        """Say where the block of a shape begins."""
        places = [self.place(triple) for triple in self.of.get(node, ())]
        return min(places, key=lambda place: (place.path, place.line), default=_NOWHERE)

    def values(self, node: str, name: str) -> list[turtle.Triple]:
        """Give the triples of a node with this property of SHACL."""
        return self._named.get((node, ns.SH + name), [])

    def layer_names(self) -> dict[str, tuple[str, ...]]:
        """Give for each layer that rules speak of the graphs that belong to it."""
        names = sorted({self._layer(triple) for triple in self.triples} - {""})
        return {name: self.dataset.graphs_of_rules(name) for name in names}

    def runs(self, at_once: int) -> Iterator[Run]:
        """Give what is to be judged, the largest part of it shared out among so many."""
        of_layers: defaultdict[str, list[turtle.Triple]] = defaultdict(list)
        for triple in self.triples:
            of_layers[self._layer(triple)].append(triple)
        everything = self.dataset.graphs_of_rules("")
        common = of_layers.pop("", [])
        lent = [triple for triple in common if not _aims(triple)]
        parts = self._shared_out(common, everything, at_once)
        yield Run(
            tuple(
                self._needed(part, lent + [t for t in common if _aims(t) and _node(t) in part])
                for part in parts
            ),
            (everything,),
        )
        for name, own in sorted(of_layers.items()):
            graphs = tuple((graph,) for graph in self.dataset.graphs_of_rules(name))
            yield Run((self._needed({_node(triple) for triple in own}, lent + own),), graphs)

    def _layer(self, triple: turtle.Triple) -> str:
        """Name the layer that the file of a triple speaks of; empty for all others."""
        return layer_of_rules(self.place(triple).path)

    def _shared_out(
        self, common: Iterable[turtle.Triple], graphs: Sequence[str], at_once: int
    ) -> list[set[str]]:
        """Deal out the shapes that have targets, so that all parts take about as long.

        What takes time is a query, which is asked for each thing that a shape looks at.
        """
        focus = _Focus(self.dataset, graphs)
        weights: Counter[str] = Counter()
        for triple in filter(_aims, common):
            weights[_node(triple)] += focus.count(triple)
        for node in weights:
            weights[node] *= 1 + sum(
                triple.predicate.value in _QUERIES
                for one in self._reached({node})
                for triple in self.of[one]
            )
        parts: list[tuple[int, set[str]]] = [(0, set()) for _ in range(at_once)]
        for node, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
            least = min(range(at_once), key=lambda number: parts[number][0])
            parts[least] = (parts[least][0] + weight, parts[least][1] | {node})
        return [part for _, part in parts if part] or [set()]

    def _needed(
        self, aiming: Collection[str], triples: Iterable[turtle.Triple]
    ) -> list[turtle.Triple]:
        """Leave out the blocks that only shapes with other targets lead to."""
        others = {_node(triple) for triple in self.triples if _aims(triple)}.difference(aiming)
        free = self.of.keys() - self._reached(others)
        kept = self._reached({*aiming, *free})
        return [triple for triple in triples if _node(triple) in kept]

    def _reached(self, nodes: Iterable[str]) -> set[str]:
        """Give the blocks that others lead to, these among them."""
        todo = [node for node in nodes if node in self.of]
        seen = set(todo)
        while todo:
            for triple in self.of[todo.pop()]:
                node = term_text(triple.object)
                if node in self.of and node not in seen:
                    seen.add(node)
                    todo.append(node)
        return seen


class _Focus:
    """Counts the things that targets choose; what stands below a class is left out."""

    def __init__(self, dataset: Dataset, graphs: Iterable[str]) -> None:
        self._graphs = [dataset.graphs[graph] for graph in graphs]
        self._of_type = Counter(
            quad.object
            for graph in self._graphs
            for quad in graph.quads_for_predicate(turtle.Named(ns.TYPE))
        )

    def count(self, target: turtle.Triple) -> int:
        name = target.predicate.value.removeprefix(ns.SH)
        if name in ("targetSubjectsOf", "targetObjectsOf"):
            of = turtle.Named(getattr(target.object, "value", ""))
            return sum(1 for graph in self._graphs for _ in graph.quads_for_predicate(of))
        if name == "targetClass":
            return self._of_type[target.object]
        return self._of_type[target.subject] if target.predicate.value == ns.TYPE else 1


def _node(triple: turtle.Triple) -> str:
    return term_text(triple.subject)


def _aims(triple: turtle.Triple) -> bool:
    """Say whether a triple gives a shape a target (SHACL 2.1.3)."""
    return triple.predicate.value in TARGETS or (
        triple.predicate.value == ns.TYPE and getattr(triple.object, "value", "") in _CLASSES
    )
