"""Stores elsewhere as the verbs need them: opened as the settings say."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from publish import settings

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.sources.remote import Remote
    from publish.stores import Pool
    from publish.stores.endpoint import Bounds, Endpoint, Login
    from publish.web.following import Application, Following

End: TypeAlias = "Callable[[], Awaitable[None]]"
_TITLE = "SPARQL store"
_CHANGE_SECONDS = 600.0
"""How long a store may take to load or count a part of a release, which is no query of a reader."""


def nothing() -> Dataset:
    """Give a data set without anything, for the workers that only read queries."""
    from publish.dataset import Dataset

    return Dataset(
        root=Path(_TITLE),
        description=None,
        graphs={},
        prefixes={},
        default_graph="file",
        digest="",
    )


def login(chosen: settings.Settings) -> Login:
    """Give user and password as they are set."""
    from publish.stores.endpoint import Login

    return Login(chosen.store_user, chosen.store_password)


def bounds(chosen: settings.Settings) -> Bounds:
    """Give the limits of a query, which are those of an answer of the store too."""
    from publish.stores.endpoint import Bounds

    return Bounds(chosen.query_seconds, chosen.query_bytes)


def change_bounds(chosen: settings.Settings) -> Bounds:
    """Give the limits of a change, which nobody waits for as for an answer."""
    return replace(bounds(chosen), seconds=max(chosen.query_seconds, _CHANGE_SECONDS))


@contextmanager
def follow(workers: Pool, chosen: settings.Settings) -> Iterator[Following]:
    """Open the store and make what serves the release that it shows, whichever that is."""
    from publish.stores import catalogue
    from publish.stores.endpoint import Endpoint, Stream
    from publish.stores.remote import RemotePool, connections
    from publish.web import create_app
    from publish.web.following import Following

    who, limits = login(chosen), bounds(chosen)
    stream = Stream(chosen.store, who, limits, connections(chosen))
    with Endpoint(chosen.store, who, limits) as endpoint:

        def look() -> str:
            found = catalogue.find(endpoint, chosen.store_dataset)
            if found is None:
                # Nobody says when a store changes that has no releases.
                return f"since {time.time() // max(1, chosen.cache_seconds):.0f}"
            return found[2]

        def make(release: str) -> Application:
            source = _opened(endpoint, chosen, release)
            pool = RemotePool(workers, stream, source.view, chosen)
            return create_app(source, pool, chosen)

        yield Following(look, make, stream.close, chosen.store_seconds)


@contextmanager
def asking(workers: Pool, chosen: settings.Settings) -> Iterator[tuple[Remote, Pool, End]]:
    """Open the release that a store shows now, or what a server of ours serves now.

    The end of the connections is to be awaited where they were used.
    """
    from publish import client
    from publish.sources import opening
    from publish.stores import catalogue
    from publish.stores.endpoint import Endpoint, Stream
    from publish.stores.remote import RemotePool, connections

    address, prefixes = client.endpoint(chosen.store, chosen.query_seconds)
    chosen = replace(chosen, store=address)
    who, limits = login(chosen), bounds(chosen)
    stream = Stream(address, who, limits, connections(chosen))
    with Endpoint(address, who, limits) as endpoint:
        if prefixes is not None:
            source = opening.open_service(endpoint, address, prefixes)
        else:
            found = catalogue.find(endpoint, chosen.store_dataset)
            source = _opened(endpoint, chosen, found[2] if found else "")
        yield source, RemotePool(workers, stream, source.view, chosen), stream.close


def _opened(endpoint: Endpoint, chosen: settings.Settings, release: str) -> Remote:
    from publish import errors
    from publish.sources import opening
    from publish.stores import catalogue

    found = catalogue.find(endpoint, chosen.store_dataset)
    if found is None:
        return opening.open_store(endpoint, _TITLE, release)
    graph, dataset, current = found
    stored = catalogue.read(endpoint, graph, dataset).release(current)
    if stored is None:
        raise errors.StoreAnswerError(f"the store has no release <{current}>; push it again")
    return opening.open_release(endpoint, stored)
