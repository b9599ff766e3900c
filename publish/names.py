"""The name of a person, split as catalogues and reference managers want it.

A name says by itself only so much: `Gabriel García Márquez` ends in `Márquez` for whoever does not
know him. So what else a person is called is asked first: a shorter name that ends the full one
is the family name. Where nothing is known, the rules of BibTeX decide (Patashnik, BibTeXing,
section 4), which know particles by their small letters and inverted names by their comma; a name
in a script whose writers order names otherwise stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from publish import turtle

_LINEAGE = re.compile(r"(?:Jr|Sr|jun|sen)\.?|[IVX]{2,4}|Jnr|Snr")
_FAMILY_LAST = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW")


@dataclass(frozen=True)
class Name:
    """A name in its parts; one that cannot be split is all `family`."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        """The name as a heading: `Beethoven, Ludwig van`."""
        rest = " ".join(filter(None, (self.given, self.particle)))
        return ", ".join(filter(None, (self.family, rest, self.suffix)))

    @property
    def direct(self) -> str:
        """The name as it is spoken: `Ludwig van Beethoven`."""
        return " ".join(filter(None, (self.given, self.particle, self.family, self.suffix)))


def clean(text: str) -> str:
    """Make a text one line, composed (NFC), of characters that XML can hold (XML 1.0, 2.2).

    What cannot be held becomes U+FFFD, so that a reader sees that something stood there.
    """
    return " ".join(turtle.NOT_XML.sub("\ufffd", unicodedata.normalize("NFC", text)).split())


def fullest(preferred: str, others: Iterable[str]) -> str:
    """Choose the fullest form of a name: the longest that has all words of the preferred one."""
    words = set(preferred.split())
    full = [one for one in others if "," not in one and words < set(one.split())]
    return max(full, key=lambda one: (len(one), one), default=preferred)


def split(full: str, others: Iterable[str] = ()) -> Name:
    """Split a name; `others` are further names of the same person."""
    if "(" in full and "," not in full:
        # A name with what says something of it, such as `(pseudonym)`, is left whole.
        return Name(full)
    full, suffix = _lineage(full)
    shorter = [one for one in others if full.endswith(f" {one}")]
    if shorter:
        family = max(shorter, key=len)
        given, particle = _particle(full.removesuffix(family).split())
        return Name(family, given, particle, suffix)
    if "," not in full and not _ends_in_family(full):
        return Name(full)
    # To load the library takes longer than to split many names.
    from pybtex.database import InvalidNameString, Person

    try:
        person = Person(re.sub(r"[{}\\]", "", full))
    except InvalidNameString:
        return Name(full)
    given = " ".join((*person.first_names, *person.middle_names))
    return Name(
        " ".join(person.last_names) or full,
        given,
        " ".join(person.prelast_names),
        suffix or " ".join(person.lineage_names),
    )


def _ends_in_family(full: str) -> bool:
    """Say whether names in these letters end in the name of the family, as far as it is said.

    In others it stands first (Chinese, Korean, Japanese), or there is none (older Arabic, Persian).
    """
    first = next(filter(str.isalpha, full), "a")
    return unicodedata.name(first, "").startswith(_FAMILY_LAST)


def _lineage(full: str) -> tuple[str, str]:
    """Take `Jr.` and the like from the end of a name that is not inverted."""
    before, _, last = full.rpartition(" ")
    if before and _LINEAGE.fullmatch(last) and before.rstrip(",").count(",") == 0:
        return before.rstrip(","), last
    return full, ""


def _particle(words: Sequence[str]) -> tuple[str, str]:
    """Part the small words at the end of given names from them."""
    cut = len(words)
    while cut > 0 and words[cut - 1][0].islower():
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])
