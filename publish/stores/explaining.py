"""What can be told about how a query is answered: its patterns, how much each matches, the time.

The engine gives no plan to Python. What makes a query slow can be seen all the same: how many
solutions each of its triple patterns has alone, in the graph where it stands. They are counted
by the same engine, over the same data set, within the limits of the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Token, Tree

_TRIPLES = "triples_same_subject_path"
_OBJECTS = "object_list_path"
_ELSEWHERE = "graph_pattern_not_triples"
_MOST = 50
"""How many patterns are counted."""


@dataclass(frozen=True)
class Pattern:
    """A triple pattern as the query writes it, and the graph that it is asked of."""

    text: str
    graph: str


def patterns(text: str, tree: Tree[Token]) -> list[Pattern]:
    """Give the triple patterns of a query, in the order in which they are written."""
    return list(_patterns(text, tree, ""))[:_MOST]


def counting(text: str, tree: Tree[Token], pattern: Pattern) -> str:
    """Write the query that counts the solutions of one pattern of a query."""
    prologue = _slice(text, next(iter(tree.find_data("prologue"))))
    named = " ".join(_slice(text, one) for one in tree.find_data("dataset_clause"))
    where = f"GRAPH {pattern.graph} {{ {pattern.text} }}" if pattern.graph else pattern.text
    return f"{prologue} SELECT (COUNT(*) AS ?count) {named} WHERE {{ {where} }}"


def _patterns(text: str, node: Tree[Token], graph: str) -> Iterator[Pattern]:
    if node.data == _TRIPLES:
        yield from _triples(text, node, graph)
        return
    if node.data == _ELSEWHERE and getattr(node.children[0], "type", "") == "GRAPH":
        graph = _slice(text, node.children[1])
    for child in node.children:
        if not isinstance(child, str):
            yield from _patterns(text, child, graph)


def _triples(text: str, node: Tree[Token], graph: str) -> Iterator[Pattern]:
    """Give a pattern for each object of a subject; what is nested in brackets stays there."""
    if len(node.children) == 1:
        yield Pattern(_slice(text, node), graph)
        return
    subject, said = node.children
    verb: Tree[Token] | Token | None = None
    for part in getattr(said, "children", ()):
        if getattr(part, "data", "") != _OBJECTS:
            verb = part
            continue
        for one in part.children:
            if not isinstance(one, str) and verb is not None:
                words = (_slice(text, subject), _slice(text, verb), _slice(text, one))
                yield Pattern(" ".join(words), graph)


def _slice(text: str, node: Tree[Token] | Token) -> str:
    if isinstance(node, str):
        return str(node)
    return "" if node.meta.empty else text[node.meta.start_pos : node.meta.end_pos]
