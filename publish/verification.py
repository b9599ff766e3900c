"""Hold a release against what it says of itself, file by file and triple by triple.

Each file must be there, with the bytes, the checksum and the number of triples that the manifest
names, packed as well as not; nothing else may be there; all formats must hold the same triples,
and each graph those whose digest the manifest names. Nothing is written or mended here.

Follows what `sha256sum -c` reads, and RDFC-1.0 for triples with blank nodes, which each format
names in its own way.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish import dataset, errors, release, turtle, zipping
from publish import namespaces as ns
from publish.graphs import Graph, Progress, Triples
from publish.isomorphism import same
from publish.union import Union

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_QUADS = ("nq", "trig")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file of a release."""

    name: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """What was found: the faults, and how many files and triples were looked at."""

    faults: tuple[Fault, ...]
    files: int
    triples: int


def verify(folder: Path, progress: Progress | None = None) -> Verdict:
    """Hold a release against its manifest; raise `FolderError` where it is none."""
    about = release.manifest(folder)
    if about is None:
        raise release.no_release(folder)
    found = _Verifying(folder, about, progress)
    faults = sorted(found.faults(), key=lambda fault: (fault.name, fault.message))
    return Verdict(tuple(faults), len(about["files"]), len(found.whole))


class _Verifying:
    """One release, with the triples of its N-Quads, to which all other files are compared."""

    def __init__(self, folder: Path, about: Mapping[str, Any], progress: Progress | None) -> None:
        self._folder = folder
        self._about = about
        self._files: Mapping[str, Mapping[str, Any]] = about["files"]
        self._progress = progress
        self._named: Mapping[str, Graph] = {}
        self.whole: Triples = Graph()

    def faults(self) -> Iterator[Fault]:
        yield from self._strangers()
        yield from self._sums()
        wrong = set()
        for name in self._files:
            for fault in self._weight(name):
                wrong.add(fault.name)
                yield fault
        quads = f"{self._about['name']}.nq"
        if quads in wrong or quads not in self._files:
            yield Fault(quads, "cannot be trusted, so the triples of no file were compared")
            return
        self._named = dataset.load_file(self._folder / quads).graphs
        self.whole = Union(graph for iri, graph in self._named.items())
        yield from self._digests(quads)
        for number, name in enumerate(self._files):
            if self._progress:
                self._progress(number, len(self._files))
            if name not in wrong:
                yield from self._triples(name)

    # --- bytes -------------------------------------------------------------------------------

    def _strangers(self) -> Iterator[Fault]:
        known = {release.MANIFEST, release.CHECKSUMS, release.PROVENANCE}
        known |= {name for file in self._files for name in (file, f"{file}.gz")}
        for path in sorted(self._folder.iterdir()):
            if path.name not in known:
                yield Fault(path.name, "is no file of this release; move it away")

    def _sums(self) -> Iterator[Fault]:
        """Compare the checksums that others read with those of the manifest."""
        place = self._folder / release.CHECKSUMS
        try:
            lines = place.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            yield Fault(place.name, "cannot be read; build the release anew")
            return
        matches = [match for line in lines if (match := _LINE.fullmatch(line))]
        said = {match[2]: match[1] for match in matches}
        wanted = {name: told["sha256"] for name, told in self._files.items()}
        manifest = (self._folder / release.MANIFEST).read_bytes()
        wanted[release.MANIFEST] = hashlib.sha256(manifest).hexdigest()
        for name in sorted(wanted.keys() | said.keys()):
            if said.get(name) != wanted.get(name):
                why = "names another checksum than the manifest does"
                yield Fault(place.name, f"{why} for {name}; build the release anew")
        if len(matches) != len(lines):
            yield Fault(place.name, "has a line that is no checksum; build the release anew")

    def _weight(self, name: str) -> Iterator[Fault]:
        told = self._files[name]
        for each in (name, f"{name}.gz"):
            try:
                weight = zipping.weigh(self._folder / each)
            except FileNotFoundError:
                yield Fault(each, "is missing; build the release anew")
            except (OSError, EOFError, zlib.error, gzip.BadGzipFile) as error:
                yield Fault(each, f"cannot be read ({error}); build the release anew")
            else:
                if weight != (told["bytes"], told["sha256"]):
                    yield Fault(
                        each,
                        f"was changed: it holds {weight[0]:,} bytes with SHA-256 {weight[1]}, "
                        f"not {told['bytes']:,} with {told['sha256']}; build the release anew",
                    )

    # --- triples -----------------------------------------------------------------------------

    def _digests(self, quads: str) -> Iterator[Fault]:
        """Compare each graph with its digest, over the very lines of the N-Quads."""
        digests = {
            iri: digest
            for iri, digest in self._about.get("graphs", {}).items()
            if not iri.endswith("/graph/shapes")  # which no dump of the data holds
        }
        found = {iri: hashlib.sha256() for iri in digests}
        with (self._folder / quads).open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                statement, _, graph = line.removesuffix(" .\n").rpartition(" ")
                if graph[1:-1] in found:
                    found[graph[1:-1]].update(f"{statement} .\n".encode())
        for iri, digest in digests.items():
            if found[iri].hexdigest() != digest:
                yield Fault(quads, f"has other triples in <{iri}> than the manifest says")

    def _triples(self, name: str) -> Iterator[Fault]:
        told = self._files[name]
        try:
            graphs = dataset.load_file(self._folder / name).graphs
        except errors.FolkmoteError as error:
            yield Fault(name, f"does not parse: {error}")
            return
        count = sum(map(len, graphs.values()))
        if count != told["triples"]:
            yield Fault(name, f"holds {count:,} triples, not {told['triples']:,} as it is said to")
        if name == release.DESCRIPTION:
            yield from self._described(graphs[""])
        elif name.startswith(f"{self._about['name']}.") and name.rpartition(".")[2] in _QUADS:
            differing = [
                iri
                for iri in sorted(graphs.keys() | self._named.keys())
                if not same(graphs.get(iri, Graph()), self._named.get(iri, Graph()))
            ]
            for iri in differing:
                yield Fault(name, f"holds other triples in <{iri}> than the N-Quads do")
        elif name.startswith(f"{self._about['name']}."):
            if not same(graphs[""], self.whole):
                yield Fault(name, "holds other triples than the N-Quads do")
        elif told.get("graph") in self._named and not same(graphs[""], self._named[told["graph"]]):
            yield Fault(name, f"holds other triples than the N-Quads do in <{told['graph']}>")

    def _described(self, described: Graph) -> Iterator[Fault]:
        """Compare the counts that the description gives with what there is."""
        sizes = {iri: len(graph) for iri, graph in self._named.items()}
        sizes[self._about.get("iri", "")] = len(self.whole)
        for quad in described.quads_for_predicate(turtle.Named(ns.VOID + "triples")):
            iri = getattr(quad.subject, "value", "")
            said = getattr(quad.object, "value", "")
            if iri in sizes and said != str(sizes[iri]):
                why = f"counts {said} triples in <{iri}>, where there are {sizes[iri]}"
                yield Fault(release.DESCRIPTION, f"{why}; build the release anew")
