"""A data set asked from Python: rows for pandas, graphs for rdflib, tables for a notebook.

Made by `publish.open`. A folder, a release or a file is read into memory and asked in this
process; a server is asked over HTTP by the SPARQL 1.1 Protocol. Either way an answer is read
from the JSON results format or from N-Triples, so that both give the same values.

Values are those of Python: numbers, booleans, dates; IRIs and texts are `str` that know what
they are. A value takes the place of a `$name` in a query as the term that it is, so that
nothing in it is ever read as SPARQL.
"""

from publish.client.asking import Client, Source, connect, endpoint
from publish.client.rows import Row, Rows
from publish.client.values import IRI, Blank, Text, Value

__all__ = [
    "IRI",
    "Blank",
    "Client",
    "Row",
    "Rows",
    "Source",
    "Text",
    "Value",
    "connect",
    "endpoint",
]
