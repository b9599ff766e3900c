"""`folkmote serve`: serve a data set on the web, with an option for each setting."""

from __future__ import annotations

import functools
import gc
import inspect
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from publish import errors, settings, supervisor
from publish.cli import changes, disks, distant, releases, terminal
from publish.version import __version__


def _with_settings(verb: Callable[..., int]) -> Callable[..., int]:
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
        for setting in _offered(sys.argv[1:])
    ]

    def run(*args: Any, **kwargs: Any) -> int:
        return verb(*args, **kwargs)

    run.__name__, run.__doc__ = verb.__name__, verb.__doc__
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *options)}
    return run


def _offered(words: Sequence[str]) -> list[settings.Setting]:
    """Give the settings of which options are made, for the words of a command line.

    To make an option takes a while, and there are many; so a command line that names settings and
    nothing else has those alone. Any other may ask for help, or is wrong.
    """
    every = {one.option: one for one in settings.SETTINGS if not one.secret}
    named = {word.partition("=")[0] for word in words if word.startswith("-")}
    if words[:1] != ["serve"] or not named <= every.keys():
        return list(every.values())
    return [setting for option, setting in every.items() if option in named]


def _default(setting: settings.Setting) -> str:
    return "." if setting.default == "" else f"; by default {setting.default}."


@_with_settings
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

    A folder is checked, and its release is built where none fits. When what is served changes,
    or at SIGHUP, it is taken up without an interruption; where it is not in order, what was
    served before goes on. With --store, what a SPARQL endpoint holds is served, and nothing is
    read here. Each option can also be set in the environment, as FOLKMOTE_ and its name.
    """
    chosen = settings.read(os.environ, given)
    _log(chosen.log_level)
    if chosen.store and what is not None:
        raise errors.SettingError("a store is served or a folder; leave out one of them")
    turn = supervisor.supervise(
        supervisor.bind(chosen.host, chosen.port),
        # What a store shows is looked after where it is asked.
        functools.partial(changes.mark, what) if not chosen.store else lambda: chosen.store,
        look_seconds=chosen.look_seconds,
        stop_seconds=chosen.stop_seconds,
    )
    if isinstance(turn, int):
        return turn
    _refuse_other_software()
    # The file of settings may have changed.
    chosen = settings.read(os.environ, given)
    return _serve_store(chosen, turn) if chosen.store else _serve_data(what, chosen, turn)


def _refuse_other_software() -> None:
    """Refuse to go on with modules of two versions, where folkmote itself was replaced."""
    try:
        there = metadata.version("folkmote")
    except metadata.PackageNotFoundError:
        return
    if there != __version__:
        raise errors.SettingError(
            f"folkmote {there} was installed over {__version__}; restart the server to use it"
        )


def _serve_data(what: Path | None, chosen: settings.Settings, post: supervisor.Post) -> int:
    """Load and answer, as one of the servers that follow each other."""
    kept = disks.kept(what, chosen)
    if kept is not None:
        return _serve_disk(kept, chosen, post)
    # Nothing that is made until the server answers is thrown away, so nothing is looked for.
    gc.disable()
    found = releases.servable(what, chosen)
    if found is None:
        return terminal.FOUND
    from publish import stores

    # The workers are forks of this process: they start before there are threads and sockets.
    pool = stores.open_pool(stores.Reading(found.read), chosen)
    try:
        from publish.web import app

        # It was read while all this was imported.
        data = pool.dataset()
        made = app.create_app(data, pool, chosen, found.release.root if found.release else None)
        # The workers loaded it while all this was made.
        pool.wait()
        title = data.description.title if data.description else data.root.name
        app.serve(made, chosen, post, functools.partial(_serving, title, post), pool)
    finally:
        pool.close()
    return terminal.FINE


def _serve_disk(kept: disks.Kept, chosen: settings.Settings, post: supervisor.Post) -> int:
    from publish import stores

    # The store is opened here when its workers have been made, for it has threads.
    pool = stores.open_pool(kept.head, chosen, kept.place)
    try:
        from publish.web import app

        pool.wait()
        made = app.create_app(kept.source(), pool, chosen, kept.release)
        about = kept.head.description
        title = about.title if about else kept.head.root.name
        app.serve(made, chosen, post, functools.partial(_serving, title, post), pool)
    finally:
        pool.close()
    return terminal.FINE


def _log(level: str) -> None:
    """Send our log to stderr; of other people's packages only what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("publish").setLevel(level.upper())
    # A line names none of these, and to find them out takes as long as the rest (Logging HOWTO,
    # Optimization).
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class _Lines(logging.Formatter):
    """Writes time, level and message; each second is written out once, for many lines."""

    _second, _written = -1, ""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as the class above would, which takes twice as long where it is short."""
        if record.exc_info or record.exc_text or record.stack_info:
            return super().format(record)
        return f"{self.formatTime(record)} {record.levelname} {record.getMessage()}"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (of the class above)
        second = int(record.created)
        if second != self._second:
            self._second = second
            self._written = time.strftime(
                datefmt or self.default_time_format, time.localtime(second)
            )
        return f"{self._written},{int(record.msecs):03d}"


def _serve_store(chosen: settings.Settings, post: supervisor.Post) -> int:
    from publish import stores

    # As above: first the processes, then connections.
    workers = stores.open_pool(distant.nothing(), chosen)
    try:
        from publish.web import app

        with distant.follow(workers, chosen) as following:
            workers.wait()
            told = functools.partial(_serving, chosen.store, post)
            app.serve(following, chosen, post, told, workers, one_release=False)
    finally:
        workers.close()
    return terminal.FINE


def _serving(title: str, post: supervisor.Post, address: str) -> None:
    if post.first:
        terminal.say(f"serving {title} on {address}; Ctrl-C stops it")
        sys.stdout.flush()
