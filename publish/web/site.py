"""What all routes share: the data set that is shown, and all that is known of it.

Where an IRI leads is said by `addresses`, what it is called by `naming`, what templates can do by
`templating`, and how answers are written by `rendering`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import quote, unquote, urlsplit

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from publish import (
    citations,
    crosswalks,
    description,
    diff,
    errors,
    facets,
    feeds,
    negotiation,
    pictures,
    portraits,
    scanning,
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
from publish.records import Records, Text
from publish.release import Release
from publish.search import Index
from publish.settings import TEXTS, Settings
from publish.sources import Source
from publish.version import __version__
from publish.web import templating, wording
from publish.web.addresses import IN_PATH, Addresses, outside
from publish.web.naming import Names

P = ParamSpec("P")
R = TypeVar("R")

MOST = 2_000
"""How many things that point at one a page shows for each property; a query gives all."""

_NEAR = 5
"""How many things are named where nothing is."""
PASSAGES = 200
"""How many passages a page of the text shows: less than that is read at one go."""
STATIC = Path(__file__).parent / "static"
"""What pages look like, and what they do where a browser runs scripts."""
_FILED = (negotiation.TURTLE, negotiation.JSON_LD)
"""The formats in which a site of files has each document; a browser makes the others of it."""
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")


class Site:
    """A data set that is shown: its records, its releases, the settings, and what is told of them."""

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
        self.addresses = Addresses(self.records, self.prefix, settings.edit_url, served=served)
        space = about.uri_space if about else ""
        self.things = "/" + space.removeprefix(dataset.base) if about else "/id/"
        own = [Path(settings.translations)] if settings.translations else []
        self.wording = wording.Wording(
            settings.language, [*own, dataset.root / TEXTS, wording.TEXTS]
        )
        self.names = Names(self.records, self.wording)
        self.imprints = description.Imprints(dataset)
        self.templates = self._environment()

    def _modified(self) -> datetime | None:
        """Say since when all is as it is now; the day that a release names may be long before."""
        if self.history:
            return self.history[-1].moment
        if self.release and not self.final:
            return self.release.files[releases.MANIFEST].modified
        return self.dated

    def prepare(self) -> None:
        """Count what is counted once, so that the first reader does not wait for it."""
        self.records.prepare()
        _ = self.vocabularies

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
    def vocabularies(self) -> Mapping[str, str]:
        """The documents of terms, and whether each holds `Terms` or `Rules`."""
        return {
            iri: "Rules" if terms.holds_rules(self.records, iri) else "Terms"
            for iri in terms.documents(self.records)
        }

    @cached_property
    def index(self) -> Index:
        """The index of names, which is made when it is first asked."""
        return Index(self.source)

    @cached_property
    def figures(self) -> statistics.Statistics | None:
        """The figures of the data set, counted once; none of a source that is not at hand."""
        return None if self.source.distant else statistics.measure(self.dataset)

    @cached_property
    def pictures(self) -> tuple[pictures.Picture, ...]:
        """The pictures that the vocabularies of the data give, found when they are first asked."""
        return pictures.pictures(self.source)

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
                    feeds.difference(end.step.version, end.step.before),
                )

    @cached_property
    def description(self) -> Collection[turtle.Triple]:
        """What the data set says of itself; as it was written with the release, if there is one."""
        if self._told is not None:
            return releases.parse_description(self._told)
        return releases.describe(self.dataset, counted=not self.source.distant)

    def home(self, request: Request) -> str:
        """Give the address of this server without a slash at the end."""
        return self.home_at(request.scope["scheme"], request.headers.get("host", ""))

    def home_at(self, scheme: str, host: str) -> str:
        """Give the same for a request with this scheme and Host."""
        if self.settings.base_url:
            return self.settings.base_url
        if not _HOST.fullmatch(host):
            host = f"{self.settings.host}:{self.settings.port}"
        return f"{scheme}://{host}"

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
        return f"{self.prefix}/text{page}#{quote(self.addresses.anchor(iri), IN_PATH)}"

    def reversed_name(self, property_: str) -> Text | None:
        """Name a property as it reads from its other end; nothing where nobody says."""
        roles = self.portraits.roles
        if property_ in roles.reversed:
            return roles.reversed[property_]
        inverse = roles.inverse.get(property_, "")
        if self.records.labelled(inverse):
            return self.records.label(inverse)
        return self.names.reversed(property_)

    def with_prefixes(self, query: str, prefixes: Mapping[str, str] | None = None) -> str:
        """Write the PREFIX lines that a query needs above it, by default those of the data.

        Those that it has itself are not repeated.
        """
        used = {prefix for prefix, _ in scanning.undeclared(query)}
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

    async def made(self, make: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Make an answer here, or where that waits for a network, in a thread of its own."""
        if not self.source.distant:
            return make(*args, **kwargs)
        return await run_in_threadpool(make, *args, **kwargs)

    def _environment(self) -> jinja2.Environment:
        """Give the templates what the pages of this site share."""
        environment = templating.environment(self.wording)
        addresses, names = self.addresses, self.names
        shown: dict[str, Callable[..., object]] = {
            "address": addresses.address,
            "asking": addresses.asking,
            "edited": addresses.edited,
            "described": addresses.described,
            "document": addresses.document,
            "href": addresses.href,
            "outside": outside,
            "by_kind": names.by_kind,
            "compact": names.compact,
            "graph_name": names.graph_name,
            "name": names.name,
            "property_name": names.property,
            "label": self.records.label,
            "in_text": self.in_text,
            "reversed_name": self.reversed_name,
            "script": self.script,
            "with_prefixes": self.with_prefixes,
        }
        environment.globals.update(
            shown,
            site=self,
            prefix=self.prefix,
            about=self.dataset.description,
            formats=self.formats,
            served=self.served,
            most=MOST,
            software=__version__,
            definition_of=ns.SKOS + "definition",
            description_of=ns.DCTERMS + "description",
            type_of=ns.TYPE,
        )
        return environment


def _opened(folder: Path | None) -> Release | None:
    return releases.open_release(folder) if folder and releases.is_release(folder) else None
