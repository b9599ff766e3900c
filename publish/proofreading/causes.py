"""What is told once because one thing is wrong that shows in many places: a prefix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from publish import namespaces as ns
from publish.dataset import Meaning, Renaming
from publish.graphs import Place
from publish.validation import Consequences, Finding

_FIRST = 3
"""How many of the places are named where a cause shows."""


def renamed(one: Renaming) -> Finding:
    """Tell of a prefix that stands for something else in one file than in others."""
    message = (
        f"`{one.prefix}:` stands for <{one.space}> here and for <{one.usual}> in other files; "
        "let it stand for one of them, or take another prefix"
    )
    return Finding(
        *(one.place.path, one.place.line, "warning", "", message, "", "", 0, ""),
        component=ns.VALUES,
    )


def by_cause(
    found: Iterable[Finding], left: Iterable[Finding], renamings: Sequence[Renaming]
) -> list[Finding]:
    """Gather what comes of prefixes that stand for something else, each below its prefix.

    `left` is what would be found if each stood for what it usually does.
    """
    remain = Counter(map(_told, left))
    kept: list[Finding] = []
    shown: defaultdict[Renaming, list[Finding]] = defaultdict(list)
    causes = {renamed(one): one for one in renamings}
    meaning = Meaning(renamings)
    for one in found:
        if one in causes:
            continue
        told = _told(one)
        # Most of what remains speaks of nothing that the prefixes stand for.
        meant = told if remain[told] else tuple(map(meaning.text, told))
        if remain[meant]:
            remain[meant] -= 1
            kept.append(one)
        else:
            shown[_cause(one, renamings)].append(one)
    kept += (_gathered(told, shown[one]) if one in shown else told for told, one in causes.items())
    return sorted(kept, key=lambda one: (one.path, one.line, one.message))


def _told(one: Finding) -> tuple[str, ...]:
    """Give what a finding says, as far as it is the same when a prefix is mended."""
    return one.path, str(one.line), one.message, one.focus, one.value, one.shape


def _cause(finding: Finding, renamings: Sequence[Renaming]) -> Renaming:
    """Choose what a finding comes of: a prefix that it speaks of, one of its file, or the first."""

    def nearness(one: Renaming) -> tuple[bool, bool, bool]:
        texts = (finding.focus, finding.value, finding.message)
        return (
            any(one.space in text for text in texts),
            finding.path == one.place.path,
            any(one.usual in text for text in texts),
        )

    return max(renamings, key=nearness)


def _gathered(cause: Finding, shown: Sequence[Finding]) -> Finding:
    """Give a cause with what comes of it; it is as grave as the gravest of that."""
    times = Counter(one.severity for one in shown)
    places = dict.fromkeys(Place(one.path, one.line) for one in shown)
    return replace(
        cause,
        severity="violation" if times["violation"] else cause.severity,
        consequences=Consequences(
            times["violation"], times["warning"], times["info"], tuple(places)[:_FIRST]
        ),
    )
