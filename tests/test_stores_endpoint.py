"""An endpoint that fails, in every way that one can: an error of ours, soon, and no secret told."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import engines
import pytest
import serving
from engines import false_store, give
from serving import BROWSER, assert_problem

from publish import errors, turtle
from publish.stores.endpoint import Bounds, Endpoint, Login, Stream, filled, parameters

QUERY = "SELECT ?x { ?x ?y ?z }"
ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'
SECRET = "kX9-secret"  # noqa: S105 - of nobody


def select(address: str, seconds: float = 60, size: int = 10_000, query: str = QUERY):
    with Endpoint(address, Login("librarian", SECRET), Bounds(seconds, size)) as endpoint:
        return endpoint.select(query)


async def streamed(address: str, seconds: float = 60, size: int = 10_000):
    stream = Stream(address, Login("librarian", SECRET), Bounds(seconds, size), 4)
    try:
        asked = parameters(QUERY, [], [])
        return await stream.get(asked, "application/sparql-results+json", size, partial=False)
    finally:
        await stream.close()


def test_rows_are_terms() -> None:
    with false_store(lambda ask, _: give(ask, ROWS)) as address:
        assert select(address) == [(turtle.Literal("1"),)]


def test_short_queries_are_in_the_address_and_long_ones_in_the_body() -> None:
    seen = []

    def answer(ask, body: bytes) -> None:
        seen.append((ask.command, parse_qs(urlsplit(ask.path).query or body.decode())["query"][0]))
        give(ask, ROWS)

    long = QUERY + " " * 5000
    with false_store(answer) as address:
        select(address)
        select(address, query=long)
    assert seen == [("GET", QUERY), ("POST", long)]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, errors.StoreAnswerError),
        (401, errors.StoreUnavailable),
        (403, errors.StoreUnavailable),
        (404, errors.StoreAnswerError),
        (429, errors.StoreUnavailable),
        (500, errors.StoreAnswerError),
        (503, errors.StoreUnavailable),
    ],
)
def test_each_status_is_an_error_that_tells_nothing(status: int, failure: type) -> None:
    def answer(ask, _: bytes) -> None:
        give(ask, b"java.lang.Error at /opt/secret", status)

    with false_store(answer) as address:
        for run in (select, lambda it: asyncio.run(streamed(it))):
            with pytest.raises(failure) as raised:
                run(address)
            assert "secret" not in str(raised.value)
            assert address not in str(raised.value)


def test_nobody_at_home() -> None:
    address = f"http://127.0.0.1:{serving.free_port()}/sparql"
    for run in (select, lambda it: asyncio.run(streamed(it))):
        with pytest.raises(errors.StoreUnavailable, match="the store does not answer"):
            run(address)


def test_a_slow_answer_is_given_up() -> None:
    release = threading.Event()

    def silent(ask, _: bytes) -> None:
        release.wait(20)
        ask.close_connection = True

    def drop_by_drop(ask, _: bytes) -> None:
        ask.send_response(200)
        ask.end_headers()
        while not release.wait(0.05):
            try:
                ask.wfile.write(b" ")
                ask.wfile.flush()
            except OSError:
                return
        ask.close_connection = True

    for slow in (silent, drop_by_drop):
        release.clear()
        with false_store(slow) as address:
            with pytest.raises(errors.StoreTimeout):
                select(address, seconds=0.3)
            release.set()


def pour(ask, status: int, piece: bytes) -> None:
    """Answer without an end, until nobody takes it any more."""
    ask.send_response(status)
    ask.end_headers()
    try:
        while True:
            ask.wfile.write(piece)
    except OSError:
        ask.close_connection = True


def endless(ask, _: bytes) -> None:
    pour(ask, 200, b" " * 65536)


def test_an_endless_answer_is_cut_off() -> None:
    with false_store(endless) as address:
        with pytest.raises(errors.StoreAnswerError, match="without an end"):
            select(address)
        with pytest.raises(errors.QueryTooLarge):
            asyncio.run(streamed(address))


def test_of_an_error_without_an_end_its_beginning_is_logged_on_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cut = threading.Event()

    def fail(ask, _: bytes) -> None:
        pour(ask, 500, b"\nERROR of nobody " * 4_096)
        cut.set()

    with false_store(fail) as address:
        with pytest.raises(errors.StoreAnswerError):
            asyncio.run(streamed(address))
        assert cut.wait(60)
    (record,) = [one for one in caplog.records if one.name == "publish.stores.endpoint"]
    assert "ERROR of nobody" in record.getMessage()
    assert len(record.getMessage().splitlines()) == 1
    assert len(record.getMessage()) < 1_000


@pytest.mark.parametrize("said", ["many", "9" * 5_000])
def test_a_limit_of_rows_that_is_none_is_passed_over(said: str) -> None:
    limit = {"X_SPARQL_MaxRows": said}
    with false_store(lambda ask, _: give(ask, ROWS, **limit)) as address:
        assert select(address) == [(turtle.Literal("1"),)]


@pytest.mark.parametrize("body", [b"", b"<html>It works!</html>", b"{}", ROWS[:-3]])
def test_nonsense_is_no_answer(body: bytes) -> None:
    with (
        false_store(lambda ask, _: give(ask, body)) as address,
        pytest.raises(errors.StoreAnswerError, match="cannot be read"),
    ):
        select(address)


@pytest.mark.parametrize(
    ("status", "media", "found"),
    [
        (200, "text/html; charset=utf-8", "a page, text/html"),
        (404, "text/plain", "status 404"),
        (405, "text/html", "status 405"),
        (406, "text/plain", "status 406"),
        (415, "text/plain", "status 415"),
    ],
)
def test_an_address_that_answers_no_queries_is_said_to_be_one(
    status: int, media: str, found: str
) -> None:
    with false_store(lambda ask, _: give(ask, b"<!DOCTYPE html>", status, media)) as address:
        for run in (select, lambda it: asyncio.run(streamed(it))):
            with pytest.raises(errors.StoreAnswerError) as raised:
                run(address)
            assert f"({found}); it must be that of its SPARQL endpoint" in str(raised.value)


@pytest.mark.parametrize("status", [400, 404, 415, 500])
@pytest.mark.parametrize("option", ["--update", "--graphs"])
def test_a_change_that_is_not_taken_names_the_option_of_its_address(
    status: int, option: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        false_store(lambda ask, _: give(ask, b"No permission", status)) as address,
        Endpoint(address, Login("", ""), Bounds(60, 10_000)) as endpoint,
        pytest.raises(errors.StoreAnswerError, match=f"its status is {status}.*{option} is where"),
    ):
        if option == "--update":
            endpoint.update("CLEAR ALL")
        else:
            endpoint.load("urn:x", b"")
    assert "No permission" in caplog.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            b"\n37000: not implemented\r\n\r\nSPARQL query:\nSELECT ?private {}",
            "37000: not implemented",
        ),
        (b"SPARQL-QUERY: queryStr=SELECT ?private {}\njava.lang.Error: none", "SPARQL-QUERY:"),
    ],
)
def test_of_an_error_the_first_line_is_logged_and_no_query_that_is_repeated(
    said: bytes, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    with false_store(lambda ask, _: give(ask, said, 400)) as address:
        for run in (select, lambda it: asyncio.run(streamed(it))):
            with pytest.raises(errors.StoreAnswerError):
                run(address)
    assert told in caplog.text
    assert "private" not in caplog.text


def test_a_redirect_is_not_followed() -> None:
    visited = []

    def elsewhere(ask, _: bytes) -> None:
        visited.append(ask.path)
        give(ask, ROWS)

    with false_store(elsewhere) as other:

        def answer(ask, _: bytes) -> None:
            give(ask, b"", 302, Location=other)

        with false_store(answer) as address:
            for run in (select, lambda it: asyncio.run(streamed(it))):
                with pytest.raises(errors.StoreAnswerError, match="another address"):
                    run(address)
    assert not visited


def test_an_answer_that_says_it_is_partial_is_none() -> None:
    def answer(ask, _: bytes) -> None:
        give(ask, ROWS, X_SQL_State="S1TAT")

    with (
        false_store(answer) as address,
        pytest.raises(errors.StoreAnswerError, match="a part of the answer"),
    ):
        select(address)


def test_rows_that_may_have_been_cut_are_not_believed() -> None:
    with (
        false_store(lambda ask, _: give(ask, ROWS, X_SPARQL_MaxRows="1")) as address,
        pytest.raises(errors.StoreAnswerError, match="at most 1 rows"),
    ):
        select(address)


def test_only_what_changes_nothing_is_tried_again() -> None:
    seen = []

    def hang_up_once(ask, _: bytes) -> None:
        seen.append(ask.command)
        if len(seen) == 1:
            ask.close_connection = True
            return
        give(ask, ROWS)

    with false_store(hang_up_once) as address:
        assert select(address)
        assert seen == ["GET", "GET"]
        seen.clear()
        with pytest.raises(errors.StoreUnavailable):
            select(address, query=QUERY + " " * 5000)
        assert seen == ["POST"]


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_is_told_when_it_is_asked_for_and_never_written(
    scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen = []

    def answer(ask, _: bytes) -> None:
        given = ask.headers.get("Authorization", "")
        seen.append(given.partition(" ")[0])
        if given.startswith(scheme):
            give(ask, ROWS)
        else:
            challenge = f'{scheme} realm="x", nonce="n", qop="auth", algorithm=MD5'
            give(ask, b"", 401, WWW_Authenticate=challenge)

    caplog.set_level(logging.DEBUG)
    login = Login("librarian", SECRET)
    with (
        false_store(answer) as address,
        Endpoint(address, login, Bounds(60, 10_000)) as endpoint,
    ):
        endpoint.select(QUERY)
        endpoint.select(QUERY)
    assert seen == ["", scheme, scheme]
    told = base64.b64encode(f"librarian:{SECRET}".encode()).decode()
    assert SECRET not in caplog.text
    assert told not in caplog.text
    assert SECRET not in repr(login)


def test_terms_are_put_into_a_query_as_sparql_writes_them() -> None:
    written = filled(
        "$one $many LIMIT $number",
        one=turtle.Literal('a "b" $many'),
        many=[turtle.Named("urn:a"), turtle.Named("urn:b")],
        number=5,
    )
    assert written == '"a \\"b\\" $many" <urn:a> <urn:b> LIMIT 5'


# --- the whole way ---------------------------------------------------------------------------


@contextlib.contextmanager
def moody(query_seconds: float) -> Iterator[tuple[serving.Asking, dict]]:
    """A store that nobody pushed to, which begins well; what it does then is to be set."""
    mood: dict = {}

    def answer(ask, body: bytes) -> None:
        query = parse_qs(urlsplit(ask.path).query or body.decode())["query"][0]
        if "answer" in mood:
            mood["answer"](ask, body)
        elif "COUNT" in query and "GROUP" not in query:
            give(ask, ROWS.replace(b'"x"', b'"n"'))
        else:
            give(ask, b'{"head": {"vars": []}, "results": {"bindings": []}}')

    with (
        false_store(answer) as address,
        engines.reading(
            engines.Engine("false", address, address, user="librarian", password=SECRET),
            query_seconds=query_seconds,
            slow_seconds=0.1,
            query_bytes=20_000,
        ) as asking,
    ):
        yield asking, mood


@pytest.fixture
def failing() -> Iterator[tuple[serving.Asking, dict]]:
    with moody(query_seconds=60) as found:
        yield found


def test_pages_and_queries_say_what_is_wrong_with_the_store(failing) -> None:
    asking, mood = failing
    for answer, of_page, of_query in (
        (lambda ask, _: give(ask, b"oops /etc/passwd", 500), 502, 502),
        (lambda ask, _: give(ask, b"", 503), 503, 503),
        (lambda ask, _: give(ask, b"<html>"), 502, 502),
        (endless, 502, 413),
    ):
        mood["answer"] = answer
        assert_told(asking, of_page, of_query)


def test_pages_and_queries_say_that_the_store_takes_too_long() -> None:
    release = threading.Event()

    def silent(ask, _: bytes) -> None:
        release.wait(60)
        ask.close_connection = True

    with moody(query_seconds=2) as (asking, mood):
        mood["answer"] = silent
        assert_told(asking, 504, 503)
        release.set()


def assert_told(asking: serving.Asking, of_page: int, of_query: int) -> None:
    said = assert_problem(asking.get("/describe?iri=urn:x"), of_page)
    assert "passwd" not in said["detail"]
    said = assert_problem(asking.get("/sparql?query=ASK%7B%7D"), of_query)
    assert "passwd" not in said["detail"]
    assert "127.0.0.1" not in str(said)


def test_a_page_says_so_too_while_the_store_is_gone(failing) -> None:
    asking, mood = failing
    mood["answer"] = lambda ask, _: give(ask, b"", 503)
    page = asking.get("/describe?iri=urn:x", BROWSER)
    assert page.status_code == 503
    assert "The store does not answer" in page.text
    assert asking.get("/help", BROWSER).status_code == 200
    assert asking.get("/health").status_code == 200


def test_nothing_that_is_shown_names_the_store(failing) -> None:
    asking, _ = failing
    for path in ("/help", "/", "/sparql", "/health", "/openapi.json"):
        text = asking.get(path, BROWSER).text
        assert SECRET not in text, path
        assert "librarian" not in text, path
        assert "127.0.0.1:" not in text, path
