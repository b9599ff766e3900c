"""What is said of a batch of things and of what they lead to, by the fields of a catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from publish import namespaces as ns
from publish import turtle
from publish.catalogue.tables import Kind
from publish.catalogue.terms import Terms, iri_of
from publish.names import clean
from publish.records import Records
from publish.sources import Text, text_of, words

_DEPTH = 5
"""How many steps an entry looks: edition, host, contribution, agent, time span."""
_MET = ((Kind.WORK, "work", "edition"), (Kind.PERSON, "identity", "persona"))
"""What is said from the other end alone: of a kind, the field that leads to it, and its own field."""
_FOLLOWED = (
    *("contribution", "agent", "date", "when", "born", "died", "publisher", "published in"),
    *("work", "edition", "host", "original", "subject", "broader", "narrower", "related", "place"),
    *("participant", "member", "citing", "cited", "replaced by", "birthplace", "deathplace"),
    *("identity", "persona"),
)


class Statements:
    """Read once from the source of the records; nothing is known of other things."""

    def __init__(
        self, records: Records, terms: Terms, iris: Sequence[str], kinds: frozenset[Kind]
    ) -> None:
        self._records = records
        self._terms = terms
        self._said: dict[str, dict[str, list[turtle.Term]]] = {}
        self._kinds = kinds
        followed = [one for name in _FOLLOWED for one in terms.fields[name]]
        followed += terms.roles
        fresh = list(dict.fromkeys(iris))
        for depth in range(_DEPTH):
            self._read(fresh)
            if depth == 0:
                fresh = [iri for iri in fresh if self.wanted(iri)]
                self._meet(fresh)
            linked = (
                iri_of(term)
                for iri in fresh
                for property_ in followed
                for term in self._said[iri].get(property_, ())
            )
            fresh = [iri for iri in dict.fromkeys(linked) if iri and iri not in self._said]

    def _read(self, iris: Sequence[str]) -> None:
        if not iris:
            return
        found = self._records.source.said(iris)
        for iri in iris:
            said: defaultdict[str, list[turtle.Term]] = defaultdict(list)
            shapes = found.shapes_graph if found.description else None
            quads = sorted(
                (one for one in found.outgoing(iri) if one[0] != shapes),
                key=lambda one: (self._records.rank(one[0]), str(one[1].object)),
            )
            for _, triple in quads:
                said[triple.predicate.value].append(triple.object)
            self._said[iri] = said

    def kind(self, iri: str) -> Kind | None:
        """Give the kind of a thing, if it is of one."""
        return self._terms.kind(self.classes(iri))

    def wanted(self, iri: str) -> bool:
        """Say whether an entry of this thing is asked for."""
        return self.kind(iri) in self._kinds

    def stated(self, iri: str, property_: str) -> Sequence[turtle.Term]:
        """Give the values of one property."""
        return self._said.get(iri, {}).get(property_, ())

    def _meet(self, iris: Iterable[str]) -> None:
        """Add to works their editions and to people their personas, which they need not name."""
        for iri in iris:
            for kind, leading, own in _MET:
                if self.kind(iri) is kind:
                    self._add(iri, self._terms.fields[leading], self._terms.fields[own][0])

    def _add(self, iri: str, up: Sequence[str], down: str) -> None:
        pointing = self._records.source.pointing(iri).dataset.incoming(iri)
        found = [triple.subject for _, triple in pointing if triple.predicate.value in up]
        known = self._said[iri][down]
        known += sorted((one for one in found if one not in known), key=str)

    def classes(self, iri: str) -> frozenset[str]:
        """Give the classes that a thing is said to be of."""
        return frozenset(map(iri_of, self.stated(iri, ns.TYPE)))

    def values(self, iri: str, name: str) -> list[turtle.Term]:
        """Give the values of a field, once each, as the table of fields orders its properties."""
        said = self._said.get(iri, {})
        found = (term for property_ in self._terms.fields[name] for term in said.get(property_, ()))
        return list(dict.fromkeys(found))

    def texts(self, iri: str, name: str) -> tuple[Text, ...]:
        """Give the texts of a field, each on one line."""
        texts = (text_of(one) for one in self.values(iri, name) if isinstance(one, turtle.Literal))
        return tuple(Text(clean(one.value), one.language, one.datatype) for one in texts)

    def first(self, iri: str, name: str) -> str:
        """Give the first text of a field; empty where there is none."""
        return next((one.value for one in self.texts(iri, name)), "")

    def iris(self, iri: str, name: str) -> tuple[str, ...]:
        """Give the things that a field leads to."""
        return tuple(filter(None, map(iri_of, self.values(iri, name))))

    def label(self, iri: str) -> Text:
        """Give what a thing is called, in one line."""
        found = self._records.source.label(iri) or Text(words(iri))
        return Text(clean(found.value), found.language, found.datatype)
