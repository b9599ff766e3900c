"""The parts that people have in a work: MARC relator codes, and their names in English."""

from __future__ import annotations

from types import MappingProxyType

_LABELS = MappingProxyType(
    {
        "aft": "author of afterword, colophon, etc.",
        "ann": "annotator",
        "aui": "author of introduction, etc.",
        "aut": "author",
        "com": "compiler",
        "cre": "creator",
        "ctb": "contributor",
        "edt": "editor",
        "ill": "illustrator",
        "ive": "interviewee",
        "ivr": "interviewer",
        "pbl": "publisher",
        "trl": "translator",
        "wac": "writer of added commentary",
        "waw": "writer of afterword",
        "wfw": "writer of foreword",
        "win": "writer of introduction",
        "wpr": "writer of preface",
    }
)


def label(code: str) -> str:
    """Give the name of a part, or its code where it is none of those that texts mostly have."""
    return _LABELS.get(code, code)
