"""Read values and addresses as a proofreader does, whatever the rules of a data set say.

A date that is none, a language tag that names no language, a sign that nobody sees, an identifier
whose check digit is wrong, an address of the data set's own that leads to nothing: each is found
where it stands. Shapes may say more, and where one speaks of the same value it is told once.

Follows XML Schema 1.1 part 2 for values, BCP 47 for language tags, EDTF (ISO 8601-2) for dates,
Unicode for signs, and ISO 7064, ISO 2108 and ISO 3297 for check digits.
"""

from publish.proofreading.causes import by_cause
from publish.proofreading.reading import proofread
from publish.proofreading.telling import once

__all__ = ["by_cause", "once", "proofread"]
