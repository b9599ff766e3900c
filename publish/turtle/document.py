"""Canonical Turtle and TriG: one spelling for each set of triples, one line for each triple."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import pyoxigraph as ox

from publish import namespaces as ns
from publish import tokens
from publish.graphs import Graph, Triples, mentions_blank
from publish.turtle import nesting
from publish.turtle.terms import Pair, Subject, Term

_LINE_LENGTH = 100
_MOST_NAMES = 65_536
"""How many shortened IRIs are kept in memory."""
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = MappingProxyType(
    {
        ns.XSD + "boolean": re.compile(r"true|false"),
        ns.XSD + "integer": re.compile(r"[+-]?[0-9]+"),
        ns.XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
        ns.XSD + "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    }
)
_ESCAPES = MappingProxyType({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]')
_TO_ESCAPE_LONG = re.compile(r'"""|"+\Z|[\\\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]')


def write(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str], *, first: Sequence[str] = ()
) -> str:
    """Write canonical Turtle; the subjects in `first` lead, the rest follow by IRI."""
    return Document({None: Graph(triples)}, prefixes, first=first).text()


def write_trig(
    graphs: Mapping[str | None, Iterable[ox.Triple]], prefixes: Mapping[str, str]
) -> str:
    """Write canonical TriG: the default graph (`None`), then the named graphs by IRI."""
    return Document({name: Graph(graphs[name]) for name in graphs}, prefixes).text()


class Document:
    """Canonical Turtle or, with named graphs, TriG, made block by block.

    Which prefixes are used is known at the end, so the header is to be asked for after the body.
    """

    def __init__(
        self,
        graphs: Mapping[str | None, Triples],
        prefixes: Mapping[str, str],
        *,
        first: Sequence[str] = (),
    ) -> None:
        self._graphs = graphs
        self._first = first
        self._names = _Names(prefixes)

    def text(self) -> str:
        """Give the whole document."""
        body = "".join(self.body())
        return self.header() + body

    def header(self) -> str:
        """Declare the prefixes that the body used."""
        return self._names.header()

    def body(self) -> Iterator[str]:
        """Give all but the header, in pieces that follow each other."""
        tangled = nesting.named_blanks(self._graphs)
        shared = nesting.shared_blanks(tangled)
        before = ""
        for graph in sorted(self._graphs, key=lambda iri: iri or ""):
            inside = _Blocks(self._graphs[graph], tangled[graph], self._names, keep=shared)
            if graph is not None:
                yield f"{before}{self._names.iri(graph)} {{\n"
                before = ""
            for block in inside.blocks(self._first):
                yield before + block
                before = "\n"
            if graph is not None:
                yield "}\n"
                before = "\n"


class _Names:
    """Shortens IRIs by the prefixes and remembers which of them were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._spaces = sorted(
            ((space, prefix) for prefix, space in prefixes.items() if space),
            key=lambda item: (-len(item[0]), item),
        )
        self._known: dict[str, str] = {}
        self._used: dict[str, str] = {}

    def header(self) -> str:
        lines = [f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(self._used.items())]
        return "".join(lines) + ("\n" if lines else "")

    def iri(self, iri: str) -> str:
        if iri not in self._known:
            if len(self._known) >= _MOST_NAMES:
                self._known.clear()
            self._known[iri] = self._short(iri)
        return self._known[iri]

    def _short(self, iri: str) -> str:
        for space, prefix in self._spaces:
            if iri.startswith(space) and _is_local(iri, len(space)):
                self._used[prefix] = space
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    def literal(self, literal: ox.Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if (bare := _BARE.get(datatype)) and bare.fullmatch(value):
            return value
        if "\n" in value:
            text = f'"""{_TO_ESCAPE_LONG.sub(_escaped, value)}"""'
        else:
            text = f'"{_TO_ESCAPE.sub(_escaped, value)}"'
        if literal.language is not None:
            direction = f"--{literal.direction.value}" if literal.direction else ""
            return f"{text}@{literal.language}{direction}"
        if datatype == ns.XSD + "string":
            return text
        return f"{text}^^{self.iri(datatype)}"


def _is_local(iri: str, begin: int) -> bool:
    """Say whether what an IRI has from some place on can stand behind a prefix."""
    # Few have other letters than these, which are sooner seen.
    plain = _PLAIN_LOCAL.fullmatch(iri, begin)
    return bool(plain or (not iri.isascii() and tokens.LOCAL.fullmatch(iri, begin)))


def _escaped(match: re.Match[str]) -> str:
    return "".join(_ESCAPES.get(char) or f"\\u{ord(char):04X}" for char in match[0])


class _Blocks:
    """The triples of one graph as blocks of Turtle, one block a subject."""

    def __init__(
        self,
        graph: Triples,
        tangled: Mapping[Subject, Sequence[Pair]],
        names: _Names,
        *,
        keep: Iterable[ox.BlankNode] = (),
    ) -> None:
        self._graph = graph
        self._names = names
        self._tangled = tangled
        self._nesting = nesting.Nesting(tangled, frozenset(keep))

    def blocks(self, first: Sequence[str]) -> Iterator[str]:
        places = {iri: place for place, iri in enumerate(first)}

        def key(subject: Subject) -> tuple[int, int, str]:
            if isinstance(subject, ox.NamedNode):
                return (0, places.get(subject.value, len(places)), subject.value)
            return (1, 0, str(subject))

        subjects = {s for s in self._graph.subjects() if not mentions_blank(s)}
        subjects.update(s for s in self._tangled if s not in self._nesting.inside)
        for subject in sorted(subjects, key=key):
            yield f"{self._term(subject, 0)}\n{self._body(subject, 1)} .\n"

    def _pairs(self, subject: Subject) -> Iterable[Pair]:
        tangled = self._tangled.get(subject)
        if tangled is None:
            return self._graph.said_of(subject)
        if mentions_blank(subject):
            return tangled
        plain = [pair for pair in self._graph.said_of(subject) if not mentions_blank(pair[1])]
        return [*plain, *tangled]

    def _body(self, subject: Subject, depth: int) -> str:
        rows = []
        for predicate, value in self._pairs(subject):
            verb = "a" if predicate.value == ns.TYPE else self._names.iri(predicate.value)
            text = self._term(value, depth, before=len(verb) + 1)
            rows.append((verb != "a", predicate.value, _rank(value), text, verb))
        indent = "  " * depth
        return " ;\n".join(f"{indent}{verb} {text}" for *_, text, verb in sorted(rows))

    def _term(self, term: Term, depth: int, before: int = 0) -> str:
        if isinstance(term, ox.NamedNode):
            # Depth 0 is a subject or a part of a triple term, where no `()` may stand.
            return "()" if depth and term.value == ns.NIL else self._names.iri(term.value)
        if isinstance(term, ox.Literal):
            return self._names.literal(term)
        if isinstance(term, ox.Triple):
            inner = " ".join(self._term(part, 0) for part in term)
            return f"<<( {inner} )>>"
        if term in self._nesting.lists:
            return self._list(term, depth, before)
        if term in self._nesting.inside:
            if term not in self._tangled:
                return "[]"
            return f"[\n{self._body(term, depth + 1)}\n{'  ' * depth}]"
        return str(term)

    def _list(self, head: ox.BlankNode, depth: int, before: int) -> str:
        items = [self._term(item, depth + 1) for item in self._nesting.lists[head]]
        line = f"( {' '.join(items)} )"
        if "\n" not in line and 2 * depth + before + len(line) + 2 <= _LINE_LENGTH:
            return line
        indent = "  " * (depth + 1)
        inside = "\n".join(f"{indent}{item}" for item in items)
        return f"(\n{inside}\n{'  ' * depth})"


def _rank(term: Term) -> tuple[int, str]:
    if isinstance(term, ox.NamedNode):
        return (0, term.value)
    if isinstance(term, ox.Literal):
        return (1, term.value)
    # What stands in brackets is sorted by its text: a canonical name changes with the graph.
    return (2, "")
