"""Read RDF with a line for every triple, and write it in one canonical form.

Reading keeps every literal as it is spelled (`1.50`, `01`, a time zone), names each blank
node after the file it stands in and the order it appears there, and reports errors with line,
column and what to do. Writing gives one spelling to each set of triples, so that two versions
of a file differ only where their triples do; `parse(write(triples))` has the triples that
were written. Nothing here knows folders, graphs of a data set or what a triple means.

Follows RDF 1.1 Turtle, TriG, N-Triples and N-Quads, and RDFC-1.0 for the names of blank
nodes that cannot be written in brackets.
"""

from __future__ import annotations

import hashlib
import io
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from publish import errors, graphs
from publish import namespaces as ns
from publish.graphs import Graph, Triples, mentions_blank

Triple = ox.Triple
Named = ox.NamedNode
Literal = ox.Literal
Blank = ox.BlankNode
Subject: TypeAlias = graphs.Subject
Term: TypeAlias = graphs.Term
Pair: TypeAlias = graphs.Pair

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, escaped or not (XML 1.0, 2.2)."""

T = TypeVar("T", bound=graphs.Subject | graphs.Term)

_LINE_LENGTH = 100
_DEEPEST = 64
_MOST_NAMES = 65_536
"""How many shortened IRIs are kept in memory."""
_SAFE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
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


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parsed:
    """What one file holds: its triples, each with its line from 1, and its prefixes."""

    triples: tuple[tuple[ox.Triple, int], ...]
    prefixes: dict[str, str]


def parse(source: bytes, path: str, *, base: str | None = None) -> Parsed:
    """Parse Turtle; raise `TurtleError` where it is wrong.

    The line of a triple is the one its object ends on; for a text in long quotes, the one it
    begins on.
    """
    reader = Reader(source, path, base=base)
    found: dict[ox.Triple, int] = {}
    for subject, predicate, value, line in reader:
        found.setdefault(ox.Triple(subject, predicate, value), line)
    return Parsed(tuple(found.items()), dict(reader.prefixes))


class Reader:
    """The statements of one file of Turtle, each with its line, as they are read.

    Raises `TurtleError` where the file is wrong. `prefixes` is whole when all has been read.
    """

    def __init__(self, source: bytes, path: str, *, base: str | None = None) -> None:
        self._path = path
        self._feed = _Lines(_checked(source, path))
        self._parser = ox.parse(cast(IO[bytes], self._feed), ox.RdfFormat.TURTLE, base_iri=base)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that were declared so far."""
        return self._parser.prefixes

    @property
    def position(self) -> int:
        """How many bytes were read so far."""
        return self._feed.position

    def __iter__(self) -> Iterator[graphs.Statement]:
        rename, line_of = _Renaming(self._path).term, self._feed.line_of
        try:
            for quad in self._parser:
                subject, predicate, value = quad.triple
                yield rename(subject), predicate, rename(value), line_of(value)
        except SyntaxError as error:
            raise _explained(error, self._path) from error


def parse_quads(
    source: bytes, path: str, media: str, *, base: str | None = None
) -> tuple[list[ox.Quad], dict[str, str]]:
    """Parse any RDF format, named by its file extension; give quads and prefixes."""
    reader = QuadReader(source, path, media, base=base)
    return list(reader), dict(reader.prefixes)


class QuadReader:
    """The quads of one file, in any RDF format, as they are read.

    Raises `TurtleError` where the file is wrong. `prefixes` is whole when all has been read.
    """

    def __init__(self, source: bytes, path: str, media: str, *, base: str | None = None) -> None:
        format_ = ox.RdfFormat.from_extension(media)
        if format_ is None:
            raise errors.TurtleError(
                path,
                None,
                None,
                f"`.{media}` is no RDF format known here; name a file that ends in .ttl, .trig, .nt, .nq, .jsonld or .rdf",
            )
        text = _checked(source, path) if format_ != ox.RdfFormat.RDF_XML else source
        self._path = path
        self._feed = io.BytesIO(text)
        self._parser = ox.parse(self._feed, format_, base_iri=base)

    @property
    def position(self) -> int:
        """How many bytes were read so far."""
        return self._feed.tell()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that were declared so far."""
        return self._parser.prefixes

    def __iter__(self) -> Iterator[ox.Quad]:
        rename = _Renaming(self._path).quad
        try:
            for quad in self._parser:
                yield rename(quad)
        except (SyntaxError, ValueError) as error:
            raise _explained(error, self._path) from error


def quad_of(
    triple: ox.Triple, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None
) -> ox.Quad:
    """Put a triple into a graph, by default the default graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


class _Lines:
    """A file object that hands out one line a call and so knows where the parser is."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._begins = array("Q")
        self._at = self._end = 0
        self._long = b'"""' in source or b"'''" in source

    def read(self, size: int = -1) -> bytes:
        at = self._at
        if at == self._end:
            if at == len(self._source):
                return b""
            self._begins.append(at)
            self._end = self._source.find(b"\n", at) + 1 or len(self._source)
        # The parser's own buffer is of a fixed size: a longer line goes out in parts.
        self._at = self._end if size < 0 else min(self._end, at + size)
        return self._source[at : self._at]

    @property
    def position(self) -> int:
        return self._at

    def line_of(self, value: object) -> int:
        line = len(self._begins)
        if self._long and isinstance(value, ox.Literal) and (breaks := value.value.count("\n")):
            begins = line - breaks
            # A line break may also be written as \n, on one line.
            if begins > 0 and re.search(rb"\"\"\"|'''", self._line(begins)):
                return begins
        return line

    def _line(self, number: int) -> bytes:
        return self._source[self._begins[number - 1] : self._begins[number]]


class _Renaming:
    """Names blank nodes by file and order: the parser names those in brackets at random."""

    def __init__(self, path: str) -> None:
        self._stem = "b" + hashlib.sha256(path.encode()).hexdigest()[:8] + "x"
        self._names: dict[ox.BlankNode, ox.BlankNode] = {}

    def term(self, term: T) -> T:
        """Give a term with its blank nodes named anew."""
        if isinstance(term, ox.NamedNode | ox.Literal):
            return term
        if isinstance(term, ox.BlankNode):
            return cast(T, self._name(term))
        subject, predicate, value = term
        return cast(T, ox.Triple(self.term(subject), predicate, self.term(value)))

    def quad(self, quad: ox.Quad) -> ox.Quad:
        subject, predicate, value, graph = quad
        if not any(map(mentions_blank, (subject, value, graph))):
            return quad
        name = self._name(graph) if isinstance(graph, ox.BlankNode) else graph
        return ox.Quad(self.term(subject), predicate, self.term(value), name)

    def _name(self, node: ox.BlankNode) -> ox.BlankNode:
        if node not in self._names:
            self._names[node] = ox.BlankNode(f"{self._stem}{len(self._names)}")
        return self._names[node]


def _checked(source: bytes, path: str) -> bytes:
    """Give the bytes without a byte order mark; refuse what is not UTF-8."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    try:
        source.decode()
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        if source.startswith((b"\xff\xfe", b"\xfe\xff")):
            reason = "this is UTF-16, not UTF-8; save the file as UTF-8"
        else:
            reason = f"the byte 0x{source[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise errors.TurtleError(path, line, column, reason) from error
    return source


_REASONS = (
    (
        re.compile(r"The prefix (\S*): has not been declared"),
        "the prefix `{0}:` is not declared; add `@prefix {0}: <…> .` at the top of the file",
    ),
    (
        re.compile(r"No scheme found in an absolute IRI"),
        "a relative IRI without `@base`; write the IRI in full, beginning with `https://`",
    ),
    (
        re.compile(r"Invalid IRI (.*)"),
        "a wrong IRI: {0} may not stand there; percent-encode it or mend the IRI",
    ),
    (
        re.compile(r"A dot is expected at the end of statements"),
        "a missing ` .` (or `;`, `,`) before this; end every statement with ` .`",
    ),
    (
        re.compile(r"Unexpected end"),
        "the file ends within a statement; close brackets and quotes and end with ` .`",
    ),
    (
        re.compile(r"Line jumps are not allowed in string literals.*"),
        'a line break in a text; close the quote, or use `"""` on both sides',
    ),
    (
        re.compile(r"(.+) is not a valid (predicate|subject or graph name|RDF object)"),
        "`{0}` cannot be a {1}; look for a missing `;`, `,` or ` .` before it",
    ),
)


def _explained(error: Exception, path: str) -> errors.TurtleError:
    text = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    line = error.lineno if isinstance(error, SyntaxError) else None
    column = error.offset if isinstance(error, SyntaxError) else None
    reason = re.sub(r"^Parser error at line \d+.*?: ", "", text)
    for pattern, explanation in _REASONS:
        if match := pattern.search(reason):
            return errors.TurtleError(path, line, column, explanation.format(*match.groups()))
    return errors.TurtleError(path, line, column, reason[:1].lower() + reason[1:].rstrip("."))


# --- writing ---------------------------------------------------------------------------------


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
        tangled = _named_blanks(self._graphs)
        shared = _shared_blanks(tangled)
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


def ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Write canonical N-Triples, lines sorted; blank nodes keep their names."""
    return "".join(ntriples_of(Graph(triples))).encode()


def ntriples_of(graph: Triples) -> Iterator[str]:
    """Give the same piece by piece."""
    return nquads_of({None: graph})


def nquads(graphs: Mapping[str | None, Iterable[ox.Triple]]) -> bytes:
    """Write canonical N-Quads, lines sorted; blank nodes keep their names."""
    return "".join(nquads_of({name: Graph(graphs[name]) for name in graphs})).encode()


def nquads_of(graphs: Mapping[str | None, Triples]) -> Iterator[str]:
    """Give the same piece by piece.

    No subject is written as the beginning of another, so the lines of all are sorted where the
    subjects are, and the lines of each.
    """
    ends = [("" if name is None else f" {ox.NamedNode(name)}", graphs[name]) for name in graphs]
    subjects = {subject for graph in graphs.values() for subject in graph.subjects()}
    for subject in sorted(subjects, key=_by_line):
        begin = str(subject)
        yield "".join(
            sorted(
                f"{begin} {predicate} {value}{end} .\n"
                for end, graph in ends
                for predicate, value in graph.said_of(subject)
            )
        )


def serialize(triples: Iterable[ox.Triple], media: str) -> bytes:
    """Write another RDF format, named by its file extension, always the same bytes."""
    written = io.BytesIO()
    serialize_into(written, Graph(triples), media)
    return written.getvalue()


def serialize_into(file: IO[bytes], graph: Triples, media: str) -> None:
    """Write the same into a file.

    No prefixes are given to the engine, which would write them in random order.
    """
    format_ = ox.RdfFormat.from_extension(media)
    if format_ is None:
        raise ValueError(f"no RDF format has the extension {media}")
    out = cast(IO[bytes], _Escaping(file)) if format_ == ox.RdfFormat.RDF_XML else file
    ox.serialize(_in_order(graph), out, format=format_)


def _in_order(graph: Triples) -> Iterator[ox.Triple]:
    for subject in sorted(graph.subjects(), key=_by_line):
        found = (
            ox.Triple(subject, predicate, value) for predicate, value in graph.said_of(subject)
        )
        yield from sorted(found, key=str)


def _by_line(subject: Subject) -> str:
    return f"{subject} "


class _Escaping:
    """A file that keeps bare carriage returns, of which XML readers make line feeds.

    XML 1.0, 2.11.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        self._file.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._file.flush()


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
            if iri.startswith(space) and _SAFE_LOCAL.fullmatch(iri, len(space)):
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
        self._nesting = _Nesting(tangled, frozenset(keep))

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


class _Nesting:
    """Which blank nodes of a graph can be written in brackets, and which begin lists."""

    def __init__(
        self, pairs: Mapping[Subject, Sequence[Pair]], keep: frozenset[ox.BlankNode]
    ) -> None:
        self._pairs = pairs
        self._parents = self._single_parents(keep)
        self.lists: dict[ox.BlankNode, tuple[Term, ...]] = {}
        cells: set[ox.BlankNode] = set()
        for node in self._parents:
            if self._is_head(node) and (chain := self._chain(node)):
                self.lists[node] = tuple(self._first(cell) for cell in chain)
                cells.update(chain[1:])
        self._cells = cells
        depths = self._depths()
        self.inside = {node for node, depth in depths.items() if depth <= _DEEPEST}
        for head in [head for head in self.lists if head not in self.inside]:
            self.inside.difference_update(self._chain(head))
            del self.lists[head]

    def _single_parents(self, keep: frozenset[ox.BlankNode]) -> dict[ox.BlankNode, Subject]:
        parents: dict[ox.BlankNode, Subject] = {}
        often = set(keep)
        for subject, pairs in self._pairs.items():
            if isinstance(subject, ox.Triple):
                often.update(_blanks_within(subject))
            for _, value in pairs:
                if isinstance(value, ox.Triple):
                    often.update(_blanks_within(value))
                elif isinstance(value, ox.BlankNode):
                    if value in parents:
                        often.add(value)
                    parents[value] = subject
        return {node: parent for node, parent in parents.items() if node not in often}

    def _cell(self, node: Term) -> bool:
        if node not in self._parents or node not in self._pairs:
            return False
        return sorted(p.value for p, _ in self._pairs[cast(Subject, node)]) == [ns.FIRST, ns.REST]

    def _is_head(self, node: ox.BlankNode) -> bool:
        parent = self._parents[node]
        return self._cell(node) and not (
            self._cell(parent) and self._rest(parent) == node  # then it is a later cell
        )

    def _first(self, cell: Subject) -> Term:
        return next(value for p, value in self._pairs[cell] if p.value == ns.FIRST)

    def _rest(self, cell: Subject) -> Term:
        return next(value for p, value in self._pairs[cell] if p.value == ns.REST)

    def _chain(self, head: ox.BlankNode) -> list[ox.BlankNode]:
        chain: list[ox.BlankNode] = []
        node: Term = head
        while isinstance(node, ox.BlankNode) and self._cell(node) and node not in chain[:1]:
            chain.append(node)
            node = self._rest(node)
        return chain if node == ox.NamedNode(ns.NIL) else []

    def _depths(self) -> dict[ox.BlankNode, int]:
        """Give the depth of brackets of each node that hangs from one that is not nested."""
        children: dict[Subject, list[ox.BlankNode]] = defaultdict(list)
        for node, parent in self._parents.items():
            children[parent].append(node)
        depths: dict[ox.BlankNode, int] = {}
        todo: list[tuple[Subject, int]] = [
            (subject, 0) for subject in self._pairs if subject not in self._parents
        ]
        # Nodes on a cycle hang from no such subject, are never met and so keep their names.
        while todo:
            parent, depth = todo.pop()
            for node in children[parent]:
                inner = depth if node in self._cells else depth + 1
                depths[node] = inner
                todo.append((node, 0 if inner > _DEEPEST else inner))
        return depths


def _blanks_within(term: Term) -> Iterator[ox.BlankNode]:
    if isinstance(term, ox.BlankNode):
        yield term
    elif isinstance(term, ox.Triple):
        for part in term:
            yield from _blanks_within(part)


Tangled: TypeAlias = dict[Subject, list[Pair]]
"""The triples that mention blank nodes, by subject: what has to be seen as a whole."""


def _named_blanks(graphs: Mapping[str | None, Triples]) -> dict[str | None, Tangled]:
    """Give what mentions blank nodes, with these named by RDFC-1.0 where names are needed.

    What stands in brackets needs none, and RDFC-1.0 takes its time over long chains. The names
    that it gives do not depend on triples without blank nodes.
    """
    given = {name: list(graph.with_blanks()) for name, graph in graphs.items()}
    tangled = {name: _by_subject(triples) for name, triples in given.items()}
    shared = frozenset(_shared_blanks(tangled))
    if all(_all_nested(one, shared) for one in tangled.values()):
        return tangled
    everything = ox.Dataset(
        quad_of(triple, ox.DefaultGraph() if name is None else ox.NamedNode(name))
        for name, triples in given.items()
        for triple in triples
    )
    everything.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    named: dict[str | None, list[ox.Triple]] = {name: [] for name in given}
    for quad in everything:
        graph = quad.graph_name
        named[graph.value if isinstance(graph, ox.NamedNode) else None].append(quad.triple)
    return {name: _by_subject(triples) for name, triples in named.items()}


def _all_nested(tangled: Tangled, keep: frozenset[ox.BlankNode]) -> bool:
    return _blanks_of(tangled) <= _Nesting(tangled, keep).inside


def _by_subject(triples: Iterable[ox.Triple]) -> Tangled:
    pairs: Tangled = defaultdict(list)
    for triple in triples:
        pairs[triple.subject].append((triple.predicate, triple.object))
    return dict(pairs)


def _blanks_of(tangled: Tangled) -> set[ox.BlankNode]:
    return {
        node
        for subject, pairs in tangled.items()
        for term in (subject, *(value for _, value in pairs))
        for node in _blanks_within(term)
    }


def _shared_blanks(graphs: Mapping[str | None, Tangled]) -> set[ox.BlankNode]:
    seen: set[ox.BlankNode] = set()
    shared: set[ox.BlankNode] = set()
    for tangled in graphs.values():
        here = _blanks_of(tangled)
        shared |= seen & here
        seen |= here
    return shared
