"""Citations: read back by other readers, with names split, parts kept apart and dates as they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import rispy
import serving
from conftest import Runner
from pybtex.database import parse_string
from serving import Client, assert_problem

from publish import citations, crosswalks
from publish.catalogue import Catalogue, Date, Entry, Kind
from publish.crosswalks import Release
from publish.dataset import Dataset
from publish.names import Name
from publish.records import Records
from publish.sources import Text

KSV = "https://w3id.org/ksv/id/"
RELEASE = Release("2026-11-24", {})
NASTY = """
@prefix schema: <https://schema.org/> .
<http://example.org/a> a schema:Book ; schema:name "100% {pure} \\\\ $5 & #1 _x^2 ~\\r\\nTY  - JOUR\\u0000"@en ;
  schema:author <http://example.org/p> , <http://example.org/g> ; schema:datePublished "1976%" .
<http://example.org/p> a schema:Person ; schema:name "Anna } and Bert" .
<http://example.org/g> a schema:Organization ; schema:name "Smith, Sons and Co." .
"""


def entries(data: Dataset) -> list[Entry]:
    return list(Catalogue(Records(data)).entries(kinds=(Kind.EDITION, Kind.WORK)))


def entry(data: Dataset, name: str) -> Entry:
    return Catalogue(Records(data)).entry(KSV + name)


def written(name: str, *found: Entry) -> str:
    profile = crosswalks.find(name, citations.profiles())
    return b"".join(profile.write(found, profile.formats[0], RELEASE)).decode()


def csl(*found: Entry) -> list[dict]:
    items: list[dict] = json.loads(written("csl", *found))
    return items


@pytest.fixture(scope="module")
def web(essay_web: Client) -> Client:
    return essay_web


def test_every_edition_is_cited_once_in_each_format(either: Dataset) -> None:
    found = entries(either)
    editions = sum(one.kind is Kind.EDITION for one in found)
    assert editions
    keys = [item["id"] for item in csl(*found)]
    assert len(keys) == len(set(keys)) >= editions
    assert list(parse_string(written("bibtex", *found), "bibtex").entries) == keys
    assert [item["id"] for item in rispy.loads(written("ris", *found))] == keys


def test_every_line_of_ris_has_a_tag(either: Dataset) -> None:
    lines = [line for line in written("ris", *entries(either)).splitlines() if line]
    assert lines[0].startswith("TY  - ")
    assert [line for line in lines if not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []


def test_a_work_is_cited_alone_and_left_out_beside_its_editions(essay: Dataset) -> None:
    work = entry(essay, "work/conquest-of-bread")
    edition = entry(essay, "edition/kropotkin-1892")
    assert [item["id"] for item in csl(work)] == ["conquest-of-bread"]
    assert [item["id"] for item in csl(work, edition)] == ["kropotkin-1892"]


def test_parts_are_in_their_roles(essay: Dataset) -> None:
    one = entry(essay, "edition/conquest-of-bread-woodcock")
    (item,) = csl(one)
    assert item["author"] == [{"family": "Kropotkin", "given": "Peter"}]
    assert item["contributor"] == [{"family": "Woodcock", "given": "George"}]
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    assert bib.fields["introduction"] == "Woodcock, George"
    (ris,) = rispy.loads(written("ris", one))
    assert ris["authors"] == ["Kropotkin, Peter"]
    # A3 is the editor of a book for most who read RIS.
    assert ris["notes"] == ["Woodcock, George (writer of introduction)"]
    assert "tertiary_authors" not in ris


@pytest.mark.parametrize("label", ["mutual aid", "It ends.", "Does it?", "a <b> & 'c' \ue003"])
def test_a_record_is_cited_in_short_as_at_length(essay: Dataset, label: str) -> None:
    about = essay.description
    assert about is not None
    styles = citations.Styles()
    for iri in (KSV + "x", KSV + "y.z"):
        at_length = styles.record(iri, label.replace("\ue003", ""), about, ("The editors",))[0]
        assert styles.short(iri, label, about, ("The editors",)) == at_length.html


def test_a_work_has_the_form_that_all_its_editions_have(essay: Dataset) -> None:
    forms = {
        "work/conquest-of-bread": ("book", "BOOK", "book"),
        "work/negri-lesson-8": ("incollection", "CHAP", "chapter"),
        # Of an edition that is not known to be a book nothing follows.
        "work/grundrisse": ("misc", "GEN", "document"),
        # One is a chapter, the other of no known form.
        "work/kropotkin-1882": ("misc", "GEN", "document"),
    }
    for name, (bibtex, ris, item) in forms.items():
        work = entry(essay, name)
        assert [
            one.type for one in parse_string(written("bibtex", work), "bibtex").entries.values()
        ] == [bibtex]
        assert rispy.loads(written("ris", work))[0]["type_of_reference"] == ris
        assert csl(work)[0]["type"] == item
        assert parse_qs(citations.coins(work))["rft.genre"] == [
            {"book": "book", "chapter": "bookitem"}.get(item, "document")
        ]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        (
            "edition/cleaver-kropotkin-self-valorization",
            ("inproceedings", "CPAPER", "paper-conference", "proceeding"),
        ),
        ("edition/kropotkin-1910", ("inreference", "ENCYC", "entry", "bookitem")),
    ],
)
def test_a_paper_and_an_entry_are_no_works_of_unknown_form(
    essay: Dataset, name: str, forms: tuple[str, ...]
) -> None:
    one = entry(essay, name)
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    (ris,) = rispy.loads(written("ris", one))
    (genre,) = parse_qs(citations.coins(one))["rft.genre"]
    assert (bib.type, ris["type_of_reference"], csl(one)[0]["type"], genre) == forms


def test_a_paper_tells_the_conference_in_whose_proceedings_it_stands() -> None:
    paper, host = (Entry(iri, Kind.EDITION, Text(iri)) for iri in ("Paper", "Proceedings"))
    tags = dict(citations.tags(replace(paper, form="paper", host=host)))
    assert tags["citation_conference_title"] == "Proceedings"


def test_the_language_of_a_work_is_in_the_field_that_managers_read(essay: Dataset) -> None:
    one = entry(essay, "edition/alquati-1975")
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    assert bib.fields["language"] == bib.fields["langid"] == "it"


def test_the_makers_of_a_work_stand_as_its_edition_credits_them(essay: Dataset) -> None:
    for name, makers in {
        "work/woodcock-avakumovic": ["Woodcock", "Avakumovic"],
        "work/negri-lazzarato-santilli-1990": ["Negri", "Lazzarato", "Santilli"],
    }.items():
        (item,) = csl(entry(essay, name))
        assert [one["family"] for one in item["author"]] == makers


def test_a_part_names_who_translated_the_whole(essay: Dataset) -> None:
    one = entry(essay, "edition/negri-1991-lesson-8")
    assert [maker["family"] for maker in csl(one)[0]["translator"]] == ["Cleaver", "Ryan"]
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    assert bib.fields["translator"] == "Cleaver, Harry and Ryan, Michael"
    (ris,) = rispy.loads(written("ris", one))
    assert ris["subsidiary_authors"] == ["Cleaver, Harry", "Ryan, Michael"]
    assert ris["secondary_authors"] == ["Fleming, Jim"], "A3 is for books alone"
    own = replace(one, shares=(replace(one.shares[0], role="trl"),))
    assert [maker["family"] for maker in csl(own)[0]["translator"]] == ["Negri"]
    assert ("citation_editor", "Fleming, Jim") in citations.tags(one)


def test_a_book_tells_its_edition_and_how_many_pages_it_has(essay: Dataset) -> None:
    one = entry(essay, "edition/baldwin-1970")
    assert parse_qs(citations.coins(one))["rft.tpages"] == ["307"]
    (ris,) = rispy.loads(written("ris", one))
    assert ris["start_page"] == "307"
    assert "end_page" not in ris
    second = parse_qs(citations.coins(entry(essay, "edition/james-1963")))
    assert second["rft.edition"] == ["2nd ed."]
    both = parse_qs(citations.coins(entry(essay, "edition/negri-1991")))
    assert both["rft.pub"] == ["Autonomedia, Pluto Press"]


def test_a_thesis_has_a_matrix_of_its_own(essay: Dataset) -> None:
    said = parse_qs(citations.coins(entry(essay, "edition/wright-1988")))
    assert said["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dissertation"]
    assert said.keys() & {"rft.genre", "rft.btitle", "rft.pub"} == set()
    assert said["rft.title"][0].startswith("Forcing the Lock")
    assert said["rft.inst"] == ["Monash University"]
    bibtex = written("bibtex", entry(essay, "edition/wright-1988"))
    (bib,) = parse_string(bibtex, "bibtex").entries.values()
    assert bib.fields["institution"] == "Monash University"
    assert "publisher" not in bib.fields


ARTICLE = """
@prefix schema: <https://schema.org/> .
<http://example.org/a> a schema:ScholarlyArticle ; schema:name "A"@en ; schema:pagination "3-5" ;
  schema:isPartOf <http://example.org/no> ; schema:sameAs <https://doi.org/10.5555/1234> .
<http://example.org/no> a schema:PublicationIssue ; schema:name "No. 4" ; schema:issueNumber "4" ;
  schema:isPartOf <http://example.org/vol> .
<http://example.org/vol> a schema:PublicationVolume ; schema:name "22" ; schema:volumeNumber "22" ;
  schema:isPartOf <http://example.org/j> .
<http://example.org/j> a schema:Periodical ; schema:name "The Journal" ; schema:issn "2049-3630" .
<http://example.org/r> a schema:Report ; schema:name "R"@en .
"""


def test_an_article_stands_in_the_journal_of_its_issue(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, ARTICLE)
    one = Catalogue(Records(data)).entry("http://example.org/a")
    (item,) = csl(one)
    said = {name: item[name] for name in ("container-title", "volume", "issue", "ISSN", "DOI")}
    assert said == {
        "container-title": "The Journal",
        "volume": "22",
        "issue": "4",
        "ISSN": "2049-3630",
        "DOI": "10.5555/1234",
    }
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    names = ("journaltitle", "volume", "number", "issn", "doi")
    assert [bib.fields[name] for name in names] == [*said.values()]
    (ris,) = rispy.loads(written("ris", one))
    names = ("secondary_title", "volume", "number", "issn", "doi")
    assert [ris[name] for name in names] == [*said.values()]
    tags = dict(citations.tags(one))
    names = ("journal_title", "volume", "issue", "issn", "doi")
    assert [tags[f"citation_{name}"] for name in names] == [*said.values()]
    kev = parse_qs(citations.coins(one))
    assert [kev[f"rft.{name}"][0] for name in ("jtitle", "volume", "issue", "issn")] == [
        *said.values()
    ][:4]
    assert kev["rft_id"] == ["http://example.org/a", "info:doi/10.5555/1234"]
    report = Catalogue(Records(data)).entry("http://example.org/r")
    assert csl(report)[0]["type"] == "report", "which is an article to schema.org"


def test_translators_and_editors_have_fields_of_their_own(essay: Dataset) -> None:
    one = entry(essay, "edition/kropotkin-1892")
    author = one.shares[0]
    shares = (author, replace(author, role="trl"), replace(author, role="edt"))
    (item,) = csl(replace(one, shares=shares))
    assert item["translator"] == item["editor"] == item["author"]
    (bib,) = parse_string(written("bibtex", replace(one, shares=shares)), "bibtex").entries.values()
    assert set(bib.persons) == {"author", "editor"}
    assert bib.fields["translator"] == "Kropotkin, Peter"
    (ris,) = rispy.loads(written("ris", replace(one, shares=shares)))
    assert ris["subsidiary_authors"] == ris["tertiary_authors"] == ["Kropotkin, Peter"]


def test_the_pages_of_a_part_and_of_a_book_and_its_edition_are_kept_apart(essay: Dataset) -> None:
    part = entry(essay, "edition/cleaver-socialism")
    book = replace(
        entry(essay, "edition/baldwin-1970"), page_count="307", edition_statement="2nd ed."
    )
    chapter, whole = csl(part, book)
    assert chapter["page"] == "233\u2013249"
    assert "number-of-pages" not in chapter
    assert (whole["number-of-pages"], whole["edition"]) == ("307", "2nd ed.")
    (bib,) = parse_string(written("bibtex", book), "bibtex").entries.values()
    assert (bib.fields["pagetotal"], bib.fields["edition"]) == ("307", "2nd ed.")
    (ris,) = rispy.loads(written("ris", book))
    assert ris["edition"] == "2nd ed."
    (ris,) = rispy.loads(written("ris", part))
    assert (ris["start_page"], ris["end_page"]) == ("233", "249")


def test_a_chapter_has_what_it_stands_in(essay: Dataset) -> None:
    one = entry(essay, "edition/negri-archaeology-in-1988")
    (item,) = csl(one)
    assert item["type"] == "chapter"
    assert item["container-title"].startswith("Revolution Retrieved")
    assert item["publisher"] == "Red Notes"
    (bib,) = parse_string(written("bibtex", one), "bibtex").entries.values()
    assert bib.type == "incollection"
    assert bib.fields["booktitle"].startswith("Revolution Retrieved")
    (ris,) = rispy.loads(written("ris", one))
    assert ris["type_of_reference"] == "CHAP"


@pytest.mark.parametrize(
    ("edtf", "label", "issued"),
    [
        ("1892", "1892", {"date-parts": [[1892]]}),
        ("1895-12-24", "", {"date-parts": [[1895, 12, 24]]}),
        ("1976~", "circa 1976", {"date-parts": [[1976]], "circa": True}),
        ("1845/1846", "1845\u201346", {"date-parts": [[1845], [1846]]}),
        ("1867/..", "1867+", {"literal": "1867+"}),
        ("19XX", "19", {"literal": "19"}),
        ("undated", "undated", {"literal": "undated"}),
    ],
)
def test_a_date_is_no_surer_than_it_is(
    essay: Dataset, edtf: str, label: str, issued: dict[str, object]
) -> None:
    one = replace(entry(essay, "edition/kropotkin-1892"), date=Date(edtf, label=label))
    (item,) = csl(one)
    assert item["issued"] == issued
    plain = "circa" not in issued and edtf in ("1892", "1895-12-24")
    assert item.get("custom") == (None if plain else {"edtf": edtf})
    bib = written("bibtex", one)
    assert f"date = {{{edtf}}}" in bib
    ris = written("ris", one)
    assert (f"(EDTF {edtf})" in ris) is not plain


def test_a_name_in_parts_and_a_name_in_one_are_read_back(essay: Dataset) -> None:
    one = entry(essay, "edition/kropotkin-1892")
    share = one.shares[0]
    king = replace(share.agent, name=Name("King", "Martin Luther", "", "Jr."))
    beethoven = replace(share.agent, name=Name("Beethoven", "Ludwig", "van"))
    group = replace(share.agent, kind=Kind.GROUP, name=None, label=Text("Smith, Sons and Co."))
    whole = replace(share.agent, name=Name("夏目 漱石"))
    people = (king, beethoven, group, whole)
    made = replace(one, shares=tuple(replace(share, agent=who) for who in people))
    (bib,) = parse_string(written("bibtex", made), "bibtex").entries.values()
    first, second, third, last = bib.persons["author"]
    assert (last.first_names, last.last_names) == ([], ["{夏目 漱石}"])
    assert (first.last_names, first.lineage_names) == (["King"], ["Jr."])
    assert (second.prelast_names, second.last_names) == (["van"], ["Beethoven"])
    assert third.last_names == ["{Smith, Sons and Co.}"]
    (item,) = csl(made)
    assert item["author"][1]["non-dropping-particle"] == "van"
    assert item["author"][2] == {"literal": "Smith, Sons and Co."}
    (ris,) = rispy.loads(written("ris", made))
    assert ris["authors"][0] == "King, Martin Luther, Jr."


def test_signs_that_mean_something_to_a_format_do_no_harm(tmp_path: Path) -> None:
    found = entries(serving.bare(tmp_path, NASTY))
    (bib,) = parse_string(written("bibtex", *found), "bibtex").entries.values()
    assert r"\lbrace" in bib.fields["title"]
    assert re.search(r"(?<!\\)[$%#&]", bib.fields["title"]) is None
    assert len(bib.persons["author"]) == 2
    text = written("ris", *found)
    assert text.count("\nTY  - ") + text.startswith("TY  - ") <= 1
    (ris,) = rispy.loads(text)
    assert ris["title"].startswith("100% {pure}")
    (item,) = csl(*found)
    assert item["title"].endswith("TY - JOUR\ufffd")


@pytest.mark.parametrize(
    ("suffix", "media"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_a_citation_is_had_by_suffix_and_by_media_type(
    web: Client, suffix: str, media: str
) -> None:
    place = "/doc/edition/kropotkin-1892"
    by_suffix = web.get(f"{place}.{suffix}")
    assert by_suffix.status_code == 200
    assert by_suffix.headers["content-type"] == media
    assert web.get(place, media).content == by_suffix.content
    assert_problem(web.get(f"/doc/concept/mutual-aid.{suffix}"), 406)


def test_a_selection_is_cited(web: Client) -> None:
    iris = [f"iri={KSV}edition/{name}" for name in ("wright-1988", "kropotkin-1892")]
    found = web.get("/export/csl.csl.json?" + "&".join(iris)).json()
    assert [item["id"] for item in found] == ["wright-1988", "kropotkin-1892"]
    assert len(rispy.loads(web.get("/export/ris.ris").text)) >= 73


def test_the_command_writes_citations(run: Runner) -> None:
    place = Path(__file__).parent / "foreign"
    done = run("crosswalk", "csl", place)
    assert done.returncode == 0, done.stderr
    (item,) = json.loads(done.stdout)
    assert item["author"] == [{"family": "Röntgen", "given": "Wilhelm Conrad"}]
