"""Describe a SPARQL service: what it speaks, over which graphs, and which data set it serves.

Follows SPARQL 1.1 Service Description section 3, with IRIs for all its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Description
from publish.description.values import link


def service(
    endpoint: str,
    about: Description | None,
    sizes: Mapping[str, int],
    *,
    results: Iterable[str],
    functions: Iterable[str],
) -> set[turtle.Triple]:
    """Describe the service at an address, which serves the data set `about`.

    `sizes` counts the statements of each graph, `results` are the IRIs of the formats of its
    answers and `functions` those that it knows beside the standard's.
    """
    name, whole, union = (f"{endpoint}#{part}" for part in ("service", "dataset", "default"))
    found = {
        link(name, ns.TYPE, ns.SD + "Service"),
        link(name, ns.SD + "endpoint", endpoint),
        link(name, ns.SD + "supportedLanguage", ns.SD + "SPARQL11Query"),
        link(name, ns.SD + "defaultDataset", whole),
        link(name, ns.SD + "feature", ns.SD + "EmptyGraphs"),
        link(whole, ns.TYPE, ns.SD + "Dataset"),
        link(whole, ns.SD + "defaultGraph", union),
        link(union, ns.TYPE, ns.SD + "Graph"),
        *(link(name, ns.SD + "resultFormat", one) for one in results),
    }
    for function in functions:
        found.add(link(name, ns.SD + "extensionFunction", function))
        found.add(link(function, ns.TYPE, ns.SD + "Function"))
    if about is not None:
        found |= {
            link(name, ns.TYPE, ns.DCAT + "DataService"),
            link(name, ns.DCAT + "endpointURL", endpoint),
            link(name, ns.DCAT + "servesDataset", about.iri),
        }
    for number, (graph, size) in enumerate(sizes.items()):
        if graph:
            here, content = f"{endpoint}#graph-{number}", f"{endpoint}#content-{number}"
            found |= {
                link(whole, ns.SD + "namedGraph", here),
                link(here, ns.TYPE, ns.SD + "NamedGraph"),
                link(here, ns.SD + "name", graph),
                link(here, ns.SD + "graph", content),
                link(content, ns.TYPE, ns.SD + "Graph"),
                # VoID counts in its own data sets alone.
                link(content, ns.TYPE, ns.VOID + "Dataset"),
                turtle.Triple(
                    turtle.Named(content), turtle.Named(ns.VOID + "triples"), turtle.Literal(size)
                ),
            }
    return found
