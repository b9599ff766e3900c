"""From what an engine says to a finding: the line in the data, the rule's, the message."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publish import namespaces as ns
from publish import turtle
from publish.graphs import Place
from publish.validation.engines import Result
from publish.validation.findings import Finding, Severity, constraint, term_text
from publish.validation.shapes import Shapes


class Locating:
    """Turns what an engine says into findings: the line in the data, the rule's, the message."""

    def __init__(self, shapes: Shapes, graphs: Iterable[str]) -> None:
        self._shapes = shapes
        self._dataset = shapes.dataset
        self._graphs = frozenset(graphs)

    def finding(self, result: Result) -> Finding:
        """Give the finding for a result."""
        rule = self._shapes.place_of(result.root)
        place = self._place(result) or rule
        return Finding(
            path=place.path,
            line=place.line,
            severity=_severity(result.severity),
            focus=term_text(result.focus) or "[]",
            message=self._message(result),
            shape=result.root,
            shape_path=rule.path,
            shape_line=rule.line,
            value=term_text(result.value),
            component=result.component,
        )

    def _place(self, result: Result) -> Place | None:
        """Choose the offending triple, else the last with its predicate, else the block."""
        if not isinstance(result.focus, turtle.Named):
            return self._stated(result.focus)
        said = self._placed(self._dataset.outgoing(result.focus.value))
        if result.step and result.step[0]:
            pointing = self._placed(self._dataset.incoming(result.focus.value))
            exact = [at for t, at in pointing if _is(t, result) and t.subject == result.value]
            return next(iter(exact), None) or self._block(said)
        same = [(triple, at) for triple, at in said if _is(triple, result)]
        exact = [at for triple, at in same if triple.object == result.value]
        return next(iter([*exact, *(at for _, at in reversed(same))]), None) or self._block(said)

    def _stated(self, value: turtle.Term | None) -> Place | None:
        """Find where a text stands that a rule looks at by itself."""
        if value is None:
            return None
        holding = (
            (name, quad.triple)
            for name in self._graphs
            for quad in self._dataset.graphs[name].quads_for_object(value)
        )
        return next((place for _, place in self._placed(holding)), None)

    def _placed(
        self, found: Iterable[tuple[str, turtle.Triple]]
    ) -> list[tuple[turtle.Triple, Place]]:
        places = [
            (triple, self._dataset.place(graph, triple))
            for graph, triple in found
            if graph in self._graphs
        ]
        known = [(triple, place) for triple, place in places if place]
        return sorted(known, key=lambda item: (item[1].path, item[1].line))

    def _block(self, said: Iterable[tuple[turtle.Triple, Place]]) -> Place | None:
        """Choose the line that says what kind of thing it is, else the first."""
        ranked = sorted(said, key=lambda item: item[0].predicate.value != ns.TYPE)
        return ranked[0][1] if ranked else None

    def _message(self, result: Result) -> str:
        """Choose what the rule says to the editor, in a language of the data set."""
        about = self._dataset.description
        wanted = [*(about.languages if about else ()), "en", ""]
        owners = {result.source, result.root}
        if not result.source:  # a shape in brackets: its message stands below the named one
            owners |= {
                term_text(triple.object)
                for name in ("property", "node", "qualifiedValueShape")
                for triple in self._shapes.values(result.root, name)
            }
        owners |= {
            term_text(t.object) for node in owners for t in self._shapes.values(node, "sparql")
        }
        texts = [t.object for node in owners for t in self._shapes.values(node, "message")]
        told = sorted(set(result.messages))
        for text in sorted(texts, key=lambda text: _order(text, wanted)):
            pattern = _filled(str(getattr(text, "value", "")))
            if match := next((one for one in told if pattern.fullmatch(one)), None):
                return match
        # Without a message of the rule each engine makes up one of its own.
        return f"breaks the rule {constraint(result.component)}; see {result.root}"


def _is(triple: turtle.Triple, result: Result) -> bool:
    return result.step is not None and triple.predicate.value == result.step[1]


def _order(text: turtle.Term, wanted: list[str]) -> tuple[int, str]:
    tag = getattr(text, "language", None) or ""
    return (wanted.index(tag) if tag in wanted else len(wanted), str(text))


def _filled(message: str) -> re.Pattern[str]:
    """Match a message after an engine put values where it says `{?name}` (SHACL 5.3.2)."""
    parts = re.split(r"\{[?$]\w+\}", message)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def _severity(name: str) -> Severity:
    # Severities of a shape's own invention count as violations: nobody else knows them.
    if name == "Warning":
        return "warning"
    return "info" if name == "Info" else "violation"
