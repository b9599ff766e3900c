"""Tables of figures, each the median of what was noted, with ratios to the first column's server."""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Mapping


class Table:
    """Figures by row and column; several of one place count as their median."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._noted: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._load = os.getloadavg()[0]

    def note(self, row: str, column: str, value: float) -> None:
        """Note a figure."""
        self._noted[row][column].append(value)

    def rows(self) -> Mapping[str, Mapping[str, float]]:
        """Give the medians."""
        return {
            row: {column: statistics.median(values) for column, values in columns.items()}
            for row, columns in self._noted.items()
        }

    def print(self, first: str = "", *, inverse: bool = False) -> None:
        """Print as Markdown; `first` is the column that the others are compared with.

        A ratio is `first` through the other, the other way round where `inverse`, so that of
        latencies and of throughputs alike a figure above 1 is in favour of the first.
        """
        rows = self.rows()
        columns = list(dict.fromkeys(column for values in rows.values() for column in values))
        others = [column for column in columns if first and column != first]
        print(f"\n### {self._title}\n")
        heads = ["", *columns, *(f"{first} : {other}" for other in others)]
        print(f"| {' | '.join(heads)} |")
        print(f"|{'---|' * len(heads)}")
        for row, values in rows.items():
            cells = [_spelled(values.get(column)) for column in columns]
            cells += [_ratio(values, first, other, inverse=inverse) for other in others]
            print(f"| {' | '.join([row, *cells])} |")
        print(
            f"\nLoad average {self._load:.1f} before, {os.getloadavg()[0]:.1f} after.", flush=True
        )


def _ratio(values: Mapping[str, float], first: str, other: str, *, inverse: bool) -> str:
    if first not in values or other not in values:
        return ""
    top, bottom = (other, first) if inverse else (first, other)
    return f"{values[top] / values[bottom]:.2f}" if values[bottom] else ""


def _spelled(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
