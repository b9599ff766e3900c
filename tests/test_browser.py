"""The pages in a real browser, with scripts and without: what is written to the console fails.

Chromium is the system's (Debian: `chromium`), driven by Playwright; `make test` installs the
checker of accessibility, axe, beside the clients in JavaScript. One server and one browser serve
all tests.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import accessibility
import pytest
import serving
import translating
from lxml import etree
from playwright.sync_api import Browser, Page, expect, sync_playwright
from translating import widened

from publish import dataset, starter
from publish.web.site import STATIC

TESTS = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60_000
"""How many milliseconds a busy machine may take to show what it must."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
BETWEEN = "/questions/between?one=person:kropotkin-peter&other=Marx"
WRONG = "/questions/between?one=Kropotkinn&other=Marx"
ADDRESSES = (
    "/",
    "/browse",
    "/browse/person",
    "/browse/edition?decade=1970s&q=a",
    "/text",
    "/search?q=kropotkin",
    "/questions",
    "/questions/where-kropotkin-is-named",
    "/questions/page-16?page=x",
    "/pictures",
    "/pictures/citations",
    "/pictures/timeline",
    "/sparql",
    "/sparql?query=SELECT%20*%20%7B%20?a%20?b%20?c%20%7D%20LIMIT%203&format=html",
    "/doc/person/kropotkin-peter",
    "/doc/claim/aid-always-present",
    "/doc/passage/2.6",
    "/doc/work/mutual-aid",
    "/doc/edition/kropotkin-1902",
    "/cite/edition/kropotkin-1902",
    "/doc/person/kropotkim",
    BETWEEN,
    WRONG,
    "/ontology",
    "/shapes",
    "/changes",
    "/dump/",
    "/dataset",
    "/graph/essay",
    "/links/people.sssom.tsv",
    "/pictures/places",
    "/pictures/argument",
    "/doc/concept/mutual-aid",
    "/doc/event/newgate-liberation-1780",
    "/doc/place/russia",
    "/doc/mention/0.1-concept-anarchism-derived",
    "/doc/timespan/1780",
    "/help",
    "/statistics",
)
WORDS = """SELECT ?passage (SUM(?times) AS ?named) WHERE {
  ?mention oa:hasBody con:mutual-aid ; ksv:occurrences ?times ; ksv:inPassage ?passage
} GROUP BY ?passage"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for this module alone: while it runs, its driver's event loop runs in this thread."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed, so no page is tried in a browser")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        # Chromium has no sandbox for root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    with serving.server(dataset.shipped()) as address:
        yield address


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def both(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:
    """A page in a wide and in a narrow window."""
    yield from opened(browser, home, viewport=request.param)


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so pages are tried only as forms")
    yield from opened(browser, home, viewport=WIDE)


@pytest.fixture
def plain(browser: Browser, home: str) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    yield from opened(browser, home, java_script_enabled=False)


def opened(browser: Browser, home: str, **how: Any) -> Iterator[Page]:
    """Open a page; fail where something is written to its console, as errors of policy are."""
    context = browser.new_context(base_url=home, reduced_motion="reduce", **how)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    # A status that a test provoked is no error of the page.
    assert [text for text in said if not text.startswith("Failed to load resource")] == []


def written(page: Page, query: str) -> None:
    """Write a query in the place of the one in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def asked(page: Page, query: str) -> None:
    page.goto("/sparql")
    written(page, query)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#result h2")).to_be_visible()


# --- every page ------------------------------------------------------------------------------


def settled(page: Page, address: str) -> None:
    """Open a page and wait until its scripts have done what they do by themselves."""
    page.goto(address)
    if page.locator("script[type=module]").count():
        expect(page.locator(".drawing, .editor, #drawn")).to_be_attached()


def test_every_page_is_open_to_everybody(both: Page) -> None:
    for address in ADDRESSES:
        settled(both, address)
        over = both.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{address} is {over} pixels wider than its window"
        if not accessibility.MISSING:
            told = accessibility.violations(both)
            assert not told, f"{address}: {told}"
    if accessibility.MISSING:
        pytest.skip(accessibility.MISSING)


def test_scripts_speak_the_language_of_the_page(browser: Browser, tmp_path: Path) -> None:
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so none of them says anything")
    told = translating.Told(dataset.load(dataset.shipped()))
    texts = str(translating.write(tmp_path))
    given = {"FOLKMOTE_LANGUAGE": translating.LANGUAGE, "FOLKMOTE_TRANSLATIONS": texts}
    with serving.server(dataset.shipped(), given) as address:
        for page in opened(browser, address, viewport=WIDE):
            for place in ("/pictures/citations", "/pictures/timeline", "/pictures/places"):
                settled(page, place)
                assert translating.unmarked(page.content(), told) == [], place
            settled(page, "/questions/where-kropotkin-is-named")
            assert translating.unmarked(page.content(), told) == []
            page.goto("/sparql")
            expect(page.locator(".cm-content")).to_have_attribute("aria-label", widened("Query"))
            for query in (WORDS, "ASK { }", "SELECT", "DESCRIBE person:marx"):
                written(page, query)
                page.locator("form.ask button[type=submit]").click()
                expect(page.locator("#result:not([aria-busy]) h2")).to_be_visible()
                assert translating.unmarked(page.content(), told) == [], query


def test_names_are_suggested_while_one_types_and_lead_to_their_page(page: Page) -> None:
    page.goto("/help")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("krop")
    expect(page.locator("#found option[value='Peter Kropotkin']")).to_have_count(1)
    field.fill("Peter Kropotkin")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.locator(".hits a").first).to_have_text("Peter Kropotkin")


def test_the_first_key_leads_past_what_all_pages_have(page: Page) -> None:
    page.goto("/doc/person/kropotkin-peter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_things_can_be_read_in_light_and_dark(
    browser: Browser, home: str, scheme: str
) -> None:
    if accessibility.MISSING:
        pytest.skip(accessibility.MISSING)
    for page in opened(browser, home, viewport=NARROW, color_scheme=scheme):
        for address in ("/", "/text", "/doc/person/kropotkin-peter", "/browse/edition", WRONG):
            page.goto(address)
            assert not accessibility.violations(page, "color-contrast"), address


def test_what_is_printed_begins_under_its_heading_and_is_whole(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/doc/passage/2")
    kept = "getComputedStyle(document.querySelector('.portrait > section')).breakInside"
    assert page.evaluate(kept) == "auto", (
        "a section that is longer than a page would leave one empty"
    )
    page.goto(BETWEEN)
    expect(page.locator("form.question, .program, nav")).to_have_count(4)
    expect(page.locator("form.question, .program, nav").locator("visible=true")).to_have_count(0)
    # Nobody can scroll on paper.
    assert page.evaluate(
        "[...document.querySelectorAll('pre.box')].every((one) => one.scrollWidth <= one.clientWidth)"
    )


def test_the_first_column_of_a_wide_answer_can_be_read_in_a_narrow_window(
    browser: Browser, home: str
) -> None:
    for page in opened(browser, home, viewport=NARROW):
        page.goto(BETWEEN)
        column = page.locator(".answer th").first
        box = column.bounding_box()
        assert box is not None
        assert box["width"] > 200


# --- without scripts -------------------------------------------------------------------------


def test_without_scripts_a_query_is_asked_by_a_form(plain: Page) -> None:
    plain.goto("/sparql")
    plain.locator("textarea").fill("SELECT ?who { ?who a foaf:Person } LIMIT 3")
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.locator("h1")).to_have_text("Answer")
    expect(plain.locator("tbody tr")).to_have_count(3)


def test_without_scripts_a_question_takes_another_value(plain: Page) -> None:
    plain.goto("/questions/page-16")
    plain.get_by_label("page", exact=True).fill("5")
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.locator(".answer tbody tr")).to_have_count(3)
    plain.get_by_role("link", name="number", exact=True).click()
    expect(plain.locator(".answer tbody tr").first).to_have_text("0.1")
    plain.get_by_label("page", exact=True).fill("x")
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.get_by_role("alert")).to_contain_text("page: x")
    expect(plain.get_by_label("page", exact=True)).to_have_attribute("aria-invalid", "true")


def test_without_scripts_a_picture_is_a_table(plain: Page) -> None:
    plain.goto("/pictures/timeline")
    expect(plain.locator("figure .note")).to_be_visible()
    assert plain.locator("tbody tr").count() > 10


# --- the query page --------------------------------------------------------------------------


def test_an_answer_is_shown_beside_the_query_with_labels_and_sorted(page: Page) -> None:
    asked(page, WORDS)
    rows = page.locator(".answer tbody tr")
    first = rows.first.text_content()
    expect(rows.first.locator("a")).to_have_attribute("href", re.compile(r"^/id/passage/"))
    expect(rows.first.locator("a")).to_contain_text("aragraph")
    sort = page.get_by_role("button", name="named", exact=True)
    sort.click()
    sort.click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("named")
    assert rows.first.text_content() != first
    numbers = [int(text) for text in page.locator(".answer td:nth-child(2)").all_text_contents()]
    assert numbers == sorted(numbers, reverse=True)


def test_rows_are_drawn_where_they_suit_it(page: Page) -> None:
    asked(page, WORDS)
    page.get_by_role("button", name="Chart", exact=True).click()
    assert page.locator(".drawing rect.span").count() > 5
    asked(page, "SELECT * { ?one skos:broader ?other }")
    page.get_by_role("button", name="Network", exact=True).click()
    assert page.locator(".drawing .edge").count() > 20
    asked(page, "SELECT ?e ?d { ?e crm:P4_has_time-span/crm:P82_at_some_time_within ?d }")
    page.get_by_role("button", name="Timeline", exact=True).click()
    assert page.locator(".drawing .uncertain").count() > 2

    asked(
        page,
        """SELECT ?place ?lat ?long {
 VALUES (?place ?lat ?long) { (place:italy 42.5 12.5) (place:clairvaux 48.15 4.79) } }""",
    )
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator(".drawing circle.place")).to_have_count(2)
    assert len(page.locator(".drawing .land").get_attribute("d") or "") > 1000


def test_the_answer_to_a_saved_question_is_drawn_where_that_suits_it(page: Page) -> None:
    page.goto("/questions/where-kropotkin-is-named")
    page.get_by_role("button", name="Chart", exact=True).click()
    expect(page.locator(".drawing rect.span")).to_have_count(33)
    page.get_by_label("thing", exact=True).fill("woodcock")
    expect(page.locator("datalist option[value='person:woodcock']")).to_have_count(1)


def test_an_error_is_marked_at_its_place(page: Page) -> None:
    asked(page, "SELECT ?who WHERE {\n  ?who a foaf:Person ;; ]\n}")
    expect(page.get_by_role("alert")).to_contain_text("line 2")
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    written(page, "ASK { ?who a foaf:Person }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result .lead")).to_have_text("Yes")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_terms_of_the_data_are_offered_with_their_prefix(page: Page) -> None:
    page.goto("/sparql")
    written(page, "SELECT * { ?who a ")
    page.keyboard.type("foaf:Per")
    # While more is looked for, nothing can be taken.
    offered = page.locator(".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled) li")
    expect(offered.first).to_contain_text("foaf:Person")
    # Nor can it in the first 75 ms.
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("PREFIX foaf:")
    page.keyboard.type(" ; oa:x kropotkin")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("person:kropotkin-peter")


def test_a_link_brings_the_query_to_somebody_else(page: Page, browser: Browser) -> None:
    asked(page, WORDS)
    page.get_by_role("button", name="Copy a link").click()
    page.wait_for_url(re.compile("#query="))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".cm-content")).to_contain_text("SUM(?times)")
    expect(page.locator(".answer tbody tr").first).to_be_visible()


def test_a_saved_question_is_asked_beside_its_query_for_another_value(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_label("Find one").fill("Kropotkin named")
    page.locator("#saved").get_by_role("link").locator("visible=true").first.click()
    expect(page.locator("#parameters h2")).to_contain_text("In which passages")
    expect(page.locator("#result .count")).to_have_text("33 rows")
    page.locator("#parameter-thing").fill("person:woodcock")
    page.locator("#parameter-thing").press("Enter")
    expect(page.locator("#result .count")).to_have_text("3 rows")
    expect(page.locator(".cm-content")).to_contain_text("VALUES ?thing { person:woodcock }")


def test_an_answer_is_taken_away_as_a_file_and_as_code(page: Page) -> None:
    asked(page, WORDS)
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert got.value.suggested_filename == "answer.csv"
    assert got.value.path().read_text(encoding="utf-8").startswith("passage,named")
    page.get_by_text("From a program").click()
    expect(page.get_by_role("region", name="Python with pandas")).to_contain_text("read_csv")
    asked(page, "DESCRIBE person:kropotkin-peter")
    expect(page.get_by_role("button", name="Turtle")).to_be_visible()


def test_hostile_labels_stay_text(page: Page) -> None:
    asked(page, 'SELECT ("</script><img src=x onerror=alert(1)>" AS ?x) ("\\u202Ed" AS ?y) {}')
    expect(page.locator(".answer tbody td").first).to_have_text(
        "</script><img src=x onerror=alert(1)>"
    )
    assert page.locator(".answer img").count() == 0


# --- pictures --------------------------------------------------------------------------------


def test_every_picture_is_drawn_and_the_same_each_time(page: Page) -> None:
    seen: dict[str, str] = {}
    page.goto("/pictures")
    links = page.locator(".cards a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert {link.rpartition("/")[2] for link in links} >= {"citations", "concepts", "timeline"}
    for link in [*links, *links[:1]]:
        page.goto(link)
        expect(page.locator(".drawing")).to_be_visible()
        drawn = page.locator(".drawing").inner_html()
        assert seen.setdefault(link, drawn) == drawn, link
        assert page.locator("tbody tr").count() > 0, link


def test_each_relation_of_a_picture_has_a_look_of_its_own(page: Page) -> None:
    page.goto("/pictures/citations")
    edges = page.locator(".legend .edge")
    # The legend is drawn with the picture.
    edges.first.wait_for(state="attached")
    looks = edges.evaluate_all(
        "all => all.map(getComputedStyle).map((one) => one.stroke + one.strokeDasharray)"
    )
    assert len(looks) > 6, "there are more relations than colours"
    assert len(set(looks)) == len(looks)


def test_a_picture_is_saved_with_the_look_that_it_has(page: Page) -> None:
    page.goto("/pictures/concepts")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the picture (SVG)").click()
    assert taken.value.suggested_filename == "concepts.svg"
    saved = etree.parse(taken.value.path()).getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert saved.tag == f"{space}svg"
    assert len([*saved.iter(f"{space}line")]) == page.locator(".drawing line").count() > 0
    node = next(saved.iter(f"{space}circle"))
    drawn = page.locator(".drawing circle").first.evaluate("one => getComputedStyle(one).fill")
    assert node.get("fill") == drawn
    assert not [one for one in saved.iter() if one.get("class")]


def test_a_picture_is_read_by_the_keyboard(page: Page) -> None:
    page.goto("/pictures/concepts")
    node = page.get_by_role("button", name=re.compile("^mutual aid,"))
    node.focus()
    expect(page.locator(".told h3")).to_have_text("mutual aid")
    assert page.locator(".told li").count() > 2
    assert page.locator(".node[tabindex='0']").count() == 1
    page.keyboard.press("ArrowRight")
    expect(page.locator(".told h3")).not_to_have_text("mutual aid")
    box = page.get_by_role("checkbox", name=re.compile("related"))
    before = page.locator(".edge:not(.off)").count()
    box.uncheck()
    assert page.locator(".edge:not(.off)").count() < before


def test_dates_that_are_not_certain_look_otherwise(page: Page) -> None:
    page.goto("/pictures/timeline")
    for label, certain in (("Paris Commune", True), ("Crisis of Marxism", False)):
        bar = page.get_by_role("link", name=re.compile(f"^{label}")).locator("rect").first
        assert ("uncertain" in (bar.get_attribute("class") or "")) is not certain


def test_dates_stand_in_words_and_not_as_programs_write_them(page: Page) -> None:
    page.goto("/pictures/timeline")
    drawn = page.locator(".drawing .date")
    expect(drawn.first).to_be_visible()
    dates = " ".join(drawn.all_text_contents())
    assert "1910s" in dates
    assert "about 1887\u20131905" in dates
    assert not re.search("[X~/]", dates)


def in_persian(folder: Path, name: str) -> Path:
    """Make a data set whose one event has a name from the right."""
    how = ("مرو", "https://example.net/marw/", "marw", "us", "CC0-1.0", "fa", date(2026, 2, 3))
    for path, content in starter.files(starter.Wish(*how)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        named = content.replace(b'"strike of 1889"@en', f'"{name}"@fa'.encode())
        (folder / path).write_bytes(named)
    return folder


def test_a_date_beside_a_name_from_the_right_is_read_from_the_left(
    browser: Browser, tmp_path: Path
) -> None:
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm)")
    with serving.server(in_persian(tmp_path, "کسوف")) as home:
        for page in opened(browser, home):
            page.goto("/pictures/timeline")
            drawn = page.locator(".drawing text", has_text="کسوف")
            expect(drawn).to_be_visible()
            place = "(text, last) => text.getStartPositionOfChar(last ? text.getNumberOfChars() - 1 : 0).x"
            name, figure = drawn.evaluate(place, False), drawn.evaluate(place, True)
            assert name < figure


def test_names_in_the_arabic_script_are_suggested_however_they_are_spelled(
    browser: Browser, tmp_path: Path
) -> None:
    """As the search of the server finds them: another kaf, behind a non-joiner, other figures."""
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm)")
    name = "نبرد جغری\u200cبیک در ۴۳۱"
    with serving.server(in_persian(tmp_path, name)) as home:
        for page in opened(browser, home):
            for typed in ("بيك", "431"):
                page.goto("/help")
                page.get_by_role("search").get_by_role("combobox").press_sequentially(typed)
                expect(page.locator(f"#found option[value='{name}']")).to_have_count(1)


def test_a_narrow_map_begins_where_most_places_lie(browser: Browser, home: str) -> None:
    if not (STATIC / "scripts").is_dir():
        pytest.skip("the package came without scripts (npm), so no map is drawn")
    for page in opened(browser, home, viewport=NARROW):
        page.goto("/pictures/places")
        box = page.locator(".picture")
        expect(box).to_be_visible()
        page.wait_for_function("document.querySelector('.picture').scrollLeft > 0")
        seen = """box => [...box.querySelectorAll("circle.place")].filter((one) => {
            const { left, right } = one.getBoundingClientRect();
            const { left: from, right: to } = box.getBoundingClientRect();
            return left >= from && right <= to;
        }).length / box.querySelectorAll("circle.place").length"""
        assert box.evaluate(seen) > 0.5


def test_what_is_printed_is_what_is_read_and_not_what_is_pressed(page: Page) -> None:
    page.emulate_media(media="print")
    for address in ("/doc/person/kropotkin-peter", "/browse/edition", "/questions/page-16"):
        page.goto(address)
        for what in ("nav", "form", "button", ".button", "summary"):
            shown = [one for one in page.locator(what).all() if one.is_visible()]
            assert shown == [], f"{address}: {what}"
        expect(page.locator("h1")).to_be_visible()
        assert page.locator("main a").first.is_visible() or address.startswith("/questions")
