"""What the terms of others are that a document of terms builds on, as tools for OWL must be told.

To a tool, a class that nobody declares may as well be a datatype, and a property of ours that
leads to its things one of values. So each term is declared as what the document uses it for,
which says nothing new of it.

Follows OWL 2 Structural Specification, 5.8 (declarations, typing constraints), and OWL 2 Mapping
to RDF Graphs, table 7.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TypeAlias

from publish import namespaces as ns
from publish import turtle

_CLASS, _DATATYPE = ns.OWL + "Class", ns.RDFS + "Datatype"
_OBJECT, _DATA = ns.OWL + "ObjectProperty", ns.OWL + "DatatypeProperty"
_ANNOTATION = ns.OWL + "AnnotationProperty"
_PROPERTIES = (_OBJECT, _DATA, _ANNOTATION)
_KNOWN = (ns.RDF, ns.RDFS, ns.OWL, ns.XSD)
"""The vocabularies whose terms every tool knows (Structural Specification, 2.4)."""
_YOUNGER = ns.RDF + "langString"
"""What came into RDF after OWL 2, which has no such datatype."""
_TO_CLASSES = frozenset(
    {
        *(ns.TYPE, ns.RDFS + "subClassOf", ns.RDFS + "domain"),
        *(ns.OWL + "disjointWith", ns.OWL + "equivalentClass"),
    }
)
_TO_THE_SAME = frozenset(
    {
        *(ns.RDFS + "subPropertyOf", ns.OWL + "equivalentProperty"),
        *(ns.OWL + "inverseOf", ns.OWL + "propertyDisjointWith"),
    }
)
_RANGE = ns.RDFS + "range"
_Types: TypeAlias = defaultdict[turtle.Term, set[str]]


def declared(document: Collection[turtle.Triple]) -> set[turtle.Triple]:
    """Declare what a document of terms uses and does not declare.

    What it uses in two ways that exclude each other is declared as that which comes first: a
    property of things, of values, for notes.
    """
    types: _Types = defaultdict(set)
    for triple in document:
        if triple.predicate.value == ns.TYPE and isinstance(triple.object, turtle.Named):
            types[triple.subject].add(triple.object.value)
    used: defaultdict[turtle.Named, set[str]] = defaultdict(set)
    for triple in document:
        for term, kind in _uses(triple, types):
            known = term in types or term.value.startswith(_KNOWN)
            if not known or term.value == _YOUNGER:
                used[term].add(kind)
    found = set()
    for term, kinds in used.items():
        first = next((one for one in _PROPERTIES if one in kinds), None)
        for kind in kinds.difference(_PROPERTIES) | ({first} if first else set()):
            found.add(turtle.Triple(term, turtle.Named(ns.TYPE), turtle.Named(kind)))
    return found


def _uses(triple: turtle.Triple, types: _Types) -> Iterator[tuple[turtle.Named, str]]:
    """Give the terms that a statement uses, each with what it uses it as."""
    predicate = triple.predicate.value
    yield triple.predicate, _ANNOTATION
    if not isinstance(triple.object, turtle.Named):
        return
    subject, named = types.get(triple.subject, ()), triple.object
    if predicate in _TO_CLASSES:
        yield named, _CLASS
    elif predicate == _RANGE and (_OBJECT in subject or _DATA in subject):
        yield named, _CLASS if _OBJECT in subject else _DATATYPE
    elif predicate in _TO_THE_SAME:
        yield from ((named, kind) for kind in _PROPERTIES if kind in subject)
