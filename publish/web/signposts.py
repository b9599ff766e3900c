"""Links that lead a program from one address to all that belongs to it, without reading a page.

A page says in its headers what to cite, who made it, under which licence, where the same is told
as data and which files belong to it; data and files say to which page they belong. The same links
for a whole set of addresses come as one document.

Follows the FAIR Signposting Profile (levels 1 and 2), RFC 8288 (Link) and RFC 9264 (link sets).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from publish import description, diff, feeds, negotiation, turtle
from publish import namespaces as ns
from publish.web import rendering
from publish.web.addresses import outside
from publish.web.site import Site

LINKSET = negotiation.Format("linkset", "application/linkset+json", "json")
CATALOG = "/.well-known/api-catalog"
_LONGEST = 6_000
"""How many bytes a header may have: common proxies take 8 kilobytes of all headers."""
_IN_PAGES = frozenset({"author", "cite-as", "collection", "item", "license", "type"})
"""The relations that a page names as well, for where it stands without its headers."""
_IN_DATA = frozenset({"author", "cite-as", "collection", "item", "linkset"})
"""The relations that hold of a thing in whatever format it is described."""
_ABOUT_PAGE = ns.SCHEMA + "AboutPage"
_DATASET = ns.SCHEMA + "Dataset"


@dataclass(frozen=True)
class Link:
    """A link to `href`, an address or a path on this server; `media` is empty where it varies."""

    rel: str
    href: str
    media: str = ""

    def __str__(self) -> str:
        media = f'; type="{self.media}"' if self.media else ""
        return f'<{_uri(self.href)}>; rel="{self.rel}"{media}'


def header(site: Site, request: Request, links: Sequence[Link]) -> str:
    """Write links as the value of the header `Link`, as many as proxies take.

    Each has its whole address: RFC 8288 leaves it to clients to resolve relative ones, and not
    all of them do. What is left out because of very long names stands in the link set.
    """
    home = site.home(request)
    whole = (replace(one, href=site.addresses.whole(home, one.href)) for one in links)
    written, left = [], _LONGEST
    for text in map(str, dict.fromkeys(whole)):
        if len(text) + 2 <= left:
            written.append(text)
            left -= len(text) + 2
    return ", ".join(written)


def within(links: Sequence[Link]) -> list[Link]:
    """Give those of the links of a page that stand in the page too (profile, level 1).

    A host of files sends none of our headers. What else is linked to, pages link to anyway.
    """
    return [link for link in dict.fromkeys(links) if link.rel in _IN_PAGES]


def _uri(iri: str) -> str:
    """Write an IRI as a URI (RFC 3987, 3.1), which is all that a header can hold."""
    return iri if iri.isascii() else quote(iri, "/:@!$&'()*+,;=-._~%?#[]")


class Signposts:
    """The links of one server."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._about = site.dataset.description

    # --- of the data set ---------------------------------------------------------------------

    def home(self) -> list[Link]:
        """Give the links of the start page: to the data set, its files and the interfaces."""
        prefix = self._site.prefix
        return [
            *self.dataset(),
            Link("api-catalog", f"{prefix}{CATALOG}", LINKSET.media),
            Link("service-desc", f"{prefix}/openapi.json", "application/json"),
            Link("service-doc", f"{prefix}/help", negotiation.HTML.media),
        ]

    def dataset(self) -> list[Link]:
        """Give the links of a page about the data set."""
        about = self._about
        if about is None:
            return []
        return [
            Link("cite-as", about.iri),
            Link("type", _ABOUT_PAGE),
            Link("type", _DATASET),
            *self._made(),
            *self._data(about.iri),
            *self.items(),
            *self.log(),
            Link("linkset", self._linkset(), LINKSET.media),
        ]

    def file(self) -> list[Link]:
        """Give the links of a file of the release."""
        return [*self._licence(), *self._collection()] if self._about else []

    def log(self, iri: str = "") -> list[Link]:
        """Give the links to what changed, of a thing or of all (RFC 5829, 3.2)."""
        asked = f"?{urlencode({'iri': iri})}" if iri else ""
        place = f"{self._site.prefix}/changes"
        links = [Link("version-history", f"{place}{asked}", feeds.ACTIVITIES)]
        return links if iri else [*links, Link("alternate", f"{place}.atom", feeds.ATOM)]

    def step(self, step: diff.Step) -> list[Link]:
        """Give the links of what tells how two versions differ (RFC 5829)."""
        prefix = self._site.prefix
        return [
            Link("successor-version", f"{prefix}{feeds.version(step.version)}"),
            Link("predecessor-version", f"{prefix}{feeds.version(step.before)}"),
            *self.log(),
        ]

    def version(self, number: str) -> list[Link]:
        """Give the links of a version: to those around it and to the latest (RFC 5829, 3)."""
        prefix, steps = self._site.prefix, self._site.history
        found = [Link("latest-version", f"{prefix}{feeds.version(self._site.version)}")]
        for rel, versions in (
            ("predecessor-version", [one.before for one in steps if one.version == number]),
            ("successor-version", [one.version for one in steps if one.before == number]),
        ):
            found += [Link(rel, f"{prefix}{feeds.version(one)}") for one in versions if one]
        return found

    # --- of a thing --------------------------------------------------------------------------

    def document(
        self,
        request: Request,
        iri: str,
        form: negotiation.Format,
        *,
        negotiated: bool = True,
        own: Sequence[negotiation.Format] = (),
    ) -> list[Link]:
        """Give the links of a document about a thing, in one format.

        Whoever asks its own address, for whatever format, hears what a page says; at the address
        of one format it is only told what is described. `own` are formats that it has beside
        the usual, each chosen by name at its own address.
        """
        site = self._site
        place = site.addresses.document(iri)
        mark = "&" if "?" in place else "?"
        # The loader of PyLD, for one, takes no more than one of them beside JSON-LD.
        usual, more = (
            ((negotiation.HTML,), ()) if form is negotiation.JSON_LD else (rendering.SUFFIXES, own)
        )
        links = [
            *(
                Link("alternate", site.addresses.document(iri, f".{one.suffix}"), one.media)
                for one in usual
            ),
            *(Link("alternate", f"{place}{mark}format={one.name}", one.media) for one in more),
            Link("canonical", self.canonical(request, iri)),
        ]
        if self._about is None:
            return [*links, *self._data(iri)[:1]]
        if form is not negotiation.HTML:
            told = [*links, *self._data(iri)[:1], *self._describes(iri), *self._licence(iri)]
            page = [one for one in self._of(iri) if one.rel in _IN_DATA]
            return [*told, *page] if negotiated else told
        return [*links, *self._of(iri)]

    def canonical(self, request: Request, iri: str) -> str:
        """Give the one address of the document about a thing."""
        return self._site.addresses.whole(
            self._site.home(request), self._site.addresses.document(iri)
        )

    def _of(self, iri: str) -> list[Link]:
        return self.dataset() if self._about and iri == self._about.iri else self._page(iri)

    def _page(self, iri: str) -> list[Link]:
        linkset = [Link("linkset", self._linkset(iri), LINKSET.media)]
        return [
            *([Link("cite-as", iri)] if self._site.addresses.below_base(iri) else []),
            *(Link("type", kind) for kind in (_ABOUT_PAGE, *self._kinds(iri))),
            *self._made(iri),
            *self._data(iri),
            *self._collection(),
            *(self.log(iri) if self._site.addresses.below_base(iri) else []),
            *linkset,
        ]

    def _kinds(self, iri: str) -> Iterator[str]:
        """Give what schema.org calls a thing."""
        if not self._site.records.is_subject(iri):
            return
        for _, triple in self._site.source.said([iri]).outgoing(iri):
            kind = triple.object.value if isinstance(triple.object, turtle.Named) else ""
            if triple.predicate.value == ns.TYPE and kind.startswith(ns.SCHEMA):
                yield kind

    # --- as one document ---------------------------------------------------------------------

    def linkset(self, home: str, iri: str = "") -> dict[str, Any]:
        """Give the links of the pages about a thing, by default the data set, and of what they name.

        `home` is the address of this server, without a slash at the end.
        """
        about = self._about
        contexts: list[tuple[str, list[Link]]] = []
        if about is not None and iri in ("", about.iri):
            pages = (f"{self._site.prefix}/", self._site.addresses.document(about.iri))
            contexts += [(page, self.dataset()) for page in pages]
            contexts += [(one.href, self.file()) for one in self.items()]
            iri = about.iri
        else:
            contexts.append((self._site.addresses.document(iri), self._page(iri)))
        contexts += [
            (one.href, [*self._describes(iri), *self._licence(iri)]) for one in self._data(iri)
        ]
        return {"linkset": [self._context(home, anchor, links) for anchor, links in contexts]}

    def catalog(self, home: str) -> dict[str, Any]:
        """List the interfaces of this server and where each is described (RFC 9727, RFC 8631)."""
        prefix = self._site.prefix
        told = [
            Link("service-desc", f"{prefix}/openapi.json", "application/json"),
            Link("service-doc", f"{prefix}/help", negotiation.HTML.media),
        ]
        meta = [Link("service-meta", f"{prefix}/sparql?format=ttl", negotiation.TURTLE.media)]
        if self._about is not None:
            of_dataset = self._data(self._about.iri)[:1]
            meta += [Link("service-meta", one.href, one.media) for one in of_dataset]
        served = ("/sparql", "/", "/reconcile", "/reconcile/1.0", "/rest/v1/vocabularies")
        interfaces = (*(prefix + path for path in served), *self._followed())
        items = [Link("item", one) for one in interfaces]
        contexts = [(f"{prefix}{CATALOG}", items), *((one, [*told, *meta]) for one in interfaces)]
        return {"linkset": [self._context(home, anchor, links) for anchor, links in contexts]}

    def _followed(self) -> list[str]:
        return [f"{self._site.prefix}/changes"] if self._about else []

    def _context(self, home: str, anchor: str, links: Sequence[Link]) -> dict[str, Any]:
        whole = self._site.addresses.whole
        found: dict[str, Any] = {"anchor": _uri(whole(home, anchor))}
        for link in dict.fromkeys(links):
            target = {"href": _uri(whole(home, link.href))}
            if link.media:
                target["type"] = link.media
            if link.rel != "linkset":
                found.setdefault(link.rel, []).append(target)
        return found

    # --- their parts -------------------------------------------------------------------------

    def _linkset(self, iri: str = "") -> str:
        asked = f"?{urlencode({'iri': iri})}" if iri else ""
        return f"{self._site.prefix}/linkset{asked}"

    def _made(self, iri: str = "") -> list[Link]:
        about = self._about
        if about is None:
            return []
        # A creator may be a name alone, which is no address.
        makers = (Link("author", one) for one in about.creators if turtle.is_iri(one))
        return [*makers, *self._licence(iri)]

    def _licence(self, iri: str = "") -> list[Link]:
        """Give the licences of what is said of a thing, or that of the data set."""
        own = self._about.licence if self._about else ""
        graphs = self._site.records.graphs(iri) if iri else ()
        stated = self._site.imprints.licences(graphs).values() or [own]
        return [Link("license", one) for one in sorted({*stated}) if outside(one)]

    def _data(self, iri: str) -> list[Link]:
        return [
            Link("describedby", self._site.addresses.document(iri, f".{form.suffix}"), form.media)
            for form in negotiation.RDF_FORMATS
        ]

    def _describes(self, iri: str) -> list[Link]:
        return [Link("describes", self._site.addresses.document(iri), negotiation.HTML.media)]

    def _collection(self) -> list[Link]:
        return [Link("collection", f"{self._site.prefix}/", negotiation.HTML.media)]

    def items(self) -> list[Link]:
        """Give the links to the files of the release that hold all of it."""
        release = self._site.release
        files: Sequence[description.File] = release.described if release else ()
        folder = f"{self._site.prefix}/release/{quote(self._site.version)}"
        return [
            Link("item", f"{folder}/{quote(file.name)}", file.media)
            for file in files
            if not file.graph
        ]
