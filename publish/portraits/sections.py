"""Sorts what a record holds into the sections of a portrait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Catalogue, iri_of
from publish.portraits.frame import MOST, Frame
from publish.portraits.ownership import Ownership
from publish.portraits.reasons import ABOUT, DIFFERENT, Reasons
from publish.portraits.roles import Roles
from publish.portraits.said import Said
from publish.portraits.sparql import MATCHING
from publish.portraits.stances import stances
from publish.portraits.values import Facts, Outside, Portrait
from publish.records import DERIVED, OUTSIDE, Kind, Link, Record, Statement, Text
from publish.sources import text_of

_TELLING = (
    *(ns.SKOS + "definition", ns.DCTERMS + "description", ns.SKOS + "scopeNote"),
    *(ns.SCHEMA + "description", ns.RDFS + "comment", ns.SKOS + "note"),
)
_DATES = ("born", "died", "date", "when")
"""The fields of a catalogue that date a thing."""
_PLAIN = MappingProxyType(
    {ns.SKOSXL + name: ns.SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")}
)
"""What a name that is a record of its own says plainly too (SKOS Reference, B.3.4.1)."""
_SPELLINGS = frozenset({ns.SKOS + "hiddenLabel", *_PLAIN})
"""How a name is spelled, misprints among it: of all facts what a reader asks for last."""


class Portraits:
    """The portraits of one source; what holds for all of them is read once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records = catalogue.records
        self.roles = Roles(self._records.dataset)
        self.frame = Frame(self._records, self.roles)
        self._ownership = Ownership(catalogue, self.frame)

    def portrait(self, iri: str) -> Portrait:
        """Give the portrait of a thing; raise `NotFound` where nothing is known of it."""
        record = self._records.record(iri)
        base = self._sorted(record)
        if self.frame.holds(iri):
            return self._of_passage(base)
        owned = self._ownership.of(record)
        parts = self._ownership.editions(record)
        pointing = dict.fromkeys(self._pointing(record), "")
        if parts:
            pointing |= self._pointing_at(parts)
        own = self._places(record)
        sightings = self.frame.sightings(own, pointing)
        shown = {way.record for one in sightings for way in one.ways if not way.part}
        shown |= {iri for one in owned for iri in (one.iri, one.record)}
        return replace(
            base,
            sightings=sightings,
            owned=owned,
            stances=stances(self._records, self.roles, record),
            rest=self._rest(record, shown, base.outside),
        )

    # --- what is said of it --------------------------------------------------------------------

    def _sorted(self, record: Record) -> Portrait:
        """Sort what is said of a thing itself."""
        outward = [one for one in record.statements if self._leads_out(one)]
        reasons = Reasons(self._records, record)
        refused = [
            one for one in record.statements if one.predicate == DIFFERENT and reasons.holds(one)
        ]
        forms = self._forms(record)
        left = self._left(record, {*outward, *refused, *forms.values()})
        known = [one for one in left if self._is_outside(one.graph)]
        own = [one for one in left if not self._is_outside(one.graph)]
        telling = _first_of(own, _TELLING)
        names = [one for one in own if _is_name(one.predicate)]
        dates = self._dates(record)
        told = {*telling, *names, *dates}
        facts = [one for one in own if one not in told]
        graphs = record.graphs()
        return Portrait(
            record=record,
            kind=self._kind(record.iri),
            classes=self._classes(record),
            home=graphs[0] if graphs else "",
            telling=tuple(telling),
            names=tuple(_once(names)),
            dates=tuple(_once(dates)),
            facts=self._grouped(facts),
            forms=forms,
            outside=self._outside(record, known),
            outward=tuple(map(reasons.of, outward)),
            waiting=reasons.waiting(outward),
            refused=reasons.refused(),
            rest=record,
        )

    def _left(self, record: Record, apart: Set[Statement]) -> list[Statement]:
        """Give what is not told apart, by the kind, by the passage or by the name above all."""
        in_passage = self.roles.of(ns.IN_PASSAGE)
        return [
            one
            for one in record.statements
            if one not in apart
            and one.predicate != ns.TYPE
            and not (one.predicate in in_passage and not self.frame.holds(record.iri))
            and not (one.predicate in ns.LABELS and one.value == record.label)
        ]

    def _dates(self, record: Record) -> list[Statement]:
        """Give the statements that date a thing, in the order in which catalogues know them."""
        dated = [one for name in _DATES for one in self._catalogue.properties(name)]
        return [
            one
            for name in dict.fromkeys(dated)
            for one in record.statements
            if one.predicate == name
        ]

    def _forms(self, record: Record) -> dict[Statement, Statement]:
        """Give to each plain name the statement that says it by a record, so that it stands once."""
        plain = {
            (one.predicate, one.graph, one.value): one
            for one in record.statements
            if one.predicate in _PLAIN.values() and one.value != record.label
        }
        named = [
            (one, one.value.iri)
            for one in record.statements
            if plain and one.predicate in _PLAIN and isinstance(one.value, Link)
        ]
        said = Said(self._records, (iri for _, iri in named), all_=True)
        found: dict[Statement, Statement] = {}
        for one, iri in named:
            for term in said.values(iri, [ns.SKOSXL + "literalForm"]):
                if isinstance(term, turtle.Literal):
                    same = plain.get((_PLAIN[one.predicate], one.graph, text_of(term)))
                    found |= {same: one} if same else {}
        return found

    def _kind(self, iri: str) -> Kind | None:
        name = self.frame.kind_of(iri)
        return next((kind for kind in self._records.kinds() if kind.name == name), None)

    def _classes(self, record: Record) -> tuple[str, ...]:
        """Give the classes that say most: those stated, and before them what was derived and is rarer.

        That a thing is of the classes above its own is derived for those who ask for these.
        """
        stated = {
            one.value.iri
            for one in record.statements
            if one.predicate == ns.TYPE
            and isinstance(one.value, Link)
            and self._records.rank(one.graph) < DERIVED
        }
        derived = [iri for iri in record.types if iri not in stated]
        many = self._counts.get(self.frame.kind_of(record.iri), {})
        least = min((many.get(iri, 0) for iri in stated), default=float("inf"))
        rarer = [iri for iri in derived if many.get(iri, 0) < least]
        return (
            *sorted(rarer, key=lambda iri: many.get(iri, 0)),
            *filter(stated.__contains__, record.types),
        )

    @cached_property
    def _counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many things of each kind are of which class."""
        return {one.name: one.classes for one in self._records.source.kinds()}

    def _is_outside(self, graph: str) -> bool:
        return self._records.rank(graph) == OUTSIDE

    def _leads_out(self, one: Statement) -> bool:
        if one.predicate not in MATCHING or not isinstance(one.value, Link | Text):
            return False
        target = one.value.iri if isinstance(one.value, Link) else one.value.value
        base = self._records.dataset.base
        return not (base and target.startswith(base))

    def _grouped(self, statements: Sequence[Statement]) -> tuple[Facts, ...]:
        """Gather facts by the groups of the shapes, each property in its place."""
        groups: defaultdict[str, list[tuple[str, tuple[Statement, ...]]]] = defaultdict(list)
        for name, many in self._properties(statements):
            groups[self.roles.place(name)[1]].append((name, many))
        return tuple(
            Facts(self._records.label(group) if group else None, tuple(properties))
            for group, properties in groups.items()
        )

    def _properties(
        self, statements: Iterable[Statement]
    ) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """Gather statements by their property, each in the place that the shapes give it."""
        found: defaultdict[str, list[Statement]] = defaultdict(list)
        for one in statements:
            found[one.predicate].append(one)

        def key(name: str) -> tuple[bool, float, str, float, str]:
            label = self._records.label(name).value.casefold()
            return (name in _SPELLINGS, *self.roles.place(name), label)

        return tuple((name, tuple(found[name])) for name in sorted(found, key=key))

    def _outside(self, record: Record, known: Sequence[Statement]) -> tuple[Outside, ...]:
        pointing = [one for one in record.pointers if self._is_outside(one.graph)]
        graphs = dict.fromkeys(one.graph for one in (*known, *pointing))
        return tuple(
            Outside(
                graph,
                self._properties(one for one in known if one.graph == graph),
                self._properties(one for one in pointing if one.graph == graph),
            )
            for graph in sorted(graphs, key=lambda graph: self._records.label(graph).value)
        )

    # --- what points at it ---------------------------------------------------------------------

    def _places(self, record: Record) -> list[str]:
        in_passage = self.roles.of(ns.IN_PASSAGE)
        return [
            one.value.iri
            for one in record.statements
            if one.predicate in in_passage and isinstance(one.value, Link)
        ]

    def _pointing(self, record: Record) -> list[str]:
        """Give the records that may carry a thing into a passage."""
        found = (
            one.value.iri
            for one in record.pointers
            if isinstance(one.value, Link)
            and one.graph not in record.around
            # What only an outside source connects is not what the text speaks of.
            and not self._is_outside(one.graph)
        )
        ours = (one for one in found if self.frame.kind_of(one) and not self.frame.holds(one))
        return [*dict.fromkeys(ours)][:MOST]

    def _pointing_at(self, parts: Sequence[str]) -> dict[str, str]:
        found = self._records.source.leading(parts)
        pointing: dict[str, str] = {}
        for part in parts:
            for graph, triple in found.incoming(part):
                one = iri_of(triple.subject)
                if self.frame.kind_of(one) and self._records.rank(graph) < OUTSIDE:
                    pointing.setdefault(one, part)
        return dict(list(pointing.items())[:MOST])

    def _rest(self, record: Record, shown: set[str], outside: Sequence[Outside]) -> Record:
        """Leave in a record only what points at it and is shown nowhere else.

        What the thing itself says the other way round (that it is opposed to what is opposed to
        it, that what has it as a part is its whole) stands among its facts.
        """
        elsewhere = {one for part in outside for _, many in part.pointers for one in many}
        turned = self.roles.turned
        said = {(turned.get(one.predicate), one.value) for one in record.statements}

        def left(one: Statement) -> bool:
            iri = one.value.iri if isinstance(one.value, Link) else ""
            told = iri in shown or (one.predicate, one.value) in said or one.predicate == ABOUT
            return not told and one not in elsewhere

        pointers = tuple(one for one in record.pointers if left(one))
        gone: defaultdict[str, int] = defaultdict(int)
        for one in record.pointers:
            gone[one.predicate] += not left(one)
        totals = {name: many - gone[name] for name, many in record.totals.items()}
        return Record(record.iri, record.label, record.types, (), pointers, totals, record.around)

    # --- passages ------------------------------------------------------------------------------

    def _of_passage(self, base: Portrait) -> Portrait:
        iri = base.record.iri
        passages = self.frame.passages
        place = self.frame.place(iri)
        carried = self.frame.carried_within(iri)
        shown = {one.iri for many in carried for one in many.items}
        shown |= {way.record for many in carried for one in many.items for way in one.ways}
        parts = tuple(one for one in passages if one.whole == iri)
        inside = {one.iri for one in parts}
        shown |= inside
        before = passages[place - 1] if place else None
        after = passages[place + 1] if place is not None and place + 1 < len(passages) else None
        return replace(
            base,
            passage=passages[place] if place is not None else self.frame.read([iri])[0],
            around=(before, after),
            parts=parts,
            facts=tuple(_without(base.facts, inside)),
            carried=carried,
            rest=self._rest(base.record, shown, base.outside),
        )


def _is_name(property_: str) -> bool:
    return property_ in (*ns.LABELS, ns.SKOS + "altLabel", ns.SCHEMA + "alternateName")


def _without(facts: Iterable[Facts], shown: set[str]) -> Iterator[Facts]:
    """Leave out of some facts what leads to things that are shown elsewhere."""
    for group in facts:
        left = [
            (name, tuple(one for one in many if _iri(one.value) not in shown))
            for name, many in group.properties
        ]
        yield replace(group, properties=tuple((name, many) for name, many in left if many))


def _iri(value: object) -> str:
    return value.iri if isinstance(value, Link) else ""


def _first_of(statements: Sequence[Statement], properties: Sequence[str]) -> list[Statement]:
    """Give the statements of the first property that has any."""
    for property_ in properties:
        found = [one for one in statements if one.predicate == property_]
        if found:
            return found
    return []


def _once(statements: Iterable[Statement]) -> list[Statement]:
    return [*{(one.predicate, one.value): one for one in reversed([*statements])}.values()][::-1]
