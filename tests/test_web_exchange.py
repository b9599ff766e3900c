"""Records in other formats over HTTP: by suffix, media type and profile, one by one and all."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pymarc
import pytest
import serving
from conftest import FOREIGN
from lxml import etree
from serving import BROWSER, Client, assert_problem

from publish import dataset
from publish import namespaces as ns
from publish.dataset import Dataset

EDITION = "/doc/edition/negri-archaeology-in-1988"
PERSON = "/doc/person/kropotkin-peter"
ROENTGEN = "/doc/person/roentgen"
BIBFRAME = "http://id.loc.gov/ontologies/bibframe/"


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


@pytest.fixture(scope="module")
def other(foreign: Dataset) -> Iterator[Client]:
    with serving.client(foreign) as client:
        yield client


def test_places_are_had_as_linked_places(web: Client) -> None:
    one = web.get("/doc/place/moscow", accept="application/geo+json")
    assert one.headers["content-type"] == "application/geo+json"
    (feature,) = one.json()["features"]
    assert feature["properties"] == {"title": "Moscow"}
    every = web.get("/export/lpf.geojson").json()["features"]
    assert len(every) > 50
    assert feature in every


@pytest.mark.parametrize("slug", ["a%20b", "m%C3%BCller", "w\u00fcrzburg"])
def test_a_thing_has_its_records_however_its_name_is_written(tmp_path: Path, slug: str) -> None:
    shutil.copytree(FOREIGN, tmp_path / "data-set")
    person = f"<https://example.org/strahlen/id/person/{slug}>"
    text = f'{person} a <http://xmlns.com/foaf/0.1/Person> ; <{ns.RDFS}label> "Wer" .\n'
    (tmp_path / "data-set" / "data" / "text" / "mehr.ttl").write_text(text, encoding="utf-8")
    with serving.client(dataset.load(tmp_path / "data-set")) as client:
        place = f"person/{quote(slug, '%')}"
        assert "Wer" in client.page(f"/cite/{place}")
        record = client.get(f"/doc/{place}?profile=madsrdf", "text/turtle")
        assert record.status_code == 200
        assert "Wer" in record.text


@pytest.mark.parametrize(
    ("suffix", "media"),
    [
        ("mrc", "application/marc"),
        ("marcxml", "application/marcxml+xml"),
        ("mods", "application/mods+xml"),
        ("dc.xml", "application/xml"),
    ],
)
def test_a_record_is_had_by_suffix(web: Client, suffix: str, media: str) -> None:
    answer = web.get(f"{EDITION}.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert answer.headers["content-location"] == f"{EDITION}.{suffix}"
    assert 'rel="profile"' in answer.headers["link"]
    assert b"Archaeology and Project" in answer.content


def test_a_record_leads_to_all_others_that_there_are(web: Client) -> None:
    for path in (f"{EDITION}.mods", f"{PERSON}.marcxml"):
        link = web.get(path).headers["link"]
        places = re.findall(r'<([^>]*)>; rel="alternate"', link)
        assert len(places) > 2
        for place in places:
            assert web.get(place).status_code == 200, place


@pytest.mark.parametrize("media", ["application/marcxml+xml", "application/mods+xml"])
def test_a_record_is_had_by_media_type(web: Client, media: str) -> None:
    answer = web.get(EDITION, f"{media}, text/html;q=0.5")
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]
    etree.fromstring(answer.content)


def test_a_request_that_likes_other_formats_better_gets_those(web: Client) -> None:
    turtle = web.get(EDITION, "text/turtle, application/marcxml+xml;q=0.5")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    page = web.get(EDITION, BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    xml = web.get(EDITION, "application/xml")
    assert xml.headers["content-type"] == "application/rdf+xml"


def test_a_record_is_had_by_profile_in_each_rdf_format(web: Client) -> None:
    named = web.get(f"{EDITION}?profile=bibframe", "text/turtle")
    assert named.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "bf:Instance" in named.text
    by_iri = web.get(f"{EDITION}?_profile={BIBFRAME}", "text/turtle")
    assert by_iri.text == named.text
    suffixed = web.get(f"{EDITION}.jsonld?profile=bibframe")
    assert suffixed.headers["content-type"] == "application/ld+json"
    browser = web.get(f"{EDITION}?profile=bibframe", BROWSER)
    assert browser.headers["content-type"].startswith("text/turtle")


def test_a_header_names_the_profile_and_is_not_mixed_up_with_others(web: Client) -> None:
    plain = web.get(PERSON, "text/turtle")
    mads = web.get(PERSON, "text/turtle", Accept_Profile="<http://www.loc.gov/mads/rdf/v1#>")
    crm = web.get(
        PERSON,
        "text/turtle",
        Accept_Profile=f"<{BIBFRAME}>;q=0.1, <http://www.cidoc-crm.org/cidoc-crm/>",
    )
    unknown = web.get(PERSON, "text/turtle", Accept_Profile="<urn:x:unknown>")
    assert "madsrdf:PersonalName" in mads.text
    assert "crm:E67_Birth" in crm.text
    assert "Accept-Profile" in mads.headers["vary"]
    assert unknown.text == plain.text
    assert web.get(PERSON, "text/turtle").text == plain.text
    no_weight = web.get(PERSON, "text/turtle", Accept_Profile=f"<{BIBFRAME}>;q=.")
    assert no_weight.text == plain.text


@pytest.mark.parametrize("given", ["profile=nonsense", "profile=nonsense&profile="])
def test_an_unknown_profile_in_an_address_is_refused(web: Client, given: str) -> None:
    said = assert_problem(web.get(f"{PERSON}?{given}"), 406)
    assert "ask for one of marc21, mods" in said["detail"]


def test_what_has_no_such_record_is_refused(web: Client) -> None:
    assert_problem(web.get(f"{PERSON}.mods"), 406)
    assert_problem(web.get("/doc/person/nobody.mods"), 404)
    assert_problem(web.get("/doc/passage/2.3.mods"), 404)
    assert_problem(web.get(f"{PERSON}?profile=bibframe&format=mods"), 406)


def test_a_thing_leads_on_to_its_record(web: Client) -> None:
    answer = web.get("/id/person/kropotkin-peter.marcxml")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PERSON}.marcxml"
    asked = web.get("/id/person/kropotkin-peter?profile=madsrdf")
    assert asked.headers["location"] == f"{PERSON}?profile=madsrdf"
    assert web.get(asked.headers["location"]).status_code == 200


def test_another_data_set_gives_such_records_too(other: Client) -> None:
    top = etree.fromstring(other.get(f"{ROENTGEN}.marcxml").content)
    assert "Röntgen, Wilhelm Conrad" in list(top.itertext())
    place = "/doc/ort/w%C3%BCrzburg.marcxml"
    assert "Würzburg" in other.get(place).text
    led = other.get("/id/ort/w%C3%BCrzburg.marcxml")
    assert led.headers["location"] == place


def test_the_whole_is_had_in_each_format(web: Client) -> None:
    read = list(pymarc.MARCReader(io.BytesIO(web.get("/export/marc21.mrc").content)))
    assert len(read) > 400
    page = web.page("/export/")
    assert "245 $a $b" in page
    assert 'href="/export/bibframe.ttl"' in page
    assert web.get("/export/bibframe.ttl").headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_kind_or_a_selection_is_had_alone(web: Client) -> None:
    people = etree.fromstring(web.get("/export/marc21.marcxml?kind=person").content)
    assert 40 < len(people) < 100
    iris = [f"https://w3id.org/ksv/id/edition/{name}" for name in ("wright-1988", "levy-1984")]
    chosen = web.get("/export/mods.mods?" + "&".join(f"iri={iri}" for iri in iris))
    titles = [str(one.text) for one in etree.fromstring(chosen.content).iter("{*}title")]
    assert titles[0].startswith("Forcing the Lock")


def test_a_wrong_selection_is_refused(web: Client) -> None:
    assert_problem(web.get("/export/nonsense.xml"), 404)
    assert_problem(web.get("/export/marc21.pdf"), 404)
    said = assert_problem(web.get("/export/mods.mods?kind=person"), 404)
    assert "it has: work, edition" in said["detail"]
    assert_problem(web.get("/export/mods.mods?iri=https://example.org/none"), 404)
    many = "&".join(["iri=x"] * 1_001)
    assert_problem(web.get(f"/export/mods.mods?{many}"), 413)
