"""The files of a release: found, whole, packed, in part, under conditions, and kept for long."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

import pytest
import serving
from serving import BROWSER, Client, assert_problem

from publish import dataset, inference, release
from publish.dataset import Dataset

NT = "/release/2.3.1/strahlen.nt"
DAY = "Fri, 20 Nov 2026 00:00:00 GMT"
BEFORE = "Thu, 19 Nov 2026 00:00:00 GMT"


@pytest.fixture(scope="module")
def built(foreign: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("shelf") / "2.3.1"
    release.write(foreign, folder)
    (folder.parent / "current").symlink_to(folder.name)
    with serving.client(foreign, folder) as client:
        yield client


def test_the_files_of_the_release_are_listed(built: Client) -> None:
    page = built.page("/dump/")
    files = [*built.release.rglob("*.*")]
    assert files
    for path in files:
        name = path.relative_to(built.release).as_posix()
        assert f'href="/release/2.3.1/{quote(name)}"' in page


def test_the_whole_comes_before_its_parts_and_each_beside_its_compressed_copy(
    built: Client,
) -> None:
    page = built.page("/dump/")
    whole, part = page.index(">strahlen.ttl</a>"), page.index(">strahlen-text.ttl</a>")
    assert whole < page.index(">SHA256SUMS</a>") < part
    row = page[whole : page.index("</tr>", whole)]
    assert "/strahlen.ttl.gz" in row


def test_the_list_is_found_without_its_slash(built: Client) -> None:
    answer = built.get("/dump")
    assert (answer.status_code, answer.headers["location"]) == (308, "/dump/")


def test_a_name_without_a_version_leads_to_the_latest(built: Client) -> None:
    answer = built.get("/dump/strahlen.nt")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/release/2.3.1/strahlen.nt"


def test_a_file_comes_as_it_was_written_with_its_type(built: Client) -> None:
    for name, media in (
        ("strahlen.ttl", "text/turtle; charset=utf-8"),
        ("strahlen.trig", "application/trig; charset=utf-8"),
        ("strahlen.nt.gz", "application/gzip"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ):
        answer = built.get(f"/release/2.3.1/{name}", accept_encoding="identity")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media
        assert "content-encoding" not in answer.headers
        assert answer.content == (built.release / name).read_bytes()
    packed = built.get("/release/2.3.1/strahlen.nt.gz").content
    assert gzip.decompress(packed) == (built.release / "strahlen.nt").read_bytes()


def test_a_part_of_a_file_can_be_had(built: Client) -> None:
    whole = (built.release / "strahlen.nt").read_bytes()
    answer = built.get("/release/2.3.1/strahlen.nt", Range="bytes=10-19")
    assert answer.status_code == 206
    assert answer.content == whole[10:20]
    assert answer.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    late = built.get("/release/2.3.1/strahlen.nt", Range=f"bytes={len(whole)}-")
    assert late.status_code == 416


def test_a_file_is_not_sent_twice_to_who_has_it(built: Client) -> None:
    first = built.get("/release/2.3.1/strahlen.nt")
    again = built.get("/release/2.3.1/strahlen.nt", If_None_Match=first.headers["etag"])
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/release/2.3.1/%2e%2e/%2e%2e/etc/passwd",
        "/release/2.3.1/..%2f..%2f..%2fetc%2fpasswd",
        "/release/2.3.1//etc/passwd",
        "/release/9.9.9/strahlen.nt",
        "/dump/..%2Fdataset.ttl",
        "/dump/nothing.nt",
        "/static/..%2fapp.py",
        "/static/%2e%2e",
        "/static/nothing.css",
    ],
)
def test_only_the_files_that_are_listed_can_be_had(built: Client, path: str) -> None:
    assert_problem(built.get(path), 404)


def test_without_a_release_the_list_says_so(foreign: Dataset) -> None:
    with serving.client(foreign) as web:
        assert "No release" in web.page("/dump/")
        assert_problem(web.get("/dump/strahlen.nt"), 404)
        assert_problem(web.get("/release/2.3.1/"), 404)


def test_the_context_names_what_the_data_use(foreign: Dataset, tmp_path: Path) -> None:
    release.write(foreign, tmp_path / "out")
    with serving.client(foreign, tmp_path / "out") as client:
        asked = client.get("/context.jsonld")
        assert asked.status_code == 307
        answer = client.get(asked.headers["location"])
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"]["nennt"] == {"@id": "str:nennt", "@type": "@id"}


def test_a_version_is_a_page_of_its_files_and_as_data_the_description(built: Client) -> None:
    assert 'href="/release/2.3.1/strahlen.ttl"' in built.page("/release/2.3.1/")
    turtle = built.get("/release/2.3.1/", "text/turtle")
    assert turtle.headers["vary"] == "Accept, Accept-Encoding"
    assert "hasCurrentVersion <https://example.org/strahlen/release/2.3.1/>" in turtle.text


# --- packed ----------------------------------------------------------------------------------


def test_the_packed_file_is_sent_to_those_who_take_it(built: Client) -> None:
    plain = built.get(NT, Accept_Encoding="identity")
    packed = built.get(NT, Accept_Encoding="br, gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    size = (built.release / "strahlen.nt.gz").stat().st_size
    assert int(packed.headers["content-length"]) == size
    assert packed.content == plain.content == (built.release / "strahlen.nt").read_bytes()
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept-Encoding"


def test_the_packed_file_has_a_tag_of_its_own(built: Client) -> None:
    plain = built.get(NT, Accept_Encoding="identity").headers["etag"]
    packed = built.get(NT, Accept_Encoding="gzip").headers["etag"]
    assert plain != packed
    for coding, own, other in (("identity", plain, packed), ("gzip", packed, plain)):
        assert built.get(NT, Accept_Encoding=coding, If_None_Match=own).status_code == 304
        assert built.get(NT, Accept_Encoding=coding, If_None_Match=other).status_code == 200


def test_what_is_packed_already_is_not_packed_again(built: Client) -> None:
    answer = built.get(f"{NT}.gz", Accept_Encoding="gzip")
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    for name in ("SHA256SUMS", "manifest.json"):
        codings = ("identity", "gzip")
        found = [built.get(f"/release/2.3.1/{name}", Accept_Encoding=one) for one in codings]
        # One tag is one sequence of bytes.
        assert len({answer.headers["etag"] for answer in found}) == 1
        assert not any("content-encoding" in answer.headers for answer in found)


# --- in part ---------------------------------------------------------------------------------


def test_parts_are_those_of_the_file_whatever_coding_a_client_takes(built: Client) -> None:
    whole = (built.release / "strahlen.nt").read_bytes()
    for coding in ("identity", "gzip"):
        answer = built.get(NT, Range="bytes=-7", Accept_Encoding=coding)
        assert (answer.status_code, answer.content) == (206, whole[-7:])


def test_who_had_the_packed_file_can_go_on_with_it(built: Client) -> None:
    packed = (built.release / "strahlen.nt.gz").read_bytes()
    tag = built.get(NT, Accept_Encoding="gzip").headers["etag"]
    headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "Range": "bytes=0-99", "If-Range": tag}
    answer = built.request("GET", NT, headers=headers)
    assert answer.status_code == 206
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-range"] == f"bytes 0-99/{len(packed)}"


@pytest.mark.parametrize(
    ("if_range", "status"),
    [("tag", 206), (DAY, 206), ('"other"', 200), (BEFORE, 200), ("W/tag", 200)],
)
def test_a_part_of_another_file_is_not_taken_for_one_of_this(
    built: Client, if_range: str, status: int
) -> None:
    tag = built.get(NT, Accept_Encoding="identity").headers["etag"]
    given = if_range.replace("tag", tag)
    answer = built.get(NT, Range="bytes=0-9", If_Range=given, Accept_Encoding="identity")
    assert answer.status_code == status
    whole = (built.release / "strahlen.nt").read_bytes()
    assert answer.content == (whole[:10] if status == 206 else whole)


def test_several_parts_come_as_one_answer(built: Client) -> None:
    whole = (built.release / "strahlen.nt").read_bytes()
    answer = built.get(NT, Range="bytes=0-9,20-29,-5")
    assert answer.status_code == 206
    head = b"Content-Type: " + answer.headers["content-type"].encode() + b"\r\n\r\n"
    parsed: Message = BytesParser().parsebytes(head + answer.content)
    parts = [bytes(part.get_payload(decode=True)) for part in parsed.walk() if part is not parsed]
    # The parser counts the end of a line before a boundary to the boundary.
    assert [part.rstrip() for part in parts] == [
        part.rstrip() for part in (whole[:10], whole[20:30], whole[-5:])
    ]


@pytest.mark.parametrize("header", ["bytes=9-0", "lines=1-2", "bytes=x", "bytes=0-0" + ",0-0" * 60])
def test_a_range_that_is_none_is_passed_over(built: Client, header: str) -> None:
    answer = built.get(NT, Range=header)
    assert answer.status_code == 200
    assert answer.content == (built.release / "strahlen.nt").read_bytes()


def test_a_part_that_there_is_not_is_refused_with_the_size(built: Client) -> None:
    size = (built.release / "strahlen.nt").stat().st_size
    answer = built.get(NT, Range=f"bytes={size}-")
    assert_problem(answer, 416)
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert built.get(NT, Range=f"bytes=0-0,{size}-").status_code == 206


def test_clients_learn_that_there_are_parts(built: Client) -> None:
    assert built.get(NT).headers["accept-ranges"] == "bytes"
    exposed = built.get(NT).headers["access-control-expose-headers"]
    assert {"Accept-Ranges", "Content-Range"} <= set(exposed.split(", "))


# --- under conditions, and for how long ------------------------------------------------------


def test_files_have_the_date_of_their_release(built: Client) -> None:
    assert built.get(NT).headers["last-modified"] == DAY
    assert built.get(NT, If_Modified_Since=DAY).status_code == 304
    assert built.get(NT, If_Modified_Since=BEFORE).status_code == 200


def test_another_file_than_the_one_that_was_meant_is_not_sent(built: Client) -> None:
    for _ in range(2):
        for headers in ({"If_Match": '"other"'}, {"If_Unmodified_Since": BEFORE}):
            assert_problem(built.get(NT, **headers), 412)
        assert built.get(NT, If_Match="*").status_code == 200


def test_what_has_its_version_in_its_address_is_kept_for_ever(
    built: Client, foreign: Dataset
) -> None:
    assert built.get(NT).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert built.get("/dump/strahlen.nt").headers["cache-control"] == "no-cache"
    with serving.client(foreign, built.release, cache_seconds=0) as client:
        assert client.get(NT).headers["cache-control"] == "no-cache"


def test_what_may_be_built_anew_under_its_version_is_asked_for_each_time(
    foreign: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    release.write(foreign, out)
    with serving.client(foreign, out) as client:
        first = client.get(NT)
        assert first.headers["cache-control"] == "no-cache"
        assert first.headers["last-modified"] != DAY
        assert client.get(NT, If_None_Match=first.headers["etag"]).status_code == 304
        # Who has the page of an edition of the same day has another page.
        assert client.get("/", If_Modified_Since=DAY).status_code == 200
        built_on = client.get("/").headers["last-modified"]
        assert client.get("/", If_Modified_Since=built_on).status_code == 304


def test_other_bytes_are_never_sent_under_the_same_tag(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    release.write(inference.infer(dataset.load(folder)), out)
    names = ("garden.nt", "garden-ontology.ttl", "SHA256SUMS", "provenance.json", "garden.nt.gz")
    paths = [f"/release/0.1.0/{name}" for name in names]
    plants = folder / "data/text/plants.ttl"
    opened = release.open_release(out)
    # What is kept in memory would be sent as it was, with its tag.
    with serving.client(release.load(opened), out, cache_bytes=0) as client:
        before = {path: client.get(path, Accept_Encoding="identity") for path in paths}
        told = client.get("/release/0.1.0/", "text/turtle")
        plants.write_text(plants.read_text(encoding="utf-8").replace('"rue"', '"herb"'))
        release.write(inference.infer(dataset.load(folder)), out, revision="another")
        for path, old in before.items():
            answer = client.get(path, Accept_Encoding="identity")
            if "ontology" in path:
                # It was taken over as it is.
                assert (answer.content, answer.headers["etag"]) == (
                    old.content,
                    old.headers["etag"],
                )
            else:
                said = assert_problem(answer, 503)
                assert "ask again" in said["detail"]
                assert answer.headers["retry-after"]
        assert client.get("/release/0.1.0/", "text/turtle").text == told.text
    with serving.client(release.load(release.open_release(out)), out) as client:
        for path, old in before.items():
            answer = client.get(path, If_None_Match=old.headers["etag"], Accept_Encoding="identity")
            assert answer.status_code == (304 if "ontology" in path else 200), path


def test_that_the_files_are_gone_is_said(foreign: Dataset, tmp_path: Path) -> None:
    out = tmp_path / "out"
    release.write(foreign, out)
    with serving.client(foreign, out, cache_bytes=0) as client:
        shutil.rmtree(out)
        assert "removed" in assert_problem(client.get(NT), 503)["detail"]


def test_head_is_of_the_whole_whatever_part_it_names(built: Client) -> None:
    for given in ("bytes=0-9", "bytes=0-9,20-29", "bytes=999999999-"):
        named = built.request("HEAD", NT, headers={"Range": given, "Accept-Encoding": "identity"})
        whole = built.request("HEAD", NT, headers={"Accept-Encoding": "identity"})
        assert named.status_code == 200
        assert named.headers == whole.headers


def test_head_tells_of_a_file_without_it(built: Client) -> None:
    get = built.get(NT)
    for _ in range(2):
        head = built.request("HEAD", NT, headers={"Accept": "*/*"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers


def test_a_file_says_to_what_it_belongs(built: Client) -> None:
    link = built.get(NT).headers["link"]
    assert f'<{serving.HOME}/>; rel="collection"; type="text/html"' in link
    assert 'rel="license"' in link


def test_pages_of_files_are_for_browsers_too(built: Client) -> None:
    assert built.get("/release/2.3.1/", BROWSER).status_code == 200
