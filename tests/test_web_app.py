"""The whole application: what it declares, and what it leaves alone."""

from __future__ import annotations

import re

import pytest
import serving
from serving import Client

from publish.dataset import Dataset


def test_every_route_is_declared_and_every_declaration_is_a_route(each: Client) -> None:
    said = each.get("/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    assert said["info"]["version"] == each.dataset.description.version
    declared = {
        (path.split("{")[0].rstrip("/") or "/", method.upper())
        for path, methods in said["paths"].items()
        for method in methods
    }
    assert ("/sparql", "GET") in declared
    assert ("/sparql", "POST") in declared
    samples = {"/dump": "/dump/", "/browse": "/browse", "/static": "/static/style.css"}
    for path, method in declared:
        answer = each.request(method, samples.get(path, path))
        assert answer.status_code != 405, f"{method} {path} is declared and refused"
    for path in ("/", "/browse", "/questions", "/help", "/health", "/dump", "/describe", "/doc"):
        assert (path, "GET") in declared, path


def test_what_stands_in_a_path_is_declared_as_its_parameter(each: Client) -> None:
    for path, methods in each.get("/openapi.json").json()["paths"].items():
        for method, said in methods.items():
            declared = {one["name"] for one in said.get("parameters", ()) if one["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), f"{method} {path}"


def test_the_declaration_of_sparql_says_what_it_takes_and_gives(each: Client) -> None:
    paths = each.get("/openapi.json").json()["paths"]
    get, post = paths["/sparql"]["get"], paths["/sparql"]["post"]
    names = {one["name"] for one in get["parameters"]}
    assert {"query", "default-graph-uri", "named-graph-uri", "format"} <= names
    assert "text/csv" in get["responses"]["200"]["content"]
    assert set(post["requestBody"]["content"]) == {
        "application/sparql-query",
        "application/x-www-form-urlencoded",
    }
    assert "application/problem+json" in get["responses"]["4XX"]["content"]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_loads_scripts_from_elsewhere(each: Client, path: str) -> None:
    assert each.get(path).status_code == 404


def test_two_applications_share_nothing(essay: Dataset, foreign: Dataset) -> None:
    with serving.client(essay) as one, serving.client(foreign) as other:
        assert one.page("/") != other.page("/")
        assert one.get("/sparql").headers["etag"] != other.get("/sparql").headers["etag"]
        assert foreign.base not in one.page("/help")
        assert essay.base not in other.page("/help")
