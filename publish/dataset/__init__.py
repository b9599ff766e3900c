"""Find a data set and read it once, into a value that never changes.

A data set is a folder with `ontology/`, `data/` and `shapes/`, or a bare RDF file. Reading gives
one set of triples a graph, every literal spelled as it was written, and the file and line of
each triple; a table of mappings (`*.sssom.tsv`) counts as the triples that it asserts and tells of
its rows. The folder names its graphs: a sub-folder of `data/` is a layer of its own, each file of
`data/enrichment/` too, the rest of `data/` is `meta`. What the data set says of itself in its one
`dcat:Dataset` is its whole configuration. Nothing is derived, checked or written here.

Follows DCAT 3, VoID section 4.1 (`void:uriSpace`) and VANN for the base and the prefix.
"""

from publish.dataset.describing import describe
from publish.dataset.reading import Memory, load, load_file
from publish.dataset.renaming import Meaning, mended
from publish.dataset.sources import (
    FOLDERS,
    MAPPINGS,
    Stamp,
    fingerprint,
    is_folder,
    is_like_source,
    is_source,
    layer_of_rules,
    passed_over,
    shipped,
    source_files,
    source_paths,
    stamp,
)
from publish.dataset.values import HEAD, Dataset, Description, Renaming, closure

__all__ = [
    "FOLDERS",
    "HEAD",
    "MAPPINGS",
    "Dataset",
    "Description",
    "Meaning",
    "Memory",
    "Renaming",
    "Stamp",
    "closure",
    "describe",
    "fingerprint",
    "is_folder",
    "is_like_source",
    "is_source",
    "layer_of_rules",
    "load",
    "load_file",
    "mended",
    "passed_over",
    "shipped",
    "source_files",
    "source_paths",
    "stamp",
]
