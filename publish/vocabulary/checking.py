"""Holds each use of a term in a data set against what its vocabulary says of it.

Follows RDF Schema 1.1, sections 2 and 3.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from publish import legibility, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Columns
from publish.validation import Finding, Severity, stated
from publish.vocabulary.known import LITERAL, OWN, Terms
from publish.vocabulary.lists import Fact
from publish.vocabulary.reduction import METACLASSES


class _Sort(NamedTuple):
    """What a term of a vocabulary is: what its vocabulary calls it, and its classes."""

    kind: str
    types: frozenset[str]


_Kind: TypeAlias = str | turtle.Term | frozenset[str] | _Sort
"""What a term counts as: a text as its datatype, a thing as its types, a term of a vocabulary as
one of its sort, or as itself where it should not be used, or is given as a type."""
_Use: TypeAlias = tuple[str, _Kind, _Kind]
"""A property, and what its subject and its object count as."""
_Problem: TypeAlias = tuple[Severity, str, str]
"""How grave a use is, what to do, and what looked."""
_Key: TypeAlias = tuple[int, int, int]
"""The same in numbers, which are counted quickly; a class that is given as a type by itself."""
_ANYTHING = frozenset({ns.RDFS + "Resource", ns.OWL + "Thing", ns.SCHEMA + "Thing"})
_QUERIES = frozenset(ns.SH + name for name in ("select", "ask", "construct", "update"))
_ELSEWHERE = re.compile(r"\bSERVICE\b", re.IGNORECASE)
_IN_QUERY = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'"
    r"|<(?P<iri>[^<>\"{}|^`\\\s]*)>|\#[^\n]*"
    r"|[?$]\w+|(?<![\w.-])(?P<prefix>[^\W\d_][\w.-]*|):(?P<local>\w(?:[\w.-]*[\w-])?)"
)


@dataclass(frozen=True)
class Report:
    """What a check of the terms found; `unchecked` counts uses by vocabulary without a list."""

    findings: tuple[Finding, ...]
    unchecked: Mapping[str, int]


def check(dataset: Dataset) -> Report:
    """Hold each use of a term against what its vocabulary says of it."""
    return _Checking(dataset).report()


class _Checking:
    """One run over a data set: the types of all things, then each triple in turn."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._terms = Terms(dataset)
        self._types: dict[turtle.Term, frozenset[str]] = {}
        shared: dict[frozenset[str], frozenset[str]] = {}
        for graph in dataset.graphs.values():
            for thing, kind in graph.said_with(ox.NamedNode(ns.TYPE)):
                if isinstance(kind, ox.NamedNode):
                    types = self._types.get(thing, frozenset()) | {kind.value}
                    self._types[thing] = shared.setdefault(types, types)
        self._above: dict[_Kind, set[str]] = {}
        self._known: dict[_Use, tuple[_Problem, ...]] = {}
        self._wrong_terms: dict[str, str] = {}
        self._unchecked: Counter[str] = Counter()

    def report(self) -> Report:
        findings = sorted(
            _advised_once(self._findings()), key=lambda f: (f.path, f.line, f.message)
        )
        return Report(tuple(findings), dict(sorted(self._unchecked.items())))

    def _findings(self) -> Iterator[Finding]:
        for name, graph in self._dataset.graphs.items():
            if name != self._dataset.inferred_graph:
                yield from self._findings_in(name, graph.columns())

    def _findings_in(self, name: str, graph: Columns) -> Iterator[Finding]:
        """Judge each use once: of many triples there are few uses, and most are right."""
        kinds = list(map(self._kind, graph.terms))
        places: defaultdict[_Key, list[int]] = defaultdict(list)
        for place, key in enumerate(_keys(graph, kinds)):
            places[key].append(place)
        wrong: dict[int, _Use] = {}
        for alike in places.values():
            first = alike[0]
            triple = graph.triple(first)
            use = self._use(triple, kinds[graph.subjects[first]], kinds[graph.objects[first]])
            if use not in self._known:
                self._known[use] = tuple(self._problems(use, triple))
            if self._known[use] or use[0] in _QUERIES:
                wrong.update(dict.fromkeys(alike, use))
            self._count_unknown(use, len(alike))
        for place in sorted(wrong):
            triple = graph.triple(place)
            for problem in self._problems_at(name, wrong[place], triple):
                yield stated(self._dataset, name, triple, *problem)

    def _problems_at(self, graph: str, use: _Use, triple: ox.Triple) -> Iterator[_Problem]:
        """Give what is wrong in one place; each text of a query has terms of its own."""
        if use[0] not in _QUERIES:
            yield from self._known[use]
            return
        yield from self._problems(use, triple)
        if graph == self._dataset.meta_graph and (told := self._no_query(triple)):
            yield "violation", told, ns.TERMS

    def _no_query(self, triple: ox.Triple) -> str:
        """Say where a saved question leaves the grammar; the queries of rules engines read."""
        text = getattr(triple.object, "value", "")
        # What asks elsewhere is refused when it is asked, and nothing is fetched here.
        if _ELSEWHERE.search(text):
            return ""
        told = legibility.wrong(text, self._dataset.prefixes)
        return f"{told}; mend the query" if told else ""

    def _use(self, triple: ox.Triple, subject: _Kind, value: _Kind) -> _Use:
        term = triple.predicate.value
        exact = term == ns.TYPE and isinstance(triple.object, ox.NamedNode)
        return (term, subject, triple.object if exact else value)

    def _kind(self, term: turtle.Term) -> _Kind:
        """Give what a term counts as: all alike are used rightly, or all wrongly."""
        if isinstance(term, ox.Literal):
            return term.datatype.value
        stated = self._types.get(term, frozenset[str]())
        if not (isinstance(term, ox.NamedNode) and self._terms.space(term.value)):
            return stated
        fact = self._terms.get(term.value)
        if fact is None or self._wrong_term(term.value):
            return term
        return _Sort(fact.kind, stated.union(fact.types))

    def _problems(self, use: _Use, triple: ox.Triple) -> Iterator[_Problem]:
        for iri in dict.fromkeys(self._used(triple)):
            if message := self._wrong_term(iri):
                yield "violation", message, ns.TERMS
        for message in self._wrong_uses(use, triple):
            yield "violation", message, ns.USES
        for message in self._misnamed(use):
            yield "warning", message, ns.TERMS
        if fact := self._terms.get(triple.predicate.value):
            for message in self._advice(fact, use, triple):
                yield "info", message, ns.USES

    def _wrong_uses(self, use: _Use, triple: ox.Triple) -> Iterator[str]:
        if fact := self._terms.get(triple.predicate.value):
            if message := self._wrong_kind(fact, triple.object):
                yield message
            else:
                yield from self._misfits(use, triple)

    def _misnamed(self, use: _Use) -> Iterator[str]:
        """Find prefixes that stand for nearly what a vocabulary is called."""
        for iri in sorted(_terms_of(use)):
            if not self._terms.space(iri) and (meant := self._terms.meant(_namespace(iri))):
                space = _namespace(iri)
                yield f"<{space}> is no vocabulary known here; {meant}, so mend the prefix"

    def _used(self, triple: ox.Triple) -> Iterator[str]:
        """Give each IRI that a triple uses, in its terms, a datatype or the text of a query."""
        for term in triple:
            if isinstance(term, ox.NamedNode):
                yield term.value
            elif isinstance(term, ox.Literal):
                yield term.datatype.value
                if triple.predicate.value in _QUERIES:
                    yield from _in_query(term.value, self._terms.prefixes)

    def _count_unknown(self, use: _Use, times: int) -> None:
        for iri in _terms_of(use):
            if not self._terms.space(iri):
                self._unchecked[_namespace(iri)] += times

    def _wrong_term(self, iri: str) -> str:
        """Say what is wrong with a term wherever it is used; nothing, where it is no term."""
        if iri not in self._wrong_terms:
            self._wrong_terms[iri] = self._told_of(iri) if self._terms.space(iri) else ""
        return self._wrong_terms[iri]

    def _told_of(self, iri: str) -> str:
        fact = self._terms.get(iri)
        if fact is not None and not fact.retired:
            return ""  # as most are
        name, title = self._terms.short(iri), self._terms.title(iri)
        if fact is None:
            near = self._terms.near(iri)
            define = ", or define this one there" if title == OWN else ""
            hint = f"write {self._terms.short(near)}" if near else f"use a term that it has{define}"
            return f"{name} is no term of {title}; {hint}"
        other = fact.retired != "-"
        hint = f"use {self._terms.short(fact.retired)}" if other else "use another term"
        return f"{name} is retired in {title}; {hint}"

    def _wrong_kind(self, fact: Fact, value: turtle.Term) -> str:
        name = self._terms.short(fact.term)
        thing = not isinstance(value, ox.Literal)
        if fact.kind == "object property" and not thing:
            return f"{name} points at a thing, not at a text; give the IRI of the thing"
        if fact.kind == "datatype property" and thing and not fact.range:
            return f"{name} holds a text, not a thing; write the value in quotes"
        if fact.kind in ("class", "datatype", "individual"):
            kind = self._given(ox.NamedNode(fact.term))
            return f"{name} is no property but {kind}; use a property here"
        return ""

    def _misfits(self, use: _Use, triple: ox.Triple) -> Iterator[str]:
        """Give the first condition of each side that does not hold."""
        _, subject_kind, value_kind = use
        subject, predicate, value = triple
        name = self._terms.short(predicate.value)
        for any_of in self._terms.conditions(predicate.value, "domain"):
            if not self._fit(subject_kind, any_of):
                yield f"{name} is said of {self._mismatch(any_of, subject)}"
                break
        for any_of in self._terms.conditions(predicate.value, "range"):
            if not isinstance(value, ox.Literal) and all(map(self._terms.literal, any_of)):
                yield f"{name} holds {self._names(any_of)}, not a thing; write the value in quotes"
                break
            if not self._fit(value_kind, any_of):
                yield f"{name} points at {self._mismatch(any_of, value)}"
                break

    def _mismatch(self, any_of: Iterable[str], term: turtle.Term) -> str:
        wanted, given = self._names(any_of), self._given(term)
        return f"{wanted}, but this is {given}; use another property or another type"

    def _given(self, term: turtle.Term) -> str:
        """Say in words what a thing, a text or a term is."""
        if isinstance(term, ox.Literal):
            return self._terms.short(term.datatype.value)
        stated = self._types.get(term, frozenset[str]())
        fact = self._terms.get(term.value) if isinstance(term, ox.NamedNode) else None
        if fact:
            stated = stated | set(fact.types)
        if fact and not stated:
            return f"{'an' if fact.kind[0] in 'aoi' else 'a'} {fact.kind}"
        return self._names(sorted(stated))

    def _advice(self, fact: Fact, use: _Use, triple: ox.Triple) -> Iterator[str]:
        sides = (
            (triple.subject, use[1], fact.fits, "of"),
            (triple.object, use[2], fact.takes, "with"),
        )
        for term, kind, advised, word in sides:
            if advised and not self._fit(kind, advised):
                yield (
                    f"{self._terms.short(fact.term)} is meant to be used {word} "
                    f"{self._names(advised)}, but this is {self._given(term)}"
                )

    def _fit(self, kind: _Kind, any_of: Iterable[str]) -> bool:
        """Say whether one of these classes holds, or nothing is known of the thing."""
        if kind not in self._above:
            types = self._types_of(kind)
            self._above[kind] = {iri for one in types for iri in self._terms.up(one)}
        above = self._above[kind]
        return (
            not above
            or any(iri in above or iri in _ANYTHING for iri in any_of)
            # A datatype of schema.org stands for any text: it has its own names for those of XSD.
            or (LITERAL in above and any(map(self._datatype_of_schema_org, any_of)))
        )

    def _datatype_of_schema_org(self, iri: str) -> bool:
        facts = map(self._terms.get, self._terms.up(iri))
        return any(fact and ns.SCHEMA + "DataType" in (fact.term, *fact.types) for fact in facts)

    def _types_of(self, kind: _Kind) -> set[str]:
        """Give the types that are stated: of a thing, of a term by its vocabulary, of a text."""
        if isinstance(kind, str):
            plain = (ns.XSD + "string", ns.RDF + "langString")
            more = (ns.RDF + "PlainLiteral",) if kind in plain else ()
            return {kind, LITERAL, *more}
        if isinstance(kind, frozenset):
            return set(kind)
        if isinstance(kind, _Sort):
            return {*kind.types, *dict(METACLASSES).get(kind.kind, ())}
        types = set(self._types.get(kind, ()))
        fact = self._terms.get(kind.value) if isinstance(kind, ox.NamedNode) else None
        if fact:
            types |= {*fact.types, *dict(METACLASSES).get(fact.kind, ())}
        return types

    def _names(self, iris: Iterable[str]) -> str:
        names = [self._terms.short(iri) for iri in iris]
        return " or ".join(names) if len(names) < 5 else " or ".join([*names[:4], "others"])


def _keys(graph: Columns, kinds: Iterable[_Kind]) -> list[_Key]:
    """Give for each triple what makes its use, in numbers."""
    numbers: dict[_Kind, int] = {}
    kind = [numbers.setdefault(one, len(numbers)) for one in kinds]
    typing = {p for p in {*graph.predicates} if graph.terms[p] == ox.NamedNode(ns.TYPE)}
    return [
        (p, kind[s], -o if p in typing else kind[o])
        for s, p, o in zip(graph.subjects, graph.predicates, graph.objects, strict=True)
    ]


def _terms_of(use: _Use) -> set[str]:
    """Give the terms in a use: the property, and a datatype or a class."""
    predicate, _, kind = use
    used = {predicate}
    if isinstance(kind, str):
        used.add(kind)
    elif isinstance(kind, ox.NamedNode) and predicate == ns.TYPE:
        used.add(kind.value)
    return used


def _namespace(iri: str) -> str:
    return re.sub(r"[^/#]*$", "", iri)


def _advised_once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Give each piece of advice once, at its first place, with the number of its places."""
    first: dict[str, Finding] = {}
    times: Counter[str] = Counter()
    for finding in found:
        if finding.severity == "violation":
            yield finding
        else:
            known = first.setdefault(finding.message, finding)
            if (finding.path, finding.line) < (known.path, known.line):
                first[finding.message] = finding
            times[finding.message] += 1
    for message, finding in first.items():
        often = f" ({times[message]} times, here first)" if times[message] > 1 else ""
        yield replace(finding, message=message + often)


def _in_query(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give the IRIs in the text of a query, those with a prefix in full."""
    declared = dict(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", text))
    known = {**prefixes, **declared}
    for found in _IN_QUERY.finditer(text):
        if found["iri"]:
            yield found["iri"]
        elif found["local"] and found["prefix"] in known:
            yield known[found["prefix"]] + found["local"]
