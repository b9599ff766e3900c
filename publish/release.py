"""Write a data set as a folder of files for others to take, always the same bytes.

A release holds all formats of the union, each graph as Turtle, the rules, a description, the
report of the check, a manifest and checksums. It is written beside its place and moved there
when it is complete, so that no half of one is ever seen. Nothing is derived or checked here.

Follows SHACL 3.6 for the report, and what `sha256sum -c` reads for the checksums; the description
is that of `publish.description`.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from publish import context, description, errors, reports, turtle
from publish import dataset as datasets
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Triples
from publish.validation import Finding
from publish.version import __version__

MEDIA = (
    ("ttl", "text/turtle"),
    ("nt", "application/n-triples"),
    ("nq", "application/n-quads"),
    ("trig", "application/trig"),
    ("jsonld", "application/ld+json"),
    ("rdf", "application/rdf+xml"),
)
"""The formats of the dumps: extension and media type."""

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
DESCRIPTION = "description.ttl"
REPORT = "report.ttl"
CONTEXT = "context.jsonld"
_LAYOUT = 2
"""Counts the ways in which releases were laid out: one of another count is built anew."""

_LEVEL = 6
"""How hard gzip works: 9 takes thrice the time for a hundredth less."""
_CHUNK = 1 << 20

# RDF/XML 5.1 and Namespaces in XML 4: a predicate is written as an element.
_ELEMENT = re.compile(r"[^\W\d][\w.-]*\Z")
_RESERVED = frozenset(
    ns.RDF + name
    for name in ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID")
) | {ns.RDF + name for name in ("datatype", "li", "bagID", "aboutEach", "aboutEachPrefix")}


@dataclass(frozen=True)
class Release:
    """A release that stands in a folder: its files by name, and the digest of its source."""

    root: Path
    files: tuple[str, ...]
    digest: str
    name: str
    version: str
    software: str
    left_out: Mapping[str, str]
    described: tuple[description.File, ...] = ()


def write(
    dataset: Dataset,
    out: Path,
    *,
    findings: Sequence[Finding] = (),
    now: datetime | None = None,
) -> Release:
    """Write a release into a new folder, or in the place of an older release.

    `now` is the time that the files name, by default when the data set was modified. Raises
    `OutputError` where the place cannot be written or holds anything but a release.
    """
    try:
        out = out.resolve()
        _judge(dataset, out)
        with _replacing(out) as new:
            _Writing(dataset, new, now or _modified(dataset)).write(findings)
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links is a RuntimeError to pathlib, a zero byte in a name a ValueError.
        reason = str(getattr(error, "strerror", None) or error)
        raise errors.OutputError(
            f"cannot write `{out}`: {reason[:1].lower()}{reason[1:]}; "
            "mend that or name another folder"
        ) from error
    return open_release(out)


def open_release(path: Path) -> Release:
    """Open a release; raise `FolderError` where it is none or is not complete."""
    about = _manifest(path)
    if about is None:
        raise errors.FolderError(f"`{path}` is no release: it holds no {MANIFEST} of folkmote")
    for name, told in about["files"].items():
        file = path / name
        if not file.is_file() or file.stat().st_size != told["bytes"]:
            raise errors.FolderError(
                f"the release `{path}` is not complete: {name} is missing or changed; build it anew"
            )
    names = {*about["files"], MANIFEST, CHECKSUMS}
    names |= {f"{name}.gz" for name in about["files"]}
    return Release(
        root=path,
        files=tuple(sorted(name for name in names if (path / name).is_file())),
        digest=about["source"],
        name=about["name"],
        version=about["version"],
        software=about["software"],
        left_out=about["left_out"],
        described=tuple(_described(about["files"])),
    )


def _described(files: Mapping[str, Mapping[str, Any]]) -> Iterator[description.File]:
    """Give what the description tells of the files: of the data, not of the description itself."""
    for name, told in sorted(files.items()):
        if name not in (CONTEXT, DESCRIPTION, REPORT):
            yield description.File(
                name, told["media"], told["bytes"], told["sha256"], told.get("graph", "")
            )


def is_release(path: Path) -> bool:
    """Say whether a folder is a release that this version of folkmote wrote."""
    return _manifest(path) is not None


def fits(release: Release, dataset: Dataset) -> bool:
    """Say whether a release is what this software would write of this data set."""
    return (release.digest, release.software) == (dataset.digest, software())


def load(release: Release) -> Dataset:
    """Read a data set back from its release, derived triples too; lines are not known."""
    dumped = datasets.load_file(release.root / f"{release.name}.nq")
    prefixes = _prefixes(release.root / f"{release.name}.ttl")
    about = datasets.describe(dumped.graphs, str(release.root))
    whole = replace(
        dumped,
        root=release.root,
        description=about,
        graphs={iri: graph for iri, graph in dumped.graphs.items() if iri},
        prefixes=prefixes,
        default_graph="union",
        digest=release.digest,
    )
    rules = release.root / f"{release.name}-shapes.ttl"
    if not rules.is_file():
        return whole
    parsed = turtle.parse(rules.read_bytes(), rules.name)
    return replace(
        whole.with_graph(whole.shapes_graph, [triple for triple, _ in parsed.triples]),
        prefixes={**parsed.prefixes, **prefixes},
    )


def completed(release: Release, dataset: Dataset) -> Dataset:
    """Give a data set with what its rules derive, read from a release that fits it.

    What was derived when the release was built need not be derived again: it is spelled there
    as it was found, and has no blank nodes.
    """
    name = dataset.inferred_graph.rpartition("/")[2]
    path = release.root / f"{release.name}-{name}.ttl"
    triples = turtle.parse(path.read_bytes(), path.name).triples if path.is_file() else ()
    return dataset.with_graph(dataset.inferred_graph, [triple for triple, _ in triples])


def _prefixes(path: Path) -> dict[str, str]:
    """Read the head of a canonical file, which declares all its prefixes."""
    with path.open(encoding="utf-8") as file:
        head = "".join(itertools.takewhile(lambda line: line.startswith("@prefix"), file))
    return turtle.parse(head.encode(), path.name).prefixes


def software() -> str:
    """Name the software by all that decides what a release of the same sources holds."""
    return f"folkmote {__version__}, layout {_LAYOUT}"


def _modified(dataset: Dataset) -> datetime:
    said = dataset.description.modified if dataset.description else ""
    return datetime.fromisoformat(said[:10] or "1980-01-01").replace(tzinfo=UTC)


def _manifest(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    wanted = {"files", "left_out", "name", "software", "source", "version"}
    return found if isinstance(found, dict) and wanted <= found.keys() else None


# --- the place -------------------------------------------------------------------------------


def _judge(dataset: Dataset, out: Path) -> None:
    """Refuse a place whose content would be lost, or would become part of the source."""
    root = dataset.root.resolve()
    for name in datasets.FOLDERS:
        if out.is_relative_to(root / name) or (root / name).is_relative_to(out):
            raise errors.OutputError(
                f"`{out}` would lie in or over the sources in `{root / name}`; name another folder"
            )
    if out.exists() and not out.is_dir():
        raise errors.OutputError(f"`{out}` is a file; name a folder")
    inside = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    known = set(_files_of(out)) if inside else set()
    foreign = [name for name in inside if name not in known]
    if foreign:
        raise errors.OutputError(
            f"`{out}` holds {foreign[0]}, which no release holds and which would be lost; "
            "name a new folder or move what is in it"
        )


def _files_of(out: Path) -> Iterator[str]:
    about = _manifest(out)
    if about is not None:
        yield from (MANIFEST, CHECKSUMS)
        for name in about["files"]:
            yield from (name, f"{name}.gz")


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of `out` when all went well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=".new", dir=out.parent))
    try:
        yield new
        new.chmod(0o755)
        if not out.exists() or not any(out.iterdir()):
            new.replace(out)  # an empty folder is replaced in one step
            return
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=".old", dir=out.parent))
        out.replace(old)
        new.replace(out)
        shutil.rmtree(old)
    finally:
        shutil.rmtree(new, ignore_errors=True)


# --- the files -------------------------------------------------------------------------------


class _Writing:
    """Writes the files of one release and keeps what the manifest tells of each."""

    def __init__(self, dataset: Dataset, folder: Path, now: datetime) -> None:
        self._dataset = dataset
        self._folder = folder
        self._now = now
        self._files: dict[str, dict[str, Any]] = {}
        self._left_out: dict[str, str] = {}
        about = dataset.description
        taken = {name.partition(".")[0] for name in (DESCRIPTION, REPORT, CONTEXT)}
        prefix = about.prefix if about else ""
        self._name = prefix if prefix and prefix not in taken else "dataset"

    def write(self, findings: Sequence[Finding]) -> None:
        with _Zipping(self._folder) as self._zipping:
            self._dumps()
            self._layers()
            self._context()
            self._report(findings)
            self._describe()
            self._finish()

    def _dumps(self) -> None:
        data, whole = self._dataset, self._dataset.whole()
        named = {
            iri or None: graph
            for iri, graph in data.graphs.items()
            if not (data.description and iri == data.shapes_graph)
        }
        first = (data.description.iri,) if data.description else ()
        count, quads = len(whole), sum(map(len, named.values()))
        self._document("ttl", turtle.Document({None: whole}, data.prefixes, first=first), count)
        self._lines("nt", turtle.ntriples_of(whole), count)
        self._lines("nq", turtle.nquads_of(named), quads)
        self._document("trig", turtle.Document(named, data.prefixes), quads)
        self._serialized("jsonld", whole, count)
        if reason := _not_in_xml(whole):
            self._left_out[f"{self._name}.rdf"] = reason
        else:
            self._serialized("rdf", whole, count)

    def _layers(self) -> None:
        data = self._dataset
        for iri, graph in data.graphs.items():
            if iri:
                layer = iri.removeprefix(f"{data.base}graph/")
                safe = re.sub(r"[^A-Za-z0-9._-]", "-", layer)
                document = turtle.Document({None: graph}, data.prefixes)
                self._document(f"-{safe}.ttl", document, len(graph), iri)

    def _context(self) -> None:
        made = context.context(self._dataset)
        self._text(CONTEXT, json.dumps(made, indent=2, ensure_ascii=False) + "\n", 0)

    def _report(self, findings: Sequence[Finding]) -> None:
        about = self._dataset
        text = reports.validation_report(findings, about.base, about.prefixes)
        self._text(REPORT, text, len(turtle.parse(text.encode(), REPORT).triples))

    def _describe(self) -> None:
        self._weigh()
        triples = description.describe(
            self._dataset,
            _described(self._files),
            now=self._now,
            software=f"folkmote {__version__}",
        )
        text = turtle.write(triples, {**ns.STANDARD, **self._dataset.prefixes})
        self._text(DESCRIPTION, text, len(triples))

    def _finish(self) -> None:
        self._weigh()
        about = self._dataset.description
        manifest = {
            "date": self._now.astimezone(UTC).isoformat(),
            "files": dict(sorted(self._files.items())),
            "iri": about.iri if about else "",
            "left_out": self._left_out,
            "name": self._name,
            "software": software(),
            "source": self._dataset.digest,
            "title": about.title if about else "",
            "version": about.version if about else "",
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (self._folder / MANIFEST).write_bytes(text.encode())
        sums = {name: told["sha256"] for name, told in self._files.items()}
        sums[MANIFEST] = hashlib.sha256(text.encode()).hexdigest()
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()))
        (self._folder / CHECKSUMS).write_bytes(lines.encode())

    # --- one file ----------------------------------------------------------------------------

    def _document(
        self, extension: str, document: turtle.Document, triples: int, graph: str = ""
    ) -> None:
        """Write Turtle or TriG, whose header is known when the rest is written."""
        with tempfile.TemporaryFile(dir=self._folder) as body:
            for block in document.body():
                body.write(block.encode())
            body.seek(0)
            with self._file(extension, triples, graph) as file:
                file.write(document.header().encode())
                shutil.copyfileobj(body, file)

    def _lines(self, extension: str, pieces: Iterable[str], triples: int) -> None:
        with self._file(extension, triples) as file:
            for piece in pieces:
                file.write(piece.encode())

    def _serialized(self, extension: str, graph: Triples, triples: int) -> None:
        with self._file(extension, triples) as file:
            turtle.serialize_into(file, graph, extension)

    def _text(self, name: str, text: str, triples: int) -> None:
        (self._folder / name).write_bytes(text.encode())
        self._add(name, triples)

    @contextmanager
    def _file(self, extension: str, triples: int, graph: str = "") -> Iterator[IO[bytes]]:
        dot = "" if extension.startswith("-") else "."
        name = f"{self._name}{dot}{extension}"
        with (self._folder / name).open("wb") as file:
            yield file
        self._add(name, triples, graph)

    def _add(self, name: str, triples: int, graph: str = "") -> None:
        media = dict(MEDIA)[name.rpartition(".")[2]]
        self._files[name] = {"media": media, "triples": triples}
        if graph:
            self._files[name]["graph"] = graph
        self._zipping.add(name)

    def _weigh(self) -> None:
        """Wait until all files are packed, and keep what they weigh."""
        for name, (size, sha256) in self._zipping.results():
            told = self._files[name] | {"bytes": size, "sha256": sha256}
            self._files[name] = dict(sorted(told.items()))


class _Zipping:
    """Packs and weighs files that are complete, beside the work that writes the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._waiting: dict[str, Future[tuple[int, str]]] = {}
        self._stopped = False

    def __enter__(self) -> _Zipping:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        self._worker.shutdown(cancel_futures=True)

    def add(self, name: str) -> None:
        """Pack a file."""
        self._waiting[name] = self._worker.submit(self._pack, name)

    def results(self) -> Iterator[tuple[str, tuple[int, str]]]:
        """Give the size and the SHA-256 of each file, when it is packed."""
        while self._waiting:
            name = next(iter(self._waiting))
            yield name, self._waiting.pop(name).result()

    def _pack(self, name: str) -> tuple[int, str]:
        size, sha256 = 0, hashlib.sha256()
        with (
            (self._folder / name).open("rb") as file,
            (self._folder / f"{name}.gz").open("wb") as out,
            gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed,
        ):
            while not self._stopped and (chunk := file.read(_CHUNK)):
                size += len(chunk)
                sha256.update(chunk)
                packed.write(chunk)
        return size, sha256.hexdigest()


def _not_in_xml(graph: Triples) -> str:
    """Say what of these triples RDF/XML cannot hold, if anything; the first by IRI."""
    return min(
        (
            reason
            for subject in graph.subjects()
            for predicate, value in graph.said_of(subject)
            for reason in _reasons_of_xml(subject, predicate.value, value)
        ),
        default="",
    )


def _reasons_of_xml(subject: turtle.Subject, predicate: str, value: turtle.Term) -> Iterator[str]:
    if predicate in _RESERVED or not _ELEMENT.search(predicate):
        yield f"RDF/XML cannot write the predicate <{predicate}> as an element"
    if isinstance(value, turtle.Literal) and (found := turtle.NOT_XML.search(value.value)):
        yield (
            f"RDF/XML cannot hold the character U+{ord(found[0]):04X} in what "
            f"{subject} has as <{predicate}>"
        )
    if isinstance(value, turtle.Triple):
        yield f"RDF/XML cannot hold the triple term in what {subject} has"
