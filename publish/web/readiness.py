"""`/ready`: whether queries are answered, for whoever sends readers here or elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Response

from publish import errors, negotiation, query

_QUERY = "ASK {}"


def router(service: query.QueryService) -> APIRouter:
    """Give the route that asks a query of its own."""
    routes = APIRouter()

    @routes.get("/ready", summary="Whether queries are answered")
    async def ready(response: Response) -> dict[str, str]:
        """503 where they are not; `/health` tells only that the server lives."""
        response.headers["Cache-Control"] = "no-store"
        try:
            await service.answer(query.Request(_QUERY, negotiation.BOOLEAN_FORMATS[0].media))
        except (errors.QueryError, errors.StoreError) as error:
            raise errors.StoreUnavailable(f"queries are not answered now: {error}") from error
        return {"status": "ready"}

    return routes
