"""The file of a release as it was at some time: which version readers saw then.

`/dump/NAME` is the original and its own TimeGate, `/release/{version}/NAME` are its mementos, and
`/timemap/NAME` lists them.

Follows RFC 7089 (Memento), sections 2, 4.1 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from starlette.exceptions import HTTPException

from publish import conditions, feeds
from publish.web import signposts
from publish.web.site import Site

LINKS = "application/link-format"
LATEST = "latest"
"""What stands in the place of a version for the one that is shown."""


@dataclass(frozen=True)
class Memento:
    """A version, and since when readers saw it."""

    version: str
    moment: datetime


class Mementos:
    """The versions of one site that have a file, in the order in which they were shown."""

    def __init__(self, site: Site, name: str) -> None:
        self._site = site
        self._name = quote(name)
        self.shown = tuple(self._shown(name))

    def _shown(self, name: str) -> Iterator[Memento]:
        site = self._site
        held = {**site.others, **({site.version: site.release} if site.release else {})}
        if not site.history and site.release:
            yield Memento(site.version, site.release.date)
        for step in site.history:
            if step.version in held and name in held[step.version].files:
                yield Memento(step.version, step.moment)

    def at(self, asked: str | None) -> str:
        """Give the version that readers saw at a time, in the form of HTTP; by default now.

        Before the first that is the first. Raises an `HTTPException` with status 400 for what is
        no time.
        """
        if asked is None:
            return self._site.version
        try:
            moment = parsedate_to_datetime(asked)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            said = f"`{asked[:80]}` is no time of HTTP, such as `Fri, 20 Nov 2026 09:30:00 GMT`"
            raise HTTPException(400, f"Accept-Datetime: {said}") from error
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        before = [one for one in self.shown if one.moment <= moment] or self.shown[:1]
        return before[-1].version

    def first(self, version: str) -> datetime | None:
        """Say when a version was first shown."""
        return next((one.moment for one in self.shown if one.version == version), None)

    def links(self) -> Sequence[signposts.Link]:
        """Give the links to the original and to the list of its mementos (RFC 7089, 2.2)."""
        return [
            signposts.Link("original timegate", self._path("dump")),
            signposts.Link("timemap", self._path("timemap"), LINKS),
        ]

    def timemap(self, home: str) -> bytes:
        """List the mementos, each where it was first shown (RFC 7089, 5)."""
        firsts = {one.version: one.moment for one in reversed(self.shown)}
        listed = sorted(firsts.items(), key=lambda pair: pair[1])
        span = [conditions.date(moment) for _, moment in (listed[0], listed[-1])]
        lines = [
            f'<{self._at(home, "dump")}>; rel="original timegate"',
            f'<{self._at(home, "timemap")}>; rel="self"; type="{LINKS}"; '
            f'from="{span[0]}"; until="{span[1]}"',
        ]
        for place, (version, moment) in enumerate(listed):
            first, last = ("first " * (place == 0), "last " * (place == len(listed) - 1))
            lines.append(
                f"<{home}{feeds.version(version)}{self._name}>; "
                f'rel="{first}{last}memento"; datetime="{conditions.date(moment)}"'
            )
        return ",\n".join(lines).encode() + b"\n"

    def _path(self, folder: str) -> str:
        return f"{self._site.prefix}/{folder}/{self._name}"

    def _at(self, home: str, folder: str) -> str:
        return f"{home}/{folder}/{self._name}"
