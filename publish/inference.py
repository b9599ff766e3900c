"""Derive triples by the rules of the data set, and keep them apart from what was asserted.

A rule is a `sh:SPARQLRule` in `shapes/`: a CONSTRUCT query with the prefixes that its
`sh:prefixes` declare. Rules run over all graphs but the shapes until none derives anything new,
so their order does not matter. A rule that hangs from a shape (`sh:rule`) runs once for each
target of the shape, as `$this`. Checking belongs to `validation`.

Follows SHACL Advanced Features (Working Group Note of 2017), section 8, without `sh:condition`,
which a WHERE clause says as well. Literals that a rule copies have the engine's spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import pyoxigraph as ox

from publish import errors, legibility, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.tokens import TOKEN, decoded

_CONSTRUCT = ns.SH + "construct"
_THIS = "this"
_USES_THIS = re.compile(rf"[$?]{_THIS}\b")
_ROUNDS = 100
_BRACKETS = frozenset({"{", "(", "[", "<<"})
_TARGETS = (
    ("targetClass", f"SELECT ?this ?target {{ ?this a/(<{ns.RDFS}subClassOf>*) ?target }}"),
    ("targetSubjectsOf", "SELECT DISTINCT ?this ?target { ?this ?target ?any }"),
    ("targetObjectsOf", "SELECT DISTINCT ?this ?target { ?any ?target ?this }"),
)


@dataclass(frozen=True)
class _Rule:
    """One rule: its query, where it stands, and the shapes whose targets it runs for."""

    query: str
    prefixes: Mapping[str, str]
    path: str
    line: int | None
    shapes: tuple[turtle.Term, ...]

    def wrong(self, reason: str) -> errors.TurtleError:
        return errors.TurtleError(self.path, self.line, None, reason)

    @property
    def keeps_to_what_is_there(self) -> bool:
        """Whether it can derive nothing but triples of terms that stand in the data or in itself.

        New terms come of `AS`, or of a template that makes blank nodes by itself, which brackets,
        a name with `_:` and a tilde do (SPARQL 1.1 Query 16.2, SPARQL 1.2 Query 4.3).
        """
        if self.shapes or "~" in self.query:
            return False
        template = [*takewhile("}".__ne__, self._tokens)]
        brackets = [token for token in template if token in _BRACKETS]
        named = any(token.startswith("_:") for token in template)
        return brackets == ["{"] and not named and not self.has("AS")

    def has(self, word: str) -> bool:
        """Say whether a word of the language of queries stands in the query."""
        return any(token.upper() == word for token in self._tokens)

    @cached_property
    def _tokens(self) -> list[str]:
        return [decoded(token[0]) for token in TOKEN.finditer(self.query)]


def infer(dataset: Dataset) -> Dataset:
    """Give the data set with a graph of what its rules derive and no graph asserts.

    Raises `TurtleError`, with the place of the rule, where a rule cannot be carried out.
    """
    if dataset.description is None:
        return dataset
    rules = list(_rules(dataset))
    if not rules:
        return dataset.with_graph(dataset.inferred_graph, ())
    store = ox.Store()
    for iri, graph in dataset.graphs.items():
        if iri != dataset.shapes_graph:
            # As a text it is read without Python, and what was read before need not be judged.
            store.load("".join(graph.blocks()), ox.RdfFormat.TURTLE, lenient=True)
    derived: set[ox.Triple] = set()
    for _ in range(_ROUNDS):
        found = {triple for rule in rules for triple in _apply(rule, store, dataset, derived)}
        if not found:
            return dataset.with_graph(dataset.inferred_graph, derived)
        store.extend(turtle.quad_of(triple) for triple in found)
        derived |= found
    raise rules[0].wrong(
        f"the rules still derive something new after {_ROUNDS} rounds; "
        "look for one that makes ever new values"
    )


def prove(dataset: Dataset) -> None:
    """Raise what `infer` would raise, without deriving anything where no data make a rule fail.

    Rules that make no terms come to an end, and find no blank nodes where there are none: whether
    their queries can be carried out is all there is to see.
    """
    if dataset.description is None:
        return
    rules = list(_rules(dataset))
    asserted = (graph for iri, graph in dataset.graphs.items() if iri != dataset.shapes_graph)
    blank = any(next(graph.with_blanks(), None) for graph in asserted)
    if blank or not all(rule.keeps_to_what_is_there for rule in rules):
        infer(dataset)
        return
    for rule in rules:
        _construct(rule, ox.Store(), None)


def _apply(
    rule: _Rule, store: ox.Store, dataset: Dataset, derived: set[ox.Triple]
) -> Iterator[ox.Triple]:
    """Give what one rule derives and the store, in its own spelling, does not hold yet."""
    for node in _focus(rule, store, dataset):
        # What was derived before has no blank nodes, and is nothing new.
        for triple in {*_construct(rule, store, node)} - derived:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                raise rule.wrong("a rule may not make or point at blank nodes; give things IRIs")
            if turtle.quad_of(triple) not in store:
                yield triple


def _construct(rule: _Rule, store: ox.Store, node: turtle.Term | None) -> ox.QueryTriples:
    given = {} if node is None else {ox.Variable(_THIS): node}
    try:
        found = store.query(rule.query, prefixes=dict(rule.prefixes), substitutions=given)
    except (SyntaxError, ValueError, RuntimeError) as error:
        reason = _explained(error, rule)
        raise rule.wrong(f"this rule cannot be carried out: {reason}") from error
    if not isinstance(found, ox.QueryTriples):
        raise rule.wrong("the query of a rule must be a CONSTRUCT")
    return found


def _explained(error: Exception, rule: _Rule) -> str:
    """Say where the query leaves the grammar, by its own lines, which have no prefixes above."""
    told = legibility.wrong(rule.query, rule.prefixes)
    return f"{told}; mend the query" if told else str(error).splitlines()[0]


# --- reading the rules -----------------------------------------------------------------------


def _rules(dataset: Dataset) -> Iterator[_Rule]:
    shapes = dataset.graphs.get(dataset.shapes_graph, Graph())
    for quad in sorted(shapes.quads_for_predicate(ox.NamedNode(ns.SH + "rule")), key=str):
        if not _objects(shapes, quad.object, _CONSTRUCT):
            place = dataset.place(dataset.shapes_graph, quad.triple)
            raise errors.TurtleError(
                place.path if place else "shapes/",
                place.line if place else None,
                None,
                f"{quad.object} has no sh:construct; only a sh:SPARQLRule can be carried out",
            )
    declared: dict[tuple[turtle.Term, ...], Mapping[str, str]] = {}  # most rules share theirs
    for quad in sorted(shapes.quads_for_predicate(ox.NamedNode(_CONSTRUCT)), key=str):
        subject = quad.subject
        place = dataset.place(dataset.shapes_graph, quad.triple)
        owners = tuple(_objects(shapes, subject, ns.SH + "prefixes"))
        if owners not in declared:
            declared[owners] = _prefixes(shapes, owners)
        rule = _Rule(
            query=getattr(quad.object, "value", ""),
            prefixes=declared[owners],
            path=place.path if place else "shapes/",
            line=place.line if place else None,
            shapes=tuple(
                q.subject
                for q in sorted(shapes.quads_for_object(subject), key=str)
                if q.predicate.value == ns.SH + "rule"
            ),
        )
        if _objects(shapes, subject, ns.SH + "condition"):
            raise rule.wrong("sh:condition is not carried out; say it in the WHERE of the rule")
        if rule.has("SERVICE"):
            raise rule.wrong(
                "a rule may not ask a service elsewhere; put into the data what it needs of it"
            )
        if not any(_is_off(shapes, node) for node in (subject, *rule.shapes)):
            yield rule


def _objects(graph: Graph, subject: turtle.Term, predicate: str) -> list[turtle.Term]:
    if isinstance(subject, ox.Literal):
        return []
    quads = graph.quads_for_subject(subject)
    return sorted((q.object for q in quads if q.predicate.value == predicate), key=str)


def _is_off(shapes: Graph, node: turtle.Term) -> bool:
    values = _objects(shapes, node, ns.SH + "deactivated")
    return any(getattr(value, "value", "") in ns.TRUE for value in values)


def _prefixes(shapes: Graph, owners: Iterable[turtle.Term]) -> Mapping[str, str]:
    """Give the prefixes that these declare, which a rule names (SHACL 5.2.1, owl:imports too)."""
    todo = list(owners)
    seen: set[turtle.Term] = set()
    found: dict[str, str] = {}
    while todo:
        owner = todo.pop()
        if owner in seen:
            continue
        seen.add(owner)
        todo += _objects(shapes, owner, ns.OWL + "imports")
        for declaration in _objects(shapes, owner, ns.SH + "declare"):
            for prefix in _objects(shapes, declaration, ns.SH + "prefix"):
                for space in _objects(shapes, declaration, ns.SH + "namespace"):
                    found[getattr(prefix, "value", "")] = getattr(space, "value", "")
    return found


def _focus(rule: _Rule, store: ox.Store, dataset: Dataset) -> list[turtle.Term | None]:
    """Give the nodes that a rule runs for; `None` is a rule that stands alone."""
    if not rule.shapes or not _USES_THIS.search(rule.query):
        return [None]
    shapes = dataset.graphs[dataset.shapes_graph]
    found: set[turtle.Term] = set()
    for shape in rule.shapes:
        found.update(_objects(shapes, shape, ns.SH + "targetNode"))
        for name, query in _TARGETS:
            targets = _objects(shapes, shape, ns.SH + name)
            if name == "targetClass" and ox.NamedNode(ns.RDFS + "Class") in _objects(
                shapes, shape, ns.TYPE
            ):
                targets.append(shape)  # a class that is a shape targets its own things
            for target in targets:
                rows = store.query(query, substitutions={ox.Variable("target"): target})
                found.update(row[0] for row in rows)  # type: ignore[union-attr]
    return [*sorted(found, key=str)]
