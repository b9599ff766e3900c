"""Reads a table of mappings, row by row.

Lines that begin with `#` hold metadata in YAML, then come a row of column names and one row a
mapping.

Follows SSSOM 1.0, "SSSOM/TSV" for the table and "Mapping" for its columns.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from publish import errors, turtle
from publish import namespaces as ns

DOUBT = 0.7
"""The confidence up to which a mapping makes no triple."""

NO_TERM = ns.SSSOM + "NoTermFound"
NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification", "confidence")
"""The columns that every row must fill."""

# SSSOM/TSV, "Canonical form": these need not be declared.
_BUILT_IN = MappingProxyType(
    {
        "owl": ns.OWL,
        "rdf": ns.RDF,
        "rdfs": ns.RDFS,
        "semapv": ns.SEMAPV,
        "skos": ns.SKOS,
        "sssom": ns.SSSOM,
    }
)
_PARTED = re.compile(r"[a-z]\"?([,;| ])\s*\"?[a-z]+_")
"""What parts the names of columns in tables that were not saved with tabs."""
_SHORT = "with a prefix of curie_map for what its records begin with"


@dataclass(frozen=True)
class Match:
    """One row: our thing (`subject`), the record elsewhere (`object`), all three as IRIs.

    `confidence` lies between 0 and 1. `cells` are the filled columns as they were written, with
    what the head of the table says for all rows. `line` counts from 1.
    """

    path: str
    line: int
    subject: str
    predicate: str
    object: str
    confidence: float
    refused: bool
    cells: Mapping[str, str] = field(repr=False)

    @property
    def missing(self) -> bool:
        """Say whether the row tells of a search that found nothing."""
        return not self.refused and NO_TERM in (self.subject, self.object)

    @property
    def asserted(self) -> bool:
        """Say whether the row makes a link."""
        return not self.refused and not self.missing and self.confidence > DOUBT

    @property
    def stated(self) -> str:
        """Give the property of the triple that the row makes, or nothing where it makes none."""
        if self.asserted:
            return self.predicate
        differs = self.refused and self.predicate == ns.SCHEMA + "sameAs"
        return ns.OWL + "differentFrom" if differs and self.confidence > DOUBT else ""


@dataclass(frozen=True)
class Table:
    """A file of mappings: what it holds, in its order, the prefixes it declares, and its head.

    Several values of one name stand in the head as in a cell, with `|` between them.
    """

    matches: tuple[Match, ...]
    prefixes: Mapping[str, str]
    about: Mapping[str, str] = field(default_factory=dict)


def parse(source: bytes, path: str) -> Table:
    """Read a table.

    Raises `TurtleErrors` with one `MappingError` for each row that cannot be read, or one for
    the head.
    """
    try:
        lines = source.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise _errors(path, line, "not UTF-8; save the table as UTF-8") from error
    head = [*itertools.takewhile(lambda line: line.startswith("#"), lines)]
    said = _head(head, path)
    prefixes = _prefixes(said, path)
    about = _about(said)
    rows = _Rows(path, {**_BUILT_IN, **prefixes}, about, len(head))
    return Table(tuple(rows.read("\n".join(lines[len(head) :]))), prefixes, about)


def expand(name: str, prefixes: Mapping[str, str]) -> str:
    """Give the IRI of a prefixed name; nothing, where it is none or its prefix is unknown."""
    prefix, colon, local = name.partition(":")
    space = prefixes.get(prefix, _BUILT_IN.get(prefix, ""))
    iri = space + local
    return iri if colon and local and space and turtle.is_iri(iri) else ""


def order(subject: str, object_: str) -> tuple[str, str]:
    """Give the key by which the rows of a table are sorted: by IRIs, which no prefix changes."""
    return subject, object_


def _errors(path: str, line: int, reason: str) -> errors.TurtleErrors:
    return errors.TurtleErrors([errors.MappingError(path, line, None, reason)])


def _head(lines: Sequence[str], path: str) -> dict[str, object]:
    """Read the metadata; a line keeps its number, since only its `#` is cut off."""
    import yaml  # a release is read without it

    try:
        # Every scalar stays as it was written: a date is no number of days here.
        text = "\n".join(line[1:].rstrip("\r") for line in lines)
        said = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506  # makes text only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or "cannot be read"
        if "block" in what:
            what = "begin names of one kind with equally many blanks, those of curie_map with two"
        raise _errors(path, line, f"metadata that is no YAML: {what}") from error
    if not isinstance(said, dict):
        raise _errors(path, 1, "metadata without names; write `#name: value` in each line")
    return said


def _prefixes(said: Mapping[str, object], path: str) -> dict[str, str]:
    declared = said.get("curie_map") or {}
    if not isinstance(declared, dict):
        raise _errors(
            path,
            1,
            "curie_map is no list of prefixes; write `#  prefix: IRI` in each line below it",
        )
    return {str(prefix): str(space) for prefix, space in declared.items()}


def _about(said: Mapping[str, object]) -> dict[str, str]:
    """Give what the head says, lists as a cell would hold them ("Multi-valued slots")."""
    texts = {
        name: "|".join(str(one).replace("|", "\\|") for one in value)
        if isinstance(value, list)
        else value
        for name, value in said.items()
    }
    return {name: text for name, text in texts.items() if isinstance(text, str) and text}


class _Rows:
    """The rows of one table, read with its prefixes."""

    def __init__(
        self, path: str, prefixes: Mapping[str, str], shared: Mapping[str, str], above: int
    ) -> None:
        self._path = path
        self._prefixes = prefixes
        self._shared = shared
        self._above = above
        self._wrong: list[errors.MappingError] = []

    def read(self, text: str) -> list[Match]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
        matches: list[Match] = []
        for line, cells in self._numbered(reader):
            match = self._match(line, cells)
            if match:
                matches.append(match)
        if self._wrong:
            raise errors.TurtleErrors(sorted(self._wrong, key=lambda one: one.line or 0))
        return matches

    def _numbered(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each row with the line on which it begins; a quoted cell may go over several."""
        line = self._above + 1
        columns: list[str] = []
        uneven: dict[int, list[int]] = {}
        try:
            for row in reader:
                if row and not columns:
                    columns = row
                    self._judge_columns(line, columns)
                elif row and len(row) == len(columns):
                    filled = {name: cell for name, cell in zip(columns, row, strict=True) if cell}
                    yield line, {**self._shared, **filled}
                elif row:
                    uneven.setdefault(len(row), []).append(line)
                line = self._above + reader.line_num + 1  # type: ignore[attr-defined]
        except csv.Error as error:
            self._note(line, f"a row that cannot be read: {error}")
        for cells, lines in uneven.items():
            # Where a name is missing at the top, every row has one cell too many.
            often = f" ({len(lines)} times, here first)" if len(lines) > 1 else ""
            self._note(
                lines[0],
                f"{cells} cells below {len(columns)} names of columns{often}; "
                "give each column one name and one cell, with a tab between two",
            )
        if not columns and not self._wrong:
            what = f"no names of columns; begin the table with {', '.join(NEEDED)}"
            self._note(self._above + 1, what)

    def _judge_columns(self, line: int, columns: Sequence[str]) -> None:
        if len(columns) == 1 and (parting := _PARTED.search(columns[0])):
            raise _errors(
                self._path,
                line,
                f"`{parting[1]}` between the columns; save the table with tabs between them",
            )
        missing = [name for name in NEEDED if name not in columns and name not in self._shared]
        if missing:
            raise _errors(self._path, line, f"no column {' and no '.join(missing)}; add it")
        twice = {name for name in columns if columns.count(name) > 1}
        if twice:
            raise _errors(
                self._path, line, f"the column {min(twice)} stands twice; keep one of the two"
            )

    def _match(self, line: int, cells: Mapping[str, str]) -> Match | None:
        before = len(self._wrong)
        empty = [name for name in NEEDED if not cells.get(name)]
        if empty:
            self._note(line, f"no {' and no '.join(empty)}; fill the cell")
            return None
        modifier = cells.get("predicate_modifier", "")
        if modifier not in ("", "Not"):
            self._note(line, f"predicate_modifier `{modifier}`; write `Not`, or leave it empty")
        match = Match(
            path=self._path,
            line=line,
            subject=self._expand(line, cells["subject_id"]),
            predicate=self._expand(line, cells["predicate_id"]),
            object=self._expand(line, cells["object_id"]),
            confidence=self._confidence(line, cells["confidence"]),
            refused=modifier == "Not",
            cells=MappingProxyType(dict(cells)),
        )
        if match.missing and not (
            cells.get("object_source") and cells.get("object_source_version")
        ):
            self._note(
                line,
                "nothing found, but not said where; name what was searched in object_source "
                "and object_source_version",
            )
        return match if len(self._wrong) == before else None

    def _expand(self, line: int, name: str) -> str:
        """Give the IRI of a prefixed name."""
        prefix, colon, local = name.partition(":")
        space = self._prefixes.get(prefix)
        if local.startswith("//"):
            self._note(line, f"`{name}` is an address in full; write it as prefix:name, {_SHORT}")
        elif not colon or not local:
            self._note(line, f"`{name}` is no prefixed name; write it as prefix:name")
        elif space is None:
            self._note(line, f"`{name}` has an unknown prefix; declare `{prefix}` in curie_map")
        elif not turtle.is_iri(space + local):
            self._note(line, f"`{name}` makes no IRI; take blanks and brackets out of it")
        else:
            return space + local
        return ""

    def _confidence(self, line: int, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            self._note(line, f"confidence `{text}`; write a number from 0 to 1")
        return number

    def _note(self, line: int, reason: str) -> None:
        self._wrong.append(errors.MappingError(self._path, line, None, reason))
