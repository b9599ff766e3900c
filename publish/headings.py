"""Headings as cataloguers know them: which thing bears one, and which begin with some words.

A known heading is looked up without regard to case, accents and punctuation: a label, another
name, a name inverted (`Doe, Jane`), with the dates of a life (`Doe, Jane, 1801-1870`), or a work
under its author, with the dates or without (`Doe, Jane. Title`). A label goes before another name,
what is spelled so before what is only like it. Nothing is guessed: who wants that asks
`candidates`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from publish import errors, matching, search
from publish import namespaces as ns
from publish.candidates import Candidate, Query, Reconciler
from publish.catalogue import Entry, Kind
from publish.crosswalks.mads import CLASSES, heading, life
from publish.sources import Called

Anchor: TypeAlias = Literal["leftanchored", "keyword"]

_DATED = re.compile(r"(.+?),\s*((?:\d{4})?-(?:\d{4})?)\.?")
_LABELS = (ns.SKOS + "prefLabel", ns.RDFS + "label")
_AUTHORITIES = tuple(kind for kind, _ in CLASSES)
_HEADED = (*_AUTHORITIES, Kind.EDITION)
_NEAR = 10
_LOOKED_AT = 500
"""How many things are looked at for headings that begin with some words."""


@dataclass(frozen=True)
class Suggestion:
    """A heading; `variant` is the other name by which it was found, if it was."""

    iri: str
    heading: str
    variant: str
    kind: str


class Headings:
    """The headings of one source."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler
        self._catalogue = reconciler.catalogue
        self._index = reconciler.index

    def known(self, text: str, type_: str = "") -> tuple[str, ...]:
        """Give the things that bear a heading: more than one only where none is to be preferred.

        Raises `RequestError` for a type that is not known.
        """
        wanted = self._reconciler.schema.type(type_) if type_ else ""
        dated = _DATED.fullmatch(text)
        for base, years in ((text, ""), *([(dated[1], dated[2])] if dated else [])):
            found = self._bearing(base, wanted, years)
            if found:
                return found
        return self._under_author(text, wanted)

    def _bearing(self, text: str, type_: str, years: str) -> tuple[str, ...]:
        names = [one for one in self._index.called(text) if self._reconciler.things.ours(one.iri)]
        tiers = {one.iri: 4 for one in names}
        for one in names:
            tiers[one.iri] = min(tiers[one.iri], self._tier(text, one))
        living = self._of_type([iri for iri, tier in tiers.items() if tier < 4], type_)
        if years:
            entries = self._catalogue.entries(living)
            living = {one.iri: living[one.iri] for one in entries if life(one) == years}
        # A book may be called as somebody is, but no heading of a catalogue stands for it.
        keys = {iri: (kind not in _AUTHORITIES, tiers[iri]) for iri, kind in living.items()}
        best = min(keys.values(), default=None)
        return tuple(iri for iri in living if keys[iri] == best)

    def _tier(self, text: str, name: Called) -> int:
        """Say how good a name is: a label or another name, spelled so or only like it."""
        straight = matching.words(name.text) == matching.words(text)
        if not straight and "," not in text + name.text:
            return 4
        return 2 * (name.predicate not in _LABELS) + (name.text != text)

    def _of_type(self, iris: Sequence[str], type_: str) -> dict[str, Kind | None]:
        """Leave out what is retired, and what is not of the type asked for; give the kinds."""
        return {
            iri: self._catalogue.kind(types)
            for iri, (_, types) in self._reconciler.things.described(iris).items()
            if not type_ or type_ in self._reconciler.things.superclasses(types)
        }

    def _under_author(self, text: str, type_: str) -> tuple[str, ...]:
        """Find works under their authors."""
        title = text.rpartition(". ")[2]
        iris = self._of_type([one.iri for one in self._index.called(title)], type_)
        folded = matching.words(text)
        return tuple(
            one.iri
            for one in self._catalogue.entries(iris)
            if title != text and folded in map(matching.words, _under_authors(one))
        )

    def near(self, text: str) -> tuple[Candidate, ...]:
        """Give things that may have been meant by a heading that nothing bears."""
        return self._reconciler.candidates(Query(text, limit=_NEAR))

    def suggested(self, text: str, anchor: Anchor, kind: str = "") -> list[Suggestion]:
        """Give headings that begin with words (in order), or hold them (the best first).

        `kind` is a class of MADS/RDF, such as `PersonalName`; raises `RequestError` for another.
        """
        kinds = set(dict(CLASSES).values())
        if kind and kind not in kinds:
            raise errors.RequestError(
                f"`rdftype` is `{kind[:80]}`; give one of {', '.join(sorted(kinds))}"
            )
        hits = self._index.find(text, search.MOST).hits
        names = {hit.iri: hit.name for hit in hits if self._reconciler.things.ours(hit.iri)}
        found: list[Suggestion] = []
        for entry in self._catalogue.entries([*names][:_LOOKED_AT], _HEADED):
            class_ = dict(CLASSES).get(entry.kind, "")
            if entry.retired or (kind and class_ != kind):
                continue
            if anchor == "leftanchored":
                found += _anchored(entry, text, class_)
            else:
                said = heading(entry).value
                variant = "" if _says(said, names[entry.iri]) else names[entry.iri]
                found.append(Suggestion(entry.iri, said, variant, class_))
        if anchor == "leftanchored":
            found.sort(key=lambda one: (matching.words(one.variant or one.heading), one.iri))
        return found


def _under_authors(entry: Entry) -> Sequence[str]:
    """Give the heading of a work, which has the dates of its author, and the one without them."""
    shares = (replace(one, agent=replace(one.agent, born=None, died=None)) for one in entry.shares)
    return (heading(entry).value, heading(replace(entry, shares=tuple(shares))).value)


def _anchored(entry: Entry, text: str, class_: str) -> list[Suggestion]:
    """Give the heading of an entry and the variants that begin with some words."""
    said = heading(entry).value
    forms = {entry.label.value: "", **{one.value: "" for one in entry.variants}}
    found = [Suggestion(entry.iri, said, "", class_)] if _begins(said, text) else []
    others = (one for one in forms if one != said and _begins(one, text))
    return found + [Suggestion(entry.iri, said, one, class_) for one in others]


def _begins(form: str, text: str) -> bool:
    words, sought = matching.words(form), matching.words(text)
    if not sought or len(words) < len(sought):
        return False
    *whole, last = sought
    return words[: len(whole)] == whole and words[len(whole)].startswith(last)


def _says(said: str, name: str) -> bool:
    """Say whether a heading has all the words of a name."""
    return set(matching.words(name)) <= set(matching.words(said))
