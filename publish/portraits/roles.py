"""Which properties play which role in portraits, and in which order facts stand.

Which property names a passage, a printed page or a number, the ontology of the data set says by
`rdfs:subPropertyOf` (the roles of `https://w3id.org/folkmote#`); in which order facts stand, its
shapes may say by `sh:order` and `sh:group` (SHACL 2.3.2); how a property reads from its other
end, `owl:inverseOf` or, in words, `https://w3id.org/folkmote#reversed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import iri_of
from publish.dataset import Dataset
from publish.records import Text

ROLES = (
    *(ns.IN_PASSAGE, ns.PRINTED_FORM, ns.TIMES, ns.MANNER, ns.NUMBER, ns.READING_ORDER),
    *(ns.PAGE, ns.CALLED_IN, ns.HOLDER, ns.TOWARDS, ns.ATTITUDE),
)
"""The roles that properties play in portraits."""
_TURNED = MappingProxyType(
    {
        ns.SKOS + "related": ns.SKOS + "related",
        ns.SKOS + "broader": ns.SKOS + "narrower",
        ns.SKOS + "narrower": ns.SKOS + "broader",
        ns.DCTERMS + "isPartOf": ns.DCTERMS + "hasPart",
        ns.DCTERMS + "hasPart": ns.DCTERMS + "isPartOf",
        ns.FRBR + "realization": ns.FRBR + "realizationOf",
        ns.FRBR + "realizationOf": ns.FRBR + "realization",
        ns.FRBR + "part": ns.FRBR + "partOf",
        ns.FRBR + "partOf": ns.FRBR + "part",
    }
)
"""What published vocabularies say of both ends (SKOS Reference, S23 and S25; DCMI Terms; FRBR Core)."""


class Roles:
    """Which properties of a data set play which role, and in which order its facts stand."""

    def __init__(self, dataset: Dataset) -> None:
        self.inverse: dict[str, str] = {}
        self.reversed: dict[str, Text] = {}
        """By property the words in which it reads from its other end."""
        self.passages: set[str] = set()
        for one in _triples(dataset, ns.OWL + "inverseOf"):
            self.inverse[iri_of(one.subject)] = iri_of(one.object)
            self.inverse.setdefault(iri_of(one.object), iri_of(one.subject))
        for one in _triples(dataset, ns.REVERSED):
            if isinstance(one.object, turtle.Literal):
                words = Text(one.object.value, one.object.language or "")
                self.reversed.setdefault(iri_of(one.subject), words)
        self.turned = {**_TURNED, **self.inverse, **_symmetric(dataset)}
        """By property the one that says the same from the other end."""
        self._below = dataset.below(ROLES, ns.RDFS + "subPropertyOf")
        for one in _triples(dataset, ns.RDFS + "range"):
            if iri_of(one.subject) in self._below[ns.IN_PASSAGE]:
                self.passages.add(iri_of(one.object))
        self._places = _placed(dataset)

    def of(self, role: str) -> frozenset[str]:
        """Give the properties of a role, the role itself among them."""
        return self._below[role]

    def place(self, property_: str) -> tuple[float, str, float]:
        """Say where the shapes put a property: order and IRI of its group, and order in it."""
        return self._places.get(property_, (float("inf"), "", float("inf")))


def _symmetric(dataset: Dataset) -> dict[str, str]:
    """Give the properties that the terms call symmetric, each as its own inverse."""
    typed = dataset.incoming(ns.OWL + "SymmetricProperty")
    names = [iri_of(one.subject) for _, one in typed if one.predicate.value == ns.TYPE]
    return dict(zip(names, names, strict=True))


def _placed(dataset: Dataset) -> dict[str, tuple[float, str, float]]:
    """Read `sh:order` and `sh:group` of the property shapes; the least order counts."""
    orders = {
        iri_of(one.subject): _number(one.object) for one in _triples(dataset, ns.SH + "order")
    }
    groups = {iri_of(one.subject): iri_of(one.object) for one in _triples(dataset, ns.SH + "group")}
    found: dict[str, tuple[float, str, float]] = {}
    for one in _triples(dataset, ns.SH + "path"):
        shape, property_ = iri_of(one.subject), iri_of(one.object)
        if property_ and (shape in orders or shape in groups):
            group = groups.get(shape, "")
            first = orders.get(group, float("inf" if not group else 0))
            place = (first, group, orders.get(shape, float("inf")))
            found[property_] = min(place, found.get(property_, place))
    return found


def _number(term: object) -> float:
    try:
        return float(getattr(term, "value", ""))
    except ValueError:
        return float("inf")


def _triples(dataset: Dataset, property_: str) -> Iterator[turtle.Triple]:
    for graph in dataset.graphs.values():
        for quad in graph.quads_for_predicate(turtle.Named(property_)):
            yield quad.triple
