"""The two SHACL engines, which say the same in the same words.

The compiled one is the package `shacl`, the reference is pySHACL; nothing else knows them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.validation.findings import term_text

if TYPE_CHECKING:
    import rdflib

Engine = Literal["compiled", "reference"]
Step: TypeAlias = tuple[bool, str]
"""The first step of a path: whether it goes against the arrow, and its predicate."""


@dataclass(frozen=True)
class Result:
    """What an engine says, in the same words for both.

    Blank nodes have names of an engine's own making and are `None`; `source` and `root` are the
    shape and the first with a name around it.
    """

    focus: turtle.Term | None
    value: turtle.Term | None
    step: Step | None
    source: str
    root: str
    component: str
    severity: str
    messages: tuple[str, ...]


class Refusal(Exception):
    """An engine gave up on shapes that are no good SHACL, and says why."""


@dataclass(frozen=True)
class DataGraph:
    """Some graphs of a data set taken as one, which is what shapes look at (SHACL 1.2)."""

    dataset: Dataset
    graphs: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many triples it has, one that several graphs have counted in each."""
        return sum(len(self.dataset.graphs[graph]) for graph in self.graphs)

    @functools.cached_property
    def text(self) -> str:
        """The same as Turtle."""
        return "".join(
            block for graph in self.graphs for block in self.dataset.graphs[graph].blocks()
        )


def judging(
    dataset: Dataset, shapes: Iterable[turtle.Triple], engine: Engine
) -> Callable[[DataGraph], list[Result]]:
    """Let an engine read some shapes once, to judge several data graphs by them.

    What is given raises `Refusal` where the engine takes the shapes for no good SHACL.
    """
    if engine == "reference":
        rules = dataset.with_graph("urn:shapes", shapes).view(["urn:shapes"])
        return functools.partial(_reference, rules)
    return functools.partial(_compiled, functools.cache(functools.partial(_read, _text(shapes))))


def complaint(shapes: Iterable[turtle.Triple]) -> str:
    """Give what the compiled engine says against shapes; nothing, where it takes them."""
    try:
        _read(_text(shapes)).validate_text("")
    except (Refusal, ValueError) as error:
        return str(error).removeprefix("invalid shapes graph: ")
    return ""


def _text(triples: Iterable[turtle.Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


def _read(shapes: str) -> Any:
    import shacl

    try:
        return shacl.Shapes.from_text(shapes, "ntriples")
    except ValueError as error:
        raise Refusal(str(error)) from error


def _compiled(shapes: Callable[[], Any], data: DataGraph) -> list[Result]:
    try:
        report = shapes().validate_text(data.text, "turtle")
    except ValueError as error:
        raise Refusal(str(error)) from error
    return [
        Result(
            focus=_term(found.focus_node),
            value=_term(found.value or ""),
            step=_step_of_text(found.path or ""),
            source=term_text(_term(found.source_shape or "")),
            root=term_text(_term(found.root_shape or "")),
            component=found.component_iri,
            severity=found.severity_iri.removeprefix(ns.SH),
            messages=tuple(found.messages),
        )
        for found in report.results
    ]


def _reference(rules: rdflib.Graph, data: DataGraph) -> list[Result]:
    import pyshacl
    from rdflib import SH

    try:
        # Neither imports nor JavaScript nor a check against the shapes of SHACL: they fetch.
        _, report, _ = pyshacl.validate(
            _remembering(data.dataset.view(data.graphs)),
            shacl_graph=rules,
            inplace=True,
            advanced=False,
            inference="none",
        )
    except RuntimeError as error:  # all that pySHACL raises by itself
        raise Refusal(str(error)) from error
    if isinstance(report, pyshacl.errors.ValidationFailure):
        raise Refusal(str(report))
    # What stands below sh:detail explains a result and is none of its own (SHACL 3.6.2).
    found = []
    for result in report.objects(None, SH.result):
        source = report.value(result, SH.sourceShape)
        severity = report.value(result, SH.resultSeverity)
        found.append(
            Result(
                focus=_term(_n3(report.value(result, SH.focusNode))),
                value=_term(_n3(report.value(result, SH.value))),
                step=_step_of_node(report, report.value(result, SH.resultPath)),
                source=term_text(_term(_n3(source))),
                root=term_text(_term(_n3(_named_shape(rules, source)))),
                component=str(report.value(result, SH.sourceConstraintComponent)),
                severity=str(severity).removeprefix(ns.SH),
                messages=tuple(str(text) for text in report.objects(result, SH.resultMessage)),
            )
        )
    return found


def _remembering(view: rdflib.Graph) -> rdflib.Graph:
    """Give a graph that reads each query once.

    pySHACL hands over the same text for every node that a rule looks at, and reading it takes
    ten times as long as answering it.
    """
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    # What rdflib itself does with a text: the prefixes of the graph are known to it.
    read = functools.cache(functools.partial(prepareQuery, initNs=dict(view.namespaces())))

    class Remembering(rdflib.Graph):
        def query(self, query_object: Any, *args: Any, **kwargs: Any) -> rdflib.query.Result:
            prepared = read(query_object) if isinstance(query_object, str) else query_object
            return super().query(prepared, *args, **kwargs)

    return Remembering(store=view.store, identifier=view.identifier)


def _named_shape(rules: rdflib.Graph, node: rdflib.term.Node | None) -> rdflib.term.Node | None:
    """Climb from a shape in brackets to the first that has a name."""
    from rdflib import BNode

    seen = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next(iter(rules.subjects(None, node)), node)
    return node


def _step_of_text(path: str) -> Step | None:
    match = re.match(r"([(^]*)<([^>]*)>", path)
    return (match[1].count("^") % 2 == 1, match[2]) if match else None


def _step_of_node(report: rdflib.Graph, node: rdflib.term.Node | None) -> Step | None:
    from rdflib import RDF, SH, URIRef

    inverse = False
    while node is not None and not isinstance(node, URIRef):
        against = report.value(node, SH.inversePath)
        inverse ^= against is not None
        inside = (RDF.first, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath)
        nexts = [against, *(report.value(node, p) for p in (*inside, SH.zeroOrOnePath))]
        node = next((one for one in nexts if one is not None), None)
    return None if node is None else (inverse, str(node))


def _n3(node: rdflib.term.Node | None) -> str:
    return "" if node is None else str(node.n3())


def _term(text: str) -> turtle.Term | None:
    """Read a term as Turtle writes it; both engines hand out such text, each in its own way."""
    if not text or text.startswith("_:"):
        return None
    parsed = turtle.parse(f"<urn:x> <urn:x> {text} .".encode(), "term")
    return parsed.triples[0][0].object
