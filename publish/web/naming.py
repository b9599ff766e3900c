"""What things, terms and graphs are called on a page, where the data have a label and where not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from types import MappingProxyType

from publish import namespaces as ns
from publish.records import GRAPHS, Link, Records, Statement, Text, words
from publish.web.wording import Wording

# The number of a record, as authority files give one, is no word.
_IDENTIFIER = re.compile(r"[#/][A-Za-z]{0,3}\d[\dA-Za-z-]*$")
_LICENCE = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([\d.]+)/?"
)
PROPERTIES = MappingProxyType(
    {
        ns.CRM + "P4_has_time-span": "when",
        ns.CRM + "P7_took_place_at": "where",
        ns.CRM + "P168_place_is_defined_by": "coordinates",
        ns.OA + "hasBody": "what is meant",
        ns.OA + "hasTarget": "in the text",
        ns.OA + "motivatedBy": "purpose",
        ns.CITO + "hasCitedEntity": "what is cited",
        ns.CITO + "hasCitingEntity": "cited in",
        ns.CITO + "hasCitationCharacterization": "how it is cited",
        ns.BF + "contribution": "who had a part in it",
        ns.BF + "agent": "by whom",
        ns.BF + "role": "in which role",
        ns.DCAT + "hadRole": "in which role",
        ns.RDF + "subject": "who or what",
        ns.RDF + "predicate": "does or is",
        ns.RDF + "object": "to whom or what",
        ns.CRM + "P89_falls_within": "lies in",
        ns.PROV + "wasDerivedFrom": "taken from",
        ns.CRM + "P82_at_some_time_within": "date in EDTF",
        ns.OWL + "differentFrom": "not the same as",
        ns.SSSOM + "object_source": "authority",
        ns.VOID + "uriSpace": "how its addresses begin",
        ns.SCHEMA + "position": "place in the order",
        ns.SKOS + "inScheme": "listed in",
        ns.SKOS + "hasTopConcept": "widest concepts",
        ns.SKOS + "topConceptOf": "among the widest of",
        ns.SKOS + "scopeNote": "note",
        ns.SKOS + "editorialNote": "note of the editors",
        ns.SKOS + "exactMatch": "the same as",
        ns.SKOS + "closeMatch": "nearly the same as",
        ns.SKOSXL + "literalForm": "as written",
        ns.FRBR + "realization": "edition",
        ns.FRBR + "realizationOf": "edition of",
        ns.SKOS + "altLabel": "also called",
        ns.SKOSXL + "altLabel": "also called",
        ns.SKOS + "hiddenLabel": "also found as",
        ns.SKOSXL + "hiddenLabel": "also found as",
    }
)
"""Properties of published vocabularies in words of people who do not know these."""
REVERSED = MappingProxyType(
    {
        ns.BF + "agent": "had a part in",
        ns.BF + "contribution": "part in",
        ns.CITO + "cites": "cited by",
        ns.CRM + "P86_falls_within": "falls within it",
        ns.CRM + "P89_falls_within": "lies in it",
        ns.DCTERMS + "creator": "made",
        ns.DCTERMS + "publisher": "published",
        ns.DCTERMS + "source": "taken from it",
        ns.FOAF + "member": "member of",
        ns.FRBR + "realizationOf": "editions",
        ns.FRBR + "translationOf": "translations",
        ns.PROV + "wasDerivedFrom": "taken from it",
        ns.SCHEMA + "about": "subject of",
        ns.SCHEMA + "birthPlace": "born there",
        ns.SCHEMA + "deathPlace": "died there",
        ns.SCHEMA + "editor": "edited",
        ns.SCHEMA + "translator": "translated",
        ns.SH + "defaultValue": "what questions ask of at first",
        ns.SH + "hasValue": "what rules demand it",
        ns.SKOS + "hasTopConcept": "among the widest of",
        ns.SKOS + "inScheme": "what it lists",
        ns.SKOS + "topConceptOf": "widest concepts",
        ns.SKOSXL + "altLabel": "name of",
        ns.SKOSXL + "hiddenLabel": "name of",
        ns.SSSOM + "object_source": "links to it",
        ns.VANN + "example": "example of",
        ns.VOID + "exampleResource": "example in",
    }
)
"""Properties of published vocabularies in words that say them from their other end."""
OTHERS = "others"
"""What is of no kind that has a name."""
_FEW = 12
"""Up to how many things that point at one stand together, whatever kind they are of."""


class Names:
    """The names of what the records speak of; words of ours are in the language of the interface."""

    def __init__(self, records: Records, wording: Wording) -> None:
        self._records = records
        self._dataset = records.dataset
        self._wording = wording
        self._prefixes = {space: prefix for prefix, space in self._dataset.prefixes.items()}

    def compact(self, iri: str) -> str:
        """Shorten the IRI of a term by the prefixes of the data set."""
        space = _space(iri)
        prefix = self._prefixes.get(space)
        return iri if prefix is None else f"{prefix}:{iri.removeprefix(space)}"

    def expand(self, compact: str) -> str:
        """Give the IRI that a compact name of the tables of links stands for."""
        prefix, _, local = compact.partition(":")
        known = {"semapv": ns.SEMAPV, **self._dataset.prefixes}
        return known[prefix] + local if prefix in known else compact

    def name(self, iri: str) -> Text:
        """Name a thing: by its label, by the words of a term, or by the IRI itself."""
        if self._records.labelled(iri):
            return self._records.label(iri)
        if licence := _LICENCE.fullmatch(iri):
            code, version = licence.groups()
            known = {"zero": "CC0", "mark": "Public Domain Mark"}
            return Text(f"{known.get(code, f'CC {code.upper()}')} {version}")
        below = bool(self._dataset.base) and iri.startswith(self._dataset.base)
        # Each table of links may use the justifications, whatever prefixes the files declare.
        declared = _space(iri) in self._prefixes or _space(iri) == ns.SEMAPV
        term = declared and not _IDENTIFIER.search(iri)
        if below or (term and _space(iri) != iri):
            return Text(words(iri))
        return Text(iri)

    def property(self, iri: str) -> Text:
        """Name a property: plainly, where its English name is only known to those who know it."""
        label = self._records.label(iri)
        plain = PROPERTIES.get(iri) if label.language in (None, "", "en") else None
        return self._own(plain) if plain else label

    def reversed(self, iri: str) -> Text | None:
        """Name a property as it reads from its other end; nothing where we have no words for it."""
        plain = REVERSED.get(iri)
        return self._own(plain) if plain else None

    def by_kind(
        self, pointers: Sequence[Statement]
    ) -> tuple[tuple[Text, tuple[Statement, ...]], ...]:
        """Gather many things that point at one by their kind; a few of several stay together."""
        about = self._dataset.description
        space = about.uri_space if about else ""
        groups: defaultdict[str, list[Statement]] = defaultdict(list)
        for one in pointers:
            iri = one.value.iri if isinstance(one.value, Link) else ""
            inside = bool(space) and iri.startswith(space)
            groups[iri.removeprefix(space).partition("/")[0] if inside else ""].append(one)
        names = {kind.name: kind.label for kind in self._records.kinds()}
        if groups.keys().isdisjoint(names) or (len(pointers) <= _FEW and len(groups) > 1):
            return ((Text(""), tuple(pointers)),)
        order = sorted(groups, key=lambda name: (name not in names, -len(groups[name]), name))
        return tuple((names.get(name, self._own(OTHERS)), tuple(groups[name])) for name in order)

    def graph_name(self, iri: str) -> Text:
        """Name a graph: by its label, by its IRI, or in words of ours by what it is for."""
        name = self._records.graph_name(iri)
        return self._own(name.value) if name.value in GRAPHS.values() else name

    def _own(self, text: str) -> Text:
        """Give a text of ours in the language of the interface."""
        return Text(self._wording.gettext(text), self._wording.language)


def _space(iri: str) -> str:
    """Give the namespace of a term: all up to its last `#` or `/`."""
    return re.sub(r"[^#/]*$", "", iri)
