"""An entry: a thing as a catalogue knows it, whatever vocabulary its data set is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from publish.catalogue.tables import Kind
from publish.names import Name
from publish.sources import Text


@dataclass(frozen=True)
class Date:
    """A date as far as it is known: EDTF (ISO 8601-2), its bounds as days, and in words."""

    edtf: str
    begin: str = ""
    end: str = ""
    label: str = ""


@dataclass(frozen=True)
class Reference:
    """Another thing, by its IRI, its label and whatever it is called elsewhere.

    Of a person there are the name in its parts and the dates of the life, which headings have; of
    a work or edition the title in its own language, where one is known that nobody made up.
    `topical` are people of one kind who are no body with a name that acts as one.
    """

    iri: str
    label: Text
    kind: Kind | None = None
    same: tuple[str, ...] = ()
    name: Name | None = None
    born: Date | None = None
    died: Date | None = None
    title: Text | None = None
    topical: bool = False


@dataclass(frozen=True)
class Share:
    """Who had which part, as a MARC relator code, and how that is printed in the credit."""

    agent: Entry
    role: str
    credited: str


@dataclass(frozen=True)
class Entry:
    """A thing as a catalogue knows it; what is not known is empty.

    `label` is how the thing is called here, `title` the title proper of a work or edition;
    `devised` says that the title was made up by the editors. `form` is its own form, and
    `edition_forms` are those of the editions of a work, empty where one is not known. `same` are
    IRIs of the same thing elsewhere, `close` of things much like it. `points` are where a place lies, in
    well-known text. `topical` are people of one kind who are no body with a name that acts as one.
    Every text is one line that XML can hold.
    """

    iri: str
    kind: Kind
    label: Text
    classes: frozenset[str] = frozenset()
    variants: tuple[Text, ...] = ()
    name: Name | None = None
    title: Text | None = None
    devised: bool = False
    form: str = ""
    edition_forms: frozenset[str] = frozenset()
    key: str = ""
    shares: tuple[Share, ...] = ()
    date: Date | None = None
    born: Date | None = None
    died: Date | None = None
    language: str = ""
    original_languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    published_in: tuple[str, ...] = ()
    pages: str = ""
    page_count: str = ""
    edition_statement: str = ""
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    volume: str = ""
    issue: str = ""
    addresses: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    definitions: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    links: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    host: Entry | None = None
    same: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    printed: str = ""
    locator: str = ""
    modified: str = ""
    retired: bool = False
    topical: bool = False

    @property
    def hosts(self) -> Iterator[Entry]:
        """What it stands in, and what that stands in."""
        host = self.host
        while host:
            yield host
            host = host.host

    @property
    def container(self) -> Entry | None:
        """What it is cited as standing in: the periodical, not the issue or volume of it."""
        unnumbered = (one for one in self.hosts if not (one.volume or one.issue))
        return next(unnumbered, self.host)

    def numbered(self, name: str) -> str:
        """Give the `volume` or `issue` that it stands in."""
        return next((str(getattr(one, name)) for one in self.hosts if getattr(one, name)), "")

    def linked(self, *fields: str) -> tuple[Reference, ...]:
        """Give what some fields lead to."""
        return tuple(one for name in fields for one in self.links.get(name, ()))
