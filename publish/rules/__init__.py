"""The rules of a data set as a reader looks them up: what each looks at, demands and says.

A rule is read from the shapes themselves: the things that a shape looks at, the property that a
rule follows, what it demands there, what it tells the editor, and the file and line where it
stands. A file `shapes/layer-NAME.ttl` speaks of one layer alone; all others speak of everything
that was asserted. Nothing is checked here; that is the work of `validation`.

Follows SHACL (W3C Recommendation of 2017), sections 2 for targets, paths and messages and 5 for
constraints in SPARQL, and SHACL Advanced Features, section 8, for rules that derive.
"""

from publish.rules.reading import read, short
from publish.rules.values import SEVERITIES, Rule, Rulebook, Shape

__all__ = ["SEVERITIES", "Rule", "Rulebook", "Shape", "read", "short"]
