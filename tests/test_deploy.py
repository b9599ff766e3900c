"""What `deploy/` holds, tried as far as a machine without an engine for containers lets it be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving
from conftest import FOREIGN, Runner

DEPLOY = Path(__file__).parent.parent / "deploy"


def test_the_unit_of_systemd_is_sound(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "folkmote.service"
    text = (DEPLOY / "folkmote.service").read_text(encoding="utf-8")
    # The program need not be installed where the unit looks for it.
    unit.write_text(text.replace("/opt/folkmote/bin/folkmote", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    told = [line for line in done.stderr.splitlines() if "folkmote.service" in line]
    assert not told


def test_the_container_copies_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER \d+", text, re.MULTILINE)
    for name in ("requirements.lock", "pyproject.toml"):
        assert (DEPLOY.parent / name).is_file()
    assert "requirements.lock" in text


NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"),
    # It may read and run whatever is there, wherever Python was installed, and write nothing.
    *("--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"),
    *("prlimit", "--fsize=0:0"),
)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder into which everybody may look, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_it_serves_as_nobody_without_a_place_to_write(public: Path, run: Runner) -> None:
    if os.geteuid() != 0 or not (shutil.which("setpriv") and shutil.which("prlimit")):
        pytest.skip("only root can become nobody, by setpriv and prlimit")
    shelf = public / "shelf"
    assert run("deploy", shelf, FOREIGN).returncode == 0
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TMPDIR": "/nonexistent"}
    started = subprocess.Popen(
        [*NOBODY, sys.executable, "-m", "publish", "serve", str(shelf), "--port", "0"],
        cwd="/",
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", started.stdout.readline())
        assert found
        status = Path(f"/proc/{started.pid}/status").read_text(encoding="ascii")
        assert re.search(r"^Uid:\s+65534\s+65534", status, re.MULTILINE)
        assert serving.get(f"{found[0]}/ready").status_code == 200
        assert serving.get(f"{found[0]}/").status_code == 200
    finally:
        started.terminate()
        _, wrong = started.communicate(timeout=30)
    assert started.returncode == 0
    assert "Traceback" not in wrong
