"""What repositories and reference managers read is made from the data set, and current."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
import yaml

from publish import dataset

ROOT = Path(__file__).parent.parent
MADE: dict[str, str] = runpy.run_path(str(ROOT / "scripts" / "deposit.py"))["files"](ROOT)


@pytest.mark.parametrize("name", MADE)
def test_the_files_say_what_the_data_set_says(name: str) -> None:
    told = "run `python scripts/deposit.py`, which writes it anew"
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name], told


def test_nobody_and_no_doi_is_made_up() -> None:
    deposit = json.loads(MADE[".zenodo.json"])
    assert deposit["doi"] == ""
    assert deposit["creators"] == [{"name": "The folkmote editors"}]
    for text in MADE.values():
        assert "orcid" not in text.lower()
        assert "doi.org" not in text
        assert "@" not in text.replace('"@', "")


def test_each_has_what_its_format_demands() -> None:
    about = dataset.load(ROOT).description
    assert about
    cited = yaml.safe_load(MADE["CITATION.cff"])
    # Citation File Format 1.2.0, "Required keys".
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert cited["title"] == about.title
    software = json.loads(MADE["codemeta.json"])
    assert software["@context"] == "https://w3id.org/codemeta/3.0"
    assert software["supportingData"]["@id"] == about.iri
    deposit = json.loads(MADE[".zenodo.json"])
    # Zenodo, deposit metadata: what must be filled in for an open data set.
    needed = ("upload_type", "publication_date", "title", "creators", "description", "license")
    assert all(deposit[name] for name in needed)
