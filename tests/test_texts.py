"""The texts of the interface: all in one catalogue, and all of them in the language that is set."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import serving
import translating
from serving import BROWSER, Client

from publish import errors, release
from publish.dataset import Dataset
from publish.web import wording
from publish.web.site import STATIC

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the made-up translation."""
    return str(translating.write(tmp_path_factory.mktemp("texts")))


def test_the_catalogue_has_every_text_that_is_marked() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "texts.py"))
    kept = made["CATALOGUE"].read_text(encoding="utf-8")
    assert kept == made["gathered"](), "run `python scripts/texts.py`, which writes it anew"
    assert kept.count("msgid ") > 400


# --- every page ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(
    foreign: Dataset, texts: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """The foreign data set with a release, in the made-up language."""
    folder = tmp_path_factory.mktemp("shelf") / "2.3.1"
    release.write(foreign, folder)
    with serving.client(
        foreign, folder, language=translating.LANGUAGE, translations=texts
    ) as client:
        yield client


ESSAY = (
    *("/", "/browse", "/browse/person", "/browse/edition?decade=1970s&q=a", "/text"),
    *("/search?q=kropotkin", "/search?q=kropotkim", "/search?q=ssss", "/questions", "/pictures"),
    *("/questions/where-kropotkin-is-named", "/questions/page-16?page=x", "/pictures/citations"),
    *("/pictures/timeline", "/sparql", "/sparql?query=ASK%7B%7D&format=html"),
    "/sparql?query=SELECT%20*%20%7B%20?a%20?b%20?c%20%7D%20LIMIT%203&format=html",
    "/sparql?query=DESCRIBE%20%3Chttps://w3id.org/ksv/id/person/marx%3E&format=html",
    *("/sparql?query=SELECT&format=html", "/help", "/statistics", "/ontology", "/shapes"),
    *("/doc/person/kropotkin-peter", "/doc/claim/aid-always-present", "/doc/passage/2.6"),
    *("/doc/work/mutual-aid", "/doc/edition/kropotkin-1902", "/cite/edition/kropotkin-1902"),
    *("/cite/person/marx", "/doc/person/kropotkim", "/nothing-here", "/export/", "/changes"),
    *("/dataset", "/graph/essay", "/label/ssss", "/describe?iri=http://a.example/b", "/dump/"),
)
"""A page of each kind, and what is said where something is wrong."""


def test_every_kind_of_page_speaks_the_language_that_is_set(essay: Dataset, texts: str) -> None:
    told = translating.Told(essay, "ssss", "http://a.example/b")
    with serving.client(essay, language=translating.LANGUAGE, translations=texts) as client:
        for address in ESSAY:
            page = client.get(address, BROWSER)
            assert page.headers["content-type"].startswith("text/html"), address
            assert f'<html lang="{translating.LANGUAGE}"' in page.text, address
            assert translating.unmarked(page.text, told) == [], address


def test_every_page_of_another_data_set_does_so_too(small: Client) -> None:
    # The columns of the question that is asked of any data set are named by its query.
    columns = ("what", "first", "second", "passage")
    files = (path.name for path in small.release.iterdir())
    told = translating.Told(small.dataset, *files, *columns)
    seen, waiting = {"/"}, ["/"]
    while waiting:
        answer = small.get(address := waiting.pop(), BROWSER)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        assert translating.unmarked(answer.text, told) == [], address
        for link in map(unescape, re.findall(r'href="(/[^"#]*)', answer.text)):
            # The answer to one search, and the description of one thing, stand for all.
            kind = link.partition("?")[0]
            if kind not in seen and not kind.startswith("/static/"):
                seen.add(kind)
                waiting.append(link)
    assert len(seen) > 100


def test_pages_in_english_would_be_found_out(foreign: Dataset) -> None:
    told = translating.Told(foreign)
    with serving.client(foreign) as client:
        for address in ("/", "/help", "/browse", "/sparql", "/nothing-here", "/statistics"):
            page = client.get(address, BROWSER).text
            assert '<html lang="en"' in page
            assert len(translating.unmarked(page, told)) > 20, address


# --- catalogues ------------------------------------------------------------------------------

GERMAN = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Help"
msgstr "Hilfe"

msgid "Map"
msgstr "Karte & <Plan>"

msgid "%(num)s row"
msgid_plural "%(num)s rows"
msgstr[0] "%(num)s Zeile"
msgstr[1] "%(num)s Zeilen"

#, fuzzy
msgid "Search"
msgstr "Sucht"
"""


def written(folder: Path, text: str = GERMAN, name: str = "de") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.po").write_text(text, encoding="utf-8")
    return folder


def test_a_catalogue_in_the_folder_of_the_data_is_taken_and_english_stands_in_for_the_rest(
    foreign: Dataset, tmp_path: Path
) -> None:
    data = replace(foreign, root=tmp_path)
    written(tmp_path / "texts")
    with serving.client(data, language="de-AT") as client:
        page = client.page("/help")
        assert '<html lang="de-AT"' in page
        assert "<h1>Hilfe</h1>" in page
        assert "Skip to the content" in page
        assert ">Search</button>" in page, "what is unsure is not shown"
        asked = client.page("/sparql?query=SELECT%20*%20%7B%7D&format=html")
        assert "<p>1 Zeile</p>" in asked
        assert re.search(r"<time [^>]*>\d+\. November 2026</time>", page)


def test_scripts_get_their_texts_where_they_are_not_english(
    foreign: Dataset, tmp_path: Path
) -> None:
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so no texts are handed to them")
    with serving.client(foreign) as client:
        assert 'id="texts"' not in client.page("/sparql")
    with serving.client(
        foreign, language="de", translations=str(written(tmp_path / "own"))
    ) as client:
        page = client.page("/sparql")
        (block,) = re.findall(
            r'<script type="application/json" id="texts">(.*?)</script>', page, re.S
        )
        assert "<Plan>" not in block
        told = json.loads(block)
        assert told["texts"]["Map"] == "Karte & <Plan>"
        assert told["texts"]["%(num)s row"] == ["%(num)s Zeile", "%(num)s Zeilen"]
        assert "Help" not in told["texts"]
        assert told["forms"][:3] == [1, 0, 1]


def test_the_folder_that_is_set_comes_before_that_of_the_data(
    foreign: Dataset, tmp_path: Path
) -> None:
    data = replace(foreign, root=tmp_path)
    written(tmp_path / "texts")
    own = written(tmp_path / "own", GERMAN.replace("Hilfe", "Beistand"))
    with serving.client(data, language="de", translations=str(own)) as client:
        assert "<h1>Beistand</h1>" in client.page("/help")


def test_answers_of_another_language_are_other_answers(foreign: Dataset, tmp_path: Path) -> None:
    tags = []
    for name in ("Hilfe", "Beistand"):
        own = written(tmp_path / "own", GERMAN.replace("Hilfe", name))
        with serving.client(foreign, language="de", translations=str(own)) as client:
            tags.append(client.get("/help", BROWSER).headers["etag"])
    assert tags[0] != tags[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GERMAN.replace("%(num)s Zeilen", "%(many)s Zeilen"), "line 12.*`%.many.s Zeilen`"),
        (GERMAN.replace('"Hilfe"', '"100 % Hilfe"'), "line 6.*`100 % Hilfe`"),
        ("msgid", "no catalogue of gettext"),
        ("", "no texts in `de`"),
    ],
    ids=["a place that is not there", "a bare sign", "no catalogue", "none at all"],
)
def test_a_catalogue_that_does_not_fit_is_told(
    foreign: Dataset, tmp_path: Path, text: str, said: str
) -> None:
    folder = written(tmp_path / "own", text, "de" if text else "fr")
    with pytest.raises(errors.SettingError, match=said):
        Client(foreign, language="de", translations=str(folder))


def test_a_language_written_from_the_right_turns_the_page(foreign: Dataset, tmp_path: Path) -> None:
    folder = written(tmp_path / "own", GERMAN, "ar")
    with serving.client(foreign, language="ar", translations=str(folder)) as client:
        assert '<html lang="ar" dir="rtl"' in client.page("/")


def test_numbers_and_days_are_written_as_people_do() -> None:
    english = wording.Wording("en", [])
    assert [english.size(count) for count in (0, 999, 1000, 1_234_567, 10**13)] == [
        *("0 bytes", "999 bytes", "1.0 kB", "1.2 MB", "10000.0 GB")
    ]
    assert english.day("2026-11-24") == "24 November 2026"
    assert english.day("2026-11-24Z") == "24 November 2026 (Z)"
    for other in ("2026-13-01", "-0044-03-15", "1976"):
        assert english.day(other) == other
