"""One store, and the evaluation of one query in this process, with limits of size.

A store is made from a data set: each graph under its IRI, and a default graph of its own, so
that a triple that two layers state is one triple there. It answers values: `1.50` comes back as
`1.5`. Where the spelling counts (DESCRIBE), it is put back from the source. Nothing here stops
a query that takes too long; that is the work of `local`.

Follows SPARQL 1.1 Query sections 13 and 16, and SPARQL 1.1 Protocol 2.1.4 for the dataset.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.stores import explaining, formats, labelling
from publish.stores.functions import functions
from publish.stores.grammar import Grammar, Slip
from publish.stores.jobs import Answer, Job

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Graphs: TypeAlias = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
F = TypeVar("F")

_JSON = "application/sparql-results+json"
_RDF: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
    }
)


@dataclass(frozen=True)
class LocalStore:
    """A data set in memory, ready to be asked; `spelled` maps a value to how it was written."""

    store: ox.Store
    base: str
    prefixes: Mapping[str, str]
    spelled: Mapping[ox.Triple, tuple[ox.Triple, ...]]
    languages: tuple[str, ...] = ()
    grammar: Grammar = field(default_factory=Grammar)
    place: Path | None = None

    def opened(self) -> LocalStore:
        """Open the store where it is on disk: in each process, for its threads survive no fork."""
        if self.place is None:
            return self
        return replace(self, store=ox.Store.read_only(str(self.place)))

    def load(self) -> None:
        """Read what some queries need from files, which a worker cannot open."""
        _ = self.grammar.source

    def prepare(self) -> None:
        """Make what some queries need, where nobody waits for it."""
        _ = self.grammar.parser

    def labels(self, asked: tuple[str, ...]) -> labelling.Labels:
        """Give the labels of what is in it, those in the languages asked for first."""
        return labelling.Labels(self.store, self.languages, asked)


def open_store(dataset: Dataset, default_graph: str = "") -> LocalStore:
    """Load a data set; `default_graph` is `union` or `file`, empty leaves it to the data set."""
    store = ox.Store()
    for iri in dataset.graphs:
        if iri:
            name = ox.NamedNode(iri)
            store.extend(turtle.quad_of(triple, name) for triple in dataset.triples(iri))
            # A graph without triples is a graph all the same (SPARQL 1.1 Update 3.2).
            store.add_graph(name)
    whole = (default_graph or dataset.default_graph) == "union"
    triples = dataset.union() if whole else dataset.triples("")
    store.extend(turtle.quad_of(triple) for triple in triples)
    languages = dataset.description.languages if dataset.description else ()
    return LocalStore(store, dataset.base, dict(dataset.prefixes), _spelled(dataset), languages)


def open_disk(head: Dataset, place: Path) -> LocalStore:
    """Prepare to open a store on disk; `head` is what is known of the data set."""
    languages = head.description.languages if head.description else ()
    return LocalStore(
        ox.Store(), head.base, dict(head.prefixes), {}, languages=languages, place=place
    )


def evaluate(local: LocalStore, job: Job) -> Answer:
    """Answer a job from this process.

    Raises `QuerySyntaxError`, `QueryRefused`, `QueryTooLarge` or, where the form of the query
    has no such format, `NotAcceptable`.
    """
    try:
        if job.explain:
            return _explanation(local, job)
        results = asked(local, job)
        if isinstance(results, ox.QueryTriples):
            found: Iterable[ox.Triple] = results
            if job.exact:
                spelled = local.spelled
                found = (exact for triple in results for exact in spelled.get(triple, (triple,)))
            return written_triples(local, found, job)
        return written_rows(local, results, job)
    except OSError as error:
        # The scan finds SERVICE; what it cannot see, a worker has no socket for.
        raise errors.QueryRefused(
            "the query asks another server, which is not done here; query that server itself"
        ) from error
    except RuntimeError as error:
        raise errors.QueryRefused(f"{sentence(str(error))}; write the query without it") from error


# --- asking ----------------------------------------------------------------------------------

# The parser looks ahead for its longest words and takes the end of the text for the error where
# that is nearer.
_ROOM = " " * 32


def asked(local: LocalStore, job: Job) -> Results:
    """Parse a job's query and begin its evaluation; raise `QuerySyntaxError` where it is none."""
    default: Graphs | None = None
    named: list[ox.NamedNode | ox.BlankNode] | None = None
    if job.default_graphs is not None or job.named_graphs is not None:
        # SPARQL 1.1 Protocol 2.1.4: what the request says replaces what the query says.
        default = [_node(iri) for iri in job.default_graphs or ()]
        named = [_node(iri) for iri in job.named_graphs or ()]
    try:
        return local.store.query(
            job.text + _ROOM,
            base_iri=job.base or local.base or None,
            default_graph=default,
            named_graphs=named,
            custom_functions=functions(job.text),
        )
    except SyntaxError as error:
        raise _explained(str(error.msg), job.text, local.grammar) from error
    except UnicodeEncodeError as error:
        raise errors.QuerySyntaxError(
            "the query holds half of a surrogate pair; send it as UTF-8"
        ) from error


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise errors.QuerySyntaxError(
            f"the graph `{iri}` is not named by an absolute IRI; name it in full"
        ) from error


# --- giving an account ------------------------------------------------------------------------


def _explanation(local: LocalStore, job: Job) -> Answer:
    """Tell how a query is answered: how long it takes, and what each of its patterns matches."""
    begun = time.perf_counter()
    results = asked(local, job)
    ready = time.perf_counter()
    if isinstance(results, ox.QueryTriples):
        plain = job._replace(media="application/n-triples", labels=None)
        answer = written_triples(local, results, plain)
    else:
        answer = _rows(results, job._replace(media=_JSON))
    done = time.perf_counter()
    said = {
        "seconds": {"prepare": round(ready - begun, 6), "answer": round(done - ready, 6)},
        "rows": answer.rows,
        "bytes": len(answer.body),
        "format": answer.media,
        "patterns": _counted_patterns(local, job),
        "plan": None,
    }
    return Answer(json.dumps(said, ensure_ascii=False).encode(), "application/json", answer.rows)


def _counted_patterns(local: LocalStore, job: Job) -> list[dict[str, object]]:
    tree = local.grammar.parser.parse(job.text)
    found: list[dict[str, object]] = []
    for pattern in explaining.patterns(job.text, tree):
        text = explaining.counting(job.text, tree, pattern)
        counted = asked(local, job._replace(text=text))
        count = next(iter(counted))["count"] if isinstance(counted, ox.QuerySolutions) else None
        found.append(
            {
                "pattern": pattern.text,
                "graph": pattern.graph,
                "solutions": int(getattr(count, "value", 0)),
            }
        )
    return found


# --- explaining ------------------------------------------------------------------------------

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][a-z]*(?: [\w'-]+){2,}")
_NAMED = 6
"""How many of the things that could stand somewhere a sentence names."""


def _explained(message: str, text: str, grammar: Grammar) -> errors.QuerySyntaxError:
    """Say where the query goes wrong, by the grammar or else by what the engine says."""
    slip = grammar.slip(text)
    if slip is not None:
        return _slipped(text, slip)
    match = _ERROR.match(message)
    if match is None:
        return errors.QuerySyntaxError(sentence(message))
    said = [item for item in match[3].split(", ") if _SENTENCE.fullmatch(item)]
    if not said:
        return errors.QuerySyntaxError(
            "each word stands where it can, and yet the query means nothing; see whether a "
            "variable gets a value twice, or a blank node is used in two groups"
        )
    start = _offset(text, int(match[1]), int(match[2]))
    return errors.QuerySyntaxError(sentence(said[0]), *_place(text, start))


def _slipped(text: str, slip: Slip) -> errors.QuerySyntaxError:
    named = ", ".join(slip.expected[:_NAMED])
    more = " or another sign" if len(slip.expected) > _NAMED else ""
    word = _word(text, slip.start)
    if not word:
        reason = f"the query ends too early; expected {named}{more}"
    elif word[0] in "\"'":
        reason = "the text that begins here is not closed"
    else:
        reason = f"`{word}` cannot stand here; expected {named}{more}"
    return errors.QuerySyntaxError(reason, *_place(text, slip.start), slip.expected)


def _place(text: str, start: int) -> tuple[int, int]:
    """Give line and column, from 1; the end of a text is behind its last word."""
    before = text[:start].rstrip() if start == len(text) else text[:start]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _offset(text: str, line: int, column: int) -> int:
    """Give the place of a line and a column from 1, at most the end of the text."""
    lines = text.split("\n")
    before = sum(len(one) + 1 for one in lines[: line - 1])
    return max(0, min(len(text), before + column - 1))


def _word(text: str, start: int) -> str:
    match = re.compile(r"[^\s{}()]{1,40}|\S").match(text, start)
    return match[0] if match else ""


def sentence(message: str) -> str:
    """Word what the engine says as our own messages are worded."""
    return (message[:1].lower() + message[1:]).rstrip(".")


# --- writing rows ----------------------------------------------------------------------------

_XML_ROW = b"</result>"
_XML_END = b"</results></sparql>"

# What stands behind each row, or between two, and nowhere else, and what is to be added to its
# count: text holds no bare `<` in XML, no line break in TSV, no `{"` in JSON. (JSON rows that
# bind nothing are not told apart and count as one.) In CSV, line breaks in text are in quotes.
_MARKS: Mapping[ox.QueryResultsFormat, tuple[bytes, int]] = MappingProxyType(
    {
        ox.QueryResultsFormat.XML: (_XML_ROW, 0),
        ox.QueryResultsFormat.JSON: (b'},{"', 1),
        ox.QueryResultsFormat.TSV: (b"\n", -1),
        ox.QueryResultsFormat.CSV: (b"\n", -1),
    }
)


class _Full(Exception):
    """A limit was reached; never leaves this module."""


class _Body:
    """What a serialiser writes to; stops it above the limit of bytes."""

    def __init__(self, job: Job) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self._most = job.size
        self._full: _Full | None = None

    def write(self, data: bytes) -> int:
        if self._full is not None:
            # The serialiser, when it is dropped, tries once more to write what it holds.
            raise self._full
        self._chunks.append(data)
        self._size += len(data)
        if self._size > self._most:
            self.stop(f"the answer has more than {self._most} bytes")
        return len(data)

    def stop(self, reason: str) -> None:
        self._full = _Full(reason)
        raise self._full

    def flush(self) -> None:
        """Do nothing: what was written is here."""

    def whole(self) -> bytes:
        return b"".join(self._chunks)


class _Rows(_Body):
    """The same for rows, which it counts as they pass."""

    def __init__(self, job: Job, format_: ox.QueryResultsFormat) -> None:
        super().__init__(job)
        self._mark, self._more = _MARKS[format_]
        self._csv = format_ == ox.QueryResultsFormat.CSV
        self._most_rows = job.rows
        self._quoted = 0
        self._tail = b""
        self._marks = 0

    @property
    def rows(self) -> int:
        return self._marks + self._more

    def write(self, data: bytes) -> int:
        super().write(data)
        if self._csv:
            pieces = data.split(b'"')
            self._marks += sum(piece.count(self._mark) for piece in pieces[self._quoted :: 2])
            self._quoted = (self._quoted + len(pieces) - 1) % 2
        else:
            seam = self._tail + data
            self._marks += seam.count(self._mark)
            self._tail = seam[len(seam) - len(self._mark) + 1 :]
        if self.rows > self._most_rows:
            self.stop(f"the answer has more than {self._most_rows} rows")
        return len(data)


def written_rows(
    local: LocalStore, results: ox.QuerySolutions | ox.QueryBoolean, job: Job
) -> Answer:
    """Write rows in the format of a job, within its limits."""
    if job.labels is not None and isinstance(results, ox.QuerySolutions):
        return _labelled(local.labels(job.labels), results, job)
    return _rows(results, job)


def _rows(results: ox.QuerySolutions | ox.QueryBoolean, job: Job) -> Answer:
    format_ = _format(formats.RESULTS, job.media, "SELECT and ASK")
    if isinstance(results, ox.QueryBoolean):
        body = results.serialize(format=format_)
        return Answer(body or b"", job.media, 1)
    if job.partial:
        return _first_rows(results, job, format_)
    sink = _Rows(job, format_)
    try:
        results.serialize(cast(IO[bytes], sink), format=format_)
    except _Full as full:
        raise _too_large(full) from full
    body = sink.whole()
    none = format_ == ox.QueryResultsFormat.JSON and body.endswith(b"[]}}")
    return Answer(body, job.media, 0 if none else sink.rows)


def _labelled(labels: labelling.Labels, results: ox.QuerySolutions, job: Job) -> Answer:
    """Answer with the rows and the labels of what they name, within the same limits."""
    _format(formats.RESULTS, job.media, "SELECT and ASK")
    plain = _rows(results, job._replace(media=_JSON))
    body = labelling.rows(plain.body, labels)
    body = formats.rewritten(body, job.media)
    if len(body) > job.size:
        raise _too_large(_Full(f"the answer has more than {job.size} bytes"))
    return Answer(body, job.media, plain.rows, plain.complete)


def _first_rows(results: ox.QuerySolutions, job: Job, format_: ox.QueryResultsFormat) -> Answer:
    """Answer with the rows within the limits: XML can be cut behind any row."""
    sink = _Rows(job, ox.QueryResultsFormat.XML)
    complete = True
    try:
        results.serialize(cast(IO[bytes], sink), format=ox.QueryResultsFormat.XML)
    except _Full:
        complete = False
    body = sink.whole()
    rows = min(body.count(_XML_ROW), job.rows)
    if not complete:
        parts = body.split(_XML_ROW, rows)
        if not rows and b"<results>" not in body:
            raise errors.QueryTooLarge("not even the names of the columns fit; name fewer")
        head = body[: body.index(b"<results>") + len(b"<results>")]
        body = (_XML_ROW.join([*parts[:rows], b""]) or head) + _XML_END
    if format_ != ox.QueryResultsFormat.XML:
        again = ox.parse_query_results(body, format=ox.QueryResultsFormat.XML)
        body = again.serialize(format=format_) or b""
    return Answer(body, job.media, rows, complete)


# --- writing triples -------------------------------------------------------------------------


def written_triples(local: LocalStore, found: Iterable[ox.Triple], job: Job) -> Answer:
    """Write triples in the format of a job, within its limits."""
    format_ = _format(_RDF, job.media, "CONSTRUCT and DESCRIBE")
    if job.labels is not None:
        found = labelling.triples(found, local.labels(job.labels))
    complete = True
    if job.partial:
        found, complete = _first_triples(found, job)
    counted = _Counted(found, job.rows)
    sink = _Body(job)
    try:
        ox.serialize(counted, cast(IO[bytes], sink), format_, prefixes=dict(local.prefixes))
    except _Full as full:
        raise _too_large(full) from full
    body = sink.whole()
    if format_ == ox.RdfFormat.TURTLE:
        body = _with_sorted_header(body)
    return Answer(body, job.media, counted.rows, complete)


class _Counted(Iterator[ox.Triple]):
    """Counts triples as they pass, and stops above the limit."""

    def __init__(self, triples: Iterable[ox.Triple], most: int) -> None:
        self.rows = 0
        self._triples = iter(triples)
        self._most = most

    def __next__(self) -> ox.Triple:
        triple = next(self._triples)
        if self.rows == self._most:
            raise _Full(f"the answer has more than {self._most} triples")
        self.rows += 1
        return triple


def _first_triples(found: Iterable[ox.Triple], job: Job) -> tuple[list[ox.Triple], bool]:
    """Take the triples within the limits, and say whether that is all."""
    taken: list[ox.Triple] = []
    size = 0
    for triple in found:
        # No format takes twice the bytes of N-Triples, but for what is in the prefixes.
        size += 2 * len(str(triple).encode())
        if len(taken) == job.rows or size > job.size:
            return taken, False
        taken.append(triple)
    return taken, True


def _with_sorted_header(body: bytes) -> bytes:
    """Sort the prefixes of a Turtle file and leave out those that it does not use."""
    lines = []
    end = 0
    while body.startswith(b"@prefix ", end):
        next_line = body.index(b"\n", end) + 1
        lines.append(body[end:next_line])
        end = next_line
    rest = body[end:]
    used = [line for line in sorted(lines) if line.split(b" ", 2)[1] in rest]
    return b"".join([*used, b"\n" * bool(used), rest])


# --- small parts -----------------------------------------------------------------------------


def _format(known: Mapping[str, F], media: str, forms: str) -> F:
    if media not in known:
        raise errors.NotAcceptable(
            f"{forms} cannot be answered as `{media}`; ask for one of {', '.join(known)}",
            tuple(known),
        )
    return known[media]


def _too_large(full: _Full) -> errors.QueryTooLarge:
    return errors.QueryTooLarge(f"{full}; add a LIMIT, ask in parts, or take a dump")


def _spelled(dataset: Dataset) -> dict[ox.Triple, tuple[ox.Triple, ...]]:
    """Give the triples of the source for each triple that the store spells in another way."""
    graphs = dataset.graphs.values()
    objects = {value for graph in graphs for value in graph.objects() if _may_change(value)}
    found: defaultdict[ox.Triple, set[ox.Triple]] = defaultdict(set)
    for value, kept in _kept(sorted(objects, key=str)).items():
        for triple in (quad.triple for graph in graphs for quad in graph.quads_for_object(value)):
            stored = ox.Triple(triple.subject, triple.predicate, kept)
            found[stored].add(triple)
            if any(stored in graph for graph in graphs):
                found[stored].add(stored)
    return {stored: tuple(sorted(exact, key=str)) for stored, exact in found.items()}


def _may_change(term: turtle.Term) -> bool:
    if isinstance(term, ox.Literal):
        return not term.language and term.datatype.value != ns.XSD + "string"
    return isinstance(term, ox.Triple)


def _kept(terms: list[turtle.Term]) -> dict[turtle.Term, turtle.Term]:
    """Give what a store makes of each term, where that is another one."""
    store = ox.Store()
    number, is_kept = "urn:folkmote:term:", ox.NamedNode("urn:folkmote:kept")
    store.extend(
        ox.Quad(ox.NamedNode(f"{number}{place}"), is_kept, term) for place, term in enumerate(terms)
    )
    pairs = (
        (terms[int(str(getattr(quad.subject, "value", "")).removeprefix(number))], quad.object)
        for quad in store
    )
    return {term: kept for term, kept in pairs if term != kept}
