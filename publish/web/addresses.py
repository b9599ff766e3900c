"""Where an IRI leads, and which IRIs an address may mean: decided here and nowhere else.

What stands below the base of the data set is at the same path of this server; what the data
speak of otherwise has a page that describes it; of the rest only http, https and mailto
addresses become links, whatever the data say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes, urlencode, urlsplit

from starlette.types import Scope

from publish.graphs import Place
from publish.records import Records, Text

DESCRIBE = "/describe"
QUESTIONS = "/questions"
IN_PATH = "/:@!$&'()*+,;=-._~%"
"""Characters that stand in a path or a fragment as they are (RFC 3986, section 3.3)."""
_ESCAPED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_SCHEMES = frozenset({"http", "https", "mailto"})


class Addresses:
    """Addresses on a server that stands below the path `prefix`, or in a site of files."""

    def __init__(self, records: Records, prefix: str, edit_url: str, *, served: bool) -> None:
        """Keep how lines of the sources are edited too: an address with `{path}` and `{line}`."""
        self._records = records
        self._dataset = records.dataset
        self._prefix = prefix
        self._edit_url = edit_url
        self._served = served

    def path(self, iri: str) -> str:
        """Give the path on this server of an IRI below the base."""
        rest, hash_, term = iri.removeprefix(self._dataset.base).partition("#")
        return f"{self._prefix}/{quote(rest, IN_PATH)}{hash_}{quote(term, IN_PATH)}"

    def whole(self, home: str, href: str) -> str:
        """Give a path on this server as an address, below `home`; any other address as it is."""
        return home + href.removeprefix(self._prefix) if href.startswith("/") else href

    def below_base(self, iri: str) -> bool:
        """Say whether an IRI belongs to the data set by its name."""
        return bool(self._dataset.base) and iri.startswith(self._dataset.base)

    def document(self, iri: str, suffix: str = "") -> str:
        """Give the path of the document about a thing; with a suffix, in one format."""
        about = self._dataset.description
        if about is not None and iri.startswith(about.uri_space):
            rest = quote(iri.removeprefix(about.uri_space), IN_PATH)
            return f"{self._prefix}/doc/{rest}{suffix}"
        if self.below_base(iri) and "#" not in iri:
            return self.path(iri) + suffix
        return f"{self._prefix}{DESCRIBE}?" + urlencode(
            {"iri": iri, **({"format": suffix[1:]} if suffix else {})}
        )

    def href(self, iri: str) -> str | None:
        """Say where a reader gets who follows an IRI; nothing where that leads nowhere."""
        if self.below_base(iri):
            return self._inside(iri)
        if iri in self._dataset.graphs or self._records.is_subject(iri):
            return self.described(iri)
        return outside(iri)

    def _inside(self, iri: str) -> str | None:
        document, hash_, _ = iri.partition("#")
        if iri == self._dataset.base:
            return f"{self._prefix}/"
        if self._records.is_subject(iri) or (not hash_ and self._records.knows(iri)):
            # Files lead nobody on without a detour; what a document defines stands within its page.
            direct = self._served or (hash_ and self._records.is_subject(document))
            return self.path(iri) if direct else self.document(iri)
        if self._records.knows(iri):
            return self.described(iri)
        return self.path(document) if hash_ and self._records.is_subject(document) else None

    def address(self, text: Text) -> str | None:
        """Say where a text leads that is an address itself."""
        if " " in text.value or text.language:
            return None
        return self.href(text.value) if self.below_base(text.value) else outside(text.value)

    def described(self, iri: str) -> str:
        """Give the page that describes an IRI that has none of its own."""
        return f"{self._prefix}{DESCRIBE}?" + urlencode({"iri": iri})

    def asking(self, query: str) -> str:
        """Give the address that runs a query and shows its answer as a page."""
        return f"{self._prefix}/sparql?" + urlencode({"query": query, "format": "html"})

    def anchor(self, iri: str) -> str:
        """Name a thing within a page that shows many."""
        about = self._dataset.description
        return iri.removeprefix(about.uri_space if about else "").replace("/", "-")

    def edited(self, place: Place) -> str | None:
        """Say where a line of the sources is edited, if that is known and can be followed."""
        told = {"path": quote(place.path), "line": str(place.line)}
        address = self._edit_url
        for name, value in told.items():
            address = address.replace("{" + name + "}", value)
        return outside(address)


def sent(scope: Scope, prefix: str) -> str:
    """Give the path of a request as it was sent, behind a prefix: the framework decodes it."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.partition(b"?")[0].decode("latin-1").removeprefix(prefix)


def spellings(path: str) -> Sequence[str]:
    """Give the names that a path, as it was sent, may stand for, decoded at most once.

    As it stands, for IRIs that are themselves percent-encoded; then with the characters beyond
    ASCII decoded (RFC 3987 3.2); then with all decoded.
    """
    part = _ESCAPED.sub(lambda match: _characters(match[0]), path)
    return tuple(dict.fromkeys((path, part, _characters(path))))


def _characters(escaped: str) -> str:
    try:
        return unquote_to_bytes(escaped).decode()
    except UnicodeDecodeError:
        return escaped


def outside(iri: str) -> str | None:
    """Give an address elsewhere, if it is one that a reader can safely follow."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return None
    safe = parts.scheme.lower() in _SCHEMES and (parts.netloc or parts.scheme == "mailto")
    return iri if safe else None
