"""Gather the texts of the interface into the catalogue that translators begin with.

Run in the repository, it writes `publish/web/texts/folkmote.pot` anew (GNU gettext). The English
texts stand in the templates, marked by `_()` and `ngettext()`; a translation is a `.po` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2.ext import extract_from_ast

WEB = Path(__file__).parent.parent / "publish" / "web"
CATALOGUE = WEB / "texts" / "folkmote.pot"
_HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"
"""


def gathered() -> str:
    """Give the catalogue, each text with the templates that have it."""
    places: dict[tuple[str, ...], list[str]] = {}
    for place, texts in _marked():
        places.setdefault(texts, []).append(place)
    return _HEAD + "".join(_entry(texts, where) for texts, where in places.items())


def _marked() -> Iterator[tuple[str, tuple[str, ...]]]:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in sorted((WEB / "templates").glob("*.html")):
        source = path.read_text(encoding="utf-8")
        for _, function, message in extract_from_ast(environment.parse(source)):
            found = message if isinstance(message, tuple) else (message,)
            texts = tuple(text for text in found if isinstance(text, str))
            if texts:
                yield path.name, texts if function == "ngettext" else texts[:1]


def _entry(texts: tuple[str, ...], places: list[str]) -> str:
    lines = [f"#: {' '.join(dict.fromkeys(places))}", f"msgid {_quoted(texts[0])}"]
    if len(texts) > 1:
        lines += [f"msgid_plural {_quoted(texts[1])}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    if any("%(" in text for text in texts):
        lines.insert(1, "#, python-format")
    return "\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(gathered(), encoding="utf-8")
