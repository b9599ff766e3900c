"""The tokens of SPARQL, as far as they must be told apart without parsing a query.

Follows SPARQL 1.1 Query sections 19.2 (codepoint escapes) and 19.8 (tokens).
"""

from __future__ import annotations

import re
import sys

# What is not in PN_CHARS of the grammar (SPARQL 1.1 Query 19.8 [164] to [167]), but for `.` and
# `:`, as the inside of a class: said so, it takes a sixth of the time to compile.
_OTHERS = (
    r"\x00-,/;-@\[-\^`{-\u00b6\u00b8-\u00bf\u00d7\u00f7\u037e\u2000-\u200b\u200e-\u203e"
    r"\u2041-\u206f\u2190-\u2bff\u2ff0-\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    r"\U000f0000-\U0010ffff"
)
_CHAR = f"[^{_OTHERS}.:]"
_CHAR_OR_DOT = f"[^{_OTHERS}:]"
_CHAR_OR_DOTS = f"[^{_OTHERS}]"
_FIRST = rf"[^{_OTHERS}.:\-\u00b7\u0300-\u036f\u203f\u2040]"
LOCAL = re.compile(f"{_FIRST}(?:{_CHAR_OR_DOT}*{_CHAR})?")
"""What may stand behind the colon of a prefixed name as it is, in any script (19.8 [169], as in
Turtle 6.5 [168s]), but for colons, which some readers do not take."""
ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPED = re.compile(ESCAPE)

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
    | [?$@] (?: {_CHAR} | {ESCAPE} )++
    | [0-9]++ (?: \.[0-9]++ )? (?: [eE][+\-]?[0-9]++ )?
    | (?P<run> (?: {_CHAR_OR_DOT} | {ESCAPE} )++ )
      (?P<local> : (?: {_CHAR_OR_DOTS} | %[0-9A-Fa-f]{{2}} | \\[^\s\w] )*+ )?
    | : (?: {_CHAR_OR_DOTS} | %[0-9A-Fa-f]{{2}} | \\[^\s\w] )*+
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
      | (?: (?i:PREFIX) \s++ {_CHAR_OR_DOT}*+ : | (?i:BASE) ) \s*+ < [^\x00-\x20<>"{{}}|^`\\]*+ >
    )*+
    """,
    re.VERBOSE,
)
"""PREFIX and BASE as almost all write them (SPARQL 1.1 Query 19.8 [4] to [6]), and comments."""


def decoded(token: str) -> str:
    """Give a token with its escapes as the characters that they stand for (19.2)."""
    if "\\" not in token:
        return token
    return _ESCAPED.sub(lambda match: _sign(int(match[0][2:], 16)), token)


def _sign(codepoint: int) -> str:
    return chr(codepoint) if codepoint <= sys.maxunicode else "\ufffd"
