"""What assistants read first has the form that they know, and leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import serving
from serving import BROWSER, HOME, Client

from publish.dataset import Dataset
from publish.records import Records

LINK = re.compile(r"- \[([^\]]+)\]\((\S+)\)(: .+)?")


def test_it_has_the_form_of_llmstxt_org(each: Client) -> None:
    answer = each.get("/llms.txt")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    about = each.dataset.description
    assert about
    lines = answer.text.splitlines()
    assert lines[0] == f"# {about.title}"
    assert [line for line in lines if line.startswith("# ")] == lines[:1]
    assert lines[2] == f"> {' '.join(about.description.split())}"
    first = next(place for place, line in enumerate(lines) if line.startswith("## "))
    for line in filter(None, lines[first:]):
        assert line.startswith("## ") or LINK.fullmatch(line), line


def test_it_names_every_kind_and_question(each: Client) -> None:
    text = each.get("/llms.txt").text
    records = Records(each.dataset)
    for kind in records.kinds():
        assert f"({HOME}/browse/{kind.name}): {len(kind.members)} of them" in text
    for question in records.questions():
        assert f"- [{question.label.value}](" in text


def test_every_link_of_it_answers(each: Client) -> None:
    text, _, questions = each.get("/llms.txt").text.partition("## Saved questions")
    links = LINK.findall(text)
    assert len(links) > 10
    # The page of a question asks it, and all of them are asked elsewhere.
    for _, address, _ in [*links, *LINK.findall(questions)[::10]]:
        assert address.startswith(f"{HOME}/")
        assert each.get(address.removeprefix(HOME), BROWSER).status_code == 200, address


def test_a_public_address_with_a_path_is_in_every_link(foreign: Dataset) -> None:
    with serving.client(foreign, base_url="https://example.org/data") as client:
        links = LINK.findall(client.get("/llms.txt").text)
        assert links
        for _, address, _ in links:
            assert address.startswith("https://example.org/data/"), address
            assert "/data/data/" not in address


def test_a_bare_file_has_it_too(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, '<x:a> <x:b> "]( <script>" .')
    with serving.client(data) as client:
        text = client.get("/llms.txt").text
    assert text.startswith("# data.trig\n\n> ")
    assert "## Asking" in text
