"""What a stranger may try over HTTP, each attempt with what it must come to.

`docs/threat-model.md` says which defence answers which threat, and where else it is tested.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import httpx
import pytest
import serving
from conftest import FOREIGN
from serving import BROWSER, Client

from publish import dataset, inference, release
from publish.dataset import Dataset

POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"
SMUGGLED = b"GET /help HTTP/1.1\r\nHost: smuggled\r\n\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving.server(FOREIGN) as found:
        yield found


@pytest.fixture(scope="module")
def built(foreign: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("release") / "out"
    release.write(foreign, folder)
    with serving.client(foreign, folder) as client:
        yield client


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+) ", answer)]


# --- one request that two could read in two ways (RFC 9112, 11.2) ----------------------------


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 6\r\nContent-Length: 0\r\n\r\nASK {}",
        POST + b"Content-Length: 0\r\nContent-Length: 6\r\n\r\nASK {}",
        POST + b"Content-Length: 6, 6\r\n\r\nASK {}",
        POST + b"Content-Length: +6\r\n\r\nASK {}",
        POST + b"Content-Length: -1\r\n\r\nASK {}",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\nASK {}",
        POST + b"Content-Length : 6\r\n\r\nASK {}",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 6\r\n\r\nASK {}",
        POST + b"Transfer-Encoding: chunked\r\n\r\n6\nASK {}\n0\n\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nASK {}\r\n0\r\n\r\n",
        GET + b"X-Folded: a\r\n b\r\n\r\n",
        b"GET /health HTTP/1.1\nHost: x\n\n",
        GET + b"X-Ends: with\nTransfer-Encoding: chunked\r\n\r\n",
        GET + b"X-Bare: carriage\rreturn\r\n\r\n",
        GET + b"X-Null: \x00\r\n\r\n",
    ],
)
def test_a_request_with_two_meanings_is_refused_and_what_follows_is_not_read(
    address: str, sent: bytes
) -> None:
    assert statuses(serving.raw(address, sent + SMUGGLED)) == [400]


def test_what_came_before_no_request_is_answered_as_if_it_came_alone(address: str) -> None:
    """RFC 9112, 9.3.2: nobody takes the refusal of one request for the answer to another."""
    asked = b"GET /sparql?query=SELECT(%d+AS+?n){} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
    answer = serving.raw(address, asked % 1 + asked % 2 + b"\x16\x03\x01 hello\r\n\r\n" + SMUGGLED)
    assert statuses(answer) == [200, 200]
    assert answer.endswith(b"n\r\n2\r\n")


@pytest.mark.parametrize("path", [b"/reconcile/1.0/extend", b"/questions"])
def test_a_body_that_breaks_off_behind_its_answer_is_not_answered_again(
    address: str, path: bytes
) -> None:
    """A second answer would be taken for that to the next request (RFC 9112, 9.2)."""
    place = urlsplit(address)
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0), 60) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        found = connection.recv(65536)
        connection.sendall(b"no chunk\r\n" + SMUGGLED)
        while part := connection.recv(65536):
            found += part
    assert len(statuses(found)) == 1


def test_what_is_within_a_body_is_no_request(address: str) -> None:
    """The length says where a request ends, also where nobody reads its body."""
    length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(SMUGGLED)
    for head in (GET, POST, b"DELETE /health HTTP/1.1\r\nHost: x\r\n"):
        assert len(statuses(serving.raw(address, head + length + SMUGGLED))) == 1


@pytest.mark.parametrize("wish", [b"h2c", b"websocket", b"h2c, TLS/1.0"])
@pytest.mark.parametrize("cut", [1, 7, 1_000])
def test_whoever_wishes_for_another_protocol_is_answered_in_this_one(
    address: str, wish: bytes, cut: int
) -> None:
    """Clients of Java wish for HTTP/2 whatever they send, and the body is part of the request."""
    head = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + wish + b"\r\nHTTP2-Settings: AAMA\r\n"
    )
    asked = b"ASK { FILTER(1 = 2) }"
    whole = POST + head + b"Content-Length: %d\r\n\r\n" % len(asked) + asked
    chunks = b"5\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (asked[:5], len(asked) - 5, asked[5:])
    chunked = POST + head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    sent = whole + chunked + GET + head + b"\r\n" + GET + b"Connection: close\r\n\r\n"
    place = urlsplit(address)
    found = b""
    with socket.create_connection((place.hostname or "", place.port or 0), 60) as connection:
        for start in range(0, len(sent), cut):
            connection.sendall(sent[start : start + cut])
        while part := connection.recv(65536):
            found += part
    assert statuses(found) == [200] * 4
    assert found.count(b'"boolean":false') == 2


def test_a_wish_for_another_protocol_hides_nothing(address: str) -> None:
    """Two lengths are wrong, also where the parser would not have looked at a body."""
    head = b"Connection: Upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n"
    sent = POST + head + b"Content-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED
    assert statuses(serving.raw(address, sent)) == [400]


def test_a_coding_that_is_not_known_is_not_guessed(address: str) -> None:
    sent = POST + b"Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
    assert statuses(serving.raw(address, sent)) == [501]


@pytest.mark.parametrize(
    "hosts",
    [
        b"",
        b"Host: a\r\nHost: b\r\n",
        b"Host: a, b\r\n",
        b"Host: a b\r\n",
        b"Host: a/b\r\n",
        b"Host: u@a\r\n",
        b"Host: a:b\r\n",
        b"Host: [x]\r\n",
        b"Host: \xc3\xa9\r\n",
    ],
)
def test_a_request_names_one_host(address: str, hosts: bytes) -> None:
    sent = b"GET / HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n"
    answer = serving.raw(address, sent)
    assert statuses(answer) == [400]
    assert b"names one Host" in answer


@pytest.mark.parametrize(
    "target", [b"http://y.example", b"http://y.example/", b"HTTP://y.example?a"]
)
def test_a_whole_address_says_which_host_is_meant(address: str, target: bytes) -> None:
    """So says RFC 9112, 3.2.2; a cache in front may know the answer by that address."""
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    answer = serving.raw(address, sent)
    assert statuses(answer) == [200]
    assert b"//y.example/" in answer
    assert b"evil" not in answer


@pytest.mark.parametrize(
    ("target", "hosts"),
    [
        (b"http://y.example/", b""),
        (b"http://y.example/", b"Host: y.example\r\nHost: z.example\r\n"),
        (b"http://u@y.example/", b"Host: y.example\r\n"),
    ],
)
def test_a_whole_address_mends_no_other_error(address: str, target: bytes, hosts: bytes) -> None:
    sent = b"GET " + target + b" HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n"
    assert statuses(serving.raw(address, sent)) == [400]


@pytest.mark.parametrize("length", [60_001, 65_535, 70_000, 120_000])
def test_an_address_that_is_too_long_is_called_so(address: str, length: int) -> None:
    sent = b"GET /?" + b"a" * length + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert statuses(serving.raw(address, sent)) == [414]


def test_headers_do_not_come_back(address: str) -> None:
    """TRACE and CONNECT are no methods here (RFC 9110, 9.3.6 and 9.3.8)."""
    for method in (b"TRACE /", b"CONNECT evil.example:80"):
        sent = method + b" HTTP/1.1\r\nHost: x\r\nX-Secret: word\r\nConnection: close\r\n\r\n"
        answer = serving.raw(address, sent)
        assert statuses(answer)[0] in (400, 405)
        assert b"word" not in answer


# --- headers of answers ----------------------------------------------------------------------

KINDS = [
    ("GET", "/", {}, 200),
    ("GET", "/", {"Accept-Encoding": "gzip"}, 200),
    ("HEAD", "/", {}, 200),
    ("OPTIONS", "/", {}, 204),
    ("GET", "/browse", {}, 200),
    ("GET", "/questions", {}, 200),
    ("GET", "/help", {}, 200),
    ("GET", "/ontology", {}, 200),
    ("GET", "/search?q=x", {}, 200),
    ("GET", "/search?q=x&format=json", {}, 200),
    ("GET", "/sparql", {}, 200),
    ("GET", "/sparql?query=ASK%7B%7D", {}, 200),
    ("GET", "/sparql?query=nonsense", {}, 400),
    ("POST", "/sparql", {"Content-Type": "text/plain"}, 415),
    ("GET", "/doc/begriff/x-strahlen", {}, 200),
    ("GET", "/doc/begriff/x-strahlen.ttl", {}, 200),
    ("GET", "/id/begriff/x-strahlen", {}, 303),
    ("GET", "/dump/", {}, 200),
    ("GET", "/dump/strahlen.nt", {}, 307),
    ("GET", "/release/2.3.1/strahlen.nt", {}, 200),
    ("GET", "/release/2.3.1/strahlen.nt", {"Range": "bytes=0-9"}, 206),
    ("GET", "/release/2.3.1/strahlen.nt", {"Range": "bytes=999999999-"}, 416),
    ("GET", "/static/style.css", {}, 200),
    ("GET", "/openapi.json", {}, 200),
    ("GET", "/oai?verb=Identify", {}, 200),
    ("GET", "/reconcile", {}, 200),
    ("GET", "/.well-known/void", {}, 302),
    ("GET", "/.well-known/api-catalog", {}, 200),
    ("GET", "/llms.txt", {}, 200),
    ("GET", "/robots.txt", {}, 200),
    ("GET", "/health", {}, 200),
    ("GET", "/metrics", {}, 200),
    ("GET", "/nothing", {}, 404),
    ("GET", "/nothing", {"Accept": BROWSER}, 404),
    ("DELETE", "/", {}, 405),
    ("GET", "/browse/begriff?page=x", {}, 400),
    ("GET", "/" + "x" * 61_000, {}, 414),
    ("GET", "/", {"X-Long": "x" * 61_000}, 431),
    ("GET", "/", {"Host": "a, b"}, 400),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    KINDS,
    ids=[f"{n} {one[0]} {one[1][:40]}" for n, one in enumerate(KINDS)],
)
def test_every_answer_forbids_browsers_what_it_does_not_need(
    built: Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = built.request(method, path, headers=headers)
    assert answer.status_code == status
    assert_guarded(answer)


def test_no_route_is_left_out(built: Client) -> None:
    """What was added since, and nobody thought of here, has the headers too."""
    paths = built.get("/openapi.json").json()["paths"]
    found = [path for path, methods in paths.items() if "get" in methods and "{" not in path]
    assert len(found) > 20
    for path in found:
        assert_guarded(built.get(path, BROWSER))


def assert_guarded(answer: httpx.Response) -> None:
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    for said in policy.values():
        assert not re.search(r"unsafe|\*|data:|https?:|nonce|sha\d", said), policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


# --- what goes into headers of answers -------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/id/x%0d%0aset-cookie:a=b",
        "/dump/x%0d%0aset-cookie:a=b",
        "/browse/?x=%0d%0aset-cookie:a=b",
        "/help/%0d%0aset-cookie:a=b",
        "/describe?iri=http://x/%0d%0aset-cookie:a=b",
        "/linkset?iri=http://x/%0d%0aset-cookie:a=b",
        "/search?q=%0d%0aset-cookie:a=b&page=2",
        "/questions?x=%0d%0aset-cookie:a=b",
        "/sparql?query=ASK%7B%7D&format=%0d%0aset-cookie:a=b",
        "/id/begriff/x-strahlen%0d%0aset-cookie:a=b",
        "/doc/begriff/x-strahlen?profile=%0d%0aset-cookie:a=b",
    ],
)
def test_nothing_in_an_address_begins_a_header(address: str, path: str) -> None:
    sent = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = serving.raw(address, sent)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert len(statuses(answer)) == 1
    assert b"\r\nset-cookie" not in head
    assert b"\n" not in head.replace(b"\r\n", b"")


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-For": "192.0.2.66",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "X-Original-Url": "/evil",
    "X-Rewrite-Url": "/evil",
    "X-Http-Method-Override": "DELETE",
    "X-Host": "evil.example",
    "Forwarded": "host=evil.example;proto=gopher",
}


@pytest.mark.parametrize("name", FORWARDED)
@pytest.mark.parametrize("path", ["/", "/sparql", "/doc/begriff/x-strahlen", "/sitemap.xml"])
def test_no_header_of_a_stranger_changes_what_others_are_given(
    built: Client, name: str, path: str
) -> None:
    forged = built.request("GET", path, headers={name: FORWARDED[name]})
    plain = built.request("GET", path)
    assert forged.content == plain.content
    assert forged.headers == plain.headers
    assert "evil" not in plain.text


def test_an_answer_for_one_host_is_kept_for_that_host(built: Client) -> None:
    for path in ("/", "/sitemap.xml", "/llms.txt", "/doc/begriff/x-strahlen"):
        other = built.request("GET", path, headers={"Host": "evil.example"})
        assert other.headers.get("etag") != built.get(path).headers["etag"]
        assert "evil.example" not in built.get(path).text


# --- paths -----------------------------------------------------------------------------------

UP = ["..", "%2e%2e", "%2E.", "..%2f..", "%252e%252e", "..%5c..", "..\\..", "%c0%ae%c0%ae", "..;"]


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize(
    "place", ["/static/", "/dump/", "/release/2.3.1/", "/release/", "/doc/", "/export/"]
)
def test_no_spelling_of_a_path_leads_out(address: str, place: str, up: str) -> None:
    for rest in ("app.py", "pyproject.toml", "etc/passwd"):
        path = f"{place}{up}/{up}/{up}/{rest}"
        sent = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1")
        answer = serving.raw(address, sent)
        assert statuses(answer)[0] in (400, 404, 307, 308), (path, answer[:100])
        body = answer.partition(b"\r\n\r\n")[2]
        assert not re.search(rb"root:|from __future__|\[project\]", body)


# --- other servers ---------------------------------------------------------------------------


LEADING_AWAY = (
    "SELECT * FROM <AWAY> { ?s ?p ?o }",
    "SELECT * FROM NAMED <AWAY> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { SERVICE <AWAY> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <AWAY> { ?s ?p ?o } }",
    "DESCRIBE <AWAY>",
    "LOAD <AWAY>",
)


def test_no_parameter_makes_the_server_ask_another(address: str) -> None:
    """Whoever listens hears nobody, whatever names it in a request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        away = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        batch = json.dumps({"a": {"query": away, "type": away}})
        paths = [
            *(f"/sparql?query={quote(one.replace('AWAY', away))}" for one in LEADING_AWAY),
            f"/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&default-graph-uri={away}",
            f"/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&named-graph-uri={away}",
            f"/describe?iri={away}",
            f"/linkset?iri={away}",
            f"/search?q={away}",
            f"/doc/begriff/x-strahlen?profile={away}",
            f"/oai?verb=GetRecord&identifier={away}&metadataPrefix={away}",
            f"/reconcile?queries={quote(batch)}",
            f"/{away}",
        ]
        for path in paths:
            sent = f"GET {path} HTTP/1.1\r\nHost: x\r\nReferer: {away}\r\nConnection: close\r\n\r\n"
            assert len(statuses(serving.raw(address, sent.encode()))) == 1
        with pytest.raises(BlockingIOError):
            listening.accept()


# --- hostile data ----------------------------------------------------------------------------

OVERRIDE = "\u202e"
LONG = "n" * 10_000
DATA = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <https://example.org/strahlen/id/ding/> .

t:lang
  a skos:Concept ;
  rdfs:seeAlso <javascript:alert(1)> ;
  rdfs:seeAlso <data:text/html,x> ;
  rdfs:seeAlso <vbscript:x> ;
  rdfs:seeAlso <http://a/%LONG%> ;
  skos:altLabel "</script><script>alert(1)</script>"@de ;
  skos:altLabel "%LONG%"@de ;
  skos:prefLabel "%OVERRIDE%gnp.exe"@de .

<https://example.org/strahlen/id/ding/%LONG%>
  a skos:Concept ;
  skos:prefLabel "\\r\\nset-cookie: a=b"@de .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hostile") / "data-set"
    shutil.copytree(FOREIGN, folder)
    text = DATA.replace("%LONG%", LONG).replace("%OVERRIDE%", OVERRIDE)
    (folder / "data" / "text" / "boese.ttl").write_text(text, encoding="utf-8")
    with serving.client(inference.infer(dataset.load(folder))) as client:
        yield client


class Outline(HTMLParser):
    """Which elements, addresses and attributes a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "script":
            self.scripts.append(found.get("src") or found.get("type"))
        self.addresses += [found[name] or "" for name in ("href", "src", "action") if name in found]
        self.handlers += [name for name in found if name.startswith("on")]


@pytest.mark.parametrize("path", ["/", "/browse/ding", "/doc/ding/lang", f"/doc/ding/{LONG}"])
def test_nothing_in_the_data_runs_or_leads_astray(hostile: Client, path: str) -> None:
    answer = hostile.get(path, BROWSER)
    assert answer.status_code == 200
    outline = Outline(answer.text)
    assert not outline.handlers
    assert all(
        one == "application/ld+json" or (one or "").startswith("/static/")
        for one in outline.scripts
    )
    schemes = {urlsplit(one).scheme for one in outline.addresses}
    assert schemes <= {"", "http", "https", "mailto"}
    assert "</script><script>" not in answer.text


def test_headers_stay_short_whatever_the_data_hold(hostile: Client) -> None:
    """Proxies give up at 8 to 64 kilobytes of headers, and would take the page with them."""
    for path in (f"/doc/ding/{LONG}", f"/id/ding/{LONG}", "/doc/ding/lang"):
        for accept in (BROWSER, "text/turtle"):
            answer = hostile.get(path, accept)
            assert answer.status_code in (200, 303)
            size = sum(len(name) + len(value) for name, value in answer.headers.raw)
            assert size < 32_000, (path[:20], accept, size)
            assert "set-cookie" not in answer.headers


def test_what_turns_the_direction_of_writing_stays_within_its_word(hostile: Client) -> None:
    """A mark that turns letters around (UAX 9) ends where its element is isolated."""
    style = hostile.get("/static/style.css").text
    assert re.search(r"unicode-bidi:\s*isolate", style)
    assert OVERRIDE in hostile.page("/doc/ding/lang")


def test_a_hostile_name_in_a_query_is_only_a_name(built: Client) -> None:
    for iri in (
        "javascript:alert(1)",
        f"http://a/{LONG}",
        "http://a/\u202egnp",
        "data:text/html,x",
    ):
        query = f"SELECT (<{iri}> AS ?x) ('</script>{OVERRIDE}' AS ?y) {{}}"
        answer = built.get(f"/sparql?query={quote(query)}", BROWSER)
        assert answer.status_code == 200
        outline = Outline(answer.text)
        assert {urlsplit(one).scheme for one in outline.addresses} <= {"", "http", "https"}
        assert "</script>" + OVERRIDE not in answer.text
