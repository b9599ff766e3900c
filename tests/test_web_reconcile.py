"""`/reconcile`, asked as OpenRefine asks, each answer held against the JSON Schemas of the API."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest
import referencing
import serving
from referencing.jsonschema import DRAFT7
from serving import Client, assert_problem

from publish.dataset import Dataset

KROPOTKIN = "https://w3id.org/ksv/id/person/kropotkin-peter"
PERSON = "http://xmlns.com/foaf/0.1/Person"
AGENT = "http://xmlns.com/foaf/0.1/Agent"
ORIGIN = {"Origin": "http://127.0.0.1:3333"}
Judge = Callable[[str, object], None]


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


@pytest.fixture(scope="module", params=["0.2", "1.0-draft"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def judging(version: str) -> Judge:
    """Give what holds an answer against a schema of a version, where the schemas are there."""
    suites = os.environ.get("FOLKMOTE_SUITES")
    if not suites:
        return lambda name, said: None
    folder = Path(suites) / "reconciliation" / version / "schemas"
    known = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
    home = "https://reconciliation-api.github.io/specs"
    places = [f"{home}/{name}/schemas/" for name in ("draft", version)]
    resources = [
        (place + name, DRAFT7.create_resource(schema))
        for name, schema in known.items()
        for place in places
    ]
    resources.append(
        ("http://swagger.io/v2/schema.json", DRAFT7.create_resource(known["openapi.json"]))
    )
    registry = referencing.Registry().with_resources(resources)

    def judge(name: str, said: object) -> None:
        jsonschema.Draft7Validator(known[f"{name}.json"], registry=registry).validate(said)

    return judge


def posted(web: Client, **form: object) -> dict:
    data = {name: json.dumps(value) for name, value in form.items()}
    answer = web.request("POST", "/reconcile", data=data, headers=ORIGIN)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    said: dict = answer.json()
    return said


def test_the_manifest_says_all_that_a_client_needs(web: Client) -> None:
    answer = web.get("/reconcile", **ORIGIN)
    assert answer.headers["access-control-allow-origin"] == "*"
    said = answer.json()
    judging("0.2")("manifest", said)
    assert {"view", "preview", "suggest", "extend", "defaultTypes", "documentation", "logo"} <= {
        *said
    }
    assert said["identifierSpace"] == "https://w3id.org/ksv/id/"
    assert PERSON in {one["id"] for one in said["defaultTypes"]}
    for place in (said["logo"], said["documentation"]):
        assert web.get(place.removeprefix(serving.HOME)).status_code == 200
    assert 'id="reconcile"' in web.page("/help")
    assert web.get("/reconcile/").json() == said


def test_both_versions_stand_side_by_side(web: Client) -> None:
    said = web.get("/reconcile/1.0").json()
    judging("1.0-draft")("manifest", said)
    assert said["versions"] == ["1.0-draft"]
    assert said["standardizedScore"] is True


def test_a_table_is_matched_in_batches_of_ten(web: Client) -> None:
    names = ["Kropotkin, Peter", "C.L.R. James", "James", "Marx", "nobody at all", *"abcde"]
    queries = {
        f"q{place}": {"query": name, "type": PERSON, "type_strict": "should", "limit": 5}
        for place, name in enumerate(names)
    }
    judging("0.2")("reconciliation-query-batch", queries)
    said = posted(web, queries=queries)
    judging("0.2")("reconciliation-result-batch", said)
    assert set(said) == set(queries)
    first = said["q0"]["result"][0]
    assert (first["id"], first["match"]) == (KROPOTKIN, True)
    assert {one["id"] for one in first["type"]} == {PERSON, AGENT}
    assert {one["id"] for one in first["features"]} == {"type", "name"}
    assert said["q1"]["result"][0]["match"]
    assert not any(one["match"] for one in said["q2"]["result"])
    assert said["q4"]["result"] == []
    assert all(len(one["result"]) <= 5 for one in said.values())


def test_an_empty_cell_matches_nothing_and_spoils_no_batch(web: Client) -> None:
    said = posted(web, queries={"q0": {"query": " "}, "q1": {"query": "Kropotkin, Peter"}})
    judging("0.2")("reconciliation-result-batch", said)
    assert said["q0"]["result"] == []
    assert said["q1"]["result"][0]["id"] == KROPOTKIN


def test_the_draft_answers_the_same(web: Client) -> None:
    condition = {"matchType": "name", "propertyValue": "Kropotkin, Peter"}
    body = {"queries": [{"type": PERSON, "limit": 2, "conditions": [condition]}]}
    judging("1.0-draft")("reconciliation-query-batch", body)
    answer = web.request("POST", "/reconcile/1.0/match", json=body)
    said = answer.json()
    judging("1.0-draft")("reconciliation-result-batch", said)
    (found,) = said["results"]
    assert found["candidates"][0]["id"] == KROPOTKIN
    assert found["candidates"][0]["lang"] == "en"
    old = posted(web, queries={"q": {"query": "Kropotkin, Peter", "type": PERSON, "limit": 2}})
    assert [one["score"] for one in old["q"]["result"]] == [
        one["score"] for one in found["candidates"]
    ]


def test_a_batch_is_had_by_get_and_as_a_script(web: Client) -> None:
    queries = json.dumps({"q0": {"query": "Marx", "limit": 1}})
    answer = web.request("GET", "/reconcile", params={"queries": queries})
    assert answer.json()["q0"]["result"][0]["name"] == "Marx"
    asked = {"queries": queries, "callback": "jQuery3.cb_1"}
    script = web.request("GET", "/reconcile", params=asked)
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert script.text.startswith("/**/jQuery3.cb_1({")
    assert script.text.endswith("});")
    one = web.request("GET", "/reconcile", params={"query": "Marx"})
    assert one.json()["result"][0]["name"] == "Marx"


def test_things_properties_and_types_are_suggested(web: Client, version: str) -> None:
    home = "/reconcile" if version == "0.2" else "/reconcile/1.0"
    judge = judging(version)
    things = web.get(f"{home}/suggest/entity?prefix=krop&limit=3").json()
    judge("suggest-entities-response", things)
    assert things["result"][0]["id"] == KROPOTKIN
    more = web.get(f"{home}/suggest/entity?prefix=krop&limit=2&cursor=1").json()
    assert more["result"] == things["result"][1:3]
    types = web.get(f"{home}/suggest/type?prefix=person").json()
    judge("suggest-types-response", types)
    assert types["result"][0]["id"] == PERSON
    properties = web.get(f"{home}/suggest/property?prefix=born").json()
    judge("suggest-properties-response", properties)
    assert "https://w3id.org/ksv/ontology#born" in {one["id"] for one in properties["result"]}
    path = f"{home}/properties" if version == "0.2" else f"{home}/extend/propose"
    proposed = web.get(f"{path}?type={PERSON}&limit=3").json()
    judge("data-extension-property-proposal", proposed)
    assert len(proposed["properties"]) == 3
    assert_problem(web.get(f"{home}/suggest/dragon?prefix=a"), 404)


def test_a_table_is_extended(web: Client) -> None:
    asked: dict[str, list] = {
        "ids": [KROPOTKIN, "https://w3id.org/ksv/id/person/nobody"],
        "properties": [
            {"id": "https://w3id.org/ksv/ontology#born"},
            {"id": "skos:altLabel", "settings": {"language": "ru"}},
            {"id": "schema:sameAs", "settings": {"limit": "1"}},
            {"id": "born", "settings": {"as": "name"}},
        ],
    }
    judging("0.2")("data-extension-query", asked)
    said = posted(web, extend=asked)
    judging("0.2")("data-extension-response", said)
    assert [one["id"] for one in said["meta"]] == [one["id"] for one in asked["properties"]]
    row = said["rows"][KROPOTKIN]
    (born,) = row["https://w3id.org/ksv/ontology#born"]
    assert born == {
        "id": "https://w3id.org/ksv/id/timespan/1842-12-09",
        "name": "9 December 1842",
    }
    assert {"str": "Кропоткин, Пётр Алексеевич"} in row["skos:altLabel"]
    assert len(row["schema:sameAs"]) == 1
    assert row["born"] == [{"str": "9 December 1842"}]
    assert set(said["rows"]["https://w3id.org/ksv/id/person/nobody"]["born"]) == set()
    draft = web.request("POST", "/reconcile/1.0/extend", json=asked).json()
    judging("1.0-draft")("data-extension-response", draft)
    assert draft["rows"][0]["properties"][0]["values"] == [born]


def test_numbers_and_dates_keep_their_kind(foreign: Dataset) -> None:
    space = "https://example.org/strahlen/"
    with serving.client(foreign) as other:
        said = posted(
            other,
            extend={
                "ids": [f"{space}id/person/roentgen", f"{space}id/begriff/x-strahlen"],
                "properties": [
                    {"id": "schema:birthDate"},
                    {"id": f"{space}ontology#brechungsexponent"},
                ],
            },
        )
    judging("0.2")("data-extension-response", said)
    person, concept = said["rows"].values()
    assert person["schema:birthDate"] == [{"date": "1845-03-27T00:00:00Z"}]
    assert concept[f"{space}ontology#brechungsexponent"] == [{"float": 1.05}]


@pytest.mark.parametrize("wrong", ["12x", "+-5", "²", "", "9" * 5_000])
def test_what_is_no_integer_is_given_as_it_is_written(foreign: Dataset, wrong: str) -> None:
    person = "https://example.org/strahlen/id/person/roentgen"
    count = ox.NamedNode("https://example.org/strahlen/ontology#zahl")
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    said = ox.Triple(ox.NamedNode(person), count, ox.Literal(wrong, datatype=integer))
    with serving.client(foreign.with_graph("urn:more", [said])) as other:
        found = posted(other, extend={"ids": [person], "properties": [{"id": count.value}]})
    judging("0.2")("data-extension-response", found)
    assert found["rows"][person][count.value] == [{"str": wrong}]


def test_only_the_preview_may_stand_in_a_frame(web: Client) -> None:
    template = web.get("/reconcile").json()["preview"]["url"]
    place = template.replace("{{id}}", KROPOTKIN).removeprefix(serving.HOME)
    for path in (place, f"/reconcile/1.0/preview?id={KROPOTKIN}"):
        answer = web.get(path)
        (policy,) = answer.headers.get_list("content-security-policy")
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "Peter Kropotkin" in answer.text
    other = web.get("/doc/person/kropotkin-peter", serving.BROWSER)
    (policy,) = other.headers.get_list("content-security-policy")
    assert "frame-ancestors 'none'" in policy
    assert_problem(web.get("/reconcile/preview?id=http://nowhere/"), 404)


def test_what_is_shown_becomes_no_markup(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    data = serving.bare(tmp_path, f'<http://a/b> {label} "<script>x</script>" .')
    with serving.client(data) as client:
        assert "<script" not in client.get("/reconcile/preview?id=http://a/b").text
        flyout = client.get("/reconcile/flyout/entity?id=http://a/b").json()
        assert flyout["id"] == "http://a/b"
        assert "<script" not in flyout["html"]
        script = client.get("/reconcile/suggest/entity?prefix=x&callback=cb").text
        assert "<script" not in script


def test_a_flyout_tells_of_terms_as_well(web: Client) -> None:
    said = web.get(f"/reconcile/flyout/type?id={PERSON}").json()
    assert "person" in said["html"]


def test_a_thing_is_viewed_at_its_document(web: Client) -> None:
    answer = web.get(f"/reconcile/view?id={KROPOTKIN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/person/kropotkin-peter")
    assert_problem(web.get("/reconcile/view?id=nothing"), 404)


def test_a_wrong_request_is_told_what_is_wrong(web: Client) -> None:
    many = {f"q{number}": {"query": "a"} for number in range(51)}
    answer = web.request("POST", "/reconcile", data={"queries": json.dumps(many)})
    assert "51" in assert_problem(answer, 413)["detail"]
    unknown = json.dumps({"ok": {"query": "a"}, "q9": {"query": "a", "type": "foaf:Dragon"}})
    answer = web.request("POST", "/reconcile", data={"queries": unknown})
    assert "query `q9`: there is no type `foaf:Dragon`" in assert_problem(answer, 400)["detail"]
    assert_problem(web.request("POST", "/reconcile", data={"a": "b"}), 400)
    assert_problem(web.request("POST", "/reconcile", json={}), 415)
    assert_problem(web.request("POST", "/reconcile/1.0/match", data={"a": "b"}), 415)
    large = web.request("POST", "/reconcile", data={"queries": "x" * (1 << 20)})
    assert_problem(large, 413)
    for callback in ("alert(1)//", "", "a b", "<x>"):
        asked = {"callback": callback}
        assert_problem(web.request("GET", "/reconcile", params=asked), 400)


def test_a_batch_ends_when_its_time_is_up(essay: Dataset) -> None:
    with serving.client(essay, query_seconds=0.001) as client:
        queries = {f"q{number}": {"query": "Kropotkin"} for number in range(50)}
        answer = client.request("POST", "/reconcile", data={"queries": json.dumps(queries)})
        assert "the time is up before query `q" in assert_problem(answer, 503)["detail"]


def test_a_browser_may_ask_before_it_posts(web: Client) -> None:
    answer = web.request("OPTIONS", "/reconcile/1.0/match", headers=ORIGIN)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
