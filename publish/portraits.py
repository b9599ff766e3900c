"""One thing as a reader wants to see it: what it is, where the text speaks of it, who knows what.

A portrait sorts what a record holds into sections: the facts of the text and its readings; the
passages that speak of the thing, in reading order, each with what says so; the editions and
works that belong to it; what outside sources add, source by source; the links to authorities;
and the rest. Nothing is left out and nothing stands twice.

Which property names a passage, a printed page or a number, the ontology of the data set says by
`rdfs:subPropertyOf` (the roles of `https://w3id.org/folkmote#`); in which order facts stand, its
shapes may say by `sh:order` and `sh:group` (SHACL 2.3.2); how a property reads from its other
end, `owl:inverseOf`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from publish import namespaces as ns
from publish import turtle
from publish.catalogue import Catalogue, closure, iri_of
from publish.dataset import Dataset
from publish.records import Kind, Link, Record, Records, Statement, Text

ROLES = (
    *(ns.IN_PASSAGE, ns.PRINTED_FORM, ns.TIMES, ns.MANNER, ns.NUMBER, ns.READING_ORDER),
    *(ns.PAGE, ns.CALLED_IN),
)
"""The roles that properties play in portraits."""
MATCHING = (
    *(ns.OWL + "sameAs", ns.SCHEMA + "sameAs", ns.SKOS + "exactMatch", ns.SKOS + "closeMatch"),
    *(ns.SKOS + "broadMatch", ns.SKOS + "narrowMatch", ns.SKOS + "relatedMatch"),
    *(ns.FOAF + "page", ns.FOAF + "homepage", ns.SCHEMA + "url", ns.RDFS + "seeAlso"),
)
"""The properties that lead out of a data set, the surest first."""
_TELLING = (
    *(ns.SKOS + "definition", ns.DCTERMS + "description", ns.SKOS + "scopeNote"),
    *(ns.SCHEMA + "description", ns.RDFS + "comment", ns.SKOS + "note"),
)
_DATES = ("born", "died", "date", "when")
"""The fields of a catalogue that date a thing."""
_MOST = 2_000
"""How many records that point at a thing are read."""
_READ = 20_000
"""How many records the passages of a text may carry for the things they name to be counted."""
_TOP = 10
"""How many of the things of a kind that are named most are given."""
_OWNED = 500
"""How many editions or works are told of one thing."""


@dataclass(frozen=True)
class Passage:
    """A passage: its number, its printed pages, first and last, and what it is a part of.

    `called_in` is the passage that has the mark of this one, which is then a note.
    """

    iri: str
    label: Text
    number: str = ""
    pages: tuple[int, int] | None = None
    whole: str = ""
    called_in: str = ""
    title: Text | None = None


@dataclass(frozen=True)
class Way:
    """How a passage speaks of a thing: by which record, in which role, and how many times.

    `record` is empty where the passage carries the thing itself; `part` is what the record
    speaks of, where that is not the thing but an edition of it. `times` is 0 where nobody counted.
    """

    record: str
    role: Text
    times: int = 0
    part: str = ""


@dataclass(frozen=True)
class Sighting:
    """A passage and all ways in which it speaks of one thing."""

    passage: Passage
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Owned:
    """Something that belongs to a thing: its edition, what a person wrote, and in which role.

    `record` is what says so, where that is a record of its own.
    """

    iri: str
    role: Text | None = None
    date: Text | None = None
    record: str = ""


@dataclass(frozen=True)
class Outside:
    """What one outside source says of a thing, and what in it points there."""

    graph: str
    facts: tuple[tuple[str, tuple[Statement, ...]], ...]
    pointers: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Outward:
    """A link to a record elsewhere; confidence (0 to 1) and justification where they are known."""

    statement: Statement
    confidence: float | None = None
    justification: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Carried:
    """A thing that a passage names, or a record that it carries, and in which ways."""

    iri: str
    ways: tuple[Way, ...]

    @property
    def times(self) -> int:
        """How many times it is named."""
        return sum(way.times for way in self.ways)


@dataclass(frozen=True)
class Gathering:
    """What is of one kind among what a passage carries."""

    kind: Kind
    items: tuple[Carried, ...]


@dataclass(frozen=True)
class Facts:
    """Facts that stand together; `heading` is empty where the shapes name no group."""

    heading: Text | None
    properties: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Portrait:
    """All that is known of a thing, sorted for a reader.

    `home` is the graph that gives the class, `telling` what says first what the thing is; `dates`
    are its dates, whoever gives them, and `rest` has what points at it and is in no other section.
    """

    record: Record
    kind: Kind | None
    home: str
    telling: tuple[Statement, ...]
    names: tuple[Statement, ...]
    dates: tuple[Statement, ...]
    facts: tuple[Facts, ...]
    sightings: tuple[Sighting, ...] = ()
    owned: tuple[Owned, ...] = ()
    outside: tuple[Outside, ...] = ()
    outward: tuple[Outward, ...] = ()
    rest: Record | None = None
    passage: Passage | None = None
    around: tuple[Passage | None, Passage | None] = (None, None)
    parts: tuple[Passage, ...] = ()
    carried: tuple[Gathering, ...] = ()


class Roles:
    """Which properties of a data set play which role, and in which order its facts stand."""

    def __init__(self, dataset: Dataset) -> None:
        below: defaultdict[str, set[str]] = defaultdict(set)
        self.inverse: dict[str, str] = {}
        self.passages: set[str] = set()
        for one in _triples(dataset, ns.RDFS + "subPropertyOf"):
            below[iri_of(one.object)].add(iri_of(one.subject))
        for one in _triples(dataset, ns.OWL + "inverseOf"):
            self.inverse[iri_of(one.subject)] = iri_of(one.object)
            self.inverse.setdefault(iri_of(one.object), iri_of(one.subject))
        self._below = {role: closure([role], below) for role in ROLES}
        for one in _triples(dataset, ns.RDFS + "range"):
            if iri_of(one.subject) in self._below[ns.IN_PASSAGE]:
                self.passages.add(iri_of(one.object))
        self._places = _placed(dataset)

    def of(self, role: str) -> frozenset[str]:
        """Give the properties of a role, the role itself among them."""
        return self._below[role]

    def place(self, property_: str) -> tuple[float, str, float]:
        """Say where the shapes put a property: order and IRI of its group, and order in it."""
        return self._places.get(property_, (float("inf"), "", float("inf")))


def _placed(dataset: Dataset) -> dict[str, tuple[float, str, float]]:
    """Read `sh:order` and `sh:group` of the property shapes; the least order counts."""
    orders = {
        iri_of(one.subject): _number(one.object) for one in _triples(dataset, ns.SH + "order")
    }
    groups = {iri_of(one.subject): iri_of(one.object) for one in _triples(dataset, ns.SH + "group")}
    found: dict[str, tuple[float, str, float]] = {}
    for one in _triples(dataset, ns.SH + "path"):
        shape, property_ = iri_of(one.subject), iri_of(one.object)
        if property_ and (shape in orders or shape in groups):
            group = groups.get(shape, "")
            first = orders.get(group, float("inf" if not group else 0))
            place = (first, group, orders.get(shape, float("inf")))
            found[property_] = min(place, found.get(property_, place))
    return found


def _number(term: object) -> float:
    try:
        return float(getattr(term, "value", ""))
    except ValueError:
        return float("inf")


def _triples(dataset: Dataset, property_: str) -> Iterator[turtle.Triple]:
    for graph in dataset.graphs.values():
        for quad in graph.quads_for_predicate(turtle.Named(property_)):
            yield quad.triple


class _Said:
    """What the text and its readings say of some things; what outside sources add, if `all_`."""

    def __init__(self, records: Records, iris: Iterable[str], *, all_: bool = False) -> None:
        wanted = [*dict.fromkeys(iris)]
        found = records.source.said(wanted) if wanted else records.dataset
        # Each graph is looked into for each thing, and outside sources are many graphs.
        graphs = [
            graph
            for name, graph in sorted(found.graphs.items(), key=lambda one: records.rank(one[0]))
            if name != found.shapes_graph and (all_ or records.rank(name) != 1)
        ]
        self._said = {
            iri: [
                quad.triple
                for graph in graphs
                for quad in sorted(graph.quads_for_subject(turtle.Named(iri)), key=str)
            ]
            for iri in wanted
        }

    def triples(self, iri: str) -> Sequence[turtle.Triple]:
        return self._said.get(iri, ())

    def values(self, iri: str, properties: Iterable[str]) -> list[turtle.Term]:
        wanted = frozenset(properties)
        found = (one.object for one in self.triples(iri) if one.predicate.value in wanted)
        return [*dict.fromkeys(found)]

    def iris(self, iri: str, properties: Iterable[str]) -> list[str]:
        return [*filter(None, map(iri_of, self.values(iri, properties)))]

    def whole_numbers(self, iri: str, properties: Iterable[str]) -> list[int]:
        texts = (getattr(one, "value", "") for one in self.values(iri, properties))
        return [int(text) for text in texts if text.isdecimal() and len(text) < 10]

    def first(self, iri: str, properties: Iterable[str]) -> str:
        found = (one for one in self.values(iri, properties) if isinstance(one, turtle.Literal))
        return next((one.value for one in found), "")


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
        iris = [iri for kind in self.kinds for iri in kind.members[:_MOST]]
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
        said = _Said(self._records, wanted)
        self._records.source.meet(wanted)
        ordered = sorted(wanted, key=lambda iri: self._order(said, iri))
        return tuple(self._passage(said, iri) for iri in ordered)

    def _order(self, said: _Said, iri: str) -> tuple[int, list[tuple[int, int, str]], str]:
        placed = said.whole_numbers(iri, self._roles.of(ns.READING_ORDER))
        label = self._records.label(iri).value.casefold()
        return (min(placed, default=10**9), ns.natural_order(label), iri)

    def _passage(self, said: _Said, iri: str) -> Passage:
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
        said = _Said(self._records, pointing)
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

    def _way(self, said: _Said, record: str, part: str = "") -> Way:
        return Way(record, self._role(said, record), self._times(said, record), part)

    def _times(self, said: _Said, record: str) -> int:
        counted = sum(said.whole_numbers(record, self._roles.of(ns.TIMES)))
        return counted or bool(said.values(record, self._roles.of(ns.PRINTED_FORM)))

    def _role(self, said: _Said, record: str) -> Text:
        manners = said.iris(record, self._roles.of(ns.MANNER))
        classes = said.iris(record, [ns.TYPE])
        own = [one for one in classes if one.startswith(self._records.dataset.base)]
        chosen = next(iter((*manners, *own, *classes)), "")
        return self._records.label(chosen) if chosen else Text("")

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
        said = _Said(self._records, (one for many in carrying.values() for one in many))
        named = {passage: self._named(said, many) for passage, many in carrying.items()}
        self._records.source.meet(one for many in named.values() for one in many)
        return {passage: self._gathered(many) for passage, many in named.items()}

    def _named(self, said: _Said, records: Sequence[str]) -> dict[str, list[Way]]:
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

    def _things(self, said: _Said, record: str) -> tuple[str, ...]:
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


class Portraits:
    """The portraits of one source; what holds for all of them is read once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records = catalogue.records
        self.roles = Roles(self._records.dataset)
        self.frame = Frame(self._records, self.roles)

    def portrait(self, iri: str) -> Portrait:
        """Give the portrait of a thing; raise `NotFound` where nothing is known of it."""
        record = self._records.record(iri)
        base = self._sorted(record)
        if self.frame.holds(iri):
            return self._of_passage(base)
        owned = self._owned(record)
        parts = self._parts(record)
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
            rest=self._rest(record, shown, base.outside),
        )

    # --- what is said of it --------------------------------------------------------------------

    def _sorted(self, record: Record) -> Portrait:
        """Sort what is said of a thing itself."""
        outward = [one for one in record.statements if self._leads_out(one)]
        in_passage = self.roles.of(ns.IN_PASSAGE)
        left = [
            one
            for one in record.statements
            if one not in outward
            and one.predicate != ns.TYPE
            and not (one.predicate in in_passage and not self.frame.holds(record.iri))
            and not (one.predicate in ns.LABELS and one.value == record.label)
        ]
        known = [one for one in left if self._is_outside(one.graph)]
        own = [one for one in left if not self._is_outside(one.graph)]
        telling = _first_of(own, _TELLING)
        names = [one for one in own if _is_name(one.predicate)]
        dated = [one for name in _DATES for one in self._catalogue.properties(name)]
        dates = [
            one
            for name in dict.fromkeys(dated)
            for one in record.statements
            if one.predicate == name
        ]
        facts = [one for one in own if one not in (*telling, *names, *dates)]
        graphs = record.graphs()
        return Portrait(
            record=record,
            kind=self._kind(record.iri),
            home=graphs[0] if graphs else "",
            telling=tuple(telling),
            names=tuple(_once(names)),
            dates=tuple(_once(dates)),
            facts=self._grouped(facts),
            outside=self._outside(record, known),
            outward=tuple(self._outward(record.iri, one) for one in outward),
            rest=record,
        )

    def _kind(self, iri: str) -> Kind | None:
        name = self.frame.kind_of(iri)
        return next((kind for kind in self._records.kinds() if kind.name == name), None)

    def _is_outside(self, graph: str) -> bool:
        return self._records.rank(graph) == 1

    def _leads_out(self, one: Statement) -> bool:
        if one.predicate not in MATCHING or not isinstance(one.value, Link | Text):
            return False
        target = one.value.iri if isinstance(one.value, Link) else one.value.value
        base = self._records.dataset.base
        return not (base and target.startswith(base))

    def _outward(self, iri: str, one: Statement) -> Outward:
        target = one.value.iri if isinstance(one.value, Link) else ""
        match = self._matches.get((iri, one.predicate, target))
        if match is None:
            return Outward(one)
        confidence, cells = match
        return Outward(
            one, confidence, cells.get("mapping_justification", ""), cells.get("comment", "")
        )

    @cached_property
    def _matches(self) -> Mapping[tuple[str, str, str], tuple[float, Mapping[str, str]]]:
        return {
            (one.subject, one.predicate, one.object): (one.confidence, one.cells)
            for one in self._records.dataset.matches
            if one.asserted
        }

    def _grouped(self, statements: Sequence[Statement]) -> tuple[Facts, ...]:
        """Gather facts by the groups of the shapes, each property in its place."""
        by_property: defaultdict[str, list[Statement]] = defaultdict(list)
        for one in statements:
            by_property[one.predicate].append(one)

        def key(name: str) -> tuple[float, str, float, str]:
            return (*self.roles.place(name), self._records.label(name).value.casefold())

        groups: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(by_property, key=key):
            groups[self.roles.place(name)[1]].append(name)
        return tuple(
            Facts(
                self._records.label(group) if group else None,
                tuple((name, tuple(by_property[name])) for name in names),
            )
            for group, names in groups.items()
        )

    def _outside(self, record: Record, known: Sequence[Statement]) -> tuple[Outside, ...]:
        pointing = [one for one in record.pointers if self._is_outside(one.graph)]
        graphs = dict.fromkeys(one.graph for one in (*known, *pointing))
        return tuple(
            Outside(
                graph,
                _properties(one for one in known if one.graph == graph),
                _properties(one for one in pointing if one.graph == graph),
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
            if isinstance(one.value, Link) and one.graph not in record.around
        )
        ours = (one for one in found if self.frame.kind_of(one) and not self.frame.holds(one))
        return [*dict.fromkeys(ours)][:_MOST]

    def _parts(self, record: Record) -> list[str]:
        """Give the editions of a work."""
        up, down = self._catalogue.properties("work"), self._catalogue.properties("edition")
        found = [
            *(one.value for one in record.pointers if one.predicate in up),
            *(one.value for one in record.statements if one.predicate in down),
        ]
        iris = dict.fromkeys(one.iri for one in found if isinstance(one, Link))
        return [*iris][:_OWNED]

    def _pointing_at(self, parts: Sequence[str]) -> dict[str, str]:
        found = self._records.source.leading(parts)
        pointing: dict[str, str] = {}
        for part in parts:
            for graph, triple in found.incoming(part):
                one = iri_of(triple.subject)
                if self.frame.kind_of(one) and self._records.rank(graph) == 0:
                    pointing.setdefault(one, part)
        return dict(list(pointing.items())[:_MOST])

    def _owned(self, record: Record) -> tuple[Owned, ...]:
        """Give editions, or what an agent had a part in."""
        found = [Owned(one) for one in self._parts(record)] or self._made(record)
        said = _Said(self._records, (one.iri for one in found), all_=True)
        return self._in_time([replace(one, date=self._date(said, one.iri)) for one in found])

    def _made(self, record: Record) -> list[Owned]:
        pointing = [
            (one.predicate, one.value.iri) for one in record.pointers if isinstance(one.value, Link)
        ]
        roles, agent = self._catalogue.roles, self._catalogue.properties("agent")
        found = [Owned(iri, self._records.label(name)) for name, iri in pointing if name in roles]
        found += self._through([iri for name, iri in pointing if name in agent][:_OWNED])
        return [one for one in dict.fromkeys(found) if self.frame.kind_of(one.iri)][:_OWNED]

    def _through(self, contributions: Sequence[str]) -> list[Owned]:
        """Give what contributions are to, each with the role that the contribution says."""
        if not contributions:
            return []
        owning = self._catalogue.properties("contribution")
        found = self._records.source.leading(contributions, owning)
        said = _Said(self._records, contributions)
        roles = {
            one: next(iter(said.iris(one, self._catalogue.properties("role"))), "")
            for one in contributions
        }
        self._records.source.meet(filter(None, roles.values()))
        return [
            Owned(iri_of(triple.subject), self._records.label(roles[one] or one), record=one)
            for one in contributions
            for _, triple in found.incoming(one)
            if triple.predicate.value in owning and iri_of(triple.subject)
        ]

    def _date(self, said: _Said, iri: str) -> Text | None:
        for term in said.values(iri, self._catalogue.properties("date")):
            if isinstance(term, turtle.Literal):
                return Text(term.value, term.language or "", term.datatype.value)
            return self._records.label(iri_of(term))
        return None

    def _in_time(self, owned: Sequence[Owned]) -> tuple[Owned, ...]:
        self._records.source.meet(one.iri for one in owned)

        def key(one: Owned) -> tuple[bool, list[tuple[int, int, str]], str, str]:
            date = one.date.value if one.date else ""
            label = self._records.label(one.iri).value
            return (not date, ns.natural_order(date.removeprefix("circa ")), label, one.iri)

        return tuple(sorted(owned, key=key))

    def _rest(self, record: Record, shown: set[str], outside: Sequence[Outside]) -> Record:
        """Leave in a record only what points at it and is shown nowhere else."""
        elsewhere = {one for part in outside for _, many in part.pointers for one in many}

        def left(one: Statement) -> bool:
            iri = one.value.iri if isinstance(one.value, Link) else ""
            return iri not in shown and one not in elsewhere

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
        carried = self.frame.carried([iri])[iri]
        shown = {one.iri for many in carried for one in many.items}
        shown |= {way.record for many in carried for one in many.items for way in one.ways}
        parts = tuple(one for one in passages if one.whole == iri)
        shown |= {one.iri for one in parts}
        before = passages[place - 1] if place else None
        after = passages[place + 1] if place is not None and place + 1 < len(passages) else None
        return replace(
            base,
            passage=passages[place] if place is not None else self.frame.read([iri])[0],
            around=(before, after),
            parts=parts,
            carried=carried,
            rest=self._rest(base.record, shown, base.outside),
        )


def queries(roles: Roles, iri: str) -> Mapping[str, str]:
    """Give for each section of a portrait the query that finds what stands in it."""
    thing = f"<{iri}>"
    places = "|".join(f"<{one}>" for one in sorted(roles.of(ns.IN_PASSAGE) - {ns.IN_PASSAGE}))
    places = places or f"<{ns.IN_PASSAGE}>"
    matching = " ".join(f"<{one}>" for one in MATCHING)
    said = f"GRAPH ?source {{ {thing} ?property ?value }}"
    return {
        "facts": f"SELECT ?property ?value ?source WHERE {{\n  {said}\n}} ORDER BY ?property",
        "sightings": (
            "SELECT DISTINCT ?passage ?record ?property WHERE {\n"
            f"  {{ {thing} {places} ?passage }}\n  UNION\n"
            f"  {{ ?record ?property {thing} ; {places} ?passage }}\n}} ORDER BY ?passage ?record"
        ),
        "carried": (
            "SELECT ?record ?class WHERE {\n"
            f"  ?record {places} {thing} ; a ?class\n}} ORDER BY ?class ?record"
        ),
        "outside": (
            f"SELECT ?source ?property ?value WHERE {{\n  {said}\n"
            '  FILTER(CONTAINS(STR(?source), "/enrichment-"))\n} ORDER BY ?source ?property'
        ),
        "outward": (
            f"SELECT ?property ?record ?source WHERE {{\n  VALUES ?property {{ {matching} }}\n"
            f"  GRAPH ?source {{ {thing} ?property ?record }}\n}} ORDER BY ?property ?record"
        ),
        "rest": (
            "SELECT ?thing ?property ?source WHERE {\n"
            f"  GRAPH ?source {{ ?thing ?property {thing} }}\n}} ORDER BY ?property ?thing"
        ),
    }


def _is_name(property_: str) -> bool:
    return property_ in (*ns.LABELS, ns.SKOS + "altLabel", ns.SCHEMA + "alternateName")


def _first_of(statements: Sequence[Statement], properties: Sequence[str]) -> list[Statement]:
    """Give the statements of the first property that has any."""
    for property_ in properties:
        found = [one for one in statements if one.predicate == property_]
        if found:
            return found
    return []


def _once(statements: Iterable[Statement]) -> list[Statement]:
    return [*{(one.predicate, one.value): one for one in reversed([*statements])}.values()][::-1]


def _properties(
    statements: Iterable[Statement],
) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        found[one.predicate].append(one)
    return tuple((name, tuple(many)) for name, many in found.items())
