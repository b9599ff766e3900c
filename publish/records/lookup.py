"""The records of one source, and the small answers that stand around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records.reading import Reading, classes_of, linked
from publish.records.values import Kind, Link, Question, Record, Statement
from publish.sources import Local, Members, Source, Text, label_rank, text_of, words

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
_ENTITY = (
    (ns.SH + "select", "SELECT"),
    (ns.SH + "construct", "CONSTRUCT"),
    (ns.SH + "ask", "ASK"),
    (ns.SH + "describe", "DESCRIBE"),
)


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
        reading = Reading(said)
        statements = tuple(
            reading.statement(graph, triple)
            for graph, triple in sorted(said.outgoing(iri), key=lambda one: self.rank(one[0]))
        )
        found = self.source.pointing(iri)
        pointers = [*Reading(found.dataset).pointers(iri)]
        self.source.meet(linked((*statements, *pointers)))
        here = Counter(one.predicate for one in pointers)
        return Record(
            iri=iri,
            label=self.label(iri),
            types=classes_of(statements),
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
        reading = Reading(self.source.said(wanted))
        return set[turtle.Triple]().union(*(reading.closed(one) for one in wanted))

    def graphs(self, iri: str) -> frozenset[str]:
        """Give the graphs that say something of a thing."""
        return frozenset(graph for graph, _ in self.source.said([iri]).outgoing(iri) if graph)

    def terms(self, iri: str) -> tuple[str, ...]:
        """Give the IRIs that a document defines, which begin with its own and a `#`."""
        return tuple(self.source.defined(iri))

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
