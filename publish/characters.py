"""Characters that XML has not, or that its readers change, in what others wrote as XML.

Follows XML 1.0, sections 2.2 (characters) and 2.11 (ends of lines).
"""

from __future__ import annotations

from publish import errors

_WITHOUT = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
_BEYOND = ("\ufffe".encode(), "\uffff".encode())


def kept(text: bytes) -> bytes:
    """Write carriage returns so that readers keep them, who make line feeds of bare ones."""
    return text.replace(b"\r", b"&#13;")


def refuse(text: bytes, offers: tuple[str, ...]) -> None:
    """Raise `NotAcceptable`, naming the formats that could be asked for, if it is not XML at all."""
    # To delete is quicker than to look, and nearly always there is nothing.
    bare = text.translate(None, _WITHOUT)
    if len(bare) < len(text) or any(one in text for one in _BEYOND):
        raise errors.NotAcceptable(
            "a value holds a control character, which XML cannot; "
            f"ask for one of {', '.join(offers)}",
            offers,
        )
