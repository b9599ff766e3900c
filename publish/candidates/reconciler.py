"""Finds and weighs candidates for what somebody means by a name, an identifier or a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from publish import matching, search, turtle
from publish.candidates.agreement import (
    Wanted,
    is_address,
    name_score,
    proper,
    same_identifier,
    same_value,
    title_score,
    value_of,
)
from publish.candidates.schema import IDENTITIES, Schema
from publish.candidates.things import Facts, Things
from publish.candidates.values import Candidate, Condition, Feature, Given, Query
from publish.catalogue import Catalogue, Kind
from publish.search import Index
from publish.sources import Called, Text, text_of

_READ, _MOST_READ = 40, 200
"""How many candidates are looked at more closely than by their names at once, and in all."""
_SUGGESTED = 100
"""How many suggestions are put in an order of their own."""
_TURNED = 0.12
"""What a title loses whose words stand in another order, which a name of somebody does not."""
_LEAST = 40.0
"""The score from which on a name makes a candidate."""
_SURE, _APART = 95.0, 10.0
"""The score of a match, and how far all others must stay behind."""
_AGREES = 0.8
"""From how much agreement on a property does not speak against a match."""
_WRONG_TYPE = 0.7
_NAME, _IDENTITY, _OTHER = 1.0, 2.0, 0.4
"""What a name, an identifier and another property weigh."""


@dataclass
class _Judged:
    """A candidate while it is weighed."""

    iri: str
    facts: Facts
    types: tuple[str, ...]
    parts: list[tuple[float, float]] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    against: bool = False
    identified: bool = False
    factor: float = 1.0

    def add(self, weight: float, value: float, id: str, name: str) -> None:
        self.parts.append((weight, value))
        self.features.append(Feature(id, name, round(100 * value, 1)))

    @property
    def score(self) -> float:
        whole = sum(weight for weight, _ in self.parts)
        gained = sum(weight * value for weight, value in self.parts)
        return round(100 * self.factor * gained / whole, 1) if whole else 0.0


class Reconciler:
    """Finds candidates among the things of one source."""

    def __init__(self, catalogue: Catalogue, index: Index) -> None:
        self.catalogue = catalogue
        self.index = index
        self.things = Things(catalogue)
        self.schema = Schema(catalogue, self.things)
        self._source = catalogue.records.source
        self._places: dict[frozenset[str], int] = {}

    # --- candidates --------------------------------------------------------------------------

    def candidates(self, query: Query) -> tuple[Candidate, ...]:
        """Give the things that may be meant, the likeliest first.

        Raises `RequestError` for a type or property that is not known.
        """
        types = tuple(map(self.schema.type, query.types))
        conditions = [(one, self.schema.resolved(one.property)) for one in query.conditions]
        named = self._named(_texts(query, conditions, self.index.properties))
        pointed = {iri for one in self._identified(query, conditions) for iri in one}
        waiting = [*sorted(pointed), *(iri for iri in named if iri not in pointed)]
        judged: list[_Judged] = []
        for start in range(0, min(len(waiting), _MOST_READ), _READ):
            judged += [
                one
                for one in self._unjudged(waiting[start : start + _READ])
                if self._is_of(one, types, query.strict)
                if self._weigh(one, query, conditions, named)
            ]
            if len(judged) >= query.limit:
                break
        ranked = sorted(judged, key=lambda one: (-one.score, self._place(one.types), one.iri))
        match = self._safe(ranked, query) and not self._is_another(ranked, query, named)
        self._source.meet(one.iri for one in ranked[: query.limit])
        return tuple(
            self._candidate(one, match=match and place == 0)
            for place, one in enumerate(ranked[: query.limit])
        )

    def _unjudged(self, iris: Sequence[str]) -> Iterator[_Judged]:
        return (_Judged(one.iri, one.facts, one.types) for one in self.things.read(iris))

    def _named(self, texts: Iterable[str]) -> dict[str, tuple[float, Called]]:
        """Give things by how near the best of their names comes, the nearest first."""
        best: dict[str, tuple[float, Called]] = {}
        for text in dict.fromkeys(texts):
            for name in self.index.alike(text):
                if not self.things.ours(name.iri):
                    continue
                score = title_score(text, name)
                if score >= _LEAST and score > best.get(name.iri, (0.0, name))[0]:
                    best[name.iri] = (score, name)
        return dict(sorted(best.items(), key=lambda pair: (-pair[1][0], pair[0])))

    def _identified(
        self, query: Query, conditions: Sequence[tuple[Condition, Wanted]]
    ) -> Iterator[Iterable[str]]:
        """Give the things that the query names by IRIs, of ours or of others."""
        iris = [*query.ids, *([query.text] if is_address(query.text) else [])]
        for one, wanted in conditions:
            if one.quantifier != "none":
                iris += [iri for value in one.values for iri in self._elsewhere(value, wanted)]
        for iri in dict.fromkeys(iris):
            if self.things.ours(iri) and self._source.is_subject(iri):
                yield [iri]
            else:
                pointing = self._source.pointing(iri).dataset.incoming(iri)
                properties = {name for f in IDENTITIES for name in self.catalogue.properties(f)}
                yield [
                    triple.subject.value
                    for _, triple in pointing
                    if triple.predicate.value in properties
                    and isinstance(triple.subject, turtle.Named)
                    and self.things.ours(triple.subject.value)
                ]

    def _elsewhere(self, value: Given, wanted: Wanted) -> list[str]:
        """Give the IRIs elsewhere that a value may stand for."""
        if value.iri or is_address(value.text):
            return [value.iri or value.text] if wanted.identity else []
        if wanted.identity and value.text and " " not in value.text:
            made = (f"{space}{value.text}" for space in wanted.spaces)
            return [one + end for one in made for end in ("", "/", "#about") if is_address(one)]
        return []

    def _is_of(self, one: _Judged, types: Sequence[str], strict: str) -> bool:
        if not types:
            return True
        above = self.things.superclasses(one.types)
        held = [name in above for name in types]
        fits = all(held) if strict == "all" else any(held)
        one.features.append(Feature("type", "Type", fits))
        if not fits:
            one.factor, one.against = _WRONG_TYPE, True
        return fits or strict == "should"

    def _weigh(
        self,
        one: _Judged,
        query: Query,
        conditions: Sequence[tuple[Condition, Wanted]],
        named: Mapping[str, tuple[float, Called]],
    ) -> bool:
        """Weigh a candidate; say whether it has all that is required and comes near enough."""
        if query.ids or one.iri == query.text:
            one.identified = one.iri in (*query.ids, query.text)
            one.add(_IDENTITY, float(one.identified), "id", "Identifier")
        if query.text and not is_address(query.text):
            one.add(_NAME, self._named_so(one, query.text, named.get(one.iri)), "name", "Name")
        elif query.text:
            one.identified = one.identified or one.iri != query.text
            if one.iri != query.text:
                one.add(_IDENTITY, 1.0, "id", "Identifier elsewhere")
        for condition, wanted in conditions:
            value = self._agreement(one.facts, condition, wanted)
            if condition.required and (value or 0.0) < _AGREES:
                return False
            if value is None:
                continue
            one.against = one.against or value < _AGREES
            identified = wanted.identity and value == 1.0
            one.identified = one.identified or identified
            weight = _IDENTITY if identified else _NAME if wanted.identity else _OTHER
            one.add(weight, value, condition.property, wanted.name)
        return one.score >= _LEAST

    def _named_so(self, one: _Judged, text: str, found: tuple[float, Called] | None) -> float:
        """Say from 0 to 1 how near the name of a candidate comes to a text."""
        if found is None:
            return self._by_facts(one, text) / 100
        score, name = found
        if self.catalogue.kind(one.types) not in (Kind.WORK, Kind.EDITION):
            return max(0.0, name_score(text, name) / 100)
        titles = (name.text, proper(name.text))
        turned = matching.words(text) not in map(matching.words, titles)
        return max(0.0, score / 100 - _TURNED * turned)

    def _by_facts(self, one: _Judged, text: str) -> float:
        """Compare a text with the names that are read with a candidate."""
        called = (
            Called(one.iri, property_, term.value, term.language or "")
            for property_ in self.index.properties
            for term in one.facts.get(property_, ())
            if isinstance(term, turtle.Literal)
        )
        return max((name_score(text, name) for name in called), default=0.0)

    def _agreement(self, facts: Facts, condition: Condition, wanted: Wanted) -> float | None:
        """Say from 0 to 1 how well a candidate has the values; nothing where it has no value."""
        terms = [term for name in wanted.properties for term in facts.get(name, ())]
        if wanted.authority:
            terms = [one for one in terms if value_of(one).startswith(wanted.spaces)]
        if not terms:
            return None if condition.quantifier != "none" else 1.0
        texts = self._texts(terms) if not wanted.identity else {}
        found = [
            max(
                same_identifier(value, value_of(term), wanted)
                if wanted.identity
                else same_value(value, term, texts.get(value_of(term), ()))
                for term in terms
            )
            for value in condition.values
        ] or [0.0]
        if condition.quantifier == "none":
            return 1.0 - max(found)
        return min(found) if condition.quantifier == "all" else max(found)

    def _texts(self, terms: Iterable[turtle.Term]) -> dict[str, tuple[str, ...]]:
        """Give for things that are values all that they are called, and what dates them."""
        iris = [one.value for one in terms if isinstance(one, turtle.Named)]
        return {
            iri: tuple(
                term.value
                for terms in said.values()
                for term in terms
                if isinstance(term, turtle.Literal)
            )
            for iri, said in (self.things.facts(iris) if iris else {}).items()
        }

    @staticmethod
    def _safe(ranked: Sequence[_Judged], query: Query) -> bool:
        """Say whether the first candidate can be taken over unseen."""
        if not ranked:
            return False
        first = ranked[0]
        alone = len(ranked) == 1 or first.score - ranked[1].score >= _APART
        named = first.identified or len("".join(matching.words(query.text))) > 2
        return alone and named and first.score >= _SURE and not first.against

    @staticmethod
    def _is_another(
        ranked: Sequence[_Judged], query: Query, named: Mapping[str, tuple[float, Called]]
    ) -> bool:
        """Say whether a text names what was left out for its type better than the first candidate.

        A surname in a column of people may be that of a person of whom only the signature is known.
        """
        first = ranked[0]
        if first.identified or query.conditions or first.iri not in named:
            return False
        judged = {one.iri for one in ranked}
        others = (score for iri, (score, _) in named.items() if iri not in judged)
        return max(others, default=0.0) > named[first.iri][0]

    def _candidate(self, one: _Judged, *, match: bool) -> Candidate:
        return Candidate(
            one.iri,
            self.things.label(one.iri),
            self.things.description(one.facts),
            one.types,
            one.score,
            match,
            tuple(one.features),
        )

    def _place(self, types: Iterable[str]) -> int:
        """Give the place of a thing among others as near: people first, what is no thing last."""
        key = frozenset(types)
        if key not in self._places:
            kind = self.catalogue.kind(key)
            self._places[key] = [*Kind].index(kind) if kind else len(Kind)
        return self._places[key]

    # --- values ------------------------------------------------------------------------------

    def values(
        self, iris: Sequence[str], properties: Sequence[str]
    ) -> dict[str, dict[str, tuple[Text | str, ...]]]:
        """Give the values of properties of things: texts, and IRIs as they are."""
        wanted = {name: self.schema.resolved(name) for name in properties}
        found: dict[str, dict[str, tuple[Text | str, ...]]] = {}
        for iri, facts in self.things.facts([*dict.fromkeys(iris)]).items():
            found[iri] = {
                name: tuple(
                    text_of(term) if isinstance(term, turtle.Literal) else value_of(term)
                    for term in dict.fromkeys(t for p in one.properties for t in facts.get(p, ()))
                    if isinstance(term, turtle.Literal | turtle.Named)
                    if not one.authority or value_of(term).startswith(one.spaces)
                )
                for name, one in wanted.items()
            }
        self._source.meet(
            value
            for row in found.values()
            for cell in row.values()
            for value in cell
            if isinstance(value, str)
        )
        return found

    # --- suggestions ---------------------------------------------------------------------------

    def suggested(self, text: str, count: int, start: int = 0) -> list[str]:
        """Give things of which a name has words that begin so."""
        hits = [hit for hit in self.index.find(text, search.MOST).hits if self.things.ours(hit.iri)]
        first, rest = hits[:_SUGGESTED], hits[_SUGGESTED:]
        types = {one.iri: one.types for one in self.things.read([hit.iri for hit in first])}

        def order(hit: search.Hit) -> tuple[float, int, int]:
            place = self._place(types.get(hit.iri, ()))
            return (-hit.score, len(matching.words(hit.name)), place)

        ranked = [hit.iri for hit in (*sorted(first, key=order), *rest)]
        return ranked[start : start + count]


def _texts(
    query: Query, conditions: Sequence[tuple[Condition, Wanted]], naming: Sequence[str]
) -> Iterator[str]:
    """Give the names that are asked for: the text itself, and values of what names things."""
    if query.text:
        yield query.text
    for one, wanted in conditions:
        if one.quantifier != "none" and set(wanted.properties) & set(naming):
            yield from (value.text for value in one.values if value.text)
