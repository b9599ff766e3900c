"""Two versions are compared thing by thing, in words, and no name is lost unseen."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Runner, copy_of

from publish import dataset, diff, inference, release, turtle
from publish import namespaces as ns

GARDEN = "https://example.org/garden/"
PLANTS = "data/text/plants.ttl"
MINT = f"{GARDEN}id/plant/mint"
RUE = f"{GARDEN}id/plant/rue"


@pytest.fixture
def newer(folder: Path, tmp_path: Path) -> Path:
    """A second copy of the small data set, to be changed."""
    place: Path = copy_of("sound", tmp_path / "newer")
    return place


def put(folder: Path, old: str, new: str, name: str = PLANTS) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def compared(old: Path, new: Path) -> diff.Difference:
    return diff.compare(dataset.load(old), dataset.load(new))


def test_nothing_changed_is_said_in_so_many_words(folder: Path, newer: Path) -> None:
    assert diff.text(compared(folder, newer)) == "nothing changed"


def test_what_has_no_label_is_told_by_its_short_name(folder: Path, newer: Path) -> None:
    put(
        newer,
        "  skos:related plant:mint .",
        "  a <http://www.w3.org/2004/02/skos/core#Collection> .",
    )
    assert "  text: kind added: skos:Collection" in diff.text(compared(folder, newer)).splitlines()


def test_what_is_derived_is_no_change(folder: Path, newer: Path, tmp_path: Path) -> None:
    release.write(inference.infer(dataset.load(newer)), tmp_path / "out")
    built = release.load(release.open_release(tmp_path / "out"))
    assert built.triples(built.inferred_graph)
    assert diff.compare(dataset.load(folder), built).changes == ()


def test_a_changed_value_is_told_with_both(folder: Path, newer: Path) -> None:
    put(newer, '"rue"@en', '"common rue"@en')
    (change,) = compared(folder, newer).changes
    assert (change.iri, change.label, change.kind) == (RUE, "common rue", "changed")
    assert diff.text(compared(folder, newer)).splitlines()[2:] == [
        "changed: common rue (plant:rue)",
        '  text: pref label: "rue"@en became "common rue"@en',
    ]


def test_a_new_thing_is_added_and_a_thing_of_others_removed(folder: Path, newer: Path) -> None:
    sage = f'<{GARDEN}id/plant/sage> <http://www.w3.org/2004/02/skos/core#prefLabel> "sage"@en .\n'
    other = '<http://example.net/x> <http://www.w3.org/2004/02/skos/core#note> "theirs" .\n'
    (newer / "data/text/more.ttl").write_text(sage, encoding="utf-8")
    (folder / "data/text/more.ttl").write_text(other, encoding="utf-8")
    found = compared(folder, newer)
    assert [one.label for one in found.of("added")] == ["sage"]
    assert [one.iri for one in found.of("removed")] == ["http://example.net/x"]
    assert (found.added, found.removed) == (1, 1)


def test_a_name_that_vanishes_is_told_and_is_a_failure(
    run: Runner, folder: Path, newer: Path
) -> None:
    mint = next(
        block
        for block in (newer / PLANTS).read_text(encoding="utf-8").split("\n\n")
        if block.startswith("plant:mint")
    )
    put(newer, mint, "")
    done = run("diff", folder, newer)
    assert done.returncode == 1
    assert "vanished: mint (plant:mint); keep the name, with owl:deprecated" in done.stdout
    assert run("diff", newer, folder).returncode == 0


def test_a_retired_name_is_told_with_what_replaces_it(folder: Path, newer: Path) -> None:
    put(
        newer,
        "plant:rue\n",
        f"plant:rue\n  <http://www.w3.org/2002/07/owl#deprecated> true ;\n"
        f"  <http://purl.org/dc/terms/isReplacedBy> <{MINT}> ;\n",
    )
    found = compared(folder, newer)
    assert found.of("vanished") == ()
    (change,) = found.of("retired")
    assert (change.iri, change.replaced_by) == (RUE, (MINT,))
    assert "retired: rue (plant:rue), replaced by plant:mint" in diff.text(found)


def test_what_stands_in_brackets_is_compared_by_what_it_says(folder: Path, newer: Path) -> None:
    """Names of blank nodes count places in a file, so one more must not change the others."""
    shape = "<https://example.org/garden/shapes#x>"
    sh = "http://www.w3.org/ns/shacl#"
    before = f"{shape} <{sh}in> ( 1 2 ) ; <{sh}not> [ <{sh}minCount> 1 ] .\n"
    after = f'[] <{sh}name> "first" .\n{before.replace("( 1 2 )", "( 1 3 )")}'
    (folder / "shapes/more.ttl").write_text(before, encoding="utf-8")
    (newer / "shapes/more.ttl").write_text(after, encoding="utf-8")
    (change,) = compared(folder, newer).changes
    (edit,) = change.edits
    assert (edit.before, edit.after) == (('("1", "2")',), ('("1", "3")',))


def test_a_pull_request_shows_words_as_they_are(folder: Path, newer: Path) -> None:
    put(newer, '"rue"@en', '"*rue* [x](y) <b>"@en')
    written = diff.markdown(compared(folder, newer))
    assert "### Changed\n\n- **\\*rue\\* \\[x\\](y) \\<b\\>** (`plant:rue`)" in written


def test_no_label_hides_what_changed(folder: Path, newer: Path) -> None:
    put(newer, '"rue"@en', '"rue\\u001b[2K \\u202Eeur"@en')
    for written in (diff.text, diff.markdown):
        told = written(compared(folder, newer))
        assert "\\u202Eeur" in told
        assert not {"\x1b", "\u202e"} & {*told}


def test_programs_get_all_of_it(run: Runner, folder: Path, newer: Path) -> None:
    put(newer, '"rue"@en', '"common rue"@en')
    told = json.loads(run("diff", folder, newer, "--format", "json").stdout)
    assert told["statements"] == {"added": 1, "removed": 1}
    assert [(one["iri"], one["kind"]) for one in told["changes"]] == [(RUE, "changed")]


def test_a_patch_turns_the_old_version_into_the_new_one(
    run: Runner, folder: Path, newer: Path
) -> None:
    put(newer, '"rue"@en', '"common\\n rue"@en')
    put(newer, '"garden"', '"yard"', "data/dataset.ttl")
    written = run("diff", folder, newer, "--format", "patch").stdout
    head, begin, *body, commit = written.splitlines()
    assert (head.split()[:2], begin, commit) == (["H", "id"], "TX .", "TC .")
    quads = all_quads(dataset.load(folder))
    for row in body:
        (quad,) = ox.parse(row[2:].encode(), ox.RdfFormat.N_QUADS)
        (quads.remove if row[0] == "D" else quads.add)(quad)
    assert quads == all_quads(dataset.load(newer))
    assert written == run("diff", folder, newer, "--format", "patch").stdout


def all_quads(data: dataset.Dataset) -> set[ox.Quad]:
    return {
        turtle.quad_of(triple, ox.NamedNode(name))
        for name in data.graphs
        for triple in data.triples(name)
    }


@pytest.mark.parametrize(
    ("one", "two", "three"),
    [
        ("a b", "a c", "a d"),
        ("a b", "a c", "a b"),
        ("a b", "a", "a b"),
        ("a", "a b", "a"),
        ("a", "a b", "a b c"),
        ("", "a b", "b c"),
        ("a", "", "a b"),
        ("a a2", "a", "a2"),
        ("a", "a !", "a"),
        ("a !", "a", "a ! b"),
        ("a", "a !", "b !"),
    ],
)
def test_two_differences_come_to_what_one_over_both_says(
    tmp_path: Path, one: str, two: str, three: str
) -> None:
    def version(words: str) -> dataset.Dataset:
        rows = [
            f'<{MINT}> <{ns.RDFS}comment> "{word}" .'
            if word != "!"
            else f"<{MINT}> <{ns.OWL}deprecated> true ."
            for word in words.split()
        ]
        path = tmp_path / "version.ttl"
        path.write_text("\n".join([f'<{RUE}> <{ns.RDFS}label> "rue" .', *rows]), encoding="utf-8")
        return dataset.load_file(path)

    first, second, third = map(version, (one, two, three))
    joined = diff.joined(diff.compare(first, second), diff.compare(second, third))
    straight = diff.compare(first, third)
    assert (joined.changes, joined.added, joined.removed) == (
        straight.changes,
        straight.added,
        straight.removed,
    )
    patches = (diff.patch(first, second), diff.patch(second, third))
    assert diff.joined_patches("", patches) == diff.patch(first, third)


@pytest.mark.parametrize("mark", ["\u0085", "\u2028", "\u2029"])
def test_joined_patches_keep_a_literal_with_a_break_that_ends_no_row(
    tmp_path: Path, mark: str
) -> None:
    def version(text: str) -> dataset.Dataset:
        path = tmp_path / "version.ttl"
        path.write_text(f'<{MINT}> <{ns.RDFS}comment> "{text}" .', encoding="utf-8")
        return dataset.load_file(path)

    first, second, third = version("a"), version("b"), version(f"c{mark}d")
    patches = (diff.patch(first, second), diff.patch(second, third))
    assert diff.joined_patches("", patches) == diff.patch(first, third)


# --- revisions


@pytest.fixture
def repository(folder: Path) -> Callable[..., None]:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=A. Writer", "-c", "user.email=writer@example.org")
        subprocess.run(
            ["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True
        )

    if shutil.which("git") is None:
        pytest.skip("git is not installed, and revisions are what it keeps")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "begin")
    return git


def test_a_revision_is_compared_with_the_folder_as_it_stands(
    run: Runner, folder: Path, repository: Callable[..., None]
) -> None:
    put(folder, '"rue"@en', '"common rue"@en')
    done = run("diff", "HEAD", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "changed: common rue (plant:rue)" in done.stdout
    repository("commit", "--quiet", "--all", "--message", "name it in full")
    assert run("diff", "HEAD", cwd=folder).stdout == "nothing changed\n"
    assert "became" in run("diff", "HEAD~1", "HEAD", cwd=folder).stdout
    assert (
        "became"
        in run("diff", f"HEAD~1:{folder.name}", f"HEAD:{folder.name}", cwd=folder.parent).stdout
    )


def test_a_revision_with_a_link_that_leads_away_is_refused(
    run: Runner, folder: Path, repository: Callable[..., None]
) -> None:
    (folder / "data" / "text" / "away.ttl").symlink_to("/etc/hostname")
    repository("add", ".")
    repository("commit", "--quiet", "--message", "lead away")
    done = run("diff", "HEAD", "HEAD~1", cwd=folder)
    assert done.returncode == 3
    assert "holds `data/text/away.ttl`, a link that leads out of it" in done.stderr


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("name", ["nowhere", "HEAD~7", "--output=x", "HEAD:nowhere", ":"])
def test_what_git_does_not_know_is_named(run: Runner, folder: Path, name: str) -> None:
    done = run("diff", "--", name, cwd=folder)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "no folder, no release, no RDF file and no revision" in done.stderr
    assert not (folder / "x").exists()
