"""Whether two sets of triples are the same, whatever their blank nodes are called.

RDF 1.1 Concepts, 3.6 (graph isomorphism), decided by RDFC-1.0.
"""

from __future__ import annotations

import pyoxigraph as ox

from publish.graphs import Triples, mentions_blank


def same(one: Triples, other: Triples) -> bool:
    """Say whether two sets of triples are the same, up to the names of blank nodes."""
    if len(one) != len(other):
        return False
    for subject in one.subjects():
        if not mentions_blank(subject):
            said = {pair for pair in one.said_of(subject) if not mentions_blank(pair[1])}
            if said != {pair for pair in other.said_of(subject) if not mentions_blank(pair[1])}:
                return False
    return _canonical(one) == _canonical(other)


def _canonical(triples: Triples) -> ox.Dataset:
    found = ox.Dataset(ox.Quad(*triple) for triple in triples.with_blanks())
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found
