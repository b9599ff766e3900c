"""`folkmote serve`: serve a data set on the web, with an option for each setting."""

from __future__ import annotations

import functools
import gc
import inspect
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publish import errors, settings
from publish.cli import distant, releases, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset


def serve(
    what: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|RELEASE|FILE",
            help="A data set, a release of one, or an RDF file, which is served as it stands; "
            "by default this folder where it is a data set, else the shipped one.",
        ),
    ] = None,
    **given: str | None,
) -> int:
    """Serve a data set on the web: a page for each thing, a SPARQL endpoint and the dumps.

    A folder is checked, and its release is built where none fits. With --store, what a SPARQL
    endpoint holds is served, and nothing is read here. Each option can also be set in the
    environment, as FOLKMOTE_ and its name.
    """
    chosen = settings.read(os.environ, given)
    _log(chosen.log_level)
    if chosen.store:
        if what is not None:
            raise errors.SettingError("a store is served or a folder; leave out one of them")
        _serve_store(chosen)
        return terminal.FINE
    # Nothing that is made until the server answers is thrown away, so nothing is looked for.
    gc.disable()
    found = releases.servable(what, chosen)
    if found is None:
        return terminal.FOUND
    data, written = found
    from publish import stores

    # The workers are forks of this process: they start before there are threads and sockets.
    pool = stores.open_pool(data, chosen)
    try:
        from publish.web import app

        made = app.create_app(data, pool, chosen, written.root if written else None)
        # They loaded the data while all this was made.
        pool.wait()
        app.serve(made, chosen, functools.partial(_serving, data))
    finally:
        pool.close()
    return terminal.FINE


def _log(level: str) -> None:
    """Send our log to stderr; of other people's packages only what is wrong."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    logging.getLogger("publish").setLevel(level.upper())


def _serve_store(chosen: settings.Settings) -> None:
    from publish import stores

    # As below: first the processes, then connections.
    workers = stores.open_pool(distant.nothing(), chosen)
    try:
        from publish.web import app

        with distant.follow(workers, chosen) as following:
            workers.wait()
            app.serve(following, chosen, functools.partial(_serving_store, chosen))
    finally:
        workers.close()


def _serving_store(chosen: settings.Settings, address: str) -> None:
    terminal.say(f"serving {chosen.store} on {address}; Ctrl-C stops it")
    sys.stdout.flush()


def _serving(data: Dataset, address: str) -> None:
    title = data.description.title if data.description else data.root.name
    terminal.say(f"serving {title} on {address}; Ctrl-C stops it")
    sys.stdout.flush()


def with_settings(verb: Callable[..., int]) -> Callable[..., int]:
    """Give a verb an option for each setting, as if they had been written out."""
    signature = inspect.signature(verb, eval_str=True)
    own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    options = [
        inspect.Parameter(
            setting.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None,
                typer.Option(
                    setting.option,
                    metavar="VALUE",
                    help=setting.help[:1].upper() + setting.help[1:] + _default(setting),
                ),
            ],
        )
        for setting in settings.SETTINGS
        if not setting.secret
    ]

    def run(*args: Any, **kwargs: Any) -> int:
        return verb(*args, **kwargs)

    run.__name__, run.__doc__ = verb.__name__, verb.__doc__
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *options)}
    return run


def _default(setting: settings.Setting) -> str:
    return "." if setting.default == "" else f"; by default {setting.default}."
