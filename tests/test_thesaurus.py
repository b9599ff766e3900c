"""Concepts, scheme by scheme."""

from __future__ import annotations

from pathlib import Path

import pytest
import serving

from publish import errors
from publish.candidates import Reconciler
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.records import Records
from publish.search import Index
from publish.thesaurus import Concept, Thesaurus

TWO = """
@prefix : <http://x/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:pets a skos:ConceptScheme ; skos:prefLabel "Pets"@en ; skos:hasTopConcept :animal .
:farm a skos:ConceptScheme ; skos:prefLabel "Farm"@en .
:animal a skos:Concept ; skos:prefLabel "animal"@en , "Tier"@de ; skos:inScheme :pets .
:cat a skos:Concept ; skos:prefLabel "cat"@en , "Katze"@de ; skos:altLabel "moggy"@en ;
  skos:broader :animal ; skos:inScheme :pets .
:kitten a skos:Concept ; skos:prefLabel "kitten"@en ; skos:inScheme :pets .
:cat skos:narrower :kitten ; skos:related :mouse .
:mouse a skos:Concept ; skos:prefLabel "mouse"@en ; skos:inScheme :farm .
:loop a skos:Concept ; skos:prefLabel "loop"@en ; skos:broader :loop , :pool ; skos:inScheme :farm .
:pool a skos:Concept ; skos:prefLabel "pool"@en ; skos:broader :loop ; skos:inScheme :farm .
"""


def thesaurus(data: Dataset) -> Thesaurus:
    records = Records(data)
    return Thesaurus(Reconciler(Catalogue(records), Index(records.source)))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    return thesaurus(serving.bare(tmp_path_factory.mktemp("thesaurus"), TWO))


def names(two: Thesaurus, pattern: str, *of: str, language: str = "") -> list[str]:
    return [one.label.text for one in two.search(pattern, of, language)]


def test_what_stands_above_by_many_ways_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve steps of two concepts each, of which both are below both of the next."""
    steps = [
        f":{side}{step} a skos:Concept ; skos:inScheme :pets ; "
        f"skos:broader :a{step + 1} , :b{step + 1} .\n"
        for step in range(12)
        for side in "ab"
    ]
    ladder = thesaurus(serving.bare(tmp_path, TWO + "".join(steps)))
    looked: list[str] = []
    linked = Thesaurus.linked

    def look(self: Thesaurus, concept: Concept, relation: str) -> tuple[str, ...]:
        looked.append(concept.iri)
        return linked(self, concept, relation)

    monkeypatch.setattr(Thesaurus, "linked", look)
    found = ladder.above_all(ladder.concept("http://x/a0"), "broader", 100)
    assert len(looked) == len(found) == 23


def test_each_scheme_is_a_vocabulary(two: Thesaurus) -> None:
    assert [(one.id, one.title.value) for one in two.vocabularies()] == [
        ("farm", "Farm"),
        ("pets", "Pets"),
    ]
    with pytest.raises(errors.NotFound, match="there are: farm, pets"):
        two.vocabulary("zoo")


def test_concepts_without_a_scheme_are_one_vocabulary(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, TWO.replace("skos:inScheme", ":in"))
    (only,) = thesaurus(data).vocabularies()
    assert (only.id, only.iri) == ("concepts", "")
    tops = thesaurus(data).tops(only)
    assert {one.iri for one in tops} == {"http://x/animal", "http://x/kitten", "http://x/mouse"}


def test_a_label_is_found_by_a_pattern(two: Thesaurus) -> None:
    assert names(two, "cat") == ["cat"]
    assert names(two, "CA*") == ["cat"]
    assert set(names(two, "*t*", "pets")) == {"cat", "kitten", "Tier", "Katze"}
    assert names(two, "*t*", language="de") == ["Tier", "Katze"]
    assert names(two, "k*", "farm") == names(two, "*") == names(two, "dog") == []


def test_what_is_called_so_is_looked_up_by_preferred_labels_first(two: Thesaurus) -> None:
    assert [one.concept.iri for one in two.lookup("KATZE", "pets")] == ["http://x/cat"]
    assert [one.concept.iri for one in two.lookup("moggy", "pets")] == ["http://x/cat"]
    assert two.lookup("moggy", "farm") == two.lookup("mog", "pets") == ()


def test_what_is_said_in_one_direction_is_known_in_the_other(two: Thesaurus) -> None:
    cat, animal = (two.concept(f"http://x/{name}") for name in ("cat", "animal"))
    assert two.linked(animal, "narrower") == ("http://x/cat",)
    assert two.linked(two.concept("http://x/kitten"), "broader") == ("http://x/cat",)
    assert two.linked(two.concept("http://x/mouse"), "related") == ("http://x/cat",)
    assert [*two.above_all(animal, "narrower", 10)] == [
        "http://x/animal",
        "http://x/cat",
        "http://x/kitten",
    ]
    assert two.preferred(cat, "de").value == "Katze"
    assert two.preferred(cat, "fr").value == "cat"


def test_a_circle_has_an_end(two: Thesaurus) -> None:
    loop = two.concept("http://x/loop", "farm")
    assert {*two.above_all(loop, "broader", 100)} == {"http://x/loop", "http://x/pool"}
    with pytest.raises(errors.NotFound, match="no concept <http://x/loop> in `pets`"):
        two.concept("http://x/loop", "pets")


def test_top_concepts_are_those_said_to_be_or_those_below_nothing(two: Thesaurus) -> None:
    pets, farm = two.vocabulary("pets"), two.vocabulary("farm")
    assert [one.iri for one in two.tops(pets)] == ["http://x/animal"]
    assert [one.iri for one in two.tops(farm)] == ["http://x/mouse"]


def test_each_data_set_has_its_concepts(either: Dataset) -> None:
    found = thesaurus(either)
    (vocabulary,) = found.vocabularies()
    assert vocabulary.iri
    assert "http://www.w3.org/2004/02/skos/core#Concept" in found.types(vocabulary.id)
