"""Several graphs named for the default graph, seen as one.

The default graph of a query is the merge of the graphs that it names, in which a triple stands
once (SPARQL 1.1 Query 13.2). The engine looks through them one after the other, so that one which
two graphs hold stands there twice. So of graphs that have triples in common, all but the largest
are copied into one more, for as long as it takes to begin the query: a query sees what there was
when it began.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence

import pyoxigraph as ox

_MERGED = "urn:folkmote:merged"
_SHARING = """
SELECT DISTINCT ?one { GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER(?one != ?other) }
"""
_MANY = 200_000
"""Of how many triples at most it is worth finding out which graphs share some."""
_COPIED = 200_000
"""How many triples may be copied before a store is replaced, since its engine forgets none."""


class Merging:
    """Merges graphs of one store; `sizes` are their numbers of triples.

    The default graph of the store may be the `union` of some of them.
    """

    def __init__(self, sizes: Mapping[str, int], union: Collection[str]) -> None:
        self._sizes = sizes
        self._union = frozenset(union)
        self._found: frozenset[str] | None = None
        self._is_apart: bool | None = None
        self._copied = 0
        # A reader's own program may ask from several threads.
        self._lock = threading.Lock()

    @property
    def worn(self) -> bool:
        """Whether the store should not be used again: the engine forgets nothing that it held."""
        return self._copied > _COPIED

    def prepare(self, store: ox.Store) -> None:
        """Find out which graphs have triples in common, or of a large store whether any do.

        A query does not wait for that: to copy what it asks of takes no longer.
        """
        if sum(self._sizes.values()) > _MANY:
            self._apart(store)
        elif self._found is None:
            rows = store.query(_SHARING)
            assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (it is a SELECT)
            self._found = frozenset(str(getattr(row[0], "value", "")) for row in rows)

    def needed(self, store: ox.Store, graphs: Sequence[str]) -> bool:
        """Say whether the engine would find a triple twice in graphs named for the default one."""
        return len(set(graphs)) < len(graphs) or len(self._sharing(store, graphs)) > 1

    @contextlib.contextmanager
    def merged(self, store: ox.Store, graphs: Sequence[str]) -> Iterator[list[str]]:
        """Give graphs that hold each triple of some graphs once, for a query that begins now."""
        names = list(dict.fromkeys(graphs))
        sharing = sorted(self._sharing(store, names), key=self._sizes.__getitem__)
        if len(sharing) < 2:
            yield names
            return
        *others, largest = sharing
        with self._lock:
            try:
                store.extend(self._copies(store, others, largest))
                yield [*(name for name in names if name not in others), _MERGED]
            finally:
                store.remove_graph(ox.NamedNode(_MERGED))

    def _copies(self, store: ox.Store, graphs: Sequence[str], largest: str) -> Iterator[ox.Quad]:
        """Give what graphs hold that the largest one does not, as quads of the graph of copies."""
        there, here = ox.NamedNode(largest), ox.NamedNode(_MERGED)
        for graph in map(ox.NamedNode, graphs):
            for subject, predicate, value, _ in store.quads_for_pattern(None, None, None, graph):
                if ox.Quad(subject, predicate, value, there) not in store:
                    self._copied += 1
                    yield ox.Quad(subject, predicate, value, here)

    def _sharing(self, store: ox.Store, graphs: Sequence[str]) -> list[str]:
        """Give those of some graphs that may have triples in common with another."""
        found = [name for name in dict.fromkeys(graphs) if self._sizes.get(name)]
        if len(found) < 2:
            return []
        if self._found is not None:
            return [name for name in found if name in self._found]
        return [] if self._union.issuperset(found) and self._apart(store) else found

    def _apart(self, store: ox.Store) -> bool:
        """Say whether no two graphs of the union have a triple in common."""
        if self._is_apart is None:
            together = len(store) - sum(self._sizes.values())
            self._is_apart = together == sum(self._sizes[name] for name in self._union)
        return self._is_apart
