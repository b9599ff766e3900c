"""Concepts as SKOS has them, scheme by scheme: their labels, what stands above, below and beside.

Each `skos:ConceptScheme` that concepts name is a vocabulary, called by the last part of its IRI;
where they name none, all concepts together are one, called by the prefix of the data set. What is
said in one direction alone (`skos:broader`) is known in the other one, too (SKOS Reference 8.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from publish import errors, labels, matching, turtle
from publish import namespaces as ns
from publish.candidates import Facts, Reconciler
from publish.sources import Called, Text, text_of

LABELS = (ns.SKOS + "prefLabel", ns.SKOS + "altLabel", ns.SKOS + "hiddenLabel")
RELATIONS = ("broader", "narrower", "related")
_INVERSE = MappingProxyType({"broader": "narrower", "narrower": "broader", "related": "related"})
_CONCEPT = ns.SKOS + "Concept"
_SAMPLE = 2_000
"""How many concepts of each kind are looked at to know which schemes there are."""
_MOST = 2_000
"""How many concepts a scheme may have for its top ones to be found by what they lack."""


@dataclass(frozen=True)
class Vocabulary:
    """A scheme, or all concepts where there is none (`iri` is empty then)."""

    id: str
    iri: str
    title: Text


@dataclass(frozen=True)
class Concept:
    """A concept: what is said of it, and the vocabulary that it is looked at in."""

    iri: str
    facts: Facts
    vocabulary: Vocabulary

    def texts(self, property_: str) -> tuple[Text, ...]:
        """Give the texts of a property of SKOS, by its local name."""
        terms = self.facts.get(ns.SKOS + property_, ())
        return tuple(text_of(one) for one in terms if isinstance(one, turtle.Literal))

    def iris(self, property_: str) -> tuple[str, ...]:
        """Give what a property of SKOS, by its local name, leads to."""
        terms = self.facts.get(ns.SKOS + property_, ())
        return tuple(one.value for one in terms if isinstance(one, turtle.Named))

    @property
    def types(self) -> tuple[str, ...]:
        """The classes that the concept is said to be of."""
        terms = self.facts.get(ns.TYPE, ())
        return tuple(one.value for one in terms if isinstance(one, turtle.Named))


@dataclass(frozen=True)
class Found:
    """A concept that was found, and by which of its labels."""

    concept: Concept
    label: Called


class Thesaurus:
    """The concepts of one source."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler
        self._records = reconciler.catalogue.records
        self._source = self._records.source
        about = self._source.dataset.description
        self.languages: tuple[str, ...] = about.languages if about else ()

    # --- vocabularies --------------------------------------------------------------------------

    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """Give the vocabularies, by their names."""
        return self._vocabularies

    def vocabulary(self, name: str) -> Vocabulary:
        """Give a vocabulary; raise `NotFound` where there is none of that name."""
        for one in self._vocabularies:
            if one.id == name:
                return one
        known = ", ".join(one.id for one in self._vocabularies) or "none"
        raise errors.NotFound(f"there is no vocabulary `{name[:80]}`; there are: {known}")

    @cached_property
    def _vocabularies(self) -> tuple[Vocabulary, ...]:
        schemes = {
            iri
            for one in self._sampled()
            for name in ("inScheme", "topConceptOf")
            for iri in one.iris(name)
        }
        self._source.meet(schemes)
        about = self._source.dataset.description
        if not schemes:
            title = Text(about.title if about else self._source.dataset.root.name)
            return (Vocabulary(about.prefix if about else "concepts", "", title),)
        names: dict[str, Vocabulary] = {}
        for iri in sorted(schemes):
            name = re.split(r"[/#:]", iri.rstrip("/#"))[-1] or "concepts"
            while name in names:
                name += "-"
            names[name] = Vocabulary(name, iri, self._records.label(iri))
        return tuple(names[name] for name in sorted(names))

    def _sampled(self) -> Iterator[Concept]:
        above = self._reconciler.things.superclasses
        kinds = self._source.kinds()
        samples = [one.iris for one in kinds if any(_CONCEPT in above([c]) for c in one.classes)]
        for sample in samples if kinds else [self._records.subjects()]:
            for iri, facts in self._reconciler.things.facts([*sample[:_SAMPLE]]).items():
                yield Concept(iri, facts, Vocabulary("", "", Text("")))

    # --- concepts ------------------------------------------------------------------------------

    def concept(self, iri: str, name: str = "") -> Concept:
        """Give a concept, of one vocabulary or of any; raise `NotFound` where it is none."""
        wanted = [self.vocabulary(name)] if name else self._vocabularies
        found = next(self._concepts([iri], wanted), None)
        if found is None:
            where = f"in `{name[:80]}`" if name else "here"
            raise errors.NotFound(
                f"there is no concept <{iri[:200]}> {where}; look for it by search"
            )
        return found

    def _concepts(self, iris: Sequence[str], wanted: Sequence[Vocabulary]) -> Iterator[Concept]:
        """Give those things that are concepts of some vocabularies."""
        for iri, facts in self._reconciler.things.facts([*iris]).items():
            one = Concept(iri, facts, Vocabulary("", "", Text("")))
            if _CONCEPT not in self._reconciler.things.superclasses(one.types):
                continue
            schemes = {*one.iris("inScheme"), *one.iris("topConceptOf")}
            home = next((v for v in wanted if not v.iri or v.iri in schemes), None)
            if home is not None:
                yield Concept(iri, facts, home)

    def label(self, iri: str) -> Text:
        """Give the label of anything that a concept leads to."""
        return self._records.label(iri)

    def preferred(self, concept: Concept, language: str = "") -> Text:
        """Give the preferred label, in a language where there is one in it."""
        asked = [language] if language else []
        texts = concept.texts("prefLabel")
        return min(
            texts,
            key=lambda one: labels.rank(LABELS[0], one.value, one.language, self.languages, asked),
            default=self.label(concept.iri),
        )

    def linked(self, concept: Concept, relation: str) -> tuple[str, ...]:
        """Give what stands above, below or beside a concept, said of either."""
        inverse = ns.SKOS + _INVERSE[relation]
        pointing = self._source.pointing(concept.iri).dataset.incoming(concept.iri)
        back = {
            triple.subject.value
            for _, triple in pointing
            if triple.predicate.value == inverse and isinstance(triple.subject, turtle.Named)
        }
        found = sorted({*concept.iris(relation), *back} - {concept.iri})
        self._source.meet(found)
        return tuple(found)

    def above_all(self, concept: Concept, relation: str, most: int) -> dict[str, tuple[str, ...]]:
        """Give a concept and all that stand above (or below) it, each with what is next to it."""
        found: dict[str, tuple[str, ...]] = {}
        waiting, seen = [concept], {concept.iri}
        while waiting and len(found) < most:
            one = waiting.pop(0)
            found[one.iri] = self.linked(one, relation)
            # What waits already is not to wait twice: above several there may be the same.
            fresh = [iri for iri in found[one.iri] if iri not in seen]
            seen.update(fresh)
            waiting += self._concepts(fresh, [concept.vocabulary])
        return found

    def tops(self, vocabulary: Vocabulary) -> tuple[Concept, ...]:
        """Give the concepts that nothing stands above: those said to, else those that have none."""
        if not vocabulary.iri:
            concepts = self._concepts([one.iri for one in self._sampled()], [vocabulary])
            return tuple(one for one in concepts if not one.iris("broader"))
        pointing = self._source.pointing(vocabulary.iri).dataset.incoming(vocabulary.iri)
        said = Concept(
            "", self._reconciler.things.facts([vocabulary.iri])[vocabulary.iri], vocabulary
        )
        tops = {*said.iris("hasTopConcept"), *_pointing(pointing, "topConceptOf")}
        if tops:
            return tuple(self._concepts(sorted(tops), [vocabulary]))
        members = sorted(_pointing(pointing, "inScheme"))[:_MOST]
        return tuple(
            one for one in self._concepts(members, [vocabulary]) if not one.iris("broader")
        )

    def types(self, name: str = "") -> Mapping[str, tuple[str, ...]]:
        """Give the classes of concepts, each with those above it."""
        if name:
            self.vocabulary(name)
        found = {_CONCEPT, *(c for one in self._sampled() for c in one.types)}
        above = {one: self._reconciler.things.superclasses([one]) for one in found}
        concepts = {one for one in found if _CONCEPT in above[one]}
        self._source.meet(concepts)
        return {one: tuple(sorted((above[one] & concepts) - {one})) for one in sorted(concepts)}

    # --- finding -------------------------------------------------------------------------------

    def search(
        self, pattern: str, names: Sequence[str] = (), language: str = ""
    ) -> Iterator[Found]:
        """Give concepts with a label that fits a pattern, the shortest labels first.

        `*` stands for anything; the labels are those of SKOS, in one language or in any.
        """
        wanted = [self.vocabulary(name) for name in names] or self._vocabularies
        fitting = (
            one
            for one in self._reconciler.index.fitting(pattern)
            if one.predicate in LABELS
            and (not language or one.language.casefold() == language.casefold())
        )
        while batch := [*islice(fitting, 200)]:
            concepts = {
                one.iri: one
                for one in self._concepts([*dict.fromkeys(n.iri for n in batch)], wanted)
            }
            yield from (Found(concepts[one.iri], one) for one in batch if one.iri in concepts)

    def lookup(self, text: str, name: str, language: str = "") -> tuple[Found, ...]:
        """Give the concepts that are called so: by their preferred labels, else by other names."""
        found = [
            one
            for one in self.search(text, [name], language)
            if matching.words(one.label.text) == matching.words(text)
        ]
        tiers = [(one.label.predicate != LABELS[0], one.label.text != text) for one in found]
        best = min(tiers, default=None)
        return tuple(one for one, tier in zip(found, tiers, strict=True) if tier == best)


def _pointing(found: Iterable[tuple[str, turtle.Triple]], name: str) -> set[str]:
    return {
        triple.subject.value
        for _, triple in found
        if triple.predicate.value == ns.SKOS + name and isinstance(triple.subject, turtle.Named)
    }
