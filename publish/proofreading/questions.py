"""Saved questions: whether what a reader may change in them stands in their queries.

Follows SHACL 1.1 Advanced Features, 3 (parameters, label templates) and 5.2 (the variable that a
parameter sets has the local name of its path).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.validation import Finding, stated

_QUERIES = frozenset(ns.SH + name for name in ("select", "ask", "construct"))
_PATH = ns.SH + "path"
_PARAMETER = ns.SH + "parameter"
_TEMPLATE = ns.SH + "labelTemplate"


def wrong_parameters(dataset: Dataset) -> Iterator[Finding]:
    """Find parameters and places of a wording that have no counterpart in the question."""
    graph = dataset.graphs.get(dataset.meta_graph)
    if graph is None:
        return
    for quad in graph.quads_for_predicate(turtle.Named(_PARAMETER)):
        said = _said(dataset, quad.subject)
        name = _name(dataset, quad.object)
        if not name:
            message = "is a parameter that nothing describes; describe it, with sh:path"
        elif not _asks(said, name):
            message = f"sets ?{name}, which the query does not have; mend sh:path, or the query"
        else:
            continue
        told = f"{ns.short(getattr(quad.object, 'value', ''), dataset.prefixes)} {message}"
        yield stated(dataset, dataset.meta_graph, quad.triple, "violation", told, ns.VALUES)
    for quad in graph.quads_for_predicate(turtle.Named(_TEMPLATE)):
        known = {_name(dataset, one) for one in _said(dataset, quad.subject)[_PARAMETER]}
        for name in re.findall(r"\{[?$](\w+)\}", getattr(quad.object, "value", "")):
            if name not in known:
                told = (
                    f"the wording has {{?{name}}}, which no sh:parameter sets; add one, or mend it"
                )
                yield stated(dataset, dataset.meta_graph, quad.triple, "violation", told, ns.VALUES)


def _said(dataset: Dataset, subject: turtle.Term) -> dict[str, list[turtle.Term]]:
    found: defaultdict[str, list[turtle.Term]] = defaultdict(list)
    for predicate, value in dataset.graphs[dataset.meta_graph].said_of(subject):  # type: ignore[arg-type]
        found[predicate.value].append(value)
    return found


def _name(dataset: Dataset, parameter: turtle.Term) -> str:
    paths = _said(dataset, parameter)[_PATH]
    return re.split(r"[#/:]", getattr(paths[0], "value", ""))[-1] if paths else ""


def _asks(said: dict[str, list[turtle.Term]], name: str) -> bool:
    texts = [getattr(one, "value", "") for query in _QUERIES for one in said[query]]
    return any(re.search(rf"[?$]{re.escape(name)}\b", text) for text in texts)
