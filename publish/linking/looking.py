"""Looks for our things elsewhere: in another data set, or by a reconciliation service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from publish import matching, turtle
from publish import namespaces as ns
from publish.candidates import Candidate, Condition, Given, Query, Reconciler
from publish.catalogue import Entry
from publish.linking.values import SAME, Hit
from publish.stores.services import Service

LEAST = 75.0
"""The score from which on a candidate is proposed."""
_NAMES, _NEIGHBOURS = 6, 100
_COMMON, _COMMONS = 5.0, 10.0
"""What a neighbour in common adds to a score, and what all of them do at most."""


class Others:
    """Another data set, read or asked in SPARQL, whose things are compared in all that is known."""

    def __init__(self, theirs: Reconciler, ours: Reconciler, version: str, space: str) -> None:
        self.version = version
        self._theirs = theirs
        self._ours = ours
        self._space = space

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Compare names, dates, identifiers and neighbours."""
        for entry in entries:
            best: dict[str, Candidate] = {}
            for name in _names(entry):
                for one in self._theirs.candidates(Query(name, conditions=_conditions(entry))):
                    if one.score > (best[one.iri].score if one.iri in best else 0.0):
                        best[one.iri] = one
            wanted = (one for one in best.values() if self._fits(entry, one))
            yield entry, [self._hit(entry, one) for one in wanted]

    def _fits(self, entry: Entry, one: Candidate) -> bool:
        """Say whether a candidate is no thing of ours, and of no other kind."""
        kind = self._theirs.catalogue.kind(one.types)
        ours = bool(self._space) and one.iri.startswith(self._space)
        return one.score >= LEAST and not ours and kind in (None, entry.kind)

    def _hit(self, entry: Entry, one: Candidate) -> Hit:
        reasons = [_told(feature.name, feature.value) for feature in one.features]
        ours, theirs = neighbours(self._ours, entry.iri), neighbours(self._theirs, one.iri)
        common = sorted(ours[key] for key in ours.keys() & theirs.keys())
        if common:
            reasons.append(f"neighbours in common: {', '.join(common[:5])}")
        score = min(100.0, one.score + min(_COMMONS, _COMMON * len(common)))
        return Hit(one.iri, one.label.value, score, tuple(reasons))


class Answered:
    """A reconciliation service, which is asked for names and says itself how near it finds them."""

    def __init__(self, service: Service, version: str) -> None:
        self._service = service
        self.version = version

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Ask in batches of the size that the service takes."""
        waiting = iter(entries)
        while batch := [*islice(waiting, self._service.batch)]:
            asked = {f"q{place}": entry.label.value for place, entry in enumerate(batch)}
            found = self._service.match(asked)
            for key, entry in zip(asked, batch, strict=True):
                hits = []
                for one in found.get(key, ()):
                    score = max(
                        100 * matching.resemblance(name, one.name) for name in _names(entry)
                    )
                    said = f"the service says {one.score:g}" + (", a match" if one.match else "")
                    if score >= LEAST and one.iri:
                        reasons = (_told("Name", round(score, 1)), said)
                        hits.append(Hit(one.iri, one.name, round(score, 1), reasons))
                yield entry, hits


def _names(entry: Entry) -> list[str]:
    forms = [entry.label.value, *(one.value for one in entry.variants)]
    if entry.title is not None and not entry.devised:
        forms.insert(0, entry.title.value)
    return [*dict.fromkeys(forms)][:_NAMES]


def _conditions(entry: Entry) -> tuple[Condition, ...]:
    """Give what else is known of a thing: its dates, and what it is called elsewhere."""
    same = (Given("", iri) for iri in (entry.iri, *entry.same))
    found = [Condition(SAME, tuple(same))]
    for name, date in (
        ("birthDate", entry.born),
        ("deathDate", entry.died),
        ("datePublished", entry.date),
    ):
        if date is not None and date.edtf:
            found.append(Condition(ns.SCHEMA + name, (Given(date.edtf),)))
    return tuple(found)


def neighbours(of: Reconciler, iri: str) -> dict[str, str]:
    """Give what is next to a thing in its data set by folded name: the name itself."""
    source = of.catalogue.records.source
    facts = of.things.facts([iri])[iri]
    near = {
        term.value
        for name, terms in facts.items()
        if name not in (ns.TYPE, ns.SKOS + "inScheme", ns.SKOS + "topConceptOf")
        for term in terms
        if isinstance(term, turtle.Named)
    }
    near |= {
        triple.subject.value
        for _, triple in source.pointing(iri).dataset.incoming(iri)
        if isinstance(triple.subject, turtle.Named)
    }
    chosen = sorted(near - {iri})[:_NEIGHBOURS]
    source.meet(chosen)
    names = (found.value for one in chosen if (found := source.label(one)) is not None)
    return {" ".join(matching.words(name)): name for name in names if matching.words(name)}


def _told(name: str, value: float | bool) -> str:
    return f"{name.lower()} {value:g}" if not isinstance(value, bool) else f"{name.lower()} fits"
