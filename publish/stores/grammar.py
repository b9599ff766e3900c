"""Where a query leaves the grammar of SPARQL, and what could have stood there.

The engine decides whether a query is legal; of an illegal one it says little that a reader can
use, because its parser goes back and forth. The grammar in `sparql.lark` is read from left to
right, so the first sign that fits nothing is the place, and the parser knows what would fit.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import lark

_GRAMMAR = Path(__file__).parent / "sparql.lark"
_KINDS = MappingProxyType(
    {
        "VAR": "a variable",
        "IRIREF": "an IRI",
        "PNAME_LN": "an IRI",
        "PNAME_NS": "an IRI",
        "STRING_LONG": "a text",
        "STRING_SHORT": "a text",
        "INTEGER": "a number",
        "DECIMAL": "a number",
        "DOUBLE": "a number",
        "INTEGER_SIGNED": "a number",
        "DECIMAL_SIGNED": "a number",
        "DOUBLE_SIGNED": "a number",
        "TRUE": "true or false",
        "FALSE": "true or false",
        "BLANK_NODE_LABEL": "a blank node",
        "ANON": "a blank node",
        "FUNCTION": "a function",
        "AGGREGATE": "a function",
        "COUNT": "a function",
        "GROUP_CONCAT": "a function",
        "LANG_DIR": "a language tag",
        "A": "`a`",
        "NIL": "`(`",
        "$END": "the end of the query",
    }
)
_ORDER = (
    *("a variable", "an IRI", "a text", "a number", "a function"),
    *("`{`", "`}`", "`(`", "`)`", "`]`", "`.`", "`,`", "`;`"),
)
"""What people write most, in the order in which it is named."""
_NOT_HERE = "SERVICE"
"""Legal, but refused by this service."""


@dataclass(frozen=True)
class Slip:
    """Where a text leaves the grammar, counted in characters, and what could stand there."""

    start: int
    expected: tuple[str, ...]


class Grammar:
    """The grammar, read and made into a parser when that is first needed.

    A worker can open no file: whoever forks it has read the grammar before.
    """

    @cached_property
    def source(self) -> str:
        """The grammar as it is written; the program that reads it is loaded too."""
        importlib.import_module("lark")
        return _GRAMMAR.read_text(encoding="utf-8")

    @cached_property
    def parser(self) -> lark.Lark:
        """The parser; making it takes a few tenths of a second."""
        import lark

        return lark.Lark(
            self.source,
            start="query",
            parser="lalr",
            maybe_placeholders=False,
            propagate_positions=True,
        )

    def slip(self, text: str) -> Slip | None:
        """Say where a query leaves the grammar; nothing where it does not."""
        import lark

        # Its methods have no types.
        reading: Any = self.parser.parse_interactive(text)
        start = len(text)
        try:
            reading.exhaust_lexer()
            reading.feed_eof()
        except lark.UnexpectedCharacters as error:
            start = error.pos_in_stream or 0
        except lark.UnexpectedToken as error:
            if error.token.type != "$END":
                start = error.token.start_pos or 0
        else:
            return None
        return Slip(start, tuple(_in_words(reading.accepts(), self.parser)))


def _in_words(terminals: Iterable[str], parser: lark.Lark) -> list[str]:
    """Name what could stand: first what people write most, then keywords, then other signs."""
    found = set(terminals) - {_NOT_HERE}
    if "PLUS" in found:
        # Behind a value, `+1` is an addition, whatever the tokens say.
        found = {name for name in found if not name.endswith("_SIGNED")}
    named = {_KINDS.get(name) or _spelled(name, parser) for name in found}

    def order(word: str) -> tuple[int, bool, str]:
        place = _ORDER.index(word) if word in _ORDER else len(_ORDER)
        return (place, word.startswith("`"), word)

    return sorted(named, key=order)


def _spelled(name: str, parser: lark.Lark) -> str:
    """Write a sign as it is, a keyword by its name."""
    pattern = parser.get_terminal(name).pattern
    return f"`{pattern.value}`" if pattern.type == "str" else name
