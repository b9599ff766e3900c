"""Twelve kinds of query over the made-up bibliography, and the cheap one for throughput."""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES = """\
PREFIX bib: <https://example.org/bibliography/ontology#>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX concept: <https://example.org/bibliography/id/concept/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX person: <https://example.org/bibliography/id/person/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX work: <https://example.org/bibliography/id/work/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

QUERIES: Mapping[str, str] = {
    "lookup": "SELECT ?property ?value WHERE { work:0000017 ?property ?value }",
    "star": """
        SELECT ?work ?title ?year ?pages WHERE {
          ?work dcterms:subject concept:0000000 ; dcterms:title ?title ;
            dcterms:issued ?year ; bib:pages ?pages ; dcterms:creator/foaf:name ?maker .
        }""",
    "citations": """
        SELECT DISTINCT ?third WHERE { work:0000020 cito:cites/cito:cites/cito:cites ?third }""",
    "path": "SELECT ?below WHERE { ?below skos:broader+ concept:0000001 }",
    "aggregate": """
        SELECT ?language (COUNT(?work) AS ?works) (AVG(?pages) AS ?length) WHERE {
          ?work bib:language ?language ; bib:pages ?pages
        } GROUP BY ?language ORDER BY ?language""",
    "optional": """
        SELECT ?person ?name ?died ?teacher WHERE {
          ?person a foaf:Person ; foaf:name ?name ; bib:born ?born .
          OPTIONAL { ?person bib:died ?died }
          OPTIONAL { ?person bib:pupilOf/foaf:name ?teacher }
        }""",
    "regex": """
        SELECT ?work ?title WHERE { ?work dcterms:title ?title
          FILTER(REGEX(?title, "^(Archive|Canal) .*water", "i")) }""",
    "order": """
        SELECT ?work ?pages WHERE { ?work bib:pages ?pages ; dcterms:title ?title }
        ORDER BY DESC(?pages) ?title LIMIT 20""",
    "distinct": """
        SELECT DISTINCT ?place WHERE { ?event bib:place ?place }""",
    "construct": """
        CONSTRUCT { ?person foaf:made ?work . ?work dcterms:title ?title } WHERE {
          ?work dcterms:creator ?person ; dcterms:title ?title ; bib:language "it" }""",
    "describe": "DESCRIBE work:0000017",
    "text": """
        SELECT ?work WHERE { ?work dcterms:abstract ?text
          FILTER(CONTAINS(LCASE(?text), "harbour railway kinship")) }""",
}
"""Each without its prefixes."""

GRAPHS = frozenset({"construct", "describe"})
"""The kinds that are answered with triples."""


def query(kind: str, number: int) -> str:
    """Give a query of this kind, as a text that no other number gives."""
    return f"{PREFIXES}{QUERIES[kind]}\n# {number}\n"


def lookup(number: int) -> str:
    """Give a cheap query, about one of the first works."""
    return f"SELECT ?p ?o WHERE {{ <https://example.org/bibliography/id/work/{number:07}> ?p ?o }}"
