"""What is asked to answer an assistant: rows of the service, and names of the records.

Where the source is distant, all of it waits for a network, and so in threads.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeAlias, TypeVar

from publish import negotiation
from publish.assistants.values import Named
from publish.query import QueryService, Request
from publish.records import Records

MOST = 1_000
"""How many rows, statements or hits one answer has at most."""
CLIENT = "assistant"
"""As whom the service is asked, which shares its places among clients."""
_ROWS = negotiation.RESULT_FORMATS[0].media

P = ParamSpec("P")
R = TypeVar("R")
Asked: TypeAlias = Sequence[Mapping[str, Mapping[str, str]]]


class Asking:
    """Asks about one data set, within the limits of the service for strangers."""

    def __init__(self, records: Records, service: QueryService) -> None:
        self.records = records
        self._service = service

    async def asked(self, text: str, rows: int) -> tuple[dict[str, Any], bool]:
        """Answer a query by its result in JSON (SPARQL 1.1), and say whether that is all."""
        request = Request(text, _ROWS, CLIENT, rows=rows, partial=True)
        answer = await self._service.answer(request)
        return json.loads(answer.body), answer.complete

    async def rows(self, text: str, rows: int) -> tuple[Asked, bool]:
        """Give up to so many rows of a SELECT, and say whether these are all."""
        found, complete = await self.asked(text, rows)
        return found["results"]["bindings"], complete

    def label(self, iri: str) -> str:
        """Give the label of a thing, or the words of its IRI."""
        return self.records.label(iri).value

    def named(self, iri: str) -> Named:
        """Give a thing with its label."""
        return Named(iri, self.label(iri))

    async def meet(self, things: Iterable[str]) -> None:
        """Find out what many things are called at once, where that waits for a network."""
        await self.made(self.records.source.meet, tuple(things))

    async def made(self, make: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Make an answer here, or where that waits for a network, in a thread of its own."""
        if not self.records.source.distant:
            return make(*args, **kwargs)
        return await asyncio.to_thread(make, *args, **kwargs)
