"""A folder or a file is read once, as it is spelled, with the line of every triple."""

from __future__ import annotations

import dataclasses
import errno
import gzip
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import FOREIGN, copy_of

from publish import dataset, errors, turtle
from publish import namespaces as ns

GARDEN = "https://example.org/garden/"
MINT = f"{GARDEN}id/plant/mint"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"


def garden(name: str) -> str:
    return f"{GARDEN}graph/{name}"


def put(folder: Path, name: str, text: str) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


# --- folders


def test_sub_folders_make_layers_and_files_of_enrichment_too(folder: Path) -> None:
    thing = f"<{MINT}> <{SKOS}note> 'x' ."
    put(folder, "data/enrichment/wiki data.ttl", thing)
    put(folder, "data/enrichment/more/old.ttl", thing)
    put(folder, "data/notes/deep/down.ttl", thing)
    put(folder, "data/questions/one.ttl", thing)
    data = dataset.load(folder)
    assert list(data.graphs) == [
        garden(name)
        for name in (
            "enrichment-more-old",
            "enrichment-wiki%20data",
            "meta",
            "notes",
            "ontology",
            "shapes",
            "text",
        )
    ]
    assert data.layers == tuple(
        garden(name) for name in ("enrichment-more-old", "enrichment-wiki%20data", "notes", "text")
    )
    assert data.place(data.meta_graph, next(iter(turtle.parse(thing.encode(), "x").triples))[0])


def test_the_data_set_describes_itself(folder: Path) -> None:
    assert dataset.load(folder).description == dataset.Description(
        iri=f"{GARDEN}dataset",
        base=GARDEN,
        prefix="garden",
        uri_space=f"{GARDEN}id/",
        title="A garden",
        description="",
        version="0.1.0",
        modified="2026-11-20",
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        creators=(f"{GARDEN}id/group/editors",),
        examples=(),
        languages=(),
    )


def test_titles_are_taken_in_the_language_of_the_data_set(folder: Path) -> None:
    about = folder / "data" / "dataset.ttl"
    text = about.read_text(encoding="utf-8")
    titles = 'dcterms:title "Ein Garten"@de , "A garden"@en ;'
    about.write_text(text.replace('dcterms:title "A garden"@en ;', titles))
    assert dataset.load(folder).description.title == "A garden"  # type: ignore[union-attr]
    languages = f"{titles} dcterms:language <http://id.loc.gov/vocabulary/iso639-1/de> ;"
    about.write_text(about.read_text(encoding="utf-8").replace(titles, languages))
    described = dataset.load(folder).description
    assert described
    assert (described.title, described.languages) == ("Ein Garten", ("de",))


def test_an_older_version_is_no_second_data_set(folder: Path) -> None:
    put(
        folder,
        "data/versions.ttl",
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
        f"<{GARDEN}dataset> dcat:hasVersion <{GARDEN}dataset/0> .\n"
        f"<{GARDEN}dataset/0> a dcat:Dataset .\n",
    )
    assert dataset.load(folder).description.iri == f"{GARDEN}dataset"  # type: ignore[union-attr]


def test_a_data_set_that_a_layer_speaks_of_is_no_description(folder: Path) -> None:
    put(folder, "data/text/sources.ttl", f"<{GARDEN}id/x> a <http://www.w3.org/ns/dcat#Dataset> .")
    assert dataset.load(folder).base == GARDEN


@pytest.mark.parametrize("text", ["", "no scheme", "a:b c", "http://[", "http://a/<b>"])
def test_nothing_is_said_of_what_is_no_iri(folder: Path, text: str) -> None:
    data = dataset.load(folder)
    assert data.outgoing(text) == data.incoming(text) == []


def test_literals_keep_their_spelling(folder: Path) -> None:
    spelled = {
        ("1.50", "decimal"),
        ("01", "integer"),
        ("7", "nonNegativeInteger"),
        ("True", "boolean"),
        ("2020-01-01T00:00:00+00:00", "dateTime"),
        ("2020-01-01T00:00:00Z", "dateTime"),
    }
    rows = " , ".join(f'"{text}"^^<{XSD}{kind}>' for text, kind in sorted(spelled))
    put(folder, "data/text/more.ttl", f"<{GARDEN}id/x> <{SKOS}notation> {rows} .")
    data = dataset.load(folder)
    found = {
        (t.object.value, t.object.datatype.value.removeprefix(XSD))
        for _, t in data.outgoing(f"{GARDEN}id/x")
        if isinstance(t.object, ox.Literal)
    }
    assert found == spelled
    seen = data.view().objects(None, None, unique=True)
    assert {(str(o), str(getattr(o, "datatype", "")).removeprefix(XSD)) for o in seen} >= spelled


def test_each_triple_has_its_place(folder: Path) -> None:
    data = dataset.load(folder)
    (related,) = [
        (graph, triple)
        for graph, triple in data.incoming(MINT)
        if triple.predicate.value == f"{SKOS}related"
    ]
    assert related[0] == garden("text")
    assert str(data.place(*related)) == "data/text/plants.ttl:12"
    assert data.place(garden("meta"), related[1]) is None


def test_the_union_holds_each_triple_once_and_no_rules(folder: Path) -> None:
    put(folder, "data/notes/plants.ttl", f"<{MINT}> <{SKOS}prefLabel> 'mint'@en .")
    data = dataset.load(folder)
    union = list(data.union())
    assert len(union) == len(set(union))
    assert set(union) == {
        t for iri in data.graphs if iri != data.shapes_graph for t in data.triples(iri)
    }
    twice = [graph for graph, t in data.outgoing(MINT) if t.predicate.value == f"{SKOS}prefLabel"]
    assert twice == [garden("notes"), garden("text")]


def test_the_prefixes_that_shapes_declare_count(folder: Path) -> None:
    shapes = folder / "shapes" / "plants.ttl"
    text = shapes.read_text(encoding="utf-8")
    shapes.write_text(text.replace('sh:prefix "skos"', 'sh:prefix "concepts"'))
    prefixes = dataset.load(folder).prefixes
    assert prefixes["concepts"] == SKOS
    assert prefixes["plant"] == f"{GARDEN}id/plant/"


def test_the_digest_changes_with_names_and_bytes_and_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    digest = dataset.load(folder).digest
    assert dataset.load(copy_of("sound", tmp_path / "elsewhere")).digest == digest
    put(folder, "README.md", "not read")
    put(folder, "data/text/.#plants.ttl", "nor this, an editor's lock")
    assert dataset.load(folder).digest == digest
    columns = ["subject_id", "predicate_id", "object_id", "mapping_justification", "confidence"]
    put(folder, "data/links/x.sssom.tsv", "\t".join(columns) + "\n")
    with_links = dataset.load(folder).digest
    assert with_links != digest
    (folder / "data" / "text" / "plants.ttl").rename(folder / "data" / "text" / "herbs.ttl")
    assert dataset.load(folder).digest not in (digest, with_links)


def test_a_graph_is_added_to_a_new_value(folder: Path) -> None:
    data = dataset.load(folder)
    more = data.with_graph(data.inferred_graph, [next(data.union())])
    assert data.inferred_graph not in data.graphs
    assert len(more.graphs[more.inferred_graph]) == 1
    assert list(more.graphs) == sorted(more.graphs)
    with pytest.raises(dataclasses.FrozenInstanceError):
        more.digest = ""  # type: ignore[misc]


@pytest.mark.parametrize(
    "ends", [(b"\n", b"\r\n"), (b"\r\n", b"\n"), (b"\n", b"\r"), (b"\r", b"\r")]
)
def test_lines_that_end_in_different_ways_are_refused(
    folder: Path, ends: tuple[bytes, bytes]
) -> None:
    """An editor would count other lines than we do, and show the wrong one."""
    plants = folder / "data" / "text" / "plants.ttl"
    first, *rest = plants.read_bytes().splitlines()
    plants.write_bytes(first + ends[0] + ends[0].join(rest[:3]) + ends[1] + ends[0].join(rest[3:]))
    with pytest.raises(errors.TurtleErrors, match=r"plants\.ttl:\d: lines end in different ways"):
        dataset.load(folder)


def test_lines_that_all_end_as_on_windows_are_counted_as_any(folder: Path) -> None:
    plants = folder / "data" / "text" / "plants.ttl"
    lines = dict(dataset.load(folder).graphs[garden("text")].placed())
    plants.write_bytes(plants.read_bytes().replace(b"\n", b"\r\n"))
    assert dict(dataset.load(folder).graphs[garden("text")].placed()) == lines


def test_a_file_that_changes_while_the_folder_is_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of one state and half of another are no data set, and have no digest."""
    plants = folder / "data" / "text" / "plants.ttl"
    read = turtle.Reader

    def change(source: bytes, path: str) -> turtle.Reader:
        if path.startswith("shapes/"):  # after all others
            plants.write_bytes(plants.read_bytes() + b"\n")
        return read(source, path)

    monkeypatch.setattr(turtle, "Reader", change)
    with pytest.raises(errors.FolderError, match=r"plants\.ttl` was changed while .* start again"):
        dataset.load(folder)


def known(folder: Path, memory: dataset.Memory | None) -> object:
    """Give all that is read of a folder, in a form that can be compared."""
    data = dataset.load(folder, None, memory)
    placed = {name: list(graph.placed()) for name, graph in data.graphs.items()}
    return placed, data.prefixes, data.matches, data.renamings, data.silent, data.digest


def test_what_a_memory_knows_is_as_it_would_be_read_anew(tmp_path: Path) -> None:
    memory = dataset.Memory()
    for name in dataset.FOLDERS:
        shutil.copytree(dataset.shipped() / name, tmp_path / name)
    table = next((tmp_path / "data").rglob("*.sssom.tsv"))
    note = "@prefix skos: <https://example.org/else#> . <urn:a> skos:note 'x' ."

    def changes() -> Iterator[None]:
        yield
        put(tmp_path, "data/essay/new.ttl", note)
        yield
        put(tmp_path, "data/essay/new.ttl", note.replace("'x'", "'y'"))
        yield
        put(tmp_path, "data/essay/new.ttl", "# nothing")
        yield
        (tmp_path / "data/essay/new.ttl").unlink()
        lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
        table.write_text("".join(lines[:-1]), encoding="utf-8")
        yield
        table.unlink()
        yield

    for _ in changes():
        assert known(tmp_path, memory) == known(tmp_path, None)


def test_only_what_has_changed_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    class Noting(turtle.Reader):
        def __init__(self, source: bytes, path: str) -> None:
            read.append(path)
            super().__init__(source, path)

    monkeypatch.setattr(turtle, "Reader", Noting)
    memory = dataset.Memory()
    put(folder, "data/notes/one.ttl", f"<{MINT}> <{SKOS}note> 'x' .")
    put(folder, "data/notes/two.ttl", f"<{MINT}> <{SKOS}note> 'y' .")
    dataset.load(folder, None, memory)
    read.clear()
    put(folder, "data/notes/two.ttl", f"<{MINT}> <{SKOS}note> 'broken .")
    with pytest.raises(errors.TurtleErrors):
        dataset.load(folder, None, memory)
    put(folder, "data/notes/two.ttl", f"<{MINT}> <{SKOS}note> 'z' .")
    dataset.load(folder, None, memory)
    dataset.load(folder, None, memory)
    assert read == ["data/notes/two.ttl"] * 2


def test_a_graph_that_is_replaced_keeps_the_places_of_what_it_had(folder: Path) -> None:
    data = dataset.load(folder)
    known = data.outgoing(MINT)[0][1]
    more = data.with_graph(
        garden("text"), [known, ox.Triple(known.subject, known.predicate, known.subject)]
    )
    assert str(more.place(garden("text"), known)).startswith("data/text/plants.ttl:")
    assert len([place for _, place in more.graphs[garden("text")].placed()]) == 1


def test_links_that_lead_in_a_circle_are_followed_once(folder: Path) -> None:
    (folder / "data" / "text" / "again").symlink_to(folder / "data")
    (folder / "data" / "text" / "self.ttl").symlink_to("self.ttl")
    with pytest.raises(errors.FolderError, match=r"cannot read `.*self\.ttl`: "):
        dataset.load(folder)
    (folder / "data" / "text" / "self.ttl").unlink()
    assert dataset.load(folder).layers == (garden("text"),)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "shapes").rename(folder / "rules"), "has no shapes/"),
        (lambda folder: (folder / "data").rename(folder / "old"), "has no data/"),
        (lambda folder: folder.rename(folder.with_name("old")), "does not exist"),
    ],
)
def test_a_folder_without_the_shape_is_told_what_it_lacks(folder: Path, spoil, words: str) -> None:
    assert dataset.is_folder(folder)
    spoil(folder)
    assert not dataset.is_folder(folder)
    with pytest.raises(errors.FolderError, match=words):
        dataset.load(folder)


def test_an_empty_data_folder_is_told_where_to_begin(tmp_path: Path) -> None:
    for name in ("data", "ontology", "shapes"):
        (tmp_path / name).mkdir()
    with pytest.raises(errors.FolderError, match=r"holds no \*\.ttl; begin with data/dataset\.ttl"):
        dataset.load(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("")
    with pytest.raises(errors.FolderError, match="is no folder"):
        dataset.load(Path(os.devnull))
    with pytest.raises(errors.FolderError, match="is a file"):
        dataset.load(tmp_path / "x.ttl")


def test_the_shipped_data_set_is_a_folder() -> None:
    assert dataset.is_folder(dataset.shipped())
    assert dataset.is_folder(FOREIGN)


# --- bare files

SOURCE = {
    "ttl": f"@prefix s: <{SKOS}> . <{MINT}> s:notation 01 .",
    "nt": f'<{MINT}> <{SKOS}notation> "01"^^<{XSD}integer> .',
    "trig": f"@prefix s: <{SKOS}> . <{MINT}> s:notation 01 . <{GARDEN}g> {{ <{MINT}> s:note 'x' }}",
    "nq": f'<{MINT}> <{SKOS}notation> "01"^^<{XSD}integer> .\n'
    f'<{MINT}> <{SKOS}note> "x" <{GARDEN}g> .',
    "jsonld": f'{{"@id": "{MINT}", "{SKOS}notation": {{"@value": "01", "@type": "{XSD}integer"}}}}',
    "rdf": f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="{SKOS}">'
    f'<rdf:Description rdf:about="{MINT}"><s:notation rdf:datatype="{XSD}integer">01</s:notation>'
    "</rdf:Description></rdf:RDF>",
}


@pytest.mark.parametrize("gz", ["", ".gz"])
@pytest.mark.parametrize("media", SOURCE)
def test_a_bare_file_is_read_as_it_stands(media: str, gz: str, tmp_path: Path) -> None:
    place = tmp_path / f"bare.{media}{gz}"
    source = SOURCE[media].encode()
    place.write_bytes(gzip.compress(source) if gz else source)
    data = dataset.load_file(place)
    (number,) = [triple.object for triple in data.triples("")]
    assert number == ox.Literal("01", datatype=ox.NamedNode(f"{XSD}integer"))
    assert list(data.graphs) == (["", f"{GARDEN}g"] if media in ("trig", "nq") else [""])
    assert (data.base, data.description, data.default_graph) == ("", None, "file")
    assert len(list(data.union())) == len(data.graphs)
    assert data.layers == ()
    assert data.prefixes


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("x.ttl", b"<a", "x.ttl:1"),
        ("x.nt.gz", b"not gzip", "not a whole gzip file"),
        ("x.nt.gz", gzip.compress(b"<urn:x> <urn:x> <urn:x> .")[:-9], "not a whole gzip file"),
        ("x.csv", b"a,b", r"`\.csv` is no RDF format"),
        ("x.nq", b"<urn:x> <urn:x> <urn:x> _:g .", "a graph is named by a blank node"),
    ],
)
def test_a_bad_file_is_named_with_the_reason(
    name: str, source: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(source)
    with pytest.raises(errors.TurtleError, match=words):
        dataset.load_file(tmp_path / name)


def test_a_file_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderError, match="cannot read"):
        dataset.load_file(tmp_path / "none.ttl")


def test_a_folder_that_cannot_be_read_is_told_and_not_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, scan = folder / "data" / "text", os.scandir

    def scandir(place: str) -> object:
        if Path(place) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(errors.FolderError, match=r"cannot read `.*text`: Permission denied"):
        dataset.load(folder)


def test_a_file_whose_name_is_no_text_is_told(folder: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(folder / "data/text") + b"/p\xff.ttl")).touch()
    except OSError:
        pytest.skip("the file system takes names in UTF-8 alone")
    with pytest.raises(errors.FolderError, match=r"data/text/p.*\.ttl` is not UTF-8; rename it"):
        dataset.load(folder)


def test_what_is_no_file_is_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "data" / "text" / "pipe.ttl")
    with pytest.raises(errors.FolderError, match="is no file"):
        dataset.load(folder)


def test_what_stands_below_a_term_is_found_at_any_distance(tmp_path: Path) -> None:
    text = (
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<urn:leads> rdfs:subPropertyOf <urn:meets> . <urn:drags> rdfs:subPropertyOf <urn:leads> .\n"
        "<urn:meets> rdfs:subPropertyOf <urn:drags> ; rdfs:subClassOf <urn:leads> .\n"
    )
    (tmp_path / "terms.ttl").write_text(text)
    data = dataset.load_file(tmp_path / "terms.ttl")
    found = data.below(["urn:meets", "urn:other"], ns.RDFS + "subPropertyOf")
    assert found == {
        "urn:meets": {"urn:meets", "urn:leads", "urn:drags"},
        "urn:other": {"urn:other"},
    }
