"""Queries of saved questions: variables without a value, and things and graphs that are not there.

What leaves the grammar, and terms that no vocabulary has, are found elsewhere; here stands what a
query may say and cannot mean. Follows SPARQL 1.1 Query, 18.2.1 (where a variable is in scope).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from publish import errors, legibility, scanning, tokens, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.tags import Tags
from publish.validation import Finding, stated

_FORMS = ("select", "ask", "construct")
_PATTERN = re.compile(
    r"""\bregex\s*\(\s*(?:str\s*\(\s*)?[?$]\w+\s*\)?\s*,\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(?:,\s*("[a-z]*"|'[a-z]*')\s*)?\)""",
    re.IGNORECASE,
)
_ASKED_TAG = re.compile(
    r"""\b(?:lang\s*\(\s*[?$]\w+\s*\)\s*!?=|langmatches\s*\([^"']*,)\s*["']([\w-]+)["']""",
    re.IGNORECASE,
)


def wrong_queries(dataset: Dataset) -> Iterator[Finding]:
    """Find in saved questions what gives no answer, or another one than was meant."""
    graph = dataset.graphs.get(dataset.meta_graph)
    if graph is None:
        return
    for form in _FORMS:
        for quad in graph.quads_for_predicate(turtle.Named(ns.SH + form)):
            text = getattr(quad.object, "value", "")
            found = (
                *_otherwise(form, text),
                *_unbound(text),
                *_untagged(text),
                *_unfit(text),
                *_sent(text),
            )
            for told in (*found, *_elsewhere(dataset, text)):
                yield stated(dataset, dataset.meta_graph, quad.triple, "violation", told, ns.VALUES)
            if dataset.base and not getattr(quad.subject, "value", "").startswith(dataset.base):
                told = (
                    f"is asked under an address that does not begin with <{dataset.base}>; mend it"
                )
                yield stated(dataset, dataset.meta_graph, quad.triple, "warning", told, ns.VALUES)
    declaring: dict[turtle.Term, bool] = {}  # most questions share theirs
    for quad in graph.quads_for_predicate(turtle.Named(ns.SH + "prefixes")):
        owner = quad.object
        if owner not in declaring:
            declaring[owner] = any(_declares(one, owner) for one in dataset.graphs.values())
        if not declaring[owner]:
            told = "declares no prefixes (sh:declare); mend the address, as the others have it"
            yield stated(dataset, dataset.meta_graph, quad.triple, "warning", told, ns.VALUES)


def _declares(graph: Graph, term: turtle.Term) -> bool:
    return graph.speaks_of(term) and any(
        predicate.value in (ns.SH + "declare", ns.OWL + "imports")
        for predicate, _ in graph.said_of(term)  # type: ignore[arg-type]
    )


def _otherwise(form: str, text: str) -> Iterator[str]:
    """Tell of queries of another form than the property says (SHACL 1.1 Advanced Features, 5)."""
    begin = tokens.PROLOGUE.match(text)
    first = tokens.TOKEN.search(text, begin.end() if begin else 0)
    word = first[0].upper() if first else ""
    if word.lower() in _FORMS and word.lower() != form:
        yield f"is a query of the form {word}; write sh:{word.lower()}"


def _unbound(text: str) -> Iterator[str]:
    """Tell of variables that are asked for and stand in no pattern."""
    seen = _Variables()
    for match in tokens.TOKEN.finditer(text):
        seen.read(match[0], match.lastgroup or "")
    for name in dict.fromkeys(seen.asked):
        if name not in seen.given:
            near = difflib.get_close_matches(name, seen.given, 1)
            todo = f"write `?{near[0]}`" if near else "mend its name, or the query"
            yield f"?{name} stands in no pattern of the query and never has a value; {todo}"


def _sent(text: str) -> Iterator[str]:
    """Tell of queries that ask another endpoint, or are none, as a server refuses them."""
    try:
        scanning.scan(text, length=len(text), depth=len(text))
    except errors.QueryRefused as refusal:
        yield str(refusal)


def _untagged(text: str) -> Iterator[str]:
    """Tell of languages that are asked for by what is no language tag (BCP 47)."""
    for tag in filter(None, _ASKED_TAG.findall(text)):
        if wrong := Tags().wrong(tag):
            yield f"asks for texts in `{tag}`, which {wrong.replace('`@', '`')}"


def _unfit(text: str) -> Iterator[str]:
    """Tell of regular expressions that are none: nothing fits them, and no error says so."""
    for match in _PATTERN.finditer(text):
        if not legibility.is_pattern(match[1], match[2] or "''"):
            yield f"{match[1]} is no regular expression, so nothing fits it; mend it"


@dataclass
class _Variables:
    """Which variables a query gives a value, and of which it asks one.

    `asked` are those that are selected, sorted by and tested; `given` all that stand in a
    pattern, or are named by `AS`.
    """

    given: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _word: str = ""
    _tests: bool = False

    def read(self, token: str, kind: str) -> None:
        if kind == "open":
            inside = self._open[-1] if self._open else ""
            pattern = token == "{"  # noqa: S105  # a bracket is no password
            self._open.append("{" if pattern else "test" if self._tests else inside)
            self._tests = False
        elif kind == "close":
            self._open = self._open[:-1]
        elif token[:1] in ("?", "$"):
            named = self._word == "AS"
            (self.given.add if named or self._in_pattern() else self.asked.append)(token[1:])
        elif kind == "run":
            self._tests = self._tests or token.upper() in ("FILTER", "BIND")
        self._word = token.upper() if kind == "run" else ""

    def _in_pattern(self) -> bool:
        return bool(self._open) and self._open[-1] == "{"


def _elsewhere(dataset: Dataset, text: str) -> Iterator[str]:
    """Tell of things and graphs of the data set that a query names and no file describes."""
    about = dataset.description
    if about is None:
        return
    graphs = f"{dataset.base}graph/"
    for iri in dict.fromkeys(_named(text, dataset.prefixes)):
        if iri.startswith(graphs):
            if iri not in {*dataset.graphs, dataset.inferred_graph, graphs}:
                yield f"the query asks the graph <{iri}>, which no file makes; mend its name"
        elif iri.startswith(about.uri_space) and not iri.endswith(("/", "#")):
            thing = turtle.Named(iri)
            if not any(graph.speaks_of(thing) for graph in dataset.graphs.values()):
                short = ns.short(iri, dataset.prefixes)
                yield f"the query asks of {short}, which is described nowhere; check its spelling"


def _named(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give the addresses that a query names, in full or by a prefix."""
    for match in tokens.TOKEN.finditer(text):
        if match[0].startswith("<") and match.lastgroup != "open":
            yield match[0][1:-1]
        elif match.lastgroup == "local" and match["run"] in prefixes:
            yield prefixes[match["run"]] + match["local"][1:].rstrip(".").replace("\\", "")
