"""A commit is named where it holds the sources exactly as they were read, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from publish import dataset, provenance

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    names = [f"{who}.{what}=x" for who in ("user",) for what in ("name", "email")]
    command = ["git", *(word for name in names for word in ("-c", name)), *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def named(data: dataset.Dataset) -> str:
    return provenance.revision(data.root, data.sources)


@pytest.fixture(params=["sha1", "sha256"])
def committed(folder: Path, request: pytest.FixtureRequest) -> Path:
    git(folder, "init", "-q", f"--object-format={request.param}")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def test_the_commit_that_holds_the_sources_is_named(committed: Path) -> None:
    head = git(committed, "rev-parse", "HEAD").strip()
    assert named(dataset.load(committed)) == head
    (committed / "notes.txt").write_text("no source")
    assert named(dataset.load(committed)) == head


def test_a_folder_below_the_top_of_its_repository_has_a_commit_too(committed: Path) -> None:
    inner = committed / "inner"
    for name in dataset.FOLDERS:
        shutil.copytree(committed / name, inner / name)
    assert named(dataset.load(inner)) == ""
    git(committed, "add", ".")
    git(committed, "commit", "-qm", "second")
    head = git(committed, "rev-parse", "HEAD").strip()
    assert named(dataset.load(inner)) == head


@pytest.mark.parametrize("change", ["edited", "added", "edited since"])
def test_sources_that_no_commit_holds_have_none(committed: Path, change: str) -> None:
    plants = committed / "data" / "text" / "plants.ttl"
    data = dataset.load(committed)
    if change == "added":
        (plants.parent / "more.ttl").write_text("<urn:x:a> <urn:x:b> <urn:x:c> .")
    else:
        plants.write_bytes(plants.read_bytes() + b"# more\n")
    if change == "edited since":
        git(committed, "commit", "-qam", "second")
    else:
        data = dataset.load(committed)
    assert named(data) == ""


def test_a_folder_outside_of_every_repository_has_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert named(dataset.load(folder)) == ""
    monkeypatch.setenv("PATH", "")
    assert named(dataset.load(folder)) == ""
