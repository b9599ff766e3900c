"""Links that are new: of what was found elsewhere, or taken over from others."""

from __future__ import annotations

from collections.abc import Sequence

from publish import errors, mappings, turtle
from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.catalogue import Entry, Kind
from publish.dataset import Dataset
from publish.graphs import Progress
from publish.linking.values import SAME, TURNED, Elsewhere, Hit, Link, space_of

KINDS = (Kind.PERSON, Kind.GROUP, Kind.WORK, Kind.EDITION, Kind.CONCEPT, Kind.EVENT, Kind.PLACE)
_NEAR, _MOST = 5.0, 3
"""How far behind the best candidate another may stay to be proposed too, and how many are."""
_LEXICAL, _COMPOSITE = ns.SEMAPV + "LexicalMatching", ns.SEMAPV + "CompositeMatching"


def known(data: Dataset) -> set[tuple[str, str]]:
    """Give the pairs that were decided on, or wait for it: rows of tables, and stated links."""
    found = {(one.subject, one.object) for one in data.matches}
    for graph in data.graphs.values():
        for name in TURNED:
            for quad in graph.quads_for_predicate(turtle.Named(name)):
                if isinstance(quad.subject, turtle.Named) and isinstance(quad.object, turtle.Named):
                    found.add((quad.subject.value, quad.object.value))
    return found


def proposed(
    ours: Reconciler,
    kinds: Sequence[Kind],
    elsewhere: Elsewhere,
    decided: set[tuple[str, str]],
    tell: Progress,
) -> list[Link]:
    """Propose links of our things that are not decided on yet; `tell` hears how far it is."""
    entries = [one for one in ours.catalogue.entries(kinds=kinds) if not one.retired]
    found: list[Link] = []
    for done, (entry, hits) in enumerate(elsewhere.hits(entries)):
        tell(done, len(entries))
        fresh = [one for one in hits if (entry.iri, one.iri) not in decided]
        fresh.sort(key=lambda one: (-one.score, one.iri))
        best = [one for one in fresh if one.score >= fresh[0].score - _NEAR][:_MOST]
        found += [_link(entry, one, elsewhere.version, ours) for one in best]
    return found


def _link(entry: Entry, hit: Hit, version: str, ours: Reconciler) -> Link:
    concept = entry.kind is Kind.CONCEPT
    return Link(
        subject=entry.iri,
        label=entry.label.value,
        predicate=ns.SKOS + "closeMatch" if concept else SAME,
        object=hit.iri,
        object_label=hit.label,
        justification=_COMPOSITE if len(hit.reasons) > 1 else _LEXICAL,
        source=_authority(hit.iri, ours),
        version=version,
        confidence=round(mappings.DOUBT * hit.score / 100, 2),
        comment="; ".join(hit.reasons),
    )


def of_table(table: mappings.Table, ours: Reconciler, space: str, version: str) -> list[Link]:
    """Take over the rows of somebody's table that are about our things, from either side.

    Raises `TurtleErrors` with one `MappingError` for each row that cannot be taken over; what is
    about nothing of ours is passed over.
    """
    wrong: list[errors.TurtleError] = []
    found: list[Link] = []
    for one in table.matches:
        if one.missing:
            continue
        where = (one.path, one.line, None)
        if one.predicate not in TURNED:
            spelled = one.cells.get("predicate_id", one.predicate)
            reason = f"predicate_id `{spelled}` is none of a link; take {_spelled_predicates()}"
            wrong.append(errors.MappingError(*where, reason))
            continue
        turned = _facing(one.subject, one.predicate, one.object, space)
        if turned is None:
            continue
        subject, predicate, object_ = turned
        side = "subject_id" if subject == one.subject else "object_id"
        if not ours.things.described([subject]):
            reason = f"{side} `{one.cells.get(side, subject)}` is nothing in the data set; mend it"
            wrong.append(errors.MappingError(*where, reason))
            continue
        other = "object_label" if side == "subject_id" else "subject_label"
        found.append(
            Link(
                subject,
                ours.things.label(subject).value,
                predicate,
                object_,
                one.cells.get(other, ""),
                ns.SEMAPV + one.cells.get("mapping_justification", "").rpartition(":")[2],
                _authority(object_, ours),
                version,
                one.confidence if one.refused else min(one.confidence, mappings.DOUBT),
                one.cells.get("comment", ""),
                one.refused,
            )
        )
    if wrong:
        raise errors.TurtleErrors(wrong)
    return found


def of_triples(data: Dataset, ours: Reconciler, space: str, version: str) -> list[Link]:
    """Take over the links that somebody's RDF states about our things, from either side."""
    found: list[Link] = []
    for graph in data.graphs.values():
        for name in TURNED:
            for quad in graph.quads_for_predicate(turtle.Named(name)):
                if not (
                    isinstance(quad.subject, turtle.Named) and isinstance(quad.object, turtle.Named)
                ):
                    continue
                turned = _facing(quad.subject.value, name, quad.object.value, space)
                if turned is None or not ours.things.described([turned[0]]):
                    continue
                subject, predicate, object_ = turned
                label = _label(data, object_)
                found.append(
                    Link(
                        subject,
                        ours.things.label(subject).value,
                        predicate,
                        object_,
                        label,
                        ns.SEMAPV + "UnspecifiedMatching",
                        _authority(object_, ours),
                        version,
                        mappings.DOUBT,
                        "stated by the other side",
                    )
                )
    return found


def _label(data: Dataset, iri: str) -> str:
    texts = {
        triple.predicate.value: triple.object.value
        for _, triple in data.outgoing(iri)
        if isinstance(triple.object, turtle.Literal)
    }
    return next((texts[name] for name in ns.LABELS if name in texts), "")


def _facing(subject: str, predicate: str, object_: str, space: str) -> tuple[str, str, str] | None:
    """Put our thing first; nothing where neither is ours, or both are."""
    ours = [iri.startswith(space) for iri in (subject, object_)]
    if ours == [True, False]:
        return subject, SAME if predicate == ns.OWL + "sameAs" else predicate, object_
    return (object_, TURNED[predicate], subject) if ours == [False, True] else None


def _authority(iri: str, ours: Reconciler) -> str:
    """Give the data set that an IRI is of: one that ours knows, else the space that it is in."""
    fitting = [
        (len(space), one) for one, space in ours.schema.authorities.items() if iri.startswith(space)
    ]
    return max(fitting)[1] if fitting else space_of(iri)


def _spelled_predicates() -> str:
    prefixes = {"schema": ns.SCHEMA, "owl": ns.OWL, "skos": ns.SKOS}
    return ", ".join(ns.short(name, prefixes) for name in TURNED)
