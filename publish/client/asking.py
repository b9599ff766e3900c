"""Asks a data set in this process, or a server over HTTP (SPARQL 1.1 Protocol)."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, Self

from publish import errors, querytext, scanning
from publish.dataset import Dataset, load, load_file, shipped

if TYPE_CHECKING:
    import httpx
    import rdflib

    from publish.stores.evaluation import LocalStore
from publish.client.rows import SAFE, Rows
from publish.client.values import IRI, spelled, value_of

JSON = "application/sparql-results+json"
_N_TRIPLES = "application/n-triples"


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
            [value_of(row[name]) if name in row else None for name in names]
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
        form = scanning.form(text)
        if form not in ("SELECT", "ASK"):
            raise errors.QueryRefused(f"{form} gives a graph; use `construct` for it")
        found: dict[str, Any] = json.loads(self._ask(text, values, JSON, labels))
        return found

    def _ask(
        self, text: str, values: Mapping[str, object], media: str, labels: str | None
    ) -> bytes:
        terms = {name: spelled(name, value) for name, value in values.items()}
        written = querytext.bound(text, terms)
        prologue = querytext.prologue(written, self.prefixes)
        try:
            return self._source.answer(prologue + written, media, labels)
        except errors.QuerySyntaxError as error:
            raise querytext.placed(error, prologue) from error

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
    if isinstance(source, str) and source.startswith(SAFE):
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
        exact = scanning.form(text) == "DESCRIBE"
        tags = None if labels is None else tuple(filter(None, re.split(r"[\s,]+", labels)))
        job = Job(text, media, rows=sys.maxsize, size=sys.maxsize, exact=exact, labels=tags)
        try:
            return evaluation.evaluate(self._store, job).body
        except errors.QuerySyntaxError as error:
            raise querytext.explained(text, error) from error

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
        if answer.is_success and (given == media or (media == JSON and "json" in given)):
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
