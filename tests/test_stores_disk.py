"""What is larger than memory is served from a store on disk, and says the same."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import serving
from conftest import copy_of
from serving import BROWSER, assert_problem

from publish import dataset, errors, inference, release
from publish.dataset import Dataset
from publish.stores import disk

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
            far = httpx.get(served + path, headers={"Accept": "application/n-triples"})
            assert far.status_code == near.status_code, path
            if near.headers.get("content-type") == "application/n-triples":
                assert sorted(far.text.splitlines()) == sorted(near.text.splitlines()), path
                compared += 1
        assert compared >= 5
        for path in ("/browse", "/questions"):
            near, far = here.get(path, BROWSER), httpx.get(served + path)
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
        answer = httpx.get(
            f"{served}/sparql", params={"query": query}, headers={"Accept": "text/csv"}
        )
        assert answer.text == f"n\r\n{count}\r\n", query


def test_workers_stop_what_takes_too_long(served: str) -> None:
    triples = " ".join(f"?a{number} ?b{number} ?c{number} ." for number in range(6))
    query = f"SELECT (COUNT(*) AS ?n) {{ {triples} }}"
    environ = {"query": query}
    answer = httpx.get(f"{served}/sparql", params=environ, timeout=30)
    assert_problem(answer, 503)
    assert httpx.get(f"{served}/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize("name", ["bare.nt", "bare.nt.gz"])
def test_a_large_file_is_kept_on_disk(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(FILE.encode()) if name.endswith(".gz") else FILE.encode())
    environ = {"FOLKMOTE_DISK_BYTES": "0", "FOLKMOTE_RELEASES": str(tmp_path / "kept")}
    for _ in range(2):
        with serving.server(path, environ) as address:
            described = httpx.get(f"{address}/describe", params={"iri": "urn:a"})
            assert "deep" in described.text
            query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
            asked = httpx.get(f"{address}/sparql", params={"query": query})
            assert '"value":"3"' in asked.text
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_file_that_does_not_parse_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.nt"
    path.write_text("<urn:a> nonsense .", encoding="utf-8")
    with pytest.raises(errors.TurtleError, match=r"bad\.nt"):
        disk.build(tmp_path / "kept" / "bad.store", [disk.Dump(path)])
    assert not list((tmp_path / "kept").iterdir())


def test_small_things_stay_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "bare.nt"
    path.write_text(FILE, encoding="utf-8")
    with serving.server(path, {"FOLKMOTE_RELEASES": str(tmp_path / "kept")}) as address:
        assert httpx.get(f"{address}/health").status_code == 200
    assert not (tmp_path / "kept").exists()
