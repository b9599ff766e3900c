"""Check a data set by its own rules, and say of each fault which line it stands on.

The rules are SHACL shapes in `shapes/`. A file `shapes/layer-NAME.ttl` speaks of the layer NAME
alone; all others speak of everything that was asserted, terms included. Two engines do the work,
one at a time: `compiled` for speed, `reference` for proof; both give the same findings. A rule
that is no good SHACL is a finding too, since an engine may pass it over in silence. Nothing is
printed, fetched or derived here.

Follows SHACL (W3C Recommendation of 2017), sections 2 to 5 for shapes and 3.6 for reports.
"""

from publish.validation.checking import begin, check
from publish.validation.engines import DataGraph, Engine, Refusal, Result, judging
from publish.validation.findings import (
    Consequences,
    Finding,
    Severity,
    constraint,
    stated,
    term_text,
)
from publish.validation.shapes import Shapes

__all__ = [
    "Consequences",
    "DataGraph",
    "Engine",
    "Finding",
    "Refusal",
    "Result",
    "Severity",
    "Shapes",
    "begin",
    "check",
    "constraint",
    "judging",
    "stated",
    "term_text",
]
