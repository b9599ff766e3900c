"""Which thing is meant by a name, an identifier or a date: candidates, how near, and why.

Names are found by the index (`search`) and weighed by `matching.resemblance`; identifiers are found
by what points at them. Other properties only weigh: each that is asked for and known of a candidate
counts, what is not known counts neither way. A score goes from 0 to 100, and each part of it is
told as a feature. A candidate is a match where somebody could take it over unseen: its name is
the one asked for, nothing speaks against it, and no other comes near.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from publish import dates, errors, labels, matching, search, turtle
from publish import namespaces as ns
from publish.catalogue import FIELDS, Catalogue, Kind
from publish.description.values import is_iri
from publish.search import Index
from publish.sources import Called, Text, text_of

STRICT = ("any", "should", "all")
"""How types are asked for: one of them, rather one of them, all of them (Reconciliation 0.2)."""

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
_SAMPLE = 400
"""How many things of each kind are looked at to know which properties they have."""
_GIVEN = ("altLabel", "hiddenLabel")
_IDENTITIES = ("same", "close")
_SHORT = 200


@dataclass(frozen=True)
class Given:
    """A value that somebody gives: a text, and an IRI where it is a thing."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Condition:
    """A property and values of which a candidate should have one (`any`), all, or none.

    `property` is an IRI, a prefixed name, a label, or the IRI of an authority (`void:uriSpace`),
    whose identifiers are then the values.
    """

    property: str
    values: tuple[Given, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Query:
    """What is known of the thing that is looked for; without a text, conditions must find it."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Feature:
    """A part of a score: what was compared, and how well it agrees (0 to 100, or yes or no)."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; `match` says that it can be taken over unseen."""

    iri: str
    label: Text
    description: str
    types: tuple[str, ...]
    score: float
    match: bool
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class Term:
    """A class or property, and how many things were seen to have it."""

    iri: str
    label: Text
    count: int
    broader: tuple[str, ...] = ()


Facts = Mapping[str, Sequence[turtle.Term]]


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
        self._records = catalogue.records
        self._source = catalogue.records.source
        about = self._source.dataset.description
        self._space = about.uri_space if about else ""
        self._languages = about.languages if about else ()
        self._above: dict[frozenset[str], frozenset[str]] = {}
        self._places: dict[frozenset[str], int] = {}

    # --- candidates --------------------------------------------------------------------------

    def candidates(self, query: Query) -> tuple[Candidate, ...]:
        """Give the things that may be meant, the likeliest first.

        Raises `RequestError` for a type or property that is not known.
        """
        types = tuple(map(self.type, query.types))
        conditions = [(one, self._resolved(one.property)) for one in query.conditions]
        texts = [query.text] if query.text else []
        texts += [
            value.text
            for one, wanted in conditions
            for value in one.values
            if one.quantifier != "none"
            and value.text
            and set(wanted.properties) & set(search.NAMES)
        ]
        named = self._named(texts)
        pointed = {iri for one in self._identified(query, conditions) for iri in one}
        waiting = [*sorted(pointed), *(iri for iri in named if iri not in pointed)]
        judged: list[_Judged] = []
        for start in range(0, min(len(waiting), _MOST_READ), _READ):
            judged += [
                one
                for one in self._read(waiting[start : start + _READ])
                if self._is_of(one, types, query.strict)
                if self._weigh(one, query, conditions, named)
            ]
            if len(judged) >= query.limit:
                break
        ranked = sorted(judged, key=lambda one: (-one.score, self._place(one.types), one.iri))
        match = self._safe(ranked, query)
        self._source.meet(one.iri for one in ranked[: query.limit])
        return tuple(
            self._candidate(one, match=match and place == 0)
            for place, one in enumerate(ranked[: query.limit])
        )

    def _named(self, texts: Sequence[str]) -> dict[str, tuple[float, Called]]:
        """Give things by how near the best of their names comes, the nearest first."""
        best: dict[str, tuple[float, Called]] = {}
        for text in dict.fromkeys(texts):
            for name in self.index.alike(text):
                if not self.ours(name.iri):
                    continue
                score = _name_score(text, name)
                if score >= _LEAST and score > best.get(name.iri, (0.0, name))[0]:
                    best[name.iri] = (score, name)
        return dict(sorted(best.items(), key=lambda pair: (-pair[1][0], pair[0])))

    def _identified(
        self, query: Query, conditions: Sequence[tuple[Condition, _Wanted]]
    ) -> Iterator[Iterable[str]]:
        """Give the things that the query names by IRIs, of ours or of others."""
        iris = [*query.ids, *([query.text] if _is_address(query.text) else [])]
        for one, wanted in conditions:
            if one.quantifier != "none":
                iris += [iri for value in one.values for iri in self._elsewhere(value, wanted)]
        for iri in dict.fromkeys(iris):
            if self.ours(iri) and self._source.is_subject(iri):
                yield [iri]
            else:
                pointing = self._source.pointing(iri).dataset.incoming(iri)
                properties = {name for f in _IDENTITIES for name in self.catalogue.properties(f)}
                yield [
                    triple.subject.value
                    for _, triple in pointing
                    if triple.predicate.value in properties
                    and isinstance(triple.subject, turtle.Named)
                    and self.ours(triple.subject.value)
                ]

    def _elsewhere(self, value: Given, wanted: _Wanted) -> list[str]:
        """Give the IRIs elsewhere that a value may stand for."""
        if value.iri or _is_address(value.text):
            return [value.iri or value.text] if wanted.identity else []
        if wanted.identity and value.text and " " not in value.text:
            made = (f"{space}{value.text}" for space in wanted.spaces)
            return [one + end for one in made for end in ("", "/", "#about") if _is_address(one)]
        return []

    def _is_of(self, one: _Judged, types: Sequence[str], strict: str) -> bool:
        if not types:
            return True
        above = self.superclasses(one.types)
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
        conditions: Sequence[tuple[Condition, _Wanted]],
        named: Mapping[str, tuple[float, Called]],
    ) -> bool:
        """Weigh a candidate; say whether it has all that is required and comes near enough."""
        if query.ids or one.iri == query.text:
            one.identified = one.iri in (*query.ids, query.text)
            one.add(_IDENTITY, float(one.identified), "id", "Identifier")
        if query.text and not _is_address(query.text):
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
        turned = matching.words(text) != matching.words(found[1].text)
        titled = self.catalogue.kind(one.types) in (Kind.WORK, Kind.EDITION)
        return max(0.0, found[0] / 100 - _TURNED * (turned and titled))

    def _by_facts(self, one: _Judged, text: str) -> float:
        """Compare a text with the names that are read with a candidate."""
        called = (
            Called(one.iri, property_, term.value, term.language or "")
            for property_ in search.NAMES
            for term in one.facts.get(property_, ())
            if isinstance(term, turtle.Literal)
        )
        return max((_name_score(text, name) for name in called), default=0.0)

    def _agreement(self, facts: Facts, condition: Condition, wanted: _Wanted) -> float | None:
        """Say from 0 to 1 how well a candidate has the values; nothing where it has no value."""
        terms = [term for name in wanted.properties for term in facts.get(name, ())]
        if wanted.authority:
            terms = [one for one in terms if _value(one).startswith(wanted.spaces)]
        if not terms:
            return None if condition.quantifier != "none" else 1.0
        texts = self._texts(terms) if not wanted.identity else {}
        found = [
            max(
                _same_identifier(value, _value(term), wanted)
                if wanted.identity
                else _same_value(value, term, texts.get(_value(term), ()))
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
            for iri, said in (self.facts(iris) if iris else {}).items()
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

    def _candidate(self, one: _Judged, *, match: bool) -> Candidate:
        return Candidate(
            one.iri,
            self._records.label(one.iri),
            self._description(one.facts),
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

    # --- what is known of things ---------------------------------------------------------------

    def ours(self, iri: str) -> bool:
        """Say whether an IRI is one of a thing of the data set, by its name."""
        return iri.startswith(self._space)

    def label(self, iri: str) -> Text:
        """Give the label of a thing or term."""
        return self._records.label(iri)

    def short(self, iri: str) -> str:
        """Shorten the IRI of a term by the prefixes of the data set."""
        return ns.short(iri, self._source.dataset.prefixes)

    def described(self, iris: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Give the description and the types of things."""
        return {one.iri: (self._description(one.facts), one.types) for one in self._read(iris)}

    def _read(self, iris: Sequence[str]) -> list[_Judged]:
        """Read things; what is retired is none any more."""
        found = []
        for iri, facts in self.facts(iris).items():
            retired = any(
                _value(one) in ("true", "1") for one in facts.get(ns.OWL + "deprecated", ())
            )
            if facts and not retired:
                types = (
                    one.value for one in facts.get(ns.TYPE, ()) if isinstance(one, turtle.Named)
                )
                found.append(_Judged(iri, facts, tuple(types)))
        return found

    def facts(self, iris: Sequence[str]) -> dict[str, Facts]:
        """Give what is said of things but in rules, each value once, by property."""
        if not iris:
            return {}
        said = self._source.said(list(iris))
        shapes = said.shapes_graph if said.description else None
        found: dict[str, Facts] = {}
        for iri in iris:
            facts: defaultdict[str, list[turtle.Term]] = defaultdict(list)
            for graph, triple in said.outgoing(iri):
                terms = facts[triple.predicate.value]
                if graph != shapes and triple.object not in terms:
                    terms.append(triple.object)
            found[iri] = facts
        return found

    def superclasses(self, types: Iterable[str]) -> frozenset[str]:
        """Give types and all that stand above them."""
        key = frozenset(types)
        if key not in self._above:
            self._above[key] = self.catalogue.above(key)
        return self._above[key]

    def _description(self, facts: Facts) -> str:
        """Tell in a few words what a thing is: by its definition or note, else by its dates."""
        for name in (*FIELDS["definition"], *FIELDS["note"], ns.RDFS + "comment"):
            texts = [one for one in facts.get(name, ()) if isinstance(one, turtle.Literal)]
            if texts:
                best = min(texts, key=self._rank)
                text = " ".join(best.value.split())
                return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
        ends = [self._first(facts, field_) for field_ in ("born", "died")]
        return "\u2013".join(ends) if any(ends) else self._first(facts, "date")

    def _first(self, facts: Facts, field_: str) -> str:
        for name in self.catalogue.properties(field_):
            for term in facts.get(name, ()):
                if isinstance(term, turtle.Literal):
                    return term.value
                return self._records.label(_value(term)).value
        return ""

    def _rank(self, text: turtle.Literal) -> labels.Rank:
        return labels.rank(
            ns.LABELS[0], text.value, text.language or "", self._languages, properties=ns.LABELS
        )

    # --- types and properties ------------------------------------------------------------------

    def type(self, name: str) -> str:
        """Give the IRI of a type; raise `RequestError` where nothing is of it."""
        iri = self._expanded(name)
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
            for one in self._read([*self._records.subjects()[:_SAMPLE]]):
                counts.update(one.types)
        self._source.meet(counts)
        order = sorted(counts, key=lambda c: (self.catalogue.kind([c]) is None, -counts[c], c))
        known = set(counts)
        return tuple(
            Term(
                one,
                self._records.label(one),
                counts[one],
                tuple(sorted((self.superclasses([one]) & known) - {one})),
            )
            for one in order
        )

    @cached_property
    def _known_types(self) -> frozenset[str]:
        return self.superclasses(one.iri for one in self._types)

    def properties(self, type_: str = "") -> tuple[Term, ...]:
        """Give the properties that things, or those of a type, were seen to have, by number.

        Each is one of a sample; a rare one may be missing, and can be asked for all the same.
        """
        if not type_:
            return self._properties[""]
        iri = self.type(type_)
        found: Counter[str] = Counter()
        for one, seen in self._seen.items():
            if iri in self.superclasses([one]):
                found |= seen
        return self._terms(found)

    @cached_property
    def _properties(self) -> dict[str, tuple[Term, ...]]:
        whole: Counter[str] = Counter()
        for seen in self._seen.values():
            whole |= seen
        return {"": self._terms(whole)}

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
            for one in self._read([*sample]):
                for type_ in one.types:
                    found[type_].update(name for name in one.facts if name != ns.TYPE)
        return found

    @cached_property
    def authorities(self) -> Mapping[str, str]:
        """The IRI spaces of other data sets that the data know, by the IRIs of these."""
        spaces = self._source.names([ns.VOID + "uriSpace"])
        return {one.iri: one.text for one in spaces if one.text and one.text != self._space}

    def _resolved(self, name: str) -> _Wanted:
        """Say which properties are meant by an IRI, a prefixed name, a label or an authority."""
        iri = self._expanded(name)
        identity = tuple(p for field_ in _IDENTITIES for p in self.catalogue.properties(field_))
        if iri in self.authorities:
            label = self._records.label(iri).value
            return _Wanted(identity, label, (self.authorities[iri],), identity=True, authority=True)
        if not _is_address(iri):
            iri = self._labelled(name)
        fields = [field_ for field_, tops in FIELDS.items() if iri in tops]
        below = (p for field_ in fields for p in self.catalogue.properties(field_))
        properties = tuple(dict.fromkeys((iri, *below)))
        label = self._records.label(iri).value
        if iri in identity:
            return _Wanted(properties, label, tuple(self.authorities.values()), identity=True)
        return _Wanted(properties, label)

    def _labelled(self, name: str) -> str:
        """Find the property that is called so."""
        wanted = matching.words(name)
        for one in self._properties[""]:
            if wanted and matching.words(one.label.value) == wanted:
                return one.iri
        raise errors.RequestError(
            f"there is no property `{name[:200]}`; give its IRI, or choose one from "
            "/reconcile/suggest/property"
        )

    def property(self, name: str) -> str:
        """Give the IRI of a property or authority; raise `RequestError` where it is none."""
        iri = self._expanded(name)
        return iri if _is_address(iri) else self._labelled(name)

    def _expanded(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        space = self._source.dataset.prefixes.get(prefix) if colon else None
        return name if space is None or local.startswith("//") else space + local

    # --- values ------------------------------------------------------------------------------

    def values(
        self, iris: Sequence[str], properties: Sequence[str]
    ) -> dict[str, dict[str, tuple[Text | str, ...]]]:
        """Give the values of properties of things: texts, and IRIs as they are."""
        wanted = {name: self._resolved(name) for name in properties}
        found: dict[str, dict[str, tuple[Text | str, ...]]] = {}
        for iri, facts in self.facts([*dict.fromkeys(iris)]).items():
            found[iri] = {
                name: tuple(
                    text_of(term) if isinstance(term, turtle.Literal) else _value(term)
                    for term in dict.fromkeys(t for p in one.properties for t in facts.get(p, ()))
                    if isinstance(term, turtle.Literal | turtle.Named)
                    if not one.authority or _value(term).startswith(one.spaces)
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
        hits = [hit for hit in self.index.find(text, search.MOST).hits if self.ours(hit.iri)]
        first, rest = hits[:_SUGGESTED], hits[_SUGGESTED:]
        types = {one.iri: one.types for one in self._read([hit.iri for hit in first])}

        def order(hit: search.Hit) -> tuple[float, int, int]:
            place = self._place(types.get(hit.iri, ()))
            return (-hit.score, len(matching.words(hit.name)), place)

        ranked = [hit.iri for hit in (*sorted(first, key=order), *rest)]
        return ranked[start : start + count]

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


@dataclass(frozen=True)
class _Wanted:
    """The properties that a condition is about.

    `identity` says that their values are identifiers elsewhere, below one of `spaces`; of an
    `authority` only those below its own count.
    """

    properties: tuple[str, ...]
    name: str
    spaces: tuple[str, ...] = ()
    identity: bool = False
    authority: bool = False


def _is_address(text: str) -> bool:
    """Say whether a text is an IRI, and not a title with a colon."""
    return ("://" in text or text.startswith("urn:")) and is_iri(text)


def _name_score(text: str, name: Called) -> float:
    """Weigh a name: what is only another name, or a wrong one, comes a little behind labels."""
    last = name.predicate.removeprefix(ns.SKOS)
    behind = _GIVEN.index(last) + 1 if last in _GIVEN else 0
    return round(100 * matching.resemblance(text, name.text) - 2 * behind, 1)


def _value(term: turtle.Term) -> str:
    return term.value if isinstance(term, turtle.Named | turtle.Literal) else ""


def _same_identifier(value: Given, iri: str, wanted: _Wanted) -> float:
    """Compare an identifier, which may be an IRI or the last part of one, with an IRI."""
    asked = value.iri or value.text.strip()
    plain = [one.partition("#about")[0].rstrip("/") for one in (asked, iri)]
    secure = [one.replace("http://", "https://", 1) for one in plain]
    if secure[0] == secure[1]:
        return 1.0
    return float(any(plain[1] == f"{space}{plain[0]}" for space in wanted.spaces if plain[0]))


def _same_value(value: Given, term: turtle.Term, texts: Sequence[str]) -> float:
    """Compare a value with one of a candidate: as a thing, a date, a number or a text."""
    found = _value(term)
    if value.iri and value.iri == found:
        return 1.0
    spoken = texts if isinstance(term, turtle.Named) else (found,)
    return max((_same_text(value.text, one) for one in spoken), default=0.0)


def _same_text(given: str, found: str) -> float:
    if (agreed := dates.agreement(given, found)) is not None:
        return agreed
    try:
        return float(float(given) == float(found))
    except ValueError:
        return matching.resemblance(given, found)
