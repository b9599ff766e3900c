"""Whoever writes JSON with the context of a data set has said the same as in Turtle."""

from __future__ import annotations

import json

import pyoxigraph as ox

from publish import context, dataset
from publish import namespaces as ns


def read(document: dict[str, object]) -> set[ox.Triple]:
    quads = ox.parse(json.dumps(document).encode(), ox.RdfFormat.JSON_LD)
    return {quad.triple for quad in quads}


def shortened(made: dict[str, object], triple: ox.Triple) -> dict[str, object]:
    """Write one statement as a person would, by the names of the context alone."""
    names = {_iri(value, made): name for name, value in made.items() if name[0] != "@"}
    name = names.get(triple.predicate.value)
    if name is None:
        name = ns.short(triple.predicate.value, {k: v for k, v in made.items() if type(v) is str})
    said: object = triple.object.value if not isinstance(triple.object, ox.Triple) else ""
    if isinstance(triple.object, ox.Literal):
        if triple.object.language:
            said = {"@value": said, "@language": triple.object.language}
        elif not (
            isinstance(made.get(name), dict) or triple.object.datatype.value.endswith("#string")
        ):
            said = {"@value": said, "@type": triple.object.datatype.value}
    elif not isinstance(made.get(name), dict) and name != "type":
        said = {"@id": said}
    return {"id": getattr(triple.subject, "value", ""), name: said}


def _iri(value: object, made: dict[str, object]) -> str:
    short = str(value["@id"]) if isinstance(value, dict) else str(value)
    if short == "@type":
        return ns.TYPE
    prefix, colon, local = short.partition(":")
    space = made.get(prefix)
    return f"{space}{local}" if colon and isinstance(space, str) else short


def test_every_statement_can_be_written_by_its_short_names(either: dataset.Dataset) -> None:
    made = context.context(either)["@context"]
    seen: set[str] = set()
    wanted: set[ox.Triple] = set()
    graph = []
    for triple in sorted(either.union(), key=str):
        if triple.predicate.value not in seen and isinstance(triple.subject, ox.NamedNode):
            if isinstance(triple.object, ox.BlankNode):
                continue
            seen.add(triple.predicate.value)
            wanted.add(triple)
            graph.append(shortened(made, triple))
    assert len(wanted) > 20
    assert read({"@context": made, "@graph": graph}) == wanted


def test_the_own_property_has_the_short_name_and_the_other_its_prefix(
    foreign: dataset.Dataset,
) -> None:
    made = context.context(foreign)["@context"]
    assert made["nennt"] == {"@id": "str:nennt", "@type": "@id"}
    assert made["nummer"] == {"@id": "str:nummer", "@type": f"{ns.XSD}nonNegativeInteger"}
    assert made["prefLabel"] == "skos:prefLabel"


def test_a_property_that_leads_to_things_and_to_texts_is_left_open() -> None:
    assert context._coerced({"@id", ns.XSD + "string"}) is None
    assert context._coerced({ns.XSD + "date"}) == ns.XSD + "date"
