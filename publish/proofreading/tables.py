"""Tables of links: whether a row is of the things that it names, and at one with the other rows.

Follows SSSOM 1.1, "Mapping" for the slots of a row and "Extension slots" for those of others.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from publish import edtf, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.mappings import Match, slots
from publish.validation import Finding, Severity, stated

_KNOWN = frozenset(
    {*slots.OF_ROWS, *slots.OF_TABLES, "curie_map", "mapping_set_id", "mappings", "record_id"}
)
_EXTENSIONS = "extension_definitions"
_ONE = frozenset({ns.SCHEMA + "sameAs", ns.OWL + "sameAs", ns.SKOS + "exactMatch"})
"""The properties that make one of their two ends."""
_SOURCE = ns.SSSOM + "object_source"
_TARGET = ns.OWL + "annotatedTarget"
_SPACE = ns.VOID + "uriSpace"
_Pair: TypeAlias = tuple[str, str]


def wrong_rows(dataset: Dataset) -> Iterator[Finding]:
    """Find in tables of links what is at odds with the data, or with another row."""
    yield from _nameless(dataset.matches)
    yield from _columns(dataset.matches)
    yield from _labels(dataset)
    yield from _sources(dataset)
    yield from _repeated(dataset.matches)
    yield from _refused(dataset.matches)
    yield from _shared(dataset.matches)
    yield from _doubled(dataset.matches)
    yield from _unmatched(dataset)
    yield from _to_come(dataset.matches, date.today())
    yield from _disordered(dataset.matches)


def _nameless(matches: Sequence[Match]) -> Iterator[Finding]:
    """Tell of tables whose rows are no records, for want of a name (SSSOM 1.0, MappingSet)."""
    named = {one.path: turtle.is_iri(one.cells.get("mapping_set_id", "")) for one in matches}
    message = (
        "nobody can ask why the rows of this table stand, since it has no name; "
        "write an address as `mapping_set_id` in its head"
    )
    for path in (path for path, is_named in named.items() if not is_named):
        yield _finding(path, 1, message)


def _columns(matches: Sequence[Match]) -> Iterator[Finding]:
    """Find columns that are no slots, so that nobody reads them."""
    first: dict[_Pair, Match] = {}
    for one in matches:
        if _EXTENSIONS not in one.cells:
            for name in one.cells.keys() - _KNOWN:
                first.setdefault((one.path, name), one)
    for (path, name), one in first.items():
        near = difflib.get_close_matches(name, _KNOWN, 1, 0.8)
        todo = f"write `{near[0]}`" if near else f"mend it, or declare it in {_EXTENSIONS}"
        yield _finding(path, one.line - 1, f"`{name}` is no slot of SSSOM; {todo}")


def _labels(dataset: Dataset) -> Iterator[Finding]:
    """Find rows whose label is not one of their thing: one of the two is a slip."""
    called: dict[str, list[str]] = {}
    for one in dataset.matches:
        label = one.cells.get("subject_label", "")
        if label and one.subject not in called:
            called[one.subject] = [*_texts(dataset, one.subject)]
        if label and called[one.subject] and label not in called[one.subject]:
            thing = one.cells["subject_id"]
            yield _finding(
                one.path,
                one.line,
                f"subject_label `{label}` is no name of {thing}, which is called "
                f"`{called[one.subject][0]}`; correct subject_id or subject_label",
                focus=one.subject,
            )


def _texts(dataset: Dataset, iri: str) -> Iterator[str]:
    """Give all texts that are said of a thing, its labels first."""
    thing = turtle.Named(iri)
    said = [
        (predicate.value, value.value)
        for graph in dataset.graphs.values()
        if graph.speaks_of(thing)
        for predicate, value in graph.said_of(thing)
        if isinstance(value, turtle.Literal)
    ]
    best = {name: rank for rank, name in enumerate(ns.LABELS)}
    yield from (text for _, text in sorted(said, key=lambda one: best.get(one[0], len(best))))


def _sources(dataset: Dataset) -> Iterator[Finding]:
    """Find rows whose record is none of the authority that they name."""
    spaces: defaultdict[turtle.Term, list[str]] = defaultdict(list)
    for graph in dataset.graphs.values():
        for quad in graph.quads_for_predicate(turtle.Named(_SPACE)):
            spaces[quad.subject].append(getattr(quad.object, "value", ""))
    for name, graph in dataset.graphs.items():
        for quad in graph.quads_for_predicate(turtle.Named(_SOURCE)):
            known = tuple(spaces.get(quad.object, ()))
            for predicate, target in graph.said_of(quad.subject) if known else ():
                record = getattr(target, "value", "")
                if predicate.value == _TARGET and not record.startswith(known):
                    source = ns.short(getattr(quad.object, "value", ""), dataset.prefixes)
                    message = (
                        f"<{record}> is no record of {source}, whose begin with <{known[0]}>; "
                        "correct object_id or object_source"
                    )
                    yield stated(dataset, name, quad.triple, "violation", message, ns.VALUES)


def _repeated(matches: Iterable[Match]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], Match] = {}
    for one in matches:
        why = (one.cells["mapping_justification"], one.cells.get("author_label", ""))
        key = (one.subject, one.predicate, one.object, str(one.refused), *why)
        before = first.setdefault(key, one)
        if before is not one:
            yield _finding(
                one.path, one.line, f"{_place(before)} says the same; delete one of the two"
            )


def _refused(matches: Sequence[Match]) -> Iterator[Finding]:
    """Find records that one row refuses and another one does not."""
    held = {(one.subject, one.object): one for one in matches if not one.refused}
    for one in matches:
        other = held.get((one.subject, one.object)) if one.refused else None
        if other and not one.missing:
            grave = bool(one.stated and other.stated)
            message = f"refuses what {_place(other)} holds to be right; delete one of the two"
            yield _finding(one.path, one.line, message, "violation" if grave else "warning")


def _shared(matches: Sequence[Match]) -> Iterator[Finding]:
    """Find two things that are said to be the same as one record, and so to be one."""
    first: dict[str, Match] = {}
    for one in (match for match in matches if match.asserted and match.predicate in _ONE):
        before = first.setdefault(one.object, one)
        if before.subject != one.subject:
            yield _finding(
                one.path,
                one.line,
                f"{one.cells['object_id']} is said to be {before.cells['subject_id']} too "
                f"({_place(before)}), so that both were one; refuse one of the two",
                focus=one.subject,
            )


def _doubled(matches: Iterable[Match]) -> Iterator[Finding]:
    """Find things that are the same as two records of one authority, which has one for each.

    Where it has two by mistake, the row says so in its comment.
    """
    first: dict[_Pair, Match] = {}
    for one in (match for match in matches if match.asserted and match.predicate in _ONE):
        source = one.cells.get("object_source", "")
        before = first.setdefault((one.subject, source), one) if source else one
        if before.object != one.object and not one.cells.get("comment"):
            message = (
                f"{one.cells['subject_id']} is said to be {before.cells['object_id']} of {source} "
                f"too ({_place(before)}); refuse one of the two, or say in comment why both stand"
            )
            yield _finding(one.path, one.line, message, focus=one.subject)


def _unmatched(dataset: Dataset) -> Iterator[Finding]:
    """Find rows that match as concepts what is none (SKOS 10.3), also where they make no triple."""
    kind, concept = turtle.Named(ns.TYPE), turtle.Named(ns.SKOS + "Concept")
    for one in dataset.matches:
        if one.predicate in ns.MATCHING and not one.stated:
            thing = turtle.Named(one.subject)
            graphs = [graph for graph in dataset.graphs.values() if graph.speaks_of(thing)]
            kinds = {
                value for graph in graphs for name, value in graph.said_of(thing) if name == kind
            }
            if kinds and concept not in kinds:
                message = (
                    f"{one.cells['predicate_id']} is of concepts, and {one.cells['subject_id']} is "
                    "none; write schema:sameAs"
                )
                yield _finding(one.path, one.line, message, focus=one.subject)


def _disordered(matches: Iterable[Match]) -> Iterator[Finding]:
    """Find the first row of each table that stands below one of a later thing: changes are lost."""
    before: dict[str, Match] = {}
    told: set[str] = set()
    for one in matches:
        last = before.get(one.path)
        if last and one.subject < last.subject and one.path not in told:
            told.add(one.path)
            message = (
                f"{one.cells['subject_id']} stands below {last.cells['subject_id']}; "
                "sort the rows by the IRIs of subject_id, so that changes read well"
            )
            yield _finding(one.path, one.line, message, focus=one.subject)
        before[one.path] = one


def _to_come(matches: Iterable[Match], today: date) -> Iterator[Finding]:
    """Find rows that were judged on a day to come; a clock in another zone may be a day ahead."""
    latest = (today + timedelta(days=1)).isoformat()
    for one in matches:
        judged = one.cells.get("mapping_date", "")
        if judged > latest and edtf.span(judged):
            message = f"mapping_date {judged} is still to come; correct it"
            yield _finding(one.path, one.line, message, focus=one.subject)


def _place(one: Match) -> str:
    return f"{one.path}:{one.line}"


def _finding(
    path: str, line: int, message: str, severity: Severity = "warning", focus: str = ""
) -> Finding:
    return Finding(path, line, severity, focus, message, "", "", 0, "", component=ns.VALUES)
