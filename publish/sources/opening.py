"""Opens what a store elsewhere, or on disk, holds: a release, or its graphs as they stand.

What a data set says of itself, its terms, its questions and its rules are read here once, so far
as they are small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from publish import dataset as datasets
from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.sources import queries
from publish.sources.remote import WHOLE_CHUNK, Remote, counted
from publish.stores import catalogue, disk
from publish.stores.endpoint import Askable, filled
from publish.stores.sending import View

_HELD = 200_000
"""How many statements the terms, questions and rules may have to be held in memory."""
_WHOLE = """
SELECT ?s ?p ?o { { SELECT ?s ?p ?o { GRAPH $graph { ?s ?p ?o } } ORDER BY ?s ?p ?o } }
LIMIT $limit OFFSET $offset
"""


def open_release(endpoint: Askable, release: catalogue.Stored) -> Remote:
    """Open a release that was pushed: read what it says of itself, its terms and its rules."""
    view = View(release.graphs, (release.union,), release.prefixes)
    graphs = {name: _held(endpoint, release, name) for name in release.graphs}
    held = _dataset(graphs, release.prefixes, release.digest, release.dataset)
    about = datasets.describe(held.graphs, release.dataset)
    view = replace(view, languages=about.languages)
    return Remote(endpoint, view, replace(held, description=about, default_graph="union"))


def open_disk(endpoint: Askable, head: Dataset, sizes: Mapping[str, int]) -> Remote:
    """Open a store on disk, of which what a data set says of itself is known."""
    about = head.description
    graphs = {name: name for name in head.graphs if name}
    languages = about.languages if about else ()
    view = View(graphs, (disk.DEFAULT,), head.prefixes, languages)
    return Remote(endpoint, view, head, sizes, at_hand=True)


def open_service(endpoint: Askable, name: str, prefixes: Mapping[str, str]) -> Remote:
    """Open what a server of ours serves, as it is now: its graphs have their public names."""
    sizes = {
        graph.value: counted(number)
        for graph, number in endpoint.select(queries.SIZES)
        if isinstance(graph, turtle.Named)
    }
    graphs = {graph: graph for graph in sizes}
    whole = catalogue.Stored(
        iri=name,
        dataset=name,
        order=0,
        version="",
        digest=name,
        union="",
        graphs=graphs,
        sizes=sizes,
        prefixes=prefixes,
    )
    held = {graph: _held(endpoint, whole, graph) for graph in graphs}
    if not any(held.values()):
        return open_store(endpoint, name, name)
    base = _dataset(held, prefixes, name, name)
    about = datasets.describe(base.graphs, name)
    base = replace(base, description=about, default_graph="union")
    union = tuple(graph for graph in graphs if graph != base.shapes_graph)
    return Remote(endpoint, View(graphs, union, prefixes, about.languages), base, sizes)


def open_store(endpoint: Askable, name: str, moment: str) -> Remote:
    """Open a store that nobody pushed a release to, as it stands at a moment: its graphs."""
    rows = endpoint.select(queries.SIZES)
    graphs = {
        graph.value: graph.value
        for graph, _ in rows
        if isinstance(graph, turtle.Named) and not _of_the_store_itself(graph.value)
    }
    view = View(graphs, tuple(graphs), ns.STANDARD)
    empty: dict[str, list[turtle.Triple]] = {graph: [] for graph in graphs or [""]}
    return Remote(endpoint, view, _dataset(empty, ns.STANDARD, moment, name))


def _held(endpoint: Askable, release: catalogue.Stored, name: str) -> list[turtle.Triple]:
    """Read a graph that is held in memory; of the others, nothing."""
    own = name.rpartition("/")[2] in datasets.HEAD
    size = release.sizes[name]
    if not own or size > _HELD:
        return []
    found: list[turtle.Triple] = []
    while len(found) < size:
        query = filled(
            _WHOLE,
            graph=turtle.Named(release.graphs[name]),
            limit=WHOLE_CHUNK,
            offset=len(found),
        )
        rows = endpoint.select(query)
        found += [turtle.Triple(*row) for row in rows]  # type: ignore[arg-type]
        if len(rows) < WHOLE_CHUNK:
            break
    return found


def _dataset(
    graphs: Mapping[str, Iterable[turtle.Triple]],
    prefixes: Mapping[str, str],
    digest: str,
    name: str,
) -> Dataset:
    empty = Dataset(
        root=Path(name),
        description=None,
        graphs={},
        prefixes=dict(prefixes),
        default_graph="file",
        digest=digest,
    )
    for graph, triples in graphs.items():
        empty = empty.with_graph(graph, triples)
    return empty


def _of_the_store_itself(graph: str) -> bool:
    """Say whether a graph is one that Virtuoso makes for itself."""
    return (
        graph.startswith(("http://www.openlinksw.com/schemas/", "http://www.w3.org/ns/ldp#"))
        or (graph in ("http://www.w3.org/2002/07/owl#", "urn:activitystreams-owl:map"))
        or graph.startswith(("http://localhost:8890/", "urn:core:services:", "urn:rules."))
    )
