"""What an editor of queries offers: prefixes, classes and properties of the data."""

from __future__ import annotations

import pytest
import serving

from publish.dataset import Dataset


def test_the_terms_of_the_data_are_offered_with_labels_the_most_used_first(
    either: Dataset,
) -> None:
    with serving.client(either) as client:
        answer = client.get("/completions.json")
        assert answer.headers["content-type"] == "application/json"
        said = answer.json()
        assert said["prefixes"].items() >= dict(either.prefixes).items()
        for kind in ("class", "property"):
            counts = [one["count"] for one in said["terms"] if one["kind"] == kind]
            assert counts == sorted(counts, reverse=True)
            assert counts
        person = next(one for one in said["terms"] if one["name"] == "foaf:Person")
        assert person["kind"] == "class"
        assert person["label"]


def test_a_bare_file_has_its_terms_too(tmp_path) -> None:
    data = serving.bare(tmp_path, "<a:a> a <a:Kind> ; <a:has> 1 .")
    with serving.client(data) as client:
        names = {one["name"] for one in client.get("/completions.json").json()["terms"]}
        assert {"<a:Kind>", "<a:has>"} <= names


@pytest.mark.parametrize("name", ["..%2fstyle.css", "manifest.json", "x.js"])
def test_only_scripts_are_served_among_the_scripts(foreign: Dataset, name: str) -> None:
    with serving.client(foreign) as client:
        serving.assert_problem(client.get(f"/static/scripts/{name}"), 404)
