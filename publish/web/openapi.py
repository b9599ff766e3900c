"""The description of all routes, completed: what comes back, in which forms, and what goes wrong.

Each route says what it takes; what all share is said here once. A route that says nothing of its
answer gets the media types of its kind, and every one the problems of `problems`, that an answer
may be elsewhere or at hand already, and that a parameter which cannot be is a 400.

Follows OpenAPI 3.1, 4.8.16 (responses) and 4.8.14 (media types).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI

from publish import negotiation
from publish.web import problems

_HTML = negotiation.HTML.media
_ACTIVITY = "application/activity+json"
_LINKS = "application/linkset+json"
_MEDIA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "/": (_HTML,),
        "/browse": (_HTML,),
        "/browse/{kind}": (_HTML,),
        "/statistics": (_HTML,),
        "/help": (_HTML,),
        "/dump/": (_HTML,),
        "/export/": (_HTML,),
        "/llms.txt": ("text/markdown",),
        "/robots.txt": ("text/plain",),
        "/metrics": ("text/plain",),
        "/sitemap.xml": ("application/xml",),
        "/oai": ("text/xml",),
        "/search": (_HTML, "application/json"),
        "/linkset": (_LINKS,),
        "/.well-known/api-catalog": (_LINKS,),
        "/changes.atom": ("application/atom+xml",),
        "/changes.json": (_ACTIVITY,),
        "/changes/page/{page}": (_ACTIVITY,),
    }
)
_ANY = ("*/*",)
"""The forms of documents, files and records, which are many."""
_PROBLEMS = (problems.JSON, problems.PLAIN_JSON, negotiation.HTML, problems.TEXT)


def complete(app: FastAPI) -> None:
    """Complete what `/openapi.json` says; to be called when all routes are there."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        said = plain()
        for path, methods in said["paths"].items():
            for operation in methods.values():
                operation["responses"] = _responses(path, operation.get("responses", {}))
        schemas = said.get("components", {}).get("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        return said

    app.openapi = functools.cache(described)  # type: ignore[method-assign]


def _responses(path: str, said: Mapping[str, Any]) -> dict[str, Any]:
    found = {status: one for status, one in said.items() if status[0] == "2"}
    if any(_is_default(one) for one in found.values()):
        found["200"] = {"description": "The answer", "content": _content(_MEDIA.get(path, _ANY))}
    problem = _content(one.media for one in _PROBLEMS)
    return {
        **found,
        "3XX": {"description": "Where it is, or that what the client has is the same"},
        "4XX": {"description": "What is wrong with the request (RFC 9457)", "content": problem},
        "5XX": {"description": "Why there is no answer (RFC 9457)", "content": problem},
    }


def _is_default(response: Mapping[str, Any]) -> bool:
    """Say whether a route says nothing of its answer; the framework then takes it for JSON."""
    return response.get("content") == {"application/json": {"schema": {}}}


def _content(media: Iterable[str]) -> dict[str, Any]:
    return {one: {} for one in media}
