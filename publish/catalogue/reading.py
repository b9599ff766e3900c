"""Reads entries from the source of the records, a batch of things and what they lead to at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

from publish import errors, names, turtle
from publish import namespaces as ns
from publish.catalogue.entries import Date, Entry, Reference, Share
from publish.catalogue.statements import Statements
from publish.catalogue.tables import AGENTS, AUTHORING, FORMS, Kind
from publish.catalogue.terms import Terms, iri_of
from publish.names import Name, clean
from publish.records import Records
from publish.sources import Text

BATCH = 200
"""How many entries are read from the source at once."""
_HOSTS = 3
"""How many wholes an entry looks up to: an issue, its volume, its periodical."""
_EDITOR = "edt"
_UNSAID = ("cre", "ctb")
"""The relators of a credit that does not say which part somebody had."""


class Catalogue:
    """The entries of one source, read a batch at a time, so that many take no memory."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self._records)

    @property
    def records(self) -> Records:
        """The records that the entries are read from."""
        return self._records

    def above(self, classes: Iterable[str]) -> frozenset[str]:
        """Give classes and all that stand above them, here or in their own vocabularies."""
        return self._terms.up(classes)

    def kind(self, classes: Iterable[str]) -> Kind | None:
        """Give the kind of what is of these classes."""
        return self._terms.kind(classes)

    def properties(self, field: str) -> tuple[str, ...]:
        """Give the properties of a field of `FIELDS`, with those of the data set below them."""
        return self._terms.fields[field]

    @property
    def roles(self) -> Mapping[str, str]:
        """The MARC relator of each property that leads straight to whoever made a thing."""
        return self._terms.roles

    @cached_property
    def _members(self) -> tuple[str, ...]:
        """The IRIs that may have an entry, sorted by character: the order of all lists."""
        about = self._records.dataset.description
        if about is None:
            return tuple(sorted(self._records.subjects()))
        fitting = (
            one.iris
            for one in self._records.source.kinds()
            if any(self._terms.kind({name}) for name in one.classes)
        )
        return tuple(sorted({iri for iris in fitting for iri in iris}))

    def iris(self, after: str = "") -> Iterator[str]:
        """Give the IRIs that may have an entry, sorted, from behind one that need not exist."""
        return (iri for iri in self._members if iri > after)

    def entries(
        self, iris: Iterable[str] | None = None, kinds: Iterable[Kind] = Kind
    ) -> Iterator[Entry]:
        """Give entries in the order asked; what is of no kind, or of another, is passed over."""
        wanted = frozenset(kinds)
        waiting = iter(self.iris() if iris is None else iris)
        while batch := list(islice(waiting, BATCH)):
            said = Statements(self._records, self._terms, batch, wanted)
            reading = _Reading(said, self._terms)
            yield from (one for iri in batch if (one := reading.entry(iri)) is not None)

    def entry(self, iri: str) -> Entry:
        """Give the entry of one thing; raise `NotFound` where catalogues have none."""
        found = next(self.entries([iri]), None)
        if found is None:
            raise errors.NotFound(
                f"<{iri}> is nothing that a catalogue has a record of; "
                f"only things of these kinds have one: {', '.join(Kind)}"
            )
        return found


class _Reading:
    """Makes entries from what is said of one batch of things, and of what these lead to."""

    def __init__(self, said: Statements, terms: Terms) -> None:
        self._said = said
        self._terms = terms

    def entry(self, iri: str) -> Entry | None:
        """Make the entry of a thing, if it is of a kind that is wanted."""
        kind = self._said.kind(iri)
        if kind is None or not self._said.wanted(iri):
            return None
        if kind in AGENTS:
            return self._agent(iri, kind)
        if kind in (Kind.WORK, Kind.EDITION):
            return self._document(iri, kind, 0)
        return self._plain(iri, kind)

    def _plain(self, iri: str, kind: Kind) -> Entry:
        label = self._said.label(iri)
        return Entry(
            iri,
            kind,
            label,
            classes=self._terms.up(self._said.classes(iri)),
            variants=_others(label, self._said.texts(iri, "variant")),
            definitions=self._said.texts(iri, "definition"),
            notes=self._said.texts(iri, "note"),
            date=self._date(iri, "when") or self._date(iri, "date"),
            same=self._said.iris(iri, "same"),
            close=self._said.iris(iri, "close"),
            links=self._links(iri),
            modified=self._said.first(iri, "modified")[:10],
            retired=self._said.first(iri, "retired") in ns.TRUE,
            intents=self._said.iris(iri, "intent"),
            printed=self._said.first(iri, "printed"),
            locator=self._said.first(iri, "locator"),
            addresses=(
                *self._said.iris(iri, "page"),
                *(t.value for t in self._said.texts(iri, "page")),
            ),
            points=tuple(one.value for one in self._said.texts(iri, "point")),
            topical=self._terms.topical(self._said.classes(iri)),
        )

    def _links(self, iri: str) -> dict[str, tuple[Reference, ...]]:
        names = ("work", "edition", "host", "original", "subject", "scheme", "broader", "narrower")
        more = (
            *("related", "place", "participant", "member", "citing", "cited", "cites"),
            *("passage", "replaced by", "birthplace", "deathplace", "identity", "persona"),
        )
        links = {
            name: tuple(self._reference(one) for one in self._said.iris(iri, name) if one != iri)
            for name in (*names, *more)
        }
        links["subject"] = tuple(dict.fromkeys((*links["subject"], *self._of_work(iri))))
        return {name: found for name, found in links.items() if found}

    def _of_work(self, iri: str) -> Iterator[Reference]:
        """Give the subjects of the works of an edition, which are its own (FRBR, 5.2.3)."""
        for work in self._said.iris(iri, "work"):
            yield from (
                self._reference(one) for one in self._said.iris(work, "subject") if one != iri
            )

    def _reference(self, iri: str) -> Reference:
        kind = self._said.kind(iri)
        same = self._said.iris(iri, "same")
        if kind in (Kind.WORK, Kind.EDITION):
            return Reference(iri, self._said.label(iri), kind, same, title=self._own_title(iri))
        if kind is not Kind.PERSON:
            topical = self._terms.topical(self._said.classes(iri))
            return Reference(iri, self._said.label(iri), kind, same, topical=topical)
        born, died = self._date(iri, "born"), self._date(iri, "died")
        label, name = self._name(iri)
        return Reference(iri, label, kind, same, name, born, died)

    def _name(self, iri: str) -> tuple[Text, Name]:
        """Give the fullest name of a person, and its parts."""
        label = self._said.label(iri)
        others = [one.value for one in self._said.texts(iri, "variant")]
        full = names.fullest(label.value, others)
        family, given = self._said.first(iri, "family"), self._said.first(iri, "given")
        name = Name(family, given) if family else names.split(full, [label.value, *others])
        return Text(full, label.language), name

    def _agent(self, iri: str, kind: Kind) -> Entry:
        if kind is Kind.GROUP:
            return self._plain(iri, kind)
        label, name = self._name(iri)
        return replace(
            self._plain(iri, kind),
            label=label,
            name=name,
            variants=_others(label, (self._said.label(iri), *self._said.texts(iri, "variant"))),
            born=self._date(iri, "born"),
            died=self._date(iri, "died"),
        )

    def _document(self, iri: str, kind: Kind, depth: int) -> Entry:
        work = next(iter(self._said.iris(iri, "work")), "")
        title, devised = self._title(iri, work)
        host = next(iter(self._said.iris(iri, "host")), "") if depth < _HOSTS else ""
        return replace(
            self._plain(iri, kind),
            title=title,
            devised=devised,
            variants=_others(
                title, (*self._said.texts(iri, "title"), *self._said.texts(iri, "alternative"))
            ),
            form=self._form(iri),
            edition_forms=frozenset(map(self._form, self._said.iris(iri, "edition"))),
            key=self._said.first(iri, "key"),
            shares=self._as_credited(iri, self._shares(iri)) or self._shared(iri, work),
            date=self._date(iri, "date"),
            language=self._said.first(iri, "language"),
            original_languages=self._original_languages(iri),
            publishers=self._called(iri, "publisher"),
            published_in=self._called(iri, "published in"),
            pages=self._said.first(iri, "pages"),
            page_count=self._said.first(iri, "page count"),
            edition_statement=self._said.first(iri, "edition statement"),
            isbns=self._isbns(iri),
            issns=tuple(one.value for one in self._said.texts(iri, "issn")),
            volume=self._said.first(iri, "volume"),
            issue=self._said.first(iri, "issue"),
            references=tuple(one.value for one in self._said.texts(iri, "reference")),
            host=self._document(host, Kind.EDITION, depth + 1) if host else None,
        )

    def _form(self, iri: str) -> str:
        """Name the form of an edition; what a publisher published is a book where nothing else is said."""
        classes = self._terms.up(self._said.classes(iri))
        forms = (form for form, tops in FORMS if classes.intersection(tops))
        published = self._said.values(iri, "publisher") or self._isbns(iri)
        other = "chapter" if self._said.iris(iri, "host") else "book" if published else ""
        return next(forms, other)

    def _title(self, iri: str, work: str) -> tuple[Text, bool]:
        """Choose the title proper, and say whether the editors made it up."""
        devised = set(self._said.texts(iri, "devised"))
        titles = [*self._given_titles(iri), *(self._said.texts(work, "title") if work else ())]
        found = next((text for text in titles if text not in devised), None)
        if found is not None:
            return found, False
        return (min(devised, key=str), True) if devised else (self._said.label(iri), True)

    def _given_titles(self, iri: str) -> list[Text]:
        """Give the titles that nobody made up here, the title proper first."""
        devised = set(self._said.texts(iri, "devised"))
        titles = (*self._said.texts(iri, "title"), *self._said.texts(iri, "alternative"))
        return [text for text in titles if text not in devised]

    def _own_title(self, iri: str) -> Text | None:
        """Choose the title that is in the language of a text itself, else the title proper."""
        titles = self._given_titles(iri)
        language = self._said.first(iri, "language").partition("-")[0]
        own = (one for one in titles if one.language.partition("-")[0] == language)
        return next(own, next(iter(titles), None))

    def _called(self, iri: str, name: str) -> tuple[str, ...]:
        literal = (one.value for one in self._said.texts(iri, name))
        return (*(self._said.label(one).value for one in self._said.iris(iri, name)), *literal)

    def _original_languages(self, iri: str) -> tuple[str, ...]:
        found = (self._said.first(one, "language") for one in self._said.iris(iri, "original"))
        return tuple(dict.fromkeys(filter(None, found)))

    def _isbns(self, iri: str) -> tuple[str, ...]:
        linked = (one for one in self._said.iris(iri, "same") if one.startswith("urn:isbn:"))
        stated = (one.value for one in self._said.texts(iri, "isbn"))
        return (*(one.removeprefix("urn:isbn:") for one in linked), *stated)

    def _shares(self, iri: str) -> tuple[Share, ...]:
        """Give who had which part, in the order of the credit.

        A credit that does not say which part gives way to whoever says of the same party that it
        is the editor; whoever translated or illustrated too may well be the author.
        """
        told = [
            (iri_of(term), code)
            for property_, code in self._terms.roles.items()
            for term in self._said.stated(iri, property_)
            if iri_of(term)
        ]
        editors = {agent for agent, code in told if code == _EDITOR}
        found: list[tuple[tuple[int, str], Share]] = []
        for one in self._said.iris(iri, "contribution"):
            role = next(iter(self._said.iris(one, "role")), "").removeprefix(ns.RELATORS) or "ctb"
            credited = self._said.first(one, "credited")
            place = self._said.first(one, "position")
            # Who stands behind a million others, or nowhere, comes last.
            order = (int(place) if place.isdecimal() and len(place) < 7 else 10**6, one)
            for agent in self._said.iris(one, "agent"):
                part = _EDITOR if role in _UNSAID and agent in editors else role
                found.append((order, Share(self._party(agent), part, credited)))
        ordered = [share for _, share in sorted(found, key=lambda pair: pair[0])]
        known = {share.agent.iri for share in ordered}
        direct = (Share(self._party(agent), code, "") for agent, code in told if agent not in known)
        return (*ordered, *direct)

    def _as_credited(self, iri: str, shares: tuple[Share, ...]) -> tuple[Share, ...]:
        """Put the makers of a work in the order in which an edition credits all of them."""
        if len(shares) < 2 or self._said.iris(iri, "contribution"):
            return shares
        for one in self._said.iris(iri, "edition"):
            places = {share.agent.iri: place for place, share in enumerate(self._shares(one))}
            if all(share.agent.iri in places for share in shares):
                return tuple(sorted(shares, key=lambda share: places[share.agent.iri]))
        return shares

    def _shared(self, iri: str, work: str) -> tuple[Share, ...]:
        """Give the makers of the work of an edition, or of the first edition of a work."""
        editions = (
            one for one in self._said.iris(iri, "edition") if not self._said.iris(one, "original")
        )
        for one in (work, *editions):
            found = tuple(share for share in self._shares(one) if share.role in AUTHORING)
            if found:
                return found
        return ()

    def _party(self, iri: str) -> Entry:
        kind = self._said.kind(iri)
        return self._agent(iri, kind if kind in AGENTS and kind else Kind.GROUP)

    def _date(self, iri: str, name: str) -> Date | None:
        """Give the first date of a thing: of a time span that it leads to, or a plain one."""
        for term in self._said.values(iri, name):
            if isinstance(term, turtle.Literal):
                return Date(clean(term.value)[:40], label=clean(term.value))
            span = iri_of(term)
            edtf, begin, end = (self._said.first(span, one) for one in ("edtf", "begin", "end"))
            if edtf or begin or end:
                return Date(edtf or f"{begin}/{end}", begin, end, self._said.label(span).value)
        return None


def _others(chosen: Text, texts: Iterable[Text]) -> tuple[Text, ...]:
    """Give each other text once."""
    seen = {chosen.value}
    found = []
    for one in texts:
        if one.value not in seen:
            seen.add(one.value)
            found.append(one)
    return tuple(found)
