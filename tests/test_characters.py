"""What XML has no place for is refused; what its readers would change comes back unchanged."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publish import characters, errors, turtle


@given(st.text())
def test_what_is_not_refused_comes_back_as_it_was(text: str) -> None:
    said = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    try:
        characters.refuse(said, ("text/csv",))
    except errors.NotAcceptable:
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(b"<a>%b</a>" % said)
    else:
        assert (etree.fromstring(b"<a>%b</a>" % characters.kept(said)).text or "") == text


def test_what_is_no_character_of_xml_is_known() -> None:
    # Char (XML 1.0, production [2]), as it is written there.
    allowed = re.compile("[\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for character in map(chr, range(sys.maxunicode + 1)):
        assert bool(turtle.NOT_XML.match(character)) is not bool(allowed.match(character))


def test_what_else_can_be_asked_for_is_named() -> None:
    with pytest.raises(errors.NotAcceptable, match="text/csv") as raised:
        characters.refuse(b"a\x01", ("text/csv",))
    assert raised.value.offers == ("text/csv",)
