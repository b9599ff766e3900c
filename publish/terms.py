"""The terms of a data set as a reader looks them up: what each means, and how it is used.

A document of terms is one that says it is an `owl:Ontology` and whose terms have its IRI and a
`#` in front. Everything about a term is taken from what the data say of it: its definition, what
it is said of and what it gives, what stands above and below it, what corresponds to it in other
vocabularies, the rules that look at it, how often it is used and where, and one statement that
uses it, as an example. Values of a list (`skos:inScheme`) are gathered by their list.

Follows RDF Schema 1.1, sections 2 and 3, SKOS, section 4, and VANN for `vann:example`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from publish import namespaces as ns
from publish import turtle
from publish.records import Link, Record, Records, Statement, Text
from publish.rules import Rule, Rulebook, Shape, short

_ONTOLOGY = ns.OWL + "Ontology"
_SHAPES = frozenset({ns.SH + "NodeShape", ns.SH + "PropertyShape", ns.SH + "SPARQLRule"})
_CLASSES = frozenset({ns.OWL + "Class", ns.RDFS + "Class"})
_DEFINITIONS = (ns.SKOS + "definition", ns.RDFS + "comment", ns.DCTERMS + "description")
_ABOVE = frozenset({ns.RDFS + "subClassOf", ns.RDFS + "subPropertyOf", ns.SKOS + "broader"})
_BESIDE = frozenset(
    {
        ns.RDFS + "seeAlso",
        ns.OWL + "equivalentClass",
        ns.OWL + "equivalentProperty",
        ns.OWL + "sameAs",
        *(ns.SKOS + f"{how}Match" for how in ("exact", "close", "broad", "narrow", "related")),
    }
)
_SHOWN_APART = frozenset(
    {
        *(ns.TYPE, ns.RDFS + "isDefinedBy", ns.RDFS + "domain", ns.RDFS + "range"),
        *(ns.VANN + "example", ns.SKOS + "inScheme"),
        *(*_ABOVE, *_BESIDE),
    }
)
HEADER = (
    *(ns.OWL + "versionInfo", ns.DCAT + "version", ns.OWL + "versionIRI"),
    *(ns.OWL + "priorVersion", ns.SKOS + "historyNote", ns.DCTERMS + "license"),
    *(ns.DCTERMS + "creator", ns.DCTERMS + "contributor", ns.DCTERMS + "publisher"),
    *(ns.DCTERMS + "created", ns.DCTERMS + "issued", ns.DCTERMS + "modified"),
    *(ns.VANN + "preferredNamespacePrefix", ns.VANN + "preferredNamespaceUri"),
    ns.DCTERMS + "bibliographicCitation",
)
"""What a reader wants to know of a document of terms, in this order."""

_USES = MappingProxyType(
    {
        "class": "SELECT ?thing WHERE { ?thing a %s } ORDER BY ?thing",
        "property": "SELECT ?thing ?value WHERE { ?thing %s ?value } ORDER BY ?thing ?value",
        "individual": "SELECT ?thing ?property WHERE { ?thing ?property %s } ORDER BY ?thing",
    }
)
_SORTS = (
    ("classes", "Classes"),
    ("things", "Properties that lead to things"),
    ("values", "Properties that have values"),
    ("properties", "Other properties"),
    ("datatypes", "Datatypes"),
    ("individuals", "Individuals"),
)


@dataclass(frozen=True)
class Example:
    """A thing that uses a term, and its statements that do; or else a text, as it was given."""

    thing: str
    statements: tuple[Statement, ...]
    text: Text | None = None


@dataclass(frozen=True)
class Term:
    """One term.

    `above` and `below` stay within the data set's own terms; `alignments` are the statements
    that lead to terms of other vocabularies. `rules` are those that look at it or follow it,
    `naming` those that speak of it otherwise. `uses` counts what `query` lists, where that is
    known.
    """

    iri: str
    role: str
    label: Text
    types: tuple[str, ...]
    definitions: tuple[Text, ...]
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    alignments: tuple[Statement, ...]
    examples: tuple[Example, ...]
    rules: tuple[tuple[Shape, Rule], ...]
    naming: tuple[tuple[Shape, Rule], ...]
    uses: int | None
    query: str
    others: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Group:
    """Terms of one sort; `scheme` is the list that they are the values of, where they are."""

    name: str
    title: Text
    terms: tuple[Term, ...]
    scheme: Record | None = None


def documents(records: Records) -> tuple[str, ...]:
    """Give the documents of terms of a data set, in the order of their IRIs."""
    data = records.dataset
    found = {
        quad.subject.value
        for graph in data.graphs.values()
        for quad in graph.quads_for_object(turtle.Named(_ONTOLOGY))
        if quad.predicate.value == ns.TYPE and isinstance(quad.subject, turtle.Named)
    }
    return tuple(sorted(iri for iri in found if data.base and iri.startswith(data.base)))


def holds_rules(records: Records, document: str) -> bool:
    """Say whether the terms of a document are rules."""
    return any(
        triple.predicate.value == ns.TYPE and _value(triple.object) in _SHAPES
        for iri in records.terms(document)
        for _, triple in records.dataset.outgoing(iri)
    )


def versions(records: Records) -> dict[str, str]:
    """Give for the IRI of each version that is served here the document that it is a version of."""
    return {
        _value(triple.object): document
        for document in documents(records)
        for _, triple in records.dataset.outgoing(document)
        if triple.predicate.value == ns.OWL + "versionIRI"
    }


def header(record: Record) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    """Give what a document of terms says of its version, makers, licence and namespace."""
    said: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in record.statements:
        said[one.predicate].append(one)
    return tuple((name, tuple(said[name])) for name in HEADER if name in said)


class Glossary:
    """The terms of a data set; their uses are counted once.

    Where the records are not of the `whole` data set, uses are not counted.
    """

    def __init__(self, records: Records, rules: Rulebook, *, whole: bool = True) -> None:
        self._records = records
        self._whole = whole
        self._data = records.dataset
        self._rules = rules

    def groups(self, document: str) -> tuple[Group, ...]:
        """Give the terms of a document: classes, properties, others, and lists."""
        terms = [self._term(iri) for iri in self._records.terms(document)]
        lists: defaultdict[str, list[Term]] = defaultdict(list)
        sorts: defaultdict[str, list[Term]] = defaultdict(list)
        for term in sorted(terms, key=lambda one: ns.alphabetic_order(one.label.value)):
            scheme = self._scheme(term.iri)
            (lists[scheme] if scheme else sorts[_sort(term)]).append(term)
        plain = [Group(name, Text(title, "en"), tuple(sorts[name])) for name, title in _SORTS]
        of_lists = [
            Group(self._short(one), self._records.label(one), tuple(lists[one]), self._known(one))
            for one in sorted(lists, key=lambda iri: self._records.label(iri).value.casefold())
        ]
        return tuple(group for group in [*plain, *of_lists] if group.terms)

    def foreign(self) -> tuple[Term, ...]:
        """Give the terms of other vocabularies of which the graph of terms speaks."""
        graph = self._data.graphs.get(self._data.ontology_graph, ())
        subjects = {quad.subject.value for quad in graph if isinstance(quad.subject, turtle.Named)}
        outside = (iri for iri in subjects if not iri.startswith(self._data.base))
        return tuple(self._term(iri) for iri in sorted(outside, key=self._short))

    # --- one term --------------------------------------------------------------------------

    def _term(self, iri: str) -> Term:
        record = self._records.record(iri)
        role = _role(record.types)
        above = _targets(record.statements, _ABOVE)
        return Term(
            iri=iri,
            role=role,
            label=record.label,
            types=record.types,
            definitions=tuple(_texts(record)),
            domains=_targets(record.statements, {ns.RDFS + "domain"}),
            ranges=_targets(record.statements, {ns.RDFS + "range"}),
            above=tuple(one for one in above if self._own(one)),
            below=tuple(one for one in _targets(record.pointers, _ABOVE) if self._own(one)),
            alignments=tuple(one for one in record.statements if self._aligns(one)),
            examples=tuple(self._examples(record, role)),
            rules=_by_rule(self._rules.governing.get(iri, ())),
            naming=_by_rule(self._rules.naming.get(iri, ())),
            uses=self._counts[role][iri] if self._whole else None,
            query=_USES[role] % self._short(iri),
            others=_others(record),
        )

    def _own(self, iri: str) -> bool:
        return bool(self._data.base) and iri.startswith(self._data.base)

    def _aligns(self, one: Statement) -> bool:
        if not isinstance(one.value, Link):
            return False
        return one.predicate in _BESIDE or (
            one.predicate in _ABOVE and not self._own(one.value.iri)
        )

    def _scheme(self, iri: str) -> str | None:
        said = (triple for _, triple in self._data.outgoing(iri))
        found = (_value(t.object) for t in said if t.predicate.value == ns.SKOS + "inScheme")
        return next(found, None)

    def _known(self, iri: str) -> Record | None:
        return self._records.record(iri) if self._records.is_subject(iri) else None

    def _short(self, iri: str) -> str:
        return short(iri, self._data.prefixes)

    # --- uses ------------------------------------------------------------------------------

    @cached_property
    def _counts(self) -> Mapping[str, Counter[str]]:
        """Count each term as a class, as a property, and as the object of any statement."""
        counts = {role: Counter[str]() for role in _USES}
        for triple in self._data.union():
            name = triple.predicate.value
            counts["property"][name] += 1
            if isinstance(triple.object, turtle.Named):
                counts["individual"][triple.object.value] += 1
                if name == ns.TYPE:
                    counts["class"][triple.object.value] += 1
        return counts

    def _examples(self, record: Record, role: str) -> Iterator[Example]:
        """Give the examples that a term names, or else the first thing that uses it."""
        named = [one.value for one in record.statements if one.predicate == ns.VANN + "example"]
        for value in named:
            if isinstance(value, Text):
                yield Example("", (), value)
            elif isinstance(value, Link) and self._records.is_subject(value.iri):
                yield self._example(value.iri, record.iri, role)
            elif isinstance(value, Link):
                yield Example(value.iri, ())
        if not named:
            first = self._first_use(record.iri, role)
            if first:
                yield self._example(first, record.iri, role)

    def _example(self, thing: str, term: str, role: str) -> Example:
        record = self._records.record(thing)
        using = [one for one in record.statements if _uses(one, term, role)]
        about = record.first(ns.RDF + "subject")
        if not using and isinstance(about, Link) and self._records.is_subject(about.iri):
            # The example is a record of a statement (RDF Schema 5.3): show that statement.
            said = self._records.record(about.iri).statements
            value = record.first(ns.RDF + "object")
            stated = [one for one in said if _uses(one, term, role) and one.value == value]
            if stated:
                return Example(about.iri, tuple(stated))
        return Example(thing, tuple(using))

    def _first_use(self, term: str, role: str) -> str | None:
        """Find a thing that uses a term, in the layers of the data before all else."""
        data = self._data
        node = turtle.Named(term)
        apart = {data.shapes_graph, data.ontology_graph}
        for name in sorted(data.graphs.keys() - apart, key=self._records.rank):
            graph = data.graphs[name]
            found = (
                graph.quads_for_predicate(node)
                if role == "property"
                else graph.quads_for_object(node)
            )
            using = {
                quad.subject.value
                for quad in found
                if isinstance(quad.subject, turtle.Named)
                and (role != "class" or quad.predicate.value == ns.TYPE)
            }
            if using:
                return min(using, key=ns.natural_order)
        return None


def _sort(term: Term) -> str:
    if term.role == "property":
        if ns.OWL + "DatatypeProperty" in term.types:
            return "values"
        return "things" if ns.OWL + "ObjectProperty" in term.types else "properties"
    if term.role == "class":
        return "classes"
    return "datatypes" if ns.RDFS + "Datatype" in term.types else "individuals"


def _role(types: Sequence[str]) -> str:
    if _CLASSES.intersection(types):
        return "class"
    is_property = any(one.endswith("Property") for one in types if one.startswith((ns.OWL, ns.RDF)))
    return "property" if is_property else "individual"


def _uses(one: Statement, term: str, role: str) -> bool:
    if role == "property":
        return one.predicate == term
    return one.value == Link(term) and (role != "class" or one.predicate == ns.TYPE)


def _targets(said: Iterable[Statement], predicates: Iterable[str]) -> tuple[str, ...]:
    wanted = set(predicates)
    found = (
        one.value.iri for one in said if one.predicate in wanted and isinstance(one.value, Link)
    )
    return tuple(dict.fromkeys(found))


def _texts(record: Record) -> Iterator[Text]:
    """Give the definitions: those of the best property that has any."""
    for predicate in _DEFINITIONS:
        found = [one.value for one in record.statements if one.predicate == predicate]
        if found:
            yield from (value for value in found if isinstance(value, Text))
            return


def _by_rule(pairs: Iterable[tuple[Shape, Rule]]) -> tuple[tuple[Shape, Rule], ...]:
    """Give each rule once, with the first of the shapes that it belongs to."""
    return tuple({(rule.iri or shape.iri): (shape, rule) for shape, rule in pairs}.values())


def _others(record: Record) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    """Give what a term says beside all that is shown in a place of its own."""
    defined = next(
        (one for one in _DEFINITIONS if any(s.predicate == one for s in record.statements)), ""
    )
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in record.statements:
        is_label = one.predicate in ns.LABELS and one.value == record.label
        if one.predicate not in {*_SHOWN_APART, defined} and not is_label:
            groups[one.predicate].append(one)
    return tuple((name, tuple(groups[name])) for name in sorted(groups))


def _value(term: turtle.Term) -> str:
    return str(getattr(term, "value", ""))
