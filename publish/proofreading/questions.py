"""Saved questions: whether what a reader may change in them stands in their queries.

Follows SHACL 1.1 Advanced Features, 3 (parameters, label templates) and 5.2 (the variable that a
parameter sets has the local name of its path).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from publish import errors, parameters, querytext, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Reading
from publish.validation import Finding, stated

_QUERIES = frozenset(ns.SH + name for name in ("select", "ask", "construct"))
_PATH = ns.SH + "path"
_PARAMETER = ns.SH + "parameter"
_TEMPLATE = ns.SH + "labelTemplate"
_PATTERN = ns.SH + "pattern"
_DEFAULT = ns.SH + "defaultValue"
_TERM = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<[^>]*>|[^\s"'<>])+""")


def wrong_parameters(dataset: Dataset) -> Iterator[Finding]:
    """Find parameters and places of a wording that have no counterpart in the question."""
    graph = dataset.graphs.get(dataset.meta_graph)
    if graph is None:
        return
    for quad in graph.quads_for_predicate(turtle.Named(_PARAMETER)):
        said = _said(dataset, quad.subject)
        name = _name(dataset, quad.object)
        texts = [getattr(one, "value", "") for query in _QUERIES for one in said[query]]
        if not name:
            message = "is a parameter that nothing describes; describe it, with sh:path"
        elif not _asked(texts, name):
            message = f"sets ?{name}, which the query does not have; mend sh:path, or the query"
        elif not _settable(texts, name):
            message = (
                f"sets ?{name}, which has no place for a value; "
                f"write the line VALUES ?{name} with the default in braces"
            )
        else:
            yield from _wrong_defaults(dataset, quad.object, name, texts)
            continue
        told = f"{ns.short(getattr(quad.object, 'value', ''), dataset.prefixes)} {message}"
        yield stated(dataset, dataset.meta_graph, quad.triple, "violation", told, ns.VALUES)
    for quad in graph.quads_for_predicate(turtle.Named(_TEMPLATE)):
        known = {_name(dataset, one) for one in _said(dataset, quad.subject)[_PARAMETER]}
        for told in _wrong_wording(getattr(quad.object, "value", ""), known):
            yield stated(dataset, dataset.meta_graph, quad.triple, "violation", told, ns.VALUES)


def _wrong_wording(wording: str, known: Collection[str]) -> Iterator[str]:
    """Tell of places of a wording that no parameter fills."""
    for name in re.findall(r"\{(\w+)\}", wording):
        if name in known:
            yield f"the wording has {{{name}}}, which stays as it stands; write {{?{name}}}"
    for name in re.findall(r"\{[?$](\w+)\}", wording):
        if name not in known:
            yield f"the wording has {{?{name}}}, which no sh:parameter sets; add one, or mend it"


def _wrong_defaults(
    dataset: Dataset, node: turtle.Term, name: str, texts: Sequence[str]
) -> Iterator[Finding]:
    """Find patterns that are none, and defaults that their own parameter or query does not take."""
    said = _said(dataset, node)

    def finding(predicate: str, value: turtle.Term, message: str) -> Finding:
        triple = turtle.Triple(node, turtle.Named(predicate), value)  # type: ignore[arg-type]
        return stated(dataset, dataset.meta_graph, triple, "violation", message, ns.VALUES)

    for pattern in said[_PATTERN]:
        if reason := _no_pattern(getattr(pattern, "value", "")):
            yield finding(_PATTERN, pattern, f"is no regular expression ({reason}); mend it")
    parameter = _parameter(dataset, node)
    if not said[_DEFAULT] and (written := _written(texts, name)):
        message = (
            f"has no sh:defaultValue, so that its page answers nothing at first; "
            f"give it what the query begins with, {written}"
        )
        yield replace(finding(_PATH, said[_PATH][0], message), severity="warning")
    for default in said[_DEFAULT]:
        for told in (*_misfits(parameter, default), *_others(dataset, default, name, texts)):
            yield finding(_DEFAULT, default, told)


def _written(texts: Sequence[str], name: str) -> str:
    """Give the value that a query gives its variable, as it writes it."""
    return next(filter(None, (querytext.defaults(text).get(name, "") for text in texts)), "")


def _no_pattern(text: str) -> str:
    # What XPath has beside Python: classes of Unicode, and subtraction (XPath Functions 5.6.1).
    return "" if re.search(r"\\[pPiIcC]|-\[", text) else parameters.fault(text)


def _parameter(dataset: Dataset, node: turtle.Term) -> parameters.Parameter:
    graph, reading = dataset.meta_graph, Reading(dataset)
    said = dataset.graphs[graph].said_of(node)  # type: ignore[arg-type]
    triples = [turtle.Triple(node, *pair) for pair in said]  # type: ignore[arg-type]
    return parameters.of([reading.statement(graph, triple) for triple in triples])


def _misfits(parameter: parameters.Parameter, default: turtle.Term) -> Iterator[str]:
    """Tell why a parameter would refuse its own default."""
    if isinstance(default, turtle.Literal) and not parameter.is_number:
        # Without sh:datatype its values are taken for those of its default.
        parameter = replace(parameter, datatype=default.datatype.value)
    for name, why in parameters.misfits(parameter, getattr(default, "value", "")):
        if name == "in":
            yield "is none of those that sh:in lists; give one of them, or add it"
        else:
            yield f"{why}; give another default, or mend sh:{name}"


def _others(
    dataset: Dataset, default: turtle.Term, name: str, texts: Sequence[str]
) -> Iterator[str]:
    """Tell that a query gives its variable another value than the default of the parameter."""
    for text in texts:
        written = querytext.defaults(text).get(name, "")
        values = _terms(dataset, written)
        if values and default not in values:
            yield (
                f"is not what the query begins with, VALUES ?{name} {{ {written} }}; "
                "let both be the same"
            )


def _terms(dataset: Dataset, written: str) -> list[turtle.Term]:
    """Read terms as SPARQL writes them, which is how Turtle does; none where they are no terms."""
    head = "".join(
        f"@prefix {name}: <{space}> .\n"
        for name, space in dataset.prefixes.items()
        if f"{name}:" in written
    )
    separate = ", ".join(token[0] for token in [*_TERM.finditer(written)])
    try:
        parsed = turtle.parse(f"{head}<x:x> <x:x> {separate} .".encode(), "")
    except (errors.TurtleError, errors.TurtleErrors):
        return []
    return [triple.object for triple, _ in parsed.triples]


def _said(dataset: Dataset, subject: turtle.Term) -> dict[str, list[turtle.Term]]:
    found: defaultdict[str, list[turtle.Term]] = defaultdict(list)
    for predicate, value in dataset.graphs[dataset.meta_graph].said_of(subject):  # type: ignore[arg-type]
        found[predicate.value].append(value)
    return found


def _name(dataset: Dataset, parameter: turtle.Term) -> str:
    paths = _said(dataset, parameter)[_PATH]
    return re.split(r"[#/:]", getattr(paths[0], "value", ""))[-1] if paths else ""


def _asked(texts: Sequence[str], name: str) -> bool:
    return any(re.search(rf"[?$]{re.escape(name)}\b", text) for text in texts)


def _settable(texts: Sequence[str], name: str) -> bool:
    return any(
        name in querytext.defaults(text) or re.search(rf"\${re.escape(name)}\b", text)
        for text in texts
    )
