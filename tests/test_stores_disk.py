"""What is larger than memory is served from a store on disk, and says the same."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving
from conftest import copy_of
from serving import BROWSER, assert_problem

from publish import dataset, errors, inference, release, settings, stores
from publish.cli import disks
from publish.dataset import Dataset
from publish.stores import disk

JSON = "application/sparql-results+json"
FILE = '<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> _:x .\n_:x <urn:q> "deep" .\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Path]:
    folder = tmp_path_factory.mktemp("disk")
    data = inference.infer(dataset.load(copy_of("sound", folder / "sound")))
    return data, release.write(data, folder / "release").root


@pytest.fixture(scope="module")
def served(built: tuple[Dataset, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kept = tmp_path_factory.mktemp("kept")
    environ = {"FOLKMOTE_DISK_BYTES": "0", "FOLKMOTE_RELEASES": str(kept)}
    with serving.server(built[1], environ) as address:
        assert list(kept.glob("*.store"))
        yield address


def test_every_document_is_the_same(built: tuple[Dataset, Path], served: str) -> None:
    data, folder = built
    with serving.client(data, folder) as here:
        listed = here.get("/sitemap.xml").text.split("<loc>")[1:]
        paths = [one.partition("<")[0].removeprefix(serving.HOME) for one in listed]
        compared = 0
        # The document of the data set names the server.
        paths.remove("/dataset")
        for path in paths:
            near = here.get(path, "application/n-triples")
            far = serving.get(served + path, headers={"Accept": "application/n-triples"})
            assert far.status_code == near.status_code, path
            if near.headers.get("content-type") == "application/n-triples":
                assert sorted(far.text.splitlines()) == sorted(near.text.splitlines()), path
                compared += 1
        assert compared >= 5
        for path in ("/browse", "/questions"):
            near, far = here.get(path, BROWSER), serving.get(served + path)
            assert far.status_code == near.status_code == 200


def test_queries_see_the_union_and_each_graph(built: tuple[Dataset, Path], served: str) -> None:
    data, _ = built
    for query, count in (
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", len({*data.union()})),
        *(
            (f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", len(triples))
            for graph, triples in data.graphs.items()
        ),
    ):
        answer = serving.get(
            f"{served}/sparql", params={"query": query}, headers={"Accept": "text/csv"}
        )
        assert answer.text == f"n\r\n{count}\r\n", query


def test_a_store_of_many_files_is_read_wherever_a_query_looks(
    built: tuple[Dataset, Path], tmp_path: Path
) -> None:
    """The engine opens sixteen files at once and the others when they are wanted."""
    data, folder = built
    name = release.open_release(folder).name
    dumps = [disk.Dump(folder / f"{name}.{suffix}") for suffix in ("nq", "nt")]
    store = _of_many_files(tmp_path, dumps)
    triple = next(iter(data.union()))
    asked = [
        f"SELECT * {{ {pattern} }}"
        for inside in (
            f"{triple.subject} ?p ?o",
            f"?s {triple.predicate} ?o",
            f"?s ?p {triple.object}",
            f"{triple.subject} ?p {triple.object}",
        )
        for pattern in (inside, f"GRAPH ?g {{ {inside} }}")
    ]
    chosen = settings.read({}, {})
    pool = stores.open_pool(data, chosen, store)
    try:
        pool.wait()

        async def ask() -> list[int]:
            jobs = [stores.Job(one, JSON, rows=100_000, size=1 << 26) for one in asked]
            return [(await pool.run(job)).rows for job in jobs]

        assert all(asyncio.run(ask()))
    finally:
        pool.close()


def _of_many_files(folder: Path, dumps: list[disk.Dump]) -> Path:
    """Build a store of more than sixteen files: each file that is loaded makes some of its own.

    The engine puts some together, whenever it comes to that.
    """
    for times in range(3, 12):
        store = folder / f"store-{times}"
        disk.build(store, dumps * times)
        if len(list(store.glob("*.sst"))) > 16:
            return store
    pytest.fail("the engine put the files of every store together")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel refuses sockets on Linux alone")
def test_a_worker_that_may_read_files_can_make_no_socket(
    built: tuple[Dataset, Path], tmp_path: Path
) -> None:
    data, folder = built
    name = release.open_release(folder).name
    disk.build(tmp_path / "store", [disk.Dump(folder / f"{name}.nt")])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        pool = stores.open_pool(data, settings.read({}, {}), tmp_path / "store")
        try:
            pool.wait()
            away = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            # As if no scan had been there before.
            job = stores.Job(f"SELECT * {{ SERVICE <{away}> {{ ?s ?p ?o }} }}", JSON, 10, 10_000)
            with pytest.raises(errors.QueryError):
                asyncio.run(pool.run(job))
        finally:
            pool.close()
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_workers_stop_what_takes_too_long(served: str) -> None:
    triples = " ".join(f"?a{number} ?b{number} ?c{number} ." for number in range(6))
    query = f"SELECT (COUNT(*) AS ?n) {{ {triples} }}"
    environ = {"query": query}
    answer = serving.get(f"{served}/sparql", params=environ)
    assert_problem(answer, 503)
    assert serving.get(f"{served}/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize("name", ["bare.nt", "bare.nt.gz"])
def test_a_large_file_is_kept_on_disk(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(FILE.encode()) if name.endswith(".gz") else FILE.encode())
    environ = {"FOLKMOTE_DISK_BYTES": "0", "FOLKMOTE_RELEASES": str(tmp_path / "kept")}
    for _ in range(2):
        with serving.server(path, environ) as address:
            described = serving.get(f"{address}/describe", params={"iri": "urn:a"})
            assert "deep" in described.text
            query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
            asked = serving.get(f"{address}/sparql", params={"query": query})
            assert '"value":"3"' in asked.text
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_file_that_does_not_parse_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.nt"
    path.write_text("<urn:a> nonsense .", encoding="utf-8")
    with pytest.raises(errors.TurtleError, match=r"bad\.nt"):
        disk.build(tmp_path / "kept" / "bad.store", [disk.Dump(path)])
    assert not list((tmp_path / "kept").iterdir())


def test_a_store_that_cannot_be_put_in_its_place_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bare.nt"
    path.write_text(FILE, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(errors.OutputError, match=r"no space left on device; .*--releases"):
        disk.build(tmp_path / "kept" / "bare.store", [disk.Dump(path)])
    assert not list((tmp_path / "kept").iterdir())


def test_a_store_that_another_process_put_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "bare.nt"
    path.write_text(FILE, encoding="utf-8")
    there = tmp_path / "kept" / "bare.store"
    disk.build(there, [disk.Dump(path)])
    before = sorted(one.name for one in there.iterdir())
    disk.build(there, [disk.Dump(path)])
    assert sorted(one.name for one in there.iterdir()) == before


def test_old_stores_are_taken_away_and_releases_beside_them_are_not(tmp_path: Path) -> None:
    (tmp_path / "big.nt").write_text(FILE, encoding="utf-8")
    kept = tmp_path / "kept"
    for number in range(7):
        for suffix in (".store", ""):
            folder = kept / f"big-{number:016}{suffix}"
            folder.mkdir(parents=True)
            os.utime(folder, (number, number))
    chosen = settings.read({"FOLKMOTE_RELEASES": str(kept), "FOLKMOTE_DISK_BYTES": "0"}, {})
    found = disks.kept(tmp_path / "big.nt", chosen)
    assert found is not None
    assert found.place.is_dir()
    left = [one.name for one in kept.glob("*.store") if one != found.place]
    assert sorted(left) == [f"big-{number:016}.store" for number in range(3, 7)]
    assert len(list(kept.iterdir())) == 5 + 7


def test_small_things_stay_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "bare.nt"
    path.write_text(FILE, encoding="utf-8")
    with serving.server(path, {"FOLKMOTE_RELEASES": str(tmp_path / "kept")}) as address:
        assert serving.get(f"{address}/health").status_code == 200
    assert not (tmp_path / "kept").exists()
