"""Which format an answer has: the formats that are known, and the choice among them.

A request says what it takes in its Accept header, a path by its suffix, a parameter by a name;
each gives one of the formats offered, or `NotAcceptable`. Nothing here reads or writes a format.

Follows RFC 9110 section 12.5.1 (Accept), with 5.6.6 (parameters) and 12.4.2 (weights).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publish import errors


@dataclass(frozen=True)
class Format:
    """A format under its name, media type and suffix.

    `aliases` are media types and `nicknames` short names that clients ask for and none answers.
    It is `demanding` where who names it beside others may lack what is needed to read it.
    """

    name: str
    media: str
    suffix: str
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    demanding: bool = False

    @property
    def content_type(self) -> str:
        """The value of Content-Type; what is text says that it is UTF-8."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


HTML = Format("html", "text/html", "html", ("application/xhtml+xml",))
# Turtle is N3 as well (W3C Team Submission Turtle, 7); SPARQLWrapper asks by the other nicknames.
TURTLE = Format(
    "turtle",
    "text/turtle",
    "ttl",
    ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    ("n3",),
)
N_TRIPLES = Format("ntriples", "application/n-triples", "nt", ("text/plain",), ("n-triples",))
# EasyRdf names it whether its processor of JSON-LD, a package of its own, is there or not.
JSON_LD = Format(
    "jsonld",
    "application/ld+json",
    "jsonld",
    ("application/json",),
    ("json", "json-ld"),
    demanding=True,
)
RDF_XML = Format(
    "rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml"), ("xml", "rdf+xml")
)
N_QUADS = Format("nquads", "application/n-quads", "nq")
TRIG = Format("trig", "application/trig", "trig")

RESULTS_JSON = Format("json", "application/sparql-results+json", "srj", ("application/json",))
RESULTS_XML = Format(
    "xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml")
)
RESULTS_CSV = Format("csv", "text/csv", "csv")
RESULTS_TSV = Format("tsv", "text/tab-separated-values", "tsv")

RDF_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
"""What documents are offered in, the preferred one first.

JSON-LD comes before N-Triples: scripts that want JSON often name plain text beside it.
"""

GRAPH_FORMATS = (*RDF_FORMATS, N_QUADS, TRIG)
"""What CONSTRUCT and DESCRIBE are offered in; all that they give stands in no named graph."""

RESULT_FORMATS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""What SELECT is offered in."""

BOOLEAN_FORMATS = (RESULTS_JSON, RESULTS_XML)
"""What ASK is offered in; the CSV and TSV formats know no boolean."""


def choose(accept: str | None, offers: Sequence[Format]) -> Format:
    """Choose the format that an Accept header likes best.

    Where it likes several alike, the one it names more exactly, then one that demands less, then
    the one offered first. No header takes anything. Raises `NotAcceptable` and nothing else,
    whatever the header holds.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = list(_ranges(accept))
    best: tuple[float, int, bool] = (0.0, 0, False)
    chosen: Format | None = None
    for offer in offers:
        weight, exactness = _liking(offer, ranges)
        # Whoever names no format exactly gets those that are offered in their order.
        liking = (weight, exactness, exactness == _BY_NAME and not offer.demanding)
        if liking[0] > 0 and liking > best:
            best, chosen = liking, offer
    if chosen is None:
        raise _not_acceptable(f"nothing that `{_short(accept)}` takes is offered here", offers)
    return chosen


def find(name: str, offers: Sequence[Format]) -> Format:
    """Give the format of this name, suffix or media type; `NotAcceptable` where it is not offered."""
    asked = name.strip().lower()
    for offer in offers:
        if asked in (offer.name, offer.suffix, offer.media):
            return offer
    for offer in offers:
        if asked in (*offer.aliases, *offer.nicknames):
            return offer
    raise _not_acceptable(f"there is no format `{_short(name)}` here", offers)


def named(name: str, offers: Sequence[Format]) -> Format:
    """Give the format that a parameter names, as `find` or by what an Accept header could hold."""
    if "/" in name:
        # A plus that was not encoded arrives as a space.
        return choose(re.sub(r"(?<=\w) (?=\w)", "+", name), offers)
    return find(name, offers)


def offers_of(form: str) -> tuple[Format, ...]:
    """Give the formats that a form of query is answered in."""
    if form == "SELECT":
        return RESULT_FORMATS
    return BOOLEAN_FORMATS if form == "ASK" else GRAPH_FORMATS


def _not_acceptable(what: str, offers: Sequence[Format]) -> errors.NotAcceptable:
    media = [offer.media for offer in offers]
    return errors.NotAcceptable(f"{what}; ask for one of {', '.join(media)}", media)


def _short(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else "?" for sign in text[:200].strip())
    return plain if len(plain) <= 100 else plain[:100] + "..."


# --- reading the header ----------------------------------------------------------------------


_BY_ALIAS = 3
_BY_NAME = 4


@dataclass(frozen=True)
class _Range:
    kind: str
    sub: str
    parameters: tuple[tuple[str, str], ...]
    weight: float

    def fits(self, media: str) -> int:
        """Say how exactly it names a media type: not at all is 0, `*/*` is 1, `text/*` is 2."""
        kind, _, sub = media.partition("/")
        if self.kind == "*":
            return 1
        if self.kind != kind:
            return 0
        return 2 if self.sub == "*" else _BY_NAME * (self.sub == sub)


_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 (RFC 9110 5.6.2, no password)
_MEDIA = re.compile(rf"\s*({_TOKEN})(?:/({_TOKEN}))?\s*")
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))\s*\Z', re.DOTALL)
# A comma or semicolon within quotes separates nothing. What a quote opens and none closes goes on
# to the end, and nothing is given back, so that each character is looked at once.
_PART = re.compile(r'((?:"(?:[^"\\]|\\.?)*+(?:"|\Z)|[^",;]++)*+)([,;]|\Z)', re.DOTALL)
_WEIGHT = re.compile(r"0?\.[0-9]+|[01](?:\.0*)?")

# A format's profile or version changes nothing here: we have one of each.
_LENIENT = frozenset({"profile", "version"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "*"})


def _ranges(accept: str) -> Iterator[_Range]:
    """Give the media ranges of a header; what is malformed is passed over."""
    parts: list[str] = []
    for match in _PART.finditer(accept):
        parts.append(match[1])
        if match[2] != ";":
            if (found := _range(parts)) is not None:
                yield found
            parts = []


def _range(parts: Sequence[str]) -> _Range | None:
    media = _MEDIA.fullmatch(parts[0])
    if media is None or (media[2] is None and media[1] != "*"):
        return None
    kind, sub = media[1].lower(), (media[2] or "*").lower()
    if kind == "*" and sub != "*":
        return None
    weight = 1.0
    parameters = []
    for part in parts[1:]:
        name, value = _parameter(part)
        if name == "q":
            if _WEIGHT.fullmatch(value) is None:
                return None
            weight = float(value)
            # RFC 9110 12.5.1: nothing that follows the weight belongs to the media type.
            break
        if name:
            parameters.append((name, value))
    return _Range(kind, sub, tuple(parameters), weight)


def _parameter(part: str) -> tuple[str, str]:
    match = _PARAMETER.match(part)
    if match is None:
        return "", ""
    value = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2], flags=re.DOTALL)
    return match[1].lower(), value.strip().lower()


def _liking(offer: Format, ranges: Sequence[_Range]) -> tuple[float, int]:
    """Give the weight of an offer, and how exactly the range that decides it names the offer."""
    exactness, weight = _best(offer.media, ranges)
    if exactness < _BY_NAME:
        for alias in offer.aliases:
            # Whoever refuses an alias has not refused the format.
            by_alias = _best(alias, ranges)
            if by_alias[0] == _BY_NAME and by_alias[1] > 0:
                return by_alias[1], _BY_ALIAS
    return weight, exactness


def _best(media: str, ranges: Sequence[_Range]) -> tuple[int, float]:
    """Give the exactness and weight of the range that names a media type most exactly."""
    fitting = ((_exactness(found, media), found.weight) for found in ranges)
    return max((pair for pair in fitting if pair[0]), default=(0, 0.0))


def _exactness(found: _Range, media: str) -> int:
    """Say how exactly a range with its parameters names a media type; 0 is not at all."""
    exactness = found.fits(media)
    for name, value in found.parameters:
        if name == "charset":
            exactness *= value in _CHARSETS
        elif name == "header":
            # RFC 4180, 3: a file of rows with the names of its columns above them, as ours are.
            exactness *= value == "present"
        elif name not in _LENIENT or found.weight == 0:
            # A format without one profile can still be had.
            return 0
    return exactness
