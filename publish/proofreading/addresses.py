"""Addresses of the data set's own: whether each leads to a thing, and whether it is spelled so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.validation import Finding, stated


class Addresses:
    """What the data set says of its things, by all graphs but that of what follows."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        about = dataset.description
        self._space = about.uri_space if about else ""
        self._base = about.base if about else ""
        self._bare = _bare(self._base)
        self._graphs = [
            graph for name, graph in dataset.graphs.items() if name != dataset.inferred_graph
        ]
        self._typed = {
            quad.subject
            for graph in self._graphs
            for quad in graph.quads_for_predicate(turtle.Named(ns.TYPE))
        }

    def findings(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find in one graph the addresses that lead to nothing, or nearly have the base."""
        if not self._space:
            return
        columns = graph.columns()
        here = {
            number: term
            for number, term in enumerate(columns.terms)
            if isinstance(term, turtle.Named)
        }
        own = {number for number, term in here.items() if term.value.startswith(self._space)}
        untyped = {number for number in own if here[number] not in self._typed}
        alike = {number for number, term in here.items() if self._nearly(term.value)}
        if not (untyped or alike):
            return
        told: set[int] = set()
        for place, (s, o) in enumerate(zip(columns.subjects, columns.objects, strict=True)):
            number = next((one for one in (s, o) if one in alike or one in untyped), -1)
            if number < 0 or (number == s and s in told):
                continue
            told |= {s} & {number}
            iri = here[number].value
            if number in alike:
                message = f"<{iri}> is nearly below the base; write <{self._meant(iri)}>"
            elif self._spoken_of(here[number]):
                message = (
                    f"no file says what kind of thing {self._short(iri)} is; add `a` and its class"
                )
                if number == o:
                    continue  # it is told where it is described
            else:
                message = (
                    f"{self._short(iri)} is described nowhere; check its spelling, or describe it"
                )
            yield stated(self._dataset, name, columns.triple(place), "warning", message, ns.LINKS)

    def nameless(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find things that have no address; terms may be defined by such (OWL 2)."""
        if not self._space or name == self._dataset.ontology_graph:
            return
        for triple in graph.with_blanks():
            if triple.predicate.value == ns.TYPE and isinstance(triple.subject, turtle.Blank):
                message = "a thing without an address cannot be cited; give it one, not [ ] or _:"
                yield stated(self._dataset, name, triple, "warning", message, ns.LINKS)

    def _spoken_of(self, term: turtle.Named) -> bool:
        return any(graph.speaks_of(term) for graph in self._graphs)

    def _nearly(self, iri: str) -> bool:
        return not iri.startswith(self._base) and _bare(iri).startswith(self._bare)

    def _meant(self, iri: str) -> str:
        return self._base + _bare(iri)[len(self._bare) :]

    def _short(self, iri: str) -> str:
        return ns.short(iri, self._dataset.prefixes)


def _bare(iri: str) -> str:
    """Give an address without what is easily mistaken: its scheme, `www.` and a port."""
    return re.sub(r"^https?://(?:www\.)?([^/:]*)(?::\d+)?/", r"\1/", iri)
