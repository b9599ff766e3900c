"""Lay out Turtle in the one canonical form, and prove each time that nothing was changed.

The form is what `turtle.write` writes: one statement a line, blocks and predicates in order,
only the prefixes that are used. Comments are no triples, so they die in every program that reads
and writes RDF: those above the first statement are kept, any other is named with its line, for
whoever lays the file out to decide. Tables of mappings have no such form and are left alone.

Follows RDF 1.1 Turtle, section 6.3 (comments) and 6.5 (grammar), and RDFC-1.0 for the proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from publish import errors, turtle

_SPACE = r"[\x20\t\r\n]"
# A sign that begins a comment, unless it stands in a text, an IRI or after the backslash that a
# name has before it (PN_LOCAL_ESC). Nothing is read twice.
_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\r\n]*+ )
    | "{{3}} (?: [^"\\] | \\. | "{{1,2}}+(?!") )*+ "{{3}}
    | '{{3}} (?: [^'\\] | \\. | '{{1,2}}+(?!') )*+ '{{3}}
    | " (?: [^"\\\r\n] | \\. )*+ "
    | ' (?: [^'\\\r\n] | \\. )*+ '
    | < [^\x00-\x20<>"{{}}|^`]*+ >
    | (?P<space> {_SPACE}++ )
    | (?P<other> (?: [^\x20\t\r\n"'<\#\\] | \\. )++ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Comment:
    """A comment that the canonical form has no place for; the line counts from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class Layout:
    """One file as it stands and as it should stand, with the comments that it would lose."""

    path: str
    before: bytes
    after: bytes
    lost: tuple[Comment, ...]

    @property
    def canonical(self) -> bool:
        """Whether the file has the canonical form already."""
        return self.before == self.after


def layouts(sources: Mapping[str, bytes]) -> Iterator[Layout]:
    """Lay out each Turtle file among the sources of a data set, in their order.

    Raises `TurtleErrors` with every file that does not parse, before the first is given.
    """
    found, broken = [], []
    for path, source in sources.items():
        if path.endswith(".ttl"):
            try:
                found.append(layout(source, path))
            except errors.TurtleError as error:
                broken.append(error)
    if broken:
        raise errors.TurtleErrors(broken)
    yield from found


def layout(source: bytes, path: str) -> Layout:
    """Lay out one file; raise `TurtleError` where it does not parse."""
    parsed = turtle.parse(source, path)
    triples = [triple for triple, _ in parsed.triples]
    heading, lost = _comments(source.removeprefix(b"\xef\xbb\xbf").decode())
    after = (heading + turtle.write(triples, parsed.prefixes)).encode()
    _prove(triples, after, path)
    return Layout(path, source, after, lost)


def _comments(text: str) -> tuple[str, tuple[Comment, ...]]:
    """Give the comments above all else as one block, and those that stand below."""
    heading: list[str] = []
    lost: list[Comment] = []
    begun = False
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        if token["comment"] is None:
            begun = begun or token["space"] is None
        elif begun:
            line += text.count("\n", counted, token.start())
            counted = token.start()
            lost.append(Comment(line, token["comment"].rstrip()))
        else:
            heading.append(f"{token['comment'].rstrip()}\n")
    return "".join(heading), tuple(lost)


def _prove(triples: list[ox.Triple], after: bytes, path: str) -> None:
    """Read what was written and compare it, so that no fault of ours can change the data."""
    again = [triple for triple, _ in turtle.parse(after, path).triples]
    if _compared(again) != _compared(triples):
        raise errors.TurtleError(
            path, None, None, "laying out would change the data, so it was left; report this file"
        )


def _compared(triples: list[ox.Triple]) -> ox.Dataset:
    """Give the triples as something that is equal to another up to the names of blank nodes."""
    graph = ox.Dataset(turtle.quad_of(triple) for triple in triples)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graph
