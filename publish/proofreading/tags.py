"""Language tags: whether one names a language, and which was meant (BCP 47, section 2.1)."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from babel import Locale

_SHAPE = re.compile(
    r"(?P<language>[a-z]{2,8})(?:-[a-z]{3}){0,3}(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<rest>(?:-[a-z0-9]{1,8})*)",
    re.IGNORECASE,
)
_USUAL = re.compile(
    "ar|bg|bn|ca|cs|da|de|el|en|es|et|eu|fa|fi|fr|ga|gl|grc|he|hi|hr|hu|hy|id|is|it|ja|ka|ko|la|lt"
    "|lv|mk|mt|nl|no|pl|pt|ro|ru|sa|sk|sl|sq|sr|sv|ta|th|tr|uk|ur|vi|yi|zh"
)
"""Tags for which nothing need be loaded."""
_LISTED = re.compile(r"https?://id\.loc\.gov/vocabulary/iso639-([125])/([^/]*)")
_PRIVATE = ("x-", "i-")
_LONGEST = 3
"""How many letters a language may have: longer ones may be registered, and none is."""


class Tags:
    """What is known of language tags, in English names where one was taken for a tag."""

    @cached_property
    def _locale(self) -> Locale:
        from babel import Locale

        return Locale("en")

    def wrong(self, tag: str) -> str:
        """Say what a tag names that is not there, and what to write; nothing, where it is right."""
        if _USUAL.fullmatch(tag):
            return ""
        match = _SHAPE.fullmatch(tag)
        if tag.lower().startswith(_PRIVATE):
            return ""
        if match is None:
            return "is no language tag (BCP 47); write one such as `@en` or `@zh-Hant`"
        language, script = match["language"].lower(), (match["script"] or "").title()
        region = (match["region"] or "").upper()
        if not self._is_language(language):
            return f"names no language (BCP 47); {self._meant(language)}"
        if short := _shorter(language):
            return f"is longer than the code that tags have (BCP 47); write `@{short}`"
        if script and script not in self._locale.scripts:
            return f"has `{script}`, which names no script (ISO 15924); mend or leave it out"
        if region and region not in self._locale.territories:
            other = _known("territory_aliases").get(region)
            hint = f"write `{other[0]}`" if other else "mend or leave it out"
            return f"has `{region}`, which names no country or region; {hint}"
        return ""

    def wrong_code(self, text: str) -> str:
        """Say what is wrong with a language that is told by its code, or by an address.

        Nothing is known of addresses but those of the Library of Congress, whose lists have the
        codes of ISO 639 in their own lengths.
        """
        if listed := _LISTED.fullmatch(text):
            length = 2 if listed[1] == "1" else _LONGEST
            if len(listed[2]) == length and (length == _LONGEST or not self.wrong(listed[2])):
                return ""
            return f"`{listed[2]}` is no code of ISO 639-{listed[1]}; correct the address"
        if ":" in text or not (wrong := self.wrong(text)):
            return ""
        return f"`{text}` {wrong.replace('`@', '`')}"

    def _is_language(self, language: str) -> bool:
        if language in self._locale.languages or language in _known("language_aliases"):
            return True
        return len(language) == _LONGEST and _iso639()(language)

    def _meant(self, language: str) -> str:
        """Guess: a name in English, or the code of a country instead of its language."""
        named = {name.casefold(): code for code, name in self._locale.languages.items()}
        if found := named.get(language):
            return f"write `@{found}`"
        spoken = _known("likely_subtags").get(f"und_{language.upper()}")
        if spoken:
            return f"`{language.upper()}` is a country; write its language, such as `@{spoken.partition('_')[0]}`"
        return "mend it"


def _shorter(language: str) -> str:
    """Give the code of two letters that stands for one of three (BCP 47, 2.2.1)."""
    if len(language) != _LONGEST:
        return ""
    other = str(_known("language_aliases").get(language, ""))
    return other if len(other) == _LONGEST - 1 else ""


def _known(
    name: Literal["language_aliases", "likely_subtags", "territory_aliases"],
) -> Mapping[str, Any]:
    """Give a table of the Common Locale Data Repository."""
    from babel.core import get_global

    return get_global(name)


def _iso639() -> Callable[[str], bool]:
    import iso639  # eight thousand languages, which take longer to load than most are to check

    def known(code: str) -> bool:
        try:
            iso639.Language.match(code)
        except iso639.LanguageNotFoundError:
            return False
        return True

    return functools.cache(known)
