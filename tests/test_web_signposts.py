"""A page says in its headers what to cite, what belongs to it and where the same is told as data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
import serving
from lxml import html
from serving import BROWSER, HOME, Client

from publish import release
from publish.dataset import Dataset
from publish.web import signposts

RAYS = "/doc/begriff/x-strahlen"


@pytest.fixture(scope="module")
def built(foreign: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("release") / "out"
    release.write(foreign, folder)
    with serving.client(foreign, folder) as client:
        yield client


def links(web: Client, path: str, accept: str = BROWSER) -> dict[str, list[str]]:
    """Give the targets of the header by relation."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    header = web.get(path, accept).headers["link"]
    for target, rel in re.findall(r'<([^>]*)>; rel="([^"]+)"', header):
        found[rel].append(target)
    return found


@pytest.mark.parametrize("path", ["/", "/dataset"])
def test_pages_about_the_data_set_follow_the_profile(built: Client, path: str) -> None:
    found = links(built, path)
    assert found["cite-as"] == ["https://example.org/strahlen/dataset"]
    assert set(found["type"]) == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    assert found["license"] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert found["author"] == ["https://example.org/strahlen/id/gesellschaft/herausgeber"]
    assert len(found["item"]) == len(release.MEDIA)
    assert found["linkset"] == [f"{HOME}/linkset"]
    for rel in ("item", "describedby", "linkset"):
        for target in found[rel]:
            assert built.get(target).status_code == 200, target


def test_a_page_about_a_thing_says_how_to_cite_it(built: Client) -> None:
    found = links(built, RAYS)
    assert found["cite-as"] == ["https://example.org/strahlen/id/begriff/x-strahlen"]
    assert found["type"] == ["https://schema.org/AboutPage"]
    assert found["collection"] == [f"{HOME}/"]
    assert found["describedby"] == [f"{HOME}{RAYS}.{end}" for end in ("ttl", "jsonld", "nt", "rdf")]
    assert found["canonical"] == [f"{HOME}{RAYS}"]


@pytest.mark.parametrize("path", ["/", "/dataset", RAYS])
def test_a_page_without_its_header_leads_as_far(built: Client, path: str) -> None:
    said, page = links(built, path), html.fromstring(built.page(path))
    for rel in ("cite-as", "type", "author", "license", "item", "collection"):
        found = page.xpath("//link[@rel=$rel]/@href", rel=rel)
        assert found == [one.removeprefix(HOME) for one in said[rel]], rel
    assert page.xpath("count(//link[@rel='item']/@type)") == len(said["item"])


def test_data_say_what_they_describe(built: Client) -> None:
    for end in ("ttl", "jsonld"):
        found = links(built, f"{RAYS}.{end}", "*/*")
        assert found["describes"] == [HOME + RAYS]
        assert "cite-as" not in found


@pytest.mark.parametrize("path", ["/dataset", RAYS])
def test_who_names_no_format_is_told_what_to_cite_too(built: Client, path: str) -> None:
    page, data = links(built, path), links(built, path, "*/*")
    assert data["describes"] == [HOME + path]
    for rel in ("cite-as", "author", "license", "item", "collection", "linkset"):
        assert data[rel] == page[rel], rel


def test_a_thing_of_others_is_not_cited_by_us(built: Client) -> None:
    found = links(built, "/describe?iri=https://creativecommons.org/publicdomain/zero/1.0/")
    assert "cite-as" not in found


def test_headers_hold_no_characters_that_they_cannot(built: Client) -> None:
    found = links(built, "/doc/ort/w%C3%BCrzburg")
    assert found["cite-as"] == ["https://example.org/strahlen/id/ort/w%C3%BCrzburg"]
    assert str(signposts.Link("item", "/Ω%20")) == '</%CE%A9%20>; rel="item"'


def test_below_a_path_of_a_proxy_links_stay_there(foreign: Dataset) -> None:
    with serving.client(foreign, base_url="https://data.example/below") as client:
        assert links(client, "/")["linkset"] == ["https://data.example/below/linkset"]
        anchors = [one["anchor"] for one in client.get("/linkset").json()["linkset"]]
        assert anchors[:2] == ["https://data.example/below/", "https://data.example/below/dataset"]
