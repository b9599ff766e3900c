"""The query that finds what stands in each section of a portrait, for whoever would ask further."""

from __future__ import annotations

from collections.abc import Mapping

from publish import namespaces as ns
from publish.portraits.roles import Roles

MATCHING = (
    *(ns.OWL + "sameAs", ns.SCHEMA + "sameAs", ns.SKOS + "exactMatch", ns.SKOS + "closeMatch"),
    *(ns.SKOS + "broadMatch", ns.SKOS + "narrowMatch", ns.SKOS + "relatedMatch"),
    *(ns.FOAF + "page", ns.FOAF + "homepage", ns.SCHEMA + "url", ns.RDFS + "seeAlso"),
)
"""The properties that lead out of a data set, the surest first."""


def queries(roles: Roles, iri: str) -> Mapping[str, str]:
    """Give for each section of a portrait the query that finds what stands in it."""
    thing = f"<{iri}>"
    places = "|".join(f"<{one}>" for one in sorted(roles.of(ns.IN_PASSAGE) - {ns.IN_PASSAGE}))
    places = places or f"<{ns.IN_PASSAGE}>"
    calling = "|".join(f"<{one}>" for one in sorted(roles.of(ns.CALLED_IN)))
    matching = " ".join(f"<{one}>" for one in MATCHING)
    said = f"GRAPH ?source {{ {thing} ?property ?value }}"
    return {
        "facts": f"SELECT ?property ?value ?source WHERE {{\n  {said}\n}} ORDER BY ?property",
        "sightings": (
            "SELECT DISTINCT ?passage ?record ?property WHERE {\n"
            f"  {{ {thing} {places} ?passage }}\n  UNION\n"
            f"  {{ ?record ?property {thing} ; {places} ?passage }}\n}} ORDER BY ?passage ?record"
        ),
        "carried": (
            "SELECT DISTINCT ?record ?class WHERE {\n"
            f"  {{ ?record {places} {thing} }}\n  UNION\n"
            f"  {{ ?part <{ns.DCTERMS}isPartOf> {thing} . ?record ({places})/({calling})? ?part }}\n"
            "  ?record a ?class\n} ORDER BY ?class ?record"
        ),
        "outside": (
            f"SELECT ?source ?property ?value WHERE {{\n  {said}\n"
            '  FILTER(CONTAINS(STR(?source), "/enrichment-"))\n} ORDER BY ?source ?property'
        ),
        "outward": (
            f"SELECT ?property ?record ?source WHERE {{\n  VALUES ?property {{ {matching} }}\n"
            f"  GRAPH ?source {{ {thing} ?property ?record }}\n}} ORDER BY ?property ?record"
        ),
        "rest": (
            "SELECT ?thing ?property ?source WHERE {\n"
            f"  GRAPH ?source {{ ?thing ?property {thing} }}\n}} ORDER BY ?property ?thing"
        ),
    }
