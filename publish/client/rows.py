"""The rows of an answer, for programs, for pandas and for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

if TYPE_CHECKING:
    import pandas

from publish.client.values import IRI, Text, Value

_SHOWN = 50
"""How many rows a notebook shows."""
SAFE = ("http://", "https://")


class Row(tuple[Any, ...]):
    """One row: values by place, by `row["name"]` or by `row.name`; `None` where unbound."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, key: Any) -> Any:
        """Give a value by place or by name; raise `KeyError` for a name that there is not."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self._fields:
            raise KeyError(key)
        return super().__getitem__(self._fields.index(key))

    def __getattr__(self, name: str) -> Any:
        """Give a value by name."""
        if name in self._fields:
            return self[name]
        raise AttributeError(f"the row has no `{name}`; it has {', '.join(self._fields)}")

    def keys(self) -> tuple[str, ...]:
        """Give the names, so that `dict(row)` is a dictionary."""
        return self._fields

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"Row({', '.join(said)})"


class Rows(Sequence[Row]):
    """The rows of an answer, in its order; `pandas.DataFrame(rows)` takes them as they are."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.columns = tuple(columns)
        kind = type("Row", (Row,), {"_fields": self.columns, "__slots__": ()})
        self._rows: tuple[Row, ...] = tuple(map(kind, rows))

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> Rows: ...
    def __getitem__(self, key: int | slice) -> Row | Rows:
        """Give one row, or some of them."""
        if isinstance(key, slice):
            return Rows(self.columns, self._rows[key])
        return self._rows[key]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        return (self.columns, self._rows) == (other.columns, other._rows)

    def __hash__(self) -> int:
        return hash((self.columns, self._rows))

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def to_pandas(self) -> pandas.DataFrame:
        """Give a data frame with a column for each variable, also where there is no row."""
        import pandas

        return pandas.DataFrame([tuple(row) for row in self], columns=list(self.columns))

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(value)}</td>' for value in row)}</tr>\n"
            for row in self._rows[:_SHOWN]
        )
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        said = count if len(self) <= _SHOWN else f"the first {_SHOWN} of {count}"
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n<p>{said}</p>"


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    text = escape(str(value))
    if isinstance(value, IRI) and value.startswith(SAFE):
        return f'<a href="{text}">{text}</a>'
    if isinstance(value, Text):
        return f'<span lang="{escape(value.language)}">{text}</span>'
    return text
