"""A new data set is sound at once, wholly the maker's own, and written whole or not at all."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from conftest import Runner

from publish import anchors, dataset, errors, formatting, starter, validation, vocabulary
from publish import namespaces as ns

WISH = starter.Wish(
    title='Brieven "1900" \\ & <co>',
    base="https://example.net/brieven/",
    prefix="brieven",
    creator='Het "archief"',
    licence="CC-BY-4.0",
    language="nl",
    day=date(2026, 2, 3),
)
GIVEN = ("--title", "Letters", "--base", "https://example.net/x/", "--creator", "Us")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    for path, content in starter.files(WISH).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_it_keeps_its_own_rules(made: Path, engine: validation.Engine) -> None:
    data = dataset.load(made)
    assert validation.check(data, engine=engine) == []
    found = vocabulary.check(data).findings
    assert [one for one in found if one.severity != "info"] == []


def test_its_files_are_in_order(made: Path) -> None:
    found = list(formatting.layouts(dataset.source_files(made)))
    assert len(found) > 20
    assert [one.path for one in found if not one.canonical] == []


def test_it_is_wholly_what_was_asked_for(made: Path) -> None:
    data = dataset.load(made)
    about = data.description
    assert about is not None
    assert (about.title, about.base, about.prefix) == (WISH.title, WISH.base, WISH.prefix)
    assert (about.modified, about.languages) == ("2026-02-03", ("nl",))
    assert about.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert WISH.title in (made / "README.md").read_text(encoding="utf-8")
    for path, content in starter.files(WISH).items():
        assert b"example.org" not in content, path


def test_its_passages_are_found_in_its_text(made: Path) -> None:
    text = (made / "text.md").read_text(encoding="utf-8")
    found = anchors.verify(dataset.load(made), text)
    assert [(one.state, one.absent) for one in found] == [("matches", ())] * 3


def test_its_terms_play_the_roles_that_pages_and_pictures_ask_for(made: Path) -> None:
    roles = (
        *(ns.NUMBER, ns.READING_ORDER, ns.TIMES, ns.IN_PASSAGE, ns.PRINTED_FORM),
        *(ns.HOLDER, ns.TOWARDS, ns.ATTITUDE, ns.EVIDENCE, ns.BASIS),
    )
    data = dataset.load(made)
    below = data.below(roles, ns.RDFS + "subPropertyOf")
    said = {triple.predicate.value for triple in data.union()}
    assert [role for role in roles if said.isdisjoint(below[role])] == []


def test_each_kind_of_record_has_an_example(made: Path) -> None:
    kinds = {
        one.split("/")[5]
        for one in map(str, (t.subject for t in dataset.load(made).union()))
        if one.startswith("<https://example.net/brieven/id/")
    }
    assert kinds >= {
        *("citation", "claim", "concept", "edition", "event", "group"),
        *("mention", "passage", "person", "place", "stance", "time", "work"),
    }


def test_its_table_of_links_is_its_makers(made: Path) -> None:
    data = dataset.load(made)
    linked = [one.stated for one in data.matches]
    assert linked == [ns.SCHEMA + "sameAs", ns.OWL + "differentFrom"]
    assert {one.cells["author_label"] for one in data.matches} == {WISH.creator}
    assert {one.cells["license"] for one in data.matches} == {data.description.licence}  # type: ignore[union-attr]


def test_its_language_may_be_an_old_one(tmp_path: Path) -> None:
    for path, content in starter.files(replace(WISH, language="grc")).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    about = dataset.load(tmp_path).description
    assert about is not None
    assert about.languages == ("grc",)
    assert b"/iso639-2/grc>" in (tmp_path / "data/dataset.ttl").read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("base", "https://example.net/x", "ends in `/`"),
        ("base", "example.net/", "address in full"),
        ("base", "https://example.net/x?y=/", "no `?`"),
        ("base", "https://example.net/#x/", "no `?`"),
        ("base", "https://example.net/x/?y=/", "no `?`"),
        ("base", "https://example.net/a b/", "is no IRI"),
        ("base", "https://example.net/%zz/", "is no IRI"),
        ("base", "https://[/", "address in full"),
        ("base", "https://example.net:99999/", "address in full"),
        ("base", "ftp://example.net/", "address in full"),
        ("licence", "https://example.net/<by>", "or an address"),
        ("title", "Letters\nof 1911", "no line of text"),
        ("creator", "Us\udcff", "no line of text"),
        ("prefix", "1st", "a letter first"),
        ("prefix", "", "a letter first"),
        ("language", "english", "two or three letters"),
        ("licence", "free", "give CC0-1.0"),
        ("title", " ", "the title is empty"),
        ("creator", "", "the creator is empty"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(errors.SettingError, match=re.escape(words)) as caught:
        starter.files(replace(WISH, **{name: value}))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "words"),
    [
        ("text/mentions", "term:mentions person:ada-rowe", "term:mentions person:ada", "spelling"),
        ("text/people", "schema:memberOf group:", "schema:memberOf person:", "point at one"),
        ("text/works", "dcterms:creator person:marten", "dcterms:creator person:m", "Who made"),
        ("text/works", "term:dated time:1898", "term:dated time:1897", "a time-span"),
        ("reading/claims", "schema:about concept:common-tending", "schema:about work:x", "about"),
        ("reading/claims", "term:evidence event:strike", "term:evidence event:stroke", "evidence"),
        ("reading/claims", "term:attitude term:Holds", "term:attitude term:Stated", "one attitude"),
        ("reading/claims", "term:holder person:writer", "term:holder person:wrote", "somebody's"),
    ],
)
def test_a_name_that_is_misspelled_is_found_where_it_stands(
    made: Path, file: str, right: str, wrong: str, words: str
) -> None:
    place = made / f"data/{file}.ttl"
    before = place.read_text(encoding="utf-8")
    assert before.count(right) == 1
    header = "" if "@prefix work:" in before else "@prefix work: <https://example.net/x/> . "
    place.write_text(header + before.replace(right, wrong), encoding="utf-8")
    line = before[: before.index(right)].count("\n") + 1
    found = validation.check(dataset.load(made))
    assert [(one.path, one.line) for one in found] == [(f"data/{file}.ttl", line)]
    assert words in found[0].message


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize(
    ("file", "right", "wrong", "rule"),
    [
        ("text/people", '"Ada Rowe"@en', '"Ada Rowe"', "text-preferred"),
        ("text/works", 'rdfs:label "Marten 1898"@en', 'rdfs:label "Marten 1898"', "text-label"),
        ("text/works", 'title "The Common Shore"@en', 'title "The Common Shore"', "text-title"),
        ("reading/concepts", 'owning it."@en', 'owning it."', "text-definition"),
        ("text/works", "frbr:realization edition:", "frbr:realizationOf edition:", "Realisation"),
        (
            "text/works",
            "realizationOf work:common-shore",
            "realizationOf work:letter",
            "work-edition",
        ),
        ("text/citations", "schema:position 1", "schema:position 0", "citation-position"),
        ("text/passages", "term:letters 135", "term:letters -135", "passage-letters"),
        ("dataset", '"0.1.0"', '"first"', "dataset-version"),
        ("dataset", "<http://id.loc.gov/vocabulary/iso639-1/nl>", '"nl"', "dataset-language"),
        ("dataset", "<https://creativecommons.org/licenses/by/4.0/>", '"free"', "dataset-licence"),
        ("dataset", 'issued "2026-02-03"', 'issued "2026-02-04"', "dataset-issued"),
        (
            "dataset",
            "exampleResource person:ada-rowe",
            "exampleResource person:ada",
            "dataset-example",
        ),
        ("dataset", "creator group:editors", "creator group:us", "dataset-creator"),
        (
            "reading/claims",
            "stance:author-holds-tending-is-older\n",
            "stance:no a term:Stance ; rdfs:label 'No'@en ; term:attitude term:Rejects ;\n"
            "  term:basis term:Stated ; term:holder person:writer ; term:inPassage passage:1 ;\n"
            "  term:towards claim:tending-is-older .\nstance:author-holds-tending-is-older\n",
            "stance-consistent",
        ),
        ("text/events", '"1898-01-01"', '"1889-01-01"', "span-begin-of-date"),
        ("text/events", '"1889-12-31"', '"1898-12-31"', "span-end-of-date"),
        (
            "text/events",
            '  crm:P82b_end_of_the_end "1889-12-31"^^xsd:date ;\n',
            "",
            "span-end-present",
        ),
        (
            "text/people",
            '"Ada Rowe"@en',
            '"Ada Rowe"@en ; skos:altLabel "Ada Rowe"@en',
            "name-not-alternative",
        ),
        ("text/people", '"Ada Rowe"@en', '"Marten"@en', "name-alone"),
        (
            "text/people",
            "a foaf:Group",
            "a foaf:Group ; schema:memberOf group:lantern-society",
            "Member",
        ),
        (
            "text/passages",
            "dcterms:isPartOf work:letter",
            "dcterms:isPartOf passage:1",
            "part-of-others",
        ),
        (
            "text/passages",
            "dcterms:isPartOf work:letter",
            "dcterms:hasPart work:l",
            "passage-whole",
        ),
        ("text/works", '  rdfs:label "Marten 1898"@en ;\n', "", "edition-label"),
        ("text/mentions", "term:basis term:Stated", "term:basis term:Holds", "record-basis-listed"),
        (
            "text/mentions",
            "term:mentions person:ada-rowe",
            "term:mentions person:marten",
            "mention-unique",
        ),
        (
            "text/events",
            '  crm:P82a_begin_of_the_begin "1889-01-01"^^xsd:date ;\n',
            "",
            "span-begin-present",
        ),
        (
            "text/people",
            "person:marten\n",
            "person:marten <http://www.w3.org/2002/07/owl#sameAs> person:ada-rowe .\nperson:marten\n",
            "no-same-as",
        ),
        (
            "text/people",
            "person:marten\n",
            "person:marten <http://www.w3.org/2002/07/owl#deprecated> true .\nperson:marten\n",
            "retired-replaced",
        ),
        ("questions/who-holds-what", "  a sh:SPARQLExecutable ;\n", "", "Question"),
        (
            "questions/who-holds-what",
            '  rdfs:label "Who holds which claim, and where?"@en ;\n',
            "",
            "question-label",
        ),
        (
            "questions/who-holds-what",
            "  sh:prefixes <https://example.net/brieven/shapes> ;\n",
            "",
            "question-prefixes",
        ),
        ("../ontology/ontology", "  rdfs:domain term:Stance ;\n", "", "property-domain"),
        ("../ontology/ontology", "  rdfs:range term:Passage ;\n", "", "property-range"),
        ("../ontology/ontology", '  rdfs:label "towards"@en ;\n', "", "term-label"),
        (
            "../ontology/ontology",
            '  rdfs:comment "The claim that a stance is about."@en ;\n',
            "",
            "term-comment",
        ),
    ],
)
def test_what_an_editor_mistakes_is_found_by_its_rule(
    made: Path, file: str, right: str, wrong: str, rule: str, engine: validation.Engine
) -> None:
    place = made / f"data/{file}.ttl"
    before = place.read_text(encoding="utf-8")
    assert right in before
    place.write_text(before.replace(right, wrong, 1), encoding="utf-8")
    found = validation.check(dataset.load(made), engine=engine)
    assert rule in {one.shape.rpartition("#")[2] for one in found}
    assert all(one.path == f"data/{file}.ttl".replace("data/../", "") for one in found)


@pytest.mark.parametrize("open_date", ["../1889", "/1889", "1889/..", "1889/"])
def test_a_date_with_an_open_end_has_one_day(made: Path, open_date: str) -> None:
    place = made / "data/text/events.ttl"
    text = place.read_text(encoding="utf-8").replace('"1889"^^edtf', f'"{open_date}"^^edtf')
    lacking = "P82a_begin_of_the_begin" if open_date.endswith("1889") else "P82b_end_of_the_end"
    block = text.partition("time:1889\n")[2]
    line = next(one for one in block.splitlines() if lacking in one)
    place.write_text(text.replace(f"{line}\n", "", 1), encoding="utf-8")
    assert validation.check(dataset.load(made)) == []


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_concept_that_stands_below_itself_is_found(made: Path, engine: validation.Engine) -> None:
    place = made / "data/text/concepts.ttl"
    text = place.read_text(encoding="utf-8")
    more = """
concept:tending a skos:Concept ; skos:prefLabel "tending"@en ; skos:inScheme concept:scheme ;
  skos:broader concept:common-tending .
concept:common-tending skos:broader concept:tending .
"""
    place.write_text(text + more, encoding="utf-8")
    found = validation.check(dataset.load(made), engine=engine)
    assert ["below this one" in one.message for one in found] == [True, True]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_two_passages_with_one_number_or_one_place_are_found(
    made: Path, engine: validation.Engine
) -> None:
    place = made / "data/text/passages.ttl"
    text = place.read_text(encoding="utf-8")
    text = text.replace('term:number "2"', 'term:number "1"')
    place.write_text(text.replace("term:readingOrder 3", "term:readingOrder 2"), encoding="utf-8")
    found = validation.check(dataset.load(made), engine=engine)
    told = sorted(one.message.partition(" has ")[2] for one in found)
    each = "; give each passage one of its own"
    assert told == [f"the same {what}{each}" for what in ("number", "number", "place", "place")]


def test_a_day_before_christ_is_that_of_its_date(made: Path) -> None:
    """The reference engine reads no day before the year 1, so the compiled one alone is asked."""
    place = made / "data/text/events.ttl"
    text = place.read_text(encoding="utf-8").replace('"1889"@en', '"301 BC"@en')
    for begin, told in (("-0300", []), ("-0301", ["begins on another day"])):
        days = text.replace('"1889-01', f'"{begin}-01').replace('"1889', '"-0300')
        place.write_text(days, encoding="utf-8")
        found = validation.check(dataset.load(made))
        assert [one.message.split("-0300 ")[1].split(";")[0] for one in found] == told


# --- what is done on GitHub


def workflow(made: Path, name: str) -> list[str]:
    """Give the commands of a workflow, in order; an action is told by its name."""
    read = yaml.safe_load((made / ".github/workflows" / name).read_text(encoding="utf-8"))
    (job,) = read["jobs"].values()
    return [step.get("run") or step["uses"].partition("@")[0] for step in job["steps"]]


def test_both_workflows_do_what_they_say(made: Path) -> None:
    base = "https://someone.github.io/letters"
    for name in ("check.yml", "pages.yml"):
        for command in workflow(made, name):
            words = shlex.split(command.replace("${{ steps.pages.outputs.base_url }}", base))
            if words[0] == "folkmote":
                subprocess.run([sys.executable, "-m", "publish", *words[1:]], cwd=made, check=True)
    page = (made / "site/index.html").read_text(encoding="utf-8")
    assert f'href="{base}/' in page
    assert "site/" in (made / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_site_is_published_only_after_it_was_checked_and_built(made: Path) -> None:
    commands = workflow(made, "pages.yml")
    verbs = [command.split()[1] for command in commands if command.startswith("folkmote")]
    assert verbs == ["check", "build", "export"]
    assert commands[-2:] == ["actions/upload-pages-artifact", "actions/deploy-pages"]
    given = yaml.safe_load((made / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    assert given["permissions"] == {"contents": "read", "id-token": "write", "pages": "write"}


# --- the command


def test_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "publish", "new", str(tmp_path / "asked"), *GIVEN[:4]],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.close(theirs)
    os.write(ours, b"The archive\n")
    said, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, said
    assert b"Who makes it:" in said
    text = (tmp_path / "asked/data/dataset.ttl").read_text(encoding="utf-8")
    assert '"The archive"' in text


def test_where_nobody_can_be_asked_it_says_what_to_give(run: Runner, tmp_path: Path) -> None:
    done = run("new", tmp_path / "x", *GIVEN[:2])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "give --base" in done.stderr
    assert not (tmp_path / "x").exists()


def test_what_is_there_is_left_alone(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("full", "file"):
        done = run("new", tmp_path / name, *GIVEN)
        assert (done.returncode, "is there already" in done.stderr) == (3, True)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_an_empty_folder_may_be_filled(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("new", tmp_path / "empty", *GIVEN).returncode == 0
    assert run("check", tmp_path / "empty").returncode == 0


def test_what_fails_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publish.cli.new import new

    written = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "works.ttl":
            raise OSError(28, "No space left on device")
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        errors.OutputError, match=r"cannot write .* no space left on device; mend that"
    ):
        new(tmp_path / "x", "Letters", "https://example.net/x/", "Us")
    assert list(tmp_path.iterdir()) == []


def test_paragraphs_are_measured_as_they_are_found_again(run: Runner, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("One\ntwo.\n \n***\n\n  Thrée “four”\n", encoding="utf-8")
    rows = [row.split(maxsplit=3) for row in run("anchor", text).stdout.splitlines()]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("1", "6", "One two."),
        ("6", "9", "Thrée “four”"),
    ]
    assert rows[1][2] == anchors.digest("thrée four")
