"""What readers saw change, as feeds that a catalogue or a feed reader can follow; no HTTP here.

A log has one activity for each name below the base of the data set, but for its rules, that came,
changed, was retired or vanished, the oldest first, each with a number that it keeps: what comes
later is added at the end. Who walks the pages from first to last and does what each activity says
holds exactly the names that there are. What was there when the log begins is told as `Add`.

Follows ActivityStreams 2.0 (Core and Vocabulary), the Entity Metadata Management API 1.0, which
adds `Deprecate`, and RFC 4287 (Atom), where an entry is a version.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from publish import diff, names, turtle
from publish.dataset import Description
from publish.diff import Change, Step
from publish.version import __version__

Document: TypeAlias = dict[str, Any]
"""A JSON object."""
Link: TypeAlias = tuple[str, str]
"""An address and the media type of what is there."""

CONTEXT = ("https://www.w3.org/ns/activitystreams", "https://emm-spec.org/1.0/context.json")
ACTIVITIES = "application/activity+json"
ATOM = "application/atom+xml"
RDF_PATCH = "application/rdf-patch"

_TYPES: Mapping[diff.Kind, str] = MappingProxyType(
    {
        "added": "Create",
        "changed": "Update",
        "retired": "Deprecate",
        "removed": "Delete",
        "vanished": "Delete",
    }
)
SENTENCES = MappingProxyType(
    {
        "Add": "there when the log begins",
        "Create": "added",
        "Update": "changed",
        "Deprecate": "retired",
        "Delete": "gone",
    }
)
"""What happened to a thing, by the kind of its activity."""
_MOST = 50
"""How many things an entry of the Atom feed names."""


@dataclass(frozen=True)
class Activity:
    """What happened to one thing; `number` counts from 1, over the whole log."""

    number: int
    type: str
    change: Change
    step: Step

    @property
    def sentence(self) -> str:
        """Say it in words."""
        said = f"{self.change.label}: {SENTENCES[self.type]}"
        if self.change.replaced_by:
            said += f", replaced by {' and '.join(self.change.replaced_by)}"
        return said if self.type == "Add" else f"{said} in version {self.step.version}"


class Log:
    """All activities of a data set, made of the steps from version to version."""

    def __init__(self, steps: Sequence[Step], about: Description, rules: str = "") -> None:
        """Make a log; what stands only in the graph `rules` is left out of it."""
        self.steps = tuple(steps)
        self.about = about
        self._rules = rules
        self.activities = tuple(self._activities())

    def _activities(self) -> Iterator[Activity]:
        number = 0
        # What replaces a thing comes before it.
        order = {kind: place for place, kind in enumerate(reversed(diff.KINDS))}
        for step in self.steps:
            changes = [one for one in step.difference.changes if self._is_followed(one)]
            for change in sorted(changes, key=lambda one: (order[one.kind], one.iri)):
                number += 1
                kind = _TYPES[change.kind] if step.before else "Add"
                yield Activity(number, kind, change, step)

    def _is_followed(self, change: Change) -> bool:
        graphs = {edit.graph for edit in change.edits}
        return change.iri.startswith(self.about.base) and graphs != {self._rules}

    def between(self, before: str, version: str) -> tuple[Step, ...]:
        """Give the steps that lead from one version to another, as few as there are.

        Nothing where readers never saw the one before the other.
        """
        best: tuple[Step, ...] = ()
        for start, step in enumerate(self.steps):
            if step.before != before or not before:
                continue
            for end in range(start, len(self.steps)):
                chain = self.steps[start : end + 1]
                if chain[-1].version == version and (not best or len(chain) < len(best)):
                    best = chain
        return best

    def of(self, iri: str) -> tuple[Activity, ...]:
        """Give what happened to one thing."""
        return tuple(one for one in self.activities if one.change.iri == iri)

    def gone(self) -> dict[str, Activity]:
        """Give by name how each thing that is no more came to its end."""
        found: dict[str, Activity] = {}
        for one in self.activities:
            if one.type == "Delete":
                found[one.change.iri] = one
            else:
                found.pop(one.change.iri, None)
        return found


@dataclass(frozen=True)
class Feed:
    """A log as one server gives it.

    `home` is the address of the server, `size` how many activities a page has, `document` gives
    the address of the data about a thing, `files` are the dumps, from which a follower begins.
    Of the activities only those of the thing `iri`, where it is given. Collection and pages end
    in `suffix` where nobody looks at what a request accepts.
    """

    log: Log
    home: str
    size: int
    document: Callable[[str], Link]
    files: Sequence[Link] = ()
    iri: str = ""
    suffix: str = ""

    @cached_property
    def activities(self) -> Sequence[Activity]:
        """The activities that it tells of."""
        return self.log.of(self.iri) if self.iri else self.log.activities

    @property
    def last(self) -> int:
        """The number of the last page, which is that of the newest activities."""
        return max(1, -(-len(self.activities) // self.size))

    @property
    def title(self) -> str:
        """Name what the feed tells of."""
        return f"Changes of {self.iri or self.log.about.title}"

    def shown(self, number: int) -> Sequence[Activity]:
        """Give the activities of a page."""
        return self.activities[(number - 1) * self.size : number * self.size]

    def page_of(self, activity: int) -> int:
        """Give the number of the page on which the activity of a number stands."""
        return 1 + (activity - 1) // self.size

    # --- ActivityStreams -----------------------------------------------------------------------

    def collection(self) -> Document:
        """Write the collection: how many activities there are, the first and the last page."""
        return {
            "@context": list(CONTEXT),
            "id": self._address("/changes"),
            "type": "OrderedCollection",
            "summary": html.escape(self.title),
            "updated": _moment(self.log.steps[-1].moment),
            "url": [_link(*one) for one in self.files],
            "totalItems": len(self.activities),
            "first": self._page(1),
            "last": self._page(self.last),
        }

    def page(self, number: int) -> Document:
        """Write a page of activities, the oldest first."""
        shown = self.shown(number)
        told: Document = {
            "@context": list(CONTEXT),
            "id": self._page(number)["id"],
            "type": "OrderedCollectionPage",
            "partOf": {"id": self._address("/changes"), "type": "OrderedCollection"},
            # The number of items here, as EMM 3.2 has it.
            "totalItems": len(shown),
            "startIndex": (number - 1) * self.size,
            "orderedItems": [self._activity(one) for one in shown],
        }
        if number > 1:
            told["prev"] = self._page(number - 1)
        if number < self.last:
            told["next"] = self._page(number + 1)
        return told

    def activity(self, number: int) -> Document:
        """Write one activity as a document of its own."""
        return {"@context": list(CONTEXT), **self._activity(self.log.activities[number - 1])}

    def _activity(self, one: Activity) -> Document:
        about, moment = self.log.about, _moment(one.step.moment)
        told: Document = {
            "id": f"{about.base}changes/{one.number}",
            "type": one.type,
            "summary": html.escape(one.sentence),
            "published": moment,
            **({"actor": makers} if (makers := [*filter(turtle.is_iri, about.creators)]) else {}),
            "object": self._object(one, moment),
        }
        if one.type == "Add":
            told["target"] = about.iri
        if one.step.before:
            place = difference(one.step.version, one.step.before)
            told["instrument"] = _link(f"{self.home}{place}.rdfp", RDF_PATCH)
        return told

    def _object(self, one: Activity, moment: str) -> Document:
        types = list(one.change.types)
        told: Document = {"id": one.change.iri, "name": one.change.label}
        if one.type == "Delete":
            return {**told, "type": "Tombstone", "formerType": types, "deleted": moment}
        return {
            **told,
            "type": types or "Object",
            "updated": moment,
            "url": _link(*self.document(one.change.iri)),
        }

    def _page(self, number: int) -> Document:
        return {"id": self._address(f"/changes/page/{number}"), "type": "OrderedCollectionPage"}

    def _address(self, path: str) -> str:
        asked = f"?{urlencode({'iri': self.iri})}" if self.iri else ""
        return f"{self.home}{path}{self.suffix}{asked}"

    # --- Atom ----------------------------------------------------------------------------------

    def atom(self, authors: Sequence[str]) -> bytes:
        """Write the versions as a feed for readers, the newest first."""
        about, steps = self.log.about, self.log.steps
        # With its own libraries it takes a while to load, and few ask for a feed.
        from feedgen.feed import FeedGenerator

        feed = FeedGenerator()
        feed.id(f"{about.base}changes")
        feed.title(names.clean(self.title))
        # What a version brought is told in English; data labels may be in any language.
        feed.language("en")
        feed.updated(steps[-1].moment)
        feed.generator("folkmote", __version__)
        feed.link(href=f"{self.home}/changes.atom", rel="self", type=ATOM)
        feed.link(href=f"{self.home}/changes", rel="alternate", type="text/html")
        feed.author([{"name": names.clean(name)} for name in authors or (about.title,)])
        if about.licence:
            feed.rights(names.clean(about.licence))
        for step in reversed(steps):
            entry = feed.add_entry(order="append")
            place = version(step.version)
            if step.before:
                place = difference(step.version, step.before)
            entry.id(f"{about.base}{place[1:]}#{_moment(step.moment)}")
            entry.title(names.clean(f"Version {step.version}"))
            entry.updated(step.moment)
            entry.published(step.moment)
            entry.link(href=f"{self.home}{place}", rel="alternate", type="text/html")
            entry.summary(names.clean(summary(step)))
            entry.content(names.clean(self._content(step)), type="html")
        written: bytes = feed.atom_str(pretty=True)
        return written + b"\n"

    def _content(self, step: Step) -> str:
        if not step.before:
            return f"<p>{html.escape(summary(step))}</p>"
        rows = [
            f'<li><a href="{html.escape(one.change.iri)}">{html.escape(one.change.label)}</a>: '
            f"{SENTENCES[one.type]}</li>"
            for one in self.log.activities
            if one.step is step
        ]
        more = f"<p>and {len(rows) - _MOST} more</p>" if len(rows) > _MOST else ""
        return f"<p>{html.escape(summary(step))}</p><ul>{''.join(rows[:_MOST])}</ul>{more}"


def summary(step: Step) -> str:
    """Say in one line what a version brought."""
    if step.before:
        return f"Since version {step.before}: {diff.summary(step.difference)}"
    kinds = Counter(one.kind for one in step.difference.changes)
    return f"{kinds['added']:,} things, {step.difference.added:,} statements"


def version(number: str) -> str:
    """Give the path of a version."""
    return f"/release/{quote(number, safe='')}/"


def difference(number: str, before: str) -> str:
    """Give the path of what changed from the version `before` to another."""
    return f"{version(number)}changes/{quote(before, safe='')}"


def _link(href: str, media: str) -> Document:
    return {"type": "Link", "href": href, "mediaType": media}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
