"""Which pictures a data set has, each a query whose rows are drawn.

What there is follows from the vocabularies that the data use (CiTO, SKOS, CIDOC CRM, OWL-Time,
schema.org, WGS84, GeoSPARQL) and from the roles of their own properties, which the ontology tells
by `rdfs:subPropertyOf` (`namespaces.HOLDER` and its kin). The names of the columns say how rows
are drawn: a network has `from`, `relation` and `to`; a timeline `thing`, `date`, `begin` and
`end`; a map `thing`, `lat` and `long`, or `point`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from publish import namespaces as ns
from publish.dataset import Dataset
from publish.sources import Local, Source


class Part(NamedTuple):
    """A pattern, and the properties or roles without which it matches nothing."""

    needs: tuple[str, ...]
    pattern: str


@dataclass(frozen=True)
class Picture:
    """One picture: its name in addresses, its kind, what it shows, and its query."""

    name: str
    kind: str
    title: str
    about: str
    query: str


@dataclass(frozen=True)
class Plan:
    """A picture that a data set may have, made of those parts that it has."""

    name: str
    kind: str
    title: str
    about: str
    columns: str
    parts: tuple[Part, ...]
    end: str = ""
    first: bool = False
    """Whether only the first part is taken of those that there are."""


_ONCE = "FILTER(STR(?from) < STR(?to) || NOT EXISTS { ?to ?relation ?from })"
PLANS = (
    Plan(
        "citations",
        "network",
        "What is cited where",
        "Each line is a citation: from the passage that makes it, or the citing work, to what it "
        "cites. Its colour says what the citation is for, where the data say so.",
        "?from ?relation ?to (COUNT(?citation) AS ?times)",
        (
            Part(
                (ns.CITO + "hasCitedEntity", ns.IN_PASSAGE),
                "?citation cito:hasCitedEntity ?to ; ?inPassage ?from . "
                "?inPassage rdfs:subPropertyOf* fm:inPassage . "
                "OPTIONAL { ?citation cito:hasCitationCharacterization ?relation }",
            ),
            Part(
                (ns.CITO + "cites",),
                "?from ?relation ?to . ?citation ?relation ?to VALUES ?relation { cito:cites }",
            ),
        ),
        "GROUP BY ?from ?relation ?to ORDER BY ?from ?to",
        first=True,
    ),
    Plan(
        "concepts",
        "network",
        "How concepts hang together",
        "Each line joins two concepts: the broader, the related, the opposed.",
        "?from ?relation ?to",
        (
            Part(
                (ns.SKOS + "broader",),
                "?from ?relation ?to VALUES ?relation { skos:broader }",
            ),
            Part(
                (ns.SKOS + "related",),
                f"VALUES ?relation {{ skos:related }} ?from ?relation ?to {_ONCE}",
            ),
            Part(
                (ns.OPPOSED_TO,),
                f"?relation rdfs:subPropertyOf* fm:opposedTo . ?from ?relation ?to {_ONCE}",
            ),
        ),
        "ORDER BY ?relation ?from ?to",
    ),
    Plan(
        "argument",
        "network",
        "Who holds what, and how claims bear on each other",
        "Lines lead from people and groups to the claims that they hold, reject or qualify, from "
        "claims to those that they support or challenge, and from claims to their evidence.",
        "DISTINCT ?from ?relation ?to",
        (
            Part(
                (ns.HOLDER, ns.TOWARDS, ns.ATTITUDE),
                "?holds rdfs:subPropertyOf* fm:holder . ?feels rdfs:subPropertyOf* fm:attitude . "
                "?turned rdfs:subPropertyOf* fm:towards . "
                "?stance ?holds ?from ; ?feels ?relation ; ?turned ?to",
            ),
            Part(
                (ns.BEARS_ON,),
                f"?relation rdfs:subPropertyOf* fm:bearsOn . ?from ?relation ?to {_ONCE}",
            ),
            Part(
                (ns.EVIDENCE, ns.TOWARDS),
                "?turned rdfs:subPropertyOf* fm:towards . ?stance ?turned ?from . "
                "?relation rdfs:subPropertyOf* fm:evidence . { ?stance ?relation ?to } UNION { ?from ?relation ?to }",
            ),
        ),
        "ORDER BY ?relation ?from ?to",
    ),
    Plan(
        "timeline",
        "timeline",
        "When things happened",
        "Each bar begins and ends with what it shows. A broken outline is a date that the data "
        "call uncertain or approximate, or that is open at one end.",
        "?thing ?date ?begin ?end",
        (
            Part(
                (ns.CRM + "P4_has_time-span",),
                "?thing crm:P4_has_time-span ?span . "
                "OPTIONAL { ?span crm:P82_at_some_time_within ?date } "
                "OPTIONAL { ?span crm:P82a_begin_of_the_begin ?begin } "
                "OPTIONAL { ?span crm:P82b_end_of_the_end ?end }",
            ),
            Part(
                (ns.TIME + "hasBeginning",),
                "?thing time:hasTime?/time:hasBeginning/(time:inXSDDate|time:inXSDgYear) ?begin "
                "OPTIONAL { ?thing time:hasTime?/time:hasEnd/(time:inXSDDate|time:inXSDgYear) ?end }",
            ),
            Part(
                (ns.SCHEMA + "startDate",),
                "?thing schema:startDate ?begin OPTIONAL { ?thing schema:endDate ?end }",
            ),
        ),
        "ORDER BY ?begin ?thing",
    ),
    Plan(
        "places",
        "map",
        "Where places lie",
        "Each place of which the data know where it lies, on the outline of the land of today.",
        "?thing ?lat ?long ?point",
        (
            Part((ns.GEO + "lat",), "?thing geo:lat ?lat ; geo:long ?long"),
            Part(
                (ns.SCHEMA + "latitude",),
                "?thing schema:geo? [ schema:latitude ?lat ; schema:longitude ?long ]",
            ),
            Part(
                (ns.CRM + "P168_place_is_defined_by",), "?thing crm:P168_place_is_defined_by ?point"
            ),
            Part((ns.GEOSPARQL + "asWKT",), "?thing geosparql:hasGeometry?/geosparql:asWKT ?point"),
        ),
        "ORDER BY ?thing",
    ),
)
"""The pictures that there can be."""
_PREFIXES = (
    ("cito", ns.CITO),
    ("crm", ns.CRM),
    ("fm", ns.FM),
    ("geo", ns.GEO),
    ("geosparql", ns.GEOSPARQL),
    ("rdfs", ns.RDFS),
    ("schema", ns.SCHEMA),
    ("skos", ns.SKOS),
    ("time", ns.TIME),
)


def pictures(source: Source | Dataset) -> tuple[Picture, ...]:
    """Give the pictures that a data set has something for; of a distant one, this is asked."""
    read = Local(source) if isinstance(source, Dataset) else source
    wanted = {role for plan in PLANS for part in plan.parts for role in part.needs}
    playing = read.dataset.below(wanted, ns.RDFS + "subPropertyOf")
    used = read.used(sorted(frozenset[str]().union(*playing.values())))
    has = {role for role in wanted if not used.isdisjoint(playing[role])}
    return tuple(_drawn(has))


def _drawn(has: set[str]) -> Iterator[Picture]:
    for plan in PLANS:
        parts = [part.pattern for part in plan.parts if has.issuperset(part.needs)]
        if not parts:
            continue
        taken = parts[:1] if plan.first else parts
        body = "\n  UNION\n".join(f"  {{ {part} }}" for part in taken)
        form = f"SELECT {plan.columns}\nWHERE {{\n{body}\n}}\n{plan.end}"
        prefixes = "".join(
            f"PREFIX {name}: <{space}>\n" for name, space in _PREFIXES if f"{name}:" in form
        )
        yield Picture(plan.name, plan.kind, plan.title, plan.about, prefixes + form)
