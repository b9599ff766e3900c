"""Splitting the names of people."""

from __future__ import annotations

import pytest

from publish import names
from publish.names import Name


@pytest.mark.parametrize(
    ("full", "others", "parts"),
    [
        ("Mariarosa Dalla Costa", ["Dalla Costa"], Name("Dalla Costa", "Mariarosa")),
        ("Wilhelm Conrad Röntgen", [], Name("Röntgen", "Wilhelm Conrad")),
        ("Ludwig van Beethoven", [], Name("Beethoven", "Ludwig", "van")),
        ("Ludwig van Beethoven", ["Beethoven"], Name("Beethoven", "Ludwig", "van")),
        ("Beethoven, Ludwig van", [], Name("Beethoven", "Ludwig van")),
        ("Martin Luther King, Jr.", ["King"], Name("King", "Martin Luther", "", "Jr.")),
        ("James Boggs Jr.", [], Name("Boggs", "James", "", "Jr.")),
        ("Пётр Кропоткин", [], Name("Кропоткин", "Пётр")),
        ("ناصر خسرو", [], Name("ناصر خسرو")),
        ("夏目 漱石", [], Name("夏目 漱石")),
        ("夏目, 漱石", [], Name("夏目", "漱石")),
        ("صادق هدایت", ["هدایت"], Name("هدایت", "صادق")),
        ("Crookes", ["Crookes"], Name("Crookes")),
        ("Anna Moss (pseudonym)", ["Moss"], Name("Anna Moss (pseudonym)")),
        ("Lewis, C. S. (Clive Staples)", [], Name("Lewis", "C. S. (Clive Staples)")),
        ("{Crookes\\", [], Name("Crookes")),
        ("a, b, c, d, e", [], Name("a, b, c, d, e")),
    ],
)
def test_a_name_is_split_where_its_family_name_begins(
    full: str, others: list[str], parts: Name
) -> None:
    assert names.split(full, others) == parts


def test_a_name_is_written_as_a_heading_and_as_it_is_spoken() -> None:
    name = Name("Beethoven", "Ludwig", "van")
    assert name.inverted == "Beethoven, Ludwig van"
    assert name.direct == "Ludwig van Beethoven"
    assert Name("King", "Martin Luther", "", "Jr.").inverted == "King, Martin Luther, Jr."


def test_the_fullest_form_has_all_words_of_the_preferred_one() -> None:
    others = ["Paul Avrich", "Avrich, Paul", "Awritsch Paul Peter"]
    assert names.fullest("Avrich", others) == "Paul Avrich"
    assert names.fullest("Paul Avrich", ["Avrich"]) == "Paul Avrich"


def test_a_text_becomes_one_line_that_xml_can_hold() -> None:
    assert names.clean("a\x00b\ufffe\n\tc ") == "a\ufffdb\ufffd c"
    assert names.clean("e\u0301") == "\u00e9"
