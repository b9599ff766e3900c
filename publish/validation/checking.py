"""One check of a data set: what no shape can say, beside an engine that judges by its shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeAlias, TypeVar

from publish.dataset import Dataset
from publish.validation import blocks, wellformedness
from publish.validation.engines import DataGraph, Engine, Refusal, Result, complaint, judging
from publish.validation.findings import Finding, together
from publish.validation.locating import Locating
from publish.validation.shapes import Shapes

_T = TypeVar("_T")
_Judged: TypeAlias = tuple[tuple[str, ...], Callable[[], list[Result]]]
_MANY = 4_000
"""From how many triples on graphs are judged while something else is done.

Fewer take less time than a thread waits for Python's lock before and after.
"""


def check(dataset: Dataset, *, engine: Engine = "compiled") -> list[Finding]:
    """Give what is wrong, sorted by file and line; what was derived is not looked at."""
    with begin(dataset, engine=engine) as found:
        return found()


@contextmanager
def begin(
    dataset: Dataset, *, engine: Engine = "compiled"
) -> Iterator[Callable[[], list[Finding]]]:
    """Begin a check, whose findings are given when they are asked for.

    The compiled engine leaves Python to others while it judges: what else is to be done is best
    done meanwhile, one thing after another.
    """
    with ThreadPoolExecutor(1) as pool:
        shapes = Shapes(dataset)
        broken = {*wellformedness.absent(shapes)} or {*wellformedness.ill_formed(shapes)}
        judged = [] if broken else list(_judged(shapes, engine, pool))
        refused = _begin(pool, partial(complaint, shapes.triples))

        def found() -> list[Finding]:
            told = broken | {*blocks.scattered(dataset), *blocks.typed_twice(dataset)}
            told |= {*blocks.unread(dataset), *blocks.empty(dataset), *blocks.repeated(dataset)}
            reason = "" if broken else refused()
            if reason:
                told |= {*wellformedness.refused(shapes, reason)}
            elif not broken:
                applied = wellformedness.applied(shapes)
                told |= {*wellformedness.idle(shapes), *wellformedness.speechless(shapes, applied)}
                told |= {*wellformedness.unused(shapes, applied)}
                told |= {*_findings(shapes, engine, judged)}
            return sorted(
                together(told), key=lambda f: (f.path, f.line, f.focus, f.message, f.value)
            )

        yield found


def _judged(shapes: Shapes, engine: Engine, pool: Executor) -> Iterator[_Judged]:
    """Give for each set of graphs what an engine says, once that is asked for.

    The compiled engine begins at once with what takes it time, which is given last; the reference
    holds up whatever else is done in Python.
    """
    begun: list[_Judged] = []
    for run in shapes.runs():
        judge = judging(shapes.dataset, run.shapes, engine)
        for graphs in run.graphs:
            data = DataGraph(shapes.dataset, graphs)
            if engine == "compiled" and data.size >= _MANY:
                begun.append((graphs, _begin(pool, partial(judge, data))))
            else:
                yield graphs, partial(judge, data)
    # What waits longest for its turn is asked for first, and then done by whoever asks.
    yield from reversed(begun)


def _begin(pool: Executor, work: Callable[[], _T]) -> Callable[[], _T]:
    """Have a work done; what nobody has begun when it is asked for is done by whoever asks."""
    begun = pool.submit(work)
    return lambda: work() if begun.cancel() else begun.result()


def _findings(shapes: Shapes, engine: Engine, judged: Iterable[_Judged]) -> Iterator[Finding]:
    for graphs, results in judged:
        locate = Locating(shapes, graphs)
        try:
            yield from map(locate.finding, results())
        except Refusal as refusal:
            data = DataGraph(shapes.dataset, graphs)
            yield from wellformedness.unfit(shapes, refusal, data, engine)
