"""The vocabularies that the software itself knows, and the names in them that it uses.

Only terms that some module needs stand here, never those of a data set: a data set
describes itself, and its own names come from its prefixes and its base.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
VANN = "http://purl.org/vocab/vann/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
FOAF = "http://xmlns.com/foaf/0.1/"
PROV = "http://www.w3.org/ns/prov#"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
SD = "http://www.w3.org/ns/sparql-service-description#"
SPDX = "http://spdx.org/rdf/terms#"
FORMATS = "http://www.w3.org/ns/formats/"
FM = "https://w3id.org/folkmote#"
FABIO = "http://purl.org/spar/fabio/"
FRBR = "http://purl.org/vocab/frbr/core#"
BF = "http://id.loc.gov/ontologies/bibframe/"
RELATORS = "http://id.loc.gov/vocabulary/relators/"
LANGUAGES = "http://id.loc.gov/vocabulary/languages/"
GNDO = "https://d-nb.info/standards/elementset/gnd#"
MADS = "http://www.loc.gov/mads/rdf/v1#"
CRM = "http://www.cidoc-crm.org/cidoc-crm/"
LRMOO = "http://iflastandards.info/ns/lrm/lrmoo/"
CITO = "http://purl.org/spar/cito/"
C4O = "http://purl.org/spar/c4o/"
BIRO = "http://purl.org/spar/biro/"
OA = "http://www.w3.org/ns/oa#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
GEOSPARQL = "http://www.opengis.net/ont/geosparql#"
TIME = "http://www.w3.org/2006/time#"
OCO = "https://w3id.org/oc/ontology/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

TYPE = RDF + "type"
FIRST = RDF + "first"
REST = RDF + "rest"
NIL = RDF + "nil"

LETTERS = FM + "letters"
LETTER_DIGEST = FM + "letterDigest"
IN_PASSAGE = FM + "inPassage"
BASIS = FM + "basis"
PRINTED_FORM = FM + "printedForm"
LETTERS_BEFORE = FM + "lettersBefore"
TIMES = FM + "times"
MANNER = FM + "manner"
NUMBER = FM + "number"
READING_ORDER = FM + "readingOrder"
PAGE = FM + "page"
CALLED_IN = FM + "calledIn"
DATED = FM + "dated"
BORN = FM + "born"
DIED = FM + "died"
PUBLISHED_IN = FM + "publishedIn"
CITATION_KEY = FM + "citationKey"
DEVISED_TITLE = FM + "devisedTitle"
CREDITED_AS = FM + "creditedAs"
LOCATOR = FM + "locator"
PARTICIPANT = FM + "participant"
HOLDER = FM + "holder"
TOWARDS = FM + "towards"
ATTITUDE = FM + "attitude"
BEARS_ON = FM + "bearsOn"
EVIDENCE = FM + "evidence"
OPPOSED_TO = FM + "opposedTo"
REVERSED = FM + "reversed"
PERSONA = FM + "Persona"
PERSONA_OF = FM + "personaOf"
ROLES = frozenset(
    {
        *(LETTERS, LETTER_DIGEST, IN_PASSAGE, BASIS, PRINTED_FORM, LETTERS_BEFORE, TIMES, MANNER),
        *(NUMBER, READING_ORDER, PAGE, CALLED_IN, DATED, BORN, DIED, PUBLISHED_IN, CITATION_KEY),
        *(DEVISED_TITLE, CREDITED_AS, LOCATOR, PARTICIPANT, HOLDER, TOWARDS, ATTITUDE, BEARS_ON),
        *(EVIDENCE, OPPOSED_TO, REVERSED, PERSONA_OF),
    }
)
"""What a data set can say to us of its own properties."""
MATCHES = FM + "matches"
LIKENESS = FM + "likeness"
FUNCTIONS = frozenset({MATCHES, LIKENESS})
"""What queries can call beside the functions of SPARQL."""

SYNTAX = FM + "SyntaxConstraintComponent"
"""What finds a file that does not parse."""
BLOCKS = FM + "OneBlockConstraintComponent"
"""What finds a thing that is spoken of, or typed, in more than one place."""
RULES = FM + "RuleConstraintComponent"
"""What finds a rule that cannot be used."""
TERMS = FM + "TermConstraintComponent"
"""What finds a term of another vocabulary, or of the data set's own, that does not exist."""
USES = FM + "UseConstraintComponent"
"""What finds a term that is not used as its vocabulary says."""
VALUES = FM + "ValueConstraintComponent"
"""What finds a value, a language tag or an identifier that is written wrongly."""
LINKS = FM + "LinkConstraintComponent"
"""What finds an address of the data set's own that leads to nothing."""

MATCHING = tuple(f"{SKOS}{how}Match" for how in ("broad", "close", "exact", "narrow", "related"))
"""The properties that match concepts of two schemes (SKOS 10.2)."""
LABELS = (
    SKOS + "prefLabel",
    RDFS + "label",
    DCTERMS + "title",
    SCHEMA + "name",
    FOAF + "name",
)
"""The properties that may hold the label of a thing, the best one first.

What is meant as a label goes before a title or name: three editions may share a title.
"""

STANDARD = MappingProxyType(
    {
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "foaf": FOAF,
        "owl": OWL,
        "prov": PROV,
        "rdf": RDF,
        "rdfs": RDFS,
        "sd": SD,
        "schema": SCHEMA,
        "sh": SH,
        "skos": SKOS,
        "spdx": SPDX,
        "vann": VANN,
        "void": VOID,
        "xsd": XSD,
    }
)
"""Prefixes for what has none of its own, such as a bare file of N-Quads."""

TRUE = frozenset({"true", "1"})
"""How what is true is written (XML Schema 1.1, Part 2, 3.3.2.2)."""


def full(name: str, prefixes: Mapping[str, str]) -> str:
    """Give a name with a known prefix in full; an address, and any other text, as it is."""
    prefix, colon, local = name.partition(":")
    space = prefixes.get(prefix) if colon else None
    return name if space is None or local.startswith("//") else space + local


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by the prefix that saves most, where a name without a slash is left."""
    fitting = [(len(space), name) for name, space in prefixes.items() if iri.startswith(space)]
    if not fitting or "/" in (local := iri[max(fitting)[0] :]):
        return iri
    return f"{max(fitting)[1]}:{local}"


_BESIDE = MappingProxyType(
    {
        0x67E: "\u0628\uffff",  # peh after beh
        0x686: "\u062c\uffff",  # tcheh after jeem
        0x698: "\u0632\uffff",  # jeh after zain
        0x6A9: "\u0643",  # kaf, and gaf after it
        0x6AF: "\u0643\uffff",
        0x6CC: "\u064a",  # yeh
        0x200C: None,
    }
)
"""Where letters that Persian and Urdu add to the Arabic script stand among the others (Unicode
Technical Standard 10, table of elements), which their numbers do not tell."""


def natural_order(iri: str) -> list[tuple[int, int, str]]:
    """Give a key that sorts 2.10 after 2.9, and names that begin with a word after numbers."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.findall(r"\d+|\D+", iri)
    ]


def alphabetic_order(words: str) -> list[tuple[int, int, str]]:
    """Give a key that sorts names as a reader looks for them: Ångström at A, whatever the case."""
    folded = words.casefold()
    if folded.isascii():
        # As nearly all are, and there is nothing to take off.
        return natural_order(folded)
    apart = unicodedata.normalize("NFKD", folded)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return natural_order(plain.translate(_BESIDE))
