"""IRIs as prefixed names (CURIEs), with the prefixes that they need."""

from __future__ import annotations

import re
from collections.abc import Mapping

from publish import namespaces as ns

_LOCAL = re.compile(r"[^/]+/?")
_LAST = re.compile(r"[^/#]*[/#]?$")


class Curies:
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
            self._known[name] = space_of(iri)
        self.used[name] = space = self._known[name]
        return f"{name}:{iri.removeprefix(space)}"


def space_of(iri: str) -> str:
    """Give the space of an IRI: all but its last part, which is never empty."""
    return _LAST.sub("", iri) or iri[: iri.rfind(":") + 1]
