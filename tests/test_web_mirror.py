"""The site as files: complete, the same as on a server, and written whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import accessibility
import pytest
import rdflib
import serving
from conftest import FOREIGN, Runner
from playwright.sync_api import Page, expect, sync_playwright

from publish import errors, portraits, release, settings, verification
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.facets import Browser
from publish.portraits.roles import Roles
from publish.records import Records
from publish.web import create_app, mirror
from publish.web.site import STATIC

HOME = "https://static.example/some/where"
PREFIX = urlsplit(HOME).path
LINK = re.compile(r'\s(?:href|src|action|data-index|data-answer)="([^"]*)"')
VNU = Path(__file__).parent.parent / "build/clients/node_modules/vnu-jar/build/dist/vnu.jar"
FOLDERS = ("browse", "graph", "describe", "cite/werk", "id/person")
"""Of whose pages one is as good as another."""
PLACES = (
    *("/", "/browse/", "/browse/person/", "/text/", "/questions/", "/pictures/", "/sparql/"),
    *("/ontology/", "/shapes/", "/dump/", "/help/", "/statistics/", "/changes/", "/404.html"),
)
"""The pages that there are once."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class Site(NamedTuple):
    dataset: Dataset
    folder: Path
    written: mirror.Written

    def file(self, address: str) -> Path:
        """Find the file that a host of files gives for an address below the site."""
        path = unquote(urlsplit(address).path).removeprefix(PREFIX).lstrip("/")
        found = self.folder / path
        return found / "index.html" if found.is_dir() or not path else found

    def page(self, address: str) -> str:
        return self.file(address).read_text(encoding="utf-8")


def export(data: Dataset, out: Path, built: release.Release | None = None, **how) -> mirror.Written:
    chosen = settings.read({}, {"base_url": HOME})
    app = create_app(
        data, serving.InProcess(data), chosen, built.root if built else None, served=False
    )
    return mirror.export(app, out, HOME, built, **how)


@pytest.fixture(scope="session")
def built(foreign: Dataset, tmp_path_factory: pytest.TempPathFactory) -> release.Release:
    return release.write(foreign, tmp_path_factory.mktemp("built") / "release")


@pytest.fixture(scope="session")
def strahlen(
    foreign: Dataset, built: release.Release, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    out = tmp_path_factory.mktemp("strahlen") / "site"
    return Site(foreign, out, export(foreign, out, built))


@pytest.fixture(scope="session")
def ksv(essay: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Site:
    # Without a release, whose files are only copied.
    out = tmp_path_factory.mktemp("ksv") / "site"
    return Site(essay, out, export(essay, out))


@pytest.fixture(scope="session", params=["ksv", "strahlen"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def server(foreign: Dataset, built: release.Release) -> Iterator[serving.Client]:
    with serving.client(foreign, built.root, base_url=HOME) as client:
        yield client


def pages(site: Site) -> Iterator[tuple[Path, str]]:
    for path in sorted(site.folder.rglob("*.html")):
        yield path, path.read_text(encoding="utf-8")


def test_every_link_leads_to_a_file(site: Site):
    lost, followed = set(), set()
    for path, text in pages(site):
        here = f"{HOME}/{path.relative_to(site.folder).as_posix()}".removesuffix("index.html")
        for link in set(LINK.findall(text)):
            there = urldefrag(urljoin(here, unescape(link))).url
            if there.startswith(HOME) and there not in followed:
                followed.add(there)
                if not site.file(there).is_file():
                    lost.add((there, here))
    assert not lost
    assert len(followed) > 100


def test_what_a_document_defines_is_read_within_its_page(site: Site):
    ids = {path: set(re.findall(r'\sid="([^"]*)"', text)) for path, text in pages(site)}
    followed = 0
    for path, text in pages(site):
        for link in set(LINK.findall(text)):
            place, _, fragment = unescape(link).partition("#")
            # What belongs to a saved question is told there in words.
            if fragment and place.startswith(PREFIX) and "/questions/" not in place:
                followed += 1
                # A browser looks for it as it is written, and then as it is meant (HTML, 7.4.6.4).
                assert ids[site.file(place)] & {fragment, unquote(fragment)}, (path, link)
    assert followed > 100
    base = site.dataset.base
    for path in site.folder.glob("describe/*/index.html"):
        told = re.search(r'<p class="address">.*?</p>', path.read_text(encoding="utf-8"))
        assert told is not None
        assert not re.search(f">{base}(ontology|shapes|links/[^#]*)#", told[0]), (
            "it is there already"
        )


def test_the_map_of_the_site_names_each_page_where_it_stands(site: Site):
    tree = ElementTree.parse(site.folder / "sitemap.xml")  # noqa: S314 - we wrote it
    named = [one.text or "" for one in tree.iter(LOCATION)]
    assert f"{HOME}/" in named
    for address in named:
        assert address.startswith(f"{HOME}/")
        assert address.endswith("/"), "a host would lead on from there"
        text = site.page(address)
        assert f'<link rel="canonical" href="{address}">' in text or ('rel="canonical"' not in text)
    things = [one for one in named if one.startswith(f"{HOME}/doc/")]
    space = site.dataset.base + "id/"
    subjects = Records(site.dataset).subjects()
    assert len(things) == len([iri for iri in subjects if iri.startswith(space)])


def test_documents_are_those_of_the_server(strahlen: Site, server: serving.Client):
    found = [*strahlen.folder.glob("doc/**/*.ttl"), *strahlen.folder.glob("doc/**/*.jsonld")]
    assert len(found) > 60
    for path in found:
        address = "/" + path.relative_to(strahlen.folder).as_posix()
        assert path.read_bytes() == server.get(address).content, address


def test_a_page_says_what_that_of_the_server_says(strahlen: Site, server: serving.Client):
    def words(text: str) -> list[str]:
        main = text[text.index("<main") : text.index("</main>")]
        # What asks a query, and the formats that only a server has, are not there.
        main = re.sub(r'<a class="asks".*?</a>| · <a[^>]*>(?:N-Triples|RDF/XML)</a>', "", main)
        main = re.sub(r'(?s)<div class="cite">.*?</div>', "", main)
        main = re.sub(r'(?s)<div class="facets".*?<div class="found">', "", main)
        return unescape(re.sub("<[^>]*>", " ", main)).split()

    for address in ("/doc/person/roentgen", "/doc/begriff/x-strahlen", "/browse/person"):
        assert words(strahlen.page(f"{address}/")) == words(server.page(address))


def test_blocks_close_up_and_words_stay_apart(strahlen: Site):
    text = strahlen.page("/doc/person/roentgen/")
    assert re.search(r"</li><li>", text)
    assert not re.search(r"</(?:li|div|section)>\s+<(?:li|section|dd)", text)
    # Between words of one line a space stays.
    assert re.search(r"</a> <", text)


def test_a_list_has_its_table_as_a_file(strahlen: Site, server: serving.Client):
    assert f'href="{PREFIX}/browse/person.csv"' in strahlen.page("/browse/person/")
    held = strahlen.file(f"{PREFIX}/browse/person.csv").read_bytes()
    assert held == server.get("/browse/person?format=csv").content


def test_the_address_of_a_thing_leads_on_to_its_page_and_its_data(strahlen: Site):
    text = strahlen.page("/id/person/roentgen")
    document = f"{PREFIX}/doc/person/roentgen"
    assert f'http-equiv="refresh" content="0; url={document}/"' in text
    assert f'<link rel="canonical" href="{HOME}/doc/person/roentgen/">' in text
    assert f'type="text/turtle" href="{document}.ttl"' in text
    assert f'type="application/ld+json" href="{document}.jsonld"' in text


def test_a_work_is_cited_from_files(strahlen: Site, server: serving.Client):
    text = strahlen.page("/doc/werk/ueber-eine-neue-art-von-strahlen/")
    for suffix in ("bib", "ris", "csl.json"):
        address = f"/doc/werk/ueber-eine-neue-art-von-strahlen.{suffix}"
        assert f'href="{PREFIX}{address}"' in text
        assert strahlen.file(PREFIX + address).read_bytes() == server.get(address).content
    assert "This record" in strahlen.page("/cite/werk/ueber-eine-neue-art-von-strahlen/")
    # What nobody would answer is not promised.
    assert "unapi" not in text
    assert ".mods" not in text


def test_every_other_record_is_cited_in_its_own_page(strahlen: Site, server: serving.Client):
    kinds = [*strahlen.folder.joinpath("doc").iterdir()]
    assert len(kinds) > 3
    for kind in kinds:
        name = first(kind)
        text = strahlen.page(f"/doc/{kind.name}/{name}/")
        styled = re.findall('<dd class="citation" lang="en">(.*?)</dd>', text)
        if f"/cite/{kind.name}/" in text:
            assert not styled, "a work has a page of its own for that"
            continue
        cited = server.page(f"/cite/{kind.name}/{name}")
        found = re.search('<dt>APA</dt><dd class="citation" lang="en">(.*?)</dd>', cited)
        assert found is not None
        assert styled == [found[1]]


def test_each_kind_of_page_is_valid_html(
    strahlen: Site, server: serving.Client, tmp_path: Path
) -> None:
    java = shutil.which("java")
    if java is None or not VNU.is_file():
        pytest.skip("no java, or no vnu in build/clients (npm), so HTML is not validated")
    kinds = (f"doc/{one.name}" for one in strahlen.folder.joinpath("doc").iterdir())
    folders = (of for of in FOLDERS if (strahlen.folder / of).is_dir())
    addresses = [
        *("", "browse", "text", "search", "questions", "pictures", "sparql", "dump/", "help"),
        *("statistics", "changes", "dataset", "ontology", "shapes"),
        *(f"{of}/{first(strahlen.folder / of)}" for of in (*sorted(kinds), *folders)),
    ]
    for number, address in enumerate(addresses):
        static = strahlen.page(f"{PREFIX}/{address}")
        tmp_path.joinpath(f"{number}-static.html").write_text(static, encoding="utf-8")
        if not address.startswith(("describe/", "id/")):
            live = server.get(f"/{address}", "text/html").text
            tmp_path.joinpath(f"{number}-live.html").write_text(live, encoding="utf-8")
    faulty = "<!doctype html><html lang=en><title>x</title><p id=a><p id=a>"
    tmp_path.joinpath("faulty.html").write_text(faulty, encoding="utf-8")
    files = sorted(map(str, tmp_path.iterdir()))
    command = [java, "-jar", str(VNU), "--format", "json", "--exit-zero-always", "--stdout"]
    told = subprocess.run([*command, *files], capture_output=True, check=True, encoding="utf-8")
    wrong = [one for one in json.loads(told.stdout)["messages"] if one["type"] == "error"]
    assert {Path(one["url"]).name for one in wrong} == {"faulty.html"}, wrong


def first(folder: Path) -> str:
    """Name the first of the pages in a folder."""
    return min(one.name for one in folder.iterdir() if (one / "index.html").is_file())


def test_what_changed_is_followed_from_file_to_file(ksv: Site):
    def read(address: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(ksv.file(address.removeprefix(HOME)).read_bytes())
        assert found["id"] == address
        return found

    log = read(f"{HOME}/changes.json")
    page, found = read(log["first"]["id"]), 0
    while True:
        found += len(page["orderedItems"])
        for one in page["orderedItems"]:
            address = one["object"]["url"]["href"]
            # What belongs to a saved question need not have a document of its own.
            if not address.startswith(f"{HOME}/questions"):
                assert ksv.file(address.removeprefix(HOME)).is_file(), address
        if "next" not in page:
            break
        page = read(page["next"]["id"])
    assert page["id"] == log["last"]["id"]
    assert found == log["totalItems"] > 1_000


def test_a_list_is_narrowed_by_the_values_that_a_server_offers(ksv: Site):
    browser = Browser(Catalogue(Records(ksv.dataset)))
    for kind in Records(ksv.dataset).kinds():
        told = json.loads(ksv.file(f"/browse/{kind.name}/values.json").read_bytes())
        offered = {
            (one["name"], v["name"]): v["things"] for one in told["facets"] for v in one["values"]
        }
        assert offered == {
            (facet.name, value.name): [
                n for n, iri in enumerate(kind.members) if iri in value.members
            ]
            for facet in browser.facets(kind)
            for value in facet.values
        }
        assert len(told["things"]) == len(kind.members)
        assert all(ksv.file(place).is_file() for _, place, *_ in told["things"])


def test_the_query_of_a_section_is_that_of_the_server(strahlen: Site):
    told = json.loads(strahlen.file("/offline.json").read_bytes())
    iri = f"{strahlen.dataset.base}id/person/roentgen"
    asked = portraits.queries(Roles(strahlen.dataset), iri)
    text = strahlen.page("/doc/person/roentgen/")
    sections = re.findall(r'href="[^"]*/sparql/\?section=(\w+)&amp;of=([^"]*)"', text)
    assert len(sections) > 1
    for name, of in sections:
        assert told["space"] + unquote(of) == iri
        assert told["sections"][name].replace(told["thing"], iri) == asked[name]


def test_dumps_stand_where_a_server_has_them(strahlen: Site):
    folder = strahlen.folder / "release" / "2.3.1"
    # The page about the version stands beside its files.
    assert [one.name for one in verification.verify(folder).faults] == ["index.html"]
    context = strahlen.folder / "context.jsonld"
    assert context.read_bytes() == (folder / "context.jsonld").read_bytes()
    assert strahlen.written.dumps == sum(one.stat().st_size for one in folder.iterdir())


def test_what_a_host_of_files_cannot_do_is_not_offered(site: Site):
    for path, text in pages(site):
        assert not re.search(
            rf"(?:{PREFIX}|{HOME})/(?:oai|reconcile|export/|openapi\.json|linkset)\b", text
        ), path
        assert '<form class="question"' not in text, path


def test_a_host_finds_what_it_looks_for(strahlen: Site):
    assert (strahlen.folder / ".nojekyll").is_file()
    missing = (strahlen.folder / "404.html").read_text(encoding="utf-8")
    assert f'href="{PREFIX}/static/style.css"' in missing
    assert f'href="{PREFIX}/browse/"' in missing
    assert f"Sitemap: {HOME}/sitemap.xml" in (strahlen.folder / "robots.txt").read_text()
    assert "Disallow: /" not in (strahlen.folder / "robots.txt").read_text()


def test_pages_let_nothing_in_from_elsewhere(strahlen: Site):
    for _, text in pages(strahlen):
        if 'http-equiv="refresh"' not in text:
            assert 'http-equiv="Content-Security-Policy" content="default-src \'self\'' in text


def test_the_same_data_give_the_same_bytes(strahlen: Site, built: release.Release, tmp_path: Path):
    export(strahlen.dataset, tmp_path / "again", built)
    for path in strahlen.folder.rglob("*"):
        if path.is_file():
            again = tmp_path / "again" / path.relative_to(strahlen.folder)
            assert path.read_bytes() == again.read_bytes(), path
    assert len([*strahlen.folder.rglob("*")]) == len([*(tmp_path / "again").rglob("*")])


def test_an_export_that_is_stopped_leaves_what_was_there(foreign: Dataset, tmp_path: Path):
    out = tmp_path / "site"
    out.mkdir()
    (out / mirror.MARK).write_text("an earlier one")

    def stop(done: int, total: int) -> None:
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(foreign, out, progress=stop)
    assert [path.name for path in tmp_path.rglob("*")] == ["site", mirror.MARK]


def test_an_answer_that_fails_is_no_page_to_leave_out(tmp_path: Path):
    async def application(scope, receive, send) -> None:
        fails = scope["path"] == "/slow"
        body = (
            b"" if fails else b'<!doctype html><html><body><a href="/slow">more</a></body></html>'
        )
        headers = [(b"content-type", b"text/html")]
        start = {"type": "http.response.start", "headers": headers}
        await send({**start, "status": 503 if fails else 200})
        await send({"type": "http.response.body", "body": body})

    with pytest.raises(errors.OutputError, match=r"`/slow` gave 503; if a query"):
        mirror.export(application, tmp_path / "out", "http://127.0.0.1:8000")
    assert not list(tmp_path.glob("out*"))


def test_what_is_no_export_is_not_lost(foreign: Dataset, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(errors.OutputError, match="something else than an earlier export"):
        export(foreign, tmp_path)
    with pytest.raises(errors.OutputError, match="is a file"):
        export(foreign, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/doc/person/x", "/doc/person/x"),
        ("/browse/person?page=2", "/browse/person/page-2"),
        ("/browse/person?page=1", "/browse/person"),
        ("/questions?format=csv", "/questions.csv"),
        ("/doc/../../x", ""),
        ("/doc/%2e%2e/%2e%2e/x", ""),
        ("/doc/x%00", ""),
        ("/doc/" + "x" * 300, ""),
        ("/questions?format=../../x", ""),
        ("/sparql?query=ASK%20%7B%7D", ""),
        ("/browse/person?century=19", ""),
    ],
)
def test_an_address_has_one_file_or_none(address: str, place: str):
    assert mirror.place_of(address) == place


def test_descriptions_of_what_others_name_are_told_apart():
    one, other = (
        mirror.place_of(f"/describe?iri=http%3A%2F%2Fa.example%2F{x}") for x in ["#x", "/x"]
    )
    assert one != other
    assert all(place.startswith("/describe/x-") for place in (one, other))


def test_the_search_of_the_browser_knows_all_names(strahlen: Site):
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so the site has no search")
    told = json.loads((strahlen.folder / "search" / "names.json").read_text(encoding="utf-8"))
    assert told["kinds"]["person"] == ["person"]
    found = {one["iri"]: one for one in told["things"]}
    roentgen = found[f"{strahlen.dataset.base}id/person/roentgen"]
    assert roentgen["label"] == "Wilhelm Conrad Röntgen"
    assert "Βίλχελμ Ρέντγκεν" in roentgen["names"]
    assert all(strahlen.file(PREFIX + one["place"]).is_file() for one in found.values())


@pytest.mark.parametrize("width", [1280, 390])
def test_every_kind_of_page_among_files_is_open_to_everybody(
    strahlen: Site, tmp_path: Path, width: int
):
    if accessibility.MISSING:
        pytest.skip(accessibility.MISSING)
    kinds = [kind for kind in strahlen.folder.joinpath("doc").iterdir() if kind.is_dir()]
    things = [f"/doc/{kind.name}/{first(kind)}/" for kind in kinds]
    asked = [f"/questions/{first(strahlen.folder / 'questions')}/", "/search/?q=rontgem"]
    with walked(strahlen, tmp_path) as (page, said):
        page.set_viewport_size({"width": width, "height": 800})
        for address in (*PLACES, *asked, *things):
            page.goto(PREFIX + address)
            page.wait_for_load_state("networkidle")
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{address} is {over} pixels wider than its window"
            told = accessibility.violations(page)
            assert not told, f"{address}: {told}"
        assert said == []


def test_a_site_of_files_is_walked_in_a_browser_from_the_start_page_to_a_query(
    strahlen: Site, tmp_path: Path
):
    with walked(strahlen, tmp_path) as (page, said):
        page.goto(f"{PREFIX}/")
        page.get_by_role("link", name="Wilhelm Conrad Röntgen").click()
        expect(page.locator("h1")).to_have_text("Wilhelm Conrad Röntgen")
        page.goto(f"{PREFIX}/id/person/hertz")
        page.wait_for_url(f"**{PREFIX}/doc/person/hertz/")
        page.locator("a.asks").first.click()
        expect(page.locator("#result td").first).to_be_visible()
        page.goto(f"{PREFIX}/sparql/")
        asked(page, "SELECT (COUNT(*) AS ?people) { ?who a foaf:Person }")
        expect(page.locator("#result td")).to_have_text(
            str(serving.counts(strahlen.dataset, ["SELECT ?x { ?x a foaf:Person }"])[0])
        )
        asked(page, "SELECT * { ?who a nothing:Person }")
        expect(page.locator("#result [role=alert]")).to_contain_text(
            "Line 1, column 33: its prefix"
        )
        page.goto(f"{PREFIX}/search/?q=rontgem")
        expect(page.locator("ol.hits li").first).to_contain_text("Röntgen")
        assert said == []


def test_the_search_among_files_is_narrowed_by_kind_as_that_of_a_server(
    strahlen: Site, server: serving.Client, tmp_path: Path
):
    asked = "/search?q=r%C3%B6ntgen&kind=person"
    people = [one["label"] for one in server.get(f"{asked}&format=json").json()["results"]]
    with walked(strahlen, tmp_path) as (page, said):
        page.goto(f"{PREFIX}/search/?q=röntgen")
        narrow = page.get_by_role("navigation", name="Narrow the list")
        whole = page.locator("ol.hits li").count()
        assert whole > len(people)
        narrow.get_by_role("link", name="person").focus()
        page.keyboard.press("Enter")
        expect(page.locator("ol.hits li a")).to_have_text(people)
        expect(narrow.locator("a.chosen")).to_be_focused()
        assert page.url.endswith(f"{PREFIX}/search/?q=r%C3%B6ntgen&kind=person")
        page.goto(f"{PREFIX}{asked}")  # as a server has it
        expect(page.locator("ol.hits li a")).to_have_text(people)
        page.keyboard.press("Tab")
        narrow.locator("a.chosen").click()
        expect(page.locator("ol.hits li")).to_have_count(whole)
        assert said == []


def test_among_files_the_page_of_a_thing_asks_what_it_has_to_do_with_another(
    strahlen: Site, tmp_path: Path
):
    with walked(strahlen, tmp_path) as (page, said):
        page.goto(f"{PREFIX}/doc/person/hertz/")
        page.get_by_label("Connections with").fill("Lenard")
        page.keyboard.press("Enter")
        expect(page.locator("#result tbody tr")).to_have_count(1)
        expect(page.locator("#result tbody td").first).to_contain_text("11")
        expect(page.get_by_label("other", exact=True)).to_have_value("person:lenard")
        assert said == []


def test_scripts_narrow_lists_and_write_the_formats_that_have_no_file(
    strahlen: Site, server: serving.Client, tmp_path: Path
):
    browser = Browser(Catalogue(Records(strahlen.dataset)))
    kind, facet = next(
        (kind, facet)
        for kind in Records(strahlen.dataset).kinds()
        for facet in browser.facets(kind)
    )
    value = facet.values[0]
    meant = rdflib.Graph().parse(data=server.get("/doc/person/roentgen.nt").text)
    with walked(strahlen, tmp_path) as (page, said):
        page.goto(f"{PREFIX}/browse/{kind.name}/")
        whole = page.locator(".found li").count()
        page.locator(f'[data-facet="{facet.name}"] a', has_text=value.label.value).first.click()
        expect(page.locator(".found li")).to_have_count(len(value.members))
        expect(page.locator(".found [role=status]")).to_contain_text(
            f"{len(value.members)} of {len(kind.members)}"
        )
        page.reload()  # the choice stands in the address
        expect(page.locator(".found li")).to_have_count(len(value.members))
        page.locator("a.chosen").click()
        expect(page.locator(".found li")).to_have_count(whole)
        page.goto(f"{PREFIX}/doc/person/roentgen/")
        for name, suffix, form in [("N-Triples", "nt", "nt"), ("RDF/XML", "rdf", "xml")]:
            with page.expect_download() as download:
                page.get_by_role("button", name=name).click()
            assert download.value.suggested_filename == f"roentgen.{suffix}"
            made = rdflib.Graph().parse(download.value.path(), format=form)
            assert set(made) == set(meant)
        assert said == []


def asked(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)
    page.get_by_role("button", name="Ask", exact=True).click()


@contextlib.contextmanager
def walked(site: Site, tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    """Open a browser on a site that stands below a path of its host."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed, so the site is not walked in a browser")
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so the site has none to run")
    where = tmp_path / PREFIX.strip("/")
    where.parent.mkdir(parents=True)
    where.symlink_to(site.folder, target_is_directory=True)
    with hosted(tmp_path) as address, watched(address) as opened:
        yield opened


@contextlib.contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Give the files of a folder as `python -m http.server` does."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    ) as host:
        running = threading.Thread(target=host.serve_forever)
        running.start()
        try:
            yield f"http://127.0.0.1:{host.server_port}"
        finally:
            host.shutdown()
            running.join()


@contextlib.contextmanager
def watched(address: str) -> Iterator[tuple[Page, list[str]]]:
    """Open a browser; note what goes wrong in it, and what is asked elsewhere."""
    expect.set_options(timeout=60_000)
    with sync_playwright() as driver:
        # Chromium has no sandbox for root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(base_url=address)
        page.set_default_timeout(60_000)
        said: list[str] = []
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("response", lambda one: said.append(one.url) if one.status >= 400 else None)
        page.on(
            "request",
            lambda one: said.append(one.url) if not one.url.startswith(address) else None,
        )
        yield page, said
        browser.close()


def test_the_command_writes_a_site_again_in_its_place(run: Runner, tmp_path: Path):
    out = tmp_path / "out"
    for _ in range(2):
        done = run("export", out, FOREIGN, "--base-url", HOME)
        assert done.returncode == 0, done.stderr
        assert f"to stand at {HOME}/" in done.stdout
    assert (out / "doc" / "person" / "roentgen" / "index.html").is_file()
    wrong = run("export", tmp_path, FOREIGN)
    assert wrong.returncode == 3
    assert "earlier export" in wrong.stderr
