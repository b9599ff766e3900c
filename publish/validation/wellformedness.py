"""Shapes that are no good SHACL: an engine passes over them in silence, or gives up on all.

Follows the syntax rules of SHACL, sections 2 to 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set

from publish import legibility, turtle
from publish import namespaces as ns
from publish.dataset import closure
from publish.graphs import Place
from publish.validation.engines import DataGraph, Engine, Refusal, complaint, judging
from publish.validation.findings import Finding, Severity, term_text
from publish.validation.shapes import NOWHERE, TARGETS, Shapes

_AT_MOST_ONE = frozenset(
    {
        *("path", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength"),
        *("pattern", "flags", "uniqueLang", "in", "severity", "deactivated", "qualifiedMinCount"),
        *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "qualifiedMaxCount"),
    }
)
_CONSTRAINTS = (
    *("class", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength", "pattern"),
    *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "languageIn", "uniqueLang"),
    *("equals", "disjoint", "lessThan", "lessThanOrEquals", "not", "and", "or", "xone", "node"),
    *("qualifiedValueShape", "closed", "hasValue", "in"),
)
"""What a shape itself may find something by (SHACL 4)."""
_SHAPES = frozenset({ns.SH + "NodeShape", ns.SH + "PropertyShape"})
_AIMS = tuple(name.removeprefix(ns.SH) for name in TARGETS)
_REFERENCES = ("property", "node", "not", "sparql", "qualifiedValueShape")


def absent(shapes: Shapes) -> Iterator[Finding]:
    """Say that a data set has no rules: an engine would find that it keeps them all."""
    if not shapes.triples:
        message = "no rules: nothing was checked; add shapes/*.ttl"
        yield Finding("shapes/", 1, "warning", "", message, "", "", 0, "", ns.RULES)


def ill_formed(shapes: Shapes) -> Iterator[Finding]:
    """Find what an engine would pass over in silence (SHACL 2 and 4, syntax rules)."""
    yield from _doubled(shapes)
    for node in shapes.of:
        for name in _REFERENCES:
            yield from _dangling(shapes, node, name)
        yield from _impossible(shapes, node)


def _doubled(shapes: Shapes) -> Iterator[Finding]:
    for node, name, values in shapes.several():
        if name in _AT_MOST_ONE:
            last = max((shapes.place(triple) for triple in values), key=lambda place: place.line)
            yield _finding(last, node, f"more than one sh:{name}; keep one", "violation")


def _said_twice(shapes: Shapes) -> Iterator[Finding]:
    """Find rules with two messages in one language, of which one is told (SHACL 2.1.5)."""
    for node, name, values in shapes.several():
        if name == "message":
            languages = [getattr(one.object, "language", "") for one in values]
            if len({*languages}) < len(languages):
                last = max((shapes.place(one) for one in values), key=lambda place: place.line)
                message = "more than one sh:message in one language; keep one"
                yield _finding(last, node, message, "warning")


def _impossible(shapes: Shapes, node: str) -> Iterator[Finding]:
    """Find a shape that asks for more values than it allows: nothing could keep it."""
    least, most = (shapes.values(node, name) for name in ("minCount", "maxCount"))
    given = [getattr(one.object, "value", "") for one in (*least, *most)]
    if len(given) == 2 and all(map(str.isdecimal, given)) and int(given[0]) > int(given[1]):
        message = f"sh:minCount {given[0]} is more than sh:maxCount {given[1]}; mend one of them"
        yield _finding(shapes.place(least[0]), node, message, "violation")


def _dangling(shapes: Shapes, node: str, name: str) -> Iterator[Finding]:
    for triple in shapes.values(node, name):
        target = term_text(triple.object)
        if target not in shapes.of:
            message = f"sh:{name} points at {target}, which no file of shapes/ describes; add it"
        elif name == "property" and not shapes.values(target, "path"):
            message = f"{target} is a property shape without sh:path; add it"
        elif name == "sparql" and not (
            shapes.values(target, "select") or shapes.values(target, "ask")
        ):
            message = f"{target} is a SPARQL constraint without sh:select; add it"
        else:
            continue
        yield _finding(shapes.place(triple), node, message, "violation")


def unused(shapes: Shapes, applied: Set[str]) -> Iterator[Finding]:
    """Find the shapes that nothing is held against: without a target (SHACL 2.1.3), named nowhere."""
    named = {term_text(triple.object) for triple in shapes.triples}
    for node in shapes.of.keys() - applied - named:
        kinds = {
            getattr(one.object, "value", "")
            for one in shapes.of[node]
            if one.predicate.value == ns.TYPE
        }
        if kinds & _SHAPES and not kinds - _SHAPES and not shapes.values(node, "deactivated"):
            message = (
                "nothing is held against this rule; give it a target, or name it by sh:property"
            )
            yield _finding(shapes.place_of(node), node, message, "warning")


def applied(shapes: Shapes) -> frozenset[str]:
    """Give the shapes with a target and the property shapes that they lead to."""
    aimed = {node for node in shapes.of if any(shapes.values(node, name) for name in _AIMS)}
    led = {
        node: {term_text(one.object) for one in shapes.values(node, "property")} & shapes.of.keys()
        for node in shapes.of
    }
    return closure(aimed, led)


def speechless(shapes: Shapes, applied: Set[str]) -> Iterator[Finding]:
    """Find the rules that say nothing to the editor of what they find (SHACL 2.1.5, 5.2.1)."""
    yield from _said_twice(shapes)
    for node in applied:
        if _says(shapes, node) or shapes.values(node, "deactivated"):
            continue
        queries = [term_text(one.object) for one in shapes.values(node, "sparql")]
        mute = [one for one in queries if not _says(shapes, one)]
        if any(shapes.values(node, name) for name in _CONSTRAINTS):
            mute.append(node)
        for one in mute:
            message = "this rule does not say what is wrong and what to do; write sh:message"
            yield _finding(shapes.place_of(one), one, message, "warning")


def _says(shapes: Shapes, node: str) -> bool:
    return any(getattr(one.object, "value", "").strip() for one in shapes.values(node, "message"))


def idle(shapes: Shapes) -> Iterator[Finding]:
    """Find rules for a layer that is not there."""
    for name, graphs in shapes.layer_names().items():
        if not graphs:
            place = Place(f"shapes/layer-{name}.ttl", 1)
            message = f"rules for the layer `{name}`, which has no data; add data/{name}/"
            yield _finding(place, "", message, "warning")


def refused(shapes: Shapes, reason: str) -> Iterator[Finding]:
    """Find what the compiled engine does not take, and for which reason, near to its line."""
    # The engine names no shape: the one it complains of in the same words is the one.
    shared = _declarations(shapes)
    lines = reason.splitlines()
    said = f"{lines[0]} {lines[-1]}" if "error" in lines[-1] and len(lines) > 1 else lines[0]
    blamed = [node for node in shapes.of if complaint([*shared, *_lone(shapes, node)]) == reason]
    for node in blamed:
        if slip := _slip(shapes, node):
            place = _place_of_query(shapes, node) or NOWHERE
            yield _finding(place, "", f"no good SHACL: {slip}; mend the query", "violation")
        else:
            place = _place_of_query(shapes, node) or shapes.place_of(node)
            yield _finding(place, "", f"no good SHACL: {said}; mend the shape", "violation")
    if not blamed:
        yield _finding(NOWHERE, "", f"no good SHACL: {said}; mend the shape", "violation")


def _slip(shapes: Shapes, node: str) -> str:
    """Say where the query of a constraint leaves the grammar; engines count other lines."""
    prefixes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triple in _declarations(shapes):
        name = triple.predicate.value.removeprefix(ns.SH)
        prefixes[term_text(triple.subject)][name] = getattr(triple.object, "value", "")
    known = {one["prefix"]: one["namespace"] for one in prefixes.values() if len(one) > 1}
    queries = [*shapes.values(node, "select"), *shapes.values(node, "ask")]
    told = (legibility.wrong(getattr(one.object, "value", ""), known) for one in queries)
    return next(filter(None, told), "")


def unfit(shapes: Shapes, refusal: Refusal, data: DataGraph, engine: Engine) -> Iterator[Finding]:
    """Find the query at which an engine gave up when it met the data (SHACL 5.2.1 and 5.3.1)."""
    shared = _declarations(shapes)
    told = False
    for node in shapes.of:
        place = _place_of_query(shapes, node)
        if place is not None:
            try:
                judging(shapes.dataset, [*shared, *_lone(shapes, node)], engine)(data)
            except Refusal as own:
                told = True
                yield _mend_query(place, own)
    if not told:
        yield _mend_query(NOWHERE, refusal)


def _mend_query(place: Place, refusal: Refusal) -> Finding:
    said = next(iter(str(refusal).splitlines()), "")
    return _finding(place, "", f"no good SHACL: {said}; mend the query", "violation")


def _declarations(shapes: Shapes) -> list[turtle.Triple]:
    names = (ns.SH + "declare", ns.SH + "prefix", ns.SH + "namespace")
    return [triple for triple in shapes.triples if triple.predicate.value in names]


def _lone(shapes: Shapes, node: str) -> Iterator[turtle.Triple]:
    """Give one shape or constraint, with what a constraint hangs from, and nothing else."""
    yield from shapes.of[node]
    for triple in shapes.triples:
        if triple.predicate.value == ns.SH + "sparql" and term_text(triple.object) == node:
            yield triple
            yield from (
                other
                for other in shapes.of[term_text(triple.subject)]
                if other.predicate.value in {*TARGETS, ns.TYPE, ns.SH + "path"}
            )


def _place_of_query(shapes: Shapes, node: str) -> Place | None:
    queries = [*shapes.values(node, "select"), *shapes.values(node, "ask")]
    return shapes.place(queries[0]) if queries else None


def _finding(place: Place, node: str, message: str, severity: Severity) -> Finding:
    return Finding(
        *(place.path, place.line, severity, node, message),
        *(node, place.path, place.line, "", ns.RULES),
    )
