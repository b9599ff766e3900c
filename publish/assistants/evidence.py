"""Evidence: the passages that carry a thing or stand behind rows, and the layers that say so.

Which passage carries a thing is what the data set says by its property for that
(`namespaces.IN_PASSAGE`), of the thing itself or of the records that point at it. A passage is told
with its short literals, such as number and pages, and never with its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from publish import namespaces as ns
from publish import turtle
from publish.assistants.asking import MOST, Asked, Asking
from publish.assistants.values import Passage

_EVIDENCE = 50
"""How many passages an answer names at most."""
_LOOKED_UP = 200
"""Of how many things of an answer it is looked up where they stand."""
_DETAIL = 40
"""How many characters a literal may have that tells of a passage; a checksum has more."""


class Evidence:
    """Finds evidence in one data set."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    @cached_property
    def _carried(self) -> str:
        """The properties that name the passage of a record, as a path of SPARQL."""
        role = ns.IN_PASSAGE
        found = self._asking.records.dataset.below([role], ns.RDFS + "subPropertyOf")[role]
        return "|".join(f"<{name}>" for name in sorted(found))

    async def of(self, iri: str) -> list[Passage]:
        """Find the passages that carry a thing, or a record that points at it."""
        node = turtle.Named(iri)
        rows, _ = await self._asking.rows(
            f"SELECT DISTINCT ?passage ?record {{ {{ {node} {self._carried} ?passage }} UNION"
            f" {{ ?record ?points {node} ; {self._carried} ?passage }} }}",
            MOST,
        )
        return await self._passages(rows)

    async def behind(self, bindings: Asked) -> list[Passage]:
        """Find the passages that rows name by their numbers, or whose things they carry."""
        terms = [one for row in bindings for one in row.values()]
        plain = {
            one["value"]
            for one in terms
            if one["type"] == "literal" and "datatype" not in one and "xml:lang" not in one
        }
        numbers = [turtle.Literal(one) for one in sorted(plain) if len(one) <= _DETAIL][:_LOOKED_UP]
        things = _nodes(one["value"] for one in terms if one["type"] == "uri")
        if not numbers and not things:
            return []
        carries = f"FILTER EXISTS {{ ?other {self._carried} ?passage }}"
        rows, _ = await self._asking.rows(
            "SELECT DISTINCT ?passage ?record {"
            f" {{ VALUES ?number {{ {_listed(numbers)} }} ?passage ?naming ?number . {carries} }}"
            f" UNION {{ VALUES ?passage {{ {_listed(things)} }} {carries} }} UNION"
            f" {{ VALUES ?record {{ {_listed(things)} }} ?record {self._carried} ?passage }} }}",
            MOST,
        )
        return await self._passages(rows)

    async def _passages(self, rows: Asked) -> list[Passage]:
        through: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in rows:
            records = through[row["passage"]["value"]]
            if "record" in row:
                records[row["record"]["value"]] = None
        details = await self._details(through)
        await self._asking.meet(
            [*through, *(one for records in through.values() for one in records)]
        )
        found = sorted(through, key=lambda iri: ns.natural_order(self._asking.label(iri)))
        return [
            Passage(
                iri,
                self._asking.label(iri),
                details[iri],
                [self._asking.named(one) for one in through[iri]],
            )
            for iri in found[:_EVIDENCE]
        ]

    async def _details(self, passages: Iterable[str]) -> Mapping[str, dict[str, str]]:
        """Tell passages by their short literals: number, pages, place in the text."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        nodes = _nodes(passages)
        if not nodes:
            return found
        rows, _ = await self._asking.rows(
            f"SELECT ?passage ?property ?value {{ VALUES ?passage {{ {_listed(nodes)} }}"
            " ?passage ?property ?value FILTER(isLiteral(?value)) } ORDER BY ?property ?value",
            MOST,
        )
        await self._asking.meet([row["property"]["value"] for row in rows])
        for row in rows:
            name, value = row["property"]["value"], row["value"]["value"]
            if name not in ns.LABELS and len(value) <= _DETAIL:
                found[row["passage"]["value"]][self._asking.label(name)] = value
        return found

    async def layers(self, things: Iterable[str]) -> Mapping[str, str]:
        """Find the layer that says what each thing is."""
        nodes = _nodes(things)
        if not nodes:
            return {}
        rows, _ = await self._asking.rows(
            f"SELECT ?thing (MIN(STR(?graph)) AS ?layer) {{ VALUES ?thing {{ {_listed(nodes)} }}"
            " GRAPH ?graph { ?thing a ?class } } GROUP BY ?thing",
            MOST,
        )
        return {
            row["thing"]["value"]: self._asking.records.graph_name(row["layer"]["value"]).value
            for row in rows
            if "layer" in row
        }


def _nodes(things: Iterable[str]) -> list[turtle.Named]:
    return [turtle.Named(iri) for iri in dict.fromkeys(things) if turtle.is_iri(iri)][:_LOOKED_UP]


def _listed(terms: Iterable[turtle.Term]) -> str:
    return " ".join(map(str, terms))
