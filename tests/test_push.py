"""A release is brought into a store: whole or not at all, one release at a time for readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import engines
import pyoxigraph as ox
import pytest
from conftest import Runner, copy_of
from engines import Engine

from publish import dataset, errors, inference
from publish import namespaces as ns
from publish import push as pushing
from publish.dataset import Dataset
from publish.stores.endpoint import Endpoint

POINTER = f"SELECT ?d ?r {{ GRAPH ?c {{ ?d <{ns.FM}current> ?r }} }}"


def version_of(data: Dataset, number: int) -> Dataset:
    """Give a later state of a data set: another digest, one triple more."""
    extra = ox.Triple(
        ox.NamedNode(f"{data.base}id/added/{number}"),
        ox.NamedNode(ns.RDFS + "label"),
        ox.Literal(f"number {number}"),
    )
    layer = data.layers[0]
    grown = data.with_graph(layer, [*data.triples(layer), extra])
    return replace(grown, digest=f"{number:064}")


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return inference.infer(dataset.load(copy_of("sound", tmp_path / "pushed")))


@pytest.fixture
def store(engine: Engine, data: Dataset) -> Iterator[Engine]:
    """A store in which nobody has heard of the data set yet."""
    engine.forget(data)
    yield engine
    engine.forget(data)


def current(engine: Engine, data: Dataset) -> str:
    about = data.description
    assert about
    found = [release for iri, release in engine.rows(POINTER) if iri == about.iri]
    assert len(found) <= 1
    return found[0] if found else ""


def graphs(engine: Engine, data: Dataset) -> set[str]:
    rows = engine.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    return {name for (name,) in rows if name.startswith(data.base)}


def test_readers_are_shown_what_was_counted(store: Engine, data: Dataset) -> None:
    done = store.push(data)
    assert done.fresh
    assert current(store, data) == done.release.iri
    for public, actual in done.release.graphs.items():
        ((count,),) = store.rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{actual}> {{ ?s ?p ?o }} }}")
        assert int(count) == len(data.graphs[public]) - done.merged.get(actual, 0)
    ((count,),) = store.rows(
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{done.release.union}> {{ ?s ?p ?o }} }}"
    )
    union = set(data.union())
    assert int(count) == len(union) - done.merged.get(done.release.union, 0)


def test_the_same_again_changes_nothing(store: Engine, data: Dataset) -> None:
    first = store.push(data)
    before = graphs(store, data)
    again = store.push(data)
    assert not again.fresh
    assert again.release.iri == first.release.iri
    assert graphs(store, data) == before


def test_earlier_releases_are_kept_as_many_as_asked(store: Engine, data: Dataset) -> None:
    releases = [store.push(version_of(data, number), keep=1).release for number in range(3)]
    assert current(store, data) == releases[2].iri
    there = graphs(store, data)
    assert releases[0].union not in there
    assert {releases[1].union, releases[2].union} <= there


def test_going_back_shows_the_release_before(store: Engine, data: Dataset) -> None:
    first, second = (store.push(version_of(data, number)).release for number in range(2))
    about = data.description
    assert about
    with store.target() as target:
        assert pushing.go_back(about.iri, data.base, target).iri == first.iri
        assert current(store, data) == first.iri
        with pytest.raises(errors.StoreAnswerError, match="no release before"):
            pushing.go_back(about.iri, data.base, target)
    assert store.push(version_of(data, 1)).release.iri == second.iri
    assert current(store, data) == second.iri


class Breaking(Endpoint):
    """An endpoint at which the line breaks after a number of requests that change something."""

    left = 3

    def update(self, update: str) -> None:
        self._count()
        super().update(update)

    def load(self, graph: str, ntriples: bytes) -> None:
        self._count()
        super().load(graph, ntriples)

    def _count(self) -> None:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1


def interrupted(engine: Engine, data: Dataset, after: int) -> None:
    with engine.target() as target:
        place = engine.loaded or engine.updated
        with Breaking(place, engine.login(), engines.BOUNDS) as breaking:
            breaking.left = after
            broken = replace(target, loaded=breaking if engine.loaded else None)
            if not engine.loaded:
                broken = replace(broken, updated=breaking)
            with pytest.raises(KeyboardInterrupt):
                pushing.push(data, engines.SOFTWARE, broken, keep=2, tell=lambda line: None)


def test_what_was_interrupted_is_not_seen_and_the_next_run_starts_clean(
    store: Engine, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "BATCH", 3)
    shown = store.push(data).release
    before = graphs(store, data)
    interrupted(store, version_of(data, 1), after=4)
    assert current(store, data) == shown.iri
    left = graphs(store, data) - before
    assert left
    done = store.push(version_of(data, 2))
    assert current(store, data) == done.release.iri
    assert done.removed == 1
    assert not left & graphs(store, data)


def test_the_same_release_can_be_pushed_after_an_interruption(
    store: Engine, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "BATCH", 3)
    interrupted(store, data, after=5)
    assert current(store, data) == ""
    done = store.push(data)
    assert done.fresh
    assert done.removed == 1
    assert current(store, data) == done.release.iri


def test_a_release_of_which_something_is_missing_is_not_shown(
    store: Engine, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = store.push(data).release
    load = pushing._load

    def forgetful(target, graph, triples) -> None:
        load(target, graph, list(triples)[1:])

    monkeypatch.setattr(pushing, "_load", forgetful)
    with pytest.raises(errors.StoreAnswerError, match="push again"):
        store.push(version_of(data, 1))
    assert current(store, data) == shown.iri


def test_there_is_no_way_back_for_what_was_never_pushed(store: Engine, data: Dataset) -> None:
    store.push(data)
    with (
        store.target() as target,
        pytest.raises(errors.StoreAnswerError, match="no release of <urn:other>"),
    ):
        pushing.go_back("urn:other", data.base, target)


def test_a_wrong_address_is_named_as_the_command_calls_it(run: Runner, tmp_path: Path) -> None:
    done = run("push", "ftp://x", tmp_path)
    assert done.stderr.startswith("folkmote: `URL` cannot be `ftp://x`")


def test_the_command_pushes_and_goes_back(
    store: Engine, data: Dataset, run: Runner, tmp_path: Path
) -> None:
    secrets = {"FOLKMOTE_STORE_USER": store.user, "FOLKMOTE_STORE_PASSWORD": store.password}
    options = ["--update", store.updated, *(["--graphs", store.loaded] if store.loaded else [])]
    done = run("push", store.asked, tmp_path / "pushed", *options, **secrets)
    assert done.returncode == 0, done.stderr
    assert f"readers see {current(store, data)}" in done.stdout
    again = run("push", store.asked, tmp_path / "pushed", *options, **secrets)
    assert "there already" in again.stdout
    back = run("push", store.asked, tmp_path / "pushed", *options, "--back", **secrets)
    assert back.returncode == 3
    assert "no release before" in back.stderr


def test_loading_may_take_longer_than_a_query(
    store: Engine, data: Dataset, run: Runner, tmp_path: Path
) -> None:
    given = {
        "FOLKMOTE_STORE_USER": store.user,
        "FOLKMOTE_STORE_PASSWORD": store.password,
        "FOLKMOTE_QUERY_SECONDS": "0.001",
    }
    options = ["--update", store.updated, *(["--graphs", store.loaded] if store.loaded else [])]
    done = run("push", store.asked, tmp_path / "pushed", *options, **given)
    assert done.returncode == 0, done.stderr


def test_a_store_that_is_not_there_is_told(run: Runner, folder: Path) -> None:
    done = run("push", "http://127.0.0.1:9/query", folder)
    assert done.returncode == 3
    assert done.stderr.endswith("folkmote: the store does not answer; ask again later\n")


@pytest.mark.parametrize("verb", ["push", "serve"])
def test_a_store_named_by_its_root_is_told_from_its_endpoint(
    engine: Engine, run: Runner, folder: Path, verb: str
) -> None:
    root = engine.asked.rpartition("/")[0]
    given = [root, folder] if verb == "push" else ["--store", root, "--port", "0"]
    done = run(verb, *given)
    assert done.returncode == 3
    assert "it must be that of its SPARQL endpoint" in done.stderr


def test_where_changes_are_not_taken_is_said_by_its_option(
    store: Engine, run: Runner, folder: Path
) -> None:
    done = run("push", store.asked, folder, "--update", f"{store.asked}/nothing")
    assert done.returncode == 3
    assert "see that --update is where it takes them" in done.stderr
    assert "needs --graphs" in done.stderr


def test_a_bare_file_cannot_be_pushed(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "bare.ttl"
    path.write_text("<urn:x> <urn:y> <urn:z> .", encoding="utf-8")
    with pytest.raises(errors.DescriptionError, match="only a data set"):
        engine.push(dataset.load_file(path))
