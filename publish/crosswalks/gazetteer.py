"""Linked Places (LPF 1.1): places as GeoJSON-LD, which gazetteers and maps of Pelagios take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from publish import coordinates
from publish.catalogue import Entry, Kind, Reference
from publish.crosswalks.tables import Row, apply
from publish.sources import Text

SPACE = "https://github.com/LinkedPasts/linked-places-format"
_CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/"
    "linkedplaces-context-v1.1.jsonld"
)
_AROUND = "gvp:broaderPartitive"
"""How a place is related to the one around it, as the Getty vocabularies call it."""

Member: TypeAlias = tuple[str, object]
"""The name of a member of a feature and its value."""


def rows() -> tuple[Row[Member], ...]:
    """Give the table of what a feature has."""
    place = (Kind.PLACE,)
    return (
        Row(place, "iri", "@id", _identity),
        Row(place, "label", "properties / title", _properties),
        Row(place, "label, variants, passage", "names / toponym, lang, citations", _names),
        Row(place, "points", "geometry", _geometry),
        Row(place, "same, close", "links / exactMatch, closeMatch", _links),
        Row(place, "broader", "relations / gvp:broaderPartitive", _relations),
        Row(place, "definitions, notes", "descriptions", _descriptions),
    )


def write(entries: Iterable[Entry], title: str, iri: str) -> bytes:
    """Write entries as one collection of features, from a data set of this title and IRI.

    At least one name of a place must have a citation: where no passage attests it, the data set
    is cited, unless it does not say what it is.
    """
    cited = (Reference(iri, Text(title)),) if title and iri else ()
    attested = (
        one if one.linked("passage") else replace(one, links={**one.links, "passage": cited})
        for one in entries
    )
    features = [{"type": "Feature", **dict(apply(rows(), one))} for one in attested]
    whole = {"type": "FeatureCollection", "@context": _CONTEXT, "features": features}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _identity(entry: Entry) -> Iterator[Member]:
    yield "@id", entry.iri


def _properties(entry: Entry) -> Iterator[Member]:
    yield "properties", {"title": entry.label.value}


def _names(entry: Entry) -> Iterator[Member]:
    """Give each name; that by which the data call a place is the one that is attested."""
    said = (entry.label, *entry.variants)
    found = [
        {"toponym": one.value, **({"lang": one.language} if one.language else {})} for one in said
    ]
    cited = [{"label": one.label.value, "@id": one.iri} for one in entry.linked("passage")]
    yield "names", [{**found[0], **({"citations": cited} if cited else {})}, *found[1:]]


def _geometry(entry: Entry) -> Iterator[Member]:
    """Give the points; a place of which none is known has an empty collection of them."""
    read = filter(None, map(coordinates.read, entry.points))
    points = [
        {"type": "Point", "coordinates": [float(one.longitude), float(one.latitude)]}
        for one in read
    ]
    yield "geometry", {"type": "GeometryCollection", "geometries": points}


def _links(entry: Entry) -> Iterator[Member]:
    links = [
        {"type": kind, "identifier": iri}
        for kind, iris in (("exactMatch", entry.same), ("closeMatch", entry.close))
        for iri in iris
    ]
    if links:
        yield "links", links


def _relations(entry: Entry) -> Iterator[Member]:
    found = [
        {"relationType": _AROUND, "relationTo": one.iri, "label": one.label.value}
        for one in entry.linked("broader")
    ]
    if found:
        yield "relations", found


def _descriptions(entry: Entry) -> Iterator[Member]:
    found = [
        {"value": one.value, **({"lang": one.language} if one.language else {})}
        for one in (*entry.definitions, *entry.notes)
    ]
    if found:
        yield "descriptions", found
