"""What a page says unseen: to search engines, to whoever shows a link to it, and to reference managers.

Open Graph tags and a description for previews, schema.org as JSON-LD (a block of data, which no
policy for scripts needs to allow), `citation_*` tags and COinS for works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from publish import citations, negotiation
from publish.catalogue import AGENTS, Entry, Kind
from publish.crosswalks import schema
from publish.negotiation import Format
from publish.portraits import Portrait
from publish.sources import Text
from publish.web import signposts, templating
from publish.web.site import Site

_LONGEST = 300
"""About how many characters of a description previews show."""
_MOST = 100
"""How many works of a page reference managers are told of."""


@dataclass(frozen=True)
class Preview:
    """What the head of a page says of a thing; `alternates` are its records in other formats.

    `cited` are the works that a passage speaks of, in their editions where it names these.
    """

    title: str
    description: str
    type: str
    address: str
    markup: Markup
    entry: Entry | None = None
    tags: Sequence[tuple[str, str]] = ()
    coins: Sequence[str] = ()
    cited: Sequence[str] = ()
    alternates: Sequence[Format] = ()

    @property
    def managed(self) -> bool:
        """Whether reference managers can take the thing itself by unAPI."""
        return bool(self.alternates and self.entry and self.entry.kind in citations.DOCUMENTS)

    def links(self, site: Site, iri: str) -> list[signposts.Link]:
        """Give the links to its records in other formats."""
        return [
            signposts.Link("alternate", site.addresses.document(iri, f".{form.suffix}"), form.media)
            for form in self.alternates
        ]


def of_thing(site: Site, portrait: Portrait, address: str) -> Preview:
    """Give what the page about a thing says unseen; `address` is its canonical one."""
    record = portrait.record
    owned = [one.iri for one in portrait.owned]
    entries = {one.iri: one for one in site.catalogue.entries([record.iri, *owned[:_MOST]])}
    entry = entries.get(record.iri)
    cited = _cited(site, portrait)
    told = _description(site, portrait)
    return Preview(
        title=record.label.value,
        description=told,
        type=_type(entry),
        address=address,
        markup=templating.data_block(_tree(site, portrait, entry, told, address)),
        entry=entry,
        tags=tuple(citations.tags(entry)) if entry and entry.kind in citations.DOCUMENTS else (),
        coins=coins([*entries.values(), *cited]),
        cited=[one.iri for one in cited],
        alternates=formats(site, entry) if entry else (),
    )


def _cited(site: Site, portrait: Portrait) -> list[Entry]:
    carried = [one.iri for gathering in portrait.carried for one in gathering.items]
    found = [*site.catalogue.entries(carried, citations.DOCUMENTS)]
    editions = [one for one in found if one.kind is Kind.EDITION]
    return (editions or found)[:_MOST]


def _type(entry: Entry | None) -> str:
    """Give the Open Graph type; reference managers take a `book` for one."""
    if entry and entry.kind is Kind.PERSON:
        return "profile"
    book = entry and entry.kind in citations.DOCUMENTS and citations.form(entry) == "book"
    return "book" if book else "article"


def coins(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Give the ContextObjects of those that are works."""
    return tuple(citations.coins(one) for one in entries if one.kind in citations.DOCUMENTS)


def coins_of_dataset(site: Site) -> tuple[str, ...]:
    """Give the ContextObject of the data set itself, for the pages about it."""
    about = site.dataset.description
    if about is None:
        return ()
    makers = site.catalogue.entries(about.creators, AGENTS)
    return (citations.coins_of_dataset(about, makers),)


def formats(site: Site, entry: Entry) -> tuple[Format, ...]:
    """Give the formats of libraries and reference managers that have a record of a thing."""
    return tuple(
        form
        for profile in site.profiles
        if entry.kind in profile.kinds
        for form in profile.formats
        if form not in negotiation.RDF_FORMATS
    )


def _description(site: Site, portrait: Portrait) -> str:
    said = [one.value.value for one in portrait.telling if isinstance(one.value, Text)]
    kinds = [site.records.label(iri).value for iri in portrait.classes]
    text = " ".join(" ".join(said).split()) or ", ".join(kinds)
    if len(text) > _LONGEST:
        text = re.sub(r"\s+\S*$", "", text[:_LONGEST]) + " …"
    return text


def _tree(
    site: Site,
    portrait: Portrait,
    entry: Entry | None,
    told: str,
    address: str,
) -> dict[str, object]:
    """Give the thing, by schema.org where that knows its kind, with the page about it."""
    about = site.dataset.description
    page: dict[str, object] = {"@type": "WebPage", "@id": address}
    if about:
        page["isPartOf"] = {"@id": about.iri}
        graphs = site.records.graphs(portrait.record.iri)
        licences = sorted({*site.imprints.licences(graphs).values()})
        page["license"] = licences[0] if len(licences) == 1 else licences
    if entry:
        return {**schema.tree(entry), "subjectOf": page}
    known: dict[str, object] = {
        "@context": "https://schema.org/",
        "@id": portrait.record.iri,
        "@type": "CreativeWork" if portrait.passage else "Thing",
        "name": portrait.record.label.value,
        "description": told,
        "subjectOf": page,
    }
    if portrait.passage and portrait.passage.whole:
        known["isPartOf"] = {"@id": portrait.passage.whole}
    return known
