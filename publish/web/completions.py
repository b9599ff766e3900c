"""What an editor of queries offers while somebody writes: the prefixes and terms of the data."""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from publish import description
from publish import namespaces as ns
from publish.web import rendering
from publish.web.site import Site

_MEDIA = "application/json"
_MOST = 2_000
"""How many classes, and how many properties, are offered; the most used ones."""


class Completions:
    """The prefixes and terms of one data set, counted when they are first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def body(self) -> bytes:
        """What is offered, as JSON."""
        classes, properties = self._terms()
        self._site.source.meet([*classes, *properties])
        said = {
            "prefixes": dict(sorted({**ns.STANDARD, **self._site.dataset.prefixes}.items())),
            "terms": [*self._said("class", classes), *self._said("property", properties)],
        }
        return json.dumps(said, ensure_ascii=False).encode()

    def _terms(self) -> tuple[Counter[str], Counter[str]]:
        site = self._site
        if site.dataset.description is not None:
            return description.read_terms(site.description)
        if site.source.distant:
            return Counter(), Counter()
        return description.count_terms(site.dataset)

    def _said(self, kind: str, terms: Counter[str]) -> list[dict[str, object]]:
        return [
            {
                "iri": iri,
                "name": name if (name := self._site.names.compact(iri)) != iri else f"<{iri}>",
                "label": self._site.names.name(iri).value,
                "kind": kind,
                "count": count,
            }
            for iri, count in terms.most_common(_MOST)
        ]


def router(site: Site) -> APIRouter:
    """Give the route of what is offered."""
    routes = APIRouter()
    completions = Completions(site)

    @routes.get("/completions.json", summary="Prefixes, classes and properties of the data")
    async def offered() -> Response:
        """With labels and how often each is used, the most used first."""
        # To count takes a moment, and nobody else should wait for it.
        body = await run_in_threadpool(lambda: completions.body)
        return rendering.reply(site, body, _MEDIA)

    return routes
