"""Find a data set and read it once, into a value that never changes.

A data set is a folder with `ontology/`, `data/` and `shapes/`, or a bare RDF file. Reading gives
one set of triples a graph, every literal spelled as it was written, and the file and line of
each triple; a table of mappings (`*.sssom.tsv`) counts as the triples that it asserts. The folder names its graphs: a sub-folder of `data/` is a layer of its own, each
file of `data/enrichment/` too, the rest of `data/` is `meta`. What the data set says of itself
in its one `dcat:Dataset` is its whole configuration. Nothing is derived, checked or written
here.

Follows DCAT 3, VoID section 4.1 (`void:uriSpace`) and VANN for the base and the prefix.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeVar
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from publish import errors, mappings, turtle
from publish import namespaces as ns
from publish.graphs import Graph, Packing, Place, Progress, Union

if TYPE_CHECKING:
    import rdflib

T = TypeVar("T", covariant=True)

Key: TypeAlias = str
"""The last part of a graph's IRI, known before the base is."""
Stamp: TypeAlias = tuple[int, int, int]
"""What the system knows of a file (inode, bytes, time): another one, or changed, has others."""

FOLDERS = ("data", "ontology", "shapes")
MAPPINGS = ".sssom.tsv"
"""How the name of a table of mappings ends."""
_TOLD = 4096
"""After how many statements it is told how far the work is."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_OWN_GRAPHS = ("inferred", "meta", "ontology", "shapes")
HEAD = ("meta", "ontology", "shapes")
"""The graphs that say what a data set is and means, by the last part of their names."""
_LAYER_RULES = re.compile(r"shapes/layer-(.+)\.ttl")


@dataclass(frozen=True)
class Description:
    """What the one `dcat:Dataset` says of itself; what it does not say is empty."""

    iri: str
    base: str
    prefix: str
    uri_space: str
    title: str
    description: str
    version: str
    modified: str
    licence: str
    creators: tuple[str, ...]
    examples: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """A data set as it was read.

    `graphs` maps the IRI of a graph to its triples and their places, sorted by IRI; the default
    graph of a bare file is `""`. `digest` is the SHA-256 of the sources, their
    names and their bytes, and `sources` the one of each. `default_graph` says what a query without a dataset clause sees: the
    `union` of all graphs but the shapes, or the default graph of the `file`. `matches` are the
    rows of its tables of mappings, those too that make no triple.
    """

    root: Path
    description: Description | None
    graphs: Mapping[str, Graph]
    prefixes: Mapping[str, str]
    default_graph: Literal["union", "file"]
    digest: str
    sources: Mapping[str, str] = field(repr=False, default_factory=dict)
    matches: tuple[mappings.Match, ...] = field(repr=False, default=())

    @property
    def base(self) -> str:
        """The IRI that all IRIs of the data set begin with; empty for a bare file."""
        return self.description.base if self.description else ""

    @property
    def shapes_graph(self) -> str:
        """The IRI of the graph that holds the rules."""
        return self._graph("shapes")

    @property
    def ontology_graph(self) -> str:
        """The IRI of the graph that holds the terms."""
        return self._graph("ontology")

    @property
    def meta_graph(self) -> str:
        """The IRI of the graph that describes the data set, with its saved questions."""
        return self._graph("meta")

    @property
    def inferred_graph(self) -> str:
        """The IRI of the graph that holds what was derived."""
        return self._graph("inferred")

    @property
    def layers(self) -> tuple[str, ...]:
        """The IRIs of the graphs that the sub-folders of `data/` make."""
        if self.description is None:
            return ()
        own = {self._graph(name) for name in _OWN_GRAPHS}
        return tuple(iri for iri in self.graphs if iri not in own)

    def graphs_of_rules(self, layer: str) -> tuple[str, ...]:
        """Give the graphs that rules speak of: those of a layer, or all that were asserted.

        Each file of data/enrichment/ is a layer of its own, and `enrichment` names them all.
        """
        if not layer:
            apart = (self.shapes_graph, self.inferred_graph)
            return tuple(iri for iri in self.graphs if iri not in apart)
        name = self._graph(quote(layer))
        several = f"{name}-" if layer == "enrichment" else None
        return tuple(
            iri for iri in self.layers if iri == name or (several and iri.startswith(several))
        )

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Give the triples of one graph; none, where there is no such graph."""
        return self.graphs[graph].triples() if graph in self.graphs else iter(())

    def whole(self) -> Union:
        """Take all graphs but the shapes as one."""
        apart = self.shapes_graph if self.description else None
        return Union(graph for iri, graph in self.graphs.items() if iri != apart)

    def union(self) -> Iterator[ox.Triple]:
        """Give each triple once, from all graphs but the shapes."""
        return iter(self.whole())

    def outgoing(self, iri: str) -> list[tuple[str, ox.Triple]]:
        """Give what each graph says of a thing: (graph IRI, triple), always in the same order."""
        node = ox.NamedNode(iri)
        return [
            (name, quad.triple)
            for name, graph in self.graphs.items()
            for quad in sorted(graph.quads_for_subject(node), key=str)
        ]

    def incoming(self, iri: str) -> list[tuple[str, ox.Triple]]:
        """Give what each graph says of others and this thing: (graph IRI, triple), in order."""
        node = ox.NamedNode(iri)
        return [
            (name, quad.triple)
            for name, graph in self.graphs.items()
            for quad in sorted(graph.quads_for_object(node), key=str)
        ]

    def place(self, graph: str, triple: ox.Triple) -> Place | None:
        """Say where a triple of a graph stands; derived ones stand nowhere."""
        return self.graphs[graph].place(triple) if graph in self.graphs else None

    def view(self, graphs: Iterable[str] | None = None) -> rdflib.Graph:
        """Give the triples of some graphs (by default the union) to rdflib, spelled as they are."""
        import rdflib

        view = rdflib.Graph()
        for prefix, space in self.prefixes.items():
            view.bind(prefix, space, replace=True)
        chosen = (
            self.union() if graphs is None else (t for iri in graphs for t in self.triples(iri))
        )
        for triple in chosen:
            view.add(tuple(_for_rdflib(term) for term in triple))  # type: ignore[arg-type]
        return view

    def with_graph(self, iri: str, triples: Iterable[ox.Triple]) -> Dataset:
        """Give a data set in which the graph of this IRI has these triples and no others.

        Those that it had before stand where they stood.
        """
        added = {**self.graphs, iri: Graph(triples, like=self.graphs.get(iri))}
        return replace(self, graphs=dict(sorted(added.items())))

    def _graph(self, name: str) -> str:
        return f"{self.base}graph/{name}"


def _for_rdflib(term: turtle.Term) -> rdflib.term.Node:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Triple):
        raise errors.FolderError("rdflib knows no triple terms; read this data with pyoxigraph")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib makes 7 of 007 unless it is told not to.
    datatype = None if term.datatype.value == ns.XSD + "string" else term.datatype.value
    return rdflib.Literal(
        term.value, datatype=rdflib.URIRef(datatype) if datatype else None, normalize=False
    )


# --- folders ---------------------------------------------------------------------------------


def shipped() -> Path:
    """Give the folder of the data set that comes with the package."""
    package = Path(__file__).parent
    inside = package / "shipped"
    return inside if is_folder(inside) else package.parent


def layer_of_rules(path: str) -> str:
    """Name the layer that the rules of a file speak of; empty for all others."""
    match = _LAYER_RULES.fullmatch(path)
    return match[1] if match else ""


def is_folder(path: Path) -> bool:
    """Say whether a folder has the shape of a data set."""
    return all((path / name).is_dir() for name in FOLDERS)


def is_source(name: str) -> bool:
    """Say whether a file of this name is read; editors keep their own, with a dot before it."""
    return name.endswith((".ttl", MAPPINGS)) and not name.startswith(".")


def load(folder: Path, progress: Progress | None = None) -> Dataset:
    """Read a folder; `progress` is told of the bytes.

    Raises `FolderError` where it has not the shape, `TurtleErrors` with every file that does
    not parse, `DescriptionError` where the data set does not say what it is.
    """
    paths = source_paths(folder)
    read = _Reading(folder, _size(folder, paths), progress)
    for path in paths:
        read.add(path)
    read.judge()
    graphs = {key: read.graph(key) for key in list(read.packings)}
    meta = graphs.get("meta", Graph())
    about = _Describing(dict(meta.placed())).describe()
    named = {f"{about.base}graph/{key}": graph for key, graph in graphs.items()}
    return Dataset(
        root=folder,
        description=about,
        graphs=dict(sorted(named.items())),
        prefixes=_prefixes(read.prefixes, graphs.get("shapes", Graph())),
        default_graph="union",
        digest=read.digest(),
        sources=read.sources,
        matches=tuple(read.matches),
    )


def _watched(
    reader: _Reader[T],
    progress: Progress | None,
    before: int,
    size: int,
) -> Iterator[T]:
    """Tell now and then how far a file is read, of which so many bytes were read before."""
    for number, one in enumerate(reader):
        if progress and number % _TOLD == 0:
            progress(before + reader.position, size)
        yield one


def fingerprint(folder: Path) -> tuple[str, dict[str, str]]:
    """Give the digest that a folder would have, and that of each file, without parsing any.

    Raises `FolderError` as `load` does.
    """
    sources = {
        path: hashlib.sha256(_bytes(folder / path)[0]).hexdigest() for path in source_paths(folder)
    }
    return _digest(sources), sources


def _digest(sources: Mapping[str, str]) -> str:
    lines = (f"{sha256}  {path}\n" for path, sha256 in sources.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _size(folder: Path, paths: Iterable[str]) -> int:
    """Sum up the bytes of files; one that is gone is told when it is read."""
    places = (folder / path for path in paths)
    return sum(place.stat().st_size for place in places if place.exists())


def source_files(folder: Path) -> dict[str, bytes]:
    """Give the bytes of each file that counts, by its path within the folder, sorted.

    Raises `FolderError` as `source_paths` does, and where a file cannot be read.
    """
    return {path: _bytes(folder / path)[0] for path in source_paths(folder)}


def source_paths(folder: Path) -> list[str]:
    """Give the path of each file that counts, within the folder, sorted.

    Raises `FolderError` where the folder has not the shape.
    """
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "does not exist"
        raise errors.FolderError(f"`{folder}` {what}; name a folder with data/, ontology/, shapes/")
    missing = [f"{name}/" for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise errors.FolderError(
            f"`{folder}` is no data set: it has no {' and no '.join(missing)}; "
            "name another folder, or make what is missing"
        )
    found = sorted(
        path.relative_to(folder).as_posix() for name in FOLDERS for path in _files(folder / name)
    )
    if not any(path.startswith("data/") for path in found):
        raise errors.FolderError(
            f"`{folder / 'data'}` holds no *.ttl; begin with data/dataset.ttl, "
            "which describes the whole as a dcat:Dataset"
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Give the files below a folder; a link that leads back into it is followed once."""
    seen = {folder.resolve()}
    for place, folders, names in os.walk(folder, followlinks=True):
        here = Path(place)
        for name in sorted(folders):
            real = Path(os.path.realpath(here / name))
            if name.startswith(".") or real in seen:
                folders.remove(name)
            seen.add(real)
        yield from (here / name for name in names if is_source(name))


def _bytes(path: Path) -> tuple[bytes, Stamp]:
    """Read a file, with what tells whether it was changed since."""
    try:
        with path.open("rb") as file:
            return file.read(), _stamp(os.fstat(file.fileno()))
    except OSError as error:
        raise errors.FolderError(f"cannot read `{path}`: {error.strerror}") from error


def _stamp(found: os.stat_result) -> Stamp:
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _key(path: str) -> Key:
    """Name the graph that a file belongs to."""
    top, *rest = PurePosixPath(path.removesuffix(MAPPINGS).removesuffix(".ttl")).parts
    if top != "data":
        return top
    if len(rest) == 1 or rest[0] == "questions":
        return "meta"
    if rest[0] in _OWN_GRAPHS:
        raise errors.FolderError(
            f"the folder data/{rest[0]} has a name that folkmote needs itself; rename it"
        )
    return quote("-".join(rest) if rest[0] == "enrichment" else rest[0])


class _Reader(Protocol[T]):
    """What reads a file, and knows how far it is."""

    @property
    def position(self) -> int: ...

    def __iter__(self) -> Iterator[T]: ...


class _Reading:
    """The files of one folder, parsed and sorted into graphs."""

    def __init__(self, folder: Path, size: int, progress: Progress | None) -> None:
        self._folder = folder
        self._done, self._size = 0, size
        self._progress = progress
        self.sources: dict[str, str] = {}
        self._stamps: dict[str, Stamp] = {}
        self._broken: list[errors.TurtleError] = []
        self.packings: defaultdict[Key, Packing] = defaultdict(Packing)
        self.prefixes: dict[str, str] = {}
        self.matches: list[mappings.Match] = []

    def add(self, path: str) -> None:
        """Read one file; what does not parse is told by `judge`."""
        key = _key(path)
        source, self._stamps[path] = _bytes(self._folder / path)
        self.sources[path] = hashlib.sha256(source).hexdigest()
        try:
            _judge_line_ends(source, path)
            if path.endswith(MAPPINGS):
                self._add_table(key, path, mappings.parse(source, path))
            else:
                reader = turtle.Reader(source, path)
                statements = _watched(reader, self._progress, self._done, self._size)
                self.packings[key].add(statements, path)
                self._declare(reader.prefixes)
        except errors.TurtleError as error:
            self._broken.append(error)
        except errors.TurtleErrors as error:
            self._broken.extend(error.errors)
        self._done += len(source)

    def judge(self) -> None:
        """Raise what was wrong with the files, or that one of them is not what was read."""
        for path, stamp in self._stamps.items():
            try:
                now = _stamp((self._folder / path).stat())
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
        return _digest(self.sources)

    def graph(self, key: Key) -> Graph:
        """Give a graph, of which nothing more is to be read."""
        return self.packings.pop(key).graph()

    def _add_table(self, key: Key, path: str, table: mappings.Table) -> None:
        """Add what a table of mappings asserts, each triple on the line of its row."""
        self.matches.extend(table.matches)
        asserted = [match for match in table.matches if match.asserted]
        if asserted:
            name = ox.NamedNode
            statements = (
                (name(one.subject), name(one.predicate), name(one.object), one.line)
                for one in asserted
            )
            self.packings[key].add(statements, path)
            self._declare(table.prefixes)

    def _declare(self, prefixes: Mapping[str, str]) -> None:
        for prefix, space in prefixes.items():
            self.prefixes.setdefault(prefix, space)


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


# --- what a data set says of itself ----------------------------------------------------------


def describe(graphs: Mapping[str, Graph], path: str) -> Description:
    """Read the description among graphs whose files are not known; `path` is where they are."""
    meta = [iri for iri in graphs if iri.endswith("/graph/meta")]
    triples = (triple for iri in meta for triple in graphs[iri].triples())
    return _Describing({triple: Place(path, 1) for triple in triples}).describe()


class _Describing:
    """Finds the one `dcat:Dataset` among the triples of `meta` and reads what it says."""

    def __init__(self, places: Mapping[ox.Triple, Place]) -> None:
        self._places = places
        self._values: defaultdict[str, list[turtle.Term]] = defaultdict(list)

    def describe(self) -> Description:
        iri = self._find()
        for subject, predicate, value in self._places:
            if subject == ox.NamedNode(iri):
                self._values[predicate.value].append(value)
        languages = self._tags()
        about = Description(
            iri=iri,
            base=self._one(ns.VANN + "preferredNamespaceUri"),
            prefix=self._one(ns.VANN + "preferredNamespacePrefix"),
            uri_space=self._one(ns.VOID + "uriSpace"),
            title=self._text(ns.DCTERMS + "title", languages),
            description=self._text(ns.DCTERMS + "description", languages),
            version=self._one(ns.DCAT + "version"),
            modified=self._one(ns.DCTERMS + "modified"),
            licence=self._one(ns.DCTERMS + "license"),
            creators=self._all(ns.DCTERMS + "creator"),
            examples=self._all(ns.VOID + "exampleResource"),
            languages=languages,
        )
        self._judge(about)
        return about

    def _find(self) -> str:
        of_kind = {
            triple.subject.value: place
            for triple, place in self._places.items()
            if triple.predicate.value == ns.TYPE
            and triple.object == ox.NamedNode(ns.DCAT + "Dataset")
            and isinstance(triple.subject, ox.NamedNode)
        }
        versions = {
            getattr(triple.object, "value", "")
            for triple in self._places
            if triple.predicate.value == ns.DCAT + "hasVersion"
        }
        found = {iri: place for iri, place in of_kind.items() if iri not in versions}
        if not found:
            raise errors.DescriptionError(
                "data/ describes no dcat:Dataset; say in data/dataset.ttl what the data set is"
            )
        if len(found) > 1:
            names = " and ".join(f"<{iri}> ({place})" for iri, place in found.items())
            raise errors.DescriptionError(
                f"more than one dcat:Dataset: {names}; keep one, or link the others to it "
                "with dcat:hasVersion"
            )
        return next(iter(found))

    def _judge(self, about: Description) -> None:
        needed = {
            "a title; add dcterms:title": about.title,
            "a licence; add dcterms:license": about.licence,
            "a creator; add dcterms:creator": about.creators,
            "a base; add vann:preferredNamespaceUri": about.base,
            "a space for its things; add void:uriSpace": about.uri_space,
        }
        missing = [what for what, value in needed.items() if not value]
        if missing:
            raise self._wrong(about.iri, f"lacks {', and it lacks '.join(missing)}")
        base = urlsplit(about.base)
        if not (base.scheme and base.netloc and base.path.endswith("/")):
            raise self._wrong(
                about.iri,
                f"has the base `{about.base}`; vann:preferredNamespaceUri must be an address "
                "in full that ends in `/`",
            )
        if not about.uri_space.startswith(about.base):
            raise self._wrong(
                about.iri, f"has a void:uriSpace that does not begin with its base, {about.base}"
            )
        if about.modified and not _is_date(about.modified):
            raise self._wrong(
                about.iri, f"was modified `{about.modified}`; write dcterms:modified as 2026-01-31"
            )
        if quote(about.prefix) != about.prefix:
            raise self._wrong(
                about.iri,
                f"has the prefix `{about.prefix}`, which cannot name files; "
                "give vann:preferredNamespacePrefix letters, digits and hyphens",
            )

    def _wrong(self, iri: str, what: str) -> errors.DescriptionError:
        places = [place for triple, place in self._places.items() if triple.subject.value == iri]  # type: ignore[union-attr]
        return errors.DescriptionError(f"{places[0]}: the data set <{iri}> {what}")

    def _all(self, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(getattr(value, "value", "") for value in self._values[predicate]))

    def _one(self, predicate: str) -> str:
        return next(iter(self._all(predicate)), "")

    def _text(self, predicate: str, languages: Sequence[str]) -> str:
        """Choose a text: in a language of the data set, else English, else any."""

        def rank(literal: ox.Literal) -> tuple[int, str]:
            wanted = [*languages, "en", ""]
            tag = literal.language or ""
            return (wanted.index(tag) if tag in wanted else len(wanted), literal.value)

        texts = [value for value in self._values[predicate] if isinstance(value, ox.Literal)]
        return min(texts, key=rank).value if texts else ""

    def _tags(self) -> tuple[str, ...]:
        """Give the languages as tags; the IRIs of the usual lists end in one."""
        values = self._all(ns.DCTERMS + "language")
        return tuple(value.rstrip("/").rpartition("/")[2].casefold() for value in values)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


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
    source, _ = _bytes(path)
    if path.suffix != ".gz":
        return source
    try:
        return gzip.decompress(source)
    except (OSError, EOFError, zlib.error) as error:
        raise errors.TurtleError(
            str(path), None, None, f"not a whole gzip file: {error}"
        ) from error
