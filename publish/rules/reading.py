"""Reads the shapes of a data set, each with its rules, from the records."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, layer_of_rules
from publish.graphs import Place
from publish.records import Link, Nested, Record, Records, Statement, Text, Value
from publish.rules.values import (
    Derivation,
    Path,
    Rule,
    Rulebook,
    Severity,
    Shape,
    Target,
)

_SAID_APART = frozenset(
    ns.SH + name
    for name in (
        *("path", "message", "severity", "property", "sparql", "target", "targetClass"),
        *("targetNode", "targetObjectsOf", "targetSubjectsOf", "rule"),
    )
) | {ns.TYPE, ns.RDFS + "label", ns.RDFS + "comment"}
_AIMS = MappingProxyType(
    {
        ns.SH + "targetClass": "class",
        ns.SH + "targetSubjectsOf": "subjects",
        ns.SH + "targetObjectsOf": "objects",
        ns.SH + "targetNode": "node",
    }
)
_MARKS = MappingProxyType(
    {ns.SH + "zeroOrMorePath": "*", ns.SH + "oneOrMorePath": "+", ns.SH + "zeroOrOnePath": "?"}
)
_FOUND = MappingProxyType(
    {
        "class": "?thing a %s",
        "subjects": "?thing %s ?value",
        "objects": "?other %s ?thing",
        "node": "VALUES ?thing { %s }",
    }
)
_LOCAL_NAME = re.compile(r"\w(?:[\w.-]*[\w-])?")
_PREFIXED = re.compile(r"(?<![\w?$<-])([A-Za-z][\w.-]*):(\w(?:[\w.-]*[\w-])?)")


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """Write an IRI as a query may have it: with a prefix where one fits, else in brackets."""
    fitting = [(len(space), name) for name, space in prefixes.items() if iri.startswith(space)]
    for length, name in sorted(fitting, reverse=True):
        if _LOCAL_NAME.fullmatch(iri[length:]):
            return f"{name}:{iri[length:]}"
    return f"<{iri}>"


def read(records: Records, *, whole: bool = True) -> Rulebook:
    """Read all rules of a data set; there are none where it has no graph of shapes.

    Where the records are not of the `whole` data set, what shapes look at is not counted.
    """
    return _Reading(records, whole=whole).rulebook()


class _Reading:
    """Reads shapes, each with its rules, from the records of a data set."""

    def __init__(self, records: Records, *, whole: bool) -> None:
        self._records = records
        self._whole = whole
        self._dataset = records.dataset
        self._graph = self._dataset.shapes_graph
        self._targets = _Targets(self._dataset)

    def rulebook(self) -> Rulebook:
        iris = {*self._of_type("NodeShape"), *filter(self._aims, self._of_type("PropertyShape"))}
        shapes = tuple(sorted((self._shape(iri) for iri in iris), key=_by_place))
        derivations = [self._derivation(iri) for iri in self._of_type("SPARQLRule")]
        governing: defaultdict[str, list[tuple[Shape, Rule]]] = defaultdict(list)
        naming: defaultdict[str, list[tuple[Shape, Rule]]] = defaultdict(list)
        for shape in shapes:
            for rule in shape.rules:
                led = _links(rule.path)
                aimed = set() if rule.path else {target.iri for target in shape.targets}
                for term in led | aimed:
                    governing[term].append((shape, rule))
                for term in self._named(rule) - led - aimed:
                    naming[term].append((shape, rule))
        return Rulebook(
            shapes,
            tuple(sorted(derivations, key=_by_place)),
            {term: tuple(pairs) for term, pairs in governing.items()},
            {term: tuple(pairs) for term, pairs in naming.items()},
        )

    def _of_type(self, name: str) -> list[str]:
        graph = self._dataset.graphs.get(self._graph, ())
        wanted = turtle.Named(ns.SH + name)
        return sorted(
            quad.subject.value
            for quad in graph
            if quad.predicate.value == ns.TYPE
            and quad.object == wanted
            and isinstance(quad.subject, turtle.Named)
        )

    def _aims(self, iri: str) -> bool:
        """Say whether a shape looks for things by itself, as one of a property may too."""
        return any(_aims(self._said(self._records.record(iri))))

    def _shape(self, iri: str) -> Shape:
        record = self._records.record(iri)
        said = self._said(record)
        place = _first_place(said)
        layer = layer_of_rules(place.path) if place else ""
        graphs = tuple(self._dataset.graphs_of_rules(layer))
        targets = tuple(_aims(said))
        own = self._rule(record.iri, said)
        rules = [own] if own.messages or own.demands or own.queries else []
        rules += [self._property(value) for value in _values(said, ns.SH + "property")]
        return Shape(
            iri=iri,
            label=record.label,
            comment=_text(said, ns.RDFS + "comment"),
            targets=targets,
            rules=tuple(rules) or (own,),
            layer=layer,
            graphs=graphs,
            count=self._targets.count(targets, graphs) if self._whole else None,
            query=self._targets.query(targets, graphs, layer),
            place=place,
            used_by=tuple(dict.fromkeys(self._pointing(record))),
        )

    def _said(self, record: Record) -> tuple[Statement, ...]:
        return tuple(one for one in record.statements if one.graph == self._graph)

    def _property(self, value: Value) -> Rule:
        if isinstance(value, Link) and self._records.is_subject(value.iri):
            return self._rule(value.iri, self._said(self._records.record(value.iri)))
        nested = value.statements if isinstance(value, Nested) else ()
        return self._rule("", nested)

    def _rule(self, iri: str, said: Sequence[Statement]) -> Rule:
        messages = [one for one in _values(said, ns.SH + "message") if isinstance(one, Text)]
        queries = []
        for value in _values(said, ns.SH + "sparql"):
            name, inner = self._constraint(value)
            messages += [one for one in _values(inner, ns.SH + "message") if isinstance(one, Text)]
            for form in ("select", "ask"):
                text = _text(inner, ns.SH + form)
                queries += [(name, text)] if text else []
        path = next(iter(_values(said, ns.SH + "path")), None)
        return Rule(
            iri=iri,
            label=_text(said, ns.RDFS + "label"),
            messages=tuple(messages),
            severity=_severity(said),
            path=_path(path) if path else (),
            demands=_demands(said),
            queries=tuple(queries),
            place=_first_place(said),
        )

    def _constraint(self, value: Value) -> tuple[str, Sequence[Statement]]:
        if isinstance(value, Link) and self._records.is_subject(value.iri):
            return value.iri, self._said(self._records.record(value.iri))
        return "", value.statements if isinstance(value, Nested) else ()

    def _pointing(self, record: Record, predicate: str = "") -> Iterator[str]:
        """Give the shapes and rules that make use of one."""
        for one in record.pointers:
            if one.graph == self._graph and predicate in ("", one.predicate):
                yield from _links([one.value])

    def _derivation(self, iri: str) -> Derivation:
        record = self._records.record(iri)
        said = self._said(record)
        construct = _text(said, ns.SH + "construct")
        return Derivation(
            iri=iri,
            label=record.label,
            query=construct.value if construct else "",
            shapes=tuple(self._pointing(record, ns.SH + "rule")),
            place=_first_place(said),
        )

    def _named(self, rule: Rule) -> set[str]:
        """Give the terms that a rule speaks of in its queries and values."""
        known = self._dataset.prefixes
        found = {
            known[prefix] + name
            for _, query in rule.queries
            for prefix, name in _PREFIXED.findall(query.value)
            if prefix in known
        }
        return found.union(*(_links(values) for _, values in rule.demands))


class _Targets:
    """Counts what shapes look at, and writes the query that lists it."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._below = _subclasses(dataset)

    def count(self, targets: Sequence[Target], graphs: Sequence[str]) -> int:
        found: set[turtle.Term] = set()
        for target in targets:
            if target.kind == "node":
                found.add(turtle.Named(target.iri))
            for graph in graphs:
                found.update(self._found(target, graph, whole=len(graphs) > 1))
        return len(found)

    def _found(self, target: Target, name: str, *, whole: bool) -> Iterator[turtle.Term]:
        graph = self._dataset.graphs[name]
        term = turtle.Named(target.iri)
        if target.kind == "class":
            classes = self._below.get(target.iri, {target.iri}) if whole else {target.iri}
            for one in classes:
                for quad in graph.quads_for_object(turtle.Named(one)):
                    if quad.predicate.value == ns.TYPE:
                        yield quad.subject
        elif target.kind == "subjects":
            yield from (quad.subject for quad in graph.quads_for_predicate(term))
        elif target.kind == "objects":
            yield from (quad.object for quad in graph.quads_for_predicate(term))

    def query(self, targets: Sequence[Target], graphs: Sequence[str], layer: str) -> str:
        """Write the query, in the prefixes of the data set; empty where there is no target."""
        blocks = [self._block(target, graphs, layer) for target in targets]
        inside = " UNION ".join(f"{{ {block} }}" for block in blocks)
        inside = blocks[0] if len(blocks) == 1 else inside
        return f"SELECT DISTINCT ?thing WHERE {{\n  {inside}\n}} ORDER BY ?thing" if blocks else ""

    def _block(self, target: Target, graphs: Sequence[str], layer: str) -> str:
        term = self._short(target.iri)
        pattern = _FOUND[target.kind] % term
        if target.kind == "node":
            return pattern
        if len(graphs) == 1:
            return f"GRAPH {self._short(graphs[0])} {{ {pattern} }}"
        if target.kind == "class" and not layer:
            path = f"?class {self._short(ns.RDFS + 'subClassOf')}* {term}"
            pattern = _FOUND["class"] % "?class"
            return f"GRAPH ?graph {{ {pattern} }} {path} . {self._within(graphs, layer)}"
        return f"GRAPH ?graph {{ {pattern} }} {self._within(graphs, layer)}"

    def _within(self, graphs: Sequence[str], layer: str) -> str:
        """Leave out what was derived and the rules themselves, or all but one layer."""
        apart = [self._dataset.inferred_graph, self._dataset.shapes_graph]
        names = ", ".join(self._short(graph) for graph in (graphs if layer else apart))
        return f"FILTER(?graph {'IN' if layer else 'NOT IN'} ({names}))"

    def _short(self, iri: str) -> str:
        return short(iri, self._dataset.prefixes)


def _subclasses(dataset: Dataset) -> dict[str, set[str]]:
    """Give each class with all that stand below it, itself among them (SHACL 2.1.3.2)."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for triple in dataset.union():
        if triple.predicate.value == ns.RDFS + "subClassOf":
            above[_value_of(triple.subject)].add(_value_of(triple.object))
    below: defaultdict[str, set[str]] = defaultdict(set)
    for one in list(above):
        todo, seen = [one], {one}
        while todo:
            current = todo.pop()
            below[current].add(one)
            fresh = above.get(current, set()) - seen
            seen |= fresh
            todo += fresh
    return {name: members | {name} for name, members in below.items()}


# --- single values ---------------------------------------------------------------------------


def _value_of(term: turtle.Term) -> str:
    """Give the value of a term that has one."""
    return str(getattr(term, "value", ""))


def _values(said: Iterable[Statement], predicate: str) -> tuple[Value, ...]:
    return tuple(one.value for one in said if one.predicate == predicate)


def _text(said: Iterable[Statement], predicate: str) -> Text | None:
    return next((one for one in _values(said, predicate) if isinstance(one, Text)), None)


def _aims(said: Sequence[Statement]) -> Iterator[Target]:
    for one in said:
        if one.predicate in _AIMS and isinstance(one.value, Link):
            yield Target(_AIMS[one.predicate], one.value.iri)


def _demands(said: Sequence[Statement]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    found: defaultdict[str, list[Value]] = defaultdict(list)
    for one in said:
        if one.predicate.startswith(ns.SH) and one.predicate not in _SAID_APART:
            found[one.predicate].append(one.value)
    return tuple((name, tuple(found[name])) for name in sorted(found))


def _severity(said: Iterable[Statement]) -> Severity:
    """Give the severity; without one, and with one of somebody's own, it is a violation."""
    value = next(iter(_values(said, ns.SH + "severity")), None)
    name = value.iri if isinstance(value, Link) else ""
    if name == ns.SH + "Warning":
        return "warning"
    return "info" if name == ns.SH + "Info" else "violation"


def _path(value: Value, depth: int = 0) -> Path:
    """Lay out a path as SPARQL writes it (SHACL 2.3.1)."""
    if isinstance(value, Link):
        return (value,)
    if not isinstance(value, Nested):
        return ()
    if value.members is not None:
        return _joined([_path(one, depth + 1) for one in value.members], "/", depth)
    for one in value.statements:
        if one.predicate == ns.SH + "inversePath":
            inner = _path(one.value, depth + 1)
            return ("^", *(_bracketed(inner) if inner[:1] == ("^",) else inner))
        if one.predicate in _MARKS:
            inner = _path(one.value, depth + 1)
            marked = inner[-1:] and inner[-1] in _MARKS.values()
            return (*(_bracketed(inner) if marked else inner), _MARKS[one.predicate])
        if one.predicate == ns.SH + "alternativePath" and isinstance(one.value, Nested):
            choices = [_path(choice, depth + 1) for choice in one.value.members or ()]
            return _joined(choices, "|", depth)
    return ()


def _bracketed(path: Path) -> Path:
    """Set a path apart that has such a sign already, and may not have two (SPARQL 19.8 [91])."""
    return ("(", *path, ")")


def _joined(parts: Sequence[Path], sign: str, depth: int) -> Path:
    flat: list[Link | str] = []
    for part in parts:
        flat += [sign, *part] if flat else part
    return ("(", *flat, ")") if depth and len(parts) > 1 else tuple(flat)


def _links(values: Iterable[Value | str]) -> set[str]:
    """Give the IRIs in values, however deep they lie."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, Link):
            found.add(value.iri)
        elif isinstance(value, Nested):
            found |= _links(value.members or ())
            found |= _links(one.value for one in value.statements)
    return found


def _first_place(said: Iterable[Statement]) -> Place | None:
    """Say where a block begins: its first statement stands one line below its name."""
    places = [one.place for one in said if one.place]
    return min(places, key=lambda place: (place.path, place.line), default=None)


def _by_place(one: Shape | Derivation) -> tuple[str, int, str]:
    place = one.place or Place("", 0)
    return (place.path, place.line, one.iri)
