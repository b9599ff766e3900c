"""`folkmote mcp`: let assistants read a data set, by the Model Context Protocol."""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors, settings, supervisor
from publish.cli import disks, distant, sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.sources import Source
    from publish.stores import Pool

_HOST = "127.0.0.1"
_ADDRESSES = ("http://", "https://")


def mcp(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="FOLDER|RELEASE|FILE|URL",
            help=f"{sources.FOLDER_HELP[:-1]}; also a release, an RDF file, or the address of a "
            "folkmote server or SPARQL endpoint.",
        ),
    ] = None,
    http: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=1,
            max=65_535,
            help="Answer by streamable HTTP at http://127.0.0.1:PORT/mcp instead of stdin and "
            "stdout.",
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="A file of settings, in TOML.")
    ] = None,
) -> int:
    """Let assistants read a data set, by the Model Context Protocol (MCP).

    An assistant starts this command by itself and speaks with it over stdin and stdout. It can
    search, describe things, ask saved questions and SPARQL, all only reading and within the
    limits that the settings (FOLKMOTE_QUERY_SECONDS and others) give the service; answers come
    with labels, layers and passages as evidence. Needs the package mcp: `pip install folkmote[mcp]`.
    """
    if importlib.util.find_spec("mcp") is None:
        raise errors.SettingError(
            "`folkmote mcp` needs the package mcp; install it with `pip install 'folkmote[mcp]'`"
        )
    address = what if what is not None and what.startswith(_ADDRESSES) else None
    chosen = settings.read(os.environ, {"config": config, "store": address})
    if chosen.store and not address and what is not None:
        raise errors.SettingError("a store is read or a folder; leave out one of them")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if http is not None:
        supervisor.bind(_HOST, http).close()
    folder = None if address or what is None else Path(what)
    with _opened(folder, chosen) as (source, pool, end):
        from publish.assistants import reading, server
        from publish.query import QueryService
        from publish.records import Records

        own = Path(chosen.questions) if chosen.questions else None
        reader = reading.Reader(Records(source), QueryService(pool, chosen), own)
        if http is not None:
            terminal.say(f"assistants find the data at http://{_HOST}:{http}/mcp; Ctrl-C stops it")
            sys.stdout.flush()
        server.run(server.create(reader, chosen), end, (_HOST, http) if http else None)
    return terminal.FINE


@contextmanager
def _opened(
    what: Path | None, chosen: settings.Settings
) -> Iterator[tuple[Source | Dataset, Pool, distant.End]]:
    """Read what is to be answered from, and start the workers that answer."""
    from publish import stores

    # As for the server: processes are forked before there are threads and connections.
    kept = None if chosen.store else disks.kept(what, chosen)
    if chosen.store:
        pool = stores.open_pool(distant.nothing(), chosen)
    elif kept:
        pool = stores.open_pool(kept.head, chosen, kept.place)
    else:
        data = sources.read(what)
        pool = stores.open_pool(data, chosen)
    try:
        pool.wait()
        if chosen.store:
            with distant.asking(pool, chosen) as asked:
                yield asked
        else:
            yield kept.source() if kept else data, pool, _nothing
    finally:
        pool.close()


async def _nothing() -> None:
    """End nothing: there are no connections."""
