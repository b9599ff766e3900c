"""Reading: every literal as it is spelled, every triple with its line, every error with its place.

Blank nodes are named after the file they stand in and the order they appear there, since the
parser names those in brackets at random.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from publish import entities, errors, graphs
from publish.graphs import mentions_blank

T = TypeVar("T", bound=graphs.Subject | graphs.Term)

_PLAIN = frozenset({ox.NamedNode, ox.Literal})
"""The kinds of term that hold no blank node."""
_LINE_END = b"\n"[0]


@dataclass(frozen=True)
class Parsed:
    """What one file holds: its triples, each with its line from 1, and its prefixes."""

    triples: tuple[tuple[ox.Triple, int], ...]
    prefixes: dict[str, str]


def parse(source: bytes, path: str, *, base: str | None = None) -> Parsed:
    """Parse Turtle; raise `TurtleError` where it is wrong.

    The line of a triple is the one its object ends on; for a text in long quotes, the one it
    begins on.
    """
    reader = Reader(source, path, base=base)
    found: dict[ox.Triple, int] = {}
    for subject, predicate, value, line in reader:
        found.setdefault(ox.Triple(subject, predicate, value), line)
    return Parsed(tuple(found.items()), dict(reader.prefixes))


class Reader:
    """The statements of one file of Turtle, each with its line, as they are read.

    Raises `TurtleError` where the file is wrong. `prefixes` is whole when all has been read.
    """

    def __init__(self, source: bytes, path: str, *, base: str | None = None) -> None:
        self._path = path
        self._feed = _Lines(_checked(source, path))
        self._parser = ox.parse(cast(IO[bytes], self._feed), ox.RdfFormat.TURTLE, base_iri=base)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that were declared so far."""
        return self._parser.prefixes

    @property
    def position(self) -> int:
        """How many bytes were read so far."""
        return self._feed.position

    def __iter__(self) -> Iterator[graphs.Statement]:
        rename, feed = _Renaming(self._path).term, self._feed
        try:
            for subject, predicate, value, _ in self._parser:
                line = feed.begin_of(value) if feed.has_long else feed.line
                # Most terms have a name or are texts, and are asked no more than that.
                if type(subject) in _PLAIN and type(value) in _PLAIN:
                    yield subject, predicate, value, line
                else:
                    yield rename(subject), predicate, rename(value), line
        except SyntaxError as error:
            raise self._feed.conflict(self._path) or _explained(error, self._path) from error


def parse_quads(
    source: bytes, path: str, media: str, *, base: str | None = None
) -> tuple[list[ox.Quad], dict[str, str]]:
    """Parse any RDF format, named by its file extension; give quads and prefixes."""
    reader = QuadReader(source, path, media, base=base)
    return list(reader), dict(reader.prefixes)


class QuadReader:
    """The quads of one file, in any RDF format, as they are read.

    Raises `TurtleError` where the file is wrong. `prefixes` is whole when all has been read.
    """

    def __init__(self, source: bytes, path: str, media: str, *, base: str | None = None) -> None:
        format_ = ox.RdfFormat.from_extension(media)
        if format_ is None:
            raise errors.TurtleError(
                path,
                None,
                None,
                f"`.{media}` is no RDF format known here; name a file that ends in .ttl, .trig, .nt, .nq, .jsonld or .rdf",
            )
        if format_ == ox.RdfFormat.RDF_XML:
            entities.refuse(io.BytesIO(source), path)
            text = source
        else:
            text = _checked(source, path)
        self._path = path
        self._feed = io.BytesIO(text)
        self._parser = ox.parse(self._feed, format_, base_iri=base)

    @property
    def position(self) -> int:
        """How many bytes were read so far."""
        return self._feed.tell()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that were declared so far."""
        return self._parser.prefixes

    def __iter__(self) -> Iterator[ox.Quad]:
        rename = _Renaming(self._path).quad
        try:
            for quad in self._parser:
                yield rename(quad)
        except (SyntaxError, ValueError) as error:
            raise _explained(error, self._path) from error


class _Lines:
    """A file object that hands out one line a call and so knows where the parser is.

    `line` is the one that the parser is on, and `has_long` says whether any text may have several.
    """

    def __init__(self, source: bytes) -> None:
        feed = io.BytesIO(source)
        self._readline, self._tell = feed.readline, feed.tell
        self._source = source
        self._begins = True
        self.line = 0
        self.has_long = b'"""' in source or b"'''" in source

    def read(self, size: int) -> bytes:
        """Give the next line, or a part of one that is longer than the parser takes at once."""
        part = self._readline(size)
        if part:
            self.line += self._begins
            self._begins = part[-1] == _LINE_END
        return part

    @property
    def position(self) -> int:
        return self._tell()

    def begin_of(self, value: object) -> int:
        """Give the line that the parser is on, or on which a text of several lines begins."""
        if isinstance(value, ox.Literal):
            breaks = value.value.count("\n")
            # A line break may also be written as \n, on one line.
            if 0 < breaks < self.line and re.search(rb"\"\"\"|'''", self._before(breaks)):
                return self.line - breaks
        return self.line

    def conflict(self, path: str) -> errors.TurtleError | None:
        """Give the first mark that a merge left in the file, which is why it does not parse."""
        if not (mark := _CONFLICT.search(self._source)):
            return None
        line = self._source.count(b"\n", 0, mark.start()) + 1
        return errors.TurtleError(
            path,
            line,
            1,
            "a merge left both versions here; keep one of them, and strike the lines "
            "with `<<<<<<<`, `=======` and `>>>>>>>`",
        )

    def _before(self, lines: int) -> bytes:
        """Give the line that stands so many lines before the one that the parser is on."""
        end = self._tell()
        start = self._source.rfind(b"\n", 0, end - 1) + 1
        for _ in range(lines):
            end, start = start, self._source.rfind(b"\n", 0, start - 1) + 1
        return self._source[start:end]


class _Renaming:
    """Names blank nodes by file and order: the parser names those in brackets at random."""

    def __init__(self, path: str) -> None:
        self._stem = "b" + hashlib.sha256(path.encode()).hexdigest()[:8] + "x"
        self._names: dict[ox.BlankNode, ox.BlankNode] = {}

    def term(self, term: T) -> T:
        """Give a term with its blank nodes named anew."""
        if isinstance(term, (ox.NamedNode, ox.Literal)):
            return term
        if isinstance(term, ox.BlankNode):
            return cast(T, self._name(term))
        subject, predicate, value = term
        return cast(T, ox.Triple(self.term(subject), predicate, self.term(value)))

    def quad(self, quad: ox.Quad) -> ox.Quad:
        subject, predicate, value, graph = quad
        if not any(map(mentions_blank, (subject, value, graph))):
            return quad
        name = self._name(graph) if isinstance(graph, ox.BlankNode) else graph
        return ox.Quad(self.term(subject), predicate, self.term(value), name)

    def _name(self, node: ox.BlankNode) -> ox.BlankNode:
        if node not in self._names:
            self._names[node] = ox.BlankNode(f"{self._stem}{len(self._names)}")
        return self._names[node]


def _checked(source: bytes, path: str) -> bytes:
    """Give the bytes without a byte order mark; refuse what is not UTF-8."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    try:
        source.decode()
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        # Where it has no mark, every other byte of its first letters is none of a text.
        if source.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in source[:4]:
            line, column = 1, 1
            reason = "this is UTF-16, not UTF-8; save the file as UTF-8"
        else:
            reason = f"the byte 0x{source[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise errors.TurtleError(path, line, column, reason) from error
    return source


_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_REASONS = (
    (
        re.compile("^'([«»\u2018-\u201f])' is not allowed"),
        'the quote {0}; write the plain one, `"`',
    ),
    (
        re.compile("^'?([\u060c\u061b\u06d4\u3001\u3002\uff0c\uff0e\uff1b])'? is not"),
        "the sign {0} of another script; write the one of Turtle, `,`, `;` or ` .`",
    ),
    (
        re.compile(r"^(\d+) is not a valid RDF object"),
        "`{0}` is in figures of another script; write it with 0 to 9",
    ),
    (
        re.compile(r"^'/' is not allowed"),
        "`/` begins nothing here; write a comment after `#`, and an address with a slash in `<…>`",
    ),
    (
        re.compile(r"Unexpected escape character '(\\.)'"),
        "`{0}` in a text, where a backslash begins an escape; write `\\\\` for a backslash",
    ),
    (
        re.compile(r"Invalid IRI code point ' '"),
        "a blank in an IRI; end the IRI with `>`, or write the blank as `%20`",
    ),
    (
        re.compile(r"^\^ is not a valid"),
        "a single `^`; write `^^` between a text and its datatype",
    ),
    (
        re.compile(r"^\^\^ is not a valid"),
        "a text with a language and a datatype; keep one of the two",
    ),
    (
        re.compile(r"^\. is not a valid subject"),
        "a `.` that ends nothing; delete it (after PREFIX without `@` there is none)",
    ),
    (
        re.compile(r"^\{ is not a valid subject"),
        "`{{`, with which JSON begins; this is Turtle, so write statements that end with ` .`",
    ),
    (
        re.compile(r"^Unexpected character '[^']*'$"),
        "a `_` out of place; a language tag has hyphens, such as `pt-BR`",
    ),
    (
        re.compile(r"^([^\W\d]\w*) is not a valid subject"),
        "`{0}` cannot be a subject; look for a missing `;`, `,` or ` .` before it, "
        'or for a quote within a text, which is written `\\"`',
    ),
    (
        re.compile("^'[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]' is not allowed"),
        "a blank that Turtle does not know as one; write a plain one",
    ),
    (
        re.compile("\0"),
        "the character U+0000; this is no text in UTF-8, so save the file as such",
    ),
    (
        re.compile(r"The prefix (https?): has not been declared"),
        "an address without its brackets; write `<{0}://…>`",
    ),
    (
        re.compile(r"A subtag may|language subtag|language code|base directions"),
        "a wrong language tag; write one such as `en` or `pt-BR`",
    ),
    (
        re.compile(r"(.+) is not a valid RDF object"),
        "`{0}` is no value; put a text in quotes and an address in `<…>`, "
        "or look for a missing value or bracket before it",
    ),
    (
        re.compile(r"The prefix (\S*): has not been declared"),
        "the prefix `{0}:` is not declared; add `@prefix {0}: <…> .` at the top of the file",
    ),
    (
        re.compile(r"No scheme found in an absolute IRI"),
        "a relative IRI without `@base`; write the IRI in full, beginning with `https://`",
    ),
    (
        re.compile(r"Invalid IRI (.*)"),
        "a wrong IRI: {0} may not stand there; percent-encode it or mend the IRI",
    ),
    (
        re.compile(r"A dot is expected at the end of statements"),
        "a missing ` .` (or `;`, `,`) before this; end every statement with ` .`",
    ),
    (
        re.compile(r"Unexpected end"),
        "the file ends within a statement; close brackets and quotes and end with ` .`",
    ),
    (
        re.compile(r"Line jumps are not allowed in string literals.*"),
        'a line break in a text; close the quote, or use `"""` on both sides',
    ),
    (
        re.compile(r"(.+) is not a valid (predicate|subject or graph name)"),
        "`{0}` cannot be a {1}; look for a missing `;`, `,` or ` .` before it",
    ),
)


def _explained(error: Exception, path: str) -> errors.TurtleError:
    text = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    line = error.lineno if isinstance(error, SyntaxError) else None
    column = error.offset if isinstance(error, SyntaxError) else None
    reason = re.sub(r"^Parser error at line \d+.*?: ", "", text)
    for pattern, explanation in _REASONS:
        if match := pattern.search(reason):
            told = explanation.format(*match.groups())
            break
    else:
        told = reason[:1].lower() + reason[1:].rstrip(".")
    # What a file holds may not steer the terminal that tells it.
    told = _CONTROL.sub(lambda sign: f"U+{ord(sign[0]):04X}", told)
    return errors.TurtleError(path, line, column, told)
