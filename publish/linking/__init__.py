"""Links to other data sets: proposed with reasons, imported from others, kept for review.

What is proposed goes into a table of mappings (SSSOM, `publish.mappings`) with a confidence that
makes no triple. Whoever reviews it raises the confidence of what is right above `mappings.DOUBT`,
and writes `Not` to what is wrong; either way the pair is known from then on and never proposed
again. Nothing here decides, and nothing is written but by `merged`, whose text is complete.
"""

from publish.linking.looking import Answered, Others
from publish.linking.proposing import KINDS, known, of_table, of_triples, proposed
from publish.linking.table import Head, merged
from publish.linking.values import Elsewhere, Link

__all__ = [
    "KINDS",
    "Answered",
    "Elsewhere",
    "Head",
    "Link",
    "Others",
    "known",
    "merged",
    "of_table",
    "of_triples",
    "proposed",
]
