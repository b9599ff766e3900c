"""What is said of things, read for many at once, and what each is in a few words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from publish import labels, turtle
from publish import namespaces as ns
from publish.candidates.agreement import value_of
from publish.catalogue import FIELDS, Catalogue
from publish.sources import Text

Facts: TypeAlias = Mapping[str, Sequence[turtle.Term]]
"""Values by property."""

_SHORT = 200
"""How many characters a description has."""


@dataclass(frozen=True)
class Thing:
    """What is said of a thing, and the classes that it is said to be of."""

    iri: str
    facts: Facts
    types: tuple[str, ...]


class Things:
    """The things of one source."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records = catalogue.records
        self._source = catalogue.records.source
        about = self._source.dataset.description
        self._space = about.uri_space if about else ""
        self._languages = about.languages if about else ()
        self._above: dict[frozenset[str], frozenset[str]] = {}

    def ours(self, iri: str) -> bool:
        """Say whether an IRI is one of a thing of the data set, by its name."""
        return iri.startswith(self._space)

    def label(self, iri: str) -> Text:
        """Give the label of a thing or term."""
        return self._records.label(iri)

    def short(self, iri: str) -> str:
        """Shorten the IRI of a term by the prefixes of the data set."""
        return ns.short(iri, self._source.dataset.prefixes)

    def described(self, iris: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Give the description and the types of things."""
        return {one.iri: (self.description(one.facts), one.types) for one in self.read(iris)}

    def read(self, iris: Sequence[str]) -> Iterator[Thing]:
        """Read things; what is retired is none any more."""
        for iri, facts in self.facts(iris).items():
            retired = any(value_of(one) in ns.TRUE for one in facts.get(ns.OWL + "deprecated", ()))
            if facts and not retired:
                types = (
                    one.value for one in facts.get(ns.TYPE, ()) if isinstance(one, turtle.Named)
                )
                yield Thing(iri, facts, tuple(types))

    def facts(self, iris: Sequence[str]) -> dict[str, Facts]:
        """Give what is said of things but in rules, each value once, by property."""
        if not iris:
            return {}
        said = self._source.said(list(iris))
        shapes = said.shapes_graph if said.description else None
        found: dict[str, Facts] = {}
        for iri in iris:
            facts: defaultdict[str, list[turtle.Term]] = defaultdict(list)
            for graph, triple in said.outgoing(iri):
                terms = facts[triple.predicate.value]
                if graph != shapes and triple.object not in terms:
                    terms.append(triple.object)
            found[iri] = facts
        return found

    def superclasses(self, types: Iterable[str]) -> frozenset[str]:
        """Give types and all that stand above them."""
        key = frozenset(types)
        if key not in self._above:
            self._above[key] = self._catalogue.above(key)
        return self._above[key]

    def description(self, facts: Facts) -> str:
        """Tell in a few words what a thing is: by its definition or note, else by its dates."""
        for name in (*FIELDS["definition"], *FIELDS["note"], ns.RDFS + "comment"):
            texts = [one for one in facts.get(name, ()) if isinstance(one, turtle.Literal)]
            if texts:
                best = min(texts, key=self._rank)
                text = " ".join(best.value.split())
                return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
        ends = [self._first(facts, field_) for field_ in ("born", "died")]
        return "\u2013".join(ends) if any(ends) else self._first(facts, "date")

    def _first(self, facts: Facts, field_: str) -> str:
        for name in self._catalogue.properties(field_):
            for term in facts.get(name, ()):
                if isinstance(term, turtle.Literal):
                    return term.value
                return self._records.label(value_of(term)).value
        return ""

    def _rank(self, text: turtle.Literal) -> labels.Rank:
        return labels.rank(
            ns.LABELS[0], text.value, text.language or "", self._languages, properties=ns.LABELS
        )
