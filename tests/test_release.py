"""A release holds the same triples in every format, the same bytes each time, whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from conftest import Runner

from publish import dataset, errors, inference, release, turtle, validation

GARDEN = "https://example.org/garden/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TRICKY = f"""
@prefix xsd: <{XSD}> .
@prefix t: <{GARDEN}ontology#> .
<{GARDEN}id/x>
  t:value 1.50 , 1.5 , 01 , 1 , 1E0 , true , "True"^^xsd:boolean , "7"^^xsd:nonNegativeInteger ;
  t:moment "2020-01-01T00:00:00Z"^^xsd:dateTime , "2020-01-01T00:00:00+00:00"^^xsd:dateTime ,
    "2020-01-01T02:00:00+02:00"^^xsd:dateTime , "2020-01-01"^^xsd:date , "2020-01-01Z"^^xsd:date ;
  t:text "line\\nline\\r\\n\\ttab" , "\\"quoted\\" 'twice' \\\\" , "  spaces  " , "" , "<a> & ]]>" ,
    "κρόνος 東京 😀 \\u200E" , "tag"@en , "tag"@en-gb , "tag"@zh-hant ;
  t:thing <{GARDEN}id/é> , <urn:isbn:0-14-080010-0> .
"""
MORE = f"{GARDEN}id/more/"
MORE_TEXT = f"<{MORE}1> <http://www.w3.org/2004/02/skos/core#note> 'x' ."
LAYERS = ("meta", "ontology", "shapes", "text")
FORMATS = [media for media, _ in release.MEDIA]


@pytest.fixture
def tricky(folder: Path) -> dataset.Dataset:
    """The sound data set with every kind of literal that somebody rewrites."""
    (folder / "data" / "text" / "tricky.ttl").write_text(TRICKY, encoding="utf-8")
    return inference.infer(dataset.load(folder))


def read(folder: Path, name: str) -> list[ox.Quad]:
    return turtle.parse_quads((folder / name).read_bytes(), name, name.rpartition(".")[2])[0]


def whole(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- the same in every format


@pytest.mark.parametrize("media", FORMATS)
def test_every_format_holds_the_same_triples(
    tricky: dataset.Dataset, media: str, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    found = {quad.triple for quad in read(out, f"garden.{media}")}
    assert found == set(tricky.union())
    assert len(found) > 25


@pytest.mark.parametrize("media", FORMATS)
def test_the_data_sets_come_whole_in_every_format(
    either: dataset.Dataset, media: str, tmp_path: Path
) -> None:
    written = release.write(either, tmp_path / "out")
    found = {quad.triple for quad in read(written.root, f"{written.name}.{media}")}
    assert found == set(either.union())


@pytest.mark.parametrize("media", ["nq", "trig"])
def test_the_formats_with_graphs_hold_each_layer_and_no_rules(
    tricky: dataset.Dataset, media: str, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    graphs: dict[str, set[ox.Triple]] = {}
    for quad in read(out, f"garden.{media}"):
        graphs.setdefault(quad.graph_name.value, set()).add(quad.triple)  # type: ignore[union-attr]
    expected = {iri: set(tricky.triples(iri)) for iri in tricky.graphs}
    del expected[tricky.shapes_graph]
    assert graphs == expected


def test_each_graph_has_a_file_of_its_own(tricky: dataset.Dataset, tmp_path: Path) -> None:
    out = release.write(tricky, tmp_path / "out").root
    for iri in tricky.graphs:
        name = f"garden-{iri.rpartition('/')[2]}.ttl"
        found = ox.Dataset(turtle.quad_of(quad.triple) for quad in read(out, name))
        wanted = ox.Dataset(turtle.quad_of(triple) for triple in tricky.triples(iri))
        for one in (found, wanted):
            one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert found == wanted


# The parser of JSON-LD in rdflib warns of what it uses itself.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
# rdflib makes 1 of a bare 01 in Turtle, whatever it is told, so Turtle is not read by it here.
@pytest.mark.parametrize(("media", "name"), [("rdf", "xml"), ("jsonld", "json-ld"), ("nt", "nt")])
def test_another_parser_reads_the_same(
    tricky: dataset.Dataset, media: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    out = release.write(tricky, tmp_path / "out").root
    read_back = rdflib.Graph().parse(out / f"garden.{media}", format=name)
    assert {tuple(triple) for triple in read_back} == {tuple(t) for t in tricky.view()}


@pytest.mark.parametrize(
    ("triple", "reason"),
    [
        (f"<{GARDEN}id/x> <{GARDEN}id/1> 'x' .", "cannot write the predicate"),
        (f"<{GARDEN}id/x> <{GARDEN}ontology#> 'x' .", "cannot write the predicate"),
        (f"<{GARDEN}id/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 'x' .", "#li>"),
        (f"<{GARDEN}id/x> <{GARDEN}ontology#p> '\\u0001' .", r"the character U\+0001"),
    ],
)
def test_what_rdf_xml_cannot_hold_is_said_and_the_rest_is_written(
    folder: Path, triple: str, reason: str, tmp_path: Path
) -> None:
    (folder / "data" / "text" / "odd.ttl").write_text(triple)
    data = dataset.load(folder)
    written = release.write(data, tmp_path / "out")
    assert "garden.rdf" not in written.files
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(written.left_out["garden.rdf"])
    for media in FORMATS[:-1]:
        assert {q.triple for q in read(written.root, f"garden.{media}")} == set(data.union())


# --- the same each time


def test_the_same_source_gives_the_same_bytes(
    tricky: dataset.Dataset, folder: Path, tmp_path: Path
) -> None:
    again = shutil.copytree(folder, tmp_path / "again")
    one = release.write(tricky, tmp_path / "one").root
    two = release.write(inference.infer(dataset.load(again)), tmp_path / "two").root
    assert whole(one) == whole(two)


def test_the_order_in_which_python_hashes_does_not_matter(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    for seed in ("1", "2"):
        done = run("build", tmp_path / seed, folder, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    assert whole(tmp_path / "1") == whole(tmp_path / "2")


def test_neither_place_nor_user_nor_clock_changes_a_byte(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    done = run("build", tmp_path / "here", folder, TZ="UTC", LC_ALL="C.UTF-8")
    assert done.returncode == 0, done.stderr
    elsewhere = shutil.copytree(folder, tmp_path / "deep" / "er" / "other name")
    mask = os.umask(0o077)
    try:
        done = run(
            *("build", tmp_path / "there", elsewhere),
            **{"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "HOME": "/", "USER": "somebody"},
        )
    finally:
        os.umask(mask)
    assert done.returncode == 0, done.stderr
    assert whole(tmp_path / "here") == whole(tmp_path / "there")


def test_the_time_is_the_one_given_or_that_of_the_data_set(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    def date(now: datetime | None = None) -> str:
        out = release.write(tricky, tmp_path / "out", now=now).root
        told: str = json.loads((out / release.MANIFEST).read_text())["date"]
        return told

    assert date() == "2026-11-20T00:00:00+00:00"
    assert date(datetime(2027, 1, 2, tzinfo=UTC)) == "2027-01-02T00:00:00+00:00"


def test_gzip_holds_the_same_bytes_and_no_time(tricky: dataset.Dataset, tmp_path: Path) -> None:
    written = release.write(tricky, tmp_path / "out")
    zipped = [name for name in written.files if name.endswith(".gz")]
    assert {f"garden.{media}.gz" for media in FORMATS} <= set(zipped)
    for name in zipped:
        packed = (written.root / name).read_bytes()
        assert packed[4:8] == b"\0\0\0\0"
        assert gzip.decompress(packed) == (written.root / name.removesuffix(".gz")).read_bytes()


def test_the_checksums_are_those_of_the_files_that_are_not_packed(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    written = release.write(tricky, tmp_path / "out")
    sums = {}
    for line in (written.root / release.CHECKSUMS).read_text().splitlines():
        digest, name = line.split("  ")
        sums[name] = digest
    plain = {name for name in written.files if not name.endswith(".gz")} - {
        release.CHECKSUMS,
        release.PROVENANCE,
    }
    assert set(sums) == plain
    for name, digest in sums.items():
        assert hashlib.sha256((written.root / name).read_bytes()).hexdigest() == digest


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_accepts_them(tricky: dataset.Dataset, tmp_path: Path) -> None:
    out = release.write(tricky, tmp_path / "out").root
    command = ["sha256sum", "--check", "--strict", "--quiet", release.CHECKSUMS]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- what is written anew


def numbers(folder: Path) -> dict[str, int]:
    """Give the inode of each file: a file that was taken over keeps its own."""
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def test_what_an_older_release_has_is_not_written_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data" / "more").mkdir()
    (folder / "data" / "more" / "one.ttl").write_text(f"<{MORE}1> <{MORE}p> 'x' .")
    out = release.write(dataset.load(folder), tmp_path / "out").root
    before = numbers(out)

    # A comment is no triple: every dump stays, the manifest tells of the other source.
    (folder / "data" / "more" / "one.ttl").write_text(f"# new\n<{MORE}1> <{MORE}p> 'x' .")
    with monkeypatch.context() as patched:
        patched.setattr(turtle, "serialize_into", None)
        release.write(dataset.load(folder), out)
    made = {"manifest.json", "SHA256SUMS", "provenance.json"}
    small = ("description.ttl", "report.ttl", "context.jsonld")
    made |= {f"{name}{gz}" for name in small for gz in ("", ".gz")}
    assert {name for name, number in numbers(out).items() if before[name] != number} == made

    # One layer changes: the files of the others stay.
    before = numbers(out)
    (folder / "data" / "more" / "one.ttl").write_text(f"<{MORE}1> <{MORE}p> 'y' .")
    data = dataset.load(folder)
    release.write(data, out)
    kept = {name for name, number in numbers(out).items() if before[name] == number}
    names = {f"garden-{name}.ttl{gz}" for name in LAYERS for gz in ("", ".gz")}
    assert kept == names
    anew = whole(release.write(data, tmp_path / "anew").root)
    assert whole(out) == anew


@pytest.mark.parametrize("spoiled", ["garden-text.ttl", "garden-text.ttl.gz"])
def test_a_file_that_was_changed_is_not_taken_over(
    tricky: dataset.Dataset, spoiled: str, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    good = whole(out)
    (out / spoiled).write_bytes(good["garden-meta.ttl.gz"])
    assert whole(release.write(tricky, out).root) == good


def test_a_release_stands_while_nothing_that_goes_into_it_changes(
    folder: Path, tmp_path: Path
) -> None:
    data = dataset.load(folder)
    out = release.write(data, tmp_path / "out", revision="abc").root
    digest, sources = dataset.fingerprint(folder)
    assert (digest, sources) == (data.digest, data.sources)
    assert release.stands(out, digest, revision="abc")
    assert not release.stands(out, digest, revision="abd")
    assert not release.stands(out, digest[::-1], revision="abc")
    assert not release.stands(out, digest, revision="abc", now=datetime(2027, 1, 2, tzinfo=UTC))
    assert not release.stands(tmp_path, digest, revision="abc")
    (out / "garden.nt.gz").write_bytes(gzip.compress(b"else"))
    assert not release.stands(out, digest, revision="abc")


def test_what_did_not_change_is_not_built_again(run: Runner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("build", out, folder).stdout
    assert said.endswith(f" files in {out}\n")
    before = numbers(out)
    stood = f"{said.rstrip()}, as they were: the sources did not change\n"
    assert run("build", out, folder).stdout == stood
    assert numbers(out) == before
    (out / "garden.nt").write_text("")
    assert run("build", out, folder).stdout == said
    assert run("build", out, folder, SOURCE_DATE_EPOCH="1800000000").stdout == said


def test_a_layer_that_is_gone_is_in_no_dump(folder: Path, tmp_path: Path) -> None:
    bare = whole(release.write(dataset.load(folder), tmp_path / "bare").root)
    (folder / "data" / "more").mkdir()
    (folder / "data" / "more" / "one.ttl").write_text(f"<{MORE}1> <{MORE}p> 'x' .")
    release.write(dataset.load(folder), tmp_path / "out")
    shutil.rmtree(folder / "data" / "more")
    assert whole(release.write(dataset.load(folder), tmp_path / "out").root) == bare


def test_other_prefixes_make_other_files(folder: Path, tmp_path: Path) -> None:
    release.write(dataset.load(folder), tmp_path / "out")
    shapes = folder / "shapes" / "plants.ttl"
    text = shapes.read_text(encoding="utf-8")
    shapes.write_text(
        text.replace("@prefix skos:", "@prefix concepts:").replace("skos:", "concepts:")
    )
    data = dataset.load(folder)
    assert "concepts" in data.prefixes
    anew = whole(release.write(data, tmp_path / "anew").root)
    assert whole(release.write(data, tmp_path / "out").root) == anew


def test_a_release_of_an_older_layout_is_written_anew(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    good = whole(out)
    about = json.loads(good["manifest.json"])
    del about["graphs"]
    (out / "manifest.json").write_text(json.dumps(about | {"software": "folkmote 0.9, layout 1"}))
    assert whole(release.write(tricky, out).root) == good


def test_it_is_told_how_far_the_writing_is(tricky: dataset.Dataset, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    for _ in ("written", "taken over"):
        told.clear()
        release.write(tricky, tmp_path / "out", progress=lambda *far: told.append(far))
        assert told == sorted(told)
        assert told[-1][0] == told[-1][1]


# --- what else it tells


def test_the_manifest_names_the_sources_and_the_triples_of_each_graph(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out", revision="abc").root
    about = json.loads((out / release.MANIFEST).read_text())
    plants = (tricky.root / "data" / "text" / "plants.ttl").read_bytes()
    assert about["sources"]["data/text/plants.ttl"] == hashlib.sha256(plants).hexdigest()
    meta = turtle.ntriples(tricky.triples(tricky.meta_graph))
    assert about["graphs"][tricky.meta_graph] == hashlib.sha256(meta).hexdigest()
    made = json.loads((out / release.PROVENANCE).read_text())
    assert made["revision"] == "abc"
    assert made["software"]["pyoxigraph"] == ox.__version__


def test_the_description_counts_and_names_the_files(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    about = rdflib.Graph().parse(out / release.DESCRIPTION)
    void, dcat = rdflib.VOID, rdflib.DCAT
    iri = rdflib.URIRef(f"{GARDEN}dataset")
    assert about.value(iri, void.triples) == rdflib.Literal(len(set(tricky.union())))
    file = rdflib.URIRef(f"{GARDEN}release/0.1.0/garden.nt")
    assert (iri, dcat.distribution, file) in about
    assert about.value(file, dcat.byteSize).value == (out / "garden.nt").stat().st_size  # type: ignore[union-attr]
    assert (iri, rdflib.DCTERMS.title, rdflib.Literal("A garden", lang="en")) in about
    layers = set(about.objects(iri, void.subset)) - set(
        about.subjects(rdflib.RDF.type, void.Linkset)
    )
    assert layers == {rdflib.URIRef(g) for g in tricky.graphs}


def test_the_report_of_the_check_comes_along(folder: Path, tmp_path: Path) -> None:
    plants = folder / "data" / "text" / "plants.ttl"
    plants.write_text(plants.read_text(encoding="utf-8").replace('"7"', "7"))
    data = dataset.load(folder)
    out = release.write(data, tmp_path / "out", findings=validation.check(data)).root
    report = rdflib.Graph().parse(out / release.REPORT)
    (result,) = report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    assert report.value(result, rdflib.SH.focusNode) == rdflib.URIRef(f"{GARDEN}id/plant/mint")
    assert report.value(result, rdflib.SH.value) == rdflib.Literal(7)
    assert str(report.value(result, rdflib.SH.resultMessage)).startswith("data/text/plants.ttl:6:")
    assert list(report.objects(None, rdflib.SH.conforms)) == [rdflib.Literal(False)]


def test_a_release_is_read_back_whole(either: dataset.Dataset, tmp_path: Path) -> None:
    back = release.load(release.write(either, tmp_path / "out"))
    assert back.description == either.description
    assert back.default_graph == "union"
    assert list(back.graphs) == list(either.graphs)
    for iri in either.graphs:
        if iri != either.shapes_graph:
            assert set(back.triples(iri)) == set(either.triples(iri))
    assert len(back.graphs[back.shapes_graph]) == len(either.graphs[either.shapes_graph])
    assert set(back.union()) == set(either.union())


def test_what_was_derived_for_a_release_is_read_back_and_not_derived_again(
    either: dataset.Dataset, tmp_path: Path
) -> None:
    written = release.write(either, tmp_path / "out")
    whole = release.completed(written, dataset.load(either.root))
    assert list(whole.graphs) == list(either.graphs)
    derived = set(whole.triples(whole.inferred_graph))
    assert derived
    assert derived == set(either.triples(either.inferred_graph))


def test_where_nothing_was_derived_nothing_is_read_back(folder: Path, tmp_path: Path) -> None:
    data = dataset.load(folder)
    whole = release.completed(release.write(data, tmp_path / "out"), data)
    assert not set(whole.triples(whole.inferred_graph))


def test_a_data_set_without_a_prefix_has_files_all_the_same(folder: Path, tmp_path: Path) -> None:
    about = folder / "data" / "dataset.ttl"
    lines = about.read_text(encoding="utf-8").splitlines(keepends=True)
    about.write_text("".join(line for line in lines if "NamespacePrefix" not in line))
    assert "dataset.trig" in release.write(dataset.load(folder), tmp_path / "out").files


def test_a_release_fits_its_source_and_no_other(folder: Path, tmp_path: Path) -> None:
    data = dataset.load(folder)
    written = release.write(data, tmp_path / "out")
    assert release.fits(release.open_release(tmp_path / "out"), data.digest)
    (folder / "data" / "text" / "plants.ttl").unlink()
    assert not release.fits(written, dataset.load(folder).digest)


# --- the place


def test_an_older_release_is_replaced_whole(
    tricky: dataset.Dataset, folder: Path, tmp_path: Path
) -> None:
    before = release.write(tricky, tmp_path / "out").files
    about = folder / "data" / "dataset.ttl"
    about.write_text(about.read_text(encoding="utf-8").replace('"garden"', '"yard"'))
    after = release.write(inference.infer(dataset.load(folder)), tmp_path / "out").files
    assert "garden.ttl" in before
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(after)
    assert "yard.ttl" in after
    assert not [name for name in after if name.startswith("garden")]
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "out"}


def test_an_empty_folder_is_filled_and_its_parents_are_made(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert release.write(tricky, tmp_path / "empty").files
    assert release.write(tricky, tmp_path / "a" / "b").files


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("folder/data", "would lie in or over the sources"),
        ("folder/shapes/out", "would lie in or over the sources"),
        ("folder", "would lie in or over the sources"),
        (".", "would lie in or over"),
        ("precious", "holds letter.txt, which no release holds and which would be lost"),
        ("precious/letter.txt", "is a file; name a folder"),
        ("precious/letter.txt/out", "cannot write .*out`: "),
        ("circle/out", "cannot write"),
        ("\0", "cannot write"),
    ],
)
def test_a_place_that_holds_something_else_is_refused(
    tricky: dataset.Dataset, place: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter.txt").write_text("dear")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(errors.OutputError, match=words):
        release.write(tricky, tmp_path / place)
    assert (tmp_path / "precious" / "letter.txt").read_text() == "dear"
    assert {path.name for path in tmp_path.iterdir()} == {"circle", "folder", "precious"}


def test_a_release_with_a_letter_in_it_is_not_thrown_away(
    tricky: dataset.Dataset, tmp_path: Path
) -> None:
    release.write(tricky, tmp_path / "out")
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(errors.OutputError, match=r"holds letter\.txt"):
        release.write(tricky, tmp_path / "out")


def test_a_place_without_the_right_to_write_is_named(
    tricky: dataset.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Refused by hand: root, as whom tests may run, may write everywhere.
    def closed(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", closed)
    with pytest.raises(errors.OutputError, match=r"cannot write .*out`: permission denied; "):
        release.write(tricky, tmp_path / "out")


def test_a_failure_in_the_middle_leaves_the_old_release_and_nothing_else(
    tricky: dataset.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release.write(tricky, tmp_path / "out")
    before = whole(tmp_path / "out")

    def full(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(turtle, "serialize_into", full)
    more = tricky.with_graph(f"{GARDEN}graph/more", [next(tricky.union())])
    with pytest.raises(errors.OutputError, match="no space left on device"):
        release.write(more, tmp_path / "out")
    assert whole(tmp_path / "out") == before
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "out"}


def test_a_build_that_is_ended_leaves_nothing_half_written(folder: Path, tmp_path: Path) -> None:
    """The process stops itself in the middle of its writing, as a signal from outside would."""
    program = """
import os, signal, sys
from publish import cli, turtle

def ended(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
    signal.sigtimedwait([], 5)

turtle.serialize_into = ended
sys.argv = ["folkmote", "build", *sys.argv[1:]]
cli.main()
"""
    out = tmp_path / "out"
    command = [sys.executable, "-c", program, str(out), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 128 + signal.SIGINT, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"folder"}


def test_what_a_killed_build_left_goes_away_the_next_time(folder: Path, tmp_path: Path) -> None:
    program = """
import os, sys
from publish import cli, turtle
turtle.serialize_into = lambda *_: os.kill(os.getpid(), 9)
sys.argv = ["folkmote", "build", *sys.argv[1:]]
cli.main()
"""
    out = tmp_path / "out"
    before = whole(release.write(dataset.load(folder), out).root)
    (folder / "data" / "text" / "more.ttl").write_text(MORE_TEXT)
    command = [sys.executable, "-c", program, str(out), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert whole(out) == before
    assert len(list(tmp_path.iterdir())) == 3  # the folder, the release, what was left
    release.write(dataset.load(folder), out)
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "out"}


SMALL_DISK = """
import json, shutil, subprocess, sys
from pathlib import Path
disk, folder = map(Path, sys.argv[1:])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", disk], check=True)

def build():
    command = [sys.executable, "-m", "publish", "build", disk / "out", folder]
    return subprocess.run(command, capture_output=True, text=True)

def whole():
    return {path.name: path.read_bytes() for path in (disk / "out").iterdir()}

first = build()
before = whole()
lines = (f"<urn:x:{number}> <http://www.w3.org/2004/02/skos/core#note> 'x' ." for number in range(5000))
(folder / "data" / "text" / "more.ttl").write_text("\\n".join(lines))
second = build()
names = [path.name for path in disk.iterdir()]
print(json.dumps([first.returncode, second.returncode, second.stderr, whole() == before, names]))
"""


def test_a_full_disk_is_told_and_leaves_the_earlier_release(folder: Path, tmp_path: Path) -> None:
    unshare = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False).returncode:
        pytest.skip("no disk of its own can be made here")
    (tmp_path / "disk").mkdir()
    command = [*unshare, sys.executable, "-c", SMALL_DISK, str(tmp_path / "disk"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    first, second, said, untouched, names = json.loads(done.stdout)
    assert (first, second) == (0, 3)
    assert "out`: no space left on device; mend that or name another folder" in said
    assert untouched
    assert names == ["out"]


def test_a_place_without_the_right_to_write_is_told(folder: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir()
    release.write(dataset.load(folder), shut / "out")
    (folder / "data" / "text" / "more.ttl").write_text(MORE_TEXT)
    before = whole(shut / "out")
    shut.chmod(0o555)
    command = [sys.executable, "-m", "publish", "build", str(shut / "out"), str(folder)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and setpriv is not installed")
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    shut.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "out`: permission denied; mend that or name another folder" in done.stderr
    assert whole(shut / "out") == before
    assert [path.name for path in shut.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda out: (out / "garden.nt").unlink(), "is not complete: garden.nt is missing"),
        (lambda out: (out / "garden.nt").write_text(""), "is not complete: garden.nt"),
        (lambda out: (out / "manifest.json").unlink(), "is no release: it holds no manifest"),
        (lambda out: (out / "manifest.json").write_text("{"), "is damaged, or none of folkmote"),
        (lambda out: (out / "manifest.json").write_text("[]"), "is no release"),
    ],
    ids=["file missing", "file changed", "no manifest", "half a manifest", "another manifest"],
)
def test_a_spoiled_release_is_not_opened(
    tricky: dataset.Dataset, spoil, words: str, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    spoil(out)
    with pytest.raises(errors.FolderError, match=words):
        release.open_release(out)


@pytest.mark.parametrize(
    "name", ["garden.nt", "garden.nt.gz", "manifest.json", "SHA256SUMS", "provenance.json"]
)
def test_a_release_has_no_file_that_is_a_link(
    tricky: dataset.Dataset, name: str, tmp_path: Path
) -> None:
    """A link may lead to any file of whoever serves a release of somebody else."""
    out = release.write(tricky, tmp_path / "out").root
    (out / name).rename(tmp_path / name)
    (out / name).symlink_to(tmp_path / name)
    with pytest.raises(errors.FolderError, match=f"{name} is a symbolic link"):
        release.open_release(out)


def test_the_folder_of_a_release_may_be_a_link(tricky: dataset.Dataset, tmp_path: Path) -> None:
    out = release.write(tricky, tmp_path / "out").root
    (tmp_path / "current").symlink_to("out")
    opened = release.open_release(tmp_path / "current")
    assert opened.files.keys() == release.open_release(out).files.keys()


NAMELESS = {"bytes": 1, "sha256": "0", "triples": 0}
WEIGHED = {**NAMELESS, "media": "text/turtle"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("date", day) for day in (None, 5, "today", "2026-11-29")),
        *(("graphs", none) for none in ("x", 5, None)),
        *((name, None) for name in ("iri", "left_out", "name", "source", "sources", "version")),
        *(("files", {"garden.nt": {**WEIGHED, name: None}}) for name in WEIGHED),
    ],
)
def test_a_manifest_of_another_kind_is_none(
    tricky: dataset.Dataset, name: str, value: object, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    about = json.loads((out / release.MANIFEST).read_text())
    (out / release.MANIFEST).write_text(json.dumps({**about, name: value}))
    assert not release.is_release(out)


@pytest.mark.parametrize(
    "files",
    [
        5,
        None,
        ["garden.nt"],
        {"garden.nt": 5},
        {"garden.nt": NAMELESS},
        {"": WEIGHED},
        {".": WEIGHED},
        {"..": WEIGHED},
    ],
)
def test_a_manifest_that_names_no_files_is_none(
    tricky: dataset.Dataset, files: object, tmp_path: Path
) -> None:
    out = release.write(tricky, tmp_path / "out").root
    about = json.loads((out / release.MANIFEST).read_text())
    (out / release.MANIFEST).write_text(json.dumps({**about, "files": files}))
    assert not release.is_release(out)


@pytest.mark.parametrize("named", ["../secret.txt", "sub/secret.txt", "{absolute}"])
def test_a_release_names_no_file_outside_of_its_folder(
    tricky: dataset.Dataset, named: str, tmp_path: Path
) -> None:
    """Whoever serves a release of somebody else shows nothing of their own."""
    out = release.write(tricky, tmp_path / "out").root
    (out / "sub").mkdir()
    for place in (tmp_path, out / "sub"):
        (place / "secret.txt").write_text("mine")
    about = json.loads((out / release.MANIFEST).read_text())
    name = named.format(absolute=tmp_path / "secret.txt")
    about["files"][name] = {**about["files"]["garden.nt"], "bytes": 4}
    (out / release.MANIFEST).write_text(json.dumps(about))
    assert not release.is_release(out)
    with pytest.raises(errors.FolderError, match="is no release"):
        release.open_release(out)
