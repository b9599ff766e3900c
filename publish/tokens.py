"""The tokens of SPARQL, as far as they must be told apart without parsing a query.

Follows SPARQL 1.1 Query sections 19.2 (codepoint escapes) and 19.8 (tokens).
"""

from __future__ import annotations

import re

# PN_CHARS of the grammar (SPARQL 1.1 Query 19.8 [164] to [167]), as the inside of a class.
_BASE = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + r"_\-0-9\u00b7\u0300-\u036f\u203f\u2040"
ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

# What can hide a word comes before the words; whatever fits nothing is stepped over. Nothing
# is ever read twice (`*+` gives nothing back), so that no text makes this slow: an open string
# goes on to where it must end, and the parser will refuse it.
TOKEN = re.compile(
    rf"""
      \#[^\r\n]*+
    | "{{3}} (?: [^"\\] | \\. | "{{1,2}}+(?!") )*+ (?: "{{3}} | \Z )
    | '{{3}} (?: [^'\\] | \\. | '{{1,2}}+(?!') )*+ (?: '{{3}} | \Z )
    | " (?: [^"\\\r\n] | \\. )*+ "?
    | ' (?: [^'\\\r\n] | \\. )*+ '?
    | < (?: [^\x00-\x20<>"{{}}|^`\\] | {ESCAPE} )*+ >
    | [?$@] (?: [{_CHARS}] | {ESCAPE} )++
    | [0-9]++ (?: \.[0-9]++ )? (?: [eE][+\-]?[0-9]++ )?
    | (?P<run> (?: [{_CHARS}.] | {ESCAPE} )++ )
      (?P<local> : (?: [{_CHARS}.:] | %[0-9A-Fa-f]{{2}} | \\[^\s\w] )*+ )?
    | : (?: [{_CHARS}.:] | %[0-9A-Fa-f]{{2}} | \\[^\s\w] )*+
    | (?P<open> [({{\[] | << )
    | (?P<close> [)}}\]] | >> )
    """,
    re.VERBOSE | re.DOTALL,
)

# What is written otherwise ends the match early, and its tokens are looked at one by one.
PROLOGUE = re.compile(
    rf"""
    (?: \s++
      | \#[^\r\n]*+
      | (?: (?i:PREFIX) \s++ [{_CHARS}.]*+ : | (?i:BASE) ) \s*+ < [^\x00-\x20<>"{{}}|^`\\]*+ >
    )*+
    """,
    re.VERBOSE,
)
"""PREFIX and BASE as almost all write them (SPARQL 1.1 Query 19.8 [4] to [6]), and comments."""
