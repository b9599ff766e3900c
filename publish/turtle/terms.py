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

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, escaped or not (XML 1.0, 2.2)."""


def quad_of(
    triple: ox.Triple, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None
) -> ox.Quad:
    """Put a triple into a graph, by default the default graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
