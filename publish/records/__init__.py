"""One thing and all that is said of it, as plain values that a page can show.

A record has the statements about a thing and the statements of others that point at it, each
with the graph it stands in, spelled as the source spells it. Around the record stand the small
answers that a page needs: the label of an IRI, the kinds of things there are, the saved
questions. No HTML, HTTP or SPARQL here, and nothing is changed.

A label is chosen the same way everywhere: the best of `namespaces.LABELS`, then the language
of the data set, then English, then no language, then the alphabet. Where there is no label, the
last part of the IRI is split into words.
"""

from publish.records.lookup import DERIVED, GRAPHS, OUTSIDE, Records
from publish.records.reading import Reading
from publish.records.values import Kind, Link, Nested, Question, Record, Statement, Value
from publish.sources import Text, words

__all__ = [
    "DERIVED",
    "GRAPHS",
    "OUTSIDE",
    "Kind",
    "Link",
    "Nested",
    "Question",
    "Reading",
    "Record",
    "Records",
    "Statement",
    "Text",
    "Value",
    "words",
]
