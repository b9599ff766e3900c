"""Say what a data set is, for machines that find it: computed from the data, never typed.

VoID with counts, partitions by class and property and linksets; DCAT 3 with the files of a release
and the services that a server of it offers; PROV for the layers and the build; and the kinds that
DCAT-AP wants everything pointed at to have. What the data set says of itself is repeated as it
stands. All addresses begin with the base; `at` puts those where something is to be had on the
server that is asked. Everything described has an IRI.

Follows VoID sections 4 to 6, DCAT 3 sections 6 and 11, DCAT-AP 3.0.1 and PROV-O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, Description
from publish.description import void
from publish.description.saying import Saying
from publish.description.values import (
    File,
    Values,
    link,
    part_of,
    path_of,
    release_of,
    resource_or_text,
)

_IANA = "https://www.iana.org/assignments/media-types/"
_GZIP = "application/gzip"
_STREAMS = "https://www.w3.org/TR/activitystreams-core/"
_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_GRAPHS = (
    (
        "meta_graph",
        "Description and saved questions",
        "What the data set says of itself, and the questions that are saved with it.",
    ),
    (
        "ontology_graph",
        "Terms",
        "The classes and properties that the data use beside those of others.",
    ),
    ("shapes_graph", "Rules", "The rules that the data keep, as SHACL shapes."),
    ("inferred_graph", "Derived statements", "What the rules derive from the other graphs."),
)
"""The graphs that every data set has, with a title and a description where it gives none."""

# Where something is to be had, and so where the server is that is asked.
_PLACES = frozenset(
    {
        ns.DCAT + "accessURL",
        ns.DCAT + "downloadURL",
        ns.DCAT + "endpointDescription",
        ns.DCAT + "endpointURL",
        ns.DCAT + "landingPage",
        ns.VOID + "dataDump",
        ns.VOID + "sparqlEndpoint",
        ns.VOID + "uriLookupEndpoint",
    }
)


_WANTED = MappingProxyType(
    {
        ns.DCTERMS + "accessRights": ns.DCTERMS + "RightsStatement",
        ns.DCTERMS + "conformsTo": ns.DCTERMS + "Standard",
        ns.DCTERMS + "language": ns.DCTERMS + "LinguisticSystem",
        ns.DCTERMS + "license": ns.DCTERMS + "LicenseDocument",
        ns.DCAT + "endpointDescription": ns.RDFS + "Resource",
        ns.DCAT + "endpointURL": ns.RDFS + "Resource",
        ns.DCAT + "landingPage": ns.FOAF + "Document",
    }
)
"""By property, the kind that DCAT-AP wants its values to have."""


def describe(
    dataset: Dataset,
    files: Iterable[File] = (),
    *,
    now: datetime,
    software: str,
    counted: bool = True,
) -> set[turtle.Triple]:
    """Describe a data set, the files of its release and its services.

    `now` is the time of the release, `software` the name and version of what wrote it. Of a data
    set that is not `counted`, since most of it is elsewhere, nothing is counted. A bare file says
    nothing of itself, and gives nothing.
    """
    about = dataset.description
    if about is None:
        return set()
    said = Saying(dataset, about, tuple(files), now.astimezone(UTC), software)
    _itself(said)
    _layers(said, counted=counted)
    if counted:
        void.counts(said)
        void.linksets(said)
    _distributions(said)
    _services(said)
    _version(said)
    _origin(said)
    return said.triples | _kinds(said.triples)


def at(triples: Iterable[turtle.Triple], base: str, home: str) -> set[turtle.Triple]:
    """Give a description in which everything to be had is on the server `home`, without a slash."""
    moved = {_moved(triple, base, home) for triple in triples}
    return moved | _kinds(moved)


def reached(about: Description, contact: str) -> set[turtle.Triple]:
    """Say by which mail address those who run a server of the data set are reached (DCAT 3, 6.4)."""
    point = part_of(about, "contact")
    return {
        link(about.iri, ns.DCAT + "contactPoint", point),
        link(point, ns.TYPE, ns.VCARD + "Kind"),
        link(point, ns.VCARD + "hasEmail", f"mailto:{contact}"),
        turtle.Triple(
            turtle.Named(point),
            turtle.Named(ns.VCARD + "fn"),
            turtle.Literal(about.title),
        ),
    }


def succession(about: Description, before: Mapping[str, str]) -> set[turtle.Triple]:
    """Say which version came before which (DCAT 3, 11.2); `before` gives it by version."""
    found: set[turtle.Triple] = set()
    for version, earlier in before.items():
        newer, older = (release_of(about, number) for number in (version, earlier))
        found |= {
            link(newer, ns.DCAT + "previousVersion", older),
            link(about.iri, ns.DCAT + "hasVersion", newer),
            link(about.iri, ns.DCAT + "hasVersion", older),
        }
    return found


def _moved(triple: turtle.Triple, base: str, home: str) -> turtle.Triple:
    value = triple.object
    if triple.predicate.value not in _PLACES or not isinstance(value, turtle.Named):
        return triple
    if not value.value.startswith(base):
        return triple
    place = turtle.Named(f"{home}/{value.value.removeprefix(base)}")
    return turtle.Triple(triple.subject, triple.predicate, place)


def _itself(said: Saying) -> None:
    """Repeat what the data set says of itself and of those who made it."""
    said.repeat(said.about.iri)
    said.links(
        said.about.iri,
        {
            ns.TYPE: [ns.DCAT + "Dataset", ns.VOID + "Dataset", ns.PROV + "Entity"],
            ns.DCAT + "landingPage": [said.about.base],
            ns.VOID + "sparqlEndpoint": [f"{said.about.base}sparql"],
            ns.VOID + "uriLookupEndpoint": [f"{said.about.base}describe?iri="],
            ns.VOID + "feature": [ns.FORMATS + name for name in _FORMATS],
        },
    )
    said.text(said.about.iri, ns.DCTERMS + "identifier", said.about.iri)
    for role in ("creator", "publisher"):
        for iri in Values(said.dataset, said.about.iri).iris(ns.DCTERMS + role):
            said.agent(iri)


def _layers(said: Saying, *, counted: bool) -> None:
    """Describe each graph as a data set of its own, with its file."""
    own = {getattr(said.dataset, name): (title, text) for name, title, text in _GRAPHS}
    for iri, graph in said.dataset.graphs.items():
        said.repeat(iri)
        said.links(said.about.iri, {ns.VOID + "subset": [iri], ns.DCTERMS + "hasPart": [iri]})
        said.links(
            iri,
            {
                ns.TYPE: [ns.VOID + "Dataset", ns.DCAT + "Dataset", ns.PROV + "Entity"],
                ns.DCTERMS + "isPartOf": [said.about.iri],
            },
        )
        if counted:
            said.number(iri, ns.VOID + "triples", len(graph))
        own_words = Values(said.dataset, iri)
        title, text = own.get(iri, (iri, f"The graph {iri} of {said.about.title}."))
        for name, default in (("title", title), ("description", text)):
            if not own_words.texts(ns.DCTERMS + name):
                said.say(iri, ns.DCTERMS + name, turtle.Literal(default, language="en"))
        if not own_words.iris(ns.DCTERMS + "license"):
            said.licence(iri)
        said.links(iri, {ns.PROV + "wasAttributedTo": own_words.iris(ns.DCTERMS + "creator")})


def _distributions(said: Saying) -> None:
    """Describe the files, each as it stands and packed (DCAT 3, 6.8)."""
    for file in said.files:
        whole = file.graph or said.about.iri
        plain = _distribution(said, whole, file, "")
        said.number(plain, ns.DCAT + "byteSize", file.bytes, "nonNegativeInteger")
        checksum = f"{plain}#sha256"
        # SPDX knows checksums of its own files alone.
        said.links(plain, {ns.TYPE: [ns.SPDX + "File"], ns.SPDX + "checksum": [checksum]})
        said.links(
            checksum,
            {
                ns.TYPE: [ns.SPDX + "Checksum"],
                ns.SPDX + "algorithm": [ns.SPDX + "checksumAlgorithm_sha256"],
            },
        )
        sha256 = turtle.Literal(file.sha256, datatype=turtle.Named(ns.XSD + "hexBinary"))
        said.say(checksum, ns.SPDX + "checksumValue", sha256)
        # How many bytes gzip makes is not the same everywhere, so the sums are of the content.
        packed = _distribution(said, whole, file, ".gz")
        said.links(packed, {ns.DCAT + "compressFormat": [_IANA + _GZIP]})
    if said.files:
        used = {_GZIP, *(file.media for file in said.files)}
        for media in used:
            said.links(_IANA + media, {ns.TYPE: [ns.DCTERMS + "MediaType"]})
        algorithm = ns.SPDX + "checksumAlgorithm_sha256"
        said.links(algorithm, {ns.TYPE: [ns.SPDX + "ChecksumAlgorithm"]})


def _distribution(said: Saying, whole: str, file: File, suffix: str) -> str:
    place = said.about.base + path_of(said.about, file.name + suffix)
    said.links(whole, {ns.DCAT + "distribution": [place], ns.VOID + "dataDump": [place]})
    said.links(
        place,
        {
            ns.TYPE: [ns.DCAT + "Distribution"],
            ns.DCAT + "accessURL": [place],
            ns.DCAT + "downloadURL": [place],
            ns.DCAT + "mediaType": [_IANA + file.media],
        },
    )
    said.text(place, ns.DCTERMS + "title", file.name + suffix)
    said.say(place, ns.DCTERMS + "issued", said.day())
    said.licence(place)
    return place


def _services(said: Saying) -> None:
    """Describe what a server of the data set offers (DCAT 3, 6.9), and the catalogue of both."""
    base = said.about.base
    offered: tuple[tuple[str, str, str, str, list[str]], ...] = (
        (f"{base}sparql#service", "SPARQL", f"{base}sparql", f"{base}sparql", [_PROTOCOL]),
        (said.within("api"), "Documents and lists", base, f"{base}openapi.json", []),
        (said.within("feed"), "Changes", f"{base}changes", f"{base}openapi.json", [_STREAMS]),
    )
    catalog = said.within("catalog")
    for iri, title, endpoint, told, rules in offered:
        said.links(catalog, {ns.DCAT + "service": [iri]})
        said.links(
            iri,
            {
                ns.TYPE: [ns.DCAT + "DataService"],
                ns.DCAT + "endpointURL": [endpoint],
                ns.DCAT + "endpointDescription": [told],
                ns.DCAT + "servesDataset": [said.about.iri],
                ns.DCTERMS + "conformsTo": rules,
            },
        )
        said.say(iri, ns.DCTERMS + "title", turtle.Literal(title, language="en"))
        said.licence(iri)
    said.links(
        catalog,
        {
            ns.TYPE: [ns.DCAT + "Catalog"],
            ns.DCAT + "dataset": [said.about.iri],
        },
    )
    said.copy(said.about.iri, catalog, "title", "description", "license", "modified")
    said.links(catalog, {ns.DCTERMS + "publisher": said.publishers()})


def _version(said: Saying) -> None:
    """Describe this version, beside the data set that it is one of (DCAT 3, 11)."""
    if not said.about.version:
        return
    iri = said.version_iri()
    said.links(
        said.about.iri,
        {
            ns.DCAT + "hasVersion": [iri],
            ns.DCAT + "hasCurrentVersion": [iri],
        },
    )
    said.links(
        iri,
        {
            ns.TYPE: [ns.DCAT + "Dataset", ns.PROV + "Entity"],
            ns.DCTERMS + "isVersionOf": [said.about.iri],
            ns.DCAT + "distribution": [
                said.about.base + path_of(said.about, file.name)
                for file in said.files
                if not file.graph
            ],
        },
    )
    said.text(iri, ns.DCAT + "version", said.about.version)
    said.copy(said.about.iri, iri, "title", "description", "creator", "publisher", "license")
    said.say(iri, ns.DCTERMS + "issued", said.day())


def _origin(said: Saying) -> None:
    """Say from what and by what the release and the derived statements were made."""
    release = said.version_iri()
    asserted = [iri for iri in said.dataset.graphs if iri != said.dataset.inferred_graph]
    agent = f"{release}#software"
    said.links(agent, {ns.TYPE: [ns.PROV + "SoftwareAgent", ns.FOAF + "Agent"]})
    said.text(agent, ns.FOAF + "name", said.software)
    made = {f"{release}#build": release if said.about.version else said.about.iri}
    if said.dataset.inferred_graph in said.dataset.graphs:
        made[f"{release}#derivation"] = said.dataset.inferred_graph
        said.links(said.dataset.inferred_graph, {ns.PROV + "wasDerivedFrom": asserted})
    moment = turtle.Literal(said.now.isoformat(), datatype=turtle.Named(ns.XSD + "dateTime"))
    for activity, entity in made.items():
        said.links(entity, {ns.PROV + "wasGeneratedBy": [activity]})
        said.say(entity, ns.PROV + "generatedAtTime", moment)
        said.links(
            activity,
            {
                ns.TYPE: [ns.PROV + "Activity"],
                ns.PROV + "used": asserted,
                ns.PROV + "wasAssociatedWith": [agent],
            },
        )
    for match in said.dataset.matches:
        layer = f"{said.about.base}graph/{PurePosixPath(match.path).parent.name}"
        table = match.cells.get("mapping_set_id", "")
        if match.asserted and table and layer in said.dataset.graphs:
            said.say(layer, ns.PROV + "wasDerivedFrom", resource_or_text(table))
            if turtle.is_iri(table):
                said.links(table, {ns.TYPE: [ns.PROV + "Entity"]})


def _kinds(triples: Iterable[turtle.Triple]) -> set[turtle.Triple]:
    """Give what others are pointed at for the kinds that DCAT-AP wants them to have."""
    return {
        link(triple.object.value, ns.TYPE, kind)
        for triple in triples
        if (kind := _WANTED.get(triple.predicate.value)) and isinstance(triple.object, turtle.Named)
    }
