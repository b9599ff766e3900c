"""The texts of the interface: each marked for translation, and all in one catalogue."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "publish" / "web" / "templates"
READING = (
    *("base", "home", "browse", "list", "search", "text", "portrait", "cite"),
    *("_portrait", "_unseen"),
)
"""The pages that readers of the text see; those for who writes queries or runs servers follow."""
# Names of things that are the same in every language.
NAMES = {"SPARQL", "OpenAPI", "p", "pp"}


def test_the_catalogue_has_every_text_that_is_marked() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "texts.py"))
    kept = made["CATALOGUE"].read_text(encoding="utf-8")
    assert kept == made["gathered"](), "run `python scripts/texts.py`, which writes it anew"
    assert kept.count("msgid ") > 60


@pytest.mark.parametrize("name", READING)
def test_no_word_of_a_page_for_readers_stands_unmarked(name: str) -> None:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    source = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    raw = "".join(
        one.data if isinstance(one, nodes.TemplateData) else "\0"
        for output in environment.parse(source).find_all(nodes.Output)
        for one in output.nodes
    )
    spoken = re.findall(r'(?:aria-label|placeholder)="([^"\0]+)"', raw)
    spoken.append(re.sub(r"&\w+;|<[^>]*>?|^[^<>]*>", " ", raw))
    words = {word for text in spoken for word in re.findall(r"[A-Za-z]{2,}", text)} - NAMES
    assert not words
