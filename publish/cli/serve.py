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

from publish import settings
from publish.cli import releases, sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.release import Release


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

    A folder is checked, and its release is built where none fits. Each option can also be set
    in the environment, as FOLKMOTE_ and its name.
    """
    chosen = settings.read(os.environ, given)
    # Nothing that is made until the server answers is thrown away, so nothing is looked for.
    gc.disable()
    found = _servable(what, chosen)
    if found is None:
        return terminal.FOUND
    data, written = found
    from publish import stores

    _log(chosen.log_level)
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
    ]

    def run(*args: Any, **kwargs: Any) -> int:
        return verb(*args, **kwargs)

    run.__name__, run.__doc__ = verb.__name__, verb.__doc__
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *options)}
    return run


def _default(setting: settings.Setting) -> str:
    return "." if setting.default == "" else f"; by default {setting.default}."


def _servable(
    what: Path | None, chosen: settings.Settings
) -> tuple[Dataset, Release | None] | None:
    """Read what is to be served, with its release; nothing, where a rule is violated."""
    from publish import release

    if what is not None and (what.is_file() or release.is_release(what)):
        opened = None if what.is_file() else release.open_release(what)
        return sources.read(what), opened
    data = sources.load(what)
    written = releases.of(data, chosen)
    return None if written is None else (release.completed(written, data), written)
