"""Whoever knows nothing but the host finds the description, and from there everything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
import rdflib
import serving
from lxml import html
from rdflib import DCTERMS, RDF, VOID, URIRef
from serving import BROWSER, HOME, Client, assert_problem

from publish import description, release
from publish import namespaces as ns
from publish.dataset import Dataset

DCAT = rdflib.Namespace(ns.DCAT)


@pytest.fixture(scope="module")
def built(either: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("release") / "out"
    release.write(either, folder)
    with serving.client(either, folder) as client:
        yield client


def local(address: object) -> str:
    """Give the path of an address of the server that was asked."""
    parts = urlsplit(str(address))
    assert f"{parts.scheme}://{parts.netloc}" == HOME, address
    return parts.path + (f"?{parts.query}" if parts.query else "")


def test_who_reads_the_well_known_address_finds_the_rest(built: Client) -> None:
    first = built.get("/.well-known/void", "text/turtle")
    assert first.status_code == 302
    answer = built.get(first.headers["location"], "text/turtle")
    assert answer.headers["content-type"].startswith("text/turtle")
    found = rdflib.Graph().parse(data=answer.text)
    assert built.dataset.description
    whole = URIRef(built.dataset.description.iri)

    service = built.get(local(found.value(whole, VOID.sparqlEndpoint)), "text/turtle")
    assert "sparql-service-description#" in service.text
    dumps = [local(one) for one in found.objects(whole, VOID.dataDump)]
    assert len(dumps) == 2 * len(release.MEDIA)
    for dump in dumps:
        assert built.get(dump, Range="bytes=0-9").status_code == 206, dump
    for place in found.objects(None, DCAT.endpointDescription):
        assert built.get(local(place)).status_code == 200
    page = built.get(local(found.value(whole, DCAT.landingPage)), BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    lookup = local(found.value(whole, VOID.uriLookupEndpoint))
    for thing in found.objects(whole, VOID.exampleResource):
        assert built.get(f"{lookup}{thing}", "text/turtle").status_code == 200
    layers = {*found.objects(whole, VOID.subset)} - {*found.subjects(RDF.type, VOID.Linkset)}
    assert {str(layer) for layer in layers} == set(built.dataset.graphs)


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_the_description_comes_in_every_format(built: Client, suffix: str) -> None:
    about = built.dataset.description
    assert about
    answer = built.get(f"/dataset.{suffix}")
    assert answer.headers["content-location"] == f"/dataset.{suffix}"
    name = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}.get(suffix, suffix)
    if suffix == "jsonld":
        assert json.loads(answer.text)
        return
    found = rdflib.Graph().parse(data=answer.text, format=name)
    assert found.value(URIRef(about.iri), VOID.triples)


def test_the_description_is_there_without_a_release(foreign: Dataset) -> None:
    with serving.client(foreign) as client:
        found = rdflib.Graph().parse(data=client.get("/dataset", "text/turtle").text)
    whole = URIRef(f"{foreign.base}dataset")
    assert int(str(found.value(whole, VOID.triples))) == len(set(foreign.union()))
    assert not list(found.objects(whole, VOID.dataDump))


def test_the_page_about_the_data_set_shows_files_and_links(built: Client) -> None:
    page = built.page("/dataset")
    assert built.dataset.description
    version = built.dataset.description.version
    assert f'href="/release/{version}/' in page
    if built.dataset.matches:
        assert "Links into other data sets" in page


def test_a_bare_file_has_no_description(tmp_path) -> None:
    with serving.client(serving.bare(tmp_path, "<http://e.org/a> a <http://e.org/B> .")) as client:
        assert_problem(client.get("/.well-known/void"), 404)
        assert_problem(client.get("/linkset"), 404)
        anchors = [
            one["anchor"] for one in client.get("/.well-known/api-catalog").json()["linkset"]
        ]
        assert f"{HOME}/sparql" in anchors
        assert client.get("/", BROWSER).status_code == 200


# --- interfaces ------------------------------------------------------------------------------


def test_the_catalogue_of_interfaces_leads_to_each_and_to_its_description(built: Client) -> None:
    answer = built.get("/.well-known/api-catalog")
    profile = 'profile="https://www.rfc-editor.org/info/rfc9727"'
    assert answer.headers["content-type"] == f"application/linkset+json; {profile}"
    first, *others = answer.json()["linkset"]
    assert first["anchor"] == f"{HOME}/.well-known/api-catalog"
    assert [one["href"] for one in first["item"]] == [one["anchor"] for one in others]
    for one in others:
        assert built.get(local(one["anchor"]), BROWSER).status_code == 200
        for rel in ("service-desc", "service-doc", "service-meta"):
            for target in one[rel]:
                found = built.get(local(target["href"]), target["type"])
                assert found.status_code == 200
                assert found.headers["content-type"].partition(";")[0] == target["type"]


def test_the_catalogue_names_itself_without_being_sent(built: Client) -> None:
    head = built.request("HEAD", "/.well-known/api-catalog")
    assert head.headers["link"] == f'<{HOME}/.well-known/api-catalog>; rel="api-catalog"'
    assert 'rel="api-catalog"' in built.get("/", BROWSER).headers["link"]


# --- search engines --------------------------------------------------------------------------


class Scripts(HTMLParser):
    """Gives what stands in the script elements of a page, but for our own, in their files."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.types: list[str | None] = []
        self.texts: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.types.append(dict(attrs).get("type"))

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


@pytest.mark.parametrize("path", ["/", "/dataset"])
def test_search_engines_read_the_description_in_the_page(built: Client, path: str) -> None:
    found = Scripts(built.page(path))
    assert found.types == ["application/ld+json"]
    said = json.loads(found.texts[0])
    about = built.dataset.description
    assert about
    assert (said["@type"], said["@id"], said["name"]) == ("Dataset", about.iri, about.title)
    for one in said["distribution"]:
        assert built.get(local(one["contentUrl"]), Range="bytes=0-0").status_code == 206
    policy = built.get(path, BROWSER).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["/", "/dataset"])
def test_assessors_read_dublin_core_in_the_page(built: Client, path: str) -> None:
    page = html.fromstring(built.page(path))
    named = [(one.get("name", ""), one.get("content")) for one in page.iter("meta")]
    found = [(name, said) for name, said in named if name.startswith("DCTERMS.")]
    assert found == [(f"DCTERMS.{name}", said) for name, said in description.tags(built.dataset)]
    assert page.xpath("//link[@rel='schema.DCTERMS']/@href") == [str(DCTERMS)]


# --- links as a document ---------------------------------------------------------------------


def test_the_links_of_the_data_set_come_as_one_document(built: Client) -> None:
    answer = built.get("/linkset")
    assert answer.headers["content-type"] == "application/linkset+json"
    contexts = {one["anchor"]: one for one in answer.json()["linkset"]}
    about = built.dataset.description
    assert about
    for page in (f"{HOME}/", f"{HOME}/dataset"):
        assert contexts[page]["cite-as"] == [{"href": about.iri}]
        assert contexts[page]["license"] == [{"href": about.licence}]
        assert [one["href"] for one in contexts[page]["author"]] == list(about.creators)
        for item in contexts[page]["item"]:
            assert contexts[item["href"]]["collection"] == [
                {"href": f"{HOME}/", "type": "text/html"}
            ]
        for data in contexts[page]["describedby"]:
            assert contexts[data["href"]]["describes"][0]["href"] == f"{HOME}/dataset"


def test_the_links_of_a_thing_come_as_one_document(built: Client) -> None:
    assert built.dataset.description
    thing = built.dataset.description.examples[0]
    path = built.get("/" + thing.removeprefix(built.dataset.base)).headers["location"]
    link = built.get(path, "text/html").headers["link"]
    place = next(part for part in link.split(", ") if 'rel="linkset"' in part)
    answer = built.get(place[1 : place.index(">")])
    first = answer.json()["linkset"][0]
    assert first["anchor"] == f"{HOME}{path}"
    assert first["cite-as"] == [{"href": thing}]
    assert_problem(built.get("/linkset?iri=http://nowhere.example/"), 404)


def test_what_the_data_set_is_is_not_said_of_a_version_alone(built: Client) -> None:
    assert built.dataset.description
    version = built.dataset.description.version
    found = rdflib.Graph().parse(data=built.get(f"/release/{version}/", "text/turtle").text)
    assert (URIRef(f"{built.dataset.base}release/{version}/"), DCTERMS.isVersionOf, None) in found
