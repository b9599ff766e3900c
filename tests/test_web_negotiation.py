"""Which form and which language an answer has, for the headers that clients really send."""

from __future__ import annotations

import pytest
from serving import BROWSER, Client, assert_problem

RAYS = "/doc/begriff/x-strahlen"
HTML, TURTLE, TRIPLES = "text/html", "text/turtle", "application/n-triples"
JSON_LD, XML = "application/ld+json", "application/rdf+xml"
PATHS = (RAYS, "/dataset", "/ontology", "/graph/text", "/sparql")
CASES = {
    "a browser": (BROWSER, HTML),
    "an older browser": ("text/html, application/xml;q=0.9, image/webp, */*;q=0.8", HTML),
    "curl": ("*/*", TURTLE),
    "nothing": (None, TURTLE),
    "an empty header": ("", TURTLE),
    "rdflib": (
        "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5,"
        " */*;q=0.1,text/turtle;q=1,application/n-triples;q=1",
        TURTLE,
    ),
    "jena": ("text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,*/*;q=0.3", TURTLE),
    "a JSON client": ("application/json", JSON_LD),
    "a script with fetch and JSON": ("application/json, text/plain, */*", JSON_LD),
    "JSON-LD in a profile": (
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
        JSON_LD,
    ),
    "EasyRdf, which may lack what reads JSON-LD": (
        "application/json,application/ld+json,application/n-triples,text/plain;q=0.9,"
        "text/turtle;q=0.8,application/rdf+xml;q=0.8,text/xml;q=0.5,text/html;q=0.4",
        TRIPLES,
    ),
    "the older name of Turtle": ("application/x-turtle", TURTLE),
    "N3, which Turtle is too": ("text/n3", TURTLE),
    "XML": ("application/xml", XML),
    "weights": ("text/turtle;q=0.2, application/n-triples;q=0.4", TRIPLES),
    "no Turtle please": ("text/turtle;q=0, */*", JSON_LD),
    "plain text": ("text/plain", TRIPLES),
    "all text": ("text/*", TURTLE),
    "capitals": ("TEXT/HTML", HTML),
    "rubbish before sense": (";;,/, text/html", HTML),
}
REFUSED = ("image/png", "text/turtle;q=0", "application/pdf, image/*", "*/*;q=0")


def ask(web: Client, path: str, **headers: str | None):
    given = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    # The client of the tests would add an Accept header of its own.
    return web.request("GET", path, headers={"Accept": "", **given})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("accept", "media"), CASES.values(), ids=CASES)
def test_clients_get_the_form_that_they_like_best(
    web: Client, path: str, accept: str | None, media: str
) -> None:
    answer = ask(web, path, Accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "accept" in answer.headers["vary"].lower().replace(" ", "").split(",")


@pytest.mark.parametrize("path", PATHS)
def test_a_wish_in_several_lines_is_one_wish(web: Client, path: str) -> None:
    """RFC 9110, 5.3."""
    lines = [("Accept", "image/png"), ("Accept", "text/turtle;q=0.5"), ("Accept", XML)]
    answer = web.request("GET", path, headers=lines)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == XML


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", REFUSED)
def test_what_nobody_offers_is_refused_with_a_list(web: Client, path: str, accept: str) -> None:
    answer = ask(web, path, Accept=accept)
    said = assert_problem(answer, 406)
    assert TURTLE in said["offers"]
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    "language", ["de", "en", "fr;q=0.9, *;q=0.1", "xx", "*", "en;q=0", "%", ""]
)
@pytest.mark.parametrize("path", [RAYS, f"{RAYS}.ttl", "/", "/help", "/nowhere"])
def test_the_language_asked_for_takes_nothing_away(web: Client, path: str, language: str) -> None:
    """Literals carry their tags, and the pages are in one language, so nothing depends on it."""
    plain = ask(web, path, Accept=BROWSER)
    asked = ask(web, path, Accept=BROWSER, Accept_Language=language)
    assert (asked.status_code, asked.content) == (plain.status_code, plain.content)
    assert "language" not in asked.headers.get("vary", "").lower()
    assert asked.headers.get("etag") == plain.headers.get("etag")


@pytest.mark.parametrize("path", [RAYS, "/", "/nowhere", "/sparql?query=x"])
def test_pages_say_which_language_their_words_are_in(web: Client, path: str) -> None:
    assert ask(web, path, Accept=BROWSER).text.startswith('<!doctype html>\n<html lang="en"')


def test_the_thing_itself_leads_on_whatever_is_asked_for(web: Client) -> None:
    for accept in ("text/turtle", BROWSER, "image/png"):
        answer = ask(web, "/id/begriff/x-strahlen", Accept=accept)
        assert (answer.status_code, answer.headers["vary"]) == (303, "Accept")


@pytest.mark.parametrize(
    ("accept", "leads"),
    [
        ("text/turtle", True),
        ("application/ld+json, text/html;q=0.5", True),
        ("text/html, text/turtle;q=0.9", False),
        ("*/*", False),
        (None, False),
        ("image/png", False),
    ],
)
def test_who_takes_data_alone_is_led_from_the_start_to_the_data_set(
    web: Client, accept: str | None, *, leads: bool
) -> None:
    answer = ask(web, "/", Accept=accept)
    assert answer.headers["vary"].startswith("Accept")
    if leads:
        assert (answer.status_code, answer.headers["location"]) == (303, "/dataset")
    else:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(HTML)
