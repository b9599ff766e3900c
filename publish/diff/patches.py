"""Differences as a file by which a store follows: RDF Patch, quad by quad."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from publish.dataset import Dataset


def patch(old: Dataset, new: Dataset, *, dumped: bool = False) -> str:
    """Give the differences as an RDF Patch: what to delete and what to add, graph by graph.

    It is what was asserted, or, of what is `dumped`, what the N-Quads of a release hold: with
    what was derived, and without the rules. A nameless thing goes by the label that reading
    gives it, which only a store knows that was loaded from the same files. The identifier is
    made of what is changed, so that the same change always makes the same patch.
    """
    before, after = _quads(old, dumped=dumped), _quads(new, dumped=dumped)
    return _patched(new.base, before - after, after - before)


def joined_patches(base: str, patches: Iterable[str]) -> str:
    """Give one patch that does what several do that follow each other, of a data set of a base."""
    gone, come = set[str](), set[str]()
    for one in patches:
        # No other line break ends a row: U+0085 and U+2028 stand in literals as they are.
        rows = one.split("\n")
        deleted, added = ({row[2:-2] for row in rows if row[:2] == sign} for sign in ("D ", "A "))
        gone |= deleted - come
        come = (come - deleted) | added
        gone, come = gone - come, come - gone
    return _patched(base, gone, come)


def _patched(base: str, gone: Iterable[str], come: Iterable[str]) -> str:
    body = [*(f"D {quad} ." for quad in sorted(gone)), *(f"A {quad} ." for quad in sorted(come))]
    name = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([base, *body]))
    return "\n".join([f"H id <urn:uuid:{name}> .", "TX .", *body, "TC ."])


def _quads(dataset: Dataset, *, dumped: bool = False) -> set[str]:
    left_out = dataset.shapes_graph if dumped else dataset.inferred_graph
    apart = {left_out} if dataset.base else set()
    return {
        f"{triple.subject} {triple.predicate} {triple.object} {f'<{name}>' if name else ''}".rstrip()
        for name in dataset.graphs
        if name not in apart
        for triple in dataset.triples(name)
    }
