"""What is retired: its address leads on or says that it is gone, and its data stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import serving
from conftest import copy_of
from serving import BROWSER, Client

from publish import dataset, inference

BASE = "https://example.org/garden/"
RETIRED = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix thing: <{BASE}id/thing/> .

thing:merged
  rdfs:label "Merged"@en ;
  dcterms:isReplacedBy thing:kept ;
  owl:deprecated true .

thing:split
  rdfs:label "Split"@en ;
  dcterms:isReplacedBy thing:kept ;
  dcterms:isReplacedBy thing:other ;
  owl:deprecated true .

thing:gone
  rdfs:label "Gone"@en ;
  owl:deprecated true .

thing:moved
  rdfs:label "Moved"@en ;
  dcterms:isReplacedBy <http://example.com/elsewhere> ;
  owl:deprecated true .

thing:kept
  rdfs:label "Kept"@en ;
  owl:deprecated false .

thing:other
  rdfs:label "Other"@en .
"""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = copy_of("sound", tmp_path_factory.mktemp("retired") / "folder")
    (folder / "data" / "text" / "retired.ttl").write_text(RETIRED, encoding="utf-8")
    with serving.client(inference.infer(dataset.load(folder))) as client:
        yield client


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_what_one_thing_replaced_leads_there(web: Client, accept: str) -> None:
    answer = web.get("/id/thing/merged", accept)
    assert (answer.status_code, answer.headers["location"]) == (301, "/id/thing/kept")
    assert web.get("/id/thing/merged.ttl").headers["location"] == "/id/thing/kept.ttl"
    assert web.get("/id/thing/kept", accept).status_code == 303


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone", ["Nothing has taken its place"]),
        ("split", ["/id/thing/kept", "/id/thing/other"]),
        ("merged", ["/id/thing/kept"]),
        ("moved", ["http://example.com/elsewhere"]),
    ],
)
def test_the_page_of_a_retired_thing_says_that_it_is_gone(
    web: Client, name: str, said: list[str]
) -> None:
    if name != "merged":
        assert web.get(f"/id/thing/{name}", BROWSER).status_code == 303
    answer = web.get(f"/doc/thing/{name}", BROWSER)
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Retired" in answer.text
    assert re.search(r"\. What was said of it can still be had", answer.text)
    for one in said:
        assert one in answer.text


@pytest.mark.parametrize("name", ["gone", "split", "merged", "moved"])
def test_the_data_of_a_retired_thing_can_still_be_had(web: Client, name: str) -> None:
    for answer in (web.get(f"/doc/thing/{name}", "text/turtle"), web.get(f"/doc/thing/{name}.ttl")):
        assert answer.status_code == 200
        assert "owl:deprecated true" in answer.text


def test_other_pages_say_nothing_of_it(web: Client) -> None:
    for name in ("kept", "other"):
        assert "Retired" not in web.page(f"/doc/thing/{name}")
