"""`/rest/v1`, as clients of Skosmos ask."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pyoxigraph
import pytest
from serving import Client, assert_problem

AID = "https://w3id.org/ksv/id/concept/mutual-aid"
SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


def rest(web: Client, method: str, **asked: object) -> dict:
    answer = web.get(f"/rest/v1/{method}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    said: dict = answer.json()
    return said


def triples(said: dict) -> list[tuple[str, str]]:
    """Read an answer as the RDF that its context makes of it: predicates and values of the concept."""
    found = pyoxigraph.parse(json.dumps(said), pyoxigraph.RdfFormat.JSON_LD, base_iri="http://x/")
    return [
        (one.predicate.value, one.object.value)
        for one in found
        if one.subject == pyoxigraph.NamedNode(AID)
    ]


def test_vocabularies_are_listed_and_described(web: Client) -> None:
    (one,) = rest(web, "vocabularies", lang="en")["vocabularies"]
    assert (one["id"], one["uri"]) == ("concepts", "concepts")
    said = rest(web, "concepts/", lang="en")
    assert said["conceptschemes"][0]["uri"] == "https://w3id.org/ksv/id/scheme/concepts"
    assert said["defaultLanguage"] == "en"
    assert_problem(web.get("/rest/v1/zoo/"), 404)


def test_concepts_are_searched_for(web: Client) -> None:
    said = rest(web, "search", query="mutual a*", lang="en", vocab="concepts")
    first = said["results"][0]
    assert first == {
        "uri": AID,
        "type": ["skos:Concept"],
        "localname": "mutual-aid",
        "prefLabel": "mutual aid",
        "lang": "en",
        "vocab": "concepts",
    }
    assert (SKOS + "prefLabel", "mutual aid") in triples(said)
    by_other = rest(web, "concepts/search", query="law of mutual aid", fields="broader prefLabel")
    (found,) = by_other["results"]
    assert found["altLabel"] == "law of mutual aid"
    assert found["broader"] == [
        {"uri": "https://w3id.org/ksv/id/concept/tendency", "prefLabel": "tendency"}
    ]
    assert found["prefLabels"] == {"en": "mutual aid"}
    below = rest(web, "search", query="*aid", parent="https://w3id.org/ksv/id/concept/tendency")
    assert {one["uri"] for one in below["results"]} == {AID}


def test_results_come_in_parts(web: Client) -> None:
    whole = rest(web, "search", query="c*")["results"]
    part = rest(web, "search", query="c*", maxhits=2, offset=1)["results"]
    assert part == whole[1:3]
    once = rest(web, "search", query="c*", unique="true")["results"]
    assert len({one["uri"] for one in once}) == len(once)


def test_a_concept_is_looked_up_by_its_label(web: Client) -> None:
    assert rest(web, "concepts/lookup", label="Mutual Aid", lang="en")["result"][0]["uri"] == AID
    assert_problem(web.get("/rest/v1/concepts/lookup?label=unheard+of"), 404)


def test_labels_and_neighbours_are_told(web: Client) -> None:
    said = rest(web, "label", uri=AID, lang="en")
    assert (said["prefLabel"], said["altLabel"]) == ("mutual aid", ["law of mutual aid"])
    assert rest(web, "concepts/label", uri=AID) == said
    for relation in ("broader", "narrower", "related"):
        found = rest(web, f"concepts/{relation}", uri=AID)
        assert found["uri"] == AID
        said_so = {value for name, value in triples(found) if name == SKOS + relation}
        assert said_so == {one["uri"] for one in found[relation]}
    above = rest(web, "concepts/broaderTransitive", uri=AID)["broaderTransitive"]
    assert above[AID]["broader"] == ["https://w3id.org/ksv/id/concept/tendency"]
    assert len(rest(web, "concepts/broaderTransitive", uri=AID, limit=1)["broaderTransitive"]) == 1
    assert_problem(web.get("/rest/v1/concepts/broader?uri=http://nowhere/"), 404)


def test_types_and_top_concepts_are_listed(web: Client) -> None:
    for method in ("types", "concepts/types"):
        assert SKOS + "Concept" in {one["uri"] for one in rest(web, method, lang="en")["types"]}
    tops = rest(web, "concepts/topConcepts")["topconcepts"]
    assert {one["topConceptOf"] for one in tops} == {"https://w3id.org/ksv/id/scheme/concepts"}


def test_data_come_as_rdf(web: Client) -> None:
    for path in ("data", "concepts/data"):
        answer = web.get(f"/rest/v1/{path}?{urlencode({'uri': AID, 'format': 'text/turtle'})}")
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        assert 'skos:prefLabel "mutual aid"@en' in answer.text
    as_json = web.get(f"/rest/v1/data?{urlencode({'uri': AID, 'format': 'application/json'})}")
    assert as_json.headers["content-type"] == "application/ld+json"
    assert web.get("/rest/v1/concepts/data").status_code == 302
    assert_problem(web.get(f"/rest/v1/data?{urlencode({'uri': AID, 'format': 'image/png'})}"), 406)


def test_what_cannot_be_asked_is_told(web: Client) -> None:
    for query in ("query=", "query=*", "query=a&fields=colour", "query=a&maxhits=0"):
        assert_problem(web.get(f"/rest/v1/search?{query}"), 400)
    assert_problem(web.get("/rest/v1/search"), 400)
