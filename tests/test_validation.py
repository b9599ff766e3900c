"""Faults are found by the rules of the data set, each with its line, by both engines alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BROKEN, copy_of

from publish import dataset, errors, inference, validation

CASES = sorted(path.name for path in BROKEN.iterdir())
ENGINES: tuple[validation.Engine, ...] = ("compiled", "reference")


def told(folder: Path, engine: validation.Engine) -> Iterator[str]:
    """Say what is wrong with a folder: an error, or findings with the line of each rule."""
    try:
        data = dataset.load(folder)
        inference.infer(data)
    except errors.FolkmoteError as error:
        yield from (f"{type(error).__name__}: {line}" for line in str(error).splitlines())
        return
    for finding in validation.check(data, engine=engine):
        rule = f"{finding.shape_path}:{finding.shape_line}"
        yield (
            f"{finding.path}:{finding.line}: {finding.severity}: {finding.message} "
            f"({finding.value} of {finding.focus}; {rule})"
        )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_told_with_its_line_and_what_to_do(
    case: str, engine: validation.Engine, tmp_path: Path
) -> None:
    expected = (BROKEN / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert list(told(copy_of(case, tmp_path / "folder"), engine)) == expected


def test_both_engines_find_the_same(foreign: dataset.Dataset) -> None:
    """Of the essay, in which the reference reads for a minute, `test_shapes` proves it."""
    compiled, reference = (validation.check(foreign, engine=engine) for engine in ENGINES)
    assert compiled == reference


def test_the_shipped_data_set_breaks_no_rule(essay: dataset.Dataset) -> None:
    assert [found for found in validation.check(essay) if found.severity == "violation"] == []


def test_what_was_derived_is_not_checked(folder: Path) -> None:
    data = dataset.load(folder)
    twice = [triple for _, triple in data.outgoing("https://example.org/garden/id/plant/rue")]
    spoiled = data.with_graph(
        data.inferred_graph,
        [type(twice[0])(twice[0].subject, t.predicate, twice[0].subject) for t in twice],
    )
    assert validation.check(spoiled) == []


def test_findings_are_sorted_by_file_and_line(folder: Path) -> None:
    plants = folder / "data" / "text" / "plants.ttl"
    text = plants.read_text(encoding="utf-8").replace('  skos:prefLabel "rue"@en ;\n', "")
    plants.write_text(text.replace('  skos:prefLabel "mint"@en .', "  skos:notation 8 ."))
    (folder / "data" / "more.ttl").write_text(
        "<https://example.org/garden/id/plant/sage> a <http://www.w3.org/2004/02/skos/core#Concept> ."
    )
    found = validation.check(dataset.load(folder))
    places = [(one.path, one.line) for one in found]
    assert places == sorted(places)
    assert len(places) == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_no_engine_reaches_for_the_network(
    folder: Path, engine: validation.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a check went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    shapes = folder / "shapes" / "plants.ttl"
    header = "<https://example.org/garden/shapes>\n  a owl:Ontology ;\n"
    imports = "  owl:imports <https://example.org/elsewhere> ;\n"
    shapes.write_text(shapes.read_text(encoding="utf-8").replace(header, header + imports))
    assert validation.check(dataset.load(folder), engine=engine) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_literals_are_judged_as_they_are_spelled(folder: Path, engine: validation.Engine) -> None:
    """Neither engine may see `7` where the file says `007`."""
    shapes = folder / "shapes" / "plants.ttl"
    text = shapes.read_text(encoding="utf-8")
    shapes.write_text(text.replace("sh:datatype xsd:string", 'sh:pattern "^7$"'))
    plants = folder / "data" / "text" / "plants.ttl"
    plants.write_text(plants.read_text(encoding="utf-8").replace('"7"', "007"))
    (found,) = validation.check(dataset.load(folder), engine=engine)
    assert found.value == '"007"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_a_file_that_is_not_read_is_told(folder: Path) -> None:
    named = ("plants.TTL", "herbs.nt", "shrubs.turtle", "trees.ttl.txt", "mosses.tll")
    for name in (*named, "notes.txt", ".hidden.ttl"):
        (folder / "data" / "text" / name).write_text("?", encoding="utf-8")
    found = validation.check(dataset.load(folder))
    told = {one.path.rpartition("/")[2]: (one.line, one.severity) for one in found}
    assert told == {**dict.fromkeys(named, (1, "warning")), "notes.txt": (1, "info")}


def test_a_file_that_states_nothing_is_told(folder: Path) -> None:
    for name, text in (
        ("cut.ttl", ""),
        ("begun.ttl", "@prefix x: <http://example.com/> .\n# soon\n"),
    ):
        (folder / "data" / "text" / name).write_text(text, encoding="utf-8")
    found = validation.check(dataset.load(folder))
    assert {(one.path, one.line, one.severity) for one in found} == {
        (f"data/text/{name}.ttl", 1, "warning") for name in ("cut", "begun")
    }
    assert {one.message for one in found} == {"states nothing; fill the file, or delete it"}


PLANTS = "data/text/plants.ttl"


def test_what_a_file_says_twice_is_told_once_a_thing(folder: Path) -> None:
    text = (folder / PLANTS).read_text(encoding="utf-8")
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line and line[0] not in "@#")
    end = next(number for number in range(first, len(lines)) if lines[number].endswith(" ."))
    block = lines[first : end + 1]
    (folder / PLANTS).write_text("\n".join([*lines, "", *block, ""]), encoding="utf-8")
    (found,) = validation.check(dataset.load(folder))
    assert (found.path, found.severity) == (PLANTS, "warning")
    assert found.line > len(lines)
    assert found.message.startswith(f"says what {PLANTS}:")


def test_a_copied_file_is_told_in_one_line(folder: Path) -> None:
    text = (folder / PLANTS).read_text(encoding="utf-8")
    (folder / "data/text/plants copy.ttl").write_text(text, encoding="utf-8")
    (found,) = validation.check(dataset.load(folder))
    assert "delete what is said twice" in found.message
    assert PLANTS in (found.path, found.message.split(":")[0].removeprefix("says what "))


def test_what_two_layers_say_is_told_and_what_two_sources_say_is_not(folder: Path) -> None:
    label = next(
        triple
        for triple in dataset.load(folder).union()
        if triple.predicate.value.endswith("prefLabel")
    )
    for layer in ("reading", "enrichment"):
        (folder / "data" / layer).mkdir(exist_ok=True)
    (folder / "data/reading/again.ttl").write_text(f"{label} .\n", encoding="utf-8")
    (found,) = validation.check(dataset.load(folder))
    assert (found.path, found.line, found.severity) == ("data/reading/again.ttl", 1, "warning")
    assert "in another layer" in found.message
    for name in ("one", "two"):
        (folder / f"data/enrichment/{name}.ttl").write_text(f"{label} .\n", encoding="utf-8")
    (folder / "data/reading/again.ttl").unlink()
    assert validation.check(dataset.load(folder)) == []


def test_rules_for_enrichment_look_at_each_of_its_files_alone(folder: Path) -> None:
    shutil.copy(folder / "shapes" / "layer-text.ttl", folder / "shapes" / "layer-enrichment.ttl")
    (folder / "shapes" / "layer-text.ttl").unlink()
    source = """
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://example.org/garden/id/plant/mint> {kind} skos:definition "a herb"@en .
    """
    (folder / "data" / "enrichment").mkdir()
    (folder / "data" / "enrichment" / "one.ttl").write_text(source.format(kind="a skos:Concept ;"))
    (folder / "data" / "enrichment" / "two.ttl").write_text(source.format(kind=""))
    found = validation.check(dataset.load(folder))
    broken = [one.path for one in found if one.severity == "violation"]
    assert broken == ["data/enrichment/one.ttl"]  # two.ttl alone does not say that it is a plant


@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_that_an_engine_gives_up_on_is_found_with_its_line(
    folder: Path, engine: validation.Engine
) -> None:
    """SHACL 5.2.1 forbids VALUES, which the compiled engine notices only where there are data."""
    shapes = folder / "shapes/plants.ttl"
    text = shapes.read_text(encoding="utf-8")
    own, sh = "https://example.org/garden/shapes#", "http://www.w3.org/ns/shacl#"
    shapes.write_text(
        f"{text}\n"
        f"<{own}all> a <{sh}NodeShape> ;\n"
        f"  <{sh}targetClass> <http://www.w3.org/2004/02/skos/core#Concept> ;\n"
        f"  <{sh}sparql> <{own}values> .\n"
        f"<{own}values> a <{sh}SPARQLConstraint> ;\n"
        f'  <{sh}message> "no" ;\n'
        f'  <{sh}select> "SELECT $this WHERE {{ $this a ?x . VALUES ?x {{ <urn:x> }} }}" .\n',
        encoding="utf-8",
    )
    (found,) = validation.check(dataset.load(folder), engine=engine)
    assert (found.path, found.line) == ("shapes/plants.ttl", text.count("\n") + 7)
    assert found.severity == "violation"
    assert found.message.startswith("no good SHACL: ")
    assert "VALUES" in found.message


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        ("; sh:targetSubjectsOf skos:notation", False),
        ("; sh:deactivated true", False),
        (
            ". <urn:plant> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property <urn:notation>",
            False,
        ),
        (". <urn:plant> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:or ( <urn:notation> )", False),
    ],
)
def test_a_rule_that_nothing_is_held_against_is_told(
    folder: Path, more: str, *, told: bool
) -> None:
    (folder / "shapes" / "unused.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<urn:notation> a sh:PropertyShape ; sh:path skos:notation ;
  sh:message "A notation is no more than a note; mend it" ; sh:maxCount 9 """
        + more
        + " .\n"
    )
    found = validation.check(dataset.load(folder))
    held = [(one.line, one.severity) for one in found if "held against" in one.message]
    assert held == [(4, "warning")] * told


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_that_breaks_a_rule_in_two_ways_is_told_once_with_both(
    folder: Path, engine: validation.Engine
) -> None:
    (folder / "shapes" / "twice.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:notations> a sh:NodeShape ; sh:targetSubjectsOf skos:notation ; sh:property <urn:notation> .
<urn:notation> sh:path skos:notation ; sh:datatype xsd:string ; sh:pattern "^[a-z]+$" ;
  sh:message "A notation is of letters; mend it" ."""
    )
    (folder / "data" / "text" / "more.ttl").write_text(
        "<https://example.org/garden/id/plant/sage> "
        "<http://www.w3.org/2004/02/skos/core#notation> 8 , 9 ."
    )
    found = validation.check(dataset.load(folder), engine=engine)
    told = [one for one in found if one.shape == "urn:notation"]
    names = {
        one.value[:3]: [validation.constraint(name) for name in one.components] for one in told
    }
    both = ["sh:datatype", "sh:pattern"]
    # What the garden has already is a text, so only its pattern is wrong.
    assert names == {'"7"': ["sh:pattern"], '"8"': both, '"9"': both}
    assert len(told) == len(names)


def test_a_rule_with_two_messages_in_one_language_is_told(folder: Path) -> None:
    place = folder / "shapes/plants.ttl"
    text = place.read_text(encoding="utf-8")
    one = '  sh:message "A number is better written as a text; drop its type"@en ;\n'
    place.write_text(text.replace(one, f'{one}  sh:message "Drop it"@en ;\n'), encoding="utf-8")
    (found,) = validation.check(dataset.load(folder))
    assert (found.path, found.severity) == ("shapes/plants.ttl", "warning")
    assert "more than one sh:message in one language; keep one" in found.message


@pytest.mark.parametrize(
    ("path", "severity", "told"),
    [
        ("data/notes.txt", "info", "only *.ttl and *.sssom.tsv are"),
        ("data/text/plants.xlsx", "warning", "only *.ttl"),
        ("shapes/old.ttl.bak", "warning", "only *.ttl"),
        ("plants.ttl", "warning", "does not stand in data/"),
        ("text/plants.ttl", "warning", "does not stand in data/"),
        ("Data/plants.ttl", "warning", "does not stand in data/"),
        ("data/README.md", "warning", ""),
        ("data/text/plants.ttl~", "warning", ""),
        ("data/text/.plants.ttl", "warning", ""),
        ("out/plants.ttl", "warning", ""),
    ],
)
def test_a_file_is_told_that_is_not_read_by_its_name_or_its_place(
    folder: Path, path: str, severity: str, told: str
) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("", encoding="utf-8")
    found = [one for one in validation.check(dataset.load(folder)) if "is not read" in one.message]
    assert [(one.path, one.severity, told in one.message) for one in found] == (
        [(path, severity, True)] * bool(told)
    )
