"""What is printed where: places that a passage cannot have, known without its text.

A passage has so many letters, and at each of them there is one. So a form that is said to stand
beyond its end, or where another record has other letters, stands elsewhere: often in the passage
above or below. Follows the roles of CONTRIBUTING; letters are those that `anchors` counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from publish import anchors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.proofreading.statements import by_thing, values
from publish.validation import Finding, stated

_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_ENDLESS = 10**9


def wrong_places(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find records of printed forms that cannot stand in their passage where they are said to."""
    of_records = (ns.PRINTED_FORM, ns.IN_PASSAGE, ns.LETTERS)
    playing = dataset.below((ns.LETTERS_BEFORE, *of_records), ns.RDFS + "subPropertyOf")
    said = {role: values(graphs, *sorted(playing[role])) for role in of_records}
    passages: dict[turtle.Term, _Passage] = {}
    letters = cache(anchors.letters)
    for record, places in by_thing(graphs, *sorted(playing[ns.LETTERS_BEFORE])).items():
        inside = said[ns.IN_PASSAGE].get(record, ())
        forms = [_text(form) for form in said[ns.PRINTED_FORM].get(record, ())]
        if len(inside) != 1 or not forms:
            continue
        shortest = min(map(letters, forms), key=len)
        passage = inside[0]
        if passage not in passages:
            counts = [_text(count) for count in said[ns.LETTERS].get(passage, ())]
            passages[passage] = _Passage(
                passage, min(map(_count, counts), default=_ENDLESS), dataset.prefixes, {}
            )
        for graph, triple in places:
            if told := passages[passage].wrong(record, forms, shortest, _text(triple.object)):
                message = f"{told}; correct the place, or the passage"
                yield stated(dataset, graph, triple, "violation", message, ns.USES)
                break


def wrong_digests(dataset: Dataset, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Find passages with the digest of another one that has not as many letters.

    Of a passage whose letters nobody counted, nothing is known.
    """
    roles = (ns.LETTER_DIGEST, ns.LETTERS)
    playing = dataset.below(roles, ns.RDFS + "subPropertyOf")
    lengths = values(graphs, *sorted(playing[ns.LETTERS]))
    first: dict[turtle.Term, turtle.Term] = {}
    for passage, said in by_thing(graphs, *sorted(playing[ns.LETTER_DIGEST])).items():
        if not (counted := lengths.get(passage)):
            continue
        for graph, triple in said:
            other = first.setdefault(triple.object, passage)
            if set(lengths[other]).isdisjoint(counted):
                short = ns.short(getattr(other, "value", ""), dataset.prefixes)
                message = (
                    f"is the digest of {short} too, which has not as many letters; measure the "
                    "passage again with `folkmote anchor`"
                )
                yield stated(dataset, graph, triple, "violation", message, ns.USES)


@dataclass
class _Passage:
    """How many letters a passage has, and which of them which records tell."""

    iri: turtle.Term
    length: int
    prefixes: Mapping[str, str]
    known: dict[int, tuple[str, str, turtle.Term]]

    def wrong(self, record: turtle.Term, forms: Sequence[str], shortest: str, place: str) -> str:
        """Say why no form can stand after so many letters; nothing, where one can."""
        begin = _count(place)
        if begin == _ENDLESS:
            return ""

        if begin + len(shortest) > self.length:
            return (
                f"{self._short(self.iri)} has {self.length} letters, and `{forms[0]}` cannot stand "
                f"after {begin} of them"
            )
        # Which of several forms stands there, nobody says.
        for number, letter in enumerate(shortest if len(forms) == 1 else "", begin):
            known, other, where = self.known.setdefault(number, (letter, forms[0], record))
            if known != letter:
                return (
                    f"`{forms[0]}` cannot stand after {begin} letters of {self._short(self.iri)}, where "
                    f"`{other}` of {self._short(where)} does"
                )
        return ""

    def _short(self, thing: turtle.Term) -> str:
        return ns.short(getattr(thing, "value", ""), self.prefixes)


def _text(term: turtle.Term) -> str:
    return getattr(term, "value", "")


def _count(text: str) -> int:
    """Read a number of letters; what is none, another rule refuses."""
    return int(text) if _COUNT.fullmatch(text) else _ENDLESS
