"""The tool knows no text in particular: its code names nothing of the shipped one, and serves another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest

import publish
from publish import dataset, validation

PACKAGE = Path(publish.__file__).parent
FOREIGN = Path(__file__).parent / "foreign"
KINDS = ("person", "persona", "group", "network", "place", "event", "work", "concept")
LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://purl.org/dc/terms/title",
    "http://xmlns.com/foaf/0.1/name",
)
# Labels that are also words of computing or of publishing data, or the name of the tool itself.
ALLOWED = {
    "folkmote editors",  # who publishes the tool and the data
}


def code() -> dict[str, str]:
    kinds = {".py", ".html", ".css", ".js", ".txt"}
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in kinds
        and not {"shipped", "scripts"}.intersection(path.relative_to(PACKAGE).parts)
    }


def telling(label: str, kind: str) -> set[str]:
    """Give the words of a label that could only come from the text itself."""
    if kind in ("person", "persona"):
        return {word for word in re.findall(r"[^\W\d_]{4,}", label) if word[0].isupper()}
    return {label} if " " in label or "-" in label or kind == "place" else set()


def words_of_the_text() -> set[str]:
    shipped = dataset.load(dataset.shipped())
    found: set[str] = set()
    for graph in shipped.graphs.values():
        for quad in graph:
            place = str(getattr(quad.subject, "value", "")).removeprefix(f"{shipped.base}id/")
            kind = place.partition("/")[0]
            if kind in KINDS and quad.predicate.value in LABELS:
                assert isinstance(quad.object, ox.Literal)
                found |= telling(quad.object.value, kind)
    return {word for word in found if word.casefold() not in {one.casefold() for one in ALLOWED}}


def test_no_word_of_the_text_stands_in_the_code() -> None:
    words = words_of_the_text()
    assert len(words) > 100
    anyone = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(words)))})(?!\w)")
    found = [
        f"{name}:{source.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, source in code().items()
        for match in anyone.finditer(source)
    ]
    assert not found, "\n".join(found)


def test_no_address_of_the_data_set_stands_in_the_code() -> None:
    shipped = dataset.load(dataset.shipped()).description
    assert shipped
    for name, source in code().items():
        assert shipped.base not in source, name
        assert not re.search(rf"(?<!\w){re.escape(shipped.prefix)}(?!\w)", source), name


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_another_data_set_is_checked_by_its_own_rules(
    foreign: dataset.Dataset, engine: validation.Engine
) -> None:
    assert validation.check(foreign, engine=engine) == []


def test_another_data_set_has_its_own_layers(foreign: dataset.Dataset) -> None:
    base = "https://example.org/strahlen/"
    assert foreign.base == base
    assert foreign.description
    assert foreign.description.prefix == "strahlen"
    names = ["deutung", "enrichment-lebensdaten", "inferred", "meta", "ontology", "shapes", "text"]
    assert list(foreign.graphs) == [f"{base}graph/{name}" for name in names]


def test_another_data_set_derives_by_its_own_rules(foreign: dataset.Dataset) -> None:
    named = {
        tuple(str(term).strip("<>").rpartition("/")[2] for term in (quad.subject, quad.object))
        for quad in foreign.graphs[foreign.inferred_graph]
    }
    assert ("lenard", "11") in named
    assert ("hertz", "1") not in named


def test_a_passage_is_found_again_in_the_text_by_its_digest(foreign: dataset.Dataset) -> None:
    text = (FOREIGN / "text.md").read_text(encoding="utf-8").partition("## 13\n")[2]
    wording = unicodedata.normalize("NFC", " ".join(text.split()))
    passage = f"{foreign.base}id/abschnitt/13"
    said = {
        triple.predicate.value.rpartition("#")[2]: getattr(triple.object, "value", None)
        for _, triple in foreign.outgoing(passage)
    }
    assert said["zeichen"] == str(len(wording))
    assert said["pruefsumme"] == hashlib.sha256(wording.encode()).hexdigest()
