"""What a reader wants of the rows of an answer."""

from __future__ import annotations

import pytest

from publish import errors, tables
from publish.tables import Condition, Wish

SAID = {
    "head": {"vars": ["who", "year"]},
    "results": {
        "bindings": [
            {"who": {"type": "uri", "value": "urn:a"}, "year": {"type": "literal", "value": "9"}},
            {"who": {"type": "uri", "value": "urn:b"}, "year": {"type": "literal", "value": "10"}},
            {"who": {"type": "literal", "value": "Émile"}},
        ]
    },
}


def words(iri: str) -> str:
    return {"urn:a": "Zoé", "urn:b": "Anna"}[iri]


def chosen(*conditions: Condition, order=(), **how) -> list[str]:
    table = tables.cut(SAID, Wish(conditions, order, **how), words)
    return [row["who"]["value"] for row in table.rows]


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (Condition("year", "is", "9.0"), ["urn:a"]),
        (Condition("year", "is", ""), ["Émile"]),
        (Condition("who", "is", "urn:b"), ["urn:b"]),
        (Condition("year", "not", "9"), ["urn:b", "Émile"]),
        (Condition("who", "has", "ZOE"), ["urn:a"]),
        (Condition("who", "has", "emile"), ["Émile"]),
        (Condition("year", "from", "9.5"), ["urn:b"]),
        (Condition("year", "to", "9"), ["urn:a"]),
    ],
)
def test_a_condition_leaves_out_the_other_rows(condition: Condition, left: list[str]) -> None:
    assert chosen(condition) == left


def test_numbers_are_sorted_by_size_things_by_label_and_what_has_no_value_comes_last() -> None:
    assert chosen(order=(("year", False),)) == ["urn:a", "urn:b", "Émile"]
    assert chosen(order=(("year", True),)) == ["urn:b", "urn:a", "Émile"]
    assert chosen(order=(("who", False),)) == ["urn:b", "Émile", "urn:a"]


def test_pages_are_counted_and_cut() -> None:
    table = tables.cut(SAID, Wish(size=2, page=2), words)
    assert (len(table.rows), table.total, table.last) == (1, 3, 2)
    assert not tables.cut(SAID, Wish(size=2, page=9), words).rows


def test_a_column_that_the_answer_has_not_is_named() -> None:
    with pytest.raises(errors.ParameterError, match=r"no column `when`.*who, year") as caught:
        chosen(Condition("when", "is", "1"))
    assert caught.value.name == "when"


def test_a_number_of_many_digits_takes_no_time() -> None:
    assert chosen(Condition("year", "from", "9" * 100_000)) == []
