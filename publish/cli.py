"""Speak to a terminal: the verbs, their arguments, what is printed and the exit codes.

Each verb calls into the core and prints what comes back; nothing is decided here that another
interface would have to decide again. What is asked for goes to stdout, everything else to
stderr. Exit codes: 0 all is fine, 1 something was found, 2 the command was used wrongly,
3 something could not be read, written or reached. What a verb needs is imported when it runs,
so that `--help` is quick.
"""

from __future__ import annotations

import functools
import inspect
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import publish
from publish import errors, settings

if TYPE_CHECKING:
    from publish.anchors import Verdict
    from publish.dataset import Dataset
    from publish.negotiation import Format
    from publish.release import Release
    from publish.statistics import Statistics
    from publish.validation import Finding

FINE, FOUND, WRONG_USE, UNREACHED = 0, 1, 2, 3
_STOPPED = 130
_CLOSED = 141
_ROWS = ("SELECT", "ASK")
_TABLE = ("", "table")
_LONGEST = 80
_KEPT = 5
_DIGITS = 16
_WRONG = (
    errors.SettingError,
    errors.QuerySyntaxError,
    errors.QueryRefused,
    errors.QueryTooComplex,
    errors.NotAcceptable,
)

_FOLDER_HELP = "The data set; by default this folder where it is one, else the shipped one."
_Folder = Annotated[Path | None, typer.Argument(metavar="FOLDER", help=_FOLDER_HELP)]


class Engine(Enum):
    """Which SHACL engine checks."""

    compiled = "compiled"
    pyshacl = "pyshacl"


class Report(Enum):
    """How findings are written."""

    text = "text"
    json = "json"
    turtle = "turtle"


def main() -> None:
    """Run the command and end the process with its exit code."""
    commands = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    commands.callback(invoke_without_command=True)(_folkmote)
    for verb in (check, build, _with_settings(serve), query, verify_anchors):
        commands.command(verb.__name__.replace("_", "-"))(_guarded(verb))
    commands(prog_name="folkmote")


def _guarded(verb: Callable[..., int]) -> Callable[..., None]:
    """Turn what a verb returns or raises into an exit code, and errors into sentences."""

    @functools.wraps(verb)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = verb(*args, **kwargs)
            sys.stdout.flush()
        except errors.FolkmoteError as error:
            for line in str(error).splitlines():
                _tell(line)
            code = WRONG_USE if isinstance(error, _WRONG) else UNREACHED
        except KeyboardInterrupt:
            code = _STOPPED
        except BrokenPipeError:
            # Python flushes stdout when it ends, and would complain once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _CLOSED
        raise typer.Exit(code)

    return run


def _folkmote(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish a text's people, works, concepts and events as linked open data."""
    if version:
        _print(f"folkmote {publish.__version__}")
        raise typer.Exit


# --- check -----------------------------------------------------------------------------------


def check(
    folder: _Folder = None,
    engine: Annotated[
        Engine, typer.Option(help="The quick engine, or the one that others compare with.")
    ] = Engine.compiled,
    format: Annotated[Report, typer.Option(help="How findings are written.")] = Report.text,
    advice: Annotated[bool, typer.Option("--advice", help="Print remarks too.")] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Print what the data set covers, in figures.")
    ] = False,
) -> int:
    """Check a data set against its rules; each finding has a file, a line and what to do.

    The rules are the shapes of the data set and what the vocabularies say of the terms it uses.
    Exit code 1 where a rule is violated; warnings are printed and are no failure.
    """
    from publish import inference

    data = _load(folder)
    findings = _findings(data, engine)
    whole = inference.infer(data)  # rules that derive are rules too: a broken one is told here
    shown = [finding for finding in findings if advice or finding.severity != "info"]
    _print(_written(shown, format, data))
    if format is Report.text:
        _print(_summary(data, findings))
    if statistics:
        from publish.statistics import measure

        _print("\n".join(_figures(measure(whole))))
    return FOUND if _violated(findings) else FINE


def _findings(data: Dataset, engine: Engine = Engine.compiled) -> list[Finding]:
    """Check the data by their own shapes, and their terms by what the vocabularies say."""
    from publish import validation, vocabulary

    with _progress("checking the data set"):
        found = [
            *validation.check(
                data, engine="compiled" if engine is Engine.compiled else "reference"
            ),
            *(terms := vocabulary.check(data)).findings,
        ]
    if terms.unchecked:
        uses = (f"<{space}> ({_counted(n, 'use')})" for space, n in terms.unchecked.items())
        _tell(f"not checked, since no list of their terms is kept: {', '.join(uses)}", prefix="")
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.message))


def _violated(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "violation" for finding in findings)


def _written(findings: Sequence[Finding], format: Report, data: Dataset) -> str:
    if format is Report.json:
        import json
        from dataclasses import asdict

        return json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False)
    if format is Report.turtle:
        from publish import release

        return release.report(findings, data)
    return "\n".join(_line(finding, data.prefixes) for finding in findings)


def _line(finding: Finding, prefixes: Mapping[str, str]) -> str:
    """Write a finding as compilers do: place, severity, what to do; then what it is about."""
    value, focus = _short(finding.value, prefixes), _short(finding.focus, prefixes)
    rule = f"rule {finding.shape_path}:{finding.shape_line}" if finding.shape_path else ""
    about = [f"{value} of {focus}" if value and value != focus else focus, rule]
    return (
        f"{finding.path}:{finding.line}: {finding.severity}: {' '.join(finding.message.split())} "
        f"({'; '.join(part for part in about if part)})"
    )


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by the prefix that saves most, and a long text to its beginning."""
    if term.startswith('"'):
        return term if len(term) <= _LONGEST else f"{term[:_LONGEST]}..."
    fitting = [(len(space), name) for name, space in prefixes.items() if term.startswith(space)]
    if not fitting or "/" in (local := term[max(fitting)[0] :]):
        return term
    return f"{max(fitting)[1]}:{local}"


def _summary(data: Dataset, findings: Sequence[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    nouns = {"violation": "violation", "warning": "warning", "info": "remark"}
    counts = [
        _counted(sum(one == name for one in severities), noun)
        for name, noun in nouns.items()
        if name == "violation" or name in severities
    ]
    triples = sum(len(graph) for graph in data.graphs.values())
    return f"{_counted(triples, 'triple')} checked: {', '.join(counts)}"


def _figures(found: Statistics) -> Iterator[str]:
    """Lay out the figures of a data set, a heading before each group."""
    records = found.records or 1
    yield f"\n{_counted(found.triples, 'triple')}, {_counted(found.records, 'record')}"
    yield f"{found.with_passage / records:7.1%}  of the records name a passage"
    yield f"{found.with_basis / records:7.1%}  of the records name a basis"
    yield f"\nrecords in each passage; {len(found.empty) or 'none'} empty"
    yield from (f"{one.records:7,}  {one.label}" for one in found.passages)
    yield "\nthings of each kind"
    yield from (f"{count:7,}  {kind}" for kind, count in found.kinds.items())
    if found.links:
        yield "\nlinked elsewhere, of all of a kind"
    for kind, links in found.links.items():
        of = links.linked + links.absent + links.open
        yield (
            f"{links.linked:7,}  of {of:,} {kind}: {links.open:,} not linked yet, "
            f"{_counted(links.waiting, 'candidate')} waiting, {links.refused:,} refused"
        )
    yield "\nuses of each vocabulary"
    yield from (f"{count:7,}  {name}" for name, count in found.vocabularies.items())


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


# --- build -----------------------------------------------------------------------------------


def build(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or an old release.")],
    folder: _Folder = None,
) -> int:
    """Write a release: the data set in all formats, with description and checksums.

    The same source gives the same bytes. Nothing is written where a rule is violated. The time
    that the files name is SOURCE_DATE_EPOCH, else the day on which the data set was modified.
    """
    written = _build(_load(folder), out)
    if written is None:
        return FOUND
    _print(f"{_counted(len(written.files), 'file')} in {out}")
    return FINE


def _build(data: Dataset, out: Path) -> Release | None:
    """Check, derive and write; tell what was found, and give nothing where a rule is violated."""
    from publish import inference, release

    findings = _findings(data)
    for finding in findings:
        if finding.severity != "info":
            _tell(_line(finding, data.prefixes), prefix="")
    if _violated(findings):
        _tell("a rule is violated, so no release is built; mend the data")
        return None
    with _progress("building the release"), _cleaning():
        written = release.write(inference.infer(data), out, findings=findings, now=_epoch())
    for name, reason in written.left_out.items():
        _tell(f"{name} is left out: {reason}")
    return written


@contextmanager
def _cleaning() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that nothing half-written is left behind."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _epoch() -> datetime | None:
    """Read SOURCE_DATE_EPOCH, by which builds agree on a time: seconds since 1970."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not said:
        return None
    try:
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise errors.SettingError(
            f"`SOURCE_DATE_EPOCH` cannot be `{said}`; give whole seconds since 1970"
        ) from error


# --- serve -----------------------------------------------------------------------------------


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
    found = _servable(what, chosen)
    if found is None:
        return FOUND
    data, written = found
    from publish import stores

    # The workers are forks of this process: they start before there are threads and sockets.
    pool = stores.open_pool(data, chosen)
    try:
        from publish.web import app

        made = app.create_app(data, pool, chosen, written.root if written else None)
        app.serve(made, chosen, functools.partial(_serving, data))
    finally:
        pool.close()
    return FINE


def _serving(data: Dataset, address: str) -> None:
    title = data.description.title if data.description else data.root.name
    _print(f"serving {title} on {address}; Ctrl-C stops it")
    sys.stdout.flush()


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
    from publish import inference, release

    if what is not None and (what.is_file() or release.is_release(what)):
        opened = None if what.is_file() else release.open_release(what)
        return _read(what), opened
    data = _load(what)
    written = _release_of(data, chosen)
    return None if written is None else (inference.infer(data), written)


def _release_of(data: Dataset, chosen: settings.Settings) -> Release | None:
    """Open the release that was built of the same sources, else build it."""
    from publish import release

    name = (data.description.prefix if data.description else "") or "dataset"
    place = _releases(chosen) / f"{name}-{data.digest[:_DIGITS]}"
    try:
        found = release.open_release(place)
        if release.fits(found, data):
            return found
    except errors.FolderError as error:
        if place.exists():
            _tell(str(error))
    built = _build(data, place)
    _prune(place)
    return built


def _releases(chosen: settings.Settings) -> Path:
    """Give a folder for releases: as it was set, in the user's cache (XDG), or a passing one."""
    import tempfile

    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    home = cache if cache.is_absolute() else Path("~/.cache").expanduser()
    folder = Path(chosen.releases) if chosen.releases else home / "folkmote" / "releases"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror
    else:
        if os.access(folder, os.W_OK):
            return folder
        reason = "permission denied"
    _tell(f"cannot write `{folder}` ({reason}), so the release is not kept; set --releases")
    return Path(tempfile.mkdtemp(prefix="folkmote-"))


def _prune(place: Path) -> None:
    """Remove all but the newest of the kept releases of one data set."""
    import shutil

    name = place.name.rpartition("-")[0]
    kept = sorted(place.parent.glob(f"{name}-{'?' * _DIGITS}"), key=lambda one: one.stat().st_mtime)
    for old in kept[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


# --- query -----------------------------------------------------------------------------------


def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY|FILE", help="SPARQL, or a file of it; - is stdin.")
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|RELEASE|FILE",
            help=f"{_FOLDER_HELP[:-1]}; also a release or an RDF file.",
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="For rows: table, json, xml, csv or tsv; for triples: turtle, ntriples, jsonld "
            "or rdfxml.",
        ),
    ] = "",
) -> int:
    """Answer one SPARQL query; the prefixes of the data set are known to it.

    Rows are printed as a table and triples as Turtle, unless another format is asked for. There
    are no limits of time or size: Ctrl-C stops it.
    """
    from publish import query as queries

    asked = _query_text(text)
    form = queries.scan(asked, settings.read(os.environ, {})).form
    wanted = _result_format(form, format)
    data = _read(folder)
    with _progress("answering"):
        body = _answered(data, asked, wanted.media)
    if form in _ROWS and format in _TABLE:
        _print(_table(body, data.prefixes))
    else:
        sys.stdout.buffer.write(body)
    return FINE


def _result_format(form: str, name: str) -> Format:
    """Choose the format to ask for; a table is made of the first that rows have, JSON."""
    from publish import negotiation

    rows = negotiation.BOOLEAN_FORMATS if form == "ASK" else negotiation.RESULT_FORMATS
    offers = rows if form in _ROWS else negotiation.RDF_FORMATS
    if not name or (form in _ROWS and name in _TABLE):
        return offers[0]
    try:
        return negotiation.find(name, offers)
    except errors.NotAcceptable as error:
        names = [*(_TABLE[1:] if form in _ROWS else ()), *(offer.name for offer in offers)]
        raise errors.SettingError(
            f"{form} has no format `{name}`; ask for {', '.join(names[:-1])} or {names[-1]}"
        ) from error


def _query_text(given: str) -> str:
    """Take a query as it is, from the file that it names, or from stdin."""
    if given == "-":
        return sys.stdin.read()
    try:
        path = Path(given)
        if path.is_file():
            return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise errors.FolderError(f"`{given}` is not UTF-8; save the file as UTF-8") from error
    except (OSError, ValueError):
        return given  # too long for a name, or with signs that no name has: not a file
    if any(sign.isspace() or sign == "{" for sign in given):
        return given
    raise errors.FolderError(f"there is no file `{given}`; name one, or give a query in quotes")


def _answered(data: Dataset, text: str, media: str) -> bytes:
    from publish import stores
    from publish.stores import evaluation

    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in data.prefixes.items())
    job = stores.Job(prefixes + text, media, rows=sys.maxsize, size=sys.maxsize)
    # The engine does not look at signals while it works: let Ctrl-C end the process itself.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return evaluation.evaluate(evaluation.open_store(data), job).body
    except errors.QuerySyntaxError as error:
        line = error.line and error.line - prefixes.count("\n")
        raise errors.QuerySyntaxError(error.reason, line, error.column) from error
    finally:
        signal.signal(signal.SIGINT, before)


def _table(body: bytes, prefixes: Mapping[str, str]) -> str:
    """Lay out SPARQL results (in JSON) in columns: short IRIs, texts without marks."""
    import json

    found = json.loads(body)
    if "boolean" in found:
        return "yes" if found["boolean"] else "no"
    names = found["head"]["vars"]
    rows = [
        [_cell(row[name], prefixes) if name in row else "" for name in names]
        for row in found["results"]["bindings"]
    ]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [names, *rows]
    ]
    return "\n".join(lines)


def _cell(term: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    if term["type"] == "uri":
        return _short(term["value"], prefixes)
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    if term["type"] == "literal":
        # One row is one line, and nothing in a text may steer the terminal.
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in term["value"])
    parts = (_cell(term["value"][part], prefixes) for part in ("subject", "predicate", "object"))
    return f"<<( {' '.join(parts)} )>>"


# --- verify-anchors --------------------------------------------------------------------------


def verify_anchors(
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help="Your own copy: plain text or Markdown, UTF-8.")
    ],
    folder: _Folder = None,
) -> int:
    """Find each passage of a data set in your own copy of the text.

    How the copy breaks lines, hyphenates, quotes or orders its pages does not matter. Exit code 1
    where a passage drifted or is missing, or where a name or term does not stand in its passage.
    Nothing of the copy is kept.
    """
    from publish import anchors

    data = _load(folder)
    copy = _copy(text)
    with _progress("comparing"):
        found = anchors.verify(data, copy)
    _print("\n".join(_verdict(one, text) for one in found))
    counts = [(sum(one.state == state for one in found), state) for state in anchors.STATES]
    _print(", ".join(f"{count} {state}" for count, state in counts))
    return FOUND if any(one.state != "matches" or one.absent for one in found) else FINE


def _copy(text: Path) -> str:
    try:
        return text.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise errors.FolderError(f"cannot read `{text}`: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise errors.FolderError(f"`{text}` is not UTF-8; save the file as UTF-8") from error


def _verdict(found: Verdict, text: Path) -> str:
    place = f"  {text}:{found.line}" if found.line else ""
    pieces = f", in {found.pieces} pieces" if found.pieces > 1 else ""
    absent = f"; not there: {', '.join(found.absent)}" if found.absent else ""
    return f"{found.state:8}  {found.label}{place}{pieces}{absent}"


# --- the terminal ----------------------------------------------------------------------------


def _load(folder: Path | None) -> Dataset:
    """Read a folder; without one, the current folder where it is a data set, else the shipped."""
    from publish import dataset

    if folder is None:
        here = Path()
        folder = here if dataset.is_folder(here) else dataset.shipped()
    with _progress(f"reading {folder}"):
        return dataset.load(folder)


def _read(what: Path | None) -> Dataset:
    """Read a folder with what follows from it, a release, or an RDF file."""
    from publish import dataset, inference, release

    if what is None or not (what.is_file() or release.is_release(what)):
        return inference.infer(_load(what))
    with _progress(f"reading {what}"):
        if what.is_file():
            return dataset.load_file(what)
        return release.load(release.open_release(what))


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Say on stderr what is being done, once it takes longer than a second."""
    timer = threading.Timer(1, _tell, [f"{what} ..."])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # no thread may be left when processes are forked


def _tell(line: str, prefix: str = "folkmote: ") -> None:
    typer.echo(f"{prefix}{line}", err=True)


def _print(text: str) -> None:
    if text:
        typer.echo(text)
