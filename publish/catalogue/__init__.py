"""What catalogues know of a thing: its kind, names, titles, dates, and who had what part in it.

An entry is read from the source of the records, whichever it is, and has the same fields
whatever vocabulary the data set is written in. Published vocabularies are known here by the
tables `CLASSES` and `FIELDS`; what stands below their terms is known too, from the kept lists
(`publish.vocabulary`) and from the ontology of the data set, which ties terms of its own by
`rdfs:subClassOf` and `rdfs:subPropertyOf` to them or to the roles of `https://w3id.org/folkmote#`.
Nothing is written here: `crosswalks` and `citations` do that.

Levels follow IFLA LRM: a work, and its editions (FaBiO's expressions as published).
"""

from publish.catalogue.entries import Date, Entry, Reference, Share
from publish.catalogue.reading import Catalogue
from publish.catalogue.tables import AGENTS, AUTHORING, CLASSES, FIELDS, Kind
from publish.catalogue.terms import iri_of

__all__ = [
    "AGENTS",
    "AUTHORING",
    "CLASSES",
    "FIELDS",
    "Catalogue",
    "Date",
    "Entry",
    "Kind",
    "Reference",
    "Share",
    "iri_of",
]
