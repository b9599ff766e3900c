"""Stances in small data sets: whether a label names the holder, attitude and claim of its record.

Where records are many, `labels` tells from what all of them do. Of a few no habit can be seen; but
a label that names another claim, holder or attitude of the data and not the one to which its
record leads was copied and changed by half.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from publish import namespaces as ns
from publish import turtle
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.labels import MANY
from publish.proofreading.statements import by_thing, values
from publish.validation import Finding, stated

_ROLES = (ns.TOWARDS, ns.HOLDER, ns.ATTITUDE)
"""What a label names; the claim first, whose words may name anybody."""


def wrong_stances(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find among few stances those whose label names what is not theirs; of many `labels` tells."""
    playing = dataset.below(_ROLES, ns.RDFS + "subPropertyOf")
    stances = values(graphs, *sorted(playing[ns.TOWARDS])).keys()
    if not 0 < len(stances) < MANY:
        return
    labels = {
        thing: said
        for thing, said in by_thing(graphs, ns.RDFS + "label").items()
        if thing in stances and len(said) == 1
    }
    names = values(graphs, *ns.LABELS)
    texts = {thing: _text(said[0][1].object) for thing, said in labels.items()}
    for role in _ROLES:
        leads = values(graphs, *sorted(playing[role]))
        own = {thing: set(leads.get(thing, ())) for thing in texts}
        others = _in_same_lists(graphs, set().union(*own.values()))
        called = {thing: [*map(_text, names.get(thing, ()))] for thing in others}
        for thing, text in texts.items():
            if told := _mistaken(dataset, text, own[thing], called):
                name, triple = labels[thing][0]
                yield stated(dataset, name, triple, "warning", told, ns.VALUES)
        texts = {thing: _without(text, own[thing], called) for thing, text in texts.items()}


def _mistaken(
    dataset: Dataset,
    text: str,
    own: AbstractSet[turtle.Term],
    called: Mapping[turtle.Term, Sequence[str]],
) -> str:
    """Say which thing a text names that is not its own; nothing, where it names its own, or none."""
    named = [thing for thing, names in called.items() if any(name in text for name in names)]
    if not own or not named or not own.isdisjoint(named):
        return ""
    wrong = ns.short(getattr(named[0], "value", ""), dataset.prefixes)
    meant = (ns.short(getattr(thing, "value", ""), dataset.prefixes) for thing in own)
    return (
        f"the label names {wrong}, and its record leads to {', '.join(sorted(meant))}; "
        "correct one of the two"
    )


def _in_same_lists(
    graphs: Mapping[str, Graph], things: Collection[turtle.Term]
) -> Sequence[turtle.Term]:
    """Give some things, and what stands in a list with one of them, as attitudes do."""
    listed = values(graphs, ns.SKOS + "inScheme")
    schemes = {scheme for thing in things for scheme in listed.get(thing, ())}
    members = [thing for thing, lists in listed.items() if not schemes.isdisjoint(lists)]
    return [*dict.fromkeys((*things, *members))]


def _without(
    text: str, own: Collection[turtle.Term], called: Mapping[turtle.Term, Sequence[str]]
) -> str:
    """Take out of a label what it names, so that words within it are taken for no other name."""
    for name in (name for thing in own for name in called.get(thing, ())):
        text = text.replace(name, "")
    return text


def _text(term: turtle.Term) -> str:
    return getattr(term, "value", "").casefold()
