"""Releases side by side: one is shown, the others stay where they are."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
import serving
from conftest import Runner

from publish import errors, release, shelf

OLD, NEW = '"0.1.0"', '"0.2.0"'


def raise_version(folder: Path) -> None:
    path = folder / "data" / "dataset.ttl"
    text = path.read_text(encoding="utf-8")
    assert OLD in text
    path.write_text(text.replace(OLD, NEW), encoding="utf-8")


@pytest.fixture
def two(folder: Path, tmp_path: Path, run: Runner) -> Path:
    """A shelf with two versions, of which the second is shown."""
    place = tmp_path / "shelf"
    assert run("deploy", place, folder).stdout == "readers see version 0.1.0\n"
    raise_version(folder)
    done = run("deploy", place, folder)
    assert done.stdout == "readers see version 0.2.0\n", done.stderr
    return place


def test_a_release_is_shown_and_the_one_before_again_by_one_command(two: Path, run: Runner) -> None:
    assert shelf.shown(two).version == "0.2.0"
    assert run("deploy", two, "--back").stdout == "readers see version 0.1.0\n"
    assert shelf.shown(two).version == "0.1.0"
    assert run("deploy", two, "--back").stdout == "readers see version 0.2.0\n"


def test_without_one_before_there_is_no_way_back(tmp_path: Path, run: Runner) -> None:
    done = run("deploy", tmp_path, "--back")
    assert done.returncode == 3
    assert "holds no release that was shown before" in done.stderr


def test_a_version_that_stands_there_is_never_changed(two: Path, folder: Path, run: Runner) -> None:
    before = {path: path.stat().st_mtime_ns for path in (two / "0.2.0").iterdir()}
    assert run("deploy", two, folder).returncode == 0
    path = folder / "data" / "dataset.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    done = run("deploy", two, folder)
    assert done.returncode == 3
    assert "version 0.2.0 stands" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in (two / "0.2.0").iterdir()} == before


def test_what_violates_a_rule_is_not_shown(two: Path, folder: Path, run: Runner) -> None:
    path = folder / "data" / "dataset.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace(NEW, '"0.3.0"') + "<<<\n")
    assert run("deploy", two, folder).returncode != 0
    assert shelf.shown(two).version == "0.2.0"


@pytest.mark.parametrize("version", ["", "../x", ".x", "current", "a/b", "changes", "history.json"])
def test_a_version_that_is_no_name_of_a_folder_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(errors.OutputError, match="has no place"):
        shelf.place(tmp_path, version)


def test_what_readers_saw_is_kept_in_order(two: Path, run: Runner) -> None:
    assert run("deploy", two, "--back").returncode == 0
    steps = shelf.history(two / "0.1.0")
    assert [(one.before, one.version) for one in steps] == [
        *(("", "0.1.0"), ("0.1.0", "0.2.0"), ("0.2.0", "0.1.0")),
    ]
    assert steps[0].moment <= steps[1].moment <= steps[2].moment
    assert [one.label for one in steps[1].difference.changes] == ["A garden"]
    # Whoever still sees the version before knows nothing of what came after it.
    assert [one.version for one in shelf.history(two / "0.2.0")] == ["0.1.0", "0.2.0"]
    # Neither comparison is made again, nor are the older releases needed.
    told = {path: path.stat().st_mtime_ns for path in (two / "changes").rglob("*.rdfp")}
    assert len(told) == 2
    assert run("deploy", two, "--back").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in told} == told
    shutil.rmtree(two / "0.1.0")
    assert len(shelf.history(two / "0.2.0")) == 4


def test_what_was_written_down_and_never_shown_is_left_out(two: Path, run: Runner) -> None:
    path = two / "changes" / "history.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told.append({"version": "0.9.0", "shown": told[-1]["shown"], "digest": "0"})
    path.write_text(json.dumps(told), encoding="utf-8")
    assert [one.version for one in shelf.history(two / "0.2.0")] == ["0.1.0", "0.2.0"]
    assert run("deploy", two, "--back").returncode == 0
    assert "0.9.0" not in path.read_text(encoding="utf-8")


def test_a_shelf_of_older_days_begins_its_history_with_what_is_shown(
    two: Path, run: Runner
) -> None:
    shutil.rmtree(two / "changes")
    assert shelf.history(two / "0.2.0") == ()
    assert run("deploy", two, "--back").returncode == 0
    assert [one.version for one in shelf.history(two / "0.1.0")] == ["0.2.0", "0.1.0"]


def test_another_release_of_the_same_version_is_compared_anew(
    two: Path, folder: Path, run: Runner
) -> None:
    assert run("deploy", two, "--back").returncode == 0
    path = folder / "data" / "dataset.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("A garden", "A park"))
    shutil.rmtree(two / "0.2.0")
    assert run("deploy", two, folder).returncode == 0
    *_, newest = shelf.history(two / "0.2.0")
    assert [one.label for one in newest.difference.changes] == ["A park"]


def test_a_broken_history_is_named(two: Path) -> None:
    path = two / "changes" / "0.2.0" / "since" / "0.1.0.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(errors.FolderError, match=r"since/0\.1\.0\.json.* missing or broken"):
        shelf.history(two / "0.2.0")


def test_a_history_of_another_shape_is_named(two: Path) -> None:
    (two / "changes" / "history.json").write_text('[{"version": "0.2.0"}]', encoding="utf-8")
    with pytest.raises(errors.FolderError, match=r"history\.json.* missing or broken"):
        shelf.history(two / "0.2.0")


def test_every_version_stays_at_its_address(two: Path) -> None:
    shown = shelf.shown(two)
    with serving.client(release.load(shown), shown.root) as web:
        for version in ("0.1.0", "0.2.0"):
            answer = web.get(f"/release/{version}/garden.nq")
            assert answer.status_code == 200
            assert answer.content == (two / version / "garden.nq").read_bytes()
            assert "immutable" in answer.headers["cache-control"]
            described = web.get(f"/release/{version}/", "text/turtle")
            assert f'"{version}"' in described.text
            assert f"/release/{version}/garden.nq" in web.page(f"/release/{version}/")
        tags = [web.get(f"/release/{one}/SHA256SUMS").headers["etag"] for one in ("0.1.0", "0.2.0")]
        assert tags[0] != tags[1]
        assert 'href="/release/0.1.0/"' in web.page("/dump/")
        latest = web.get("/release/latest/garden.nq")
        assert latest.status_code == 307
        assert latest.headers["location"] == "/release/0.2.0/garden.nq"
        serving.assert_problem(web.get("/release/0.9.0/garden.nq"), 404)
        serving.assert_problem(web.get("/release/0.1.0/..%2f0.2.0%2fgarden.nq"), 404)


def test_releases_do_not_stand_among_their_sources(run: Runner, folder: Path) -> None:
    done = run("deploy", folder, folder)
    assert done.returncode == 2
    assert "is a data set; name another folder" in done.stderr
    assert not [*folder.glob("0*")]


def test_a_server_takes_up_what_is_deployed_and_what_is_taken_back(two: Path, run: Runner) -> None:
    with serving.server(two, {"FOLKMOTE_LOOK_SECONDS": "1"}) as home:

        def version() -> str:
            told: str = serving.get(f"{home}/health").json()["version"]
            return told

        assert version() == "0.2.0"
        assert run("deploy", two, "--back").returncode == 0
        end = time.monotonic() + 60
        while version() != "0.1.0":
            assert time.monotonic() < end
            time.sleep(0.05)
