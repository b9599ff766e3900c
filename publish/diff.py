"""What changed between two versions of a data set, thing by thing, for those who review it.

Only what was asserted is compared, graph by graph: what follows from it follows again. A thing
without an IRI has no name by which two versions could be compared, so it counts as a value of
the thing that leads to it. A name vanishes when the older version says something of it and the
newer says nothing: whoever linked to it is then left with nothing, so it should have been kept as
retired, with `owl:deprecated` and what replaces it. Nothing is read or printed here.

Follows RDF Patch for the differences as a file.
"""

from __future__ import annotations

import itertools
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.records import Link, Nested, Records, Statement, Text, Value

Kind = Literal["added", "changed", "removed", "retired", "vanished"]

KINDS: tuple[Kind, ...] = ("vanished", "retired", "removed", "changed", "added")
"""What can happen to a thing: `vanished` is a removed name that the data set itself gave."""

_ENDS: tuple[Kind, ...] = ("vanished", "removed")
MOST = 50_000
"""How many things are named one by one where everything is new."""
_LONGEST = 120


@dataclass(frozen=True)
class Edit:
    """One property of a thing in one graph: the values that went and those that came, in words."""

    graph: str
    property: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What happened to one thing; of a retired one, `replaced_by` names what stands for it.

    `types` are its classes, in the newer version where that has any.
    """

    iri: str
    label: str
    kind: Kind
    edits: tuple[Edit, ...]
    replaced_by: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that changed, sorted by kind and label; `prefixes` are those of the newer version."""

    changes: tuple[Change, ...]
    added: int
    removed: int
    prefixes: Mapping[str, str]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Give what happened in one way."""
        return tuple(change for change in self.changes if change.kind == kind)


@dataclass(frozen=True)
class Step:
    """What readers saw from a moment on: a version, and how it differs from the one `before`.

    `before` is empty for the first, in which everything is new.
    """

    version: str
    before: str
    moment: datetime
    difference: Difference


def compare(old: Dataset, new: Dataset) -> Difference:
    """Compare two versions of a data set; `added` and `removed` count statements."""
    before, after = _Version(old), _Version(new)
    changes = [
        change
        for iri in sorted(_touched(before, after))
        if (change := _change(iri, before, after)) is not None
    ]
    changes.sort(key=lambda one: (KINDS.index(one.kind), ns.natural_order(one.label), one.iri))
    gone, come = _quads(old) - _quads(new), _quads(new) - _quads(old)
    return Difference(tuple(changes), len(come), len(gone), dict(new.prefixes))


def beginning(dataset: Dataset, most: int = MOST) -> Difference:
    """Give all that a first version speaks of as added, without what it says of each.

    Its rules are left out: nobody follows them thing by thing. Of more than `most` things only the data set itself is named, which stands for all.
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
        edit.property == ns.OWL + "deprecated" and {'"true"', '"1"'} & {*edit.after}
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

    def graphs(self) -> dict[str, set[turtle.Triple]]:
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


def _touched(before: _Version, after: _Version) -> set[str]:
    """Find the things of which something may be said otherwise."""
    old, new = before.graphs(), after.graphs()
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
        and one.value.value in ("true", "1")
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
            before=_spoken(gone, graph, predicate, before),
            after=_spoken(come, graph, predicate, after),
        )


def _spoken(
    statements: set[Statement], graph: str, predicate: str, records: Records
) -> tuple[str, ...]:
    values = (
        spoken(one.value, records)
        for one in statements
        if (one.graph, one.predicate) == (graph, predicate)
    )
    return tuple(sorted(values))


def spoken(value: Value, records: Records) -> str:
    """Say a value in words: a label, a text with its language, what stands in brackets."""
    if isinstance(value, Link):
        return records.label(value.iri).value if records.labelled(value.iri) else value.iri
    if isinstance(value, Text):
        text = " ".join(value.value.split())
        return f'"{text}"@{value.language}' if value.language else f'"{text}"'
    return _bracketed(value, records)


def _bracketed(value: Nested, records: Records) -> str:
    if value.members is not None:
        return f"({', '.join(spoken(one, records) for one in value.members)})"
    said = (
        f"{records.label(one.predicate).value} {spoken(one.value, records)}"
        for one in value.statements
    )
    return f"[{'; '.join(sorted(said))}]"


# --- for people ------------------------------------------------------------------------------


def text(difference: Difference) -> str:
    """Write the differences for a terminal: a line for each thing and each of its properties."""
    lines = [summary(difference)]
    for change in difference.changes:
        name = ns.short(change.iri, difference.prefixes)
        lines += ["", f"{change.kind}: {change.label} ({name}){_instead(change, difference)}"]
        lines += [f"  {_layer(edit)}: {sentence(edit)}" for edit in change.edits]
    return "\n".join(lines)


def markdown(difference: Difference) -> str:
    """Write the differences for a pull request: a heading for each kind, a list below."""
    lines = [f"**{summary(difference)}**"]
    for kind in KINDS:
        found = difference.of(kind)
        lines += ["", f"### {kind.capitalize()}", ""] if found else []
        for change in found:
            name = ns.short(change.iri, difference.prefixes)
            instead = _escaped(_instead(change, difference))
            lines.append(f"- **{_escaped(change.label)}** (`{name}`){instead}")
            lines += [f"  - {_layer(edit)}: {_escaped(sentence(edit))}" for edit in change.edits]
    return "\n".join(lines)


def summary(difference: Difference) -> str:
    """Say in one line how much changed."""
    if not difference.changes:
        return "nothing changed"
    counts = [f"{len(found)} {kind}" for kind in KINDS if (found := difference.of(kind))]
    return f"{', '.join(counts)}; {difference.added} statements more, {difference.removed} fewer"


def sentence(edit: Edit) -> str:
    """Say what happened to a property: added, removed, or one value in the place of another."""
    came, went = (", ".join(map(_cut, values)) for values in (edit.after, edit.before))
    if not edit.before:
        return f"{edit.label} added: {came}"
    if not edit.after:
        return f"{edit.label} removed: {went}"
    return f"{edit.label}: {went} became {came}"


def _instead(change: Change, difference: Difference) -> str:
    if change.kind == "vanished":
        return "; keep the name, with owl:deprecated and dcterms:isReplacedBy"
    names = (ns.short(iri, difference.prefixes) for iri in change.replaced_by)
    return f", replaced by {' and '.join(names)}" if change.replaced_by else ""


def _layer(edit: Edit) -> str:
    return edit.graph.rpartition("/graph/")[2] or "default graph"


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."


def _escaped(words: str) -> str:
    """Keep what a text says from being read as Markdown (CommonMark 2.4)."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|~" else sign for sign in words)


# --- for programs ----------------------------------------------------------------------------


def plain(difference: Difference) -> dict[str, Any]:
    """Give the differences as values that JSON can hold."""
    return {
        "statements": {"added": difference.added, "removed": difference.removed},
        "changes": [asdict(change) for change in difference.changes],
    }


def read(told: Mapping[str, Any]) -> Difference:
    """Read differences again that `plain` gave."""
    changes = (
        Change(
            **{
                **one,
                "edits": tuple(
                    Edit(**{**edit, "before": tuple(edit["before"]), "after": tuple(edit["after"])})
                    for edit in one["edits"]
                ),
                "replaced_by": tuple(one["replaced_by"]),
                "types": tuple(one["types"]),
            }
        )
        for one in told["changes"]
    )
    counts = told["statements"]
    return Difference(tuple(changes), counts["added"], counts["removed"], {})


def patch(old: Dataset, new: Dataset, *, dumped: bool = False) -> str:
    """Give the differences as an RDF Patch: what to delete and what to add, graph by graph.

    It is what was asserted, or, of what is `dumped`, what the N-Quads of a release hold: with
    what was derived, and without the rules. A nameless thing goes by the label that reading gives it, which only a store knows that was
    loaded from the same files. The identifier is made of what is changed, so that the same
    change always makes the same patch.
    """
    before, after = _quads(old, dumped=dumped), _quads(new, dumped=dumped)
    return _patched(new.base, before - after, after - before)


def joined_patches(base: str, patches: Iterable[str]) -> str:
    """Give one patch that does what several do that follow each other, of a data set of a base."""
    gone, come = set[str](), set[str]()
    for one in patches:
        rows = one.splitlines()
        deleted, added = ({row[2:-2] for row in rows if row[:2] == sign} for sign in ("D ", "A "))
        gone |= deleted - come
        come = (come - deleted) | added
        gone, come = gone - come, come - gone
    return _patched(base, gone, come)


def _patched(base: str, gone: Iterable[str], come: Iterable[str]) -> str:
    body = [*(f"D {quad} ." for quad in sorted(gone)), *(f"A {quad} ." for quad in sorted(come))]
    name = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([base, *body]))
    return "\n".join([f"H id <urn:uuid:{name}> .", "TX .", *body, "TC ."])


def _quads(dataset: Dataset, *, dumped: bool = False) -> set[str]:
    left_out = dataset.shapes_graph if dumped else dataset.inferred_graph
    apart = {left_out} if dataset.base else set()
    return {
        f"{triple.subject} {triple.predicate} {triple.object} {f'<{name}>' if name else ''}".rstrip()
        for name in dataset.graphs
        if name not in apart
        for triple in dataset.triples(name)
    }
