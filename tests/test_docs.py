"""What the texts say about the project, held against the project."""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import serving
import yaml
from serving import Client

import publish
from publish import dataset, settings, turtle
from publish import namespaces as ns

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
GUIDE = DOCS["guide.md"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
SHOWN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Example:
    """A command as a text shows it, and what it shows below it."""

    line: int
    command: str
    answer: tuple[str, ...]


def examples(text: str) -> Iterator[Example]:
    """Give each `$ command` of the console blocks; a line of `> ` continues it."""
    lines = text.splitlines()
    inside = False
    command: list[str] = []
    answer: list[str] = []
    start = 0
    for number, line in enumerate([*lines, "```"], start=1):
        ends = line.startswith("```") or (inside and line.startswith("$ "))
        if ends and command:
            yield Example(start, "\n".join(command), tuple(answer))
            command, answer = [], []
        if line.startswith("```"):
            inside = line.strip() == "```console"
        elif inside and line.startswith("$ "):
            command, start = [line[2:]], number
        elif inside and command and not answer and line.startswith("> "):
            command.append(line[2:])
        elif inside:
            answer.append(line)


def agrees(shown: tuple[str, ...], given: list[str]) -> bool:
    """Compare line by line; a shown line of three dots stands for any lines."""
    if not shown:
        return not given
    if shown[0].strip() == "...":
        return any(agrees(shown[1:], given[skipped:]) for skipped in range(len(given) + 1))
    return bool(given) and settled(shown[0]) == settled(given[0]) and agrees(shown[1:], given[1:])


def settled(line: str) -> str:
    """Give a line without what changes with every new fact: how many triples were checked."""
    return re.sub(r"^[\d,]+( triples checked: \d+ violations?, )\d+", r"N\1N", line).rstrip()


def served(folder: Path, log: Path) -> Iterator[str]:
    """Serve what `folkmote serve` serves in a folder, on a port that is free."""
    address = f"http://127.0.0.1:{serving.free_port()}"
    port = address.rpartition(":")[2]
    environment = {**os.environ, "XDG_CACHE_HOME": str(log.parent / "cache")}
    with log.open("w") as said:
        started = subprocess.Popen(
            [BIN / "folkmote", "serve", "--port", port],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        wait_for(f"{address}/health", started, log)
        yield address
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the shipped data set as the README does, on a port that is free."""
    folder = tmp_path_factory.mktemp("server")
    yield from served(folder, folder / "log")


def wait_for(address: str, started: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(3000):
        assert started.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=60):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}: {log.read_text()}")


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Give a function that runs a shown command in an empty folder."""

    def run_shown(example: Example) -> list[str]:
        command = example.command
        if "curl" in command and shutil.which("curl") is None:
            pytest.skip("curl is not installed")
        address = request.getfixturevalue("server") if SHOWN in command else SHOWN
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace(SHOWN, address)],
            cwd=tmp_path,
            env={"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.replace(address, SHOWN).splitlines()

    yield run_shown


SHOWING = {"README.md": README, **DOCS}
"""The texts whose examples stand each for itself; those of the guide follow on each other."""


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{name}:{example.line}")
        for name, text in SHOWING.items()
        if text is not GUIDE
        for example in examples(text)
    ],
)
def test_the_texts_show_what_really_happens(example: Example, run) -> None:
    given = run(example)
    assert agrees(example.answer, given), "\n".join(given)


def test_the_guide_leads_from_a_text_to_a_site(tmp_path: Path) -> None:
    """Follow it from its first command to its last, each in the folder that the others left."""
    needed = [name for name in ("curl", "git") if shutil.which(name) is None]
    if needed:
        pytest.skip(f"{' and '.join(needed)} cannot be found, and the guide uses it")
    site: Iterator[str] | None = None
    address = SHOWN
    here = tmp_path / "here"
    here.mkdir()
    for example in examples(GUIDE):
        if SHOWN in example.command and site is None:
            site = served(here, tmp_path / "log")
            address = next(site)
        done = subprocess.run(
            ["/bin/sh", "-c", f"{example.command.replace(SHOWN, address)}\npwd >{tmp_path}/pwd"],
            cwd=here,
            env={"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        here = Path((tmp_path / "pwd").read_text().strip())
        given = done.stdout.replace(str(tmp_path / "here"), "...")
        assert agrees(example.answer, given.splitlines()), (
            f"line {example.line}: {given}{done.stderr}"
        )
    if site is not None:
        site.close()  # type: ignore[attr-defined]


def test_the_texts_show_what_python_really_answers() -> None:
    name = "programs.md"
    blocks = re.findall(r"^```pycon\n(.*?)^```", DOCS[name], re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        case = doctest.DocTestParser().get_doctest(block, {}, name, name, 0)
        result = doctest.DocTestRunner(verbose=False).run(case)
        assert result.attempted > 3
        assert not result.failed


def test_the_runner_reads_commands_answers_and_gaps() -> None:
    text = "```console\n$ one\n> more\nfirst\n...\nlast\n$ two\n```\n```sh\n$ not run\n```\n"
    found = list(examples(text))
    assert [example.command for example in found] == ["one\nmore", "two"]
    assert agrees(found[0].answer, ["first", "between", "last"])
    assert not agrees(found[0].answer, ["first", "between"])
    assert agrees(found[1].answer, [])
    assert not agrees(found[1].answer, ["something"])


TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", *(f"docs/{one}" for one in DOCS))
}


def told(*words: str) -> str:
    """Give what a command says of itself."""
    asked = [str(BIN / "folkmote"), *words, "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each verb that the command has, as its help names them."""
    listed = told().partition("\nCommands:\n")[2]
    verbs = re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE)
    return {verb: set(re.findall(r"(?<![\w-])--[a-z-]+", told(verb))) for verb in verbs}


def test_the_readme_tells_of_every_verb_and_of_no_other(options: dict[str, set[str]]) -> None:
    table = README.partition("\n## Commands\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `folkmote ([a-z-]+)", table, re.MULTILINE)) == set(options)
    assert all("--help" in of_one for of_one in options.values())


def test_each_option_in_the_texts_is_one_of_its_verb(options: dict[str, set[str]]) -> None:
    every = set.union(*options.values()) | {"--install-completion"}
    seen = set()
    for name, text in TEXTS.items():
        for verb, rest in re.findall(r"folkmote ([a-z-]+)([^`|\n]*)", text):
            for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
                known = options.get(verb, every)
                assert option in known, f"{name}: folkmote {verb} {option}"
                seen.add(option)
        for option in re.findall(r"`(--[a-z-]+)", text):
            assert option in every, f"{name}: {option}"
            seen.add(option)
    assert len(seen) > 30


ELSEWHERE = {"/statements", "/rdf-graphs/service"}
"""What the texts say of the addresses of stores."""


def test_each_address_in_the_texts_is_one_of_the_server(essay_web: Client) -> None:
    known = essay_web.get("/openapi.json").json()["paths"]
    named = {
        address
        for text in TEXTS.values()
        for address in re.findall(r"`(/[a-z.][^` ]*)`", text)
        if address not in ELSEWHERE
    }
    assert len(named) > 20
    for address in sorted(named):
        path = re.sub(r"\{\w+\}|[A-Z]{2,}|latest", "{}", address.partition("?")[0])
        shapes = [re.sub(r"\{[^}]+\}", "{}", one) for one in known]
        begins = any(one.startswith(path) for one in shapes)
        assert begins or essay_web.get(address).status_code < 400, address


def test_the_texts_have_one_table_of_all_settings() -> None:
    """What it must be stands in the message, to be put in its place."""

    def row(one: settings.Setting) -> str:
        file = "" if one.name == "config" else one.name
        named = ("" if one.secret else one.option, one.variable, file, one.default)
        cells = [*(f"`{name}`" if name else "" for name in named), one.help]
        return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in cells)}|"

    rows = [
        "| option | environment | file | default | meaning |",
        "|---|---|---|---|---|",
        *map(row, settings.SETTINGS),
    ]
    found = DOCS["hosting.md"].partition("\n## Settings\n")[2].partition("\n## ")[0]
    table = [line for line in found.splitlines() if line.startswith("|")]
    assert table == rows, "\n".join(["the table must be:", *rows])


def test_serve_has_an_option_for_each_setting_that_is_no_secret() -> None:
    done = subprocess.run([BIN / "folkmote", "serve", "--help"], capture_output=True, text=True)
    options = set(re.findall(r"^ +(--[a-z-]+)", done.stdout, re.MULTILINE)) - {"--help"}
    assert options == {one.option for one in settings.SETTINGS if not one.secret}


def newest() -> tuple[str, str]:
    found = re.search(r"^## \[([^\]]+)\] - (\S+)$", CHANGELOG, re.MULTILINE)
    assert found, "the changelog has no heading like `## [1.0.0] - 2026-11-24`"
    return found[1], found[2]


def test_all_places_name_the_same_version_and_date() -> None:
    described = dataset.load(ROOT).description
    assert described
    version, released = newest()
    assert date.fromisoformat(released)
    assert version == publish.__version__ == described.version
    assert released == described.modified
    cited = yaml.safe_load(CITATION)
    assert (cited["version"], cited["date-released"]) == (version, released)
    assert cited["title"] == described.title
    assert [one["value"] for one in cited["identifiers"]] == [described.iri]
    for name in (".zenodo.json", "codemeta.json"):
        assert json.loads((ROOT / name).read_text(encoding="utf-8"))["version"] == version
    assert f"Version {version}, {released[:4]}. <{described.iri}>" in README


def test_the_ontology_and_the_rules_have_the_version_of_the_data_set() -> None:
    data = dataset.load(ROOT)
    assert data.description
    version = data.description.version
    for graph in (data.ontology_graph, data.shapes_graph):
        said = {
            quad.predicate.value.rpartition("#")[2]: getattr(quad.object, "value", "")
            for name in ("versionInfo", "versionIRI")
            for quad in data.graphs[graph].quads_for_predicate(turtle.Named(ns.OWL + name))
        }
        assert said["versionInfo"] == version
        assert said.get("versionIRI", f"/{version}").endswith(f"/{version}")


def test_each_version_says_what_changed_in_data_and_in_software() -> None:
    newest_part = CHANGELOG.split("\n## ")[1]
    assert newest_part.index("\n### Data\n") < newest_part.index("\n### Software\n")


def test_the_texts_point_only_at_files_that_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", *(f"docs/{one}" for one in DOCS)):
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!http|#)([^)#]+)", text):
            assert (path.parent / target).exists(), f"{name} points at {target}"


def test_each_threat_has_a_defence_and_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (`test_.+`) \|$", text, re.MULTILINE)
    assert len(rows) > 30
    for threat, defence, tests in rows:
        assert defence.strip(), threat
        for module, name in re.findall(r"`(test_\w+\.py)::(test_\w+)`", tests):
            path = ROOT / "tests" / module
            assert path.exists(), f"{threat}: there is no {module}"
            found = re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert found, f"{threat}: {module} has no {name}"
    for variable in re.findall(r"`(FOLKMOTE_\w+)`", text):
        assert variable in {one.variable for one in settings.SETTINGS}


def test_each_property_of_ours_by_which_the_data_speak_is_explained(essay: dataset.Dataset) -> None:
    own = f"{essay.base}ontology#"
    layers = ("essay", "interpretation", "links", "enrichment-")
    used = {
        triple.predicate.value.removeprefix(own)
        for name in essay.graphs
        if name.removeprefix(f"{essay.base}graph/").startswith(layers)
        for triple in essay.triples(name)
        if triple.predicate.value.startswith(own)
    }
    named = set(re.findall(r"`ksv:(\w+)`", DOCS["data.md"]))
    assert used - named == set()
