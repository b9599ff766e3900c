"""The data set as a value: its graphs, their places, and what it says of itself."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import quote

import pyoxigraph as ox

from publish import errors, mappings, turtle
from publish import namespaces as ns
from publish.graphs import Graph, Place
from publish.union import Union

if TYPE_CHECKING:
    import rdflib

_Node = TypeVar("_Node", bound=Hashable)
OWN_GRAPHS = ("inferred", "meta", "ontology", "shapes")
HEAD = ("meta", "ontology", "shapes")
"""The graphs that say what a data set is and means, by the last part of their names."""


@dataclass(frozen=True)
class Description:
    """What the one `dcat:Dataset` says of itself; what it does not say is empty."""

    iri: str
    base: str
    prefix: str
    uri_space: str
    title: str
    description: str
    version: str
    modified: str
    licence: str
    creators: tuple[str, ...]
    examples: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Renaming:
    """A prefix that stands for something else in one file than in most, or in the first.

    `beside` is what the other prefixes of the file stand for.
    """

    place: Place
    prefix: str
    space: str
    usual: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """A data set as it was read.

    `graphs` maps the IRI of a graph to its triples and their places, sorted by IRI; the default
    graph of a bare file is `""`. `digest` is the SHA-256 of the sources, their names and their
    bytes, and `sources` the one of each. `default_graph` says what a query without a dataset clause
    sees: the `union` of all graphs but the shapes, or the default graph of the `file`. `matches`
    are the rows of its tables of mappings, those too that make no triple, `renamings` the prefixes
    that stand for different things in different files, and `silent` the files that state nothing.
    """

    root: Path
    description: Description | None
    graphs: Mapping[str, Graph]
    prefixes: Mapping[str, str]
    default_graph: Literal["union", "file"]
    digest: str
    sources: Mapping[str, str] = field(repr=False, default_factory=dict)
    matches: tuple[mappings.Match, ...] = field(repr=False, default=())
    renamings: tuple[Renaming, ...] = field(repr=False, default=())
    silent: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The IRI that all IRIs of the data set begin with; empty for a bare file."""
        return self.description.base if self.description else ""

    @property
    def shapes_graph(self) -> str:
        """The IRI of the graph that holds the rules."""
        return self._graph("shapes")

    @property
    def ontology_graph(self) -> str:
        """The IRI of the graph that holds the terms."""
        return self._graph("ontology")

    @property
    def meta_graph(self) -> str:
        """The IRI of the graph that describes the data set, with its saved questions."""
        return self._graph("meta")

    @property
    def inferred_graph(self) -> str:
        """The IRI of the graph that holds what was derived."""
        return self._graph("inferred")

    @property
    def layers(self) -> tuple[str, ...]:
        """The IRIs of the graphs that the sub-folders of `data/` make."""
        if self.description is None:
            return ()
        own = {self._graph(name) for name in OWN_GRAPHS}
        return tuple(iri for iri in self.graphs if iri not in own)

    def graphs_of_rules(self, layer: str) -> tuple[str, ...]:
        """Give the graphs that rules speak of: those of a layer, or all that were asserted.

        Each file of data/enrichment/ is a layer of its own, and `enrichment` names them all.
        """
        if not layer:
            apart = (self.shapes_graph, self.inferred_graph)
            return tuple(iri for iri in self.graphs if iri not in apart)
        name = self._graph(quote(layer))
        several = f"{name}-" if layer == "enrichment" else None
        return tuple(
            iri for iri in self.layers if iri == name or (several and iri.startswith(several))
        )

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Give the triples of one graph; none, where there is no such graph."""
        return self.graphs[graph].triples() if graph in self.graphs else iter(())

    def whole(self) -> Union:
        """Take all graphs but the shapes as one."""
        apart = self.shapes_graph if self.description else None
        return Union(graph for iri, graph in self.graphs.items() if iri != apart)

    def union(self) -> Iterator[ox.Triple]:
        """Give each triple once, from all graphs but the shapes."""
        return iter(self.whole())

    def outgoing(self, iri: str) -> list[tuple[str, ox.Triple]]:
        """Give what each graph says of a thing: (graph IRI, triple), always in the same order."""
        node = _node(iri)
        return [
            (name, quad.triple)
            for name, graph in self.graphs.items()
            # Of many graphs few say anything.
            if node is not None and graph.speaks_of(node)
            for quad in sorted(graph.quads_for_subject(node), key=str)
        ]

    def incoming(self, iri: str) -> list[tuple[str, ox.Triple]]:
        """Give what each graph says of others and this thing: (graph IRI, triple), in order."""
        node = _node(iri)
        return [
            (name, quad.triple)
            for name, graph in self.graphs.items()
            if node is not None
            for quad in sorted(graph.quads_for_object(node), key=str)
        ]

    def below(self, tops: Iterable[str], property_: str) -> dict[str, frozenset[str]]:
        """Give by term what stands below it at any distance, itself among it.

        `property_` leads to what is right above: `rdfs:subClassOf` or `rdfs:subPropertyOf`.
        """
        lower: defaultdict[str, set[str]] = defaultdict(set)
        for graph in self.graphs.values():
            for quad in graph.quads_for_predicate(ox.NamedNode(property_)):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                    lower[quad.object.value].add(quad.subject.value)
        return {top: closure([top], lower) for top in tops}

    def place(self, graph: str, triple: ox.Triple) -> Place | None:
        """Say where a triple of a graph stands; derived ones stand nowhere."""
        return self.graphs[graph].place(triple) if graph in self.graphs else None

    def view(self, graphs: Iterable[str] | None = None) -> rdflib.Graph:
        """Give the triples of some graphs (by default the union) to rdflib, spelled as they are."""
        import rdflib

        view = rdflib.Graph()
        for prefix, space in self.prefixes.items():
            view.bind(prefix, space, replace=True)
        chosen = (
            self.union() if graphs is None else (t for iri in graphs for t in self.triples(iri))
        )
        # A term is met several times, and to make one rdflib reads its name anew.
        made = functools.cache(_for_rdflib)
        for triple in chosen:
            view.add(tuple(map(made, triple)))  # type: ignore[arg-type]
        return view

    def with_graph(self, iri: str, triples: Iterable[ox.Triple]) -> Dataset:
        """Give a data set in which the graph of this IRI has these triples and no others.

        Those that it had before stand where they stood.
        """
        added = {**self.graphs, iri: Graph(triples, like=self.graphs.get(iri))}
        return replace(self, graphs=dict(sorted(added.items())))

    def _graph(self, name: str) -> str:
        return f"{self.base}graph/{name}"


def closure(begin: Iterable[_Node], edges: Mapping[_Node, set[_Node]]) -> frozenset[_Node]:
    """Give what is reached from some nodes by edges, with these themselves."""
    found = set(begin)
    todo = list(found)
    while todo:
        fresh = edges.get(todo.pop(), set()) - found
        found |= fresh
        todo.extend(fresh)
    return frozenset(found)


def _for_rdflib(term: turtle.Term) -> rdflib.term.Node:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Triple):
        raise errors.FolderError("rdflib knows no triple terms; read this data with pyoxigraph")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib makes 7 of 007 unless it is told not to.
    datatype = None if term.datatype.value == ns.XSD + "string" else term.datatype.value
    return rdflib.Literal(
        term.value, datatype=rdflib.URIRef(datatype) if datatype else None, normalize=False
    )


def _node(iri: str) -> ox.NamedNode | None:
    """Give a name as a term; nothing for what a stranger wrote and is no IRI."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
