"""One reading of a data set: each term once, and then where those stand that are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, Renaming
from publish.graphs import Graph
from publish.mappings import Match, is_iri
from publish.proofreading import identifiers, questions, values
from publish.proofreading.addresses import Addresses
from publish.proofreading.tags import Tags
from publish.validation import Finding, Severity, stated

_Told: TypeAlias = tuple[Severity, str, str]
"""How grave it is, what to do, and what looked."""


def proofread(dataset: Dataset) -> list[Finding]:
    """Give what is written wrongly, sorted by file and line; what was derived is not read."""
    read = {
        name: graph
        for name, graph in dataset.graphs.items()
        if name not in (dataset.inferred_graph, dataset.shapes_graph)
    }
    addresses = Addresses(dataset)
    found = [
        one
        for name, graph in read.items()
        for one in (
            *_of_terms(dataset, name, graph),
            *_of_numbers(dataset, name, graph),
            *addresses.findings(name, graph),
            *addresses.nameless(name, graph),
        )
    ]
    found += questions.wrong_parameters(dataset)
    found += map(_renamed, dataset.renamings)
    found += _nameless_tables(dataset.matches)
    return sorted(found, key=lambda one: (one.path, one.line, one.message))


def _of_terms(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    wrong = dict(_wrong_terms(graph.columns().terms))
    for term, told in wrong.items():
        for quad in graph.quads_for_object(term):
            yield stated(dataset, name, quad.triple, *told)


def _wrong_terms(terms: Sequence[turtle.Term]) -> Iterator[tuple[turtle.Term, _Told]]:
    literals = [term for term in terms if isinstance(term, turtle.Literal)]
    for literal, message in values.wrong_values(literals):
        yield literal, ("violation", message, ns.VALUES)
    tags: dict[str, str] = {}
    known = Tags()
    for literal in literals:
        if literal.language and literal.language not in tags:
            tags[literal.language] = known.wrong(literal.language)
        if wrong := tags.get(literal.language or ""):
            yield literal, ("warning", f"`@{literal.language}` {wrong}", ns.VALUES)
        elif odd := values.odd_text(literal):
            yield literal, ("warning", f"the text {odd}", ns.VALUES)
    for term in terms:
        if isinstance(term, turtle.Named):
            if wrong := identifiers.wrong_address(term.value):
                yield term, ("violation", wrong, ns.VALUES)
            elif odd := values.odd_signs(term.value):
                yield term, ("warning", f"the address {odd}", ns.VALUES)


def _renamed(one: Renaming) -> Finding:
    message = (
        f"`{one.prefix}:` stands for <{one.space}> here and for <{one.before}> in another file; "
        "let it stand for one of them, or take another prefix"
    )
    return Finding(
        *(one.place.path, one.place.line, "warning", "", message, "", "", 0, ""),
        component=ns.VALUES,
    )


def _nameless_tables(matches: Sequence[Match]) -> Iterator[Finding]:
    """Tell of tables whose rows are no records, for want of a name (SSSOM 1.0, MappingSet)."""
    named = {one.path: is_iri(one.cells.get("mapping_set_id", "")) for one in matches}
    message = (
        "nobody can ask why the rows of this table stand, since it has no name; "
        "write an address as `mapping_set_id` in its head"
    )
    for path in (path for path, is_named in named.items() if not is_named):
        yield Finding(path, 1, "warning", "", message, "", "", 0, "", component=ns.VALUES)


def _of_numbers(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Judge the numbers of books and serials, which are printed wrongly at times."""
    columns = graph.columns()
    used = {columns.terms[number] for number in {*columns.predicates}}
    for predicate in (one for one in used if isinstance(one, turtle.Named)):
        if identifiers.is_number(predicate.value):
            for quad in graph.quads_for_predicate(predicate):
                text = getattr(quad.object, "value", "")
                if told := identifiers.wrong_number(predicate.value, text):
                    yield stated(dataset, name, quad.triple, "warning", told, ns.VALUES)
