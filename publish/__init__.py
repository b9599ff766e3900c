"""folkmote: publish a text's people, works, concepts and events as linked open data.

`publish.open()` opens a data set to be asked from Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING

from publish.version import __version__

if TYPE_CHECKING:
    from publish.client import Client

__all__ = ["__version__", "open"]


def open(
    source: str | PathLike[str] | None = None,
    *,
    prefixes: Mapping[str, str] | None = None,
    seconds: float = 60,
) -> Client:
    """Open a data set to be asked from Python.

    Without a source that is the data set that comes with the package; else a folder, a release
    or an RDF file, or the address of a server: of one of ours, or of any SPARQL endpoint.
    `prefixes` may be used in queries without being declared, beside those of the data set.
    `seconds` is how long a server may take to answer. Raises a `FolkmoteError` that says what
    cannot be read or reached.
    """
    # What asking needs is loaded by those who ask.
    from publish.client import connect

    return connect(source, prefixes=prefixes or {}, seconds=seconds)
