"""A data set asked from Python: rows for pandas, graphs for rdflib, tables for a notebook.

Made by `publish.open`. A folder, a release or a file is read into memory and asked in this
process; a server is asked over HTTP by the SPARQL 1.1 Protocol. Either way an answer is read
from the JSON results format or from N-Triples, so that both give the same values.

Values are those of Python: numbers, booleans, dates; IRIs and texts are `str` that know what
they are. A value takes the place of a `$name` in a query as the term that it is, so that
nothing in it is ever read as SPARQL.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, Self, SupportsIndex, TypeAlias, TypeVar, overload

from publish import errors, query, turtle
from publish import namespaces as ns
from publish.dataset import Dataset, load, load_file, shipped

if TYPE_CHECKING:
    import httpx
    import pandas
    import rdflib

    from publish.stores.evaluation import LocalStore

_JSON = "application/sparql-results+json"
_N_TRIPLES = "application/n-triples"
_SHOWN = 50
"""How many rows a notebook shows."""
_SAFE = ("http://", "https://")


class IRI(str):
    """The name of a thing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


class Text(str):
    """A text in a language, given as its tag (BCP 47)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, value: str, language: str) -> Self:
        """Make a text; the tag is not checked before it goes into a query."""
        made = super().__new__(cls, value)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        return type(self), (str(self), self.language)


class Blank(str):
    """A thing without a name; its label holds within one answer."""

    __slots__ = ()


Value: TypeAlias = "IRI | Text | Blank | str | bool | int | float | Decimal | date | datetime"


# --- rows ------------------------------------------------------------------------------------


class Row(tuple[Any, ...]):
    """One row: values by place, by `row["name"]` or by `row.name`; `None` where unbound."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, key: Any) -> Any:
        """Give a value by place or by name; raise `KeyError` for a name that there is not."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self._fields:
            raise KeyError(key)
        return super().__getitem__(self._fields.index(key))

    def __getattr__(self, name: str) -> Any:
        """Give a value by name."""
        if name in self._fields:
            return self[name]
        raise AttributeError(f"the row has no `{name}`; it has {', '.join(self._fields)}")

    def keys(self) -> tuple[str, ...]:
        """Give the names, so that `dict(row)` is a dictionary."""
        return self._fields

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"Row({', '.join(said)})"


class Rows(Sequence[Row]):
    """The rows of an answer, in its order; `pandas.DataFrame(rows)` takes them as they are."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.columns = tuple(columns)
        kind = type("Row", (Row,), {"_fields": self.columns, "__slots__": ()})
        self._rows: tuple[Row, ...] = tuple(map(kind, rows))

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> Rows: ...
    def __getitem__(self, key: int | slice) -> Row | Rows:
        """Give one row, or some of them."""
        if isinstance(key, slice):
            return Rows(self.columns, self._rows[key])
        return self._rows[key]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        return (self.columns, self._rows) == (other.columns, other._rows)

    def __hash__(self) -> int:
        return hash((self.columns, self._rows))

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def to_pandas(self) -> pandas.DataFrame:
        """Give a data frame with a column for each variable, also where there is no row."""
        import pandas

        return pandas.DataFrame([tuple(row) for row in self], columns=list(self.columns))

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(value)}</td>' for value in row)}</tr>\n"
            for row in self._rows[:_SHOWN]
        )
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        said = count if len(self) <= _SHOWN else f"the first {_SHOWN} of {count}"
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n<p>{said}</p>"


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    text = escape(str(value))
    if isinstance(value, IRI) and value.startswith(_SAFE):
        return f'<a href="{text}">{text}</a>'
    if isinstance(value, Text):
        return f'<span lang="{escape(value.language)}">{text}</span>'
    return text


# --- asking ----------------------------------------------------------------------------------


class Source(Protocol):
    """Something that answers queries."""

    @property
    def name(self) -> str:
        """What it is called, for whoever looks at it."""
        ...

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query may use without declaring them."""
        ...

    def answer(self, text: str, media: str, labels: str | None) -> bytes:
        """Answer a query in a format; raise a `FolkmoteError` where there is no answer.

        `labels` are the languages in which labels are wanted, as the server takes them.
        """
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


class Client:
    """An open data set.

    Queries know the prefixes of the data set. Each `$name` of a query that is given by name,
    as in `select("... $who ...", who=iri)`, is replaced by that value. `labels="de,en"` gives
    the labels of IRIs too, in a column `xLabel` behind each `x` or as triples; `labels=""`
    leaves their language to the data set.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.prefixes = MappingProxyType(dict(source.prefixes))
        """The prefixes that are declared for a query that uses them."""

    def select(self, text: str, /, *, labels: str | None = None, **values: object) -> Rows:
        """Answer a SELECT query with rows."""
        said = self._json(text, values, labels)
        if "results" not in said:
            raise errors.QueryRefused("the query asks for yes or no; use `ask` for it")
        names = said["head"]["vars"]
        rows = [
            [_value(row[name]) if name in row else None for name in names]
            for row in said["results"]["bindings"]
        ]
        return Rows(names, rows)

    def ask(self, text: str, /, **values: object) -> bool:
        """Answer an ASK query."""
        said = self._json(text, values)
        if "boolean" not in said:
            raise errors.QueryRefused("the query asks for rows; use `select` for it")
        return bool(said["boolean"])

    def construct(
        self, text: str, /, *, labels: str | None = None, **values: object
    ) -> rdflib.Graph:
        """Answer a CONSTRUCT or DESCRIBE query with a graph of rdflib."""
        return self._graph(self._ask(text, values, _N_TRIPLES, labels))

    def describe(self, iri: str) -> rdflib.Graph:
        """Give what is said of a thing, as a graph; a name with a known prefix will do."""
        prefix, _, local = iri.partition(":")
        full = f"{self.prefixes[prefix]}{local}" if prefix in self.prefixes else iri
        return self.construct("DESCRIBE $thing", thing=IRI(full))

    def close(self) -> None:
        """Give back what is held; `with publish.open() as ds:` does so by itself."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<publish.open: {self._source.name}>"

    def _json(
        self, text: str, values: Mapping[str, object], labels: str | None = None
    ) -> dict[str, Any]:
        form = query.form(text)
        if form not in ("SELECT", "ASK"):
            raise errors.QueryRefused(f"{form} gives a graph; use `construct` for it")
        found: dict[str, Any] = json.loads(self._ask(text, values, _JSON, labels))
        return found

    def _ask(
        self, text: str, values: Mapping[str, object], media: str, labels: str | None
    ) -> bytes:
        terms = {name: _written(name, value) for name, value in values.items()}
        written = query.bound(text, terms)
        prologue = query.prologue(written, self.prefixes)
        try:
            return self._source.answer(prologue + written, media, labels)
        except errors.QuerySyntaxError as error:
            raise query.placed(error, prologue) from error

    def _graph(self, body: bytes) -> rdflib.Graph:
        import rdflib

        graph = rdflib.Graph()
        for prefix, space in self.prefixes.items():
            graph.bind(prefix, space)
        return graph.parse(data=body, format="nt")


def connect(
    source: str | os.PathLike[str] | None, *, prefixes: Mapping[str, str], seconds: float
) -> Client:
    """Open what `publish.open` names."""
    if isinstance(source, str) and source.startswith(_SAFE):
        return Client(_Remote(source, prefixes, seconds))
    return Client(_Local(_read(None if source is None else Path(source)), prefixes))


def endpoint(address: str, seconds: float) -> tuple[str, Mapping[str, str] | None]:
    """Give the SPARQL endpoint that an address leads to, and the prefixes of a server of ours.

    There are none (`None`) where it is no server of ours.
    """
    asked = _Remote(address, {}, seconds)
    try:
        return asked.found()
    finally:
        asked.close()


def _read(path: Path | None) -> Dataset:
    from publish import inference, release

    if path is not None and path.is_file():
        return load_file(path)
    if path is not None and release.is_release(path):
        return release.load(release.open_release(path))
    return inference.infer(load(shipped() if path is None else path))


class _Local:
    """A data set in this process, for the reader's own queries: nothing is limited or refused."""

    def __init__(self, dataset: Dataset, prefixes: Mapping[str, str]) -> None:
        from publish.stores import evaluation

        about = dataset.description
        self.name = about.title if about else dataset.root.name
        self.prefixes = {**dataset.prefixes, **prefixes}
        self._store: LocalStore | None = evaluation.open_store(dataset)

    def answer(self, text: str, media: str, labels: str | None) -> bytes:
        from publish.stores import Job, evaluation

        if self._store is None:
            raise errors.StoreUnavailable("this data set was closed; open it again")
        exact = query.form(text) == "DESCRIBE"
        tags = None if labels is None else tuple(filter(None, re.split(r"[\s,]+", labels)))
        job = Job(text, media, rows=sys.maxsize, size=sys.maxsize, exact=exact, labels=tags)
        try:
            return evaluation.evaluate(self._store, job).body
        except errors.QuerySyntaxError as error:
            raise query.explained(text, error) from error

    def close(self) -> None:
        self._store = None


class _Remote:
    """A SPARQL endpoint; one of ours is known by its health, and implies its own prefixes."""

    def __init__(self, address: str, prefixes: Mapping[str, str], seconds: float) -> None:
        import httpx

        self.name = address
        self.prefixes = prefixes
        self._client = httpx.Client(timeout=seconds, follow_redirects=True)
        home = re.sub(r"/(?:sparql/?)?\Z", "", address)
        self._ours = self._is_ours(home)
        self._endpoint = f"{home}/sparql" if self._ours else address

    def answer(self, text: str, media: str, labels: str | None) -> bytes:
        form = {"query": text} | ({"prefixes": "dataset"} if self._ours else {})
        if labels is not None:
            if not self._ours:
                raise errors.QueryRefused(
                    f"{self.name} gives no labels by itself; ask for them in the query"
                )
            form["labels"] = labels
        answer = self._send("POST", self._endpoint, data=form, headers={"Accept": media})
        given = answer.headers.get("content-type", "").partition(";")[0].strip()
        if answer.is_success and (given == media or (media == _JSON and "json" in given)):
            return answer.content
        raise _failure(answer, self._endpoint)

    def close(self) -> None:
        self._client.close()

    def found(self) -> tuple[str, Mapping[str, str] | None]:
        """Give the address that answers SPARQL, and of a server of ours the prefixes."""
        if not self._ours:
            return self._endpoint, None
        where = self._endpoint.removesuffix("/sparql") + "/context.jsonld"
        try:
            told = self._send("GET", where).json()["@context"].items()
        except (ValueError, KeyError, AttributeError) as error:
            raise errors.StoreAnswerError(f"{where} is no context of JSON-LD") from error
        spaces = {name: iri for name, iri in told if isinstance(iri, str)}
        return self._endpoint, {
            name: iri for name, iri in spaces.items() if iri[:1] != "@" and iri[-1:] in "#/:?"
        }

    def _is_ours(self, home: str) -> bool:
        answer = self._send("GET", f"{home}/health", headers={"Accept": "application/json"})
        try:
            return answer.is_success and "digest" in answer.json()
        except ValueError:
            return False

    def _send(self, method: str, address: str, **how: Any) -> httpx.Response:
        import httpx

        try:
            return self._client.request(method, address, **how)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise errors.StoreUnavailable(
                f"{address} does not answer ({error or type(error).__name__}); "
                "see whether the address is right and the server runs"
            ) from error


_STATUSES: Mapping[int, type[errors.QueryError]] = MappingProxyType(
    {
        403: errors.QueryRefused,
        413: errors.QueryTooLarge,
        429: errors.QueryShare,
        503: errors.QueryBusy,
        504: errors.QueryTimeout,
    }
)


def _failure(answer: httpx.Response, address: str) -> errors.FolkmoteError:
    """Say why a server gave no answer, as far as it tells (RFC 9457)."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    detail = str(said.get("detail") or " ".join(answer.text.split())[:200])
    if answer.status_code == 400:
        line, column = said.get("line"), said.get("column")
        if isinstance(line, int) and isinstance(column, int):
            reason = detail.removeprefix(f"line {line}, column {column}: ")
            return errors.QuerySyntaxError(reason, line, column)
        return errors.QuerySyntaxError(detail)
    if "query-timeout" in str(said.get("type")):
        return errors.QueryTimeout(detail)
    if answer.status_code in _STATUSES:
        return _STATUSES[answer.status_code](detail)
    return errors.StoreAnswerError(f"{address} answers {answer.status_code}: {detail}")


# --- values ----------------------------------------------------------------------------------


N = TypeVar("N", int, float, Decimal)


def _number(kind: Callable[[str], N]) -> Callable[[str], N]:
    # Python takes digits in groups, XML Schema does not.
    return lambda text: kind(text.replace("_", "?"))


def _truth(text: str) -> bool:
    return MappingProxyType({"true": True, "1": True, "false": False, "0": False})[text]


_PYTHON: Mapping[str, Callable[[str], Value]] = MappingProxyType(
    {
        ns.XSD + "decimal": _number(Decimal),
        ns.XSD + "double": _number(float),
        ns.XSD + "float": _number(float),
        ns.XSD + "boolean": _truth,
        ns.XSD + "date": date.fromisoformat,
        ns.XSD + "dateTime": datetime.fromisoformat,
        **{
            ns.XSD + name: _number(int)
            for name in (
                *("integer", "long", "int", "short", "byte"),
                *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
                *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
                "unsignedByte",
            )
        },
    }
)


def _value(term: Mapping[str, Any]) -> Value:
    """Read a term of the JSON results; what Python has no value for stays its text."""
    text = term["value"]
    if term["type"] == "uri":
        return IRI(text)
    if term["type"] == "bnode":
        return Blank(text)
    if term["type"] == "triple":
        parts = (_value(text[part]) for part in ("subject", "predicate", "object"))
        return f"<<( {' '.join(map(repr, parts))} )>>"
    if "xml:lang" in term:
        return Text(text, term["xml:lang"])
    read = _PYTHON.get(term.get("datatype", ""))
    if read is None:
        return str(text)
    try:
        return read(text)
    except (ValueError, KeyError, ArithmeticError):
        return str(text)


def _written(name: str, value: object) -> str:
    """Write a value as the term that it is."""
    try:
        return str(_term(value))
    except (ValueError, TypeError) as error:
        raise errors.QuerySyntaxError(
            f"the value of `${name}` cannot stand in a query: {error}"
        ) from error


def _term(value: object) -> turtle.Term:
    typed = _foreign(value)
    if typed is not None:
        return typed
    if isinstance(value, IRI):
        return turtle.Named(value)
    if isinstance(value, Text):
        return turtle.Literal(value, language=value.language)
    if isinstance(value, Blank):
        raise ValueError("a blank node means something else in each query")
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return turtle.Literal(_lexical(value), datatype=turtle.Named(ns.XSD + name))
    raise TypeError(f"{type(value).__name__} is none of the kinds of values that RDF has")


# The narrower kind first: a bool is an int, and a datetime a date.
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (float, "double"),
    (datetime, "dateTime"),
    (date, "date"),
    (str, "string"),
)


def _lexical(value: object) -> str:
    """Write a value as XML Schema does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a decimal is a number")
        return f"{value:f}"
    if isinstance(value, float) and math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value.isoformat() if isinstance(value, date) else str(value)


def _foreign(value: object) -> turtle.Term | None:
    """Take a term of rdflib, which is a `str` too, for what it is."""
    if type(value).__module__ != "rdflib.term":
        return None
    import rdflib

    if isinstance(value, rdflib.URIRef):
        return turtle.Named(str(value))
    if isinstance(value, rdflib.Literal):
        if value.language:
            return turtle.Literal(str(value), language=value.language)
        kind = str(value.datatype or ns.XSD + "string")
        return turtle.Literal(str(value), datatype=turtle.Named(kind))
    raise TypeError("only an IRI or a literal can take the place of a variable")
