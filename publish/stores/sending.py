"""What is sent to a store elsewhere of a stranger's query.

It was parsed as SPARQL 1.1 by the engine here, in a worker, and is written anew (`rewriting`);
an account of it has besides what counts each of its patterns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from publish import errors
from publish.stores import evaluation, explaining, rewriting
from publish.stores.jobs import Answer, Elsewhere, Job


@dataclass(frozen=True)
class View:
    """What a query sees of a store: the graphs, by public name, and the default graph.

    No graph and no default graph at all is whatever the store shows of itself. `languages` are
    those of the data set, for labels; against its `base` relative IRIs are resolved.
    """

    graphs: Mapping[str, str]
    union: tuple[str, ...]
    prefixes: Mapping[str, str]
    languages: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True)
class Prepared:
    """A query as it is sent; `form` is `rows`, `boolean` or `triples`, of what it gives."""

    text: str
    form: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]

    def written(self) -> bytes:
        """Write it down for the way out of a worker."""
        parts = (self.text, self.form, self.default_graphs, self.named_graphs)
        return json.dumps(parts).encode()


def read(body: bytes | str) -> Prepared:
    """Read what a worker has written down."""
    text, form, default, named = json.loads(body)
    return Prepared(text, form, tuple(default), tuple(named))


def prepare(local: evaluation.LocalStore, job: Job, there: Elsewhere) -> Answer:
    """Write a job's query anew, for the graphs of a store elsewhere.

    To be done in a worker, on an empty store. Raises `QuerySyntaxError` as an evaluation does,
    and `QueryRefused` for what is not SPARQL 1.1 to every store.
    """
    form, variables = _parsed(local, job)
    writing = rewriting.Rewriting(job, there, job.base or local.base, variables)
    text = writing.write()
    default, named = writing.dataset()
    found = Prepared(text, form, default, named)
    try:
        # What is sent is what was parsed.
        again = _parsed(local, job._replace(text=text, default_graphs=None, named_graphs=None))
    except errors.QuerySyntaxError as error:
        raise errors.QueryRefused(
            "the query cannot be sent to the store as it is; write it without escapes "
            "outside of texts and names"
        ) from error
    if again[0] != form:
        raise errors.QueryRefused("the query cannot be sent to the store; write it in another way")
    return Answer(found.written(), job.media, 0)


def account(local: evaluation.LocalStore, job: Job, there: Elsewhere) -> Answer:
    """Prepare a job's query, and for each of its triple patterns the query that counts it.

    To be done in a worker, as `prepare`, whose errors it raises.
    """
    query = prepare(local, job, there)
    tree = local.grammar.parser.parse(job.text)
    counts = [
        [one.text, one.graph, prepare(local, job._replace(text=text), there).body.decode()]
        for one in explaining.patterns(job.text, tree)
        for text in [explaining.counting(job.text, tree, one)]
    ]
    return query._replace(body=json.dumps([query.body.decode(), counts]).encode())


def read_account(body: bytes) -> tuple[Prepared, list[tuple[str, str, Prepared]]]:
    """Read what a worker has written down: the query, and each pattern with what counts it."""
    query, counts = json.loads(body)
    return read(query), [(text, graph, read(count)) for text, graph, count in counts]


def _parsed(local: evaluation.LocalStore, job: Job) -> tuple[str, tuple[str, ...]]:
    try:
        results = evaluation.asked(local, job)
    except RuntimeError as error:
        # The engine refuses functions that it does not know, but for those it never needs.
        raise errors.QueryRefused(
            f"{evaluation.sentence(str(error))}; write the query without it"
        ) from error
    if isinstance(results, ox.QuerySolutions):
        return "rows", tuple(variable.value for variable in results.variables)
    return ("boolean" if isinstance(results, ox.QueryBoolean) else "triples"), ()
