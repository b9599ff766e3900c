"""Make the files of a new data set, with an example of each kind of record.

The examples are themselves a data set, `publish/seed/`, which speaks of an invented letter. It is
read, its base, title, licence and the like are replaced as statements, and it is written in the
canonical form; so what is made is sound if the seed is. Nothing is written to disk here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from types import MappingProxyType
from urllib.parse import urlsplit

from publish import errors, turtle
from publish import namespaces as ns

_SEED = Path(__file__).parent / "seed"
_BASE = "https://example.org/starter/"
_TITLE = "A letter from the coast: linked data"
_PLACES = MappingProxyType(
    {
        "check.yml": ".github/workflows/check.yml",
        "gitignore": ".gitignore",
        "pages.yml": ".github/workflows/pages.yml",
    }
)
"""Where files go whose names hide them from those who pack the software."""
_TABLE = ".sssom.tsv"
_NO_TURTLE = (".md", ".yml", "gitignore", _TABLE)
_LISTS = MappingProxyType(
    {
        2: "http://id.loc.gov/vocabulary/iso639-1/",
        3: "http://id.loc.gov/vocabulary/iso639-2/",
    }
)
"""Where languages are told, by the length of their tags."""

LICENCES = MappingProxyType(
    {
        "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
        "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
        "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    }
)
"""Licences that have a short name (SPDX); any other is given by its IRI."""


@dataclass(frozen=True)
class Wish:
    """What a new data set is called and where it will live.

    `prefix` names its dumps; `language` is a tag (BCP 47) of two or three letters, the main
    language of the data; `licence` is a name of `LICENCES` or an IRI.
    """

    title: str
    base: str
    prefix: str
    creator: str
    licence: str
    language: str
    day: date


def files(wish: Wish) -> dict[str, bytes]:
    """Give the files of a new data set by their paths.

    Raises `SettingError` where a wish cannot be fulfilled.
    """
    _judge(wish)
    return {_PLACES.get(path, path): _made(path, source, wish) for path, source in sorted(_seed())}


def _seed() -> Iterator[tuple[str, bytes]]:
    for path in _SEED.rglob("*"):
        if path.is_file() and path.name.endswith((".ttl", *_NO_TURTLE)):
            yield path.relative_to(_SEED).as_posix(), path.read_bytes()


def _judge(wish: Wish) -> None:
    # What follows a question mark or a hash is no path: no server can answer below it.
    ends = wish.base.endswith("/") and {"?", "#"}.isdisjoint(wish.base)
    if not (wish.base.startswith(("http://", "https://")) and _host(wish.base) and ends):
        raise errors.SettingError(
            f"the base cannot be `{wish.base}`; give an address in full that ends in `/` "
            "and has no `?` and no `#`, such as https://example.org/letters/"
        )
    if not turtle.is_iri(wish.base):
        raise errors.SettingError(
            f"the base `{wish.base}` is no IRI; leave out spaces and quotes, and write `%` as `%25`"
        )
    if not (wish.prefix.isascii() and wish.prefix.isalnum() and wish.prefix[0].isalpha()):
        raise errors.SettingError(
            f"the prefix cannot be `{wish.prefix}`; give letters and digits, a letter first"
        )
    if not (wish.language.isascii() and wish.language.isalpha() and len(wish.language) in _LISTS):
        raise errors.SettingError(
            f"the language cannot be `{wish.language}`; "
            "give its tag of two or three letters, such as en or grc"
        )
    if wish.licence not in LICENCES and not (_host(wish.licence) and turtle.is_iri(wish.licence)):
        raise errors.SettingError(
            f"the licence cannot be `{wish.licence}`; give {', '.join(LICENCES)} or an address"
        )
    for name in ("title", "creator"):
        text = getattr(wish, name)
        if not text.strip():
            raise errors.SettingError(f"the {name} is empty; give one")
        if not text.isprintable():
            raise errors.SettingError(
                f"the {name} is {text!a}, which is no line of text in UTF-8; write it anew"
            )


def _host(address: str) -> str:
    """Give the host of an address; nothing, where it has none, or a port that no host has."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "" if parts.port != 0 else ""
    except ValueError:
        return ""


def _made(path: str, source: bytes, wish: Wish) -> bytes:
    if path.endswith(_TABLE):
        return _linked(source.decode(), wish).encode()
    if not path.endswith(".ttl"):
        return Template(source.decode()).safe_substitute(title=wish.title).encode()
    parsed = turtle.parse(source, path)
    prefixes = {name: _moved(space, wish) for name, space in parsed.prefixes.items()}
    triples = [_replaced(triple, wish) for triple, _ in parsed.triples]
    return turtle.write(triples, prefixes).encode()


def _linked(table: str, wish: Wish) -> str:
    """Give a table of links as its maker would have written it; a cell may need quotes."""
    head = "".join(line for line in table.splitlines(keepends=True) if line.startswith("#"))
    made = io.StringIO()
    rows = csv.DictReader(io.StringIO(table.removeprefix(head)), delimiter="\t")
    written = csv.DictWriter(made, rows.fieldnames or (), delimiter="\t", lineterminator="\n")
    written.writeheader()
    for row in rows:
        own = {"author_label": wish.creator, "mapping_date": wish.day.isoformat()}
        written.writerow({**row, **own})
    licence = LICENCES.get(wish.licence, wish.licence)
    moved = head.replace(_BASE, wish.base).replace(LICENCES["CC0-1.0"], licence)
    return moved + made.getvalue()


def _replaced(triple: turtle.Triple, wish: Wish) -> turtle.Triple:
    subject, predicate, value = triple
    if isinstance(subject, turtle.Named):
        subject = turtle.Named(_moved(subject.value, wish))
    if isinstance(value, turtle.Named):
        value = turtle.Named(_moved(_as_wished(predicate.value, value.value, wish), wish))
    elif isinstance(value, turtle.Literal):
        value = _worded(predicate.value, value, wish)
    return turtle.Triple(subject, turtle.Named(_moved(predicate.value, wish)), value)


def _as_wished(predicate: str, iri: str, wish: Wish) -> str:
    if predicate == ns.DCTERMS + "license":
        return LICENCES.get(wish.licence, wish.licence)
    if predicate == ns.DCTERMS + "language":
        return f"{_LISTS[len(wish.language)]}{wish.language.lower()}"
    return iri


def _worded(predicate: str, value: turtle.Literal, wish: Wish) -> turtle.Literal:
    if predicate == ns.DCTERMS + "title":
        # The terms and the rules have titles that hold that of the data set.
        text = value.value.replace(_TITLE, wish.title)
    elif predicate == ns.FOAF + "name":
        text = wish.creator
    elif predicate == ns.VANN + "preferredNamespacePrefix" and value.value == "starter":
        text = wish.prefix
    elif predicate in (ns.DCTERMS + "issued", ns.DCTERMS + "modified"):
        text = wish.day.isoformat()
    else:
        text = value.value.replace(_BASE, wish.base)
    if value.language is not None:
        # What was given is in the language of the data set, all else in that of the seed.
        own = text in (wish.title, wish.creator)
        return turtle.Literal(text, language=wish.language.lower() if own else value.language)
    return turtle.Literal(text, datatype=value.datatype)


def _moved(iri: str, wish: Wish) -> str:
    return f"{wish.base}{iri.removeprefix(_BASE)}" if iri.startswith(_BASE) else iri
