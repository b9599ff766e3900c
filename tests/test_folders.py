"""A folder takes the place of another whole or not at all, whenever its maker is killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish import errors, folders

PROGRAM = """
import os, sys
from pathlib import Path
from publish import folders

steps = int(sys.argv[2])

def count(event, arguments):
    # Each call that reaches the file system is a moment at which the process may be killed.
    global steps
    if counting and event in ("open", "os.rename", "os.rmdir", "os.remove", "os.mkdir", "os.chmod",
                              "os.scandir", "os.listdir", "ctypes.call_function", "fcntl.flock"):
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), 9)

counting = False
sys.addaudithook(count)
if sys.argv[3] == "apart":
    folders.exchange = lambda one, other: False
with_content = Path(sys.argv[1])
counting = True
with folders.replacing(with_content) as new:
    (new / "a.txt").write_text("new")
    (new / "b.txt").write_text("new")
"""


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def beside(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir()]


OLD = {"a.txt": "old", "b.txt": "old"}
NEW = {"a.txt": "new", "b.txt": "new"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    place = tmp_path / "out [1]*"
    place.mkdir()
    for name, text in OLD.items():
        (place / name).write_text(text)
    return place


def replace(out: Path, text: str = "new") -> None:
    with folders.replacing(out) as new:
        for name in NEW:
            (new / name).write_text(text)


def killed_everywhere(out: Path, how: str) -> Iterator[int]:
    """Run the program once for each of its steps, killed there; end when it is done before."""
    for step in range(1, 200):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(out), str(step), how],
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return
        assert done.returncode == -signal.SIGKILL, done.stderr
        yield step
    raise AssertionError("the program never came to its end")


def test_a_folder_is_replaced_and_nothing_else_is_left(out: Path) -> None:
    replace(out)
    assert content(out) == NEW
    assert beside(out) == [out.name]


@pytest.mark.skipif(sys.platform != "linux", reason="the audit hook counts the calls of Linux")
def test_a_process_killed_at_any_step_leaves_the_old_folder_or_the_new_one(out: Path) -> None:
    steps = 0
    for step in killed_everywhere(out, "at once"):
        steps = step
        assert content(out) in (OLD, NEW)
        replace(out, "old")  # the second run starts clean
        assert content(out) == OLD
        assert beside(out) == [out.name]
    assert steps > 5
    assert content(out) == NEW


@pytest.mark.skipif(sys.platform != "linux", reason="the audit hook counts the calls of Linux")
def test_where_folders_cannot_trade_places_the_next_run_puts_the_old_one_back(out: Path) -> None:
    missing = 0
    for _ in killed_everywhere(out, "apart"):
        missing += not out.exists()
        replace(out, "old")
        assert content(out) == OLD
        assert beside(out) == [out.name]
    assert missing  # there is such a moment, and it was met


def test_a_failure_leaves_the_old_folder(out: Path) -> None:
    with pytest.raises(OSError, match="full"), folders.replacing(out) as new:
        (new / "a.txt").write_text("new")
        raise OSError(errno.ENOSPC, "full")
    assert content(out) == OLD
    assert beside(out) == [out.name]


def test_what_another_process_is_writing_stays(out: Path) -> None:
    with folders.replacing(out) as slow:
        (slow / "a.txt").write_text("slow")
        (slow / "b.txt").write_text("slow")
        replace(out)
        assert slow.is_dir()
        assert content(out) == NEW
    assert content(out) == {"a.txt": "slow", "b.txt": "slow"}
    assert beside(out) == [out.name]


def test_what_somebody_holds_is_not_removed(out: Path) -> None:
    replace(out)
    held = [folders.hold(out), folders.hold(out)]
    for one in held:
        folders.remove(out)
        assert content(out) == NEW
        os.close(one)
    folders.remove(out)
    assert not out.exists()
    folders.remove(out)


def test_a_folder_that_is_not_there_cannot_trade_places(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    with pytest.raises(OSError, match="No such file"):
        folders.exchange(tmp_path / "one", tmp_path / "none")


def test_what_the_system_refuses_is_told_with_what_to_do(tmp_path: Path) -> None:
    refused = r"cannot write .*out`: no space left on device; name another"
    with (
        pytest.raises(errors.OutputError, match=refused),
        folders.writing(tmp_path / "out", "name another"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_fault_of_our_own_is_not_told_as_one_of_the_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of our own"), folders.writing(tmp_path / "out"):
        raise ValueError("of our own")


@pytest.mark.parametrize("name", ["circle", "\0"])
def test_a_name_that_leads_nowhere_is_no_place(name: str, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    place = tmp_path / name / "out"
    with pytest.raises(errors.OutputError, match="cannot write"), folders.writing(place):
        folders.resolved(place).mkdir()
