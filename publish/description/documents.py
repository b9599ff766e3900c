"""What a document about one thing says of itself: its subject, where it belongs, its licences.

Each graph may have a licence of its own; one that states none has that of the data set. A document
has the licences of all the graphs that its statements come from. Where these differ, it names
the graphs with theirs, so that nobody has to guess which holds for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.description.values import Values, release_of, resource_or_text


def licences(dataset: Dataset, graphs: Iterable[str]) -> Mapping[str, str]:
    """Give the licence of each of some graphs: an IRI or a text, empty where nothing states one."""
    own = dataset.description.licence if dataset.description else ""
    found = {}
    for graph in sorted(set(graphs)):
        said = Values(dataset, graph)
        stated = (*said.iris(ns.DCTERMS + "license"), *said.texts(ns.DCTERMS + "license"))
        found[graph] = next(iter(stated), own)
    return found


def document(dataset: Dataset, iri: str, graphs: Iterable[str]) -> set[turtle.Triple]:
    """Say what the document about a thing is about, and where it belongs (VoID 6.2).

    `graphs` are those that its statements come from. Nothing is said of what is no thing of the
    data set, and has no document of its own.
    """
    about = dataset.description
    if about is None or not iri.startswith(about.uri_space):
        return set()
    place = turtle.Named(f"{about.base}doc/{iri.removeprefix(about.uri_space)}")
    said: set[tuple[turtle.Named, str, turtle.Term]] = {
        (place, ns.FOAF + "primaryTopic", turtle.Named(iri)),
        (place, ns.VOID + "inDataset", turtle.Named(about.iri)),
    }
    stated = Values(dataset, about.iri)
    creators = stated.iris(ns.DCTERMS + "creator")
    shared = {
        "creator": creators,
        "publisher": stated.iris(ns.DCTERMS + "publisher") or creators,
        "accessRights": stated.iris(ns.DCTERMS + "accessRights"),
    }
    for name, values in shared.items():
        said |= {(place, ns.DCTERMS + name, turtle.Named(one)) for one in values}
    if about.version:
        whole = turtle.Named(release_of(about, about.version))
        said.add((place, ns.DCTERMS + "isPartOf", whole))
    if about.modified:
        day = turtle.Literal(about.modified, datatype=turtle.Named(ns.XSD + "date"))
        said.add((place, ns.DCTERMS + "issued", day))
    found = {graph: one for graph, one in licences(dataset, graphs).items() if one}
    for graph, one in found.items():
        said.add((place, ns.DCTERMS + "license", resource_or_text(one)))
        if len({*found.values()}) > 1:
            said.add((place, ns.DCTERMS + "source", turtle.Named(graph)))
            said.add((turtle.Named(graph), ns.DCTERMS + "license", resource_or_text(one)))
    return {turtle.Triple(one, turtle.Named(name), value) for one, name, value in said}
