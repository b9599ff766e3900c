"""The passages of a text in reading order: what they carry, and which of them carry a thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import iri_of
from publish.portraits.roles import Roles
from publish.portraits.said import Said
from publish.portraits.values import Carried, Gathering, Passage, Sighting, Way
from publish.records import Kind, Records, Text

MOST = 2_000
"""How many records that point at a thing are read."""
_READ = 20_000
"""How many records the passages of a text may carry for the things they name to be counted."""
_TOP = 10
"""How many of the things of a kind that are named most are given."""


class Frame:
    """The passages of a text, in reading order, and what they carry."""

    def __init__(self, records: Records, roles: Roles) -> None:
        self._records = records
        self._roles = roles
        about = records.dataset.description
        self._space = about.uri_space if about else ""

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of which passages are: those in which a class of passages is found."""
        classes = {
            one.name: one.classes.keys() & self._roles.passages
            for one in self._records.source.kinds()
        }
        return tuple(kind for kind in self._records.kinds() if classes.get(kind.name))

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the text, the first ones of a very long one."""
        iris = [iri for kind in self.kinds for iri in kind.members[:MOST]]
        return self.read(iris)

    @cached_property
    def sections(self) -> tuple[tuple[Passage | None, tuple[Passage, ...]], ...]:
        """The text part by part, in reading order; a note stands in the part that calls it."""
        by_iri = {one.iri: one for one in self.passages}
        wholes = {one.whole for one in self.passages} & by_iri.keys()
        parts: dict[str, list[Passage]] = {}
        for one in self.passages:
            if one.iri in wholes:
                parts.setdefault(one.iri, [])
                continue
            called = by_iri.get(one.called_in, one)
            place = next((w for w in (one.whole, called.whole) if w in wholes), "")
            parts.setdefault(place, []).append(one)
        return tuple((by_iri.get(place), tuple(many)) for place, many in parts.items())

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """How many records each passage carries."""
        properties = self._roles.of(ns.IN_PASSAGE)
        iris = [one.iri for one in self.passages]
        found = self._records.source.leading(iris, sorted(properties))
        return {
            iri: len({t.subject for _, t in found.incoming(iri) if t.predicate.value in properties})
            for iri in iris
        }

    @cached_property
    def named(self) -> tuple[tuple[Kind, tuple[tuple[str, int], ...]], ...]:
        """The things that the text names most, kind by kind, with how many times.

        Nothing of a text whose passages carry more than can be read at once.
        """
        if sum(self.weights.values()) > _READ:
            return ()
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, Kind] = {}
        for gatherings in self.carried([one.iri for one in self.passages]).values():
            for gathering in gatherings:
                kinds[gathering.kind.name] = gathering.kind
                for one in gathering.items:
                    counted[gathering.kind.name][one.iri] += one.times
        tops = {
            name: tuple((iri, many) for iri, many in counter.most_common(_TOP) if many)
            for name, counter in counted.items()
        }
        order = sorted(tops, key=lambda name: -sum(counted[name].values()))
        return tuple((kinds[name], tops[name]) for name in order if tops[name])

    def place(self, iri: str) -> int | None:
        """Give the rank of a passage, from 0."""
        return self._ranks.get(iri)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {one.iri: rank for rank, one in enumerate(self.passages)}

    @cached_property
    def whole(self) -> frozenset[str]:
        """What the passages are parts of, and no passage: the text itself."""
        return frozenset(one.whole for one in self.passages if not self.holds(one.whole))

    def holds(self, iri: str) -> bool:
        """Say whether an IRI is that of a passage."""
        return self.kind_of(iri) in {kind.name for kind in self.kinds}

    def kind_of(self, iri: str) -> str:
        """Give the name of the kind of a thing; empty for what is none."""
        if not self._space or not iri.startswith(self._space):
            return ""
        return iri.removeprefix(self._space).partition("/")[0]

    def read(self, iris: Iterable[str]) -> tuple[Passage, ...]:
        """Give some passages, in reading order."""
        wanted = [*dict.fromkeys(iris)]
        said = Said(self._records, wanted)
        self._records.source.meet(wanted)
        ordered = sorted(wanted, key=lambda iri: self._order(said, iri))
        return tuple(self._passage(said, iri) for iri in ordered)

    def _order(self, said: Said, iri: str) -> tuple[int, list[tuple[int, int, str]], str]:
        placed = said.whole_numbers(iri, self._roles.of(ns.READING_ORDER))
        label = self._records.label(iri).value.casefold()
        return (min(placed, default=10**9), ns.natural_order(label), iri)

    def _passage(self, said: Said, iri: str) -> Passage:
        pages = said.whole_numbers(iri, self._roles.of(ns.PAGE))
        titles = said.values(iri, [ns.DCTERMS + "title"])
        title = next((one for one in titles if isinstance(one, turtle.Literal)), None)
        return Passage(
            iri,
            self._records.label(iri),
            said.first(iri, self._roles.of(ns.NUMBER)),
            (min(pages), max(pages)) if pages else None,
            next(iter(said.iris(iri, [ns.DCTERMS + "isPartOf"])), ""),
            next(iter(said.iris(iri, self._roles.of(ns.CALLED_IN))), ""),
            Text(title.value, title.language or "") if title else None,
        )

    # --- from things to passages ---------------------------------------------------------------

    def sightings(self, own: Sequence[str], pointing: Mapping[str, str]) -> tuple[Sighting, ...]:
        """Give the passages that carry a thing, or one of the records that point at it.

        `own` are the passages that the thing itself names; `pointing` maps each record to the
        part of the thing that it points at, empty for the thing itself.
        """
        said = Said(self._records, pointing)
        ways: defaultdict[str, list[Way]] = defaultdict(list)
        places = {one: said.iris(one, self._roles.of(ns.IN_PASSAGE)) for one in pointing}
        for record, part in pointing.items():
            for place in places[record]:
                ways[place].append(self._way(said, record, part))
        for iri in own:
            # That it stands there goes without saying where a record says how.
            ways[iri] = ways[iri] or [Way("", Text(""))]
        return tuple(
            Sighting(one, tuple(sorted(ways[one.iri], key=self._way_order)))
            for one in self.read(ways)
        )

    def _way_order(self, way: Way) -> tuple[bool, str, list[tuple[int, int, str]], str]:
        label = self._records.label(way.record).value if way.record else ""
        return (not way.times, way.role.value, ns.natural_order(label), way.record)

    def _way(self, said: Said, record: str, part: str = "") -> Way:
        return Way(record, self._role(said, record), self._times(said, record), part)

    def _times(self, said: Said, record: str) -> int:
        counted = sum(said.whole_numbers(record, self._roles.of(ns.TIMES)))
        return counted or bool(said.values(record, self._roles.of(ns.PRINTED_FORM)))

    def _role(self, said: Said, record: str) -> Text:
        """Say how a record speaks of something: by its manner, else by what it is."""
        manner = next(iter(said.iris(record, self._roles.of(ns.MANNER))), "")
        if manner:
            return self._records.label(manner)
        # What readers call it in lists says more to them than the class of a vocabulary.
        name = self.kind_of(record)
        kind = next((one for one in self._records.kinds() if one.name == name), None)
        classes = said.iris(record, [ns.TYPE])
        return kind.label if kind else self._records.label(classes[0]) if classes else Text("")

    # --- from passages to things ---------------------------------------------------------------

    def carried(self, passages: Sequence[str]) -> Mapping[str, tuple[Gathering, ...]]:
        """Give what some passages carry: the things they name, then their records, by kind."""
        properties = self._roles.of(ns.IN_PASSAGE)
        found = self._records.source.leading(passages, sorted(properties))
        carrying: dict[str, list[str]] = {}
        for passage in passages:
            records = (
                iri_of(one.subject)
                for _, one in found.incoming(passage)
                if one.predicate.value in properties
            )
            carrying[passage] = [*filter(None, dict.fromkeys(records))]
        said = Said(self._records, (one for many in carrying.values() for one in many))
        named = {passage: self._named(said, many) for passage, many in carrying.items()}
        self._records.source.meet(one for many in named.values() for one in many)
        return {passage: self._gathered(many) for passage, many in named.items()}

    def carried_within(self, iri: str) -> tuple[Gathering, ...]:
        """Give what a passage and its parts carry, each thing once with how many times it is named.

        A note stands in the part that calls it.
        """
        inside = next((many for whole, many in self.sections if whole and whole.iri == iri), ())
        found = self.carried([iri, *(one.iri for one in inside)])
        if not inside:
            return found[iri]
        ways: defaultdict[str, list[Way]] = defaultdict(list)
        for gathering in chain.from_iterable(found.values()):
            for one in gathering.items:
                ways[one.iri] += one.ways
        # Who wants to know where, and in which manner, looks into the parts.
        counted = {
            thing: [Way("", many[0].role, sum(way.times for way in many))]
            for thing, many in ways.items()
        }
        return self._gathered(counted)

    def _named(self, said: Said, records: Sequence[str]) -> dict[str, list[Way]]:
        """Give the things that records name by a printed form, and all other records themselves."""
        ways: defaultdict[str, list[Way]] = defaultdict(list)
        for record in records:
            printed = said.values(record, self._roles.of(ns.PRINTED_FORM))
            things = self._things(said, record) if printed else ()
            for thing in things:
                ways[thing].append(self._way(said, record))
            if not things:
                ways[record].append(Way("", self._role(said, record)))
        return ways

    def _things(self, said: Said, record: str) -> tuple[str, ...]:
        linked = (iri_of(one.object) for one in said.triples(record))
        return tuple(
            dict.fromkeys(
                iri
                for iri in linked
                if self.kind_of(iri) and not self.holds(iri) and iri not in self.whole
            )
        )

    def _gathered(self, ways: Mapping[str, Sequence[Way]]) -> tuple[Gathering, ...]:
        by_kind: defaultdict[str, list[Carried]] = defaultdict(list)
        for iri, found in ways.items():
            by_kind[self.kind_of(iri)].append(Carried(iri, tuple(found)))
        gathered = [
            Gathering(kind, tuple(sorted(by_kind[kind.name], key=self._by_label)))
            for kind in self._records.kinds()
            if kind.name in by_kind
        ]
        return tuple(sorted(gathered, key=lambda one: not any(c.times for c in one.items)))

    def _by_label(self, one: Carried) -> tuple[int, list[tuple[int, int, str]], str]:
        label = self._records.label(one.iri).value.casefold()
        return (-one.times, ns.natural_order(label), one.iri)
