"""What is said of many things, read at once and looked up one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from publish import turtle
from publish.catalogue import iri_of
from publish.records import OUTSIDE, Records


class Said:
    """What the text and its readings say of some things; what outside sources add, if `all_`."""

    def __init__(self, records: Records, iris: Iterable[str], *, all_: bool = False) -> None:
        wanted = [*dict.fromkeys(iris)]
        found = records.source.said(wanted) if wanted else records.dataset
        # Each graph is looked into for each thing, and outside sources are many graphs.
        graphs = [
            graph
            for name, graph in sorted(found.graphs.items(), key=lambda one: records.rank(one[0]))
            if name != found.shapes_graph and (all_ or records.rank(name) != OUTSIDE)
        ]
        self._said = {
            iri: [
                quad.triple
                for graph in graphs
                for quad in sorted(graph.quads_for_subject(turtle.Named(iri)), key=str)
            ]
            for iri in wanted
        }

    def triples(self, iri: str) -> Sequence[turtle.Triple]:
        """Give what is said of a thing, that of the layers first that count most."""
        return self._said.get(iri, ())

    def values(self, iri: str, properties: Iterable[str]) -> list[turtle.Term]:
        """Give the values of some properties, each once."""
        wanted = frozenset(properties)
        found = (one.object for one in self.triples(iri) if one.predicate.value in wanted)
        return [*dict.fromkeys(found)]

    def iris(self, iri: str, properties: Iterable[str]) -> list[str]:
        """Give those values that are IRIs."""
        return [*filter(None, map(iri_of, self.values(iri, properties)))]

    def whole_numbers(self, iri: str, properties: Iterable[str]) -> list[int]:
        """Give those values that are whole numbers, and no longer than nine digits."""
        texts = (getattr(one, "value", "") for one in self.values(iri, properties))
        return [int(text) for text in texts if text.isdecimal() and len(text) < 10]

    def first(self, iri: str, properties: Iterable[str]) -> str:
        """Give the first text of some properties; empty where there is none."""
        found = (one for one in self.values(iri, properties) if isinstance(one, turtle.Literal))
        return next((one.value for one in found), "")
