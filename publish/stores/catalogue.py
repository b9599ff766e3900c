"""The releases that a store holds, as a graph of the store tells, and which one is read.

Each data set has a catalogue, the graph `{base}graph/releases`. It names the releases, the
graph in which each part of a release is kept, and, in one triple, the release that readers see.
The graphs of a release are written once and never changed, so to let readers see another
release is to change that triple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from publish import errors, turtle
from publish import namespaces as ns
from publish.stores.endpoint import Endpoint, filled

_CURRENT = ns.FM + "current"
_RELEASE = ns.FM + "Release"
_OF = ns.FM + "releaseOf"
_HOLDS = ns.FM + "holds"
_SHOWN_AS = ns.FM + "shownAs"
_UNION = ns.FM + "union"
_DIGEST = ns.FM + "digest"
_ORDER = ns.FM + "order"
_COMPLETE = ns.FM + "complete"
_DECLARES = ns.FM + "declares"
_TRIPLES = ns.VOID + "triples"
_POINTERS = "SELECT ?c ?d ?r { GRAPH ?c { ?d $current ?r } }"
_ALL = "SELECT ?s ?p ?o { GRAPH $graph { ?s ?p ?o } }"
_ADD = "INSERT DATA { GRAPH $graph { $triples } }"
_SHOW = 'INSERT DATA { GRAPH $graph { $dataset $current $release . $release $complete "yes" } }'
_SWITCH = """
DELETE { GRAPH $graph { $dataset $current ?before } }
INSERT { GRAPH $graph { $dataset $current $release . $release $complete "yes" } }
WHERE { GRAPH $graph { $dataset $current ?before } }
"""
_DROP = "DROP SILENT GRAPH $graph"
_FORGET = """
DELETE { GRAPH $graph { $subject ?p ?o } } WHERE { GRAPH $graph { $subject ?p ?o } }
"""


@dataclass(frozen=True)
class Stored:
    """A release in a store; `graphs` maps public names to those that the store has for them."""

    iri: str
    dataset: str
    order: int
    version: str
    digest: str
    union: str
    graphs: Mapping[str, str]
    sizes: Mapping[str, int]
    prefixes: Mapping[str, str]
    complete: bool = False

    def triples(self) -> Iterator[turtle.Triple]:
        """Describe the release for its catalogue, as one that is not complete yet."""
        here = turtle.Named(self.iri)
        yield _link(self.iri, ns.TYPE, _RELEASE)
        yield _link(self.iri, _OF, self.dataset)
        yield _link(self.iri, _UNION, self.union)
        yield _said(here, ns.DCAT + "version", self.version)
        yield _said(here, _DIGEST, self.digest)
        yield turtle.Triple(here, turtle.Named(_ORDER), turtle.Literal(self.order))
        for public, actual in self.graphs.items():
            graph = turtle.Named(actual)
            yield _link(self.iri, _HOLDS, actual)
            yield _link(actual, _SHOWN_AS, public)
            yield turtle.Triple(graph, turtle.Named(_TRIPLES), turtle.Literal(self.sizes[public]))
        for prefix, space in self.prefixes.items():
            yield _said(here, _DECLARES, f"{prefix}: {space}")


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue of one data set says; `current` is the IRI of a release, or empty."""

    graph: str
    dataset: str
    current: str
    releases: tuple[Stored, ...]

    def release(self, iri: str) -> Stored | None:
        """Give a release by its IRI."""
        return next((one for one in self.releases if one.iri == iri), None)


def graph_of(base: str) -> str:
    """Name the catalogue of the data set with this base."""
    return f"{base}graph/releases"


def find(endpoint: Endpoint, dataset: str = "") -> tuple[str, str, str] | None:
    """Give catalogue, data set and release to be read; nothing where a store has no catalogue.

    Raises `StoreAnswerError` where there are several data sets and none is named, or another.
    """
    rows = sorted(_texts(endpoint.select(filled(_POINTERS, current=turtle.Named(_CURRENT)))))
    if not rows and not dataset:
        return None
    chosen = [row for row in rows if dataset in ("", row[1])]
    if len(chosen) != 1:
        names = ", ".join(f"<{row[1]}>" for row in rows) or "none"
        raise errors.StoreAnswerError(
            f"the store has these data sets: {names}; say by --store-dataset which to serve"
        )
    return chosen[0]


def read(endpoint: Endpoint, graph: str, dataset: str) -> Catalogue:
    """Read a catalogue, which may be empty yet."""
    said: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in _texts(
        endpoint.select(filled(_ALL, graph=turtle.Named(graph)))
    ):
        said[subject][predicate].append(value)
    current = said[dataset][_CURRENT]
    releases = [
        _stored(iri, about, said)
        for iri, about in said.items()
        if dataset in about[_OF] and _RELEASE in about[ns.TYPE]
    ]
    return Catalogue(
        graph,
        dataset,
        current[0] if len(current) == 1 else "",
        tuple(sorted(releases, key=lambda one: one.order)),
    )


def _stored(
    iri: str, about: Mapping[str, list[str]], said: Mapping[str, Mapping[str, list[str]]]
) -> Stored:
    graphs = {said[actual][_SHOWN_AS][0]: actual for actual in sorted(about[_HOLDS])}
    declared = (text.partition(": ") for text in about[_DECLARES])
    return Stored(
        iri=iri,
        dataset=_one(about, _OF),
        order=int(_one(about, _ORDER) or 0),
        version=_one(about, ns.DCAT + "version"),
        digest=_one(about, _DIGEST),
        union=_one(about, _UNION),
        graphs=dict(sorted(graphs.items())),
        sizes={
            public: int(_one(said[actual], _TRIPLES) or 0)
            for public, actual in sorted(graphs.items())
        },
        prefixes={prefix: space for prefix, _, space in sorted(declared)},
        complete=bool(about[_COMPLETE]),
    )


def _one(about: Mapping[str, list[str]], predicate: str) -> str:
    return next(iter(about.get(predicate, ())), "")


def _texts(rows: Iterable[tuple[turtle.Term | None, ...]]) -> Iterator[tuple[str, str, str]]:
    for first, second, third in rows:
        yield _plain(first), _plain(second), _plain(third)


def _plain(term: turtle.Term | None) -> str:
    return term.value if isinstance(term, turtle.Named | turtle.Literal) else ""


# --- changing it -----------------------------------------------------------------------------


def announce(endpoint: Endpoint, catalogue: Catalogue, release: Stored) -> None:
    """Enter a release before its graphs are written, so that what is left of it can be found."""
    endpoint.update(filled(_ADD, graph=turtle.Named(catalogue.graph), triples=release.triples()))


def switch(endpoint: Endpoint, catalogue: Catalogue, release: str) -> None:
    """Let readers see a release, in one update."""
    endpoint.update(
        filled(
            # Virtuoso does nothing where an OPTIONAL finds nothing to delete.
            _SWITCH if catalogue.current else _SHOW,
            graph=turtle.Named(catalogue.graph),
            dataset=turtle.Named(catalogue.dataset),
            release=turtle.Named(release),
            current=turtle.Named(_CURRENT),
            complete=turtle.Named(_COMPLETE),
        )
    )


def remove(endpoint: Endpoint, catalogue: Catalogue, release: Stored) -> None:
    """Remove a release: first its graphs, then what the catalogue says of it."""
    here = turtle.Named(catalogue.graph)
    for actual in (*release.graphs.values(), release.union):
        endpoint.update(filled(_DROP, graph=turtle.Named(actual)))
    for subject in (*release.graphs.values(), release.iri):
        endpoint.update(filled(_FORGET, graph=here, subject=turtle.Named(subject)))


def _link(subject: str, predicate: str, value: str) -> turtle.Triple:
    return turtle.Triple(turtle.Named(subject), turtle.Named(predicate), turtle.Named(value))


def _said(subject: turtle.Named, predicate: str, text: str) -> turtle.Triple:
    return turtle.Triple(subject, turtle.Named(predicate), turtle.Literal(text))
