"""Links to other data sets: proposed with reasons, imported from others, kept for review.

What is proposed goes into a table of mappings (SSSOM, `publish.mappings`) with a confidence that
makes no triple. Whoever reviews it raises the confidence of what is right above `mappings.DOUBT`, and
writes `Not` to what is wrong; either way the pair is known from then on and never proposed again.
Nothing here decides, and nothing is written but by `merged`, whose text is complete.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Protocol

from publish import errors, mappings, matching, turtle
from publish import namespaces as ns
from publish.candidates import Candidate, Condition, Given, Query, Reconciler
from publish.catalogue import Entry, Kind
from publish.dataset import Dataset
from publish.graphs import Progress
from publish.stores.services import Service

COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id"),
    *("object_label", "mapping_justification", "author_label", "object_source"),
    *("object_source_version", "mapping_date", "confidence", "comment"),
)
"""The columns of a table, in their order."""

LEAST = 75.0
"""The score from which on a candidate is proposed."""
KINDS = (Kind.PERSON, Kind.GROUP, Kind.WORK, Kind.EDITION, Kind.CONCEPT, Kind.EVENT, Kind.PLACE)
_NEAR, _MOST = 5.0, 3
"""How far behind the best candidate another may stay to be proposed too, and how many are."""
_NAMES, _NEIGHBOURS = 6, 100
_COMMON, _COMMONS = 5.0, 10.0
"""What a neighbour in common adds to a score, and what all of them do at most."""
_LEXICAL, _COMPOSITE = ns.SEMAPV + "LexicalMatching", ns.SEMAPV + "CompositeMatching"
_SAME = ns.SCHEMA + "sameAs"
_TURNED = MappingProxyType(
    {
        _SAME: _SAME,
        ns.OWL + "sameAs": _SAME,
        ns.SKOS + "exactMatch": ns.SKOS + "exactMatch",
        ns.SKOS + "closeMatch": ns.SKOS + "closeMatch",
        ns.SKOS + "relatedMatch": ns.SKOS + "relatedMatch",
        ns.SKOS + "broadMatch": ns.SKOS + "narrowMatch",
        ns.SKOS + "narrowMatch": ns.SKOS + "broadMatch",
    }
)
"""The predicates of links, each with the one that says the same from the other side."""
_LOCAL = re.compile(r"[^/]+/?")
_LAST = re.compile(r"[^/#]*[/#]?$")


@dataclass(frozen=True)
class Link:
    """A row of a table: our thing, the record elsewhere, how sure, and why; IRIs in full."""

    subject: str
    label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    source: str
    version: str
    confidence: float
    comment: str
    refused: bool = False


@dataclass(frozen=True)
class Hit:
    """A thing elsewhere that may be one of ours: how near (0 to 100), and what speaks for it."""

    iri: str
    label: str
    score: float
    reasons: tuple[str, ...]


class Elsewhere(Protocol):
    """Where records of our things are looked for."""

    @property
    def version(self) -> str:
        """What was looked at, and when."""
        ...

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Give for each of our things what may be the same."""
        ...


# --- looking elsewhere -------------------------------------------------------------------------


class Others:
    """Another data set, read or asked in SPARQL, whose things are compared in all that is known."""

    def __init__(self, theirs: Reconciler, ours: Reconciler, version: str, space: str) -> None:
        self.version = version
        self._theirs = theirs
        self._ours = ours
        self._space = space

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Compare names, dates, identifiers and neighbours."""
        for entry in entries:
            best: dict[str, Candidate] = {}
            for name in _names(entry):
                for one in self._theirs.candidates(Query(name, conditions=_conditions(entry))):
                    if one.score > (best[one.iri].score if one.iri in best else 0.0):
                        best[one.iri] = one
            wanted = (one for one in best.values() if self._fits(entry, one))
            yield entry, [self._hit(entry, one) for one in wanted]

    def _fits(self, entry: Entry, one: Candidate) -> bool:
        """Say whether a candidate is no thing of ours, and of no other kind."""
        kind = self._theirs.catalogue.kind(one.types)
        ours = bool(self._space) and one.iri.startswith(self._space)
        return one.score >= LEAST and not ours and kind in (None, entry.kind)

    def _hit(self, entry: Entry, one: Candidate) -> Hit:
        reasons = [_told(feature.name, feature.value) for feature in one.features]
        ours, theirs = neighbours(self._ours, entry.iri), neighbours(self._theirs, one.iri)
        common = sorted(ours[key] for key in ours.keys() & theirs.keys())
        if common:
            reasons.append(f"neighbours in common: {', '.join(common[:5])}")
        score = min(100.0, one.score + min(_COMMONS, _COMMON * len(common)))
        return Hit(one.iri, one.label.value, score, tuple(reasons))


class Answered:
    """A reconciliation service, which is asked for names and says itself how near it finds them."""

    def __init__(self, service: Service, version: str) -> None:
        self._service = service
        self.version = version

    def hits(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Hit]]]:
        """Ask in batches of the size that the service takes."""
        waiting = iter(entries)
        while batch := [*islice(waiting, self._service.batch)]:
            asked = {f"q{place}": entry.label.value for place, entry in enumerate(batch)}
            found = self._service.match(asked)
            for key, entry in zip(asked, batch, strict=True):
                hits = []
                for one in found.get(key, ()):
                    score = max(
                        100 * matching.resemblance(name, one.name) for name in _names(entry)
                    )
                    said = f"the service says {one.score:g}" + (", a match" if one.match else "")
                    if score >= LEAST and one.iri:
                        reasons = (_told("Name", round(score, 1)), said)
                        hits.append(Hit(one.iri, one.name, round(score, 1), reasons))
                yield entry, hits


def _names(entry: Entry) -> list[str]:
    forms = [entry.label.value, *(one.value for one in entry.variants)]
    if entry.title is not None and not entry.devised:
        forms.insert(0, entry.title.value)
    return [*dict.fromkeys(forms)][:_NAMES]


def _conditions(entry: Entry) -> tuple[Condition, ...]:
    """Give what else is known of a thing: its dates, and what it is called elsewhere."""
    same = (Given("", iri) for iri in (entry.iri, *entry.same))
    found = [Condition(_SAME, tuple(same))]
    for name, date in (
        ("birthDate", entry.born),
        ("deathDate", entry.died),
        ("datePublished", entry.date),
    ):
        if date is not None and date.edtf:
            found.append(Condition(ns.SCHEMA + name, (Given(date.edtf),)))
    return tuple(found)


def neighbours(of: Reconciler, iri: str) -> dict[str, str]:
    """Give what is next to a thing in its data set by folded name: the name itself."""
    source = of.catalogue.records.source
    facts = of.facts([iri])[iri]
    near = {
        term.value
        for name, terms in facts.items()
        if name not in (ns.TYPE, ns.SKOS + "inScheme", ns.SKOS + "topConceptOf")
        for term in terms
        if isinstance(term, turtle.Named)
    }
    near |= {
        triple.subject.value
        for _, triple in source.pointing(iri).dataset.incoming(iri)
        if isinstance(triple.subject, turtle.Named)
    }
    chosen = sorted(near - {iri})[:_NEIGHBOURS]
    source.meet(chosen)
    names = (found.value for one in chosen if (found := source.label(one)) is not None)
    return {" ".join(matching.words(name)): name for name in names if matching.words(name)}


def _told(name: str, value: float | bool) -> str:
    return f"{name.lower()} {value:g}" if not isinstance(value, bool) else f"{name.lower()} fits"


# --- proposing ---------------------------------------------------------------------------------


def known(data: Dataset) -> set[tuple[str, str]]:
    """Give the pairs that were decided on, or wait for it: rows of tables, and stated links."""
    found = {(one.subject, one.object) for one in data.matches}
    for graph in data.graphs.values():
        for name in _TURNED:
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
        predicate=ns.SKOS + "closeMatch" if concept else _SAME,
        object=hit.iri,
        object_label=hit.label,
        justification=_COMPOSITE if len(hit.reasons) > 1 else _LEXICAL,
        source=_authority(hit.iri, ours),
        version=version,
        confidence=round(mappings.DOUBT * hit.score / 100, 2),
        comment="; ".join(hit.reasons),
    )


# --- importing ---------------------------------------------------------------------------------


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
        if one.predicate not in _TURNED:
            spelled = one.cells.get("predicate_id", one.predicate)
            reason = f"predicate_id `{spelled}` is none of a link; take {_spelled_predicates()}"
            wrong.append(errors.MappingError(*where, reason))
            continue
        turned = _facing(one.subject, one.predicate, one.object, space)
        if turned is None:
            continue
        subject, predicate, object_ = turned
        side = "subject_id" if subject == one.subject else "object_id"
        if not ours.described([subject]):
            reason = f"{side} `{one.cells.get(side, subject)}` is nothing in the data set; mend it"
            wrong.append(errors.MappingError(*where, reason))
            continue
        other = "object_label" if side == "subject_id" else "subject_label"
        found.append(
            Link(
                subject,
                ours.label(subject).value,
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
        for name in _TURNED:
            for quad in graph.quads_for_predicate(turtle.Named(name)):
                if not (
                    isinstance(quad.subject, turtle.Named) and isinstance(quad.object, turtle.Named)
                ):
                    continue
                turned = _facing(quad.subject.value, name, quad.object.value, space)
                if turned is None or not ours.described([turned[0]]):
                    continue
                subject, predicate, object_ = turned
                label = _label(data, object_)
                found.append(
                    Link(
                        subject,
                        ours.label(subject).value,
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
        return subject, _SAME if predicate == ns.OWL + "sameAs" else predicate, object_
    return (object_, _TURNED[predicate], subject) if ours == [False, True] else None


def _authority(iri: str, ours: Reconciler) -> str:
    """Give the data set that an IRI is of: one that ours knows, else the space that it is in."""
    fitting = [
        (len(space), one) for one, space in ours.authorities.items() if iri.startswith(space)
    ]
    return max(fitting)[1] if fitting else _space(iri)


def _spelled_predicates() -> str:
    prefixes = {"schema": ns.SCHEMA, "owl": ns.OWL, "skos": ns.SKOS}
    return ", ".join(ns.short(name, prefixes) for name in _TURNED)


# --- writing -----------------------------------------------------------------------------------


def merged(before: bytes, path: str, fresh: Iterable[Link], head: Head) -> tuple[bytes, int]:
    """Give a table with what it held and what is new, sorted, and how many rows are new.

    A pair that has a row keeps it, whatever it says. Raises `TurtleErrors` where the table that
    is there cannot be read.
    """
    old = mappings.parse(before, path) if before else mappings.Table((), {})
    pairs = {(one.subject, one.object) for one in old.matches}
    new = [one for one in fresh if (one.subject, one.object) not in pairs]
    new = list({(one.subject, one.object): one for one in reversed(new)}.values())
    curies = _Curies({**head.prefixes, **old.prefixes})
    rows = [(one.subject, one.object, dict(one.cells)) for one in old.matches]
    rows += [(one.subject, one.object, _cells(one, curies, head.date)) for one in new]
    rows.sort(key=lambda row: (row[0], row[1]))
    text = io.StringIO()
    said = _said(before)
    text.write("#curie_map:\n")
    for prefix, space in sorted({**curies.used, **old.prefixes}.items()):
        text.write(f'#  {prefix}: "{space}"\n')
    for line in said or [
        f'#license: "{head.licence}"',
        f'#mapping_set_id: "{head.id}"',
        '#mapping_set_title: "Links proposed for review"',
        '#mapping_tool: "folkmote"',
    ]:
        text.write(f"{line}\n")
    columns = [
        *COLUMNS,
        *sorted({name for *_, cells in rows for name in cells} - {*COLUMNS, *_named(said)}),
    ]
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cells.get(name, "") for name in columns] for *_, cells in rows)
    return text.getvalue().encode(), len(new)


@dataclass(frozen=True)
class Head:
    """What a new table says of itself, and the date of what is added."""

    id: str
    licence: str
    date: str
    prefixes: Mapping[str, str]


def _said(before: bytes) -> list[str]:
    """Give the lines of metadata of a table but those of its prefixes."""
    lines = before.decode("utf-8-sig").splitlines() if before else []
    head = [line for line in lines if line.startswith("#")]
    kept: list[str] = []
    inside = False
    for line in head:
        inside = line.startswith("#curie_map") or (inside and line.startswith(("#  ", "# ")))
        kept += [] if inside else [line]
    return kept


def _named(said: Sequence[str]) -> set[str]:
    """Name what the metadata say for all rows."""
    return {line[1:].partition(":")[0].strip() for line in said}


def _cells(one: Link, curies: _Curies, date: str) -> dict[str, str]:
    cells = {
        "subject_id": curies.short(one.subject),
        "subject_label": one.label,
        "predicate_id": curies.short(one.predicate),
        "predicate_modifier": "Not" if one.refused else "",
        "object_id": curies.short(one.object),
        "object_label": one.object_label,
        "mapping_justification": curies.short(one.justification),
        "object_source": curies.short(one.source),
        "object_source_version": one.version,
        "mapping_date": date,
        "confidence": f"{one.confidence:g}",
        "comment": one.comment,
    }
    return {name: " ".join(text.split()) for name, text in cells.items()}


class _Curies:
    """Prefixes as they are needed; a space that has none gets one of its own."""

    def __init__(self, known: Mapping[str, str]) -> None:
        mine = {"schema": ns.SCHEMA, "semapv": ns.SEMAPV, "skos": ns.SKOS}
        self._known = {**mine, **known}
        self.used: dict[str, str] = {}

    def short(self, iri: str) -> str:
        """Write an IRI as a prefixed name."""
        fitting = [
            (len(space), name)
            for name, space in sorted(self._known.items())
            if iri.startswith(space) and _LOCAL.fullmatch(iri[len(space) :])
        ]
        if fitting:
            _, name = max(fitting)
        else:
            number = 1
            while f"ns{number}" in self._known:
                number += 1
            name = f"ns{number}"
            self._known[name] = _space(iri)
        self.used[name] = space = self._known[name]
        return f"{name}:{iri.removeprefix(space)}"


def _space(iri: str) -> str:
    """Give the space of an IRI: all but its last part, which is never empty."""
    return _LAST.sub("", iri) or iri[: iri.rfind(":") + 1]
