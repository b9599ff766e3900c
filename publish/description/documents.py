"""What a document about one thing says of itself: its subject, where it belongs, its licences.

Each graph may have a licence of its own; one that states none has that of the data set. A document
has the licences of all the graphs that its statements come from. Where these differ, it names
the graphs with theirs, so that nobody has to guess which holds for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.description.values import Values, release_of, resource_or_text


class Imprints:
    """What the documents about the things of one data set say of themselves.

    What the data set and its graphs state is read once, for it is the same in every document.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._licences: dict[str, str] = {}

    def licences(self, graphs: Iterable[str]) -> Mapping[str, str]:
        """Give the licence of each of some graphs: an IRI or a text, empty where none is stated."""
        return {graph: self._licence(graph) for graph in sorted(set(graphs))}

    def document(self, iri: str, graphs: Iterable[str]) -> set[turtle.Triple]:
        """Say what the document about a thing is about, and where it belongs (VoID 6.2).

        `graphs` are those that its statements come from. Nothing is said of what is no thing of
        the data set, and has no document of its own.
        """
        about = self._dataset.description
        if about is None or not iri.startswith(about.uri_space):
            return set()
        place = turtle.Named(f"{about.base}doc/{iri.removeprefix(about.uri_space)}")
        said: set[tuple[turtle.Named, str, turtle.Term]] = {
            (place, ns.FOAF + "primaryTopic", turtle.Named(iri)),
            *((place, name, value) for name, value in self._shared),
        }
        found = {graph: one for graph, one in self.licences(graphs).items() if one}
        for graph, one in found.items():
            said.add((place, ns.DCTERMS + "license", resource_or_text(one)))
            if len({*found.values()}) > 1:
                said.add((place, ns.DCTERMS + "source", turtle.Named(graph)))
                said.add((turtle.Named(graph), ns.DCTERMS + "license", resource_or_text(one)))
        return {turtle.Triple(one, turtle.Named(name), value) for one, name, value in said}

    def _licence(self, graph: str) -> str:
        if graph not in self._licences:
            said = Values(self._dataset, graph)
            stated = (*said.iris(ns.DCTERMS + "license"), *said.texts(ns.DCTERMS + "license"))
            about = self._dataset.description
            self._licences[graph] = next(iter(stated), about.licence if about else "")
        return self._licences[graph]

    @cached_property
    def _shared(self) -> tuple[tuple[str, turtle.Term], ...]:
        """What every document says: its makers, its data set, its version and day."""
        about = self._dataset.description
        if about is None:
            return ()
        stated = Values(self._dataset, about.iri)
        creators = stated.iris(ns.DCTERMS + "creator")
        people = {
            "creator": creators,
            "publisher": stated.iris(ns.DCTERMS + "publisher") or creators,
            "accessRights": stated.iris(ns.DCTERMS + "accessRights"),
        }
        said: list[tuple[str, turtle.Term]] = [
            (ns.VOID + "inDataset", turtle.Named(about.iri)),
            *(
                (ns.DCTERMS + name, turtle.Named(one))
                for name, values in people.items()
                for one in values
            ),
        ]
        if about.version:
            whole = turtle.Named(release_of(about, about.version))
            said.append((ns.DCTERMS + "isPartOf", whole))
        if about.modified:
            day = turtle.Literal(about.modified, datatype=turtle.Named(ns.XSD + "date"))
            said.append((ns.DCTERMS + "issued", day))
        return tuple(said)
