"""A data set that the processes below read, while the server does something else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import FOREIGN

from publish import dataset, errors, settings, stores
from publish.cli import releases
from publish.stores import Answer, Job

JSON = "application/sparql-results+json"


@pytest.fixture
def readings() -> Iterator[list[stores.LocalPool]]:
    """Keep pools that are closed when the test is over."""
    pools: list[stores.LocalPool] = []
    yield pools
    for pool in pools:
        pool.close()


def test_what_another_process_read_is_the_same(
    readings: list[stores.LocalPool], tmp_path: Path
) -> None:
    def read() -> dataset.Dataset:
        (tmp_path / "reader").write_text(str(os.getpid()), encoding="ascii")
        return dataset.load(FOREIGN)

    readings.append(stores.open_pool(stores.Reading(read), settings.read({}, {})))

    found = readings[0].dataset()

    here = dataset.load(FOREIGN)
    assert int((tmp_path / "reader").read_text()) != os.getpid()
    assert replace(found, graphs={}) == replace(here, graphs={})
    assert list(found.graphs) == list(here.graphs)
    for name, graph in here.graphs.items():
        assert dict(found.graphs[name].placed()) == dict(graph.placed())


def test_the_workers_have_what_was_read(readings: list[stores.LocalPool]) -> None:
    reading = stores.Reading(lambda: dataset.load(FOREIGN))
    readings.append(stores.open_pool(reading, settings.read({}, {})))

    # Whether or not anybody takes the data set.
    readings[0].wait()

    job = Job("ASK { ?who a <http://xmlns.com/foaf/0.1/Person> }", JSON, rows=1, size=1000)
    assert asyncio.run(readings[0].run(job)) == Answer(b'{"head":{},"boolean":true}', JSON, 1)


def test_what_cannot_be_read_is_told(readings: list[stores.LocalPool]) -> None:
    def read() -> dataset.Dataset:
        raise errors.FolderError("there is nothing here")

    readings.append(stores.open_pool(stores.Reading(read), settings.read({}, {})))

    with pytest.raises(errors.FolderError, match="there is nothing here"):
        readings[0].dataset()


def test_a_folder_that_changes_before_it_is_read_is_refused(folder: Path) -> None:
    chosen = settings.read({}, {})
    first = releases.servable(folder, chosen)
    again = releases.servable(folder, chosen)
    assert first is not None
    assert again is not None
    assert again.release is not None
    (folder / "data" / "more.ttl").write_text("# later\n", encoding="utf-8")

    with pytest.raises(errors.FolderError, match="was changed while it was read"):
        again.read()
