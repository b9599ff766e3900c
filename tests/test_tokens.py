"""The tokens of SPARQL: which characters belong to a name."""

from __future__ import annotations

import re

from publish.tokens import PROLOGUE, TOKEN

# PN_CHARS, as the grammar writes it (SPARQL 1.1 Query 19.8 [164] to [167]).
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_IN_NAMES = re.compile(f"[{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-]")


def test_names_have_the_characters_of_the_grammar_and_no_others():
    for number in range(0x110000):
        character = chr(number)
        fits = bool(_IN_NAMES.match(character))
        variable, local = TOKEN.match(f"?v{character}"), TOKEN.match(f"a:b{character}")
        assert variable
        assert local
        assert (variable.end() == 3) is fits, hex(number)
        # `%` begins an escape that ends too early, and a backslash one of nothing.
        assert (local.end() == 4) is (fits or character in ".:"), hex(number)
        prologue = PROLOGUE.match(f"PREFIX p{character}: <x:y>")
        assert prologue
        assert bool(prologue.end()) is (fits or character == "."), hex(number)
