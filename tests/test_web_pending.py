"""What is made when the server answers already: queries do not wait for it, pages make it."""

from __future__ import annotations

import asyncio
import threading

from serving import Asking, InProcess
from starlette.types import Message

from publish import settings
from publish.dataset import Dataset
from publish.web import create_app, framework
from publish.web.pending import Pending


async def _answer(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"made"})


def test_a_query_makes_no_pages_and_a_page_makes_them_once(essay: Dataset, monkeypatch):
    made = []
    make = framework.make

    def counting(*given):
        made.append(1)
        return make(*given)

    monkeypatch.setattr(framework, "make", counting)
    asking = Asking(create_app(essay, InProcess(essay), settings.read({}, {})))
    try:
        answer = asking.request("GET", "/sparql", params={"query": "ASK {}"})
        assert answer.json()["boolean"] is True
        assert not made
        assert asking.get("/help").status_code == 200
        assert asking.get("/statistics").status_code == 200
        assert made == [1]
    finally:
        asking.close()


def test_a_server_makes_and_prepares_it_by_itself():
    made = threading.Event()
    prepared = threading.Event()

    def make():
        made.set()
        return _answer

    def prepare() -> None:
        # After what is made: readers come first.
        assert made.is_set()
        prepared.set()

    async def live() -> list[str]:
        orders: asyncio.Queue[Message] = asyncio.Queue()
        said: list[str] = []

        async def send(message) -> None:
            said.append(message["type"])
            # The server begins without it.
            assert not made.is_set() or message["type"] == "lifespan.shutdown.complete"

        await orders.put({"type": "lifespan.startup"})
        life = asyncio.create_task(Pending(make, prepare)({"type": "lifespan"}, orders.get, send))
        assert await asyncio.to_thread(prepared.wait, 60)
        await orders.put({"type": "lifespan.shutdown"})
        await life
        return said

    assert asyncio.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
