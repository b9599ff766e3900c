"""What a data set says of its passages, by the roles that its properties play."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from publish import namespaces as ns
from publish.dataset import Dataset

# A passage has less than a billion letters, and of very long numbers Python makes none.
_COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Printed:
    """The forms of one record in one passage, and how many letters stand before each of them."""

    record: str
    forms: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Anchor:
    """The length in letters and the SHA-256 of the letters of a passage or piece."""

    iri: str
    letters: int
    digest: str


class Stated:
    """What the data set says of its passages, by the roles that its properties play."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._triples = list(dataset.union())
        lengths = self._values(ns.LETTERS)
        digests = self._values(ns.LETTER_DIGEST)
        self.anchors = {
            iri: Anchor(iri, int(lengths[iri][0]), digests[iri][0])
            for iri in lengths.keys() & digests.keys()
            if _COUNT.fullmatch(lengths[iri][0])
        }
        self.pieces = self._pieces()
        inside = {iri for pieces in self.pieces.values() for iri in pieces}
        self.passages = sorted(self.anchors.keys() - inside, key=ns.natural_order)
        self.printed = self._printed()

    def label(self, iri: str) -> str:
        """Name a passage."""
        return next((v for p in ns.LABELS for v in self._values(p).get(iri, ())), iri)

    def _values(self, role: str) -> Mapping[str, list[str]]:
        return self._by_role.get(role, {})

    @cached_property
    def _by_role(self) -> Mapping[str, Mapping[str, list[str]]]:
        """Give the values of the subjects, sorted, for each role and each kind of label."""
        roles = (ns.IN_PASSAGE, ns.PRINTED_FORM, ns.LETTERS_BEFORE)
        wanted = (ns.LETTERS, ns.LETTER_DIGEST, *roles, *ns.LABELS)
        below = self._dataset.below(wanted, ns.RDFS + "subPropertyOf")
        plays = {name: role for role in wanted for name in below[role]}
        # One kind of label may stand below another.
        plays.update((role, role) for role in wanted)
        found: dict[str, defaultdict[str, list[str]]] = {role: defaultdict(list) for role in wanted}
        for subject, predicate, value in self._triples:
            role = plays.get(predicate.value)
            if role and isinstance(subject, ox.NamedNode) and not isinstance(value, ox.Triple):
                found[role][subject.value].append(value.value)
        return {role: {k: sorted(v) for k, v in values.items()} for role, values in found.items()}

    def _pieces(self) -> Mapping[str, list[str]]:
        """Give the pieces of each passage that a page breaks, in order of their names."""
        pieces: defaultdict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in self._triples:
            if (
                predicate.value == ns.DCTERMS + "isPartOf"
                and isinstance(subject, ox.NamedNode)
                and isinstance(value, ox.NamedNode)
                and subject.value in self.anchors
                and value.value in self.anchors
            ):
                pieces[value.value].append(subject.value)
        return {iri: sorted(found, key=ns.natural_order) for iri, found in pieces.items()}

    def _printed(self) -> Mapping[str, list[Printed]]:
        """Give what the records say is printed in each passage."""
        found: defaultdict[str, list[Printed]] = defaultdict(list)
        forms = self._values(ns.PRINTED_FORM)
        before = self._values(ns.LETTERS_BEFORE)
        for record, passages in sorted(self._values(ns.IN_PASSAGE).items()):
            if record in forms:
                places = sorted(int(n) for n in before.get(record, ()) if _COUNT.fullmatch(n))
                # A record of several passages does not say of which its places speak.
                known = tuple(places) if len(passages) == 1 else ()
                for passage in passages:
                    found[passage].append(Printed(record, tuple(forms[record]), known))
        return found
