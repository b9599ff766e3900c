"""One thing and all that is said of it, as plain values that a page can show.

A record has the statements about a thing and the statements of others that point at it, each
with the graph it stands in, spelled as the source spells it. Around the record stand the small
answers that a page needs: the label of an IRI, the kinds of things there are, the saved
questions. No HTML, HTTP or SPARQL here, and nothing is changed.

A label is chosen the same way everywhere: the best of `namespaces.LABELS`, then the language
of the data set, then English, then no language, then the alphabet. Where there is no label, the
last part of the IRI is split into words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Place
from publish.sources import Local, Members, Source, label_rank, text_of
from publish.sources import Text as Text  # records are made of it
from publish.sources import words as words

_DEEPEST = 16
OUTSIDE = 1
"""The rank of the graphs of what outside sources add, after the text and its readings."""
DERIVED = 2
"""The rank of the graph of what was derived, after all that was stated of the subject."""
GRAPHS = MappingProxyType(
    {
        "": "Default graph",
        "meta_graph": "About the data set",
        "ontology_graph": "Ontology",
        "shapes_graph": "Rules",
        "inferred_graph": "Inferred from the rest",
    }
)
"""How graphs are named that have no label, by the attribute of a data set that has their IRI."""
_WORDS = (
    *ns.LABELS,
    ns.SKOS + "altLabel",
    ns.SKOS + "definition",
    ns.DCTERMS + "description",
    ns.RDFS + "comment",
)
_ENTITY = (
    (ns.SH + "select", "SELECT"),
    (ns.SH + "construct", "CONSTRUCT"),
    (ns.SH + "ask", "ASK"),
    (ns.SH + "describe", "DESCRIBE"),
)


@dataclass(frozen=True)
class Link:
    """A thing that has an IRI."""

    iri: str


@dataclass(frozen=True)
class Nested:
    """A thing without an IRI: what is said of it, or the members of a list."""

    statements: tuple[Statement, ...] = ()
    members: tuple[Value, ...] | None = None


Value: TypeAlias = Link | Text | Nested


@dataclass(frozen=True)
class Statement:
    """A property and a value, the graph that says so, and where that stands in the source.

    In what points at a thing, the value is the thing that points.
    """

    graph: str
    predicate: str
    value: Value
    place: Place | None = None


@dataclass(frozen=True)
class Record:
    """A thing: its label, its classes, what is said of it and what points at it.

    `totals` counts by property what points at it, all of which need not be among `pointers`.
    `around` are the graphs that speak of the data, their terms and rules, not of their subject.
    """

    iri: str
    label: Text
    types: tuple[str, ...]
    statements: tuple[Statement, ...]
    pointers: tuple[Statement, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    around: frozenset[str] = frozenset()

    def graphs(self) -> tuple[str, ...]:
        """Give the graphs that say something, the one that gives the class first."""
        names = dict.fromkeys(one.graph for one in self.statements)
        classing = {one.graph for one in self.statements if one.predicate == ns.TYPE}
        return tuple(sorted(names, key=lambda name: name not in classing))

    def said_in(self, graph: str) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """Give what one graph says, gathered by property, names and definitions first."""
        return _by_property(one for one in self.statements if one.graph == graph)

    def pointing(self) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """Give what points here, gathered by property, the data before what speaks of them."""

        def apart(group: tuple[str, tuple[Statement, ...]]) -> bool:
            return all(one.graph in self.around for one in group[1])

        return tuple(sorted(_by_property(self.pointers), key=apart))

    def first(self, predicate: str) -> Value | None:
        """Give the first value of a property."""
        return next((one.value for one in self.statements if one.predicate == predicate), None)


@dataclass(frozen=True)
class Kind:
    """The things whose IRIs share a folder; `label` is what most of them are."""

    name: str
    label: Text
    members: Sequence[str]


@dataclass(frozen=True)
class Question:
    """A saved question with its query, which uses the prefixes of the data set."""

    iri: str
    label: Text
    comment: Text | None
    form: str
    query: str


class Records:
    """The records of one source; what is counted is counted once, when it is first asked.

    `dataset` is what the source holds in memory: all of it, where a data set is the source.
    """

    def __init__(self, source: Source | Dataset) -> None:
        self.source = Local(source) if isinstance(source, Dataset) else source
        self.dataset = self.source.dataset

    def prepare(self) -> None:
        """Count what is counted once, so that the first reader does not wait for it."""
        self.kinds()
        self.questions()
        self.knows("")
        self.terms("")

    def label(self, iri: str) -> Text:
        """Give the label of a thing, or the words of its IRI."""
        return self.source.label(iri) or Text(words(iri))

    def labelled(self, iri: str) -> bool:
        """Say whether the data give a label for this IRI."""
        return self.source.label(iri) is not None

    def graph_name(self, iri: str) -> Text:
        """Name a graph: by its label, by what it is for, or by its IRI."""
        if self.labelled(iri):
            return self.label(iri)
        if not iri:
            return Text(GRAPHS[""], "en")
        for attribute, name in GRAPHS.items():
            if attribute and self.dataset.base and getattr(self.dataset, attribute) == iri:
                return Text(name, "en")
        return Text(words(iri))

    def knows(self, iri: str) -> bool:
        """Say whether the data speak of an IRI, as subject, object or graph."""
        return self.source.knows(iri)

    def record(self, iri: str) -> Record:
        """Give a thing with all that is said of it; raise `NotFound` where nothing is."""
        if not self.knows(iri):
            raise errors.NotFound(f"nothing is known of <{iri}>; look for it in the lists")
        said = self.source.said([iri])
        reading = _Reading(said)
        statements = tuple(
            reading.statement(graph, triple)
            for graph, triple in sorted(said.outgoing(iri), key=lambda one: self.rank(one[0]))
        )
        found = self.source.pointing(iri)
        pointers = [*_Reading(found.dataset).pointers(iri)]
        self.source.meet(_linked((*statements, *pointers)))
        here = Counter(one.predicate for one in pointers)
        return Record(
            iri=iri,
            label=self.label(iri),
            types=_types(statements),
            statements=tuple(sorted(statements, key=self._in_order)),
            pointers=tuple(sorted(pointers, key=self._alphabetic)),
            totals={**here, **found.totals},
            around=frozenset(g for g in self.dataset.graphs if self.rank(g) > DERIVED),
        )

    def triples(self, iri: str) -> set[turtle.Triple]:
        """Give what is said of a thing, with the nameless things it leads to.

        That is a concise bounded description, from every graph, spelled as the source is. The
        terms that a document defines (`IRI#…`) come with it.
        """
        wanted = [iri, *self.terms(iri)]
        reading = _Reading(self.source.said(wanted))
        return set[turtle.Triple]().union(*(reading.closed(one) for one in wanted))

    def graphs(self, iri: str) -> frozenset[str]:
        """Give the graphs that say something of a thing."""
        return frozenset(graph for graph, _ in self.source.said([iri]).outgoing(iri) if graph)

    def terms(self, iri: str) -> tuple[str, ...]:
        """Give the IRIs that a document defines, which begin with its own and a `#`."""
        return tuple(self.source.terms().get(iri, ()))

    def kinds(self) -> tuple[Kind, ...]:
        """Give the kinds of things below `void:uriSpace`, the most numerous first."""
        return self._kinds

    def subjects(self) -> Sequence[str]:
        """Give every IRI of which something is said, by label."""
        return self.source.subjects()

    def is_subject(self, iri: str) -> bool:
        """Say whether the data say something of an IRI."""
        return self.source.is_subject(iri)

    def questions(self) -> tuple[Question, ...]:
        """Give the saved questions, by their wording."""
        return self._questions

    def question(self, iri: str) -> Question | None:
        """Give a saved question."""
        return next((one for one in self._questions if one.iri == iri), None)

    # --- counted once ----------------------------------------------------------------------

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        found = self.source.kinds()
        kinds = (Kind(one.name, self._class(one), one.iris) for one in found)
        return tuple(sorted(kinds, key=lambda kind: (-len(kind.members), kind.name)))

    def _class(self, kind: Members) -> Text:
        """Name a kind: by the class of most members if it is of the data set, else by its folder.

        A class of others is often wider than the kind: an edition is an expression, too.
        """
        own = [
            iri
            for iri, many in kind.classes.items()
            if self.labelled(iri) and 2 * many > len(kind.iris)
            if self.dataset.base and iri.startswith(self.dataset.base)
        ]
        if not own:
            return Text(words(kind.name))
        return self.label(max(own, key=lambda iri: (kind.classes[iri], iri)))

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        found = []
        for property_, form in _ENTITY:
            for graph in self.dataset.graphs.values():
                for quad in graph.quads_for_predicate(turtle.Named(property_)):
                    iri = getattr(quad.subject, "value", "")
                    if self._is_question(iri) and isinstance(quad.object, turtle.Literal):
                        comment = self._best(iri, (ns.RDFS + "comment", ns.DCTERMS + "description"))
                        label = self.label(iri)
                        found.append(Question(iri, label, comment, form, quad.object.value))
        return tuple(sorted(found, key=lambda one: (ns.alphabetic_order(one.label.value), one.iri)))

    def _is_question(self, iri: str) -> bool:
        executable = {ns.SH + "SPARQLExecutable", ns.SH + "SPARQLSelectExecutable"}
        return any(
            triple.predicate.value == ns.TYPE and getattr(triple.object, "value", "") in executable
            for graph, triple in self.dataset.outgoing(iri)
            if graph != self.dataset.shapes_graph
        )

    def _best(self, iri: str, properties: Sequence[str]) -> Text | None:
        texts = [
            (label_rank(self.dataset.description, properties, triple), triple.object)
            for _, triple in self.dataset.outgoing(iri)
            if triple.predicate.value in properties and isinstance(triple.object, turtle.Literal)
        ]
        return text_of(min(texts, key=lambda pair: pair[0])[1]) if texts else None

    def rank(self, graph: str) -> int:
        """Order graphs for a reader: the text, its readings, outside sources, what was derived."""
        return self._ranks.get(graph, 0)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        """The places of those graphs that are not the text or its readings."""
        data = self.dataset
        if not data.base:
            return {}
        own = (data.inferred_graph, data.meta_graph, data.ontology_graph, data.shapes_graph)
        outside = (name for name in data.graphs if name.startswith(f"{data.base}graph/enrichment-"))
        return {
            **dict.fromkeys(outside, OUTSIDE),
            **{name: DERIVED + place for place, name in enumerate(own)},
        }

    def _in_order(self, one: Statement) -> tuple[int, str, list[tuple[int, int, str]]]:
        """Order statements by graph, and what they lead to as a reader counts: 9 before 10."""
        led = isinstance(one.value, Link)
        return (self.rank(one.graph), one.graph, self._alphabetic(one)[0] if led else [])

    def _alphabetic(self, one: Statement) -> tuple[list[tuple[int, int, str]], str]:
        iri = one.value.iri if isinstance(one.value, Link) else ""
        return (ns.alphabetic_order(self.label(iri).value), iri)


class _Reading:
    """Reads values out of a data set, or an excerpt of one."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def statement(self, graph: str, triple: turtle.Triple) -> Statement:
        """Give what one triple says."""
        return Statement(
            graph,
            triple.predicate.value,
            self._value(graph, triple.object, 0),
            self._dataset.place(graph, triple),
        )

    def closed(self, iri: str) -> set[turtle.Triple]:
        """Give what is said of a thing, with what is said of the nameless things it leads to."""
        found: set[turtle.Triple] = set()
        for graph, triple in self._dataset.outgoing(iri):
            found.add(triple)
            found |= self._closure(graph, triple.object)
        return found

    def _value(self, graph: str, term: turtle.Term, depth: int) -> Value:
        if isinstance(term, turtle.Named):
            return Link(term.value)
        if isinstance(term, turtle.Literal):
            return text_of(term)
        if isinstance(term, turtle.Blank) and depth < _DEEPEST:
            return self._nested(graph, term, depth + 1)
        return Text(str(term))

    def _nested(self, graph: str, node: turtle.Blank, depth: int) -> Nested:
        members = self._members(graph, node, depth)
        if members is not None:
            return Nested(members=members)
        found = sorted(self._dataset.graphs[graph].quads_for_subject(node), key=str)
        return Nested(
            tuple(
                Statement(graph, quad.predicate.value, self._value(graph, quad.object, depth))
                for quad in found
            )
        )

    def _members(self, graph: str, head: turtle.Term, depth: int) -> tuple[Value, ...] | None:
        """Give the members of a list (RDF Schema 5.2), or nothing where it is none."""
        members: list[Value] = []
        seen: set[turtle.Term] = set()
        while isinstance(head, turtle.Blank) and head not in seen:
            seen.add(head)
            cell = {
                quad.predicate.value: quad.object
                for quad in self._dataset.graphs[graph].quads_for_subject(head)
            }
            if cell.keys() != {ns.FIRST, ns.REST}:
                return None
            members.append(self._value(graph, cell[ns.FIRST], depth))
            head = cell[ns.REST]
        return tuple(members) if head == turtle.Named(ns.NIL) else None

    def _closure(self, graph: str, term: turtle.Term) -> set[turtle.Triple]:
        found: set[turtle.Triple] = set()
        todo, seen = [term], {term}
        while todo:
            node = todo.pop()
            if not isinstance(node, turtle.Blank):
                continue
            for quad in self._dataset.graphs[graph].quads_for_subject(node):
                found.add(quad.triple)
                if quad.object not in seen:
                    seen.add(quad.object)
                    todo.append(quad.object)
        return found

    def pointers(self, iri: str) -> Iterator[Statement]:
        for graph, triple in self._dataset.incoming(iri):
            owner = self._owner(graph, triple.subject)
            if owner is not None and owner != iri:
                place = self._dataset.place(graph, triple)
                yield Statement(graph, triple.predicate.value, Link(owner), place)

    def _owner(self, graph: str, subject: turtle.Subject) -> str | None:
        """Name the thing that leads to a subject: itself, or what a nameless one hangs from."""
        for _ in range(_DEEPEST):
            if isinstance(subject, turtle.Named):
                return subject.value
            above = next(iter(self._dataset.graphs[graph].quads_for_object(subject)), None)
            if above is None:
                return None
            subject = above.subject
        return None


def _linked(statements: Iterable[Statement]) -> Iterator[str]:
    """Give every IRI that a page about statements names."""
    for one in statements:
        yield one.predicate
        todo = [one.value]
        while todo:
            value = todo.pop()
            if isinstance(value, Link):
                yield value.iri
            elif isinstance(value, Nested):
                todo += value.members or ()
                todo += [inner.value for inner in value.statements]


def _types(statements: Sequence[Statement]) -> tuple[str, ...]:
    found = (one.value for one in statements if one.predicate == ns.TYPE)
    return tuple(dict.fromkeys(value.iri for value in found if isinstance(value, Link)))


def _by_property(
    statements: Iterator[Statement] | Sequence[Statement],
) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        groups[one.predicate].append(one)

    def key(predicate: str) -> tuple[int, int, str]:
        place = _WORDS.index(predicate) if predicate in _WORDS else len(_WORDS)
        return (predicate != ns.TYPE, place, words(predicate))

    return tuple((predicate, tuple(groups[predicate])) for predicate in sorted(groups, key=key))
