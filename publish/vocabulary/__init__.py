"""What the vocabularies of others define, and whether a data set uses them so.

Of each vocabulary a list of facts is kept in `vocabularies/`: which terms there are, what kind
each is, what stands above it, what it is said of and what it says. No text of a vocabulary is
kept. `vocabularies/sources.tsv` names the file that each list was made from; one more vocabulary
is one more line there and one more list, not more code. The ontology of the data set itself is
reduced in the same way, so its own terms are held to the same rules.

A use is wrong where the term does not exist or is retired, or where the subject or object is
typed and neither its types nor what stands above them fit the domain or range. What a vocabulary
only recommends (`domainIncludes` and `rangeIncludes` of schema.org and DCAM) makes advice.
Nothing is inferred here from a domain or range, and no shape is run.
"""

from publish.vocabulary.checking import Report, check
from publish.vocabulary.lists import COLUMNS, FOLDER, Fact, Source, facts, listed, sources
from publish.vocabulary.reduction import reduce

__all__ = [
    "COLUMNS",
    "FOLDER",
    "Fact",
    "Report",
    "Source",
    "check",
    "facts",
    "listed",
    "reduce",
    "sources",
]
