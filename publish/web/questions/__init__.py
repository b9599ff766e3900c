"""Saved questions as an API: `/questions`, and `/questions/NAME` with parameters.

A parameter of the question is given by its name; a column of the answer by its name, too, or with
an operator behind a dot (`year.from=1890`), leaves rows out. What this server itself takes begins
with `_`, which no parameter or column does: `_format`, `_labels`, `_sort`, `_size`, `_page`.
Answers have the formats of `/sparql`; in those of RDF, a question that gives rows describes itself.
"""

from publish.web.questions.answers import Questions
from publish.web.questions.routes import declare, router

__all__ = ["Questions", "declare", "router"]
