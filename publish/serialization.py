"""Triples in the RDF format that somebody asked for, each literal as it is spelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from publish import characters, negotiation, turtle
from publish.negotiation import Format


def write(
    triples: Iterable[turtle.Triple],
    form: Format,
    prefixes: Mapping[str, str],
    first: Sequence[str] = (),
) -> bytes:
    """Write triples, in Turtle the `first` things first.

    Raises `NotAcceptable` for RDF/XML where a value holds what XML cannot.
    """
    if form is negotiation.TURTLE:
        return turtle.write(triples, prefixes, first=first).encode()
    if form is negotiation.N_TRIPLES:
        return turtle.ntriples(triples)
    body = turtle.serialize(triples, form.suffix)
    if form is negotiation.RDF_XML:
        others = tuple(one.media for one in negotiation.RDF_FORMATS if one is not form)
        characters.refuse(body, others)
    return body
