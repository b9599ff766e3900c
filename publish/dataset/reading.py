"""Reading a folder or a file into a data set, once, with the place of each triple."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import pyoxigraph as ox

from publish import errors, mappings, turtle
from publish import namespaces as ns
from publish.dataset import renaming, sources
from publish.dataset.describing import describe_placed
from publish.dataset.sources import Key, Stamp
from publish.dataset.values import Dataset
from publish.graphs import Graph, Packing, Progress, Statement

T = TypeVar("T", covariant=True)

_TOLD = 4096
"""After how many statements it is told how far the work is."""
_LINE_END = re.compile(rb"\r\n|\n|\r")


def load(folder: Path, progress: Progress | None = None, memory: Memory | None = None) -> Dataset:
    """Read a folder; `progress` is told of the bytes.

    A file that a `memory` has seen is not parsed again, unless it has changed. Raises
    `FolderError` where the folder has not the shape, `TurtleErrors` with every file that does
    not parse, `DescriptionError` where the data set does not say what it is.
    """
    paths = sources.source_paths(folder)
    read = _Reading(folder, _size(folder, paths), progress, memory)
    for path in paths:
        read.add(path)
    read.judge()
    graphs = {key: read.graph(key) for key in list(read.packings)}
    meta = graphs.get("meta", Graph())
    about = describe_placed(dict(meta.placed()))
    usual = renaming.usual(read.declared, about.base)
    renamings = renaming.renamed(read.declared, usual, read.source)
    named = {f"{about.base}graph/{key}": graph for key, graph in graphs.items()}
    return Dataset(
        root=folder,
        description=about,
        graphs=dict(sorted(named.items())),
        prefixes=_prefixes({**read.of_tables, **usual}, graphs.get("shapes", Graph())),
        default_graph="union",
        digest=read.digest(),
        sources=read.sources,
        matches=tuple(read.matches),
        renamings=tuple(renamings),
        silent=tuple(read.silent),
    )


def _watched(
    reader: _Reader[T],
    progress: Progress | None,
    before: int,
    size: int,
) -> Iterator[T]:
    """Tell now and then how far a file is read, of which so many bytes were read before."""

    def parts() -> Iterator[list[T]]:
        statements = iter(reader)
        while part := list(islice(statements, _TOLD)):
            if progress:
                progress(before + reader.position, size)
            yield part

    # No step of Python for each statement: there are many.
    return chain.from_iterable(parts())


def _size(folder: Path, paths: Iterable[str]) -> int:
    """Sum up the bytes of files; one that is gone is told when it is read."""
    places = (folder / path for path in paths)
    return sum(place.stat().st_size for place in places if place.exists())


class _Reader(Protocol[T]):
    """What reads a file, and knows how far it is."""

    @property
    def position(self) -> int: ...

    def __iter__(self) -> Iterator[T]: ...


class _Prefixed(Protocol):
    """What declares prefixes; all are known when it has been read to its end."""

    @property
    def prefixes(self) -> Mapping[str, str]: ...


class _Prefixes(NamedTuple):
    prefixes: Mapping[str, str]


class _File(NamedTuple):
    """What one file states, and what it declares and matches beside."""

    statements: Iterable[Statement]
    declared: _Prefixed
    matches: Sequence[mappings.Match] = ()


class Memory:
    """What the files of a folder state, for whoever reads it again and again.

    It holds each term as often as it is written, and so takes more than a data set does.
    """

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, _File]] = {}

    def recall(self, path: str, sha256: str) -> _File | None:
        """Give what a file states, if that is the digest that it had."""
        known, file = self._files.get(path, ("", None))
        return file if known == sha256 else None

    def keep(self, path: str, sha256: str, file: _File) -> _File:
        """Read a file to its end, and remember it instead of what it was before."""
        statements = tuple(file.statements)
        whole = _File(statements, _Prefixes(dict(file.declared.prefixes)), file.matches)
        self._files[path] = (sha256, whole)
        return whole


class _Reading:
    """The files of one folder, parsed and sorted into graphs."""

    def __init__(
        self, folder: Path, size: int, progress: Progress | None, memory: Memory | None
    ) -> None:
        self._folder = folder
        self._done, self._size = 0, size
        self._progress = progress
        self._memory = memory
        self.sources: dict[str, str] = {}
        self._stamps: dict[str, Stamp] = {}
        self._broken: list[errors.TurtleError] = []
        self.packings: defaultdict[Key, Packing] = defaultdict(Packing)
        self.declared: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        self.of_tables: dict[str, str] = {}
        self.matches: list[mappings.Match] = []
        self.silent: list[str] = []

    def add(self, path: str) -> None:
        """Read one file; what does not parse is told by `judge`."""
        key = sources.key(path)
        source, self._stamps[path] = sources.bytes_of(self._folder / path)
        self.sources[path] = hashlib.sha256(source).hexdigest()
        try:
            file = self._file(source, path)
            packing = self.packings[key]
            before = len(packing.packed)
            packing.add(file.statements, path)
            table = path.endswith(sources.MAPPINGS)
            if not table and len(packing.packed) == before:
                self.silent.append(path)
            self.matches.extend(file.matches)
            if table:
                # What the first says holds, as where nothing else decides.
                self.of_tables = {**file.declared.prefixes, **self.of_tables}
            else:
                self._declare(file.declared.prefixes, path)
        except errors.TurtleError as error:
            self._broken.append(error)
        except errors.TurtleErrors as error:
            self._broken.extend(error.errors)
        self._done += len(source)

    def judge(self) -> None:
        """Raise what was wrong with the files, or that one of them is not what was read."""
        for path, stamp in self._stamps.items():
            try:
                now = sources.stamp((self._folder / path).stat())
            except OSError:
                now = None
            if now != stamp:
                raise errors.FolderError(
                    f"`{self._folder / path}` was changed while the data set was read; "
                    "start again when it is saved"
                )
        if self._broken:
            raise errors.TurtleErrors(self._broken)

    def digest(self) -> str:
        """Give the SHA-256 of the sources, their names and their bytes."""
        return sources.digest(self.sources)

    def graph(self, key: Key) -> Graph:
        """Give a graph, of which nothing more is to be read."""
        return self.packings.pop(key).graph()

    def _file(self, source: bytes, path: str) -> _File:
        """Give what a file states: as it is read, or whole where it is remembered."""
        if self._memory is None:
            return self._read(source, path)
        sha256 = self.sources[path]
        known = self._memory.recall(path, sha256)
        return known or self._memory.keep(path, sha256, self._read(source, path))

    def _read(self, source: bytes, path: str) -> _File:
        _judge_line_ends(source, path)
        if path.endswith(sources.MAPPINGS):
            return _of_table(mappings.parse(source, path))
        reader = turtle.Reader(source, path)
        return _File(_watched(reader, self._progress, self._done, self._size), reader)

    def _declare(self, prefixes: Mapping[str, str], path: str) -> None:
        for prefix, space in prefixes.items():
            self.declared[prefix].setdefault(space, []).append(path)

    def source(self, path: str) -> bytes:
        """Read the bytes of a file again, which few are asked for."""
        return sources.bytes_of(self._folder / path)[0]


def _of_table(table: mappings.Table) -> _File:
    """Give what a table of mappings states and tells of its rows, each on the line of its row."""
    name = ox.NamedNode
    stated = (
        (name(one.subject), name(one.stated), name(one.object), one.line)
        for one in table.matches
        if one.stated
    )
    return _File(chain(stated, mappings.records(table)), table, table.matches)


def _judge_line_ends(source: bytes, path: str) -> None:
    """Refuse a file whose lines editors count in one way and others in another."""
    ends = _LINE_END.finditer(source) if b"\r" in source else iter(())
    first = next(ends, None)
    for number, end in enumerate(ends, 2):
        if first is not None and (end[0] != first[0] or end[0] == b"\r"):
            raise errors.TurtleError(
                path, number, None, "lines end in different ways; save the file with LF alone"
            )


def _prefixes(stated: Mapping[str, str], shapes: Graph) -> dict[str, str]:
    """Give the prefixes of the files and those that the shapes declare (SHACL 5.2.1)."""
    declared: defaultdict[turtle.Subject, dict[str, str]] = defaultdict(dict)
    for name in ("prefix", "namespace"):
        for quad in shapes.quads_for_predicate(ox.NamedNode(ns.SH + name)):
            declared[quad.subject][name] = getattr(quad.object, "value", "")
    pairs = [(found.get("prefix"), found.get("namespace")) for found in declared.values()]
    known = {prefix: space for prefix, space in pairs if prefix is not None and space}
    return dict(sorted({**stated, **known}.items()))


# --- bare files ------------------------------------------------------------------------------


def load_file(path: Path, progress: Progress | None = None) -> Dataset:
    """Read one RDF file as it stands: its graphs, its default graph as `""`.

    The format is known by the extension, `.gz` below it or not. Raises `TurtleError`.
    """
    source = _unzipped(path)
    media = path.name.removesuffix(".gz").rpartition(".")[2]
    reader = turtle.QuadReader(source, str(path), media)
    quads = _watched(reader, progress, 0, len(source))
    packings: defaultdict[str, Packing] = defaultdict(Packing)
    packings[""].add((), None)
    for name, triples in groupby(quads, key=lambda quad: quad.graph_name):
        if isinstance(name, ox.BlankNode):
            raise errors.TurtleError(
                str(path), None, None, "a graph is named by a blank node; give it an IRI"
            )
        iri = name.value if isinstance(name, ox.NamedNode) else ""
        packings[iri].add(((*quad.triple, 0) for quad in triples), None)
    return Dataset(
        root=path,
        description=None,
        graphs={name: packings.pop(name).graph() for name in sorted(packings)},
        prefixes=dict(sorted((dict(reader.prefixes) or ns.STANDARD).items())),
        default_graph="file",
        digest=hashlib.sha256(source).hexdigest(),
    )


def _unzipped(path: Path) -> bytes:
    source, _ = sources.bytes_of(path)
    if path.suffix != ".gz":
        return source
    try:
        return gzip.decompress(source)
    except (OSError, EOFError, zlib.error) as error:
        raise errors.TurtleError(
            str(path), None, None, f"not a whole gzip file: {error}"
        ) from error
