"""The routes below `/questions`, and what `/openapi.json` says of each question."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response

from publish.web.addresses import QUESTIONS
from publish.web.naming import Names
from publish.web.questions.answers import Questions
from publish.web.questions.operations import operation


def router(questions: Questions) -> APIRouter:
    """Give the routes of the questions."""
    routes = APIRouter()

    @routes.get(QUESTIONS, summary="The saved questions")
    async def listed(request: Request) -> Response:
        """As a page, or as JSON or CSV with the parameters of each."""
        return await questions.listing.answer(request)

    @routes.get(f"{QUESTIONS}.{{suffix}}", summary="The saved questions, in one format")
    async def suffixed(request: Request, suffix: str) -> Response:
        """By the suffix of the format: `json` or `csv`."""
        return await questions.listing.answer(request, suffix)

    @routes.get(f"{QUESTIONS}/{{name:path}}", summary="The answer to a saved question")
    async def answered(request: Request, name: str) -> Response:
        """With parameters, filters, sorting and paging; in the formats of `/sparql`."""
        return await questions.answer(request, name)

    return routes


def declare(app: FastAPI, questions: Questions, names: Names) -> None:
    """Describe each question to readers of `/openapi.json`; one route answers for all."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        said = plain()
        if not any(path.startswith(f"{QUESTIONS}/") and "{" not in path for path in said["paths"]):
            for one in questions.book.all():
                said["paths"][f"{QUESTIONS}/{quote(one.name)}"] = {
                    "get": operation(one, questions.offers(one), names)
                }
        return said

    app.openapi = described  # type: ignore[method-assign]
