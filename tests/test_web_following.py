"""Readers see the release that the store shows, and the next one soon after it is shown."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import engines
import httpx
import pyoxigraph as ox
import pytest
from conftest import copy_of
from engines import Engine
from serving import Asking, assert_problem

from publish import dataset, errors, inference
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.web.following import Following


class Shown:
    """A store of which a test says what it shows, and applications that say what they are of."""

    def __init__(self) -> None:
        self.release = "one"
        self.fails = False
        self.looks = 0
        self.made: list[str] = []
        self.ended = False

    def look(self) -> str:
        self.looks += 1
        if self.fails:
            raise errors.StoreUnavailable("the store does not answer")
        return self.release

    def make(self, release: str):
        self.made.append(release)

        async def app(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": release.encode()})

        return app

    async def end(self) -> None:
        self.ended = True


@pytest.fixture
def shown() -> Shown:
    return Shown()


async def answered(following: Following) -> str:
    """Give an answer, and let what goes on in the background come to its end."""
    said = []

    async def send(message) -> None:
        said.append(message.get("body", b""))

    await following({"type": "http"}, lambda: None, send)  # type: ignore[arg-type,return-value]
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)
    return b"".join(said).decode()


def test_another_release_takes_over(shown: Shown) -> None:
    async def run() -> list[str]:
        following = Following(shown.look, shown.make, shown.end, 0)
        first = await answered(following)
        shown.release = "two"
        return [first, await answered(following), await answered(following)]

    assert asyncio.run(run()) == ["one", "one", "two"]
    assert shown.made == ["one", "two"]


def test_it_is_not_looked_more_often_than_set(shown: Shown) -> None:
    async def run() -> None:
        following = Following(shown.look, shown.make, shown.end, 60)
        for _ in range(5):
            await answered(following)

    asyncio.run(run())
    assert shown.looks == 1


def test_the_last_release_stays_while_the_store_is_gone(shown: Shown) -> None:
    async def run() -> list[str]:
        following = Following(shown.look, shown.make, shown.end, 0)
        shown.fails = True
        before = [await answered(following), await answered(following)]
        shown.fails, shown.release = False, "two"
        return [*before, await answered(following), await answered(following)]

    assert asyncio.run(run()) == ["one", "one", "one", "two"]


def test_the_end_of_the_server_is_passed_on(shown: Shown) -> None:
    asking = Asking(Following(shown.look, shown.make, shown.end, 60))
    asking.end()
    asking.close()
    assert shown.ended


# --- with a store ----------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return inference.infer(dataset.load(copy_of("sound", tmp_path / "followed")))


def renamed(data: Dataset) -> Dataset:
    """Give a later state: one thing more, and other bytes."""
    triple = ox.Triple(
        ox.NamedNode(f"{data.base}id/later/one"),
        ox.NamedNode(ns.RDFS + "label"),
        ox.Literal("came later"),
    )
    layer = data.layers[0]
    later = data.with_graph(layer, [*data.triples(layer), triple])
    return replace(later, digest="f" * 64)


def test_readers_see_one_release_and_then_the_next(engine: Engine, data: Dataset) -> None:
    engine.push(data)
    about = data.description
    assert about
    with engines.reading(engine, store_dataset=about.iri, store_seconds=0.001) as there:
        path = "/doc/later/one.ttl"
        assert_problem(there.get(path), 404)
        before = there.get("/health").json()["digest"]
        tag = there.get("/browse").headers["etag"]
        engine.push(renamed(data))
        end = time.monotonic() + 60
        while there.get("/health").json()["digest"] == before:
            assert time.monotonic() < end, "the release before is shown for a minute"
        assert "came later" in there.get(path).text
        assert there.get("/browse").headers["etag"] != tag


def test_a_data_set_must_be_named_where_there_are_several(
    engine: Engine, data: Dataset, foreign: Dataset
) -> None:
    engine.push(data)
    engine.push(foreign)
    with (
        pytest.raises(errors.StoreAnswerError, match="say by --store-dataset which"),
        engines.reading(engine),
    ):
        pass


def test_a_store_without_releases_is_served_as_it_stands(foreign: Dataset) -> None:
    with engines.oxigraph() as engine:
        graph = f"{foreign.base}graph/text"
        triples = "\n".join(f"{triple} ." for triple in foreign.triples(graph))
        engine.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}")
        with engines.reading(engine) as there:
            page = there.page("/")
            assert ">text</a>" in page
            iri = "https://example.org/strahlen/id/begriff/kathodenstrahlen"
            shown = there.get(f"/describe?iri={iri}", "application/n-triples").text
            said = [triple for name, triple in foreign.outgoing(iri) if name == graph]
            assert len(shown.splitlines()) == len(said)
            counted = there.get(
                "/sparql?query=SELECT(COUNT(*)AS%3Fn)%7B%3Fs%3Fp%3Fo%7D", "text/csv"
            )
            assert counted.text == f"n\r\n{len(foreign.graphs[graph])}\r\n"


def test_a_store_without_graphs_is_served_too() -> None:
    with engines.oxigraph() as engine:
        engine.update("INSERT DATA { <urn:a> <urn:p> <urn:b> , [ <urn:q> 'deep' ] }")
        with engines.reading(engine) as there:
            assert "follow its 1 subject" in there.page("/")
            assert "deep" in there.page("/describe?iri=urn:a")
            assert "urn:a" in there.page("/describe?iri=urn:b")
            assert there.get("/sparql?query=ASK%7B%3Fs%3Fp%3Curn:b%3E%7D").json()["boolean"]


def test_a_server_repeats_no_answer_of_the_release_before(engine: Engine, data: Dataset) -> None:
    """The same bytes are asked over one connection, as a client that polls does."""
    engine.push(data)
    about = data.description
    assert about
    which = ("--store", engine.asked, "--store-dataset", about.iri, "--store-seconds", "0.05")
    with subprocess.Popen(
        [sys.executable, "-m", "publish", "serve", "--port", "0", *which],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as server:
        try:
            assert server.stdout
            found = re.search(r" on (http://127\.0\.0\.1:\d+)", server.stdout.readline())
            assert found
            with httpx.Client(base_url=found[1], timeout=30) as client:
                path = "/browse"
                before = client.get(path).headers["etag"]
                assert client.get(path).headers["etag"] == before
                engine.push(renamed(data))
                end = time.monotonic() + 60
                while client.get(path).headers["etag"] == before:
                    assert time.monotonic() < end, "the release before is shown for a minute"
                assert before not in {client.get(path).headers["etag"] for _ in range(20)}
        finally:
            server.terminate()
