"""Compares two versions thing by thing, and adds up differences that follow each other."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.diff.values import KINDS, Change, Difference, Edit, Kind
from publish.records import Link, Nested, Records, Statement, Text, Value

_ENDS: tuple[Kind, ...] = ("vanished", "removed")
MOST = 50_000
"""How many things are named one by one where everything is new."""
_Graphs = Mapping[str, Set[turtle.Triple]]


def compare(old: Dataset, new: Dataset) -> Difference:
    """Compare two versions of a data set; `added` and `removed` count statements."""
    before, after = _Version(old), _Version(new)
    left, right = before.graphs(), after.graphs()
    changes = [
        change
        for iri in sorted(_touched(left, right))
        if (change := _change(iri, before, after)) is not None
    ]
    changes.sort(key=lambda one: (KINDS.index(one.kind), ns.natural_order(one.label), one.iri))
    return Difference(
        tuple(changes), _lacking(left, right), _lacking(right, left), dict(new.prefixes)
    )


def beginning(dataset: Dataset, most: int = MOST) -> Difference:
    """Give all that a first version speaks of as added, without what it says of each.

    Its rules are left out: nobody follows them thing by thing. Of more than `most` things only
    the data set itself is named, which stands for all.
    """
    version = _Version(dataset)
    graphs = version.graphs()
    types: defaultdict[str, set[str]] = defaultdict(set)
    followed = (triples for name, triples in graphs.items() if name != dataset.shapes_graph)
    for triple in itertools.chain.from_iterable(followed):
        if isinstance(triple.subject, turtle.Named):
            classes = types[triple.subject.value]
            if triple.predicate.value == ns.TYPE and isinstance(triple.object, turtle.Named):
                classes.add(triple.object.value)
    about = dataset.description
    named = set(types) if len(types) <= most else {about.iri} if about else set()
    label = version.records.label
    changes = tuple(
        Change(iri, label(iri).value, "added", (), (), tuple(sorted(types[iri])))
        for iri in sorted(named)
    )
    return Difference(changes, sum(map(len, graphs.values())), 0, dict(dataset.prefixes))


def joined(first: Difference, second: Difference) -> Difference:
    """Give what two differences come to that follow each other, without the version between.

    Values are compared by their words, and counted as statements.
    """
    before = {one.iri: one for one in first.changes}
    after = {one.iri: one for one in second.changes}
    found = [
        change
        for iri in sorted({*before, *after})
        if (change := _both(before.get(iri), after.get(iri))) is not None
    ]
    found.sort(key=lambda one: (KINDS.index(one.kind), ns.natural_order(one.label), one.iri))
    edits = [edit for one in found for edit in one.edits]
    come, gone = (sum(len(getattr(one, side)) for one in edits) for side in ("after", "before"))
    return Difference(tuple(found), come, gone, second.prefixes)


def _both(first: Change | None, second: Change | None) -> Change | None:
    """Give what happened to one thing in both; nothing where the second undid the first."""
    if first is None or second is None:
        return first or second
    edits = _netted(first.edits, second.edits)
    there = second.kind not in _ENDS
    if first.kind == "added":
        return replace(second, kind="added", edits=edits, replaced_by=()) if there else None
    if not there:
        return replace(second, edits=edits)
    if not edits:
        return None
    retiring = any(
        edit.property == ns.OWL + "deprecated" and {f'"{one}"' for one in ns.TRUE} & {*edit.after}
        for edit in edits
    )
    instead = second.replaced_by or first.replaced_by
    kind: Kind = "retired" if retiring else "changed"
    return replace(second, kind=kind, edits=edits, replaced_by=instead if retiring else ())


def _netted(first: Iterable[Edit], second: Iterable[Edit]) -> tuple[Edit, ...]:
    """Leave out of edits that follow each other the values that only came in between."""
    old = {(one.graph, one.property): one for one in first}
    new = {(one.graph, one.property): one for one in second}
    found = []
    # Those of the second stand in the order of its version.
    for place in (*new, *(place for place in old if place not in new)):
        pair = [one for one in (old.get(place), new.get(place)) if one is not None]
        gone, come = Counter[str](), Counter[str]()
        for edit in pair:
            lost = Counter(edit.before)
            gone += lost - come
            come = come - lost + Counter(edit.after)
        kept = gone & come
        before, after = (tuple(sorted((one - kept).elements())) for one in (gone, come))
        if before or after:
            found.append(replace(pair[-1], before=before, after=after))
    return tuple(found)


class _Version:
    """One of the two, with the statements of each thing where they are asked for."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.records = Records(dataset)
        self._derived = {dataset.inferred_graph} if dataset.base else set()

    def graphs(self) -> _Graphs:
        """Give what each graph asserts."""
        return {
            name: set(self.dataset.triples(name))
            for name in self.dataset.graphs
            if name not in self._derived
        }

    def statements(self, iri: str) -> set[Statement]:
        """Give what is asserted of a thing, wherever that stands."""
        if not self.records.is_subject(iri):
            return set()
        return {
            Statement(one.graph, one.predicate, one.value)
            for one in self.records.record(iri).statements
            if one.graph not in self._derived
        }


def _lacking(graphs: _Graphs, others: _Graphs) -> int:
    """Count the statements of `others` that `graphs` lack."""
    return sum(len(theirs - graphs.get(name, set())) for name, theirs in others.items())


def _touched(old: _Graphs, new: _Graphs) -> set[str]:
    """Find the things of which something may be said otherwise."""
    found: set[str] = set()
    for name in old.keys() | new.keys():
        ours, theirs = old.get(name, set()), new.get(name, set())
        # What hangs from a nameless thing may have changed below one that looks the same.
        leading = {one for one in ours | theirs if isinstance(one.object, turtle.Blank)}
        subjects = (triple.subject for triple in (ours ^ theirs) | leading)
        found |= {subject.value for subject in subjects if isinstance(subject, turtle.Named)}
    return found


def _change(iri: str, before: _Version, after: _Version) -> Change | None:
    old, new = before.statements(iri), after.statements(iri)
    if old == new:
        return None
    named = after if new else before
    label = named.records.label(iri).value
    edits = tuple(_edits(old - new, new - old, before.records, after.records))
    types = _types(new or old)
    if not new:
        own = bool(before.dataset.base) and iri.startswith(before.dataset.base)
        return Change(iri, label, "vanished" if own else "removed", edits, (), types)
    if _retired(new) and not _retired(old):
        substitutes = sorted(
            one.value.iri
            for one in new
            if one.predicate == ns.DCTERMS + "isReplacedBy" and isinstance(one.value, Link)
        )
        return Change(iri, label, "retired", edits, tuple(substitutes), types)
    return Change(iri, label, "changed" if old else "added", edits, (), types)


def _types(statements: Iterable[Statement]) -> tuple[str, ...]:
    found = {one.value for one in statements if one.predicate == ns.TYPE}
    return tuple(sorted(value.iri for value in found if isinstance(value, Link)))


def _retired(statements: Iterable[Statement]) -> bool:
    return any(
        one.predicate == ns.OWL + "deprecated"
        and isinstance(one.value, Text)
        and one.value.value in ns.TRUE
        for one in statements
    )


def _edits(
    gone: set[Statement], come: set[Statement], before: Records, after: Records
) -> Iterator[Edit]:
    places = {(one.graph, one.predicate) for one in gone | come}
    for graph, predicate in sorted(places, key=lambda pair: (after.rank(pair[0]), pair)):
        yield Edit(
            graph=graph,
            property=predicate,
            label="kind" if predicate == ns.TYPE else after.label(predicate).value,
            before=_values(gone, graph, predicate, before),
            after=_values(come, graph, predicate, after),
        )


def _values(
    statements: set[Statement], graph: str, predicate: str, records: Records
) -> tuple[str, ...]:
    values = (
        _spoken(one.value, records)
        for one in statements
        if (one.graph, one.predicate) == (graph, predicate)
    )
    return tuple(sorted(values))


def _spoken(value: Value, records: Records) -> str:
    """Say a value in words: a label, a text with its language, what stands in brackets."""
    if isinstance(value, Link):
        return records.label(value.iri).value if records.labelled(value.iri) else value.iri
    if isinstance(value, Text):
        text = " ".join(value.value.split())
        return f'"{text}"@{value.language}' if value.language else f'"{text}"'
    return _bracketed(value, records)


def _bracketed(value: Nested, records: Records) -> str:
    if value.members is not None:
        return f"({', '.join(_spoken(one, records) for one in value.members)})"
    said = (
        f"{records.label(one.predicate).value} {_spoken(one.value, records)}"
        for one in value.statements
    )
    return f"[{'; '.join(sorted(said))}]"
