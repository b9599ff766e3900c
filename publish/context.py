"""A JSON-LD context for a data set: short names for its properties and classes.

With it, people who write or read JSON need no IRIs: `prefLabel`, `inPassage` and `died` are names,
and values that are things or dates are known as such. A name is the last part of an IRI; where two
properties share one, the data set's own comes first, then the one that is used more; the other
keeps its prefixed name. Everything is taken from the data.

Follows JSON-LD 1.1, section 4.1 (contexts), 4.2.3 (type coercion) and 9.15.1 (which names a
context may define).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset

# A prefix as a context may define it: its IRI ends in a sign that separates (JSON-LD 1.1, 4.1.3).
_GENERIC = re.compile(r".*[:/?#\[\]@]\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TEXT = frozenset({ns.XSD + "string", ns.RDF + "langString"})
_THING = "@id"


def context(dataset: Dataset) -> dict[str, Any]:
    """Give the document that others name as their `@context`."""
    uses: Counter[str] = Counter()
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    classes: Counter[str] = Counter()
    for _, predicate, value in dataset.union():
        uses[predicate.value] += 1
        kinds[predicate.value].add(_kind(value))
        if predicate.value == ns.TYPE and isinstance(value, turtle.Named):
            classes[value.value] += 1
    del uses[ns.TYPE]
    spaces = {name: iri for name, iri in dataset.prefixes.items() if _GENERIC.match(iri) and name}
    terms: dict[str, Any] = {"id": "@id", "type": "@type"}
    for iri in [*_ordered(uses, dataset.base), *_ordered(classes, dataset.base)]:
        name = _name(iri)
        if name and name not in terms and name not in spaces:
            coerced = _coerced(kinds[iri]) if iri in uses else None
            short = ns.short(iri, spaces)
            terms[name] = {"@id": short, "@type": coerced} if coerced else short
    return {"@context": {"@version": 1.1, **spaces, **terms}}


def _ordered(uses: Mapping[str, int], base: str) -> Iterable[str]:
    def key(iri: str) -> tuple[bool, int, str]:
        return (not (base and iri.startswith(base)), -uses[iri], iri)

    return sorted(uses, key=key)


def _kind(value: turtle.Term) -> str:
    if isinstance(value, turtle.Literal):
        return value.datatype.value
    return _THING if isinstance(value, turtle.Named) else ""


def _coerced(kinds: set[str]) -> str | None:
    """Give what all values of a property are, where a context can say so."""
    (kind, *others) = kinds
    return None if others or not kind or kind in _TEXT else kind


def _name(iri: str) -> str | None:
    """Give the last part of an IRI, if it can be a name; keywords and numbers cannot."""
    last = re.split(r"[#/]", iri)[-1]
    return last if _NAME.match(last) else None
