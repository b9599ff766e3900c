"""What is asked of a store and what it answers, whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from publish import errors


class Elsewhere(NamedTuple):
    """What a worker does for a store elsewhere, instead of answering.

    To `prepare` a query, or with what counts its patterns for an `account` of it, it needs the
    public name of each graph with its name there, and what is the default graph there. To
    `mention` the IRIs of what was given for it, or to `convert` that, it needs to know what it is:
    `form`, media type, whether it is whole, and where the store cuts rows. The last `labels` bytes of what was given are triples that label what it mentions.
    """

    step: Literal["prepare", "account", "mention", "convert"]
    graphs: tuple[tuple[str, str], ...] = ()
    union: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    form: str = ""
    given_media: str = ""
    complete: bool = True
    most_rows: int | None = None
    languages: tuple[str, ...] = ()
    labels: int = 0


class Unread(NamedTuple):
    """A request whose parameters a worker reads; they are what was `given` with its job.

    The media types are those that the request takes for `rows`, for a `boolean` and for
    `triples`, empty where it takes none that is offered. No query may be longer than `length`
    characters or deeper than `depth` brackets.
    """

    rows: str
    boolean: str
    triples: str
    length: int
    depth: int


class Read(NamedTuple):
    """What a worker found in a request: the form of its query, and by what it is known again.

    The answer to a `volatile` query is another one each time.
    """

    form: str
    volatile: bool
    digest: str


class Unreadable(errors.FolkmoteError):
    """A worker leaves a request to the server: it is wrong, or asks for more than a query."""


class Job(NamedTuple):
    """One query to run.

    `default_graphs` and `named_graphs` are the dataset of the protocol, which overrides FROM
    (SPARQL 1.1 Protocol 2.1.4); both `None` leaves it to the query. `exact` asks for literals
    spelled as in the source, as DESCRIBE gives them. `partial` takes the first rows where there
    are more than `rows` or `size` (bytes), instead of `QueryTooLarge`. Relative IRIs are resolved
    against `base`, by default the data set's. `client` is whose the query is. `labels` asks for
    the labels of IRIs too, in these languages before those of the data set; `None` for none.
    `explain` asks for an account of how the query is answered instead of the answer, in JSON.
    Of what is kept `elsewhere` a worker only prepares the query or converts what was `given`.
    From a request that is `unread` it takes text and media type first.
    """

    text: str
    media: str
    rows: int
    size: int
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    exact: bool = False
    partial: bool = False
    base: str = ""
    client: str = ""
    labels: tuple[str, ...] | None = None
    explain: bool = False
    elsewhere: Elsewhere | None = None
    unread: Unread | None = None
    given: bytes = b""


class Answer(NamedTuple):
    """What a query gave, written in one format; `rows` counts rows or triples.

    `complete` is false where only the first rows were asked for and there are more. `read` is
    what the worker found out that had to read the request; `worn` says that the worker is to be
    replaced.
    """

    body: bytes
    media: str
    rows: int
    complete: bool = True
    read: Read | None = None
    worn: bool = False


class Pool(Protocol):
    """Something that runs jobs beside each other."""

    async def run(self, job: Job) -> Answer:
        """Run a job; raise a `QueryError` or `StoreError` where there is no answer.

        When the task that waits is cancelled, the job is stopped.
        """
        ...

    def figures(self) -> Mapping[str, int]:
        """Count what there is right now: workers, and queries that run or wait, by state."""
        ...

    def close(self) -> None:
        """End every process and give back what they held; may be called twice."""
        ...
