"""A store on disk, for what is larger than memory: built once, then only read.

It is built beside its place and moved there when it is complete, so that nobody ever reads a
part of one, and never changed afterwards. The default graph of a data set is the union of its
graphs but the rules, as its dump in N-Triples holds it. Values come back as values: `1.50` is
`1.5`, in documents too.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from publish import entities, errors, folders
from publish.stores.endpoint import Row

DEFAULT = ""
"""How the default graph is named among others."""


@dataclass(frozen=True)
class Dump:
    """A file to be loaded, into a graph where it names none itself."""

    path: Path
    graph: str = DEFAULT


def build(place: Path, dumps: Sequence[Dump]) -> None:
    """Load files into a new store.

    Raises `TurtleError` for a file that does not parse, `OutputError` where there is no room.
    """
    with folders.writing(place, "set another folder with --releases"):
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            _load(new / "store", dumps)
            try:
                (new / "store").replace(place)
            except OSError:
                if not place.exists():
                    raise
                # Another process was as quick.
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _load(place: Path, dumps: Sequence[Dump]) -> None:
    store = ox.Store(str(place))
    for dump in dumps:
        format_ = ox.RdfFormat.from_extension(dump.path.name.removesuffix(".gz").rpartition(".")[2])
        graph = ox.NamedNode(dump.graph) if dump.graph else None
        if format_ == ox.RdfFormat.RDF_XML:
            opening = gzip.open if dump.path.suffix == ".gz" else open
            with opening(dump.path, "rb") as head:
                entities.refuse(cast(IO[bytes], head), str(dump.path))
        try:
            if dump.path.suffix == ".gz":
                with gzip.open(dump.path) as unzipped:
                    store.bulk_load(input=cast(IO[bytes], unzipped), format=format_, to_graph=graph)
            else:
                store.bulk_load(path=str(dump.path), format=format_, to_graph=graph)
        except (SyntaxError, ValueError) as error:
            raise errors.TurtleError(str(dump.path), None, None, str(error)) from error
    store.flush()


class Disk:
    """A store on disk, asked as an endpoint is, for pages; it may be asked by threads."""

    def __init__(self, place: Path) -> None:
        self._store = ox.Store.read_only(str(place))

    def select(
        self, query: str, default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> list[Row]:
        """Give the rows of a query of ours; no graphs at all are all graphs."""
        results = self._store.query(
            query,
            default_graph=[_graph(name) for name in default] if default or named else None,
            named_graphs=[ox.NamedNode(name) for name in named] if default or named else None,
        )
        if not isinstance(results, ox.QuerySolutions):
            raise errors.StoreAnswerError("the query gives no rows; ask for some")
        return [tuple(row) for row in results]


def _graph(name: str) -> ox.NamedNode | ox.DefaultGraph:
    return ox.NamedNode(name) if name else ox.DefaultGraph()
