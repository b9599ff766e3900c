"""`/search`, for readers and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import serving
from serving import Client, assert_problem

from publish.dataset import Dataset

LENARD = "https://example.org/strahlen/id/person/lenard"


@pytest.fixture(scope="module")
def web(foreign: Dataset) -> Iterator[Client]:
    with serving.client(foreign, page_size=2) as client:
        yield client


def test_a_reader_gets_a_form_and_then_links(web: Client) -> None:
    assert 'role="search"' in web.page("/search")
    assert 'action="/search"' in web.page("/")
    page = web.page("/search?q=lenard")
    assert '<a href="/id/person/lenard">' in page
    assert 'value="lenard"' in page
    assert '>Lenard</span></a> <span class="note">person</span>' in page, "what it is, in a word"
    assert "Nothing is called so" in web.page("/search?q=nobodyatall")


def test_what_is_found_is_narrowed_by_kind(essay_web: Client) -> None:
    page = essay_web.page("/search?q=kropotkin")
    kinds = re.findall(
        r'href="/search\?q=kropotkin&amp;kind=([\w-]+)">[^<]+</a> <[^>]+>(\d+)<', page
    )
    # What is found first is of the kind that is offered first.
    assert kinds[0] == ("person", "1")
    for kind, many in kinds:
        found = essay_web.get(f"/search?q=kropotkin&kind={kind}&format=json").json()
        assert found["total"] == int(many) == found["kinds"][kind]
        assert all(f"/id/{kind}/" in one["iri"] for one in found["results"])
    following = essay_web.get("/search?q=in&kind=mention&format=json").headers["link"]
    assert "q=in&kind=mention&page=2" in following
    one = essay_web.page("/search?q=kropotkin&kind=event")
    assert 'class="chosen" rel="nofollow" href="/search?q=kropotkin"' in one


def test_a_slip_is_told_to_the_reader(web: Client) -> None:
    page = web.page("/search?q=Lenrad")
    assert "Looked for instead: <q>lenard</q>" in page
    assert '<a href="/id/person/lenard">' in page


def test_a_program_gets_json(web: Client) -> None:
    answer = web.get("/search?q=lenard", "application/json")
    assert answer.headers["content-type"] == "application/json"
    assert "Accept" in answer.headers["vary"].split(", ")
    assert "etag" in answer.headers
    said = answer.json()
    assert (said["query"], said["complete"]) == ("lenard", True)
    hit = next(one for one in said["results"] if one["iri"] == LENARD)
    assert (hit["label"], hit["score"]) == ("Lenard", 1)
    assert hit["match"]["text"] == "Lenard"
    assert web.get("/search?q=lenard&format=json", serving.BROWSER).json() == said


def test_pages_follow_each_other(web: Client) -> None:
    first = web.get("/search?q=r", "application/json")
    total = first.json()["total"]
    assert total > 4
    assert first.headers["link"] == f'<{serving.HOME}/search?q=r&page=2>; rel="next"'
    found, path = [], "/search?q=r&page=1"
    for number in range(1, -(-total // 2) + 1):
        path = f"/search?q=r&page={number}"
        found += [hit["iri"] for hit in web.get(path, "application/json").json()["results"]]
    assert len(found) == len(set(found)) == total
    assert 'rel="next"' not in web.get(path, "application/json").headers["link"]
    assert 'rel="next" href="/search?q=r&amp;page=2"' in web.page("/search?q=r")


def test_what_cannot_be_is_refused(web: Client) -> None:
    assert_problem(web.get(f"/search?q={'x' * 201}"), 400)
    assert_problem(web.get("/search?q=a&page=0"), 400)
    assert_problem(web.get("/search?q=a", "text/turtle"), 406)


def test_nothing_that_is_asked_or_found_becomes_markup(tmp_path: Path) -> None:
    data = serving.bare(
        tmp_path, '<http://a/b> <http://www.w3.org/2000/01/rdf-schema#label> "<script>x</script>" .'
    )
    with serving.client(data) as client:
        page = client.page("/search?q=%3Cscript%3E")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_names_are_suggested_as_browsers_know_them(web: Client) -> None:
    answer = web.get("/suggest?q=rönt")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    text, names, kinds, places = answer.json()
    assert text == "rönt"
    assert len(names) == len(kinds) == len(places) > 0
    assert len(names) == len(set(names))
    assert places[0] == serving.HOME + "/doc/person/roentgen"
    assert web.get(places[0].removeprefix(serving.HOME)).status_code == 200
    assert web.get("/suggest?q=Lenrad").json()[1]
    assert web.get("/suggest?q=").json() == ["", [], [], []]
    assert_problem(web.get(f"/suggest?q={'x' * 300}"), 400)


def test_a_browser_learns_how_to_search_here(web: Client) -> None:
    page = web.page("/")
    assert 'rel="search" type="application/opensearchdescription+xml"' in page
    tree = ElementTree.fromstring(web.get("/opensearch.xml").content)  # noqa: S314 (ours)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert tree.tag == f"{space}OpenSearchDescription"
    assert 0 < len(tree.findtext(f"{space}ShortName") or "") <= 16
    urls = {str(url.get("type")): str(url.get("template")) for url in tree.iter(f"{space}Url")}
    for media in ("text/html", "application/x-suggestions+json"):
        address = urls[media].replace("{searchTerms}", "lenard").removeprefix(serving.HOME)
        assert web.get(address).status_code == 200


def test_the_script_that_suggests_is_ours_and_pages_work_without_it(web: Client) -> None:
    answer = web.get("/static/search.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert 'data-suggest="/suggest"' in web.page("/help")
