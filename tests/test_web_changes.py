"""Whoever follows the changes holds what there is: things by the feed, statements by the patches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest
import serving
import translating
from conftest import copy_of
from lxml import etree
from serving import BROWSER, HOME, Client, assert_problem

from publish import dataset, diff, inference, release, shelf, turtle
from publish.dataset import Dataset

BASE = "https://example.org/garden/"
PLANTS = "data/text/plants.ttl"
STREAMS = "application/activity+json"
ATOM = "application/atom+xml"
PATCH = "application/rdf-patch"
BEGAN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SAGE = """
plant:sage
  a skos:Concept ;
  skos:prefLabel "sage & <onion>"@en .
"""
RETIRED = """  <http://www.w3.org/2002/07/owl#deprecated> true ;
  <http://purl.org/dc/terms/isReplacedBy> plant:sage ;
"""


@dataclass
class Kept:
    """A shelf, and the names that each of its versions speaks of."""

    place: Path
    names: dict[str, set[str]]

    def client(self, **given: object) -> Client:
        shown = shelf.shown(self.place)
        return Client(release.load(shown), shown.root, page_size=4, **given)


def names_of(data: Dataset) -> set[str]:
    return {
        triple.subject.value
        for name in data.graphs
        if name not in (data.inferred_graph, data.shapes_graph)
        for triple in data.triples(name)
        if isinstance(triple.subject, turtle.Named) and triple.subject.value.startswith(BASE)
    }


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Three versions; between the second and the third, readers were led back to the first."""
    folder = copy_of("sound", tmp_path_factory.mktemp("garden") / "folder")
    kept = Kept(folder.parent / "shelf", {})
    plants, about = folder / PLANTS, folder / "data/dataset.ttl"
    mint, rue = plants.read_text(encoding="utf-8").split("\n\n")[1:]

    def deploy(version: str, days: int, *blocks: str) -> None:
        head = plants.read_text(encoding="utf-8").partition("\n\n")[0]
        plants.write_text("\n\n".join([head, *blocks]), encoding="utf-8")
        text = re.sub(r'"0\.\d\.0"', f'"{version}"', about.read_text(encoding="utf-8"))
        about.write_text(text, encoding="utf-8")
        data = inference.infer(dataset.load(folder))
        kept.names[version] = names_of(data)
        release.write(data, kept.place / version)
        shelf.show(kept.place, version, BEGAN + timedelta(days=days))

    deploy("0.1.0", 0, mint, rue)
    common = rue.replace('"rue"', '"common rue"').replace(" ;\n  skos:related plant:mint", "")
    deploy("0.2.0", 1, common, SAGE.strip() + "\n")
    shelf.show(kept.place, "0.1.0", BEGAN + timedelta(days=2))
    shelf.show(kept.place, "0.2.0", BEGAN + timedelta(days=3))
    deploy(
        "0.3.0",
        4,
        common.replace("plant:rue\n", f"plant:rue\n{RETIRED}"),
        SAGE.strip() + "\n",
        mint,
    )
    return kept


@pytest.fixture(scope="module")
def web(kept: Kept) -> Iterator[Client]:
    client = kept.client()
    yield client
    client.close()


def local(address: str) -> str:
    """Give the path of an address of the server that was asked."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == HOME, address
    return parts.path + (f"?{parts.query}" if parts.query else "")


def get(web: Client, path: str) -> dict:
    answer = web.get(path, STREAMS)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == STREAMS
    told: dict = answer.json()
    assert told["@context"][0] == "https://www.w3.org/ns/activitystreams"
    return told


def walk(web: Client, path: str = "/changes") -> list[dict]:
    """Read a collection as a harvester does, from its first page to its last."""
    collection = get(web, path)
    assert collection["type"] == "OrderedCollection"
    assert local(collection["id"]) == path
    found: list[dict] = []
    link, before = collection["first"], None
    while link:
        page = get(web, local(link["id"]))
        assert (page["type"], page["id"]) == ("OrderedCollectionPage", link["id"])
        assert page["partOf"]["id"] == collection["id"]
        assert page["startIndex"] == len(found)
        assert page["totalItems"] == len(page["orderedItems"])
        assert page.get("prev", {}).get("id") == before
        found += page["orderedItems"]
        before, last, link = page["id"], link, page.get("next")
    assert last["id"] == collection["last"]["id"]
    assert len(found) == collection["totalItems"]
    return found


def follow(activities: list[dict], copy: set[str]) -> set[str]:
    """Do to a copy what activities say."""
    for one in activities:
        iri = one["object"]["id"]
        if one["type"] in ("Add", "Create"):
            assert iri not in copy, one
            copy.add(iri)
        elif one["type"] == "Delete":
            assert one["object"]["type"] == "Tombstone"
            copy.remove(iri)
        else:
            assert one["type"] in ("Update", "Deprecate")
            assert iri in copy, one
    return copy


# --- the feed ----------------------------------------------------------------------------------


def test_who_follows_the_feed_knows_exactly_which_things_there_are(web: Client, kept: Kept) -> None:
    activities = walk(web)
    assert follow(activities, set()) == kept.names["0.3.0"]
    moments = [one["published"] for one in activities]
    assert moments == sorted(moments)
    assert [*dict.fromkeys(moments)] == [f"2026-11-{day}T09:30:00Z" for day in range(20, 25)]


def test_who_was_there_before_needs_only_what_is_newer(web: Client, kept: Kept) -> None:
    since = "2026-11-21T09:30:00Z"
    newer = [one for one in walk(web) if one["published"] > since]
    assert follow(newer, {*kept.names["0.2.0"]}) == kept.names["0.3.0"]
    # Going back to a version is told too, since it takes away what was there.
    third = [one for one in newer if one["published"] == "2026-11-22T09:30:00Z"]
    assert follow(third, {*kept.names["0.2.0"]}) == kept.names["0.1.0"]


def test_each_activity_says_what_happened_to_what(web: Client) -> None:
    activities = walk(web)
    of = {
        (one["object"]["id"].removeprefix(BASE), one["published"][8:10]): one for one in activities
    }
    assert of["id/plant/mint", "20"]["type"] == "Add"
    assert of["id/plant/mint", "20"]["target"] == f"{BASE}dataset"
    assert of["id/plant/sage", "21"]["type"] == "Create"
    assert of["id/plant/sage", "21"]["object"]["type"] == [
        "http://www.w3.org/2004/02/skos/core#Concept"
    ]
    assert of["id/plant/rue", "21"]["type"] == "Update"
    gone = of["id/plant/mint", "21"]
    assert (gone["type"], gone["object"]["deleted"]) == ("Delete", "2026-11-21T09:30:00Z")
    retired = of["id/plant/rue", "24"]
    assert retired["type"] == "Deprecate"
    assert f"replaced by {BASE}id/plant/sage" in retired["summary"]
    # A summary is markup (Vocabulary, summary); a name is not.
    assert "sage &amp; &lt;onion&gt;" in of["id/plant/sage", "21"]["summary"]
    assert of["id/plant/sage", "21"]["object"]["name"] == "sage & <onion>"
    order = [one["type"] for one in activities if one["published"][8:10] == "24"]
    assert order == ["Create", *["Update"] * (len(order) - 2), "Deprecate"]


def test_each_activity_is_at_its_own_address_and_leads_to_data(web: Client) -> None:
    activities = walk(web)
    assert len({one["id"] for one in activities}) == len(activities)
    for number in (1, len(activities)):
        one = activities[number - 1]
        path = "/" + one["id"].removeprefix(BASE)
        assert path == f"/changes/{number}"
        assert {**get(web, path), "@context": None} == {**one, "@context": None}
        data = one["object"]["url"]
        found = web.get(local(data["href"]))
        assert found.headers["content-type"].startswith(data["mediaType"])
        page = web.get(path, BROWSER)
        assert page.status_code == 303
        place, _, anchor = page.headers["location"].partition("#")
        assert f'id="{anchor}"' in web.page(place)
    assert_problem(web.get("/changes/0"), 404)
    assert_problem(web.get(f"/changes/{len(activities) + 1}"), 404)
    assert_problem(web.get("/changes/x"), 404)
    assert_problem(web.get(f"/changes/000000000001{'9' * 5000}"), 404)


def test_a_full_page_stays_as_it_is_when_more_happens(
    kept: Kept, web: Client, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier"
    (earlier / "changes").mkdir(parents=True)
    (earlier / "changes").rmdir()
    (earlier / "changes").symlink_to(kept.place / "changes")
    (earlier / "0.1.0").symlink_to(kept.place / "0.1.0")
    (earlier / "current").symlink_to("0.1.0")
    opened = release.open_release(earlier / "0.1.0")
    with serving.client(release.load(opened), opened.root, page_size=4) as client:
        first = get(client, "/changes/page/1")
    assert {**first, "next": None} == {**get(web, "/changes/page/1"), "next": None}


def test_the_collection_names_the_files_to_begin_with(web: Client) -> None:
    links = get(web, "/changes")["url"]
    assert {one["mediaType"] for one in links} == {media for _, media in release.MEDIA}
    for one in links:
        assert web.get(local(one["href"]), Range="bytes=0-9").status_code == 206


def test_one_thing_has_its_own_history(web: Client) -> None:
    iri = f"{BASE}id/plant/mint"
    path = f"/changes?{urlencode({'iri': iri})}"
    activities = walk(web, path)
    assert [one["type"] for one in activities] == ["Add", "Delete", "Create", "Delete", "Create"]
    page = web.page(f"/changes/page/1?{urlencode({'iri': iri})}")
    assert page.count(">gone<") == 2
    assert_problem(web.get("/changes?iri=http://nowhere.example/"), 404)


def test_without_a_history_everything_is_told_as_there(foreign: Dataset, tmp_path: Path) -> None:
    release.write(foreign, tmp_path / "out")
    for root in (None, tmp_path / "out"):
        with serving.client(foreign, root, page_size=50) as client:
            activities = walk(client)
            assert {one["type"] for one in activities} == {"Add"}
            assert {one["published"] for one in activities} == {"2026-11-20T00:00:00Z"}
            assert foreign.description
            for iri in (*foreign.description.examples, foreign.description.iri):
                assert iri in {one["object"]["id"] for one in activities}
            entries = etree.fromstring(client.get("/changes.atom").content).findall("{*}entry")
            assert len(entries) == 1


def test_a_bare_file_has_no_changes(tmp_path: Path) -> None:
    with serving.client(serving.bare(tmp_path, "<http://e.org/a> a <http://e.org/B> .")) as client:
        for path in ("/changes", "/changes.atom", "/changes/page/1", "/changes/1"):
            assert_problem(client.get(path), 404)
        assert "changes.atom" not in client.page("/")


# --- forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", STREAMS),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', STREAMS),
        ("application/json", STREAMS),
        ("application/atom+xml, text/html;q=0.5", ATOM),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_the_log_comes_in_the_form_that_is_asked_for(web: Client, accept: str, media: str) -> None:
    answer = web.get("/changes", accept)
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"
    place = answer.headers.get("content-location")
    if place:
        assert web.get(place).headers["content-type"] == media
    assert_problem(web.get("/changes", "image/png"), 406)


@pytest.mark.parametrize(
    "path",
    [
        *("/changes", "/changes.atom", "/changes/page/2", "/changes/1"),
        *("/release/0.2.0/changes/0.1.0", "/release/0.2.0/changes/0.1.0.rdfp"),
    ],
)
def test_what_somebody_has_is_not_sent_again(web: Client, path: str) -> None:
    for accept in (STREAMS, BROWSER) if "release" not in path else (PATCH,):
        answer = web.get(path, accept)
        if answer.status_code == 303:
            continue
        again = web.get(path, accept, If_None_Match=answer.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
        head = web.request("HEAD", path, headers={"Accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == answer.headers["etag"]
        assert answer.headers["last-modified"]


def test_a_version_that_is_shown_again_has_another_history(kept: Kept, tmp_path: Path) -> None:
    tags = []
    for entries in (1, 3):
        place = tmp_path / str(entries)
        (place / "changes").mkdir(parents=True)
        for version in ("0.1.0", "0.2.0"):
            (place / version).symlink_to(kept.place / version)
            (place / "changes" / version).symlink_to(kept.place / "changes" / version)
        told = json.loads((kept.place / "changes/history.json").read_text(encoding="utf-8"))
        (place / "changes/history.json").write_text(json.dumps(told[:entries]), encoding="utf-8")
        (place / "current").symlink_to("0.1.0")
        opened = release.open_release(place / "0.1.0")
        with serving.client(release.load(opened), opened.root) as client:
            answer = client.get("/changes", STREAMS)
            tags.append((answer.headers["etag"], answer.headers["last-modified"]))
    assert tags[0] != tags[1]
    assert tags[0][1].startswith("Fri, 20 Nov 2026")
    assert tags[1][1].startswith("Sun, 22 Nov 2026")


def test_feed_readers_get_an_entry_for_each_version(web: Client) -> None:
    answer = web.get("/changes.atom")
    assert answer.headers["content-type"] == ATOM
    feed = etree.fromstring(answer.content)
    atom = {"a": "http://www.w3.org/2005/Atom"}

    def texts(path: str) -> list[str]:
        found = feed.xpath(path, namespaces=atom)
        assert isinstance(found, list)
        return [str(one) for one in found]

    assert texts("a:entry/a:title/text()") == [
        f"Version {number}" for number in ("0.3.0", "0.2.0", "0.1.0", "0.2.0", "0.1.0")
    ]
    assert len(set(texts("a:entry/a:id/text()"))) == 5
    assert all(one.startswith(BASE) for one in texts("//a:id/text()"))
    assert texts("a:updated/text()") == texts("a:entry[1]/a:updated/text()")
    assert texts("@xml:lang") == ["en"]
    assert texts("a:link[@rel='self']/@href") == [f"{HOME}/changes.atom"]
    assert texts("a:author/a:name/text()") == ["The folkmote editors"]
    assert "<li>" not in texts("a:entry/a:content/text()")[-1]
    for address in texts("a:entry/a:link/@href"):
        assert web.get(local(address), BROWSER).status_code == 200
    assert "sage &amp; &lt;onion&gt;" in texts("a:entry/a:content/text()")[1]


# --- from one version to the next --------------------------------------------------------------


def quads(path: Path) -> set[ox.Quad]:
    return set(ox.parse(path.read_bytes(), ox.RdfFormat.N_QUADS))


def apply(patch: str, held: set[ox.Quad]) -> set[ox.Quad]:
    head, begin, *body, commit = patch.splitlines()
    assert (head.split()[:2], begin, commit) == (["H", "id"], "TX .", "TC .")
    for row in body:
        (quad,) = ox.parse(row[2:].encode(), ox.RdfFormat.N_QUADS)
        (held.remove if row[0] == "D" else held.add)(quad)
    return held


@pytest.mark.parametrize(
    ("before", "version"),
    [("0.1.0", "0.2.0"), ("0.2.0", "0.1.0"), ("0.2.0", "0.3.0"), ("0.1.0", "0.3.0")],
)
def test_the_patch_makes_the_newer_quads_of_the_older(
    web: Client, kept: Kept, before: str, version: str
) -> None:
    plain = web.get(f"/release/{version}/changes/{before}", PATCH)
    assert plain.headers["content-type"] == PATCH
    assert plain.headers["content-location"] == f"/release/{version}/changes/{before}.rdfp"
    assert web.get(plain.headers["content-location"]).text == plain.text
    older, newer = (quads(kept.place / one / "garden.nq") for one in (before, version))
    assert older != newer
    assert apply(plain.text, older) == newer


def test_the_difference_is_a_page_and_data(web: Client) -> None:
    page = web.page("/release/0.2.0/changes/0.1.0")
    assert "pref label: &#34;rue&#34;@en became &#34;common rue&#34;@en" in page
    assert '<h2 class="sentence">vanished</h2>' in page
    told = web.get("/release/0.2.0/changes/0.1.0.json")
    assert told.headers["content-type"] == "application/json"
    kinds = {one["iri"]: one["kind"] for one in told.json()["changes"]}
    assert kinds[f"{BASE}id/plant/mint"] == "vanished"
    latest = web.get("/release/latest/changes/0.2.0.json").json()
    assert latest["version"] == "0.3.0"


@pytest.mark.parametrize(
    "path",
    [
        *("/release/0.1.0/changes/0.3.0", "/release/9/changes/0.1.0.rdfp"),
        *("/release/0.1.0/changes/", "/release/0.1.0/changes/.json", "/release/0.2.0/changes/0"),
        *("/release/0.2.0/changes/..%2f..%2f0.1.0", "/changes/page/0", "/changes/page/99999999"),
    ],
)
def test_what_did_not_follow_each_other_has_no_difference(web: Client, path: str) -> None:
    assert_problem(web.get(path), 404)


def test_what_only_came_in_between_is_left_out_between_distant_versions(
    web: Client, kept: Kept
) -> None:
    one, three = (release.load(release.open_release(kept.place / n)) for n in ("0.1.0", "0.3.0"))
    compared = diff.plain(diff.compare(one, three))
    told = web.get("/release/latest/changes/0.1.0.json").json()
    assert told["changes"] == json.loads(json.dumps(compared["changes"]))
    assert told["statements"] == compared["statements"]
    page = web.page("/release/0.3.0/changes/0.1.0")
    assert "Vanished" not in page
    tags = {
        web.get(f"/release/0.3.0/changes/{n}", PATCH).headers["etag"] for n in ("0.1.0", "0.2.0")
    }
    assert len(tags) == 2


# --- found from everywhere ---------------------------------------------------------------------


def links(web: Client, path: str) -> set[tuple[str, str]]:
    header = web.get(path, BROWSER).headers["link"]
    return {(rel, target) for target, rel in re.findall(r'<([^>]*)>; rel="([^"]+)"', header)}


def test_pages_lead_to_the_changes(web: Client) -> None:
    for path in ("/", "/dataset"):
        there = links(web, path)
        assert ("version-history", f"{HOME}/changes") in there
        assert ("alternate", f"{HOME}/changes.atom") in there
    rue = urlencode({"iri": f"{BASE}id/plant/sage"})
    assert ("version-history", f"{HOME}/changes?{rue}") in links(web, "/doc/plant/sage")
    for path in ("/", "/dataset", "/doc/plant/sage", "/changes"):
        page = web.page(path)
        assert 'type="application/atom+xml" title="Changes" href="/changes.atom"' in page
        assert 'href="/changes"' in page
    assert 'href="/release/0.3.0/changes/0.2.0"' in web.page("/release/0.3.0/")
    assert 'href="/release/0.3.0/changes/0.1.0"' in web.page("/release/0.3.0/")
    around = links(web, "/release/0.2.0/")
    assert {
        ("predecessor-version", f"{HOME}/release/0.1.0/"),
        ("successor-version", f"{HOME}/release/0.3.0/"),
        ("latest-version", f"{HOME}/release/0.3.0/"),
    } <= around


def test_programs_find_the_changes_in_the_descriptions(web: Client) -> None:
    anchors = [one["anchor"] for one in web.get("/.well-known/api-catalog").json()["linkset"]]
    assert f"{HOME}/changes" in anchors
    told = web.get("/dataset", "application/n-triples").text
    endpoint = "<http://www.w3.org/ns/dcat#endpointURL>"
    assert f"<{BASE}dataset#feed> {endpoint} <{HOME}/changes> ." in told
    assert "/changes</loc>" in web.get("/sitemap.xml").text
    before = "<http://www.w3.org/ns/dcat#previousVersion>"
    assert f"<{BASE}release/0.3.0/> {before} <{BASE}release/0.2.0/> ." in told
    assert f"hasVersion> <{BASE}release/0.1.0/> ." in told
    earlier = web.get("/release/0.2.0/", "application/n-triples").text
    assert f"<{BASE}release/0.2.0/> {before} <{BASE}release/0.1.0/> ." in earlier
    assert earlier.count("previousVersion") == 1


def test_pages_of_the_feed_lead_to_each_other(web: Client) -> None:
    last = int(get(web, "/changes")["last"]["id"].rpartition("/")[2])
    assert links(web, "/changes/page/2") >= {
        ("first", f"{HOME}/changes/page/1"),
        ("prev", f"{HOME}/changes/page/1"),
        ("next", f"{HOME}/changes/page/3"),
        ("last", f"{HOME}/changes/page/{last}"),
    }
    assert "next" not in dict(links(web, f"/changes/page/{last}"))


# --- as it was at some time (RFC 7089) ---------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "version"),
    [(1, "0.1.0"), (20, "0.1.0"), (21, "0.2.0"), (22, "0.1.0"), (23, "0.2.0"), (30, "0.3.0")],
)
def test_a_file_is_had_as_it_was_at_some_time(web: Client, day: int, version: str) -> None:
    moment = format_datetime(datetime(2026, 11, day, 9, 30, tzinfo=UTC), usegmt=True)
    gate = web.get("/dump/garden.nq", Accept_Datetime=moment)
    assert gate.status_code == 302
    assert gate.headers["location"] == f"/release/{version}/garden.nq"
    assert gate.headers["vary"].lower() == "accept-datetime"
    memento = web.get(gate.headers["location"])
    first = BEGAN + timedelta(days=("0.1.0", "0.2.0", "", "", "0.3.0").index(version))
    assert memento.headers["memento-datetime"] == format_datetime(first, usegmt=True)
    for answer in (gate, memento):
        pairs = re.findall(r'<([^>]*)>; rel="([^"]+)"', answer.headers["link"])
        found = {rel: target for target, rel in pairs}
        assert found["original timegate"] == f"{HOME}/dump/garden.nq"
        assert found["timemap"] == f"{HOME}/timemap/garden.nq"


def test_the_versions_of_a_file_are_listed_with_their_times(web: Client) -> None:
    answer = web.get("/timemap/garden.nq")
    assert answer.headers["content-type"] == "application/link-format"
    rows = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; datetime="([^"]+)")?', answer.text)
    assert [(local(target), rel) for target, rel, _ in rows] == [
        ("/dump/garden.nq", "original timegate"),
        ("/timemap/garden.nq", "self"),
        ("/release/0.1.0/garden.nq", "first memento"),
        ("/release/0.2.0/garden.nq", "memento"),
        ("/release/0.3.0/garden.nq", "last memento"),
    ]
    assert rows[-1][2] == "Tue, 24 Nov 2026 09:30:00 GMT"
    assert_problem(web.get("/timemap/nothing"), 404)


def test_what_is_no_time_is_told(web: Client) -> None:
    said = assert_problem(web.get("/dump/garden.nq", Accept_Datetime="yesterday"), 400)
    assert "`yesterday` is no time of HTTP" in said["detail"]
    plain = web.get("/dump/garden.nq")
    assert (plain.status_code, plain.headers["location"]) == (307, "/release/0.3.0/garden.nq")


def test_harvesters_get_a_release_that_came_later_than_it_is_dated(web: Client) -> None:
    assert "<earliestDatestamp>2026-11-24<" in web.get("/oai?verb=Identify").text
    listing = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-11"
    assert f"<identifier>{BASE}" in web.get(f"{listing}-22").text
    assert "noRecordsMatch" in web.get(f"{listing}-25").text


# --- what is no more ---------------------------------------------------------------------------


def test_what_has_vanished_is_gone_and_says_so(kept: Kept, tmp_path: Path) -> None:
    place = tmp_path / "shelf"
    place.mkdir()
    for name in ("0.1.0", "0.2.0", "changes"):
        (place / name).symlink_to(kept.place / name)
    (place / "current").symlink_to("0.2.0")
    opened = release.open_release(place / "0.2.0")
    with serving.client(release.load(opened), opened.root) as client:
        iri = urlencode({"iri": f"{BASE}id/plant/mint"})
        for path in (
            *("/id/plant/mint", "/doc/plant/mint", "/doc/plant/mint.ttl", "/doc/plant/mint.bib"),
            f"/describe?{iri}",
        ):
            said = assert_problem(client.get(path, "application/problem+json"), 410)
            assert said["type"] == f"{HOME}/help#gone"
            assert "`mint` was in version 0.1.0 and is not in version 0.2.0" in said["detail"]
            link = client.get(path).headers["link"]
            assert link == f'<{HOME}/release/0.2.0/changes/0.1.0>; rel="version-history"'
        page = client.get("/doc/plant/mint", BROWSER)
        assert page.status_code == 410
        assert 'href="/release/0.2.0/changes/0.1.0"' in page.text
        assert "mint" in client.page("/release/0.2.0/changes/0.1.0")
        assert_problem(client.get("/doc/plant/never"), 404)


def test_below_a_path_of_a_proxy_the_changes_stay_there(kept: Kept) -> None:
    client = kept.client(base_url="https://data.example/below")
    try:
        told = client.get("/changes", STREAMS).json()
        assert told["first"]["id"] == "https://data.example/below/changes/page/1"
        page = client.get("/changes/page/1", STREAMS)
        found = re.findall(r"(?<=<)[^>]*", page.headers["link"])
        texts = json.dumps(page.json()) + client.get("/changes.atom").text
        found += re.findall(r"https://data\.example[^\"<>\s]*", texts)
        assert len(found) > 9
        assert all("/below/" in address for address in found), found
        html = client.page("/changes") + client.page("/release/0.2.0/changes/0.1.0")
        assert not re.search(r'(?:href|src)="/(?!below/)', html)
    finally:
        client.close()


def test_what_changed_is_told_in_the_language_that_is_set(kept: Kept, tmp_path: Path) -> None:
    translating.write(tmp_path)
    client = kept.client(language=translating.LANGUAGE, translations=str(tmp_path))
    told = translating.Told(client.dataset, "hyssop", "rue", "mint", "sage & <onion>")
    for address in ("/changes", "/changes/page/1", "/release/0.3.0/changes/0.1.0"):
        assert translating.unmarked(client.page(address), told) == [], address
    client.close()
