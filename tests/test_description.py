"""What a data set says of itself is computed, complete, and as the standards want it."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from conftest import RIVER
from rdflib import DCTERMS, FOAF, PROV, RDF, VOID, URIRef

from publish import dataset, description, release, turtle, vocabulary
from publish import namespaces as ns
from publish.dataset import Dataset

# rdflib knows DCAT as it was before the third version.
DCAT = rdflib.Namespace(ns.DCAT)
SPDX = rdflib.Namespace(ns.SPDX)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
HOME = "https://data.example:8443/below"
SUITES = os.environ.get("FOLKMOTE_SUITES", "")


def graph_of(triples: set[turtle.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=turtle.ntriples(triples), format="nt")


def number(graph: rdflib.Graph, thing: rdflib.term.Node, name: str) -> int:
    value = graph.value(thing, URIRef(name))
    assert isinstance(value, rdflib.Literal)
    return int(value)


@pytest.fixture(scope="module")
def written(either: Dataset, tmp_path_factory: pytest.TempPathFactory) -> release.Release:
    return release.write(either, tmp_path_factory.mktemp("release") / "out")


@pytest.fixture(scope="module")
def said(written: release.Release) -> rdflib.Graph:
    return rdflib.Graph().parse(written.root / release.DESCRIPTION)


@pytest.fixture(scope="module")
def whole(either: Dataset) -> URIRef:
    assert either.description
    return URIRef(either.description.iri)


# --- what it holds


def test_a_creator_may_be_a_name_alone(tmp_path: Path) -> None:
    for name in dataset.FOLDERS:
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "dataset.ttl").write_text(RIVER, encoding="utf-8")
    made = dataset.load(tmp_path)
    told = graph_of(set(release.describe(made, now=NOW)))
    whole = URIRef("https://example.org/river/dataset")
    assert told.value(whole, DCTERMS.creator) == rdflib.Literal("The surveyors")
    assert told.value(predicate=DCTERMS.publisher) is None


def test_each_class_is_a_part_with_its_number_of_things(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    counted = Counter(
        triple.object.value  # type: ignore[union-attr]
        for triple in either.union()
        if triple.predicate.value == ns.TYPE
    )
    parts = {
        str(said.value(part, VOID["class"])): number(said, part, VOID.entities)
        for part in said.objects(whole, VOID.classPartition)
    }
    assert parts == counted
    assert said.value(whole, VOID.classes) == rdflib.Literal(len(counted))


def test_each_property_is_a_part_with_its_number_of_statements(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    counted = Counter(triple.predicate.value for triple in either.union())
    parts = {
        str(said.value(part, VOID.property)): number(said, part, VOID.triples)
        for part in said.objects(whole, VOID.propertyPartition)
    }
    assert parts == counted


def test_each_class_says_which_properties_its_things_have(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    about = either.description
    assert about
    (thing,) = about.examples[:1]
    kinds = {t.object.value for _, t in either.outgoing(thing) if t.predicate.value == ns.TYPE}  # type: ignore[union-attr]
    used = {t.predicate.value for _, t in either.outgoing(thing)}
    for part in said.objects(whole, VOID.classPartition):
        if str(said.value(part, VOID["class"])) in kinds:
            kinds.remove(str(said.value(part, VOID["class"])))
            inner = said.objects(part, VOID.propertyPartition)
            assert used <= {str(said.value(one, VOID.property)) for one in inner}
    assert not kinds


def test_the_largest_parts_are_described_where_there_are_too_many(
    foreign: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publish.description.void.PARTITIONS", 2)
    found = graph_of(description.describe(foreign, now=NOW, software="x"))
    properties = Counter(triple.predicate.value for triple in foreign.union())
    described = {str(value) for value in found.objects(None, VOID.property)}
    assert {name for name, _ in properties.most_common(2)} <= described
    assert len(set(found.objects(None, VOID["class"]))) == 2


def test_every_vocabulary_in_use_is_named(said: rdflib.Graph, whole: URIRef) -> None:
    named = {str(value).rstrip("#") for value in said.objects(whole, VOID.vocabulary)}
    for term in {*said.objects(None, VOID.property), *said.objects(None, VOID["class"])}:
        assert any(str(term).startswith(name) for name in named), term


def test_every_link_to_a_described_data_set_is_in_one_linkset(essay: Dataset) -> None:
    found = graph_of(description.describe(essay, now=NOW, software="x"))
    links = f"{essay.base}graph/links"
    prefix = essay.prefixes["authority"]
    expected = Counter(
        (one.stated, prefix + one.cells["object_source"].partition(":")[2])
        for one in essay.matches
        if one.stated
    )
    counted = {
        (
            str(found.value(one, VOID.linkPredicate)),
            str(found.value(one, VOID.objectsTarget)),
        ): number(found, one, VOID.triples)
        for one in found.subjects(RDF.type, VOID.Linkset)
        if (one, DCTERMS.isPartOf, URIRef(links)) in found
    }
    assert counted == expected
    for one in found.subjects(RDF.type, VOID.Linkset):
        assert found.value(one, VOID.subjectsTarget) == URIRef(essay.description.iri)  # type: ignore[union-attr]
        assert found.value(found.value(one, VOID.objectsTarget), DCTERMS.title)


def test_links_are_known_by_the_space_of_their_target_alone(foreign: Dataset) -> None:
    """Where no table of mappings says whose record it is."""
    other = "https://elsewhere.example/"
    layer = foreign.layers[0]
    thing = foreign.description.examples[0]  # type: ignore[union-attr]
    data = foreign.with_graph(
        layer,
        [
            *foreign.triples(layer),
            ox.Triple(
                ox.NamedNode(f"{other}set"), ox.NamedNode(ns.VOID + "uriSpace"), ox.Literal(other)
            ),
            ox.Triple(
                ox.NamedNode(thing), ox.NamedNode(ns.SCHEMA + "sameAs"), ox.NamedNode(f"{other}1")
            ),
        ],
    )
    found = graph_of(description.describe(data, now=NOW, software="x"))
    (linkset,) = found.subjects(VOID.objectsTarget, URIRef(f"{other}set"))
    assert found.value(linkset, VOID.triples) == rdflib.Literal(1)


# --- files, services, versions


def test_each_file_is_described_with_what_it_takes_to_check_it(
    written: release.Release, said: rdflib.Graph, whole: URIRef
) -> None:
    base = str(whole).rpartition("/")[0]
    told = {
        *(release.MANIFEST, release.CHECKSUMS, release.PROVENANCE),
        *(release.REPORT, release.DESCRIPTION, release.CONTEXT),
    }
    for name in {name for name in written.files if not name.endswith(".gz")} - told:
        file = URIRef(f"{base}/release/{written.version}/{name}")
        checksum = said.value(file, SPDX.checksum)
        listed = (written.root / "SHA256SUMS").read_text().splitlines()
        assert f"{said.value(checksum, SPDX.checksumValue)}  {name}" in listed
        assert number(said, file, DCAT.byteSize) == (written.root / name).stat().st_size
        assert said.value(file, DCAT.downloadURL) == file
        media = str(said.value(file, DCAT.mediaType))
        assert media.startswith("https://www.iana.org/assignments/media-types/")
        packed = URIRef(f"{file}.gz")
        assert str(said.value(packed, DCAT.compressFormat)).endswith("/application/gzip")
        assert said.value(packed, DCAT.mediaType) == said.value(file, DCAT.mediaType)


def test_the_whole_and_each_layer_have_their_own_files(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    for iri in either.graphs:
        (plain,) = (
            one
            for one in said.objects(URIRef(iri), DCAT.distribution)
            if not str(one).endswith(".gz")
        )
        assert str(plain).endswith(f"-{iri.rpartition('/')[2]}.ttl")
    media = {
        str(said.value(one, DCAT.mediaType)).partition("media-types/")[2]
        for one in said.objects(whole, DCAT.distribution)
    }
    assert media == {media for _, media in release.MEDIA}


def test_the_services_and_the_version_are_described(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    served = set(said.subjects(DCAT.servesDataset, whole))
    endpoints = {str(said.value(one, DCAT.endpointURL)) for one in served}
    assert endpoints == {either.base, f"{either.base}sparql", f"{either.base}changes"}
    assert all(said.value(one, DCAT.endpointDescription) for one in served)
    version = said.value(whole, DCAT.hasCurrentVersion)
    assert str(said.value(version, DCAT.version)) == either.description.version  # type: ignore[union-attr]
    assert said.value(version, DCTERMS.isVersionOf) == whole


def test_each_layer_and_the_build_say_where_they_come_from(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    build = said.value(said.value(whole, DCAT.hasCurrentVersion), PROV.wasGeneratedBy)
    used = set(said.objects(build, PROV.used))
    asserted = {URIRef(iri) for iri in either.graphs} - {URIRef(either.inferred_graph)}
    assert used == asserted
    agent = said.value(build, PROV.wasAssociatedWith)
    assert str(said.value(agent, FOAF.name)).startswith("folkmote ")
    for iri in either.layers:
        told = {
            triple.object.value  # type: ignore[union-attr]
            for _, triple in either.outgoing(iri)
            if triple.predicate.value in (str(DCTERMS.source), str(PROV.wasDerivedFrom))
        }
        assert told <= {str(one) for one in said.objects(URIRef(iri), PROV.wasDerivedFrom)}


def test_links_come_from_their_tables(essay: Dataset) -> None:
    found = graph_of(description.describe(essay, now=NOW, software="x"))
    tables = {
        str(one) for one in found.objects(URIRef(f"{essay.base}graph/links"), PROV.wasDerivedFrom)
    }
    assert f"{essay.base}links/people.sssom.tsv" in tables


# --- as the standards want it


@pytest.fixture(scope="module")
def application_profile() -> rdflib.Graph:
    """The shapes of DCAT-AP 3.0.1, without the five properties that they name and do not hold."""
    if not SUITES:
        pytest.skip("FOLKMOTE_SUITES is not set")
    shapes = rdflib.Graph()
    for path in (Path(SUITES) / "dcat-ap").glob("*.ttl"):
        shapes.parse(path)
    for shape, _, named in list(shapes.triples((None, rdflib.SH.property, None))):
        if (named, None, None) not in shapes:
            shapes.remove((shape, rdflib.SH.property, named))
    return shapes


@pytest.mark.parametrize("served", [False, True], ids=["as written", "as served"])
def test_the_description_is_valid_by_the_application_profile(
    either: Dataset, said: rdflib.Graph, application_profile: rdflib.Graph, *, served: bool
) -> None:
    if served:
        read = {
            quad.triple for quad in ox.parse(said.serialize(format="nt"), ox.RdfFormat.N_TRIPLES)
        }
        said = graph_of(description.at(read, either.base, HOME))
    valid, _, text = pyshacl.validate(said, shacl_graph=application_profile, inference="none")
    assert valid, text


def test_the_application_profile_finds_what_is_missing(
    said: rdflib.Graph, whole: URIRef, application_profile: rdflib.Graph
) -> None:
    without = rdflib.Graph()
    without += said
    without.remove((whole, DCTERMS.title, None))
    valid, _, _ = pyshacl.validate(without, shacl_graph=application_profile, inference="none")
    assert not valid


def test_every_term_exists_and_is_used_as_its_vocabulary_says(either: Dataset) -> None:
    assert either.description
    files = [description.File("x.ttl", "text/turtle", 1, "0" * 64)]
    triples = description.describe(either, files, now=NOW, software="x")
    triples |= description.service(
        f"{HOME}/sparql",
        either.description,
        {iri: len(graph) for iri, graph in either.graphs.items()},
        results=[f"{ns.FORMATS}Turtle"],
        functions=[f"{either.base}function"],
    )
    found = vocabulary.check(either.with_graph(f"{either.base}graph/description", triples))
    assert [one.message for one in found.findings if one.severity == "violation"] == []


# --- for whom it is written


def test_what_is_to_be_had_is_on_the_server_that_is_asked(either: Dataset, whole: URIRef) -> None:
    files = [description.File("x.ttl", "text/turtle", 1, "0" * 64)]
    triples = description.describe(either, files, now=NOW, software="x")
    found = graph_of(description.at(triples, either.base, HOME))
    assert str(found.value(whole, VOID.sparqlEndpoint)) == f"{HOME}/sparql"
    assert str(found.value(whole, DCAT.landingPage)) == f"{HOME}/"
    for property_ in (DCAT.downloadURL, DCAT.endpointURL, VOID.dataDump):
        for place in found.objects(None, property_):
            assert str(place).startswith(f"{HOME}/")
    # What is named keeps its name.
    assert (whole, RDF.type, DCAT.Dataset) in found
    assert {str(one) for one in found.subjects(RDF.type, DCAT.Distribution)} == {
        f"{either.base}release/{either.description.version}/x.ttl{end}"  # type: ignore[union-attr]
        for end in ("", ".gz")
    }


def test_search_engines_get_what_they_ask_for(
    either: Dataset, written: release.Release, whole: URIRef
) -> None:
    found = description.schema(either, written.described, HOME)
    about = either.description
    assert about
    assert found["@type"] == "Dataset"
    assert (found["@id"], found["name"], found["version"]) == (
        about.iri,
        about.title,
        about.version,
    )
    assert found["license"] == about.licence
    assert [one["name"] for one in found["creator"]] == ["The folkmote editors"]
    urls = {one["contentUrl"] for one in found["distribution"]}
    assert f"{HOME}/release/{about.version}/{written.name}.ttl" in urls
    assert len(urls) == len(release.MEDIA)
    assert json.loads(json.dumps(found)) == found


def test_assessors_get_what_they_ask_for(
    either: Dataset, said: rdflib.Graph, whole: URIRef
) -> None:
    about = either.description
    assert about
    found = set(description.tags(either))
    assert {
        ("title", about.title),
        ("identifier", about.iri),
        ("creator", "The folkmote editors"),
        ("license", about.licence),
        ("modified", about.modified),
    } <= found
    open_to_all = {value for name, value in found if name == "accessRights"}
    assert open_to_all == {str(one) for one in said.objects(whole, DCTERMS.accessRights)}


def test_of_what_is_elsewhere_nothing_is_counted(foreign: Dataset, whole: URIRef) -> None:
    found = graph_of(description.describe(foreign, now=NOW, software="x", counted=False))
    assert not set(found.subject_objects(VOID.triples))
    assert not set(found.subjects(VOID.classPartition))
    assert set(found.subjects(RDF.type, DCAT.DataService))


def test_odd_words_in_the_data_make_no_broken_iris(foreign: Dataset) -> None:
    about = foreign.description
    assert about
    odd = replace(foreign, description=replace(about, version="2 beta", licence="free for all"))
    files = [description.File("x.ttl", "text/turtle", 1, "0" * 64)]
    found = graph_of(description.describe(odd, files, now=NOW, software="x"))
    file = URIRef(f"{foreign.base}release/2%20beta/x.ttl")
    assert found.value(file, DCTERMS.license) == rdflib.Literal("free for all")


def test_a_bare_file_says_nothing_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "bare.ttl"
    path.write_text("<http://example.org/a> a <http://example.org/B> .")
    bare = dataset.load_file(path)
    assert description.describe(bare, now=NOW, software="x") == set()
    assert description.schema(bare, (), HOME) == {}
