"""A data set as a folder of files for others to take, always the same bytes.

A release holds all formats of the union, each graph as Turtle, the rules, a description, the
report of the check, a manifest and checksums. Nothing is derived or checked here.

Follows SHACL 3.6 for the report; the description is that of `publish.description`.
"""

from publish.release.layout import (
    CHECKSUMS,
    CONTEXT,
    DESCRIPTION,
    MANIFEST,
    MEDIA,
    PROVENANCE,
    REPORT,
    describe,
    is_release,
    manifest,
    modified,
    no_release,
    software,
)
from publish.release.reading import (
    Held,
    Release,
    completed,
    fits,
    head,
    load,
    open_release,
    parse_description,
    read_description,
    stands,
)
from publish.release.writing import write

__all__ = [
    "CHECKSUMS",
    "CONTEXT",
    "DESCRIPTION",
    "MANIFEST",
    "MEDIA",
    "PROVENANCE",
    "REPORT",
    "Held",
    "Release",
    "completed",
    "describe",
    "fits",
    "head",
    "is_release",
    "load",
    "manifest",
    "modified",
    "no_release",
    "open_release",
    "parse_description",
    "read_description",
    "software",
    "stands",
    "write",
]
