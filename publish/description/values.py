"""What the parts of a description share: files, what is said of a thing, and its small change."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset, Description

FRAGMENT = re.compile(r"[\w.:-]+")
"""What can stand in a fragment as it is."""


@dataclass(frozen=True)
class File:
    """A file of a release: its name, media type, bytes unpacked, SHA-256 and triples.

    `graph` is the IRI of the graph that it holds, empty where it holds the whole.
    """

    name: str
    media: str
    bytes: int
    sha256: str
    graph: str = ""


class Values:
    """What is said of one thing."""

    def __init__(self, dataset: Dataset, iri: str) -> None:
        self._said: defaultdict[str, list[turtle.Term]] = defaultdict(list)
        for _, triple in dataset.outgoing(iri):
            if triple.object not in self._said[triple.predicate.value]:
                self._said[triple.predicate.value].append(triple.object)

    def iris(self, predicate: str) -> list[str]:
        """Give the IRIs that are its values."""
        return [one.value for one in self._said[predicate] if isinstance(one, turtle.Named)]

    def texts(self, predicate: str) -> list[str]:
        """Give the texts that are its values."""
        return [one.value for one in self._said[predicate] if isinstance(one, turtle.Literal)]

    def name(self) -> turtle.Literal | None:
        """Give the best of its labels."""
        found = (one for name in (ns.FOAF + "name", *ns.LABELS) for one in self._said[name])
        return next((one for one in found if isinstance(one, turtle.Literal)), None)


def part_of(about: Description, name: str) -> str:
    """Give an IRI for something that belongs to the description."""
    return f"{about.iri}{'-' if '#' in about.iri else '#'}{name}"


def path_of(about: Description, name: str) -> str:
    """Give the path of a file below the base."""
    return f"release/{quote(about.version)}/{name}" if about.version else f"dump/{name}"


def release_of(about: Description, version: str) -> str:
    """Give the IRI of a version of a data set."""
    return f"{about.base}release/{quote(version)}/"


def last(iri: str) -> str:
    """Give the last part of an IRI as it can stand in a fragment."""
    found = re.split(r"[#/]", iri.rstrip("#/"))[-1]
    return found if FRAGMENT.fullmatch(found) else hashlib.sha256(iri.encode()).hexdigest()[:16]


def text_of(value: turtle.Term) -> str:
    """Give the text of a literal; of anything else nothing."""
    return value.value if isinstance(value, turtle.Literal) else ""


def link(subject: str, predicate: str, value: str) -> turtle.Triple:
    """Give a triple of three IRIs."""
    return turtle.Triple(turtle.Named(subject), turtle.Named(predicate), turtle.Named(value))


def resource_or_text(text: str) -> turtle.Term:
    """Give an IRI where a text is one."""
    return turtle.Named(text) if turtle.is_iri(text) else turtle.Literal(text)
