"""Check a data set by its own rules, and say of each fault which line it stands on.

The rules are SHACL shapes in `shapes/`. A file `shapes/layer-NAME.ttl` speaks of the layer NAME
alone; all others speak of everything that was asserted, terms included. Two engines do the work,
one at a time: `compiled` for speed, `reference` for proof; both give the same findings. A rule
that is no good SHACL is a finding too, since an engine may pass it over in silence. Nothing is
printed, fetched or derived here.

Follows SHACL (W3C Recommendation of 2017), sections 2 to 5 for shapes and 3.6 for reports.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, layer_of_rules
from publish.graphs import Place

if TYPE_CHECKING:
    import rdflib

Engine = Literal["compiled", "reference"]
Severity = Literal["violation", "warning", "info"]
Step: TypeAlias = tuple[bool, str]
"""The first step of a path: whether it goes against the arrow, and its predicate."""

_TARGETS = frozenset(
    ns.SH + name
    for name in ("target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)
_RULES = frozenset({ns.SH + "rule", ns.SH + "construct"})
_AT_MOST_ONE = (
    *("path", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength"),
    *("pattern", "flags", "uniqueLang", "in", "severity", "deactivated", "qualifiedMinCount"),
    *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "qualifiedMaxCount"),
)
_REFERENCES = ("property", "node", "not", "sparql", "qualifiedValueShape")


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, of what, by which rule, and what to do.

    `focus`, `value` and `shape` are IRIs, or literals in N-Triples; `[]` is a blank node and
    empty is none. `component` is the IRI of what looked: a constraint component of SHACL (3.6.2),
    or one of ours for what no shape can say. Lines and columns count from 1; 0 is not known.
    """

    path: str
    line: int
    severity: Severity
    focus: str
    message: str
    shape: str
    shape_path: str
    shape_line: int
    value: str
    component: str
    column: int = 0


@dataclass(frozen=True)
class Result:
    """What an engine says, in the same words for both.

    Blank nodes have names of an engine's own making and are `None`; `source` and `root` are the
    shape and the first with a name around it.
    """

    focus: turtle.Term | None
    value: turtle.Term | None
    step: Step | None
    source: str
    root: str
    component: str
    severity: str
    messages: tuple[str, ...]


def check(dataset: Dataset, *, engine: Engine = "compiled") -> list[Finding]:
    """Give what is wrong, sorted by file and line; what was derived is not looked at."""
    rules = _Rules(dataset)
    found = {*_scattered(rules), *_typed_twice(rules)}
    broken = {*_absent(rules)} or {*_ill_formed(rules)} or {*_refused(rules)}
    found |= broken
    if not broken:
        for shapes, several in rules.runs(list(dataset.graphs_of_rules(""))):
            judge = judging(dataset, shapes, engine)
            for graphs in several:
                locate = _Locating(rules, graphs)
                try:
                    found.update(map(locate.finding, judge(graphs)))
                except Refusal as refusal:
                    found.update(_unfit(rules, refusal, graphs, engine))
        found.update(_idle(rules))
    return sorted(found, key=lambda one: (one.path, one.line, one.focus, one.message, one.value))


# --- what no shape can say: it sees triples, and not where they stand --------------------------


def _scattered(rules: _Rules) -> Iterator[Finding]:
    """Find things that more than one file of a graph speaks of."""
    for graph in rules.dataset.graphs.values():
        for subject, (first, *others) in graph.scattered():
            for place in others:
                message = f"has a block in {first} too; keep one block for a thing in a layer"
                yield _warning(place, term_text(subject), message)


def _typed_twice(rules: _Rules) -> Iterator[Finding]:
    """Find things of which two graphs say what kind they are."""
    first: dict[str, tuple[str, Place]] = {}
    for name, graph in rules.dataset.graphs.items():
        for quad in graph.quads_for_predicate(turtle.Named(ns.TYPE)):
            if place := graph.place(quad.triple):
                thing = term_text(quad.subject)
                said, where = first.setdefault(thing, (name, place))
                if said != name:
                    message = f"is typed in {where} too; say in one layer what kind a thing is"
                    yield _warning(place, thing, message)


def _warning(place: Place, focus: str, message: str, component: str = ns.BLOCKS) -> Finding:
    return Finding(place.path, place.line, "warning", focus, message, "", "", 0, "", component)


# --- the rules -------------------------------------------------------------------------------


class _Rules:
    """The shapes graph of a data set, with the file and line of each triple."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.graph = dataset.shapes_graph
        self.triples = [t for t in dataset.triples(self.graph) if t.predicate.value not in _RULES]
        self.of: dict[str, list[turtle.Triple]] = {}
        for triple in self.triples:
            self.of.setdefault(term_text(triple.subject), []).append(triple)

    def place(self, triple: turtle.Triple) -> Place:
        return self.dataset.place(self.graph, triple) or Place("shapes/", 1)

    def place_of(self, node: str) -> Place:
        """Say where the block of a shape begins."""
        places = [self.place(triple) for triple in self.of.get(node, ())]
        return min(places, key=lambda place: (place.path, place.line), default=Place("shapes/", 1))

    def values(self, node: str, name: str) -> list[turtle.Triple]:
        return [t for t in self.of.get(node, ()) if t.predicate.value == ns.SH + name]

    def layer(self, triple: turtle.Triple) -> str:
        """Name the layer that the file of a triple speaks of; empty for all others."""
        return layer_of_rules(self.place(triple).path)

    def layer_names(self) -> dict[str, tuple[str, ...]]:
        """Give for each layer that rules speak of the graphs that belong to it."""
        names = sorted({self.layer(triple) for triple in self.triples} - {""})
        return {name: self.dataset.graphs_of_rules(name) for name in names}

    def runs(self, everything: list[str]) -> Iterator[tuple[list[turtle.Triple], list[list[str]]]]:
        """Give each set of shapes with the sets of graphs it is for."""
        common = [triple for triple in self.triples if not self.layer(triple)]
        yield common, [everything]
        # Rules of a layer may use shapes and prefixes of other files, but not their targets.
        lent = [triple for triple in common if not self._aims(triple)]
        for name, graphs in self.layer_names().items():
            own = [triple for triple in self.triples if self.layer(triple) == name]
            yield lent + own, [[graph] for graph in graphs]

    def _aims(self, triple: turtle.Triple) -> bool:
        return triple.predicate.value in _TARGETS or (
            triple.predicate.value == ns.TYPE
            and getattr(triple.object, "value", "") in (ns.RDFS + "Class", ns.OWL + "Class")
        )

    def finding(self, place: Place, node: str, message: str, severity: Severity) -> Finding:
        return Finding(
            *(place.path, place.line, severity, node, message),
            *(node, place.path, place.line, "", ns.RULES),
        )


def _absent(rules: _Rules) -> Iterator[Finding]:
    """Say that a data set has no rules: an engine would find that it keeps them all."""
    if not rules.triples:
        message = "no rules: nothing was checked; add shapes/*.ttl"
        yield _warning(Place("shapes/", 1), "", message, ns.RULES)


def _ill_formed(rules: _Rules) -> Iterator[Finding]:
    """Find what an engine would pass over in silence (SHACL 2 and 4, syntax rules)."""
    for node in rules.of:
        yield from _doubled(rules, node)
        for name in _REFERENCES:
            yield from _dangling(rules, node, name)


def _doubled(rules: _Rules, node: str) -> Iterator[Finding]:
    for name in _AT_MOST_ONE:
        values = rules.values(node, name)
        if len(values) > 1:
            last = max((rules.place(triple) for triple in values), key=lambda place: place.line)
            yield rules.finding(last, node, f"more than one sh:{name}; keep one", "violation")


def _dangling(rules: _Rules, node: str, name: str) -> Iterator[Finding]:
    for triple in rules.values(node, name):
        target = term_text(triple.object)
        if target not in rules.of:
            message = f"sh:{name} points at {target}, which no file of shapes/ describes; add it"
        elif name == "property" and not rules.values(target, "path"):
            message = f"{target} is a property shape without sh:path; add it"
        elif name == "sparql" and not (
            rules.values(target, "select") or rules.values(target, "ask")
        ):
            message = f"{target} is a SPARQL constraint without sh:select; add it"
        else:
            continue
        yield rules.finding(rules.place(triple), node, message, "violation")


def _idle(rules: _Rules) -> Iterator[Finding]:
    """Find rules for a layer that is not there."""
    for name, graphs in rules.layer_names().items():
        if not graphs:
            place = Place(f"shapes/layer-{name}.ttl", 1)
            message = f"rules for the layer `{name}`, which has no data; add data/{name}/"
            yield rules.finding(place, "", message, "warning")


def _refused(rules: _Rules) -> Iterator[Finding]:
    """Find what the compiled engine does not take, as near to its line as can be told."""
    reason = _complaint(rules.triples)
    if not reason:
        return
    # The engine names no shape: the one it complains of in the same words is the one.
    shared = _declarations(rules)
    places = [
        _place_of_query(rules, node) or rules.place_of(node)
        for node in rules.of
        if _complaint([*shared, *_lone(rules, node)]) == reason
    ]
    lines = reason.splitlines()
    said = f"{lines[0]} {lines[-1]}" if "error" in lines[-1] and len(lines) > 1 else lines[0]
    for place in places or [Place("shapes/", 1)]:
        yield rules.finding(place, "", f"no good SHACL: {said}; mend the shape", "violation")


def _unfit(rules: _Rules, refusal: Refusal, graphs: list[str], engine: Engine) -> Iterator[Finding]:
    """Find the query at which an engine gave up when it met the data (SHACL 5.2.1 and 5.3.1)."""
    shared = _declarations(rules)
    places = []
    for node in rules.of:
        place = _place_of_query(rules, node)
        if place is not None:
            try:
                for _ in judging(rules.dataset, [*shared, *_lone(rules, node)], engine)(graphs):
                    pass
            except Refusal:
                places.append(place)
    said = next(iter(str(refusal).splitlines()), "")
    for place in places or [Place("shapes/", 1)]:
        message = f"no good SHACL: {said}; mend the query"
        yield rules.finding(place, "", message, "violation")


def _declarations(rules: _Rules) -> list[turtle.Triple]:
    names = (ns.SH + "declare", ns.SH + "prefix", ns.SH + "namespace")
    return [triple for triple in rules.triples if triple.predicate.value in names]


def _lone(rules: _Rules, node: str) -> Iterator[turtle.Triple]:
    """Give one shape or constraint, with what a constraint hangs from, and nothing else."""
    yield from rules.of[node]
    for triple in rules.triples:
        if triple.predicate.value == ns.SH + "sparql" and term_text(triple.object) == node:
            yield triple
            yield from (
                other
                for other in rules.of[term_text(triple.subject)]
                if other.predicate.value in {*_TARGETS, ns.TYPE, ns.SH + "path"}
            )


def _place_of_query(rules: _Rules, node: str) -> Place | None:
    queries = [*rules.values(node, "select"), *rules.values(node, "ask")]
    return rules.place(queries[0]) if queries else None


def _complaint(triples: Iterable[turtle.Triple]) -> str:
    """Give what the compiled engine says against shapes; nothing, where it takes them."""
    import shacl

    try:
        shacl.Shapes.from_text(turtle.ntriples(triples).decode(), "ntriples").validate_text("")
    except ValueError as error:
        return str(error).removeprefix("invalid shapes graph: ")
    return ""


# --- the engines -----------------------------------------------------------------------------


class Refusal(Exception):
    """An engine gave up on shapes that are no good SHACL, and says why."""


def judging(
    dataset: Dataset, shapes: list[turtle.Triple], engine: Engine
) -> Callable[[list[str]], Iterator[Result]]:
    """Let an engine read some shapes once, to judge graphs by them, several taken as one.

    What is given raises `Refusal` where the engine takes the shapes for no good SHACL.
    """
    if engine == "reference":
        rules = dataset.with_graph("urn:shapes", shapes).view(["urn:shapes"])
        return functools.partial(_reference, dataset, rules)
    read = functools.cache(functools.partial(_read, turtle.ntriples(shapes).decode()))
    return functools.partial(_compiled, dataset, read)


def _read(shapes: str) -> Any:
    import shacl

    try:
        return shacl.Shapes.from_text(shapes, "ntriples")
    except ValueError as error:
        raise Refusal(str(error)) from error


def _compiled(dataset: Dataset, shapes: Callable[[], Any], graphs: list[str]) -> Iterator[Result]:
    data = "".join(line for iri in graphs for line in dataset.graphs[iri].lines())
    try:
        report = shapes().validate_text(data, "ntriples")
    except ValueError as error:
        raise Refusal(str(error)) from error
    for found in report.results:
        yield Result(
            focus=_term(found.focus_node),
            value=_term(found.value or ""),
            step=_step_of_text(found.path or ""),
            source=term_text(_term(found.source_shape or "")),
            root=term_text(_term(found.root_shape or "")),
            component=found.component_iri,
            severity=found.severity_iri.removeprefix(ns.SH),
            messages=tuple(found.messages),
        )


def _reference(dataset: Dataset, rules: rdflib.Graph, graphs: list[str]) -> Iterator[Result]:
    import pyshacl
    from rdflib import SH

    try:
        # Neither imports nor JavaScript nor a check against the shapes of SHACL: they fetch.
        _, report, _ = pyshacl.validate(
            _remembering(dataset.view(graphs)),
            shacl_graph=rules,
            inplace=True,
            advanced=False,
            inference="none",
        )
    except RuntimeError as error:  # all that pySHACL raises by itself
        raise Refusal(str(error)) from error
    if isinstance(report, pyshacl.errors.ValidationFailure):
        raise Refusal(str(report))
    # What stands below sh:detail explains a result and is none of its own (SHACL 3.6.2).
    for result in report.objects(None, SH.result):
        source = report.value(result, SH.sourceShape)
        severity = report.value(result, SH.resultSeverity)
        yield Result(
            focus=_term(_n3(report.value(result, SH.focusNode))),
            value=_term(_n3(report.value(result, SH.value))),
            step=_step_of_node(report, report.value(result, SH.resultPath)),
            source=term_text(_term(_n3(source))),
            root=term_text(_term(_n3(_named_shape(rules, source)))),
            component=str(report.value(result, SH.sourceConstraintComponent)),
            severity=str(severity).removeprefix(ns.SH),
            messages=tuple(str(text) for text in report.objects(result, SH.resultMessage)),
        )


def _remembering(view: rdflib.Graph) -> rdflib.Graph:
    """Give a graph that reads each query once.

    pySHACL hands over the same text for every node that a rule looks at, and reading it takes
    ten times as long as answering it.
    """
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    # What rdflib itself does with a text: the prefixes of the graph are known to it.
    read = functools.cache(functools.partial(prepareQuery, initNs=dict(view.namespaces())))

    class Remembering(rdflib.Graph):
        def query(self, query_object: Any, *args: Any, **kwargs: Any) -> rdflib.query.Result:
            prepared = read(query_object) if isinstance(query_object, str) else query_object
            return super().query(prepared, *args, **kwargs)

    return Remembering(store=view.store, identifier=view.identifier)


def _named_shape(rules: rdflib.Graph, node: rdflib.term.Node | None) -> rdflib.term.Node | None:
    """Climb from a shape in brackets to the first that has a name."""
    from rdflib import BNode

    seen = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next(iter(rules.subjects(None, node)), node)
    return node


def _step_of_text(path: str) -> Step | None:
    match = re.match(r"([(^]*)<([^>]*)>", path)
    return (match[1].count("^") % 2 == 1, match[2]) if match else None


def _step_of_node(report: rdflib.Graph, node: rdflib.term.Node | None) -> Step | None:
    from rdflib import RDF, SH, URIRef

    inverse = False
    while node is not None and not isinstance(node, URIRef):
        against = report.value(node, SH.inversePath)
        inverse ^= against is not None
        inside = (RDF.first, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath)
        nexts = [against, *(report.value(node, p) for p in (*inside, SH.zeroOrOnePath))]
        node = next((one for one in nexts if one is not None), None)
    return None if node is None else (inverse, str(node))


def _n3(node: rdflib.term.Node | None) -> str:
    return "" if node is None else str(node.n3())


def _term(text: str) -> turtle.Term | None:
    """Read a term as Turtle writes it; both engines hand out such text, each in its own way."""
    if not text or text.startswith("_:"):
        return None
    parsed = turtle.parse(f"<urn:x> <urn:x> {text} .".encode(), "term")
    return parsed.triples[0][0].object


def term_text(term: turtle.Term | None) -> str:
    """Give an IRI without brackets, a literal in N-Triples."""
    return term.value if isinstance(term, turtle.Named) else str(term or "")


# --- findings --------------------------------------------------------------------------------


class _Locating:
    """Turns what an engine says into findings: the line in the data, the rule's, the message."""

    def __init__(self, rules: _Rules, graphs: Iterable[str]) -> None:
        self._rules = rules
        self._dataset = rules.dataset
        self._graphs = frozenset(graphs)

    def finding(self, result: Result) -> Finding:
        rule = self._rules.place_of(result.root)
        place = self._place(result) or rule
        return Finding(
            path=place.path,
            line=place.line,
            severity=_severity(result.severity),
            focus=term_text(result.focus) or "[]",
            message=self._message(result),
            shape=result.root,
            shape_path=rule.path,
            shape_line=rule.line,
            value=term_text(result.value),
            component=result.component,
        )

    def _place(self, result: Result) -> Place | None:
        """Choose the offending triple, else the last with its predicate, else the block."""
        if not isinstance(result.focus, turtle.Named):
            return self._stated(result.focus)
        said = self._placed(self._dataset.outgoing(result.focus.value))
        if result.step and result.step[0]:
            pointing = self._placed(self._dataset.incoming(result.focus.value))
            exact = [at for t, at in pointing if _is(t, result) and t.subject == result.value]
            return next(iter(exact), None) or self._block(said)
        same = [(triple, at) for triple, at in said if _is(triple, result)]
        exact = [at for triple, at in same if triple.object == result.value]
        return next(iter([*exact, *(at for _, at in reversed(same))]), None) or self._block(said)

    def _stated(self, value: turtle.Term | None) -> Place | None:
        """Find where a text stands that a rule looks at by itself."""
        if value is None:
            return None
        holding = (
            (name, quad.triple)
            for name in self._graphs
            for quad in self._dataset.graphs[name].quads_for_object(value)
        )
        return next((place for _, place in self._placed(holding)), None)

    def _placed(
        self, found: Iterable[tuple[str, turtle.Triple]]
    ) -> list[tuple[turtle.Triple, Place]]:
        places = [
            (triple, self._dataset.place(graph, triple))
            for graph, triple in found
            if graph in self._graphs
        ]
        known = [(triple, place) for triple, place in places if place]
        return sorted(known, key=lambda item: (item[1].path, item[1].line))

    def _block(self, said: Iterable[tuple[turtle.Triple, Place]]) -> Place | None:
        """Choose the line that says what kind of thing it is, else the first."""
        ranked = sorted(said, key=lambda item: item[0].predicate.value != ns.TYPE)
        return ranked[0][1] if ranked else None

    def _message(self, result: Result) -> str:
        """Choose what the rule says to the editor, in a language of the data set."""
        about = self._dataset.description
        wanted = [*(about.languages if about else ()), "en", ""]
        owners = {result.source, result.root}
        if not result.source:  # a shape in brackets: its message stands below the named one
            owners |= {
                term_text(triple.object)
                for name in ("property", "node", "qualifiedValueShape")
                for triple in self._rules.values(result.root, name)
            }
        owners |= {
            term_text(t.object) for node in owners for t in self._rules.values(node, "sparql")
        }
        texts = [t.object for node in owners for t in self._rules.values(node, "message")]
        told = sorted(set(result.messages))
        for text in sorted(texts, key=lambda text: _order(text, wanted)):
            pattern = _filled(str(getattr(text, "value", "")))
            if match := next((one for one in told if pattern.fullmatch(one)), None):
                return match
        # Without a message of the rule each engine makes up one of its own.
        component = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
        return f"breaks the rule sh:{component[:1].lower()}{component[1:]}; see {result.root}"


def _is(triple: turtle.Triple, result: Result) -> bool:
    return result.step is not None and triple.predicate.value == result.step[1]


def _order(text: turtle.Term, wanted: list[str]) -> tuple[int, str]:
    tag = getattr(text, "language", None) or ""
    return (wanted.index(tag) if tag in wanted else len(wanted), str(text))


def _filled(message: str) -> re.Pattern[str]:
    """Match a message after an engine put values where it says `{?name}` (SHACL 5.3.2)."""
    parts = re.split(r"\{[?$]\w+\}", message)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def _severity(name: str) -> Severity:
    # Severities of a shape's own invention count as violations: nobody else knows them.
    if name == "Warning":
        return "warning"
    return "info" if name == "Info" else "violation"
