"""The pages: complete, linked in both directions, readable without script, and never fooled."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import re
import shutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree
from zlib import crc32

import pytest
import serving
from conftest import FOREIGN
from serving import BROWSER, HOME, Client, assert_problem

from publish import dataset, inference, portraits, release, rules, settings, statistics, turtle
from publish import namespaces as ns
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.questions import Book
from publish.records import Link, Records, Statement, Text
from publish.sources import Local
from publish.web import problems, templating
from publish.web.naming import Names
from publish.web.wording import Wording

STRAHLEN = "https://example.org/strahlen/"
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Reading(HTMLParser):
    """What a page holds: its links, its ids, its text, and whether its elements close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert len(found) == len(attrs), f"an attribute twice in <{tag}>"
        self.tags.append((tag, found))
        self.links += [found[name] for name in ("href", "src", "action") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(page: str) -> Reading:
    found = Reading(page)
    assert not found.open, found.open
    assert len(set(found.ids)) == len(found.ids)
    return found


# --- a page for every thing ------------------------------------------------------------------


def shown(records: Records, one: Statement) -> str:
    """Give the words for a thing that a page leads to; a name stands there as it is written."""
    assert isinstance(one.value, Link)
    if one.predicate.startswith(ns.SKOSXL):
        said = records.record(one.value.iri).statements
        (form,) = (other.value for other in said if other.predicate == ns.SKOSXL + "literalForm")
        assert isinstance(form, Text)
        return form.value
    return records.label(one.value.iri).value


def test_a_page_says_everything_that_is_said_of_a_thing_in_both_directions(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    records = Records(each.dataset)
    names = Names(records, Wording("en", ()))
    words = ("prefLabel", "altLabel", "definition", "scopeNote")
    heading = {ns.TYPE, ns.DCTERMS + "description", *ns.LABELS, *(ns.SKOS + name for name in words)}
    for kind in records.kinds():
        record = records.record(kind.members[len(kind.members) // 2])
        path = "/doc/" + quote(record.iri.removeprefix(about.uri_space), "/:@!$&'()*+,;=~")
        page = read(each.page(path))
        for one in record.statements:
            if isinstance(one.value, Text) and not one.value.datatype.endswith(
                ("#date", "#wktLiteral")
            ):
                assert " ".join(one.value.value.split()) in page.text, one
            elif isinstance(one.value, Link) and one.value.iri.startswith(about.uri_space):
                assert shown(records, one) in page.text
            # What heads a page, and the list of passages, needs no name of its own.
            if one.predicate not in heading and not one.predicate.endswith(
                ("inPassage", "stehtIn")
            ):
                assert names.property(one.predicate).value in page.text
        pointing = {urlsplit(link).path for link in page.links}
        for one in record.pointers:
            assert isinstance(one.value, Link)
            iri = one.value.iri
            if iri.startswith(about.base) and "#" not in iri:
                assert "/" + quote(iri.removeprefix(about.base), "/:@!$&'()*+,;=~") in pointing


@pytest.mark.parametrize("thing", ["person/kropotkin-peter", "concept/mutual-aid"])
def test_a_page_says_first_where_the_text_speaks_of_a_thing(essay_web: Client, thing: str) -> None:
    page = essay_web.page(f"/doc/{thing}")
    places = [page.index(f'<section id="{name}"') for name in ("text", "facts", "rest")]
    assert places == sorted(places)


def test_the_start_page_begins_with_what_the_text_names(essay_web: Client) -> None:
    begin = essay_web.page("/").partition('id="begin"')[2].partition("</ul>")[0]
    kinds = re.findall(r'class="note">([^<]+)<', begin)
    assert {"in-text citation", "passage"} == {*kinds[-2:]}


def test_the_start_page_invites_to_ask_what_a_reader_can_change_and_to_look(each: Client) -> None:
    page = each.page("/")
    asked = page.partition('id="asked"')[2].partition("</section>")[0]
    names = re.findall(r'href="/questions/([^"]+)"', asked)
    book = Book(Records(each.dataset))
    changeable = [one.name for one in book.all() if one.parameters]
    assert names[: len(changeable)] == changeable[: len(names)]
    drawn = page.partition('id="drawn"')[2].partition("</section>")[0]
    shown = set(re.findall(r'href="(/pictures/[^"]+)"', drawn))
    assert shown == set(re.findall(r'href="(/pictures/[^"]+)"', each.page("/pictures")))


def test_a_long_page_lists_its_sections_and_a_short_one_does_not(essay_web: Client) -> None:
    page = essay_web.page("/doc/person/kropotkin-peter")
    contents = page.partition('class="contents"')[2].partition("</nav>")[0]
    listed = re.findall(r'href="#([\w-]+)"', contents)
    sections = re.findall(r'<section id="([\w-]+)"[^>]* aria-labelledby', page)
    assert len(listed) > 4
    assert listed == sections
    assert 'class="contents"' not in essay_web.page("/doc/event/newgate-liberation-1780")


def test_a_thing_is_called_what_its_list_is_called_and_then_by_its_class(
    essay_web: Client,
) -> None:
    def types(path: str) -> str:
        line = essay_web.page(path).partition('<p class="types">')[2].partition("</p>")[0]
        return re.sub("<[^>]+>", "", line).casefold()

    assert types("/doc/event/newgate-liberation-1780") == "event · activity"
    assert types("/doc/edition/kropotkin-1902") == "edition · book"
    # Where a class has the name of the list, one of them is enough.
    assert types("/doc/person/marx") == "person"


def test_a_claim_leads_first_to_who_holds_it(essay_web: Client) -> None:
    page = essay_web.page("/doc/claim/future-by-blueprint")
    header = page.partition("<h1>")[2].partition("</header>")[0]
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", header))
    assert "rejects Peter Kropotkin" in words
    assert "holds Bolsheviks · Fourier" in words
    assert "/stance/kropotkin-peter-rejects-future-by-blueprint" in header


def test_the_source_of_both_dates_is_named_once(essay_web: Client) -> None:
    page = essay_web.page("/doc/person/kropotkin-peter")
    dates = next(line for line in page.splitlines() if 'title="ksv:born"' in line)
    assert 'title="ksv:died"' in dates
    assert dates.count('class="mark"') == 1


def test_the_sources_of_a_section_can_be_taken_away(essay_web: Client) -> None:
    page = essay_web.page("/doc/passage/3")
    place = unescape(re.findall(r'href="(/export/bibtex[^"]+)"', page)[0])
    answer = essay_web.get(place)
    assert answer.status_code == 200
    entries = re.findall(r"^@\w+\{", answer.text, re.M)
    assert len(entries) == place.count("iri=") > 20
    # Whoever saves the page saves the same.
    assert page.count('class="Z3988"') == len(entries)


@pytest.mark.parametrize("path", ["/", "/changes", "/search?q=r", "/browse", "/questions"])
def test_a_note_stands_apart_from_the_word_before_it(web: Client, path: str) -> None:
    assert not re.findall(r'</a><span class="(?:note|count|times|quiet)">', web.page(path))


def test_a_page_names_the_layer_of_what_it_shows(web: Client) -> None:
    page = read(web.page("/doc/begriff/x-strahlen"))
    assert {"/graph/text", "/graph/deutung", "/graph/enrichment-lebensdaten"} <= set(page.links)
    assert "Source: data/text/begriffe.ttl, line " in page.text


def test_words_carry_their_language(web: Client) -> None:
    page = web.page("/doc/begriff/x-strahlen")
    assert '<span lang="de" dir="auto">Röntgenstrahlen</span></li>' in page
    greek = re.search(r'<span lang="el" dir="auto">[^<]+</span> <span class="note">el</span>', page)
    assert greek
    assert '<html lang="en"' in page


def test_dates_are_written_for_readers_and_for_programs(web: Client) -> None:
    page = web.page("/doc/person/roentgen")
    assert '<time datetime="1845-03-27">27 March 1845</time>' in page


def test_points_are_written_as_maps_have_them(tmp_path: Path) -> None:
    text = '<urn:lisbon> <urn:at> "POINT(-9.14 38.7)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> .'
    with serving.client(serving.bare(tmp_path, text)) as client:
        page = client.page("/describe?iri=urn:lisbon")
    assert '<data value="POINT(-9.14 38.7)">38.7° N, 9.14° W</data>' in page


def test_numbers_stand_as_they_were_written(web: Client) -> None:
    assert "1.05" in read(web.page("/doc/begriff/x-strahlen")).text


def test_an_address_in_a_text_leads_to_this_server_where_it_is_ours(web: Client) -> None:
    page = web.page("/ontology")
    assert f'<a href="/ontology">{STRAHLEN}ontology#</a>' in page
    assert f'<a href="/">{STRAHLEN}</a>' in web.page("/dataset")


def test_the_number_of_an_authority_is_shown_with_its_address(
    essay: Dataset, essay_web: Client
) -> None:
    links = Records(essay).record("http://www.wikidata.org/entity/Q5752").pointers
    iri = next(one.value.iri for one in links if isinstance(one.value, Link))
    assert essay.description is not None
    page = essay_web.page("/doc/" + iri.removeprefix(essay.description.uri_space))
    assert ">http://www.wikidata.org/entity/Q5752</a>" in page


def test_a_crowd_of_pointers_is_paged_and_complete(essay: Dataset, essay_web: Client) -> None:
    records = Records(essay)
    (busiest,) = sorted(
        (iri for kind in records.kinds() for iri in kind.members),
        key=lambda iri: -len(essay.incoming(iri)),
    )[:1]
    assert essay.description is not None
    path = "/doc/" + busiest.removeprefix(essay.description.uri_space)
    page = essay_web.page(path)
    pointers = records.record(busiest).pointers
    shown = set(read(page).links)
    assert len(pointers) > 100
    pages = [read(essay_web.page(f"{path}?page={n}")).links for n in range(2, 6)]
    shown = shown.union(*pages)
    for one in pointers:
        assert isinstance(one.value, Link)
        if essay.base in one.value.iri and "#" not in one.value.iri:
            assert "/" + one.value.iri.removeprefix(essay.base) in shown


def test_many_pointers_stand_by_their_kind_and_what_speaks_of_the_data_comes_last(
    essay: Dataset,
    essay_web: Client,
) -> None:
    assert essay.description is not None
    passage = next(iri for iri in essay.description.examples if "/passage/" in iri)
    page = essay_web.page("/doc/" + passage.removeprefix(essay.description.uri_space))
    carried = page.partition('id="carries"')[2].partition("</section>")[0]
    assert len(re.findall(r"<dt>(.*?) <span", carried)) > 2
    incoming = page.partition('id="rest"')[2]
    titles = re.findall(r'title="([\w:]+)"', incoming)
    assert titles.index("vann:example") > titles.index("ksv:noteCalledIn")


def test_values_stand_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    data = serving.bare(
        tmp_path,
        "@prefix e: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        'e:a e:part e:x, e:y . e:x rdfs:label "page 10" . e:y rdfs:label "page 9" .',
    )
    record = Records(data).record("http://example.org/a")
    assert [one.value for one in record.statements] == [
        Link("http://example.org/y"),
        Link("http://example.org/x"),
    ]


def test_the_map_of_the_text_has_every_passage_with_what_it_carries(each: Client) -> None:
    frame = portraits.Portraits(Catalogue(Records(each.dataset))).frame
    page = read(each.page("/text"))
    assert len(frame.passages) > 5
    for passage in frame.passages:
        anchor = "-".join(passage.iri.split("/")[-2:])
        assert anchor in page.ids
        assert f"/text#{anchor}" in page.links
        for gathering in frame.carried([passage.iri])[passage.iri]:
            for one in gathering.items:
                assert "/" + one.iri.removeprefix(each.dataset.base) in page.links
    first, second = frame.passages[:2]
    own = read(each.page("/doc/" + first.iri.removeprefix(each.dataset.base + "id/")))
    assert any(
        tag == "a" and found.get("rel") == "next" and found["href"].endswith(second.iri[-3:])
        for tag, found in own.tags
    )


def test_the_map_of_the_text_holds_no_sentence_of_it(essay_web: Client) -> None:
    longest = max(read(essay_web.page("/text")).words, key=len)
    assert len(longest) < 400


def test_data_without_passages_have_no_map(tmp_path: Path) -> None:
    with serving.client(serving.bare(tmp_path, "<urn:a> <urn:p> <urn:b> .")) as client:
        assert_problem(client.get("/text"), 404)
        assert "/text" not in read(client.page("/")).links


def test_a_section_leads_to_the_query_that_finds_what_it_shows(web: Client) -> None:
    page = read(web.page("/doc/begriff/x-strahlen"))
    asked = [link for link in page.links if link.startswith("/sparql?query=")]
    assert len(asked) >= 4
    for link in asked:
        assert "<table>" in web.page(link)


def test_who_knows_where_the_sources_are_edited_is_led_there(foreign: Dataset) -> None:
    address = "https://example.org/repository/blob/main/{path}#L{line}"
    with serving.client(foreign, edit_url=address) as client:
        links = read(client.page("/doc/begriff/x-strahlen")).links
        found = [link for link in links if link.startswith("https://example.org/repository/")]
        assert len(found) >= 2
        path, _, line = found[0].partition("/main/")[2].partition("#L")
        lines = (FOREIGN / path).read_text(encoding="utf-8").split("\n")
        assert "begriff:x-strahlen" in "".join(lines[int(line) - 2 : int(line)])


# --- every page ------------------------------------------------------------------------------


def paths_of(client: Client) -> list[str]:
    about = client.dataset.description
    assert about is not None
    things = ["/doc/" + iri.removeprefix(about.uri_space) for iri in about.examples]
    kinds = [f"/browse/{kind.name}" for kind in Records(client.dataset).kinds()]
    around = ["/", "/text", "/browse", "/questions", "/help", "/sparql", "/dump/", "/dataset"]
    made = ["/ontology", "/shapes", "/statistics"]
    return [*around, *made, *things, *kinds]


def test_every_page_can_be_read_by_everybody(each: Client) -> None:
    for path in paths_of(each):
        page = read(each.page(path))
        names = [tag for tag, _ in page.tags]
        assert names.count("h1") == 1, path
        assert names.count("main") == 1
        levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
        assert all(lower - upper <= 1 for upper, lower in itertools.pairwise(levels))
        assert ("a", {"class": "skip", "href": "#main"}) in page.tags
        assert any(tag == "meta" and found.get("name") == "viewport" for tag, found in page.tags)
        labels = {found.get("for") for tag, found in page.tags if tag == "label"}
        fields = {found["id"] for tag, found in page.tags if tag in ("textarea", "select")}
        assert fields <= labels


def test_no_page_needs_a_script_or_anything_from_elsewhere(each: Client) -> None:
    for path in paths_of(each):
        page = read(each.page(path))
        for tag, found in page.tags:
            assert tag not in ("iframe", "object", "style", "img", "base")
            # A block of data is no script, and no policy needs to allow it; ours stand in files.
            if tag == "script" and found != {"type": "application/ld+json"}:
                assert found["src"].startswith("/static/")
            assert not any(name.startswith("on") or name == "style" for name in found)
            if tag == "link" and found["rel"] in ("stylesheet", "icon"):
                assert found["href"].startswith("/static/")


def test_pages_forbid_what_they_do_not_need(web: Client) -> None:
    headers = web.get("/", BROWSER).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


def test_pages_stay_as_they_were_where_another_version_is_installed(
    foreign: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = shutil.copytree(templating.TEMPLATES, tmp_path / "templates")
    monkeypatch.setattr(templating, "TEMPLATES", templates)
    with serving.client(foreign) as client:
        shutil.rmtree(templates)
        assert "<h1>" in client.page("/help")


ALIKE = re.compile(r"\.(ttl|nt|jsonld|rdf|bib|ris|mrc|marcxml|mods|json|csv|atom)$|^/cite/|\?")


def followed(link: str) -> bool:
    """Say whether a link is followed: all to pages, of those to data and to answers a sample.

    There are very many of them, and they are made alike.
    """
    if re.search(r"\?page=\d+$", link) or not ALIKE.search(link):
        return True
    return crc32(link.encode()) % 50 == 0


UNREAD = 0


def crawl(client: Client, start: str = "/", every: int = 1) -> dict[str, int]:
    """Follow every link within the server once, and give the status of each.

    Of the documents of things only one in `every` is read, and the others are `UNREAD`.
    """
    statuses: dict[str, int] = {}
    todo = [start]
    while todo:
        path = todo.pop()
        if path in statuses:
            continue
        if path.startswith("/doc/") and crc32(path.encode()) % every:
            statuses[path] = UNREAD
            continue
        answer = client.get(path, BROWSER)
        statuses[path] = answer.status_code
        if answer.status_code in (301, 303, 307):
            todo.append(urljoin(path, answer.headers["location"]))
        elif answer.headers["content-type"].startswith("text/html"):
            page = read(answer.text)
            for link in page.links:
                whole = urlsplit(urljoin(HOME + path, link))
                if (whole.scheme, whole.netloc) == ("http", "testserver") and followed(link):
                    todo.append(whole.path + (f"?{whole.query}" if whole.query else ""))
                    if not link.partition("#")[0] and whole.fragment:
                        assert whole.fragment in {"main", *page.ids}, f"{path}: {link}"
    return statuses


def test_every_link_leads_somewhere(
    either: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("crawl") / "out"
    release.write(either, folder)
    about = either.description
    assert about is not None
    own = {iri for iri in Records(either).subjects() if iri.startswith(about.uri_space)}
    with serving.client(either, folder, page_size=500) as client:
        # Among the files of an export every link of every page is followed, of a large set too.
        statuses = crawl(client, every=4 if len(own) > 1000 else 1)
        # 301 is the answer where something was retired.
        fine = (200, 301, 303, 307, UNREAD)
        wrong = {path: status for path, status in statuses.items() if status not in fine}
        assert not wrong, wrong
        reached = {path for path in statuses if path.startswith("/doc/")}
        # The address of what was retired leads on to what stands for it.
        deprecated = turtle.Named(ns.OWL + "deprecated")
        retired = {
            quad.subject
            for graph in either.graphs.values()
            for quad in graph.quads_for_predicate(deprecated)
        }
        for iri in own - {one.value for one in retired if isinstance(one, turtle.Named)}:
            path = "/doc/" + quote(iri.removeprefix(about.uri_space), "/:@!$&'()*+,;=~")
            assert path in reached, f"no link leads to {iri}"


def test_links_to_terms_have_their_anchors(each: Client) -> None:
    ids = {path: set(read(each.page(path)).ids) for path in ("/ontology", "/shapes")}
    for path in paths_of(each):
        for link in read(each.page(path)).links:
            document, _, anchor = link.partition("#")
            if document in ids and anchor:
                assert anchor in ids[document], f"{path}: {link}"


# --- terms, rules, figures -------------------------------------------------------------------


def test_each_term_has_its_definition_its_neighbours_and_its_uses(each: Client) -> None:
    records = Records(each.dataset)
    page = read(each.page("/ontology"))
    asked = [link for link in page.links if link.startswith("/sparql?query=")]
    own = records.terms(each.dataset.base + "ontology")
    assert len(asked) >= len(own)
    for iri in own:
        assert iri.partition("#")[2] in page.ids
        for one in records.record(iri).statements:
            if isinstance(one.value, Text):
                assert " ".join(one.value.value.split()) in page.text, iri
    for link in asked[::20]:
        assert "<table>" in each.page(link)


def test_the_page_of_terms_says_how_they_are_cited_and_which_version_it_is(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    page = read(each.page("/ontology"))
    assert about.version in page.text
    assert f"{about.base}ontology#" in page.text
    assert {"/ontology.ttl", "/ontology.jsonld", about.licence} <= set(page.links)


def test_each_rule_has_its_message_its_place_and_a_query_for_what_it_looks_at(
    each: Client,
) -> None:
    page = read(each.page("/shapes"))
    book = rules.read(Records(each.dataset))
    for shape in book.shapes:
        assert shape.iri.partition("#")[2] in page.ids
        for rule in shape.rules:
            assert f"{rule.place.path}, line {rule.place.line}" in page.text if rule.place else True
            for message in rule.messages:
                assert " ".join(message.value.split()) in page.text
    for derivation in book.derivations:
        assert " ".join(derivation.query.split()) in page.text
    asked = [link for link in page.links if link.startswith("/sparql?query=")]
    assert len(asked) == sum(bool(shape.targets) for shape in book.shapes)
    for link in asked[::30]:
        assert "<h1>Answer</h1>" in each.page(link)


def test_a_term_leads_to_its_rules_and_a_rule_to_its_terms(web: Client) -> None:
    assert "/shapes#erwaehnung-form" in read(web.page("/ontology")).links
    assert "/ontology#form" in read(web.page("/shapes")).links


@pytest.mark.parametrize("path", ["/ontology/2.3.1", "/ontology/2.3.1.ttl"])
def test_the_address_of_a_version_gives_the_terms_of_that_version(web: Client, path: str) -> None:
    answer = web.get(path, BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-location"].startswith("/ontology.")
    assert "Erwähnung" in answer.text


def test_the_figures_are_those_that_the_command_prints(each: Client) -> None:
    figures = statistics.measure(each.dataset)
    page = read(each.page("/statistics"))
    assert f"{figures.triples} statements" in page.text
    assert f"{figures.with_passage} of {figures.records}" in page.text
    assert f"{figures.with_basis} of {figures.records}" in page.text
    for passage in figures.passages:
        assert each.dataset.base + "id/" in passage.passage
        assert passage.passage.removeprefix(each.dataset.base.rstrip("/")) in page.links
    for kind, links in figures.links.items():
        assert f"{round(100 * links.linked / figures.kinds[kind])}%" in page.text
    for name, count in figures.vocabularies.items():
        assert f"{name} {each.dataset.prefixes.get(name, name)} {count}" in page.text


def test_an_empty_passage_is_told_and_marked(web: Client) -> None:
    page = web.page("/statistics")
    assert "1 of 7 passages carries no record" in read(page).text
    assert re.search(r'<li class="level-0"><a href="/id/abschnitt/13">', page)


def test_a_bare_file_has_figures_too(tmp_path: Path) -> None:
    with serving.client(
        serving.bare(tmp_path, "<urn:a> <http://example.org/p> <urn:b> .")
    ) as client:
        assert "1 statement" in read(client.page("/statistics")).text


class Elsewhere(Local):
    """Holds in memory what is held of a distant source: terms, rules, and the names of graphs."""

    distant = True

    def __init__(self, data: Dataset) -> None:
        super().__init__(data)
        kept = (data.ontology_graph, data.shapes_graph, data.meta_graph)
        graphs = {name: data.graphs[name] if name in kept else Graph() for name in data.graphs}
        self.dataset = dataclasses.replace(data, graphs=graphs)


def test_of_a_distant_source_terms_and_rules_are_explained_and_nothing_is_counted(
    foreign: Dataset,
) -> None:
    with serving.client(foreign, source=Elsewhere(foreign)) as client:
        rules_page = read(client.page("/shapes"))
        assert "Looks at each Erwähnung : list them" in rules_page.text
        assert "list them : gedruckte Form" in read(client.page("/ontology")).text
        assert "counts no more of them than their kinds" in client.page("/statistics")


def test_every_page_leads_to_terms_rules_and_figures(each: Client) -> None:
    for path in ("/", "/help", "/browse"):
        assert {"/ontology", "/shapes", "/statistics"} <= set(read(each.page(path)).links)


# --- the pages around the things -------------------------------------------------------------


def test_the_start_page_says_what_there_is(each: Client) -> None:
    about = each.dataset.description
    assert about is not None
    page = read(each.page("/"))
    assert about.title in page.text
    assert " ".join(about.description.split()) in page.text
    assert any(link.startswith("/text#") for link in page.links)
    named = portraits.Portraits(Catalogue(Records(each.dataset))).frame.named
    assert named
    for iri, times in named[0][1]:
        assert f"{Records(each.dataset).label(iri).value} {times}" in page.text
    assert "/changes" in page.links
    for kind in Records(each.dataset).kinds():
        assert f"/browse/{kind.name}" in page.links
        assert f"{kind.label.value} {len(kind.members)}" in page.text


def test_a_list_is_cut_into_pages_that_hold_everything(foreign: Dataset) -> None:
    with serving.client(foreign, page_size=3) as client:
        (kind,) = (one for one in Records(foreign).kinds() if one.name == "erwaehnung")
        listed: list[str] = []
        link: str | None = "/browse/erwaehnung"
        while link:
            page = read(client.page(link))
            listed += [one for one in page.links if one.startswith("/id/erwaehnung/")]
            link = next((f["href"] for t, f in page.tags if f.get("rel") == "next"), None)
            link = link and urljoin("/browse/erwaehnung", link)
        assert len(listed) == len(set(listed)) == len(kind.members)
        assert client.get("/browse/erwaehnung?page=999", BROWSER).status_code == 200
        for wrong in ("0", "-1", "x", "1e9"):
            assert_problem(client.get(f"/browse/erwaehnung?page={wrong}"), 400)
        assert_problem(client.get("/browse/nichts"), 404)


def test_a_list_is_narrowed_by_facets_and_words_without_a_script(essay_web: Client) -> None:
    whole = read(essay_web.page("/browse/person"))
    links = [link for link in whole.links if link.startswith("/browse/person?linked=yes")]
    (count,) = re.findall(r"yes (\d+)", whole.text)[:1]
    page = read(essay_web.page(links[0]))
    assert f"{count} of " in page.text
    assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
    shown = [link for link in page.links if link.startswith("/id/person/")]
    assert len(shown) == min(int(count), 100)
    both = read(essay_web.page("/browse/person?linked=yes&q=krop"))
    assert [link for link in both.links if link.startswith("/id/person/")] == [
        "/id/person/kropotkin-peter"
    ]
    assert ("input", {"type": "hidden", "name": "linked", "value": "yes"}) in both.tags
    assert "/browse/person?q=krop" in both.links
    assert essay_web.get("/browse/person?linked=%22%3E%3Cscript%3E", BROWSER).status_code == 200


def test_a_list_is_taken_away_as_a_table_as_it_was_narrowed(essay_web: Client) -> None:
    page = essay_web.page("/browse/event?decade=1910s")
    place = unescape(re.findall(r'href="([^"]+format=csv)"', page)[0])
    answer = essay_web.get(place)
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="event.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert 0 < len(rows) < 34
    for row in rows:
        assert row["IRI"].removeprefix(essay_web.dataset.base) in page
    assert any(row["when"] for row in rows)


def test_what_is_not_there_has_near_names(each: Client) -> None:
    thing = next(iri for kind in Records(each.dataset).kinds() for iri in kind.members[:1])
    label = Records(each.dataset).label(thing).value
    answer = each.get(f"/id/nothing/{quote(label)}.html", BROWSER)
    assert answer.status_code == 404
    assert "/" + thing.removeprefix(each.dataset.base) in read(answer.text).links


def test_a_slash_at_the_end_of_a_page_leads_to_the_page(each: Client) -> None:
    for path in ("/browse", "/questions", "/statistics", "/help", "/search"):
        answer = each.get(f"{path}/?q=a%20b", BROWSER)
        assert answer.status_code == 308
        assert answer.headers["location"] == f"{path}?q=a%20b"


def test_things_that_share_a_title_are_told_apart_by_their_labels(essay_web: Client) -> None:
    page = read(essay_web.page("/doc/work/conquest-of-bread.html"))
    for edition in ("Kropotkin 1892", "Kropotkin 1906"):
        assert f"The Conquest of Bread ({edition})" in page.text


def test_few_pointers_of_one_kind_say_which_it_is(essay_web: Client) -> None:
    text = read(essay_web.page("/doc/persona/bey.html")).text
    assert re.search(r"Works and editions 1", text)
    assert re.search(r"treatment of a concept [^·]*Bey", text)


def test_the_help_has_every_setting_format_graph_and_problem(each: Client) -> None:
    page = read(each.page("/help"))
    shown = [one for one in settings.SETTINGS if one.public]
    assert len(shown) > 10
    for one in shown:
        assert f"{one.name} " in page.text
        assert one.help in page.text
    for kind in problems.KINDS:
        assert kind.name in page.ids
        assert f"Status {kind.status}" in page.text
    for graph in each.dataset.graphs:
        assert graph in page.text
    for media in ("text/csv", "application/ld+json", "application/sparql-results+json"):
        assert media in page.text


def test_robots_find_every_document_and_no_query(each: Client) -> None:
    robots = each.get("/robots.txt").text
    assert f"Sitemap: {HOME}/sitemap.xml" in robots
    assert "Disallow: /sparql" in robots
    tree = ElementTree.fromstring(each.get("/sitemap.xml").content)  # noqa: S314 (ours)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [str(loc.text) for loc in tree.iter(f"{space}loc")]
    assert len(places) == len(set(places)) > 20
    for place in [*places[:10], *places[-10:]]:
        assert each.get(place.removeprefix(HOME), BROWSER).status_code == 200


def test_health_says_which_release_answers(each: Client) -> None:
    answer = each.get("/health")
    said = answer.json()
    assert said["status"] == "ok"
    assert said["digest"] == each.dataset.digest
    # Who keeps it on the way would tell of a server that may be gone (RFC 9111, 4.2.2).
    assert answer.headers["cache-control"] == "no-store"


def test_a_public_address_with_a_path_is_in_every_link(foreign: Dataset) -> None:
    with serving.client(foreign, base_url="https://example.org/strahlen") as client:
        page = read(client.page("/doc/person/roentgen"))
        inner = [link for link in page.links if link.startswith("/")]
        assert inner
        assert all(link.startswith("/strahlen/") for link in inner)
        assert "https://example.org/strahlen/doc/person/roentgen" in page.links
        there = client.get("/id/person/roentgen").headers["location"]
        assert there == "/strahlen/doc/person/roentgen"
        assert (
            "https://example.org/strahlen/doc/person/roentgen<" in client.get("/sitemap.xml").text
        )


# --- bare files ------------------------------------------------------------------------------


def test_a_bare_file_has_a_page_for_each_subject(tmp_path: Path) -> None:
    text = "".join(f"<http://a/{n}> <http://a/next> <http://a/{n + 1}> .\n" for n in range(250))
    with serving.client(serving.bare(tmp_path, text)) as client:
        page = read(client.page("/"))
        assert "250 subjects" in page.text
        assert "Page 1 of 3" in page.text
        assert "/describe?iri=http%3A%2F%2Fa%2F0" in page.links
        one = read(client.page("/describe?iri=http%3A%2F%2Fa%2F7"))
        assert "/describe?iri=http%3A%2F%2Fa%2F6" in one.links
        assert "/describe?iri=http%3A%2F%2Fa%2F8" in one.links
        wrong = {path: s for path, s in crawl(client).items() if s not in (200, 303, 307)}
        assert not wrong
        assert_problem(client.get("/id/a"), 404)


# --- hostile data ----------------------------------------------------------------------------

HOSTILE = """
@prefix ex: <https://example.org/strahlen/id/ding/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:eins
  a <javascript:alert(1)> ;
  skos:prefLabel "<script>alert(1)</script>"@de ;
  skos:altLabel "\\"><img src=x onerror=alert(1)>" ;
  skos:note "</title></textarea><svg onload=alert(1)>", "javascript:alert(1)", "{{ 7*7 }}" ;
  skos:related <javascript:alert(2)>, <data:text/html,alert(3)>, <vbscript:x>, <file:///etc/passwd> ;
  <javascript:alert(4)> "x", "javascript:alert(5)"^^<http://www.w3.org/2001/XMLSchema#anyURI> ;
  skos:seeAlso <mailto:a@example.org>, <https://example.org/%22onclick=%22alert(6)>, <HTTPS://example.org/> .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hostile") / "data-set"
    shutil.copytree(FOREIGN, folder)
    (folder / "data" / "text" / "boese.ttl").write_text(HOSTILE, encoding="utf-8")
    about = folder / "data" / "dataset.ttl"
    text = about.read_text(encoding="utf-8").replace("Röntgens erste", "<script>x</script>Röntgens")
    about.write_text(text, encoding="utf-8")
    with serving.client(inference.infer(dataset.load(folder))) as client:
        yield client


def test_no_text_of_the_data_becomes_markup(hostile: Client) -> None:
    for path in ("/", "/browse", "/browse/ding", "/doc/ding/eins", "/help", "/sparql", "/dataset"):
        page = read(hostile.page(path))
        for tag, found in page.tags:
            assert tag not in ("img", "svg"), path
            own = found.get("src", "").startswith("/static/")
            assert tag != "script" or own or found == {"type": "application/ld+json"}, path
            assert not any(name.startswith("on") for name in found), path
    text = read(hostile.page("/doc/ding/eins")).text
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text


def test_only_harmless_addresses_become_links(hostile: Client) -> None:
    links = read(hostile.page("/doc/ding/eins")).links
    schemes = {urlsplit(link).scheme for link in links}
    assert schemes <= {"", "http", "https", "mailto"}
    assert "mailto:a@example.org" in links
    assert "javascript:alert(2)" in read(hostile.page("/doc/ding/eins")).text
    described = read(hostile.page(f"/describe?iri={quote('javascript:alert(2)', '')}"))
    assert {urlsplit(link).scheme for link in described.links} <= {"", "http", "https", "mailto"}


@pytest.mark.parametrize(
    "path",
    ["/<script>alert(1)</script>", "/browse/<script>", "/describe?iri=<script>", "/dump/<b>"],
)
def test_no_text_of_a_request_becomes_markup(web: Client, path: str) -> None:
    answer = web.get(path, BROWSER)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert "alert" not in "".join(re.findall("<script.*?</script>", answer.text))
    assert "<b>" not in answer.text
    read(answer.text)
