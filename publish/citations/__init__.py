"""Citations: works and editions as reference managers take them, and as readers write them.

BibTeX, RIS and CSL-JSON are made from the same catalogue entries as the records for libraries, and
so is what a page says unseen (`embedded`); `styles` writes citations in words.
"""

from publish.citations.embedded import DOCUMENTS, coins, coins_of_dataset, tags
from publish.citations.parts import form
from publish.citations.profiles import BIBTEX, CSL, RIS, profiles
from publish.citations.styles import Styles

__all__ = [
    "BIBTEX",
    "CSL",
    "DOCUMENTS",
    "RIS",
    "Styles",
    "coins",
    "coins_of_dataset",
    "form",
    "profiles",
    "tags",
]
