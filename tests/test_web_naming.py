"""What pages call things: in plain words, and by the labels of the data where these say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import serving
from serving import Client

from publish import mappings
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Link, Records, Statement, Text
from publish.web.naming import PROPERTIES, Names
from publish.web.wording import Wording

CC = "https://creativecommons.org"


@pytest.fixture(scope="module")
def essay_web(essay: Dataset) -> Iterator[Client]:
    with serving.client(essay) as client:
        yield client


def test_properties_are_named_plainly_unless_the_data_name_them_in_another_language(
    essay: Dataset, foreign: Dataset
) -> None:
    names = Names(Records(essay), Wording("en", ()))
    when = ns.CRM + "P4_has_time-span"
    assert Records(essay).label(when).value == "has time-span"
    assert names.property(when).value == "when"
    assert names.property(ns.DCTERMS + "creator") == Records(essay).label(ns.DCTERMS + "creator")

    class German(Records):
        def label(self, iri: str) -> Text:
            return Text("Zeitraum", "de")

    assert Names(German(foreign), Wording("en", ())).property(when).value == "Zeitraum"


def test_the_justification_of_a_link_is_in_words_whatever_prefixes_the_files_declare(
    foreign: Dataset,
) -> None:
    names = Names(Records(foreign), Wording("en", ()))
    assert ns.SEMAPV not in foreign.prefixes.values()
    iri = names.expand("semapv:ManualMappingCuration")
    assert names.name(iri).value == "manual mapping curation"


def test_a_page_shows_the_plain_name_and_keeps_the_term_beside_it(essay_web: Client) -> None:
    page = essay_web.page("/doc/event/newgate-liberation-1780")
    assert '<span class="quiet" title="crm:P4_has_time-span">when</span>' in page
    assert "has time-span" not in page
    mention = essay_web.page("/doc/mention/0.1-concept-anarchism-derived")
    assert 'title="oa:hasBody"' in mention
    for plain in (PROPERTIES[ns.OA + "hasBody"], PROPERTIES[ns.OA + "hasTarget"]):
        assert f">{plain}<" in mention


def test_what_refers_to_a_thing_is_told_from_its_side(essay_web: Client) -> None:
    concept = essay_web.page("/doc/concept/mutual-aid")
    assert '<span title="ksv:studied">studied by</span>' in concept, "in words of the data"
    assert '<span title="schema:about">subject of</span>' in concept, "in words of ours"
    for path in ("concept/mutual-aid", "persona/bey", "edition/kropotkin-1902", "timespan/1905"):
        assert "said of this as:" not in essay_web.page(f"/doc/{path}")


def test_many_that_point_at_a_thing_are_gathered_by_kind_and_a_few_of_several_stay_together(
    essay: Dataset,
) -> None:
    records = Records(essay)
    names = Names(records, Wording("en", ()))
    people, works = (
        [Statement("", ns.DCTERMS + "references", Link(iri)) for iri in kind.members]
        for name in ("person", "work")
        for kind in records.kinds()
        if kind.name == name
    )

    def gathered(pointers: list[Statement]) -> list[tuple[str, int]]:
        return [(label.value, len(some)) for label, some in names.by_kind(pointers)]

    assert gathered([*works[:9], *people[:8]]) == [("work", 9), ("person", 8)]
    assert gathered([*works[:3], *people[:2]]) == [("", 5)]
    assert gathered(people[:2]) == [("person", 2)]


def test_a_row_of_a_table_of_links_is_named_by_what_it_links(essay_web: Client) -> None:
    page = essay_web.page("/links/people.sssom.tsv")
    name = "Romano Alquati schema:sameAs wd:Q1376920 (Romano Alquati)"
    assert f"<h3>{name} <" in page
    assert f'">{name}</a></li>' in page


@pytest.mark.parametrize("accept", ["text/turtle", serving.BROWSER])
def test_a_table_of_links_leads_to_itself_as_a_table(essay_web: Client, accept: str) -> None:
    media = "text/tab-separated-values"
    header = essay_web.get("/links/people.sssom.tsv", accept=accept).headers["link"]
    (found,) = re.findall(rf'<([^>]*)>; rel="alternate"; type="{media}"', header)
    answer = essay_web.get(found, accept=accept)
    assert answer.headers["content-type"].partition(";")[0] == media
    assert media not in essay_web.get("/doc/person/marx", accept=accept).headers["link"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/tab-separated-values"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/turtle", "text/turtle"),
        (serving.BROWSER, "text/html"),
    ],
)
def test_a_table_of_links_is_a_table_for_programs(
    essay_web: Client, accept: str, media: str
) -> None:
    answer = essay_web.get("/links/people.sssom.tsv", accept=accept)
    assert answer.headers["content-type"].partition(";")[0] == media
    if media == "text/tab-separated-values":
        assert answer.headers["content-location"] == "/links/people.sssom.tsv"
        read = mappings.parse(answer.content, "people.sssom.tsv")
        marx = {one.object for one in read.matches if one.subject.endswith("/person/marx")}
        assert "http://www.wikidata.org/entity/Q9061" in marx
    assert essay_web.get("/links/people.sssom.tsv?format=sssom", accept=accept).text.startswith("#")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{CC}/publicdomain/zero/1.0/", "CC0 1.0"),
        (f"{CC}/licenses/by/4.0/", "CC BY 4.0"),
        (f"{CC}/licenses/by-nc-sa/3.0/", "CC BY-NC-SA 3.0"),
        ("https://example.org/licence", "https://example.org/licence"),
    ],
)
def test_a_licence_is_called_by_its_name(foreign: Dataset, address: str, name: str) -> None:
    assert Names(Records(foreign), Wording("en", ())).name(address).value == name


def test_the_home_page_names_the_licence_and_what_the_text_names_first(
    essay_web: Client, essay: Dataset
) -> None:
    page = essay_web.page("/")
    assert f'<a href="{CC}/publicdomain/zero/1.0/" rel="external">CC0 1.0</a>' in page
    holds = page.partition('id="holds"')[2]
    order = [holds.index(f"/browse/{kind}") for kind in ("concept", "person", "work", "mention")]
    assert order[-1] == max(order), "what only keeps record comes after what a reader looks for"


def test_what_follows_by_a_rule_is_marked_in_few_words(essay_web: Client) -> None:
    page = essay_web.page("/doc/event/newgate-liberation-1780")
    assert 'title="Inferred from the rest">inferred</a>' in page
