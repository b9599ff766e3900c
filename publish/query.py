"""The service for strangers: what they may ask, and within which limits.

A query is scanned, not parsed, before it goes to a worker (`scanning`); what is illegal is left to
the worker, whose parser knows line and column. Here nothing is evaluated.

Follows SPARQL 1.1 Protocol section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from publish import errors, querytext, scanning
from publish.settings import Settings
from publish.stores import Answer, Job, Pool


@dataclass(frozen=True)
class Request:
    """One query of a stranger, for one media type.

    Graphs as in the protocol: both `None` where the request names none. `rows` and `partial`
    are for people, who look at the first rows of a long answer; machines get all or an error.
    `base` is for relative IRIs, by default the data set's. `labels` are the languages in which
    the labels of IRIs are wanted too, before those of the data set; `None` where they are not.
    `explain` is for an account of how the query is answered, in JSON, instead of the answer.
    """

    text: str
    media: str
    client: str = ""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    rows: int | None = None
    partial: bool = False
    base: str = ""
    labels: tuple[str, ...] | None = None
    explain: bool = False


class QueryService:
    """Answers the queries of strangers from a pool of workers."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    async def answer(self, request: Request) -> Answer:
        """Answer a request completely, or raise a `QueryError` or `StoreError`."""
        scanned = scanning.scan(
            request.text,
            length=self._settings.query_length,
            depth=self._settings.query_depth,
        )
        rows = self._settings.query_rows
        job = Job(
            text=request.text,
            media=request.media,
            rows=rows if request.rows is None else min(rows, request.rows),
            size=self._settings.query_bytes,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            exact=scanned.form == "DESCRIBE",
            partial=request.partial,
            client=request.client,
            base=request.base,
            labels=request.labels,
            explain=request.explain,
        )
        try:
            return await self._pool.run(job)
        except errors.QuerySyntaxError as error:
            raise querytext.explained(request.text, error) from error
