"""Prefixes that stand for different things in different files, and the data as if they did not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

import pyoxigraph as ox

from publish.dataset.values import Dataset, Renaming
from publish.graphs import Graph, Packing, Place, Term

Declared: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""For each prefix what it stands for, and in which files it does."""


def usual(declared: Declared, base: str) -> Mapping[str, str]:
    """Give what each prefix stands for in most files; among equals, what is below the base.

    Else it is what the first file says.
    """
    found = {}
    for prefix, spaces in declared.items():
        ranked = ((len(paths), space.startswith(base)) for space, paths in spaces.items())
        best = max(ranked)
        found[prefix] = next(
            space for space, paths in spaces.items() if (len(paths), space.startswith(base)) == best
        )
    return MappingProxyType(found)


def renamed(
    declared: Declared, meant: Mapping[str, str], source: Callable[[str], bytes]
) -> Iterator[Renaming]:
    """Give where a prefix does not stand for what it does in most files, by their bytes."""
    for prefix, spaces in declared.items():
        for space, paths in spaces.items():
            if space != meant[prefix]:
                for path in paths:
                    place = Place(path, _line(source(path), prefix))
                    beside = tuple(_beside(declared, prefix, path))
                    yield Renaming(place, prefix, space, meant[prefix], beside)


def _beside(declared: Declared, prefix: str, path: str) -> Iterator[str]:
    """Give what the other prefixes of a file stand for."""
    for other, spaces in declared.items():
        if other != prefix:
            yield from (space for space, paths in spaces.items() if path in paths)


def _line(source: bytes, prefix: str) -> int:
    found = re.search(rb"(?i)prefix\s+" + re.escape(prefix.encode()) + rb":", source)
    return source.count(b"\n", 0, found.start()) + 1 if found else 1


def mended(dataset: Dataset) -> Dataset:
    """Give the data as they would be if each prefix stood for what it does in most files."""
    wrong: defaultdict[str, list[Renaming]] = defaultdict(list)
    for one in dataset.renamings:
        wrong[one.place.path].append(one)
    graphs = {name: _mended(graph, wrong) for name, graph in dataset.graphs.items()}
    return replace(dataset, graphs=graphs, renamings=())


def _mended(graph: Graph, wrong: Mapping[str, Sequence[Renaming]]) -> Graph:
    placed = [*graph.placed()]
    if wrong.keys().isdisjoint({place.path for _, place in placed}):
        return graph
    packing = Packing()
    terms = {path: cache(Meaning(some).term) for path, some in wrong.items()}
    packing.add_placed(
        (_triple(triple, terms[place.path]) if place.path in terms else triple, place)
        for triple, place in placed
    )
    return packing.graph()


def _triple(triple: ox.Triple, meant: Callable[[Term], Term]) -> ox.Triple:
    return ox.Triple(*map(meant, triple))  # type: ignore[arg-type]


class Meaning:
    """Writes terms and texts by what some prefixes should stand for."""

    def __init__(self, renamings: Iterable[Renaming]) -> None:
        some = [*renamings]
        beside = {space for one in some for space in one.beside}
        # What another prefix of the file stands for too may have been written by that one.
        self._usual = {one.space: one.usual for one in some if one.space not in beside}
        # Of two spaces one of which begins with the other, the longer one was written.
        spaces = sorted({*self._usual, *beside}, key=len, reverse=True)
        self._spaces = re.compile("|".join(map(re.escape, filter(None, spaces))) or r"(?!)")

    def term(self, term: Term) -> Term:
        """Give the term that is meant; those within triple terms are left."""
        if isinstance(term, ox.NamedNode):
            return ox.NamedNode(self._iri(term.value))
        if isinstance(term, ox.Literal) and not term.language:
            return ox.Literal(term.value, datatype=ox.NamedNode(self._iri(term.datatype.value)))
        return term

    def text(self, text: str) -> str:
        """Give a text with the IRIs in it that are meant."""
        return self._spaces.sub(self._instead, text)

    def _iri(self, iri: str) -> str:
        found = self._spaces.match(iri)
        return self._instead(found) + iri[found.end() :] if found else iri

    def _instead(self, found: re.Match[str]) -> str:
        return self._usual.get(found[0], found[0])
