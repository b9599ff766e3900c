"""The description that a page carries: schema.org as JSON-LD, and Dublin Core as meta elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from publish import namespaces as ns
from publish.dataset import Dataset
from publish.description.values import File, Values, part_of, path_of


def schema(dataset: Dataset, files: Iterable[File], home: str, contact: str = "") -> dict[str, Any]:
    """Describe a data set as a schema.org `Dataset`, as JSON-LD, for whoever reads `home`.

    `contact` is the mail address of who runs the server.
    """
    about = dataset.description
    if about is None:
        return {}
    said = Values(dataset, about.iri)
    agents = {
        role: [_agent(dataset, iri) for iri in said.iris(ns.DCTERMS + role)]
        for role in ("creator", "publisher")
    }
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": about.iri,
        "identifier": about.iri,
        "url": f"{home}/",
        "name": about.title,
        "description": about.description,
        "version": about.version,
        "license": about.licence,
        "isAccessibleForFree": True,
        "datePublished": next(iter(said.texts(ns.DCTERMS + "issued")), ""),
        "dateModified": about.modified,
        "inLanguage": list(about.languages),
        "keywords": said.texts(ns.DCAT + "keyword"),
        **agents,
        "contactPoint": {"@type": "ContactPoint", "email": contact} if contact else "",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "encodingFormat": file.media,
                "contentUrl": f"{home}/{path_of(about, file.name)}",
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in files
            if not file.graph
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": part_of(about, "catalog"),
            "name": about.title,
            "url": f"{home}/",
        },
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


_STATED = ("issued", "modified", "license", "accessRights")


def tags(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Describe a data set in terms of DCMI, as meta elements have them: names and contents.

    Follows Expressing Dublin Core metadata using HTML/XHTML meta and link elements, section 3.
    Reference managers and assessors read meta elements alone, so IRIs stand there as texts.
    """
    about = dataset.description
    if about is None:
        return
    said = Values(dataset, about.iri)
    yield from (("title", about.title), ("type", "Dataset"), ("identifier", about.iri))
    for role in ("creator", "publisher"):
        for iri in said.iris(ns.DCTERMS + role):
            yield role, _agent(dataset, iri)["name"]
    if about.description:
        yield "description", about.description
    yield from (("language", one) for one in about.languages)
    yield from (("subject", one) for one in said.texts(ns.DCAT + "keyword"))
    for term in _STATED:
        name = ns.DCTERMS + term
        yield from ((term, one) for one in (*said.texts(name), *said.iris(name)))


def _agent(dataset: Dataset, iri: str) -> dict[str, str]:
    said = Values(dataset, iri)
    kind = "Person" if ns.FOAF + "Person" in said.iris(ns.TYPE) else "Organization"
    name = said.name()
    return {"@type": kind, "@id": iri, "name": name.value if name else iri}
