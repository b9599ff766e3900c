"""What went wrong, in the form that the client can read, with the right status."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Iterator

import pytest
import serving
from serving import BROWSER, Client, assert_problem
from starlette.responses import Response

from publish import errors
from publish.dataset import Dataset
from publish.stores import Answer, Job
from publish.web import problems

ASK = "/sparql?query=ASK%7B%7D"


def families() -> Iterator[type[errors.FolkmoteError]]:
    todo = [errors.FolkmoteError]
    while todo:
        found = todo.pop()
        todo += found.__subclasses__()
        yield found


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (errors.QuerySyntaxError("wrong", 3, 4), 400, False),
        (errors.QueryRefused("no"), 403, False),
        (errors.QueryTooComplex("deep"), 413, False),
        (errors.QueryTimeout("slow"), 503, True),
        (errors.QueryTooLarge("large"), 413, False),
        (errors.QueryBusy("full"), 503, True),
        (errors.QueryShare("again"), 429, True),
        (errors.StoreUnavailable("away"), 503, True),
        (errors.StoreAnswerError("odd"), 502, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_error_of_a_query_has_its_status(
    foreign: Dataset, monkeypatch: pytest.MonkeyPatch, error, status: int, retry: bool
) -> None:
    with serving.client(foreign) as client:

        async def fail(job: Job) -> Answer:
            raise error

        monkeypatch.setattr(client.pool, "run", fail)
        answer = client.get(ASK)
        said = assert_problem(answer, status)
        assert said["detail"] == str(error)
        assert said["type"].startswith(f"{serving.HOME}/help#")
        assert ("retry-after" in answer.headers) == retry
        assert (said.get("line"), said.get("column")) == ((3, 4) if status == 400 else (None, None))


def test_every_error_that_a_client_can_cause_is_described() -> None:
    known = tuple(kind.error for kind in problems.KINDS)
    causes = (errors.QueryError, errors.StoreError, errors.NotFound, errors.NotAcceptable)
    for family in families():
        if issubclass(family, causes):
            assert issubclass(family, known), family


def test_the_form_of_an_error_is_the_one_that_is_asked_for(web: Client) -> None:
    for accept, media in (
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("application/sparql-results+json", "application/problem+json"),
        ("image/png", "application/problem+json"),
        ("text/plain", "text/plain; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ):
        answer = web.get("/nowhere", accept)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == media
        assert answer.headers["vary"] == "Accept"
        assert "nowhere" in answer.text


def test_a_problem_page_helps_on(web: Client) -> None:
    page = web.get("/nowhere", BROWSER).text
    assert "<h1>Not found</h1>" in page
    assert 'href="/help#not-found"' in page
    offers = web.get("/doc/begriff/x-strahlen?format=gif", BROWSER)
    assert offers.status_code == 406
    assert "<code>text/turtle</code>" in offers.text


def test_what_nobody_expected_is_logged_and_tells_strangers_nothing(
    foreign: Dataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with serving.client(foreign) as client:

        async def fail(job: Job) -> Answer:
            raise RuntimeError("the secret of the house")

        monkeypatch.setattr(client.pool, "run", fail)
        with caplog.at_level(logging.ERROR):
            answer = client.get(ASK)
        assert_problem(answer, 500)
        assert "secret" not in answer.text
        assert "secret" in caplog.text
        page = client.get(ASK, BROWSER)
        assert page.status_code == 500
        assert "secret" not in page.text


def test_a_path_begins_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope, receive, send) -> None:
        raise RuntimeError

    async def answer(request, error):
        return Response()

    async def send(message) -> None:
        pass

    scope = {"type": "http", "path": "/a\n2026-11-29 INFO all is well", "method": "GET"}
    asyncio.run(problems.Guard(broken, answer)(scope, None, send))  # type: ignore[arg-type]
    (record,) = caplog.records
    assert "all is well" in record.getMessage()
    assert "\n" not in record.getMessage()


@pytest.mark.parametrize(
    ("number", "status"), [(errno.EMFILE, 503), (errno.ENFILE, 503), (errno.EIO, 500)]
)
def test_too_many_open_files_are_no_error_for_long(number: int, status: int) -> None:
    found = problems.describe(OSError(number, "as the system says"))
    assert found.status == status
    assert ("Retry-After" in found.headers) == (status == 503)
    assert "system" not in found.detail


def test_an_error_after_the_answer_began_is_not_answered_twice() -> None:
    sent = []

    async def broken(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    async def answer(request, error):
        raise AssertionError

    async def send(message) -> None:
        sent.append(message)

    guard = problems.Guard(broken, answer)
    with pytest.raises(RuntimeError):
        asyncio.run(guard({"type": "http", "path": "/"}, None, send))  # type: ignore[arg-type]
    assert len(sent) == 1
