"""Tells of a difference: in words for people, in plain values for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from publish import controls
from publish import namespaces as ns
from publish.diff.values import KINDS, Change, Difference, Edit

_LONGEST = 120
"""How many characters of a value are told."""


def text(difference: Difference) -> str:
    """Write the differences for a terminal: a line for each thing and each of its properties."""
    lines = [summary(difference)]
    for change in difference.changes:
        name = ns.short(change.iri, difference.prefixes)
        lines += ["", f"{change.kind}: {change.label} ({name}){_instead(change, difference)}"]
        lines += [f"  {_layer(edit)}: {_sentence(edit, difference)}" for edit in change.edits]
    return controls.shown("\n".join(lines))


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
            lines += [
                f"  - {_layer(edit)}: {_escaped(_sentence(edit, difference))}"
                for edit in change.edits
            ]
    return controls.shown("\n".join(lines))


def summary(difference: Difference) -> str:
    """Say in one line how much changed."""
    if not difference.changes:
        return "nothing changed"
    counts = [f"{len(found)} {kind}" for kind in KINDS if (found := difference.of(kind))]
    return f"{', '.join(counts)}; {difference.added} statements more, {difference.removed} fewer"


def _sentence(edit: Edit, difference: Difference) -> str:
    """Say what happened to a property: added, removed, or one value in the place of another."""
    came, went = (
        ", ".join(_cut(ns.short(value, difference.prefixes)) for value in values)
        for values in (edit.after, edit.before)
    )
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
