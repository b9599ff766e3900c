"""Writes the files of a release, and takes over from an older one what is the same.

It is written beside its place and moved there when it is complete, so that no half of one is
ever seen. The checksums are what `sha256sum -c` reads.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from publish import context, errors, folders, provenance, reports, turtle, zipping
from publish import dataset as datasets
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Progress, Triples, Watched
from publish.release.layout import (
    CHECKSUMS,
    CONTEXT,
    DESCRIPTION,
    MANIFEST,
    MEDIA,
    PROVENANCE,
    REPORT,
    describe,
    described,
    manifest,
    software,
    time_of,
    unchanged,
)
from publish.release.reading import Release, open_release
from publish.validation import Finding

_SHAPING = ("iri", "name", "prefixes", "software")
"""What else the bytes of a dump depend on, besides the triples."""
# RDF/XML 5.1 and Namespaces in XML 4: a predicate is written as an element.
_ELEMENT = re.compile(r"[^\W\d][\w.-]*\Z")
_RESERVED = frozenset(
    ns.RDF + name
    for name in ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID")
) | {ns.RDF + name for name in ("datatype", "li", "bagID", "aboutEach", "aboutEachPrefix")}


def write(
    dataset: Dataset,
    out: Path,
    *,
    findings: Sequence[Finding] = (),
    now: datetime | None = None,
    revision: str = "",
    progress: Progress | None = None,
) -> Release:
    """Write a release into a new folder, or in the place of an older release.

    `now` is the time that the files name, by default when the data set was modified; `revision`
    is the commit that holds the sources. What an older release in that place has of the same
    triples is not written again. Raises `OutputError` where the place cannot be written or holds
    anything but a release.
    """
    out = folders.resolved(out)
    with folders.writing(out):
        _judge(dataset, out)
        with folders.replacing(out) as new:
            writing = _Writing(dataset, new, now or time_of(dataset), _Older(out), progress)
            writing.write(findings, revision)
    return open_release(out)


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
    about = manifest(out)
    if about is not None:
        yield from (MANIFEST, CHECKSUMS, PROVENANCE)
        for name in about["files"]:
            yield from (name, f"{name}.gz")


class _Writing:
    """Writes the files of one release and keeps what the manifest tells of each."""

    def __init__(
        self,
        dataset: Dataset,
        folder: Path,
        now: datetime,
        older: _Older,
        progress: Progress | None,
    ) -> None:
        self._dataset = dataset
        self._folder = folder
        self._now = now
        self._older = older
        self._files: dict[str, dict[str, Any]] = {}
        self._left_out: dict[str, str] = {}
        about = dataset.description
        taken = {name.partition(".")[0] for name in (DESCRIPTION, REPORT, CONTEXT)}
        prefix = about.prefix if about else ""
        self._name = prefix if prefix and prefix not in taken else "dataset"
        self._digests = {iri: _digest(graph) for iri, graph in dataset.graphs.items()}
        self._progress = progress
        self._done = self._all = 0

    def write(self, findings: Sequence[Finding], revision: str) -> None:
        with zipping.Zipping(self._folder) as self._zipping:
            self._dumps()
            self._layers()
            self._context()
            self._report(findings)
            self._describe()
            self._finish()
        made = {"revision": revision, "software": provenance.tools()}
        (self._folder / PROVENANCE).write_bytes(_json(made))

    def _dumps(self) -> None:
        data, whole = self._dataset, self._dataset.whole()
        named = {
            iri: graph
            for iri, graph in data.graphs.items()
            if not (data.description and iri == data.shapes_graph)
        }
        count, quads = len(whole), sum(map(len, named.values()))
        self._all = 4 * count + 2 * quads + sum(map(len, data.graphs.values()))
        kept = self._older.has(self._about(), named, without=data.shapes_graph)
        first = (data.description.iri,) if data.description else ()
        for extension, _ in MEDIA:
            name = f"{self._name}.{extension}"
            triples = quads if extension in ("nq", "trig") else count
            if kept and self._take(name, triples):
                continue
            watched = self._watched(whole)
            parts: dict[str | None, Triples] = {
                iri or None: self._watched(graph) for iri, graph in named.items()
            }
            if extension == "ttl":
                document = turtle.Document({None: watched}, data.prefixes, first=first)
                self._document(name, document, triples)
            elif extension == "nt":
                self._lines(name, turtle.ntriples_of(watched), triples)
            elif extension == "nq":
                self._lines(name, turtle.nquads_of(parts), triples)
            elif extension == "trig":
                self._document(name, turtle.Document(parts, data.prefixes), triples)
            elif extension == "rdf" and (reason := _not_in_xml(whole)):
                self._left_out[name] = reason
            else:
                self._serialized(name, watched, triples)

    def _layers(self) -> None:
        data = self._dataset
        for iri, graph in data.graphs.items():
            if iri:
                layer = iri.removeprefix(f"{data.base}graph/")
                safe = re.sub(r"[^A-Za-z0-9._-]", "-", layer)
                name = f"{self._name}-{safe}.ttl"
                if not (self._older.has(self._about(), [iri]) and self._take(name, len(graph))):
                    document = turtle.Document({None: self._watched(graph)}, data.prefixes)
                    self._document(name, document, len(graph), iri)

    def _context(self) -> None:
        made = context.context(self._dataset)
        self._text(CONTEXT, json.dumps(made, indent=2, ensure_ascii=False) + "\n", 0)

    def _report(self, findings: Sequence[Finding]) -> None:
        about = self._dataset
        text = reports.validation_report(findings, about.base, about.prefixes)
        self._text(REPORT, text, len(turtle.parse(text.encode(), REPORT).triples))

    def _describe(self) -> None:
        self._weigh()
        triples = describe(self._dataset, described(self._files), now=self._now)
        text = turtle.write(triples, {**ns.STANDARD, **self._dataset.prefixes})
        self._text(DESCRIPTION, text, len(set(triples)))

    def _finish(self) -> None:
        self._weigh()
        about = self._about() | {
            "date": self._now.astimezone(UTC).isoformat(),
            "files": dict(sorted(self._files.items())),
            "left_out": self._left_out,
            "source": self._dataset.digest,
            "sources": dict(self._dataset.sources),
        }
        text = _json(dict(sorted(about.items())))
        (self._folder / MANIFEST).write_bytes(text)
        sums = {name: told["sha256"] for name, told in self._files.items()}
        sums[MANIFEST] = hashlib.sha256(text).hexdigest()
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()))
        (self._folder / CHECKSUMS).write_bytes(lines.encode())

    def _about(self) -> dict[str, Any]:
        """Give what the manifest says that the bytes of the dumps depend on."""
        about = self._dataset.description
        return {
            "graphs": self._digests,
            "iri": about.iri if about else "",
            "name": self._name,
            "prefixes": dict(self._dataset.prefixes),
            "software": software(),
            "title": about.title if about else "",
            "version": about.version if about else "",
        }

    def _watched(self, graph: Triples) -> Triples:
        return graph if self._progress is None else Watched(graph, self._tell)

    def _tell(self, triples: int) -> None:
        self._done += triples
        if self._progress:
            self._progress(self._done, self._all)

    # --- one file ----------------------------------------------------------------------------

    def _take(self, name: str, triples: int) -> bool:
        """Take a file over from the older release, if it is there as it was written."""
        told = self._older.take(name, self._folder)
        if told is None:
            return False
        self._files[name] = told
        self._tell(triples)
        return True

    def _document(
        self, name: str, document: turtle.Document, triples: int, graph: str = ""
    ) -> None:
        """Write Turtle or TriG, whose header is known when the rest is written."""
        with tempfile.TemporaryFile(dir=self._folder) as body:
            for block in document.body():
                body.write(block.encode())
            body.seek(0)
            with (self._folder / name).open("wb") as file:
                file.write(document.header().encode())
                shutil.copyfileobj(body, file)
        self._add(name, triples, graph)

    def _lines(self, name: str, pieces: Iterable[str], triples: int) -> None:
        with (self._folder / name).open("wb") as file:
            for piece in pieces:
                file.write(piece.encode())
        self._add(name, triples)

    def _serialized(self, name: str, graph: Triples, triples: int) -> None:
        with (self._folder / name).open("wb") as file:
            turtle.serialize_into(file, graph, name.rpartition(".")[2])
        self._add(name, triples)

    def _text(self, name: str, text: str, triples: int) -> None:
        (self._folder / name).write_bytes(text.encode())
        self._add(name, triples)

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


class _Older:
    """A release that stands where the new one is to stand, if there is one."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._about = manifest(out) or {}

    def has(self, about: Mapping[str, Any], graphs: Iterable[str], *, without: str = "") -> bool:
        """Say whether it was made in the same way, and has these graphs with the same triples.

        With `without`, it must also have no others than these and that one.
        """
        had, wanted = self._about.get("graphs", {}), {iri: about["graphs"][iri] for iri in graphs}
        if without:
            had = {iri: digest for iri, digest in had.items() if iri != without}
        same = had == wanted if without else wanted.items() <= had.items()
        return same and all(self._about.get(key) == about[key] for key in _SHAPING)

    def take(self, name: str, folder: Path) -> dict[str, Any] | None:
        """Put a file, with its packed one, into a folder; nothing where it was changed."""
        told: dict[str, Any] | None = self._about["files"].get(name)
        if told is None:
            return None
        try:
            if not unchanged(self._out, name, told):
                return None
            for each in (name, f"{name}.gz"):
                zipping.link(self._out / each, folder / each)
        except OSError:
            return None
        return told


def _digest(graph: Triples) -> str:
    """Give the SHA-256 of a graph as sorted N-Triples."""
    whole = hashlib.sha256()
    for piece in turtle.ntriples_of(graph):
        whole.update(piece.encode())
    return whole.hexdigest()


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


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
