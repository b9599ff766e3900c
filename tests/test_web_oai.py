"""The repository over HTTP, and harvested whole by the harvesters that libraries use."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import pytest
import serving
from conftest import FOREIGN
from lxml import etree
from oaipmh_scythe import Scythe
from oaipmh_scythe.models import Record, Set
from serving import Client, assert_problem

from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.records import Records


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with serving.server(FOREIGN) as address:
        yield f"{address}/oai"


def test_get_and_post_say_the_same(web: Client) -> None:
    got = web.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    posted = web.request("POST", "/oai", data={"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert got.status_code == posted.status_code == 200
    assert got.headers["content-type"] == "text/xml; charset=utf-8"
    assert got.headers["cache-control"] == "no-store"
    one, other = (etree.fromstring(answer.content) for answer in (got, posted))
    assert etree.tostring(one[2]) == etree.tostring(other[2])


def test_who_runs_the_server_can_be_written_to(web: Client, foreign: Dataset) -> None:
    mail = "data@example.org"
    with serving.client(foreign, contact=mail) as client:
        assert f"<adminEmail>{mail}</adminEmail>" in client.get("/oai?verb=Identify").text
        assert f'href="mailto:{mail}"' in client.page("/")
        assert re.search(rf'"email":\s*"{mail}"', client.page("/dataset"))
        told = client.get("/dataset", "application/n-triples").text
        assert f"hasEmail> <mailto:{mail}> ." in told
        assert client.get("/openapi.json").json()["info"]["contact"] == {"email": mail}
    # The protocol wants an address; by its name (RFC 2606) this one is nobody's.
    assert "<adminEmail>nobody@example.invalid</adminEmail>" in web.get("/oai?verb=Identify").text
    assert "mailto:" not in web.page("/")
    assert "hasEmail" not in web.get("/dataset", "application/n-triples").text
    assert "contact" not in web.get("/openapi.json").json()["info"]


def test_an_error_of_the_protocol_is_an_answer(web: Client) -> None:
    answer = web.get("/oai")
    assert answer.status_code == 200
    assert b'<error code="badVerb">' in answer.content
    assert b"badArgument" in web.get("/oai?verb=GetRecord&identifier=%FF&metadataPrefix=x").content


def test_what_is_no_form_is_refused(web: Client) -> None:
    said = assert_problem(web.request("POST", "/oai", json={"verb": "Identify"}), 415)
    assert "application/x-www-form-urlencoded" in said["detail"]
    long = {"verb": "Identify", "x": "y" * 70_000}
    assert_problem(web.request("POST", "/oai", data=long), 413)


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21", "mods"])
def test_sickle_harvests_everything(served: str, foreign: Dataset, prefix: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the harvester's own, of its other dependencies
        from sickle import Sickle

        found = [one.header.identifier for one in Sickle(served).ListRecords(metadataPrefix=prefix)]
    _whole(found, foreign, prefix)


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21", "mods"])
def test_scythe_harvests_everything(served: str, foreign: Dataset, prefix: str) -> None:
    with Scythe(served) as harvester:
        records = [
            one for one in harvester.list_records(metadata_prefix=prefix) if isinstance(one, Record)
        ]
        found = [str(one.header.identifier) for one in records]
        sets = [one.setSpec for one in harvester.list_sets() if isinstance(one, Set)]
        assert {"person", "edition"} <= set(sets)
    _whole(found, foreign, prefix)


def _whole(found: list[str], data: Dataset, prefix: str) -> None:
    entries = Catalogue(Records(data)).entries()
    kinds = {"mods": ("work", "edition")}.get(prefix)
    citation = prefix != "oai_dc"
    wanted = [
        one.iri
        for one in entries
        if (not kinds or one.kind.value in kinds)
        and not (citation and one.kind.value == "citation")
    ]
    assert found == wanted
