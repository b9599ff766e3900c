"""The same triples in each format of RDF, or a refusal that names the formats that can hold them."""

from __future__ import annotations

import pytest

from publish import errors, negotiation, serialization, turtle
from publish import namespaces as ns
from publish.graphs import Graph
from publish.isomorphism import same
from publish.negotiation import Format

THING = turtle.Named("https://example.org/id/1")
SAYS = turtle.Named("https://example.org/says")


@pytest.mark.parametrize("form", negotiation.RDF_FORMATS, ids=lambda form: form.suffix)
def test_each_format_says_the_same(form: Format) -> None:
    triples = {
        turtle.Triple(THING, SAYS, turtle.Literal("eins & <zwei>", language="de")),
        turtle.Triple(THING, SAYS, turtle.Blank("b")),
        turtle.Triple(turtle.Blank("b"), SAYS, THING),
    }
    body = serialization.write(triples, form, {"ex": "https://example.org/"})
    quads, _ = turtle.parse_quads(body, "body", form.suffix)
    assert same(Graph(triples), Graph(quad.triple for quad in quads))


def test_turtle_begins_with_what_comes_first_and_keeps_the_spelling() -> None:
    number = turtle.Literal("007", datatype=turtle.Named(ns.XSD + "integer"))
    triples = [turtle.Triple(turtle.Named(f"urn:{name}"), SAYS, number) for name in "ab"]
    text = serialization.write(triples, negotiation.TURTLE, {}, ["urn:b"]).decode()
    assert text.index("<urn:b>") < text.index("<urn:a>")
    assert " 007 " in text


def test_what_xml_cannot_hold_is_refused_there_and_written_elsewhere() -> None:
    triples = [turtle.Triple(THING, SAYS, turtle.Literal("bell \x07"))]
    with pytest.raises(errors.NotAcceptable) as caught:
        serialization.write(triples, negotiation.RDF_XML, {})
    assert negotiation.RDF_XML.media not in caught.value.offers
    for media in caught.value.offers:
        form = next(one for one in negotiation.RDF_FORMATS if one.media == media)
        assert serialization.write(triples, form, {})
