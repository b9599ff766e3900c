"""A finding is written for people and for programs, in the forms that those programs read."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import junitparser
import pytest
import rdflib
import sarif_pydantic
from conftest import Runner

from publish import dataset, errors, reports, validation
from publish import namespaces as ns

RUE = "https://example.org/garden/id/plant/rue"
PLANTS = "data/text/plants.ttl"
SH = rdflib.SH


@pytest.fixture
def wrong(folder: Path) -> Path:
    """A folder with one violation, of a thing that has a label."""
    path = folder / PLANTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("plant:mint .", "plant:nettle ."), encoding="utf-8")
    return folder


@pytest.fixture
def garbled(folder: Path) -> Path:
    """A folder with two files that do not parse."""
    for name in ("one", "two"):
        path = folder / f"data/text/{name}.ttl"
        path.write_text("@prefix ex: <http://e/> .\nex:a ex:p no:b .\n", encoding="utf-8")
    return folder


def test_a_file_with_a_blank_in_its_name_can_be_reported(run: Runner, folder: Path) -> None:
    (folder / "data/text/two parts.ttl").write_text("no turtle", encoding="utf-8")
    done = run("check", folder, "--format", "turtle")
    assert done.returncode == 3
    focus = {str(one) for one in rdflib.Graph().parse(data=done.stdout).objects(None, SH.focusNode)}
    assert any(one.endswith("two%20parts.ttl") for one in focus)


def finding(message: str, severity: validation.Severity = "violation") -> validation.Finding:
    return validation.Finding(
        *("data/a b,c.ttl", 3, severity, RUE, message),
        *("", "", 0, "", ns.TERMS),
        column=7,
    )


def test_a_label_of_several_lines_leaves_a_finding_on_its_line(run: Runner, wrong: Path) -> None:
    path = wrong / PLANTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"rue"', '"rue\\nof \\u202Eold"'), encoding="utf-8")
    done = run("check", wrong)
    assert '"rue of \\u202Eold", plant:rue' in done.stdout
    assert "\u202e" not in done.stdout
    assert "\nof old" not in done.stdout


# --- programs


def test_code_scanning_is_told_file_line_label_and_rule(run: Runner, wrong: Path) -> None:
    done = run("check", wrong, "--format", "sarif")
    assert (done.returncode, done.stderr) == (1, "")
    (result,) = sarif_pydantic.Sarif.model_validate_json(done.stdout).runs[0].results or []
    assert (result.rule_id, result.level.value) == ("rule:plant-related", "error")
    (location,), (rule,) = result.locations, result.related_locations
    where = location.physical_location
    assert where.artifact_location.uri == f"{wrong}/{PLANTS}"
    assert where.region.start_line == 12
    assert rule.physical_location.artifact_location.uri == f"{wrong}/shapes/plants.ttl"
    assert rule.physical_location.region.start_line == 41
    told = json.loads(done.stdout)["runs"][0]["results"][0]
    assert told["locations"][0]["logicalLocations"] == [{"name": "rue", "fullyQualifiedName": RUE}]
    assert "describe this one or strike it" in told["message"]["text"]


def test_a_finding_is_known_again_when_its_line_moves(run: Runner, wrong: Path) -> None:
    def marks() -> list[str]:
        told = json.loads(run("check", wrong, "--format", "sarif").stdout)["runs"][0]["results"]
        return [one["partialFingerprints"]["finding/v1"] for one in told]

    before = marks()
    path = wrong / PLANTS
    path.write_text("# one line more\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert marks() == before


def test_build_servers_are_told_of_failures(run: Runner, wrong: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(run("check", wrong, "--format", "junit").stdout, encoding="utf-8")
    suite = next(iter(junitparser.JUnitXml.fromfile(str(report))))
    assert (suite.tests, suite.failures) == (1, 1)
    case = next(iter(suite))
    assert (case.classname, case.name) == (f"{wrong}/{PLANTS}", "rule:plant-related of rue")
    assert "strike it" in case.result[0].message


def test_build_servers_are_told_when_all_is_well(run: Runner, folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = run("check", folder, "--format", "junit")
    report.write_text(done.stdout, encoding="utf-8")
    suite = next(iter(junitparser.JUnitXml.fromfile(str(report))))
    assert (done.returncode, suite.tests, suite.failures) == (0, 1, 0)
    assert [case.name for case in suite] == ["every rule is kept"]


def test_a_file_that_cannot_be_read_is_no_rule_of_nothing() -> None:
    error = errors.TurtleError("data/x.ttl", 4, 9, "no good; mend it")
    report = reports.write([reports.of_syntax(error)], "junit", reports.nameless())
    (suite,) = junitparser.JUnitXml.fromstring(report.encode())
    assert next(iter(suite)).name == "https://w3id.org/folkmote#SyntaxConstraintComponent"


def test_no_sign_of_a_label_breaks_the_xml() -> None:
    said = reports.Names({}, lambda _: 'a "label" <with> & \x01\ud7ff\uffff')
    report = reports.write([finding("mend\x00 it")], "junit", said)
    (suite,) = junitparser.JUnitXml.fromstring(report.encode())
    assert next(iter(suite)).name.endswith("<with> & \ufffd\ud7ff\ufffd")


def test_annotations_escape_what_would_end_them() -> None:
    said = reports.Names({}, lambda _: "a: b, c")
    written = reports.write([finding("50 %\nof it::", "info")], "github", said)
    assert written == (
        "::notice file=data/a b%2Cc.ttl,line=3,col=7,title=a%3A b%2C c::"
        f'50 %25 of it:: ("a: b, c", {RUE})'
    )


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "turtle"])
def test_syntax_errors_of_all_files_are_findings_too(run: Runner, garbled: Path, form: str) -> None:
    done = run("check", garbled, "--format", form)
    assert (done.returncode, done.stderr) == (3, "")
    for name in ("one", "two"):
        assert f"data/text/{name}.ttl" in done.stdout
    assert "`no:` is not declared" in done.stdout


def test_a_place_has_its_column_where_it_is_known() -> None:
    error = errors.TurtleError("data/x.ttl", 4, 9, "no good; mend it")
    written = reports.line(reports.of_syntax(error), reports.nameless())
    assert written == "data/x.ttl:4:9: violation: no good; mend it"


def test_two_ways_to_break_a_rule_are_both_named() -> None:
    ways = (f"{SH.DatatypeConstraintComponent}", f"{SH.PatternConstraintComponent}")
    rule = validation.Finding(
        *("data/x.ttl", 3, "violation", RUE, "mend it", "urn:rule", "shapes/x.ttl", 7, '"8"'),
        component=ways[0],
        others=ways[1:],
    )
    told = reports.line(rule, reports.nameless())
    assert told.endswith("; rule shapes/x.ttl:7, sh:datatype and sh:pattern)")
    report = rdflib.Graph().parse(data=reports.validation_report([rule]))
    assert {*report.objects(None, SH.sourceConstraintComponent)} == {*map(rdflib.URIRef, ways)}


def test_the_shacl_report_is_one_by_its_own_vocabulary(run: Runner, wrong: Path) -> None:
    """Every term exists and is used in its domain and range, and nothing that must be is absent."""
    text = run("check", wrong, "--format", "turtle").stdout
    report = rdflib.Graph().parse(data=text)
    (whole,) = report.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert list(report.objects(whole, SH.conforms)) == [rdflib.Literal(False)]
    (result,) = report.objects(whole, SH.result)
    # SHACL 3.6.2: exactly one of each of these.
    for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
        assert len(list(report.objects(result, needed))) == 1
    component = report.value(result, SH.sourceConstraintComponent)
    assert component == SH.ClassConstraintComponent
    (wrong / "data/text/report.ttl").write_text(text, encoding="utf-8")
    from publish import vocabulary

    found = vocabulary.check(dataset.load(wrong)).findings
    assert [one for one in found if one.path.endswith("report.ttl")] == []


@pytest.mark.parametrize("case", ["garbled", "two_blocks"])
def test_what_no_shape_finds_has_all_that_a_result_needs(
    run: Runner, folder: Path, case: str, request: pytest.FixtureRequest
) -> None:
    if case == "garbled":
        request.getfixturevalue("garbled")
    else:
        (folder / "data/text/more.ttl").write_text(
            f'<{RUE}> <{ns.SKOS}note> "twice"@en .\n', encoding="utf-8"
        )
    report = rdflib.Graph().parse(data=run("check", folder, "--format", "turtle").stdout)
    results = list(report.subjects(rdflib.RDF.type, SH.ValidationResult))
    assert results
    for result in results:
        assert len(list(report.objects(result, SH.focusNode))) == 1
        assert len(list(report.objects(result, SH.sourceConstraintComponent))) == 1


# --- people


def in_a_terminal(arguments: list[str], **environ: str) -> str:
    """Run the command where it believes to speak to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "publish", *arguments],
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", **environ},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    process.wait(timeout=60)
    os.close(ours)
    return said.decode()


def test_a_terminal_gets_colour_unless_it_wants_none(wrong: Path) -> None:
    assert "\x1b[31m" in in_a_terminal(["check", str(wrong)])
    # A bar moves the cursor, where work takes long (ECMA-48, 8.3.117: SGR is what colours).
    said = in_a_terminal(["check", str(wrong)], NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*m", said)


@contextmanager
def watching(folder: Path) -> Iterator[Callable[[str], None]]:
    """Watch a folder; gives what waits until a line has some words."""
    process = subprocess.Popen(
        [sys.executable, "-m", "publish", "check", "--watch", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdout is not None

    def until(words: str) -> None:
        assert process.stdout is not None
        while words not in (line := process.stdout.readline()):
            assert line, f"it ended before it said {words!r}"

    with process:
        try:
            yield until
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) == 130
        finally:
            process.kill()


def test_watching_checks_again_when_a_file_is_saved(wrong: Path) -> None:
    path = wrong / PLANTS
    text = path.read_text(encoding="utf-8")
    with watching(wrong) as until:
        until("1 violation")
        path.write_text(text.replace("plant:nettle .", "plant:mint ."), encoding="utf-8")
        until("0 violations")
        path.write_text("no turtle", encoding="utf-8")
        until("data/text/plants.ttl:1:1")
        path.write_text(text, encoding="utf-8")
        until("1 violation")


@pytest.mark.parametrize("away", ["", "data", "shapes"])
def test_watching_says_that_a_folder_is_away_and_goes_on_when_it_is_back(
    wrong: Path, tmp_path: Path, away: str
) -> None:
    path = wrong / PLANTS
    text = path.read_text(encoding="utf-8")
    with watching(wrong) as until:
        until("1 violation")
        (wrong / away).rename(tmp_path / "elsewhere")
        until(f"{wrong / (away or 'data')}` ")
        (tmp_path / "elsewhere").rename(wrong / away)
        until("1 violation")
        path.write_text(text.replace("plant:nettle .", "plant:mint ."), encoding="utf-8")
        until("0 violations")


def test_watching_takes_up_a_folder_that_takes_the_place_of_another(
    wrong: Path, tmp_path: Path
) -> None:
    path = wrong / PLANTS
    text = path.read_text(encoding="utf-8")
    shutil.copytree(wrong / "data", tmp_path / "other")
    with watching(wrong) as until:
        until("1 violation")
        (wrong / "data").rename(tmp_path / "elsewhere")
        (tmp_path / "other").rename(wrong / "data")
        until("1 violation")
        path.write_text(text.replace("plant:nettle .", "plant:mint ."), encoding="utf-8")
        until("0 violations")


def test_watching_sees_layers_come_and_go(wrong: Path, tmp_path: Path) -> None:
    with watching(wrong) as until:
        until("1 violation")
        (wrong / "data" / "text").rename(tmp_path / "elsewhere")
        until("checked again")
        until("checked:")
        (tmp_path / "elsewhere").rename(wrong / "data" / "text")
        until("1 violation")
