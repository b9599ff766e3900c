"""Concepts and their labels: what SKOS itself rules out, and chains that lead back to themselves.

Follows SKOS (W3C Recommendation of 2009): S13 and S14 for labels, S27 for what is related. A
concept above itself breaks no condition of SKOS, and makes every list by levels endless.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from publish import letters, turtle
from publish import namespaces as ns
from publish.dataset import Dataset, closure
from publish.graphs import Graph
from publish.proofreading.statements import Stated, by_thing
from publish.validation import Finding, Severity, stated

_Said: TypeAlias = Mapping[turtle.Term, Stated]
"""What is stated of each thing by one property."""
_CHAINS = (
    *(ns.SKOS + "broader", ns.DCTERMS + "isPartOf", ns.FRBR + "partOf", ns.SCHEMA + "isPartOf"),
    *(ns.CRM + name for name in ("P89_falls_within", "P9i_forms_part_of", "P10_falls_within")),
    *(ns.SCHEMA + "containedInPlace", ns.SCHEMA + "superEvent"),
    *(ns.RDFS + "subClassOf", ns.RDFS + "subPropertyOf", ns.DCTERMS + "isReplacedBy"),
)
"""Properties that lead upwards and so never back."""
NEVER_BACK = frozenset({*_CHAINS, ns.SKOS + "related"})
"""The properties of which it is told here that they lead back."""


def wrong_concepts(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find labels and relations that exclude each other, and chains without an end."""
    preferred = by_thing(graphs, ns.SKOS + "prefLabel")
    yield from _twice(dataset, preferred)
    for name in ("altLabel", "hiddenLabel"):
        yield from _both(dataset, preferred, by_thing(graphs, ns.SKOS + name), f"skos:{name}")
    yield from _namesakes(dataset, preferred, by_thing(graphs, ns.SKOS + "inScheme"))
    yield from _alike(dataset, preferred, graphs)
    for predicate in _CHAINS:
        yield from _endless(dataset, by_thing(graphs, predicate))
    yield from _near(dataset, by_thing(graphs, _CHAINS[0]), by_thing(graphs, ns.SKOS + "related"))
    yield from _merged(dataset, graphs)


def _twice(dataset: Dataset, preferred: _Said) -> Iterator[Finding]:
    for said in (some for some in preferred.values() if len(some) > 1):
        first: dict[str, turtle.Triple] = {}
        for name, triple in said:
            tag = getattr(triple.object, "language", "") or ""
            before = first.setdefault(tag, triple)
            if before.object != triple.object:
                message = (
                    f"has the preferred label {before.object} too, and SKOS (S14) allows one a "
                    "language; make one of the two skos:altLabel"
                )
                yield _finding(dataset, name, triple, message)


def _both(dataset: Dataset, preferred: _Said, other: _Said, short: str) -> Iterator[Finding]:
    for subject in preferred.keys() & other.keys():
        labels = {triple.object for _, triple in preferred[subject]}
        for name, triple in other[subject]:
            if triple.object in labels:
                message = f"is skos:prefLabel too, which SKOS (S13) excludes; delete this {short}"
                yield _finding(dataset, name, triple, message)


def _namesakes(dataset: Dataset, preferred: _Said, schemes: _Said) -> Iterator[Finding]:
    """Find concepts of one scheme that nobody can tell apart by what they are called."""
    first: dict[tuple[turtle.Term, str, str], turtle.Triple] = {}
    for subject in schemes.keys() & preferred.keys():
        for scheme in {triple.object for _, triple in schemes[subject]}:
            for name, triple in preferred[subject]:
                label = triple.object
                tag = getattr(label, "language", "") or ""
                key = (scheme, tag, getattr(label, "value", "").casefold())
                before = first.setdefault(key, triple)
                if before.subject != subject:
                    other = ns.short(getattr(before.subject, "value", ""), dataset.prefixes)
                    message = f"{other} of the same scheme is called so too; tell them apart, or make them one"
                    yield _finding(dataset, name, triple, message, "warning")


def _alike(dataset: Dataset, preferred: _Said, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find things of one kind whose names differ in capitals, blanks and points alone.

    Of the very same name shapes may tell; concepts of one scheme are told by `_namesakes`.
    """
    first: defaultdict[str, list[turtle.Triple]] = defaultdict(list)
    for subject, said in preferred.items():
        for name, triple in said:
            text = getattr(triple.object, "value", "")
            others = first[_folded(text)]
            for before in others:
                if (
                    before.subject != subject
                    and getattr(before.object, "value", "") != text
                    and _kinds(graphs, subject) & _kinds(graphs, before.subject)
                ):
                    other = ns.short(getattr(before.subject, "value", ""), dataset.prefixes)
                    message = (
                        f"{other} is called {before.object}, nearly the same; "
                        "tell them apart, or make them one"
                    )
                    yield _finding(dataset, name, triple, message, "warning")
                    break
            others.append(triple)


def _kinds(graphs: Mapping[str, Graph], thing: turtle.Term) -> set[str]:
    """Give the classes of a thing, but for concepts, which have schemes."""
    return {
        getattr(value, "value", "")
        for graph in graphs.values()
        if graph.speaks_of(thing)
        for predicate, value in graph.said_of(thing)  # type: ignore[arg-type]
        if predicate.value == ns.TYPE
    } - {ns.SKOS + "Concept"}


def _folded(text: str) -> str:
    plain = letters.one_spelling(text.casefold())
    return "".join(sign for sign in plain if sign.isalnum()) or text


def _endless(dataset: Dataset, chain: _Said) -> Iterator[Finding]:
    """Find the statements by which a thing stands above itself."""
    above = _edges(chain)
    for subject, said in chain.items():
        for name, triple in said:
            if subject in closure([triple.object], above):
                message = (
                    f"leads back to {ns.short(getattr(subject, 'value', ''), dataset.prefixes)}, "
                    "which would stand above itself; delete the wrong link"
                )
                yield _finding(dataset, name, triple, message, "warning")


def _near(dataset: Dataset, broader: _Said, related: _Said) -> Iterator[Finding]:
    above = _edges(broader)
    for subject, said in related.items():
        for name, triple in said:
            reached = closure([subject], above) - {subject}
            if triple.object in reached or subject in closure([triple.object], above):
                message = (
                    "is broader or narrower too, which SKOS (S27) excludes; delete skos:related, "
                    "or the skos:broader between them"
                )
                yield _finding(dataset, name, triple, message)


def _merged(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find things that are made one with those of others (OWL 2 Primer 4.5; SKOS Primer 3.1)."""
    concepts: set[turtle.Term] = set()
    for said in by_thing(graphs, ns.OWL + "sameAs").values():
        concepts = concepts or _concepts(graphs)
        for name, triple in said:
            meant = "skos:exactMatch" if triple.subject in concepts else "schema:sameAs"
            message = (
                "owl:sameAs makes both one, so that whatever is said of the one holds of the "
                f"other; write {meant}"
            )
            yield _finding(dataset, name, triple, message, "warning")


def _concepts(graphs: Mapping[str, Graph]) -> set[turtle.Term]:
    concept = turtle.Named(ns.SKOS + "Concept")
    return {
        quad.subject
        for graph in graphs.values()
        for quad in graph.quads_for_object(concept)
        if quad.predicate.value == ns.TYPE
    }


def _edges(chain: _Said) -> dict[turtle.Term, set[turtle.Term]]:
    """Give by thing what stands right above it."""
    return {subject: {triple.object for _, triple in said} for subject, said in chain.items()}


def _finding(
    dataset: Dataset,
    graph: str,
    triple: turtle.Triple,
    message: str,
    severity: Severity = "violation",
) -> Finding:
    # A shape that speaks of the same value says it for its own data, and says it alone.
    return stated(dataset, graph, triple, severity, message, ns.USES)
