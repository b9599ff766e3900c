"""From the triples of a vocabulary to the facts about its terms.

Follows RDF Schema 1.1, section 3, and OWL 2 for unions, intersections, equivalence and deprecation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from publish import namespaces as ns
from publish import turtle
from publish.vocabulary.lists import Condition, Fact

_DCAM = "http://purl.org/dc/dcam/"
_MADS = "http://www.loc.gov/mads/rdf/v1#"
_STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
_PROPERTY = frozenset({ns.RDF + "Property", ns.OWL + "ObjectProperty", ns.OWL + "DatatypeProperty"})
METACLASSES = (
    ("datatype", frozenset({ns.RDFS + "Datatype"})),
    ("class", frozenset({ns.RDFS + "Class", ns.OWL + "Class"})),
    ("object property", frozenset({ns.OWL + "ObjectProperty"})),
    ("datatype property", frozenset({ns.OWL + "DatatypeProperty"})),
    ("annotation property", frozenset({ns.OWL + "AnnotationProperty"})),
    ("property", _PROPERTY | {ns.OWL + "OntologyProperty", ns.SH + "Parameter"}),
)
_RETIRED_TYPES = frozenset(
    {
        ns.OWL + "DeprecatedClass",
        ns.OWL + "DeprecatedProperty",
        _MADS + "DeprecatedAuthority",
    }
)
_REPLACED = (ns.SCHEMA + "supersededBy", ns.DCTERMS + "isReplacedBy")
_ABOVE = (
    ns.RDFS + "subClassOf",
    ns.RDFS + "subPropertyOf",
    ns.OWL + "equivalentClass",
    ns.OWL + "equivalentProperty",
)
_FITS = (ns.SCHEMA + "domainIncludes", _DCAM + "domainIncludes")
_TAKES = (ns.SCHEMA + "rangeIncludes", _DCAM + "rangeIncludes")


def reduce(triples: Iterable[ox.Triple], namespace: str) -> list[Fact]:
    """Reduce a vocabulary to facts about the terms in its namespace."""
    return _Reduction(triples).facts(namespace)


class _Reduction:
    """The triples of one vocabulary, looked up by subject and property."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._values: defaultdict[object, defaultdict[str, list[turtle.Term]]]
        self._values = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._values[subject][predicate.value].append(value)

    def facts(self, namespace: str) -> list[Fact]:
        terms = {
            subject.value
            for subject, said in self._values.items()
            if isinstance(subject, ox.NamedNode)
            and subject.value.startswith(namespace)
            and subject.value != namespace
            and ns.TYPE in said
        }
        return [self._fact(term) for term in sorted(terms)]

    def _fact(self, term: str) -> Fact:
        types = set(self._named(term, (ns.TYPE,)))
        kind = next((kind for kind, kinds in METACLASSES if kinds & types), "individual")
        meta = {iri for _, kinds in METACLASSES for iri in kinds}
        return Fact(
            term,
            kind,
            # What OWL and RDFS say about a term (that it is transitive, say) restricts no use.
            tuple(t for t in sorted(types - meta) if not t.startswith((ns.OWL, ns.RDFS))),
            tuple(iri for iri in self._above(term) if iri != term),
            self._condition(term, ns.RDFS + "domain"),
            self._condition(term, ns.RDFS + "range"),
            self._named(term, _FITS),
            self._named(term, _TAKES),
            self._retired(term, types),
        )

    def _named(self, term: str, properties: Iterable[str]) -> tuple[str, ...]:
        values = self._values[ox.NamedNode(term)]
        found = (value for iri in properties for value in values[iri])
        return tuple(sorted({v.value for v in found if isinstance(v, ox.NamedNode)}))

    def _above(self, term: str) -> tuple[str, ...]:
        """Give what stands above a term, also as a part of an intersection."""
        found = set(self._named(term, _ABOVE))
        values = self._values[ox.NamedNode(term)]
        classes = [node for iri in _ABOVE for node in values[iri]]
        for node in [*classes, ox.NamedNode(term)]:
            for head in self._values[node][ns.OWL + "intersectionOf"]:
                found |= {v.value for v in self._list(head) if isinstance(v, ox.NamedNode)}
        return tuple(sorted(found))

    def _condition(self, term: str, property_: str) -> Condition:
        found = {self._alternatives(v) for v in self._values[ox.NamedNode(term)][property_]}
        return tuple(sorted(any_of for any_of in found if any_of))

    def _alternatives(self, node: turtle.Term) -> tuple[str, ...]:
        """Give the classes of a union; none, where one of its parts has no name."""
        if isinstance(node, ox.NamedNode):
            return (node.value,)
        heads = self._values[node][ns.OWL + "unionOf"]
        members = [member for head in heads for member in self._list(head)]
        names = [self._alternatives(member) for member in members]
        return tuple(sorted({n for name in names for n in name})) if all(names) else ()

    def _list(self, head: turtle.Term) -> Iterator[turtle.Term]:
        seen: set[turtle.Term] = set()
        while head not in seen and self._values[head][ns.FIRST]:
            seen.add(head)
            yield self._values[head][ns.FIRST][0]
            head = (self._values[head][ns.REST] or [ox.NamedNode(ns.NIL)])[0]

    def _retired(self, term: str, types: set[str]) -> str:
        said = self._values[ox.NamedNode(term)]
        flags = {getattr(value, "value", "") for value in said[ns.OWL + "deprecated"]}
        status = {getattr(value, "value", "") for value in said[_STATUS]}
        if replaced := self._named(term, _REPLACED):
            return replaced[0]
        gone = ns.TRUE & flags or status & {"archaic", "deprecated"} or types & _RETIRED_TYPES
        return "-" if gone else ""
