"""Gather the texts of the interface into the catalogue that translators begin with.

Run in the repository, it writes `publish/web/texts/folkmote.pot` anew (GNU gettext). The English
texts stand in the templates and in the scripts of the pages, marked by `_()`, `ngettext()` and
`trans`, and in the tables of the package whose words pages show. A translation is a `.po` of the
same form; whoever has gettext brings it up to date by `msgmerge`.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import jinja2
from babel.messages import extract, pofile
from babel.messages.catalog import Catalog
from jinja2.ext import extract_from_ast

from publish import (
    crosswalks,
    diff,
    facets,
    feeds,
    pictures,
    questions,
    records,
    rules,
    settings,
    tables,
)
from publish.stores import functions
from publish.web import dumps, naming, pages, problems, templating, wording

ROOT = Path(__file__).parent.parent
WEB = ROOT / "publish" / "web"
CATALOGUE = WEB / "texts" / wording.TEMPLATE
_SCRIPTS = ROOT / "interface" / "src"
_RAISED = (400, 404, 405, 500)
"""Statuses that pages show without a title of ours."""


def gathered() -> str:
    """Give the catalogue, each text with the files that have it."""
    catalogue = Catalog(project="folkmote", charset="utf-8", fuzzy=False)
    for place, texts in (*_in_templates(), *_in_scripts(), *_in_tables()):
        catalogue.add(texts if len(texts) > 1 else texts[0], locations=[(place, 0)])
    written = io.BytesIO()
    pofile.write_po(written, catalogue, width=100, omit_header=True, include_lineno=False)
    return _HEAD + written.getvalue().decode()


_HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def _in_templates() -> Iterator[tuple[str, tuple[str, ...]]]:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.policies["ext.i18n.trimmed"] = True
    for path in sorted((WEB / "templates").glob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for _, function, message in extract_from_ast(tree):
            found = message if isinstance(message, tuple) else (message,)
            texts = tuple(text for text in found if isinstance(text, str))
            if texts:
                yield path.name, texts if function == "ngettext" else texts[:1]


def _in_scripts() -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in sorted(_SCRIPTS.glob(f"*{wording.SCRIPTS}")):
        found = extract.extract_from_file(
            "javascript",
            path,
            {"_": None, "ngettext": (1, 2)},
            options={"parse_template_string": True},
        )
        for _, message, _, _ in found:
            yield path.name, (message,) if isinstance(message, str) else tuple(message)


def _in_tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, texts in _tables().items():
        yield from ((name, (text,)) for text in texts)


def _tables() -> Mapping[str, Iterable[str]]:
    """Give by module what pages show of its tables, and only they translate."""
    return {
        "crosswalks.py": [one.title for one in crosswalks.profiles()],
        "diff.py": diff.KINDS,
        "dumps.py": [text for group in dumps.GROUPS for text in group],
        "feeds.py": feeds.SENTENCES.values(),
        "functions.py": functions.NAMES.values(),
        "pages.py": pages.FORMS,
        "pictures.py": [
            text
            for plan in pictures.PLANS
            for text in (plan.title, plan.about, *re.findall(r"\?(\w+)\)?(?: |$)", plan.columns))
        ],
        "problems.py": [
            *(kind.title for kind in problems.KINDS),
            *(HTTPStatus(status).phrase for status in _RAISED),
            problems.UNEXPECTED,
        ],
        "facets.py": facets.ANSWERS,
        "questions.py": questions.texts(),
        "records.py": records.GRAPHS.values(),
        "naming.py": [naming.OTHERS, *naming.PROPERTIES.values(), *naming.REVERSED.values()],
        "templating.py": templating.FORMAT_NAMES.values(),
        "rules.py": rules.SEVERITIES,
        "settings.py": [one.help for one in settings.SETTINGS if one.public],
        "tables.py": [*tables.OPERATORS.values(), *tables.CONTROLS.values()],
        "wording.py": [*wording.SIZES, *itertools.chain(*wording.POSITIONS)],
    }


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(gathered(), encoding="utf-8")
