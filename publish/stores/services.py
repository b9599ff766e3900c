"""A reconciliation service elsewhere, asked over HTTP with bounds on time and size.

Follows Reconciliation Service API 0.2, sections on the manifest and on reconciliation queries. As
with any store, nothing that it says reaches a client as it is, and no redirect is followed.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from publish import errors
from publish.stores.endpoint import Bounds, judge, translated

_BATCH = 10
"""How many queries are sent at once to a service that does not say how many it takes."""
_MOST = 50


@dataclass(frozen=True)
class Answer:
    """A thing that a service knows by a name; the score is in units of its own."""

    iri: str
    name: str
    score: float
    match: bool


class Service:
    """Asks one service; every wait is in the thread that asks."""

    def __init__(self, address: str, bounds: Bounds) -> None:
        """Open a service; raise a `StoreError` where there is none."""
        self.address = address
        self._bounds = bounds
        self._client = httpx.Client(
            timeout=httpx.Timeout(bounds.seconds),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "User-Agent": "folkmote"},
        )
        try:
            self._manifest = self._json("GET", b"")
            if not isinstance(self._manifest.get("identifierSpace"), str):
                raise errors.StoreAnswerError(
                    f"{address} is no reconciliation service: its answer has no identifierSpace"
                )
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        """Be open for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self._client.close()

    @property
    def batch(self) -> int:
        """How many queries it takes at once."""
        said = self._manifest.get("batchSize")
        return min(said, _MOST) if isinstance(said, int) and said > 0 else _BATCH

    @property
    def version(self) -> str:
        """The version that it says it has; empty where it says none."""
        return str(self._manifest.get("serviceVersion") or "")

    def match(self, names: Mapping[str, str]) -> dict[str, list[Answer]]:
        """Ask for things by names, each under a key."""
        queries = {key: {"query": name, "limit": 5} for key, name in names.items()}
        body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode()
        said = self._json("POST", body)
        return {key: self._answers(key, said.get(key)) for key in names}

    def _answers(self, key: str, said: Any) -> list[Answer]:
        found = said.get("result") if isinstance(said, dict) else None
        if not isinstance(found, list):
            raise errors.StoreAnswerError(f"{self.address} left out the result of query `{key}`")
        return [self._answer(key, one) for one in found]

    def _answer(self, key: str, said: Any) -> Answer:
        if not (isinstance(said, dict) and isinstance(said.get("id"), str)):
            raise errors.StoreAnswerError(f"{self.address} gave query `{key}` a result without id")
        return Answer(
            self._iri(said["id"]),
            str(said.get("name") or ""),
            _score(said.get("score")),
            said.get("match") is True,
        )

    def _iri(self, id_: str) -> str:
        """Make an identifier an IRI: by itself, or below the space of the identifiers."""
        return id_ if "://" in id_ else str(self._manifest["identifierSpace"]) + id_

    def _json(self, method: str, body: bytes) -> dict[str, Any]:
        """Ask, and read a JSON object."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        until = time.monotonic() + self._bounds.seconds
        found = bytearray()
        with (
            translated(),
            self._client.stream(
                method, self.address, content=body or None, headers=headers
            ) as response,
        ):
            judge(response)
            for part in response.iter_bytes():
                found += part
                if len(found) > self._bounds.size:
                    raise errors.StoreAnswerError(f"{self.address} gave an answer without an end")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer comes too slowly")
        try:
            said = json.loads(found)
        except (ValueError, RecursionError) as error:
            raise errors.StoreAnswerError(
                f"{self.address} gave an answer that is no JSON"
            ) from error
        if not isinstance(said, dict):
            raise errors.StoreAnswerError(f"{self.address} gave an answer that is no JSON object")
        return said


def _score(said: Any) -> float:
    """Take a score; what is no number that can be compared is the lowest."""
    try:
        score = float(said) if isinstance(said, int | float) else 0.0
    except OverflowError:
        return 0.0
    return score if math.isfinite(score) else 0.0
