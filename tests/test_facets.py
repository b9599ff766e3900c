"""Facets: the counts are those of the list, and choosing one gives what it counted."""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox
import pytest

from publish import facets
from publish import namespaces as ns
from publish.catalogue import Catalogue
from publish.dataset import Dataset
from publish.facets import Browser
from publish.records import Kind, Records
from publish.sources import Local


class Distant(Local):
    """A source that is asked over a network."""

    distant = True


@pytest.fixture(scope="module")
def browser(either: Dataset) -> Browser:
    return Browser(Catalogue(Records(either)))


def kind(data: Dataset, name: str) -> Kind:
    return next(one for one in Records(data).kinds() if one.name == name)


def test_each_value_leaves_as_many_things_as_it_says(browser: Browser, either: Dataset) -> None:
    seen = 0
    for one in Records(either).kinds():
        whole = browser.narrowed(one, {})
        assert whole.members == one.members
        for facet, choices in whole.choices:
            for choice in choices:
                left = browser.narrowed(one, {facet.name: choice.value.name})
                assert len(left.members) == choice.count > 0
                assert set(left.members) == choice.value.members
                seen += 1
    assert seen > 5


def test_two_facets_leave_what_has_both_and_count_what_the_other_leaves(essay: Dataset) -> None:
    browser = Browser(Catalogue(Records(essay)))
    people = kind(essay, "person")
    decade = next(f for f in browser.facets(people) if f.name == facets.DECADE)
    one = decade.values[0]
    narrowed = browser.narrowed(people, {"linked": "yes", "decade": one.name})
    assert set(narrowed.members) <= one.members
    counts = {
        c.value.name: c.count for f, some in narrowed.choices for c in some if f.name == "linked"
    }
    assert counts["yes"] == len(narrowed.members)
    assert sum(counts.values()) == len(one.members)


def test_decades_come_in_their_order_and_classes_by_their_number(essay: Dataset) -> None:
    browser = Browser(Catalogue(Records(essay)))
    found = {facet.name: facet for facet in browser.facets(kind(essay, "edition"))}
    decades = [value.name for value in found["decade"].values]
    assert decades == sorted(decades)
    assert len(decades) > 3
    sizes = [len(value.members) for value in found["class"].values]
    assert sizes == sorted(sizes, reverse=True)


def test_what_every_thing_has_alone_is_no_facet(essay: Dataset) -> None:
    browser = Browser(Catalogue(Records(essay)))
    facets = [(one, facet) for one in Records(essay).kinds() for facet in browser.facets(one)]
    assert facets
    for one, facet in facets:
        assert len(facet.values) <= 40
        assert any(len(value.members) < len(one.members) for value in facet.values)


def test_what_all_that_is_left_has_is_not_offered(browser: Browser, either: Dataset) -> None:
    for one in Records(either).kinds():
        for _, choices in browser.narrowed(one, {}).choices:
            assert all(choice.count < len(one.members) for choice in choices)


def test_what_too_few_share_is_no_facet_and_one_value_that_some_have_is(foreign: Dataset) -> None:
    space = f"{foreign.base}id/person/"
    said = "".join(
        f"<{space}n{number}> a foaf:Person ; skos:related <urn:{max(1, number)}> ;"
        f" {'skos:inScheme <urn:scheme>' if number < 2 else 'skos:note <urn:scheme>'} .\n"
        for number in range(10)
    )
    prefixes = f"@prefix foaf: <{ns.FOAF}> . @prefix skos: <{ns.SKOS}> .\n"
    quads = ox.parse(prefixes + said, format=ox.RdfFormat.TURTLE)
    data = foreign.with_graph("urn:some", [quad.triple for quad in quads])
    names = [one.name for one in Browser(Catalogue(Records(data))).facets(kind(data, "person"))]
    assert "skos:inScheme" in names
    assert "skos:related" not in names


def test_words_of_the_label_narrow_too(foreign: Dataset) -> None:
    browser = Browser(Catalogue(Records(foreign)))
    people = kind(foreign, "person")
    assert [iri.rpartition("/")[2] for iri in browser.narrowed(people, {}, "ront").members] == [
        "roentgen"
    ]
    assert browser.narrowed(people, {}, "nobody").members == []


def test_what_is_chosen_and_unknown_leaves_nothing_or_is_passed_over(
    browser: Browser, either: Dataset
) -> None:
    first = Records(either).kinds()[0]
    assert browser.narrowed(first, {"no facet": "x"}).members == first.members
    for facet in browser.facets(first):
        assert browser.narrowed(first, {facet.name: "no value"}).members == []


def test_a_list_too_long_to_be_read_is_not_narrowed(foreign: Dataset) -> None:
    browser = Browser(Catalogue(Records(foreign)))
    long = dataclasses.replace(kind(foreign, "person"), members=["urn:x"] * (facets.LONGEST + 1))
    assert browser.facets(long) == ()
    assert len(browser.narrowed(long, {"linked": "yes"}, "x").members) == facets.LONGEST + 1


def test_a_long_list_is_narrowed_by_what_its_things_say(foreign: Dataset) -> None:
    space = f"{foreign.base}id/person/"
    said = "".join(
        f"<{space}n{number}> a foaf:Person ; skos:inScheme <urn:{number % 3}> .\n"
        for number in range(facets.LONGEST_ASKED + 1)
    )
    prefixes = f"@prefix foaf: <{ns.FOAF}> . @prefix skos: <{ns.SKOS}> .\n"
    quads = ox.parse(prefixes + said, format=ox.RdfFormat.TURTLE)
    data = foreign.with_graph("urn:many", [quad.triple for quad in quads])
    browser = Browser(Catalogue(Records(data)))
    people = kind(data, "person")
    assert len(people.members) > facets.LONGEST_ASKED
    found = {facet.name: facet for facet in browser.facets(people)}
    assert {len(value.members) for value in found["skos:inScheme"].values} == {667}
    # To make entries of all would take too long.
    assert facets.DECADE not in found
    distant = Catalogue(Records(Distant(data)))
    assert Browser(distant).facets(people) == ()
