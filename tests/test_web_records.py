"""Following an IRI: to the thing's document, in every format, as the source spells it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import serving
from conftest import FOREIGN
from serving import Client, assert_problem

from publish import dataset, declarations
from publish.dataset import Dataset

STRAHLEN = "https://example.org/strahlen/"
RAYS = "/doc/begriff/x-strahlen"
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def triples(answer, suffix: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(answer.content, FORMATS[suffix])}


def test_a_thing_leads_on_to_its_document(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    for iri in about.examples:
        path = "/" + iri.removeprefix(about.base)
        answer = each.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/doc/" + iri.removeprefix(about.uri_space)
        assert answer.headers["vary"] == "Accept"
        assert each.get(answer.headers["location"]).status_code == 200


def test_a_suffix_on_a_thing_leads_to_that_format(web: Client) -> None:
    answer = web.get("/id/begriff/x-strahlen.jsonld")
    assert answer.headers["location"] == f"{RAYS}.jsonld"


@pytest.mark.parametrize(("suffix", "media"), TYPES.items())
def test_each_format_has_an_address_of_its_own(web: Client, suffix: str, media: str) -> None:
    by_suffix = web.get(f"{RAYS}.{suffix}", "image/png")
    by_accept = web.get(RAYS, media.partition(";")[0])
    by_name = web.get(f"{RAYS}?format={suffix}", "image/png")
    # As people write it: the plus is not encoded, and so means a space.
    by_media = web.get(f"{RAYS}?format={media.partition(';')[0]}", "image/png")
    for answer in (by_suffix, by_accept, by_name, by_media):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media
        assert answer.headers["content-location"] == f"{RAYS}.{suffix}"
        assert "Accept" in answer.headers["vary"]
    assert by_suffix.content == by_accept.content == by_name.content


def test_a_browser_gets_a_page_and_a_program_that_says_nothing_turtle(web: Client) -> None:
    assert web.get(RAYS, serving.BROWSER).headers["content-type"].startswith("text/html")
    assert web.get(RAYS).headers["content-type"].startswith("text/turtle")


def test_a_format_that_there_is_not_is_refused_with_those_that_there_are(web: Client) -> None:
    said = assert_problem(web.get(RAYS, "image/png"), 406)
    assert "text/turtle" in said["offers"]
    assert_problem(web.get(f"{RAYS}?format=gif"), 406)


@pytest.mark.parametrize("suffix", FORMATS)
def test_documents_hold_what_the_source_says_as_it_spells_it(each: Client, suffix: str) -> None:
    data = each.dataset
    assert data.description is not None
    for iri in data.description.examples:
        path = "/doc/" + iri.removeprefix(data.description.uri_space)
        found = triples(each.get(f"{path}.{suffix}"), suffix)
        said = {triple for _, triple in data.outgoing(iri)}
        assert said <= found
        place = f"{data.base}doc/{iri.removeprefix(data.description.uri_space)}"
        added = {
            (t.predicate.value.rpartition("/")[2], str(t.object))
            for t in found - said
            if str(t.subject) == f"<{place}>"
        }
        assert added >= {
            ("primaryTopic", f"<{iri}>"),
            ("void#inDataset", f"<{data.description.iri}>"),
            ("license", f"<{data.description.licence}>"),
            *(
                (name, str(t.object))
                for _, t in data.outgoing(data.description.iri)
                if (name := t.predicate.value.rpartition("/")[2]) in ("accessRights", "creator")
            ),
            ("isPartOf", f"<{data.base}release/{data.description.version}/>"),
            ("issued", f'"{data.description.modified}"^^<http://www.w3.org/2001/XMLSchema#date>'),
        }
        assert {name for name, _ in added} <= {
            *("primaryTopic", "void#inDataset", "license", "isPartOf", "issued", "publisher"),
            *("accessRights", "creator", "source"),
        }


def test_a_document_has_the_licences_of_all_that_it_is_made_from(
    essay: Dataset, essay_web: Client
) -> None:
    by, zero = (
        "https://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    )
    geonames = f"{essay.base}graph/enrichment-geonames"
    mixed = essay_web.get("/doc/place/brighton.ttl")
    assert triples(mixed, "ttl") >= {
        statement(f"{essay.base}doc/place/brighton", "license", by),
        statement(f"{essay.base}doc/place/brighton", "license", zero),
        statement(f"{essay.base}doc/place/brighton", "source", geonames),
        statement(geonames, "license", by),
    }
    assert f'<{by}>; rel="license", <{zero}>; rel="license"' in mixed.headers["link"]
    page = essay_web.page("/doc/place/brighton")
    assert f'<link rel="license" href="{by}">' in page
    (block,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', page)
    assert json.loads(block)["subjectOf"]["license"] == [by, zero]
    plain = essay_web.get("/doc/concept/mutual-aid.ttl")
    assert f"{by}" not in plain.text + plain.headers["link"]
    assert "dcterms:source" not in plain.text, "where all have one licence, it holds for all"
    page = essay_web.page("/doc/concept/mutual-aid")
    (block,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', page)
    assert json.loads(block)["subjectOf"]["license"] == zero


def statement(subject: str, term: str, value: str) -> ox.Triple:
    name = ox.NamedNode(f"http://purl.org/dc/terms/{term}")
    return ox.Triple(ox.NamedNode(subject), name, ox.NamedNode(value))


def test_a_number_keeps_its_last_zero(tmp_path: Path) -> None:
    text = '<http://example.org/a> <http://example.org/p> 1.50, "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    with serving.client(serving.bare(tmp_path, text)) as client:
        turtle = client.get("/describe?iri=http://example.org/a", "text/turtle").text
        assert "1.50" in turtle
        assert "01" in turtle


def test_json_ld_has_one_alternate_which_is_all_that_some_loaders_take(web: Client) -> None:
    link = web.get(RAYS, "application/ld+json").headers["link"]
    (page,) = re.findall(r'<([^>]*)>; rel="alternate"', link)
    assert page == f"{serving.HOME}{RAYS}.html"


def test_a_page_links_to_its_data_and_says_what_it_is_about(web: Client) -> None:
    answer = web.get(RAYS, "text/html")
    link = answer.headers["link"]
    for suffix in FORMATS:
        assert f'<{serving.HOME}{RAYS}.{suffix}>; rel="alternate"' in link
        assert f'href="{RAYS}.{suffix}"' in answer.text
    assert f'<{serving.HOME}{RAYS}.ttl>; rel="describedby"' in link
    assert f'<{serving.HOME}{RAYS}>; rel="canonical"' in link
    assert f'<link rel="canonical" href="{serving.HOME}{RAYS}">' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/id/begriff/nichts",
        "/doc/begriff/nichts.ttl",
        "/doc/",
        "/id",
        "/nowhere",
        "/ontology.png",
        "/graph/nothing",
        "/describe?iri=http://example.org/nothing",
        "/describe?iri=no%20iri",
    ],
)
def test_what_is_unknown_is_not_found(web: Client, path: str) -> None:
    assert_problem(web.get(path), 404)


def test_an_iri_is_asked_for(web: Client) -> None:
    said = assert_problem(web.get("/describe"), 400)
    assert "iri" in said["detail"]


@pytest.mark.parametrize("spelled", ["w%C3%BCrzburg", "w%c3%bcrzburg", "würzburg"])
def test_letters_beyond_ascii_are_decoded_once(web: Client, spelled: str) -> None:
    answer = web.get(f"/id/ort/{spelled}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/ort/w%C3%BCrzburg"
    assert "Würzburg" in web.page(answer.headers["location"])


def test_nothing_is_decoded_twice(web: Client) -> None:
    assert_problem(web.get("/id/ort/w%25C3%25BCrzburg"), 404)


def copy_of_foreign(folder: Path, turtle: str) -> Dataset:
    """Load the foreign data set with one more file."""
    shutil.copytree(FOREIGN, folder / "data-set")
    (folder / "data-set" / "data" / "text" / "mehr.ttl").write_text(turtle, encoding="utf-8")
    return dataset.load(folder / "data-set")


@pytest.mark.parametrize("slug", ["a%2Fb", "a%20b", "1.2", "x.ttl", "a'b", "a,b;c=d", "%C3%A9"])
def test_odd_addresses_work_as_they_are_written(tmp_path: Path, slug: str) -> None:
    iri = f"{STRAHLEN}id/ding/{slug}"
    data = copy_of_foreign(tmp_path, f'<{iri}> <http://xmlns.com/foaf/0.1/name> "Ding" .\n')
    with serving.client(data) as client:
        answer = client.get(f"/id/ding/{slug}")
        assert answer.status_code == 303
        document = answer.headers["location"]
        assert document == f"/doc/ding/{slug}"
        assert f"<{iri}>" in client.get(document, "application/n-triples").text
        assert f"<{iri}>" in client.get(f"{document}.nt").text


def test_what_is_a_document_itself_answers_where_it_is(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    for path in (
        "dataset",
        "ontology",
        "shapes",
        *(f"graph/{g.rpartition('/')[2]}" for g in each.dataset.layers),
    ):
        answer = each.get(f"/{path}", "text/turtle")
        assert answer.status_code == 200, path
        assert answer.headers["content-location"] == f"/{path}.ttl"
        assert each.get(f"/{path}.nt").status_code == 200
        assert about.base + path in each.page(f"/{path}")


def test_each_graph_says_how_large_it_is(each: Client) -> None:
    for iri, graph in each.dataset.graphs.items():
        found = triples(each.get("/" + iri.removeprefix(each.dataset.base) + ".nt"), "nt")
        sizes = [str(t.object) for t in found if t.predicate.value.endswith("void#triples")]
        assert [size.split('"')[1] for size in sizes] == [str(len(graph))], iri


def test_terms_make_a_document_that_nobody_else_speaks_of(tmp_path: Path) -> None:
    text = f'<{STRAHLEN}liste#a> <http://xmlns.com/foaf/0.1/name> "A" .\n'
    with serving.client(copy_of_foreign(tmp_path, text)) as client:
        assert 'id="a"' in client.page("/liste")
        assert '"A"' in client.get("/liste.ttl").text


def test_the_ontology_has_every_term_with_its_anchor(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    page = each.page("/ontology")
    document = triples(each.get("/ontology.nt"), "nt")
    graph = each.dataset.graphs[each.dataset.ontology_graph]
    terms = {
        quad.subject.value
        for quad in graph
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(f"{about.base}ontology#")
    }
    assert terms
    for term in terms:
        assert f'id="{term.partition("#")[2]}"' in page
    said = {quad.triple for quad in graph if getattr(quad.subject, "value", "") in terms}
    assert said <= document
    assert declarations.declared(said) <= document


def test_an_iri_of_others_is_described_where_the_data_speak_of_it(web: Client) -> None:
    licence = quote("https://creativecommons.org/publicdomain/zero/1.0/", "")
    page = web.page(f"/describe?iri={licence}")
    assert 'href="/dataset"' in page
    thing = quote(f"{STRAHLEN}id/person/roentgen", "")
    assert web.get(f"/describe?iri={thing}", "text/turtle").status_code == 200
