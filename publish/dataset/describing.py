"""What a data set says of itself, read from the one `dcat:Dataset` among its triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset.values import Description
from publish.graphs import Graph, Place

_SINGLE = MappingProxyType(
    {
        ns.VANN + "preferredNamespaceUri": "vann:preferredNamespaceUri",
        ns.VANN + "preferredNamespacePrefix": "vann:preferredNamespacePrefix",
        ns.VOID + "uriSpace": "void:uriSpace",
        ns.DCAT + "version": "dcat:version",
        ns.DCTERMS + "modified": "dcterms:modified",
    }
)
"""What a data set has once: names of files and addresses are made of it."""


def describe(graphs: Mapping[str, Graph], path: str) -> Description:
    """Read the description among graphs whose files are not known; `path` is where they are."""
    meta = [iri for iri in graphs if iri.endswith("/graph/meta")]
    triples = (triple for iri in meta for triple in graphs[iri].triples())
    return describe_placed({triple: Place(path, 1) for triple in triples})


def describe_placed(places: Mapping[ox.Triple, Place]) -> Description:
    """Read the description among the triples of `meta`, each with its place.

    Raises `DescriptionError` where there is none, more than one, or one that is not complete.
    """
    return _Describing(places).describe()


class _Describing:
    """Finds the one `dcat:Dataset` among the triples of `meta` and reads what it says."""

    def __init__(self, places: Mapping[ox.Triple, Place]) -> None:
        self._places = places
        self._values: defaultdict[str, list[turtle.Term]] = defaultdict(list)

    def describe(self) -> Description:
        iri = self._find()
        for subject, predicate, value in self._places:
            if subject == ox.NamedNode(iri):
                self._values[predicate.value].append(value)
        languages = self._tags()
        about = Description(
            iri=iri,
            base=self._one(ns.VANN + "preferredNamespaceUri"),
            prefix=self._one(ns.VANN + "preferredNamespacePrefix"),
            uri_space=self._one(ns.VOID + "uriSpace"),
            title=self._text(ns.DCTERMS + "title", languages),
            description=self._text(ns.DCTERMS + "description", languages),
            version=self._one(ns.DCAT + "version"),
            modified=self._one(ns.DCTERMS + "modified"),
            licence=self._one(ns.DCTERMS + "license"),
            creators=self._all(ns.DCTERMS + "creator"),
            examples=self._all(ns.VOID + "exampleResource"),
            languages=languages,
        )
        self._judge(about)
        return about

    def _find(self) -> str:
        of_kind = {
            triple.subject.value: place
            for triple, place in self._places.items()
            if triple.predicate.value == ns.TYPE
            and triple.object == ox.NamedNode(ns.DCAT + "Dataset")
            and isinstance(triple.subject, ox.NamedNode)
        }
        versions = {
            getattr(triple.object, "value", "")
            for triple in self._places
            if triple.predicate.value == ns.DCAT + "hasVersion"
        }
        found = {iri: place for iri, place in of_kind.items() if iri not in versions}
        if not found:
            raise errors.DescriptionError(
                "data/ describes no dcat:Dataset; say in data/dataset.ttl what the data set is"
            )
        if len(found) > 1:
            names = " and ".join(f"<{iri}> ({place})" for iri, place in found.items())
            raise errors.DescriptionError(
                f"more than one dcat:Dataset: {names}; keep one, or link the others to it "
                "with dcat:hasVersion"
            )
        return next(iter(found))

    def _judge(self, about: Description) -> None:
        needed = {
            "a title; add dcterms:title": about.title,
            "a licence; add dcterms:license": about.licence,
            "a creator; add dcterms:creator": about.creators,
            "a base; add vann:preferredNamespaceUri": about.base,
            "a space for its things; add void:uriSpace": about.uri_space,
        }
        missing = [what for what, value in needed.items() if not value]
        if missing:
            raise self._wrong(about.iri, f"lacks {', and it lacks '.join(missing)}")
        for name, what in _SINGLE.items():
            if len(found := self._all(name)) > 1:
                raise self._wrong(
                    about.iri, f"has {what} more than once; keep one of {', '.join(found)}"
                )
        if quote(about.version, safe="+") != about.version:
            raise self._wrong(
                about.iri,
                f"has the version `{about.version}`, which cannot stand in an address; "
                "give dcat:version letters, digits, dots and hyphens",
            )
        base = urlsplit(about.base)
        ends = about.base.endswith("/") and {"?", "#"}.isdisjoint(about.base)
        if not (base.scheme and base.netloc and ends):
            raise self._wrong(
                about.iri,
                f"has the base `{about.base}`; vann:preferredNamespaceUri must be an address "
                "in full that ends in `/` and has no `?` and no `#`",
            )
        if not about.uri_space.startswith(about.base):
            raise self._wrong(
                about.iri, f"has a void:uriSpace that does not begin with its base, {about.base}"
            )
        if about.modified and not _is_date(about.modified):
            raise self._wrong(
                about.iri, f"was modified `{about.modified}`; write dcterms:modified as 2026-01-31"
            )
        if quote(about.prefix) != about.prefix:
            raise self._wrong(
                about.iri,
                f"has the prefix `{about.prefix}`, which cannot name files; "
                "give vann:preferredNamespacePrefix letters, digits and hyphens",
            )

    def _wrong(self, iri: str, what: str) -> errors.DescriptionError:
        places = [place for triple, place in self._places.items() if triple.subject.value == iri]  # type: ignore[union-attr]
        return errors.DescriptionError(f"{places[0]}: the data set <{iri}> {what}")

    def _all(self, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(getattr(value, "value", "") for value in self._values[predicate]))

    def _one(self, predicate: str) -> str:
        return next(iter(self._all(predicate)), "")

    def _text(self, predicate: str, languages: Sequence[str]) -> str:
        """Choose a text: in a language of the data set, else English, else any."""

        def rank(literal: ox.Literal) -> tuple[int, str]:
            wanted = [*languages, "en", ""]
            tag = literal.language or ""
            return (wanted.index(tag) if tag in wanted else len(wanted), literal.value)

        texts = [value for value in self._values[predicate] if isinstance(value, ox.Literal)]
        return min(texts, key=rank).value if texts else ""

    def _tags(self) -> tuple[str, ...]:
        """Give the languages as tags; the IRIs of the usual lists end in one."""
        values = self._all(ns.DCTERMS + "language")
        return tuple(value.rstrip("/").rpartition("/")[2].casefold() for value in values)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
