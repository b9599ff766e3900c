"""The line-based formats, N-Triples and N-Quads, in canonical order; and the engine's formats.

Always the same bytes for the same triples, whatever order they come in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, cast

import pyoxigraph as ox

from publish import characters
from publish.graphs import Graph, Triples
from publish.turtle.terms import Subject


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
        self._file.write(characters.kept(data))
        return len(data)

    def flush(self) -> None:
        self._file.flush()
