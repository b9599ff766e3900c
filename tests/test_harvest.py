"""The protocol for harvesters: what is asked, what is answered, and every error."""

from __future__ import annotations

import base64
import json
import os
import urllib.parse
from dataclasses import replace
from pathlib import Path

import pytest
import serving
from lxml import etree

from publish.catalogue import Catalogue, Kind
from publish.crosswalks import Release
from publish.dataset import Dataset
from publish.harvest import Place, Repository
from publish.records import Records

HOME = "http://testserver/oai"
NOW = "2026-11-29T12:00:00Z"
KSV = "https://w3id.org/ksv/id/"
FORMATS = ("oai_dc", "marc21", "mods")
RETIRED = """
@prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<http://example.org/a> a schema:Book ; schema:name "A \\u0001"@en .
<http://example.org/b> a schema:Book ; schema:name "B"@en ; owl:deprecated true .
<http://example.org/c> a schema:Person ; schema:name "C"@en .
"""


def repository(data: Dataset, page: int = 100, day: str = "2026-11-24") -> Repository:
    return Repository(Catalogue(Records(data)), "Name & <more>", Release(day, {}), page=page)


def ask(of: Repository, query: str) -> etree._Element:
    asked = urllib.parse.parse_qsl(query, keep_blank_values=True)
    top = etree.fromstring(of.answer(asked, HOME, NOW))
    _validate(top)
    return top


def _validate(top: etree._Element) -> None:
    """Hold an answer against the schema of the protocol, and its records against theirs."""
    folder = os.environ.get("FOLKMOTE_SUITES")
    if not folder:
        return
    place = Path(folder) / "xsd"
    rules = {
        name: etree.XMLSchema(etree.parse(str(place / name)))
        for name in ("oai_dc.xsd", "MARC21slim.xsd")
    }
    kinds = {"dc": "oai_dc.xsd", "record": "MARC21slim.xsd"}
    for one in top.iter("{*}metadata"):
        name = etree.QName(one[0]).localname
        if name in kinds:
            rules[kinds[name]].assertValid(etree.fromstring(etree.tostring(one[0])))
    protocol = etree.XMLSchema(etree.parse(str(place / "all.xsd")))
    if not any(etree.QName(one[0]).localname == "mods" for one in top.iter("{*}metadata")):
        protocol.assertValid(top)


def test_records_are_as_old_as_their_release_or_its_being_shown(foreign: Dataset) -> None:
    of = repository(foreign, day="2026-11-24T10:00:00Z")
    assert of.day == "2026-11-24"
    assert replace(of, shown="2026-11-30").day == "2026-11-30"
    assert replace(of, shown="2026-11-20").day == "2026-11-24"
    assert repository(foreign, day="").day == "1970-01-01"


@pytest.fixture(scope="module")
def ours(essay: Dataset) -> Repository:
    return repository(essay)


def error(top: etree._Element) -> str:
    (found,) = top.iter("{*}error")
    return found.get("code") or ""


def identifiers(top: etree._Element) -> list[str]:
    return [
        one.text or ""
        for one in top.iter("{*}identifier")
        if one.getparent() is not None and etree.QName(one.getparent()).localname == "header"
    ]


def listed(of: Repository, query: str) -> list[str]:
    """Follow a list to its end."""
    found: list[str] = []
    verb = query.partition("&")[0]
    while True:
        top = ask(of, query)
        found += identifiers(top)
        token = next(top.iter("{*}resumptionToken"), None)
        if token is None or not token.text:
            return found
        query = f"{verb}&resumptionToken={token.text}"


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify",
        "verb=ListMetadataFormats",
        f"verb=ListMetadataFormats&identifier={KSV}concept/mutual-aid",
        "verb=ListSets",
        "verb=ListIdentifiers&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=marc21&set=edition",
        "verb=ListRecords&metadataPrefix=mods&set=work&from=2026-01-01&until=2026-12-31",
        f"verb=GetRecord&metadataPrefix=marc21&identifier={KSV}person/kropotkin-peter",
    ],
)
def test_each_verb_is_answered(ours: Repository, query: str) -> None:
    top = ask(ours, query)
    assert not list(top.iter("{*}error"))
    (request,) = top.iter("{*}request")
    assert {str(key): value for key, value in request.attrib.items()} == dict(
        urllib.parse.parse_qsl(query)
    )
    assert request.text == HOME


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nonsense", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=work&set=work", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-24T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-12-01&until=2026-11-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=a%20b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=no%00thing", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x:%EF%BF%BE", "badArgument"),
        ("verb=ListRecords&metadataPrefix=nonsense", "cannotDisseminateFormat"),
        (
            f"verb=GetRecord&metadataPrefix=mods&identifier={KSV}concept/mutual-aid",
            "cannotDisseminateFormat",
        ),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=urn:x:nothing", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=urn:x:nothing", "idDoesNotExist"),
        # Illegal in this repository (3.6), though it could stand in another.
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=nothing", "idDoesNotExist"),
        ('verb=GetRecord&metadataPrefix=oai_dc&identifier=no"thing', "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nonsense", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=mods&set=person", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-12-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2020-01-01", "noRecordsMatch"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=%00", "badArgument"),
        ("verb=ListRecords&resumptionToken=" + "A" * 5000, "badResumptionToken"),
    ],
)
def test_each_error_has_its_code(ours: Repository, query: str, code: str) -> None:
    assert error(ask(ours, query)) == code


@pytest.mark.parametrize(
    "said",
    [
        [],
        {},
        ["ListRecords"],
        ["ListRecords", 1, "", "", "", "", 0],
        ["ListRecords", "oai_dc", "", "", "", "", "many"],
        ["ListRecords", "oai_dc", "", "", "", "", -1],
        ["ListIdentifiers", "oai_dc", "", "", "", "", 0],
        [[[[]]]],
        ["ListRecords", "oai_dc", "", "", "", "http", True],
        ["ListRecords", "oai_dc", "", "", "", "http", 10**4299],
        ["ListRecords", "oai_dc", "", "\ud800", "", "http", 0],
        ["ListRecords", "oai_dc", "", "", "\ud800", "http", 0],
    ],
)
def test_a_token_that_was_made_up_is_refused(ours: Repository, said: object) -> None:
    text = json.dumps(said, separators=(",", ":"))
    token = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert error(ask(ours, f"verb=ListRecords&resumptionToken={token}")) == "badResumptionToken"


@pytest.mark.parametrize("prefix", FORMATS)
def test_a_list_gives_everything_once_whatever_its_pages(either: Dataset, prefix: str) -> None:
    query = f"verb=ListIdentifiers&metadataPrefix={prefix}"
    whole = listed(repository(either, 10**6), query)
    assert whole
    assert len(whole) == len(set(whole))
    assert listed(repository(either, 7), query) == whole
    assert listed(repository(either, len(whole)), query) == whole


def test_the_sets_are_the_whole_apart(essay: Dataset) -> None:
    of = repository(essay, 10**6)
    query = "verb=ListIdentifiers&metadataPrefix=oai_dc"
    parts = [listed(of, f"{query}&set={kind.value}") for kind in Kind]
    assert sorted(iri for part in parts for iri in part) == sorted(listed(of, query))


def test_a_token_survives_a_new_release(essay: Dataset, foreign: Dataset) -> None:
    first = ask(repository(essay, 5), "verb=ListIdentifiers&metadataPrefix=marc21&set=edition")
    (token,) = first.iter("{*}resumptionToken")
    assert token.get("cursor") == "0"
    last = identifiers(first)[-1]
    # The thing that was given last is gone in the new release, and the day is another.
    kept = {
        name: [one for one in graph.triples() if last not in str(one)]
        for name, graph in essay.graphs.items()
    }
    changed = essay
    for name, triples in kept.items():
        changed = changed.with_graph(name, triples)
    after = repository(changed, 5, "2027-01-01")
    second = ask(after, f"verb=ListIdentifiers&resumptionToken={token.text}")
    assert identifiers(second)[0] > last
    assert next(second.iter("{*}resumptionToken")).get("cursor") == "5"
    rest = listed(after, f"verb=ListIdentifiers&resumptionToken={token.text}")
    assert not set(rest) & set(identifiers(first))


def test_what_was_withdrawn_stays_as_deleted(tmp_path: Path) -> None:
    of = repository(serving.bare(tmp_path, RETIRED))
    top = ask(of, "verb=ListRecords&metadataPrefix=oai_dc")
    states = {
        record[0][0].text: (record[0].get("status"), len(record))
        for record in top.iter("{*}record")
    }
    assert states["http://example.org/b"] == ("deleted", 1)
    assert states["http://example.org/a"] == (None, 2)
    one = ask(of, "verb=GetRecord&metadataPrefix=marc21&identifier=http://example.org/b")
    assert not list(one.iter("{*}metadata"))
    identify = ask(of, "verb=Identify")
    assert next(identify.iter("{*}deletedRecord")).text == "persistent"


def test_a_place_is_written_and_read() -> None:
    place = Place("ListRecords", "oai_dc", "person", "2026-01-01", "", "http://x/ü", 100)
    assert Place.read(place.token(), "ListRecords") == place
    assert Place.read(replace(place, given=0).token(), "ListRecords").given == 0
