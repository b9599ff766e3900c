"""How well names and values agree: as names are written, as identifiers, dates, numbers or texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publish import dates, matching, turtle
from publish import namespaces as ns
from publish.candidates.values import Given
from publish.sources import Called

_GIVEN = ("altLabel", "hiddenLabel")
_SHORTENED = 8.0
"""What a title loses whose subtitle is left out: enough that somebody looks at it again."""


@dataclass(frozen=True)
class Wanted:
    """The properties that a condition is about.

    `identity` says that their values are identifiers elsewhere, below one of `spaces`; of an
    `authority` only those below its own count.
    """

    properties: tuple[str, ...]
    name: str
    spaces: tuple[str, ...] = ()
    identity: bool = False
    authority: bool = False


def is_address(text: str) -> bool:
    """Say whether a text is an IRI, and not a title with a colon."""
    return ("://" in text or text.startswith("urn:")) and turtle.is_iri(text)


def name_score(text: str, name: Called) -> float:
    """Weigh a name: what SKOS calls another name comes a little behind labels and titles.

    What it hides, a slip perhaps, comes behind that.
    """
    last = name.predicate.removeprefix(ns.SKOS)
    behind = _GIVEN.index(last) + 1 if last in _GIVEN else 0
    return round(100 * matching.resemblance(text, name.text) - 2 * behind, 1)


def proper(title: str) -> str:
    """Give a title without its subtitle, which stands behind a colon."""
    return title.partition(": ")[0].rstrip()


def title_score(text: str, name: Called) -> float:
    """Weigh a name that may be a title, whose subtitle few who cite it copy."""
    short = name_score(text, name._replace(text=proper(name.text))) - _SHORTENED
    return max(name_score(text, name), short)


def value_of(term: turtle.Term) -> str:
    """Give the IRI or the text of a term; of a nameless thing, nothing."""
    return term.value if isinstance(term, turtle.Named | turtle.Literal) else ""


def same_identifier(value: Given, iri: str, wanted: Wanted) -> float:
    """Compare an identifier, which may be an IRI or the last part of one, with an IRI."""
    asked = value.iri or value.text.strip()
    plain = [one.partition("#about")[0].rstrip("/") for one in (asked, iri)]
    secure = [one.replace("http://", "https://", 1) for one in plain]
    if secure[0] == secure[1]:
        return 1.0
    return float(any(plain[1] == f"{space}{plain[0]}" for space in wanted.spaces if plain[0]))


def same_value(value: Given, term: turtle.Term, texts: Sequence[str]) -> float:
    """Compare a value with one of a candidate: as a thing, a date, a number or a text."""
    found = value_of(term)
    if value.iri and value.iri == found:
        return 1.0
    spoken = texts if isinstance(term, turtle.Named) else (found,)
    return max((_same_text(value.text, one) for one in spoken), default=0.0)


def _same_text(given: str, found: str) -> float:
    if (agreed := dates.agreement(given, found)) is not None:
        return agreed
    try:
        return float(float(given) == float(found))
    except ValueError:
        return matching.resemblance(given, found)
