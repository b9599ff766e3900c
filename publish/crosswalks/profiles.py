"""The formats that libraries and other catalogues take, each with its table and how it is written.

A profile is asked for by its name or by the IRI that is known for it (W3C, Content Negotiation
by Profile). Those of RDF are written in each RDF format, the others in one of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from publish import namespaces as ns
from publish import negotiation, serialization, turtle
from publish.catalogue import Entry, Kind
from publish.crosswalks import bibframe, crm, dc, gazetteer, mads, marc, mods, ocdm, schema
from publish.crosswalks.profile import Profile, Release
from publish.crosswalks.tables import ITEMS, Row, apply
from publish.crosswalks.trees import Element, read, written
from publish.negotiation import Format

MARC = Format("marc21", "application/marc", "mrc")
MARC_XML = Format("marcxml", "application/marcxml+xml", "marcxml")
MODS = Format("mods", "application/mods+xml", "mods")
GEOJSON = Format("geojson", "application/geo+json", "geojson")
DC = Format("oai_dc", "application/xml", "dc.xml")

_MARC_SPACE = "http://www.loc.gov/MARC21/slim"
_DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def profiles() -> tuple[Profile, ...]:
    """Give all formats."""
    documents = (Kind.WORK, Kind.EDITION)
    rdf = negotiation.RDF_FORMATS
    agents = (*documents, Kind.PERSON, Kind.GROUP)
    every = (*ITEMS, Kind.CITATION)
    return (
        Profile("marc21", "MARC 21", _MARC_SPACE, (MARC_XML, MARC), ITEMS, marc.rows(), _marc),
        Profile("mods", "MODS", mods.MODS, (MODS,), documents, mods.rows(), _mods),
        Profile("oai_dc", "Dublin Core", dc.OAI_DC, (DC,), every, dc.rows(), _dc),
        _of_rdf("bibframe", "BIBFRAME 2", ns.BF, agents, bibframe.rows(), rdf),
        _of_rdf("madsrdf", "MADS/RDF", ns.MADS, _named(), mads.rows(), rdf),
        _of_rdf("schema", "schema.org", ns.SCHEMA, every, schema.rows(), rdf),
        _of_rdf(
            "ocdm",
            "OpenCitations Data Model",
            "https://w3id.org/oc/ontology/",
            (Kind.CITATION, Kind.EDITION),
            ocdm.rows(),
            rdf,
        ),
        Profile(
            "lpf",
            "Linked Places",
            gazetteer.SPACE,
            (GEOJSON,),
            (Kind.PLACE,),
            gazetteer.rows(),
            _lpf,
        ),
        _of_rdf("crm", "CIDOC CRM with LRMoo", ns.CRM, ITEMS, crm.rows(), rdf),
    )


def element(profile: Profile, entry: Entry, release: Release) -> Element:
    """Make the record of an entry in one of the formats of XML, to stand within another document."""
    if profile.name == "mods":
        return mods.element(_modified(entry, release))
    if profile.name == "oai_dc":
        return dc.element(entry)
    return read(marc.xml(entry, release.modified, namespace=True))


def schema_of(profile: Profile) -> str:
    """Say where the schema of one of the formats of XML can be had."""
    return {"mods": mods.SCHEMA, "oai_dc": dc.SCHEMA, "marc21": marc.SCHEMA}[profile.name]


def _named() -> tuple[Kind, ...]:
    return tuple(kind for kind in ITEMS if kind is not Kind.EDITION)


def _of_rdf(
    name: str,
    title: str,
    iri: str,
    kinds: tuple[Kind, ...],
    rows: Sequence[Row[turtle.Triple]],
    formats: tuple[Format, ...],
) -> Profile:
    return Profile(name, title, iri, formats, kinds, rows, partial(_rdf, rows))


def _rdf(
    rows: Sequence[Row[turtle.Triple]], entries: Iterable[Entry], form: Format, release: Release
) -> Iterator[bytes]:
    triples = {triple for entry in entries for triple in apply(rows, entry)}
    yield serialization.write(triples, form, {**_prefixes(), **release.prefixes})


def _prefixes() -> dict[str, str]:
    more = {
        "bf": ns.BF,
        "madsrdf": ns.MADS,
        "relator": ns.RELATORS,
        "crm": ns.CRM,
        "lrmoo": ns.LRMOO,
        "cito": ns.CITO,
        "c4o": ns.C4O,
        "biro": ns.BIRO,
        "oa": ns.OA,
        "fabio": ns.FABIO,
        "frbr": ns.FRBR,
        "pro": "http://purl.org/spar/pro/",
        "edtf": ns.EDTF.removesuffix("EDTF"),
    }
    return {**ns.STANDARD, **more}


def _marc(entries: Iterable[Entry], form: Format, release: Release) -> Iterator[bytes]:
    if form == MARC:
        yield from (marc.binary(entry, release.modified) for entry in entries)
        return
    yield _DECLARED + f'<collection xmlns="{_MARC_SPACE}">\n'.encode()
    for entry in entries:
        yield marc.xml(entry, release.modified) + b"\n"
    yield b"</collection>\n"


def _mods(entries: Iterable[Entry], form: Format, release: Release) -> Iterator[bytes]:
    dated = (_modified(entry, release) for entry in entries)
    yield from _gathered(f'<modsCollection xmlns="{mods.MODS}">', map(mods.element, dated))
    yield b"</modsCollection>\n"


def _dc(entries: Iterable[Entry], form: Format, release: Release) -> Iterator[bytes]:
    yield from _gathered("<records>", map(dc.element, entries))
    yield b"</records>\n"


def _lpf(entries: Iterable[Entry], form: Format, release: Release) -> Iterator[bytes]:
    yield gazetteer.write(entries, release.title, release.iri)


def _gathered(opening: str, elements: Iterable[Element]) -> Iterator[bytes]:
    yield _DECLARED + opening.encode() + b"\n"
    for element in elements:
        yield written(element) + b"\n"


def _modified(entry: Entry, release: Release) -> Entry:
    return entry if entry.modified else replace(entry, modified=release.modified)
