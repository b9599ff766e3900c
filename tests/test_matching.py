"""Words and the texts that hold them: case, accents, endings and slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import matching


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wilhelm Conrad Röntgen", ["wilhelm", "conrad", "rontgen"]),
        ("RO\u0308NTGEN", ["rontgen"]),
        ("Straße, Fußnote 15", ["strasse", "fussnote", "15"]),
        (
            "self-valorization (auto_valorizzazione)",
            ["self", "valorization", "auto", "valorizzazione"],
        ),
        ("Πόλεμος", ["πολεμοσ"]),
        ("جغري بيك", ["جغری", "بیک"]),
        ("جغری\u200cبیک", ["جغری", "بیک"]),
        ("سلـجوق، مدرسة", ["سلجوق", "مدرسه"]),
        ("خان\u06c0 خانه\u0654", ["خانه", "خانه"]),
        ("شوال ۴۳۷ و ٤٣٨", ["شوال", "437", "و", "438"]),
        ("", []),
        ("... !", []),
    ],
)
def test_a_text_is_split_into_folded_words(text: str, words: list[str]) -> None:
    assert matching.words(text) == words


def test_each_word_must_begin_some_word() -> None:
    text = "Wilhelm Conrad Röntgen"
    assert matching.matches(text, matching.wanted("ront wilh"))
    assert matching.matches(text, matching.wanted("RÖNTGEN"))
    assert not matching.matches(text, matching.wanted("ront hertz"))
    assert not matching.matches(text, matching.wanted("ntgen"))
    assert not matching.matches(text, ())


def test_only_so_many_words_are_looked_for() -> None:
    assert len(matching.wanted(" ".join(f"word{n}" for n in range(100)))) == matching.MOST
    assert matching.wanted("one One ONE") == ("one",)


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("rontgem", {"rontgen", "hertz"}, ["rontgen"]),
        ("rnotgen", {"rontgen"}, ["rontgen"]),
        ("electromagnatisn", {"electromagnetism"}, ["electromagnetism"]),
        ("hertx", {"hertz", "herz"}, ["hertz"]),
        ("cat", {"car"}, []),
        ("rontgen", {"rontgen"}, []),
        ("rxntgxn", {"rontgen"}, []),
    ],
)
def test_a_slip_is_near_to_what_was_meant(word: str, known: set[str], found: list[str]) -> None:
    assert matching.slips(word, known) == found


def test_the_nearest_word_counts() -> None:
    sought = matching.wanted("rontgem")
    assert matching.likeness("Wilhelm Röntgen", matching.wanted("rontgen")) == 1
    assert 0.8 < matching.likeness("Wilhelm Röntgen", sought) < 1
    assert matching.likeness("Heinrich Hertz", sought) < 0.5
    assert matching.likeness("", sought) == 0


@given(st.text(), st.text())
def test_whatever_a_text_is_its_likeness_is_a_share(text: str, sought: str) -> None:
    assert 0 <= matching.likeness(text, matching.wanted(sought)) <= 1
    if matching.matches(text, matching.wanted(sought)):
        assert matching.likeness(text, matching.wanted(sought)) == 1


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Doe, Jane", "Jane Doe", "Jane Roe"),
        ("J. Doe", "Jane Doe", "Kim Doe"),
        ("JM Doe", "J. M. Doe", "Joe Doe"),
        ("Jane Deo", "Jane Doe", "Jane Smith"),
        ("Schmitt", "Anna Schmitt", "Anna Schmitz"),
        ("Jane Doe", "Jane Doe", "Doe Jane"),
        ("Rose 1988", "Rose 1988", "Rose 1989"),
        ("Schmitt", "Anna Schmitt", "The history of the house of Schmitt"),
    ],
)
def test_names_resemble_each_other_as_they_are_written(text: str, near: str, far: str) -> None:
    assert matching.resemblance(text, near) > matching.resemblance(text, far)


def test_one_year_is_no_slip_of_another() -> None:
    assert matching.slips("1988", {"1989"}) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_resemblance_is_a_share(one: str, other: str) -> None:
    assert 0 <= matching.resemblance(one, other) <= 1
