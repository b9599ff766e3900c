"""MARC 21: bibliographic records of editions, authority records of all else.

`$0` holds the IRI of an authority record, `$1` that of the thing itself (MARC 21, appendix A).
Dates stand in words where readers look (264, 100 $d), and as EDTF in 046.
Records have no ISBD punctuation (leader/18 `c`) and are UTF-8 (leader/09 `a`).

The library is loaded with the first record: a server answers before it is needed.
"""

from publish.crosswalks.marc.records import SCHEMA, binary, record, rows, xml

__all__ = ["SCHEMA", "binary", "record", "rows", "xml"]
