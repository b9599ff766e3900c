"""Write bibliographic data of any size, always the same: people, works, citations, concepts.

    python -m benchmarks.generate TRIPLES FOLDER

FOLDER becomes a data set with ontology, rules and saved questions, which `folkmote` checks, builds
and serves; `FOLDER.nt` beside it holds what a query without FROM sees of it, for engines that
take one file. `--errors 0.005` breaks that share of values against the rules, to measure a check.
"""

from __future__ import annotations

import argparse
import bisect
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TextIO, TypeAlias

BASE = "https://example.org/bibliography/"
SEED = 42

Block: TypeAlias = tuple[str, list[tuple[str, str]]]
"""A subject and its properties and values, as Turtle spells them."""

PREFIXES: Mapping[str, str] = {
    "bib": f"{BASE}ontology#",
    "citation": f"{BASE}id/citation/",
    "cito": "http://purl.org/spar/cito/",
    "concept": f"{BASE}id/concept/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "event": f"{BASE}id/event/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "person": f"{BASE}id/person/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rule": f"{BASE}shapes#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "work": f"{BASE}id/work/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PREFIX = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|\b([a-z]+):')

FAMILIES = (
    *("Adler", "Bauer", "Costa", "Durand", "Eriksen", "Fischer", "Garnier", "Hansen", "Ivanova"),
    *("Jensen", "Keller", "Lindgren", "Moreau", "Novak", "Olsen", "Petrov", "Quist", "Rossi"),
    *("Silva", "Takeda", "Ulrich", "Vogel", "Weber", "Xavier", "Young", "Zimmer"),
)
GIVEN = (
    *("Anna", "Boris", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas"),
    *("Karin", "Leo", "Marta", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tilda", "Viktor"),
)
WORDS = (
    *("archive", "border", "canal", "custom", "debate", "empire", "factory", "garden", "harbour"),
    *("island", "journey", "kinship", "labour", "market", "nature", "order", "printing", "query"),
    *("railway", "school", "tenure", "union", "village", "water", "exchange", "youth", "common"),
    *("law", "letter", "memory", "number", "object", "people", "ritual", "season", "trade"),
)
PLACES = ("Basel", "Genoa", "Leiden", "Lyon", "Oslo", "Porto", "Prague", "Riga", "Turin", "York")


class Bibliography:
    """The things of one size, each with all that is said of it."""

    def __init__(self, triples: int, errors: float = 0.0) -> None:
        self._random = random.Random(SEED)  # noqa: S311 (to be the same each time)
        self._errors = errors
        # About so many triples belong to one work, with its share of all else.
        works = max(10, round(triples / 21.05))
        self.works = works
        self.people = max(5, works // 3)
        self.citations = works * 4 // 5
        self.concepts = max(5, works // 12)
        self.events = max(5, works // 12)
        # As in libraries: a few works are cited all the time, most never (Zipf, exponent 0.8).
        self._weights = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(works)))

    def blocks(self) -> Iterator[tuple[str, Iterator[Block]]]:
        """Give the things, file by file, sorted by IRI."""
        yield "citations", self._citations()
        yield "concepts", self._concepts()
        yield "events", self._events()
        yield "people", self._people()
        yield "works", self._works()

    def _citations(self) -> Iterator[Block]:
        for number in range(self.citations):
            citing, cited = self._work(), self._cited()
            yield (
                _name("citation", number),
                [
                    ("a", "cito:Citation"),
                    ("cito:hasCitedEntity", cited),
                    ("cito:hasCitingEntity", citing),
                    (
                        "bib:intent",
                        f'"{self._random.choice(("supports", "disputes", "mentions"))}"',
                    ),
                    ("bib:page", self._broken(str(self._random.randint(1, 400)), '"p. 3"')),
                ],
            )

    def _concepts(self) -> Iterator[Block]:
        for number in range(self.concepts):
            label = f"{self._words(2)} {number}"
            said = [
                ("a", "skos:Concept"),
                ("skos:inScheme", "concept:scheme"),
                ("skos:prefLabel", f'"{label}"@en'),
            ]
            if number:
                said.append(("skos:broader", _name("concept", self._random.randrange(number))))
            if number % 2:
                said.append(("skos:definition", f'"What is meant by {label}."@en'))
            yield _name("concept", number), said
        yield (
            "concept:scheme",
            [("a", "skos:ConceptScheme"), ("skos:prefLabel", '"Subjects"@en')],
        )

    def _events(self) -> Iterator[Block]:
        for number in range(self.events):
            place = self._random.choice(PLACES)
            people = {self._person() for _ in range(self._random.randint(1, 4))}
            yield (
                _name("event", number),
                [
                    ("a", "bib:Event"),
                    ("rdfs:label", f'"Meeting {number} in {place}"@en'),
                    ("bib:on", self._broken(f'"{self._day(1850, 2020)}"^^xsd:date', '"soon"')),
                    *(("bib:participant", person) for person in sorted(people)),
                    ("bib:place", f'"{place}"'),
                ],
            )

    def _people(self) -> Iterator[Block]:
        for number in range(self.people):
            family, given = self._random.choice(FAMILIES), self._random.choice(GIVEN)
            born = self._day(1820, 1900)
            said = [
                ("a", "foaf:Person"),
                ("dcterms:identifier", self._broken(f'"P{number:07}"', '"none"')),
                ("foaf:familyName", f'"{family}"'),
                ("foaf:givenName", f'"{given}"'),
                ("foaf:name", f'"{given} {family} {number}"'),
                ("bib:born", f'"{born}"^^xsd:date'),
            ]
            if number % 4:
                said.append(("bib:died", f'"{self._day(1901, 1990)}"^^xsd:date'))
            others = {self._random.randrange(self.people) for _ in range(number % 3)} - {number}
            said += [("bib:pupilOf", _name("person", other)) for other in sorted(others)]
            yield _name("person", number), said

    def _works(self) -> Iterator[Block]:
        for number in range(self.works):
            title = f"{self._words(3).capitalize()}, part {number}"
            makers = {self._person() for _ in range(self._random.randint(1, 3))}
            cited = {self._cited() for _ in range(self._random.randint(0, 6))}
            subjects = {self._concept() for _ in range(self._random.randint(1, 4))}
            yield (
                _name("work", number),
                [
                    ("a", "bib:Article" if number % 3 else "bib:Book"),
                    ("dcterms:abstract", f'"On {self._words(9)}, with {self._words(6)}."@en'),
                    *(("dcterms:creator", maker) for maker in sorted(makers)),
                    ("dcterms:issued", f'"{self._random.randint(1850, 2020)}"^^xsd:gYear'),
                    *(("dcterms:subject", subject) for subject in sorted(subjects)),
                    ("dcterms:title", f'"{title}"@en'),
                    *(("cito:cites", work) for work in sorted(cited)),
                    ("bib:language", f'"{self._random.choice(("de", "en", "fr", "it"))}"'),
                    ("bib:pages", self._broken(str(self._random.randint(4, 900)), '"many"')),
                ],
            )

    # --- values ----------------------------------------------------------------------------

    def _broken(self, right: str, wrong: str) -> str:
        """Give the right value, but for the share that is to break a rule."""
        return wrong if self._random.random() < self._errors else right

    def _cited(self) -> str:
        at = self._random.random() * self._weights[-1]
        return _name("work", bisect.bisect(self._weights, at))

    def _work(self) -> str:
        return _name("work", self._random.randrange(self.works))

    def _person(self) -> str:
        return _name("person", int(self.people * self._random.random() ** 2))

    def _concept(self) -> str:
        return _name("concept", int(self.concepts * self._random.random() ** 2))

    def _day(self, first: int, last: int) -> str:
        year, month = self._random.randint(first, last), self._random.randint(1, 12)
        return f"{year}-{month:02}-{self._random.randint(1, 28):02}"

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(WORDS, k=count))


def _name(kind: str, number: int) -> str:
    return f"{kind}:{number:07}"


# --- what stands around the things -----------------------------------------------------------

_PRIVATE = f"<{BASE}"
_DESCRIPTION: tuple[Block, ...] = (
    (
        f"{_PRIVATE}dataset>",
        [
            ("a", "void:Dataset"),
            ("a", "dcat:Dataset"),
            ("dcterms:creator", f"{_PRIVATE}id/group/makers>"),
            ("dcterms:description", '"Made up, to measure with."@en'),
            ("dcterms:language", '"en"'),
            ("dcterms:license", "<https://creativecommons.org/publicdomain/zero/1.0/>"),
            ("dcterms:modified", '"2026-01-01"^^xsd:date'),
            ("dcterms:title", '"A made-up bibliography"@en'),
            ("vann:preferredNamespacePrefix", '"bib"'),
            ("vann:preferredNamespaceUri", f'"{BASE}"'),
            ("void:exampleResource", "work:0000001"),
            ("void:uriSpace", f'"{BASE}id/"'),
            ("dcat:version", '"1.0.0"'),
        ],
    ),
    (
        f"{_PRIVATE}id/group/makers>",
        [("a", "foaf:Organization"), ("foaf:name", '"The folkmote editors"@en')],
    ),
)


def _ontology() -> Iterator[Block]:
    yield (
        f"{_PRIVATE}ontology>",
        [("a", "owl:Ontology"), ("dcterms:title", '"Terms of a made-up bibliography"@en')],
    )
    classes = {"Article": "bib:Work", "Book": "bib:Work", "Event": "", "Work": ""}
    for name, above in classes.items():
        said = [
            ("a", "owl:Class"),
            ("rdfs:comment", f'"{name} of a made-up bibliography."@en'),
            ("rdfs:label", f'"{name.lower()}"@en'),
        ]
        yield f"bib:{name}", said + ([("rdfs:subClassOf", above)] if above else [])
    properties = {
        "born": ("foaf:Person", "xsd:date"),
        "died": ("foaf:Person", "xsd:date"),
        "intent": ("cito:Citation", "xsd:string"),
        "language": ("bib:Work", "xsd:string"),
        "on": ("bib:Event", "xsd:date"),
        "page": ("cito:Citation", "xsd:integer"),
        "pages": ("bib:Work", "xsd:integer"),
        "participant": ("bib:Event", "foaf:Person"),
        "place": ("bib:Event", "xsd:string"),
        "pupilOf": ("foaf:Person", "foaf:Person"),
    }
    for name, (domain, range_) in properties.items():
        kind = "owl:DatatypeProperty" if range_.startswith("xsd:") else "owl:ObjectProperty"
        yield (
            f"bib:{name}",
            [
                ("a", kind),
                ("rdfs:comment", f'"The {name} of what it is said of."@en'),
                ("rdfs:domain", domain),
                ("rdfs:label", f'"{name}"@en'),
                ("rdfs:range", range_),
            ],
        )


_ONE = {"sh:minCount": "1", "sh:maxCount": "1"}
_SHAPES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "cito:Citation": {
        "cited": {**_ONE, "sh:path": "cito:hasCitedEntity", "sh:class": "bib:Work"},
        "citing": {**_ONE, "sh:path": "cito:hasCitingEntity", "sh:class": "bib:Work"},
        "intent": {**_ONE, "sh:path": "bib:intent", "sh:pattern": '"^[a-z]+$"'},
        "page": {"sh:path": "bib:page", "sh:datatype": "xsd:integer", "sh:minInclusive": "1"},
    },
    "skos:Concept": {
        "broader": {"sh:path": "skos:broader", "sh:class": "skos:Concept", "sh:nodeKind": "sh:IRI"},
        "definition": {"sh:path": "skos:definition", "sh:uniqueLang": "true"},
        "label": {"sh:path": "skos:prefLabel", "sh:minCount": "1", "sh:uniqueLang": "true"},
        "scheme": {**_ONE, "sh:path": "skos:inScheme", "sh:class": "skos:ConceptScheme"},
    },
    "bib:Event": {
        "on": {**_ONE, "sh:path": "bib:on", "sh:datatype": "xsd:date"},
        "participant": {
            "sh:path": "bib:participant",
            "sh:minCount": "1",
            "sh:class": "foaf:Person",
        },
        "place": {**_ONE, "sh:path": "bib:place", "sh:maxLength": "40"},
        "event-label": {"sh:path": "rdfs:label", "sh:minCount": "1", "sh:nodeKind": "sh:Literal"},
    },
    "foaf:Person": {
        "born": {"sh:path": "bib:born", "sh:maxCount": "1", "sh:lessThan": "bib:died"},
        "died": {"sh:path": "bib:died", "sh:maxCount": "1", "sh:datatype": "xsd:date"},
        "identifier": {**_ONE, "sh:path": "dcterms:identifier", "sh:pattern": '"^P[0-9]{7}$"'},
        "name": {"sh:path": "foaf:name", "sh:minCount": "1", "sh:minLength": "3"},
        "pupil": {"sh:path": "bib:pupilOf", "sh:class": "foaf:Person", "sh:nodeKind": "sh:IRI"},
    },
    "bib:Work": {
        "abstract": {"sh:path": "dcterms:abstract", "sh:maxCount": "1", "sh:minLength": "10"},
        "cites": {"sh:path": "cito:cites", "sh:class": "bib:Work", "sh:nodeKind": "sh:IRI"},
        "creator": {"sh:path": "dcterms:creator", "sh:minCount": "1", "sh:class": "foaf:Person"},
        "issued": {**_ONE, "sh:path": "dcterms:issued", "sh:datatype": "xsd:gYear"},
        "language": {**_ONE, "sh:path": "bib:language", "sh:pattern": '"^[a-z]{2}$"'},
        "pages": {**_ONE, "sh:path": "bib:pages", "sh:datatype": "xsd:integer"},
        "subject": {"sh:path": "dcterms:subject", "sh:minCount": "1", "sh:class": "skos:Concept"},
        "title": {"sh:path": "dcterms:title", "sh:minCount": "1", "sh:uniqueLang": "true"},
    },
}


def _shapes() -> Iterator[Block]:
    blocks: dict[str, list[tuple[str, str]]] = {}
    for target, rules in _SHAPES.items():
        kind = target.partition(":")[2]
        blocks[f"rule:{kind}"] = [
            ("a", "sh:NodeShape"),
            ("rdfs:label", f'"{kind}"@en'),
            *(("sh:property", f"rule:{name}") for name in sorted(rules)),
            ("sh:targetClass", target),
        ]
        for name, said in rules.items():
            message = ("sh:message", f'"the {name} of a {kind} is not as it must be; mend it"@en')
            blocks[f"rule:{name}"] = [
                ("a", "sh:PropertyShape"),
                *sorted([message, *said.items()]),
            ]
    yield from sorted(blocks.items())


# --- writing ---------------------------------------------------------------------------------


def write(triples: int, folder: Path, errors: float = 0.0) -> int:
    """Write the folder and the file beside it; give the number of triples in the file."""
    made = Bibliography(triples, errors)
    count = 0
    for name in ("ontology", "data/records", "shapes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.nt").open("w", encoding="utf-8") as plain:
        parts: list[tuple[str, Iterable[Block]]] = [
            ("data/dataset.ttl", _DESCRIPTION),
            ("ontology/ontology.ttl", _ontology()),
            *((f"data/records/{name}.ttl", blocks) for name, blocks in made.blocks()),
        ]
        for path, blocks in parts:
            count += _write(folder / path, blocks, plain)
    _write(folder / "shapes/rules.ttl", _shapes(), None)
    return count


def _write(path: Path, blocks: Iterable[Block], plain: TextIO | None) -> int:
    """Write one file of Turtle, and the same triples as N-Triples."""
    count = 0
    used: set[str] = set()
    body = path.with_suffix(".part")
    with body.open("w", encoding="utf-8") as turtle:
        for subject, said in blocks:
            lines = " ;\n".join(f"  {name} {value}" for name, value in said)
            text = f"\n{subject}\n{lines} .\n"
            used.update(_prefixes(text))
            turtle.write(text)
            for name, value in said:
                count += 1
                if plain is not None:
                    whole = "rdf:type" if name == "a" else name
                    plain.write(f"{_full(subject)} {_full(whole)} {_full(value)} .\n")
    with path.open("w", encoding="utf-8") as turtle, body.open(encoding="utf-8") as written:
        turtle.writelines(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(used))
        turtle.writelines(written)
    body.unlink()
    return count


def _prefixes(text: str) -> set[str]:
    found = {match[1] for match in _PREFIX.finditer(text) if match[1]}
    return found | {name for name in ("xsd",) if f"^^{name}:" in text}


def _full(term: str) -> str:
    """Write a term of Turtle as N-Triples has it."""
    if term.startswith("<"):
        return term
    if term.startswith('"'):
        value, typed, datatype = term.partition("^^")
        return f"{value}^^{_full(datatype)}" if typed else term
    if term.isdecimal():
        return f'"{term}"^^<{PREFIXES["xsd"]}integer>'
    prefix, _, name = term.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"


def main() -> None:
    """Read the command line and write."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("triples", type=int, help="about how many triples")
    asked.add_argument("folder", type=Path, help="the folder of the data set")
    asked.add_argument("--errors", type=float, default=0.0, help="the share of broken values")
    given = asked.parse_args()
    count = write(given.triples, given.folder, given.errors)
    print(f"{count:,} triples in {given.folder} and {given.folder.name}.nt")


if __name__ == "__main__":
    main()
