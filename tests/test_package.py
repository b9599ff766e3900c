"""What a reader gets who installs the package, compared with what stands in this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import publish

ROOT = Path(__file__).parent.parent
INSTALLED = Path(publish.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def sources(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_what_is_tested_is_the_installed_wheel() -> None:
    assert not INSTALLED.is_relative_to(ROOT / "publish"), "run `make test`, which installs it"
    wheel = metadata.distribution("folkmote").read_text("WHEEL") or ""
    assert "hatchling" in wheel


@pytest.mark.parametrize("folder", ["ontology", "data", "shapes"])
def test_the_data_set_travels_whole(folder: str) -> None:
    here = sources(ROOT / folder)
    assert any(name.endswith(".ttl") for name in here)
    assert sources(INSTALLED / "shipped" / folder) == here


def test_every_file_of_the_code_travels() -> None:
    installed = sources(INSTALLED)
    shipped = {name: text for name, text in installed.items() if name.startswith("shipped/")}
    assert {name: installed[name] for name in installed.keys() - shipped.keys()} == sources(
        ROOT / "publish"
    )


def test_nothing_else_is_installed() -> None:
    files = metadata.distribution("folkmote").files or []
    tops = {file.parts[0] for file in files} - {".."}
    assert tops == {"publish", f"folkmote-{publish.__version__}.dist-info"}


def test_the_command_is_there() -> None:
    (command,) = metadata.distribution("folkmote").entry_points
    assert (command.name, command.value) == ("folkmote", "publish.cli:main")
    assert (Path(sys.executable).parent / "folkmote").exists()


def test_licences_and_types_travel() -> None:
    about = metadata.metadata("folkmote")
    assert about["License-Expression"] == "MIT AND CC0-1.0"
    assert about.get_all("License-File") == ["LICENSE", "LICENSE-DATA"]
    assert (INSTALLED / "py.typed").exists()


def pinned() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, flags=re.MULTILINE))


def test_the_lock_pins_everything_that_is_asked_for() -> None:
    project = PROJECT["project"]
    groups = (*project["optional-dependencies"].values(), *PROJECT["dependency-groups"].values())
    asked = project["dependencies"] + [
        wanted for group in groups for wanted in group if isinstance(wanted, str)
    ]
    names = {re.split(r"[><=; ]", wanted)[0] for wanted in asked}
    assert names <= pinned().keys()


def test_the_lock_names_versions_and_checksums_and_no_place() -> None:
    rest = re.sub(r"\\\n\s+", "", LOCK).splitlines()
    for line in rest:
        assert re.fullmatch(r"[a-z0-9-]+==\S+ (; .+? )?(--hash=sha256:[0-9a-f]{64} ?)+", line), line
    assert [line for line in rest if ":" in line.replace("sha256:", "")] == []


def make_with(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run `make serve` on a copy where every Python is the given script."""
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "requirements.lock", folder)
    programs = folder / "bin"
    programs.mkdir()
    for name in ("python", "python3", *(f"python3.{minor}" for minor in range(11, 16))):
        script = programs / name
        script.write_text(f"#!/bin/sh\n{python}\n")
        script.chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    return subprocess.run(
        ["make", "serve"],
        cwd=folder,
        env={"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$*" in *ensurepip*) exit 1;; esac', "has no venv module"),
    ],
    ids=["too old", "without venv"],
)
def test_make_says_in_one_line_what_is_missing(tmp_path: Path, python: str, message: str) -> None:
    done = make_with(tmp_path, python)
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert message in said[0]
    assert not (tmp_path / ".venv").exists()
