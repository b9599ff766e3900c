"""Write what repositories and reference managers read of this project, from data/dataset.ttl.

    python scripts/deposit.py

CITATION.cff (Citation File Format 1.2.0) tells how to cite, codemeta.json (CodeMeta 3.0) what the
software is, .zenodo.json what a deposit of a release at Zenodo says. The data set and
pyproject.toml are the only sources; a test compares what stands here with what they say.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml

from publish import dataset
from publish import namespaces as ns
from publish.dataset import Dataset, Description
from publish.description.values import Values
from publish.version import __version__

ROOT = Path(__file__).parent.parent
SPDX = "https://spdx.org/licenses/"
# By licence: its name at SPDX and its name at Zenodo.
LICENCES = {
    "https://creativecommons.org/publicdomain/zero/1.0/": ("CC0-1.0", "cc-zero"),
    "https://creativecommons.org/licenses/by/4.0/": ("CC-BY-4.0", "cc-by-4.0"),
}
# By ISO 639-1, as in the data: ISO 639-2, as Zenodo has it.
LANGUAGES = {"de": "deu", "en": "eng", "fr": "fra", "it": "ita"}
SOFTWARE = ("folkmote", "MIT")


def files(root: Path) -> dict[str, str]:
    """Give the text of each file by its name."""
    data = dataset.load(root)
    about = data.description
    if about is None:
        raise SystemExit("data/dataset.ttl describes no data set")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "CITATION.cff": _yaml(citation(data, about)),
        "codemeta.json": _json(codemeta(data, about, project)),
        ".zenodo.json": _json(zenodo(data, about)),
    }


def citation(data: Dataset, about: Description) -> dict[str, Any]:
    """Say how to cite the data set and the software."""
    return {
        "cff-version": "1.2.0",
        "message": "If you use the data or the software, please cite the version you used.",
        "title": about.title,
        "type": "dataset",
        "authors": [{"name": name} for name in _names(data, about)],
        "version": about.version,
        "date-released": about.modified,
        "license": LICENCES[about.licence][0],
        "license-url": about.licence,
        "identifiers": [
            {
                "type": "url",
                "value": about.iri,
                "description": "The data set, in whatever version is the latest",
            }
        ],
        "abstract": about.description,
        "keywords": _keywords(data, about),
    }


def codemeta(data: Dataset, about: Description, project: dict[str, Any]) -> dict[str, Any]:
    """Describe the software."""
    name, licence = SOFTWARE
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": name,
        "description": project["description"],
        "version": __version__,
        "dateModified": about.modified,
        "license": SPDX + licence,
        "author": [{"@type": "Organization", "name": one} for one in _names(data, about)],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "keywords": project["keywords"],
        "supportingData": {
            "@type": "Dataset",
            "@id": about.iri,
            "name": about.title,
            "version": about.version,
            "license": SPDX + LICENCES[about.licence][0],
        },
    }


def zenodo(data: Dataset, about: Description) -> dict[str, Any]:
    """Describe a release for Zenodo, which gives it a DOI: until then the field is empty."""
    return {
        "upload_type": "dataset",
        "title": about.title,
        "creators": [{"name": name} for name in _names(data, about)],
        "description": about.description,
        "version": about.version,
        "publication_date": about.modified,
        "access_right": "open",
        "license": LICENCES[about.licence][1],
        "language": LANGUAGES[about.languages[0]],
        "keywords": _keywords(data, about),
        "doi": "",
        "related_identifiers": [
            {"identifier": about.iri, "relation": "isVersionOf", "resource_type": "dataset"}
        ],
    }


def _names(data: Dataset, about: Description) -> list[str]:
    found = (Values(data, iri).name() for iri in about.creators)
    return [name.value for name in found if name is not None]


def _keywords(data: Dataset, about: Description) -> list[str]:
    return Values(data, about.iri).texts(ns.DCAT + "keyword")


def _yaml(content: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=99)
    return text


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, text in files(ROOT).items():
        (ROOT / name).write_text(text, encoding="utf-8")
