"""The published classes and properties that catalogues know, by kind and by field."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from publish import namespaces as ns


class Kind(StrEnum):
    """What kinds of things catalogues have records of."""

    PERSON = "person"
    GROUP = "group"
    EDITION = "edition"
    WORK = "work"
    CONCEPT = "concept"
    EVENT = "event"
    PLACE = "place"
    CITATION = "citation"


AUTHORING = ("aut", "cre")
"""The MARC relators of whoever is named first."""
AGENTS = (Kind.PERSON, Kind.GROUP)
BODIES = (
    *(ns.FOAF + "Organization", ns.SCHEMA + "Organization"),
    *(ns.CRM + "E74_Group", ns.BF + "Organization", ns.MADS + "CorporateName"),
)
"""Classes of groups that have a name of their own and act as one (RDA 8.1.2).

Not so `foaf:Group`: hackers or economists are people of one kind, and headings take them for topics.
"""
CLASSES = MappingProxyType(
    {
        Kind.CITATION: (ns.CITO + "Citation",),
        Kind.GROUP: (ns.FOAF + "Group", *BODIES),
        Kind.PERSON: (
            *(ns.PERSONA, ns.FOAF + "Person", ns.SCHEMA + "Person"),
            *(ns.CRM + "E21_Person", ns.BF + "Person", ns.MADS + "PersonalName"),
        ),
        Kind.WORK: (
            *(ns.FABIO + "Work", ns.FRBR + "Work", ns.BF + "Work", ns.LRMOO + "F1_Work"),
            *(ns.SCHEMA + "CreativeWorkSeries",),
        ),
        Kind.EDITION: (
            *(ns.FABIO + "Expression", ns.FRBR + "Expression", ns.BF + "Instance"),
            *(ns.FABIO + "Manifestation", ns.FRBR + "Manifestation"),
            *(ns.LRMOO + "F2_Expression", ns.LRMOO + "F3_Manifestation"),
            *(ns.SCHEMA + "CreativeWork", ns.DCTERMS + "BibliographicResource"),
        ),
        Kind.EVENT: (ns.CRM + "E4_Period", ns.SCHEMA + "Event", ns.BF + "Event"),
        Kind.PLACE: (
            *(ns.CRM + "E53_Place", ns.SCHEMA + "Place", ns.BF + "Place"),
            ns.MADS + "Geographic",
        ),
        Kind.CONCEPT: (ns.SKOS + "Concept", ns.SCHEMA + "DefinedTerm", ns.BF + "Topic"),
    }
)
"""The published classes of each kind; a thing is of the first kind that one of its classes fits."""
NOT_ITEMS = (
    *(ns.SCHEMA + "Dataset", ns.SCHEMA + "DataCatalog", ns.SCHEMA + "DefinedTermSet"),
    *(ns.SCHEMA + "Claim", ns.SCHEMA + "WebSite", ns.SCHEMA + "DataDownload"),
    *(ns.DCAT + "Dataset", ns.FABIO + "Dataset"),
)
"""Classes below those of editions and works that no catalogue of literature has."""
FORMS = (
    ("chapter", (ns.FABIO + "Chapter", ns.SCHEMA + "Chapter")),
    ("thesis", (ns.FABIO + "Thesis", ns.SCHEMA + "Thesis")),
    ("paper", (ns.FABIO + "ProceedingsPaper",)),
    ("entry", (ns.FABIO + "ReferenceEntry",)),
    # A report is an article to schema.org.
    ("report", (ns.FABIO + "Report", ns.FABIO + "ReportDocument", ns.SCHEMA + "Report")),
    ("newspaper", (ns.FABIO + "NewspaperArticle", ns.SCHEMA + "NewsArticle")),
    ("article", (ns.FABIO + "Article", ns.SCHEMA + "Article")),
    ("book", (ns.FABIO + "Book", ns.SCHEMA + "Book", ns.FABIO + "ExpressionCollection")),
    ("letter", (ns.FABIO + "Letter", ns.SCHEMA + "Message")),
    ("web", (ns.FABIO + "WebPage", ns.SCHEMA + "WebPage", ns.FABIO + "BlogPost")),
)
"""The forms of editions, by their published classes."""
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ns.LABELS,
        "variant": (
            *(ns.SKOS + "altLabel", ns.FOAF + "name", ns.SCHEMA + "alternateName"),
            *(ns.DCTERMS + "alternative", ns.SKOS + "prefLabel", ns.RDFS + "label"),
        ),
        "title": (ns.DCTERMS + "title", ns.SCHEMA + "name", ns.BF + "mainTitle"),
        "alternative": (ns.DCTERMS + "alternative", ns.SCHEMA + "alternateName"),
        "devised": (ns.DEVISED_TITLE,),
        "family": (ns.FOAF + "familyName", ns.FOAF + "family_name", ns.SCHEMA + "familyName"),
        "given": (ns.FOAF + "givenName", ns.FOAF + "firstName", ns.SCHEMA + "givenName"),
        "key": (ns.CITATION_KEY,),
        "contribution": (ns.BF + "contribution",),
        "agent": (ns.BF + "agent",),
        "role": (ns.BF + "role",),
        "position": (ns.SCHEMA + "position",),
        "credited": (ns.CREDITED_AS,),
        "date": (
            *(ns.DATED, ns.DCTERMS + "issued", ns.SCHEMA + "datePublished"),
            *(ns.DCTERMS + "date", ns.DCTERMS + "created", ns.SCHEMA + "dateCreated"),
        ),
        "when": (ns.CRM + "P4_has_time-span", ns.DCTERMS + "temporal", ns.SCHEMA + "startDate"),
        "edtf": (ns.CRM + "P82_at_some_time_within", ns.DCTERMS + "date"),
        "begin": (ns.CRM + "P82a_begin_of_the_begin", ns.SCHEMA + "startDate"),
        "end": (ns.CRM + "P82b_end_of_the_end", ns.SCHEMA + "endDate"),
        "born": (ns.BORN, ns.SCHEMA + "birthDate"),
        "died": (ns.DIED, ns.SCHEMA + "deathDate"),
        "birthplace": (ns.SCHEMA + "birthPlace",),
        "deathplace": (ns.SCHEMA + "deathPlace",),
        "language": (ns.SCHEMA + "inLanguage", ns.DCTERMS + "language"),
        "publisher": (ns.DCTERMS + "publisher", ns.SCHEMA + "publisher"),
        "published in": (ns.PUBLISHED_IN, ns.SCHEMA + "locationCreated"),
        "pages": (ns.SCHEMA + "pagination",),
        "page count": (ns.SCHEMA + "numberOfPages",),
        "edition statement": (ns.BF + "editionStatement", ns.SCHEMA + "bookEdition"),
        "isbn": (ns.SCHEMA + "isbn",),
        "issn": (ns.SCHEMA + "issn",),
        "volume": (ns.SCHEMA + "volumeNumber",),
        "issue": (ns.SCHEMA + "issueNumber",),
        "page": (ns.FOAF + "page", ns.SCHEMA + "url"),
        "reference": (ns.DCTERMS + "bibliographicCitation",),
        "work": (ns.FRBR + "realizationOf", ns.BF + "instanceOf", ns.SCHEMA + "exampleOfWork"),
        "edition": (ns.FRBR + "realization", ns.BF + "hasInstance", ns.SCHEMA + "workExample"),
        "host": (ns.FRBR + "partOf", ns.BF + "partOf", ns.SCHEMA + "isPartOf"),
        "original": (
            *(ns.FRBR + "translationOf", ns.BF + "translationOf"),
            ns.SCHEMA + "translationOfWork",
        ),
        "subject": (ns.SCHEMA + "about", ns.DCTERMS + "subject", ns.BF + "subject"),
        "definition": (
            ns.SKOS + "definition",
            ns.DCTERMS + "description",
            ns.SCHEMA + "description",
        ),
        "note": (ns.SKOS + "scopeNote", ns.SKOS + "note"),
        "scheme": (ns.SKOS + "inScheme", ns.SCHEMA + "inDefinedTermSet"),
        "broader": (
            ns.SKOS + "broader",
            ns.CRM + "P89_falls_within",
            ns.SCHEMA + "containedInPlace",
        ),
        "narrower": (ns.SKOS + "narrower",),
        "related": (ns.SKOS + "related",),
        "point": (ns.CRM + "P168_place_is_defined_by",),
        "place": (ns.CRM + "P7_took_place_at", ns.SCHEMA + "location"),
        "participant": (
            *(ns.PARTICIPANT, ns.CRM + "P11_had_participant"),
            *(ns.CRM + "P14_carried_out_by", ns.SCHEMA + "organizer"),
        ),
        "identity": (ns.PERSONA_OF,),
        "persona": (ns.GNDO + "pseudonym",),
        "member": (ns.FOAF + "member", ns.SCHEMA + "member"),
        "same": (ns.SCHEMA + "sameAs", ns.SKOS + "exactMatch", ns.OWL + "sameAs"),
        "close": (ns.SKOS + "closeMatch",),
        "citing": (ns.CITO + "hasCitingEntity",),
        "cited": (ns.CITO + "hasCitedEntity",),
        "cites": (ns.CITO + "cites", ns.SCHEMA + "citation"),
        "intent": (ns.CITO + "hasCitationCharacterization",),
        "passage": (ns.IN_PASSAGE,),
        "printed": (ns.PRINTED_FORM,),
        "locator": (ns.LOCATOR,),
        "modified": (ns.DCTERMS + "modified", ns.SCHEMA + "dateModified"),
        "retired": (ns.OWL + "deprecated",),
        "replaced by": (ns.DCTERMS + "isReplacedBy",),
    }
)
"""What is read of a thing: each field with the published properties that may hold it, or the roles."""
ROLES = MappingProxyType(
    {
        ns.DCTERMS + "creator": "aut",
        ns.SCHEMA + "author": "aut",
        ns.FRBR + "creator": "aut",
        ns.SCHEMA + "creator": "cre",
        ns.SCHEMA + "editor": "edt",
        ns.SCHEMA + "translator": "trl",
        ns.SCHEMA + "illustrator": "ill",
        ns.DCTERMS + "contributor": "ctb",
        ns.SCHEMA + "contributor": "ctb",
    }
)
"""The MARC relator of each property that leads from a thing straight to whoever made it."""
