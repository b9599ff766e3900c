"""The texts of the interface in one language.

They stand in English where they are used, marked for GNU gettext. A translation is a catalogue,
the file `LANGUAGE.po` (gettext manual, "The Format of PO Files"); what it lacks stays English,
text by text. Details of errors, which programs read too, are English in every language.
"""

from __future__ import annotations

import gettext
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish import coordinates, errors

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.messages.catalog import Catalog, Message

TEXTS = Path(__file__).parent / "texts"
"""The catalogues that come with the package."""
TEMPLATE = "folkmote.pot"
"""All texts in English, with the files that have them: where a translation begins."""
SCRIPTS = ".js"
"""How the name of a file ends whose texts are needed in the browser."""
SIZES = ("%(size)s bytes", "%(size)s kB", "%(size)s MB", "%(size)s GB")
"""Numbers of bytes, each unit a thousand of the one before."""
POSITIONS = (
    ("%(latitude)s° N, %(longitude)s° E", "%(latitude)s° N, %(longitude)s° W"),
    ("%(latitude)s° S, %(longitude)s° E", "%(latitude)s° S, %(longitude)s° W"),
)
"""Points on the earth: north of the equator and south of it, each east of Greenwich and west."""
_ENGLISH = "en"
_PLACE = re.compile(r"%\((\w+)\)s")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?")
_COUNTED = 300
"""For how many numbers scripts are told the plural form.

Rules ask for small numbers and for what is left of larger ones by a hundred, so the last hundred
stands for all that follow.
"""


class Wording:
    """The texts in one language, by the first catalogue that is found for it."""

    def __init__(self, language: str, folders: Sequence[Path]) -> None:
        """Read the catalogue of a language (BCP 47), or of the language without its region.

        Raises `SettingError` where there is none, and for a text that does not fit.
        """
        self.language = language
        self._catalogue: Catalog | None = None
        self._texts = gettext.NullTranslations()
        self.mark = ""
        """Stands for the content of the catalogue."""
        found = _found(language, folders)
        if found is None and language.partition("-")[0].lower() != _ENGLISH:
            places = " or ".join(f"`{folder / language}.po`" for folder in folders)
            raise errors.SettingError(f"there are no texts in `{language}`; put them into {places}")
        if found is not None:
            self._read(found)

    def _read(self, path: Path) -> None:
        from babel.messages import mofile, pofile

        content = path.read_bytes()
        try:
            self._catalogue = pofile.read_po(io.BytesIO(content), abort_invalid=True)
            written = io.BytesIO()
            mofile.write_mo(written, self._catalogue)
            written.seek(0)
            self._texts = gettext.GNUTranslations(written)
        except (ValueError, pofile.PoFileError) as error:
            raise errors.SettingError(f"`{path}` is no catalogue of gettext: {error}") from error
        for message in self._catalogue:
            if message.id and (wrong := _misfit(message)):
                raise errors.SettingError(
                    f"`{path}`, line {message.lineno}: {wrong} does not fit its English text; "
                    "it needs the same places `%(name)s`, and each other `%` twice"
                )
        self.mark = hashlib.sha256(content).hexdigest()

    def gettext(self, text: str) -> str:
        """Give a text, with its places still open."""
        return self._texts.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Give the text that fits a number, with its places still open."""
        return self._texts.ngettext(one, many, number)

    @cached_property
    def for_scripts(self) -> Mapping[str, Any]:
        """Give what scripts need: their texts, by the English ones, and which plural form when.

        Nothing where all of it is English.
        """
        if self._catalogue is None:
            return {}
        from babel.messages import pofile

        with (TEXTS / TEMPLATE).open("rb") as file:
            wanted = {one.id for one in pofile.read_po(file) if _is_of_scripts(one)}
        texts = {
            one.id if isinstance(one.id, str) else one.id[0]: one.string
            for one in self._catalogue
            if one.id in wanted and all(_forms(one)) and not one.fuzzy
        }
        form = gettext.c2py(self._catalogue.plural_expr)
        return {"texts": texts, "forms": [form(number) for number in range(_COUNTED)]}

    @property
    def direction(self) -> str:
        """Say whether the language is written from the right: `rtl`, else `ltr`."""
        return self._locale.text_direction

    def day(self, value: str) -> str:
        """Write `2026-11-24` as people do; leave anything else as it is."""
        match = _DAY.fullmatch(value)
        if match is None:
            return value
        # A tenth of all that is loaded at the start, and not needed before the first page.
        from babel import dates

        year, month, day, zone = match.groups()
        try:
            written = dates.format_date(
                date(int(year), int(month), int(day)), "long", locale=self._locale
            )
        except ValueError:
            return value
        return f"{written} ({zone})" if zone else written

    def position(self, wkt: str) -> str:
        """Write a point as latitude and longitude; nothing for any other geometry."""
        found = coordinates.read(wkt)
        if found is None:
            return ""
        text = POSITIONS[found.latitude.startswith("-")][found.longitude.startswith("-")]
        return self.gettext(text) % {
            "latitude": found.latitude.lstrip("+-"),
            "longitude": found.longitude.lstrip("+-"),
        }

    def size(self, count: int) -> str:
        """Write a number of bytes as people do."""
        from babel import numbers

        power = min(len(SIZES) - 1, (len(str(count)) - 1) // 3)
        pattern = "0.0" if power else "0"
        size = numbers.format_decimal(count / 1000**power, pattern, locale=self._locale)
        return self.gettext(SIZES[power]) % {"size": size}

    @cached_property
    def _locale(self) -> Locale:
        """How dates and numbers are written (CLDR); as in English where that is not known."""
        from babel.core import Locale, UnknownLocaleError

        # The English of the texts is that of Britain.
        wanted = "en-GB" if self.language.lower() == _ENGLISH else self.language
        for tag in (wanted, wanted.partition("-")[0]):
            try:
                return Locale.parse(tag, sep="-")
            except (ValueError, UnknownLocaleError):
                continue
        return Locale("en", "GB")


def _found(language: str, folders: Sequence[Path]) -> Path | None:
    for name in dict.fromkeys((language, language.partition("-")[0])):
        for folder in folders:
            if (path := folder / f"{name}.po").is_file():
                return path
    return None


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _misfit(message: Message) -> str:
    """Give a text of a catalogue that could not be filled; nothing where all can."""
    english = message.id if isinstance(message.id, str) else " ".join(message.id)
    values = dict.fromkeys(_PLACE.findall(english), "")
    for text in filter(None, _forms(message)):
        try:
            text % values
        except (KeyError, TypeError, ValueError):
            return f"`{text[:60]}`"
    return ""


def _is_of_scripts(message: Message) -> bool:
    return any(place.endswith(SCRIPTS) for place, _ in message.locations)
