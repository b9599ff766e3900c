"""Blank nodes: which can stand in brackets or lists, and the names of those that cannot.

The names are those of RDFC-1.0, so that they do not depend on where the triples came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import pyoxigraph as ox

from publish import namespaces as ns
from publish.graphs import Triples
from publish.turtle.terms import Pair, Subject, Term, quad_of

_DEEPEST = 64
"""How deep brackets may stand in each other."""

Tangled: TypeAlias = dict[Subject, list[Pair]]
"""The triples that mention blank nodes, by subject: what has to be seen as a whole."""


class Nesting:
    """Which blank nodes of a graph can be written in brackets, and which begin lists."""

    def __init__(
        self, pairs: Mapping[Subject, Sequence[Pair]], keep: frozenset[ox.BlankNode]
    ) -> None:
        self._pairs = pairs
        self._parents = self._single_parents(keep)
        self.lists: dict[ox.BlankNode, tuple[Term, ...]] = {}
        cells: set[ox.BlankNode] = set()
        for node in self._parents:
            if self._is_head(node) and (chain := self._chain(node)):
                self.lists[node] = tuple(self._first(cell) for cell in chain)
                cells.update(chain[1:])
        self._cells = cells
        depths = self._depths()
        self.inside = {node for node, depth in depths.items() if depth <= _DEEPEST}
        for head in [head for head in self.lists if head not in self.inside]:
            self.inside.difference_update(self._chain(head))
            del self.lists[head]

    def _single_parents(self, keep: frozenset[ox.BlankNode]) -> dict[ox.BlankNode, Subject]:
        parents: dict[ox.BlankNode, Subject] = {}
        often = set(keep)
        for subject, pairs in self._pairs.items():
            if isinstance(subject, ox.Triple):
                often.update(_blanks_within(subject))
            for _, value in pairs:
                if isinstance(value, ox.Triple):
                    often.update(_blanks_within(value))
                elif isinstance(value, ox.BlankNode):
                    if value in parents:
                        often.add(value)
                    parents[value] = subject
        return {node: parent for node, parent in parents.items() if node not in often}

    def _cell(self, node: Term) -> bool:
        if node not in self._parents or node not in self._pairs:
            return False
        return sorted(p.value for p, _ in self._pairs[cast(Subject, node)]) == [ns.FIRST, ns.REST]

    def _is_head(self, node: ox.BlankNode) -> bool:
        parent = self._parents[node]
        return self._cell(node) and not (
            self._cell(parent) and self._rest(parent) == node  # then it is a later cell
        )

    def _first(self, cell: Subject) -> Term:
        return next(value for p, value in self._pairs[cell] if p.value == ns.FIRST)

    def _rest(self, cell: Subject) -> Term:
        return next(value for p, value in self._pairs[cell] if p.value == ns.REST)

    def _chain(self, head: ox.BlankNode) -> list[ox.BlankNode]:
        chain: list[ox.BlankNode] = []
        node: Term = head
        while isinstance(node, ox.BlankNode) and self._cell(node) and node not in chain[:1]:
            chain.append(node)
            node = self._rest(node)
        return chain if node == ox.NamedNode(ns.NIL) else []

    def _depths(self) -> dict[ox.BlankNode, int]:
        """Give the depth of brackets of each node that hangs from one that is not nested."""
        children: dict[Subject, list[ox.BlankNode]] = defaultdict(list)
        for node, parent in self._parents.items():
            children[parent].append(node)
        depths: dict[ox.BlankNode, int] = {}
        todo: list[tuple[Subject, int]] = [
            (subject, 0) for subject in self._pairs if subject not in self._parents
        ]
        # Nodes on a cycle hang from no such subject, are never met and so keep their names.
        while todo:
            parent, depth = todo.pop()
            for node in children[parent]:
                inner = depth if node in self._cells else depth + 1
                depths[node] = inner
                todo.append((node, 0 if inner > _DEEPEST else inner))
        return depths


def _blanks_within(term: Term) -> Iterator[ox.BlankNode]:
    if isinstance(term, ox.BlankNode):
        yield term
    elif isinstance(term, ox.Triple):
        for part in term:
            yield from _blanks_within(part)


def named_blanks(graphs: Mapping[str | None, Triples]) -> dict[str | None, Tangled]:
    """Give what mentions blank nodes, with these named by RDFC-1.0 where names are needed.

    What stands in brackets needs none, and RDFC-1.0 takes its time over long chains. The names
    that it gives do not depend on triples without blank nodes.
    """
    given = {name: list(graph.with_blanks()) for name, graph in graphs.items()}
    tangled = {name: _by_subject(triples) for name, triples in given.items()}
    shared = frozenset(shared_blanks(tangled))
    if all(_all_nested(one, shared) for one in tangled.values()):
        return tangled
    everything = ox.Dataset(
        quad_of(triple, ox.DefaultGraph() if name is None else ox.NamedNode(name))
        for name, triples in given.items()
        for triple in triples
    )
    everything.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    named: dict[str | None, list[ox.Triple]] = {name: [] for name in given}
    for quad in everything:
        graph = quad.graph_name
        named[graph.value if isinstance(graph, ox.NamedNode) else None].append(quad.triple)
    return {name: _by_subject(triples) for name, triples in named.items()}


def _all_nested(tangled: Tangled, keep: frozenset[ox.BlankNode]) -> bool:
    return _blanks_of(tangled) <= Nesting(tangled, keep).inside


def _by_subject(triples: Iterable[ox.Triple]) -> Tangled:
    pairs: Tangled = defaultdict(list)
    for triple in triples:
        pairs[triple.subject].append((triple.predicate, triple.object))
    return dict(pairs)


def _blanks_of(tangled: Tangled) -> set[ox.BlankNode]:
    return {
        node
        for subject, pairs in tangled.items()
        for term in (subject, *(value for _, value in pairs))
        for node in _blanks_within(term)
    }


def shared_blanks(graphs: Mapping[str | None, Tangled]) -> set[ox.BlankNode]:
    """Give the blank nodes that more than one graph mentions: they need a name."""
    seen: set[ox.BlankNode] = set()
    shared: set[ox.BlankNode] = set()
    for tangled in graphs.values():
        here = _blanks_of(tangled)
        shared |= seen & here
        seen |= here
    return shared
