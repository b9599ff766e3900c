"""RDF terms and triples by the names that this software uses for them."""

from __future__ import annotations

import re
from typing import TypeAlias

import pyoxigraph as ox

from publish import graphs

Triple = ox.Triple
Named = ox.NamedNode
Literal = ox.Literal
Blank = ox.BlankNode
Subject: TypeAlias = graphs.Subject
Term: TypeAlias = graphs.Term
Pair: TypeAlias = graphs.Pair

# What is left of Char [2]: said so, it takes a tenth of the time to compile.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document may hold, escaped or not (XML 1.0, 2.2)."""


def is_iri(text: str) -> bool:
    """Say whether a text is an absolute IRI, which the engine takes as one (RFC 3987, 2.2)."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def quad_of(
    triple: ox.Triple, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None
) -> ox.Quad:
    """Put a triple into a graph, by default the default graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
