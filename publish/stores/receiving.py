"""What came back from a store elsewhere, read and written in the format that was asked for.

A store may answer in its own way: with blank nodes by other names, a row for yes, or rows cut off
in silence. What cannot be told apart from a whole answer is none. To be done in a worker, for the
parsers here read bytes of strangers.

Follows SPARQL 1.1 Query Results XML and JSON, and SPARQL 1.1 Protocol 2.1 for media types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from publish import errors
from publish.stores import labelling, sending, writing
from publish.stores.evaluation import LocalStore
from publish.stores.jobs import Answer, Elsewhere, Job
from publish.stores.sending import View

MOST_LABELLED = 5_000
"""How many things are labelled in one answer: the store is asked for each of them."""

RESULTS = "application/sparql-results+json"
ROWS_IN_PARTS = "application/sparql-results+xml"
TRIPLES = "application/n-triples"
TURTLE = "text/turtle"

# Virtuoso names blank nodes as no other store would read them.
_BLANK = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_BLANK_IN_XML = re.compile(rb"<bnode>nodeID://")
_ASKED = "__ASK_RETVAL"
_XML_ROW, _XML_END = b"</result>", b"</results></sparql>"


@dataclass(frozen=True)
class Got:
    """What came back: its media type, whether it was read to its end, and where a store cuts."""

    body: bytes
    media: str
    complete: bool = True
    most_rows: int | None = None


def work(local: LocalStore, job: Job, there: Elsewhere) -> Answer:
    """Do what a worker does for a store elsewhere."""
    if there.step == "prepare":
        return sending.prepare(local, job, there)
    if there.step == "account":
        return sending.account(local, job, there)
    return mention(job, there) if there.step == "mention" else convert(job, there)


def conversion(
    job: Job, form: str, got: Got, view: View, labels: bytes = b"", *, mention: bool = False
) -> Job:
    """Give the job of writing what came back in the format asked for, or of naming its IRIs."""
    there = Elsewhere(
        "mention" if mention else "convert",
        prefixes=tuple(view.prefixes.items()),
        form=form,
        given_media=got.media,
        complete=got.complete,
        most_rows=got.most_rows,
        languages=view.languages,
        labels=len(labels),
    )
    return job._replace(text="", elsewhere=there, given=got.body + labels)


def mention(job: Job, there: Elsewhere) -> Answer:
    """Give the IRIs that an answer mentions, a line each; raise `QueryTooLarge` where many."""
    named: dict[str, None] = {}
    got = _got(job, there)
    with _reading():
        rows = _triples(got) if there.form == "triples" else _results(there.form, got)
        for row in () if isinstance(rows, ox.QueryBoolean) else rows:
            named |= dict.fromkeys(labelling.iris(tuple(row)))
            if len(named) > MOST_LABELLED:
                raise errors.QueryTooLarge(
                    f"labels are added for at most {MOST_LABELLED} things; ask for fewer, "
                    "or for their labels in the query"
                )
    return Answer("\n".join(named).encode(), job.media, len(named))


def convert(job: Job, there: Elsewhere) -> Answer:
    """Write what a store answered in the format that was asked for, within the job's limits.

    Raises `StoreAnswerError` where it is no answer, else what an evaluation raises.
    """
    got = _got(job, there)
    with _reading():
        labels = _labels(job, there, job.given[len(got.body) :])
        if there.form == "triples":
            answer = writing.triples(_triples(got), job, dict(there.prefixes), labels)
        else:
            answer = writing.rows(_results(there.form, got), job, labels)
            _refuse_cut(answer, got)
    return answer if got.complete else answer._replace(complete=False)


@contextmanager
def _reading() -> Iterator[None]:
    """Take what cannot be read for no answer."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise errors.StoreAnswerError(
            "the store gave an answer that cannot be read; ask in another way"
        ) from error


def _got(job: Job, there: Elsewhere) -> Got:
    body = job.given[: len(job.given) - there.labels]
    return Got(body, there.given_media, there.complete, there.most_rows)


def _labels(job: Job, there: Elsewhere, triples: bytes) -> labelling.Labels | None:
    """Give the labels that a job wants, from Turtle or what is Turtle too."""
    if job.labels is None:
        return None
    store = ox.Store()
    if triples:
        store.load(triples, format=ox.RdfFormat.TURTLE)
    return labelling.Labels(store, there.languages, job.labels)


def _refuse_cut(answer: Answer, got: Got) -> None:
    """Refuse rows that may have been cut off in silence."""
    if got.most_rows is not None and answer.rows >= got.most_rows and answer.complete:
        raise errors.QueryTooLarge(
            f"the store gives at most {got.most_rows} rows; add a LIMIT below that, or ask in parts"
        )


def _results(form: str, got: Got) -> ox.QuerySolutions | ox.QueryBoolean:
    if got.media == ROWS_IN_PARTS:
        body = _BLANK_IN_XML.sub(b"<bnode>", got.body)
        if not got.complete:
            body = body[: body.rindex(_XML_ROW) + len(_XML_ROW)] + _XML_END
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.XML)
    else:
        body = _BLANK.sub(rb"\1", got.body)
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if form == "boolean" and isinstance(results, ox.QuerySolutions):
        if [variable.value for variable in results.variables] != [_ASKED]:
            raise ValueError("rows in answer to ASK")
        # Virtuoso 7 answers ASK with a row or none.
        yes = any(getattr(row[0], "value", "0") != "0" for row in results)
        text = f'{{"head":{{}},"boolean":{"true" if yes else "false"}}}'
        results = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON)
    if (form == "rows") != isinstance(results, ox.QuerySolutions):
        raise ValueError("another kind of answer than was asked for")
    return results


def rows(got: Got) -> ox.QuerySolutions:
    """Read the rows of an answer; raises `SyntaxError` or `ValueError`."""
    results = _results("rows", got)
    if not isinstance(results, ox.QuerySolutions):
        raise ValueError("no rows")
    return results


def _triples(got: Got) -> Iterator[ox.Triple]:
    """Read triples; N-Triples that were cut off are whole up to their last line."""
    if got.media == TURTLE and not got.complete:
        raise errors.QueryTooLarge("the answer is too large to be shown; add a LIMIT")
    body = got.body if got.complete else got.body[: got.body.rfind(b"\n") + 1]
    form = ox.RdfFormat.TURTLE if got.media == TURTLE else ox.RdfFormat.N_TRIPLES
    return (quad.triple for quad in ox.parse(body, form))
