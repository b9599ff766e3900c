"""A format as a whole: its names, what it has records of, its table, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publish import errors
from publish.catalogue import Entry, Kind
from publish.crosswalks.tables import Row
from publish.dataset import Dataset
from publish.negotiation import Format

Write = Callable[[Iterable[Entry], Format, "Release"], Iterator[bytes]]


@dataclass(frozen=True)
class Release:
    """What records say of the release that they are of: its day, and short names for its IRIs.

    `title` and `iri` are those of the data set. What it does not say of itself is empty.
    """

    modified: str
    prefixes: Mapping[str, str]
    title: str = ""
    iri: str = ""

    @classmethod
    def of(cls, data: Dataset) -> Release:
        """Give what a data set says of itself."""
        if about := data.description:
            return cls(about.modified, data.prefixes, about.title, about.iri)
        return cls("", data.prefixes)


@dataclass(frozen=True)
class Profile:
    """A format as a whole: `kinds` are the things it has records of, `rows` what becomes of them."""

    name: str
    title: str
    iri: str
    formats: tuple[Format, ...]
    kinds: tuple[Kind, ...]
    rows: Sequence[Row[Any]]
    write: Write

    def record(self, entry: Entry, form: Format, release: Release) -> bytes:
        """Write one record; raise `NotAcceptable` where there is none of that kind of thing."""
        if entry.kind not in self.kinds:
            raise errors.NotAcceptable(
                f"{self.title} has no record of a thing of the kind {entry.kind}, "
                f"only of: {', '.join(self.kinds)}",
                [],
            )
        return b"".join(self.write([entry], form, release))


def find(name: str, among: Sequence[Profile]) -> Profile:
    """Give the profile of this name or IRI; raise `NotAcceptable` where there is none."""
    found = known(name, among)
    if found is None:
        names = ", ".join(one.name for one in among)
        raise errors.NotAcceptable(
            f"there is no profile `{name[:100]}` here; ask for one of {names}",
            [one.iri for one in among],
        )
    return found


def known(name: str, among: Sequence[Profile]) -> Profile | None:
    """Give the profile of this name or IRI, if there is one."""
    asked = name.strip().strip("<>").rstrip("#/")
    return next((one for one in among if asked in (one.name, one.iri.rstrip("#/"))), None)
