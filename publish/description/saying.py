"""Gather the triples of a description, one by one or in bunches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, Description
from publish.description.values import (
    File,
    Values,
    link,
    part_of,
    path_of,
    resource_or_text,
    text_of,
)

_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_TAG = re.compile(r"[a-z]{2}")


@dataclass
class Saying:
    """The triples of one description, and what it is made from.

    `now` is the time of the release, `software` the name and version of what wrote it.
    """

    dataset: Dataset
    about: Description
    files: tuple[File, ...]
    now: datetime
    software: str
    triples: set[turtle.Triple] = field(default_factory=set)

    def version_iri(self) -> str:
        """Give the IRI of this version; where there is none, of the data set."""
        return (
            f"{self.about.base}{path_of(self.about, '')}" if self.about.version else self.about.iri
        )

    def within(self, name: str) -> str:
        """Give an IRI for something that belongs to the description."""
        return part_of(self.about, name)

    def licence(self, iri: str) -> None:
        """Say that a thing has the licence of the data set."""
        self.say(iri, ns.DCTERMS + "license", resource_or_text(self.about.licence))

    def publishers(self) -> list[str]:
        """Give who publishes the data set, or else who made it."""
        said = Values(self.dataset, self.about.iri)
        return said.iris(ns.DCTERMS + "publisher") or said.iris(ns.DCTERMS + "creator")

    def agent(self, iri: str) -> None:
        """Describe somebody who made something."""
        self.repeat(iri)
        self.links(iri, {ns.TYPE: [ns.FOAF + "Agent", ns.PROV + "Agent"]})
        name = Values(self.dataset, iri).name()
        if name is not None:
            self.say(iri, ns.FOAF + "name", name)

    def day(self) -> turtle.Literal:
        """Give the day of the release."""
        return turtle.Literal(self.now.date().isoformat(), datatype=turtle.Named(ns.XSD + "date"))

    def repeat(self, iri: str) -> None:
        """Repeat what the data say of a thing, as DCAT-AP has it; not what leads to the nameless."""
        for _, triple in self.dataset.outgoing(iri):
            name, value = triple.predicate.value, triple.object
            if name == ns.DCTERMS + "source":
                # To DCAT-AP the source of a data set is a data set; to PROV it is anything.
                self.say(iri, ns.PROV + "wasDerivedFrom", value)
                if isinstance(value, turtle.Named) and Values(self.dataset, value.value).iris(
                    ns.TYPE
                ):
                    self.links(value.value, {ns.TYPE: [ns.PROV + "Entity"]})
            elif name == ns.DCTERMS + "language" and _TAG.fullmatch(text_of(value)):
                self.say(iri, name, turtle.Named(_LANGUAGES + text_of(value)))
            elif isinstance(value, turtle.Named | turtle.Literal):
                self.say(iri, name, value)

    def copy(self, source: str, target: str, *names: str) -> None:
        """Say of one thing what the data say of another with some properties of Dublin Core."""
        wanted = {ns.DCTERMS + name for name in names}
        for _, triple in self.dataset.outgoing(source):
            if triple.predicate.value in wanted:
                self.say(target, triple.predicate.value, triple.object)

    def say(self, subject: str, predicate: str, value: turtle.Term) -> None:
        """Say one thing."""
        self.triples.add(turtle.Triple(turtle.Named(subject), turtle.Named(predicate), value))

    def text(self, subject: str, predicate: str, value: str) -> None:
        """Say a text in no language."""
        self.say(subject, predicate, turtle.Literal(value))

    def number(self, subject: str, predicate: str, value: int, kind: str = "integer") -> None:
        """Say a number."""
        number = turtle.Literal(str(value), datatype=turtle.Named(ns.XSD + kind))
        self.say(subject, predicate, number)

    def links(self, subject: str, links: Mapping[str, Iterable[str]]) -> None:
        """Say what a thing has to do with others, by property."""
        self.triples |= {
            link(subject, predicate, value)
            for predicate, values in links.items()
            for value in values
        }
