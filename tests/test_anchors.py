"""Passages are found again in copies that print the same words otherwise."""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import FOREIGN, RIVER, Runner

from publish import anchors, dataset, errors
from publish import namespaces as ns

FIRST = "A river that bends “twice” re-enters its own valley; so says Müller, the surveyor."
SECOND = "Self-made maps — his, mostly — show where the ferry of Haslach crossed it."
THIRD = "Nobody has since then drawn the lower meadows with the same care."

PREFIXES = """
@prefix fm: <https://w3id.org/folkmote#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix p: <https://example.org/river/id/passage/> .
@prefix m: <https://example.org/river/id/mention/> .
"""


def anchor(name: str, text: str, more: str = "") -> str:
    return (
        f'p:{name} rdfs:label "{name}" ; fm:letters {len(anchors.letters(text))} ; '
        f'fm:letterDigest "{anchors.digest(text)}" {more} .\n'
    )


def mention(name: str, passage: str, form: str) -> str:
    return f'm:{name} fm:inPassage p:{passage} ; fm:printedForm "{form}" .\n'


@pytest.fixture
def river(tmp_path: Path) -> dataset.Dataset:
    """Three passages; the second is broken by the end of a page after the word `show`."""
    head, tail = SECOND.split(" show ")
    triples = (
        PREFIXES
        + anchor("1", FIRST)
        + anchor("2", SECOND)
        + anchor("2-a", head + " show", "; dcterms:isPartOf p:2")
        + anchor("2-b", tail, "; dcterms:isPartOf p:2")
        + anchor("10", THIRD)
        + mention("mueller", "1", "Müller")
        + mention("valley", "1", "valley")
        + mention("haslach", "2", "Haslach")
        + mention("ferry", "2", "ferry")
        + mention("meadows", "10", "lower meadows")
    )
    for name in ("ontology", "shapes", "data/text"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "dataset.ttl").write_text(RIVER, encoding="utf-8")
    (tmp_path / "data" / "text" / "all.ttl").write_text(triples, encoding="utf-8")
    return dataset.load(tmp_path)


def states(river: dataset.Dataset, text: str) -> dict[str, str]:
    return {found.label: found.state for found in anchors.verify(river, text)}


@pytest.mark.parametrize("said", ["²", "12x", "-3", "9" * 5_000])
def test_what_is_no_number_of_letters_anchors_nothing(river: dataset.Dataset, said: str) -> None:
    eleven = ox.NamedNode("https://example.org/river/id/passage/11")
    fm = "https://w3id.org/folkmote#"
    wrong = [
        ox.Triple(eleven, ox.NamedNode(fm + "letters"), ox.Literal(said)),
        ox.Triple(eleven, ox.NamedNode(fm + "letterDigest"), ox.Literal(anchors.digest("ab"))),
    ]
    more = river.with_graph("urn:more", wrong)
    assert anchors.verify(more, FIRST) == anchors.verify(river, FIRST)


@pytest.mark.parametrize("said", ["²", "12x", "-3", "9" * 5_000])
def test_what_is_no_number_of_letters_places_nothing(river: dataset.Dataset, said: str) -> None:
    mention = ox.NamedNode("https://example.org/river/id/mention/mueller")
    before = ox.NamedNode("https://w3id.org/folkmote#lettersBefore")
    wrong = [ox.Triple(mention, before, ox.Literal(said))]
    text = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"
    more = river.with_graph("urn:more", wrong)
    assert anchors.verify(more, text) == anchors.verify(river, text)


def test_a_copy_with_the_same_words_matches(river: dataset.Dataset) -> None:
    found = anchors.verify(river, f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n")
    assert [(v.label, v.state, v.line, v.absent) for v in found] == [
        ("1", "matches", 1, ()),
        ("2", "matches", 3, ()),
        ("10", "matches", 5, ()),
    ]


@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: textwrap.fill(text, 30),
        lambda text: text.replace("“", '"').replace("”", '"').replace("—", "--"),
        lambda text: text.replace("meadows", "mea-\ndows").replace("re-enters", "reenters"),
        lambda text: text.replace("surveyor.", "surveyor.[^3] [p.7]").replace("care.", "care.12"),
        lambda text: text.replace("ü", "u\u0308"),
        lambda text: text.replace("ferry", "fer\u00adry").upper(),
        lambda text: text.replace("\n", "\r\n"),
    ],
    ids=["lines", "quotes", "hyphens", "marks", "decomposed", "soft hyphen", "CRLF"],
)
def test_how_a_copy_is_set_does_not_matter(river: dataset.Dataset, spelled) -> None:
    copy = spelled(f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n")
    assert set(states(river, copy).values()) == {"matches"}


def test_letters_that_copies_spell_in_two_ways_are_the_same(tmp_path: Path) -> None:
    text = "به سوی مرو رفتم\u200c و یکی را دیدم که کاتب بود."
    for name in ("ontology", "shapes", "data/text"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data/dataset.ttl").write_text(RIVER, encoding="utf-8")
    said = PREFIXES + anchor("1", text) + mention("one", "1", "یکی")
    (tmp_path / "data/text/all.ttl").write_text(said, encoding="utf-8")
    data = dataset.load(tmp_path)
    other = text.replace("ی", "\u064a").replace("\u200c", "")
    for copy in (text, other, other.replace("ک", "\u0643")):
        (found,) = anchors.verify(data, copy)
        assert (found.state, found.absent) == ("matches", ())
    (found,) = anchors.verify(data, other.replace("مرو", "بلخ"))
    assert found.state == "drifted"


def test_pages_in_another_order_are_found_by_the_pieces(river: dataset.Dataset) -> None:
    head, tail = SECOND.split(" show ")
    found = anchors.verify(river, f"{tail}\n{THIRD}\n\n{FIRST}\n{head} show\n")
    assert [(v.label, v.state, v.line, v.pieces) for v in found] == [
        ("1", "matches", 4, 1),
        ("2", "matches", 5, 2),
        ("10", "matches", 2, 1),
    ]


def test_a_changed_passage_drifted_and_a_lost_one_is_missing(river: dataset.Dataset) -> None:
    changed = FIRST.replace("twice", "thrice")
    found = anchors.verify(river, f"\n{changed}\n\n{SECOND}\n")
    assert [(v.label, v.state, v.line) for v in found] == [
        ("1", "drifted", 2),
        ("2", "matches", 4),
        ("10", "missing", None),
    ]


def test_a_passage_of_whose_forms_most_are_gone_is_missing(river: dataset.Dataset) -> None:
    more = [
        ox.Triple(ox.NamedNode(f"urn:{form}"), ox.NamedNode(ns.FM + property_), value)
        for form in ("meadows", "drawn", "Nobody")
        for property_, value in (
            ("inPassage", ox.NamedNode("https://example.org/river/id/passage/10")),
            ("printedForm", ox.Literal(form)),
        )
    ]
    passage = anchors.verify(river.with_graph("urn:more", more), "Where meadows were.\n")[-1]
    assert (passage.label, passage.state) == ("10", "missing")
    assert (passage.line, passage.absent) == (None, ())


def test_the_forms_that_a_drifted_passage_lost_are_named(river: dataset.Dataset) -> None:
    changed = FIRST.replace("valley", "gorge")
    (found, *_) = anchors.verify(river, f"{changed}\n{SECOND}\n{THIRD}")
    assert (found.state, found.absent) == ("drifted", ("valley",))


def test_a_form_that_does_not_stand_in_its_passage_is_named(
    tmp_path: Path, river: dataset.Dataset
) -> None:
    wrong = PREFIXES + mention("wrong", "10", "ferry")
    (tmp_path / "data" / "text" / "wrong.ttl").write_text(wrong, encoding="utf-8")
    found = anchors.verify(dataset.load(tmp_path), f"{FIRST}\n{SECOND}\n{THIRD}")
    assert {v.label: v.absent for v in found} == {"1": (), "2": (), "10": ("ferry",)}


YEARS = "The ferry of 1712 was sold in 1745 (Ott 1899, p. 36)."
NOTE = "See Ott 1901."


@pytest.fixture
def ferry(tmp_path: Path) -> dataset.Dataset:
    """A passage with figures, and a note of few letters that stand in the passage as well."""
    places = {"1712": (10,), "1745": (19,), "Ott 1899, p. 36": (19,), "ferry": (3,)}
    said = "".join(
        f'm:{n} fm:inPassage p:1 ; fm:printedForm "{form}" ; fm:lettersBefore {before[0]} .\n'
        for n, (form, before) in enumerate(places.items())
    )
    triples = (
        PREFIXES + anchor("1", YEARS) + anchor("2", NOTE) + said + mention("n", "2", "Ott 1901")
    )
    for name in ("ontology", "shapes", "data/text"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "dataset.ttl").write_text(RIVER, encoding="utf-8")
    (tmp_path / "data" / "text" / "all.ttl").write_text(triples, encoding="utf-8")
    return dataset.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        f"{YEARS}\n{NOTE}",
        "2\nSee Ott 1899.\nSee Ott 1901.\n" + YEARS,
        YEARS.replace("Ott 1899, p.", "Ott 18-\n99,\n   117\np.") + "\n" + NOTE,
        YEARS.replace("1712", "1712\u00b9").replace("was", "was\n\n12\n\n") + "\n" + NOTE.upper(),
    ],
    ids=["as it is", "the letters of a note elsewhere", "broken by a page", "numbers around"],
)
def test_the_figures_of_a_copy_are_found_however_it_is_set(
    ferry: dataset.Dataset, text: str
) -> None:
    assert [(v.state, v.absent) for v in anchors.verify(ferry, text)] == [("matches", ())] * 2


@pytest.mark.parametrize(
    ("old", "new", "absent"),
    [
        ("1745", "1746", ("1745",)),
        ("1712", "1172", ("1712",)),
        ("p. 36", "p. 367", ("Ott 1899, p. 36",)),
        ("Ott 1899", "Ott 1898", ("Ott 1899, p. 36",)),
    ],
)
def test_a_passage_with_another_figure_drifted(
    ferry: dataset.Dataset, old: str, new: str, absent: tuple[str, ...]
) -> None:
    found, note = anchors.verify(ferry, f"{YEARS.replace(old, new)}\n{NOTE}")
    assert (found.state, found.absent, note.state) == ("drifted", absent, "matches")


def test_a_form_that_stands_elsewhere_in_its_passage_is_named_with_its_place(
    tmp_path: Path, river: dataset.Dataset
) -> None:
    wrong = PREFIXES + mention("wrong", "1", "bends").replace(" .", " ; fm:lettersBefore 3 .")
    (tmp_path / "data" / "text" / "wrong.ttl").write_text(wrong, encoding="utf-8")
    (found, *_) = anchors.verify(dataset.load(tmp_path), f"{FIRST}\n{SECOND}\n{THIRD}")
    assert (found.state, found.absent) == ("matches", ("bends (after 3 letters)",))


def test_the_places_of_the_forms_are_told(river: dataset.Dataset) -> None:
    head, tail = SECOND.split(" show ")
    told = [*anchors.places(river, f"{tail}\n{FIRST}\n{head} show\n")]
    assert told == [
        ("1", "Müller", (46,)),
        ("1", "valley", (34,)),
        ("2", "Haslach", (40,)),
        ("2", "ferry", (33,)),
    ]


def test_an_empty_copy_misses_everything(river: dataset.Dataset) -> None:
    assert set(states(river, "").values()) == {"missing"}


def test_a_data_set_without_anchors_is_told_so(tmp_path: Path) -> None:
    for name in ("ontology", "shapes", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "dataset.ttl").write_text(RIVER, encoding="utf-8")
    with pytest.raises(errors.DescriptionError, match="anchors no passage"):
        anchors.verify(dataset.load(tmp_path), FIRST)


def test_a_text_in_the_public_domain_is_found_by_properties_of_another_name() -> None:
    (found,) = anchors.verify(
        dataset.load(FOREIGN), (FOREIGN / "text.md").read_text(encoding="utf-8")
    )
    assert (found.state, found.line) == ("matches", 7)


# --- the essay, where a reader has it ----------------------------------------------------------


@pytest.fixture(scope="module")
def copy() -> str:
    place = os.environ.get("FOLKMOTE_TEXT")
    if not place:
        pytest.skip("FOLKMOTE_TEXT is unset: no copy of the essay to compare the data with")
    return Path(place).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def essay() -> dataset.Dataset:
    return dataset.load(dataset.shipped())


def test_each_passage_of_the_essay_and_each_printed_form_stands_in_it(
    essay: dataset.Dataset, copy: str
) -> None:
    found = anchors.verify(essay, copy)
    assert len(found) == 62
    assert [v for v in found if v.state != "matches" or v.absent] == []


def test_the_essay_is_found_in_the_order_of_its_pages(essay: dataset.Dataset, copy: str) -> None:
    body, _, notes = copy.partition("\n[^1]:")
    first, *rest = re.split(r"(?=\[p\.\d+\])", body)
    pages = [first, *rest]
    booklet = "\n\n".join([*pages[1::2], *pages[::2]]) + "\n[^1]:" + notes
    found = anchors.verify(essay, booklet)
    assert [v.label for v in found if v.state != "matches"] == []
    assert any(v.pieces > 1 for v in found)


def test_one_wrong_word_is_noticed(essay: dataset.Dataset, copy: str) -> None:
    place = copy.index("(2.6)")
    changed = copy[:place] + copy[place:].replace(" the ", " a ", 1)
    assert [v.state for v in anchors.verify(essay, changed) if v.state != "matches"] == ["drifted"]


@pytest.mark.parametrize(
    ("old", "new", "passage"),
    [
        ("any time since 1917", "any time since 1918", "1.2"),
        ("pp. 184\N{EN DASH}205", "pp. 184\N{EN DASH}206", "8"),
    ],
)
def test_one_wrong_figure_is_noticed(
    essay: dataset.Dataset, copy: str, old: str, new: str, passage: str
) -> None:
    assert old in copy
    changed = copy.replace(old, new, 1)
    drifted = [v.label for v in anchors.verify(essay, changed) if v.state != "matches"]
    assert [label.split()[-1] for label in drifted] == [passage]


def test_a_word_that_does_not_stand_in_its_passage_is_named(
    essay: dataset.Dataset, copy: str
) -> None:
    ksv, base = "https://w3id.org/ksv/ontology#", "https://w3id.org/ksv/id/"
    mention = ox.NamedNode(base + "mention/planted")
    planted = [
        ox.Triple(mention, ox.NamedNode(ksv + "inPassage"), ox.NamedNode(base + "passage/1.2")),
        ox.Triple(mention, ox.NamedNode(ksv + "form"), ox.Literal("mutual aid", language="en")),
    ]
    graph = f"{essay.base}graph/essay"
    wrong = essay.with_graph(graph, [*essay.triples(graph), *planted])
    told = [(v.label, v.state, v.absent) for v in anchors.verify(wrong, copy) if v.absent]
    assert told == [("Paragraph 1.2", "matches", ("mutual aid",))]


def test_each_mention_and_each_pointer_of_the_essay_has_its_places(
    essay: dataset.Dataset, copy: str
) -> None:
    ksv = "https://w3id.org/ksv/ontology#"
    said = [t for t in essay.union() if t.predicate.value.startswith(ksv)]
    placed = {t.subject for t in said if t.predicate.value == ksv + "lettersBefore"}
    printed = {t.subject for t in said if t.predicate.value in (ksv + "form", ksv + "pointerText")}
    assert printed - placed == set()
    assert len(placed) > 900


# --- the command ---------------------------------------------------------------------------------


def test_the_command_tells_each_passage_and_fails_where_one_is_missing(
    tmp_path: Path, run: Runner
) -> None:
    found = run("verify-anchors", FOREIGN / "text.md", FOREIGN)
    assert (found.returncode, found.stdout.splitlines()[-1]) == (
        0,
        "1 matches, 0 drifted, 0 missing",
    )
    other = tmp_path / "other.txt"
    other.write_text("Nothing of it.", encoding="utf-8")
    missing = run("verify-anchors", other, FOREIGN)
    assert missing.returncode == 1
    told = re.match(r"missing +.* described in (data/text/abschnitte\.ttl):(\d+)\n", missing.stdout)
    assert told
    block = (FOREIGN / told[1]).read_text(encoding="utf-8").splitlines()[int(told[2]) - 2 :]
    assert block[0].startswith("abschnitt:")
    assert "strahlen" not in missing.stdout, "no IRI where file and line are known"


@pytest.mark.usefixtures("river")
def test_the_command_tells_where_the_record_stands_whose_form_is_not_there(
    tmp_path: Path, run: Runner
) -> None:
    text = tmp_path / "copy.txt"
    text.write_text(FIRST.replace("valley", "plain"), encoding="utf-8")
    told = run("verify-anchors", text, tmp_path).stdout
    found = re.search(r"drifted .*; not there: valley \((\S+\.ttl):(\d+)\)", told)
    assert found, told
    line = (tmp_path / found[1]).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
    assert "ment" in line or "valley" in line


@pytest.mark.usefixtures("river")
def test_the_command_tells_where_the_forms_stand(tmp_path: Path, run: Runner) -> None:
    text = tmp_path / "copy.txt"
    text.write_text(f"{FIRST}\n", encoding="utf-8")
    told = run("verify-anchors", text, tmp_path, "--places")
    assert (told.returncode, told.stdout.splitlines()) == (0, ["1  Müller: 46", "1  valley: 34"])


def test_the_command_says_what_it_cannot_read(tmp_path: Path, run: Runner) -> None:
    lost = run("verify-anchors", tmp_path / "lost.txt", FOREIGN)
    assert (lost.returncode, lost.stdout) == (3, "")
    assert "lost.txt" in lost.stderr
    binary = tmp_path / "copy.pdf"
    binary.write_bytes(b"%PDF\xff\xfe")
    assert "is not UTF-8" in run("verify-anchors", binary, FOREIGN).stderr
