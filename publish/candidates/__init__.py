"""Which thing is meant by a name, an identifier or a date: candidates, how near, and why.

Names are found by the index (`search`) and weighed by `matching.resemblance`; identifiers are found
by what points at them. Other properties only weigh: each that is asked for and known of a candidate
counts, what is not known counts neither way. A score goes from 0 to 100, and each part of it is
told as a feature. A candidate is a match where somebody could take it over unseen: its name is
the one asked for, nothing speaks against it, and no other comes near.
"""

from publish.candidates.reconciler import Reconciler
from publish.candidates.things import Facts
from publish.candidates.values import STRICT, Candidate, Condition, Given, Query, Term

__all__ = [
    "STRICT",
    "Candidate",
    "Condition",
    "Facts",
    "Given",
    "Query",
    "Reconciler",
    "Term",
]
