"""Labels beside the IRIs of an answer, read from the store that gave it.

Rows get a column `?xLabel` behind each `?x` that holds an IRI somewhere; triples are followed by
one that gives the label of each IRI in them. Only labels that the data state are given, and one
for each IRI, chosen as `publish.labels` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from publish import labels
from publish import namespaces as ns

SUFFIX = "Label"
"""What the name of a column of labels ends with."""

_PROPERTIES = tuple(ox.NamedNode(iri) for iri in ns.LABELS)


class Labels:
    """The labels of a store, each looked up once."""

    def __init__(self, store: ox.Store, spoken: Sequence[str], asked: Sequence[str]) -> None:
        self._store = store
        self._spoken = spoken
        self._asked = asked
        self._found: dict[str, ox.Triple | None] = {}

    def of(self, iri: str) -> ox.Triple | None:
        """Give the triple that labels an IRI, if there is one."""
        if iri not in self._found:
            self._found[iri] = self._best(ox.NamedNode(iri))
        return self._found[iri]

    def _best(self, node: ox.NamedNode) -> ox.Triple | None:
        labelled = [
            (self._rank(quad), quad.triple)
            for predicate in _PROPERTIES
            for quad in self._store.quads_for_pattern(node, predicate, None, None)
            if isinstance(quad.object, ox.Literal)
        ]
        return min(labelled, key=lambda pair: pair[0])[1] if labelled else None

    def _rank(self, quad: ox.Quad) -> labels.Rank:
        tag = getattr(quad.object, "language", None) or ""
        predicate = quad.predicate.value
        return labels.rank(predicate, str(quad.object), tag, self._spoken, self._asked)


def rows(body: bytes, found: Labels) -> bytes:
    """Add the columns to rows in the JSON results format."""
    said: dict[str, Any] = json.loads(body)
    variables: list[str] = said["head"]["vars"]
    bindings: list[dict[str, Any]] = said["results"]["bindings"]
    taken = frozenset(variables)
    named = {term for row in bindings for term in row if row[term]["type"] == "uri"}
    columns = {name: name + SUFFIX for name in variables if name in named}
    columns = {name: column for name, column in columns.items() if column not in taken}
    for row in bindings:
        for name, column in columns.items():
            label = _label(row.get(name), found)
            if label is not None:
                row[column] = label
    said["head"]["vars"] = [
        one for name in variables for one in (name, *((columns[name],) if name in columns else ()))
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _label(term: Mapping[str, str] | None, found: Labels) -> dict[str, str] | None:
    if term is None or term["type"] != "uri":
        return None
    triple = found.of(term["value"])
    if triple is None or not isinstance(triple.object, ox.Literal):
        return None
    literal = triple.object
    said = {"type": "literal", "value": literal.value}
    if literal.language:
        said["xml:lang"] = literal.language
    elif literal.datatype.value != ns.XSD + "string":
        said["datatype"] = literal.datatype.value
    return said


def triples(given: Iterable[ox.Triple], found: Labels) -> Iterator[ox.Triple]:
    """Give triples, and after them those that label what they name and do not label already."""
    named: dict[str, None] = {}
    seen: set[ox.Triple] = set()
    for triple in given:
        yield triple
        if triple.predicate in _PROPERTIES:
            seen.add(triple)
        named |= dict.fromkeys(iris(triple))
    for iri in named:
        label = found.of(iri)
        if label is not None and label not in seen:
            yield label


def iris(terms: Iterable[object]) -> Iterator[str]:
    """Give the IRIs among terms, those within triple terms too."""
    for term in terms:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Triple):
            yield from iris(term)
