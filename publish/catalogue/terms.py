"""Which classes and properties of a data set stand below those of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from publish import namespaces as ns
from publish import turtle, vocabulary
from publish.catalogue.tables import CLASSES, FIELDS, NOT_ITEMS, ROLES, Kind
from publish.records import Records


class Terms:
    """Which classes and properties of a data set stand below the published ones."""

    def __init__(self, records: Records) -> None:
        self._above: dict[str, set[str]] = defaultdict(set)
        published = {ns.FABIO, ns.FRBR, ns.BF, ns.CRM, ns.LRMOO, ns.SCHEMA, ns.FOAF}
        for source in vocabulary.sources():
            if source.namespace in published | {ns.CITO, ns.SKOS, ns.MADS, ns.DCTERMS}:
                for fact in vocabulary.facts(source.prefix, source.namespace):
                    self._above[fact.term].update(fact.above)
        self._below: dict[str, set[str]] = defaultdict(set)
        for graph in records.dataset.graphs.values():
            for name, found in (("subClassOf", self._above), ("subPropertyOf", self._below)):
                for quad in graph.quads_for_predicate(turtle.Named(ns.RDFS + name)):
                    lower, upper = iri_of(quad.subject), iri_of(quad.object)
                    found[lower if found is self._above else upper].add(
                        upper if found is self._above else lower
                    )
        self.fields = {
            name: tuple(dict.fromkeys(one for top in tops for one in self._down(top)))
            for name, tops in FIELDS.items()
        }
        self.roles = {low: code for top, code in ROLES.items() for low in self._down(top)}

    def up(self, classes: Iterable[str]) -> frozenset[str]:
        """Give classes and all that stand above them."""
        return closure(classes, self._above)

    def kind(self, classes: Iterable[str]) -> Kind | None:
        """Give the kind of what is of these classes."""
        above = self.up(classes)
        if above.intersection(NOT_ITEMS):
            return None
        return next((kind for kind, tops in CLASSES.items() if above.intersection(tops)), None)

    def _down(self, top: str) -> list[str]:
        return [top, *sorted(closure([top], self._below) - {top})]


def closure(begin: Iterable[str], edges: Mapping[str, set[str]]) -> frozenset[str]:
    """Give what is reached from some nodes by edges, with these themselves."""
    found = set(begin)
    todo = list(found)
    while todo:
        fresh = edges.get(todo.pop(), set()) - found
        found |= fresh
        todo.extend(fresh)
    return frozenset(found)


def iri_of(term: object) -> str:
    """Give the IRI of a term; of one that has none, nothing."""
    return str(term.value) if isinstance(term, turtle.Named) else ""
