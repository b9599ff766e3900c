"""Saved questions as an API: parameters, formats, rows left out, sorted and paged, and errors."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
import serving
from serving import BROWSER, Client, assert_problem

from publish import errors
from publish.dataset import Dataset
from publish.questions import Book
from publish.records import Records
from publish.sources import Local

NAMED = "/questions/where-kropotkin-is-named"
BETWEEN = "https://w3id.org/folkmote/questions/between"
OWN = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/asked/people> a sh:SPARQLExecutable ;
  rdfs:label "Who is there?"@en ;
  sh:select "SELECT ?who { ?who a foaf:Person }" .
<https://example.org/asked/echo> a sh:SPARQLExecutable ;
  rdfs:label "What was said?"@en ;
  sh:labelTemplate "Was {?said} said?"@en ;
  sh:parameter [ sh:path <urn:par/said> ; sh:datatype xsd:string ; sh:order 1 ] ,
    [ sh:path <urn:par/often> ; sh:datatype xsd:integer ; sh:defaultValue 2 ;
      sh:minInclusive 1 ; sh:in ( 1 2 3 ) ; sh:order 2 ] ;
  sh:select "SELECT ?said ?often { BIND($said AS ?said) VALUES ?often { 2 } }" .
<https://example.org/asked/any> a sh:SPARQLExecutable ;
  rdfs:label "Is anybody there?"@en ; sh:ask "ASK { ?who a foaf:Person }" .
<https://example.org/asked/types> a sh:SPARQLExecutable ;
  rdfs:label "As a graph"@en ; sh:construct "CONSTRUCT { ?who a foaf:Person } WHERE { ?who a foaf:Person }" .
"""


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


@pytest.fixture(scope="module")
def own(foreign: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with a folder of questions of its operator."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "own.ttl").write_text(OWN, encoding="utf-8")
    with serving.client(foreign, questions=str(folder)) as client:
        yield client


def rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_list_says_what_each_question_takes_and_where_it_is_answered(web: Client) -> None:
    said = web.get("/questions", "application/json").json()["questions"]
    saved = {one.iri for one in Records(web.dataset).questions()}
    assert {one["iri"] for one in said} == {*saved, BETWEEN}
    named = next(one for one in said if one["name"] == NAMED.rpartition("/")[2])
    (parameter,) = named["parameters"]
    assert parameter["name"] == "thing"
    assert parameter["example"] == "person:kropotkin-peter"
    assert named["columns"] == ["passage", "occurrences"]
    assert web.get(named["address"].removeprefix(serving.HOME)).status_code == 200
    assert web.get("/questions.json", BROWSER).json()["questions"] == said
    assert_problem(web.get("/questions.mp3"), 406)
    listed = list(csv.DictReader(io.StringIO(web.get("/questions", "text/csv").text)))
    assert [one["name"] for one in listed] == [one["name"] for one in said]


def test_every_question_has_a_page_with_its_answer(web: Client) -> None:
    page = web.page("/questions")
    links = re.findall(r'<li><a href="(/questions/[^"]+)"', page)
    assert len(links) == len(Records(web.dataset).questions()) + 1
    for link in links[::9]:
        page = web.page(link)
        # Some ask for what must not be, such as two people with one authority record.
        assert '<table class="answer">' in page or "Nothing in the data answers this." in page, link


@pytest.mark.parametrize(
    "written",
    [
        "person:woodcock",
        "https://w3id.org/ksv/id/person/woodcock",
        "<https://w3id.org/ksv/id/person/woodcock>",
    ],
)
def test_a_thing_is_given_by_its_iri_or_a_name_with_a_prefix(web: Client, written: str) -> None:
    found = rows(web, f"{NAMED}.csv?thing={quote(written)}")
    assert [one["passage"] for one in found] == ["2.3", "fn1", "fn3"]


def test_a_thing_is_given_by_what_it_alone_is_called(web: Client) -> None:
    by_name = rows(web, "/questions/neighbours-of-mutual-aid.csv?start=Mutual%20aid")
    assert by_name == rows(web, "/questions/neighbours-of-mutual-aid.csv")
    said = assert_problem(web.get(f"{NAMED}.csv?thing=MUTUAL%20AID"), 422)
    assert "concept/mutual-aid or " in said["detail"]
    # As the concept is written, and not the book; and by another name than the label.
    assert rows(web, f"{NAMED}.csv?thing=mutual%20aid") == rows(
        web, f"{NAMED}.csv?thing=con:mutual-aid"
    )
    assert rows(web, f"{NAMED}.csv?thing=Marx") == rows(web, f"{NAMED}.csv?thing=person:marx")


def between(client: Client, one: str, other: str) -> set[tuple[str, ...]]:
    """Give what two things have to do with each other, by the last words of IRIs."""
    given = f"one={quote(one)}&other={quote(other)}"
    found = rows(client, f"/questions/between.csv?{given}")
    return {tuple(re.split("[/#]", cell)[-1] for cell in one.values()) for one in found}


def test_what_two_things_have_to_do_with_each_other_can_be_asked_of_any(web: Client) -> None:
    people = between(web, "person:kropotkin-peter", "Karl Marx")
    assert ("laws-without-counterpart", "compares", "compares", "3.6") in people, "a claim of both"
    assert ("division-of-labor", "studied", "criticised", "") in people, "in common"
    assert ("3.7", "Named", "citedThrough", "") in people, "one is named where the other is cited"
    concept = between(web, "person:kropotkin-peter", "con:mutual-aid")
    assert ("mutual-aid", "studied", "", "") in concept, "said of the one and the other"
    assert ("aid-always-present", "Holds", "about", "2.2") in concept, "what the one holds of it"
    assert ("mutual-aid", "creator", "about", "") in concept, "a work of the one about the other"
    turned = between(web, "con:mutual-aid", "person:kropotkin-peter")
    assert ("aid-always-present", "about", "Holds", "2.2") in turned
    works = between(web, "work:mutual-aid", "work:conquest-of-bread")
    assert ("2.5", "citedThrough", "citedThrough", "") in works
    page = web.page("/questions/between?one=person:kropotkin-peter&other=con:mutual-aid")
    assert "<h1>What have Peter Kropotkin and mutual aid to do with each other?</h1>" in page


def test_of_another_data_set_the_same_can_be_asked(own: Client) -> None:
    assert between(own, "person:hertz", "Lenard") == {("11", "nennt", "nennt", "")}
    related = between(own, "begriff:x-strahlen", "Kathodenstrahlen")
    assert related == {("kathodenstrahlen", "related", "", ""), ("x-strahlen", "", "related", "")}
    page = own.page("/questions/between?one=person:lenard&other=begriff:x-strahlen")
    assert "Nothing in the data answers this." in page


def test_the_page_of_what_the_text_names_asks_what_it_has_to_do_with_another(web: Client) -> None:
    page = web.page("/doc/person/kropotkin-peter")
    form = page.partition('action="/questions/between"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="one" value="person:kropotkin-peter">' in form
    assert 'name="other"' in form
    for other in ("/doc/passage/2.6", "/doc/claim/aid-always-present"):
        assert 'action="/questions/between"' not in web.page(other)


def test_a_name_of_nothing_leads_to_near_ones_that_can_be_asked(web: Client) -> None:
    page = web.get("/questions/between?one=Kropotkinn&other=Marx&_sort=what", accept=BROWSER).text
    assert "<code>one</code>: <code>Kropotkinn</code> is the name of nothing in the data" in page
    meant = "/questions/between?other=Marx&amp;_sort=what&amp;one=person%3Akropotkin-peter"
    assert f'<a href="{meant}">Peter Kropotkin</a>' in page
    assert "What have Peter Kropotkin and Marx" in web.page(unescape(meant))


def test_a_query_is_shown_with_each_prefix_once(web: Client) -> None:
    for address in ("/questions/between", NAMED):
        shown = web.page(address).partition('aria-label="The query">')[2].partition("</pre>")[0]
        prefixes = re.findall(r"PREFIX \w+:", shown)
        assert len(prefixes) == len(set(prefixes)) > 1


@pytest.mark.parametrize(
    ("accept", "suffix", "media"),
    [
        ("application/sparql-results+json", "json", "application/sparql-results+json"),
        ("application/json", "srj", "application/sparql-results+json"),
        ("text/csv", "csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "tsv", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+xml", "srx", "application/sparql-results+xml"),
        ("text/turtle", "ttl", "text/turtle; charset=utf-8"),
        (BROWSER, "html", "text/html; charset=utf-8"),
    ],
)
def test_the_format_is_chosen_by_header_suffix_or_name(
    web: Client, accept: str, suffix: str, media: str
) -> None:
    for answer in (
        web.get(NAMED, accept),
        web.get(f"{NAMED}.{suffix}"),
        web.get(f"{NAMED}?_format={suffix}"),
        web.get(f"{NAMED}?_format={media.partition(';')[0]}"),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media
        assert "Accept" in answer.headers["vary"]


def test_in_rdf_a_question_describes_itself(web: Client) -> None:
    said = web.get(NAMED, "text/turtle").text
    assert "<https://w3id.org/ksv/questions/where-kropotkin-is-named>\n" in said
    assert "sh:parameter" in said


def test_rows_are_left_out_and_sorted(web: Client) -> None:
    every = rows(web, f"{NAMED}.csv")
    many = rows(web, f"{NAMED}.csv?occurrences.from=3&_sort=-occurrences,passage")
    assert {one["passage"] for one in many} == {
        one["passage"] for one in every if int(one["occurrences"]) >= 3
    }
    times = [int(one["occurrences"]) for one in many]
    assert times == sorted(times, reverse=True) and len(times) > 2
    assert rows(web, f"{NAMED}.csv?passage={every[0]['passage']}") == every[:1]


def test_pages_lead_to_each_other_and_give_every_row_once(web: Client) -> None:
    every = rows(web, f"{NAMED}.csv")
    where: str | None = f"{NAMED}?_size=10&thing=person:kropotkin-peter"
    found: list[dict[str, str]] = []
    while where:
        answer = web.get(where, "text/csv")
        assert answer.headers["x-total-count"] == str(len(every))
        found += csv.DictReader(io.StringIO(answer.text))
        links = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])
        following = {rel: link for link, rel in links}.get("next")
        where = following and following.removeprefix(serving.HOME)
    assert found == every


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [
        ("?thong=person:marx", 400, "thong"),
        ("?thing=person:marx&thing=person:huxley", 400, "thing"),
        ("?passage.near=3", 400, "passage.near"),
        ("?_sort=when", 400, "when"),
        ("?_size=0", 422, "_size"),
        (f"?_size=000000000001{'9' * 5000}", 422, "_size"),
        ("?_page=x", 422, "_page"),
        ("?thing=nobody-is-called-so", 422, "thing"),
        ("?thing=https://example.org/", 422, "thing"),
        (f"?thing={'x' * 3000}", 422, "thing"),
    ],
)
def test_what_is_wrong_is_named(web: Client, address: str, status: int, name: str) -> None:
    assert assert_problem(web.get(NAMED + address), status)["parameter"] == name
    page = web.get(NAMED + address, BROWSER)
    assert page.status_code == status
    assert 'role="alert"' in page.text
    assert "SELECT" not in page.text


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("page-16?page", "5.5"),
        ("page-16?page", "five"),
        ("before-1900?before", "1900"),
        ("before-1900?before", "1900-13-01"),
        ("sources-of-note-1?note", "person:marx"),
    ],
)
def test_a_value_has_the_type_that_its_parameter_has(
    web: Client, question: str, value: str
) -> None:
    said = assert_problem(web.get(f"/questions/{question}={value}"), 422)
    assert said["parameter"] == question.partition("?")[2]
    assert value in said["detail"]


def test_an_unknown_question_is_not_there_and_the_nearest_is_named(web: Client) -> None:
    said = assert_problem(web.get("/questions/where-kropotkin-is-nammed"), 404)
    assert "where-kropotkin-is-named" in said["detail"]
    assert_problem(web.get("/questions/page-16.mp3"), 406)


BREAKING = [
    'x" } UNION { ?s ?p ?o } #',
    'x\\" } ASK {',
    "\\u0022 } #",
    "a\nb\tc\r",
    "</script>\u202e",
    "'''",
]


@pytest.mark.parametrize("text", BREAKING)
def test_no_value_ends_its_place_in_the_query(own: Client, text: str) -> None:
    answer = own.get(f"/questions/echo.json?said={quote(text)}")
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["results"]["bindings"]
    assert row["said"]["value"] == text.strip()
    assert "</script>\u202e" not in own.page(f"/questions/echo?said={quote(text)}")


@pytest.mark.parametrize(
    "iri", ["https://w3id.org/ksv/id/x>", "https://w3id.org/ksv/id/ }", "a:\\u003e", "http://[::1"]
)
def test_what_is_no_iri_gets_into_no_query(web: Client, iri: str) -> None:
    assert_problem(web.get(f"{NAMED}?thing={quote(iri)}"), 422)


def test_the_operators_questions_are_asked_like_those_of_the_data(own: Client) -> None:
    names = {one["name"] for one in own.get("/questions?format=json").json()["questions"]}
    assert {"people", "echo", "any", "types"} <= names
    assert rows(own, "/questions/people.csv")
    assert rows(own, "/questions/echo.csv?said=a&often=3") == [{"said": "a", "often": "3"}]
    assert "Was a said?" in own.page("/questions/echo?said=a")
    assert "sh:select" in own.get("/questions/people.ttl").text


def test_a_parameter_without_a_default_is_missed_by_name(own: Client) -> None:
    said = assert_problem(own.get("/questions/echo"), 400)
    assert said["parameter"] == "said"
    assert 'name="said"' in own.get("/questions/echo", BROWSER).text
    for value in ("0", "4", "x"):
        wrong = assert_problem(own.get(f"/questions/echo?said=a&often={value}"), 422)
        assert wrong["parameter"] == "often"


def test_a_question_may_ask_for_yes_or_no_or_a_graph(own: Client) -> None:
    assert own.get("/questions/any", "application/json").json()["boolean"] is True
    assert "Yes" in own.page("/questions/any")
    assert "foaf:Person" in own.get("/questions/types", "text/turtle").text
    assert "foaf:Person" in own.page("/questions/types")
    assert_problem(own.get("/questions/any?_sort=who"), 400)


def test_two_questions_of_one_name_are_told_apart(foreign: Dataset, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(OWN, encoding="utf-8")
    (tmp_path / "b.ttl").write_text(OWN.replace("/asked/", "/again/"), encoding="utf-8")
    with pytest.raises(errors.FolderError, match=r"b\.ttl: there is a question `"):
        Book(Records(foreign), tmp_path)


def test_each_question_is_an_operation_with_an_example(web: Client, own: Client) -> None:
    for client in (web, own):
        paths = client.get("/openapi.json").json()["paths"]
        for one in client.get("/questions?format=json").json()["questions"]:
            operation = paths[f"/questions/{one['name']}"]["get"]
            assert operation["summary"] == one["label"]
            assert "text/csv" in operation["responses"]["200"]["content"] or one["form"] != "SELECT"
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert names[: len(one["parameters"])] == [p["name"] for p in one["parameters"]]
            assert len(names) == len(set(names))


def test_questions_count_as_queries_where_those_have_a_rate(own: Client) -> None:
    with serving.client(own.dataset, query_rate=1, cache_bytes=0) as client:
        name = client.get("/questions?format=json").json()["questions"]
        assert client.get("/questions").status_code == 200
        if name:
            where = f"/questions/{name[0]['name']}"
            client.get(where)
            assert_problem(client.get(where), 429)


def test_what_would_fit_is_listed_of_data_at_hand_and_not_asked_of_a_store_elsewhere(
    essay: Dataset,
) -> None:
    class Far(Local):
        distant = True

    here, there = (Book(Records(source(essay))) for source in (Local, Far))
    wanted = [one for saved in here.all() for one in saved.parameters if not one.datatype]
    assert any(here.choices(one) for one in wanted)
    assert not any(there.choices(one) for one in wanted)
