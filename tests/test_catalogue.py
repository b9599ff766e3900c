"""What catalogues know of a thing, whatever vocabulary it is written in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import serving
from conftest import Runner

from publish import dataset, errors, inference
from publish.catalogue import Catalogue, Entry, Kind
from publish.dataset import Dataset
from publish.names import Name
from publish.records import Records

KSV = "https://w3id.org/ksv/id/"
STRAHLEN = "https://example.org/strahlen/id/"
BOOK = """
@prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <http://example.org/> .
ex:book a schema:Book ; schema:name "Optics\\u0007 and\\nlight"@en ; schema:author ex:anna ;
  schema:editor ex:bert ; schema:datePublished "1704" ; schema:isbn "0486602052" .
ex:anna a schema:Person ; schema:name "Anna de la Rue" ; schema:familyName "Rue" ; schema:givenName "Anna" .
ex:bert a schema:Person ; schema:name "Bert Smith" .
ex:old a schema:Book ; schema:name "Old" ; owl:deprecated true .
ex:data a schema:Dataset ; schema:name "No book" .
"""


def catalogue(data: Dataset) -> Catalogue:
    return Catalogue(Records(data))


def roles(entry: Entry) -> list[tuple[str, str]]:
    return [(share.agent.label.value, share.role) for share in entry.shares]


def test_an_edition_has_its_parts_in_the_order_of_the_credit(essay: Dataset) -> None:
    entry = catalogue(essay).entry(KSV + "edition/conquest-of-bread-woodcock")
    assert roles(entry) == [("Peter Kropotkin", "aut"), ("George Woodcock", "win")]
    assert entry.form == "book"
    assert entry.title is not None
    assert entry.title.value == "The Conquest of Bread"
    assert not entry.devised


def test_a_credit_without_a_part_gives_way_to_who_tells_the_part(essay: Dataset) -> None:
    of = catalogue(essay)
    # The keys print bare names; that both are editors is told from outside.
    assert roles(of.entry(KSV + "edition/sachs-1992")) == [("Wolfgang Sachs", "edt")]
    assert roles(of.entry(KSV + "edition/baldwin-1970")) == [("Roger Nash Baldwin", "edt")]
    socialism = of.entry(KSV + "edition/cleaver-socialism")
    assert socialism.host is not None
    assert roles(socialism.host) == [("Wolfgang Sachs", "edt")]


def test_an_author_stays_one_whatever_else_is_told(tmp_path: Path) -> None:
    credit = """
    @prefix bf: <http://id.loc.gov/ontologies/bibframe/> .
    @prefix relator: <http://id.loc.gov/vocabulary/relators/> .
    ex:credited a schema:Book ; schema:editor ex:bert ; bf:contribution ex:part .
    ex:part bf:agent ex:bert ; bf:role relator:%s .
    """
    for part, said, read in (
        ("editor", "aut", "aut"),
        ("editor", "cre", "edt"),
        # Who translates or draws may well have written too.
        ("translator", "cre", "cre"),
        ("illustrator", "cre", "cre"),
    ):
        text = BOOK + (credit % said).replace("schema:editor", f"schema:{part}")
        entry = catalogue(serving.bare(tmp_path, text)).entry("http://example.org/credited")
        assert roles(entry) == [("Bert Smith", read)]


def test_a_place_in_the_credit_that_nobody_could_count_to_is_the_last(tmp_path: Path) -> None:
    credit = """
    @prefix bf: <http://id.loc.gov/ontologies/bibframe/> .
    ex:book bf:contribution ex:first , ex:last .
    ex:last bf:agent ex:bert ; schema:position "%s" .
    ex:first bf:agent ex:cleo ; schema:position "7" .
    ex:cleo a schema:Person ; schema:name "Cleo Moss" .
    """
    data = serving.bare(tmp_path, BOOK + credit % ("1" * 5000))
    entry = catalogue(data).entry("http://example.org/book")
    assert roles(entry)[:2] == [("Cleo Moss", "ctb"), ("Bert Smith", "edt")]


def test_an_edition_is_about_what_its_work_is_about_too(essay: Dataset) -> None:
    entry = catalogue(essay).entry(KSV + "edition/kropotkin-1902")
    found = [one.iri for one in entry.linked("subject")]
    assert found == [KSV + "concept/village-commune", KSV + "concept/mutual-aid"]


def test_what_edition_and_work_are_both_about_is_told_once(tmp_path: Path) -> None:
    more = """ex:book schema:exampleOfWork ex:one , ex:two ; schema:about ex:anna .
ex:one schema:about ex:anna , ex:bert . ex:two schema:about ex:bert ."""
    entry = catalogue(serving.bare(tmp_path, BOOK + more)).entry("http://example.org/book")
    found = [one.iri for one in entry.linked("subject")]
    assert found == ["http://example.org/anna", "http://example.org/bert"]


def test_a_date_stays_as_uncertain_as_it_is(essay: Dataset) -> None:
    found = catalogue(essay)
    circa = found.entry(KSV + "edition/alquati-negri-sormano-1976").date
    assert circa is not None
    assert (circa.edtf, circa.begin, circa.label) == ("1976~", "1975-01-01", "circa 1976")


def test_a_title_that_the_editors_made_up_says_so(essay: Dataset) -> None:
    entry = catalogue(essay).entry(KSV + "edition/negri-1991-lesson-8")
    assert entry.devised
    assert entry.host is not None
    assert entry.host.iri == KSV + "edition/negri-1991"


def test_a_person_is_known_by_the_fullest_name_with_the_dates_of_a_life(essay: Dataset) -> None:
    entry = catalogue(essay).entry(KSV + "person/avrich")
    assert entry.label.value == "Paul Avrich"
    assert entry.name == Name("Avrich", "Paul")
    assert "Avrich" in [one.value for one in entry.variants]
    kropotkin = catalogue(essay).entry(KSV + "person/kropotkin-peter")
    assert kropotkin.born is not None
    assert kropotkin.born.edtf == "1842-12-09"


def test_a_work_is_by_whoever_made_its_first_edition(essay: Dataset) -> None:
    entry = catalogue(essay).entry(KSV + "work/conquest-of-bread")
    assert roles(entry) == [("Peter Kropotkin", "aut")]
    assert {one.iri for one in entry.linked("edition")} >= {KSV + "edition/kropotkin-1892"}


def test_every_thing_of_a_known_kind_has_an_entry_once_and_in_order(either: Dataset) -> None:
    found = catalogue(either)
    iris = [entry.iri for entry in found.entries()]
    assert iris == sorted(set(iris))
    assert iris
    half = iris[len(iris) // 2]
    assert [entry.iri for entry in found.entries(found.iris(half))] == [
        iri for iri in iris if iri > half
    ]


def test_a_data_set_of_another_vocabulary_is_read_too(foreign: Dataset) -> None:
    found = catalogue(foreign)
    kinds = Counter(entry.kind for entry in found.entries())
    assert kinds[Kind.EDITION] == 1
    assert kinds[Kind.PERSON] == 6
    work = found.entry(STRAHLEN + "werk/ueber-eine-neue-art-von-strahlen")
    assert roles(work) == [("Wilhelm Conrad Röntgen", "aut")]
    assert work.publishers == ("Physikalisch-medicinische Gesellschaft zu Würzburg",)
    assert work.language == "de"
    person = found.entry(STRAHLEN + "person/roentgen")
    assert person.born is not None
    assert person.born.edtf == "1845-03-27"


def test_a_new_data_set_is_read_too(run: Runner, tmp_path: Path) -> None:
    place = tmp_path / "new"
    done = run(
        *("new", place, "--title", "T", "--base", "https://example.net/x/", "--creator", "C")
    )
    assert done.returncode == 0, done.stderr
    found = catalogue(inference.infer(dataset.load(place)))
    edition = found.entry("https://example.net/x/id/edition/marten-1898")
    assert edition.key == "Marten 1898"
    assert edition.date is not None
    assert edition.date.edtf == "1898"
    assert edition.title is not None
    assert edition.title.value == "The Common Shore"
    assert Kind.CITATION in {entry.kind for entry in found.entries()}


def test_a_bare_file_is_read_too(tmp_path: Path) -> None:
    found = catalogue(serving.bare(tmp_path, BOOK))
    book = found.entry("http://example.org/book")
    assert roles(book) == [("Anna de la Rue", "aut"), ("Bert Smith", "edt")]
    assert book.shares[0].agent.name == Name("Rue", "Anna")
    assert book.title is not None
    assert book.title.value == "Optics\ufffd and light"
    assert book.isbns == ("0486602052",)
    assert found.entry("http://example.org/old").retired
    with pytest.raises(errors.NotFound, match="nothing that a catalogue"):
        found.entry("http://example.org/data")
