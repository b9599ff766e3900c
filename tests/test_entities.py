from __future__ import annotations

import contextlib
import gzip
import io
import socket
from pathlib import Path

import pytest

from publish import dataset, entities, errors, mappings
from publish.stores import disk

NESTED = '<!ENTITY a "x"><!ENTITY b "&a;&a;">'
NAMESPACE = '<!ENTITY ex "https://example.org/ns#">'


def rdf(declared: str, text: str = "text", encoding: str = "utf-8") -> bytes:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n{declared}\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
        f'<rdf:Description rdf:about="http://a/b"><x:p>{text}</x:p></rdf:Description></rdf:RDF>'
    ).encode(encoding)


def doctype(inside: str) -> str:
    return f"<!DOCTYPE rdf:RDF [{inside}]>"


@pytest.mark.parametrize(
    "source",
    [
        rdf(doctype(NESTED), "&b;"),
        rdf(doctype(NESTED), "&b;", "utf-16"),
        rdf(doctype(f'<!ENTITY a "{"x" * 501}">'), "&a;"),
        rdf(doctype('<!ENTITY a SYSTEM "file:///etc/passwd">'), "&a;"),
        rdf(doctype('<!ENTITY a PUBLIC "x" "http://127.0.0.1:9/">'), "&a;"),
        b"<!DOCTYPE r [" + NESTED.encode() + b"] <broken",
    ],
)
def test_entities_that_grow_or_stand_elsewhere_are_refused(source: bytes) -> None:
    with pytest.raises(errors.TurtleError, match="write out what they stand for"):
        entities.refuse(io.BytesIO(source), "data.rdf")


@pytest.mark.parametrize(
    "source",
    [
        rdf(""),
        rdf("<!DOCTYPE rdf:RDF>"),
        rdf(doctype(NAMESPACE)),
        b"no XML at all",
        b"",
    ],
)
def test_other_documents_are_left_to_the_parser(source: bytes) -> None:
    entities.refuse(io.BytesIO(source), "data.rdf")


def test_a_namespace_may_be_shortened(tmp_path: Path) -> None:
    path = tmp_path / "data.rdf"
    path.write_bytes(rdf(doctype(NAMESPACE), "&ex;term"))
    (triple,) = dataset.load_file(path).triples("")
    assert getattr(triple.object, "value", "") == "https://example.org/ns#term"


@pytest.mark.parametrize("name", ["data.rdf", "data.rdf.gz"])
def test_a_billion_laughs_are_not_heard(tmp_path: Path, name: str) -> None:
    """Each of nine entities is ten times the one before."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    source = rdf(doctype('<!ENTITY l0 "ha">' + laughs), "&l9;")
    path = tmp_path / name
    path.write_bytes(gzip.compress(source) if name.endswith(".gz") else source)
    with pytest.raises(errors.TurtleError, match=f"{name}: it declares entities"):
        dataset.load_file(path)
    with pytest.raises(errors.TurtleError, match=f"{name}: it declares entities"):
        disk.build(tmp_path / "store", [disk.Dump(path)])


def test_nothing_is_fetched_to_read_a_file(tmp_path: Path) -> None:
    """Whoever listens hears nobody: no DTD, no context of JSON-LD, nothing that SSSOM names."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        texts = {
            "dtd.rdf": rdf(f'<!DOCTYPE rdf:RDF SYSTEM "{address}">').decode(),
            "context.jsonld": f'{{"@context": "{address}", "@id": "http://a/b", "p": "x"}}',
            "import.jsonld": f'{{"@context": {{"@version": 1.1, "@import": "{address}"}}, "p": 1}}',
        }
        for name, text in texts.items():
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            try:
                dataset.load_file(path)
            except errors.TurtleError:
                assert name.endswith(".jsonld")
            else:
                assert name == "dtd.rdf"
        table = f"#curie_map:\n#  x: {address}\n#mapping_set_source: {address}\nsubject_id\nx:a\n"
        with contextlib.suppress(errors.TurtleErrors):
            mappings.parse(table.encode(), "links.sssom.tsv")
        with pytest.raises(BlockingIOError):
            listening.accept()
