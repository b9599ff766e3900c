"""One reading of a data set: each term once, and then where those stand that are wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeGuard

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading import (
    causes,
    chronology,
    concepts,
    copies,
    identifiers,
    labels,
    pages,
    prefixes,
    printed,
    queries,
    questions,
    signs,
    stances,
    tables,
    times,
    values,
)
from publish.proofreading.addresses import Addresses, mistyped
from publish.proofreading.tags import Tags
from publish.validation import Finding, Severity, stated

_SAME = frozenset(
    {
        *ns.MATCHING,
        *(ns.OWL + name for name in ("annotatedTarget", "differentFrom", "sameAs")),
        *(ns.SCHEMA + "sameAs", "http://schema.org/sameAs"),
    }
)
"""The properties that lead to the record of a thing elsewhere, where others lead to a page too."""
_SCHEMA = (ns.SCHEMA, "http://schema.org/")
"""Both ways in which people write the names of Schema.org."""
_LANGUAGES = (
    *(ns.DCTERMS + "language", "http://purl.org/dc/elements/1.1/language"),
    *(space + "inLanguage" for space in _SCHEMA),
)
_IDENTIFIERS = (
    ns.DCTERMS + "identifier",
    *(space + name for space in _SCHEMA for name in ("identifier", "isbn", "issn")),
)
_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:publicdomain/(?:zero|mark)/1\.0|licenses/(?:publicdomain|"
    r"(?:by(?:-nc)?(?:-nd|-sa)?|by-nd-nc|nc(?:-sa)?|nd-nc|nd|sa)/(?:1\.0|2\.[0-5]|3\.0|4\.0)(?:/[a-z-]+)?))"
    r"/?(?:(?:deed|legalcode)(?:\.[A-Za-z_-]+)?)?"
)
_NAMES = frozenset(
    {*ns.LABELS, ns.SKOS + "altLabel", ns.SKOS + "hiddenLabel", ns.SKOS + "notation"}
)
_ROLES = frozenset(
    {
        *(ns.NUMBER, ns.CITATION_KEY, ns.DEVISED_TITLE, ns.CREDITED_AS, ns.LOCATOR),
        ns.PRINTED_FORM,
    }
)
"""What is shown in one line, by the published vocabularies and by roles."""
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
    named = _NAMES.union(*dataset.below(_ROLES, ns.RDFS + "subPropertyOf").values())
    found = [
        one
        for name, graph in read.items()
        for one in (
            *_of_terms(dataset, name, graph),
            *_of_names(dataset, name, graph, named),
            *_of_records(dataset, name, graph),
            *_of_numbers(dataset, name, graph),
            *_of_languages(dataset, name, graph),
            *_of_licences(dataset, name, graph),
            *addresses.findings(name, graph),
            *addresses.nameless(name, graph),
            *addresses.retired(name, graph),
            *addresses.misplaced(name, graph),
            *_of_themselves(dataset, name, graph),
            *_of_identifiers(dataset, name, graph),
        )
    ]
    found += addresses.elsewhere()
    found += addresses.wrong_base()
    found += questions.wrong_parameters(dataset)
    found += map(causes.renamed, dataset.renamings)
    found += queries.wrong_queries(dataset)
    found += tables.wrong_rows(dataset)
    found += times.wrong_times(dataset, read)
    found += chronology.wrong_orders(dataset, read)
    found += printed.wrong_places(dataset, read)
    found += printed.wrong_digests(dataset, read)
    found += concepts.wrong_concepts(dataset, read)
    found += copies.copied(dataset, read)
    found += pages.wrong_pages(dataset, read)
    found += prefixes.unended(dataset, read)
    found += labels.wrong_labels(dataset, read)
    found += stances.wrong_stances(dataset, read)
    # What a row of a table says twice, as a link and as a record, is told once.
    once = {(one.path, one.line, one.message): one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (one.path, one.line, one.message))


def _of_terms(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    wrong = dict(_wrong_terms(graph.columns().terms, dataset.base))
    for term, told in wrong.items():
        for quad in graph.quads_for_object(term):
            yield stated(dataset, name, quad.triple, *told)


def _of_names(
    dataset: Dataset, name: str, graph: Graph, properties: Collection[str]
) -> Iterator[Finding]:
    """Find what cannot be read in one line, in names and other texts that stand in one."""
    odd = (
        (term, values.odd_line(term) or _short_name(term.value, dataset.prefixes))
        for term in graph.columns().terms
        if _is_literal(term)
    )
    for term, told in odd:
        for quad in graph.quads_for_object(term) if told else ():
            if quad.predicate.value in properties:
                yield stated(dataset, name, quad.triple, "warning", f"the text {told}", ns.VALUES)


def _short_name(text: str, prefixes: Mapping[str, str]) -> str:
    """Say that a name is the address of a thing, as the files write it."""
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and local and not local[0].isspace() and " " not in local:
        return f"is the address `{text}`, no name; write what it is called"
    return ""


def _is_literal(term: turtle.Term) -> TypeGuard[turtle.Literal]:
    return isinstance(term, turtle.Literal)


def _of_records(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Find links to records by an address that is not the authority's own."""
    columns = graph.columns()
    used = {columns.terms[number] for number in {*columns.predicates}}
    if not any(isinstance(one, turtle.Named) and one.value in _SAME for one in used):
        return
    for term in columns.terms:
        own = identifiers.other_address(term.value) if isinstance(term, turtle.Named) else ""
        for quad in graph.quads_for_object(term) if own else ():
            if quad.predicate.value in _SAME:
                message = f"leads to a record that others know as <{own}>; write that"
                yield stated(dataset, name, quad.triple, "warning", message, ns.VALUES)


def _mistyped(iri: str, base: str) -> str:
    """Say what is not meant in an address; what is wrong with the base is told where it is set."""
    return "" if base and iri.startswith(base) else mistyped(iri)


def _wrong_terms(terms: Sequence[turtle.Term], base: str) -> Iterator[tuple[turtle.Term, _Told]]:
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
            elif odd := signs.odd_signs(term.value) or _mistyped(term.value, base):
                yield term, ("warning", f"the address {odd}", ns.VALUES)


def _of_themselves(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Find things of which something is said that leads back to them at once."""
    columns = graph.columns()
    if name not in dataset.layers:
        return
    for place, (thing, value) in enumerate(zip(columns.subjects, columns.objects, strict=True)):
        if thing == value:
            triple = columns.triple(place)
            if triple.predicate.value not in concepts.NEVER_BACK:
                short = ns.short(triple.predicate.value, dataset.prefixes)
                message = f"{short} leads from a thing to itself; write what is meant"
                yield stated(dataset, name, triple, "warning", message, ns.USES)


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


def _of_identifiers(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Find what two things have as their identifier (DCMI: an unambiguous reference)."""
    for predicate in _IDENTIFIERS:
        first: dict[turtle.Term, turtle.Subject] = {}
        for triple in graph.triples_for_predicate(turtle.Named(predicate)):
            other = first.setdefault(triple.object, triple.subject)
            if other != triple.subject:
                short = ns.short(getattr(other, "value", ""), dataset.prefixes)
                message = f"is the identifier of {short} too; correct one of the two"
                yield stated(dataset, name, triple, "warning", message, ns.VALUES)


def _of_languages(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Judge the languages that are told by their codes, or by an address that ends with one."""
    known = Tags()
    for predicate in _LANGUAGES:
        told: dict[turtle.Term, str] = {}
        for quad in graph.quads_for_predicate(turtle.Named(predicate)):
            if quad.object not in told:
                told[quad.object] = known.wrong_code(getattr(quad.object, "value", ""))
            if told[quad.object]:
                yield stated(dataset, name, quad.triple, "warning", told[quad.object], ns.VALUES)


def _of_licences(dataset: Dataset, name: str, graph: Graph) -> Iterator[Finding]:
    """Find licences that are words, which no program can tell (DCAT 3, License and rights statements).

    Of Creative Commons it is known which licences they have, and where each stands.
    """
    for quad in graph.quads_for_predicate(turtle.Named(ns.DCTERMS + "license")):
        if (
            isinstance(quad.object, turtle.Named)
            and "//creativecommons.org/" in quad.object.value
            and not _CREATIVE_COMMONS.fullmatch(quad.object.value)
        ):
            message = (
                f"<{quad.object.value}> is no licence of Creative Commons; write an address such "
                "as <https://creativecommons.org/licenses/by/4.0/>"
            )
            yield stated(dataset, name, quad.triple, "warning", message, ns.VALUES)
        if isinstance(quad.object, turtle.Literal):
            message = (
                f"`{quad.object.value}` are words that no program can tell; write the address of "
                "the licence, such as <https://creativecommons.org/publicdomain/zero/1.0/>"
            )
            yield stated(dataset, name, quad.triple, "warning", message, ns.USES)
