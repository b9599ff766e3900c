"""What pages say unseen: to search engines, previews of links, and reference managers."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree

import pytest
import serving
from conftest import FOREIGN
from serving import BROWSER, HOME, Client, assert_problem

from publish import citations, dataset, inference
from publish.catalogue import Catalogue, Kind
from publish.citations import csl
from publish.dataset import Dataset
from publish.records import Records
from publish.sources import Local
from publish.web import crawling

STRAHLEN = "https://example.org/strahlen/"


def markup(page: str) -> dict:
    (block,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', page, re.DOTALL)
    found: dict = json.loads(block)
    return found


def metas(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for names, content in re.findall(
        '<meta ((?:(?:name|property)="[^"]+" )+)content="([^"]*)">', page
    ):
        for name in re.findall('"([^"]+)"', names):
            found.setdefault(name, []).append(unescape(content))
    return found


def examples(data: Dataset) -> list[str]:
    assert data.description is not None
    return [
        "/doc/" + iri.removeprefix(data.description.uri_space) for iri in data.description.examples
    ]


def test_each_thing_is_told_by_schema_org_in_a_block_of_data(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    catalogue = Catalogue(Records(each.dataset))
    classes = {
        Kind.PERSON: {"Person"},
        Kind.GROUP: {"Organization"},
        Kind.CONCEPT: {"DefinedTerm"},
        Kind.EVENT: {"Event"},
        Kind.PLACE: {"Place"},
    }
    seen = set()
    for kind in Records(each.dataset).kinds():
        iri = kind.members[0]
        found = markup(each.page("/doc/" + iri.removeprefix(about.uri_space)))
        assert found["@context"] == "https://schema.org/"
        assert found["@id"] == iri
        assert found["subjectOf"]["isPartOf"]["@id"] == about.iri
        entry = next(catalogue.entries([iri]), None)
        if entry and entry.kind in classes:
            types = found["@type"]
            assert classes[entry.kind] <= {*([types] if isinstance(types, str) else types)}
            seen.add(entry.kind)
    assert len(seen) >= 2


def test_a_book_has_its_author_within(essay_web: Client, essay: Dataset) -> None:
    (path,) = (one for one in examples(essay) if "/edition/" in one)
    found = markup(essay_web.page(path))
    assert found["@type"] == "Book"
    assert found["author"]["@type"] == "Person"
    assert found["author"]["name"]
    assert re.fullmatch(r"\d{4}", str(found["datePublished"]))


def test_previews_have_title_description_and_address(each: Client) -> None:
    for path in examples(each.dataset):
        page = each.page(path)
        found = metas(page)
        assert found["og:title"][0] in unescape(re.findall("<title>(.*?)</title>", page)[0])
        assert found["og:url"] == [HOME + path]
        assert found["description"] == found["og:description"]
        assert 0 < len(found["description"][0]) < 400
        assert f'<link rel="canonical" href="{HOME + path}">' in page
    assert metas(each.page("/"))["og:type"] == ["website"]


def test_a_work_has_the_tags_that_zotero_reads(essay_web: Client, essay: Dataset) -> None:
    (path,) = (one for one in examples(essay) if "/edition/" in one)
    found = metas(essay_web.page(path))
    assert found["citation_title"] == ["Mutual Aid"]
    assert found["citation_author"] == ["Kropotkin, Peter"]
    assert found["citation_publication_date"] == ["1902"]
    (person,) = (one for one in examples(essay) if "/person/" in one)
    assert "citation_title" not in metas(essay_web.page(person))


def test_works_can_be_taken_from_any_page_that_names_them(
    essay_web: Client, essay: Dataset
) -> None:
    (person,) = (one for one in examples(essay) if "/person/" in one)
    for path in (person, "/browse/edition"):
        objects = re.findall('<span class="Z3988" title="([^"]*)">', essay_web.page(path))
        assert len(objects) > 3
        for one in objects:
            said = parse_qs(unescape(one))
            assert said["ctx_ver"] == ["Z39.88-2004"]
            assert said["rft_val_fmt"][0].startswith("info:ofi/fmt:kev:mtx:")
            assert said.keys() & {"rft.btitle", "rft.atitle", "rft.title"}
            assert said["rft_id"][0].startswith(essay.base)


def test_records_can_be_had_by_unapi(web: Client) -> None:
    iri = f"{STRAHLEN}id/werk/ueber-eine-neue-art-von-strahlen"
    page = web.page("/doc/werk/ueber-eine-neue-art-von-strahlen")
    assert '<link rel="unapi-server" type="application/xml"' in page
    assert f'<abbr class="unapi-id" title="{iri}">' in page
    offered = ElementTree.fromstring(web.get("/unapi").content)  # noqa: S314 (ours)
    names = {str(one.get("name")) for one in offered}
    assert names == {"bibtex", "csl"}, "of others, Zotero makes what a work is not"
    answer = web.get(f"/unapi?id={iri}")
    assert answer.status_code == 300
    own = ElementTree.fromstring(answer.content)  # noqa: S314 (ours)
    assert own.get("id") == iri
    for one in own:
        record = web.get(f"/unapi?id={iri}&format={one.get('name')}")
        assert record.status_code == 200
        assert record.headers["content-type"].startswith(str(one.get("type")))
        assert record.content
    assert_problem(web.get(f"/unapi?id={iri}&format=nothing"), 406)
    assert "unapi" not in web.page("/doc/person/crookes"), "a person is no work"
    assert_problem(web.get("/unapi?id=urn:nothing"), 404)


def test_documents_lead_to_records_in_other_formats(web: Client) -> None:
    answer = web.get("/doc/werk/ueber-eine-neue-art-von-strahlen", BROWSER)
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
    media = {media: place.removeprefix(serving.HOME) for place, media in links}
    for one in ("application/x-bibtex", "application/marcxml+xml", "application/mods+xml"):
        assert web.get(media[one]).headers["content-type"].startswith(one)
        assert f'<link rel="alternate" type="{one}" href="{media[one]}">' in answer.text


def test_records_and_works_are_cited_in_common_styles(essay_web: Client, essay: Dataset) -> None:
    (path,) = (one for one in examples(essay) if "/edition/" in one)
    page = essay_web.page(path.replace("/doc/", "/cite/"))
    cited = re.findall('<dd class="citation" lang="en">(.*?)</dd>', page)
    assert len(cited) == 6
    apa, mla, chicago = cited[:3]
    assert apa.startswith("Kropotkin, P. (1902). <i>Mutual Aid</i>")
    assert mla.startswith("Kropotkin, Peter. <i>Mutual Aid</i>")
    assert chicago.startswith("Kropotkin, Peter. 1902. <i>Mutual Aid</i>")
    plain = "".join(re.findall('<pre class="box"[^>]*>\n(.*?)</pre>', page, re.DOTALL))
    assert plain.splitlines() == [re.sub("</?i>", "", one) for one in cited]
    assert all(essay.base in one for one in cited[3:])
    assert path.replace("/doc/", "/cite/") in essay_web.page(path)
    assert_problem(essay_web.get("/cite/nothing/there"), 404)


def test_a_title_stands_in_a_citation_as_it_is() -> None:
    (apa, *_) = citations.Styles().styled(
        {"type": "book", "title": "<b>A</b> & \ue001{{ 7*7 }}", "publisher": "</i><script>"}
    )
    assert "<b>A</b> & {{ 7*7 }}" in apa.text
    assert "<i>&lt;b&gt;A&lt;/b&gt; &amp; {{ 7*7 }}</i>" in apa.html
    assert "&lt;/i&gt;&lt;script&gt;" in apa.html


def test_works_of_all_makes_can_be_cited(essay: Dataset) -> None:
    catalogue, styles = Catalogue(Records(essay)), citations.Styles()
    entries = [*catalogue.entries(Records(essay).subjects(), citations.DOCUMENTS)]
    assert entries
    known = [one for one in entries if b'"contributor"' in csl.write([one])]
    assert known, "whom a style does not name, it must not fall over"
    for entry in [*entries[::8], *known]:
        for one in styles.work(entry):
            assert not re.search(r"[.?!]\.(?!\.)", one.text), one
            assert re.sub("</?i>", "", one.html) == html.escape(one.text, quote=False)
            assert one.html.count("<i>") == one.html.count("</i>")


def test_a_label_that_ends_a_script_changes_nothing_outside_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(FOREIGN, folder)
    text = (
        """@prefix begriff: <https://example.org/strahlen/id/begriff/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

begriff:boese
  a skos:Concept ;
  skos:definition "</script><script>alert(1)</script>\u202egpj.exe"@de ;
  skos:inScheme begriff:liste ;
  skos:prefLabel "</script><img src=x>\\"'&"@de .
"""
        + f'\nbegriff:lang\n  a skos:Concept ;\n  skos:inScheme begriff:liste ;\n  skos:prefLabel "{"x" * 10_000}"@de .\n'
    )
    (folder / "data" / "text" / "boese.ttl").write_text(text, encoding="utf-8")
    with serving.client(inference.infer(dataset.load(folder))) as client:
        page = client.page("/doc/begriff/boese")
        assert markup(page)["name"]["@value"] == "</script><img src=x>\"'&"
        scripts = re.findall("<script[^>]*>", page)
        assert scripts == [
            '<script src="/static/search.js" defer>',
            '<script type="application/ld+json">',
        ]
        assert "<img" not in page
        assert metas(page)["og:title"] == ["</script><img src=x>\"'&"]
        client.page("/browse/begriff")
        assert len(metas(client.page("/doc/begriff/lang"))["description"][0]) < 400


def test_very_many_documents_have_lists_of_lists(
    foreign: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "_URLS", 20)
    with serving.client(foreign) as client:
        whole = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (ours)
        assert whole.tag.endswith("sitemapindex")
        lists = [
            str(one.text).removeprefix(serving.HOME)
            for one in whole.iter()
            if one.tag.endswith("loc")
        ]
        assert len(lists) > 1
        found: list[str] = []
        for path in lists:
            part = ElementTree.fromstring(client.get(path).content)  # noqa: S314 (ours)
            places = [str(one.text) for one in part.iter() if one.tag.endswith("loc")]
            assert len(places) <= 20
            found += places
        assert len(found) == len(set(found))
        about = foreign.description
        assert about is not None
        for iri in Local(foreign).subjects():
            if iri.startswith(about.uri_space):
                assert f"{HOME}/doc/{iri.removeprefix(about.uri_space)}" in map(unquote, found)
        for number in (len(lists) + 1, -1):
            assert_problem(client.get(f"/sitemap-{number}.xml"), 404)


def test_chapters_and_articles_name_what_they_stand_in(essay: Dataset) -> None:
    catalogue = Catalogue(Records(essay))
    chapter = next(one for one in catalogue.entries() if one.host and one.kind is Kind.EDITION)
    said = parse_qs(citations.coins(chapter))
    assert said["rft.genre"] == ["bookitem"]
    assert said["rft.btitle"] != said["rft.atitle"]
    assert "citation_inbook_title" in dict(citations.tags(chapter))
    article = dataclasses.replace(chapter, form="article", pages="3\u20139")
    said = parse_qs(citations.coins(article))
    assert (said["rft.spage"], said["rft.epage"]) == (["3"], ["9"])
    assert "rft.jtitle" in said


def test_what_is_not_known_to_be_a_book_is_a_document(essay: Dataset) -> None:
    catalogue = Catalogue(Records(essay))
    unknown = catalogue.entry(f"{essay.base}id/work/grundrisse")
    said = parse_qs(citations.coins(unknown))
    assert said["rft.genre"] == ["document"]
    assert said["rft.title"] == ["Grundrisse"], "a document has no `btitle` (Z39.88 KEV book)"
    book = catalogue.entry(f"{essay.base}id/work/conquest-of-bread")
    said = parse_qs(citations.coins(book))
    assert (said["rft.genre"], said["rft.btitle"]) == (["book"], ["The Conquest of Bread"])
    group = dataclasses.replace(book.shares[0].agent, name=None)
    share = dataclasses.replace(book.shares[0], agent=group)
    said = parse_qs(citations.coins(dataclasses.replace(book, shares=(share,))))
    assert "rft.au" not in said, "the name of a group is not split"
    assert said["rft.aucorp"] == [group.label.value]


def test_the_publisher_of_a_report_or_thesis_is_its_institution(essay: Dataset) -> None:
    book = Catalogue(Records(essay)).entry(f"{essay.base}id/edition/alquati-1975")
    for form, name in (
        ("book", "citation_publisher"),
        ("report", "citation_technical_report_institution"),
        ("thesis", "citation_dissertation_institution"),
    ):
        assert dict(citations.tags(dataclasses.replace(book, form=form)))[name] == "Feltrinelli"


def test_only_a_book_is_called_one(essay_web: Client) -> None:
    for name, kind in (
        ("work/conquest-of-bread", "book"),
        ("work/grundrisse", "article"),
        ("person/marx", "profile"),
    ):
        assert metas(essay_web.page(f"/doc/{name}"))["og:type"] == [kind]


def test_the_data_set_can_be_taken_with_its_makers_whole(essay_web: Client, essay: Dataset) -> None:
    for path in ("/", "/dataset"):
        (object_,) = re.findall('<span class="Z3988" title="([^"]*)">', essay_web.page(path))
        said = parse_qs(unescape(object_))
        assert said["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"]
        assert said["rft.type"] == ["dataset"]
        assert said["rft.aucorp"] == ["The folkmote editors"]
        assert said["rft_id"] == [f"{essay.base}dataset"]
