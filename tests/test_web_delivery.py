"""How answers leave: kept, compared, compressed, without a body, and with the headers all share."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import serving
from serving import BROWSER, Client, assert_problem
from starlette.requests import Request
from starlette.types import ASGIApp

from publish.dataset import Dataset
from publish.web import delivery, keeping, watching, wishes

RAYS = "/doc/begriff/x-strahlen"


# --- tags ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", RAYS, f"{RAYS}.ttl", "/sparql", "/ontology.nt", "/help"])
def test_a_client_that_has_an_answer_is_not_sent_it_again(web: Client, path: str) -> None:
    first = web.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = web.get(path, If_None_Match=given)
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
        for name in ("vary", "cache-control", "content-location", "link"):
            assert again.headers.get(name) == first.headers.get(name)
        assert "content-type" not in again.headers
    assert web.get(path, If_None_Match='"other"').status_code == 200


def test_each_form_of_an_answer_has_a_tag_of_its_own(web: Client) -> None:
    tags = {
        web.get(RAYS, accept, Accept_Encoding=coding).headers["etag"]
        for accept in ("text/turtle", "text/html", "application/n-triples")
        for coding in ("identity", "gzip")
    }
    assert len(tags) == 6

    turtle = web.get(RAYS, "text/turtle")
    assert web.get(RAYS, "text/html", If_None_Match=turtle.headers["etag"]).status_code == 200


def test_what_one_header_asks_for_is_not_taken_for_what_another_does() -> None:
    by_profile, by_format = ([(name, b"text/csv")] for name in (b"accept-profile", b"accept"))
    assert wishes.asked(by_profile).accept != wishes.asked(by_format).accept


def test_tags_are_the_same_for_the_same_release_and_others_for_another(foreign: Dataset) -> None:
    def tag(data: Dataset, **given: object) -> str:
        with serving.client(data, **given) as client:
            found: str = client.get(RAYS).headers["etag"]
            return found

    assert tag(foreign) == tag(foreign)
    assert tag(foreign) != tag(replace(foreign, digest="0" * 64))
    assert tag(foreign) != tag(foreign, page_size=7)


def test_an_error_is_never_kept_and_has_no_tag(web: Client) -> None:
    for _ in range(2):
        answer = web.get("/nowhere", If_None_Match="*")
        assert_problem(answer, 404)
        assert "etag" not in answer.headers


def test_clients_are_told_how_long_they_may_keep_an_answer(foreign: Dataset) -> None:
    with serving.client(foreign, cache_seconds=7) as client:
        assert client.get("/").headers["cache-control"] == "public, max-age=7"
    with serving.client(foreign, cache_seconds=0) as client:
        assert client.get("/").headers["cache-control"] == "no-cache"


def test_answers_have_the_date_of_the_release(web: Client) -> None:
    day, before = "Fri, 20 Nov 2026 00:00:00 GMT", "Thu, 19 Nov 2026 00:00:00 GMT"
    for _ in range(2):
        for path in ("/", RAYS, "/sparql?query=ASK%7B%7D"):
            assert web.get(path).headers["last-modified"] == day
            assert web.get(path, If_Modified_Since=day).status_code == 304
            assert web.get(path, If_Modified_Since=before).status_code == 200
            # A tag tells more than a day.
            other = web.get(path, If_Modified_Since=day, If_None_Match='"other"')
            assert other.status_code == 200
    for path in ("/nowhere", "/sparql?query=SELECT%20(NOW()%20AS%20%3Fx)%7B%7D"):
        assert "last-modified" not in web.get(path).headers


def test_a_file_without_a_date_gives_answers_without_one(tmp_path: Path) -> None:
    with serving.client(serving.bare(tmp_path, "<http://e.org/a> a <http://e.org/B> .")) as client:
        answer = client.get("/", If_Modified_Since="Fri, 20 Nov 2026 00:00:00 GMT")
        assert answer.status_code == 200
        assert "last-modified" not in answer.headers


def test_an_answer_that_is_not_the_one_meant_is_refused(web: Client) -> None:
    for _ in range(2):
        assert_problem(web.get(RAYS, If_Match='"other"'), 412)
        assert web.get(RAYS, If_Match=web.get(RAYS).headers["etag"]).status_code == 200


# --- methods ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", RAYS, "/id/begriff/x-strahlen", "/sparql", "/sparql?query=ASK%7B%7D", "/health", "/no"],
)
def test_head_is_get_without_a_body(web: Client, path: str) -> None:
    get = web.get(path)
    for _ in range(2):
        head = web.request("HEAD", path, headers={"Accept": "*/*"})
        assert head.status_code == get.status_code
        assert head.headers == get.headers
        assert head.content == b""


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/sparql", "GET, HEAD, OPTIONS, POST, QUERY"),
        ("/", "GET, HEAD, OPTIONS"),
        ("/.well-known/void", "GET, HEAD, OPTIONS"),
        ("/release/2.3.1/strahlen.nt", "GET, HEAD, OPTIONS"),
        (RAYS, "GET, HEAD, OPTIONS"),
        ("/reconcile/1.0/match", "OPTIONS, POST"),
    ],
)
def test_options_says_what_can_be_done(web: Client, path: str, allow: str) -> None:
    answer = web.request("OPTIONS", path)
    assert answer.status_code == 204
    assert answer.headers["allow"] == allow


def test_every_way_to_ask_is_named_though_several_routes_have_the_path(foreign: Dataset) -> None:
    async def refuse(request: Request, error: Exception) -> ASGIApp:
        raise error

    async def routes(scope, receive, send) -> None:
        start = {"type": "http.response.start", "status": 405, "headers": [(b"allow", b"GET")]}
        await send(start)
        await send({"type": "http.response.body", "body": b""})

    app = delivery.Delivery(
        routes,
        release="",
        modified=None,
        cache_bytes=0,
        origins=("*",),
        methods=lambda scope: {"GET", "HEAD", "OPTIONS", "POST"},
        watch=watching.Watch(serving.InProcess(foreign)),
        refuse=refuse,
    )

    async def ask(method: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=serving.HOME) as client:
            return await client.request(method, "/both")

    for method in ("OPTIONS", "PUT"):
        assert asyncio.run(ask(method)).headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("path", ["/", RAYS, "/id/begriff/x-strahlen", "/dump/", "/health"])
def test_what_is_only_read_cannot_be_written(web: Client, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = web.request(method, path)
        assert_problem(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_where_nothing_is_no_method_is_allowed_or_not(web: Client) -> None:
    for path in ("/nothing", "/id/begriff/nothing", "/release/0/x"):
        for method in ("POST", "PUT", "DELETE"):
            said = assert_problem(web.request(method, path, content=b"a=b"), 404)
            assert said == web.get(path).json()


@pytest.mark.parametrize("path", ["/describe?iri=urn:nothing", "/rest/v1/data?uri=urn:nothing"])
def test_what_a_parameter_asks_for_decides_no_method(web: Client, path: str) -> None:
    assert web.get(path).status_code == 404
    for method in ("TRACE", "POST", "DELETE"):
        answer = web.request(method, path)
        assert_problem(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_address_for_post_alone_is_there_for_all_who_ask(web: Client) -> None:
    for method in ("GET", "HEAD", "TRACE", "PUT"):
        answer = web.request(method, "/reconcile/1.0/match")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "OPTIONS, POST"


# --- scripts of other origins ----------------------------------------------------------------


def test_every_answer_may_be_read_by_scripts_of_other_origins(web: Client) -> None:
    for path in ("/", RAYS, "/sparql", "/sparql?query=x", "/no", "/id/begriff/x-strahlen"):
        answer = web.get(path, Origin="https://elsewhere.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        exposed = answer.headers["access-control-expose-headers"]
        assert {"Link", "ETag"} <= set(exposed.split(", "))


def test_a_browser_may_ask_before_it_asks(web: Client) -> None:
    answer = web.request(
        "OPTIONS",
        "/sparql",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    assert int(answer.headers["access-control-max-age"]) > 0


def test_the_origins_can_be_limited(foreign: Dataset) -> None:
    given = "https://one.example https://two.example"
    with serving.client(foreign, cors_origins=given) as client:
        for origin in given.split():
            answer = client.get(RAYS, Origin=origin)
            assert answer.headers["access-control-allow-origin"] == origin
            assert "Origin" in answer.headers["vary"]
        answer = client.get(RAYS, Origin="https://three.example")
        assert "access-control-allow-origin" not in answer.headers
        # Whoever keeps that answer for others must know that it was for this origin.
        assert "Origin" in answer.headers["vary"]


# --- compression -----------------------------------------------------------------------------


def test_pages_are_compressed_for_those_who_take_it(web: Client) -> None:
    plain = web.get("/help", BROWSER, Accept_Encoding="identity")
    packed = web.get("/help", BROWSER, Accept_Encoding="br, gzip;q=0.5")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    refused = web.get("/help", BROWSER, Accept_Encoding="gzip;q=0")
    assert "content-encoding" not in refused.headers


def test_what_is_small_is_compressed_for_those_who_take_nothing_else(web: Client) -> None:
    path = "/sparql?query=ASK%7B%7D"
    plain = web.get(path, "application/sparql-results+json", Accept_Encoding="gzip")
    packed = web.get(path, "application/sparql-results+json", Accept_Encoding="gzip, identity;q=0")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert packed.headers["etag"] != plain.headers["etag"]
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]


def test_who_takes_no_coding_that_there_is_is_told_which_there_are(web: Client) -> None:
    answer = web.get("/help", BROWSER, Accept_Encoding="br, *;q=0")
    assert answer.status_code == 406
    assert "gzip and identity" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_same_answer_is_compressed_to_the_same_bytes() -> None:
    assert gzip.compress(b"x" * 2000, 6, mtime=0)[4:8] == bytes(4)


# --- parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [RAYS, "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"])
@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-999999", slice(5, None)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-5", None),
        ("lines=1-2", None),
    ],
)
def test_part_of_an_answer_can_be_had(
    web: Client, path: str, wanted: str, part: slice | None
) -> None:
    """As polars takes tables; it counts the bytes of what is not packed."""
    whole = web.get(path, Accept_Encoding="identity")
    for _ in range(2):
        answer = web.get(path, Range=wanted, Accept_Encoding="gzip")
        assert answer.headers["etag"] == whole.headers["etag"]
        assert "content-encoding" not in answer.headers
        if part is None:
            assert (answer.status_code, answer.content) == (200, whole.content)
            continue
        first, end, _ = part.indices(len(whole.content))
        assert (answer.status_code, answer.content) == (206, whole.content[part])
        assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{len(whole.content)}"
        assert answer.headers["content-type"] == whole.headers["content-type"]


def test_part_of_another_answer_is_not_given(web: Client) -> None:
    tag = web.get(RAYS, Accept_Encoding="identity").headers["etag"]
    assert web.get(RAYS, Range="bytes=0-9", If_Range=tag).status_code == 206
    assert web.get(RAYS, Range="bytes=0-9", If_Range='"another"').status_code == 200
    assert web.get(RAYS, Range="bytes=0-9", If_None_Match=tag).status_code == 304
    assert web.request("HEAD", RAYS, headers={"Range": "bytes=0-9"}).status_code == 200


def test_a_part_that_is_not_there_is_refused(web: Client) -> None:
    size = len(web.get(RAYS, Accept_Encoding="identity").content)
    answer = web.get(RAYS, Range=f"bytes={size}-")
    assert_problem(answer, 416)
    assert answer.headers["content-range"] == f"bytes */{size}"


# --- what is kept ----------------------------------------------------------------------------


def kept(size: int) -> keeping.Kept:
    return keeping.Kept(200, [], b"x" * size, b'"t"')


def test_the_answers_that_are_kept_stay_within_their_bytes() -> None:
    cache = keeping.Cache(10_000)
    for number in range(100):
        cache.put((b"%d" % number,), kept(1_000))
    held = [number for number in range(100) if cache.get((b"%d" % number,))]
    assert held == list(range(92, 100))


def test_the_least_used_goes_first() -> None:
    cache = keeping.Cache(3_600)
    for name in (b"a", b"b", b"c"):
        cache.put((name,), kept(600))
    cache.get((b"a",))
    cache.put((b"d",), kept(600))
    cache.put((b"e",), kept(600))
    assert [name for name in (b"a", b"b", b"c", b"d", b"e") if not cache.get((name,))] == [b"b"]


def test_what_is_too_large_pushes_nothing_out() -> None:
    cache = keeping.Cache(4_000)
    cache.put((b"a",), kept(500))
    cache.put((b"b",), kept(3_000))
    assert cache.get((b"a",))
    assert cache.get((b"b",)) is None


def test_nothing_is_kept_where_nothing_may_be(foreign: Dataset) -> None:
    with serving.client(foreign, cache_bytes=0) as client:
        for _ in range(2):
            assert client.get("/sparql?query=ASK%7B%7D").status_code == 200
        assert len(client.pool.jobs) == 2


# --- addresses beyond all reason -------------------------------------------------------------


def test_an_address_that_is_too_long_is_refused(web: Client) -> None:
    path = "/sparql?query=" + "x" * 61_000
    assert "POST" in assert_problem(web.get(path), 414)["detail"]
    assert web.get(path, BROWSER).headers["content-type"] == "text/html; charset=utf-8"


def test_headers_that_are_too_long_are_refused(web: Client) -> None:
    assert_problem(web.get("/", X_Long="x" * 61_000), 431)


def test_an_odd_host_is_not_repeated(web: Client) -> None:
    for host in ('evil"><script>', "a b", "x/y", "a\\b"):
        refused = web.get(RAYS, BROWSER, Host=host)
        assert refused.status_code == 400
        assert host not in refused.text
    for host in ("a;b", "a%3Cb", "a'b", "x:", ""):
        page = web.get(RAYS, BROWSER, Host=host).text
        assert 'rel="canonical" href="http://127.0.0.1:8000/doc/' in page
    assert (
        'href="http://data.example:8080/doc/'
        in web.get(RAYS, BROWSER, Host="data.example:8080").text
    )
