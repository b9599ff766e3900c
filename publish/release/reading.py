"""Opens releases that stand in a folder, and reads data sets back from them."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from publish import dataset as datasets
from publish import description, errors, provenance, turtle
from publish import namespaces as ns
from publish.dataset import Dataset, Stamp
from publish.graphs import Graph, Progress
from publish.release.layout import (
    CHECKSUMS,
    DESCRIPTION,
    MANIFEST,
    PROVENANCE,
    described,
    manifest,
    midnight,
    no_release,
    software,
    unchanged,
)


@dataclass(frozen=True)
class Held:
    """What is known of the file of an opened release: a digest of its bytes, and its stamp."""

    digest: str
    stamp: Stamp

    @property
    def modified(self) -> datetime:
        """When it was written, to the second."""
        return datetime.fromtimestamp(self.stamp[2] // 1_000_000_000, UTC)


@dataclass(frozen=True)
class Release:
    """A release that stands in a folder: its files by name, and the digest of its source."""

    root: Path
    files: Mapping[str, Held]
    digest: str
    name: str
    version: str
    software: str
    left_out: Mapping[str, str]
    date: datetime
    described: tuple[description.File, ...]

    def stands(self, name: str) -> bool:
        """Say whether a file is still the one that was opened, and not of another release."""
        try:
            return datasets.stamp((self.root / name).stat()) == self.files[name].stamp
        except OSError:
            return False


def open_release(path: Path) -> Release:
    """Open a release; raise `FolderError` where it is none, not complete or leads out of itself."""
    about = manifest(path)
    if about is None:
        raise no_release(path)
    names = {*about["files"], MANIFEST, CHECKSUMS, PROVENANCE}
    names |= {f"{name}.gz" for name in about["files"]}
    for name in sorted(names):
        # A link may lead to any file, and all that is opened may be shown to strangers.
        if (path / name).is_symlink():
            raise errors.FolderError(
                f"the release `{path}` is not complete: {name} is a symbolic link; build it anew"
            )
    for name, told in about["files"].items():
        file = path / name
        if not file.is_file() or file.stat().st_size != told["bytes"]:
            raise errors.FolderError(
                f"the release `{path}` is not complete: {name} is missing or changed; build it anew"
            )
    return Release(
        root=path,
        files={
            name: Held(
                _digest_of(path / name, about["files"]), datasets.stamp((path / name).stat())
            )
            for name in sorted(names)
            if (path / name).is_file()
        },
        digest=about["source"],
        name=about["name"],
        version=about["version"],
        software=about["software"],
        left_out=about["left_out"],
        date=datetime.fromisoformat(about["date"]),
        described=tuple(described(about["files"])),
    )


def _digest_of(path: Path, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Give a digest of the bytes of a file; of a packed one, of what it packs and its size."""
    packs = files.get(path.name.removesuffix(".gz"))
    if packs is None:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    sha256: str = packs["sha256"]
    return sha256 if path.name in files else f"{sha256}{path.stat().st_size:x}"


def read_description(release: Release) -> bytes:
    """Read the description that was written with a release."""
    return (release.root / DESCRIPTION).read_bytes()


def parse_description(source: bytes) -> Collection[turtle.Triple]:
    """Give what the description of a release says."""
    return [triple for triple, _ in turtle.parse(source, DESCRIPTION).triples]


def fits(release: Release, digest: str) -> bool:
    """Say whether a release is what this software would write of sources with this digest."""
    return (release.digest, release.software) == (digest, software())


def stands(path: Path, source: str, *, revision: str = "", now: datetime | None = None) -> bool:
    """Say whether a place holds, whole, what `write` would write there of these sources."""
    about = manifest(path) or {}
    try:
        made = json.loads((path / PROVENANCE).read_text(encoding="utf-8"))
        date = (now or _modified_of(path, about.get("iri", ""))).astimezone(UTC).isoformat()
        return (
            (about.get("source"), about.get("software")) == (source, software())
            and about.get("date") == date
            and made == {"revision": revision, "software": provenance.tools()}
            and all(unchanged(path, name, told) for name, told in about["files"].items())
        )
    except (OSError, ValueError, errors.TurtleError):
        return False


def _modified_of(path: Path, iri: str) -> datetime:
    """Read in the description of a release when the data set was modified."""
    parsed = turtle.parse((path / DESCRIPTION).read_bytes(), DESCRIPTION)
    said = [
        getattr(triple.object, "value", "")
        for triple, _ in parsed.triples
        if triple.subject == turtle.Named(iri) and triple.predicate.value == ns.DCTERMS + "modified"
    ]
    return midnight(min(said, default=""))


def load(release: Release, progress: Progress | None = None) -> Dataset:
    """Read a data set back from its release, derived triples too; lines are not known."""
    dumped = datasets.load_file(release.root / f"{release.name}.nq", progress)
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


def head(release: Release) -> tuple[Dataset, dict[str, int]]:
    """Read of a release only what it says of itself, its terms and its rules.

    The other graphs are there by name, and the number of statements of each beside them.
    """
    told = manifest(release.root) or {"files": {}}
    files = {about["graph"]: name for name, about in told["files"].items() if about.get("graph")}
    sizes = {graph: told["files"][name]["triples"] for graph, name in sorted(files.items())}
    held: dict[str, Graph] = {}
    prefixes = _prefixes(release.root / f"{release.name}.ttl")
    for graph, name in files.items():
        held[graph] = Graph()
        if graph.rpartition("/")[2] in datasets.HEAD:
            parsed = turtle.parse((release.root / name).read_bytes(), name)
            held[graph] = Graph(triple for triple, _ in parsed.triples)
            prefixes = {**parsed.prefixes, **prefixes}
    read = Dataset(
        root=release.root,
        description=datasets.describe(held, str(release.root)),
        graphs=dict(sorted(held.items())),
        prefixes=dict(sorted(prefixes.items())),
        default_graph="union",
        digest=release.digest,
    )
    return read, sizes


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
