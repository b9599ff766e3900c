"""The documents that define: pages of terms, and of the rules that hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from fastapi import Request, Response

from publish import rules, terms, turtle
from publish.dataset import Dataset
from publish.records import Record, Records
from publish.web import rendering
from publish.web.site import Site


class Vocabularies:
    """The pages of terms and of rules; what they show is read once, when one is asked for.

    They are read from what is held in memory, so that of a distant source nothing is counted.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._records = Records(site.dataset) if site.source.distant else site.records
        self._whole = not site.source.distant

    @cached_property
    def _rules(self) -> rules.Rulebook:
        return rules.read(self._records, whole=self._whole)

    @cached_property
    def _glossary(self) -> terms.Glossary:
        return terms.Glossary(self._records, self._rules, whole=self._whole)

    def page(
        self, request: Request, record: Record, headers: dict[str, str], canonical: str
    ) -> Response:
        """Give the page of one document, of rules where it has any, else of terms."""
        site, records, document = self._site, self._records, record.iri
        site.source.meet(
            _names(site.dataset, (site.dataset.ontology_graph, site.dataset.shapes_graph))
        )
        header = terms.header(record)
        if site.vocabularies[document] == "Rules":
            others = sorted(set(records.terms(document)) - self._rules.names())
            return rendering.page(
                site,
                "rules.html",
                request,
                headers=headers,
                record=record,
                canonical=canonical,
                header=header,
                rules=self._rules,
                others=[records.record(iri) for iri in others],
            )
        return rendering.page(
            site,
            "ontology.html",
            request,
            headers=headers,
            record=record,
            canonical=canonical,
            header=header,
            groups=self._glossary.groups(document),
            foreign=self._glossary.foreign(),
        )


def _names(dataset: Dataset, graphs: Sequence[str]) -> set[str]:
    """Give every IRI that some graphs name."""
    terms = (term for graph in graphs for triple in dataset.triples(graph) for term in triple)
    return {term.value for term in terms if isinstance(term, turtle.Named)}
