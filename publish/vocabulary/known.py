"""The terms that a data set may use: those of vocabularies of which lists are kept, and its own.

Follows RDF Schema 1.1, section 3, for what stands above a term and what binds it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

import pyoxigraph as ox

from publish import namespaces as ns
from publish.dataset import Dataset
from publish.vocabulary import lists
from publish.vocabulary.lists import Condition, Fact
from publish.vocabulary.reduction import reduce

Side: TypeAlias = Literal["domain", "range"]
LITERAL = ns.RDFS + "Literal"
OWN = "the data set's own ontology"
"""What the terms are called that the data set defines, beside the titles of vocabularies."""


class Terms:
    """The facts that a data set needs: of the vocabularies it uses, and of its own ontology."""

    def __init__(self, dataset: Dataset) -> None:
        # A list is read term by term: of thousands a data set uses some hundreds.
        self._rows: dict[str, str] = {}
        self._listed: dict[str, str] = {}
        self._facts: dict[str, Fact] = {}
        self._titles: dict[str, str] = {}
        self.prefixes = dict(dataset.prefixes)
        for source in lists.sources():
            if source.namespace not in self._titles:
                self._titles[source.namespace] = f"{source.title} {source.version}".strip()
                self.prefixes.setdefault(source.prefix, source.namespace)
                rows = lists.rows(source.prefix, source.namespace)
                self._rows.update(rows)
                self._listed.update(dict.fromkeys(rows, source.namespace))
        self._titles[ns.FM] = "folkmote"
        self._facts.update((fact.term, fact) for fact in _read_by_us())
        for namespace in _own_namespaces(dataset):
            self._titles[namespace] = OWN
            own = reduce(dataset.triples(dataset.ontology_graph), namespace)
            self._facts.update((fact.term, fact) for fact in own)
        self._spaces = tuple(sorted(self._titles, key=len, reverse=True))
        self._space: dict[str, str] = {}
        self._up: dict[str, frozenset[str]] = {}
        self._conditions: dict[tuple[str, Side], Condition] = {}
        self._names: dict[str, str] = {}

    def get(self, iri: str) -> Fact | None:
        """Give what is said of a term, if it is known."""
        if iri not in self._facts and (row := self._rows.get(iri)):
            self._facts[iri] = lists.fact(row, self._listed[iri])
        return self._facts.get(iri)

    def space(self, iri: str) -> str:
        """Give the namespace of a term of a vocabulary that is known here, else nothing."""
        if not iri.startswith(self._spaces):
            return ""  # as most of the data are, which are many
        if iri not in self._space:
            spaces = (one for one in self._spaces if iri.startswith(one) and iri != one)
            self._space[iri] = next(spaces, "")
        return self._space[iri]

    def title(self, iri: str) -> str:
        """Name the vocabulary of a term, with its version."""
        return self._titles[self.space(iri)]

    def meant(self, namespace: str) -> str:
        """Say which vocabulary differs from an unknown one by http, its end or a part, if any."""
        bare = _bare(namespace)
        near = [one for one in self._titles if f"{_bare(one)}/".startswith(f"{bare}/")]
        if len(near) != 1 or not bare:
            return ""
        return f"{self._titles[near[0]]} is <{near[0]}>"

    def short(self, iri: str) -> str:
        """Write an IRI as a reader of the data would, with its prefix."""
        if iri not in self._names:
            spaces = ((p, s) for p, s in self.prefixes.items() if iri.startswith(s) and iri != s)
            short = (f"{p}:{iri[len(s) :]}" for p, s in spaces if "/" not in iri[len(s) :])
            self._names[iri] = f"`{next(short, f'<{iri}>')}`"
        return self._names[iri]

    def near(self, iri: str) -> str | None:
        """Give the term of the same vocabulary that is spelled most like this one."""
        space = self.space(iri)
        terms = {*self._rows, *self._facts}
        names = sorted(term[len(space) :] for term in terms if self.space(term) == space)
        found = difflib.get_close_matches(iri[len(space) :], names, n=1, cutoff=0.75)
        return space + found[0] if found else None

    def up(self, iri: str) -> frozenset[str]:
        """Give a class or property and all that stands above it."""
        if iri not in self._up:
            found = {iri}
            todo = [iri]
            while todo:
                fact = self.get(todo.pop())
                fresh = set(fact.above if fact else ()) - found
                found |= fresh
                todo.extend(fresh)
            self._up[iri] = frozenset(found)
        return self._up[iri]

    def conditions(self, term: str, side: Side) -> Condition:
        """Give what binds a property, first itself, then by those above it (RDFS 1.1, 3.5)."""
        if (term, side) not in self._conditions:
            above = (term, *sorted(self.up(term) - {term}))
            facts = filter(None, map(self.get, above))
            self._conditions[term, side] = tuple(
                any_of
                for fact in facts
                for any_of in (fact.domain if side == "domain" else fact.range)
            )
        return self._conditions[term, side]

    def literal(self, iri: str) -> bool:
        """Say whether a class is one of texts."""
        fact = self.get(iri)
        return LITERAL in self.up(iri) or (fact is not None and fact.kind == "datatype")


def _read_by_us() -> Iterator[Fact]:
    """Give the terms that this software itself reads: of data sets, and in queries."""
    kinds = {"class": [ns.PERSONA], "property": ns.ROLES, "individual": ns.FUNCTIONS}
    return (Fact(term, kind) for kind, terms in kinds.items() for term in terms)


def _own_namespaces(dataset: Dataset) -> Iterator[str]:
    """Give the namespaces of the ontologies that the data set itself holds."""
    for _, predicate, value in dataset.triples(dataset.ontology_graph):
        if predicate.value == ns.VANN + "preferredNamespaceUri" and isinstance(value, ox.Literal):
            yield value.value


def _bare(namespace: str) -> str:
    return re.sub(r"^https?://|[/#]+$", "", namespace)
