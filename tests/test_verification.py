"""A release is held against what it says of itself, and each fault is told with its file."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner

from publish import dataset, errors, inference, release, verification

GARDEN = "https://example.org/garden/"
Spoil = Callable[[Path], Any]


@pytest.fixture
def built(folder: Path, tmp_path: Path) -> Path:
    """A release with blank nodes in it, which each format names in its own way."""
    (folder / "data" / "text" / "knot.ttl").write_text(
        "@prefix e: <https://example.org/garden/ontology#> .\n"
        "_:a e:p _:b , 1.50 . _:b e:p _:a .\n<https://example.org/garden/id/x> e:p [ e:p ( 1 2 ) ] ."
    )
    return release.write(inference.infer(dataset.load(folder)), tmp_path / "out").root


def faults(out: Path) -> list[str]:
    return [f"{one.name}: {one.message}" for one in verification.verify(out).faults]


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def agree(out: Path, name: str) -> None:
    """Let the manifest and the checksums say of a file what it is now, as a forger would."""
    source = (out / name).read_bytes()
    (out / f"{name}.gz").write_bytes(gzip.compress(source))
    about = json.loads((out / release.MANIFEST).read_text())
    about["files"][name] |= {"bytes": len(source), "sha256": hashlib.sha256(source).hexdigest()}
    (out / release.MANIFEST).write_text(json.dumps(about))
    names = {**{n: t["sha256"] for n, t in about["files"].items()}}
    names[release.MANIFEST] = hashlib.sha256((out / release.MANIFEST).read_bytes()).hexdigest()
    lines = (f"{digest}  {name}\n" for name, digest in sorted(names.items()))
    (out / release.CHECKSUMS).write_text("".join(lines))


def test_a_release_as_it_was_written_has_no_fault(built: Path) -> None:
    verdict = verification.verify(built)
    about = json.loads((built / release.MANIFEST).read_text())
    assert verdict.faults == ()
    assert verdict.files == len(about["files"])
    assert verdict.triples == about["files"]["garden.nt"]["triples"]


def test_the_releases_of_the_data_sets_have_no_fault(
    either: dataset.Dataset, tmp_path: Path
) -> None:
    written = release.write(either, tmp_path / "out")
    assert verification.verify(written.root).faults == ()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda out: (out / "garden.nt").unlink(), ["garden.nt: is missing"]),
        (lambda out: (out / "garden.nt.gz").unlink(), ["garden.nt.gz: is missing"]),
        (lambda out: rewrite(out / "garden.nt", "mint", "mind"), ["garden.nt: was changed"]),
        (
            lambda out: (out / "garden.ttl.gz").write_bytes(gzip.compress(b"")),
            ["garden.ttl.gz: was changed"],
        ),
        (
            lambda out: (out / "garden.ttl.gz").write_bytes(b"no gzip"),
            ["garden.ttl.gz: cannot be read"],
        ),
        (
            lambda out: (out / "garden.ttl.gz").write_bytes(
                (out / "garden.ttl.gz").read_bytes()[:-9]
            ),
            ["garden.ttl.gz: cannot be read"],
        ),
        (lambda out: (out / "letter.txt").write_text("dear"), ["letter.txt: is no file of this"]),
        (lambda out: (out / release.CHECKSUMS).unlink(), ["SHA256SUMS: cannot be read"]),
        (
            lambda out: rewrite(out / release.CHECKSUMS, "garden.trig", "garden.tric"),
            [
                "SHA256SUMS: names another checksum than the manifest does for garden.tric",
                "SHA256SUMS: names another checksum than the manifest does for garden.trig",
            ],
        ),
        (
            lambda out: rewrite(out / release.MANIFEST, "A garden", "A desert"),
            ["SHA256SUMS: names another checksum than the manifest does for manifest.json"],
        ),
        (
            lambda out: (out / release.CHECKSUMS).write_text(
                (out / release.CHECKSUMS).read_text() + "what?\n"
            ),
            ["SHA256SUMS: has a line that is no checksum"],
        ),
        (
            lambda out: rewrite(out / "garden.nq", "mint", "mind"),
            ["garden.nq: cannot be trusted", "garden.nq: was changed"],
        ),
    ],
)
def test_what_is_missing_changed_or_does_not_belong_there_is_told(
    built: Path, spoil: Spoil, words: list[str]
) -> None:
    spoil(built)
    found = faults(built)
    assert len(found) == len(words)
    for fault, word in zip(found, words, strict=True):
        assert fault.startswith(word)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("garden.nt", '"mint"@en', '"mind"@en', ["holds other triples than the N-Quads do"]),
        ("garden.jsonld", '"1.50"', '"1.5"', ["holds other triples than the N-Quads do"]),
        ("garden.rdf", ">mint<", ">mind<", ["holds other triples than the N-Quads do"]),
        (
            "garden.trig",
            '"mint"@en',
            '"mind"@en',
            [f"holds other triples in <{GARDEN}graph/text> than the N-Quads do"],
        ),
        (
            "garden-text.ttl",
            '"mint"@en',
            '"mind"@en',
            [f"holds other triples than the N-Quads do in <{GARDEN}graph/text>"],
        ),
        (
            "garden-text.ttl",
            '"mint"@en',
            '"mint"@en , "mentha"@la',
            [
                "holds 16 triples, not 15",
                f"holds other triples than the N-Quads do in <{GARDEN}graph/text>",
            ],
        ),
        ("garden-shapes.ttl", " sh:maxCount 1 ;", "", ["triples, not"]),
        ("garden.ttl", "@prefix dcat:", "@prefix dogs:", ["does not parse"]),
        ("description.ttl", "void:triples", "void:triples 7 ,", ["counts 7 triples in"]),
    ],
)
def test_formats_that_differ_are_told_even_where_their_checksums_agree(
    built: Path, name: str, old: str, new: str, words: list[str]
) -> None:
    text = (built / name).read_text(encoding="utf-8")
    assert old in text
    (built / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    agree(built, name)
    found = faults(built)
    assert {fault.partition(": ")[0] for fault in found} == {name}
    for word in words:
        assert any(word in fault for fault in found), found


def test_quads_that_were_forged_with_everything_else_differ_from_the_digest_of_the_graph(
    built: Path,
) -> None:
    rewrite(built / "garden.nq", '"mint"@en', '"mind"@en')
    agree(built, "garden.nq")
    assert f"garden.nq: has other triples in <{GARDEN}graph/text> than the manifest says" in faults(
        built
    )


def test_what_is_no_release_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderError, match="is no release"):
        verification.verify(tmp_path)


def test_the_command_says_what_it_looked_at_and_what_is_wrong(
    run: Runner, built: Path, tmp_path: Path
) -> None:
    done = run("verify", built)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(" triples: no fault\n")
    shutil.copytree(built, tmp_path / "copy")
    (tmp_path / "copy" / "garden.nt").unlink()
    done = run("verify", tmp_path / "copy")
    assert done.returncode == 1
    assert f"{tmp_path / 'copy' / 'garden.nt'}: is missing; build the release anew" in done.stdout
    assert done.stdout.endswith(": 1 fault\n")
    assert run("verify", tmp_path / "none").returncode == 3
