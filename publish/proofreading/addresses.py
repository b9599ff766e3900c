"""Addresses of the data set's own: whether each leads to a thing, and whether it is spelled so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from publish import matching, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.validation import Finding, stated

_OF_RETIRED = frozenset(
    {
        *(ns.DCTERMS + name for name in ("replaces", "isReplacedBy", "isVersionOf")),
        *(ns.OWL + name for name in ("annotatedSource", "annotatedTarget", "differentFrom")),
        ns.PROV + "wasRevisionOf",
    }
)
"""The properties that may lead to what was retired."""
_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        ns.SH + "NodeShape": "is a rule, and rules are read in shapes/ alone; move it there",
        ns.SH + "PropertyShape": "is a rule, and rules are read in shapes/ alone; move it there",
        ns.SH
        + "SPARQLExecutable": "is a saved question, and readers find those of data/questions/ "
        "alone; move it there",
    }
)
"""What stands in a layer and does nothing there, by its class."""
_USUAL = ("http://", "https://")
_DOUBTFUL = re.compile(r"https?://(?:/|https?[:/]|localhost\b|127\.|[^/?#,;]*[,;])")
_SCHEME = re.compile(r"(?!https?:)(?:h[tps]{2,6}|ttps?|[hj]https?|htt?tps?):(?=/)", re.IGNORECASE)
_SLASHES = re.compile(r"https?:(?:/(?!/)|///|(?!/))")
_TWICE = re.compile(r"https?://https?(?::|/)")
_IN_HOST = re.compile(r"https?://[^/?#,;]*([,;])")
_HERE = re.compile(r"https?://(?:localhost|127\.\d+\.\d+\.\d+)(?:[:/]|$)|file:/")


class Addresses:
    """What the data set says of its things, by all graphs but that of what follows."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        about = dataset.description
        self._space = about.uri_space if about else ""
        self._base = about.base if about else ""
        self._bare = _bare(self._base)
        self._host = self._bare.partition("/")[0]
        self._graphs = [
            graph for name, graph in dataset.graphs.items() if name != dataset.inferred_graph
        ]
        self._typed = {
            thing for graph in self._graphs for thing, _ in graph.said_with(turtle.Named(ns.TYPE))
        }

    def findings(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find in one graph the addresses that lead to nothing, or nearly have the base."""
        if not self._space:
            return
        columns = graph.columns()
        doubtful = dict(self._doubtful(columns.terms))
        if not doubtful:
            return
        told: set[int] = set()
        for place, (s, o) in enumerate(zip(columns.subjects, columns.objects, strict=True)):
            number = next((one for one in (s, o) if one in doubtful), -1)
            if number < 0 or (number == s and s in told):
                continue
            told |= {s} & {number}
            iri, component = doubtful[number].value, ns.LINKS
            if not iri.startswith(self._space):
                message = f"<{iri}> is nearly below the base; write <{self._meant(iri)}>"
            elif self._spoken_of(doubtful[number]) and not self._in_table(
                name, columns.triple(place)
            ):
                message = (
                    f"no file says what kind of thing {self._short(iri)} is; add `a` and its class"
                )
                if number == o:
                    continue  # it is told where it is described
            elif near := self._slip_for(iri):
                # It says why a shape that speaks of the same value is not content with it.
                message, component = (
                    f"{self._short(iri)} is described nowhere; write {near}",
                    ns.VALUES,
                )
            else:
                message = (
                    f"{self._short(iri)} is described nowhere; check its spelling, or describe it"
                )
            yield stated(self._dataset, name, columns.triple(place), "warning", message, component)

    def _slip_for(self, iri: str) -> str:
        """Give the thing of the same kind that was meant, shortened, where one alone is near."""
        kind, _, name = iri.rpartition("/")
        near = matching.slips(name, self._named.get(kind, ()))
        return self._short(f"{kind}/{near[0]}") if len(near) == 1 else ""

    @cached_property
    def _named(self) -> Mapping[str, Sequence[str]]:
        """Give the last parts of the addresses of things, by what stands before it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for thing in self._typed:
            if isinstance(thing, turtle.Named) and thing.value.startswith(self._space):
                kind, _, name = thing.value.rpartition("/")
                found[kind].append(name)
        return found

    def _doubtful(self, terms: Iterable[turtle.Term]) -> Iterator[tuple[int, turtle.Named]]:
        """Give what is in the space and has no class, or is nearly below the base, by its number.

        What was retired needs none: it is no longer one of the things of its class.
        """
        for number, term in enumerate(terms):
            if isinstance(term, turtle.Named):
                iri = term.value
                own = iri.startswith(self._space)
                known = term in self._typed or term in self._retired
                if not known if own else self._nearly(iri):
                    yield number, term

    def elsewhere(self) -> Iterator[Finding]:
        """Find a base below which nothing stands: it is not the one that the files use."""
        layers = map(self._dataset.graphs.__getitem__, self._dataset.layers)
        things = [one for layer in layers for one, _ in layer.said_with(turtle.Named(ns.TYPE))]
        if not things or any(getattr(one, "value", "").startswith(self._space) for one in things):
            return
        message = (
            f"no file describes a thing below <{self._space}>; correct the base here and "
            "in void:uriSpace, or the prefixes of the files"
        )
        for triple in self._base_as_stated():
            yield stated(
                *(self._dataset, self._dataset.meta_graph, triple),
                *("violation", message, ns.LINKS),
            )

    def wrong_base(self) -> Iterator[Finding]:
        """Find a base below which nobody else can read anything; told once, not of each thing."""
        if wrong := mistyped(self._base) if self._base else "":
            for triple in self._base_as_stated():
                yield stated(
                    *(self._dataset, self._dataset.meta_graph, triple),
                    *("warning", f"the base {wrong}", ns.LINKS),
                )

    def _base_as_stated(self) -> Iterator[turtle.Triple]:
        meta = self._dataset.graphs[self._dataset.meta_graph]
        for quad in meta.quads_for_predicate(turtle.Named(ns.VANN + "preferredNamespaceUri")):
            if getattr(quad.object, "value", "") == self._base:
                yield quad.triple

    def nameless(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find things that have no address; terms may be defined by such (OWL 2)."""
        if not self._space or name == self._dataset.ontology_graph:
            return
        for triple in graph.with_blanks():
            if triple.predicate.value == ns.TYPE and isinstance(triple.subject, turtle.Blank):
                message = "a thing without an address cannot be cited; give it one, not [ ] or _:"
                yield stated(self._dataset, name, triple, "warning", message, ns.LINKS)

    def misplaced(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find rules, questions and terms where they are not read as such, and things among terms."""
        layer, terms = name in self._dataset.layers, name == self._dataset.ontology_graph
        if not self._space or not (layer or terms):
            return
        for triple in graph.triples_for_predicate(turtle.Named(ns.TYPE)):
            kind = getattr(triple.object, "value", "")
            message = _ELSEWHERE.get(kind, "") if layer else ""
            # Lists of values and their schemes belong to the terms.
            thing = getattr(triple.subject, "value", "").startswith(self._space)
            if terms and thing and not kind.startswith(ns.SKOS):
                message = "is a thing among the terms; describe it in a folder of data/"
            if message:
                yield stated(self._dataset, name, triple, "warning", message, ns.LINKS)

    def retired(self, name: str, graph: Graph) -> Iterator[Finding]:
        """Find what still points at things that were retired (OWL 2, 5.5: owl:deprecated)."""
        for thing, successor in self._retired.items():
            for quad in graph.quads_for_object(thing):
                if quad.subject != thing and quad.predicate.value not in _OF_RETIRED:
                    todo = f"write {self._short(successor)}" if successor else "point at another"
                    message = f"{self._short(thing.value)} was retired; {todo}"
                    yield stated(self._dataset, name, quad.triple, "warning", message, ns.LINKS)

    @cached_property
    def _retired(self) -> dict[turtle.Named, str]:
        """The things that were retired, and what each was replaced by."""
        found: dict[turtle.Named, str] = {}
        for graph in self._graphs:
            for quad in graph.quads_for_predicate(turtle.Named(ns.OWL + "deprecated")):
                if (
                    isinstance(quad.subject, turtle.Named)
                    and getattr(quad.object, "value", "") == "true"
                ):
                    found.setdefault(quad.subject, "")
            for quad in graph.quads_for_predicate(turtle.Named(ns.DCTERMS + "isReplacedBy")):
                if isinstance(quad.subject, turtle.Named) and isinstance(quad.object, turtle.Named):
                    found[quad.subject] = quad.object.value
        return found

    def _in_table(self, name: str, triple: turtle.Triple) -> bool:
        """Say whether a row of a table of links says so, where nothing is described."""
        place = self._dataset.place(name, triple)
        return place is not None and place.path.endswith(".tsv")

    def _spoken_of(self, term: turtle.Named) -> bool:
        return any(graph.speaks_of(term) for graph in self._graphs)

    def _nearly(self, iri: str) -> bool:
        # Most addresses of others have another host.
        return (
            self._host in iri
            and not iri.startswith(self._base)
            and _bare(iri).startswith(self._bare)
        )

    def _meant(self, iri: str) -> str:
        return self._base + _bare(iri)[len(self._bare) :]

    def _short(self, iri: str) -> str:
        return ns.short(iri, self._dataset.prefixes)


def mistyped(iri: str) -> str:
    """Say what is surely not meant in an address of the web; nothing, where all may be."""
    if iri.startswith(_USUAL) and not (_DOUBTFUL.match(iri) or iri.endswith("%20")):
        return ""
    if scheme := _SCHEME.match(iri):
        return f"begins with `{scheme[0]}`, which no browser knows; write `https://`"
    if _SLASHES.match(iri):
        return "has not two slashes behind its scheme; write `https://`"
    if _TWICE.match(iri):
        return "has its scheme twice; write it once"
    if _HERE.match(iri):
        return "leads to nobody's machine but one's own; write where it stands for all"
    if sign := _IN_HOST.match(iri):
        return f"has `{sign[1]}` in the name of its host; write a full stop"
    if iri.endswith("%20"):
        return "ends with a blank (%20); delete it"
    return ""


def _bare(iri: str) -> str:
    """Give an address without what is easily mistaken: its scheme, `www.` and a port."""
    return re.sub(r"^https?://(?:www\.)?([^/:]*)(?::\d+)?/", r"\1/", iri)
