"""`/metrics`: what the server does, in figures."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from publish.web import watching


def router(watch: watching.Watch) -> APIRouter:
    """Give the route of the figures."""
    routes = APIRouter()

    @routes.get("/metrics", summary="What the server does, in figures")
    async def metrics(request: Request) -> Response:
        """For Prometheus, as text or in the format OpenMetrics."""
        seconds = request.scope.get("state", {}).get(watching.START)
        body, media = watch.exposed(request.headers.get("accept"), seconds)
        return Response(body, headers={"Content-Type": media, "Cache-Control": "no-store"})

    return routes
