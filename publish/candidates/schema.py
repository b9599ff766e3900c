"""The types and properties of the things of one source, as people and programs name them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property

from publish import errors, matching
from publish import namespaces as ns
from publish.candidates.agreement import Wanted, is_address
from publish.candidates.things import Things
from publish.candidates.values import Term
from publish.catalogue import FIELDS, Catalogue

IDENTITIES = ("same", "close")
"""The fields whose values are identifiers elsewhere."""
_SAMPLE = 400
"""How many things of each kind are looked at to know which properties they have."""


class Schema:
    """Which types and properties there are, and which is meant by a name."""

    def __init__(self, catalogue: Catalogue, things: Things) -> None:
        self._catalogue = catalogue
        self._things = things
        self._records = catalogue.records
        self._source = catalogue.records.source
        about = self._source.dataset.description
        self._space = about.uri_space if about else ""

    def type(self, name: str) -> str:
        """Give the IRI of a type; raise `RequestError` where nothing is of it."""
        iri = ns.full(name, self._source.dataset.prefixes)
        if iri not in self._known_types:
            raise errors.RequestError(
                f"there is no type `{name[:200]}`; /reconcile/suggest/type knows those that there are"
            )
        return iri

    def types(self) -> tuple[Term, ...]:
        """Give the classes of the things that there are: of catalogues first, then by number."""
        return self._types

    @cached_property
    def _types(self) -> tuple[Term, ...]:
        counts: Counter[str] = Counter()
        for kind in self._source.kinds():
            counts.update(kind.classes)
        if not counts:
            for one in self._things.read([*self._records.subjects()[:_SAMPLE]]):
                counts.update(one.types)
        self._source.meet(counts)
        order = sorted(counts, key=lambda c: (self._catalogue.kind([c]) is None, -counts[c], c))
        known = set(counts)
        return tuple(
            Term(
                one,
                self._records.label(one),
                counts[one],
                tuple(sorted((self._things.superclasses([one]) & known) - {one})),
            )
            for one in order
        )

    @cached_property
    def _known_types(self) -> frozenset[str]:
        return self._things.superclasses(one.iri for one in self._types)

    def properties(self, type_: str = "") -> tuple[Term, ...]:
        """Give the properties that things, or those of a type, were seen to have, by number.

        Each is one of a sample; a rare one may be missing, and can be asked for all the same.
        """
        if not type_:
            return self._properties
        iri = self.type(type_)
        found: Counter[str] = Counter()
        for one, seen in self._seen.items():
            if iri in self._things.superclasses([one]):
                found |= seen
        return self._terms(found)

    @cached_property
    def _properties(self) -> tuple[Term, ...]:
        whole: Counter[str] = Counter()
        for seen in self._seen.values():
            whole |= seen
        return self._terms(whole)

    def _terms(self, counts: Counter[str]) -> tuple[Term, ...]:
        self._source.meet(counts)
        order = sorted(counts, key=lambda name: (-counts[name], name))
        return tuple(Term(one, self._records.label(one), counts[one]) for one in order)

    @cached_property
    def _seen(self) -> dict[str, Counter[str]]:
        """By class the properties that a sample of things has, and how many have each."""
        samples = [kind.iris[:_SAMPLE] for kind in self._source.kinds()]
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for sample in samples or [self._records.subjects()[:_SAMPLE]]:
            for one in self._things.read([*sample]):
                for type_ in one.types:
                    found[type_].update(name for name in one.facts if name != ns.TYPE)
        return found

    @cached_property
    def authorities(self) -> Mapping[str, str]:
        """The IRI spaces of other data sets that the data know, by the IRIs of these."""
        spaces = self._source.names([ns.VOID + "uriSpace"])
        return {one.iri: one.text for one in spaces if one.text and one.text != self._space}

    def resolved(self, name: str) -> Wanted:
        """Say which properties are meant by an IRI, a prefixed name, a label or an authority."""
        iri = ns.full(name, self._source.dataset.prefixes)
        identity = tuple(p for field_ in IDENTITIES for p in self._catalogue.properties(field_))
        if iri in self.authorities:
            label = self._records.label(iri).value
            return Wanted(identity, label, (self.authorities[iri],), identity=True, authority=True)
        if not is_address(iri):
            iri = self._labelled(name)
        fields = [field_ for field_, tops in FIELDS.items() if iri in tops]
        below = (p for field_ in fields for p in self._catalogue.properties(field_))
        properties = tuple(dict.fromkeys((iri, *below)))
        label = self._records.label(iri).value
        if iri in identity:
            return Wanted(properties, label, tuple(self.authorities.values()), identity=True)
        return Wanted(properties, label)

    def _labelled(self, name: str) -> str:
        """Find the property that is called so."""
        wanted = matching.words(name)
        for one in self._properties:
            if wanted and matching.words(one.label.value) == wanted:
                return one.iri
        raise errors.RequestError(
            f"there is no property `{name[:200]}`; give its IRI, or choose one from "
            "/reconcile/suggest/property"
        )

    def property(self, name: str) -> str:
        """Give the IRI of a property or authority; raise `RequestError` where it is none."""
        iri = ns.full(name, self._source.dataset.prefixes)
        return iri if is_address(iri) else self._labelled(name)

    def suggested_types(self, text: str) -> list[Term]:
        """Give the types that are called so; all where nothing is asked."""
        return [one for one in self.types() if self._is_called(one, text)]

    def suggested_properties(self, text: str, type_: str = "") -> list[Term]:
        """Give the properties and authorities that are called so; all where nothing is asked."""
        others = self._terms(Counter(dict.fromkeys(self.authorities, 0)))
        return [one for one in (*self.properties(type_), *others) if self._is_called(one, text)]

    def _is_called(self, one: Term, text: str) -> bool:
        names = f"{one.label.value} {ns.short(one.iri, self._source.dataset.prefixes)}"
        return not text.strip() or one.iri == text or matching.matches(names, matching.wanted(text))
