"""Find the passages of a data set again in a reader's own copy of the text.

A data set keeps no text, only the length and the digest of each passage. Both are taken of the
letters alone, so that line breaks, hyphenation, quotation marks, dashes, note marks and page
numbers of a copy do not matter; a passage that a copy breaks in two (at the end of a page) is
found by the digests of its pieces. What is not found exactly is looked for by the names, terms
and pointers that the records say are printed in it. These are held against the place where they
should stand, with their figures: a passage in which a year or a page differs has drifted, though
its letters are the same. Nothing of the copy is kept.

A data set says by `rdfs:subPropertyOf` which of its properties plays which of the roles in
`namespaces`: `LETTERS`, `LETTER_DIGEST`, `IN_PASSAGE`, `PRINTED_FORM` and `LETTERS_BEFORE`.
"""

from publish.anchors.copies import Measure, digest, letters, measure
from publish.anchors.verifying import STATES, State, Verdict, places, verify

__all__ = [
    "STATES",
    "Measure",
    "State",
    "Verdict",
    "digest",
    "letters",
    "measure",
    "places",
    "verify",
]
