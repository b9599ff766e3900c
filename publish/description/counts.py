"""Count what a data set holds by class and property, in one walk (VoID 4.5 and 4.6)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from publish import namespaces as ns
from publish import turtle
from publish.graphs import Triples


@dataclass
class Counts:
    """How often what is used; `pairs` counts the statements of each class by property."""

    totals: dict[str, int]
    classes: Counter[str]
    properties: Counter[str]
    subjects: Counter[str]
    pairs: Counter[tuple[str, str]]

    @classmethod
    def of(cls, graph: Triples, space: str) -> Counts:
        """Count everything in one walk; `space` is what the IRIs of things begin with."""
        found = cls({}, Counter(), Counter(), Counter(), Counter())
        subjects = entities = 0
        objects: set[turtle.Term] = set()
        for subject in graph.subjects():
            subjects += 1
            entities += isinstance(subject, turtle.Named) and subject.value.startswith(space)
            used: Counter[str] = Counter()
            kinds: list[str] = []
            for predicate, value in graph.said_of(subject):
                used[predicate.value] += 1
                objects.add(value)
                if predicate.value == ns.TYPE and isinstance(value, turtle.Named):
                    kinds.append(value.value)
            found.properties.update(used)
            found.subjects.update(used.keys())
            found.classes.update(kinds)
            for kind in kinds:
                found.pairs.update({(kind, name): count for name, count in used.items()})
        found.totals = {
            "triples": found.properties.total(),
            "entities": entities,
            "distinctSubjects": subjects,
            "distinctObjects": len(objects),
            "properties": len(found.properties),
            "classes": len(found.classes),
        }
        return found

    def namespaces(self) -> list[str]:
        """Give the vocabularies whose terms are used, each by its name without a `#`."""
        terms = (*self.classes, *self.properties)
        return sorted({re.sub(r"#?[^#/]*$", "", term) for term in terms} - {""})
