"""The slots of SSSOM: which a row has, which a table, and how each is said in RDF.

Follows the model of SSSOM 1.1; a slot has the property that the model gives it, else the one of
its own name ("Representation of slots").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from publish import namespaces as ns

Form: TypeAlias = Literal["reference", "address", "date", "number", "text"]
"""What a value is: a prefixed name, an IRI in full, a date, a number, or words."""

_REFERENCES = """subject_id predicate_id object_id mapping_justification author_id reviewer_id
creator_id subject_source object_source mapping_source mapping_tool_id subject_match_field
object_match_field subject_preprocessing object_preprocessing curation_rule issue_tracker_item"""
_ADDRESSES = "license mapping_provider mapping_set_source see_also issue_tracker"
_DATES = "mapping_date publication_date review_date"
_NUMBERS = "confidence similarity_score reviewer_agreement mapping_set_confidence"
_TEXTS = """subject_label subject_category predicate_label predicate_modifier object_label
object_category author_label reviewer_label creator_label subject_type subject_source_version
object_type object_source_version predicate_type mapping_cardinality cardinality_scope
mapping_tool mapping_tool_version curation_rule_text match_string similarity_measure other comment
sssom_version mapping_set_version mapping_set_title mapping_set_description"""
_SEVERAL = """creator_id creator_label author_id author_label reviewer_id reviewer_label
mapping_set_source cardinality_scope subject_match_field object_match_field match_string
subject_preprocessing object_preprocessing curation_rule curation_rule_text see_also"""
_OF_TABLES = """sssom_version mapping_set_version mapping_set_source mapping_set_title
mapping_set_description mapping_set_confidence creator_id creator_label license publication_date
see_also issue_tracker other comment"""
COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id"),
    *("object_label", "mapping_justification", "author_label", "object_source"),
    *("object_source_version", "mapping_date", "confidence", "comment"),
)
"""The columns that come first in a table that is written, in their order."""
_OF_TABLES_ALONE = """sssom_version mapping_set_version mapping_set_source mapping_set_title
mapping_set_description mapping_set_confidence issue_tracker"""
_PAV = "http://purl.org/pav/"
_PROPERTIES = MappingProxyType(
    {
        "subject_id": ns.OWL + "annotatedSource",
        "predicate_id": ns.OWL + "annotatedProperty",
        "object_id": ns.OWL + "annotatedTarget",
        "author_id": _PAV + "authoredBy",
        "comment": ns.RDFS + "comment",
        "creator_id": ns.DCTERMS + "creator",
        "license": ns.DCTERMS + "license",
        "mapping_date": ns.DCTERMS + "created",
        "mapping_set_description": ns.DCTERMS + "description",
        "mapping_set_source": ns.PROV + "wasDerivedFrom",
        "mapping_set_title": ns.DCTERMS + "title",
        "mapping_set_version": ns.OWL + "versionInfo",
        "publication_date": ns.DCTERMS + "issued",
        "see_also": ns.RDFS + "seeAlso",
    }
)
_KINDS = MappingProxyType(
    {
        "owl class": ns.OWL + "Class",
        "owl object property": ns.OWL + "ObjectProperty",
        "owl data property": ns.OWL + "DataProperty",
        "owl annotation property": ns.OWL + "AnnotationProperty",
        "owl named individual": ns.OWL + "NamedIndividual",
        "skos concept": ns.SKOS + "Concept",
        "rdfs resource": ns.RDFS + "Resource",
        "rdfs class": ns.RDFS + "Class",
        "rdfs literal": ns.RDFS + "Literal",
        "rdfs datatype": ns.RDFS + "Datatype",
        "rdf property": ns.RDF + "Property",
        "composed entity expression": ns.SSSOM + "ComposedEntityExpression",
    }
)
_MEANINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "predicate_modifier": {"Not": ns.SSSOM + "NegatedPredicate"},
        "subject_type": _KINDS,
        "predicate_type": _KINDS,
        "object_type": _KINDS,
        "sssom_version": {one: f"{ns.SSSOM}version{one}" for one in ("1.0", "1.1")},
    }
)


@dataclass(frozen=True)
class Slot:
    """One slot: its property, what its value is, whether a bar parts several.

    `meanings` are the IRIs of words that the model defines.
    """

    property: str
    form: Form
    several: bool
    meanings: Mapping[str, str]


def _all() -> Mapping[str, Slot]:
    several = _SEVERAL.split()
    forms: Mapping[Form, str] = {
        "reference": _REFERENCES,
        "address": _ADDRESSES,
        "date": _DATES,
        "number": _NUMBERS,
        "text": _TEXTS,
    }
    return {
        name: Slot(
            _PROPERTIES.get(name, ns.SSSOM + name),
            form,
            name in several,
            _MEANINGS.get(name, {}),
        )
        for form, names in forms.items()
        for name in names.split()
    }


_SLOTS = MappingProxyType(_all())
OF_TABLES = MappingProxyType({name: _SLOTS[name] for name in _OF_TABLES.split()})
"""The slots of a table that do not pass to its rows, but the list of these."""
OF_ROWS = MappingProxyType(
    {name: slot for name, slot in _SLOTS.items() if name not in _OF_TABLES_ALONE.split()}
)
"""The slots of a row, but its identifier."""
