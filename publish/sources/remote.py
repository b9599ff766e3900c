"""A store elsewhere, or on disk, as a source: asked a little for each page.

What a data set says of itself, its terms, its questions and its rules were read when it was
opened (`opening`), so far as they are small; everything else is asked for when a page needs it,
page by page, with a bound on every answer. What was asked about names is kept, within a number
of them. Everything here waits for the network in the thread that asks.

A list of up to 2,000 things is sorted by their labels, as the lists of a data set in memory
are; a longer one is in the order of its IRIs, of which a page asks for its own part alone. A
thing is on a list if it has a class.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.sources import queries
from publish.sources.listing import CHUNK, Listing
from publish.sources.local import Local
from publish.sources.values import Called, Excerpt, Members, Text, best_labels, called
from publish.stores.endpoint import Askable, Filling, Row, filled
from publish.stores.sending import View

WHOLE_CHUNK = 9_999
"""How many rows one query asks for of a graph that is read whole."""
_BATCH = 200
"""About how many IRIs one query asks."""
_CALLED = 200_000
"""How many names a store elsewhere may have to be read, page by page."""
_SHOWN = 2_000
"""How many of what points at a thing by one property is given."""
_STATEMENTS = 2 * CHUNK
"""How many statements a thing may have to be shown."""
_NAMES = 50_000
"""About how many names are kept in mind."""
_DEPTHS = (2, 5, 16)
"""How many nameless things deep to look, one after the other, until the bottom is reached."""


@dataclass(frozen=True)
class _Name:
    """What is known of one IRI."""

    label: Text | None
    subject: bool


class _Names:
    """Names by IRI, the least used forgotten first; used by several threads at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: OrderedDict[str, _Name] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, iri: str) -> _Name | None:
        with self._lock:
            found = self._names.get(iri)
            if found is not None:
                self._names.move_to_end(iri)
            return found

    def put(self, iri: str, name: _Name) -> None:
        with self._lock:
            self._names[iri] = name
            while len(self._names) > self._most:
                self._names.popitem(last=False)


class Remote:
    """Answers as `Source` says, from the release of a store that a `View` shows."""

    distant = True

    def __init__(
        self,
        endpoint: Askable,
        view: View,
        dataset: Dataset,
        sizes: Mapping[str, int] | None = None,
        *,
        at_hand: bool = False,
    ) -> None:
        """Read a view; `sizes` need not be counted where they are known.

        What is `at_hand`, on a disk of this machine, may be asked for much at once.
        """
        self.dataset = dataset
        self._at_hand = at_hand
        self._endpoint = endpoint
        self.view = replace(view, base=dataset.base)
        self._public = {actual: public for public, actual in view.graphs.items()}
        self._held = Local(dataset)
        self._names = _Names(_NAMES)
        # What is held is not asked for again.
        self._asked = tuple(
            actual for public, actual in view.graphs.items() if len(dataset.graphs[public]) == 0
        )
        # Readers look up rules too, which no query sees that does not ask for them.
        rules = view.graphs.get(dataset.shapes_graph)
        self._whole = (*view.union, *([rules] if rules and dataset.description else ()))
        self.sizes = sizes or _sizes(endpoint, view)

    def meet(self, iris: Iterable[str]) -> None:
        """Ask for the names of IRIs that are not known yet."""
        fresh = [iri for iri in dict.fromkeys(iris) if self._names.get(iri) is None]
        nodes = [node for iri in fresh if (node := _node(iri)) is not None]
        for start in range(0, len(nodes), _BATCH):
            self._meet(nodes[start : start + _BATCH])

    def label(self, iri: str) -> Text | None:
        """Give the best label of an IRI."""
        return self._name(iri).label

    def is_subject(self, iri: str) -> bool:
        """Say whether the data say something of an IRI."""
        return self._name(iri).subject

    def knows(self, iri: str) -> bool:
        """Say whether the data speak of an IRI."""
        if iri in self.sizes or self._held.knows(iri) or self.is_subject(iri):
            return True
        node = _node(iri)
        return node is not None and bool(self._rows(queries.OBJECTS, iris=[node]))

    def said(self, iris: Sequence[str]) -> Dataset:
        """Ask what is said of some things, and of the nameless things they lead to."""
        quads = _Quads(self.dataset)
        nodes = [node for iri in iris if (node := _node(iri)) is not None]
        for start in range(0, len(nodes), _BATCH):
            batch = nodes[start : start + _BATCH]
            rows = self._graph_rows(queries.SAID, iris=batch, limit=_STATEMENTS)
            if len(rows) == _STATEMENTS:
                raise errors.QueryTooLarge(
                    f"more than {_STATEMENTS} statements are made of this; ask in SPARQL, in parts"
                )
            if any(isinstance(row[-1], turtle.Blank) for row in rows):
                rows = [row for node in batch for row in self._deep_rows(node)]
            for graph, subject, predicate, value in rows:
                quads.add(self._name_of(graph), subject, predicate, value)
        return quads.dataset()

    def pointing(self, iri: str) -> Excerpt:
        """Count what points at a thing, and ask for the first of it."""
        node = _node(iri)
        if node is None:
            return Excerpt(self.dataset, {})
        totals = {
            predicate.value: counted(number)
            for predicate, number in self._graph_rows(queries.COUNTS, iri=node)
            if isinstance(predicate, turtle.Named)
        }
        quads = _Quads(self.dataset)
        if sum(totals.values()) <= _SHOWN:
            rows = self._graph_rows(queries.POINTING, iri=node, limit=_SHOWN) if totals else []
            for graph, subject, predicate in rows:
                quads.add(self._name_of(graph), subject, predicate, node)
            return Excerpt(quads.dataset(), {})
        for name in sorted(totals):
            property_ = turtle.Named(name)
            rows = self._graph_rows(queries.POINTING_BY, iri=node, property=property_, limit=_SHOWN)
            for graph, subject in rows:
                quads.add(self._name_of(graph), subject, property_, node)
        for _, triple in self._held.dataset.incoming(iri):
            totals[triple.predicate.value] = totals.get(triple.predicate.value, 0) + 1
        return Excerpt(quads.dataset(), totals)

    def names(self, properties: Sequence[str]) -> Iterator[Called]:
        """Ask for the texts that some properties hold, page by page."""
        asked = [turtle.Named(name) for name in properties]
        if self._at_hand:
            yield from called(_triples(self._rows(queries.ALL_NAMING, properties=asked)))
            return
        total = _only(self._rows(queries.NAMED, properties=asked))
        if total > _CALLED:
            raise errors.QueryRefused(
                f"the store has {total:,} names, and more than {_CALLED:,} are not looked through "
                "here; ask at /sparql"
            )
        for start in range(0, total, WHOLE_CHUNK):
            rows = self._rows(queries.NAMING, properties=asked, limit=WHOLE_CHUNK, offset=start)
            yield from called(_triples(rows))
            if len(rows) < WHOLE_CHUNK:
                return

    def leading(self, iris: Sequence[str], properties: Sequence[str] = ()) -> Dataset:
        """Ask what leads to some things, of each two hundred of them a bounded number."""
        quads = _Quads(self.dataset)
        nodes = [node for iri in iris if (node := _node(iri)) is not None]
        query = queries.LEADING_BY if properties else queries.LEADING
        by = {"properties": [turtle.Named(name) for name in properties]} if properties else {}
        for start in range(0, len(nodes), _BATCH):
            batch = nodes[start : start + _BATCH]
            for graph, *triple in self._graph_rows(query, iris=batch, limit=_STATEMENTS, **by):
                quads.add(self._name_of(graph), *triple)
        return quads.dataset()

    def used(self, properties: Sequence[str]) -> frozenset[str]:
        """Ask which of some properties are used."""
        asked = [turtle.Named(name) for name in properties]
        rows = self._rows(queries.USED, properties=asked)
        return frozenset(row[0].value for row in rows if isinstance(row[0], turtle.Named))

    def kinds(self) -> Sequence[Members]:
        """Count the things below `void:uriSpace`, kind by kind."""
        about = self.dataset.description
        if about is None:
            return ()
        whole = turtle.Literal(about.uri_space)
        classes: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for kind, class_, number in self._rows(queries.CLASSES, space=whole):
            if isinstance(class_, turtle.Named):
                classes[getattr(kind, "value", "")][class_.value] = counted(number)
        found = []
        for kind, number in self._rows(queries.KINDS, space=whole):
            if name := getattr(kind, "value", ""):
                space = turtle.Literal(f"{about.uri_space}{name}/")
                iris = Listing(self, queries.MEMBERS, space, counted(number))
                found.append(Members(name, iris, classes[name]))
        return found

    def subjects(self) -> Sequence[str]:
        """Give every IRI of which something is said, asked for part by part."""
        return self._subjects

    def defined(self, document: str) -> Sequence[str]:
        """Give the IRIs that a document defines: those that are held, or the rows of a table."""
        held, node = self._held.defined(document), _node(document)
        about = self.dataset.description
        # Things define nothing, and are what is asked for most.
        if held or node is None or about is None or document.startswith(about.uri_space):
            return held
        space = turtle.Literal(f"{document}#")
        rows = self._rows(queries.ROWS, iri=node, space=space, limit=_STATEMENTS)
        return sorted(term.value for (term,) in rows if isinstance(term, turtle.Named))

    @cached_property
    def _subjects(self) -> Sequence[str]:
        total = _only(self._rows(queries.COUNT_ALL))
        return Listing(self, queries.ALL, turtle.Literal(""), total)

    def part(self, query: str, space: turtle.Literal, start: int, count: int) -> list[str]:
        """Give a part of a list, counted from 0."""
        rows = self._rows(query, space=space, limit=count, offset=start)
        return [term.value for (term,) in rows if isinstance(term, turtle.Named)]

    # --- asking ------------------------------------------------------------------------------

    def _rows(self, query: str, **terms: Filling) -> list[Row]:
        """Ask about all that is said, whoever says it."""
        return self._endpoint.select(filled(query, **terms), default=self._whole)

    def _graph_rows(self, query: str, **terms: Filling) -> list[Row]:
        """Ask the graphs that are not held, each under its name."""
        if not self.view.graphs:
            return self._without_graphs(filled(query, **terms))
        if not self._asked:
            return []
        return self._endpoint.select(filled(query, **terms), named=self._asked)

    def _without_graphs(self, query: str) -> list[Row]:
        """Ask a store that has no named graph, as if its default graph were one."""
        rows = self._endpoint.select(query.replace("GRAPH ?g", "").replace("?g ", ""))
        return [(None, *row) for row in rows] if "?g ?s" in query else rows

    def _deep_rows(self, node: turtle.Named) -> list[Row]:
        for depth in _DEPTHS:
            rows = self._graph_rows(queries.deep(depth), iri=node, limit=_STATEMENTS)
            subjects = {subject for _, subject, _, _ in rows}
            open_ends = {value for *_, value in rows if isinstance(value, turtle.Blank)}
            if len(rows) < _STATEMENTS and open_ends <= subjects:
                return rows
        raise errors.QueryTooLarge("what is said of this has no end; ask in SPARQL, in parts")

    def _name(self, iri: str) -> _Name:
        found = self._names.get(iri)
        if found is None:
            self.meet([iri])
            # Between the two it may have been forgotten again, or it can be no IRI.
            found = self._names.get(iri) or self._held_name(iri, [], subject=False)
        return found

    def _meet(self, nodes: Sequence[turtle.Named]) -> None:
        labels = [turtle.Named(name) for name in ns.LABELS]
        said: defaultdict[str, list[turtle.Triple]] = defaultdict(list)
        for row in self._rows(queries.LABELS, iris=nodes, labels=labels, limit=2 * CHUNK - 1):
            triple = turtle.Triple(*row)  # type: ignore[arg-type]
            said[getattr(triple.subject, "value", "")].append(triple)
        spoken_of = {
            getattr(row[0], "value", "") for row in self._rows(queries.SUBJECTS, iris=nodes)
        }
        for node in nodes:
            iri = node.value
            name = self._held_name(iri, said[iri], subject=iri in spoken_of)
            self._names.put(iri, name)

    def _held_name(self, iri: str, said: Sequence[turtle.Triple], *, subject: bool) -> _Name:
        labels = best_labels(self.dataset.description, said)
        held = self._held.label(iri)
        return _Name(labels.get(iri) or held, subject or self._held.is_subject(iri))

    def _name_of(self, graph: turtle.Term | None) -> str:
        actual = getattr(graph, "value", "")
        return self._public.get(actual, actual)


class _Quads:
    """Gathers an excerpt: what was asked for beside what is held."""

    def __init__(self, held: Dataset) -> None:
        self._held = held
        self._triples: defaultdict[str, list[turtle.Triple]] = defaultdict(list)

    def add(
        self,
        graph: str,
        subject: turtle.Term | None,
        predicate: turtle.Term | None,
        value: turtle.Term | None,
    ) -> None:
        if isinstance(subject, turtle.Named | turtle.Blank) and isinstance(predicate, turtle.Named):
            if value is None:
                raise errors.StoreAnswerError("the store left out a value; ask again later")
            self._triples[graph].append(turtle.Triple(subject, predicate, value))

    def dataset(self) -> Dataset:
        whole = self._held
        for graph, triples in self._triples.items():
            whole = whole.with_graph(graph, triples)
        return whole


def _sizes(endpoint: Askable, view: View) -> Mapping[str, int]:
    if not view.graphs:
        return {"": _only(endpoint.select(queries.SIZE))}
    found = {
        getattr(graph, "value", ""): counted(number)
        for graph, number in endpoint.select(queries.SIZES, named=tuple(view.graphs.values()))
    }
    return {public: found.get(actual, 0) for public, actual in view.graphs.items()}


def _triples(rows: Iterable[Row]) -> Iterator[turtle.Triple]:
    """Give rows of three terms as triples; what is none is left out."""
    for subject, predicate, value in rows:
        if isinstance(subject, turtle.Named) and isinstance(predicate, turtle.Named) and value:
            yield turtle.Triple(subject, predicate, value)


def _node(iri: str) -> turtle.Named | None:
    return turtle.Named(iri) if turtle.is_iri(iri) else None


def _only(rows: Sequence[Row]) -> int:
    """Read an answer that is one number."""
    return counted(rows[0][0] if rows else None)


def counted(term: turtle.Term | None) -> int:
    """Read a number that a store gives; raise `StoreAnswerError` where it is none."""
    try:
        return int(getattr(term, "value", ""))
    except ValueError as error:
        raise errors.StoreAnswerError("the store gave no number; ask again later") from error
