"""Laying out changes no statement, loses no comment in silence, and leaves no half-written file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Runner
from hypothesis import given, settings
from hypothesis import strategies as st

from publish import errors, formatting, turtle

MESSY = """# What this file holds.
#   In two lines.

@prefix ex: <http://example.org/> .
@prefix unused: <http://example.org/unused#> .
ex:b ex:p "a # in a text", 'and # in another' ; a ex:Thing . # behind a statement
<http://example.org/a#x> ex:q 1.50, \"\"\"long
# inside "quotes\" \"\"\" .
# at the end"""
TIDY = """# What this file holds.
#   In two lines.
@prefix ex: <http://example.org/> .

<http://example.org/a#x>
  ex:q 1.50 ;
  ex:q \"\"\"long
# inside "quotes" \"\"\" .

ex:b
  a ex:Thing ;
  ex:p "a # in a text" ;
  ex:p "and # in another" .
"""


def laid_out(text: str) -> formatting.Layout:
    return formatting.layout(text.encode(), "data/x.ttl")


# --- the form


def test_a_file_is_laid_out_and_its_comments_are_told_apart_from_its_texts() -> None:
    found = laid_out(MESSY)
    assert found.after.decode() == TIDY
    assert found.lost == (
        formatting.Comment(6, "# behind a statement"),
        formatting.Comment(9, "# at the end"),
    )


def test_laying_out_twice_changes_nothing_more() -> None:
    again = laid_out(TIDY)
    assert again.canonical
    assert again.lost == ()


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_become_those_of_the_form(ends: str) -> None:
    text = "# top\n@prefix ex: <http://example.org/> .\nex:a ex:p 1 .\n".replace("\n", ends)
    expected = "# top\n@prefix ex: <http://example.org/> .\n\nex:a\n  ex:p 1 .\n"
    assert laid_out(text).after.decode() == expected


def test_a_byte_order_mark_and_a_base_are_not_needed_afterwards() -> None:
    text = "\ufeff@base <http://example.org/> .\n<a> <p> <#b> .\n"
    expected = "<http://example.org/a>\n  <http://example.org/p> <http://example.org/#b> .\n"
    assert laid_out(text).after.decode() == expected


def test_a_quote_or_a_number_sign_in_a_name_is_taken_for_neither_text_nor_comment() -> None:
    found = laid_out(
        "@prefix ex: <http://example.org/> .\n"
        "ex:O\\'Neil ex:no\\#2 1 . # it's told\n"
        "ex:O\\'Brien ex:p 2 .\n"
    )
    assert found.lost == (formatting.Comment(2, "# it's told"),)


PIECES = st.lists(
    st.sampled_from(
        [
            *("#", "'", '"', "\\\\", '\\"', "\\'", "<", ">", " ", "x", "é", "\\u0023"),
            *("\n", "''", '""'),
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES, st.sampled_from(['"""', "'''"]), PIECES.map(lambda text: text.replace("\n", " ")))
def test_no_text_is_taken_for_a_comment_and_no_comment_for_a_text(
    text: str, quote: str, comment: str
) -> None:
    source = f"<http://e/s> <http://e/p> {quote}{text}{quote} . #{comment}\n"
    try:
        before = {triple for triple, _ in turtle.parse(source.encode(), "x").triples}
    except errors.TurtleError:
        return
    (comment_found,) = laid_out(source).lost if len(before) == 1 else laid_out(source).lost[-1:]
    assert comment_found.text == f"#{comment}".rstrip()


def test_long_lists_are_proved_in_a_moment() -> None:
    items = " ".join(f'"{number}"' for number in range(3_000))
    assert laid_out(f"<http://e/s> <http://e/p> ( {items} ) .").after


def test_a_form_that_changed_the_data_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = turtle.write
    monkeypatch.setattr(turtle, "write", lambda *given: real(*given).replace("1.50", "1.5"))
    with pytest.raises(errors.TurtleError, match=r"data/x\.ttl: laying out would change the data"):
        laid_out("<http://e/s> <http://e/p> 1.50 .")


# --- the command


def spoiled(folder: Path, text: str = "") -> Path:
    path = folder / "data/text/plants.ttl"
    tidy = path.read_text(encoding="utf-8")
    path.write_text(text or tidy.replace(" ;\n  ", "; "), encoding="utf-8")
    return path


def test_a_folder_is_laid_out(run: Runner, folder: Path) -> None:
    path = folder / "data/text/plants.ttl"
    tidy = path.read_bytes()
    spoiled(folder)
    path.chmod(0o640)
    looked = run("format", "--check", folder)
    assert (looked.returncode, looked.stderr) == (1, "")
    assert looked.stdout.startswith(f"would change {path}\n")
    assert path.read_bytes() != tidy
    done = run("format", folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"laid out {path}")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (tidy, 0o640)
    assert run("format", "--check", folder).returncode == 0


def test_a_comment_is_lost_only_by_who_asks_for_it(run: Runner, folder: Path) -> None:
    path = spoiled(folder)
    before = path.read_text(encoding="utf-8") + "# a thought\n"
    path.write_text(before, encoding="utf-8")
    line = before.count("\n")
    refused = run("format", folder)
    assert refused.returncode == 1
    assert f"{path}:{line}: this comment would be lost: # a thought; move it" in refused.stderr
    assert path.read_text(encoding="utf-8") == before
    assert run("format", "--drop-comments", folder).returncode == 0
    assert "a thought" not in path.read_text(encoding="utf-8")


def test_all_broken_files_are_named_and_none_is_written(run: Runner, folder: Path) -> None:
    path = spoiled(folder)
    before = path.read_bytes()
    for name in ("one", "two"):
        (folder / f"data/text/{name}.ttl").write_text("no turtle", encoding="utf-8")
    done = run("format", folder)
    assert done.returncode == 3
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["folkmote", "folkmote"]
    assert "data/text/one.ttl:1:1" in done.stderr
    assert "data/text/two.ttl:1:1" in done.stderr
    assert path.read_bytes() == before


def test_what_fails_in_the_middle_leaves_the_file_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publish.cli.format import format as lay_out

    path = spoiled(folder)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(
        errors.OutputError, match=r"cannot write .*plants\.ttl`: no space left on device; mend that"
    ):
        lay_out(folder)
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir() if one.name.startswith(".")) == []
