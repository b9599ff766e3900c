"""Which classes and properties of a data set stand below those of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from publish import namespaces as ns
from publish import turtle, vocabulary
from publish.catalogue.tables import BODIES, CLASSES, FIELDS, NOT_ITEMS, ROLES, Kind
from publish.dataset import closure
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
        for graph in records.dataset.graphs.values():
            for quad in graph.quads_for_predicate(turtle.Named(ns.RDFS + "subClassOf")):
                self._above[iri_of(quad.subject)].add(iri_of(quad.object))
        named = {*ROLES, *(top for tops in FIELDS.values() for top in tops)}
        below = records.dataset.below(named, ns.RDFS + "subPropertyOf")
        self.fields = {
            name: tuple(dict.fromkeys(one for top in tops for one in (top, *sorted(below[top]))))
            for name, tops in FIELDS.items()
        }
        self.roles = {low: code for top, code in ROLES.items() for low in below[top]}

    def up(self, classes: Iterable[str]) -> frozenset[str]:
        """Give classes and all that stand above them."""
        return closure(classes, self._above)

    def kind(self, classes: Iterable[str]) -> Kind | None:
        """Give the kind of what is of these classes."""
        above = self.up(classes)
        if above.intersection(NOT_ITEMS):
            return None
        return next((kind for kind, tops in CLASSES.items() if above.intersection(tops)), None)

    def topical(self, classes: Iterable[str]) -> bool:
        """Say whether what is of these classes is people of one kind, and no body (`BODIES`)."""
        above = self.up(classes)
        return self.kind(above) is Kind.GROUP and above.isdisjoint(BODIES)


def iri_of(term: object) -> str:
    """Give the IRI of a term; of one that has none, nothing."""
    return str(term.value) if isinstance(term, turtle.Named) else ""
