"""Every exception that folkmote raises, and nothing else.

The tree:

    FolkmoteError
    ├── FolderError            not a dataset folder; names what is missing
    ├── TurtleError            one file that does not parse: path, line, column, what was expected
    │   └── MappingError       one row of a table of mappings that cannot be read
    ├── TurtleErrors           several of them, gathered from one run
    ├── DescriptionError       no dcat:Dataset, more than one, or an incomplete one
    ├── SettingError           a setting that is unknown or has an impossible value
    ├── OutputError            a place that cannot be written
    ├── ListenError            an address that cannot be listened on
    ├── QueryError
    │   ├── QuerySyntaxError   not legal SPARQL: line, column, what was expected
    │   ├── QueryRefused       legal, but not done here: update, LOAD, SERVICE
    │   ├── QueryTooComplex    longer or more deeply nested than the limits allow
    │   ├── QueryTimeout       stopped at the time limit
    │   ├── QueryTooLarge      stopped at the limit of rows, bytes or memory
    │   ├── QueryBusy          no free place for another query right now
    │   └── QueryShare         one client's share of long queries is used up
    ├── StoreError
    │   ├── StoreUnavailable   the store does not answer
    │   ├── StoreTimeout       the store does not answer in time
    │   └── StoreAnswerError   the store answers something that is not an answer
    ├── ParameterError         a parameter of a saved question that is unknown, missing or double
    │   └── ParameterValueError  one whose value cannot be
    ├── RateExceeded           more requests than one address may send
    ├── RequestError           a request, or a part of it, that cannot be read; names the part
    ├── NotFound               no such resource, file or record
    └── NotAcceptable          no format that both sides know

Messages say what, where and what to do, in one sentence without a full stop.
No HTTP status stands here: `web.problems` maps each class to one.
"""

from __future__ import annotations

from collections.abc import Sequence


class FolkmoteError(Exception):
    """What went wrong, said to the person who can mend it."""


class FolderError(FolkmoteError):
    """A folder that has not the shape of a dataset."""


class TurtleError(FolkmoteError):
    """A file that does not parse; `line` and `column` count from 1."""

    def __init__(self, path: str, line: int | None, column: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.reason = reason
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {reason}")


class MappingError(TurtleError):
    """A row of a table of mappings, or its head, that cannot be read."""


class TurtleErrors(FolkmoteError):
    """The files that did not parse in one run, in the order they were read."""

    def __init__(self, errors: Sequence[TurtleError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


class DescriptionError(FolkmoteError):
    """A folder whose `dcat:Dataset` is missing, double or incomplete."""


class SettingError(FolkmoteError):
    """A setting that does not exist or cannot have that value."""


class OutputError(FolkmoteError):
    """A file or folder that cannot be written."""


class ListenError(FolkmoteError):
    """A port or address that the server cannot take."""


class QueryError(FolkmoteError):
    """A query that gives no answer."""


class QuerySyntaxError(QueryError):
    """A query that is not legal SPARQL; `line` and `column` count from 1.

    `expected` names what could stand there, as far as that is known.
    """

    def __init__(
        self,
        reason: str,
        line: int | None = None,
        column: int | None = None,
        expected: Sequence[str] = (),
    ) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        self.expected = tuple(expected)
        place = "" if line is None else f"line {line}, column {column}: "
        super().__init__(f"{place}{reason}")


class QueryRefused(QueryError):
    """A legal request that this service does not carry out."""


class QueryTooComplex(QueryError):
    """A query that is longer or more deeply nested than the limits allow."""


class QueryTimeout(QueryError):
    """A query that was stopped at the time limit."""


class QueryTooLarge(QueryError):
    """A query that was stopped at the limit of rows, bytes or memory."""


class QueryBusy(QueryError):
    """A query that found no free place; worth asking again in a moment."""


class QueryShare(QueryError):
    """A query that was stopped because its client runs as many long ones as it may."""


class StoreError(FolkmoteError):
    """A store that does not do its work."""


class StoreUnavailable(StoreError):
    """A store that does not answer."""


class StoreTimeout(StoreError):
    """A store that takes too long."""


class StoreAnswerError(StoreError):
    """A store whose answer cannot be read."""


class ParameterError(FolkmoteError):
    """A parameter of a saved question that does not exist, is missing or is given twice."""

    def __init__(self, message: str, name: str) -> None:
        self.name = name
        super().__init__(message)


class ParameterValueError(ParameterError):
    """A parameter of a saved question with a value that it cannot have."""


class RateExceeded(FolkmoteError):
    """A request of an address that sends too many; `seconds` say when another one is taken."""

    def __init__(self, message: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(message)


class RequestError(FolkmoteError):
    """A request of which a part cannot be read, or asks for what does not exist."""


class NotFound(FolkmoteError):
    """A resource, file or record that is not there."""


class Gone(FolkmoteError):
    """A thing that was there in an earlier version and is no more; `place` tells how it went."""

    def __init__(self, message: str, place: str) -> None:
        self.place = place
        super().__init__(message)


class NotAcceptable(FolkmoteError):
    """A request for a format that is not offered; `offers` lists what is."""

    def __init__(self, message: str, offers: Sequence[str]) -> None:
        self.offers = tuple(offers)
        super().__init__(message)
