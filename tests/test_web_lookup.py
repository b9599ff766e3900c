"""`/label/…` and `/suggest2`, as catalogues ask for them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import serving
from serving import BROWSER, Client, assert_problem

from publish.dataset import Dataset

SPACE = "https://w3id.org/ksv/id/"


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


def label(web: Client, text: str, accept: str = "*/*") -> serving.httpx.Response:
    return web.get(f"/label/{quote(text, safe='')}", accept)


def test_a_known_label_leads_to_its_thing(web: Client) -> None:
    answer = label(web, "kropotkin, peter")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/id/person/kropotkin-peter"
    assert answer.headers["x-uri"] == f"{SPACE}person/kropotkin-peter"
    assert answer.headers["x-preflabel"] == "Peter Kropotkin"
    assert "X-PrefLabel, X-URI" in answer.headers["access-control-expose-headers"]
    head = web.request("HEAD", "/label/Peter%20Kropotkin")
    assert (head.status_code, head.headers["x-uri"]) == (302, answer.headers["x-uri"])


def test_a_label_beyond_ascii_is_encoded_in_its_header(foreign: Dataset) -> None:
    with serving.client(foreign) as other:
        answer = label(other, "Rontgen, Wilhelm Conrad")
    assert answer.headers["x-preflabel"] == "Wilhelm%20Conrad%20R%C3%B6ntgen"
    assert answer.headers["x-preflabel-encoded"] == answer.headers["x-preflabel"]


def test_several_are_to_be_chosen_from(web: Client) -> None:
    answer = label(web, "James")
    assert answer.status_code == 300
    iris = [one["uri"] for one in answer.json()["choices"]]
    assert iris == [f"{SPACE}persona/james-{year}" for year in (1958, 1963, 1972)]
    page = label(web, "James", BROWSER)
    assert page.status_code == 300
    assert '<a href="/id/persona/james-1963">' in page.text


def test_near_ones_are_told_where_nothing_is_called_so(web: Client) -> None:
    said = assert_problem(label(web, "Kroptkin, Peter"), 404)
    assert said["suggestions"][0]["uri"] == f"{SPACE}person/kropotkin-peter"
    page = label(web, "Kroptkin, Peter <b>", BROWSER)
    assert page.status_code == 404
    assert '<a href="/id/person/kropotkin-peter">' in page.text
    assert "<b>" not in page.text
    assert assert_problem(label(web, "x/y?z"), 404)["suggestions"] == []
    assert_problem(label(web, "x" * 501), 400)
    assert_problem(web.get("/label/James?type=a:Dragon"), 400)


def test_headings_are_suggested(web: Client) -> None:
    said = web.get("/suggest2?q=kropotkin,%20p&rdftype=PersonalName").json()
    assert said["searchtype"] == "left-anchored"
    (hit,) = said["hits"]
    assert hit["uri"] == f"{SPACE}person/kropotkin-peter"
    assert hit["aLabel"] == hit["suggestLabel"] == "Kropotkin, Peter, 1842-1921"
    see = web.get("/suggest2/?q=Peter%20Kropotkin&rdftype=PersonalName").json()["hits"]
    assert [one["suggestLabel"] for one in see] == [
        "Peter Kropotkin (USE Kropotkin, Peter, 1842-1921)"
    ]
    words = web.get("/suggest2?q=kropotkin&searchtype=keyword&count=2").json()
    more = web.get("/suggest2?q=kropotkin&searchtype=keyword&count=2&offset=1").json()
    assert words["count"] == more["count"] > 3
    assert words["hits"][1] == more["hits"][0]
    assert_problem(web.get("/suggest2?q=a&searchtype=guess"), 400)
    assert_problem(web.get("/suggest2"), 400)
