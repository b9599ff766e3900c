"""One check of a data set: what no shape can say, then its shapes, several of them at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from publish.dataset import Dataset
from publish.validation import blocks, wellformedness
from publish.validation.engines import DataGraph, Engine, Refusal, Result, complaint, judging
from publish.validation.findings import Finding
from publish.validation.locating import Locating
from publish.validation.shapes import Shapes

_Judged: TypeAlias = tuple[tuple[str, ...], Callable[[], list[Result]]]
_MOST_AT_ONCE = 4
"""How many times the data are in memory at most, once for each engine at work."""


def check(dataset: Dataset, *, engine: Engine = "compiled") -> list[Finding]:
    """Give what is wrong, sorted by file and line; what was derived is not looked at."""
    shapes = Shapes(dataset)
    broken = {*wellformedness.absent(shapes)} or {*wellformedness.ill_formed(shapes)}
    found = set(broken)
    # The compiled engine leaves the processor's other cores to others: it judges by one part of
    # the shapes beside the next, and beside what is looked for here.
    at_once = min(os.cpu_count() or 1, _MOST_AT_ONCE)
    with ThreadPoolExecutor(at_once) as pool:
        judged = [] if broken else list(_judged(shapes, engine, at_once, pool))
        refused = pool.submit(complaint, shapes.triples)
        found |= {*blocks.scattered(dataset), *blocks.typed_twice(dataset)}
        found |= {*blocks.unread(dataset)}
        if not broken and refused.result():
            broken = {*wellformedness.refused(shapes, refused.result())}
            found |= broken
        if not broken:
            found |= {*_findings(shapes, engine, judged), *wellformedness.idle(shapes)}
    return sorted(found, key=lambda one: (one.path, one.line, one.focus, one.message, one.value))


def _judged(shapes: Shapes, engine: Engine, at_once: int, pool: Executor) -> Iterator[_Judged]:
    """Give for each set of graphs what an engine says, once that is asked for.

    The compiled engine begins at once; the reference holds up whatever else is done in Python.
    """
    for run in shapes.runs(at_once if engine == "compiled" else 1):
        judges = [judging(shapes.dataset, part, engine) for part in run.shapes]
        for graphs in run.graphs:
            data = DataGraph(shapes.dataset, graphs)  # gone, with its text, when it is judged
            for judge in judges:
                if engine == "compiled":
                    yield graphs, pool.submit(judge, data).result
                else:
                    yield graphs, partial(judge, data)


def _findings(shapes: Shapes, engine: Engine, judged: Iterable[_Judged]) -> Iterator[Finding]:
    for graphs, results in judged:
        locate = Locating(shapes, graphs)
        try:
            yield from map(locate.finding, results())
        except Refusal as refusal:
            data = DataGraph(shapes.dataset, graphs)
            yield from wellformedness.unfit(shapes, refusal, data, engine)
