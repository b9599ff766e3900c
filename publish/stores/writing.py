"""What a query gives, written in the format of a job and within its limits of size.

Machine formats are whole or an error; what may be `partial` ends behind the last row or triple
that fits.

Follows SPARQL 1.1 Query Results XML, JSON, CSV and TSV for what stands between two rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from publish import characters, errors, negotiation
from publish.stores import formats, labelling
from publish.stores.jobs import Answer, Job
from publish.stores.labelling import Labels

F = TypeVar("F")

_JSON = "application/sparql-results+json"
_RDF: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
        "application/n-quads": ox.RdfFormat.N_QUADS,
        "application/trig": ox.RdfFormat.TRIG,
    }
)
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


_NAMELESS = b"<oxprefix: "
_XML_PREFIX = re.compile(rb' xmlns:(?!rdf=)([^=\s]+)="[^"]*"')


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


def rows(
    results: ox.QuerySolutions | ox.QueryBoolean, job: Job, labels: Labels | None = None
) -> Answer:
    """Write rows in the format of a job, within its limits, with labels where they are given."""
    if labels is not None and isinstance(results, ox.QuerySolutions):
        return _labelled(labels, results, job)
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
    body = formats.safe(sink.whole(), job.media)
    none = format_ == ox.QueryResultsFormat.JSON and body.endswith(b"[]}}")
    return Answer(body, job.media, 0 if none else sink.rows)


def _labelled(labels: Labels, results: ox.QuerySolutions, job: Job) -> Answer:
    """Answer with the rows and the labels of what they name, within the same limits."""
    _format(formats.RESULTS, job.media, "SELECT and ASK")
    plain = rows(results, job._replace(media=_JSON))
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


def triples(
    found: Iterable[ox.Triple],
    job: Job,
    prefixes: Mapping[str, str],
    labels: Labels | None = None,
) -> Answer:
    """Write triples in the format of a job, within its limits, and their labels where given."""
    format_ = _format(_RDF, job.media, "CONSTRUCT and DESCRIBE")
    if labels is not None:
        found = labelling.triples(found, labels)
    complete = True
    if job.partial:
        found, complete = _first_triples(found, job)
    counted = _Counted(found, job.rows)
    sink = _Body(job)
    try:
        ox.serialize(counted, cast(IO[bytes], sink), format_, prefixes=dict(prefixes))
    except _Full as full:
        raise _too_large(full) from full
    body = sink.whole()
    if format_ in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        body = _with_sorted_header(body)
    if format_ == ox.RdfFormat.RDF_XML:
        body = _as_xml(body)
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


def _as_xml(body: bytes) -> bytes:
    """Give RDF/XML with the prefixes that it uses; refuse what it cannot say."""
    others = tuple(media for media in _RDF if media != negotiation.RDF_XML.media)
    # The engine's own prefix before nothing: what a property ends with is no name in XML.
    if _NAMELESS in body:
        raise errors.NotAcceptable(
            "RDF/XML has no way to write a property whose IRI does not end with a name; "
            f"ask for one of {', '.join(others)}",
            others,
        )
    characters.refuse(body, others)
    begin, end, rest = body.partition(b">\n\t")
    used = _XML_PREFIX.sub(lambda one: one[0] if b"%b:" % one[1] in rest else b"", begin)
    return characters.kept(used + end + rest)


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


def _format(known: Mapping[str, F], media: str, forms: str) -> F:
    if media not in known:
        raise errors.NotAcceptable(
            f"{forms} cannot be answered as `{media}`; ask for one of {', '.join(known)}",
            tuple(known),
        )
    return known[media]


def _too_large(full: _Full) -> errors.QueryTooLarge:
    return errors.QueryTooLarge(f"{full}; add a LIMIT, ask in parts, or take a dump")
