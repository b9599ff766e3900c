"""Read RDF with a line for every triple, and write it in one canonical form.

Reading keeps every literal as it is spelled (`1.50`, `01`, a time zone), names each blank
node after the file it stands in and the order it appears there, and reports errors with line,
column and what to do. Writing gives one spelling to each set of triples, so that two versions
of a file differ only where their triples do; `parse(write(triples))` has the triples that
were written. Nothing here knows folders, graphs of a data set or what a triple means.

Follows RDF 1.1 Turtle, TriG, N-Triples and N-Quads, and RDFC-1.0 for the names of blank
nodes that cannot be written in brackets.
"""

from publish.turtle.document import Document, write, write_trig
from publish.turtle.reading import Parsed, QuadReader, Reader, parse, parse_quads
from publish.turtle.serializing import (
    nquads,
    nquads_of,
    ntriples,
    ntriples_of,
    serialize,
    serialize_into,
)
from publish.turtle.terms import (
    NOT_XML,
    Blank,
    Literal,
    Named,
    Pair,
    Subject,
    Term,
    Triple,
    is_iri,
    quad_of,
)

__all__ = [
    "NOT_XML",
    "Blank",
    "Document",
    "Literal",
    "Named",
    "Pair",
    "Parsed",
    "QuadReader",
    "Reader",
    "Subject",
    "Term",
    "Triple",
    "is_iri",
    "nquads",
    "nquads_of",
    "ntriples",
    "ntriples_of",
    "parse",
    "parse_quads",
    "quad_of",
    "serialize",
    "serialize_into",
    "write",
    "write_trig",
]
