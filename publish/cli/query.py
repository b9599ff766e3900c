"""`folkmote query`: answer one SPARQL query in the process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publish import errors, settings
from publish import namespaces as ns
from publish.cli import sources, terminal

if TYPE_CHECKING:
    from publish.dataset import Dataset
    from publish.negotiation import Format

_ROWS = ("SELECT", "ASK")
_TABLE = ("", "table")


def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY|FILE", help="SPARQL, or a file of it; - is stdin.")
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER|RELEASE|FILE",
            help=f"{sources.FOLDER_HELP[:-1]}; also a release or an RDF file.",
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
    from publish import scanning

    asked = _query_text(text)
    limits = settings.read(os.environ, {})
    form = scanning.scan(asked, length=limits.query_length, depth=limits.query_depth).form
    wanted = _result_format(form, format)
    data = sources.read(folder)
    with terminal.progress("answering"):
        body = _answered(data, asked, wanted.media)
    if form in _ROWS and format in _TABLE:
        terminal.say(_table(body, data.prefixes))
    else:
        sys.stdout.buffer.write(body)
    return terminal.FINE


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
        if path.suffix == ".ttl" and path.is_file():
            raise errors.FolderError(
                f"`{given}` is Turtle, no query; give the text of its sh:select in quotes, or ask "
                "it on its page, /questions"
            )
        if path.is_file():
            return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.FolderError(f"`{given}` is not UTF-8; save the file as UTF-8") from error
    except (OSError, ValueError):
        return given  # too long for a name, or with signs that no name has: not a file
    if any(sign.isspace() or sign == "{" for sign in given):
        return given
    raise errors.FolderError(f"there is no file `{given}`; name one, or give a query in quotes")


def _answered(data: Dataset, text: str, media: str) -> bytes:
    from publish import querytext, stores
    from publish.stores import evaluation

    prologue = querytext.prologue(text, data.prefixes)
    job = stores.Job(prologue + text, media, rows=sys.maxsize, size=sys.maxsize)
    # The engine does not look at signals while it works: let Ctrl-C end the process itself.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return evaluation.evaluate(evaluation.open_store(data), job).body
    except errors.QuerySyntaxError as error:
        raise querytext.placed(querytext.explained(prologue + text, error), prologue) from error
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
        return ns.short(term["value"], prefixes)
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    if term["type"] == "literal":
        # One row is one line, and nothing in a text may steer the terminal.
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in term["value"])
    parts = (_cell(term["value"][part], prefixes) for part in ("subject", "predicate", "object"))
    return f"<<( {' '.join(parts)} )>>"
