"""The cases of the W3C for the SPARQL 1.1 Protocol and Service Description, on a real server.

Read from the folder that `FOLKMOTE_SUITES` names. This service reads only: of the cases for
updates, those that must succeed elsewhere must be refused here.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib
import serving
from rdflib import RDF, Namespace
from rdflib.collection import Collection

SUITES = os.environ.get("FOLKMOTE_SUITES", "")
FOLDER = Path(SUITES) / "rdf-tests" / "sparql" / "sparql11"
GRAPHS = "http://kasei.us/2009/09/sparql/data/"
SD = "http://www.w3.org/ns/sparql-service-description#"
CNT = Namespace("http://www.w3.org/2011/content#")
HT = Namespace("http://www.w3.org/2011/http#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
    },
}
if not SUITES:
    pytest.skip("FOLKMOTE_SUITES is not set", allow_module_level=True)


@dataclass(frozen=True)
class Request:
    """One request of a case, and what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: set[str]
    boolean: bool | None
    form: str | None


def members(
    graph: rdflib.Graph, node: rdflib.term.Node | None, list_of: rdflib.URIRef
) -> Iterator[rdflib.term.Node]:
    head = graph.value(node, list_of)
    return iter(Collection(graph, head)) if head else iter(())


def requests(graph: rdflib.Graph, case: rdflib.term.Node) -> Iterator[Request]:
    connection = graph.value(case, MF.action)
    for node in members(graph, connection, HT.requests):
        body = graph.value(node, HT.body)
        answer = graph.value(node, HT.resp)
        boolean = graph.value(answer, MF.expectedBoolean)
        form = graph.value(answer, MF.expectedFormat)
        yield Request(
            method=str(graph.value(node, HT.methodName)),
            path=str(graph.value(node, HT.absolutePath)),
            headers={
                str(graph.value(one, HT.fieldName)): str(graph.value(one, HT.fieldValue))
                for one in members(graph, node, HT.headers)
            },
            body=None
            if body is None
            else str(graph.value(body, CNT.chars)).encode(
                str(graph.value(body, CNT.characterEncoding))
            ),
            statuses={str(one)[-3] for one in graph.objects(answer, MF.expectedStatus)},
            boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
            form=None if form is None else str(form),
        )


def cases() -> dict[str, list[Request]]:
    graph = rdflib.Graph()
    graph.parse(FOLDER / "protocol" / "manifest.ttl")
    return {
        str(case).rpartition("#")[2]: list(requests(graph, case))
        for case in graph.subjects(RDF.type, MF.ProtocolTest)
    }


CASES = cases()
QUERIES = sorted(name for name in CASES if "update" not in name)
UPDATES = sorted(name for name in CASES if "update" in name)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the data of the suite, each file as the graph that its cases name."""
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(f"{GRAPHS}data{n}.rdf"))
        for n in (1, 2, 3)
        for quad in ox.parse(path=FOLDER / "protocol" / f"data{n}.nt")
    ]
    path = tmp_path_factory.mktemp("protocol") / "data.nq"
    ox.serialize(quads, path, format=ox.RdfFormat.N_QUADS)
    with serving.server(path) as found:
        yield found


def send(address: str, request: Request) -> tuple[int, str, bytes]:
    """Send a request as it stands: no header is added that would help."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    path = request.path.replace("/sparql/", "/sparql", 1)
    connection.putrequest(request.method, path, skip_accept_encoding=True)
    for name, value in request.headers.items():
        connection.putheader(name, value)
    if request.body is not None:
        connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body)
    answer = connection.getresponse()
    media = (answer.getheader("Content-Type") or "").partition(";")[0]
    found = (answer.status, media, answer.read())
    connection.close()
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_answered_as_the_protocol_says(address: str, name: str) -> None:
    for request in CASES[name]:
        status, media, body = send(address, request)
        assert str(status)[0] in request.statuses, body
        if request.form is not None:
            assert media in FORMATS[request.form]
        if request.boolean is not None:
            assert f'"boolean":{str(request.boolean).lower()}'.encode() in body


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_is_refused(address: str, name: str) -> None:
    # Whatever follows in a case asks what the update has done.
    status, _, body = send(address, CASES[name][0])
    assert 400 <= status < 500, body


def test_the_suite_is_all_there() -> None:
    assert (len(QUERIES), len(UPDATES)) == (20, 14)


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml"])
def test_the_service_describes_itself(address: str, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}
    status, media, body = send(
        address, Request("GET", "/sparql/", headers, None, {"2"}, None, None)
    )
    assert status == 200
    assert media in FORMATS["RDF"]
    assert accept is None or media == accept
    format_ = ox.RdfFormat.from_media_type(media)
    found = ox.Dataset(ox.parse(body, format_))
    endpoint = ox.NamedNode(f"{SD}endpoint")
    services = {quad.subject for quad in found.quads_for_predicate(endpoint)}
    named = [str(quad.object) for quad in found.quads_for_predicate(endpoint)]
    assert named == [f"<{address}/sparql>"]
    # What the suite calls the schema: each property of the vocabulary on things of its domain.
    (service,) = services
    typed = {
        (quad.subject, str(quad.object).strip("<>").removeprefix(SD))
        for quad in found.quads_for_predicate(ox.NamedNode(str(RDF.type)))
    }
    assert (service, "Service") in typed
    domains = {"defaultDataset": "Service", "defaultGraph": "Dataset", "namedGraph": "Dataset"}
    domains |= {"resultFormat": "Service", "supportedLanguage": "Service", "name": "NamedGraph"}
    for quad in found:
        if domain := domains.get(quad.predicate.value.removeprefix(SD)):
            assert (quad.subject, domain) in typed, quad
