"""Prefixes that nothing uses and that could write no name: the end of their IRI was lost.

What is written with such a prefix runs together with its IRI. Where it is used, the terms are
found that no vocabulary has; where it is not yet, it waits for the next to use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, source_files
from publish.graphs import Graph, Place
from publish.validation import Finding


def unended(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find prefixes that stand for an IRI without a sign at its end and begin no term."""
    doubtful = {prefix: space for prefix, space in dataset.prefixes.items() if space[-1:].isalnum()}
    if not doubtful:
        return
    used = {
        space
        for graph in graphs.values()
        for term in graph.columns().terms
        if isinstance(term, turtle.Named)
        for space in doubtful.values()
        if term.value.startswith(space)
    }
    for prefix, space in doubtful.items():
        if space not in used:
            message = (
                f"`{prefix}:` stands for <{space}>, which ends in no `/` or `#`; add it, or "
                "delete the prefix, which nothing uses"
            )
            for place in _declared(dataset, prefix, space):
                yield Finding(
                    *(place.path, place.line, "warning", "", message, "", "", 0, ""),
                    component=ns.VALUES,
                )


def _declared(dataset: Dataset, prefix: str, space: str) -> Iterator[Place]:
    """Give the lines on which the Turtle files declare a prefix so."""
    declaration = re.compile(rf"(?i:@?prefix)\s+{re.escape(prefix)}:\s*<{re.escape(space)}>")
    for path, source in source_files(dataset.root).items():
        if path.endswith(".ttl"):
            text = source.decode(errors="replace")
            for found in declaration.finditer(text):
                yield Place(path, text.count("\n", 0, found.start()) + 1)
