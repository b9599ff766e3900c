"""One thing as a reader wants to see it: what it is, where the text speaks of it, who knows what.

A portrait sorts what a record holds into sections: the facts of the text and its readings; the
passages that speak of the thing, in reading order, each with what says so; the editions and
works that belong to it; what outside sources add, source by source; the links to authorities;
and the rest. Nothing is left out and nothing stands twice.
"""

from publish.portraits.sections import Portraits
from publish.portraits.sparql import queries
from publish.portraits.values import Portrait

__all__ = [
    "Portrait",
    "Portraits",
    "queries",
]
