"""What a source is asked and what it answers, whichever it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from publish import labels, turtle
from publish import namespaces as ns
from publish.dataset import Dataset, Description

_CODE = re.compile(r"[A-Z]{1,2}\d+[a-z]?[_ ]")
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\s-]+")


@dataclass(frozen=True)
class Text:
    """A literal as it is spelled; `language` is empty where it has none."""

    value: str
    language: str = ""
    datatype: str = ns.XSD + "string"


class Called(NamedTuple):
    """A name of a thing, and the property that gives it; `language` may be empty."""

    iri: str
    predicate: str
    text: str
    language: str


@dataclass(frozen=True)
class Excerpt:
    """What points at one thing, with the nameless things between it and what has an IRI.

    `totals` counts by property what points there, where `dataset` has only the first of it;
    what is not counted there is all in `dataset`.
    """

    dataset: Dataset
    totals: Mapping[str, int]


@dataclass(frozen=True)
class Members:
    """The things whose IRIs share a folder below `void:uriSpace`, and how many are of a class."""

    name: str
    iris: Sequence[str]
    classes: Mapping[str, int]


class Source(Protocol):
    """Where records are read.

    `dataset` is what is held in memory: all of a local data set; of a distant one what it says
    of itself, its terms, questions and rules, and every other graph by its name alone. `sizes`
    counts the statements of each graph. To ask a `distant` source is to wait for a network, and
    may raise a `StoreError`.
    """

    @property
    def dataset(self) -> Dataset:
        """What is held in memory."""
        ...

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many statements each graph has."""
        ...

    @property
    def distant(self) -> bool:
        """Whether asking waits for a network."""
        ...

    def meet(self, iris: Iterable[str]) -> None:
        """Find out about many IRIs at once that will be asked for one by one."""
        ...

    def label(self, iri: str) -> Text | None:
        """Give the best label of an IRI, as `label_rank` orders them."""
        ...

    def is_subject(self, iri: str) -> bool:
        """Say whether the data say something of an IRI."""
        ...

    def knows(self, iri: str) -> bool:
        """Say whether the data speak of an IRI, as subject, object or graph."""
        ...

    def said(self, iris: Sequence[str]) -> Dataset:
        """Give at least what is said of some things, and of the nameless things they lead to."""
        ...

    def pointing(self, iri: str) -> Excerpt:
        """Give at least what points at a thing."""
        ...

    def names(self, properties: Sequence[str]) -> Iterable[Called]:
        """Give the texts that some properties hold, each with what it is said of.

        Raises `QueryRefused` where there are more than can be read from elsewhere.
        """
        ...

    def leading(self, iris: Sequence[str], properties: Sequence[str] = ()) -> Dataset:
        """Give at least what leads to some things by some properties, or by any."""
        ...

    def used(self, properties: Sequence[str]) -> frozenset[str]:
        """Give those of some properties that the data use, rules left aside."""
        ...

    def kinds(self) -> Sequence[Members]:
        """Give the things below `void:uriSpace`, kind by kind."""
        ...

    def subjects(self) -> Sequence[str]:
        """Give every IRI of which something is said."""
        ...

    def defined(self, document: str) -> Sequence[str]:
        """Give the IRIs that a document defines, which begin with its own and a `#`."""
        ...


def text_of(literal: turtle.Literal) -> Text:
    """Give a literal as it is spelled."""
    return Text(literal.value, literal.language or "", literal.datatype.value)


def called(triples: Iterable[turtle.Triple]) -> Iterator[Called]:
    """Give the names that triples hold; what has no IRI has no name."""
    for triple in triples:
        subject, literal = triple.subject, triple.object
        if isinstance(subject, turtle.Named) and isinstance(literal, turtle.Literal):
            language = literal.language or ""
            yield Called(subject.value, triple.predicate.value, literal.value, language)


def label_rank(
    about: Description | None, properties: Sequence[str], triple: turtle.Triple
) -> labels.Rank:
    """Give a key by which the best of several texts is the least.

    What `properties` they are given by counts as in `publish.labels`.
    """
    tag = getattr(triple.object, "language", None) or ""
    spoken = about.languages if about else ()
    predicate, text = triple.predicate.value, str(triple.object)
    return labels.rank(predicate, text, tag, spoken, properties=properties)


def best_labels(about: Description | None, triples: Iterable[turtle.Triple]) -> dict[str, Text]:
    """Choose the best label of each IRI among triples, whatever else is among them."""
    best: dict[str, tuple[labels.Rank, turtle.Literal]] = {}
    for triple in triples:
        subject, literal = triple.subject, triple.object
        if (
            triple.predicate.value in ns.LABELS
            and isinstance(subject, turtle.Named)
            and isinstance(literal, turtle.Literal)
        ):
            rank = label_rank(about, ns.LABELS, triple)
            if subject.value not in best or rank < best[subject.value][0]:
                best[subject.value] = (rank, literal)
    return {iri: text_of(literal) for iri, (_, literal) in best.items()}


def words(iri: str) -> str:
    """Split the last part of an IRI into words: `P82a_begin_of` gives `begin of`."""
    last = re.split(r"[#/:]", iri.rstrip("#/"))[-1]
    name = _CODE.sub("", unquote(last), count=1) or last
    parts = [part for part in _BOUNDARY.split(name) if part]
    spoken = [part if part.isupper() and len(part) > 1 else part.lower() for part in parts]
    return " ".join(spoken) or iri


def in_order(iris: Iterable[str], label: Callable[[str], Text | None]) -> tuple[str, ...]:
    """Sort things by their labels, or the words of their IRIs, as a reader expects."""

    def key(iri: str) -> tuple[list[tuple[int, int, str]], str]:
        spoken = found.value if (found := label(iri)) else words(iri)
        return (ns.alphabetic_order(spoken), iri)

    return tuple(sorted(iris, key=key))


def by_document(base: str, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Gather the terms below a base by the document that defines them."""
    found: dict[str, list[str]] = {}
    for iri in sorted(iris):
        document, _, name = iri.partition("#")
        if name and base and document.startswith(base):
            found.setdefault(document, []).append(iri)
    return {document: tuple(terms) for document, terms in found.items()}
