"""From values to pages and documents: templates, links, and the formats of RDF.

Where an IRI is linked to is decided here and nowhere else: what stands below the base of the
data set is at the same path of this server; what the data speak of otherwise has a page that
describes it; of the rest only http, https and mailto addresses become links, whatever the data
say. Templates escape everything that they are given.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Generic, ParamSpec, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

import jinja2
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from publish import (
    characters,
    citations,
    crosswalks,
    description,
    diff,
    errors,
    facets,
    feeds,
    negotiation,
    portraits,
    shelf,
    statistics,
    terms,
    turtle,
)
from publish import namespaces as ns
from publish import release as releases
from publish.catalogue import Catalogue
from publish.crosswalks import Profile
from publish.dataset import Dataset
from publish.graphs import Place
from publish.records import GRAPHS, Link, Nested, Records, Statement, Text, words
from publish.release import Release
from publish.search import Index
from publish.settings import TEXTS, Settings
from publish.sources import Source
from publish.version import __version__
from publish.web import wording

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

DESCRIBE = "/describe"
LATEST = "latest"
"""What stands in the place of a version for the one that is shown."""
MOST = 2_000
"""How many things that point at one a page shows for each property; a query gives all."""

CONTROLS = MappingProxyType(
    {
        "_format": "the format of the answer, instead of an Accept header or a suffix",
        "_labels": "languages in which to give the labels of IRIs too, such as `de,en`",
        "_sort": "columns to sort by, the first first; `-` before one turns it round",
        "_size": "how many rows a page of the answer has",
        "_page": "which page of the answer, from 1",
    }
)
"""What a saved question takes beside its parameters and its columns."""

_NEAR = 5
"""How many things are named where nothing is."""
PASSAGES = 200
"""How many passages a page of the text shows: less than that is read at one go."""
_FEW = 12
"""Up to how many things that point at one stand together, whatever kind they are of."""
TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
"""What pages look like, and what they do where a browser runs scripts."""
_FILED = (negotiation.TURTLE, negotiation.JSON_LD)
"""The formats in which a site of files has each document; a browser makes the others of it."""
SUFFIXES = (negotiation.HTML, *negotiation.RDF_FORMATS)
_IN_PATH = "/:@!$&'()*+,;=-._~%"
_TURNED = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Characters that are written from right to left, or turn the direction (UAX 9, table 4)."""
_SCHEMES = frozenset({"http", "https", "mailto"})
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
FORMAT_NAMES = MappingProxyType(
    {
        "text/html": "a page",
        "text/turtle": "Turtle",
        "application/n-triples": "N-Triples",
        "application/ld+json": "JSON-LD",
        "application/rdf+xml": "RDF/XML",
        "application/n-quads": "N-Quads",
        "application/trig": "TriG",
        "application/sparql-results+json": "JSON",
        "application/sparql-results+xml": "XML",
        "text/csv": "CSV",
        "text/tab-separated-values": "TSV",
        "application/marcxml+xml": "MARCXML",
        "application/marc": "MARC 21",
        "application/mods+xml": "MODS",
        "application/xml": "Dublin Core",
        "application/x-bibtex": "BibTeX",
        "application/x-research-info-systems": "RIS",
        "application/vnd.citationstyles.csl+json": "CSL-JSON",
    }
)
# The number of a record, as authority files give one, is no word.
_IDENTIFIER = re.compile(r"[#/][A-Za-z]{0,3}\d[\dA-Za-z-]*$")
_PREFIXED = re.compile(r"(?<![\w-])((?:[A-Za-z][\w.-]*)?):")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a long list."""

    number: int
    last: int
    total: int
    items: Sequence[T]


def paged(items: Sequence[T], number: int, size: int) -> Page[T]:
    """Cut one page out of a list; a number beyond the end gives the last page."""
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)
    return Page(number, last, len(items), items[(number - 1) * size : number * size])


def write(
    triples: Iterable[turtle.Triple],
    form: negotiation.Format,
    prefixes: Mapping[str, str],
    first: Sequence[str] = (),
) -> bytes:
    """Write triples in one of the RDF formats, each literal as it is spelled."""
    if form is negotiation.TURTLE:
        return turtle.write(triples, prefixes, first=first).encode()
    if form is negotiation.N_TRIPLES:
        return turtle.ntriples(triples)
    body = turtle.serialize(triples, form.suffix)
    if form is negotiation.RDF_XML:
        others = tuple(one.media for one in negotiation.RDF_FORMATS if one is not form)
        characters.refuse(body, others)
    return body


def data_block(found: object) -> Markup:
    """Write JSON so that it can stand in a page as it is."""
    # JSON may spell any character; without these nothing in it can end the script element.
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return Markup(re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text))  # noqa: S704


class Reply(Response):
    """A whole answer; the framework's own takes as long to be made as a small query to be run."""

    def __init__(self, body: bytes, media: str, status: int, headers: Mapping[str, str]) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        said = {name.lower(): value for name, value in headers.items()}
        said |= {"content-length": str(len(body)), "content-type": media}
        self.raw_headers = [
            (name.encode(), value.encode("latin-1")) for name, value in said.items()
        ]


class Site:
    """What all routes share: the data set, its records, the settings, and how pages are made."""

    def __init__(
        self,
        source: Source | Dataset,
        settings: Settings,
        release: Path | None = None,
        *,
        served: bool = True,
    ) -> None:
        """Make a site; where it is not `served`, its pages are to be files that nobody answers."""
        self.settings = settings
        self.served = served
        self.asks = served or "engine" in self._scripts
        """Whether readers can ask and search: without a server, only with an engine of our own."""
        self.formats = negotiation.RDF_FORMATS if served else _FILED
        self.records = Records(source)
        self.source = self.records.source
        self.dataset = dataset = self.records.dataset
        self.release = opened = _opened(release)
        self.final = release is not None and shelf.is_shelf(release.parent)
        """Whether the files of the release never change, for it stands on a shelf."""
        # Read now: later another release may stand in its place.
        self._told = releases.read_description(opened) if opened else None
        self.others = shelf.beside(release) if release else {}
        self.history = shelf.history(release) if release else ()
        self.dated = opened.date if opened else releases.modified(dataset)
        self.modified = self._modified()
        about = dataset.description
        self.title = about.title if about else dataset.root.name
        self.title_language = self._language_of_title()
        # A proxy may serve us below a path of its own.
        self.prefix = urlsplit(settings.base_url).path.rstrip("/")
        space = about.uri_space if about else ""
        self.things = "/" + space.removeprefix(dataset.base) if about else "/id/"
        self.vocabularies = {
            iri: "Rules" if terms.holds_rules(self.records, iri) else "Terms"
            for iri in terms.documents(self.records)
        }
        self._prefixes = {space: prefix for prefix, space in dataset.prefixes.items()}
        own = [Path(settings.translations)] if settings.translations else []
        self.wording = wording.Wording(
            settings.language, [*own, dataset.root / TEXTS, wording.TEXTS]
        )
        self._templates = self._environment()

    def _modified(self) -> datetime | None:
        """Say since when all is as it is now; the day that a release names may be long before."""
        if self.history:
            return self.history[-1].moment
        if self.release and not self.final:
            return self.release.files[releases.MANIFEST].modified
        return self.dated

    @property
    def version(self) -> str:
        """The version of the data set; empty where it has none."""
        return self.dataset.description.version if self.dataset.description else ""

    @property
    def language(self) -> str:
        """The main language of the data; values in it need no mark of their own."""
        about = self.dataset.description
        return about.languages[0] if about and about.languages else ""

    @cached_property
    def index(self) -> Index:
        """The index of names, which is made when it is first asked."""
        return Index(self.source)

    @cached_property
    def figures(self) -> statistics.Statistics | None:
        """The figures of the data set, counted once; none of a source that is not at hand."""
        return None if self.source.distant else statistics.measure(self.dataset)

    @cached_property
    def log(self) -> feeds.Log | None:
        """What readers saw change; without a history, that all is there. None of a bare file."""
        about = self.dataset.description
        if about is None:
            return None
        if self.history:
            return feeds.Log(self.history, about, self.dataset.shapes_graph)
        things = diff.beginning(self.dataset, 0 if self.source.distant else diff.MOST)
        if self.source.distant:
            things = replace(things, added=sum(self.source.sizes.values()))
        moment = self.dated or datetime.fromtimestamp(0, UTC)
        return feeds.Log([diff.Step(self.version, "", moment, things)], about)

    @property
    def before(self) -> Mapping[str, str]:
        """Give by version the one that readers saw before they first saw it."""
        pairs = ((one.version, one.before) for one in reversed(self.history))
        return {version: before for version, before in pairs if before}

    @cached_property
    def gone(self) -> Mapping[str, feeds.Activity]:
        """What was there in an earlier version and is no more, by name."""
        return self.log.gone() if self.history and self.log else {}

    @cached_property
    def catalogue(self) -> Catalogue:
        """The entries that libraries, reference managers and search engines are given."""
        return Catalogue(self.records)

    @cached_property
    def profiles(self) -> Sequence[Profile]:
        """The formats of reference managers and, where a server answers, of libraries."""
        return (*(crosswalks.profiles() if self.served else ()), *citations.profiles())

    @cached_property
    def styles(self) -> citations.Styles:
        """The styles in which citations are written in words."""
        return citations.Styles()

    @cached_property
    def browser(self) -> facets.Browser:
        """The facets by which lists are narrowed."""
        return facets.Browser(self.catalogue)

    @cached_property
    def portraits(self) -> portraits.Portraits:
        """The things as readers want to see them."""
        return portraits.Portraits(self.catalogue)

    def mourn(self, iris: Iterable[str]) -> None:
        """Raise `Gone` for what was there in an earlier version."""
        for iri in iris:
            if end := self.gone.get(iri):
                raise errors.Gone(
                    f"`{end.change.label}` was in version {end.step.before} and is not in "
                    f"version {end.step.version}; what changed tells what was said of it",
                    self.prefix + feeds.difference(end.step.version, end.step.before),
                )

    @cached_property
    def description(self) -> Collection[turtle.Triple]:
        """What the data set says of itself; as it was written with the release, if there is one."""
        if self._told is not None:
            return self._told
        return releases.describe(self.dataset, counted=not self.source.distant)

    def described_as(self, form: negotiation.Format, home: str) -> bytes:
        """Write what the data set says of itself, with the addresses of the server `home`."""
        about = self.dataset.description
        if about is None:
            return b""
        triples = description.at(self.description, about.base, home)
        triples |= description.succession(about, self.before)
        if self.settings.contact:
            triples |= description.reached(about, self.settings.contact)
        return write(triples, form, {**ns.STANDARD, **self.dataset.prefixes}, [about.iri])

    def markup(self, request: Request) -> Markup:
        """Give the description for search engines, so that it can stand in a page as it is."""
        files = self.release.described if self.release else ()
        contact = self.settings.contact
        found = description.schema(self.dataset, files, self.home(request), contact)
        return data_block(found)

    # --- addresses -------------------------------------------------------------------------

    def home(self, request: Request) -> str:
        """Give the address of this server without a slash at the end."""
        if self.settings.base_url:
            return self.settings.base_url
        host = request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            host = f"{self.settings.host}:{self.settings.port}"
        return f"{request.scope['scheme']}://{host}"

    def path(self, iri: str) -> str:
        """Give the path on this server of an IRI below the base."""
        rest, hash_, term = iri.removeprefix(self.dataset.base).partition("#")
        return f"{self.prefix}/{quote(rest, _IN_PATH)}{hash_}{quote(term, _IN_PATH)}"

    def below_base(self, iri: str) -> bool:
        """Say whether an IRI belongs to the data set by its name."""
        return bool(self.dataset.base) and iri.startswith(self.dataset.base)

    def document(self, iri: str, suffix: str = "") -> str:
        """Give the path of the document about a thing; with a suffix, in one format."""
        about = self.dataset.description
        if about is not None and iri.startswith(about.uri_space):
            rest = quote(iri.removeprefix(about.uri_space), _IN_PATH)
            return f"{self.prefix}/doc/{rest}{suffix}"
        if self.below_base(iri) and "#" not in iri:
            return self.path(iri) + suffix
        return f"{self.prefix}{DESCRIBE}?" + urlencode(
            {"iri": iri, **({"format": suffix[1:]} if suffix else {})}
        )

    def href(self, iri: str) -> str | None:
        """Say where a reader gets who follows an IRI; nothing where that leads nowhere."""
        if self.below_base(iri):
            return self._inside(iri)
        if iri in self.dataset.graphs or self.records.is_subject(iri):
            return self.described(iri)
        return self.outside(iri)

    def _inside(self, iri: str) -> str | None:
        document, hash_, _ = iri.partition("#")
        if iri == self.dataset.base:
            return f"{self.prefix}/"
        if self.records.is_subject(iri) or (not hash_ and self.records.knows(iri)):
            # Files lead nobody on without a detour.
            return self.path(iri) if self.served else self.document(iri)
        if self.records.knows(iri):
            return self.described(iri)
        return self.path(document) if hash_ and self.records.is_subject(document) else None

    def address(self, text: Text) -> str | None:
        """Say where a text leads that is an address itself."""
        if " " in text.value or text.language:
            return None
        return self.href(text.value) if self.below_base(text.value) else self.outside(text.value)

    def script(self, name: str) -> str:
        """Give the path of a script of ours; empty where the package came without them."""
        file = self._scripts.get(name)
        return f"{self.prefix}/static/scripts/{file}" if file else ""

    @cached_property
    def _scripts(self) -> Mapping[str, str]:
        manifest = STATIC / "scripts" / "manifest.json"
        if not manifest.is_file():
            return {}
        found: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
        return found

    def described(self, iri: str) -> str | None:
        """Give the page that describes an IRI that has none of its own."""
        return f"{self.prefix}{DESCRIBE}?" + urlencode({"iri": iri})

    def outside(self, iri: str) -> str | None:
        """Give an address elsewhere, if it is one that a reader can safely follow."""
        try:
            parts = urlsplit(iri)
        except ValueError:
            return None
        safe = parts.scheme.lower() in _SCHEMES and (parts.netloc or parts.scheme == "mailto")
        return iri if safe else None

    def asking(self, query: str) -> str:
        """Give the address that runs a query and shows its answer as a page."""
        return f"{self.prefix}/sparql?" + urlencode({"query": query, "format": "html"})

    # --- words -----------------------------------------------------------------------------

    def compact(self, iri: str) -> str:
        """Shorten the IRI of a term by the prefixes of the data set."""
        space = _space(iri)
        prefix = self._prefixes.get(space)
        return iri if prefix is None else f"{prefix}:{iri.removeprefix(space)}"

    def name(self, iri: str) -> Text:
        """Name a thing: by its label, by the words of a term, or by the IRI itself."""
        if self.records.labelled(iri):
            return self.records.label(iri)
        term = _space(iri) in self._prefixes and not _IDENTIFIER.search(iri)
        if self.below_base(iri) or (term and _space(iri) != iri):
            return Text(words(iri))
        return Text(iri)

    def by_kind(
        self, pointers: Sequence[Statement]
    ) -> tuple[tuple[Text, tuple[Statement, ...]], ...]:
        """Gather many things that point at one by their kind; a few of several stay together."""
        about = self.dataset.description
        space = about.uri_space if about else ""
        groups: defaultdict[str, list[Statement]] = defaultdict(list)
        for one in pointers:
            iri = one.value.iri if isinstance(one.value, Link) else ""
            inside = bool(space) and iri.startswith(space)
            groups[iri.removeprefix(space).partition("/")[0] if inside else ""].append(one)
        names = {kind.name: kind.label for kind in self.records.kinds()}
        if groups.keys().isdisjoint(names) or (len(pointers) <= _FEW and len(groups) > 1):
            return ((Text(""), tuple(pointers)),)
        order = sorted(groups, key=lambda name: (name not in names, -len(groups[name]), name))
        return tuple((names.get(name, self._own("others")), tuple(groups[name])) for name in order)

    def kind_name(self, iri: str) -> str:
        """Say of which kind a thing is, in a word; nothing of what is of none."""
        name = self.portraits.frame.kind_of(iri)
        kinds = (kind.label.value for kind in self.records.kinds() if kind.name == name)
        return next(kinds, "")

    def near(self, path: str) -> Sequence[str]:
        """Give things whose names are near to the last part of an address that leads nowhere."""
        text = re.sub(r"\.\w+$", "", unquote(path.rstrip("/")).rpartition("/")[2])
        asked = " ".join(re.findall(r"\w+", text)[:8])
        try:
            found = self.index.find(asked, _NEAR)
        except errors.FolkmoteError:
            return ()
        return tuple(hit.iri for hit in found.hits)

    def in_text(self, iri: str) -> str:
        """Give the place of a passage in the map of the text."""
        rank = self.portraits.frame.place(iri) or 0
        page = f"?page={rank // PASSAGES + 1}" if rank >= PASSAGES else ""
        return f"{self.prefix}/text{page}#{quote(self.anchor(iri), _IN_PATH)}"

    def anchor(self, iri: str) -> str:
        """Name a thing within a page that shows many."""
        about = self.dataset.description
        return iri.removeprefix(about.uri_space if about else "").replace("/", "-")

    def expand(self, compact: str) -> str:
        """Give the IRI that a compact name of the tables of links stands for."""
        prefix, _, local = compact.partition(":")
        known = {"semapv": ns.SEMAPV, **self.dataset.prefixes}
        return known[prefix] + local if prefix in known else compact

    def reversed_name(self, property_: str) -> Text | None:
        """Name a property as it reads from its other end; nothing where the terms do not say."""
        inverse = self.portraits.roles.inverse.get(property_)
        return self.records.label(inverse) if inverse and self.records.labelled(inverse) else None

    def edited(self, place: Place) -> str | None:
        """Say where a line of the sources is edited, if that is known and can be followed."""
        told = {"path": quote(place.path), "line": str(place.line)}
        address = self.settings.edit_url
        for name, value in told.items():
            address = address.replace("{" + name + "}", value)
        return self.outside(address)

    def with_prefixes(self, query: str, prefixes: Mapping[str, str] | None = None) -> str:
        """Write the PREFIX lines that a query needs above it, by default those of the data."""
        used = set(_PREFIXED.findall(query))
        lines = [
            f"PREFIX {prefix}: <{space}>"
            for prefix, space in sorted((prefixes or self.dataset.prefixes).items())
            if prefix in used
        ]
        return "\n".join([*lines, query.strip()]) + "\n"

    def _language_of_title(self) -> str:
        about = self.dataset.description
        if about is None:
            return ""
        for _, triple in self.dataset.outgoing(about.iri):
            if triple.predicate.value == ns.DCTERMS + "title":
                literal = triple.object
                if isinstance(literal, turtle.Literal) and literal.value == about.title:
                    return literal.language or ""
        return ""

    def _own(self, text: str) -> Text:
        """Give a text of ours in the language of the interface."""
        return Text(self.wording.gettext(text), self.wording.language)

    def graph_name(self, iri: str) -> Text:
        """Name a graph: by its label, by its IRI, or in words of ours by what it is for."""
        name = self.records.graph_name(iri)
        return self._own(name.value) if name.value in GRAPHS.values() else name

    def _format_name(self, media: str) -> str:
        """Name a format as people call it."""
        return self.wording.gettext(FORMAT_NAMES.get(media, media))

    # --- pages -----------------------------------------------------------------------------

    async def made(self, make: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Make an answer here, or where that waits for a network, in a thread of its own."""
        if not self.source.distant:
            return make(*args, **kwargs)
        return await run_in_threadpool(make, *args, **kwargs)

    def render(self, template: str, request: Request, **values: object) -> str:
        """Fill a template; what all pages need is there already."""
        return self._templates.get_template(template).render(
            home=self.home(request), path=request.url.path, **values
        )

    def page(
        self,
        template: str,
        request: Request,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """Give a page that may be kept."""
        text = self.render(template, request, **values)
        return self.reply(text.encode(), negotiation.HTML.content_type, status, headers)

    def reply(
        self,
        body: bytes,
        media: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Give an answer that a client may keep for as long as the settings say."""
        return Reply(body, media, status, {"cache-control": self.control, **(headers or {})})

    @cached_property
    def control(self) -> str:
        """What a client may do with an answer that does not change within a release."""
        seconds = self.settings.cache_seconds
        return f"public, max-age={seconds}" if seconds else "no-cache"

    def _environment(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            # Read once: whoever installs another version beside us puts other files there.
            loader=jinja2.DictLoader(
                {one.name: one.read_text("utf-8") for one in TEMPLATES.glob("*.html")}
            ),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        words = self.wording
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            words.gettext, words.ngettext, newstyle=True
        )
        shown: dict[str, Callable[..., object]] = {
            "address": self.address,
            "asking": self.asking,
            "edited": self.edited,
            "paged": paged,
            "reversed_name": self.reversed_name,
            "by_kind": self.by_kind,
            "compact": self.compact,
            "described": self.described,
            "document": self.document,
            "graph_name": self.graph_name,
            "href": self.href,
            "in_text": self.in_text,
            "label": self.records.label,
            "name": self.name,
            "outside": self.outside,
            "with_prefixes": self.with_prefixes,
        }
        environment.globals.update(
            shown,
            site=self,
            script=self.script,
            prefix=self.prefix,
            about=self.dataset.description,
            formats=self.formats,
            served=self.served,
            interface=self.wording,
            most=MOST,
            software=__version__,
            definition_of=ns.SKOS + "definition",
            description_of=ns.DCTERMS + "description",
            type_of=ns.TYPE,
        )
        environment.filters.update(
            attribute=_anchor,
            block=data_block,
            day=self.wording.day,
            format_name=self._format_name,
            given=lambda pairs: {name: value for name, value in pairs.items() if value},
            parameters=lambda pairs: urlencode(pairs, doseq=True),
            short=_short,
            said=self.wording.gettext,
            size=self.wording.size,
            stem=_stem,
        )
        environment.tests.update(
            link=lambda value: isinstance(value, Link),
            literal=lambda value: isinstance(value, Text),
            nested=lambda value: isinstance(value, Nested),
            like_page=lambda text: (
                text.language == self.wording.language and not _TURNED.search(text.value)
            ),
            long_text=lambda text: len(text.value) > 300 or "\n" in text.value,
            many_lines=lambda text: "\n" in text.value,
        )
        return environment


def _opened(folder: Path | None) -> Release | None:
    return releases.open_release(folder) if folder and releases.is_release(folder) else None


def _space(iri: str) -> str:
    """Give the namespace of a term: all up to its last `#` or `/`."""
    return re.sub(r"[^#/]*$", "", iri)


def _short(iri: str) -> str:
    """Give the last part of an IRI, for lists of datatypes."""
    return re.split(r"[#/]", iri)[-1] or iri


def _stem(path: str) -> str:
    """Name what a file holds by the name of the file."""
    return words(path.rpartition("/")[2].partition(".")[0])


def _anchor(iri: str) -> str:
    """Give the anchor of a term within its document."""
    return quote(iri.partition("#")[2], _IN_PATH)
