"""Behind nginx, with https and below a path: whatever leads on stays on the public address."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
import serving
from conftest import FOREIGN

CONFIG = Path(__file__).parent.parent / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
HOST = "data.example.org"
PATHS = (
    *("/", "/browse", "/browse/person", "/search?q=strahlen", "/questions", "/statistics", "/help"),
    *("/sparql", "/dump/", "/dataset", "/export/", "/doc/person/roentgen", "/changes"),
    *("/changes/page/1", "/ontology", "/release/2.3.1/", "/doc/ort/w%C3%BCrzburg"),
)
DOCUMENTS = (
    *("/sitemap.xml", "/robots.txt", "/changes.atom", "/changes.json", "/changes/page/1"),
    *("/linkset", "/.well-known/api-catalog", "/dataset.ttl", "/openapi.json", "/health"),
    *("/oai?verb=Identify", "/doc/person/roentgen.jsonld", "/sparql?format=ttl", "/nowhere"),
)


@dataclass
class Proxy:
    """nginx before a server: the public address, and a client that knows the certificate."""

    home: str
    behind: str
    client: httpx.Client

    def get(self, path: str, accept: str = "*/*") -> httpx.Response:
        address = path if path.startswith("https://") else self.home + path
        return self.client.get(address, headers={"Accept": accept})


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed (Debian: nginx-light, openssl)")
    folder = tmp_path_factory.mktemp("nginx")
    crt, key = folder / "host.crt", folder / "host.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={HOST}", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(crt)),
        ],
        check=True,
        capture_output=True,
    )
    port = serving.free_port()
    home = f"https://127.0.0.1:{port}/essay"
    environ = {"FOLKMOTE_BASE_URL": home, "FOLKMOTE_TRUSTED_PROXIES": "127.0.0.1"}
    with serving.server(FOREIGN, environ) as behind:
        config = CONFIG.read_text(encoding="utf-8")
        for old, new in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/nginx/data.example.org.crt", str(crt)),
            ("/etc/nginx/data.example.org.key", str(key)),
            ("http://127.0.0.1:8000", behind),
        ):
            assert old in config
            config = config.replace(old, new)
        with _nginx(folder, config), httpx.Client(verify=_trusting(crt), timeout=60) as client:
            _await(client, f"{home}/health")
            yield Proxy(home, behind, client)


def _trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


class _nginx:  # noqa: N801 (used as a function)
    """Runs nginx in the foreground, all its files in one folder."""

    def __init__(self, folder: Path, config: str) -> None:
        places = "".join(
            f"{one}_temp_path {folder / one};\n"
            for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        text = (
            f"daemon off;\nmaster_process off;\npid {folder / 'pid'};\nerror_log stderr;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{places}{config}\n}}\n"
        )
        self._file = folder / "nginx.conf"
        self._file.write_text(text, encoding="utf-8")

    def __enter__(self) -> None:
        self._started = subprocess.Popen(
            [str(NGINX), "-c", str(self._file), "-e", "stderr"], stderr=subprocess.DEVNULL
        )

    def __exit__(self, *_: object) -> None:
        self._started.terminate()
        self._started.wait(timeout=60)


def _await(client: httpx.Client, address: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            assert client.get(address).status_code == 200
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {address}")


class Links(HTMLParser):
    """Gives the addresses that a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        for name in ("href", "src", "action"):
            if value := named.get(name):
                self.found.append(value)


def leads(proxy: Proxy, answer: httpx.Response) -> set[str]:
    """Give the addresses of this host that an answer names in its headers and its body."""
    found = set(re.findall(r"<([^>]*)>; rel=", answer.headers.get("link", "")))
    found |= {
        answer.headers[name] for name in ("location", "content-location") if name in answer.headers
    }
    media = answer.headers.get("content-type", "")
    if media.startswith("text/html"):
        found |= set(Links(answer.text).found)
    found |= set(re.findall(r"https?://127\.0\.0\.1[^\s\"'<>&,)]*", answer.text))
    whole = {urljoin(str(answer.url), one) for one in found}
    return {one for one in whole if urlsplit(one).hostname in ("127.0.0.1", HOST)}


@pytest.mark.parametrize("path", PATHS)
def test_every_page_leads_only_to_the_public_address(proxy: Proxy, path: str) -> None:
    answer = proxy.get(path, serving.BROWSER)
    assert answer.status_code == 200
    found = leads(proxy, answer)
    assert found
    assert all(f"{one}/".startswith(f"{proxy.home}/") for one in found), found
    assert proxy.behind not in answer.text


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_document_names_only_the_public_address(proxy: Proxy, path: str) -> None:
    answer = proxy.get(path)
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    found = leads(proxy, answer)
    assert all(f"{one}/".startswith(f"{proxy.home}/") for one in found), found
    assert proxy.behind.removeprefix("http://") not in answer.text


@pytest.mark.parametrize("path", ["/", "/dump/", "/changes", "/doc/person/roentgen"])
def test_what_a_page_leads_to_is_there(proxy: Proxy, path: str) -> None:
    found = leads(proxy, proxy.get(path, serving.BROWSER))
    assert found
    for address in sorted(found):
        answer = proxy.client.get(
            address, headers={"Accept": serving.BROWSER, "Range": "bytes=0-9"}
        )
        assert answer.status_code in (200, 206, 302, 303, 307), address


@pytest.mark.parametrize(
    "path",
    [
        *("/id/person/roentgen", "/id/ort/w%C3%BCrzburg", "/dump/strahlen.nt", "/browse/"),
        *("/context.jsonld", "/.well-known/void", "/changes/1", "/release/latest/strahlen.nt"),
    ],
)
def test_every_redirect_stays_below_the_path_and_arrives(proxy: Proxy, path: str) -> None:
    answer = proxy.get(path, serving.BROWSER)
    assert answer.is_redirect
    target = urljoin(str(answer.url), answer.headers["location"])
    assert target.startswith(f"{proxy.home}/")
    assert proxy.get(target, serving.BROWSER).status_code in (200, 303)


def test_who_knows_only_the_host_finds_the_description(proxy: Proxy) -> None:
    root = proxy.home.removesuffix("/essay")
    for name in ("void", "api-catalog"):
        answer = proxy.client.get(f"{root}/.well-known/{name}", follow_redirects=True)
        assert answer.status_code == 200
        assert str(answer.url).startswith(f"{proxy.home}/")
    assert proxy.client.get(proxy.home).headers["location"].endswith("/essay/")


def test_the_log_can_be_followed_from_outside(proxy: Proxy) -> None:
    told = proxy.get("/changes", "application/activity+json").json()
    link, count = told["first"], 0
    while link:
        assert link["id"].startswith(f"{proxy.home}/changes/page/")
        page = proxy.get(link["id"], "application/activity+json").json()
        count += len(page["orderedItems"])
        for one in page["orderedItems"]:
            assert one["object"]["url"]["href"].startswith(f"{proxy.home}/")
        link = page.get("next")
    assert count == told["totalItems"]


def test_questions_pass_as_they_are_asked(proxy: Proxy) -> None:
    query = "ASK { FILTER('a/b%2F+ü' = 'a/b%2F+ü') }"
    asked = proxy.get(f"/sparql?query={quote(query, safe='')}", "application/sparql-results+json")
    assert asked.json()["boolean"] is True
    posted = proxy.client.post(f"{proxy.home}/sparql", data={"query": query})
    assert posted.json()["boolean"] is True
    assert json.loads(proxy.get("/openapi.json").text)["servers"] == [{"url": proxy.home}]
    lost = proxy.get("/doc/person%2Fnobody", "application/problem+json")
    assert lost.json()["type"] == f"{proxy.home}/help#not-found"
    assert "`/person%2Fnobody`" in lost.json()["detail"]
