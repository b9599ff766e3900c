"""`/rest/v1`: concepts as clients of Skosmos ask for them, in JSON-LD of the same shape.

A vocabulary is a scheme of the data set; `lang` may be left out, and is then the language of the
data set. Of the methods of Skosmos those stand here that look up concepts; its lists by letter,
groups, statistics and changes do not.
"""

from publish.web.thesaurus.routes import router

__all__ = ["router"]
