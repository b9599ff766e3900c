"""`folkmote push`: bring a release into a store elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import settings
from publish.cli import distant, releases, sources, terminal

if TYPE_CHECKING:
    from publish.push import Target


def push(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Where the store is asked: its SPARQL endpoint.")
    ],
    folder: sources.Folder = None,
    update: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where it is updated; by default URL, with `update` for a last `query`.",
        ),
    ] = "",
    graphs: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where graphs are loaded, by the Graph Store Protocol; by default by updates.",
        ),
    ] = "",
    keep: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many earlier releases stay.")
    ] = 2,
    back: Annotated[
        bool, typer.Option("--back", help="Push nothing; show readers the release before.")
    ] = False,
) -> int:
    """Bring the release of a data set into a SPARQL store, and show it to readers in one step.

    Readers of `folkmote serve --store URL` see the release before until all of the new one is
    there and counted. User and password are FOLKMOTE_STORE_USER and FOLKMOTE_STORE_PASSWORD in
    the environment.
    """
    chosen = settings.read(os.environ, {"store": url}, called={"store": "URL"})
    with _target(chosen, update, graphs) as target:
        return _go_back(folder, target) if back else _push(folder, target, chosen, keep)


def _push(folder: Path | None, target: Target, chosen: settings.Settings, keep: int) -> int:
    from publish import push as pushing
    from publish import release

    found = releases.servable(folder, chosen)
    if found is None:
        return terminal.FOUND
    data = found.read()
    done = pushing.push(
        data, release.software(), target, keep=keep, tell=lambda line: terminal.tell(line, "")
    )
    for graph, count in done.merged.items():
        terminal.tell(f"{graph}: the store takes {terminal.counted(count, 'value')} for others")
    total = sum(done.release.sizes.values())
    verb = "pushed" if done.fresh else "there already"
    terminal.say(f"{terminal.counted(total, 'triple')} {verb}; readers see {done.release.iri}")
    return terminal.FINE


def _go_back(folder: Path | None, target: Target) -> int:
    from publish import push as pushing

    about = sources.load(folder).description
    if about is not None:
        shown = pushing.go_back(about.iri, about.base, target)
        terminal.say(f"readers see {shown.iri}")
    return terminal.FINE


def _target(chosen: settings.Settings, update: str, graphs: str) -> Target:
    from publish.push import Target
    from publish.stores.endpoint import Endpoint

    who, limits = distant.login(chosen), distant.change_bounds(chosen)
    asked = chosen.store
    place = update or (
        f"{asked.removesuffix('query')}update" if asked.endswith("/query") else asked
    )
    loaded = Endpoint(graphs, who, limits) if graphs else None
    return Target(Endpoint(asked, who, limits), Endpoint(place, who, limits), loaded)
