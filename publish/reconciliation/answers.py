"""Candidates and suggestions, written as both versions have them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from publish import errors
from publish.candidates import Candidate, Query, Reconciler, Term
from publish.sources import Text


@dataclass(frozen=True)
class Deadline:
    """When a batch must be done, as `time.monotonic` counts."""

    until: float

    def judge(self, where: str) -> None:
        """Raise `QueryTimeout` where it is too late."""
        if time.monotonic() > self.until:
            raise errors.QueryTimeout(
                f"the time is up before {where}; send smaller batches, or ask with types"
            )


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Say in an error of what is asked for where that stands."""
    try:
        yield
    except errors.RequestError as error:
        raise errors.RequestError(f"{where}: {error}") from error


def results(
    asked: Mapping[str, Query], reconciler: Reconciler, deadline: Deadline
) -> dict[str, Any]:
    """Answer a batch of 0.2."""
    found = {}
    for key, one in asked.items():
        deadline.judge(f"query `{key[:80]}`")
        with naming(f"query `{key[:80]}`"):
            candidates = reconciler.candidates(one)
        found[key] = {"result": [_candidate(it, reconciler, named=False) for it in candidates]}
    return found


def results_1(asked: Sequence[Query], reconciler: Reconciler, deadline: Deadline) -> dict[str, Any]:
    """Answer a batch of the draft of 1.0."""
    found = []
    for place, one in enumerate(asked):
        deadline.judge(f"query {place}")
        with naming(f"query {place}"):
            candidates = reconciler.candidates(one)
        found.append({"candidates": [_candidate(it, reconciler, named=True) for it in candidates]})
    return {"results": found}


def _candidate(one: Candidate, reconciler: Reconciler, *, named: bool) -> dict[str, Any]:
    """Write a candidate; only the draft of 1.0 has names of features and languages."""
    said: dict[str, Any] = {
        "id": one.iri,
        "name": one.label.value,
        "type": [
            {"id": type_, "name": reconciler.things.label(type_).value} for type_ in one.types
        ],
        "score": one.score,
        "match": one.match,
        "features": [
            {"id": it.id, **({"name": it.name} if named else {}), "value": it.value}
            for it in one.features
        ],
    }
    if one.description:
        said["description"] = one.description
    return {**said, **(_language(one.label) if named else {})}


def _language(text: Text) -> dict[str, str]:
    return {"lang": text.language} if text.language else {}


def term(one: Term, reconciler: Reconciler) -> dict[str, Any]:
    """Write a type or property that is suggested."""
    short = reconciler.things.short(one.iri)
    said = {"id": one.iri, "name": one.label.value, "description": short}
    broader = [{"id": iri, "name": reconciler.things.label(iri).value} for iri in one.broader]
    return {**said, **({"broader": broader} if broader else {})}


def entities(iris: Sequence[str], reconciler: Reconciler) -> list[dict[str, Any]]:
    """Write things that are suggested."""
    about = reconciler.things.described(iris)
    return [
        {
            "id": iri,
            "name": reconciler.things.label(iri).value,
            **({"description": about[iri][0]} if about[iri][0] else {}),
            "notable": [
                {"id": type_, "name": reconciler.things.label(type_).value}
                for type_ in about[iri][1]
            ],
        }
        for iri in iris
        if iri in about
    ]
