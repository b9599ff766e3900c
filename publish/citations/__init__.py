"""Citations: works and editions as reference managers take them.

BibTeX, RIS and CSL-JSON are made from the same catalogue entries as the records for libraries.
"""

from publish.citations.profiles import BIBTEX, CSL, RIS, profiles

__all__ = ["BIBTEX", "CSL", "RIS", "profiles"]
