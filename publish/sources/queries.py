"""What a store elsewhere is asked, with places for terms and numbers (`$iris`, `$limit`).

Each asks little of a store, and gives rows that are read as they come: `?g` is the graph that says
a triple, `?n` a number.
"""

from __future__ import annotations

import itertools

SIZES = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
SIZE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SAID = "SELECT ?g ?s ?p ?o { VALUES ?s { $iris } GRAPH ?g { ?s ?p ?o } } LIMIT $limit"
LABELS = "SELECT ?s ?p ?o { VALUES ?s { $iris } VALUES ?p { $labels } ?s ?p ?o } LIMIT $limit"
SUBJECTS = "SELECT ?s { VALUES ?s { $iris } FILTER EXISTS { ?s ?p ?o } }"
OBJECTS = "SELECT ?s { VALUES ?s { $iris } FILTER EXISTS { ?x ?p ?s } }"
NAMING = """
SELECT ?s ?p ?o { {
  SELECT DISTINCT ?s ?p ?o { VALUES ?p { $properties } ?s ?p ?o } ORDER BY ?s ?p ?o
} } LIMIT $limit OFFSET $offset
"""
ALL_NAMING = "SELECT DISTINCT ?s ?p ?o { VALUES ?p { $properties } ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { VALUES ?p { $properties } ?s ?p ?o }"
COUNTS = "SELECT ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p $iri } } GROUP BY ?p"
POINTING = "SELECT ?g ?s ?p { GRAPH ?g { ?s ?p $iri } } LIMIT $limit"
POINTING_BY = "SELECT ?g ?s { GRAPH ?g { ?s $property $iri } } ORDER BY STR(?s) LIMIT $limit"
LEADING = "SELECT ?g ?s ?p ?o { VALUES ?o { $iris } GRAPH ?g { ?s ?p ?o } } LIMIT $limit"
LEADING_BY = """
SELECT ?g ?s ?p ?o { VALUES ?o { $iris } VALUES ?p { $properties } GRAPH ?g { ?s ?p ?o } }
LIMIT $limit
"""
USED = "SELECT ?p { VALUES ?p { $properties } FILTER EXISTS { ?s ?p ?o } }"
KINDS = """
SELECT ?kind (COUNT(DISTINCT ?s) AS ?n) {
  ?s a ?class
  FILTER(isIRI(?s) && STRSTARTS(STR(?s), $space))
  BIND(STRBEFORE(STRAFTER(STR(?s), $space), "/") AS ?kind)
} GROUP BY ?kind
"""
CLASSES = """
SELECT ?kind ?class (COUNT(DISTINCT ?s) AS ?n) {
  ?s a ?class
  FILTER(isIRI(?s) && STRSTARTS(STR(?s), $space))
  BIND(STRBEFORE(STRAFTER(STR(?s), $space), "/") AS ?kind)
} GROUP BY ?kind ?class
"""
MEMBERS = """
SELECT ?s { {
  SELECT DISTINCT ?s { ?s a ?class FILTER(isIRI(?s) && STRSTARTS(STR(?s), $space)) }
  ORDER BY STR(?s)
} } LIMIT $limit OFFSET $offset
"""
ROWS = """
SELECT DISTINCT ?s {
  $iri a <https://w3id.org/sssom/MappingSet> .
  ?s a <http://www.w3.org/2002/07/owl#Axiom>
  FILTER(isIRI(?s) && STRSTARTS(STR(?s), $space))
} LIMIT $limit
"""
COUNT_ALL = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(isIRI(?s)) }"
ALL = """
SELECT ?s { {
  SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) } ORDER BY STR(?s)
} } LIMIT $limit OFFSET $offset
"""


def deep(depth: int) -> str:
    """Give a query for what is said of a thing and the nameless things down to a depth."""
    branches = ["{ VALUES ?s { $iri } ?s ?p ?o }"]
    for levels in range(1, depth + 1):
        steps = ["$iri", *(f"?b{level}" for level in range(1, levels)), "?s"]
        path = " ".join(
            f"{above} ?q{place} {below} . FILTER(isBlank({below}))"
            for place, (above, below) in enumerate(itertools.pairwise(steps))
        )
        branches.append(f"{{ {path} ?s ?p ?o }}")
    return f"SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ {' UNION '.join(branches)} }} }} LIMIT $limit"
