"""Crosswalks: what is said of things, in the formats of libraries and other catalogues.

Each format is a table of mappings from the fields of a catalogue entry (`publish.catalogue`).
"""

from publish.crosswalks.profile import Profile, Release, find, known
from publish.crosswalks.profiles import GEOJSON, MARC, MARC_XML, MODS, element, profiles, schema_of
from publish.crosswalks.tables import Row

__all__ = [
    "GEOJSON",
    "MARC",
    "MARC_XML",
    "MODS",
    "Profile",
    "Release",
    "Row",
    "element",
    "find",
    "known",
    "profiles",
    "schema_of",
]
