"""The command says what is asked on stdout, all else on stderr, and ends with the right code."""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
from conftest import BROKEN, FOREIGN, PROGRESS, Runner, copy_of

import publish
from publish import dataset, release, settings

GARDEN = "https://example.org/garden/"
MINT = f"{GARDEN}id/plant/mint"
VERBS = ("check", "build", "serve", "query")


def spoil(folder: Path, old: str, new: str, name: str = "data/text/plants.ttl") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- every verb


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(run: Runner, verb: str) -> None:
    done = run(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: folkmote {verb}")


def test_every_setting_is_an_option_of_serve(run: Runner) -> None:
    shown = " ".join(run("serve", "--help").stdout.split())
    for setting in settings.SETTINGS:
        if setting.secret:
            assert f"{setting.option} " not in shown
            continue
        default = f"; by default {setting.default}" if setting.default != "" else ""
        assert (
            f"{setting.option} VALUE {setting.help[0].upper()}{setting.help[1:]}{default}." in shown
        )


def test_the_version_is_told(run: Runner) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"folkmote {publish.__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chekc"],
        ["check", "--engine", "fast"],
        ["check", "--format", "pdf"],
        ["check", "one", "two"],
        ["build"],
        ["query"],
        ["serve", "--speed", "1"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_2_and_explained_on_stderr(run: Runner, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == "" or not arguments
    assert done.stderr or not arguments
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", [["check"], ["build", "out"], ["query", "ASK {}"], ["serve"]])
@pytest.mark.parametrize(
    "case", ["turtle-in-two-files", "wrong-iri", "not-utf8", "two-data-sets", "no-licence"]
)
def test_what_cannot_be_read_is_3_and_one_sentence_each(
    run: Runner, verb: list[str], case: str, tmp_path: Path
) -> None:
    done = run(*verb, copy_of(case, tmp_path / "folder"))
    assert done.returncode == 3
    assert done.stdout == ""
    expected = (BROKEN / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line.partition(": ")[2] for line in expected]
    assert done.stderr.splitlines() == [f"folkmote: {sentence}" for sentence in sentences]
    assert not (tmp_path / "here" / "out").exists()


@pytest.mark.parametrize("verb", [["check"], ["build", "out"], ["query", "ASK {}"], ["serve"]])
def test_a_folder_that_is_not_there_is_3(run: Runner, verb: list[str], tmp_path: Path) -> None:
    done = run(*verb, tmp_path / "none")
    assert done.returncode == 3
    assert re.fullmatch(r"folkmote: `.*none` does not exist; [^\n]*\n", done.stderr)


def test_the_current_folder_counts_where_it_is_a_data_set(run: Runner, folder: Path) -> None:
    spoil(folder, '  skos:prefLabel "rue"@en ;\n', "")
    assert run("check", cwd=folder).stdout.startswith("data/text/plants.ttl:10: violation: ")


def test_elsewhere_it_is_the_shipped_data_set(run: Runner) -> None:
    done = run("query", "ASK { ?any a dcat:Dataset ; vann:preferredNamespaceUri ?base }")
    assert (done.returncode, done.stdout) == (0, "yes\n")
    shipped = dataset.load(dataset.shipped())
    done = run("query", f"ASK {{ <{shipped.description.iri}> ?any ?thing }}")  # type: ignore[union-attr]
    assert (done.returncode, done.stdout) == (0, "yes\n")


def test_no_colour_is_ever_written(run: Runner, folder: Path) -> None:
    spoil(folder, '  skos:prefLabel "rue"@en ;\n', "")
    for environ in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "xterm-256color"}):
        done = run("check", folder, **environ)
        assert "\x1b" not in done.stdout + done.stderr


def test_a_reader_who_stops_reading_hears_no_complaint(folder: Path) -> None:
    everything = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 200000"
    command = [sys.executable, "-m", "publish", "query", everything, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.readline()
        started.stdout.close()
        assert PROGRESS.sub("", started.stderr.read().decode()) == ""
        assert started.wait(timeout=60) not in (1, 2, 3)


def test_what_takes_long_is_told_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from publish.cli import terminal

    started: list[tuple[float, Callable[[], object]]] = []

    class Timer:
        def __init__(self, seconds: float, begin: Callable[[], object]) -> None:
            started.append((seconds, begin))

        def start(self) -> None:
            started[-1][1]()

        cancel = join = lambda _: None

    monkeypatch.setattr(threading, "Timer", Timer)
    with terminal.progress("reading"):
        pass
    assert [seconds for seconds, _ in started] == [1]
    assert capsys.readouterr() == ("", "folkmote: reading ...\n")


# --- check


def test_a_sound_folder_is_0(run: Runner, folder: Path) -> None:
    done = run("check", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "59 triples checked: 0 violations\n"


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_violation_is_1_with_its_line_and_that_of_the_rule(
    run: Runner, folder: Path, engine: str
) -> None:
    spoil(folder, "plant:mint .", "plant:nettle .")
    done = run("check", folder, "--engine", engine)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "data/text/plants.ttl:12: violation: A plant is related to plants only; describe this one "
        'or strike it (plant:nettle of "rue", plant:rue; rule shapes/plants.ttl:41)',
        "59 triples checked: 1 violation",
    ]


def test_a_warning_is_printed_and_is_0(run: Runner, tmp_path: Path) -> None:
    done = run("check", copy_of("warning-only", tmp_path / "folder"))
    assert done.returncode == 0
    assert ":6: warning: A number is better written as a text" in done.stdout
    assert done.stdout.endswith("0 violations, 1 warning\n")


def test_remarks_are_printed_where_they_are_asked_for(run: Runner) -> None:
    quiet, full = run("check", FOREIGN), run("check", FOREIGN, "--advice")
    assert quiet.returncode == full.returncode == 0
    assert ": info: " not in quiet.stdout
    remarks = int(re.search(r"(\d+) remark", quiet.stdout)[1])  # type: ignore[index]
    assert full.stdout.count(": info: ") == remarks > 0


def test_terms_are_held_against_their_vocabularies(run: Runner, folder: Path) -> None:
    spoil(folder, "skos:related plant", "skos:relatd plant")
    done = run("check", folder)
    assert done.returncode == 1
    assert "data/text/plants.ttl:12: violation: `skos:relatd` " in done.stdout


def test_rules_that_derive_are_checked_too(run: Runner, tmp_path: Path) -> None:
    done = run("check", copy_of("bad-rule", tmp_path / "folder"))
    assert done.returncode == 3
    assert done.stderr.startswith("folkmote: shapes/rules.ttl:6: this rule cannot be carried out")


def test_findings_are_also_written_for_programs(run: Runner, folder: Path) -> None:
    spoil(folder, "plant:mint .", "plant:nettle .")
    (found,) = json.loads(run("check", folder, "--format", "json").stdout)
    # From where the command runs: that is where a program looks for a file.
    assert (found["path"], found["line"]) == (f"{folder}/data/text/plants.ttl", 12)
    assert (found["severity"], found["label"]) == ("violation", "rue")
    report = rdflib.Graph().parse(data=run("check", folder, "--format", "turtle").stdout)
    (value,) = report.objects(None, rdflib.SH.value)
    assert value == rdflib.URIRef(f"{GARDEN}id/plant/nettle")


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "turtle"])
def test_what_comes_of_one_wrong_prefix_is_told_once_in_each_form(
    run: Runner, tmp_path: Path, form: str
) -> None:
    wrong = tmp_path / "wrong"
    shutil.copytree(FOREIGN, wrong)
    # Of the two files that have it, this one says what lies outside the base.
    spoil(wrong, "/strahlen/id/abschnitt/", "/strahl/id/abschnitt/", "data/text/abschnitte.ttl")
    done = run("check", wrong, "--format", form)
    assert done.returncode == 1
    assert done.stdout.count("https://example.org/strahl/id/") == (2 if form == "junit" else 1)
    if form == "json":
        (one,) = json.loads(done.stdout)
        assert (one["path"], one["line"]) == (f"{wrong}/data/text/abschnitte.ttl", 1)
        known = one["consequences"]
        assert known["violations"] == 12
        assert {place["path"] for place in known["first"]} == {
            f"{wrong}/data/text/erwaehnungen.ttl"
        }
    elif form == "sarif":
        (result,) = json.loads(done.stdout)["runs"][0]["results"]
        assert {one["message"]["text"] for one in result["relatedLocations"]} == {"comes of it"}
    else:
        assert re.search(r"; 12 violations.* come of it, first at \S+ttl:\d+", done.stdout)


def test_what_does_not_come_of_a_wrong_prefix_is_told_beside_it(
    run: Runner, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    shutil.copytree(FOREIGN, wrong)
    spoil(wrong, "/strahlen/id/abschnitt/", "/strahl/id/abschnitt/", "data/text/abschnitte.ttl")
    spoil(wrong, '"Abschnitt 11"@de', '"Abschnitt 11"@deutsch', "data/text/abschnitte.ttl")
    first, second, _ = run("check", wrong).stdout.splitlines()
    assert "`abschnitt:` stands for" in first
    assert "`@deutsch`" in second


# --- build


def test_a_release_is_built_and_told_in_one_line(run: Runner, folder: Path, tmp_path: Path) -> None:
    done = run("build", "out", folder)
    assert (done.returncode, done.stderr) == (0, "")
    written = release.open_release(tmp_path / "here" / "out")
    assert done.stdout == f"{len(written.files)} files in out\n"


def test_nothing_is_built_of_data_that_break_a_rule(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    spoil(folder, "plant:mint .", "plant:nettle .")
    done = run("build", "out", folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("data/text/plants.ttl:12: violation: ")
    assert not (tmp_path / "here" / "out").exists()


def test_a_place_that_cannot_be_written_is_3(run: Runner, folder: Path) -> None:
    for place in (folder / "data" / "out", folder / "data" / "dataset.ttl", "/dev/null/out"):
        done = run("build", place, folder)
        assert (done.returncode, done.stdout) == (3, "")
        assert re.fullmatch(r"folkmote: [^\n]+; [^\n]+\n", done.stderr)


def test_a_format_that_is_left_out_is_named(run: Runner, folder: Path) -> None:
    (folder / "data" / "text" / "odd.ttl").write_text(f"<{MINT}> <urn:example:1> 'x' .")
    done = run("build", "out", folder)
    assert "garden.rdf is left out: RDF/XML cannot write the predicate" in done.stderr


def test_the_time_can_be_set_from_outside(run: Runner, folder: Path, tmp_path: Path) -> None:
    assert run("build", "out", folder, SOURCE_DATE_EPOCH="86400").returncode == 0
    told = json.loads((tmp_path / "here" / "out" / release.MANIFEST).read_text())
    assert told["date"] == "1970-01-02T00:00:00+00:00"
    done = run("build", "out", folder, SOURCE_DATE_EPOCH="yesterday")
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr


# --- query

LABELS = "SELECT ?plant ?label { ?plant skos:prefLabel ?label } ORDER BY ?label"


def test_rows_are_shown_as_a_table_with_short_names(run: Runner, folder: Path) -> None:
    done = run("query", LABELS, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "plant       label\nplant:mint  mint\nplant:rue   rue\n"


def test_a_text_cannot_steer_the_terminal(run: Runner, folder: Path) -> None:
    done = run("query", r'SELECT ("a\nb\u001B[31m" AS ?x) (1/0 AS ?y) {}', folder)
    assert done.stdout == f"{'x':12}  y\na\\nb\\x1b[31m\n"


def test_what_was_derived_is_asked_too(run: Runner, folder: Path) -> None:
    assert run("query", "ASK { plant:mint skos:related plant:rue }", folder).stdout == "yes\n"
    assert run("query", "ASK { plant:mint skos:related plant:mint }", folder).stdout == "no\n"


@pytest.mark.parametrize(
    ("query", "format", "answer"),
    [
        (LABELS, "csv", f"plant,label\r\n{MINT},mint\r\n{GARDEN}id/plant/rue,rue\r\n"),
        (LABELS, "tsv", f'?plant\t?label\n<{MINT}>\t"mint"@en\n<{GARDEN}id/plant/rue>\t"rue"@en\n'),
        (
            f"CONSTRUCT {{ ?x a ?k }} {{ VALUES ?x {{ <{MINT}> }} ?x a ?k }}",
            "nt",
            f"<{MINT}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
            "<http://www.w3.org/2004/02/skos/core#Concept> .\n",
        ),
    ],
    ids=["csv", "tsv", "nt"],
)
def test_answers_come_in_the_format_asked_for(
    folder: Path, query: str, format: str, answer: str
) -> None:
    command = [sys.executable, "-m", "publish", "query", query, str(folder), "--format", format]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert done.stdout.decode() == answer


@pytest.mark.parametrize("format", ["json", "xml"])
def test_answers_for_programs_can_be_read(run: Runner, folder: Path, format: str) -> None:
    assert "mint" in run("query", LABELS, folder, "--format", format).stdout


def test_triples_are_shown_as_turtle(run: Runner, folder: Path) -> None:
    graph = rdflib.Graph().parse(data=run("query", "DESCRIBE plant:mint", folder).stdout)
    assert (rdflib.URIRef(MINT), rdflib.RDF.type, rdflib.SKOS.Concept) in graph


def test_a_query_is_also_read_from_a_file_and_from_stdin(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    # As some editors save it, with a mark before the text.
    (tmp_path / "labels.rq").write_text(LABELS, encoding="utf-8-sig")
    asked = run("query", LABELS, folder).stdout
    assert run("query", tmp_path / "labels.rq", folder).stdout == asked
    assert run("query", "-", folder, stdin=LABELS).stdout == asked


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file here is always full")
@pytest.mark.parametrize(
    "verb",
    [("check",), ("crosswalk", "marc21"), ("query", "ASK { ?s ?p ?o }"), ("--help",)],
)
def test_an_answer_for_which_there_is_no_room_is_told(folder: Path, verb: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "publish", *verb, folder],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        "folkmote: cannot write the answer: no space left on device; mend that and run it again"
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_an_output_that_is_closed_leads_nowhere(folder: Path, closed: str) -> None:
    command = f'"{sys.executable}" -m publish check "{folder}" {closed}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, encoding="utf-8")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_saved_question_is_no_query_and_it_is_said_where_to_ask_it(
    run: Runner, folder: Path
) -> None:
    done = run("query", folder / "data/dataset.ttl", folder)
    assert done.returncode == 3
    assert "is Turtle, no query; give the text of its sh:select" in done.stderr


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("SELECT * {\n ?a ?b }", 2, r"line 2, column \d+: "),
        ("SELECT * { ?a no:such ?b }", 2, r"line 1, column \d+: .*no"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 2, "INSERT in line 1, column 1"),
        ("SELECT * { SERVICE <http://127.0.0.1> { ?a ?b ?c } }", 2, "SERVICE in line 1"),
        ("SELECT * " + "{" * 8000 + "}" * 8000, 2, "nested more than"),
        ("labels.rq", 3, "there is no file `labels.rq`; name one, or give a query in quotes"),
        ("", 3, "there is no file"),
    ],
    ids=["syntax", "prefix", "update", "service", "depth", "no file", "nothing"],
)
def test_a_query_that_cannot_be_answered_says_why(
    run: Runner, folder: Path, query: str, code: int, words: str
) -> None:
    done = run("query", query, folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert re.fullmatch(rf"folkmote: .*{words}.*\n", done.stderr)


@pytest.mark.parametrize(
    ("query", "format", "names"),
    [
        (LABELS, "turtle", "SELECT has no format `turtle`; ask for table, json, xml, csv or tsv"),
        ("ASK {}", "csv", "ASK has no format `csv`; ask for table, json or xml"),
        ("DESCRIBE <urn:x>", "table", "ask for turtle, jsonld, ntriples or rdfxml"),
    ],
)
def test_an_unknown_format_is_2_and_the_known_ones_are_named(
    run: Runner, folder: Path, query: str, format: str, names: str
) -> None:
    done = run("query", query, folder, "--format", format)
    assert (done.returncode, done.stdout) == (2, "")
    assert names in done.stderr


def test_a_release_and_a_bare_file_can_be_asked(run: Runner, folder: Path, tmp_path: Path) -> None:
    assert run("build", "out", folder).returncode == 0
    out = tmp_path / "here" / "out"
    asked = run("query", LABELS, folder).stdout
    assert run("query", LABELS, out).stdout == asked
    assert run("query", LABELS, out / "garden.ttl").stdout == asked
    assert run("query", LABELS, out / "garden.nt.gz").stdout.count("\n") == 3


# --- serve


class Served:
    """A server that a test started, and what it said."""

    def __init__(self, *arguments: object, cache: Path, **environ: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "publish", "serve", "--port", "0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "XDG_CACHE_HOME": str(cache), **environ},
        )
        self.line = self._first_line()
        match = re.search(r"http://127\.0\.0\.1:\d+", self.line)
        self.address = match[0] if match else ""

    def _first_line(self) -> str:
        assert self.process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            assert ready.select(timeout=300), "the server said nothing for five minutes"
        return self.process.stdout.readline()

    def get(self, path: str, **headers: str) -> str:
        request = urllib.request.Request(self.address + path, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(how)
        said, complained = self.process.communicate(timeout=120)
        return self.process.returncode, said, PROGRESS.sub("", complained)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*arguments: object, **environ: str) -> Served:
        started.append(Served(*arguments, cache=tmp_path / "cache", **environ))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def test_a_folder_is_served_with_one_line_and_ends_quietly(
    serving: Callable[..., Served], folder: Path, tmp_path: Path
) -> None:
    server = serving(folder)
    assert server.line == f"serving A garden on {server.address}; Ctrl-C stops it\n"
    assert "mint" in server.get("/id/plant/mint", Accept="text/turtle")
    assert "garden.nt" in server.get("/dump/")
    code, said, logged = server.stop()
    assert (code, said) == (0, "")
    assert [json.loads(line.split(" INFO ")[1])["event"] for line in logged.splitlines()] == [
        "started"
    ]
    (kept,) = (tmp_path / "cache" / "folkmote" / "releases").iterdir()
    assert release.is_release(kept)


def test_a_release_that_fits_is_used_again(
    serving: Callable[..., Served], folder: Path, tmp_path: Path
) -> None:
    def stamps() -> list[int]:
        kept = (tmp_path / "kept").glob("*/manifest.json")
        return sorted(path.stat().st_ino for path in kept)

    for _ in range(2):
        serving(folder, "--releases", tmp_path / "kept").stop()
        assert len(first := stamps()) == 1
    serving(folder, "--releases", tmp_path / "kept").stop()
    assert stamps() == first
    spoil(folder, '"rue"', '"garden rue"')
    serving(folder, "--releases", tmp_path / "kept").stop()
    assert len(stamps()) == 2


def test_only_the_newest_releases_are_kept(tmp_path: Path) -> None:
    from publish.cli import releases

    for number in range(7):
        place = tmp_path / f"garden-{number:016x}"
        place.mkdir()
        os.utime(place, (number, number))
    (tmp_path / "yard-0000000000000000").mkdir()
    releases.prune(tmp_path / "garden-0000000000000006")
    assert sorted(path.name[-1] for path in tmp_path.glob("garden-*")) == list("23456")
    assert (tmp_path / "yard-0000000000000000").is_dir()


def test_what_a_server_serves_from_stays(
    serving: Callable[..., Served], folder: Path, tmp_path: Path
) -> None:
    """Neither the builds of other states nor another version of the software take it away."""
    from publish.cli import releases

    server = serving(folder, "--releases", tmp_path / "kept")
    (own,) = (tmp_path / "kept").iterdir()
    os.utime(own, (0, 0))
    for number in range(7):
        (tmp_path / "kept" / f"garden-{number:016x}").mkdir()
    releases.prune(own)
    assert len(list((tmp_path / "kept").iterdir())) == 6
    assert "mint" in server.get("/release/latest/garden.nt")
    server.stop()
    releases.prune(own)
    assert not own.exists()


def test_another_version_of_the_software_builds_a_release_beside(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    from publish import settings
    from publish.cli import releases

    chosen = settings.read({}, {"releases": str(tmp_path / "kept")})
    places = set()
    for software in ("folkmote 1", "folkmote 2", "folkmote 1"):
        for module in (release, release.reading, release.writing):
            monkeypatch.setattr(module, "software", lambda said=software: said)
        found = releases.servable(folder, chosen)
        assert found is not None
        assert found.release is not None
        places.add(found.release.root)
    assert len(places) == 2


def test_where_no_release_can_be_kept_it_is_served_all_the_same(
    serving: Callable[..., Served], folder: Path, tmp_path: Path
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    server = serving(folder, "--releases", "/dev/null/kept", TMPDIR=str(passing))
    assert "garden.nt" in server.get("/dump/")
    assert list(passing.iterdir())
    code, _, complained = server.stop()
    assert code == 0
    assert "cannot write `/dev/null/kept`" in complained
    assert not list(passing.iterdir())


@pytest.mark.parametrize("name", ["", "garden.ttl"])
def test_a_release_and_a_bare_file_are_served(
    serving: Callable[..., Served], run: Runner, folder: Path, tmp_path: Path, name: str
) -> None:
    assert run("build", "out", folder).returncode == 0
    server = serving(tmp_path / "here" / "out" / name)
    query = "/sparql?query=ASK%20%7B%20%3C" + MINT.replace(":", "%3A") + "%3E%20%3Fp%20%3Fo%20%7D"
    assert json.loads(server.get(query))["boolean"] is True
    assert server.stop(signal.SIGTERM)[0] == 0


def test_data_that_break_a_rule_are_not_served(run: Runner, folder: Path) -> None:
    spoil(folder, "plant:mint .", "plant:nettle .")
    done = run("serve", folder, "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "data/text/plants.ttl:12: violation: " in done.stderr


def test_a_port_in_use_is_3_and_named(run: Runner, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", folder, "--port", port)
    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(rf"folkmote: port {port} of 127\.0\.0\.1 is in use; .*\n", done.stderr)


def test_a_file_of_no_known_format_is_3(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b")
    done = run("serve", tmp_path / "x.csv")
    assert done.returncode == 3
    assert "`.csv` is no RDF format known here" in done.stderr


def test_a_setting_can_stand_in_the_environment(run: Runner, folder: Path) -> None:
    done = run("serve", folder, FOLKMOTE_QUERY_SECONDS="soon")
    assert done.returncode == 2
    assert "`FOLKMOTE_QUERY_SECONDS` cannot be `soon`" in done.stderr


def test_a_stop_before_anything_is_read_is_no_traceback() -> None:
    """Ctrl-C may come while Python still reads the modules of the command."""
    code = (
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'publish.cli.command':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "from publish.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")
