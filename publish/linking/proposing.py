"""Links that are new: of what was found elsewhere, or taken over from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from publish import errors, mappings, turtle
from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.catalogue import Entry, Kind
from publish.dataset import Dataset
from publish.graphs import Progress
from publish.linking.values import SAME, TURNED, Elsewhere, Hit, Link
from publish.mappings import space_of

KINDS = (Kind.PERSON, Kind.GROUP, Kind.WORK, Kind.EDITION, Kind.CONCEPT, Kind.EVENT, Kind.PLACE)
_NEAR, _MOST = 5.0, 3
"""How far behind the best candidate another may stay to be proposed too, and how many are."""
_LEXICAL, _COMPOSITE = ns.SEMAPV + "LexicalMatching", ns.SEMAPV + "CompositeMatching"


def known(data: Dataset) -> set[tuple[str, str]]:
    """Give the pairs that were decided on, or wait for it: rows of tables, and stated links."""
    rows = {(one.subject, one.object) for one in data.matches}
    return rows | {(subject, object_) for subject, _, object_ in _stated(data)}


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
    found: list[Link | None] = []
    for one in table.matches:
        try:
            if not one.missing:
                found.append(_of_row(one, table.prefixes, ours, space, version))
        except errors.MappingError as error:
            wrong.append(error)
    if wrong:
        raise errors.TurtleErrors(wrong)
    return [one for one in found if one is not None]


def _of_row(
    one: mappings.Match, prefixes: Mapping[str, str], ours: Reconciler, space: str, version: str
) -> Link | None:
    if one.predicate not in TURNED:
        spelled = one.cells.get("predicate_id", one.predicate)
        reason = f"predicate_id `{spelled}` is none of a link; take {_spelled_predicates()}"
        raise errors.MappingError(one.path, one.line, None, reason)
    turned = _facing(one.subject, one.predicate, one.object, space)
    if turned is None:
        return None
    direct = turned[0] == one.subject
    side, other = ("subject", "object") if direct else ("object", "subject")
    if not ours.things.described([turned[0]]):
        spelled = one.cells.get(f"{side}_id", turned[0])
        reason = f"{side}_id `{spelled}` is nothing in the data set; mend it"
        raise errors.MappingError(one.path, one.line, None, reason)
    reason = one.cells["mapping_justification"]
    justification = mappings.expand(reason, prefixes)
    if not justification:
        reason = f"mapping_justification `{reason}` is no name with a known prefix; write it so"
        raise errors.MappingError(one.path, one.line, None, reason)
    return replace(
        _taken(turned, ours, version),
        object_label=one.cells.get(f"{other}_label", ""),
        justification=justification,
        confidence=one.confidence if one.refused else min(one.confidence, mappings.DOUBT),
        comment=one.cells.get("comment", ""),
        refused=one.refused,
    )


def of_triples(data: Dataset, ours: Reconciler, space: str, version: str) -> list[Link]:
    """Take over the links that somebody's RDF states about our things, from either side."""
    facing = (_facing(*link, space) for link in _stated(data))
    return [
        replace(
            _taken(turned, ours, version),
            object_label=_label(data, turned[2]),
            comment="stated by the other side",
        )
        for turned in facing
        if turned is not None and ours.things.described([turned[0]])
    ]


def _taken(turned: tuple[str, str, str], ours: Reconciler, version: str) -> Link:
    """Take over what somebody says without a reason, and no surer than that it waits."""
    subject, predicate, object_ = turned
    return Link(
        subject=subject,
        label=ours.things.label(subject).value,
        predicate=predicate,
        object=object_,
        object_label="",
        justification=ns.SEMAPV + "UnspecifiedMatching",
        source=_authority(object_, ours),
        version=version,
        confidence=mappings.DOUBT,
        comment="",
    )


def _stated(data: Dataset) -> Iterator[tuple[str, str, str]]:
    """Give the links that triples state between things with names."""
    for graph in data.graphs.values():
        for name in TURNED:
            for quad in graph.quads_for_predicate(turtle.Named(name)):
                if isinstance(quad.subject, turtle.Named) and isinstance(quad.object, turtle.Named):
                    yield quad.subject.value, name, quad.object.value


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
